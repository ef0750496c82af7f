//! Findings in words.

use crate::rule::Rule;
use crate::text::count;

use super::signs::LayerSigns;
use super::{Illness, SATURATED, VANISHING};

/// What was found at `number` neurons of a layer.
pub fn neurons(illness: Illness, layer: &LayerSigns, number: usize) -> String {
    let (index, all) = (layer.index, layer.spikes.len());
    let of = format!("Layer {index}: {number} of {all} neurons");
    match illness {
        Illness::OutputsSilent => format!("None of the {} spikes in any sample.", count(all as u64, "output")),
        Illness::Frozen => format!("{of} have a potential that never changes."),
        Illness::Dead => format!("{of} never spike and stay far from the threshold."),
        Illness::Silent => format!("{of} never spike, although they come near the threshold."),
        Illness::Saturated => format!("{of} spike in at least {:.0} % of the steps.", 100.0 * SATURATED),
        _ => format!("{of}."),
    }
}

pub fn exploding(layer: &LayerSigns) -> String {
    if layer.largest.is_finite() {
        let times = layer.largest / layer.weight;
        format!("Layer {}: the gradient has an entry that is {times:.0} times the size of its weights.", layer.index)
    } else {
        format!("Layer {}: the gradient is not a finite number.", layer.index)
    }
}

pub fn vanishing(layer: &LayerSigns, largest: f64) -> String {
    let LayerSigns { index, gradient, weight, .. } = layer;
    if *gradient == 0.0 {
        format!("Layer {index}: the gradient is exactly zero, and in another layer it is not.")
    } else if *gradient < VANISHING * largest {
        format!("Layer {index}: the gradient is {:.0e} of that of another layer.", gradient / largest)
    } else {
        format!("Layer {index}: the gradient is {:.0e} of the size of its weights.", gradient / weight)
    }
}

/// Where the loss cannot move.
pub const BLIND: &str = "The loss is not zero, and no layer has a gradient.";

pub fn flat(loss: f64, updates: usize) -> String {
    format!("The loss has stayed at {} for {}.", crate::text::value(loss), count(updates as u64, "update"))
}

pub fn labels(never: &[u32]) -> String {
    let list = never.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if let [one] = never {
        format!("Label {one} is never the answer.")
    } else {
        format!("Labels {list} are never the answer.")
    }
}

/// Why an illness matters for a rule.
pub fn why(illness: Illness, rule: Rule) -> &'static str {
    match (illness, rule) {
        (Illness::OutputsSilent, Rule::Timing) => {
            "The timing-based rule moves spikes that exist; without one it has no gradient at all, and only the \
             silent-neuron penalty can wake the outputs."
        }
        (Illness::OutputsSilent, _) => {
            "The rule can create a spike only where a potential comes near the threshold; the farther away, the slower."
        }
        (Illness::Frozen, _) => {
            "A potential that never changes gets no gradient through its weights: nothing came in on them."
        }
        (Illness::Dead | Illness::Silent, Rule::Timing) => {
            "The timing-based rule does not see a neuron that never spikes; only the silent-neuron penalty can wake it."
        }
        (Illness::Dead, _) => {
            "The surrogate derivative is next to zero this far from the threshold: no rule at hand sees these neurons, and \
             training does not bring them back."
        }
        (Illness::Silent, _) => {
            "The activation part still sees these neurons and may wake them; until then they add nothing to the layer above."
        }
        (Illness::Saturated, Rule::Timing) => {
            "Spikes that follow each other at every step have no room to move, which is all that the timing-based rule can do."
        }
        (Illness::Saturated, _) => {
            "A neuron that spikes at every step is reset at every step: its potential keeps no memory, and its gradient \
             reaches back a step or two."
        }
        (Illness::Exploding, Rule::Activation) => {
            "A single update undoes what was learnt. Surrogate derivatives multiply from layer to layer."
        }
        (Illness::Exploding, _) => {
            "A single update undoes what was learnt. Where a potential crosses the threshold slowly, 1/v′ is large."
        }
        (Illness::Vanishing, Rule::Timing) => {
            "The layer does not learn. The timing-based rule passes on a gradient only at spikes, and few reach it."
        }
        (Illness::Vanishing, _) => {
            "The layer does not learn. The surrogate derivative falls off away from the threshold, and the gradient shrinks \
             with every layer that it passes."
        }
        (Illness::LossFlat, Rule::Timing) => {
            "Either the rule has no gradient here, as with the count loss or silent outputs, or its steps change no spike."
        }
        (Illness::LossFlat, Rule::Activation) => {
            "Either the rule has no gradient here, as with the latency loss once every label neuron spikes, or its steps \
             change no spike."
        }
        (Illness::LossFlat, Rule::Antlr) => "Its steps change no spike: the loss is constant between two jumps.",
        (Illness::LabelNever, Rule::Activation) => {
            "Under the latency loss the activation-based rule learns only from samples whose label neuron is silent: it \
             cannot bring a spike forward that comes too late."
        }
        (Illness::LabelNever, _) => "Samples of this label are all answered wrongly, and their output may be silent.",
    }
}
