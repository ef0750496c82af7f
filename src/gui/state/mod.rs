//! The state of the window: the story of each run, the answers to its questions, and what the user chose to look at.

mod choices;
pub mod compare;
mod context;
pub mod decision_map;
pub mod earlier_runs;
pub mod evaluation;
#[cfg(test)]
pub mod fixtures;
pub mod form;
pub mod health;
pub mod inside;
mod kept_runs;
pub mod landscape;
pub mod landscape_choices;
mod latest;
pub mod lesson;
mod mended;
mod need;
pub mod newest;
mod progress;
mod run;
mod saved;
pub mod session;
pub mod time;
mod undo;
pub mod watched;

pub use choices::{Choices, CurveKind, DecisionMapChoices, EvaluationChoices, SpanChoice};
pub use compare::{CompareState, ComparedRun};
pub use context::{OpeningState, ViewContext};
pub use decision_map::DecisionMapState;
pub use evaluation::EvaluationState;
pub use form::SettingsForm;
pub use health::HealthState;
pub use inside::{InsideChoices, InsideState};
pub use kept_runs::KeptRuns;
pub use landscape::LandscapeState;
pub use landscape_choices::LandscapeChoices;
pub use latest::{FollowStep, InView, Latest, LatestAnswer, LatestQuestion};
pub use lesson::LessonState;
pub use need::KnownNeed;
pub use progress::AnswerProgress;
pub use run::{RunMark, RunView, letter};
pub use saved::SavedState;
pub use session::SessionState;
pub use time::TimeState;
pub use undo::Undo;
