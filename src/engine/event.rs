//! The reports of a run.

use std::sync::Arc;

use super::goal::Goal;
use super::past::{KeptRun, PastOfRun};
use crate::record::{Checkpoint, Curves, Log};
use crate::train::settings::LiveChange;
use crate::train::{EpochReport, Halt, Reports, Settings};

/// News of a run, in the order in which it happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A run begins, at update 0 unless it goes on from a checkpoint. `start` counts the starts, from 1.
    Started {
        start: u32,
        settings: Arc<Settings>,
        update: u64,
        /// Epochs that it had before.
        epochs: Arc<Vec<EpochReport>>,
        /// The run whose past it shares, where it goes on from a moment of one: the number of its start.
        parent: Option<u32>,
    },
    /// A run that was left is gone on with.
    Switched(u32),
    /// A run that was left was given up: there is no memory for so many.
    GivenUp(u32),
    Playing(bool),
    /// Consecutive updates that were made.
    Reports(Reports),
    /// The same of more updates than anyone took in time: their scalars, thinned.
    Thinned(Box<Curves>),
    /// Settings were changed once `update` updates were made: those that were asked for and differ from before.
    Changed {
        update: u64,
        changes: Vec<LiveChange>,
    },
    /// These changes were asked for and cannot be; a sentence says why. The settings stay as they are.
    NotChanged {
        changes: Vec<LiveChange>,
        problem: String,
    },
    /// Target spikes were drawn once `update` updates were made.
    Drawn {
        update: u64,
        edits: usize,
    },
    /// Validation samples answered so far, and all of them.
    Validating(usize, usize),
    /// An epoch has ended; whether it is the best so far.
    Epoch(EpochReport, bool),
    /// The run stopped; the state before is kept.
    Halted(Halt),
    /// A command cannot be carried out; a sentence says why. The run goes on.
    Refused(String),
    Log(Box<Log>),
    Checkpoint(Box<Checkpoint>),
    /// For a [`MomentQuestion`](super::MomentQuestion) or a [`RecallQuestion`](super::RecallQuestion).
    Past(Arc<PastOfRun>),
    /// The run paused because it has come to a goal.
    Reached(Goal),
    /// All runs, each with the end of its log.
    Runs(Arc<Vec<KeptRun>>),
    /// The runs that there were have given place to others.
    TakenOver,
    /// There is one more run that can be gone back to.
    Adopted(u32),
    /// A copy of a run that was asked for, so that another worker can go on with it.
    Handed(Box<KeptRun>),
}
