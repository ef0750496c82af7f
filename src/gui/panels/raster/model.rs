//! The content of the raster in words and numbers, without a screen.

use crate::engine::Frame;
use crate::engine::frame::Span;
use crate::gui::names::layer_name;
use crate::gui::state::SpanChoice;
use crate::gui::widgets::time_axis::TimeAxis;
use crate::loss::LossKind;
use crate::snn::Layer;
use crate::spike::{Edit, Raster};
use crate::text;

/// A layer as the raster shows it.
#[derive(Clone, Copy)]
pub struct RasterBand<'a> {
    /// Among `Frame::spikes`; `None` for the inputs.
    pub layer: Option<usize>,
    pub spikes: &'a Raster,
    pub output: bool,
    /// All layers of the network.
    pub layers: &'a [Layer],
}

impl RasterBand<'_> {
    /// As in "hidden 2" or "conv12k5 (1)": hidden layers are counted where there are several.
    pub fn name(&self) -> String {
        match self.layer {
            None => "input".into(),
            Some(l) => layer_name(l, l + if self.output { 1 } else { 2 }, self.layers),
        }
    }
}

/// The bands of a frame, inputs first, outputs last.
pub fn bands(frame: &Frame) -> Vec<RasterBand<'_>> {
    let layers = &frame.net.layers[..];
    let input = RasterBand { layer: None, spikes: &frame.sample().input, output: false, layers };
    let last = frame.spikes.len().saturating_sub(1);
    let band = |(l, spikes)| RasterBand { layer: Some(l), spikes, output: l == last, layers };
    std::iter::once(input).chain(frame.spikes.iter().enumerate().map(band)).collect()
}

/// The changes in the chosen span of updates.
pub fn span(choice: SpanChoice, frame: &Frame) -> &Span {
    match choice {
        SpanChoice::Last => &frame.spans.last,
        SpanChoice::Back => &frame.spans.back,
        SpanChoice::Start => &frame.spans.start,
    }
}

/// The edits of a layer; none for the inputs, which no update changes.
pub fn edits(span: &Span, layer: Option<usize>) -> &[(u32, Edit)] {
    layer.and_then(|l| span.changes.layers.get(l)).map_or(&[], |c| &c.edits)
}

/// The edits of one neuron.
pub fn edits_of(edits: &[(u32, Edit)], unit: u32) -> &[(u32, Edit)] {
    let from = edits.partition_point(|e| e.0 < unit);
    &edits[from..edits.partition_point(|e| e.0 <= unit)]
}

/// The output that should spike first, where the loss asks for one.
pub fn label(frame: &Frame) -> Option<usize> {
    (frame.settings.loss.kind == LossKind::Latency).then_some(frame.sample().target.label)
}

/// Spikes of the output `unit`: how many there are, and how many are wanted.
pub fn count(frame: &Frame, unit: u32) -> (usize, usize) {
    let of = |r: &Raster| r.units_of_events().iter().filter(|&&u| u == unit).count();
    (frame.spikes.last().map_or(0, of), of(&frame.sample().target.spikes))
}

/// A line that explains the picture.
pub fn caption(frame: &Frame) -> &'static str {
    match frame.settings.loss.kind {
        LossKind::SpikeTrain => "Each bar is a spike, rings are where output spikes should be",
        LossKind::Count => "Each bar is a spike; on the right, the number of spikes of the number wanted",
        LossKind::Latency => "Each bar is a spike, the marked output should be the first to spike",
    }
}

/// The step nearest to `step` at which `unit` spikes; of two the earlier.
pub fn nearest(spikes: &Raster, unit: u32, step: u32) -> Option<u32> {
    (0..spikes.steps().max(step as usize + 1) as u32).find_map(|away| {
        let before = step.checked_sub(away).filter(|&t| spikes.contains(t as usize, unit));
        before.or_else(|| spikes.contains((step + away) as usize, unit).then_some(step + away))
    })
}

/// The moments that a span lies between, in words.
pub fn between(span: &Span, frame: &Frame) -> String {
    format!("update {} to {}", text::whole(span.from), text::whole(frame.update))
}

/// A change in words, as in "shifted from 31 to 34 by update 121".
pub fn edit_text(edit: Edit, span: &Span, frame: &Frame, axis: &TimeAxis) -> String {
    let by = if span.from + 1 == frame.update {
        format!("by update {}", text::whole(frame.update))
    } else {
        format!("since update {}", text::whole(span.from))
    };
    let at = |step: u32| axis.number(step.into());
    match edit {
        Edit::Kept { step } => format!("spike at {}", at(step)),
        Edit::Created { .. } => format!("created {by}"),
        Edit::Removed { .. } => format!("removed {by}"),
        Edit::Shifted { from, to } => format!("shifted from {} to {} {by}", at(from), at(to)),
    }
}

/// The fate of a target, as in "target at 52, nearest spike 3 steps later".
pub fn target_text(target: u32, spikes: &Raster, unit: u32) -> String {
    let steps = |n: u32| if n == 1 { "1 step".to_owned() } else { format!("{n} steps") };
    match nearest(spikes, unit, target) {
        Some(at) if at == target => format!("target at {target}, hit"),
        Some(at) if at > target => format!("target at {target}, nearest spike {} later", steps(at - target)),
        Some(at) => format!("target at {target}, nearest spike {} earlier", steps(target - at)),
        None => format!("target at {target}, no spike"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_have_names() {
        let raster = Raster::silent(3, 5);
        let name = |layer, output| RasterBand { layer, spikes: &raster, output, layers: &[] }.name();
        assert_eq!(name(None, false), "input");
        assert_eq!([0, 1, 2].map(|l| name(Some(l), false)), ["hidden", "hidden 2", "hidden 3"]);
        assert_eq!(name(Some(0), true), "output");
    }

    #[test]
    fn the_nearest_spike_is_found() {
        let spikes = Raster::from_events(2, 60, vec![(10, 0), (20, 0), (0, 1), (59, 1)]);
        assert_eq!([0, 10, 14, 15, 16, 59].map(|t| nearest(&spikes, 0, t).unwrap()), [10, 10, 10, 10, 20, 20]);
        assert_eq!([2, 40].map(|t| nearest(&spikes, 1, t).unwrap()), [0, 59]);
        assert_eq!(nearest(&Raster::silent(2, 9), 0, 4), None);
        assert_eq!(nearest(&Raster::from_events(1, 4, vec![(1, 0)]), 0, 80), Some(1), "behind an early stop");
        assert_eq!(target_text(17, &spikes, 0), "target at 17, nearest spike 3 steps later");
        assert_eq!(target_text(11, &spikes, 0), "target at 11, nearest spike 1 step earlier");
        assert_eq!(target_text(20, &spikes, 0), "target at 20, hit");
    }

    #[test]
    fn edits_of_a_neuron_are_a_part_of_the_layers() {
        let edits = [(0, Edit::Removed { step: 1 }), (2, Edit::Created { step: 3 }), (2, Edit::Removed { step: 9 })];
        assert_eq!(edits_of(&edits, 0), &edits[..1]);
        assert_eq!(edits_of(&edits, 1), &[]);
        assert_eq!(edits_of(&edits, 2), &edits[1..]);
    }
}
