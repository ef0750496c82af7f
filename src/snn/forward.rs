//! The forward pass ([model §1](crate::model#1-the-neuron-forward)), a layer at a time: there is no lateral connection,
//! so a layer can be run for many steps before the next.

use std::ops::Range;

use crate::spike::Raster;

use super::conv::{self, EventsByUnit};
use super::network::LANES;
use super::trace::ForwardScratch;
use super::{Dynamics, Layer, LayerKind, LayerTrace, Network, Params, Trace, pool};

/// The neurons of a layer in strips whose recurrences run side by side: where each begins, and its width, which is
/// `most` [`LANES`], and at the end of a position what is left.
#[inline(always)]
pub fn strips(layer: &Layer, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let (lanes, most) = (layer.lanes, most * LANES);
    let of_position =
        move |position| (0..lanes).step_by(most).map(move |at| (position * lanes + at, most.min(lanes - at)));
    (0..layer.to.positions()).flat_map(of_position)
}

/// [`LANES`] of a strip on the way up: so many that the recurrences of some fill the waits of the others.
const WIDE: usize = 4;

/// Runs `input` (all its steps) through the network and leaves spikes in `trace`.
///
/// Always inlined, so that [`super::Isa::run`] compiles it for the instruction set at hand.
#[inline(always)]
pub fn forward(net: &Network, dynamics: &Dynamics, params: &Params, input: &Raster, trace: &mut Trace) {
    trace.clear(net, input);
    advance(net, dynamics, params, input, trace, input.steps());
}

/// Goes on from where `trace` is, up to step `to`. In however many pieces a sample is run, the bits are the same.
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

/// A layer with weights, strip by strip: the potentials of a strip stay in the innermost cache, and only spikes are
/// kept of them.
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
    let LayerTrace { potential, keeps_potential, spikes, current, kept, work, .. } = here;
    work.arrivals.fill(layer, below, steps.clone());
    let number = strips(layer, WIDE).count();
    work.marks.resize(steps.len() * number, 0);
    strip.resize(steps.len() * WIDE * LANES, 0.0);
    if *keeps_potential {
        potential.resize(steps.end * layer.stride, 0.0);
    }
    let potential = if *keeps_potential { &mut potential[steps.start * layer.stride..] } else { &mut [] };
    let drive = LayerInput { layer, params, below, arrivals: &work.arrivals, steps: steps.clone() };
    for (column, (at, width)) in strips(layer, WIDE).enumerate() {
        let (state, marks) = ((&mut current[at..], &mut kept[at..]), &mut work.marks[column..]);
        let (strip, marks) = (&mut strip[..steps.len() * width], (marks, number));
        match width / LANES {
            1 => drive.run::<LANES>(dynamics, at, state, strip, marks, potential),
            2 => drive.run::<{ 2 * LANES }>(dynamics, at, state, strip, marks, potential),
            3 => drive.run::<{ 3 * LANES }>(dynamics, at, state, strip, marks, potential),
            _ => drive.run::<{ WIDE * LANES }>(dynamics, at, state, strip, marks, potential),
        }
    }
    collect_spikes(layer, steps.len(), work, spikes);
}

/// What drives the neurons of a layer over some steps.
#[derive(Clone)]
pub struct LayerInput<'a> {
    pub layer: &'a Layer,
    pub params: &'a Params,
    pub below: &'a Raster,
    /// Of a convolution.
    pub arrivals: &'a EventsByUnit,
    pub steps: Range<usize>,
}

impl LayerInput<'_> {
    /// Runs the `W` neurons from `at` on: marks their spikes, in every `number`th mark, and writes their rows of
    /// `potential` unless it is empty.
    #[inline(always)]
    fn run<const W: usize>(
        &self,
        dynamics: &Dynamics,
        at: usize,
        state: (&mut [f32], &mut [f32]),
        strip: &mut [f32],
        (marks, number): (&mut [u32], usize),
        potential: &mut [f32],
    ) {
        self.potentials::<W>(dynamics, at, state, strip);
        mark::<W>(strip, number, marks);
        for (row, strip) in potential.chunks_exact_mut(self.layer.stride).zip(strip.chunks_exact(W)) {
            *block_mut::<W>(row, at) = *block(strip, 0);
        }
    }

    /// v of the `W` neurons from `at` on, `[time][W]`. They begin in the state `(α · alive · i, α · alive · v)` without
    /// the α, and leave there the one that they end in.
    #[inline(always)]
    pub fn potentials<const W: usize>(
        &self,
        dynamics: &Dynamics,
        at: usize,
        (current, kept): (&mut [f32], &mut [f32]),
        strip: &mut [f32],
    ) {
        let Self { layer, params, below, arrivals, steps } = self;
        let weights = &params.0[layer.weights()];
        let strip = &mut strip[..steps.len() * W];
        match layer.kind {
            LayerKind::Conv { kernel, .. } => conv::drive::<W>(layer, kernel, weights, arrivals, at, strip),
            _ if below.is_graded() => drive_graded::<W>(layer, weights, below, steps.clone(), at, strip),
            _ => drive::<W>(layer, weights, below, steps.clone(), at, strip),
        }
        // copies: what lies behind a reference could be changed by what is written, as far as the compiler can see
        let (d, bias): (Dynamics, [f32; W]) = (*dynamics, *block(&params.0[layer.biases()], at % layer.lanes));
        let (mut i, mut v): ([f32; W], [f32; W]) = (*block(current, 0), *block(kept, 0));
        for row in strip.chunks_exact_mut(W) {
            let row: &mut [f32; W] = block_mut(row, 0);
            for k in 0..W {
                let mut cell = NeuronState { current: i[k], kept: v[k] };
                row[k] = cell.step(&d, row[k], bias[k]);
                (i[k], v[k]) = (cell.current, cell.kept);
            }
        }
        *block_mut(current, 0) = i;
        *block_mut(kept, 0) = v;
    }
}

/// W s for every step: the weights of the inputs that spiked, added in rising order of the input.
#[inline(always)]
fn drive<const W: usize>(
    layer: &Layer,
    weights: &[f32],
    below: &Raster,
    steps: Range<usize>,
    at: usize,
    strip: &mut [f32],
) {
    for (step, row) in steps.zip(strip.chunks_exact_mut(W)) {
        let mut sum = [0.0; W];
        for &u in below.at(step) {
            let from: &[f32; W] = block(weights, u as usize * layer.stride + at);
            for k in 0..W {
                sum[k] += from[k];
            }
        }
        *block_mut(row, 0) = sum;
    }
}

/// The same where the inputs are fractions of a spike.
#[inline(always)]
fn drive_graded<const W: usize>(
    layer: &Layer,
    weights: &[f32],
    below: &Raster,
    steps: Range<usize>,
    at: usize,
    strip: &mut [f32],
) {
    for (step, row) in steps.zip(strip.chunks_exact_mut(W)) {
        let mut sum = [0.0; W];
        for (u, value) in below.weighted(step) {
            let from: &[f32; W] = block(weights, u as usize * layer.stride + at);
            for k in 0..W {
                sum[k] += value * from[k];
            }
        }
        *block_mut(row, 0) = sum;
    }
}

/// The state of one neuron between two steps, as its reset left it.
#[derive(Clone, Copy, Default)]
pub(super) struct NeuronState {
    /// alive · i
    pub current: f32,
    /// alive · v
    pub kept: f32,
}

impl NeuronState {
    /// One step: takes W s and the bias, gives v.
    #[inline(always)]
    pub fn step(&mut self, d: &Dynamics, drive: f32, bias: f32) -> f32 {
        let i = d.beta_i * drive + d.alpha_i * self.current;
        let v = d.beta_v * i + d.beta_b * bias + d.alpha_v * self.kept;
        let alive = if v >= 1.0 { 0.0 } else { 1.0 };
        self.current = alive * i;
        self.kept = alive * v;
        v
    }
}

/// Marks who spikes, v ≥ 1: a bit for each neuron of the strip, in the first of each `stride` marks.
#[inline(always)]
fn mark<const W: usize>(strip: &[f32], stride: usize, marks: &mut [u32]) {
    let bits: [u32; W] = std::array::from_fn(|k| 1 << k);
    for (v, mark) in strip.chunks_exact(W).zip(marks.iter_mut().step_by(stride)) {
        let v: &[f32; W] = block(v, 0);
        // few rows have a spike, and whether one has is one comparison
        *mark = if any_spike(v) { (0..W).fold(0, |all, k| all | if v[k] >= 1.0 { bits[k] } else { 0 }) } else { 0 };
    }
}

/// Whether one of these v is a spike.
#[inline(always)]
pub(crate) fn any_spike<const W: usize>(v: &[f32; W]) -> bool {
    let mut any = false;
    for v in v {
        any |= *v >= 1.0;
    }
    any
}

/// From the marks to events in the order of a raster.
fn collect_spikes(layer: &Layer, steps: usize, work: &mut ForwardScratch, spikes: &mut Raster) {
    let ForwardScratch { marks, units, firsts, starts, sorted, .. } = work;
    for memory in [&mut *units, sorted] {
        memory.clear();
        memory.reserve_exact(layer.outputs);
    }
    firsts.clear();
    firsts.extend(strips(layer, WIDE).map(|(at, _)| at as u32));
    for marks in marks.chunks_exact(firsts.len()).take(steps) {
        units.clear();
        for (&first, &mark) in firsts.iter().zip(marks).filter(|(_, mark)| **mark != 0) {
            let mut left = mark;
            while left != 0 {
                units.push(first + left.trailing_zeros());
                left &= left - 1;
            }
        }
        if layer.to.positions() > 1 {
            conv::by_channel(layer, units, starts, sorted);
            sorted.iter().for_each(|&u| spikes.push(u));
        } else {
            units.iter().for_each(|&u| spikes.push(u));
        }
        spikes.end_step();
    }
}

/// The membrane potential of one neuron, `[time]`, from the spikes of the layer below it: the same bits that the
/// forward pass had, for a view that asks. `neuron` is the number of a unit of the layer; what has no potential, a
/// pooled or flattened unit, gets zeros.
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
    let mut cell = NeuronState::default();
    (0..below.steps()).map(|step| cell.step(dynamics, drive(step), bias)).collect()
}

/// `W` neighbouring values as an array, so that a block stays in registers.
#[inline(always)]
pub(crate) fn block<const W: usize>(values: &[f32], at: usize) -> &[f32; W] {
    values[at..at + W].first_chunk().expect("a block has W values")
}

#[inline(always)]
pub(crate) fn block_mut<const W: usize>(values: &mut [f32], at: usize) -> &mut [f32; W] {
    values[at..at + W].first_chunk_mut().expect("a block has W values")
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
    fn strips_cover_every_lane_once() {
        for text in ["3 - fc5", "3 - fc50", "3 - fc61", "1x2x3 - conv9k3", "1x2x3 - conv33k3", "1x2x3 - conv90k3"] {
            let layer = &crate::snn::text::parse(text).unwrap().layers[0];
            for most in [1, 2, 4] {
                let all: Vec<usize> = strips(layer, most).flat_map(|(at, width)| at..at + width).collect();
                assert_eq!(all, (0..layer.stride).collect::<Vec<_>>(), "{text} {most}");
                let within = |(at, width)| at / layer.lanes == (at + width - 1) / layer.lanes && width <= most * LANES;
                assert!(strips(layer, most).all(within), "{text} {most}");
            }
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
    fn numbers_that_are_none_are_found() {
        let net = Network::fully_connected(2, &[3, 2]);
        for poison in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut p = wired(&net);
            p.0[net.layers[1].biases().start] = poison;
            assert_eq!(run(Isa::best(), &net, &p, &busy(2, 9)).first_not_finite(), Some(1));
        }
        assert_eq!(run(Isa::best(), &net, &wired(&net), &busy(2, 9)).first_not_finite(), None);
    }
}
