//! One thing to learn from: an input and what is wanted of the output.

use super::Raster;
use super::reserve::Reserve;

/// An input raster `[time, input]` and its target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    pub input: Raster,
    pub target: Target,
}

/// Targets of one task have about the same number of spikes.
impl Reserve for Sample {
    fn reserve_like(&mut self, like: &Self) {
        self.input.reserve_like(&like.input);
    }
}

/// What is wanted of the output. The spike-train loss uses the spikes, the count loss their number for each output,
/// the latency loss the label ([model §4](crate::model#4-losses)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Wanted output spikes `[time, output]`.
    pub spikes: Raster,
    /// The output that should spike first.
    pub label: usize,
}
