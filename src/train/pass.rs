//! Forward pass, loss and backward pass of a whole batch: the arithmetic of an update, without the update.

use crate::loss::{LossEvaluator, LossExtent, LossSettings};
use crate::rule::{
    self, Adjoint, BackwardPass, BackwardStart, GradientPost, Rule, RuleSettings, SampleContribution, Transposed,
};
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
    /// Whether a batch is worth dividing among threads. `steps` are those of all its `samples` together.
    fn worth_sharing(&self, samples: usize, steps: usize) -> bool {
        samples > 1 && steps * self.net.effort() / 8 > WORTH_SHARING
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
    /// Whether gradients that are known to be zero are computed nevertheless, for a test that they are.
    exhaustive: bool,
    transposed: Transposed,
    post: GradientPost,
    output_gradients: Vec<OutputGradient>,
    /// The steps of each sample that have a gradient: see [`OutputGradient::horizon`].
    horizons: Vec<usize>,
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

    /// The steps of each sample that the last [`BatchPass::backward`] went through, from the first: in later ones every
    /// gradient is zero.
    pub fn horizons(&self) -> &[usize] {
        &self.horizons
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
        let shared = model.worth_sharing(samples.len(), samples.len() * time);
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
        let seen = [rule.rule != Rule::Timing, rule.rule != Rule::Activation];
        let horizon = |output: &OutputGradient| if self.exhaustive { self.steps } else { output.horizon(seen) };
        self.horizons.clear();
        self.horizons.extend(self.output_gradients[..samples.len()].iter().map(horizon));
        let steps = self.horizons.iter().sum();
        if rule.rule != Rule::Timing && steps > 0 {
            self.transposed.fill(net, params);
        }
        provide(&mut self.adjoints, samples, || Adjoint::new(net));
        let Self { traces, adjoints, transposed, output_gradients, horizons, keep_potential, exhaustive, .. } = self;
        let (traces, output_gradients, horizons) = (&*traces, &*output_gradients, &*horizons);
        let (keep_potential, exhaustive) = (*keep_potential, *exhaustive);
        let pass = BackwardPass { net, dynamics, settings: rule, params, transposed, keep_potential, exhaustive };
        let shared = model.worth_sharing(samples.len(), steps);
        for_each(shared, &mut adjoints[..samples.len()], |n, adjoint| {
            let (input, trace, output, horizon) = (&samples[n].input, &traces[n], &output_gradients[n], horizons[n]);
            isa.run(
                #[inline(always)]
                || pass.backward(BackwardStart { input, trace, output, horizon }, adjoint),
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
        let Self { traces, adjoints, post, exhaustive, .. } = self;
        let (traces, adjoints) = (&traces[..samples.len()], &adjoints[..samples.len()]);
        let (mut broken, lowest) = (None, model.net.lowest());
        let nothing = !*exhaustive && adjoints.iter().all(|adjoint| adjoint.horizon == 0);
        for (l, layer) in model.net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights()) {
            post.plan(l, layer, model.dynamics, rule, traces);
            let group = layer.gradient_group();
            let sum = |first: usize, rows: &mut [f32]| {
                rows.fill(0.0);
                if nothing && post.keeps_zero() {
                    return true;
                }
                model.isa.run(
                    #[inline(always)]
                    || {
                        for ((sample, trace), adjoint) in samples.iter().zip(traces.iter()).zip(adjoints.iter()) {
                            let below = if l == 0 { &sample.input } else { &trace.layers[l - 1].spikes };
                            let g_i = &adjoint.layers[l].g_i;
                            let steps = adjoint.horizon;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loss::LossKind;
    use crate::snn::NeuronSettings;
    use crate::snn::text::parse;
    use crate::spike::{Raster, Target};
    use crate::train::initial::initial_params;

    const STEPS: usize = 37;

    /// Three samples whose input ends early, later, at the end.
    fn samples(net: &Network, seed: usize) -> Vec<Sample> {
        let events = |units: usize, steps: usize, b: usize| {
            let all = (0..steps).flat_map(|t| (0..units).map(move |u| (t as u32, u as u32)));
            let drawn = |(t, u): &(u32, u32)| (t * 13 + u * 7 + (b * 3 + seed) as u32 * 5).is_multiple_of(11);
            Raster::from_events(units, STEPS, all.filter(drawn).collect())
        };
        let sample = |b: usize| Sample {
            input: events(net.inputs, [6, 20, STEPS][b], b),
            target: Target { spikes: events(net.outputs(), STEPS - 9, b + 3), label: (seed + b) % net.outputs() },
        };
        (0..3).map(sample).collect()
    }

    /// The bits of everything that a backward pass leaves: g_v and Σ g_dep of all layers and samples, then the gradient.
    fn bits(pass: &BatchPass, gradient: &Params) -> Vec<u32> {
        let layers = pass.adjoints().iter().flat_map(|adjoint| &adjoint.layers);
        let left = layers.flat_map(|layer| layer.g_v.iter().chain(&layer.bias));
        left.chain(&gradient.0).map(|value| value.to_bits()).collect()
    }

    /// Checks that a backward pass that leaves out zeros and one that does not have the same bits. Gives the horizons and
    /// the steps.
    fn horizons_and_bits(text: &str, seed: usize, rule: Rule, kind: LossKind) -> (Vec<usize>, usize) {
        let net = parse(text).unwrap();
        let params = initial_params(&net, [2.0, 5.0, 9.0][seed % 3], seed as u64);
        let dynamics = NeuronSettings { alpha_i: 0.8, alpha_v: 0.9, ..Default::default() }.dynamics(STEPS);
        let model = Model { net: &net, dynamics: &dynamics, isa: Isa::best() };
        let (samples, loss) = (samples(&net, seed), LossSettings { kind, ..Default::default() });
        let rule = RuleSettings { rule, ..Default::default() };
        let mut gradient = net.zero_params();
        let mut pass = BatchPass { keep_potential: true, exhaustive: true, ..Default::default() };
        pass.forward(model, &params, &samples, &loss, STEPS);
        // first everything, so that what is left in memory is not zero
        let done = pass.backward(model, &params, &samples, &rule, &mut gradient);
        let full = bits(&pass, &gradient);
        pass.exhaustive = false;
        assert_eq!(pass.backward(model, &params, &samples, &rule, &mut gradient), done);
        assert!(bits(&pass, &gradient) == full, "{text} {rule:?} {kind:?} {seed}: horizons {:?}", pass.horizons);
        (pass.horizons.clone(), pass.steps)
    }

    #[test]
    fn what_is_left_out_as_zero_changes_no_bit() {
        let nets = [
            "20 - fc45 - fc3",
            "20 - fc19 - fc30 - fc11 - fc4",
            "2x6x5 - conv9k3 - avg2 - conv17k3 - max2 - flatten - fc2",
            "2x9x8 - conv3k3 - max2 - conv11k3 - avg3 - conv5k3 - flatten - fc3",
            "2x4x5 - conv3k3",
        ];
        let mut shares = [0; 3];
        for (text, seed) in nets.into_iter().flat_map(|text| (0..12).map(move |seed| (text, seed))) {
            for (rule, kind) in Rule::ALL.into_iter().flat_map(|rule| LossKind::ALL.map(|kind| (rule, kind))) {
                let (horizons, steps) = horizons_and_bits(text, seed, rule, kind);
                for horizon in horizons {
                    shares[if horizon == 0 { 0 } else { 1 + usize::from(horizon == steps) }] += 1;
                }
            }
        }
        assert!(shares.iter().all(|n| *n > 100), "zero, within, at the end: {shares:?}");
    }

    #[test]
    fn a_label_that_spikes_leaves_nothing_to_the_activation_based_rule() {
        let (horizons, steps) = horizons_and_bits("20 - fc45 - fc3", 2, Rule::Activation, LossKind::Latency);
        assert!(steps > 0 && horizons.contains(&0), "{horizons:?} of {steps}");
    }
}
