//! The recursions of one strip of a layer: gathering what they read, running them, and writing back what they leave.

use crate::snn::forward::{LayerInput, StripState};
use crate::snn::lanes::{LANES, block, block_mut, gather, scatter};
use crate::spike::Raster;

use super::Rule;
use super::activation::SpikeGradientSource;
use super::strip::{AdjointRecursion, BackwardStrip};

/// Everything that the strips of a layer read, and then everything that they write, a strip at a time.
pub struct StripPass<'a> {
    pub recursion: AdjointRecursion<'a>,
    pub steps: usize,
    pub source: SpikeGradientSource<'a>,
    /// v, `[time][stride]`; where it was not kept it is computed again from `layer_input`.
    pub v: Option<&'a [f32]>,
    pub layer_input: LayerInput<'a>,
    /// The input of the layer, where g_i is kept for the steps with an input event alone.
    pub sparse: Option<&'a Raster>,
    /// For each block the step after its last spike, or empty.
    pub ends: &'a [u32],
    /// g_i, rows of `[stride]`.
    pub g_i: &'a mut [f32],
    /// Σ_t g_dep, `[stride]`.
    pub bias: &'a mut [f32],
    /// ef2 and g_v, `[time][stride]`; each empty where nobody needs it.
    pub ef2: &'a mut [f32],
    pub g_v: &'a mut [f32],
}

impl StripPass<'_> {
    /// Runs the `W` neurons from `at` on.
    #[inline(always)]
    pub fn run<const W: usize>(&mut self, at: usize, strip: &mut BackwardStrip) {
        let (r, layer, steps) = (self.recursion, self.recursion.layer, self.steps);
        strip.resize(steps, W);
        if let Some(v) = self.v {
            gather::<W>(v, layer.stride, at, &mut strip.v);
        } else {
            let [mut i, mut v] = [[0.0; W]; 2];
            let state = StripState { i: &mut i, v: &mut v };
            self.layer_input.potentials::<W>(r.dynamics, at, state, &mut strip.v);
        }
        if r.settings.rule != Rule::Timing {
            self.source.fill::<W>(layer, r.dynamics.beta_i, at, &mut strip.g_v);
            r.surrogate(strip);
        }
        let ends = self.ends.get(at / LANES..(at + W) / LANES);
        let end = ends.map_or(steps, |ends| ends.iter().fold(0, |a, b| a.max(*b as usize)));
        let bias = match (r.settings.rule, self.ef2.is_empty()) {
            (Rule::Activation, _) => r.run::<W, true, false, false>(at, end, strip),
            (Rule::Timing, true) => r.run::<W, false, true, false>(at, end, strip),
            (Rule::Timing, false) => r.run::<W, false, true, true>(at, end, strip),
            (Rule::Antlr, true) => r.run::<W, true, true, false>(at, end, strip),
            (Rule::Antlr, false) => r.run::<W, true, true, true>(at, end, strip),
        };
        *block_mut(self.bias, at) = bias;
        match self.sparse {
            None => scatter::<W>(&strip.g_i, layer.stride, at, self.g_i),
            Some(below) => {
                let busy = (0..steps).filter(|&t| !below.at(t).is_empty());
                for (t, row) in busy.zip(self.g_i.chunks_exact_mut(layer.stride)) {
                    *block_mut::<W>(row, at) = *block(&strip.g_i, t * W);
                }
            }
        }
        scatter::<W>(&strip.ef2, layer.stride, at, self.ef2);
        scatter::<W>(&strip.g_v, layer.stride, at, self.g_v);
    }
}
