//! The forward pass ([model §1](crate::model#1-the-neuron-forward)), one layer at a time.
//!
//! There is no lateral connection, so a layer can be run for many steps before the next begins. Within a layer the order is
//! strip, then step: W s is summed for all steps of a strip, then the recurrences run over it with i and v in registers.

use std::ops::Range;

use crate::spike::Raster;

use super::conv::{self, EventsByUnit};
use super::lanes::{LANES, block, block_mut, for_width, scatter};
use super::neuron::NeuronState;
use super::spikes::{StripMarks, collect_spikes};
use super::{Dynamics, Layer, LayerKind, LayerTrace, Network, Params, Trace, pool};

/// Blocks per strip in the forward pass: enough independent recurrences to hide their latency.
const WIDEST: usize = 4;

/// Runs all steps of `input`, `[time, unit]`, through the network and leaves the spikes of every layer in `trace`.
///
/// Always inlined, so that [`super::Isa::run`] compiles it for the instruction set at hand.
#[inline(always)]
pub fn forward(net: &Network, dynamics: &Dynamics, params: &Params, input: &Raster, trace: &mut Trace) {
    trace.clear(net, input);
    advance(net, dynamics, params, input, trace, input.steps());
}

/// Continues from where `trace` is up to step `to`. A sample can be run in any number of pieces; the bits are the same.
#[inline(always)]
pub fn advance(net: &Network, dynamics: &Dynamics, params: &Params, input: &Raster, trace: &mut Trace, to: usize) {
    let steps = trace.steps..to;
    for (l, layer) in net.layers.iter().enumerate() {
        let (below, here) = trace.layers.split_at_mut(l);
        let below = below.last().map_or(input, |b| &b.spikes);
        let here = &mut here[0];
        match layer.kind {
            LayerKind::Fc { .. } | LayerKind::Conv { .. } => {
                neurons(layer, dynamics, params, below, steps.clone(), &mut trace.strip, here);
            }
            LayerKind::AvgPool { size } => pool::forward(layer, size, false, below, steps.clone(), here),
            LayerKind::MaxPool { size } => pool::forward(layer, size, true, below, steps.clone(), here),
            // row-major on both sides: the numbers stay
            LayerKind::Flatten => here.spikes.extend_from(below, steps.clone()),
        }
    }
    trace.steps = to;
}

/// A layer with weights, strip by strip: the potentials of a strip stay in the innermost cache, and only their spikes are
/// kept, unless the backward pass needs more.
#[inline(always)]
fn neurons(
    layer: &Layer,
    dynamics: &Dynamics,
    params: &Params,
    below: &Raster,
    steps: Range<usize>,
    strip: &mut Vec<f32>,
    here: &mut LayerTrace,
) {
    let LayerTrace { potential, keeps_potential, spikes, i, v, scratch, .. } = here;
    scratch.events.fill(layer, below, steps.clone());
    let strips = layer.strips(WIDEST).count();
    scratch.marks.resize(steps.len() * strips, 0);
    strip.resize(steps.len() * WIDEST * LANES, 0.0);
    if *keeps_potential {
        potential.resize(steps.end * layer.stride, 0.0);
    }
    let rows = if *keeps_potential { &mut potential[steps.start * layer.stride..] } else { &mut [] };
    let input = LayerInput { layer, params, below, events: &scratch.events, steps: steps.clone() };
    for (n, (at, width)) in layer.strips(WIDEST).enumerate() {
        let state = StripState { i: &mut i[at..], v: &mut v[at..] };
        let marks = StripMarks { marks: &mut scratch.marks[n..], strips };
        let strip = &mut strip[..steps.len() * width];
        for_width!(width, [1, 2, 3, 4], W => input.run::<W>(dynamics, at, state, strip, marks, rows));
    }
    collect_spikes(layer, WIDEST, steps.len(), scratch, spikes);
}

/// The state of a strip between two steps, from its first neuron on: what its resets left of current and potential.
pub struct StripState<'a> {
    /// alive · i
    pub i: &'a mut [f32],
    /// alive · v
    pub v: &'a mut [f32],
}

/// Everything that drives the neurons of a layer over some steps.
#[derive(Clone)]
pub struct LayerInput<'a> {
    pub layer: &'a Layer,
    pub params: &'a Params,
    /// The spikes of the layer below, `[time, unit]`.
    pub below: &'a Raster,
    /// The same by unit; used by convolutions alone.
    pub events: &'a EventsByUnit,
    pub steps: Range<usize>,
}

impl LayerInput<'_> {
    /// Runs the `W` neurons from `at` on: marks their spikes, and writes their potentials to `rows`, `[time][stride]`,
    /// unless that is empty.
    #[inline(always)]
    fn run<const W: usize>(
        &self,
        dynamics: &Dynamics,
        at: usize,
        state: StripState,
        strip: &mut [f32],
        mut marks: StripMarks,
        rows: &mut [f32],
    ) {
        self.potentials::<W>(dynamics, at, state, strip);
        marks.fill::<W>(strip);
        scatter::<W>(strip, self.layer.stride, at, rows);
    }

    /// Fills `strip`, `[time][W]`, with v of the `W` neurons from `at` on. They begin in `state`, and leave there the state
    /// that they end in.
    #[inline(always)]
    pub fn potentials<const W: usize>(&self, dynamics: &Dynamics, at: usize, state: StripState, strip: &mut [f32]) {
        let Self { layer, params, below, events, steps } = self;
        let weights = &params.0[layer.weights()];
        let strip = &mut strip[..steps.len() * W];
        match layer.kind {
            LayerKind::Conv { kernel, .. } => conv::drive::<W>(layer, kernel, weights, events, at, strip),
            _ if below.is_graded() => drive::<W, true>(layer, weights, below, steps.clone(), at, strip),
            _ => drive::<W, false>(layer, weights, below, steps.clone(), at, strip),
        }
        // copies: as far as the compiler can see, a write to the strip could change what lies behind a reference
        let (d, bias): (Dynamics, [f32; W]) = (*dynamics, *block(&params.0[layer.biases()], at % layer.lanes));
        let (mut i, mut v): ([f32; W], [f32; W]) = (*block(state.i, 0), *block(state.v, 0));
        for row in strip.chunks_exact_mut(W) {
            let row: &mut [f32; W] = block_mut(row, 0);
            for k in 0..W {
                let mut neuron = NeuronState { i: i[k], v: v[k] };
                row[k] = neuron.step(&d, row[k], bias[k]);
                (i[k], v[k]) = (neuron.i, neuron.v);
            }
        }
        *block_mut(state.i, 0) = i;
        *block_mut(state.v, 0) = v;
    }
}

/// W s at every step: the weights of the inputs that spiked, added in rising order of the input; times the value of the
/// event where inputs are `GRADED`, that is, fractions of spikes.
#[inline(always)]
fn drive<const W: usize, const GRADED: bool>(
    layer: &Layer,
    weights: &[f32],
    below: &Raster,
    steps: Range<usize>,
    at: usize,
    strip: &mut [f32],
) {
    for (step, row) in steps.zip(strip.chunks_exact_mut(W)) {
        let mut sum = [0.0; W];
        for (u, value) in below.events::<GRADED>(step) {
            let from: &[f32; W] = block(weights, u as usize * layer.stride + at);
            for k in 0..W {
                sum[k] += value * from[k];
            }
        }
        *block_mut(row, 0) = sum;
    }
}

/// The membrane potential of one neuron, `[time]`, from the spikes of the layer below it, for a view that asks: the same
/// bits that the forward pass had.
///
/// `neuron` is the number of a unit of `layer`. A pooled or flattened unit has no potential and gets zeros.
pub fn potential_of(
    net: &Network,
    dynamics: &Dynamics,
    params: &Params,
    layer: usize,
    neuron: usize,
    below: &Raster,
) -> Vec<f32> {
    let l = &net.layers[layer];
    let (bias, weight): (_, &dyn Fn(usize) -> Option<usize>) = match l.kind {
        LayerKind::Fc { .. } => (neuron, &|input| Some(l.weight_at(neuron, input))),
        LayerKind::Conv { kernel, .. } => {
            (neuron / l.to.positions(), &move |input| conv::weight_between(l, kernel, neuron, input))
        }
        _ => return vec![0.0; below.steps()],
    };
    let bias = params.0[l.biases()][bias];
    let seen = |(u, value): (u32, f32)| Some(value * params.0[weight(u as usize)?]);
    let drive = |step| below.weighted(step).filter_map(seen).fold(0.0, |sum, x| sum + x);
    let mut state = NeuronState::default();
    (0..below.steps()).map(|step| state.step(dynamics, drive(step), bias)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snn::{Isa, NeuronSettings};

    fn wired(net: &Network) -> Params {
        let mut p = net.zero_params();
        for (n, layer) in net.layers.iter().enumerate() {
            let weights = (0..layer.filters() * layer.fan_in()).map(|k| ((k * 37 + n * 11) % 23) as f32 / 23.0 - 0.3);
            layer.import_weights(&mut p, weights);
        }
        p
    }

    fn run(isa: Isa, net: &Network, params: &Params, input: &Raster) -> Trace {
        let d = NeuronSettings { alpha_i: 0.8, alpha_v: 0.9, ..Default::default() }.dynamics(input.steps());
        let mut trace = Trace::keeping_potentials(net);
        isa.run(
            #[inline(always)]
            || forward(net, &d, params, input, &mut trace),
        );
        trace
    }

    fn busy(units: usize, steps: usize) -> Raster {
        let events = (0..steps as u32).flat_map(|t| (0..units as u32).map(move |u| (t, u)));
        Raster::from_events(units, steps, events.filter(|(t, u)| (t * 7 + u * 5) % 6 == 0).collect())
    }

    #[test]
    fn a_single_weight_leaves_its_psp_with_peak_one() {
        let net = Network::fully_connected(1, &[1]);
        let mut p = net.zero_params();
        p.0[net.layers[0].weight_at(0, 0)] = 0.5;
        let trace = run(Isa::best(), &net, &p, &Raster::from_events(1, 60, vec![(3, 0)]));
        let v: Vec<f32> = trace.layers[0].potential().unwrap().chunks(8).map(|row| row[0]).collect();
        assert!(v[..3].iter().all(|v| *v == 0.0));
        let peak = v.iter().copied().fold(0.0, f32::max);
        assert!((peak - 0.5).abs() < 1e-6, "{peak}");
        assert!(trace.output().is_empty());
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let net = Network::fully_connected(20, &[45, 11]);
        let (params, input) = (wired(&net), busy(20, 50));
        let traces: Vec<Trace> = Isa::available().into_iter().map(|isa| run(isa, &net, &params, &input)).collect();
        for other in &traces[1..] {
            for (a, b) in traces[0].layers.iter().zip(&other.layers) {
                let [a_v, b_v] = [a, b].map(|layer| layer.potential().unwrap_or_default());
                assert!(a_v.iter().zip(b_v).all(|(a, b)| a.to_bits() == b.to_bits()));
                assert_eq!(a.spikes, b.spikes);
            }
        }
        assert!(traces[0].output().len() > 10, "the test needs spikes");
    }

    #[test]
    fn one_neuron_alone_has_the_bits_of_the_whole_pass() {
        let net = Network::fully_connected(20, &[45, 11]);
        let (params, input) = (wired(&net), busy(20, 50));
        let d = NeuronSettings { alpha_i: 0.8, alpha_v: 0.9, ..Default::default() }.dynamics(50);
        let trace = run(Isa::best(), &net, &params, &input);
        for (layer, neuron) in [(0, 0), (0, 44), (1, 0), (1, 10)] {
            let below = if layer == 0 { &input } else { &trace.layers[0].spikes };
            let alone = potential_of(&net, &d, &params, layer, neuron, below);
            let stride = net.layers[layer].stride;
            let whole = trace.layers[layer].potential().unwrap().iter().skip(neuron).step_by(stride);
            assert!(alone.iter().zip(whole).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }

    #[test]
    fn in_pieces_the_bits_are_the_same() {
        for text in ["20 - fc45 - fc11", "2x5x2 - conv9k3 - avg2 - max1 - flatten - fc4"] {
            let net = crate::snn::text::parse(text).unwrap();
            let (params, input) = (wired(&net), busy(20, 50));
            let d = NeuronSettings { alpha_i: 0.8, alpha_v: 0.9, ..Default::default() }.dynamics(50);
            let whole = run(Isa::best(), &net, &params, &input);
            assert!(whole.layers[0].spikes.len() > 20, "{text}");
            let mut pieces = Trace::keeping_potentials(&net);
            pieces.clear(&net, &input);
            for to in [1, 2, 17, 49, 50] {
                advance(&net, &d, &params, &input, &mut pieces, to);
            }
            for (a, b) in whole.layers.iter().zip(&pieces.layers) {
                let [a_v, b_v] = [a, b].map(|layer| layer.potential().unwrap_or_default());
                assert!(a_v.iter().zip(b_v).all(|(a, b)| a.to_bits() == b.to_bits()));
                assert_eq!((&a.spikes, &a.winners), (&b.spikes, &b.winners));
            }
        }
    }

    #[test]
    fn values_that_are_not_finite_are_found() {
        let net = Network::fully_connected(2, &[3, 2]);
        for poison in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut p = wired(&net);
            p.0[net.layers[1].biases().start] = poison;
            assert_eq!(run(Isa::best(), &net, &p, &busy(2, 9)).first_not_finite(), Some(1));
        }
        assert_eq!(run(Isa::best(), &net, &wired(&net), &busy(2, 9)).first_not_finite(), None);
    }
}
