//! The recursions of one strip of a layer: gathering what they read, running them, and writing back what they leave.

use crate::snn::lanes::{LANES, block, block_mut, gather, scatter};

use super::Rule;
use super::activation::SpikeGradientSource;
use super::strip::{AdjointRecursion, BackwardStrip};

/// Everything that the strips of a layer read, and then everything that they write, a strip at a time.
pub struct StripPass<'a> {
    pub recursion: AdjointRecursion<'a>,
    /// The steps up to the horizon.
    pub steps: usize,
    pub source: SpikeGradientSource<'a>,
    /// The steps of the rows of g_i, where there is not one for each step.
    pub busy: Option<&'a [u32]>,
    /// The steps of each block that have a gradient, from the first.
    pub ends: &'a [u32],
    /// g_i, rows of `[stride]`.
    pub g_i: &'a mut [f32],
    /// Σ_t g_dep, `[stride]`.
    pub bias: &'a mut [f32],
    /// ef2 and g_v, `[time][stride]`; each empty where nobody needs it.
    pub ef2: &'a mut [f32],
    pub g_v: &'a mut [f32],
}

/// The potentials of a strip: columns of rows.
#[derive(Clone, Copy)]
pub struct PotentialColumns<'a> {
    /// `[time][stride]`
    pub rows: &'a [f32],
    pub stride: usize,
    /// The first column of the strip.
    pub at: usize,
}

impl StripPass<'_> {
    /// The steps of the neurons `at..at + width` that have a gradient, from the first.
    #[inline(always)]
    pub fn end(&self, at: usize, width: usize) -> usize {
        self.ends[at / LANES..(at + width) / LANES].iter().fold(0, |a, b| a.max(*b as usize))
    }

    /// Runs the `W` neurons from `at` on, whose potentials are given.
    #[inline(always)]
    pub fn run<const W: usize>(&mut self, at: usize, potentials: PotentialColumns, strip: &mut BackwardStrip) {
        let (r, layer, steps) = (self.recursion, self.recursion.layer, self.steps);
        strip.resize(steps, W);
        let end = self.end(at, W);
        if end > 0 {
            let (v, g_s) = (&mut strip.v[..end * W], &mut strip.g_v[..end * W]);
            gather::<W>(potentials.rows, potentials.stride, potentials.at, v);
            if r.settings.rule != Rule::Timing {
                self.source.fill::<W>(layer, r.dynamics.beta_i, at, g_s);
                r.surrogate(g_s, v);
            }
        }
        let bias = match (r.settings.rule, self.ef2.is_empty()) {
            (Rule::Activation, _) => r.run::<W, true, false, false>(at, end, strip),
            (Rule::Timing, true) => r.run::<W, false, true, false>(at, end, strip),
            (Rule::Timing, false) => r.run::<W, false, true, true>(at, end, strip),
            (Rule::Antlr, true) => r.run::<W, true, true, false>(at, end, strip),
            (Rule::Antlr, false) => r.run::<W, true, true, true>(at, end, strip),
        };
        *block_mut(self.bias, at) = bias;
        match self.busy {
            None => scatter::<W>(&strip.g_i, layer.stride, at, self.g_i),
            Some(busy) => {
                for (&t, row) in busy.iter().zip(self.g_i.chunks_exact_mut(layer.stride)) {
                    *block_mut::<W>(row, at) = *block(&strip.g_i, t as usize * W);
                }
            }
        }
        scatter::<W>(&strip.ef2, layer.stride, at, self.ef2);
        scatter::<W>(&strip.g_v, layer.stride, at, self.g_v);
    }
}
