//! From g_i and g_dep of every sample to the gradient of every weight and bias (end of [model
//! §5](crate::model#5-the-three-rules-backward)).

use crate::snn::conv::KernelWindow;
use crate::snn::forward::{block, block_mut};
use crate::snn::network::LANES;
use crate::snn::{Dynamics, Layer, LayerKind, Trace};
use crate::spike::Raster;

use super::{Adjoint, Rule, RuleSettings};

/// What one sample gives to the gradient of a layer's weights.
#[derive(Clone, Copy)]
pub struct SampleContribution<'a> {
    /// What came in.
    pub below: &'a Raster,
    /// g_i, rows of `[stride]`.
    pub g_i: &'a [f32],
    /// There are rows of g_i only for steps at which something came in.
    pub sparse: bool,
    pub steps: usize,
}

impl<'a> SampleContribution<'a> {
    /// The steps at which something came in, each with its row of g_i.
    #[inline(always)]
    fn rows(self, stride: usize) -> impl Iterator<Item = (usize, &'a [f32])> {
        let busy = (0..self.steps).filter(move |&t| !self.below.at(t).is_empty());
        busy.enumerate().map(move |(n, t)| {
            let row = if self.sparse { n } else { t };
            (t, &self.g_i[row * stride..][..stride])
        })
    }
}

/// Adds `Σ_t g_i[t] ⊗ s_below[t]` of one sample to the weights from share `first` on ([`Layer::share`]).
///
/// `gradient` holds those weights alone, so that a layer can be shared out among threads: each entry is summed in the
/// same order, whoever does it. A convolution sums over positions too.
#[inline(always)]
pub fn weight_gradient(layer: &Layer, first: usize, share: SampleContribution, gradient: &mut [f32]) {
    match layer.kind {
        LayerKind::Conv { kernel, .. } => conv_gradient(layer, kernel, first, share, gradient),
        _ if share.below.is_graded() => graded_gradient(layer, first, share, gradient),
        _ => plain_gradient(layer, first, share, gradient),
    }
}

/// A row is added for each input spike.
#[inline(always)]
fn plain_gradient(layer: &Layer, first: usize, share: SampleContribution, gradient: &mut [f32]) {
    let rows = gradient.len() / layer.stride;
    let whole = rows == layer.inputs;
    for (step, g) in share.rows(layer.stride) {
        let mut units = share.below.at(step);
        if !whole {
            let from = units.partition_point(|&u| (u as usize) < first);
            let to = units.partition_point(|&u| (u as usize) < first + rows);
            units = &units[from..to];
        }
        for &u in units {
            each(&mut gradient[(u as usize - first) * layer.stride..][..layer.stride], g, |g| g);
        }
    }
}

/// The same where the inputs are fractions of a spike.
#[inline(always)]
fn graded_gradient(layer: &Layer, first: usize, share: SampleContribution, gradient: &mut [f32]) {
    for (step, g) in share.rows(layer.stride) {
        for (u, value) in share.below.weighted(step) {
            let Some(at) = (u as usize).checked_sub(first).map(|row| row * layer.stride) else { continue };
            if at < gradient.len() {
                each(&mut gradient[at..][..layer.stride], g, |g| value * g);
            }
        }
    }
}

/// For each input event the patch of g_i around it is added to the weights of its channel, a row of taps at a time.
#[inline(always)]
fn conv_gradient(layer: &Layer, kernel: usize, first: usize, share: SampleContribution, gradient: &mut [f32]) {
    let (lanes, positions) = (layer.lanes, layer.from.positions());
    let begin = first * layer.share();
    let channels = first / kernel..(begin + gradient.len()).div_ceil(kernel * layer.share());
    for (step, g) in share.rows(layer.stride) {
        for (u, value) in share.below.weighted(step) {
            let (channel, position) = (u as usize / positions, u as usize % positions);
            if !channels.contains(&channel) {
                continue;
            }
            for (taps, tap, place, count) in KernelWindow::of(position, layer.from.image(), kernel).runs() {
                let row = (channel * kernel + taps) * layer.share();
                if row >= begin && row < begin + gradient.len() {
                    let at = (channel * kernel * kernel + tap) * lanes - begin;
                    each(&mut gradient[at..][..count * lanes], &g[place * lanes..], |g| value * g);
                }
            }
        }
    }
}

/// Adds what `of` makes of each g to the row `to` of whole [`LANES`].
///
/// The compiler makes vectors of four blocks, and would take what is left of a row value by value: in short rows that is
/// most of the work.
#[inline(always)]
fn each(to: &mut [f32], g: &[f32], of: impl Fn(f32) -> f32) {
    let whole = to.len() / (4 * LANES) * (4 * LANES);
    let ((many, few), (g, last)) = (to.split_at_mut(whole), g.split_at(whole));
    for (to, g) in many.chunks_exact_mut(LANES).zip(g.chunks_exact(LANES)) {
        for k in 0..LANES {
            to[k] += of(g[k]);
        }
    }
    match few.len() / LANES {
        1 => plus::<LANES>(few, last, of),
        2 => plus::<{ 2 * LANES }>(few, last, of),
        3 => plus::<{ 3 * LANES }>(few, last, of),
        _ => {}
    }
}

#[inline(always)]
fn plus<const W: usize>(to: &mut [f32], g: &[f32], of: impl Fn(f32) -> f32) {
    let (to, g): (&mut [f32; W], &[f32; W]) = (block_mut(to, 0), block(g, 0));
    for k in 0..W {
        to[k] += of(g[k]);
    }
}

/// What is done to a layer's gradient once a batch has been summed.
#[derive(Clone, Debug, Default)]
pub struct GradientPost {
    factor: f32,
    /// What the timing penalty takes from each weight into a neuron, `[lanes]`; empty where there is none.
    push: Vec<f32>,
    clip: Option<f32>,
}

impl GradientPost {
    /// For the weights of layer `l`: the factor β_i, the timing penalty on silent neurons, the clamp.
    pub fn plan(&mut self, l: usize, layer: &Layer, dynamics: &Dynamics, settings: &RuleSettings, traces: &[Trace]) {
        self.factor = dynamics.beta_i;
        self.clip = settings.grad_clip.get().map(|clip| clip as f32);
        self.push.clear();
        let connected = matches!(layer.kind, LayerKind::Fc { .. });
        if let (true, Rule::Timing, Some(penalty)) = (connected, settings.rule, settings.timing_penalty.get()) {
            self.punish_silence(l, layer, penalty, traces);
        }
    }

    /// penalty / fan_in × the share of samples in which the neuron was silent.
    fn punish_silence(&mut self, l: usize, layer: &Layer, penalty: f64, traces: &[Trace]) {
        // first, in how many samples each neuron spiked
        self.push.resize(layer.lanes, 0.0);
        for trace in traces {
            let before = self.push.len();
            self.push.resize(before + layer.lanes, 0.0);
            let (counts, seen) = self.push.split_at_mut(before);
            for &u in trace.layers[l].spikes.units_of_events() {
                if std::mem::replace(&mut seen[u as usize], 1.0) == 0.0 {
                    counts[u as usize] += 1.0;
                }
            }
            self.push.truncate(before);
        }
        for spiked in &mut self.push[..layer.outputs] {
            let share = (traces.len() as f64 - f64::from(*spiked)) / traces.len() as f64;
            *spiked = (penalty / layer.fan_in() as f64 * share) as f32;
        }
    }

    /// Finishes whole rows `[lanes]` of weights. False where an entry is not a number of ordinary size.
    #[inline(always)]
    pub fn weights(&self, rows: &mut [f32]) -> bool {
        let mut fine = true;
        if self.push.is_empty() {
            for block in rows.chunks_exact_mut(LANES) {
                for g in block {
                    *g = self.clamp(*g * self.factor);
                    fine &= is_fine(*g);
                }
            }
        } else {
            for row in rows.chunks_exact_mut(self.push.len()) {
                for (g, push) in row.iter_mut().zip(&self.push) {
                    *g = self.clamp(*g * self.factor - push);
                    fine &= is_fine(*g);
                }
            }
        }
        fine
    }

    #[inline(always)]
    fn clamp(&self, g: f32) -> f32 {
        let Some(clip) = self.clip else { return g };
        // not `clamp`, which is free to change the sign of NaN: it must stay to be seen
        let g = if g > clip { clip } else { g };
        if g < -clip { -clip } else { g }
    }

    /// β_b · Σ g_dep over samples, then positions: a channel has one bias. False as for the weights.
    #[inline(always)]
    pub fn biases(&self, l: usize, dynamics: &Dynamics, adjoints: &[Adjoint], biases: &mut [f32]) -> bool {
        biases.fill(0.0);
        for adjoint in adjoints {
            for position in adjoint.layers[l].bias.chunks_exact(biases.len()) {
                for (sum, g) in biases.iter_mut().zip(position) {
                    *sum += g;
                }
            }
        }
        let mut fine = true;
        for sum in biases {
            *sum = self.clamp(*sum * dynamics.beta_b);
            fine &= is_fine(*sum);
        }
        fine
    }
}

/// A gradient beyond this is as good as infinite: its square has no place in single precision.
const LIMIT: f32 = 1e18;

#[inline(always)]
fn is_fine(g: f32) -> bool {
    g.abs() < LIMIT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_out_rows_have_the_same_bits() {
        let net = crate::snn::Network::fully_connected(7, &[3]);
        let layer = &net.layers[0];
        let below = Raster::from_events(7, 4, vec![(0, 0), (0, 3), (1, 6), (2, 3), (3, 0), (3, 5)]);
        let g_i: Vec<f32> = (0..32).map(|k| (k as f32 * 0.7).sin()).collect();
        let mut whole = vec![0.0; 56];
        let share = SampleContribution { below: &below, g_i: &g_i, sparse: false, steps: 4 };
        weight_gradient(layer, 0, share, &mut whole);
        assert_eq!(whole[3 * 8 + 1], g_i[1] + g_i[17]);
        let mut parts = vec![0.0; 56];
        for (n, part) in parts.chunks_mut(24).enumerate() {
            weight_gradient(layer, n * 3, share, part);
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
        let share = SampleContribution { below: &below, g_i: &g_i, sparse: false, steps: 4 };
        weight_gradient(layer, 0, share, &mut whole);
        assert!(whole.iter().filter(|g| **g != 0.0).count() > 100);
        for shares in 1..10 {
            let mut parts = vec![0.0; whole.len()];
            for (n, part) in parts.chunks_mut(shares * layer.share()).enumerate() {
                weight_gradient(layer, n * shares, share, part);
            }
            assert_eq!(whole, parts, "{shares} at a time");
        }
    }
}
