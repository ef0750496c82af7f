//! What a run says of every update: small, ordered, never lost.

use crate::rule::Rule;
use crate::spike::Tally;

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
