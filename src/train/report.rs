//! What a run says of every update: small, ordered, never lost.

use crate::rule::Rule;
use crate::spike::Tally;

use super::evaluate::{Evaluation, Readout};

/// One update. Counts are of the probe sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepReport {
    /// The number of this update, from 1.
    pub update: u64,
    /// The batch's loss before it.
    pub loss: f64,
    pub rule: Rule,
    pub learning_rate: f64,
    /// Victor–Purpura distance of the output spikes from the target, before it.
    pub target_distance: f64,
    /// What it changed in all layers together.
    pub changes: Tally,
}

/// One layer in one update.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LayerReport {
    /// Spikes before the update.
    pub spikes: u32,
    pub changes: Tally,
}

/// One epoch: every training sample was taken once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochReport {
    /// From 1.
    pub epoch: u64,
    /// Updates made by its end.
    pub update: u64,
    /// Mean of its batches' losses, each before its update.
    pub train_loss: f64,
    /// What validation says at its end; none where there are no samples for it.
    pub valid: Option<Validation>,
}

/// An evaluation in a few numbers; those of spikes are means of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Validation {
    pub samples: usize,
    pub loss: f64,
    pub accuracy_first: f64,
    pub accuracy_count: f64,
    pub unanswered: usize,
    /// Spikes of all neurons.
    pub spikes: f64,
    /// Of these, those up to the first output spike.
    pub necessary: f64,
    /// Step of the first output spike.
    pub first_step: f64,
}

impl Validation {
    pub fn of(evaluation: &Evaluation) -> Self {
        Self {
            samples: evaluation.answers.len(),
            loss: evaluation.loss(),
            accuracy_first: evaluation.accuracy(Readout::First),
            accuracy_count: evaluation.accuracy(Readout::Count),
            unanswered: evaluation.unanswered(),
            spikes: evaluation.spikes(),
            necessary: evaluation.necessary(),
            first_step: evaluation.first_step().0,
        }
    }

    /// The accuracy by a readout.
    pub fn accuracy(&self, readout: Readout) -> f64 {
        match readout {
            Readout::First => self.accuracy_first,
            Readout::Count => self.accuracy_count,
        }
    }
}

/// Reports of consecutive updates, collected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reports {
    pub steps: Vec<StepReport>,
    /// `[update][layer]`
    layers: Vec<LayerReport>,
}

impl Reports {
    pub fn push(&mut self, step: StepReport, layers: &[LayerReport]) {
        self.steps.push(step);
        self.layers.extend_from_slice(layers);
    }

    /// Adds those of the updates that follow, of the same run.
    pub fn append(&mut self, mut next: Self) {
        self.steps.append(&mut next.steps);
        self.layers.append(&mut next.layers);
    }

    /// Updates.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    pub fn clear(&mut self) {
        self.steps.clear();
        self.layers.clear();
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Every update with its layers, from the first hidden one to the output.
    pub fn iter(&self) -> impl Iterator<Item = (&StepReport, &[LayerReport])> {
        let layers = self.layers.len() / self.steps.len().max(1);
        self.steps.iter().enumerate().map(move |(n, step)| (step, &self.layers[n * layers..][..layers]))
    }
}
