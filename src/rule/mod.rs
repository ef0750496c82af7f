//! The three gradient rules: from the derivatives at the output to parameter gradients (model.md, section 5).

mod activation;
pub mod backward;
pub mod gradient;
mod strip;
mod timing;
mod turned;

pub use backward::{Adjoint, Way};
pub use gradient::{Finish, Share, weight_gradient};
pub use turned::Turned;

use crate::named::named;

named! {
    /// A gradient rule (model.md, section 5).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
    pub enum Rule {
        /// Activation sees potentials near the threshold, and so that a spike could appear or vanish. It misjudges where a
        /// spike should move.
        Activation => "activation", "Activation";
        /// Timing sees how existing spikes move. It cannot see that one could appear or vanish: where that happens, it is a
        /// side effect or due to the silent-neuron penalty.
        Timing => "timing", "Timing";
        /// ANTLR sees both: spikes that could appear or vanish, and how existing ones move.
        Antlr => "antlr", "ANTLR";
    }

}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.key())
    }
}

/// The rule and its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RuleSettings {
    pub rule: Rule,
    /// a_σ of the surrogate derivative σ(v) = a_σ · exp(−b_σ |v − 1|).
    pub surrogate_alpha: f64,
    /// b_σ of the same.
    pub surrogate_beta: f64,
    /// λ_act, ANTLR's weight of the activation part.
    pub lambda_act: f64,
    /// λ_tim, ANTLR's weight of the timing part.
    pub lambda_timing: f64,
    /// What the timing rule adds to the weights into silent neurons.
    pub timing_penalty: Switched,
    /// Every entry of a gradient is clamped to ± this.
    pub grad_clip: Switched,
}

/// A number that can be switched off without being forgotten.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switched {
    pub on: bool,
    /// What holds while `on`, and what comes back when it is switched on again.
    pub value: f64,
}

impl Switched {
    pub const fn on(value: f64) -> Self {
        Self { on: true, value }
    }

    pub const fn off(value: f64) -> Self {
        Self { on: false, value }
    }

    /// The number where it is on.
    pub fn get(self) -> Option<f64> {
        self.on.then_some(self.value)
    }
}

impl Default for RuleSettings {
    /// The defaults of a case (model.md, section 9), with ANTLR.
    fn default() -> Self {
        Self {
            rule: Rule::Antlr,
            surrogate_alpha: 1.0,
            surrogate_beta: 3.0,
            lambda_act: 1.0,
            lambda_timing: 1.0,
            timing_penalty: Switched::on(100.0),
            grad_clip: Switched::off(1.0),
        }
    }
}
