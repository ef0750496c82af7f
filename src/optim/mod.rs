//! From gradients to parameters: SGD, Adam, the step schedule, clipping (model.md, section 6).

/// Which optimiser takes the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptimiserKind {
    Sgd,
    Adam,
}

/// The optimiser and its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptimiserSettings {
    pub kind: OptimiserKind,
    pub learning_rate: f64,
    /// SGD's momentum, 0 for none.
    pub momentum: f64,
    /// Adam's β₁.
    pub beta1: f64,
    /// Adam's β₂.
    pub beta2: f64,
    /// Adam's ε.
    pub epsilon: f64,
    /// Times the parameter, added to its gradient.
    pub weight_decay: f64,
    /// The learning rate is multiplied by `gamma` every `schedule_every` epochs; 0: never.
    pub schedule_every: usize,
    pub gamma: f64,
}

impl Default for OptimiserSettings {
    fn default() -> Self {
        Self {
            kind: OptimiserKind::Adam,
            learning_rate: 0.003,
            momentum: 0.0,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.0,
            schedule_every: 0,
            gamma: 0.1,
        }
    }
}
