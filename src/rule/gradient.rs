//! From g_i and g_dep of every sample to the gradient of every weight and bias (model.md, end of section 5).

use crate::snn::network::LANES;
use crate::snn::{Dynamics, Layer, Network, Trace};
use crate::spike::Raster;

use super::{Adjoint, Rule, RuleSettings};

/// Adds Σ_t g_i[t] ⊗ s_below[t] of one sample to the rows of `rows` inputs from `first` on.
///
/// `gradient` is `[input][stride]` of those inputs alone, so that inputs can be shared out among threads: each entry
/// is summed in the same order, whoever does it.
#[inline(always)]
pub fn weight_gradient(layer: &Layer, first: usize, below: &Raster, g_i: &[f32], steps: usize, gradient: &mut [f32]) {
    let rows = gradient.len() / layer.stride;
    let whole = rows == layer.inputs;
    for step in 0..steps {
        let mut units = below.at(step);
        if !whole {
            let from = units.partition_point(|&u| (u as usize) < first);
            let to = units.partition_point(|&u| (u as usize) < first + rows);
            units = &units[from..to];
        }
        let g = &g_i[step * layer.stride..][..layer.stride];
        for &u in units {
            let row = &mut gradient[(u as usize - first) * layer.stride..][..layer.stride];
            for (row, g) in row.chunks_exact_mut(LANES).zip(g.chunks_exact(LANES)) {
                for k in 0..LANES {
                    row[k] += g[k];
                }
            }
        }
    }
}

/// Everything that is done once a batch: the factors β_i and β_b, the biases' sums, the timing penalty on silent
/// neurons, the clamp. `gradient` holds Σ g_i ⊗ s for the weights when it comes.
#[inline(always)]
pub fn finish(
    net: &Network,
    dynamics: &Dynamics,
    settings: &RuleSettings,
    traces: &[Trace],
    adjoints: &[Adjoint],
    gradient: &mut [f32],
) {
    for (l, layer) in net.layers.iter().enumerate() {
        for g in &mut gradient[layer.weights()] {
            *g *= dynamics.beta_i;
        }
        let biases = &mut gradient[layer.biases()];
        biases.fill(0.0);
        for adjoint in adjoints {
            for (sum, g) in biases.iter_mut().zip(&adjoint.layers[l].bias) {
                *sum += g;
            }
        }
        for sum in biases {
            *sum *= dynamics.beta_b;
        }
        if let (Rule::Timing, Some(penalty)) = (settings.rule, settings.timing_penalty.get()) {
            punish_silence(layer, l, penalty, traces, &mut gradient[layer.weights()]);
        }
    }
    if let Some(clip) = settings.grad_clip.get() {
        let clip = clip as f32;
        for g in gradient {
            // not `clamp`, which is free to change the sign of NaN: it must stay to be seen
            *g = if *g > clip { clip } else { *g };
            *g = if *g < -clip { -clip } else { *g };
        }
    }
}

/// Raises every weight into a neuron that was silent, by penalty / fan_in × the share of samples in which it was.
fn punish_silence(layer: &Layer, l: usize, penalty: f64, traces: &[Trace], weights: &mut [f32]) {
    for o in 0..layer.outputs {
        let silent = |trace: &&Trace| !trace.layers[l].spikes.units_of_events().contains(&(o as u32));
        let share = traces.iter().filter(silent).count() as f64 / traces.len() as f64;
        if share > 0.0 {
            let push = (penalty / layer.fan_in() as f64 * share) as f32;
            for g in weights[o..].iter_mut().step_by(layer.stride) {
                *g -= push;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_out_rows_have_the_same_bits() {
        let net = Network::fully_connected(7, &[3]);
        let layer = &net.layers[0];
        let below = Raster::from_events(7, 4, vec![(0, 0), (0, 3), (1, 6), (2, 3), (3, 0), (3, 5)]);
        let g_i: Vec<f32> = (0..32).map(|k| (k as f32 * 0.7).sin()).collect();
        let mut whole = vec![0.0; 56];
        weight_gradient(layer, 0, &below, &g_i, 4, &mut whole);
        assert_eq!(whole[3 * 8 + 1], g_i[1] + g_i[17]);
        let mut parts = vec![0.0; 56];
        for (n, part) in parts.chunks_mut(24).enumerate() {
            weight_gradient(layer, n * 3, &below, &g_i, 4, part);
        }
        assert_eq!(whole, parts);
    }
}
