//! Questions for where the rules agree: at the state of each of several runs, and between the runs.

use std::sync::Arc;

use super::job::{Job, Question, QuestionKind, Step};
use crate::engine::frame::Frame;
use crate::explain::Setup;
use crate::explain::agreement::{cosines, gradients, of_rules};
use crate::rule::Rule;
use crate::snn::Params;
use crate::train::pass::BatchPass;

/// Asks for the cosines between the rules' gradients at the states of these runs.
#[derive(Clone, Debug)]
pub struct AgreementQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub frames: Vec<Arc<Frame>>,
}

/// Cosines in each layer with weights, from the lowest on; none where one of two gradients is zero.
pub type LayerCosines = Vec<Option<f64>>;

/// How far gradients agree at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// Updates that each run had made.
    pub updates: Vec<u64>,
    /// At the state of each run, for each of [`RULE_PAIRS`](crate::explain::agreement::RULE_PAIRS).
    pub states: Vec<[LayerCosines; 3]>,
    /// Between the gradients that the runs follow, each at its own state: of runs 0 and 1, 0 and 2, 1 and 2, 0 and 3 …; empty
    /// where two networks differ.
    pub runs: Vec<([usize; 2], LayerCosines)>,
}

impl Question for AgreementQuestion {
    const KIND: QuestionKind = QuestionKind::Agreement;

    type Job = AgreementJob;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> AgreementJob {
        let updates = self.frames.iter().map(|frame| frame.update).collect();
        let found = Agreement { updates, states: Vec::new(), runs: Vec::new() };
        AgreementJob { frames: self.frames, pass: BatchPass::default(), own: Vec::new(), found }
    }
}

/// Measures a state at a time.
pub struct AgreementJob {
    frames: Vec<Arc<Frame>>,
    pass: BatchPass,
    /// Of each run the gradient that it follows.
    own: Vec<Params>,
    found: Agreement,
}

impl AgreementJob {
    fn measure(&mut self, frame: &Frame) {
        let Frame { settings, net, batch, params, .. } = frame;
        let dynamics = settings.neuron.dynamics(settings.task.steps);
        let setup = Setup::of(net, &dynamics, settings, batch, 0);
        let gradients = gradients(&setup, params, &mut self.pass);
        self.found.states.push(of_rules(net, &gradients));
        let n = Rule::ALL.iter().position(|rule| *rule == settings.rule.rule).expect("it is one of all");
        let own = gradients.into_iter().nth(n).expect("there is one for each rule");
        for (other, earlier) in
            self.own.iter().enumerate().filter(|(other, _)| self.frames[*other].net.layers == net.layers)
        {
            self.found.runs.push(([other, self.own.len()], cosines(net, earlier, &own)));
        }
        self.own.push(own);
    }
}

impl Job for AgreementJob {
    type Part = Arc<Agreement>;

    fn advance(&mut self) -> Step<Arc<Agreement>> {
        let Some(frame) = self.frames.get(self.own.len()).cloned() else {
            return Step::Last(Some(Arc::new(self.found.clone())));
        };
        self.measure(&frame);
        Step::More(None)
    }
}
