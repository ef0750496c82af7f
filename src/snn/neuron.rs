//! The dynamics of a neuron ([model §1](crate::model#1-the-neuron-forward)).

/// The threshold θ: a neuron spikes at the steps at which its potential has reached it.
pub const THRESHOLD: f32 = 1.0;

/// Whether a potential is that of a spike. NaN is no spike.
#[inline(always)]
pub(crate) fn is_spike(v: f32) -> bool {
    v >= THRESHOLD
}

/// Whether one of these potentials is that of a spike.
#[inline(always)]
pub(crate) fn any_spike<const W: usize>(v: &[f32; W]) -> bool {
    let mut any = false;
    for v in v {
        any |= is_spike(*v);
    }
    any
}

/// The decays, and the scales of inputs and biases: α_i, α_v, β_i, β_v, β_b of [the model](crate::model).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeuronSettings {
    /// α_i, decay of the synaptic current per step, in 0..=1.
    pub alpha_i: f64,
    /// α_v, decay of the membrane potential per step, in 0..=1.
    pub alpha_v: f64,
    /// Scales so that the peak of a PSP is its weight; the three β below are then not used.
    pub beta_auto: bool,
    /// β_i, scale of the weighted input.
    pub beta_i: f64,
    /// β_v, scale of the current in the potential.
    pub beta_v: f64,
    /// β_b, scale of the bias.
    pub beta_bias: f64,
}

impl Default for NeuronSettings {
    /// The defaults of a case ([model §9](crate::model#9-cases)).
    fn default() -> Self {
        Self { alpha_i: 0.99, alpha_v: 0.99, beta_auto: true, beta_i: 1.0, beta_v: 1.0, beta_bias: 1.0 }
    }
}

impl NeuronSettings {
    /// The constants of the kernels for a run of `time` configured steps: in double precision until the last moment,
    /// then rounded once.
    pub fn dynamics(&self, time: usize) -> Dynamics {
        let (bi, bv, bb) = if self.beta_auto {
            let peak = psp(self.alpha_i, self.alpha_v, time).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
            (1.0, 1.0 / peak, 1.0 / peak)
        } else {
            (self.beta_i, self.beta_v, self.beta_bias)
        };
        Dynamics {
            alpha_i: self.alpha_i as f32,
            alpha_v: self.alpha_v as f32,
            beta_i: bi as f32,
            beta_v: bv as f32,
            beta_b: bb as f32,
        }
    }
}

/// `ε[t] = Σ_k α_i^k α_v^(t−k)` for `time` steps: the post-synaptic potential of one unit of input
/// ([model §1](crate::model#1-the-neuron-forward)).
pub fn psp(alpha_i: f64, alpha_v: f64, time: usize) -> impl Iterator<Item = f64> {
    let (mut current, mut potential) = (1.0, 0.0);
    (0..time).map(move |_| {
        potential = alpha_v * potential + current;
        current *= alpha_i;
        potential
    })
}

/// [`NeuronSettings`] in the arithmetic of the kernels, with automatic scaling resolved. Decays are per step; the
/// potential has the unit of the threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dynamics {
    /// α_i, decay of the current per step.
    pub alpha_i: f32,
    /// α_v, decay of the potential per step.
    pub alpha_v: f32,
    /// β_i, scale of the weighted input.
    pub beta_i: f32,
    /// β_v, scale of the current in the potential.
    pub beta_v: f32,
    /// β_b, scale of the bias.
    pub beta_b: f32,
}

/// The state of one neuron between two steps, as its reset left it.
#[derive(Clone, Copy, Default)]
pub(super) struct NeuronState {
    /// alive · i
    pub i: f32,
    /// alive · v
    pub v: f32,
}

impl NeuronState {
    /// One step of the recurrences: takes W s and the bias, and returns v, before the reset.
    #[inline(always)]
    pub fn step(&mut self, d: &Dynamics, drive: f32, bias: f32) -> f32 {
        let i = d.beta_i * drive + d.alpha_i * self.i;
        let v = d.beta_v * i + d.beta_b * bias + d.alpha_v * self.v;
        let alive = if is_spike(v) { 0.0 } else { 1.0 };
        self.i = alive * i;
        self.v = alive * v;
        v
    }
}

/// The time constant τ = −dt / ln α of a decay α per step of length `dt`, in the unit of `dt`; infinite for α = 1, zero for
/// α = 0.
pub fn tau(alpha: f64, dt: f64) -> f64 {
    if alpha >= 1.0 { f64::INFINITY } else { -dt / libm::log(alpha.max(0.0)) }
}

/// The decay α per step of length `dt` that has the time constant `tau`, in the unit of `dt`.
pub fn alpha(tau: f64, dt: f64) -> f64 {
    if tau.is_infinite() { 1.0 } else { libm::exp(-dt / tau.max(0.0)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn psp_is_the_double_exponential_of_the_model() {
        for (ai, av) in [(0.0, 0.9), (0.7, 0.7), (0.9, 0.99), (1.0, 1.0), (0.5, 1.0), (0.0, 0.0)] {
            for (t, got) in psp(ai, av, 30).enumerate() {
                let sum: f64 = (0..=t as i32).map(|k| f64::powi(ai, k) * f64::powi(av, t as i32 - k)).sum();
                assert!((got - sum).abs() < 1e-12 * sum.max(1.0), "{ai} {av} {t}: {got} {sum}");
            }
        }
    }

    #[test]
    fn time_constants_and_decays_are_inverse() {
        for a in [0.0, 0.5, 0.95, 0.999, 1.0] {
            assert!((alpha(tau(a, 0.5), 0.5) - a).abs() < 1e-12);
        }
        assert_eq!(tau(0.0, 1.0), 0.0);
    }
}
