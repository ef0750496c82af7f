//! The user's wishes for a run.

use std::sync::Arc;

use crate::record::Checkpoint;
use crate::snn::Params;
use crate::task::{TargetEdit, Task};
use crate::train::Settings;
use crate::train::settings::LiveChange;

/// A wish of the user; a worker fulfils them in the order in which they come.
#[derive(Clone, Debug)]
pub enum Command {
    Play,
    Pause,
    /// This many updates as fast as they go, then pause.
    Advance(u64),
    Speed(Speed),
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
    /// Asks for what the weights after this many updates, at most those made, can be replayed from; answered by
    /// [`Event::Past`](super::Event::Past).
    Recall(u64),
}

/// How fast a run runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// Updates per second.
    PerSecond(f64),
    Unlimited,
}
