//! The decision map as the window knows it: the one in view, and the one on its way to take its place.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Frame, MapCell, MapPart, MapQuestion};
use crate::gui::state::{Latest, LatestAnswer, LatestQuestion};
use crate::landscape::Grid;

/// The map in view, and the one on its way to take its place.
pub type DecisionMapState = Latest<DecisionMap>;

/// How the network of one moment divides the unit square, as far as it was asked.
#[derive(Clone, Debug)]
pub struct DecisionMap {
    question: Arc<MapQuestion>,
    /// From the lower left corner, x running fastest; `None` where nothing is known yet.
    pub cells: Vec<Option<MapCell>>,
    pub done: usize,
    pub took: Duration,
}

impl DecisionMap {
    /// The moment whose network it is.
    pub fn frame(&self) -> &Arc<Frame> {
        &self.question.frame
    }

    pub fn update(&self) -> u64 {
        self.frame().update
    }

    /// Points along each side.
    pub fn points(&self) -> usize {
        self.question.what.points
    }

    /// Cell `number`, as far as it is known: until the finer points come, a coarse one stands for the square around it.
    pub fn cell(&self, number: usize) -> Option<MapCell> {
        let grid = Grid { points: self.points(), range: 1.0 };
        let coarser = || Grid::STRIDES.iter().rev().find_map(|&stride| self.cells[grid.coarse(number, stride)]);
        self.cells[number].or_else(coarser)
    }

    pub fn is_whole(&self) -> bool {
        self.done >= self.cells.len()
    }
}

impl LatestQuestion for MapQuestion {
    fn number(&self) -> usize {
        self.what.points * self.what.points
    }

    fn covers(&self, other: &Self) -> bool {
        self.same_place(other) && self.frame.network_state() == other.frame.network_state()
    }

    fn same_place(&self, other: &Self) -> bool {
        self.what == other.what
    }
}

impl LatestAnswer for DecisionMap {
    type Question = MapQuestion;
    type Part = MapPart;

    fn begin(question: Arc<MapQuestion>, part: MapPart, took: Duration) -> Option<Self> {
        let cells = vec![None; question.number()];
        let mut map = Self { question, cells, done: 0, took };
        map.add(part, took);
        Some(map)
    }

    fn took(&self) -> Duration {
        self.took
    }

    fn add(&mut self, part: MapPart, took: Duration) {
        for cell in &part.cells {
            self.cells[cell.number as usize] = Some(*cell);
        }
        (self.done, self.took) = (part.done, took);
    }

    fn question(&self) -> &Arc<MapQuestion> {
        &self.question
    }

    fn done(&self) -> usize {
        self.done
    }

    fn is_complete(&self) -> bool {
        self.is_whole()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{AnswerPart, Explorer, MapSpec};
    use crate::gui::state::fixtures::{frame, map, settings};
    use crate::loss::LossKind;

    const POINTS: usize = 31;

    fn question(id: u64, frame: &Arc<Frame>, points: usize) -> MapQuestion {
        MapQuestion { id, what: MapSpec { points }, frame: Arc::clone(frame) }
    }

    #[test]
    fn a_map_is_that_of_its_moment_its_points_and_what_answers_depend_on() {
        let frame = frame(settings());
        let asked = question(1, &frame, POINTS);
        assert!(asked.covers(&question(2, &frame, POINTS)) && !asked.covers(&question(2, &frame, 61)));
        let other = |change: &dyn Fn(&mut Frame)| {
            let mut other = Frame::clone(&frame);
            change(&mut other);
            !asked.covers(&question(2, &Arc::new(other), POINTS))
        };
        assert!(other(&|f| f.update = 1) && other(&|f| f.start = 2));
        assert!(other(&|f| Arc::make_mut(&mut f.settings).neuron.alpha_v = 0.5));
        assert!(other(&|f| Arc::make_mut(&mut f.settings).loss.kind = LossKind::Count));
        assert!(!other(&|f| Arc::make_mut(&mut f.settings).optimiser.learning_rate = 0.5), "it changes no answer");
    }

    #[test]
    fn the_newest_question_wins() {
        let frame = frame(settings());
        let explorer = Explorer::start(Arc::new(|| {})).unwrap();
        let mut view = DecisionMapState::default();
        for (id, points) in [(1, 121), (2, 61), (3, POINTS)] {
            view.ask(question(id, &frame, points));
            explorer.ask(question(id, &frame, points));
        }
        while view.running() {
            let Some(answer) = explorer.answer() else {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            };
            let Ok(AnswerPart::Map(part)) = answer.part else { panic!("{answer:?}") };
            view.on_part(answer.id, answer.took, part);
        }
        let shown = view.shown().unwrap();
        assert_eq!((shown.question.id, shown.points(), shown.is_whole()), (3, POINTS, true));
        assert!(shown.cells.iter().all(Option::is_some));
        assert!(view.answers(&question(4, &frame, POINTS)));
    }

    #[test]
    fn a_coarse_cell_stands_for_the_square_around_it() {
        let mut cells = vec![None; POINTS * POINTS];
        let middle = 15 * POINTS + 15;
        cells[middle] = Some(MapCell { number: middle as u32, class: Some(2), first_step: 5 });
        let m = map(POINTS, cells);
        let class = |x: usize, y: usize| m.cell(y * POINTS + x).map(|c| c.class);
        assert_eq!([class(15, 15), class(11, 18), class(19, 11)], [Some(Some(2)); 3]);
        assert_eq!([class(9, 15), class(15, 21), class(0, 0)], [None; 3]);
    }
}
