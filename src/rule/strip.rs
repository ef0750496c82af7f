//! The recursions of one layer, back in time, for a strip of neighbouring neurons ([model
//! §5](crate::model#5-the-three-rules-backward)).

use crate::snn::forward::{any_spike, block, block_mut};
use crate::snn::network::LANES;
use crate::snn::{Dynamics, Layer, exp::exp_neg};
use crate::spike::Raster;

use super::{Rule, RuleSettings, timing};

/// The slope v′ is bounded below by this.
const SLOPE_MIN: f32 = 0.01;

/// Of the neurons that are under way, `[time][W]`: so close together that the recursions never wait for memory.
#[derive(Clone, Debug, Default)]
pub struct BackwardStrip {
    /// v
    pub potential: Vec<f32>,
    /// g_s, then what the surrogate derivative makes of it, then g_v.
    pub gradient: Vec<f32>,
    /// g_i
    pub current: Vec<f32>,
    /// ef2
    pub effect: Vec<f32>,
}

impl BackwardStrip {
    /// Of `steps` steps of `width` neurons.
    pub fn resize(&mut self, steps: usize, width: usize) {
        for values in [&mut self.potential, &mut self.gradient, &mut self.current, &mut self.effect] {
            values.resize(steps * width, 0.0);
        }
    }
}

/// What the recursions of a layer have in common.
#[derive(Clone, Copy)]
pub struct AdjointRecursion<'a> {
    pub dynamics: &'a Dynamics,
    pub settings: &'a RuleSettings,
    pub layer: &'a Layer,
    pub spikes: &'a Raster,
    /// g_t of these spikes.
    pub timing: &'a [f32],
}

impl AdjointRecursion<'_> {
    /// For each [`LANES`] neighbours the step behind their last spike.
    pub fn find_ends(&self, ends: &mut Vec<u32>) {
        ends.clear();
        ends.resize(self.layer.stride / LANES, 0);
        for (t, unit) in self.spikes.iter() {
            ends[self.layer.place(unit as usize) / LANES] = t as u32 + 1;
        }
    }

    /// g_s becomes λ_act · σ(v) · g_s, σ being the surrogate derivative.
    ///
    /// Apart from the recursions, because each value stands for itself: exponentials of many steps go side by side.
    #[inline(always)]
    pub fn surrogate(&self, strip: &mut BackwardStrip) {
        let both = self.settings.rule == Rule::Antlr;
        let weight = self.settings.surrogate_alpha * if both { self.settings.lambda_act } else { 1.0 };
        let (weight, sharp) = (weight as f32, self.settings.surrogate_beta as f32);
        for (g, v) in strip.gradient.iter_mut().zip(&strip.potential) {
            *g *= weight * exp_neg(-sharp * (v - 1.0).abs());
        }
    }

    /// Runs the `W` neurons from `at` on back in time, from the step before `end`: what lies behind it has no
    /// gradient. Gives Σ_t g_dep.
    #[inline(always)]
    pub fn run<const W: usize, const ACTIVATION: bool, const TIMING: bool, const EFFECT: bool>(
        &self,
        at: usize,
        end: usize,
        strip: &mut BackwardStrip,
    ) -> [f32; W] {
        let Dynamics { alpha_i, alpha_v, beta_v, .. } = *self.dynamics;
        let weight_t = if ACTIVATION { self.settings.lambda_timing as f32 } else { 1.0 };
        let BackwardStrip { potential, gradient, current, effect } = strip;
        for values in [&mut *gradient, current, effect] {
            values[end * W..].fill(0.0);
        }
        // the step after: zero behind the last
        let [mut g_v, mut ef1, mut ef2, mut g_dep, mut g_i, mut bias] = [[0.0f32; W]; 6];
        let mut v: [f32; W] = if end > 0 { *block(potential, (end - 1) * W) } else { [0.0; W] };
        for t in (0..end).rev() {
            let before: [f32; W] = if t > 0 { *block(potential, (t - 1) * W) } else { [0.0; W] };
            let mut now: [f32; W] = if ACTIVATION { *block(gradient, t * W) } else { [0.0; W] };
            if TIMING && any_spike(&v) {
                let g_t: [f32; W] = timing::at(self.layer, self.spikes, self.timing, t, at);
                for k in 0..W {
                    let kept = if before[k] >= 1.0 { 0.0 } else { before[k] };
                    let rise = v[k] - kept;
                    let slope = if rise < SLOPE_MIN { SLOPE_MIN } else { rise };
                    now[k] += if v[k] >= 1.0 { weight_t * (g_t[k] / -slope) } else { 0.0 };
                }
            }
            for k in 0..W {
                let alive = if v[k] >= 1.0 { 0.0 } else { 1.0 };
                if EFFECT {
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
            if EFFECT {
                *block_mut(effect, t * W) = ef2;
            }
            v = before;
        }
        bias
    }
}
