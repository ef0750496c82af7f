//! One layer with weights in one sample: what came in and what it fired.

use crate::snn::conv::{KernelWindow, weight_between};
use crate::snn::forward::{forward, potential_of};
use crate::snn::{Layer, LayerKind, Network, Params, Trace};
use crate::spike::Raster;
use crate::train::pass::Model;

/// v′ is bounded below by this ([model §1](crate::model#1-the-neuron-forward)).
pub const SLOPE_MIN: f32 = 0.01;

/// A layer with weights, and what came in and what it fired in one sample. The spikes are where its neurons were reset.
#[derive(Clone, Copy, Debug)]
pub struct LayerActivity<'a> {
    pub model: Model<'a>,
    /// The number of the layer, from 0, all layers counted.
    pub index: usize,
    /// At least as many steps as `spikes`; fractions of spikes after average pooling.
    pub below: &'a Raster,
    pub spikes: &'a Raster,
}

/// What a layer fires by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerRun {
    pub spikes: Raster,
    /// v, `[time][stride]` (see [`Layer::place`]).
    pub potential: Vec<f32>,
}

impl<'a> LayerActivity<'a> {
    pub fn layer(&self) -> &'a Layer {
        &self.model.net.layers[self.index]
    }

    /// Steps that counted.
    pub fn steps(&self) -> usize {
        self.spikes.steps()
    }

    /// The steps at which neuron `unit` spiked, rising.
    pub fn train(&self, unit: usize) -> Vec<u32> {
        (0..self.steps()).filter(|&t| self.spikes.contains(t, unit as u32)).map(|t| t as u32).collect()
    }

    /// The place among the parameters of the weight through which neuron `unit` sees input `input`; none where it does not.
    pub fn weight_between(&self, unit: usize, input: usize) -> Option<usize> {
        let layer = self.layer();
        match layer.kind {
            LayerKind::Conv { kernel, .. } => weight_between(layer, kernel, unit, input),
            _ => Some(layer.weight_at(unit, input)),
        }
    }

    /// The place among the parameters of the bias of neuron `unit`, which in a convolution is that of its channel.
    pub fn bias_of(&self, unit: usize) -> usize {
        let layer = self.layer();
        layer.biases().start + unit / layer.to.positions()
    }

    /// v of neuron `unit` at `params`, one for each step, with the bits of the forward pass.
    pub fn potential(&self, params: &Params, unit: usize) -> Vec<f32> {
        let Model { net, dynamics, .. } = self.model;
        let mut v = potential_of(net, dynamics, params, self.index, unit, self.below);
        v.truncate(self.steps());
        v
    }

    /// What the layer fires with `params` while what comes in stays as it is, for as many steps; its resets are its own.
    pub fn alone(&self, params: &Params) -> LayerRun {
        let (layer, Model { dynamics, isa, .. }) = (self.layer(), self.model);
        let net = Network::new(layer.from, &[layer.kind]).expect("a layer with weights is a network");
        let params = Params(params.0[layer.all()].to_vec());
        let mut trace = Trace::keeping_potentials(&net);
        isa.run(
            #[inline(always)]
            || forward(&net, dynamics, &params, self.below, &mut trace),
        );
        trace.truncate(self.steps());
        let mut potential = trace.layers[0].potential().unwrap_or_default().to_vec();
        potential.truncate(self.steps() * layer.stride);
        LayerRun { spikes: trace.layers.swap_remove(0).spikes, potential }
    }

    /// δv, `[time][stride]`: how much the potentials change for a `step` of the parameters, what came in and the resets
    /// being as they were ([model §11](crate::model#11-promised-and-actual-shifts)).
    pub fn potential_shift(&self, step: &Params) -> Vec<f32> {
        let mut shift = vec![0.0; self.steps() * self.layer().stride];
        self.model.isa.run(
            #[inline(always)]
            || self.fill_shift(step, &mut shift),
        );
        shift
    }

    #[inline(always)]
    fn fill_shift(&self, step: &Params, shift: &mut [f32]) {
        let (layer, d) = (self.layer(), self.model.dynamics);
        let bias = &step.0[layer.biases()];
        // α · alive · δi and α · alive · δv of the step before
        let [mut current, mut kept] = [(); 2].map(|()| vec![0.0f32; layer.stride]);
        let mut drive = vec![0.0f32; layer.stride];
        for (t, row) in shift.chunks_exact_mut(layer.stride).enumerate() {
            drive.fill(0.0);
            add_drive(layer, &step.0[layer.weights()], self.below, t, &mut drive);
            for (position, row) in row.chunks_exact_mut(layer.lanes).enumerate() {
                let at = position * layer.lanes;
                let state = current[at..].iter_mut().zip(&mut kept[at..]);
                for (((v, bias), drive), (current, kept)) in row.iter_mut().zip(bias).zip(&drive[at..]).zip(state) {
                    let i = d.beta_i * drive + *current;
                    *v = d.beta_v * i + d.beta_b * bias + *kept;
                    (*current, *kept) = (d.alpha_i * i, d.alpha_v * *v);
                }
            }
            for &unit in self.spikes.at(t) {
                let place = layer.place(unit as usize);
                (current[place], kept[place]) = (0.0, 0.0);
            }
        }
    }
}

/// v′ at step `t` of the neuron at `place`, from the potentials of its layer, `[time][stride]` ([model
/// §1](crate::model#1-the-neuron-forward)).
pub fn slope_at(potential: &[f32], stride: usize, place: usize, t: usize) -> f32 {
    let v = |t: usize| potential[t * stride + place];
    let before = if t > 0 && v(t - 1) < 1.0 { v(t - 1) } else { 0.0 };
    (v(t) - before).max(SLOPE_MIN)
}

/// Adds W s of step `t` to `row`, `[stride]`.
#[inline(always)]
fn add_drive(layer: &Layer, weights: &[f32], below: &Raster, t: usize, row: &mut [f32]) {
    let add = |row: &mut [f32], weights: &[f32], value: f32| {
        row.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += value * weight);
    };
    for (unit, value) in below.weighted(t) {
        let unit = unit as usize;
        let LayerKind::Conv { kernel, .. } = layer.kind else {
            add(row, &weights[unit * layer.lanes..][..layer.lanes], value);
            continue;
        };
        let (channel, position) = (unit / layer.from.positions(), unit % layer.from.positions());
        let weights = &weights[channel * kernel * kernel * layer.lanes..];
        for run in KernelWindow::around(position, layer.from.image(), kernel).runs() {
            let length = run.count * layer.lanes;
            add(&mut row[run.position * layer.lanes..][..length], &weights[run.tap * layer.lanes..][..length], value);
        }
    }
}
