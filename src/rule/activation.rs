//! g_s on its way down ([model §5](crate::model#5-the-three-rules-backward)): what each unit of a layer is told by the
//! layer above it, for all steps.
//!
//! It is computed a strip at a time, `[time][W]` of W neighbouring units: a strip stays in the innermost cache, and the
//! recursions of these units follow at once.

use crate::snn::conv::KernelWindow;
use crate::snn::forward::{block, block_mut};
use crate::snn::network::LANES;
use crate::snn::{Layer, LayerTrace};

/// Steps that go through weights side by side: their sums share every weight that is loaded.
const TOGETHER: usize = 4;

/// Where the g_s of a layer comes from.
#[derive(Clone, Copy)]
pub enum SpikeGradientSource<'a> {
    /// It lies there, `[time][stride]`.
    Rows(&'a [f32]),
    /// g_i of full connections, `[time][stride]`, and their turned weights.
    Fc { up: &'a Layer, turned: &'a [f32], from: &'a [f32] },
    /// The same of a convolution.
    Conv { up: &'a Layer, kernel: usize, turned: &'a [f32], from: &'a [f32] },
    /// g_s of an average, `[time][stride]`.
    Average { up: &'a Layer, size: usize, from: &'a [f32] },
}

impl SpikeGradientSource<'_> {
    /// Fills `strip` for the units from `at` on. `below` is their layer.
    #[inline(always)]
    pub fn fill<const W: usize>(&self, below: &Layer, beta_i: f32, at: usize, strip: &mut [f32]) {
        match *self {
            Self::Rows(rows) => self::strip::<W>(rows, below.stride, at, strip),
            Self::Fc { up, turned, from } => through_fc::<W>(below, up, beta_i, turned, from, at, strip),
            Self::Conv { up, kernel, turned, from } => {
                through_conv::<W>(below, up, kernel, beta_i, turned, from, at, strip);
            }
            Self::Average { up, size, from } => through_average::<W>(below, up, size, from, at, strip),
        }
    }
}

/// The rows of [`TOGETHER`] steps from `first` on. Behind the last step the last is computed again, and not kept.
#[inline(always)]
fn rows(from: &[f32], stride: usize, first: usize, steps: usize) -> [&[f32]; TOGETHER] {
    let row = |p: usize| &from[(first + p).min(steps - 1) * stride..][..stride];
    [row(0), row(1), row(2), row(3)]
}

#[inline(always)]
fn keep<const W: usize>(beta_i: f32, sums: [[f32; W]; TOGETHER], first: usize, strip: &mut [f32]) {
    for (to, sum) in strip[first * W..].chunks_exact_mut(W).zip(sums) {
        for k in 0..W {
            to[k] = beta_i * sum[k];
        }
    }
}

/// Through full connections: β_i · Wᵀ g_i. Every sum has the order of [`super::timing::dot`].
#[inline(always)]
fn through_fc<const W: usize>(
    below: &Layer,
    up: &Layer,
    beta_i: f32,
    turned: &[f32],
    from: &[f32],
    at: usize,
    strip: &mut [f32],
) {
    let steps = strip.len() / W;
    for first in (0..steps).step_by(TOGETHER) {
        let rows = rows(from, up.stride, first, steps);
        let weights = (turned, below.stride, at);
        let even = added(half::<W>(0, up.outputs, weights, rows), half::<W>(2, up.outputs, weights, rows));
        let odd = added(half::<W>(1, up.outputs, weights, rows), half::<W>(3, up.outputs, weights, rows));
        let sums = added(even, odd);
        keep(beta_i, sums, first, strip);
    }
}

/// What outputs k, k + [`LANES`] / 2, … hand down. Weights: turned, the length of their rows, and where the strip is.
#[inline(always)]
fn half<const W: usize>(
    k: usize,
    outputs: usize,
    weights: (&[f32], usize, usize),
    rows: [&[f32]; TOGETHER],
) -> [[f32; W]; TOGETHER] {
    added(lane_sum(k, outputs, weights, rows), lane_sum(k + LANES / 2, outputs, weights, rows))
}

/// What outputs k, k + [`LANES`], … hand down.
#[inline(always)]
fn lane_sum<const W: usize>(
    k: usize,
    outputs: usize,
    (turned, stride, at): (&[f32], usize, usize),
    [g0, g1, g2, g3]: [&[f32]; TOGETHER],
) -> [[f32; W]; TOGETHER] {
    let [mut s0, mut s1, mut s2, mut s3] = [[0.0; W]; TOGETHER];
    for o in (k..outputs).step_by(LANES) {
        let weights: &[f32; W] = block(turned, o * stride + at);
        add_multiple(&mut s0, g0[o], weights);
        add_multiple(&mut s1, g1[o], weights);
        add_multiple(&mut s2, g2[o], weights);
        add_multiple(&mut s3, g3[o], weights);
    }
    [s0, s1, s2, s3]
}

#[inline(always)]
fn added<const W: usize>(mut a: [[f32; W]; TOGETHER], b: [[f32; W]; TOGETHER]) -> [[f32; W]; TOGETHER] {
    for (a, b) in a.iter_mut().zip(&b) {
        for k in 0..W {
            a[k] += b[k];
        }
    }
    a
}

/// Through a convolution. Every sum runs over taps, then output channels, for whatever steps go together.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "what is read, then what is written")]
fn through_conv<const W: usize>(
    below: &Layer,
    up: &Layer,
    kernel: usize,
    beta_i: f32,
    turned: &[f32],
    from: &[f32],
    at: usize,
    strip: &mut [f32],
) {
    let (outputs, lanes, steps) = (up.filters(), below.lanes, strip.len() / W);
    let (position, lane) = (at / lanes, at % lanes);
    let reach = KernelWindow::of(position, below.to.image(), kernel);
    for first in (0..steps).step_by(TOGETHER) {
        let rows = rows(from, up.stride, first, steps);
        let mut sums = [[0.0f32; W]; TOGETHER];
        for (_, tap, place, count) in reach.runs() {
            for n in 0..count {
                let weights = &turned[(tap + n) * outputs * lanes..][..outputs * lanes];
                let from = (place + n) * up.lanes;
                let [r0, r1, r2, r3] = rows;
                let g =
                    [&r0[from..][..outputs], &r1[from..][..outputs], &r2[from..][..outputs], &r3[from..][..outputs]];
                sums = with_products(sums, weights, lanes, lane, g);
            }
        }
        keep(beta_i, sums, first, strip);
    }
}

/// Adds to each sum, in the order of outputs, what they hand down through the weights of one tap.
#[inline(always)]
fn with_products<const W: usize>(
    sums: [[f32; W]; TOGETHER],
    weights: &[f32],
    lanes: usize,
    lane: usize,
    [g0, g1, g2, g3]: [&[f32]; TOGETHER],
) -> [[f32; W]; TOGETHER] {
    // four arrays rather than one of four, so that all of them stay in registers
    let [mut s0, mut s1, mut s2, mut s3] = sums;
    let g = g0.iter().zip(g1).zip(g2.iter().zip(g3));
    for (weights, ((g0, g1), (g2, g3))) in weights.chunks_exact(lanes).zip(g) {
        let weights: [f32; W] = *block(weights, lane);
        add_multiple(&mut s0, *g0, &weights);
        add_multiple(&mut s1, *g1, &weights);
        add_multiple(&mut s2, *g2, &weights);
        add_multiple(&mut s3, *g3, &weights);
    }
    [s0, s1, s2, s3]
}

#[inline(always)]
fn add_multiple<const W: usize>(sum: &mut [f32; W], factor: f32, of: &[f32; W]) {
    for k in 0..W {
        sum[k] += factor * of[k];
    }
}

/// Through an average: an equal share to each input of the block, 0 to a dropped remainder.
#[inline(always)]
fn through_average<const W: usize>(below: &Layer, up: &Layer, size: usize, from: &[f32], at: usize, strip: &mut [f32]) {
    let share = 1.0 / (size * size) as f32;
    let (position, lane) = (at / below.lanes, at % below.lanes);
    let Some(pooled) = crate::snn::pool::block_of(up, size, position) else {
        strip.fill(0.0);
        return;
    };
    for (to, row) in strip.chunks_exact_mut(W).zip(from.chunks_exact(up.stride)) {
        let from: &[f32; W] = block(row, pooled * up.lanes + lane);
        for k in 0..W {
            to[k] = share * from[k];
        }
    }
}

/// Through a maximum: all of it to the first largest input of the block, which is the first where all are 0. Fills
/// `to`, `[time][stride]` of the layer `below`.
#[inline(always)]
pub fn through_maximum(
    below: &Layer,
    up: &Layer,
    size: usize,
    pooled: &LayerTrace,
    steps: usize,
    from: &[f32],
    to: &mut [f32],
) {
    let lanes = below.lanes;
    let corner = |block| crate::snn::pool::corner_of(up, size, block) * lanes;
    to.fill(0.0);
    for t in 0..steps {
        let (from, to) = (&from[t * up.stride..][..up.stride], &mut to[t * below.stride..][..below.stride]);
        for (block, g) in from.chunks_exact(lanes).enumerate() {
            to[corner(block)..][..lanes].copy_from_slice(g);
        }
        let winners = &pooled.winners[pooled.spikes.start(t)..];
        for (&u, &winner) in pooled.spikes.at(t).iter().zip(winners) {
            let (channel, block) = (u as usize / up.to.positions(), u as usize % up.to.positions());
            to[corner(block) + channel] = 0.0;
            to[below.place(winner as usize)] = from[up.place(u as usize)];
        }
    }
}

/// Through flattening, or from the loss: the units have the same numbers on both sides. `from` is `[time][stride]`, and
/// so is `to`, in the order of the layer `below`.
pub fn by_number(below: &Layer, stride: usize, steps: usize, from: &[f32], to: &mut [f32]) {
    to.fill(0.0);
    for t in 0..steps {
        let (from, to) = (&from[t * stride..], &mut to[t * below.stride..]);
        for unit in 0..below.outputs {
            to[below.place(unit)] = from[unit];
        }
    }
}

/// Takes a strip out of `[time][stride]`.
#[inline(always)]
pub fn strip<const W: usize>(from: &[f32], stride: usize, at: usize, strip: &mut [f32]) {
    for (strip, row) in strip.chunks_exact_mut(W).zip(from.chunks_exact(stride)) {
        *block_mut::<W>(strip, 0) = *block(row, at);
    }
}

/// Writes a strip to where it belongs in `[time][stride]`.
#[inline(always)]
pub fn put<const W: usize>(strip: &[f32], stride: usize, at: usize, to: &mut [f32]) {
    for (strip, row) in strip.chunks_exact(W).zip(to.chunks_exact_mut(stride)) {
        *block_mut::<W>(row, at) = *block(strip, 0);
    }
}
