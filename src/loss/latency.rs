//! Latency loss: the label's output should be the first to spike.

use crate::snn::OutputGradient;
use crate::snn::lanes::padded;
use crate::spike::Raster;

use super::{LossExtent, LossSettings};

/// The number of steps after which every output has spiked, if that comes.
pub fn all_spiked_after(output: &Raster) -> Option<usize> {
    // a bit for each output; so few that they need no memory of their own
    let (mut few, mut many) = ([0u64; 16], Vec::new());
    let words = output.units().div_ceil(64);
    let seen = if words <= few.len() {
        &mut few[..]
    } else {
        many.resize(words, 0);
        &mut many[..]
    };
    let mut missing = output.units();
    for (t, u) in output.iter() {
        let (word, bit) = (&mut seen[u as usize / 64], 1 << (u % 64));
        missing -= usize::from(*word & bit == 0);
        *word |= bit;
        if missing == 0 {
            return Some(t + 1);
        }
    }
    (missing == 0).then_some(0)
}

/// Memory that an evaluation works in.
#[derive(Clone, Debug, Default)]
pub struct LatencyScratch {
    /// The step of the first spike of each output.
    first: Vec<Option<usize>>,
    /// softmax_beta · r
    z: Vec<f64>,
}

/// −log softmax(softmax_beta · r)[label] + λ_nospike · [label silent], over B; r = remaining steps at the first spike.
pub fn evaluate(
    LatencyScratch { first, z }: &mut LatencyScratch,
    settings: &LossSettings,
    extent: LossExtent,
    output: &Raster,
    label: usize,
    gradient: Option<&mut OutputGradient>,
) -> f64 {
    first.clear();
    first.resize(output.units(), None);
    for (t, u) in output.iter() {
        first[u as usize].get_or_insert(t);
    }
    let remaining = |t: &Option<usize>| t.map_or(0.0, |t| (extent.steps - t) as f64);
    z.clear();
    z.extend(first.iter().map(|t| settings.softmax_beta * remaining(t)));
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
        let many = |n: u32| Raster::from_events(1100, 9, (0..n).map(|u| (u % 9, u)).collect());
        assert_eq!((all_spiked_after(&many(1100)), all_spiked_after(&many(1099))), (Some(9), None));
    }

    #[test]
    fn a_silent_label_is_priced_and_pushed() {
        let settings = LossSettings::default();
        let y = Raster::from_events(2, 6, vec![(0, 0)]);
        let mut g = OutputGradient::default();
        g.reset(6, 8);
        let loss = evaluate(
            &mut LatencyScratch::default(),
            &settings,
            LossExtent { time: 6, steps: 6, batch: 1 },
            &y,
            1,
            Some(&mut g),
        );
        // z = [1, 0]: −log(1 / (1 + e)) = log(1 + e)
        assert!((loss - (1f64 + 1f64.exp()).ln() - 0.1).abs() < 1e-12);
        assert_eq!((g.by_spike[1], g.by_spike[0]), (-0.1, 0.0));
        let p = 1f64.exp() / (1.0 + 1f64.exp());
        assert!((f64::from(g.by_time[0]) + p / 6.0).abs() < 1e-7);
        assert!(g.by_time[1..].iter().all(|x| *x == 0.0));
    }
}
