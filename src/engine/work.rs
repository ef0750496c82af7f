//! How questions are answered, a piece at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::landscape::Grid;
use crate::record::history::Replay;
use crate::snn::{Dynamics, Isa};
use crate::task::yin_yang;
use crate::train::pass::Model;
use crate::train::{EvaluationContext, Readout, SampleEvaluator};

use super::explorer::{Answer, Answered, Asked, Cell, MapQuestion, Mapped, RecallQuestion, SampleQuestion};
use super::survey::Surveying;

/// Time between two parts of an answer.
const PART: Duration = Duration::from_millis(30);
/// What a piece of work should take at the most, so that a question can be stopped.
const PIECE: Duration = Duration::from_millis(8);
/// The most points of a piece.
const MOST: usize = 256;

/// A question on its way to being answered.
pub enum Work {
    Landscape(Box<Surveying>),
    Samples(Samples),
    Map(Map),
    Recall(Box<Recall>),
}

impl Work {
    /// None for a question that is answered at once.
    pub fn begin(asked: Asked) -> Option<Self> {
        match asked {
            Asked::Landscape(question) => Some(Self::Landscape(Box::new(Surveying::begin(*question)))),
            Asked::Samples(question) => Some(Self::Samples(Samples::begin(question))),
            Asked::Map(question) => Some(Self::Map(Map::begin(question))),
            Asked::Recall(question) => Some(Self::Recall(Box::new(Recall { question, replay: None }))),
            Asked::Look(_) => None,
        }
    }

    /// A piece of work, in parallel on the rayon pool at hand; and whether there is more.
    pub fn advance(&mut self) -> (Option<Answer>, bool) {
        match self {
            Self::Landscape(work) => work.advance(),
            Self::Samples(work) => work.advance(),
            Self::Map(work) => work.advance(),
            Self::Recall(work) => work.advance(),
        }
    }
}

impl Work {
    /// What is worth keeping of a question that was stopped.
    pub fn stopped(&mut self) -> Option<Answer> {
        match self {
            Self::Landscape(work) => work.stopped(),
            Self::Samples(_) | Self::Map(_) | Self::Recall(_) => None,
        }
    }
}

/// How much to do at a time, learnt from how long it took.
pub struct Pace {
    pub items: usize,
    said: Instant,
}

impl Pace {
    pub fn new() -> Self {
        Self { items: 4, said: Instant::now() }
    }

    pub fn learn(&mut self, took: Duration) {
        if took < PIECE / 2 {
            self.items = (self.items * 2).min(MOST);
        } else if took > PIECE {
            self.items = (self.items / 2).max(1);
        }
    }

    /// Whether it is time for a part of the answer.
    pub fn due(&mut self, last: bool) -> bool {
        let due = last || self.said.elapsed() >= PART;
        if due {
            self.said = Instant::now();
        }
        due
    }
}

/// What samples are taken for, batch by batch.
pub struct Samples {
    question: SampleQuestion,
    dynamics: Dynamics,
    evaluator: SampleEvaluator,
    done: usize,
    answers: Vec<crate::train::SampleAnswer>,
    pace: Pace,
}

impl Samples {
    fn begin(question: SampleQuestion) -> Self {
        let settings = &question.frame.settings;
        let dynamics = settings.neuron.dynamics(settings.task.steps);
        Self {
            question,
            dynamics,
            evaluator: SampleEvaluator::default(),
            done: 0,
            answers: Vec::new(),
            pace: Pace::new(),
        }
    }

    fn advance(&mut self) -> (Option<Answer>, bool) {
        let SampleQuestion { id, frame, part } = &self.question;
        let of = frame.task.len(*part);
        // batches as in validation, so that the numbers are the same
        let end = (self.done + frame.settings.batch_of(of).max(1)).min(of);
        let indices: Vec<u32> = (self.done as u32..end as u32).collect();
        let model = Model { net: &frame.net, dynamics: &self.dynamics, isa: Isa::best() };
        let exam = EvaluationContext { model, loss: &frame.settings.loss, task: &frame.task };
        match self.evaluator.answer(exam, &frame.params, *part, &indices) {
            Ok(answers) => self.answers.extend(answers),
            Err(problem) => return (Some(Answer::Failed { id: *id, problem }), false),
        }
        self.done = end;
        let more = end < of;
        let part = self.pace.due(!more).then(|| {
            let answers = std::mem::take(&mut self.answers);
            let (id, update, part) = (*id, frame.update, *part);
            Answer::Samples(Answered { id, update, part, answers, done: end, of })
        });
        (part, more)
    }
}

/// Classes of the points of the unit square, coarse to fine.
pub struct Map {
    question: MapQuestion,
    dynamics: Dynamics,
    evaluator: SampleEvaluator,
    order: Vec<u32>,
    done: usize,
    cells: Vec<Cell>,
    pace: Pace,
}

impl Map {
    fn begin(question: MapQuestion) -> Self {
        let settings = &question.frame.settings;
        let dynamics = settings.neuron.dynamics(settings.task.steps);
        let order = Grid { points: question.points, range: 1.0 }.order();
        let (evaluator, cells, pace) = (SampleEvaluator::default(), Vec::new(), Pace::new());
        Self { question, dynamics, evaluator, order, done: 0, cells, pace }
    }

    fn advance(&mut self) -> (Option<Answer>, bool) {
        let began = Instant::now();
        let MapQuestion { id, frame, points } = &self.question;
        let model = Model { net: &frame.net, dynamics: &self.dynamics, isa: Isa::best() };
        let exam = EvaluationContext { model, loss: &frame.settings.loss, task: &frame.task };
        let code = frame.settings.task.point_code();
        let readout = Readout::of(&frame.settings.loss);
        let end = (self.done + self.pace.items).min(self.order.len());
        for &number in &self.order[self.done..end] {
            let [x, y] = yin_yang::cell_centre(number as usize, *points);
            let sample = match code.sample(x, y, frame.settings.task.steps) {
                Ok(sample) => sample,
                Err(problem) => return (Some(Answer::Failed { id: *id, problem }), false),
            };
            // each point alone: what it is taken for does not depend on its neighbours
            let answer = self.evaluator.answer_sample(exam, &frame.params, sample);
            let class = match readout {
                Readout::First => answer.by_first,
                Readout::Count => answer.by_count,
            };
            self.cells.push(Cell { number, class: class.map(|c| c as u8), first_step: answer.first_step });
        }
        self.done = end;
        self.pace.learn(began.elapsed());
        let more = end < self.order.len();
        let part = self.pace.due(!more).then(|| {
            let cells = std::mem::take(&mut self.cells);
            let (id, update, points, of) = (*id, frame.update, *points, self.order.len());
            Answer::Map(Mapped { id, update, points, cells, done: end, of })
        });
        (part, more)
    }
}

/// The weights of a moment, replayed an update at a time.
pub struct Recall {
    question: RecallQuestion,
    replay: Option<Replay>,
}

impl Recall {
    fn advance(&mut self) -> (Option<Answer>, bool) {
        let RecallQuestion { id, past } = &self.question;
        let stepped = match &mut self.replay {
            None => past.replay(Isa::best()).map(|replay| {
                self.replay = Some(replay);
                None
            }),
            Some(replay) => replay.step().map(|there| there.map(|trainer| Arc::new(trainer.params().clone()))),
        };
        match stepped {
            Ok(None) => (None, true),
            Ok(Some(params)) => (Some(Answer::Recalled { id: *id, update: past.update, params }), false),
            Err(halt) => (Some(Answer::Failed { id: *id, problem: format!("{halt}.") }), false),
        }
    }
}
