//! The past of a run as its worker hands it out: enough to make the frame of any of its moments again, without the worker.

use std::sync::Arc;

use crate::record::RunPast;
use crate::snn::Params;
use crate::spike::Raster;
use crate::train::Moment;

/// The past of a run until the update at which it was asked for.
#[derive(Clone, Debug)]
pub struct PastOfRun {
    /// The run, by the number of its start.
    pub start: u32,
    pub run: RunPast,
    /// Where "since the start" begins, and with which spikes: at the start, and wherever another sample was chosen to be
    /// watched.
    pub firsts: Firsts,
    /// See [`Frame::path`](super::Frame::path).
    pub path: Arc<Vec<(u64, Arc<Params>)>>,
    pub history_bytes: usize,
}

impl PartialEq for PastOfRun {
    /// Of one run there is one past until an update.
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.run.newest()) == (other.start, other.run.newest())
    }
}

/// Spikes of the watched sample with which "since the start" begins, by update.
#[derive(Clone, Debug, Default)]
pub struct Firsts(Vec<(u64, Arc<Vec<Raster>>)>);

impl Firsts {
    /// From `update` on it begins with these.
    pub fn push(&mut self, update: u64, spikes: Vec<Raster>) {
        self.0.retain(|(u, _)| *u < update);
        self.0.push((update, Arc::new(spikes)));
    }

    /// Forgets what came after `update`.
    pub fn truncate(&mut self, update: u64) {
        self.0.retain(|(u, _)| *u <= update);
    }

    /// Where it begins for the moment after `update` updates.
    pub fn at(&self, update: u64) -> (u64, &[Raster]) {
        let next = self.0.partition_point(|(u, _)| *u <= update);
        let first = self.0.get(next.saturating_sub(1));
        first.map_or((update, &[]), |(u, spikes)| (*u, &spikes[..]))
    }
}

/// A run that was left for another one, with all that going on with it needs.
#[derive(Clone, Debug)]
pub struct KeptRun {
    pub start: u32,
    /// Where it was left.
    pub moment: Moment,
    pub log: crate::record::Log,
    pub history: crate::record::History,
    pub firsts: Firsts,
}

impl PartialEq for KeptRun {
    /// Of one run there is one state after an update.
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.moment.update) == (other.start, other.moment.update)
    }
}
