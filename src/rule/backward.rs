//! The backward pass of one sample ([model §5](crate::model#5-the-three-rules-backward)), from the top layer down, each
//! layer for all steps at once.
//!
//! The way of g_s to layer l depends on what is above it. Wherever possible it is computed strip by strip and used at once;
//! where neighbouring units have scattered sources it is first laid out as a whole, unit by unit:
//!
//! ```text
//!      the loss                 layer l+1 with weights         layer l+1 without weights
//!         │ dL/dS                  │ g_i                          │ g_s
//!    ┌────┴─────┐             ┌────┴─────┐             ┌──────────┼──────────┐
//!  image      flat            fc       conv         average    maximum    flatten
//!    │          │              └────┬─────┘            │          │          │
//!    │          │               β_i Wᵀ g_i         1/k² of it   the winner   same number
//!    ▼          ▼                   ▼                  ▼          ▼          ▼
//!  ByUnit     Rows              Fc, Conv            Average     ByUnit     ByUnit
//!    └──→ g_s as a whole ──→ Rows ──┴─────────┬────────┴─── g_s as a whole ←─┘
//!                                             ▼
//!       l has weights: σ(v) g_s → g_v → g_i, ef2, Σ g_dep       l has none: its own g_s, for the layer below
//! ```

use crate::snn::conv::EventsByUnit;
use crate::snn::forward::LayerInput;
use crate::snn::lanes::{LANES, for_width, padded, scatter};
use crate::snn::{Dynamics, Layer, LayerKind, LayerTrace, Network, OutputGradient, Params, Trace};
use crate::spike::Raster;
use crate::spike::reserve::Reserve;

use super::activation::{ByUnit, SpikeGradientSource};
use super::strip::{AdjointRecursion, BackwardStrip};
use super::strip_pass::StripPass;
use super::{Rule, RuleSettings, Transposed, timing};

/// Blocks per strip in the backward pass: with more, the recursions would not fit into registers.
const WIDEST: usize = 2;

/// The gradients that the backward pass of one sample leaves in every layer.
#[derive(Clone, Debug)]
pub struct Adjoint {
    /// From the first layer to the output; nothing is filled below the lowest layer with weights.
    pub layers: Vec<LayerAdjoint>,
    /// g_s of each layer, `[time][stride]`, where it exists as a whole: in layers without weights, where it came unit by
    /// unit, and everywhere where g_v is kept. The timing-based rule has none, and leaves what was there.
    pub g_s: Vec<Vec<f32>>,
    /// Narrow strips and wide ones, each with memory of its own, so that it is not cleared between one and the other.
    strips: [BackwardStrip; WIDEST],
}

/// The gradients of one layer. Layers without weights have g_t alone.
#[derive(Clone, Debug, Default)]
pub struct LayerAdjoint {
    /// g_i, rows of `[stride]`: one for each step, or, in the lowest layer with weights, one for each step with an input
    /// event; the others are never needed there.
    pub g_i: Vec<f32>,
    /// Σ_t g_dep, `[stride]`.
    pub bias: Vec<f32>,
    /// g_v, `[time][stride]`, where it was to be kept.
    pub g_v: Vec<f32>,
    /// ef2, `[time][stride]`, where a layer below needs it. The activation-based rule has none, and leaves what was there.
    pub ef2: Vec<f32>,
    /// g_t, one for each event of the layer's output, in their order. The activation-based rule has none, and leaves what
    /// was there.
    pub g_t: Vec<f32>,
    /// For each block of neurons the step after their last spike, with the timing-based rule.
    pub(super) ends: Vec<u32>,
    /// The input of a convolution.
    events: EventsByUnit,
}

impl Adjoint {
    /// Empty memory for a network.
    pub fn new(net: &Network) -> Self {
        let number = net.layers.len();
        Self {
            layers: vec![LayerAdjoint::default(); number],
            g_s: vec![Vec::new(); number],
            strips: Default::default(),
        }
    }
}

impl Reserve for Adjoint {
    fn reserve_like(&mut self, like: &Self) {
        for (here, like) in self.layers.iter_mut().zip(&like.layers) {
            here.g_i.reserve_like(&like.g_i);
            here.g_t.reserve_like(&like.g_t);
            here.events.reserve_like(&like.events);
        }
    }
}

/// Everything that the backward passes of a batch have in common.
#[derive(Clone, Copy)]
pub struct BackwardPass<'a> {
    pub net: &'a Network,
    pub dynamics: &'a Dynamics,
    pub settings: &'a RuleSettings,
    pub params: &'a Params,
    /// Of these parameters. The timing-based rule has no use for them.
    pub transposed: &'a Transposed,
    /// Whether g_v is kept, and g_s with it.
    pub keep_potential: bool,
}

/// The layer above the one at hand, already done.
#[derive(Clone, Copy)]
struct LayerAbove<'a> {
    layer: &'a Layer,
    trace: &'a LayerTrace,
    adjoint: &'a LayerAdjoint,
    g_s: &'a [f32],
    transposed: &'a [f32],
}

/// The two ways in which g_s can come to a layer.
enum IncomingGradient<'a> {
    Strips(SpikeGradientSource<'a>),
    ByUnit(ByUnit<'a>),
}

impl<'a> BackwardPass<'a> {
    /// Fills `adjoint` from the derivatives at the output. `input` and `trace` are those of the forward pass.
    ///
    /// Always inlined, so that [`crate::snn::Isa::run`] compiles it for the instruction set at hand.
    #[inline(always)]
    pub fn backward(&self, input: &Raster, trace: &Trace, output: &OutputGradient, adjoint: &mut Adjoint) {
        let Adjoint { layers, g_s, strips } = adjoint;
        for l in (self.net.lowest()..self.net.layers.len()).rev() {
            let (here, up) = layers[l..].split_first_mut().expect("an adjoint for each layer");
            let (g_s, up_g_s) = g_s[l..].split_first_mut().expect("a g_s for each layer");
            let (layer, rule) = (&self.net.layers[l], self.settings.rule);
            let above = up.first().map(|adjoint| LayerAbove {
                layer: &self.net.layers[l + 1],
                trace: &trace.layers[l + 1],
                adjoint,
                g_s: &up_g_s[0],
                transposed: if rule == Rule::Timing { &[] } else { self.transposed.of(l + 1) },
            });
            if rule != Rule::Activation {
                self.timing_gradient(&trace.layers[l].spikes, output, above, &mut here.g_t);
            }
            let source = match (rule, incoming(layer, output, above)) {
                (Rule::Timing, _) => SpikeGradientSource::Rows(&[]),
                (_, IncomingGradient::Strips(source)) => {
                    if !layer.has_weights() || self.keep_potential {
                        self.pass_on(layer, trace.steps, source, &mut strips[0].g_v, g_s);
                    }
                    source
                }
                (_, IncomingGradient::ByUnit(by_unit)) => {
                    by_unit.fill(layer, trace.steps, g_s);
                    SpikeGradientSource::Rows(g_s)
                }
            };
            if layer.has_weights() {
                self.neurons(l, input, trace, source, strips, here);
            }
        }
    }

    /// Fills `to` with g_t of a layer, one for each of its `spikes`, from the loss or from the layer above.
    #[inline(always)]
    fn timing_gradient(&self, spikes: &Raster, output: &OutputGradient, above: Option<LayerAbove>, to: &mut Vec<f32>) {
        let Some(LayerAbove { layer: up, trace, adjoint, .. }) = above else {
            return timing::from_output(spikes, padded(self.net.outputs()), &output.by_time, to);
        };
        let (beta_i, weights) = (self.dynamics.beta_i, &self.params.0[up.weights()]);
        // a layer with weights hands down ef2, the others hand on their own g_t
        match up.kind {
            LayerKind::Fc { .. } => timing::through_fc(up, beta_i, weights, spikes, &adjoint.ef2, to),
            LayerKind::Conv { kernel, .. } => {
                timing::through_conv(up, kernel, beta_i, weights, spikes, &adjoint.ef2, to);
            }
            LayerKind::AvgPool { size } => {
                timing::through_average(up, size, spikes, &trace.spikes, &adjoint.g_t, to);
            }
            LayerKind::MaxPool { .. } => timing::through_maximum(spikes, trace, &adjoint.g_t, to),
            LayerKind::Flatten => to.clone_from(&adjoint.g_t),
        }
    }

    /// The recursions of all neurons of layer `l`.
    #[inline(always)]
    fn neurons(
        &self,
        l: usize,
        input: &Raster,
        trace: &Trace,
        source: SpikeGradientSource,
        strips: &mut [BackwardStrip; WIDEST],
        here: &mut LayerAdjoint,
    ) {
        let (layer, steps, lowest) = (&self.net.layers[l], trace.steps, l == self.net.lowest());
        let (spikes, v) = (&trace.layers[l].spikes, trace.layers[l].potential());
        let below = if l == 0 { input } else { &trace.layers[l - 1].spikes };
        let rows = if lowest { (0..steps).filter(|&t| !below.at(t).is_empty()).count() } else { steps };
        here.g_i.resize(rows * layer.stride, 0.0);
        here.bias.resize(layer.stride, 0.0);
        here.ef2.resize(if lowest { 0 } else { steps * layer.stride }, 0.0);
        here.g_v.resize(if self.keep_potential { steps * layer.stride } else { 0 }, 0.0);
        let LayerAdjoint { g_i, bias, g_v, ef2, g_t, ends, events } = here;
        if v.is_none() {
            events.fill(layer, below, 0..steps);
        }
        let layer_input = LayerInput { layer, params: self.params, below, events, steps: 0..steps };
        let recursion = AdjointRecursion { dynamics: self.dynamics, settings: self.settings, layer, spikes, g_t };
        // after its last spike a neuron has no gradient from timing alone
        ends.clear();
        if self.settings.rule == Rule::Timing {
            recursion.find_ends(ends);
        }
        let sparse = lowest.then_some(below);
        let mut pass = StripPass { recursion, steps, source, v, layer_input, sparse, ends, g_i, bias, ef2, g_v };
        for (at, width) in layer.strips(WIDEST) {
            for_width!(width, [1, 2], W => pass.run::<W>(at, &mut strips[W / LANES - 1]));
        }
    }

    /// Fills the g_s of a layer, `[time][stride]`, strip by strip.
    #[inline(always)]
    fn pass_on(
        &self,
        layer: &Layer,
        steps: usize,
        source: SpikeGradientSource,
        strip: &mut Vec<f32>,
        to: &mut Vec<f32>,
    ) {
        to.resize(steps * layer.stride, 0.0);
        for (at, width) in layer.strips(WIDEST) {
            strip.resize(steps * width, 0.0);
            for_width!(width, [1, 2], W => {
                source.fill::<W>(layer, self.dynamics.beta_i, at, strip);
                scatter::<W>(strip, layer.stride, at, to);
            });
        }
    }
}

/// The way in which g_s comes to `layer`: the picture at the top of this file.
#[inline(always)]
fn incoming<'a>(layer: &Layer, output: &'a OutputGradient, above: Option<LayerAbove<'a>>) -> IncomingGradient<'a> {
    let Some(LayerAbove { layer: up, trace, adjoint, g_s, transposed }) = above else {
        let (rows, stride) = (&output.by_spike, padded(layer.outputs));
        let image = layer.to.positions() > 1;
        return if image {
            IncomingGradient::ByUnit(ByUnit::Numbered { stride, from: rows })
        } else {
            IncomingGradient::Strips(SpikeGradientSource::Rows(rows))
        };
    };
    match up.kind {
        LayerKind::Fc { .. } => IncomingGradient::Strips(SpikeGradientSource::Fc { up, transposed, g_i: &adjoint.g_i }),
        LayerKind::Conv { kernel, .. } => {
            IncomingGradient::Strips(SpikeGradientSource::Conv { up, kernel, transposed, g_i: &adjoint.g_i })
        }
        LayerKind::AvgPool { size } => IncomingGradient::Strips(SpikeGradientSource::Average { up, size, g_s }),
        LayerKind::MaxPool { size } => IncomingGradient::ByUnit(ByUnit::Maximum { up, size, pooled: trace, g_s }),
        LayerKind::Flatten => IncomingGradient::ByUnit(ByUnit::Numbered { stride: up.stride, from: g_s }),
    }
}
