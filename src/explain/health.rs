//! What is ill with a network, why it matters for the rule at work, and what helps.
//!
//! [`examine`] looks at the samples of a [`Setup`], mostly the batch of a run: which neurons spike, how near to the threshold
//! the others come, how large the gradient of each layer is, and whether the loss still moves. Every limit is a constant
//! below.

pub mod examples;
mod remedy;
mod signs;
mod words;

use std::collections::BTreeMap;

use crate::loss::LossKind;
use crate::named::named;
use crate::snn::Params;
use crate::spike::stats;
use crate::train::Settings;
use crate::train::evaluate::{Readout, SampleAnswer};

use super::Setup;
use super::lanes::GradientDesk;
use signs::LayerSigns;

pub use remedy::Remedy;

/// From this share of the steps on a neuron is saturated.
pub const SATURATED: f64 = 0.5;
/// Where σ(v) stays below this share of its peak, the activation part sees nothing worth the name.
pub const SEEN: f32 = 0.01;
/// A potential that varies by no more than this is frozen.
pub const FROZEN: f32 = 1e-6;
/// From this share of a layer on dead, saturated and frozen neurons are reported.
pub const MANY: f64 = 0.1;
/// From this share of a layer on neurons that are silent, but near the threshold, are reported: fewer are sparse, not ill.
pub const MOST_SILENT: f64 = 0.9;
/// A layer's gradient, root mean square, vanishes below this share of that of the layer with the largest …
pub const VANISHING: f64 = 1e-4;
/// … or below this share of the layer's weights, root mean square.
pub const VANISHED: f64 = 1e-9;
/// A layer's gradient explodes where an entry is this many times the layer's weights, root mean square.
pub const EXPLODING: f64 = 100.0;
/// So many losses have to be known before they can be said not to move …
pub const FLAT_UPDATES: usize = 100;
/// … and they vary by no more than this share of the largest.
pub const FLAT: f64 = 1e-3;
/// A label that so many samples have, or more, is expected to be answered at least once.
pub const LABEL_SAMPLES: usize = 5;

named! {
    /// What can be ill.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Illness {
        /// No output spikes in any sample: every answer is a guess, and accuracy is at chance.
        OutputsSilent => "outputs-silent", "All outputs silent";
        /// Neurons whose potential never changes: nothing comes in, or all their weights are zero.
        Frozen => "frozen", "Frozen potentials";
        /// Neurons that never spike and whose potential stays so far from the threshold that the surrogate derivative is next
        /// to zero.
        Dead => "dead", "Dead neurons";
        /// Nine in ten neurons of a layer never spike, although they come near the threshold.
        Silent => "silent", "Silent neurons";
        /// Neurons that spike in at least half of the steps: their spikes carry little information.
        Saturated => "saturated", "Saturated neurons";
        /// A gradient that is not finite, or far larger than the weights that it would change.
        Exploding => "exploding", "Exploding gradient";
        /// A layer whose gradient is next to nothing compared with that of another layer, or with its weights.
        Vanishing => "vanishing", "Vanishing gradient";
        /// The loss is not zero and has not moved for many updates, or cannot move, as no layer has a gradient.
        LossFlat => "loss-flat", "Loss does not move";
        /// A label that samples have and that is never the answer.
        LabelNever => "label-never", "Label never answered";
    }
}

/// What is examined.
#[derive(Clone, Copy, Debug)]
pub struct Patient<'a> {
    pub settings: &'a Settings,
    pub setup: &'a Setup<'a>,
    pub params: &'a Params,
    /// The losses of the last updates, the oldest first; those that are known.
    pub losses: &'a [f64],
    /// The answers of the last evaluation; without any, labels are looked for among the samples of the setup, where the loss is
    /// one of labels.
    pub answers: &'a [SampleAnswer],
}

/// Something that is ill.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub illness: Illness,
    /// The number of the layer, from 0, all layers counted, where it is one layer that is ill.
    pub layer: Option<usize>,
    /// The neurons of it, rising; of [`Illness::LabelNever`] the labels.
    pub neurons: Vec<u32>,
    /// What was found, in a sentence with its numbers.
    pub found: String,
    /// Why it matters for the rule at work, in a sentence or two.
    pub why: &'static str,
    pub remedy: Remedy,
}

/// Everything that is ill, the worst first. One pass forward and one back.
pub fn examine(patient: &Patient, desk: &mut GradientDesk) -> Vec<Finding> {
    let signs = signs::of(patient, desk);
    let mut all = Vec::new();
    let outputs_silent = signs.last().is_some_and(|output| output.spikes.iter().all(|n| *n == 0));
    if let (Some(output), true) = (signs.last(), outputs_silent) {
        all.push(patient.finding(Illness::OutputsSilent, output, (0..output.spikes.len() as u32).collect()));
    }
    for layer in &signs {
        let is_output = layer.index + 1 == patient.setup.model.net.layers.len();
        all.extend(patient.neurons(layer, is_output && outputs_silent));
    }
    let blind = desk.pass.losses.iter().sum::<f64>() > 0.0 && signs.iter().all(|layer| layer.gradient == 0.0);
    if !blind {
        all.extend(patient.gradients(&signs));
    }
    all.extend(patient.flat_loss(blind));
    all.extend(patient.labels(desk));
    all.sort_by_key(|finding| Illness::ALL.iter().position(|illness| *illness == finding.illness));
    all
}

impl Patient<'_> {
    fn finding(&self, illness: Illness, layer: &LayerSigns, neurons: Vec<u32>) -> Finding {
        self.with(illness, Some(layer.index), words::neurons(illness, layer, neurons.len()), neurons)
    }

    fn with(&self, illness: Illness, layer: Option<usize>, found: String, neurons: Vec<u32>) -> Finding {
        let (why, remedy) = (words::why(illness, self.setup.rule.rule), Remedy::of(illness, self.settings));
        Finding { illness, layer, neurons, found, why, remedy }
    }

    /// Neurons that are ill by themselves. Of `known` ones it was already said that they are silent.
    fn neurons(&self, layer: &LayerSigns, known: bool) -> Vec<Finding> {
        let of = |is: &dyn Fn(usize) -> bool| -> Vec<u32> {
            (0..layer.spikes.len()).filter(|&n| is(n)).map(|n| n as u32).collect()
        };
        let never = |n: usize| layer.spikes[n] == 0;
        let frozen = |n: usize| layer.spread[n] <= FROZEN;
        let dead = |n: usize| never(n) && !frozen(n) && layer.seen[n] < SEEN;
        let silent = |n: usize| never(n) && !frozen(n) && !dead(n) && !known;
        let saturated = |n: usize| f64::from(layer.spikes[n]) >= SATURATED * layer.steps.max(1) as f64;
        let kinds: [(Illness, Vec<u32>, f64); 4] = [
            (Illness::Frozen, of(&frozen), MANY),
            (Illness::Dead, of(&dead), MANY),
            (Illness::Silent, of(&silent), MOST_SILENT),
            (Illness::Saturated, of(&saturated), MANY),
        ];
        let enough = |neurons: &[u32], share: f64| {
            !neurons.is_empty() && neurons.len() as f64 >= share * layer.spikes.len() as f64
        };
        let ill = kinds.into_iter().filter(|(_, neurons, share)| enough(neurons, *share));
        ill.map(|(illness, neurons, _)| self.finding(illness, layer, neurons)).collect()
    }

    fn gradients(&self, signs: &[LayerSigns]) -> Vec<Finding> {
        let largest = signs.iter().map(|layer| layer.gradient).fold(0.0, f64::max);
        let one = |layer: &LayerSigns| {
            let explodes = !layer.largest.is_finite() || layer.largest > EXPLODING * layer.weight;
            // where there is no weight there is nothing to compare with
            if explodes && layer.weight > 0.0 {
                let found = words::exploding(layer);
                return Some(self.with(Illness::Exploding, Some(layer.index), found, Vec::new()));
            }
            // without a gradient anywhere the loss is zero, and all is well
            let vanishes = largest > 0.0 && layer.gradient < (VANISHING * largest).max(VANISHED * layer.weight);
            vanishes.then(|| {
                let found = words::vanishing(layer, largest);
                self.with(Illness::Vanishing, Some(layer.index), found, Vec::new())
            })
        };
        signs.iter().filter_map(one).collect()
    }

    /// Where the rule is `blind` no layer has a gradient.
    fn flat_loss(&self, blind: bool) -> Option<Finding> {
        if blind {
            return Some(self.with(Illness::LossFlat, None, words::BLIND.to_owned(), Vec::new()));
        }
        let last = &self.losses[self.losses.len().checked_sub(FLAT_UPDATES)?..];
        let [least, most] =
            [last.iter().copied().fold(f64::INFINITY, f64::min), last.iter().copied().fold(0.0, f64::max)];
        let flat = most > 0.0 && most - least <= FLAT * most;
        flat.then(|| self.with(Illness::LossFlat, None, words::flat(most, last.len()), Vec::new()))
    }

    fn labels(&self, desk: &GradientDesk) -> Option<Finding> {
        let readout = Readout::of(self.setup.loss);
        let told = |answer: &SampleAnswer| match readout {
            Readout::First => (answer.label, answer.by_first),
            Readout::Count => (answer.label, answer.by_count),
        };
        let own = self.setup.loss.kind == LossKind::Latency && self.answers.is_empty();
        let seen = desk.pass.traces().iter().zip(self.setup.samples).filter(|_| own).map(|(trace, sample)| {
            (sample.target.label as u32, stats::class_by_first_spike(trace.output()).map(|class| class as u32))
        });
        let mut labels: BTreeMap<u32, (usize, bool)> = BTreeMap::new();
        for (label, given) in self.answers.iter().map(told).chain(seen) {
            labels.entry(label).or_default().0 += 1;
            if let Some(given) = given {
                labels.entry(given).or_default().1 = true;
            }
        }
        let never: Vec<u32> =
            labels.iter().filter(|(_, (n, given))| *n >= LABEL_SAMPLES && !given).map(|(label, _)| *label).collect();
        (!never.is_empty()).then(|| self.with(Illness::LabelNever, None, words::labels(&never), never))
    }
}

#[cfg(test)]
mod tests;
