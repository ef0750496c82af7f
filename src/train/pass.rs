//! Forward, loss and backward of a whole batch: the arithmetic of an update, without the update.

use rayon::prelude::*;

use crate::loss::{LossEvaluator, LossExtent, LossSettings};
use crate::rule::{self, Adjoint, BackwardPass, GradientPost, Rule, RuleSettings, SampleContribution, Transposed};
use crate::snn::{Dynamics, Isa, Network, OutputGradient, Params, Trace, forward::advance};
use crate::spike::Sample;
use crate::spike::reserve::{Reserve, level_capacity};

/// Steps between two looks whether the latency loss has seen enough.
const BLOCK: usize = 32;

/// From this many multiply-adds on it pays to wake other threads.
const WORTH_SHARING: usize = 400_000;

/// Everything about the network that a pass needs and that no update changes.
#[derive(Clone, Copy, Debug)]
pub struct Model<'a> {
    pub net: &'a Network,
    pub dynamics: &'a Dynamics,
    pub isa: Isa,
}

/// Does `work` to every trace and its sample.
fn each(shared: bool, traces: &mut [Trace], samples: &[Sample], work: impl Fn((&mut Trace, &Sample)) + Send + Sync) {
    if shared {
        traces.par_iter_mut().zip(samples).for_each(work);
    } else {
        traces.iter_mut().zip(samples).for_each(work);
    }
}

/// The work memory of a batch; reused, so that a pass allocates nothing once it is warm.
///
/// A smaller batch leaves the memory of the others for the next, larger one.
#[derive(Debug, Default)]
pub struct BatchPass {
    traces: Vec<Trace>,
    adjoints: Vec<Adjoint>,
    /// Whether potentials and their gradients are kept; to be chosen before the first pass.
    pub keep_potential: bool,
    turned: Transposed,
    finish: GradientPost,
    seeds: Vec<OutputGradient>,
    evaluators: Vec<LossEvaluator>,
    /// The loss of every sample; they add up to the batch's.
    pub losses: Vec<f64>,
    /// Steps that counted ([model §4](crate::model#4-losses)).
    pub steps: usize,
}

/// At least as many of these as there are samples.
fn provide<T>(memory: &mut Vec<T>, samples: &[Sample], fresh: impl FnMut() -> T) {
    memory.resize_with(memory.len().max(samples.len()), fresh);
}

impl BatchPass {
    /// What the last [`BatchPass::forward`] left behind, a trace for each sample.
    pub fn traces(&self) -> &[Trace] {
        &self.traces[..self.losses.len()]
    }

    /// What the last [`BatchPass::backward`] left behind, one for each sample.
    pub fn adjoints(&self) -> &[Adjoint] {
        &self.adjoints[..self.losses.len().min(self.adjoints.len())]
    }

    /// Takes as much memory for a forward pass of a few samples as `other` has for one of its own.
    pub fn reserve_like(&mut self, other: &BatchPass) {
        if let Some(like) = other.traces.first() {
            self.traces.iter_mut().for_each(|trace| trace.reserve_like(like));
        }
    }

    /// Runs the batch forward. Returns its loss. `time` is T as configured.
    pub fn forward(
        &mut self,
        model: Model,
        params: &Params,
        samples: &[Sample],
        loss: &LossSettings,
        time: usize,
    ) -> f64 {
        let Model { net, dynamics, isa } = model;
        let fresh = if self.keep_potential { Trace::keeping_potentials } else { Trace::new };
        provide(&mut self.traces, samples, || fresh(net));
        let traces = &mut self.traces[..samples.len()];
        let shared = samples.len() > 1 && samples.len() * time * net.effort() / 8 > WORTH_SHARING;
        // the latency loss stops all samples together: each is run until it could stop, then on to where the last did
        let alone = |(trace, sample): (&mut Trace, &Sample)| {
            trace.clear(net, &sample.input);
            while trace.steps < time && loss.steps(time, [trace.output()]) > trace.steps {
                let to = if loss.may_stop() { (trace.steps + BLOCK).min(time) } else { time };
                isa.run(
                    #[inline(always)]
                    || advance(net, dynamics, params, &sample.input, trace, to),
                );
            }
        };
        each(shared, traces, samples, alone);
        self.steps = loss.steps(time, traces.iter().map(Trace::output));
        let steps = self.steps;
        let together = |(trace, sample): (&mut Trace, &Sample)| {
            if trace.steps < steps {
                isa.run(
                    #[inline(always)]
                    || advance(net, dynamics, params, &sample.input, trace, steps),
                );
            }
            trace.truncate(steps);
        };
        each(shared, traces, samples, together);
        level_capacity(&mut self.traces);
        self.evaluate(model, samples, loss, time)
    }

    /// Loss and derivatives at the output of every sample, from the traces.
    fn evaluate(&mut self, model: Model, samples: &[Sample], loss: &LossSettings, time: usize) -> f64 {
        let extent = LossExtent { time, steps: self.steps, batch: samples.len() };
        provide(&mut self.seeds, samples, OutputGradient::default);
        provide(&mut self.evaluators, samples, LossEvaluator::default);
        self.losses.clear();
        debug_assert_eq!(self.traces[0].output().units(), model.net.outputs());
        for (((trace, sample), seeds), evaluator) in
            self.traces.iter().zip(samples).zip(&mut self.seeds).zip(&mut self.evaluators)
        {
            self.losses.push(model.isa.run(
                #[inline(always)]
                || evaluator.evaluate(loss, extent, trace.output(), &sample.target, Some(seeds)),
            ));
        }
        self.losses.iter().sum()
    }

    /// Runs the batch of the last [`BatchPass::forward`] backward, into `gradient` (laid out as [`Params`]).
    ///
    /// An error is the first layer in whose gradient something is not a number of ordinary size.
    pub fn backward(
        &mut self,
        model: Model,
        params: &Params,
        samples: &[Sample],
        rule: &RuleSettings,
        gradient: &mut Params,
    ) -> Result<(), usize> {
        let Model { net, dynamics, isa } = model;
        if rule.rule != Rule::Timing {
            self.turned.fill(net, params);
        }
        provide(&mut self.adjoints, samples, || Adjoint::new(net));
        let keep_potential = self.keep_potential;
        let way = BackwardPass { net, dynamics, settings: rule, params, turned: &self.turned, keep_potential };
        let one = |(((adjoint, trace), seeds), sample): (((&mut Adjoint, &Trace), &OutputGradient), &Sample)| {
            isa.run(
                #[inline(always)]
                || way.backward(&sample.input, trace, seeds, adjoint),
            );
        };
        let shared = samples.len() > 1 && samples.len() * self.steps * net.effort() / 8 > WORTH_SHARING;
        if shared {
            self.adjoints.par_iter_mut().zip(&self.traces).zip(&self.seeds).zip(samples).for_each(one);
        } else {
            self.adjoints.iter_mut().zip(&self.traces).zip(&self.seeds).zip(samples).for_each(one);
        }
        level_capacity(&mut self.adjoints);
        self.sum(model, samples, rule, shared, gradient)
    }

    /// Σ g_i ⊗ s and Σ g_dep of every layer, and what is done to them in the end. Shared out by weights, so that every
    /// entry is summed in the order of the samples.
    fn sum(
        &mut self,
        model: Model,
        samples: &[Sample],
        rule: &RuleSettings,
        shared: bool,
        gradient: &mut Params,
    ) -> Result<(), usize> {
        let Self { traces, adjoints, finish, .. } = self;
        let (traces, adjoints) = (&traces[..samples.len()], &adjoints[..samples.len()]);
        let (mut broken, lowest, steps) = (None, model.net.lowest(), self.steps);
        for (l, layer) in model.net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights()) {
            finish.plan(l, layer, model.dynamics, rule, traces);
            let sum = |first: usize, rows: &mut [f32]| {
                rows.fill(0.0);
                model.isa.run(
                    #[inline(always)]
                    || {
                        for ((sample, trace), adjoint) in samples.iter().zip(traces.iter()).zip(adjoints.iter()) {
                            let below = if l == 0 { &sample.input } else { &trace.layers[l - 1].spikes };
                            let g_i = &adjoint.layers[l].current;
                            let share = SampleContribution { below, g_i, sparse: l == lowest, steps };
                            rule::weight_gradient(layer, first, share, rows);
                        }
                        finish.weights(rows)
                    },
                )
            };
            let all = &mut gradient.0[layer.weights()];
            let mut fine = if shared {
                let shares = (all.len() / layer.share()).div_ceil(8);
                let parts = all.par_chunks_mut(shares * layer.share()).enumerate();
                parts.map(|(n, rows)| sum(n * shares, rows)).reduce(|| true, |a, b| a & b)
            } else {
                sum(0, all)
            };
            fine &= finish.biases(l, model.dynamics, adjoints, &mut gradient.0[layer.biases()]);
            if !fine {
                broken = broken.or(Some(l));
            }
        }
        broken.map_or(Ok(()), Err)
    }
}
