//! Facts about the watched sample that raster and potential share.

use std::sync::Arc;

use super::Choices;
use crate::engine::{Frame, Synapse};
use crate::explain::line::NeuronAt;
use crate::loss::LossKind;
use crate::spike::Raster;

/// The chosen neuron, if this network has it: after a restart it may not.
pub fn picked(choices: &Choices, frame: &Frame) -> Option<(usize, usize)> {
    choices.neuron.filter(|&(layer, unit)| frame.spikes.get(layer).is_some_and(|s| unit < s.units()))
}

/// The neuron whose potential is shown: the one picked, or else the first output.
pub fn watched(choices: &Choices, frame: &Frame) -> (usize, usize) {
    picked(choices, frame).unwrap_or((frame.spikes.len() - 1, 0))
}

/// The same for explanations, which are of layers with weights: a unit of pooling or flattening has the first output in its
/// place.
pub fn neuron(choices: &Choices, frame: &Frame) -> NeuronAt {
    let picked = picked(choices, frame).filter(|&(layer, _)| frame.net.layers[layer].has_weights());
    let (layer, unit) = picked.unwrap_or((frame.spikes.len() - 1, 0));
    NeuronAt { layer, unit: unit as u32 }
}

/// The weight that is turned: the one picked, if this network has it, or else the largest into the neuron that is watched of
/// those on which something comes in.
pub fn synapse(choices: &Choices, frame: &Arc<Frame>) -> Option<Synapse> {
    let picked = choices
        .inside
        .synapse
        .map(|(layer, unit, input)| Synapse { neuron: NeuronAt { layer, unit: unit as u32 }, input });
    picked.filter(|synapse| synapse.place(frame).is_some()).or_else(|| largest(neuron(choices, frame), frame))
}

fn largest(neuron: NeuronAt, frame: &Arc<Frame>) -> Option<Synapse> {
    let to = |input: usize| Synapse { neuron, input: Some(input as u32) };
    let size = |input: &usize| to(*input).place(frame).map_or(-1.0, |place| frame.params.0[place].abs());
    let mut comes = vec![false; frame.net.layers[neuron.layer].inputs];
    frame.below(neuron.layer).iter().for_each(|(_, input)| comes[input as usize] = true);
    // where nothing comes in at all, one of them
    let any = comes.contains(&true);
    let inputs = (0..comes.len()).filter(|input| comes[*input] || !any);
    inputs.max_by(|a, b| size(a).total_cmp(&size(b))).map(to).filter(|synapse| synapse.place(frame).is_some())
}

/// The target spikes, where it matters when they come.
pub fn rings(frame: &Frame) -> Option<&Raster> {
    (frame.settings.loss.kind == LossKind::SpikeTrain).then_some(&frame.sample().target.spikes)
}

/// Whether the loss is one of counts.
pub fn counts(frame: &Frame) -> bool {
    frame.settings.loss.kind == LossKind::Count
}
