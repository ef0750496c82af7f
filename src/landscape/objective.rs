//! What the loss at a point depends on, beside the point.

use std::sync::Arc;

use crate::rule::{Rule, RuleSettings};
use crate::snn::{Dynamics, Isa, Network, Params};
use crate::spike::Sample;
use crate::task::Split;
use crate::train::Settings;
use crate::train::pass::Model;

use super::scratch::PointScratch;

/// Over which samples the loss is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LossSamples {
    /// The batch whose loss the run tells.
    #[default]
    Batch,
    /// The sample that is watched.
    Probe,
    /// The first samples of a part, at most so many.
    Set { part: Split, most: usize },
}

/// Network, settings and samples.
#[derive(Clone, Debug)]
pub struct Objective {
    pub net: Arc<Network>,
    pub settings: Arc<Settings>,
    /// At least one.
    pub samples: Arc<Vec<Sample>>,
    /// So many samples are run together, as a batch; the loss of several batches is the mean of theirs, each weighed by
    /// its samples. The latency loss stops a batch together, so that this is part of what the loss is.
    pub together: usize,
    /// The sample whose output spikes are kept apart, from 0.
    pub watched: usize,
    pub isa: Isa,
}

impl Objective {
    /// The loss of `samples` as one batch; its first sample is the watched one.
    pub fn of_batch(net: &Arc<Network>, settings: &Arc<Settings>, samples: &Arc<Vec<Sample>>, isa: Isa) -> Self {
        let (net, settings, samples) = (Arc::clone(net), Arc::clone(settings), Arc::clone(samples));
        Self { net, settings, together: samples.len(), samples, watched: 0, isa }
    }

    /// The loss of `samples`, `together` of them at a time; the watched sample is `probe`, or the first where that is
    /// not among them.
    pub fn new(
        net: &Arc<Network>,
        settings: &Arc<Settings>,
        samples: Arc<Vec<Sample>>,
        together: usize,
        probe: &Sample,
    ) -> Self {
        let watched = samples.iter().position(|sample| sample == probe).unwrap_or(0);
        Self { together, watched, ..Self::of_batch(net, settings, &samples, Isa::best()) }
    }

    pub(super) fn dynamics(&self) -> Dynamics {
        self.settings.neuron.dynamics(self.settings.task.steps)
    }

    pub(super) fn model<'a>(&'a self, dynamics: &'a Dynamics) -> Model<'a> {
        Model { net: &self.net, dynamics, isa: self.isa }
    }

    /// The batches, each with its share of the samples and the number of its first.
    pub(super) fn batches(&self) -> impl Iterator<Item = (f64, usize, &[Sample])> {
        let (all, together) = (self.samples.len(), self.together.max(1));
        let share = move |batch: &[Sample]| batch.len() as f64 / all as f64;
        self.samples.chunks(together).enumerate().map(move |(n, batch)| (share(batch), n * together, batch))
    }

    /// The loss at `params`: to the bit that of the run where the samples are its batch.
    pub fn loss(&self, params: &Params) -> f64 {
        self.loss_at(&self.dynamics(), params, &mut PointScratch::default())
    }

    pub(super) fn loss_at(&self, dynamics: &Dynamics, params: &Params, scratch: &mut PointScratch) -> f64 {
        let (model, loss, time) = (self.model(dynamics), &self.settings.loss, self.settings.task.steps);
        let one =
            |(share, _, batch): (f64, usize, &[Sample])| share * scratch.pass.forward(model, params, batch, loss, time);
        self.batches().map(one).sum()
    }

    /// The gradient of `rule` at `params`, without clipping and without timing penalty.
    pub fn gradient(&self, rule: Rule, params: &Params) -> Params {
        let (dynamics, mut scratch) = (self.dynamics(), PointScratch::default());
        let (model, loss, time) = (self.model(&dynamics), &self.settings.loss, self.settings.task.steps);
        let (rule, mut sum) = (self.plain(rule), self.net.zero_params());
        scratch.gradient = self.net.zero_params();
        for (share, _, batch) in self.batches() {
            scratch.pass.forward(model, params, batch, loss, time);
            // what is no number stays to be seen in the sum
            let _ = scratch.pass.backward(model, params, batch, &rule, &mut scratch.gradient);
            let add = |(sum, g): (&mut f32, &f32)| *sum += share as f32 * g;
            sum.0.iter_mut().zip(&scratch.gradient.0).for_each(add);
        }
        sum
    }

    /// The rule as a field shows it: what is done to a gradient afterwards is no part of what the rule sees.
    pub(super) fn plain(&self, rule: Rule) -> RuleSettings {
        let mut settings = RuleSettings { rule, ..self.settings.rule };
        settings.timing_penalty.on = false;
        settings.grad_clip.on = false;
        settings
    }
}
