//! The only threads: a worker for each run, an explorer for long questions, and what passes between them and whoever
//! watches (a window, the command line, a test).
//!
//! Two lanes lead out of a worker. *News* ([`Event`]) is small, ordered and never lost; what nobody takes in time is
//! thinned. *State* ([`Frame`]) is bulky and lies in a slot that holds the latest: while a run goes on, a new frame is made
//! only when the last one was taken.

mod command;
mod cores;
mod event;
mod event_queue;
mod explorer;
pub mod frame;
mod frame_pool;
pub mod gallery;
mod goal;
mod journal_keeper;
mod lockstep;
mod need;
mod opening;
mod past;
mod question;
mod recalling;
mod replay;
mod run;
mod session_opening;
mod slot;
mod spread;
mod sweep_watcher;
mod threads;
mod transport;
mod worker;

pub use command::{Command, Speed};
pub use cores::cores;
pub use event::Event;
pub use event_queue::MOST_REPORTS;
pub use explorer::Explorer;
pub use frame::{Frame, NetworkState, Spans};
pub use gallery::Gallery;
pub use goal::Goal;
pub use journal_keeper::JournalKeeper;
pub use lockstep::{Lockstep, LockstepCommand, LockstepFrames, LockstepRun};
pub use need::{need, need_alone};
pub use opening::Opening;
pub use past::{KeptRun, PastOfRun};
pub use question::{Agreement, AgreementQuestion, CircleQuestion, Diagnosis, HealthQuestion, LayerCosines};
pub use question::{
    Answer, AnswerPart, Centre, InsideNow, InsidePart, InsideQuestion, InsideUpdate, Job, LandscapeBegun,
    LandscapePart, LandscapePoints, LandscapeQuestion, LandscapeSpec, LinePart, LineQuestion, MapCell, MapPart,
    MapQuestion, MapSpec, MomentPart, MomentQuestion, PartsQuestion, PathLosses, PointQuestion, PointSpec,
    PotentialParts, Question, QuestionKind, RecallQuestion, RecalledMoment, RecalledWeights, Same, SamplesPart,
    SamplesQuestion, SamplesSpec, SearchPart, SearchQuestion, SpikeReasons, Step, StoryEvent, StoryPart, StoryQuestion,
    Synapse, WatchedSetup, WhyQuestion,
};
pub use replay::RunReplay;
pub use run::Run;
pub use session_opening::{OpenedRun, OpenedSession, RunOpening, SessionOpening, run_of_session};
pub use spread::spread;
pub use sweep_watcher::SweepWatcher;
pub use threads::{Wake, can_start, forgo_global_pool, pool};
