//! Facts about the watched sample that raster and potential share.

use super::Choices;
use crate::engine::Frame;
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

/// The target spikes, where it matters when they come.
pub fn rings(frame: &Frame) -> Option<&Raster> {
    (frame.settings.loss.kind == LossKind::SpikeTrain).then_some(&frame.sample().target.spikes)
}

/// Whether the loss is one of counts.
pub fn counts(frame: &Frame) -> bool {
    frame.settings.loss.kind == LossKind::Count
}
