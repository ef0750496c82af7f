//! Questions for what is ill with a network.

use std::sync::Arc;

use super::job::{Job, Question, QuestionKind, Step};
use crate::engine::frame::Frame;
use crate::explain::Setup;
use crate::explain::health::{Finding, Patient, examine};
use crate::explain::lanes::GradientDesk;
use crate::train::evaluate::SampleAnswer;

/// Has the network of a frame examined on the batch of the frame.
#[derive(Clone, Debug)]
pub struct HealthQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub frame: Arc<Frame>,
    /// See [`Patient`].
    pub losses: Vec<f64>,
    pub answers: Vec<SampleAnswer>,
}

/// What is ill, the worst first, and after how many updates of which start.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    pub start: u32,
    pub update: u64,
    pub findings: Vec<Finding>,
}

impl Question for HealthQuestion {
    const KIND: QuestionKind = QuestionKind::Health;

    type Job = Self;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> Self {
        self
    }
}

/// It is answered in one piece, which takes as long as an update.
impl Job for HealthQuestion {
    type Part = Arc<Diagnosis>;

    fn advance(&mut self) -> Step<Arc<Diagnosis>> {
        let Frame { start, update, settings, net, batch, params, .. } = &*self.frame;
        let dynamics = settings.neuron.dynamics(settings.task.steps);
        let setup = Setup::of(net, &dynamics, settings, batch, 0);
        let patient = Patient { settings, setup: &setup, params, losses: &self.losses, answers: &self.answers };
        let findings = examine(&patient, &mut GradientDesk::default());
        Step::Last(Some(Arc::new(Diagnosis { start: *start, update: *update, findings })))
    }
}
