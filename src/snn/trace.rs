//! What a forward pass leaves behind, and what a backward pass starts from.

use crate::spike::Raster;

use super::{Layer, Network};

/// Potentials and spikes of every layer for one sample.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Steps that count: T, or fewer where the latency loss stopped early.
    pub steps: usize,
    pub layers: Vec<LayerTrace>,
}

#[derive(Clone, Debug)]
pub struct LayerTrace {
    /// v, `[time][stride]` (see [`Layer::place`]); empty where the layer has no neurons.
    pub potential: Vec<f32>,
    /// s, `[time, unit]`: what the layer passes on, fractions behind an average pooling.
    pub spikes: Raster,
    /// For each event of a maximum pooling the input unit that it came from.
    pub winners: Vec<u32>,
    /// Memory that the forward pass works in.
    pub(super) work: Work,
}

/// Work memory of a layer's forward pass; what it holds means nothing afterwards.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    pub current: Vec<f32>,
    pub kept: Vec<f32>,
    pub units: Vec<u32>,
    pub starts: Vec<u32>,
    pub sorted: Vec<u32>,
}

impl LayerTrace {
    /// Empty memory for a layer.
    pub fn new(layer: &Layer) -> Self {
        let spikes = Raster::new(layer.outputs);
        Self { potential: Vec::new(), spikes, winners: Vec::new(), work: Work::default() }
    }
}

impl Trace {
    /// Empty memory for a network, filled by [`super::forward::forward`].
    pub fn new(net: &Network) -> Self {
        Self { steps: 0, layers: net.layers.iter().map(LayerTrace::new).collect() }
    }

    /// The spikes of the last layer.
    pub fn output(&self) -> &Raster {
        &self.layers[self.layers.len() - 1].spikes
    }

    /// Forgets everything from `steps` on.
    pub fn truncate(&mut self, steps: usize) {
        self.steps = steps.min(self.steps);
        for layer in &mut self.layers {
            layer.spikes.truncate(steps);
        }
    }

    /// The first layer in which a potential stopped being a finite number.
    ///
    /// Only the last step is looked at: NaN stays for good in both recurrences, and what becomes infinite spikes, is
    /// reset by 0 · ∞, and so is NaN a step later (or is itself in the last step).
    pub fn first_not_finite(&self, net: &Network) -> Option<usize> {
        let broken = |(layer, l): (&LayerTrace, &Layer)| {
            let last = layer.potential.len().saturating_sub(l.stride);
            layer.potential[last..].iter().any(|v| !v.is_finite())
        };
        self.layers.iter().zip(&net.layers).position(broken)
    }
}

/// The derivatives of the loss at the output: all that a rule knows of a loss, and all that a loss knows of a rule.
#[derive(Clone, Debug, Default)]
pub struct OutputGradient {
    /// dL/dS, `[time][outputs, padded]`, outputs as they are numbered, zero in the padding.
    pub by_spike: Vec<f32>,
    /// dL/dT, `[time][outputs, padded]`, zero where there is no spike.
    pub by_time: Vec<f32>,
}

impl OutputGradient {
    /// All zero for `steps` rows of `stride`.
    pub fn reset(&mut self, steps: usize, stride: usize) {
        for values in [&mut self.by_spike, &mut self.by_time] {
            values.clear();
            values.resize(steps * stride, 0.0);
        }
    }
}
