//! Layers as images, in numbers: which layers have a height and a width, and what each of their positions did.

use std::ops::Range;

use crate::engine::Frame;
use crate::spike::{Raster, Shape};
use crate::task::TaskKind;

/// A layer that has a height and a width.
#[derive(Clone)]
pub struct LayerSheet<'a> {
    /// As in "conv12k5".
    pub name: String,
    pub spikes: &'a Raster,
    /// Channels, and the sizes of the first and of the second axis of each.
    pub dims: [usize; 3],
    /// The first axis is x and the second y, as in recordings; otherwise it is the other way round.
    pub x_first: bool,
    /// Its channels are the polarities of a recording.
    pub polarities: bool,
}

impl LayerSheet<'_> {
    /// Width and height of a channel.
    pub fn size(&self) -> [usize; 2] {
        let [_, first, second] = self.dims;
        if self.x_first { [first, second] } else { [second, first] }
    }

    /// The unit of a channel at a place, x to the right and y down.
    pub fn unit(&self, channel: usize, x: usize, y: usize) -> usize {
        let [_, first, second] = self.dims;
        let (i, j) = if self.x_first { (x, y) } else { (y, x) };
        (channel * first + i) * second + j
    }

    /// The title of a channel.
    pub fn title(&self, channel: usize) -> String {
        match (self.polarities, channel) {
            (true, 0) => "darker".to_owned(),
            (true, 1) => "brighter".to_owned(),
            _ => format!("channel {channel}"),
        }
    }

    /// The name of a channel.
    pub fn channel(&self, channel: usize) -> String {
        format!("{}, channel {channel}", self.name)
    }
}

/// Input and layers that are images, from below.
pub fn sheets(frame: &Frame) -> Vec<LayerSheet<'_>> {
    let task = &frame.task.settings;
    let x_first = task.kind == TaskKind::Nmnist;
    let image = |shape: Shape, name: String, spikes| match shape {
        Shape::Grid(dims) => Some(LayerSheet { name, spikes, dims, x_first, polarities: false }),
        Shape::Flat(_) => None,
    };
    let input = image(task.inputs, "input".into(), &frame.sample.input);
    let input = input.map(|sheet| LayerSheet { polarities: x_first, ..sheet });
    let layers = frame.net.layers.iter().zip(&frame.spikes);
    let layers = layers.filter_map(|(layer, spikes)| image(layer.to, layer.kind.to_string(), spikes));
    input.into_iter().chain(layers).collect()
}

/// The largest size of the images, in points a position of the input, at which all layers fit into the room; the least
/// that can be read if none does. Every channel of every layer takes as much as one of the input; `place` says how much
/// that is.
pub fn fitting(sheets: &[LayerSheet], room: egui::Vec2, place: impl Fn([usize; 2], f32) -> egui::Vec2) -> f32 {
    const SIZES: [f32; 10] = [10.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.5, 3.0, 2.5, 2.0];
    /// Of a layer's name.
    const HEAD: f32 = 24.0;
    let fits = |zoom: f32| {
        let height = |sheet: &LayerSheet| {
            let cell = place(sheets[0].size(), zoom);
            let columns = ((room.x / cell.x) as usize).max(1);
            HEAD + cell.y * sheet.dims[0].div_ceil(columns) as f32
        };
        sheets.iter().map(height).sum::<f32>() <= room.y
    };
    SIZES.into_iter().find(|zoom| fits(*zoom)).unwrap_or(SIZES[SIZES.len() - 1])
}

/// For every unit its spikes in these steps, or the sum of what a pooling layer passed on.
pub fn sums(spikes: &Raster, steps: Range<usize>) -> Vec<f32> {
    let mut sums = vec![0.0; spikes.units()];
    for step in steps.start..steps.end.min(spikes.steps()) {
        for (unit, value) in spikes.weighted(step) {
            sums[unit as usize] += value;
        }
    }
    sums
}

/// The most that any unit does in any `window` steps, so that colours stand for the same while it moves.
pub fn most(spikes: &Raster, window: usize) -> f32 {
    let (mut sums, mut most) = (vec![0.0f32; spikes.units()], 0.0f32);
    for step in 0..spikes.steps() {
        if let Some(gone) = step.checked_sub(window.max(1)) {
            spikes.weighted(gone).for_each(|(unit, value)| sums[unit as usize] -= value);
        }
        for (unit, value) in spikes.weighted(step) {
            sums[unit as usize] += value;
            most = most.max(sums[unit as usize]);
        }
    }
    most
}

/// The step of the first spike of every unit in these steps.
pub fn firsts(spikes: &Raster, steps: Range<usize>) -> Vec<Option<u32>> {
    let mut firsts = vec![None; spikes.units()];
    for step in steps.start..steps.end.min(spikes.steps()) {
        for &unit in spikes.at(step) {
            firsts[unit as usize].get_or_insert(step as u32);
        }
    }
    firsts
}

/// The steps that a window in steps with fractions covers.
pub fn steps(window: Option<(f64, f64)>, all: usize) -> Range<usize> {
    let Some((from, to)) = window else { return 0..all };
    let first = (from.round() as usize).min(all.saturating_sub(1));
    first..(first + ((to - from).round() as usize).max(1)).min(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_are_summed_over_a_window() {
        let spikes = Raster::from_events(3, 6, vec![(0, 1), (1, 1), (2, 0), (4, 1), (5, 2)]);
        assert_eq!(sums(&spikes, 0..6), [1.0, 3.0, 1.0]);
        assert_eq!(sums(&spikes, 1..5), [1.0, 2.0, 0.0]);
        assert_eq!(sums(&spikes, 5..99), [0.0, 0.0, 1.0]);
        assert_eq!([1, 2, 4, 5, 6].map(|window| most(&spikes, window)), [1.0, 2.0, 2.0, 3.0, 3.0]);
        assert_eq!(firsts(&spikes, 1..6), [Some(2), Some(1), Some(5)]);
    }

    #[test]
    fn what_pooling_passes_on_is_summed_by_its_values() {
        let mut spikes = Raster::new(2);
        for value in [0.25, 0.5] {
            spikes.push_graded(1, value);
            spikes.end_step();
        }
        assert_eq!((sums(&spikes, 0..2), most(&spikes, 1), most(&spikes, 2)), (vec![0.0, 0.75], 0.5, 0.75));
    }

    #[test]
    fn images_lie_in_rows_and_recordings_in_columns() {
        let silent = Raster::silent(2 * 3 * 5, 1);
        let sheet = |x_first| LayerSheet {
            name: "conv2k3".into(),
            spikes: &silent,
            dims: [2, 3, 5],
            x_first,
            polarities: x_first,
        };
        assert_eq!((sheet(false).size(), sheet(false).unit(1, 4, 2)), ([5, 3], 15 + 2 * 5 + 4));
        assert_eq!((sheet(true).size(), sheet(true).unit(1, 2, 4)), ([3, 5], 15 + 2 * 5 + 4));
        assert_eq!(sheet(true).channel(1), "conv2k3, channel 1");
        assert_eq!((sheet(true).title(1), sheet(false).title(1)), ("brighter".into(), "channel 1".into()));
    }

    #[test]
    fn images_are_as_large_as_there_is_room_for() {
        let silent = Raster::silent(784, 1);
        let sheets = vec![
            LayerSheet {
                name: "input".into(),
                spikes: &silent,
                dims: [1, 28, 28],
                x_first: false,
                polarities: false
            };
            3
        ];
        let place = |[w, h]: [usize; 2], zoom: f32| egui::vec2(w as f32, h as f32) * zoom;
        let zoom = |n: usize, height: f32| fitting(&sheets[..n], egui::vec2(600.0, height), place);
        assert_eq!((zoom(1, 400.0), zoom(1, 250.0), zoom(2, 400.0), zoom(3, 100.0)), (10.0, 8.0, 6.0, 2.0));
    }

    #[test]
    fn a_window_is_whole_steps_within_the_sample() {
        assert_eq!(steps(None, 100), 0..100);
        assert_eq!(steps(Some((9.6, 29.6)), 100), 10..30);
        assert_eq!((steps(Some((80.0, 100.0)), 100), steps(Some((0.0, 0.2)), 100)), (80..100, 0..1));
        assert_eq!(steps(Some((5.0, 15.0)), 3), 2..3);
    }
}
