//! One neuron: the parts of its potential, and why it spikes at a step or does not.

use std::sync::Arc;

use super::inside::{InsideNow, InsideUpdate};
use super::job::{Job, Question, QuestionKind, Step};
use super::watched::WatchedSetup;
use crate::engine::frame::Frame;
use crate::explain::cause::{Demand, Request, SpikeCause, demand, requests};
use crate::explain::line::NeuronAt;
use crate::explain::potential::{NeuronCourse, Parts, course};
use crate::rule::Rule;

/// Asks for the parts of the potential of a neuron in the watched sample of `frame`.
#[derive(Clone, Debug)]
pub struct PartsQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub frame: Arc<Frame>,
    pub neuron: NeuronAt,
}

/// A potential and the parts that it is the sum of.
#[derive(Debug)]
pub struct PotentialParts {
    pub frame: Arc<Frame>,
    pub neuron: NeuronAt,
    pub course: NeuronCourse,
    pub parts: Parts,
}

impl Question for PartsQuestion {
    const KIND: QuestionKind = QuestionKind::Parts;

    type Job = Self;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> Self {
        self
    }
}

/// It is answered in one piece.
impl Job for PartsQuestion {
    type Part = Arc<PotentialParts>;

    fn advance(&mut self) -> Step<Arc<PotentialParts>> {
        let (frame, neuron) = (Arc::clone(&self.frame), self.neuron);
        let at = WatchedSetup::new(&frame, Arc::clone(&frame.settings));
        let (layer, unit) = (at.layer(neuron.layer), neuron.unit as usize);
        let course = course(layer, &frame.params, &frame.settings.rule, unit);
        let parts = Parts::of(layer, &frame.params, unit);
        Step::Last(Some(Arc::new(PotentialParts { frame, neuron, course, parts })))
    }
}

/// Asks why a neuron spikes at a step, or does not.
#[derive(Clone, Debug)]
pub struct WhyQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub now: Arc<InsideNow>,
    /// The update that led to it, where there was one.
    pub update: Option<Arc<InsideUpdate>>,
    pub neuron: NeuronAt,
    pub step: u32,
}

/// Why a neuron spikes at a step, or does not.
#[derive(Debug)]
pub struct SpikeReasons {
    pub neuron: NeuronAt,
    pub step: u32,
    /// v there; none where the step was not run.
    pub potential: Option<f32>,
    /// Whether there is a spike.
    pub spikes: bool,
    /// What the last update did there; where it moved a spike, at the earlier of the two steps.
    pub cause: Option<SpikeCause>,
    /// What the rule of the last update asked there before it, where the spike was then, and who asked it.
    pub asked: Option<Request>,
    /// dL/dv there as each rule sees it now, and from where it comes.
    pub sight: Vec<Request>,
    /// What the loss wants, of an output.
    pub demand: Option<Demand>,
}

impl Question for WhyQuestion {
    const KIND: QuestionKind = QuestionKind::Why;

    type Job = Self;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> Self {
        self
    }
}

impl WhyQuestion {
    fn reasons(&self) -> SpikeReasons {
        let Self { now, update, neuron, step, .. } = self;
        let (neuron, step, setup) = (*neuron, *step, now.at.setup());
        let (frame, here) = (&now.at.frame, (step as usize) < now.activity.steps);
        let layer = setup.layer(&now.activity, neuron.layer);
        let potential = here.then(|| layer.potential(&frame.params, neuron.unit as usize)[step as usize]);
        let seen = |rule| requests(&setup, &now.activity, &frame.params, &now.gradients, rule, (neuron, step));
        let output = neuron.layer + 1 == frame.net.layers.len();
        SpikeReasons {
            neuron,
            step,
            potential,
            spikes: here && layer.spikes.contains(step as usize, neuron.unit),
            cause: update.as_ref().and_then(|update| self.cause(update)),
            asked: update.as_ref().and_then(|update| self.asked(update)),
            sight: if here { Rule::ALL.map(seen).into() } else { Vec::new() },
            demand: (output && here).then(|| demand(&setup, &now.activity, neuron.unit, step)),
        }
    }

    fn cause(&self, update: &InsideUpdate) -> Option<SpikeCause> {
        let activities = [&update.promise.before, &update.promise.after];
        let params = [&*update.before, &*update.at.frame.params];
        // after the earlier of two places the neuron is reset, so that nothing there says why the spike moved
        let step = self.step.min(self.was_at(update));
        SpikeCause::of(&update.at.setup(), activities, params, self.neuron, step)
    }

    /// Where the spike that is at the step now was before the update; the step itself where it was none.
    fn was_at(&self, update: &InsideUpdate) -> u32 {
        let layer = update.promise.layers.iter().find(|layer| layer.index == self.neuron.layer);
        let mut spikes = layer.map_or(&[][..], |layer| layer.of_unit(self.neuron.unit)).iter();
        spikes.find(|spike| spike.after == Some(self.step)).map_or(self.step, |spike| spike.step)
    }

    fn asked(&self, update: &InsideUpdate) -> Option<Request> {
        let (setup, before, step) = (update.at.setup(), &update.promise.before, self.was_at(update));
        let place = (self.neuron, step);
        let counted = (step as usize) < before.steps;
        counted.then(|| requests(&setup, before, &update.before, &update.gradients, update.rule, place))
    }
}

/// It is answered in one piece.
impl Job for WhyQuestion {
    type Part = Arc<SpikeReasons>;

    fn advance(&mut self) -> Step<Arc<SpikeReasons>> {
        Step::Last(Some(Arc::new(self.reasons())))
    }
}
