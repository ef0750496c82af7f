//! The decision map of a task of points in the plane.

use std::sync::Arc;
use std::time::Instant;

use super::job::{Job, PieceSize, Question, QuestionKind, Step};
use crate::engine::frame::Frame;
use crate::landscape::Grid;
use crate::snn::{Dynamics, Isa};
use crate::task::yin_yang;
use crate::train::pass::Model;
use crate::train::{EvaluationContext, Readout, SampleEvaluator};

/// Asks how the network of `frame` divides the plane of Yin-Yang.
#[derive(Clone, Debug)]
pub struct MapQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub what: MapSpec,
    pub frame: Arc<Frame>,
}

/// Where the plane is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapSpec {
    /// Points along each side of the unit square.
    pub points: usize,
}

/// The answers of the network to some points of the unit square.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPart {
    pub cells: Vec<MapCell>,
    /// Points answered so far, these included.
    pub done: usize,
    pub of: usize,
}

/// A point of the unit square: its number counts from the lower left corner, x running fastest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapCell {
    pub number: u32,
    /// None if all outputs are silent.
    pub class: Option<u8>,
    /// The step of the first output spike; without one, the number of steps that counted.
    pub first_step: u32,
}

impl Question for MapQuestion {
    const KIND: QuestionKind = QuestionKind::Map;

    type Job = MapJob;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> MapJob {
        let settings = &self.frame.settings;
        let dynamics = settings.neuron.dynamics(settings.task.steps);
        let order = Grid { points: self.what.points, range: 1.0 }.order();
        let (evaluator, cells, size) = (SampleEvaluator::default(), Vec::new(), PieceSize::new());
        MapJob { question: self, dynamics, evaluator, order, done: 0, cells, size }
    }
}

/// Answers the points of the unit square, coarse to fine.
pub struct MapJob {
    question: MapQuestion,
    dynamics: Dynamics,
    evaluator: SampleEvaluator,
    order: Vec<u32>,
    done: usize,
    /// Those that are in no part yet.
    cells: Vec<MapCell>,
    size: PieceSize,
}

impl MapJob {
    fn cell(&mut self, number: u32) -> Result<MapCell, String> {
        let MapQuestion { what: MapSpec { points }, frame, .. } = &self.question;
        let model = Model { net: &frame.net, dynamics: &self.dynamics, isa: Isa::best() };
        let context = EvaluationContext { model, loss: &frame.settings.loss, task: &frame.task };
        let [x, y] = yin_yang::cell_centre(number as usize, *points);
        let sample = frame.settings.task.point_code().sample(x, y, frame.settings.task.steps)?;
        // each point alone: its class does not depend on its neighbours
        let answer = self.evaluator.answer_sample(context, &frame.params, sample);
        let class = match Readout::of(&frame.settings.loss) {
            Readout::First => answer.by_first,
            Readout::Count => answer.by_count,
        };
        Ok(MapCell { number, class: class.map(|c| c as u8), first_step: answer.first_step })
    }
}

impl Job for MapJob {
    type Part = MapPart;

    fn advance(&mut self) -> Step<MapPart> {
        let (began, of) = (Instant::now(), self.order.len());
        let end = (self.done + self.size.items).min(of);
        for at in self.done..end {
            match self.cell(self.order[at]) {
                Ok(cell) => self.cells.push(cell),
                Err(problem) => return Step::Failed(problem),
            }
        }
        self.done = end;
        self.size.learn(began.elapsed());
        let more = end < of;
        let due = self.size.part_is_due(!more);
        Step::new(due.then(|| MapPart { cells: std::mem::take(&mut self.cells), done: end, of }), more)
    }
}
