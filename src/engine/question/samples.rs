//! The predicted classes of samples.

use std::sync::Arc;

use super::job::{Job, PieceSize, Question, QuestionKind, Step};
use crate::engine::frame::Frame;
use crate::snn::{Dynamics, Isa};
use crate::task::Split;
use crate::train::pass::Model;
use crate::train::{self, EvaluationContext, SampleEvaluator};

/// Asks for the answers of the network of `frame` to samples.
#[derive(Clone, Debug)]
pub struct SamplesQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub what: SamplesSpec,
    pub frame: Arc<Frame>,
}

/// Which samples are asked about: all of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SamplesSpec {
    pub split: Split,
}

/// Answers to the next samples of a split, in order from the first.
#[derive(Clone, Debug, PartialEq)]
pub struct SamplesPart {
    pub answers: Vec<train::SampleAnswer>,
    /// Samples answered so far, these included.
    pub done: usize,
    pub of: usize,
}

impl Question for SamplesQuestion {
    const KIND: QuestionKind = QuestionKind::Samples;

    type Job = SamplesJob;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> SamplesJob {
        let settings = &self.frame.settings;
        let dynamics = settings.neuron.dynamics(settings.task.steps);
        let (evaluator, answers, size) = (SampleEvaluator::default(), Vec::new(), PieceSize::new());
        SamplesJob { question: self, dynamics, evaluator, done: 0, answers, size }
    }
}

/// Answers samples batch by batch.
pub struct SamplesJob {
    question: SamplesQuestion,
    dynamics: Dynamics,
    evaluator: SampleEvaluator,
    done: usize,
    /// Those that are in no part yet.
    answers: Vec<train::SampleAnswer>,
    size: PieceSize,
}

impl Job for SamplesJob {
    type Part = SamplesPart;

    fn advance(&mut self) -> Step<SamplesPart> {
        let SamplesQuestion { what: SamplesSpec { split }, frame, .. } = &self.question;
        let of = frame.task.len(*split);
        // batches as in validation, so that the numbers are the same
        let end = (self.done + frame.settings.batch_of(of).max(1)).min(of);
        let indices: Vec<u32> = (self.done as u32..end as u32).collect();
        let model = Model { net: &frame.net, dynamics: &self.dynamics, isa: Isa::best() };
        let context = EvaluationContext { model, loss: &frame.settings.loss, task: &frame.task };
        match self.evaluator.answer(context, &frame.params, *split, &indices) {
            Ok(answers) => self.answers.extend(answers),
            Err(problem) => return Step::Failed(problem),
        }
        self.done = end;
        let more = end < of;
        let due = self.size.part_is_due(!more);
        Step::new(due.then(|| SamplesPart { answers: std::mem::take(&mut self.answers), done: end, of }), more)
    }
}
