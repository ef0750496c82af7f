//! From potentials to spike events.
//!
//! A strip of potentials is first reduced to one bit per neuron and step: almost all rows are without a spike, and that
//! takes a single comparison. When all strips of a layer have been run, the bits become events in the order of a raster.

use crate::spike::Raster;

use super::Layer;
use super::lanes::block;
use super::neuron::{any_spike, is_spike};
use super::trace::ForwardScratch;

/// The bits of one strip among those of all strips of a layer, `[time][strips]`.
pub struct StripMarks<'a> {
    /// From the strip's first mark on.
    pub marks: &'a mut [u32],
    /// Strips of the layer, the distance from one step's mark to the next.
    pub strips: usize,
}

impl StripMarks<'_> {
    /// Sets a bit for each neuron of the strip that spikes, at every step of `potential`, `[time][W]`.
    #[inline(always)]
    pub fn fill<const W: usize>(&mut self, potential: &[f32]) {
        let bits: [u32; W] = std::array::from_fn(|k| 1 << k);
        for (v, mark) in potential.chunks_exact(W).zip(self.marks.iter_mut().step_by(self.strips)) {
            let v: &[f32; W] = block(v, 0);
            *mark =
                if any_spike(v) { (0..W).fold(0, |all, k| all | if is_spike(v[k]) { bits[k] } else { 0 }) } else { 0 };
        }
    }
}

/// Appends `steps` steps to `spikes`: the marks of all strips, `widest` blocks wide, as events sorted by unit.
pub fn collect_spikes(layer: &Layer, widest: usize, steps: usize, scratch: &mut ForwardScratch, spikes: &mut Raster) {
    let ForwardScratch { marks, units, firsts, starts, sorted, .. } = scratch;
    for memory in [&mut *units, sorted] {
        memory.clear();
        memory.reserve_exact(layer.outputs);
    }
    firsts.clear();
    firsts.extend(layer.strips(widest).map(|(at, _)| at as u32));
    for marks in marks.chunks_exact(firsts.len()).take(steps) {
        units.clear();
        for (&first, &mark) in firsts.iter().zip(marks).filter(|(_, mark)| **mark != 0) {
            let mut left = mark;
            while left != 0 {
                units.push(first + left.trailing_zeros());
                left &= left - 1;
            }
        }
        if layer.to.positions() > 1 {
            sort_by_channel(layer, units, starts, sorted);
            sorted.iter().for_each(|&u| spikes.push(u));
        } else {
            units.iter().for_each(|&u| spikes.push(u));
        }
        spikes.end_step();
    }
}

/// Fills `sorted` with the units at these places of a row, which rise by position, in the order of their numbers: by
/// channel, then position. A counting sort; `starts` is its memory.
fn sort_by_channel(layer: &Layer, places: &[u32], starts: &mut Vec<u32>, sorted: &mut Vec<u32>) {
    let (lanes, positions) = (layer.lanes as u32, layer.to.positions() as u32);
    starts.clear();
    starts.resize(layer.lanes + 1, 0);
    for place in places {
        starts[(place % lanes + 1) as usize] += 1;
    }
    for channel in 1..starts.len() {
        starts[channel] += starts[channel - 1];
    }
    sorted.clear();
    sorted.resize(places.len(), 0);
    for place in places {
        let (position, channel) = (place / lanes, place % lanes);
        let next = &mut starts[channel as usize];
        sorted[*next as usize] = channel * positions + position;
        *next += 1;
    }
}
