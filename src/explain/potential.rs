//! What a potential is made of ([model §12](crate::model#12-the-parts-of-a-potential)): between two resets it is a sum
//! over what came in, one stack of PSPs for each input, and a part of the bias.

use std::ops::Range;

use crate::rule::RuleSettings;
use crate::snn::Params;

use super::LayerActivity;

/// θ: a neuron spikes where its potential is at least this.
pub const THRESHOLD: f32 = 1.0;

/// One neuron over time; all `[time]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NeuronCourse {
    /// i, the synaptic current.
    pub current: Vec<f32>,
    /// v, with the bits of the forward pass.
    pub potential: Vec<f32>,
    /// σ(v), the surrogate derivative.
    pub surrogate: Vec<f32>,
    /// The steps at which it spiked; current and potential begin anew in the step after.
    pub spikes: Vec<u32>,
}

/// The parts of one neuron's potential.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// Inputs from which something came, rising; the parts of all others are zero.
    pub inputs: Vec<InputPart>,
    /// v_b, `[time]`.
    pub bias: Vec<f32>,
    /// The bias itself.
    pub bias_value: f32,
}

/// The part of one input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InputPart {
    /// The unit of the layer below.
    pub input: u32,
    /// W_oj.
    pub weight: f32,
    /// v_j, `[time]`.
    pub potential: Vec<f32>,
}

/// What one input, or the bias, gives at one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution {
    /// None for the bias.
    pub input: Option<u32>,
    /// The weight, or the bias.
    pub weight: f32,
    /// Its part of v.
    pub potential: f32,
}

/// Parts for a picture: the largest by name, the others as a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack<'a> {
    /// The largest first.
    pub named: Vec<&'a InputPart>,
    /// The sum of the other inputs, `[time]`.
    pub rest: Vec<f32>,
    /// How many these are.
    pub others: usize,
    pub bias: &'a [f32],
}

/// One neuron of a layer at `params`, over the steps that counted.
pub fn course(at: LayerActivity, params: &Params, rule: &RuleSettings, unit: usize) -> NeuronCourse {
    let d = at.model.dynamics;
    let (potential, spikes) = (at.potential(params, unit), at.train(unit));
    let surrogate = potential.iter().map(|v| rule.surrogate(*v)).collect();
    let weight = |(input, value): (u32, f32)| Some(value * params.0[at.weight_between(unit, input as usize)?]);
    let mut state = 0.0;
    let current = |(t, v): (usize, &f32)| {
        let drive = at.below.weighted(t).filter_map(weight).fold(0.0, |sum, x| sum + x);
        let i = d.beta_i * drive + d.alpha_i * state;
        state = if *v >= THRESHOLD { 0.0 } else { i };
        i
    };
    NeuronCourse { current: potential.iter().enumerate().map(current).collect(), potential, surrogate, spikes }
}

impl Parts {
    /// The parts of the potential of neuron `unit` at `params`; of a change of parameters those of δv, as the potential is
    /// linear in them while the resets stay.
    pub fn of(at: LayerActivity, params: &Params, unit: usize) -> Self {
        let (d, steps) = (at.model.dynamics, at.steps());
        let (alpha_i, alpha_v) = (f64::from(d.alpha_i), f64::from(d.alpha_v));
        let mut alive = vec![1.0; steps];
        for t in at.train(unit) {
            alive.iter_mut().skip(t as usize + 1).take(1).for_each(|alive| *alive = 0.0);
        }
        let mut inputs = arrivals(at, params, unit);
        for part in &mut inputs {
            let (scale, mut i, mut v) = (f64::from(d.beta_i) * f64::from(part.weight), 0.0, 0.0);
            for (x, alive) in part.potential.iter_mut().zip(&alive) {
                i = scale * f64::from(*x) + alpha_i * alive * i;
                v = f64::from(d.beta_v) * i + alpha_v * alive * v;
                *x = v as f32;
            }
        }
        let bias_value = params.0[at.bias_of(unit)];
        let (scale, mut v) = (f64::from(d.beta_b) * f64::from(bias_value), 0.0);
        let bias = |alive: &f64| {
            v = scale + alpha_v * alive * v;
            v as f32
        };
        Self { inputs, bias: alive.iter().map(bias).collect(), bias_value }
    }

    /// Their sum, which is v, `[time]`.
    pub fn sum(&self) -> Vec<f32> {
        let all: Vec<&[f32]> = self.inputs.iter().map(|part| &part.potential[..]).chain([&self.bias[..]]).collect();
        sum_of(&all, self.bias.len())
    }

    /// What each input and the bias give at step `t`, the largest first, by size; zeros left out.
    pub fn at(&self, t: usize) -> Vec<Contribution> {
        let input = |part: &InputPart| Contribution {
            input: Some(part.input),
            weight: part.weight,
            potential: part.potential[t],
        };
        let bias = Contribution { input: None, weight: self.bias_value, potential: self.bias[t] };
        let mut all: Vec<_> = self.inputs.iter().map(input).chain([bias]).filter(|c| c.potential != 0.0).collect();
        all.sort_by(|a, b| b.potential.abs().total_cmp(&a.potential.abs()));
        all
    }

    /// The `most` inputs whose parts come farthest from zero within `steps`, and the others as a sum.
    pub fn stack(&self, most: usize, steps: Range<usize>) -> Stack<'_> {
        let reach = |part: &InputPart| part.potential[steps.clone()].iter().fold(0.0f32, |most, v| most.max(v.abs()));
        let mut ranked: Vec<(f32, &InputPart)> = self.inputs.iter().map(|part| (reach(part), part)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let others = ranked.split_off(most.min(ranked.len()));
        let others: Vec<&[f32]> = others.iter().map(|(_, part)| &part.potential[..]).collect();
        Stack {
            named: ranked.into_iter().map(|(_, part)| part).collect(),
            rest: sum_of(&others, self.bias.len()),
            others: others.len(),
            bias: &self.bias,
        }
    }
}

/// The inputs from which something comes to neuron `unit`, rising, each with what comes at every step in place of its part.
fn arrivals(at: LayerActivity, params: &Params, unit: usize) -> Vec<InputPart> {
    const NONE: u32 = u32::MAX;
    let (steps, mut slots) = (at.steps(), vec![NONE; at.layer().inputs]);
    for t in 0..steps {
        at.below.at(t).iter().for_each(|&input| slots[input as usize] = 0);
    }
    let mut parts = Vec::new();
    for (input, slot) in slots.iter_mut().enumerate().filter(|(_, slot)| **slot != NONE) {
        let Some(place) = at.weight_between(unit, input) else {
            *slot = NONE;
            continue;
        };
        *slot = parts.len() as u32;
        parts.push(InputPart { input: input as u32, weight: params.0[place], potential: vec![0.0; steps] });
    }
    for t in 0..steps {
        for (input, value) in at.below.weighted(t) {
            if let Some(part) = parts.get_mut(slots[input as usize] as usize) {
                part.potential[t] = value;
            }
        }
    }
    parts
}

fn sum_of(parts: &[&[f32]], steps: usize) -> Vec<f32> {
    let mut sum = vec![0.0f64; steps];
    for part in parts {
        sum.iter_mut().zip(*part).for_each(|(sum, v)| *sum += f64::from(*v));
    }
    sum.into_iter().map(|v| v as f32).collect()
}
