//! g_t, the derivative by the spike times of a layer, from the layer above it
//! ([model §5](crate::model#5-the-three-rules-backward)).
//!
//! It is kept for the events of a layer alone, in their order: at a neuron that does not spike it has no effect, and where a
//! pooled or flattened unit has no event, none of its inputs spiked. Below, `spikes` are the layer's own, `up` is the layer
//! above, and `to` gets one value per spike.

use crate::snn::conv::{KernelWindow, TapRun};
use crate::snn::lanes::LANES;
use crate::snn::pool::block_of;
use crate::snn::{Layer, LayerTrace};
use crate::spike::Raster;

/// From the loss: dL/dT, `[time][stride]`, outputs in the order of their numbers.
pub fn from_output(spikes: &Raster, stride: usize, by_time: &[f32], to: &mut Vec<f32>) {
    to.clear();
    for t in 0..spikes.steps() {
        to.extend(spikes.at(t).iter().map(|&u| by_time[t * stride + u as usize]));
    }
}

/// Through full connections: β_i · s · Wᵀ ef2, with ef2 `[time][stride]` of the layer above.
#[inline(always)]
pub fn through_fc(up: &Layer, beta_i: f32, weights: &[f32], spikes: &Raster, ef2: &[f32], to: &mut Vec<f32>) {
    to.clear();
    for t in 0..spikes.steps() {
        let from = &ef2[t * up.stride..][..up.stride];
        for (u, value) in spikes.weighted(t) {
            let row = &weights[u as usize * up.stride..][..up.stride];
            to.push(value * (beta_i * dot(row, from)));
        }
    }
}

/// Through a convolution: the same, over the positions that see the spike.
#[inline(always)]
pub fn through_conv(
    up: &Layer,
    kernel: usize,
    beta_i: f32,
    weights: &[f32],
    spikes: &Raster,
    ef2: &[f32],
    to: &mut Vec<f32>,
) {
    let (lanes, positions) = (up.lanes, up.from.positions());
    to.clear();
    for t in 0..spikes.steps() {
        let from = &ef2[t * up.stride..][..up.stride];
        for (u, value) in spikes.weighted(t) {
            let (channel, position) = (u as usize / positions, u as usize % positions);
            let weights = &weights[channel * kernel * kernel * lanes..];
            let mut sum = [0.0; LANES];
            for TapRun { tap, position, count, .. } in KernelWindow::around(position, up.from.image(), kernel).runs() {
                add_products(&mut sum, &weights[tap * lanes..][..count * lanes], &from[position * lanes..]);
            }
            to.push(value * (beta_i * total(sum)));
        }
    }
}

/// Through an average: an equal part of g_t of the `pooled` event to each spike of its block, none to a dropped remainder.
pub fn through_average(up: &Layer, size: usize, spikes: &Raster, pooled: &Raster, g_t: &[f32], to: &mut Vec<f32>) {
    let (positions, blocks) = (up.from.positions(), up.to.positions());
    let part = 1.0 / (size * size) as f32;
    to.clear();
    for t in 0..spikes.steps() {
        let (units, from) = (pooled.at(t), &g_t[pooled.start(t)..]);
        for &u in spikes.at(t) {
            let (channel, position) = (u as usize / positions, u as usize % positions);
            let event = block_of(up, size, position).and_then(|b| index(units, (channel * blocks + b) as u32));
            to.push(event.map_or(0.0, |n| part * from[n]));
        }
    }
}

/// Through a maximum: all of g_t to the spike that won its block.
pub fn through_maximum(spikes: &Raster, pooled: &LayerTrace, g_t: &[f32], to: &mut Vec<f32>) {
    to.clear();
    to.resize(spikes.len(), 0.0);
    for t in 0..spikes.steps() {
        let start = pooled.spikes.start(t);
        let events = pooled.winners[start..].iter().zip(&g_t[start..]).take(pooled.spikes.at(t).len());
        for (&winner, &g) in events {
            if let Some(event) = index(spikes.at(t), winner) {
                to[spikes.start(t) + event] = g;
            }
        }
    }
}

/// The index of `unit` among rising `units`.
#[inline(always)]
fn index(units: &[u32], unit: u32) -> Option<usize> {
    units.binary_search(&unit).ok()
}

/// g_t of the `W` neurons from place `at` on at step `t`, 0 where there is no spike.
#[inline(always)]
pub fn at<const W: usize>(layer: &Layer, spikes: &Raster, g_t: &[f32], t: usize, at: usize) -> [f32; W] {
    let (units, from) = (spikes.at(t), &g_t[spikes.start(t)..]);
    let mut of_strip = [0.0; W];
    if layer.to.positions() == 1 {
        let first = units.partition_point(|&u| (u as usize) < at);
        for (&u, g) in units[first..].iter().zip(&from[first..]).take_while(|(u, _)| (**u as usize) < at + W) {
            of_strip[u as usize - at] = *g;
        }
    } else {
        let (position, lane) = (at / layer.lanes, at % layer.lanes);
        for (k, value) in of_strip.iter_mut().enumerate() {
            let unit = (lane + k) * layer.to.positions() + position;
            if let Some(n) = index(units, unit as u32) {
                *value = from[n];
            }
        }
    }
    of_strip
}

/// Dot product, in [`LANES`] partial sums that are added in a fixed order.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sum = [0.0; LANES];
    add_products(&mut sum, a, b);
    total(sum)
}

#[inline(always)]
fn add_products(sum: &mut [f32; LANES], a: &[f32], b: &[f32]) {
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for k in 0..LANES {
            sum[k] += a[k] * b[k];
        }
    }
}

#[inline(always)]
fn total(sum: [f32; LANES]) -> f32 {
    let half: [f32; 4] = std::array::from_fn(|k| sum[k] + sum[k + 4]);
    (half[0] + half[2]) + (half[1] + half[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_product_adds_in_its_fixed_order() {
        let a: Vec<f32> = (0..24).map(|k| k as f32 * 0.37 - 3.0).collect();
        let b: Vec<f32> = (0..24).map(|k| 1.0 / (k as f32 + 1.0)).collect();
        let lane: Vec<f32> =
            (0..8).map(|k| (0.0 + a[k] * b[k]) + a[k + 8] * b[k + 8] + a[k + 16] * b[k + 16]).collect();
        let half: Vec<f32> = (0..4).map(|k| lane[k] + lane[k + 4]).collect();
        assert_eq!(dot(&a, &b).to_bits(), ((half[0] + half[2]) + (half[1] + half[3])).to_bits());
    }
}
