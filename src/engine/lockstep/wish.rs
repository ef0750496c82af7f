//! What runs in step begin with, what is wished of them, and what they show.

use std::sync::Arc;

use crate::engine::command::{Command, Speed};
use crate::engine::frame::Frame;
use crate::engine::past::KeptRun;
use crate::snn::Params;
use crate::task::{TargetEdit, Task};
use crate::train::Settings;

/// How one of the runs begins.
#[derive(Clone, Debug)]
pub enum LockstepRun {
    /// At update 0, on a task that was opened for its settings, with target spikes that were drawn, and with weights of a file
    /// where they do not follow from the seed.
    New { settings: Box<Settings>, task: Arc<Task>, drawn: Vec<TargetEdit>, weights: Option<Box<Params>> },
    /// As a copy of a run that a worker handed out.
    Copy(Box<KeptRun>),
}

/// A wish for all of the runs, or for one of them.
#[derive(Clone, Debug)]
pub enum LockstepCommand {
    Play,
    Pause,
    /// One update.
    Step,
    /// As fast as they go until each has made this number of updates, then pause.
    RunTo(u64),
    Speed(Speed),
    /// For run `n` alone, from 0; one that makes updates would bring it out of step.
    To(usize, Command),
}

/// The newest frame of each run; none of one that has not begun.
pub type LockstepFrames = Vec<Option<Arc<Frame>>>;
