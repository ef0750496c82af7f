//! The user's wishes for a run.

use std::sync::Arc;

use super::goal::Goal;
use super::past::KeptRun;
use crate::record::Checkpoint;
use crate::snn::Params;
use crate::task::{TargetEdit, Task};
use crate::train::settings::LiveChange;
use crate::train::{Moment, Settings};

/// A wish of the user; a worker fulfils them in the order in which they come.
#[derive(Clone, Debug)]
pub enum Command {
    Play,
    Pause,
    /// This many updates as fast as they go, then pause.
    Advance(u64),
    /// Plays as fast as it goes until the goal is reached, then pauses; answered by
    /// [`Event::Reached`](super::Event::Reached).
    Until(Goal),
    Speed(Speed),
    /// Bytes that the pasts of all runs may take together.
    HistoryBudget(usize),
    /// Changes settings under way. Answered by one [`Event::Changed`](super::Event::Changed) or
    /// [`Event::NotChanged`](super::Event::NotChanged).
    Set(Vec<LiveChange>),
    /// A new run from update 0, on a task that was opened for its settings. Targets that were drawn stay drawn where it
    /// is the same task.
    Restart(Box<Settings>, Arc<Task>),
    /// Goes on from a checkpoint, on a task that was opened for its settings.
    Resume(Box<Checkpoint>, Arc<Task>),
    /// A new run of the present settings from these weights.
    Weights(Box<Params>),
    /// Target spikes that were drawn, in this order.
    Draw(Vec<TargetEdit>),
    /// How many updates back the middle span of [`Spans`](super::Spans) reaches.
    LookBack(u64),
    /// Asks for the log as it stands; answered by [`Event::Log`](super::Event::Log).
    Log,
    /// Asks for everything that continuing needs; answered by [`Event::Checkpoint`](super::Event::Checkpoint).
    Checkpoint,
    /// Asks for the past of the run, from which each of its moments can be replayed; answered by
    /// [`Event::Past`](super::Event::Past).
    Past,
    /// Goes on from a moment of the run's past, paused; the run as it was until now is kept. Answered by
    /// [`Event::Started`](super::Event::Started).
    Fork(Box<Moment>),
    /// Goes back to a run that was left, by the number of its start, paused; the run until now is kept. With the number 0
    /// it is kept only, and a run that nobody looks at is at work. Answered by
    /// [`Event::Switched`](super::Event::Switched).
    Switch(u32),
    /// Asks for a copy of a run with its past, the one at work or one that was left, by the number of its start; answered by
    /// [`Event::Handed`](super::Event::Handed).
    Hand(u32),
    /// Goes on, paused, with a run that another worker handed out; the run until now is kept. Answered by
    /// [`Event::Started`](super::Event::Started).
    GoOnWith(Box<KeptRun>),
    /// Asks for all runs as they are now; answered by [`Event::Runs`](super::Event::Runs).
    Runs,
    /// Puts these runs in the place of all that there are; `current` is at work then, paused. Answered by
    /// [`Event::TakenOver`](super::Event::TakenOver).
    TakeOver {
        runs: Vec<KeptRun>,
        current: u32,
        /// The highest number that a run has.
        starts: u32,
    },
    /// One more run that can be gone back to; one with the number 0 is given the next. Answered by [`Event::Adopted`](super::Event::Adopted).
    Adopt(Box<KeptRun>),
}

/// How fast a run runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// Updates per second.
    PerSecond(f64),
    Unlimited,
}
