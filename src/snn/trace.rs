//! The trace of a forward pass, and the derivatives that a backward pass starts from.

use crate::spike::Raster;
use crate::spike::reserve::Reserve;

use super::conv::EventsByUnit;
use super::{Layer, LayerKind, Network};

/// The spikes of every layer for one sample.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Steps that were run, or fewer where the latency loss counts fewer.
    pub steps: usize,
    /// From the first layer to the output.
    pub layers: Vec<LayerTrace>,
    /// v of the strip being computed, `[time][W]`.
    pub(super) strip: Vec<f32>,
    /// Whether every layer keeps its potentials.
    keeps_potentials: bool,
}

/// Whether the potentials of a layer with weights are kept for the backward pass, which needs them again: where they stay
/// in the cache, or where the input is so busy that computing them anew would take longer than fetching them from memory.
/// `events` come in total, over all `steps`, to the `lowest` layer.
pub fn worth_keeping(layer: &Layer, lowest: bool, steps: usize, events: usize) -> bool {
    let busy = lowest && matches!(layer.kind, LayerKind::Fc { .. }) && events > steps.saturating_mul(BUSY);
    busy || steps.saturating_mul(layer.stride) <= SMALL
}

/// Potentials of a layer that stay in the cache.
const SMALL: usize = 1 << 15;
/// Events per step above which potentials are better kept.
const BUSY: usize = 4;

/// What a forward pass leaves in one layer.
#[derive(Clone, Debug)]
pub struct LayerTrace {
    /// v, `[time][stride]` (see [`Layer::place`]), where it is kept.
    pub(super) potential: Vec<f32>,
    pub(super) keeps_potential: bool,
    /// s, `[time, unit]`: the output of the layer; fractions after an average pooling.
    pub spikes: Raster,
    /// For each event of a maximum pooling, the input unit that it came from.
    pub winners: Vec<u32>,
    /// alive · i and alive · v after the last step that was run, `[stride]`; empty where the layer has no neurons.
    pub(super) i: Vec<f32>,
    pub(super) v: Vec<f32>,
    pub(super) scratch: ForwardScratch,
}

/// Scratch memory of a layer's forward pass; its contents mean nothing afterwards.
#[derive(Clone, Debug, Default)]
pub(super) struct ForwardScratch {
    /// The input of a convolution.
    pub events: EventsByUnit,
    /// The neurons that spiked, a bit for each neuron of a strip, `[time][strips]`.
    pub marks: Vec<u32>,
    /// The first place of each strip.
    pub firsts: Vec<u32>,
    /// The value of each block of a pooling layer.
    pub sums: Vec<f32>,
    /// The units that are active in one step.
    pub units: Vec<u32>,
    pub starts: Vec<u32>,
    pub sorted: Vec<u32>,
}

impl LayerTrace {
    /// Empty memory for a layer.
    pub fn new(layer: &Layer) -> Self {
        Self {
            potential: Vec::new(),
            keeps_potential: false,
            spikes: Raster::new(layer.outputs),
            winners: Vec::new(),
            i: Vec::new(),
            v: Vec::new(),
            scratch: ForwardScratch::default(),
        }
    }

    /// v, `[time][stride]`; `None` where it was not kept or the layer has no neurons.
    pub fn potential(&self) -> Option<&[f32]> {
        self.keeps_potential.then_some(&self.potential)
    }
}

impl Trace {
    /// Empty memory for a network, filled by [`super::forward::forward`].
    pub fn new(net: &Network) -> Self {
        let layers = net.layers.iter().map(LayerTrace::new).collect();
        Self { steps: 0, layers, strip: Vec::new(), keeps_potentials: false }
    }

    /// The same, but all potentials will be kept.
    pub fn keeping_potentials(net: &Network) -> Self {
        Self { keeps_potentials: true, ..Self::new(net) }
    }

    /// Back to before the first step of `input`.
    pub fn clear(&mut self, net: &Network, input: &Raster) {
        self.steps = 0;
        let lowest = net.lowest();
        for (l, (here, layer)) in self.layers.iter_mut().zip(&net.layers).enumerate() {
            let needed = worth_keeping(layer, l == lowest, input.steps(), input.len());
            here.keeps_potential = layer.has_weights() && (self.keeps_potentials || needed);
        }
        for (here, layer) in self.layers.iter_mut().zip(&net.layers) {
            here.spikes.clear(layer.outputs);
            here.spikes.reserve_steps(input.steps());
            here.winners.clear();
            for state in [&mut here.i, &mut here.v] {
                state.clear();
                state.resize(if layer.has_weights() { layer.stride } else { 0 }, 0.0);
            }
        }
    }

    /// The spikes of the last layer, `[time, output]`.
    pub fn output(&self) -> &Raster {
        &self.layers[self.layers.len() - 1].spikes
    }

    /// Drops the spikes from step `steps` on.
    pub fn truncate(&mut self, steps: usize) {
        self.steps = steps.min(self.steps);
        for layer in &mut self.layers {
            layer.spikes.truncate(steps);
        }
    }

    /// The first layer, from 0, in which a potential stopped being finite.
    ///
    /// It is enough to look at the last step: NaN persists in both recurrences, and an infinite potential spikes and is
    /// reset to 0 · ∞ = NaN.
    pub fn first_not_finite(&self) -> Option<usize> {
        self.layers.iter().position(|layer| layer.v.iter().any(|v| !v.is_finite()))
    }
}

impl Reserve for Trace {
    fn reserve_like(&mut self, like: &Self) {
        self.strip.reserve_like(&like.strip);
        for (here, like) in self.layers.iter_mut().zip(&like.layers) {
            here.spikes.reserve_like(&like.spikes);
            here.potential.reserve_like(&like.potential);
            here.winners.reserve_like(&like.winners);
            here.scratch.events.reserve_like(&like.scratch.events);
            here.scratch.marks.reserve_like(&like.scratch.marks);
        }
    }
}

/// The derivatives of the loss at the output: all that a rule knows of a loss, and all that a loss knows of a rule.
#[derive(Clone, Debug, Default)]
pub struct OutputGradient {
    /// dL/dS, `[time][outputs, padded]`, outputs in the order of their numbers, zero in the padding.
    pub by_spike: Vec<f32>,
    /// dL/dT, `[time][outputs, padded]`, zero where there is no spike.
    pub by_time: Vec<f32>,
}

impl OutputGradient {
    /// All zero for `steps` rows of `stride` values.
    pub fn reset(&mut self, steps: usize, stride: usize) {
        for values in [&mut self.by_spike, &mut self.by_time] {
            values.clear();
            values.resize(steps * stride, 0.0);
        }
    }
}
