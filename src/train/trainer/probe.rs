//! The watched sample, and what each update did to its spikes.

use std::sync::Arc;

use crate::snn::{Network, Params, Trace};
use crate::spike::changes::ChangeCounter;
use crate::spike::reserve::Reserve;
use crate::spike::{Raster, Sample, ShiftCost, Tally};
use crate::task::{Split, Task};
use crate::train::pass::{BatchPass, Model};
use crate::train::report::LayerReport;
use crate::train::settings::Settings;

/// The watched sample and its forward pass.
#[derive(Debug)]
pub struct Probe {
    pub sample: Arc<Sample>,
    /// Its number within the batch, where all training samples are a single batch and it is one of them: that batch is run
    /// after every update anyway.
    in_batch: Option<usize>,
    /// Its own pass, where it is not.
    pass: BatchPass,
}

impl Probe {
    /// Reads the sample that the settings name. `whole` says whether all training samples are a single batch.
    ///
    /// # Errors
    /// When there is no such sample, or it cannot be read; a sentence says so.
    pub fn read(task: &Task, settings: &Settings, whole: bool) -> Result<Self, String> {
        let sample = Arc::new(read_sample(task, settings)?);
        Ok(Self { sample, in_batch: number_in_batch(settings, whole), pass: BatchPass::default() })
    }

    /// Takes on settings that may name another sample.
    ///
    /// # Errors
    /// As [`Probe::read`]; then nothing has changed.
    pub fn set(&mut self, task: &Task, old: &Settings, new: &Settings, whole: bool) -> Result<(), String> {
        if watched(new) != watched(old) {
            self.sample = Arc::new(read_sample(task, new)?);
        }
        self.in_batch = number_in_batch(new, whole);
        Ok(())
    }

    /// Runs the sample forward, unless the batch, whose pass is `batch`, has run it already.
    pub fn look(&mut self, model: Model, params: &Params, settings: &Settings, batch: &BatchPass) {
        if self.in_batch.is_none() {
            self.pass.reserve_like(batch);
            let sample = std::slice::from_ref(&*self.sample);
            self.pass.forward(model, params, sample, &settings.loss, settings.task.steps);
        }
    }

    /// Its spikes in every layer.
    pub fn trace<'a>(&'a self, batch: &'a BatchPass) -> &'a Trace {
        self.in_batch.map_or_else(|| &self.pass.traces()[0], |number| &batch.traces()[number])
    }

    /// Steps of it that count.
    pub fn steps(&self, batch: &BatchPass) -> usize {
        if self.in_batch.is_some() { batch.steps } else { self.pass.steps }
    }
}

/// The split and number of the watched sample.
pub fn watched(settings: &Settings) -> (Split, usize) {
    (settings.run.probe_part, settings.run.probe)
}

fn number_in_batch(settings: &Settings, whole: bool) -> Option<usize> {
    (whole && settings.run.probe_part == Split::Train).then_some(settings.run.probe)
}

fn read_sample(task: &Task, settings: &Settings) -> Result<Sample, String> {
    let (part, probe) = watched(settings);
    let number = task.len(part);
    if probe >= number {
        let last = number.saturating_sub(1);
        return Err(format!(
            "run.probe is {probe}, but there are {number} samples ({}), counted from 0: choose one up to {last}.",
            part.key()
        ));
    }
    task.sample(part, probe)
}

/// The change of the watched sample's spikes by the last update.
#[derive(Debug)]
pub struct ProbeChanges {
    /// Its spikes in every layer before the last update.
    before: Vec<Raster>,
    /// The number of updates made when `before` was current.
    update: u64,
    cost: ShiftCost,
    counter: ChangeCounter,
    layers: Vec<LayerReport>,
}

impl ProbeChanges {
    /// Nothing has changed yet.
    pub fn new(net: &Network, cost: ShiftCost) -> Self {
        Self {
            before: net.layers.iter().map(|l| Raster::new(l.outputs)).collect(),
            update: 0,
            cost,
            counter: ChangeCounter::default(),
            layers: vec![LayerReport::default(); net.layers.len()],
        }
    }

    /// The cost of moving a spike by a step, for the comparisons from now on.
    pub fn set_cost(&mut self, cost: ShiftCost) {
        self.cost = cost;
    }

    /// Keeps the spikes after `update` updates, to compare later ones with.
    pub fn remember(&mut self, trace: &Trace, update: u64) {
        self.update = update;
        for (kept, layer) in self.before.iter_mut().zip(&trace.layers) {
            kept.reserve_like(&layer.spikes);
            kept.copy_from(&layer.spikes);
        }
    }

    /// Remembers again what was remembered before, and gives what is remembered now for it.
    pub fn take_back(&mut self, update: u64, spikes: &mut Vec<Raster>) {
        self.update = update;
        std::mem::swap(&mut self.before, spikes);
    }

    /// Compares the spikes as they are now with those remembered, layer by layer. Returns the sum over the layers.
    pub fn count(&mut self, net: &Network, trace: &Trace) -> Tally {
        let mut total = Tally::default();
        let layers = net.layers.iter().zip(&self.before).zip(&trace.layers);
        for (report, ((layer, before), after)) in self.layers.iter_mut().zip(layers) {
            if !layer.has_weights() {
                // its spikes are those of a layer below, where they were counted
                report.spikes = before.len() as u32;
                continue;
            }
            let changes = self.counter.count(before, &after.spikes, self.cost);
            *report = LayerReport { spikes: before.len() as u32, changes };
            total += changes;
        }
        total
    }

    /// Victor–Purpura distance of the remembered output from a target.
    pub fn distance_from(&mut self, target: &Raster) -> f64 {
        let output = &self.before[self.before.len() - 1];
        self.counter.count(output, target, self.cost).distance(self.cost)
    }

    /// The remembered spikes, and the number of updates made when they were current.
    pub fn before(&self) -> (u64, &[Raster]) {
        (self.update, &self.before)
    }

    /// The last count of every layer.
    pub fn layers(&self) -> &[LayerReport] {
        &self.layers
    }
}
