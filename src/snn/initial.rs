//! The distribution of the initial weights ([model §2](crate::model#2-layers)). Biases begin at 0.

/// The settings of the draw: `weight = draw + constant`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InitialWeights {
    pub spread: WeightDistribution,
    /// Added to every weight.
    pub constant: f64,
}

/// The distribution around the constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WeightDistribution {
    /// Uniform in ±gain/√fan_in; fan_in = in·k² for a convolution.
    Uniform { gain: f64 },
    /// Normal with this standard deviation, independent of the fan-in.
    Normal { deviation: f64 },
}

impl Default for InitialWeights {
    /// Uniform with gain 1, nothing added.
    fn default() -> Self {
        Self { spread: WeightDistribution::Uniform { gain: 1.0 }, constant: 0.0 }
    }
}
