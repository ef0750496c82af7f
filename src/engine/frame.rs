//! A frame: everything that views draw of one moment of a run.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::landscape::Moments;
use crate::loss::LossSettings;
use crate::snn::{Network, NeuronSettings, Params};
use crate::spike::{Changes, Raster, Sample};
use crate::task::Task;
use crate::train::{Settings, Trainer};

/// One moment of a run. Views draw *a* frame, never "the" frame.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Which start of the run this belongs to: rises with every restart.
    pub start: u32,
    pub update: u64,
    pub settings: Arc<Settings>,
    pub net: Arc<Network>,
    pub task: Arc<Task>,
    pub params: Arc<Params>,
    /// The batch's loss: at this moment where the whole task is one batch, else that of the last batch before its update.
    pub loss: f64,
    /// The samples whose loss that is.
    pub batch: Arc<Vec<Sample>>,
    /// The sample that is watched.
    pub sample: Arc<Sample>,
    /// Updates of an epoch.
    pub batches: u64,
    /// Steps of the watched sample that counted: T, or fewer where the latency loss stopped early.
    pub steps: usize,
    /// The probe's spikes at this moment, from the first hidden layer to the output.
    pub spikes: Vec<Raster>,
    pub spans: Spans,
    /// The run's path so far: parameters at its key moments.
    pub path: Moments,
    /// Bytes that the history holds.
    pub history_bytes: usize,
    /// Seconds that its worker has spent on updates; 0 of a moment that was replayed.
    pub seconds: f64,
}

/// Changes of the probe's spikes up to this moment, over three spans.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    pub last: Span,
    pub back: Span,
    pub start: Span,
}

/// The changes since an earlier update.
#[derive(Clone, Debug, Default)]
pub struct Span {
    pub from: u64,
    pub changes: Changes,
}

/// Everything that the answers of a network to given samples depend on: of two that are equal they are the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetworkState {
    pub start: u32,
    pub update: u64,
    pub loss: LossSettings,
    pub neuron: NeuronSettings,
}

impl Frame {
    /// The probe sample's input and target.
    pub fn sample(&self) -> &Sample {
        &self.sample
    }

    /// The moments of the run's path that are remembered, this one the last.
    pub fn moments(&self) -> Moments {
        let past = self.path.iter().filter(|(update, _)| *update < self.update).cloned();
        Arc::new(past.chain([(self.update, Arc::clone(&self.params))]).collect())
    }

    /// Whose answers to given samples are looked at.
    pub fn network_state(&self) -> NetworkState {
        let Self { start, update, settings, .. } = self;
        NetworkState { start: *start, update: *update, loss: settings.loss, neuron: settings.neuron }
    }

    /// The spikes that layer `layer` receives.
    pub fn below(&self, layer: usize) -> &Raster {
        if layer == 0 { &self.sample().input } else { &self.spikes[layer - 1] }
    }
}

/// The probe's spikes of the last updates, within a budget.
#[derive(Debug, Default)]
pub struct Recent {
    rasters: VecDeque<(u64, Vec<Raster>)>,
}

/// How far back the last updates are remembered.
pub const MOST_RECENT: usize = 1001;
/// Bytes that they may take.
pub const RECENT_BYTES: usize = 32 << 20;

impl Recent {
    pub fn clear(&mut self) {
        self.rasters.clear();
    }

    /// Keeps the spikes as they are now, in the memory of the oldest that are given up.
    pub fn push(&mut self, trainer: &Trainer) {
        let mut kept = Vec::new();
        let bytes = |r: &Raster| 4 * (r.len() + r.steps()) + size_of::<Raster>();
        let most = (RECENT_BYTES / trainer.spikes().map(bytes).sum::<usize>().max(1)).clamp(2, MOST_RECENT);
        while self.rasters.len() >= most {
            kept = self.rasters.pop_front().expect("there is one").1;
        }
        if kept.is_empty() {
            kept = trainer.spikes().cloned().collect();
        } else {
            kept.iter_mut().zip(trainer.spikes()).for_each(|(k, s)| k.copy_from(s));
        }
        self.rasters.push_back((trainer.update(), kept));
    }

    /// The spikes `back` updates before the newest, or the oldest that are remembered.
    pub fn back(&self, back: u64) -> Option<(u64, &[Raster])> {
        let newest = self.rasters.back()?.0;
        let at = self.rasters.partition_point(|(u, _)| u + back < newest);
        self.rasters.get(at).map(|(u, r)| (*u, &r[..]))
    }
}
