//! The three losses: their value, and their derivatives at the output (model.md, section 4).

/// Which loss is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossKind {
    SpikeTrain,
    Count,
    Latency,
}

/// The loss and its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossSettings {
    pub kind: LossKind,
    /// a of the van Rossum kernel κ[k] = a^k.
    pub kernel_alpha: f64,
    /// Sharpness of the latency loss's softmax over the remaining steps.
    pub softmax_beta: f64,
    /// λ_nospike, the latency loss's price of a silent label neuron.
    pub lambda_nospike: f64,
}

impl Default for LossSettings {
    /// The defaults of a case (model.md, section 9).
    fn default() -> Self {
        Self { kind: LossKind::SpikeTrain, kernel_alpha: 0.9, softmax_beta: 1.0 / 6.0, lambda_nospike: 0.1 }
    }
}
