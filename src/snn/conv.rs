//! Convolution (model.md, section 2), event by event: an input spike adds a patch of weights to the potentials of the
//! neurons around it.

use std::ops::Range;

use crate::spike::Raster;

use super::forward::{Cell, block, block_mut};
use super::network::LANES;
use super::{Dynamics, Layer, LayerTrace};

/// The output positions that see one input position, and through which taps. Because size stays and the kernel is
/// odd, these are also the positions around it that the kernel covers, cut at the image's edge.
#[derive(Clone, Debug)]
pub struct Reach {
    rows: Range<usize>,
    columns: Range<usize>,
    /// Tap row of the first of `rows`, tap column of the first of `columns`.
    first: [usize; 2],
    width: usize,
    kernel: usize,
}

impl Reach {
    /// Of the input at `position` in an image of [height, width].
    #[inline(always)]
    pub fn of(position: usize, [height, width]: [usize; 2], kernel: usize) -> Self {
        let pad = kernel / 2;
        let (y, x) = (position / width, position % width);
        let cut = |at: usize, size: usize| at.saturating_sub(pad)..(at + pad + 1).min(size);
        let first = [pad.saturating_sub(y), pad.saturating_sub(x)];
        Self { rows: cut(y, height), columns: cut(x, width), first, width, kernel }
    }

    /// Neighbouring positions and taps, a run for each row: the row of taps, the first tap, the first position, and
    /// how many of both.
    #[inline(always)]
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize, usize, usize)> + use<> {
        let Self { rows, columns, first: [row, column], width, kernel } = self.clone();
        rows.enumerate().map(move |(n, y)| {
            let taps = row + n;
            (taps, taps * kernel + column, y * width + columns.start, columns.len())
        })
    }
}

/// Runs a convolution for all steps: potentials and spikes go to `here`.
#[inline(always)]
pub fn forward(
    layer: &Layer,
    kernel: usize,
    dynamics: &Dynamics,
    [weights, biases]: [&[f32]; 2],
    below: &Raster,
    here: &mut LayerTrace,
) {
    let stride = layer.stride;
    let LayerTrace { potential, spikes, work, .. } = here;
    for state in [&mut work.current, &mut work.kept] {
        state.clear();
        state.resize(stride, 0.0);
    }
    spikes.clear(layer.outputs);
    for step in 0..below.steps() {
        let row = &mut potential[step * stride..][..stride];
        row.fill(0.0);
        for (unit, value) in below.weighted(step) {
            add_patch(layer, kernel, weights, unit as usize, value, row);
        }
        work.units.clear();
        let mut at = 0;
        // a position at a time: the lanes of each have the same biases
        while at < stride {
            for lane in (0..layer.lanes).step_by(LANES) {
                let place = at + lane;
                let mut current: [f32; LANES] = *block(&work.current, place);
                let mut kept: [f32; LANES] = *block(&work.kept, place);
                let bias: &[f32; LANES] = block(biases, lane);
                let v: &mut [f32; LANES] = block_mut(row, place);
                let mut any = false;
                for k in 0..LANES {
                    let mut cell = Cell { current: current[k], kept: kept[k] };
                    v[k] = cell.step(dynamics, v[k], bias[k]);
                    (current[k], kept[k]) = (cell.current, cell.kept);
                    any |= v[k] >= 1.0;
                }
                *block_mut(&mut work.current, place) = current;
                *block_mut(&mut work.kept, place) = kept;
                if any {
                    work.units.extend((0..LANES).filter(|&k| v[k] >= 1.0).map(|k| (place + k) as u32));
                }
            }
            at += layer.lanes;
        }
        push_by_channel(layer, &work.units, &mut work.starts, &mut work.sorted);
        work.sorted.iter().for_each(|&u| spikes.push(u));
        spikes.end_step();
    }
}

/// Adds to a row of potentials what one input event gives to the neurons that see it.
#[inline(always)]
fn add_patch(layer: &Layer, kernel: usize, weights: &[f32], unit: usize, value: f32, row: &mut [f32]) {
    let (lanes, positions) = (layer.lanes, layer.from.positions());
    let weights = &weights[unit / positions * kernel * kernel * lanes..];
    for (_, tap, position, count) in Reach::of(unit % positions, layer.from.image(), kernel).runs() {
        let from = weights[tap * lanes..][..count * lanes].chunks_exact(LANES);
        let to = row[position * lanes..][..count * lanes].chunks_exact_mut(LANES);
        for (to, from) in to.zip(from) {
            for k in 0..LANES {
                to[k] += value * from[k];
            }
        }
    }
}

/// Puts places of a row, rising by position, into the order in which units are numbered: by channel, then position.
#[inline(always)]
fn push_by_channel(layer: &Layer, places: &[u32], starts: &mut Vec<u32>, sorted: &mut Vec<u32>) {
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

/// The place of the weight through which output `unit` sees the input unit `input`, where it does.
pub fn weight_between(layer: &Layer, kernel: usize, unit: usize, input: usize) -> Option<usize> {
    let (positions, [_, width]) = (layer.to.positions(), layer.to.image());
    let (channel, to) = (unit / positions, unit % positions);
    let (from_channel, from) = (input / positions, input % positions);
    // the file's kernel is not turned: its first entry sees the input above and to the left
    let row = (from / width + kernel / 2).checked_sub(to / width).filter(|k| *k < kernel)?;
    let column = (from % width + kernel / 2).checked_sub(to % width).filter(|k| *k < kernel)?;
    Some(layer.weight_at(channel, (from_channel * kernel + row) * kernel + column))
}
