//! Latency loss: the label's output should be the first to spike.

use crate::snn::OutputGradient;
use crate::snn::network::padded;
use crate::spike::Raster;

use super::{Extent, LossSettings};

/// The number of steps after which every output has spiked, if that comes.
pub fn all_spiked_after(output: &Raster) -> Option<usize> {
    let first = first_spikes(output);
    first.into_iter().try_fold(0, |last, t| t.map(|t| last.max(t + 1)))
}

/// The step of the first spike of each output.
fn first_spikes(output: &Raster) -> Vec<Option<usize>> {
    let mut first = vec![None; output.units()];
    for (t, u) in output.iter() {
        first[u as usize].get_or_insert(t);
    }
    first
}

/// −log softmax(softmax_beta · r)[label] + λ_nospike · [label silent], over B; r = remaining steps at the first spike.
pub fn evaluate(
    settings: &LossSettings,
    extent: Extent,
    output: &Raster,
    label: usize,
    gradient: Option<&mut OutputGradient>,
) -> f64 {
    let first = first_spikes(output);
    let remaining = |t: &Option<usize>| t.map_or(0.0, |t| (extent.steps - t) as f64);
    let z: Vec<f64> = first.iter().map(|t| settings.softmax_beta * remaining(t)).collect();
    let most = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = z.iter().map(|z| libm::exp(z - most)).sum();
    let silent = first[label].is_none();
    let batch = extent.batch as f64;
    if let Some(g) = gradient {
        let stride = padded(output.units());
        for (o, t) in first.iter().enumerate() {
            if let Some(t) = t {
                let p = libm::exp(z[o] - most) / total;
                let wanted = if o == label { 1.0 } else { 0.0 };
                g.by_time[t * stride + o] = (-settings.softmax_beta * (p - wanted) / batch) as f32;
            }
        }
        if silent {
            for row in g.by_spike.chunks_exact_mut(stride) {
                row[label] = (-settings.lambda_nospike / batch) as f32;
            }
        }
    }
    let cross_entropy = libm::log(total) + most - z[label];
    (cross_entropy + if silent { settings.lambda_nospike } else { 0.0 }) / batch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_run_is_over_when_the_last_output_has_spiked() {
        let y = Raster::from_events(3, 9, vec![(1, 0), (4, 2), (6, 0), (5, 1)]);
        assert_eq!(all_spiked_after(&y), Some(6));
        assert_eq!(all_spiked_after(&Raster::from_events(2, 9, vec![(1, 0)])), None);
    }

    #[test]
    fn a_silent_label_is_priced_and_pushed() {
        let settings = LossSettings::default();
        let y = Raster::from_events(2, 6, vec![(0, 0)]);
        let mut g = OutputGradient::default();
        g.reset(6, 8);
        let loss = evaluate(&settings, Extent { time: 6, steps: 6, batch: 1 }, &y, 1, Some(&mut g));
        // z = [1, 0]: −log(1 / (1 + e)) = log(1 + e)
        assert!((loss - (1f64 + 1f64.exp()).ln() - 0.1).abs() < 1e-12);
        assert_eq!((g.by_spike[1], g.by_spike[0]), (-0.1, 0.0));
        let p = 1f64.exp() / (1.0 + 1f64.exp());
        assert!((f64::from(g.by_time[0]) + p / 6.0).abs() < 1e-7);
        assert!(g.by_time[1..].iter().all(|x| *x == 0.0));
    }
}
