//! Forward pass, loss and backward pass of a whole batch: the arithmetic of an update, without the update.

use crate::loss::{LossEvaluator, LossExtent, LossSettings};
use crate::rule::{self, Adjoint, BackwardPass, GradientPost, Rule, RuleSettings, SampleContribution, Transposed};
use crate::snn::{Dynamics, Isa, Network, OutputGradient, Params, Trace, forward::advance};
use crate::spike::Sample;
use crate::spike::reserve::{Reserve, level_capacity};

use super::parallel::{all_chunks, for_each};

/// Steps between two checks whether the latency loss can stop.
const BLOCK: usize = 32;

/// Multiply-adds above which it pays to wake other threads.
const WORTH_SHARING: usize = 400_000;

/// Parts into which the weights of a layer are divided among threads.
const PARTS: usize = 8;

/// Everything about the network that a pass needs and that no update changes.
#[derive(Clone, Copy, Debug)]
pub struct Model<'a> {
    pub net: &'a Network,
    pub dynamics: &'a Dynamics,
    pub isa: Isa,
}

impl Model<'_> {
    /// Whether the samples of a batch are worth dividing among threads.
    fn worth_sharing(&self, samples: usize, steps: usize) -> bool {
        samples > 1 && samples * steps * self.net.effort() / 8 > WORTH_SHARING
    }
}

/// The memory of a batch; it is reused, so that a pass allocates nothing after warm-up.
///
/// A smaller batch leaves the memory of the remaining samples for the next, larger one.
#[derive(Debug, Default)]
pub struct BatchPass {
    traces: Vec<Trace>,
    adjoints: Vec<Adjoint>,
    /// Whether potentials and their gradients are kept; to be chosen before the first pass.
    pub keep_potential: bool,
    transposed: Transposed,
    post: GradientPost,
    output_gradients: Vec<OutputGradient>,
    evaluators: Vec<LossEvaluator>,
    /// The loss of every sample; they add up to the batch's.
    pub losses: Vec<f64>,
    /// Steps that count ([model §4](crate::model#4-losses)).
    pub steps: usize,
}

/// Makes sure that there is memory for each of the samples.
fn provide<T>(memory: &mut Vec<T>, samples: &[Sample], fresh: impl FnMut() -> T) {
    memory.resize_with(memory.len().max(samples.len()), fresh);
}

impl BatchPass {
    /// The traces of the last [`BatchPass::forward`], one per sample.
    pub fn traces(&self) -> &[Trace] {
        &self.traces[..self.losses.len()]
    }

    /// The adjoints of the last [`BatchPass::backward`], one per sample.
    pub fn adjoints(&self) -> &[Adjoint] {
        &self.adjoints[..self.losses.len().min(self.adjoints.len())]
    }

    /// Takes as much memory for a forward pass of a few samples as `other` has for one of its own.
    pub fn reserve_like(&mut self, other: &BatchPass) {
        if let Some(like) = other.traces.first() {
            self.traces.iter_mut().for_each(|trace| trace.reserve_like(like));
        }
    }

    /// Runs the batch forward and returns its loss. `time` is T as configured.
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
        let shared = model.worth_sharing(samples.len(), time);
        let run = |trace: &mut Trace, sample: &Sample, to: usize| {
            isa.run(
                #[inline(always)]
                || advance(net, dynamics, params, &sample.input, trace, to),
            );
        };
        // the latency loss stops all samples together: each is run until it could stop, then on to where the last one did
        for_each(shared, traces, |n, trace| {
            trace.clear(net, &samples[n].input);
            while trace.steps < time && loss.steps(time, [trace.output()]) > trace.steps {
                let to = if loss.may_stop() { (trace.steps + BLOCK).min(time) } else { time };
                run(trace, &samples[n], to);
            }
        });
        let steps = loss.steps(time, traces.iter().map(Trace::output));
        for_each(shared, traces, |n, trace| {
            if trace.steps < steps {
                run(trace, &samples[n], steps);
            }
            trace.truncate(steps);
        });
        self.steps = steps;
        level_capacity(&mut self.traces);
        self.evaluate(model, samples, loss, time)
    }

    /// Loss and derivatives at the output of every sample, from the traces.
    fn evaluate(&mut self, model: Model, samples: &[Sample], loss: &LossSettings, time: usize) -> f64 {
        let extent = LossExtent { time, steps: self.steps, batch: samples.len() };
        provide(&mut self.output_gradients, samples, OutputGradient::default);
        provide(&mut self.evaluators, samples, LossEvaluator::default);
        self.losses.clear();
        debug_assert_eq!(self.traces[0].output().units(), model.net.outputs());
        let memory = self.output_gradients.iter_mut().zip(&mut self.evaluators);
        for ((trace, sample), (gradient, evaluator)) in self.traces.iter().zip(samples).zip(memory) {
            self.losses.push(model.isa.run(
                #[inline(always)]
                || evaluator.evaluate(loss, extent, trace.output(), &sample.target, Some(gradient)),
            ));
        }
        self.losses.iter().sum()
    }

    /// Runs the batch of the last [`BatchPass::forward`] backward, into `gradient` (laid out as [`Params`]).
    ///
    /// # Errors
    /// The first layer, from 0, whose gradient has an entry that is not finite, or not smaller than
    /// [`LARGEST_GRADIENT`](rule::gradient::LARGEST_GRADIENT). The gradient is complete nevertheless.
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
            self.transposed.fill(net, params);
        }
        provide(&mut self.adjoints, samples, || Adjoint::new(net));
        let Self { traces, adjoints, transposed, output_gradients, keep_potential, .. } = self;
        let (traces, output_gradients) = (&*traces, &*output_gradients);
        let keep_potential = *keep_potential;
        let pass = BackwardPass { net, dynamics, settings: rule, params, transposed, keep_potential };
        let shared = model.worth_sharing(samples.len(), self.steps);
        for_each(shared, &mut adjoints[..samples.len()], |n, adjoint| {
            isa.run(
                #[inline(always)]
                || pass.backward(&samples[n].input, &traces[n], &output_gradients[n], adjoint),
            );
        });
        level_capacity(adjoints);
        self.sum(model, samples, rule, shared, gradient)
    }

    /// Σ g_i ⊗ s and Σ g_dep of every layer, post-processed. A layer is divided among threads by its weights, so that every
    /// entry is summed in the order of the samples.
    fn sum(
        &mut self,
        model: Model,
        samples: &[Sample],
        rule: &RuleSettings,
        shared: bool,
        gradient: &mut Params,
    ) -> Result<(), usize> {
        let Self { traces, adjoints, post, .. } = self;
        let (traces, adjoints) = (&traces[..samples.len()], &adjoints[..samples.len()]);
        let (mut broken, lowest, steps) = (None, model.net.lowest(), self.steps);
        for (l, layer) in model.net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights()) {
            post.plan(l, layer, model.dynamics, rule, traces);
            let group = layer.gradient_group();
            let sum = |first: usize, rows: &mut [f32]| {
                rows.fill(0.0);
                model.isa.run(
                    #[inline(always)]
                    || {
                        for ((sample, trace), adjoint) in samples.iter().zip(traces.iter()).zip(adjoints.iter()) {
                            let below = if l == 0 { &sample.input } else { &trace.layers[l - 1].spikes };
                            let g_i = &adjoint.layers[l].g_i;
                            let sample = SampleContribution { below, g_i, sparse: l == lowest, steps };
                            rule::weight_gradient(layer, first / group, sample, rows);
                        }
                        post.weights(rows)
                    },
                )
            };
            let weights = &mut gradient.0[layer.weights()];
            let part = (weights.len() / group).div_ceil(PARTS) * group;
            let mut fine = all_chunks(shared, part, weights, sum);
            fine &= post.biases(l, model.dynamics, adjoints, &mut gradient.0[layer.biases()]);
            if !fine {
                broken = broken.or(Some(l));
            }
        }
        broken.map_or(Ok(()), Err)
    }
}
