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
use crate::snn::forward::{LayerInput, StripState};
use crate::snn::lanes::{self, LANES, for_width, padded, scatter};
use crate::snn::{Dynamics, Layer, LayerKind, LayerTrace, Network, OutputGradient, Params, Trace};
use crate::spike::Raster;
use crate::spike::reserve::Reserve;

use super::activation::{ByUnit, SpikeGradientSource};
use super::strip::{AdjointRecursion, BackwardStrip};
use super::strip_pass::{PotentialColumns, StripPass};
use super::timing::{self, EarlySpikes};
use super::{Rule, RuleSettings, Transposed};

/// Blocks per strip in the backward pass: with more, the recursions would not fit into registers.
const WIDEST: usize = 2;

/// Blocks whose potentials are computed again at once: with fewer, the recurrences would wait for one another.
const WIDEST_POTENTIALS: usize = 8;

/// The gradients that the backward pass of one sample leaves in every layer.
#[derive(Clone, Debug)]
pub struct Adjoint {
    /// The steps that the pass went through, from the first: see [`OutputGradient::horizon`]. In later ones every gradient
    /// is zero.
    pub horizon: usize,
    /// From the first layer to the output; nothing is filled below the lowest layer with weights.
    pub layers: Vec<LayerAdjoint>,
    /// g_s of each layer up to the horizon, `[time][stride]`, where it exists as a whole: in layers without weights, where it came unit by
    /// unit, and everywhere where g_v is kept. The timing-based rule has none, and leaves what was there.
    pub g_s: Vec<Vec<f32>>,
    /// Narrow strips and wide ones, each with memory of its own, so that it is not cleared between one and the other.
    strips: [BackwardStrip; WIDEST],
    /// v of some strips, where it is computed again: `[time][width]`.
    potentials: Vec<f32>,
}

/// The gradients of one layer. Layers without weights have g_t alone.
#[derive(Clone, Debug, Default)]
pub struct LayerAdjoint {
    /// g_i, rows of `[stride]`: one for each step up to the horizon, or, in the lowest layer with weights, one for each of
    /// these with an input event; the others are never needed there.
    pub g_i: Vec<f32>,
    /// Σ_t g_dep, `[stride]`.
    pub bias: Vec<f32>,
    /// g_v of all steps, `[time][stride]`, where it was to be kept.
    pub g_v: Vec<f32>,
    /// ef2 up to the horizon, `[time][stride]`, where a layer below needs it. The activation-based rule has none, and leaves
    /// what was there.
    pub ef2: Vec<f32>,
    /// g_t, one for each event of the layer's output up to the horizon, in their order. The activation-based rule has none,
    /// and leaves what was there.
    pub g_t: Vec<f32>,
    /// The steps of each block of neurons that have a gradient, from the first.
    pub(super) ends: Vec<u32>,
    /// For each output of full connections the steps up to the last with a g_i, where a layer below needs it.
    reach: Vec<u32>,
    /// The input of a convolution.
    events: EventsByUnit,
    /// The steps with an input event, where g_i has rows for these alone.
    busy: Vec<u32>,
}

impl Adjoint {
    /// Empty memory for a network.
    pub fn new(net: &Network) -> Self {
        let number = net.layers.len();
        Self {
            horizon: 0,
            layers: vec![LayerAdjoint::default(); number],
            g_s: vec![Vec::new(); number],
            strips: Default::default(),
            potentials: Vec::new(),
        }
    }

    /// Takes memory for a pass through all `steps`: how far a pass goes changes while a run learns.
    fn make_room(&mut self, net: &Network, steps: usize) {
        for (g_s, layer) in self.g_s.iter_mut().zip(&net.layers).filter(|(g_s, _)| g_s.capacity() > 0) {
            reserve(g_s, steps * layer.stride);
        }
        self.potentials.resize(steps * WIDEST_POTENTIALS * LANES, 0.0);
        for (blocks, strip) in (1..).zip(&mut self.strips) {
            strip.reserve(steps, blocks * LANES);
        }
    }
}

/// Takes memory for `number` values in all.
fn reserve(values: &mut Vec<f32>, number: usize) {
    values.reserve_exact(number.saturating_sub(values.len()));
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
    /// Whether gradients that are known to be zero are computed nevertheless.
    pub exhaustive: bool,
}

/// All that the backward pass of one sample starts from.
#[derive(Clone, Copy)]
pub struct BackwardStart<'a> {
    /// The sample's input and its forward pass.
    pub input: &'a Raster,
    pub trace: &'a Trace,
    /// The derivatives at the output.
    pub output: &'a OutputGradient,
    /// The steps up to the last of these derivatives: see [`OutputGradient::horizon`].
    pub horizon: usize,
}

/// The layer above the one at hand, already done.
#[derive(Clone, Copy)]
struct LayerAbove<'a> {
    layer: &'a Layer,
    /// See [`Network::seen_image`].
    seen: [usize; 2],
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
    /// Fills `adjoint` from the derivatives at the output.
    ///
    /// Always inlined, so that [`crate::snn::Isa::run`] compiles it for the instruction set at hand.
    #[inline(always)]
    pub fn backward(&self, start: BackwardStart, adjoint: &mut Adjoint) {
        let BackwardStart { trace, output, horizon, .. } = start;
        adjoint.make_room(self.net, trace.steps);
        adjoint.horizon = horizon;
        let Adjoint { layers, g_s, strips, potentials, .. } = adjoint;
        for l in (self.net.lowest()..self.net.layers.len()).rev() {
            let (here, up) = layers[l..].split_first_mut().expect("an adjoint for each layer");
            let (g_s, up_g_s) = g_s[l..].split_first_mut().expect("a g_s for each layer");
            let (layer, rule) = (&self.net.layers[l], self.settings.rule);
            let above = up.first().map(|adjoint| LayerAbove {
                layer: &self.net.layers[l + 1],
                seen: self.seen_image(l + 1),
                trace: &trace.layers[l + 1],
                adjoint,
                g_s: &up_g_s[0],
                transposed: if rule == Rule::Timing { &[] } else { self.transposed.of(l + 1) },
            });
            if rule != Rule::Activation {
                let spikes = EarlySpikes { all: &trace.layers[l].spikes, steps: horizon };
                self.timing_gradient(spikes, output, above, &mut here.g_t);
            }
            let source = match (rule, incoming(layer, output, above)) {
                (Rule::Timing, _) => SpikeGradientSource::Rows(&[]),
                (_, IncomingGradient::Strips(source)) => {
                    if !layer.has_weights() || self.keep_potential {
                        self.pass_on(layer, horizon, source, &mut strips[0].g_v, g_s);
                    }
                    source
                }
                (_, IncomingGradient::ByUnit(by_unit)) => {
                    by_unit.fill(layer, horizon, g_s);
                    SpikeGradientSource::Rows(g_s)
                }
            };
            if layer.has_weights() {
                self.neurons(l, start, source, (strips, potentials), here);
            }
        }
    }

    fn seen_image(&self, l: usize) -> [usize; 2] {
        if self.exhaustive { self.net.layers[l].to.image() } else { self.net.seen_image(l) }
    }

    /// Fills `to` with g_t of a layer, one for each of its `spikes`, from the loss or from the layer above.
    #[inline(always)]
    fn timing_gradient(
        &self,
        spikes: EarlySpikes,
        output: &OutputGradient,
        above: Option<LayerAbove>,
        to: &mut Vec<f32>,
    ) {
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

    /// Gives everything that `neurons` fills its length, and memory for all steps: the horizon moves while a run learns.
    fn make_room(&self, l: usize, below: &Raster, all: usize, steps: usize, here: &mut LayerAdjoint) {
        let (stride, lowest) = (self.net.layers[l].stride, l == self.net.lowest());
        // in the lowest layer, rows of g_i for the steps with an input event alone
        let busy = |t: &usize| !below.at(*t).is_empty();
        let (all_rows, rows) = if lowest {
            here.busy.clear();
            here.busy.reserve_exact(all);
            here.busy.extend((0..all).filter(busy).map(|t| t as u32));
            let all_rows = here.busy.len();
            here.busy.truncate(here.busy.partition_point(|t| (*t as usize) < steps));
            (all_rows, here.busy.len())
        } else {
            reserve(&mut here.ef2, all * stride);
            here.ef2.resize(steps * stride, 0.0);
            (all, steps)
        };
        reserve(&mut here.g_i, all_rows * stride);
        here.g_i.resize(rows * stride, 0.0);
        here.bias.resize(stride, 0.0);
        here.g_v.truncate(steps * stride);
        here.g_v.resize(if self.keep_potential { all * stride } else { 0 }, 0.0);
    }

    /// The recursions of all neurons of layer `l`.
    #[inline(always)]
    fn neurons(
        &self,
        l: usize,
        BackwardStart { input, trace, horizon: steps, .. }: BackwardStart,
        source: SpikeGradientSource,
        (strips, potentials): (&mut [BackwardStrip; WIDEST], &mut [f32]),
        here: &mut LayerAdjoint,
    ) {
        let (layer, lowest) = (&self.net.layers[l], l == self.net.lowest());
        let (spikes, v) = (&trace.layers[l].spikes, trace.layers[l].potential());
        let below = if l == 0 { input } else { &trace.layers[l - 1].spikes };
        self.make_room(l, below, trace.steps, steps, here);
        if steps == 0 {
            return here.bias.fill(0.0);
        }
        let LayerAdjoint { g_i, bias, g_v, ef2, g_t, ends, reach, events, busy } = here;
        if v.is_none() {
            events.fill(layer, below, 0..steps);
        }
        let layer_input = LayerInput::new(layer, self.params, below, events, 0..steps);
        let recursion = AdjointRecursion { dynamics: self.dynamics, settings: self.settings, layer, spikes, g_t };
        if self.exhaustive {
            ends.clear();
            ends.resize(layer.stride / LANES, steps as u32);
        } else {
            recursion.find_ends(steps, self.seen_image(l), ends);
        }
        let busy = lowest.then_some(&busy[..]);
        let mut pass = StripPass { recursion, steps, source, busy, ends, g_i, bias, ef2, g_v };
        for (first, width) in layer.strips(WIDEST_POTENTIALS) {
            let (rows, stride, column) = if let Some(v) = v {
                (v, layer.stride, first)
            } else {
                let input = layer_input.first(pass.end(first, width));
                for_width!(width, [1, 2, 3, 4, 5, 6, 7, 8], W => self.potentials::<W>(&input, first, potentials));
                (&*potentials, width, 0)
            };
            for (offset, width) in lanes::strips(width, 1, WIDEST) {
                let columns = PotentialColumns { rows, stride, at: column + offset };
                for_width!(width, [1, 2], W => pass.run::<W>(first + offset, columns, &mut strips[W / LANES - 1]));
            }
        }
        if !lowest && self.settings.rule != Rule::Timing && matches!(layer.kind, LayerKind::Fc { .. }) {
            self.find_reach(layer, steps, g_i, reach);
        }
    }

    /// Finds how far g_i of each output of `layer` reaches.
    #[inline(always)]
    fn find_reach(&self, layer: &Layer, steps: usize, g_i: &[f32], reach: &mut Vec<u32>) {
        reach.clear();
        reach.resize(layer.outputs, if self.exhaustive { steps as u32 } else { 0 });
        for (t, row) in (1..).zip(g_i.chunks_exact(layer.stride)) {
            for (reach, g) in reach.iter_mut().zip(row) {
                *reach = if *g == 0.0 { *reach } else { t };
            }
        }
    }

    /// Fills `potentials`, `[time][W]`, with v of the `W` neurons from `at` on.
    #[inline(always)]
    fn potentials<const W: usize>(&self, input: &LayerInput, at: usize, potentials: &mut [f32]) {
        let [mut i, mut v] = [[0.0; W]; 2];
        input.potentials::<W>(self.dynamics, at, StripState { i: &mut i, v: &mut v }, potentials);
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
    let Some(LayerAbove { layer: up, seen, trace, adjoint, g_s, transposed }) = above else {
        let (rows, stride) = (&output.by_spike, padded(layer.outputs));
        let image = layer.to.positions() > 1;
        return if image {
            IncomingGradient::ByUnit(ByUnit::Numbered { stride, from: rows })
        } else {
            IncomingGradient::Strips(SpikeGradientSource::Rows(rows))
        };
    };
    match up.kind {
        LayerKind::Fc { .. } => IncomingGradient::Strips(SpikeGradientSource::Fc {
            up,
            transposed,
            g_i: &adjoint.g_i,
            reach: &adjoint.reach,
        }),
        LayerKind::Conv { kernel, .. } => {
            IncomingGradient::Strips(SpikeGradientSource::Conv { up, kernel, seen, transposed, g_i: &adjoint.g_i })
        }
        LayerKind::AvgPool { size } => IncomingGradient::Strips(SpikeGradientSource::Average { up, size, g_s }),
        LayerKind::MaxPool { size } => IncomingGradient::ByUnit(ByUnit::Maximum { up, size, pooled: trace, g_s }),
        LayerKind::Flatten => IncomingGradient::ByUnit(ByUnit::Numbered { stride: up.stride, from: g_s }),
    }
}
