//! How much memory a run needs, before it is asked for.

use super::Settings;

/// The memory that is assumed where the machine does not say, in bytes: 8 GiB.
pub const MEMORY: u64 = 8 << 30;

/// Bytes for each weight: the parameter, its gradient, Adam's two means and the copy that the window shows, in f32.
const WEIGHT: u128 = 5 * 4;

/// Bytes for each neuron and step of a sample: potential, spike and one gradient, in f32.
const STATE: u128 = 3 * 4;

/// Bytes for each event of a raster.
const EVENT: u128 = 4;

/// Share of the steps in which inputs of data sets spike; recordings have less.
const MOST_BUSY: f64 = 0.05;

/// Rows are padded to whole blocks of lanes.
const LANES: u128 = 16;

impl Settings {
    /// About how many bytes a run takes, data sets aside. It never overflows: what is too large to count is simply too
    /// large.
    pub fn memory(&self) -> u64 {
        let Ok(net) = self.network() else { return u64::MAX };
        let (task, padded) = (&self.task, |n: usize| (n as u128).div_ceil(LANES).saturating_mul(LANES));
        let weights = net.layers.iter().map(|l| l.parameter_count() as u128).fold(0, u128::saturating_add);
        let neurons = net.layers.iter().filter(|l| l.has_weights());
        let units = neurons.map(|l| padded(l.filters()).saturating_mul(l.to.positions() as u128));
        let units = units.fold(0, u128::saturating_add);
        // Inputs could spike in every step; what they do on average is near enough.
        let busy = if task.kind.free_inputs() { task.rate.clamp(0.0, 1.0) } else { MOST_BUSY };
        let inputs = (net.inputs as u128).saturating_mul((busy * 1000.0).ceil() as u128) / 1000;
        let step = units.saturating_mul(STATE).saturating_add(inputs.saturating_mul(EVENT));
        let batch = if self.batched() { self.run.batch } else { task.pairs };
        let samples = step.saturating_mul(task.steps as u128).saturating_mul(batch as u128);
        let bytes = weights.saturating_mul(WEIGHT).saturating_add(samples);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

/// A number of bytes as people say it, as in "3.2 GiB".
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if n < 1024 {
        return format!("{n} bytes");
    }
    let power = (n.ilog2() / 10) as usize;
    format!("{:.1} {}", n as f64 / (1u64 << (10 * power)) as f64, UNITS[power - 1])
}

#[cfg(test)]
mod tests {
    use super::super::NetworkSettings;
    use super::*;
    use crate::spike::Shape;

    #[test]
    fn the_built_in_experiment_is_small() {
        let need = Settings::default().memory();
        // 50·51 + 5·51 weights, 64 + 16 padded neurons, 2 input spikes a step.
        assert_eq!(need, 2805 * 20 + 100 * (80 * 12 + 2 * 4));
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

    #[test]
    fn bytes_are_said_in_a_fitting_unit() {
        assert_eq!(bytes(0), "0 bytes");
        assert_eq!(bytes(1023), "1023 bytes");
        assert_eq!(bytes(1024), "1.0 KiB");
        assert_eq!(bytes(MEMORY), "8.0 GiB");
        assert_eq!(bytes(u64::MAX), "16.0 EiB");
    }
}
