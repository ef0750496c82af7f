//! From gradients to parameters: SGD, Adam, the step schedule, clipping ([model §6](crate::model#6-learning)).

mod magnitude;

use crate::named::named;

pub use magnitude::Magnitudes;

named! {
    /// Which optimiser takes the steps.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum OptimiserKind {
        /// Steps against the gradient, with momentum if wanted.
        Sgd => "sgd", "SGD";
        /// Steps scaled for each weight by the size of its recent gradients.
        Adam => "adam", "Adam";
    }
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

impl OptimiserSettings {
    /// The learning rate in `epoch`, counted from 0: stepwise decay.
    pub fn rate(&self, epoch: u64) -> f64 {
        let drops = if self.schedule_every == 0 { 0 } else { epoch / self.schedule_every as u64 };
        (0..drops.min(10_000)).fold(self.learning_rate, |rate, _| rate * self.gamma)
    }
}

/// The optimiser's memory: what it must keep from one update to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimiser {
    /// Adam's first moment, or SGD's momentum buffer.
    pub first: Vec<f32>,
    /// Adam's second moment.
    pub second: Vec<f32>,
    /// Updates that this memory has seen.
    pub steps: u64,
}

impl Optimiser {
    pub fn new(parameters: usize) -> Self {
        Self { first: vec![0.0; parameters], second: vec![0.0; parameters], steps: 0 }
    }

    /// Forgets everything, as after a change from one optimiser to the other.
    pub fn reset(&mut self) {
        self.first.fill(0.0);
        self.second.fill(0.0);
        self.steps = 0;
    }

    /// Begins an update at learning rate `rate`: what is done to every parameter. Entry by entry, so any order and any
    /// parts give the same bits.
    pub fn begin(&mut self, settings: &OptimiserSettings, rate: f64) -> UpdateRule {
        self.steps += 1;
        let power = |b: f64| libm::pow(b, self.steps as f64);
        let decay = settings.weight_decay as f32;
        match settings.kind {
            OptimiserKind::Sgd => {
                // the first step has no past: the buffer starts as the gradient itself
                let momentum = if self.steps == 1 { 0.0 } else { settings.momentum as f32 };
                UpdateRule::Sgd { decay, momentum, rate: rate as f32 }
            }
            OptimiserKind::Adam => UpdateRule::Adam {
                decay,
                b: [settings.beta1 as f32, settings.beta2 as f32],
                c: [(1.0 - settings.beta1) as f32, (1.0 - settings.beta2) as f32],
                size: (rate / (1.0 - power(settings.beta1))) as f32,
                correction: (1.0 / libm::sqrt(1.0 - power(settings.beta2))) as f32,
                epsilon: settings.epsilon as f32,
            },
        }
    }

    /// One whole update.
    pub fn step(&mut self, settings: &OptimiserSettings, rate: f64, params: &mut [f32], gradient: &[f32]) {
        let change = self.begin(settings, rate);
        change.apply([params, &mut self.first, &mut self.second], gradient);
    }
}

/// What an update does to every parameter.
#[derive(Clone, Copy, Debug)]
pub enum UpdateRule {
    Sgd { decay: f32, momentum: f32, rate: f32 },
    Adam { decay: f32, b: [f32; 2], c: [f32; 2], size: f32, correction: f32, epsilon: f32 },
}

impl UpdateRule {
    /// Changes some parameters; `first` and `second` are theirs in the optimiser's memory.
    #[inline(always)]
    pub fn apply(self, [params, first, second]: [&mut [f32]; 3], gradient: &[f32]) {
        match self {
            Self::Sgd { decay, momentum, rate } => {
                for ((p, g), buffer) in params.iter_mut().zip(gradient).zip(first) {
                    *buffer = momentum * *buffer + (g + decay * *p);
                    *p -= rate * *buffer;
                }
            }
            Self::Adam { decay, b: [b1, b2], c: [c1, c2], size, correction, epsilon } => {
                let moments = first.iter_mut().zip(second);
                for ((p, g), (m, v)) in params.iter_mut().zip(gradient).zip(moments) {
                    let g = g + decay * *p;
                    *m = b1 * *m + c1 * g;
                    *v = b2 * *v + c2 * (g * g);
                    *p -= size * *m / (v.sqrt() * correction + epsilon);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected numbers were made by PyTorch's definition in float64:
    /// ```python
    /// p, m, v = 1.0, 0.0, 0.0
    /// for t, g in enumerate([0.5, -0.2, 0.1], 1):
    ///     g += 0.01 * p; m = .9*m + .1*g; v = .999*v + .001*g*g
    ///     p -= 0.1 * (m / (1 - .9**t)) / ((v / (1 - .999**t)) ** .5 + 1e-8)
    /// ```
    #[test]
    fn adam_with_weight_decay() {
        let settings = OptimiserSettings { weight_decay: 0.01, ..OptimiserSettings::default() };
        let (mut p, mut adam) = ([1.0f32], Optimiser::new(1));
        let got: Vec<f32> = [0.5, -0.2, 0.1]
            .iter()
            .map(|g| {
                adam.step(&settings, 0.1, &mut p, &[*g]);
                p[0]
            })
            .collect();
        let (mut q, mut m, mut v) = (1.0f64, 0.0f64, 0.0f64);
        for (t, g) in [0.5f64, -0.2, 0.1].iter().enumerate() {
            let g = g + 0.01 * q;
            (m, v) = (0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g);
            let (a, b) = (1.0 - 0.9f64.powi(t as i32 + 1), 1.0 - 0.999f64.powi(t as i32 + 1));
            q -= 0.1 * (m / a) / ((v / b).sqrt() + 1e-8);
            assert!((f64::from(got[t]) - q).abs() < 2e-7, "{t}: {} {q}", got[t]);
        }
        assert!((got[0] - 0.9).abs() < 1e-6);
    }

    #[test]
    fn sgd_with_momentum_and_decay() {
        let settings = OptimiserSettings {
            kind: OptimiserKind::Sgd,
            momentum: 0.5,
            weight_decay: 0.1,
            ..OptimiserSettings::default()
        };
        let (mut p, mut sgd) = ([2.0f32], Optimiser::new(1));
        sgd.step(&settings, 0.1, &mut p, &[1.0]);
        assert!((p[0] - (2.0 - 0.1 * 1.2)).abs() < 1e-6);
        sgd.step(&settings, 0.1, &mut p, &[1.0]);
        assert!((p[0] - (1.88 - 0.1 * (0.5 * 1.2 + 1.188))).abs() < 1e-6);
    }

    #[test]
    fn the_schedule_steps() {
        let s = OptimiserSettings { schedule_every: 10, learning_rate: 1.0, gamma: 0.1, ..Default::default() };
        assert_eq!((s.rate(0), s.rate(9), s.rate(10), s.rate(29)), (1.0, 1.0, 0.1, 0.1 * 0.1));
        assert_eq!(OptimiserSettings::default().rate(1_000_000), 0.003);
    }
}
