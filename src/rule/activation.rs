//! g_s, the derivative by the spikes of a layer, from the layer above it
//! ([model §5](crate::model#5-the-three-rules-backward)), for all steps.
//!
//! It is computed a strip at a time, `[time][W]` of W neighbouring units: a strip stays in the innermost cache, and the
//! recursions of these units follow at once. Through a maximum and through flattening, neighbours have scattered sources,
//! and g_s is laid out as a whole first ([`ByUnit`]).

use crate::snn::conv::{KernelWindow, TapRun};
use crate::snn::lanes::{LANES, block, gather};
use crate::snn::pool::{block_of, corner_of};
use crate::snn::{Layer, LayerTrace};

/// Steps that go through the weights side by side: their sums share every weight that is loaded.
const TOGETHER: usize = 4;

/// The source of a layer's g_s that can be computed strip by strip. `up` is the layer above.
#[derive(Clone, Copy)]
pub enum SpikeGradientSource<'a> {
    /// It is there already, `[time][stride]`.
    Rows(&'a [f32]),
    /// g_i of full connections, `[time][stride]`, and their [transposed](super::Transposed) weights.
    Fc { up: &'a Layer, transposed: &'a [f32], g_i: &'a [f32] },
    /// The same of a convolution.
    Conv { up: &'a Layer, kernel: usize, transposed: &'a [f32], g_i: &'a [f32] },
    /// g_s of an average pooling, `[time][stride]`.
    Average { up: &'a Layer, size: usize, g_s: &'a [f32] },
}

impl SpikeGradientSource<'_> {
    /// Fills `strip`, `[time][W]`, with g_s of the units from place `at` on. `below` is their layer.
    #[inline(always)]
    pub fn fill<const W: usize>(&self, below: &Layer, beta_i: f32, at: usize, strip: &mut [f32]) {
        match *self {
            Self::Rows(rows) => gather::<W>(rows, below.stride, at, strip),
            Self::Fc { up, transposed, g_i } => {
                let columns = WeightColumns { weights: transposed, stride: below.stride, at };
                through_fc::<W>(columns, up, beta_i, g_i, strip);
            }
            Self::Conv { up, kernel, transposed, g_i } => {
                let columns = WeightColumns { weights: transposed, stride: below.lanes, at: at % below.lanes };
                let window = KernelWindow::around(at / below.lanes, below.to.image(), kernel);
                through_conv::<W>(columns, window, up, beta_i, g_i, strip);
            }
            Self::Average { up, size, g_s } => through_average::<W>(below, up, size, g_s, at, strip),
        }
    }
}

/// The columns of transposed weights that belong to a strip: of each row of `stride`, the `W` values from `at` on.
#[derive(Clone, Copy)]
struct WeightColumns<'a> {
    weights: &'a [f32],
    stride: usize,
    at: usize,
}

impl<'a> WeightColumns<'a> {
    /// `number` rows from `first` on.
    #[inline(always)]
    fn rows(self, first: usize, number: usize) -> Self {
        Self { weights: &self.weights[first * self.stride..][..number * self.stride], ..self }
    }
}

/// The rows of [`TOGETHER`] steps from `first` on. Past the last step, the last is computed again and not kept.
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
fn through_fc<const W: usize>(columns: WeightColumns, up: &Layer, beta_i: f32, g_i: &[f32], strip: &mut [f32]) {
    let steps = strip.len() / W;
    for first in (0..steps).step_by(TOGETHER) {
        let rows = rows(g_i, up.stride, first, steps);
        let even = added(half::<W>(0, up.outputs, columns, rows), half::<W>(2, up.outputs, columns, rows));
        let odd = added(half::<W>(1, up.outputs, columns, rows), half::<W>(3, up.outputs, columns, rows));
        let sums = added(even, odd);
        keep(beta_i, sums, first, strip);
    }
}

/// The sum over outputs k, k + [`LANES`] / 2, …
#[inline(always)]
fn half<const W: usize>(
    k: usize,
    outputs: usize,
    columns: WeightColumns,
    rows: [&[f32]; TOGETHER],
) -> [[f32; W]; TOGETHER] {
    added(lane_sum(k, outputs, columns, rows), lane_sum(k + LANES / 2, outputs, columns, rows))
}

/// The sum over outputs k, k + [`LANES`], …
#[inline(always)]
fn lane_sum<const W: usize>(
    k: usize,
    outputs: usize,
    columns: WeightColumns,
    [g0, g1, g2, g3]: [&[f32]; TOGETHER],
) -> [[f32; W]; TOGETHER] {
    let [mut s0, mut s1, mut s2, mut s3] = [[0.0; W]; TOGETHER];
    for o in (k..outputs).step_by(LANES) {
        let weights: &[f32; W] = block(columns.weights, o * columns.stride + columns.at);
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

/// Through a convolution, for one position. Every sum runs over taps, then output channels, whatever steps are together.
#[inline(always)]
fn through_conv<const W: usize>(
    columns: WeightColumns,
    window: KernelWindow,
    up: &Layer,
    beta_i: f32,
    g_i: &[f32],
    strip: &mut [f32],
) {
    let (outputs, steps) = (up.filters(), strip.len() / W);
    for first in (0..steps).step_by(TOGETHER) {
        let rows = rows(g_i, up.stride, first, steps);
        let mut sums = [[0.0f32; W]; TOGETHER];
        for TapRun { tap, position, count, .. } in window.runs() {
            for n in 0..count {
                let from = (position + n) * up.lanes;
                let [r0, r1, r2, r3] = rows;
                let g =
                    [&r0[from..][..outputs], &r1[from..][..outputs], &r2[from..][..outputs], &r3[from..][..outputs]];
                sums = with_products(sums, columns.rows((tap + n) * outputs, outputs), g);
            }
        }
        keep(beta_i, sums, first, strip);
    }
}

/// Adds to each sum, in the order of the output channels, their g times the weights of one tap.
#[inline(always)]
fn with_products<const W: usize>(
    sums: [[f32; W]; TOGETHER],
    columns: WeightColumns,
    [g0, g1, g2, g3]: [&[f32]; TOGETHER],
) -> [[f32; W]; TOGETHER] {
    // four arrays rather than one of four, so that all of them stay in registers
    let [mut s0, mut s1, mut s2, mut s3] = sums;
    let g = g0.iter().zip(g1).zip(g2.iter().zip(g3));
    for (weights, ((g0, g1), (g2, g3))) in columns.weights.chunks_exact(columns.stride).zip(g) {
        let weights: [f32; W] = *block(weights, columns.at);
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

/// Through an average: an equal part to each input of the block, 0 to a dropped remainder.
#[inline(always)]
fn through_average<const W: usize>(below: &Layer, up: &Layer, size: usize, g_s: &[f32], at: usize, strip: &mut [f32]) {
    let part = 1.0 / (size * size) as f32;
    let (position, lane) = (at / below.lanes, at % below.lanes);
    let Some(pooled) = block_of(up, size, position) else {
        strip.fill(0.0);
        return;
    };
    for (to, row) in strip.chunks_exact_mut(W).zip(g_s.chunks_exact(up.stride)) {
        let from: &[f32; W] = block(row, pooled * up.lanes + lane);
        for k in 0..W {
            to[k] = part * from[k];
        }
    }
}

/// The source of a layer's g_s whose neighbours come from scattered places.
#[derive(Clone, Copy)]
pub enum ByUnit<'a> {
    /// Flattening above, or the loss above an image: rows of `stride` in the order of the units' numbers, which are the
    /// same on both sides.
    Numbered { stride: usize, from: &'a [f32] },
    /// A maximum pooling above, and its g_s, `[time][stride]`.
    Maximum { up: &'a Layer, size: usize, pooled: &'a LayerTrace, g_s: &'a [f32] },
}

impl ByUnit<'_> {
    /// Fills `to`, `[time][stride]`, with g_s of the layer `below`.
    pub fn fill(&self, below: &Layer, steps: usize, to: &mut Vec<f32>) {
        to.resize(steps * below.stride, 0.0);
        to.fill(0.0);
        match *self {
            Self::Numbered { stride, from } => by_number(below, stride, steps, from, to),
            Self::Maximum { up, size, pooled, g_s } => through_maximum(below, up, size, pooled, steps, g_s, to),
        }
    }
}

/// Through a maximum: all of it to the first largest input of the block, which is the first where all are 0.
fn through_maximum(
    below: &Layer,
    up: &Layer,
    size: usize,
    pooled: &LayerTrace,
    steps: usize,
    g_s: &[f32],
    to: &mut [f32],
) {
    let lanes = below.lanes;
    let corner = |block| corner_of(up, size, block) * lanes;
    for t in 0..steps {
        let (from, to) = (&g_s[t * up.stride..][..up.stride], &mut to[t * below.stride..][..below.stride]);
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

/// From rows in the order of the units' numbers to the order of the layer `below`.
fn by_number(below: &Layer, stride: usize, steps: usize, from: &[f32], to: &mut [f32]) {
    for t in 0..steps {
        let (from, to) = (&from[t * stride..], &mut to[t * below.stride..]);
        for unit in 0..below.outputs {
            to[below.place(unit)] = from[unit];
        }
    }
}
