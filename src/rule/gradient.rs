//! From g_i and g_dep of every sample to the gradient of every weight and bias
//! (end of [model §5](crate::model#5-the-three-rules-backward)).

use std::ops::Range;

use crate::snn::conv::{KernelWindow, TapRun};
use crate::snn::lanes::{LANES, block, block_mut, for_width};
use crate::snn::{Dynamics, Layer, LayerKind, Trace};
use crate::spike::Raster;

use super::{Adjoint, Rule, RuleSettings};

/// Everything that one sample contributes to the gradient of a layer's weights.
#[derive(Clone, Copy)]
pub struct SampleContribution<'a> {
    /// The input of the layer, `[time, unit]`.
    pub below: &'a Raster,
    /// g_i, rows of `[stride]`.
    pub g_i: &'a [f32],
    /// Whether there are rows of g_i only for the steps with an input event.
    pub sparse: bool,
    /// Steps that count.
    pub steps: usize,
}

impl<'a> SampleContribution<'a> {
    /// The steps with an input event, each with its row of g_i.
    #[inline(always)]
    fn rows(self, stride: usize) -> impl Iterator<Item = (usize, &'a [f32])> {
        let busy = (0..self.steps).filter(move |&t| !self.below.at(t).is_empty());
        busy.enumerate().map(move |(n, t)| {
            let row = if self.sparse { n } else { t };
            (t, &self.g_i[row * stride..][..stride])
        })
    }
}

/// Adds `Σ_t g_i[t] ⊗ s_below[t]` of one sample to the weights from group `first` on ([`Layer::gradient_group`]); a
/// convolution sums over positions, too.
///
/// `gradient` holds those weights alone, so that a layer can be divided among threads: each entry is summed in the same
/// order, whichever thread does it.
#[inline(always)]
pub fn weight_gradient(layer: &Layer, first: usize, sample: SampleContribution, gradient: &mut [f32]) {
    match layer.kind {
        LayerKind::Conv { kernel, .. } => conv_gradient(layer, kernel, first, sample, gradient),
        _ if sample.below.is_graded() => fc_gradient::<true>(layer, first, sample, gradient),
        _ => fc_gradient::<false>(layer, first, sample, gradient),
    }
}

/// A row is added for each input spike, times its value where inputs are `GRADED`, that is, fractions of spikes.
#[inline(always)]
fn fc_gradient<const GRADED: bool>(layer: &Layer, first: usize, sample: SampleContribution, gradient: &mut [f32]) {
    let rows = gradient.len() / layer.stride;
    for (step, g) in sample.rows(layer.stride) {
        let events = events_within(sample.below.at(step), first..first + rows, layer.inputs);
        for (u, value) in sample.below.events::<GRADED>(step).take(events.end).skip(events.start) {
            add_row(&mut gradient[(u as usize - first) * layer.stride..][..layer.stride], g, |g| value * g);
        }
    }
}

/// The part of rising `units` that lies within `wanted`, out of 0..`all`.
#[inline(always)]
fn events_within(units: &[u32], wanted: Range<usize>, all: usize) -> Range<usize> {
    if wanted == (0..all) {
        return 0..units.len();
    }
    let before = |end: usize| units.partition_point(|&u| (u as usize) < end);
    before(wanted.start)..before(wanted.end)
}

/// For each input event the patch of g_i around it is added to the weights of its channel, a row of taps at a time.
#[inline(always)]
fn conv_gradient(layer: &Layer, kernel: usize, first: usize, sample: SampleContribution, gradient: &mut [f32]) {
    let (lanes, positions, group) = (layer.lanes, layer.from.positions(), layer.gradient_group());
    let begin = first * group;
    let channels = first / kernel..(begin + gradient.len()).div_ceil(kernel * group);
    for (step, g) in sample.rows(layer.stride) {
        for (u, value) in sample.below.weighted(step) {
            let (channel, position) = (u as usize / positions, u as usize % positions);
            if !channels.contains(&channel) {
                continue;
            }
            let window = KernelWindow::around(position, layer.from.image(), kernel);
            for TapRun { tap_row, tap, position, count } in window.runs() {
                let row = (channel * kernel + tap_row) * group;
                if row >= begin && row < begin + gradient.len() {
                    let at = (channel * kernel * kernel + tap) * lanes - begin;
                    add_row(&mut gradient[at..][..count * lanes], &g[position * lanes..], |g| value * g);
                }
            }
        }
    }
}

/// Adds `of(g)` of each g to the row `to` of whole [blocks](crate::snn::lanes).
///
/// The compiler makes vectors of four blocks and would take the rest of a row value by value: in short rows that is most
/// of the work.
#[inline(always)]
fn add_row(to: &mut [f32], g: &[f32], of: impl Fn(f32) -> f32) {
    let whole = to.len() / (4 * LANES) * (4 * LANES);
    let ((many, few), (g, last)) = (to.split_at_mut(whole), g.split_at(whole));
    for (to, g) in many.chunks_exact_mut(LANES).zip(g.chunks_exact(LANES)) {
        for k in 0..LANES {
            to[k] += of(g[k]);
        }
    }
    for_width!(few.len(), [0, 1, 2, 3], W => add_block::<W>(few, last, of));
}

#[inline(always)]
fn add_block<const W: usize>(to: &mut [f32], g: &[f32], of: impl Fn(f32) -> f32) {
    let (to, g): (&mut [f32; W], &[f32; W]) = (block_mut(to, 0), block(g, 0));
    for k in 0..W {
        to[k] += of(g[k]);
    }
}

/// The post-processing of a layer's gradient once a batch has been summed: the factor β, the penalty on silent neurons,
/// the clamp.
#[derive(Clone, Debug, Default)]
pub struct GradientPost {
    /// β_i
    factor: f32,
    /// The amount that the silent-neuron penalty subtracts from each weight into a neuron, `[lanes]`; empty where there is
    /// no penalty.
    penalty: Vec<f32>,
    clip: Option<f32>,
}

impl GradientPost {
    /// Prepares for layer `l`. `traces` are those of the batch: the penalty counts the samples in which a neuron was silent.
    pub fn plan(&mut self, l: usize, layer: &Layer, dynamics: &Dynamics, settings: &RuleSettings, traces: &[Trace]) {
        self.factor = dynamics.beta_i;
        self.clip = settings.grad_clip.get().map(|clip| clip as f32);
        self.penalty.clear();
        let connected = matches!(layer.kind, LayerKind::Fc { .. });
        if let (true, Rule::Timing, Some(penalty)) = (connected, settings.rule, settings.timing_penalty.get()) {
            self.penalise_silence(l, layer, penalty, traces);
        }
    }

    /// penalty / fan_in times the share of samples in which the neuron was silent.
    fn penalise_silence(&mut self, l: usize, layer: &Layer, penalty: f64, traces: &[Trace]) {
        // first, the number of samples in which each neuron spiked
        self.penalty.resize(layer.lanes, 0.0);
        for trace in traces {
            let before = self.penalty.len();
            self.penalty.resize(before + layer.lanes, 0.0);
            let (counts, seen) = self.penalty.split_at_mut(before);
            for &u in trace.layers[l].spikes.units_of_events() {
                if std::mem::replace(&mut seen[u as usize], 1.0) == 0.0 {
                    counts[u as usize] += 1.0;
                }
            }
            self.penalty.truncate(before);
        }
        for spiked in &mut self.penalty[..layer.outputs] {
            let share = (traces.len() as f64 - f64::from(*spiked)) / traces.len() as f64;
            *spiked = (penalty / layer.fan_in() as f64 * share) as f32;
        }
    }

    /// Finishes whole rows `[lanes]` of weights. Returns false where an entry is not of [ordinary size](LARGEST_GRADIENT).
    #[inline(always)]
    pub fn weights(&self, rows: &mut [f32]) -> bool {
        let mut fine = true;
        if self.penalty.is_empty() {
            for block in rows.chunks_exact_mut(LANES) {
                for g in block {
                    *g = self.clamp(*g * self.factor);
                    fine &= is_fine(*g);
                }
            }
        } else {
            for row in rows.chunks_exact_mut(self.penalty.len()) {
                for (g, penalty) in row.iter_mut().zip(&self.penalty) {
                    *g = self.clamp(*g * self.factor - penalty);
                    fine &= is_fine(*g);
                }
            }
        }
        fine
    }

    #[inline(always)]
    fn clamp(&self, g: f32) -> f32 {
        let Some(clip) = self.clip else { return g };
        // not `clamp`, which is free to change the sign of NaN: it must remain visible
        let g = if g > clip { clip } else { g };
        if g < -clip { -clip } else { g }
    }

    /// Fills `biases`, `[lanes]`, with β_b · Σ g_dep over samples, then positions, as a channel has one bias. Returns
    /// false as for the weights.
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

/// The bound of a gradient's entries: the square of a larger one does not fit into single precision, so an optimiser
/// cannot use it any more than an infinite one.
pub const LARGEST_GRADIENT: f32 = 1e18;

#[inline(always)]
fn is_fine(g: f32) -> bool {
    g.abs() < LARGEST_GRADIENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_divided_among_threads_have_the_same_bits() {
        let net = crate::snn::Network::fully_connected(7, &[3]);
        let layer = &net.layers[0];
        let below = Raster::from_events(7, 4, vec![(0, 0), (0, 3), (1, 6), (2, 3), (3, 0), (3, 5)]);
        let g_i: Vec<f32> = (0..32).map(|k| (k as f32 * 0.7).sin()).collect();
        let mut whole = vec![0.0; 56];
        let sample = SampleContribution { below: &below, g_i: &g_i, sparse: false, steps: 4 };
        weight_gradient(layer, 0, sample, &mut whole);
        assert_eq!(whole[3 * 8 + 1], g_i[1] + g_i[17]);
        let mut parts = vec![0.0; 56];
        for (n, part) in parts.chunks_mut(24).enumerate() {
            weight_gradient(layer, n * 3, sample, part);
        }
        assert_eq!(whole, parts);
    }

    #[test]
    fn a_convolution_divided_among_threads_has_the_same_bits() {
        let net = crate::snn::text::parse("3x4x5 - conv2k3").unwrap();
        let layer = &net.layers[0];
        let mut below = Raster::new(60);
        for step in 0..4 {
            (0..60).filter(|u| (u * 7 + step) % 5 == 0).for_each(|u| below.push_graded(u, 0.25));
            below.end_step();
        }
        let g_i: Vec<f32> = (0..4 * layer.stride).map(|k| (k as f32 * 0.7).sin()).collect();
        let mut whole = vec![0.0; layer.weights().len()];
        let sample = SampleContribution { below: &below, g_i: &g_i, sparse: false, steps: 4 };
        weight_gradient(layer, 0, sample, &mut whole);
        assert!(whole.iter().filter(|g| **g != 0.0).count() > 100);
        for groups in 1..10 {
            let mut parts = vec![0.0; whole.len()];
            for (n, part) in parts.chunks_mut(groups * layer.gradient_group()).enumerate() {
                weight_gradient(layer, n * groups, sample, part);
            }
            assert_eq!(whole, parts, "{groups} at a time");
        }
    }
}
