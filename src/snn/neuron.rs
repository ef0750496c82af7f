//! What every neuron does in a step ([model §1](crate::model#1-the-neuron-forward)).

/// The decays, and the scale of inputs and biases. Symbols of [the model](crate::model): α_i, α_v, β_i, β_v, β_b.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeuronSettings {
    /// α_i, decay of the synaptic current per step, in 0..=1.
    pub alpha_i: f64,
    /// α_v, decay of the membrane potential per step, in 0..=1.
    pub alpha_v: f64,
    /// Scale so that the peak of a PSP is the weight; the three β below are then not used.
    pub beta_auto: bool,
    pub beta_i: f64,
    pub beta_v: f64,
    pub beta_bias: f64,
}

impl Default for NeuronSettings {
    /// The defaults of a case ([model §9](crate::model#9-cases)).
    fn default() -> Self {
        Self { alpha_i: 0.99, alpha_v: 0.99, beta_auto: true, beta_i: 1.0, beta_v: 1.0, beta_bias: 1.0 }
    }
}

impl NeuronSettings {
    /// The numbers that the kernels use, for a run of `time` configured steps.
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

/// `ε[t] = Σ_k α_i^k α_v^(t−k)` for `time` steps: the potential that one unit of input leaves ([model
/// §1](crate::model#1-the-neuron-forward)).
pub fn psp(alpha_i: f64, alpha_v: f64, time: usize) -> impl Iterator<Item = f64> {
    let (mut current, mut potential) = (1.0, 0.0);
    (0..time).map(move |_| {
        potential = alpha_v * potential + current;
        current *= alpha_i;
        potential
    })
}

/// [`NeuronSettings`] in the arithmetic of the kernels, automatic scaling resolved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dynamics {
    pub alpha_i: f32,
    pub alpha_v: f32,
    pub beta_i: f32,
    pub beta_v: f32,
    pub beta_b: f32,
}

/// A time constant τ = −dt / ln α for a decay α per step of `dt`; infinite for α = 1, zero for α = 0.
pub fn tau(alpha: f64, dt: f64) -> f64 {
    if alpha >= 1.0 { f64::INFINITY } else { -dt / libm::log(alpha.max(0.0)) }
}

/// The decay α per step of `dt` that has the time constant `tau`.
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
