//! The forward pass (model.md, section 1), a layer at a time: there is no lateral connection, so a layer can be run
//! for all steps before the next.

use crate::spike::Raster;

use super::network::LANES;
use super::{Dynamics, Layer, LayerKind, LayerTrace, Network, Params, Trace, conv, pool};

/// Neurons whose recurrences run side by side in registers, where there are that many.
const WIDE: usize = 4 * LANES;

/// Runs `input` (all its steps) through the network and leaves potentials and spikes in `trace`.
///
/// Always inlined, so that [`super::Isa::run`] compiles it for the instruction set at hand.
#[inline(always)]
pub fn forward(net: &Network, dynamics: &Dynamics, params: &Params, input: &Raster, trace: &mut Trace) {
    let steps = input.steps();
    trace.steps = steps;
    for (l, layer) in net.layers.iter().enumerate() {
        let (below, here) = trace.layers.split_at_mut(l);
        let below = below.last().map_or(input, |b| &b.spikes);
        let here = &mut here[0];
        if layer.has_weights() {
            here.potential.resize(steps * layer.stride, 0.0);
        }
        let [weights, biases] = [layer.weights(), layer.biases()].map(|range| &params.0[range]);
        match layer.kind {
            LayerKind::Fc { .. } => fully_connected(layer, dynamics, [weights, biases], below, here),
            LayerKind::Conv { kernel, .. } => conv::forward(layer, kernel, dynamics, [weights, biases], below, here),
            LayerKind::AvgPool { size } => pool::forward(layer, size, false, below, here),
            LayerKind::MaxPool { size } => pool::forward(layer, size, true, below, here),
            // row-major on both sides: the numbers stay
            LayerKind::Flatten => here.spikes.copy_from(below),
        }
    }
}

#[inline(always)]
fn fully_connected(
    layer: &Layer,
    dynamics: &Dynamics,
    [weights, biases]: [&[f32]; 2],
    below: &Raster,
    here: &mut LayerTrace,
) {
    if below.is_graded() {
        drive_graded(layer, weights, below, &mut here.potential);
    } else {
        drive(layer, weights, below, &mut here.potential);
    }
    integrate(layer, dynamics, biases, below.steps(), &mut here.potential);
    collect_spikes(layer, below.steps(), &here.potential, &mut here.spikes);
}

/// W s for every step: the weight rows of the inputs that spiked, added in rising order of the input.
#[inline(always)]
fn drive(layer: &Layer, weights: &[f32], below: &Raster, out: &mut [f32]) {
    for (step, row) in out.chunks_exact_mut(layer.stride).enumerate() {
        let units = below.at(step);
        let mut at = 0;
        while at + WIDE <= layer.stride {
            drive_block::<WIDE>(layer, weights, units, at, row);
            at += WIDE;
        }
        while at < layer.stride {
            drive_block::<LANES>(layer, weights, units, at, row);
            at += LANES;
        }
    }
}

#[inline(always)]
fn drive_block<const W: usize>(layer: &Layer, weights: &[f32], units: &[u32], at: usize, row: &mut [f32]) {
    let mut sum = [0.0; W];
    for &u in units {
        let from: &[f32; W] = block(weights, u as usize * layer.stride + at);
        for k in 0..W {
            sum[k] += from[k];
        }
    }
    *block_mut(row, at) = sum;
}

/// The same where the inputs are fractions of a spike.
#[inline(always)]
fn drive_graded(layer: &Layer, weights: &[f32], below: &Raster, out: &mut [f32]) {
    for (step, row) in out.chunks_exact_mut(layer.stride).enumerate() {
        row.fill(0.0);
        for (unit, value) in below.weighted(step) {
            let from = weights[unit as usize * layer.stride..][..layer.stride].chunks_exact(LANES);
            for (to, from) in row.chunks_exact_mut(LANES).zip(from) {
                for k in 0..LANES {
                    to[k] += value * from[k];
                }
            }
        }
    }
}

/// The recurrences of i and v over time; `v` holds W s when it comes and the potential when it goes.
#[inline(always)]
fn integrate(layer: &Layer, d: &Dynamics, bias: &[f32], steps: usize, v: &mut [f32]) {
    let mut at = 0;
    while at + WIDE <= layer.stride {
        integrate_block::<WIDE>(layer, d, bias, steps, at, v);
        at += WIDE;
    }
    while at < layer.stride {
        integrate_block::<LANES>(layer, d, bias, steps, at, v);
        at += LANES;
    }
}

#[inline(always)]
fn integrate_block<const W: usize>(layer: &Layer, d: &Dynamics, bias: &[f32], steps: usize, at: usize, v: &mut [f32]) {
    let bias: &[f32; W] = block(bias, at);
    let mut cell = [Cell::default(); W];
    for step in 0..steps {
        let row: &mut [f32; W] = block_mut(v, step * layer.stride + at);
        for k in 0..W {
            row[k] = cell[k].step(d, row[k], bias[k]);
        }
    }
}

/// The state of one neuron between two steps, as its reset left it.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell {
    /// alive · i
    pub current: f32,
    /// alive · v
    pub kept: f32,
}

impl Cell {
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

/// The spikes are where v ≥ 1.
#[inline(always)]
fn collect_spikes(layer: &Layer, steps: usize, v: &[f32], spikes: &mut Raster) {
    spikes.clear(layer.outputs);
    for step in 0..steps {
        for at in (0..layer.stride).step_by(LANES) {
            let row: &[f32; LANES] = block(v, step * layer.stride + at);
            if row.iter().fold(false, |any, &v| any | (v >= 1.0)) {
                for (k, &v) in row.iter().enumerate() {
                    if v >= 1.0 {
                        spikes.push((at + k) as u32);
                    }
                }
            }
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
    let mut cell = Cell::default();
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
            let weights = (0..layer.inputs * layer.outputs).map(|k| ((k * 37 + n * 11) % 23) as f32 / 23.0 - 0.3);
            layer.import_weights(&mut p, weights);
        }
        p
    }

    fn run(isa: Isa, net: &Network, params: &Params, input: &Raster) -> Trace {
        let d = NeuronSettings { alpha_i: 0.8, alpha_v: 0.9, ..Default::default() }.dynamics(input.steps());
        let mut trace = Trace::new(net);
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
        let v: Vec<f32> = trace.layers[0].potential.chunks(8).map(|row| row[0]).collect();
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
                assert!(a.potential.iter().zip(&b.potential).all(|(a, b)| a.to_bits() == b.to_bits()));
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
            let whole = trace.layers[layer].potential.iter().skip(neuron).step_by(stride);
            assert!(alone.iter().zip(whole).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }

    #[test]
    fn numbers_that_are_none_are_found() {
        let net = Network::fully_connected(2, &[3, 2]);
        for poison in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut p = wired(&net);
            p.0[net.layers[1].biases().start] = poison;
            assert_eq!(run(Isa::best(), &net, &p, &busy(2, 9)).first_not_finite(&net), Some(1));
        }
        assert_eq!(run(Isa::best(), &net, &wired(&net), &busy(2, 9)).first_not_finite(&net), None);
    }
}
