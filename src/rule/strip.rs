//! The recursions of one layer, back in time, for a strip of neighbouring neurons
//! ([model §5](crate::model#5-the-three-rules-backward)). Names are the letters of the model.

use crate::snn::lanes::{LANES, block, block_mut};
use crate::snn::neuron::{any_spike, is_spike};
use crate::snn::{Dynamics, Layer};
use crate::spike::Raster;

use super::{Rule, RuleSettings, timing};

/// The lower bound of the slope v′.
const SLOPE_MIN: f32 = 0.01;

/// The values of the strip being computed, `[time][W]` each: close together, so that the recursions never wait for memory.
#[derive(Clone, Debug, Default)]
pub struct BackwardStrip {
    /// v
    pub v: Vec<f32>,
    /// g_s, then its product with the surrogate derivative, at last g_v.
    pub g_v: Vec<f32>,
    /// g_i
    pub g_i: Vec<f32>,
    /// ef2
    pub ef2: Vec<f32>,
}

impl BackwardStrip {
    /// Takes memory for `steps` steps of `width` neurons.
    pub fn reserve(&mut self, steps: usize, width: usize) {
        for values in [&mut self.v, &mut self.g_v, &mut self.g_i, &mut self.ef2] {
            values.reserve_exact((steps * width).saturating_sub(values.len()));
        }
    }

    /// Makes room for `steps` steps of `width` neurons.
    pub fn resize(&mut self, steps: usize, width: usize) {
        for values in [&mut self.v, &mut self.g_v, &mut self.g_i, &mut self.ef2] {
            values.resize(steps * width, 0.0);
        }
    }
}

/// Everything that the recursions of a layer have in common.
#[derive(Clone, Copy)]
pub struct AdjointRecursion<'a> {
    pub dynamics: &'a Dynamics,
    pub settings: &'a RuleSettings,
    pub layer: &'a Layer,
    /// The layer's output, `[time, unit]`.
    pub spikes: &'a Raster,
    /// g_t, one for each of these spikes.
    pub g_t: &'a [f32],
}

impl AdjointRecursion<'_> {
    /// Fills `ends` with the steps of each block of neurons that have a gradient, at most `steps`. Of the layer's image,
    /// only the part `seen` gets g_s.
    ///
    /// Without g_s, nothing comes after the last spike with a g_t.
    pub fn find_ends(&self, steps: usize, seen: [usize; 2], ends: &mut Vec<u32>) {
        let Self { layer, spikes, g_t, .. } = *self;
        let (blocks, [_, width]) = (layer.lanes / LANES, layer.to.image());
        ends.clear();
        ends.resize(layer.stride / LANES, 0);
        if self.settings.rule == Rule::Timing {
            for t in 0..steps {
                let moved = spikes.at(t).iter().zip(&g_t[spikes.start(t)..]).filter(|(_, g)| **g != 0.0);
                moved.for_each(|(&unit, _)| ends[layer.place(unit as usize) / LANES] = t as u32 + 1);
            }
        } else {
            for (position, ends) in ends.chunks_exact_mut(blocks).enumerate() {
                if position / width < seen[0] && position % width < seen[1] {
                    ends.fill(steps as u32);
                }
            }
        }
    }

    /// Turns g_s into λ_act · σ(v) · g_s, where σ is the surrogate derivative (λ_act = 1 unless the rule is ANTLR).
    ///
    /// Not part of the recursions, because every value is independent: the exponentials of many steps run side by side.
    #[inline(always)]
    pub fn surrogate(&self, g_s: &mut [f32], v: &[f32]) {
        let both = self.settings.rule == Rule::Antlr;
        let weight = self.settings.surrogate_alpha * if both { self.settings.lambda_act } else { 1.0 };
        let (weight, sharp) = (weight as f32, self.settings.surrogate_beta as f32);
        self.settings.shape.multiply(g_s, v, weight, sharp);
    }

    /// Runs the `W` neurons from `at` on back in time, beginning with the step before `end`; later steps have no gradient.
    /// Returns Σ_t g_dep.
    #[inline(always)]
    pub fn run<const W: usize, const ACTIVATION: bool, const TIMING: bool, const EF2: bool>(
        &self,
        at: usize,
        end: usize,
        strip: &mut BackwardStrip,
    ) -> [f32; W] {
        let Dynamics { alpha_i, alpha_v, beta_v, .. } = *self.dynamics;
        let lambda_tim = if ACTIVATION { self.settings.lambda_timing as f32 } else { 1.0 };
        let BackwardStrip { v: potential, g_v: gradient, g_i: current, ef2: effect } = strip;
        for values in [&mut *gradient, current, effect] {
            values[end * W..].fill(0.0);
        }
        // of step t + 1: zero after the last step
        let [mut g_v, mut ef1, mut ef2, mut g_dep, mut g_i, mut bias] = [[0.0f32; W]; 6];
        let mut v: [f32; W] = if end > 0 { *block(potential, (end - 1) * W) } else { [0.0; W] };
        for t in (0..end).rev() {
            let before: [f32; W] = if t > 0 { *block(potential, (t - 1) * W) } else { [0.0; W] };
            let mut now: [f32; W] = if ACTIVATION { *block(gradient, t * W) } else { [0.0; W] };
            if TIMING && any_spike(&v) {
                let g_t: [f32; W] = timing::at(self.layer, self.spikes, self.g_t, t, at);
                for k in 0..W {
                    let kept = if is_spike(before[k]) { 0.0 } else { before[k] };
                    let rise = v[k] - kept;
                    let slope = if rise < SLOPE_MIN { SLOPE_MIN } else { rise };
                    now[k] += if is_spike(v[k]) { lambda_tim * (g_t[k] / -slope) } else { 0.0 };
                }
            }
            for k in 0..W {
                let alive = if is_spike(v[k]) { 0.0 } else { 1.0 };
                if EF2 {
                    ef1[k] = alive * (0.5 * g_v[k] + alpha_v * ef1[k]) - 0.5 * alpha_v * now[k];
                    ef2[k] = alive * alpha_i * ef2[k] - 0.5 * beta_v * alpha_i * now[k] + beta_v * ef1[k];
                }
                g_dep[k] = now[k] + alpha_v * alive * g_dep[k];
                g_i[k] = beta_v * g_dep[k] + alpha_i * alive * g_i[k];
                bias[k] += g_dep[k];
            }
            g_v = now;
            *block_mut(gradient, t * W) = g_v;
            *block_mut(current, t * W) = g_i;
            if EF2 {
                *block_mut(effect, t * W) = ef2;
            }
            v = before;
        }
        bias
    }
}
