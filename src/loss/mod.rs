//! The three losses: their value, and their derivatives at the output (model.md, section 4).

mod count;
mod latency;
mod spike_train;

use crate::named::named;
use crate::snn::OutputGradient;
use crate::snn::network::padded;
use crate::spike::{Raster, Target};

named! {
    /// Which loss is trained.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum LossKind {
        /// Output spikes should come at the steps of the target spikes (van Rossum distance).
        SpikeTrain => "spike_train", "Spike train";
        /// Each output should spike as often as its target, no matter when.
        Count => "count", "Count";
        /// The output of the sample's class should be the first to spike (cross-entropy of the first-spike times).
        Latency => "latency", "Latency";
    }
}

/// The loss and its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossSettings {
    pub kind: LossKind,
    /// a of the van Rossum kernel, `κ[k] = a^k`.
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

impl LossSettings {
    /// Whether fewer than all steps may count.
    pub fn may_stop(&self) -> bool {
        self.kind == LossKind::Latency
    }

    /// The steps of a run that count: for the latency loss those up to the first by which every output of every
    /// sample has spiked (all, if that never comes), for the others all of them.
    pub fn steps<'a>(&self, time: usize, outputs: impl IntoIterator<Item = &'a Raster>) -> usize {
        match self.kind {
            LossKind::Latency => {
                let last = outputs.into_iter().map(|o| latency::all_spiked_after(o).unwrap_or(time)).max();
                last.unwrap_or(time)
            }
            LossKind::SpikeTrain | LossKind::Count => time,
        }
    }
}

/// What one sample adds to the loss of its batch, and the derivatives at its output.
///
/// Holds the work memory; `output` and the result are `[time, output]` of `steps` steps.
#[derive(Clone, Debug, Default)]
pub struct Evaluator {
    spike_train: spike_train::Work,
    count: Vec<i64>,
    latency: latency::Work,
}

/// The sizes that the scale of a loss depends on.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// T as configured.
    pub time: usize,
    /// Steps that count, see [`LossSettings::steps`].
    pub steps: usize,
    /// B, samples of the batch.
    pub batch: usize,
}

impl Evaluator {
    /// The sample's share of the loss. With `gradient` also dL/dS and dL/dT, in rows of whole blocks.
    #[inline(always)]
    pub fn evaluate(
        &mut self,
        settings: &LossSettings,
        extent: Extent,
        output: &Raster,
        target: &Target,
        mut gradient: Option<&mut OutputGradient>,
    ) -> f64 {
        if let Some(g) = gradient.as_deref_mut() {
            g.reset(extent.steps, padded(output.units()));
        }
        match settings.kind {
            LossKind::SpikeTrain => {
                self.spike_train.evaluate(settings.kernel_alpha, extent, output, &target.spikes, gradient)
            }
            LossKind::Count => count::evaluate(&mut self.count, extent, output, &target.spikes, gradient),
            LossKind::Latency => latency::evaluate(&mut self.latency, settings, extent, output, target.label, gradient),
        }
    }
}
