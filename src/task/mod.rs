//! Where samples come from.

pub mod digits;
mod file;
pub mod idx;
pub mod images;
pub mod latency_code;
#[cfg(test)]
mod mutation;
pub mod nmnist;
pub mod own;
pub mod picture;
pub mod random;
pub mod seed;
pub mod source;
pub mod yin_yang;

pub use latency_code::LatencyCode;
pub use source::{Image, Part, Source};

use crate::spike::Sample;

/// The built-in experiment: random spike trains to be matched (model.md, section 3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TaskSettings {
    /// Number of input units.
    pub inputs: usize,
    /// Number of output neurons.
    pub outputs: usize,
    /// T, steps of a sample.
    pub steps: usize,
    /// Milliseconds a step stands for; axes and time constants use it, the arithmetic does not.
    pub dt_ms: f64,
    /// Number of pairs of input and target; all of them are one batch.
    pub pairs: usize,
    /// Probability that an input spikes in a step.
    pub rate: f64,
    /// Target spikes of each output, at distinct steps.
    pub target_spikes: usize,
}

impl Default for TaskSettings {
    fn default() -> Self {
        Self { inputs: 50, outputs: 5, steps: 100, dt_ms: 1.0, pairs: 1, rate: 0.04, target_spikes: 2 }
    }
}

/// What a run learns from.
#[derive(Clone, Debug)]
pub struct Task {
    pub samples: Vec<Sample>,
}
