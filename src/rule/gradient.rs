//! From g_i and g_dep of every sample to the gradient of every weight and bias (model.md, end of section 5).

use crate::snn::conv::Reach;
use crate::snn::network::LANES;
use crate::snn::{Dynamics, Layer, LayerKind, Network, Trace};
use crate::spike::Raster;

use super::{Adjoint, Rule, RuleSettings};

/// Adds `Σ_t g_i[t] ⊗ s_below[t]` of one sample to the weights from share `first` on ([`Layer::share`]).
///
/// `gradient` holds those weights alone, so that a layer can be shared out among threads: each entry is summed in the
/// same order, whoever does it. A convolution sums over positions too.
#[inline(always)]
pub fn weight_gradient(layer: &Layer, first: usize, below: &Raster, g_i: &[f32], steps: usize, gradient: &mut [f32]) {
    match layer.kind {
        LayerKind::Conv { kernel, .. } => conv_gradient(layer, kernel, first, below, g_i, steps, gradient),
        _ if below.is_graded() => graded_gradient(layer, first, below, g_i, steps, gradient),
        _ => plain_gradient(layer, first, below, g_i, steps, gradient),
    }
}

/// A row is added for each input spike.
#[inline(always)]
fn plain_gradient(layer: &Layer, first: usize, below: &Raster, g_i: &[f32], steps: usize, gradient: &mut [f32]) {
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

/// The same where the inputs are fractions of a spike.
#[inline(always)]
fn graded_gradient(layer: &Layer, first: usize, below: &Raster, g_i: &[f32], steps: usize, gradient: &mut [f32]) {
    for step in 0..steps {
        let g = &g_i[step * layer.stride..][..layer.stride];
        for (u, value) in below.weighted(step) {
            let Some(at) = (u as usize).checked_sub(first).map(|row| row * layer.stride) else { continue };
            if at < gradient.len() {
                add_scaled(&mut gradient[at..][..layer.stride], value, g);
            }
        }
    }
}

/// For each input event the patch of g_i around it is added to the weights of its channel, a row of taps at a time.
#[inline(always)]
fn conv_gradient(
    layer: &Layer,
    kernel: usize,
    first: usize,
    below: &Raster,
    g_i: &[f32],
    steps: usize,
    gradient: &mut [f32],
) {
    let (lanes, positions) = (layer.lanes, layer.from.positions());
    let begin = first * layer.share();
    let channels = first / kernel..(begin + gradient.len()).div_ceil(kernel * layer.share());
    for step in 0..steps {
        let g = &g_i[step * layer.stride..][..layer.stride];
        for (u, value) in below.weighted(step) {
            let (channel, position) = (u as usize / positions, u as usize % positions);
            if !channels.contains(&channel) {
                continue;
            }
            for (taps, tap, place, count) in Reach::of(position, layer.from.image(), kernel).runs() {
                let row = (channel * kernel + taps) * layer.share();
                if row >= begin && row < begin + gradient.len() {
                    let at = (channel * kernel * kernel + tap) * lanes - begin;
                    add_scaled(&mut gradient[at..][..count * lanes], value, &g[place * lanes..][..count * lanes]);
                }
            }
        }
    }
}

#[inline(always)]
fn add_scaled(to: &mut [f32], value: f32, g: &[f32]) {
    for (to, g) in to.chunks_exact_mut(LANES).zip(g.chunks_exact(LANES)) {
        for k in 0..LANES {
            to[k] += value * g[k];
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
    for (l, layer) in net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights()) {
        for g in &mut gradient[layer.weights()] {
            *g *= dynamics.beta_i;
        }
        let biases = &mut gradient[layer.biases()];
        biases.fill(0.0);
        for adjoint in adjoints {
            // position by position: a channel has one bias
            for position in adjoint.layers[l].bias.chunks_exact(layer.lanes) {
                for (sum, g) in biases.iter_mut().zip(position) {
                    *sum += g;
                }
            }
        }
        for sum in biases {
            *sum *= dynamics.beta_b;
        }
        let connected = matches!(layer.kind, LayerKind::Fc { .. });
        if let (true, Rule::Timing, Some(penalty)) = (connected, settings.rule, settings.timing_penalty.get()) {
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

    #[test]
    fn a_shared_out_convolution_has_the_same_bits() {
        let net = crate::snn::text::parse("3x4x5 - conv2k3").unwrap();
        let layer = &net.layers[0];
        let mut below = Raster::new(60);
        for step in 0..4 {
            (0..60).filter(|u| (u * 7 + step) % 5 == 0).for_each(|u| below.push_graded(u, 0.25));
            below.end_step();
        }
        let g_i: Vec<f32> = (0..4 * layer.stride).map(|k| (k as f32 * 0.7).sin()).collect();
        let mut whole = vec![0.0; layer.weights().len()];
        weight_gradient(layer, 0, &below, &g_i, 4, &mut whole);
        assert!(whole.iter().filter(|g| **g != 0.0).count() > 100);
        for shares in 1..10 {
            let mut parts = vec![0.0; whole.len()];
            for (n, part) in parts.chunks_mut(shares * layer.share()).enumerate() {
                weight_gradient(layer, n * shares, &below, &g_i, 4, part);
            }
            assert_eq!(whole, parts, "{shares} at a time");
        }
    }
}
