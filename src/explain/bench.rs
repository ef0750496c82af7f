//! One neuron by hand: input lines with a weight each, decays, and what follows from them, by the arithmetic of every
//! run.

use crate::rule::RuleSettings;
use crate::snn::forward::forward;
use crate::snn::{Isa, LayerKind, Network, NeuronSettings, Params, Shape, Trace};
use crate::spike::Raster;
use crate::train::pass::Model;

use super::LayerActivity;
use super::layer::slope_at;
use super::potential::{NeuronCourse, course};

/// A neuron on the bench.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchNeuron {
    pub inputs: Vec<BenchInput>,
    pub bias: f32,
    pub neuron: NeuronSettings,
    /// T
    pub steps: usize,
}

/// A line of input spikes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BenchInput {
    pub weight: f32,
    /// The steps of its spikes, rising.
    pub spikes: Vec<u32>,
}

/// What the neuron does.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchRun {
    /// Current, potential, σ(v) and spikes.
    pub course: NeuronCourse,
    /// v′ of every step, bounded below as the rules have it.
    pub slope: Vec<f32>,
}

impl Default for BenchNeuron {
    /// Three lines, of which the first has a spike that does not carry the neuron to its threshold.
    fn default() -> Self {
        let line = |spikes: &[u32]| BenchInput { weight: 0.6, spikes: spikes.to_vec() };
        let neuron = NeuronSettings { alpha_i: 0.8, alpha_v: 0.95, ..NeuronSettings::default() };
        Self { inputs: vec![line(&[10]), line(&[]), line(&[])], bias: 0.0, neuron, steps: 80 }
    }
}

impl BenchNeuron {
    /// Puts a spike at `step` of a line, or takes it away; nothing where there is no such line or step.
    pub fn toggle(&mut self, line: usize, step: u32) {
        let steps = self.steps as u32;
        if let Some(input) = self.inputs.get_mut(line).filter(|_| step < steps) {
            match input.spikes.binary_search(&step) {
                Ok(at) => drop(input.spikes.remove(at)),
                Err(at) => input.spikes.insert(at, step),
            }
        }
    }

    pub fn set_weight(&mut self, line: usize, weight: f32) {
        if let Some(input) = self.inputs.get_mut(line) {
            input.weight = weight;
        }
    }

    /// Runs it: the forward pass of every run, on a network of one neuron.
    pub fn run(&self) -> BenchRun {
        let net = Network::new(Shape::Flat(self.inputs.len().max(1)), &[LayerKind::Fc { out: 1 }])
            .expect("one neuron takes any number of lines");
        let layer = &net.layers[0];
        let mut params = Params(vec![0.0; net.len()]);
        for (k, input) in self.inputs.iter().enumerate() {
            params.0[layer.weight_at(0, k)] = input.weight;
        }
        params.0[layer.biases().start] = self.bias;
        let dynamics = self.neuron.dynamics(self.steps);
        let spikes = self.inputs.iter().enumerate().flat_map(|(k, i)| i.spikes.iter().map(move |t| (*t, k as u32)));
        let input = Raster::from_events(self.inputs.len().max(1), self.steps, spikes.collect());
        let mut trace = Trace::keeping_potentials(&net);
        forward(&net, &dynamics, &params, &input, &mut trace);
        let model = Model { net: &net, dynamics: &dynamics, isa: Isa::best() };
        let at = LayerActivity { model, index: 0, below: &input, spikes: &trace.layers[0].spikes };
        let course = course(at, &params, &RuleSettings::default(), 0);
        let slope = (0..self.steps).map(|t| slope_at(&course.potential, 1, 0, t)).collect();
        BenchRun { course, slope }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snn::neuron::psp;

    #[test]
    fn the_potential_of_one_input_is_its_psp_times_the_weight() {
        let bench = BenchNeuron::default();
        let run = bench.run();
        let shape: Vec<f64> = psp(0.8, 0.95, bench.steps).collect();
        let peak = shape.iter().copied().fold(0.0, f64::max);
        for (t, v) in run.course.potential.iter().enumerate() {
            let expected = t.checked_sub(10).map_or(0.0, |k| 0.6 * shape[k] / peak);
            assert!((f64::from(*v) - expected).abs() < 1e-5, "{t}: {v} {expected}");
        }
        assert!(run.course.spikes.is_empty());
    }

    #[test]
    fn a_spike_resets_current_and_potential() {
        let mut bench = BenchNeuron::default();
        bench.toggle(1, 12);
        let run = bench.run();
        let spike = run.course.spikes[0] as usize;
        assert!(run.course.potential[spike] >= 1.0 && run.course.potential[spike - 1] < 1.0);
        assert_eq!((run.course.current[spike + 1], run.course.potential[spike + 1]), (0.0, 0.0));
        assert!((run.slope[spike] - (run.course.potential[spike] - run.course.potential[spike - 1])).abs() < 1e-6);
        bench.toggle(1, 12);
        assert!(bench == BenchNeuron::default() && bench.run().course.spikes.is_empty());
    }

    #[test]
    fn what_is_not_there_is_not_changed() {
        let mut bench = BenchNeuron::default();
        bench.toggle(7, 3);
        bench.toggle(0, 80);
        bench.set_weight(9, 1.0);
        assert_eq!(bench, BenchNeuron::default());
    }
}
