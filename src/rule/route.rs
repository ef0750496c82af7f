//! From the gradients of one layer to those of the layer below it (model.md, section 5): through weights, pooling and
//! flattening. Every function fills what lies below for all steps.
//!
//! The timing part g_t is needed only at the events of what lies below: where a pooled or flattened unit has none, none
//! of its inputs spiked, and at a neuron that did not spike g_t counts for nothing.

use crate::snn::conv::Reach;
use crate::snn::forward::{block, block_mut};
use crate::snn::network::{LANES, padded};
use crate::snn::pool::corner_of;
use crate::snn::{Layer, LayerTrace};
use crate::spike::Raster;

/// Steps that go through a convolution side by side: their sums share every weight that is loaded.
const TOGETHER: usize = 4;

/// Two neighbouring layers. Arrays are `[time][stride]` of the layer that they belong to.
#[derive(Clone, Copy)]
pub struct Route<'a> {
    pub below: &'a Layer,
    pub up: &'a Layer,
    pub steps: usize,
    pub beta_i: f32,
}

/// Derivatives at the output `[time][outputs, padded]`, in the order of the last layer's own rows.
pub fn from_output(layer: &Layer, steps: usize, seeds: &[f32], to: &mut [f32]) {
    let stride = padded(layer.outputs);
    if layer.stride == stride && layer.to.positions() == 1 {
        to.copy_from_slice(&seeds[..to.len()]);
        return;
    }
    to.fill(0.0);
    for (from, to) in seeds.chunks_exact(stride).zip(to.chunks_exact_mut(layer.stride)).take(steps) {
        for unit in 0..layer.outputs {
            to[layer.place(unit)] = from[unit];
        }
    }
}

/// g_s through full connections: β_i · Wᵀ g_i.
#[inline(always)]
pub fn activation_through_fc(r: Route, weights: &[f32], from: &[f32], to: &mut [f32]) {
    for t in 0..r.steps {
        let from = &from[t * r.up.stride..][..r.up.stride];
        let to = &mut to[t * r.below.stride..][..r.below.outputs];
        for (g, row) in to.iter_mut().zip(weights.chunks_exact(r.up.stride)) {
            *g = r.beta_i * dot(row, from);
        }
    }
}

/// g_t through full connections: β_i · s · Wᵀ ef2.
#[inline(always)]
pub fn timing_through_fc(r: Route, weights: &[f32], spikes: &Raster, from: &[f32], to: &mut [f32]) {
    for t in 0..r.steps {
        let from = &from[t * r.up.stride..][..r.up.stride];
        for (u, value) in spikes.weighted(t) {
            let row = &weights[u as usize * r.up.stride..][..r.up.stride];
            to[t * r.below.stride + u as usize] = value * (r.beta_i * dot(row, from));
        }
    }
}

/// g_s through a convolution. `turned` is memory for its weights in the order `[tap][output channel][input lanes]`.
#[inline(always)]
pub fn activation_through_conv(
    r: Route,
    kernel: usize,
    weights: &[f32],
    from: &[f32],
    to: &mut [f32],
    turned: &mut Vec<f32>,
) {
    turn(r, kernel * kernel, weights, turned);
    let mut at = 0;
    while at + 2 * LANES <= r.below.lanes {
        conv_block::<{ 2 * LANES }>(r, kernel, turned, at, from, to);
        at += 2 * LANES;
    }
    while at < r.below.lanes {
        conv_block::<LANES>(r, kernel, turned, at, from, to);
        at += LANES;
    }
}

/// `[input channel][tap][output lanes]` → `[tap][output channel][input lanes]`.
fn turn(r: Route, taps: usize, weights: &[f32], turned: &mut Vec<f32>) {
    let (outputs, lanes) = (r.up.filters(), r.below.lanes);
    turned.clear();
    turned.resize(taps * outputs * lanes, 0.0);
    for (row, weights) in weights.chunks_exact(r.up.lanes).enumerate() {
        let (channel, tap) = (row / taps, row % taps);
        for (o, w) in weights[..outputs].iter().enumerate() {
            turned[(tap * outputs + o) * lanes + channel] = *w;
        }
    }
}

/// `W` input channels from `at` on. Every sum runs over taps, then output channels, for whatever steps go together.
#[inline(always)]
fn conv_block<const W: usize>(r: Route, kernel: usize, turned: &[f32], at: usize, from: &[f32], to: &mut [f32]) {
    let (outputs, lanes, image) = (r.up.filters(), r.below.lanes, r.below.to.image());
    for first in (0..r.steps).step_by(TOGETHER) {
        // behind the last step the last is computed again, and not kept
        let rows: [&[f32]; TOGETHER] =
            std::array::from_fn(|p| &from[(first + p).min(r.steps - 1) * r.up.stride..][..r.up.stride]);
        for position in 0..r.below.to.positions() {
            // four arrays rather than one of four, so that all of them stay in registers
            let [mut s0, mut s1, mut s2, mut s3] = [[0.0f32; W]; TOGETHER];
            for (_, tap, place, count) in Reach::of(position, image, kernel).runs() {
                for n in 0..count {
                    let weights = &turned[(tap + n) * outputs * lanes..][..outputs * lanes];
                    let [g0, g1, g2, g3] = rows.map(|row| &row[(place + n) * r.up.lanes..][..outputs]);
                    for o in 0..outputs {
                        let weights: &[f32; W] = block(weights, o * lanes + at);
                        add_multiple(&mut s0, g0[o], weights);
                        add_multiple(&mut s1, g1[o], weights);
                        add_multiple(&mut s2, g2[o], weights);
                        add_multiple(&mut s3, g3[o], weights);
                    }
                }
            }
            let sum = [s0, s1, s2, s3];
            for (p, sum) in sum.iter().enumerate().take(r.steps - first) {
                let to: &mut [f32; W] = block_mut(to, (first + p) * r.below.stride + position * lanes + at);
                for k in 0..W {
                    to[k] = r.beta_i * sum[k];
                }
            }
        }
    }
}

#[inline(always)]
fn add_multiple<const W: usize>(sum: &mut [f32; W], factor: f32, of: &[f32; W]) {
    for k in 0..W {
        sum[k] += factor * of[k];
    }
}

/// g_t through a convolution.
#[inline(always)]
pub fn timing_through_conv(r: Route, kernel: usize, weights: &[f32], spikes: &Raster, from: &[f32], to: &mut [f32]) {
    let (lanes, positions) = (r.up.lanes, r.below.to.positions());
    for t in 0..r.steps {
        let from = &from[t * r.up.stride..][..r.up.stride];
        for (u, value) in spikes.weighted(t) {
            let (channel, position) = (u as usize / positions, u as usize % positions);
            let weights = &weights[channel * kernel * kernel * lanes..];
            let mut sum = [0.0; LANES];
            for (_, tap, place, count) in Reach::of(position, r.below.to.image(), kernel).runs() {
                add_products(&mut sum, &weights[tap * lanes..][..count * lanes], &from[place * lanes..]);
            }
            to[t * r.below.stride + r.below.place(u as usize)] = value * (r.beta_i * total(sum));
        }
    }
}

/// g_s through an average: an equal share to each input of the block, 0 to a dropped remainder.
#[inline(always)]
pub fn activation_through_average(r: Route, size: usize, from: &[f32], to: &mut [f32]) {
    let (lanes, [_, width]) = (r.below.lanes, r.below.to.image());
    let share = 1.0 / (size * size) as f32;
    to.fill(0.0);
    for t in 0..r.steps {
        let to = &mut to[t * r.below.stride..][..r.below.stride];
        for (block, g) in from[t * r.up.stride..][..r.up.stride].chunks_exact(lanes).enumerate() {
            for row in 0..size {
                let place = corner_of(r.up, size, block) + row * width;
                for to in to[place * lanes..][..size * lanes].chunks_exact_mut(lanes) {
                    for (to, g) in to.iter_mut().zip(g) {
                        *to = share * g;
                    }
                }
            }
        }
    }
}

/// g_t through an average.
pub fn timing_through_average(r: Route, size: usize, pooled: &Raster, from: &[f32], to: &mut [f32]) {
    let (lanes, [_, width]) = (r.below.lanes, r.below.to.image());
    let share = 1.0 / (size * size) as f32;
    for t in 0..r.steps {
        for &u in pooled.at(t) {
            let (channel, block) = (u as usize / r.up.to.positions(), u as usize % r.up.to.positions());
            let g = share * from[t * r.up.stride + r.up.place(u as usize)];
            for row in 0..size {
                let place = corner_of(r.up, size, block) + row * width;
                for column in 0..size {
                    to[t * r.below.stride + (place + column) * lanes + channel] = g;
                }
            }
        }
    }
}

/// g_s through a maximum: all of it to the first largest input of the block, which is the first where all are 0.
#[inline(always)]
pub fn activation_through_maximum(r: Route, size: usize, pooled: &LayerTrace, from: &[f32], to: &mut [f32]) {
    let lanes = r.below.lanes;
    to.fill(0.0);
    for t in 0..r.steps {
        let from = &from[t * r.up.stride..][..r.up.stride];
        let to = &mut to[t * r.below.stride..][..r.below.stride];
        for (block, g) in from.chunks_exact(lanes).enumerate() {
            to[corner_of(r.up, size, block) * lanes..][..lanes].copy_from_slice(g);
        }
        let winners = &pooled.winners[pooled.spikes.start(t)..];
        for (&u, &winner) in pooled.spikes.at(t).iter().zip(winners) {
            let (channel, block) = (u as usize / r.up.to.positions(), u as usize % r.up.to.positions());
            to[corner_of(r.up, size, block) * lanes + channel] = 0.0;
            to[r.below.place(winner as usize)] = from[r.up.place(u as usize)];
        }
    }
}

/// g_t through a maximum.
pub fn timing_through_maximum(r: Route, pooled: &LayerTrace, from: &[f32], to: &mut [f32]) {
    for t in 0..r.steps {
        let winners = &pooled.winners[pooled.spikes.start(t)..];
        for (&u, &winner) in pooled.spikes.at(t).iter().zip(winners) {
            let place = r.below.place(winner as usize);
            to[t * r.below.stride + place] = from[t * r.up.stride + r.up.place(u as usize)];
        }
    }
}

/// g_s or g_t through flattening: the units of both layers have the same numbers.
pub fn through_flatten(r: Route, from: &[f32], to: &mut [f32]) {
    to.fill(0.0);
    for t in 0..r.steps {
        let (from, to) = (&from[t * r.up.stride..], &mut to[t * r.below.stride..]);
        for unit in 0..r.below.outputs {
            to[r.below.place(unit)] = from[unit];
        }
    }
}

/// Sum of products, in [`LANES`] partial sums which are added in a fixed order.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
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
