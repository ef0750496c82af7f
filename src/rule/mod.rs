//! The three gradient rules: from the derivatives at the output to the gradient of the parameters
//! ([model §5](crate::model#5-the-three-rules-backward)).
//!
//! A [`BackwardPass`] takes one sample's [`Trace`](crate::snn::Trace) and [`OutputGradient`](crate::snn::OutputGradient) and
//! fills an [`Adjoint`], top layer first. Then every sample adds its [`SampleContribution`] to the gradient of the weights
//! ([`weight_gradient`]), and a [`GradientPost`] scales, penalises and clips the sum. A rule knows nothing of losses.
//!
//! | file | quantities of the model |
//! |---|---|
//! | `transposed` | Wᵀ, once per batch |
//! | `backward` | the order of layers, and how g_s and g_t come to each |
//! | `activation` | g_s through the layer above |
//! | `timing` | g_t through the layer above |
//! | `surrogate` | σ(v) |
//! | `strip` | g_v, ef1, ef2, g_dep, g_i: the recursions back in time |
//! | `gradient` | dL/dW and dL/dbias |

mod activation;
pub mod backward;
pub mod gradient;
mod strip;
mod strip_pass;
mod surrogate;
mod timing;
mod transposed;

pub use backward::{Adjoint, BackwardPass, BackwardStart, LayerAdjoint};
pub use gradient::{GradientPost, SampleContribution, weight_gradient};
pub use surrogate::SurrogateShape;
pub use transposed::Transposed;

use crate::named::named;

named! {
    /// A gradient rule ([model §5](crate::model#5-the-three-rules-backward)).
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
    /// The shape of the surrogate derivative σ(v).
    pub shape: SurrogateShape,
    /// a_σ, the height of σ(v) at the threshold.
    pub surrogate_alpha: f64,
    /// b_σ of the same.
    pub surrogate_beta: f64,
    /// λ_act, ANTLR's weight of the activation part.
    pub lambda_act: f64,
    /// λ_tim, ANTLR's weight of the timing part.
    pub lambda_timing: f64,
    /// The penalty on silent neurons, with the timing-based rule alone: raises every weight into them.
    pub timing_penalty: Switched,
    /// Every entry of a gradient is clamped to ± this value.
    pub grad_clip: Switched,
}

/// A number that can be switched off without being forgotten.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switched {
    pub on: bool,
    /// The value while `on`, and the one that comes back when it is switched on again.
    pub value: f64,
}

impl Switched {
    /// Switched on with this value.
    pub const fn on(value: f64) -> Self {
        Self { on: true, value }
    }

    /// Switched off; the value is remembered.
    pub const fn off(value: f64) -> Self {
        Self { on: false, value }
    }

    /// The value, where it is on.
    pub fn get(self) -> Option<f64> {
        self.on.then_some(self.value)
    }
}

impl Default for RuleSettings {
    /// The defaults of a case ([model §9](crate::model#9-cases)), with ANTLR.
    fn default() -> Self {
        Self {
            rule: Rule::Antlr,
            shape: SurrogateShape::Exponential,
            surrogate_alpha: 1.0,
            surrogate_beta: 3.0,
            lambda_act: 1.0,
            lambda_timing: 1.0,
            timing_penalty: Switched::on(100.0),
            grad_clip: Switched::off(1.0),
        }
    }
}
