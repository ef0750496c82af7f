//! Forward, loss and backward of a whole batch: the arithmetic of an update, without the update.

use rayon::prelude::*;

use crate::loss::{Evaluator, Extent, LossSettings};
use crate::rule::{self, Adjoint, RuleSettings};
use crate::snn::{Dynamics, Isa, Network, OutputGradient, Params, Trace, forward::forward};
use crate::spike::Sample;

/// From this many multiply-adds on it pays to wake other threads.
const WORTH_SHARING: usize = 400_000;

/// Everything about the network that a pass needs and that no update changes.
#[derive(Clone, Copy, Debug)]
pub struct Model<'a> {
    pub net: &'a Network,
    pub dynamics: &'a Dynamics,
    pub isa: Isa,
}

/// The work memory of a batch; reused, so that a pass allocates nothing once it is warm.
#[derive(Debug, Default)]
pub struct Pass {
    pub traces: Vec<Trace>,
    pub adjoints: Vec<Adjoint>,
    seeds: Vec<OutputGradient>,
    evaluators: Vec<Evaluator>,
    /// The loss of every sample; they add up to the batch's.
    pub losses: Vec<f64>,
    /// Steps that counted (model.md, section 4).
    pub steps: usize,
}

impl Pass {
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
        self.traces.resize_with(samples.len(), || Trace::new(net));
        let one = |(trace, sample): (&mut Trace, &Sample)| {
            isa.run(
                #[inline(always)]
                || forward(net, dynamics, params, &sample.input, trace),
            );
        };
        if samples.len() > 1 && samples.len() * time * net.effort() / 8 > WORTH_SHARING {
            self.traces.par_iter_mut().zip(samples).for_each(one);
        } else {
            self.traces.iter_mut().zip(samples).for_each(one);
        }
        self.steps = loss.steps(time, self.traces.iter().map(Trace::output));
        for trace in &mut self.traces {
            trace.truncate(self.steps);
        }
        self.evaluate(net, samples, loss, time)
    }

    /// Loss and derivatives at the output of every sample, from the traces.
    fn evaluate(&mut self, net: &Network, samples: &[Sample], loss: &LossSettings, time: usize) -> f64 {
        let extent = Extent { time, steps: self.steps, batch: samples.len() };
        self.seeds.resize_with(samples.len(), OutputGradient::default);
        self.evaluators.resize_with(samples.len(), Evaluator::default);
        self.losses.clear();
        debug_assert_eq!(self.traces[0].output().units(), net.outputs());
        for (((trace, sample), seeds), evaluator) in
            self.traces.iter().zip(samples).zip(&mut self.seeds).zip(&mut self.evaluators)
        {
            self.losses.push(evaluator.evaluate(loss, extent, trace.output(), &sample.target, Some(seeds)));
        }
        self.losses.iter().sum()
    }

    /// Runs the batch of the last [`Pass::forward`] backward, into `gradient` (laid out as [`Params`]).
    pub fn backward(
        &mut self,
        model: Model,
        params: &Params,
        samples: &[Sample],
        rule: &RuleSettings,
        gradient: &mut Params,
    ) {
        let Model { net, dynamics, isa } = model;
        self.adjoints.resize_with(samples.len(), || Adjoint::new(net));
        let one = |((adjoint, trace), seeds): ((&mut Adjoint, &Trace), &OutputGradient)| {
            isa.run(
                #[inline(always)]
                || rule::backward(net, dynamics, rule, params, trace, seeds, adjoint),
            );
        };
        let shared = samples.len() > 1 && samples.len() * self.steps * net.effort() / 8 > WORTH_SHARING;
        if shared {
            self.adjoints.par_iter_mut().zip(&self.traces).zip(&self.seeds).for_each(one);
        } else {
            self.adjoints.iter_mut().zip(&self.traces).zip(&self.seeds).for_each(one);
        }
        self.weight_gradients(model, samples, shared, gradient);
        isa.run(
            #[inline(always)]
            || rule::finish(net, dynamics, rule, &self.traces, &self.adjoints, &mut gradient.0),
        );
    }

    /// Σ g_i ⊗ s of every layer. Shared out by weights, so that every entry is summed in the order of the samples.
    fn weight_gradients(&self, model: Model, samples: &[Sample], shared: bool, gradient: &mut Params) {
        for (l, layer) in model.net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights()) {
            let sum = |first: usize, rows: &mut [f32]| {
                rows.fill(0.0);
                for ((sample, trace), adjoint) in samples.iter().zip(&self.traces).zip(&self.adjoints) {
                    let below = if l == 0 { &sample.input } else { &trace.layers[l - 1].spikes };
                    let g_i = &adjoint.layers[l].current;
                    model.isa.run(
                        #[inline(always)]
                        || rule::weight_gradient(layer, first, below, g_i, self.steps, rows),
                    );
                }
            };
            let all = &mut gradient.0[layer.weights()];
            if shared {
                let shares = (all.len() / layer.share()).div_ceil(8);
                let parts = all.par_chunks_mut(shares * layer.share()).enumerate();
                parts.for_each(|(n, rows)| sum(n * shares, rows));
            } else {
                sum(0, all);
            }
        }
    }
}
