//! An estimate of how much memory a run needs, made before any of it is allocated.

use super::Settings;
use crate::loss::LossKind;
use crate::snn::trace::worth_keeping;
use crate::task::TaskKind;

/// The memory assumed where the machine is not asked, in bytes.
pub const MEMORY: u64 = crate::machine::ASSUMED_MEMORY;

/// Bytes per weight: the parameter, its gradient, Adam's two moments and the parameter of the best epoch, in f32.
const WEIGHT: u128 = 5 * 4;

/// Bytes per neuron and step of a sample: its potential where that is kept, the gradient of its input, and the gradient passed
/// to the layer below if that has something to learn; each of these in f32.
const STATE: u128 = 4;

/// Bytes per unit without weights and step of a sample, where a layer below learns: the gradient that passes through.
const PASSED: u128 = 4;

/// Bytes per step of a sample in which its strips are computed: v of up to eight blocks of lanes on the way forward and once
/// more on the way back, and v, g_v, g_i and ef2 of one and of two blocks.
const SCRATCH: u128 = (8 + 8 + 4 * (1 + 2)) * 8 * 4;

/// Bytes per step of a sample in which the spike-train loss is computed: three rows of a block of lanes in f64.
const LOSS: u128 = 3 * 8 * 8;

/// Bytes per step of a sample for its rasters: where each step of input, target and layers ends, and some spikes.
const RASTERS: u128 = 64;

/// Bytes per event of a raster.
const EVENT: u128 = 4;

/// Fraction of the steps in which the inputs of a data set spike; recordings have less.
const MOST_BUSY: f64 = 0.05;

impl Settings {
    /// Roughly how many bytes the training of a run takes, not counting data sets. It never overflows: the largest result
    /// stands for anything larger.
    pub fn memory(&self) -> u64 {
        let Ok(net) = self.network() else { return u64::MAX };
        let task = &self.task;
        let weights = net.layers.iter().map(|l| l.parameter_count() as u128).fold(0, u128::saturating_add);
        // inputs could spike in every step; their average rate is close enough
        let busy = if task.kind.free_inputs() { task.rate.clamp(0.0, 1.0) } else { MOST_BUSY };
        let inputs = (net.inputs as u128).saturating_mul((busy * 1000.0).ceil() as u128) / 1000;
        let events = inputs.saturating_mul(task.steps as u128).try_into().unwrap_or(usize::MAX);
        // of the lowest layer, only the steps with input are kept
        let coded = matches!(task.kind, TaskKind::Images | TaskKind::Digits);
        let rows = if coded { task.steps.min(task.latest.saturating_add(1)) } else { task.steps } as u128;
        // rows as they lie in memory, padded to whole blocks of lanes
        let (lowest, mut kept, mut learnt) = (net.lowest(), 0u128, 0u128);
        for (l, layer) in net.layers.iter().enumerate().skip(net.lowest()) {
            let all = (layer.stride as u128).saturating_mul(task.steps as u128);
            if !layer.has_weights() {
                learnt = learnt.saturating_add(all.saturating_mul(PASSED));
                continue;
            }
            if worth_keeping(layer, l == lowest, task.steps, events) {
                kept = kept.saturating_add(all.saturating_mul(STATE));
            }
            let gradients = if l == lowest { rows.saturating_mul(layer.stride as u128) } else { all.saturating_mul(2) };
            learnt = learnt.saturating_add(gradients.saturating_mul(STATE));
        }
        let loss = if self.loss.kind == LossKind::SpikeTrain { LOSS } else { 0 };
        let output = net.layers.last().map_or(0, |layer| layer.stride as u128 * STATE);
        let scratch = (task.steps as u128).saturating_mul(SCRATCH + loss + RASTERS + output);
        let learnt = learnt.saturating_add((events as u128).saturating_mul(EVENT)).saturating_add(scratch);
        let batch = if self.batched() { self.run.batch } else { task.pairs } as u128;
        // the watched sample, and the batches of the validation
        let looked_at = if self.batched() { batch.saturating_add(1) } else { 0 };
        let samples = learnt.saturating_mul(batch).saturating_add(kept.saturating_mul(batch.saturating_add(looked_at)));
        let bytes = weights.saturating_mul(WEIGHT).saturating_add(samples);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::super::NetworkSettings;
    use super::*;
    use crate::spike::Shape;

    #[test]
    fn the_built_in_experiment_is_small() {
        let need = Settings::default().memory();
        // 50·51 + 5·51 weights, 56 + 8 padded neurons, 2 input spikes a step.
        assert_eq!(need, 2805 * 20 + 100 * (56 * 8 + 8 * 12 + 2 * 4 + 896 + 192 + 64 + 32));
    }

    #[test]
    fn convolutions_have_their_positions_and_what_passes_on_has_less() {
        let mut s = Settings::default();
        s.task.set_kind(TaskKind::Nmnist);
        (s.task.steps, s.run.batch) = (100, 8);
        s.set_text("network.hidden", "conv12k5 - avg2 - flatten").unwrap();
        // a row of 34·34 positions of 16 lanes, then 17·17 of them, then as many plain, then 16 outputs, which alone keep
        // their potentials
        let (lowest, passed, output) = (16 * 34 * 34, 16 * 17 * 17 + (12 * 17 * 17u64).next_multiple_of(8), 16);
        let inputs = 2 * 34 * 34 * 50 / 1000;
        let samples =
            100 * (8 * (lowest * 4 + passed * 4 + output * 12 + inputs * 4 + 896 + 192 + 64 + 64) + 9 * output * 4);
        let weights = 12 * (2 * 25 + 1) + 10 * (12 * 17 * 17 + 1);
        assert_eq!(s.memory(), samples + weights * 20);
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let mut s = Settings::default();
        s.network.hidden = NetworkSettings::fc(&[usize::MAX; 20]);
        s.task.inputs = Shape::Flat(usize::MAX);
        s.task.steps = usize::MAX;
        s.task.pairs = usize::MAX;
        s.task.rate = f64::NAN;
        assert_eq!(s.memory(), u64::MAX);
    }
}
