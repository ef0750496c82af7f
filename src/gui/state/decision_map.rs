//! The decision map as the window knows it: the one in view, and the one on its way to take its place.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::{Answer, Cell, Frame, MapQuestion, Mapped};
use crate::gui::state::AnswerProgress;
use crate::landscape::Grid;

/// How the network of one moment divides the unit square, as far as it was asked.
#[derive(Clone, Debug)]
pub struct DecisionMap {
    /// Of the question that this answers.
    pub id: u64,
    /// The moment whose network it is.
    pub frame: Arc<Frame>,
    /// Points along each side.
    pub points: usize,
    /// From the lower left corner, x running fastest; `None` where nothing is known yet.
    pub cells: Vec<Option<Cell>>,
    pub done: usize,
    /// Time since it was asked.
    pub took: Duration,
}

impl DecisionMap {
    pub fn update(&self) -> u64 {
        self.frame.update
    }

    pub fn is_whole(&self) -> bool {
        self.done >= self.cells.len()
    }

    /// The answer for cell `number`: until the finer points come, a coarse one stands for the square around it.
    pub fn cell(&self, number: usize) -> Option<Cell> {
        let grid = Grid { points: self.points, range: 1.0 };
        let coarser = || Grid::STRIDES.iter().rev().find_map(|&stride| self.cells[grid.coarse(number, stride)]);
        self.cells[number].or_else(coarser)
    }

    /// Whether it is, or will be, what a map of `frame` with `points` points a side says.
    fn is_of(&self, frame: &Frame, points: usize) -> bool {
        let (then, now) = (&self.frame.settings, &frame.settings);
        (self.frame.start, self.frame.update, self.points) == (frame.start, frame.update, points)
            && then.loss == now.loss
            && then.neuron == now.neuron
    }
}

/// A landscape stays in view until its successor knows as much, so that following a run does not flicker; only a map
/// of another fineness is replaced by the first that is known of the new one.
#[derive(Clone, Debug, Default)]
pub struct DecisionMapState {
    /// Rises whenever what is in view changes, so that a picture made of it knows when it is out of date.
    version: u64,
    shown: Option<DecisionMap>,
    coming: Option<DecisionMap>,
    asked: Option<(MapQuestion, Instant)>,
    /// When the last answer became whole.
    rested: Option<Instant>,
    /// Why the last question could not be answered.
    failed: Option<String>,
}

/// The next step in following a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FollowStep {
    /// Nothing: an answer is on its way, or the one in view is that of the run as it is.
    Nothing,
    /// The explorer's core is left to others for so long.
    Rest(Duration),
    Ask,
}

/// The least rest between two maps; it rests as long as the last one took, too.
const REST: Duration = Duration::from_millis(400);

impl DecisionMapState {
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The answer in view.
    pub fn shown(&self) -> Option<&DecisionMap> {
        self.shown.as_ref()
    }

    /// Whether more is to come.
    pub fn running(&self) -> bool {
        self.asked.is_some()
    }

    /// Why there is no map, where one was asked for.
    pub fn failed(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// How far the answer on its way is, if there is one.
    pub fn progress(&self) -> Option<AnswerProgress> {
        let (question, _) = self.asked.as_ref()?;
        let of = question.points * question.points;
        let current = self.coming.as_ref().or(self.shown.as_ref()).filter(|m| m.id == question.id);
        let (done, took) = current.map_or_else(Default::default, |m| (m.done, m.took));
        let behind = self.shown.as_ref().is_some_and(|m| m.id != question.id);
        Some(AnswerProgress { done, of, took, behind })
    }

    /// Whether the whole map of `frame` is in view.
    pub fn answers(&self, frame: &Frame, points: usize) -> bool {
        self.shown.as_ref().is_some_and(|m| m.is_whole() && m.is_of(frame, points))
    }

    /// The next step in following the run, with `frame` in view.
    pub fn next(&self, frame: &Frame, points: usize) -> FollowStep {
        let same_place = self.shown.as_ref().is_none_or(|m| m.points == points);
        let asked_for = self.asked.as_ref().is_some_and(|(q, _)| q.points == points);
        if self.failed.is_some() || asked_for || self.answers(frame, points) {
            return FollowStep::Nothing;
        }
        let took = self.shown.as_ref().map_or(Duration::ZERO, |m| m.took);
        let rested = self.rested.map_or(Duration::MAX, |at| at.elapsed());
        match REST.max(took).saturating_sub(rested) {
            left if same_place && left > Duration::ZERO => FollowStep::Rest(left),
            _ => FollowStep::Ask,
        }
    }

    /// A question was asked: answers to older ones are not heard any more.
    pub fn ask(&mut self, question: MapQuestion) {
        self.asked = Some((question, Instant::now()));
        (self.coming, self.failed) = (None, None);
    }

    /// Nothing more is to come; what is in view stays.
    pub fn stop(&mut self) {
        (self.asked, self.coming) = (None, None);
    }

    /// Forgets everything: another run begins.
    pub fn reset(&mut self) {
        *self = Self { version: self.version + 1, ..Self::default() };
    }

    /// Takes in a part of the answer, if it is one to the newest question.
    pub fn on_answer(&mut self, answer: &Answer) {
        let Some(id) = self.asked.as_ref().map(|(question, _)| question.id) else { return };
        match answer {
            Answer::Map(part) if part.id == id => self.take_in(part),
            Answer::Failed { id: failed, problem } if *failed == id => {
                self.stop();
                self.failed = Some(problem.clone());
            }
            _ => {}
        }
    }

    fn take_in(&mut self, part: &Mapped) {
        let Some((question, since)) = &self.asked else { return };
        if self.coming.is_none() && self.shown.as_ref().is_none_or(|m| m.id != part.id) {
            let (id, frame, points) = (question.id, Arc::clone(&question.frame), part.points);
            let cells = vec![None; part.of];
            self.coming = Some(DecisionMap { id, frame, points, cells, done: 0, took: Duration::ZERO });
        }
        let Some(m) = self.coming.as_mut().or(self.shown.as_mut()) else { return };
        for cell in &part.cells {
            m.cells[cell.number as usize] = Some(*cell);
        }
        (m.done, m.took) = (part.done, since.elapsed());
        if part.done >= part.of {
            (self.asked, self.rested) = (None, Some(Instant::now()));
        }
        self.show();
    }

    /// Lets the coming one take the place of the one in view, if it knows enough for that.
    fn show(&mut self) {
        if let (Some(coming), Some(shown)) = (&self.coming, &self.shown)
            && coming.points == shown.points
            && coming.done < shown.done
        {
            return;
        }
        self.shown = self.coming.take().or(self.shown.take());
        self.version += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Explorer;
    use crate::gui::state::fixtures::{frame, settings};

    const POINTS: usize = 31;

    fn question(id: u64, frame: &Arc<Frame>, points: usize) -> MapQuestion {
        MapQuestion { id, frame: Arc::clone(frame), points }
    }

    /// The points from `done` before up to `done`, all of class `class`.
    fn part(id: u64, numbers: std::ops::Range<u32>, class: u8) -> Answer {
        let cells: Vec<Cell> = numbers.map(|number| Cell { number, class: Some(class), first_step: 9 }).collect();
        let done = cells.last().map_or(0, |c| c.number as usize + 1);
        Answer::Map(Mapped { id, update: 0, points: POINTS, cells, done, of: POINTS * POINTS })
    }

    const ALL: u32 = (POINTS * POINTS) as u32;

    #[test]
    fn following_keeps_the_old_until_the_new_is_whole() {
        let frame = frame(settings());
        let mut view = DecisionMapState::default();
        assert_eq!(view.next(&frame, POINTS), FollowStep::Ask);
        view.ask(question(1, &frame, POINTS));
        assert_eq!(view.next(&frame, POINTS), FollowStep::Nothing);
        view.on_answer(&part(1, 0..100, 0));
        let shown = view.shown().unwrap();
        assert_eq!((shown.done, shown.cells[99].unwrap().class, shown.cells[100]), (100, Some(0), None));
        view.on_answer(&part(1, 100..ALL, 0));
        assert!(!view.running() && view.answers(&frame, POINTS));

        view.ask(question(2, &frame, POINTS));
        let version = view.version();
        view.on_answer(&part(2, 0..100, 1));
        assert_eq!((view.shown().unwrap().id, view.version()), (1, version));
        let progress = view.progress().unwrap();
        assert_eq!((progress.done, progress.of, progress.behind), (100, POINTS * POINTS, true));
        view.on_answer(&part(2, 100..ALL, 1));
        assert_eq!(view.shown().unwrap().cells[0].unwrap().class, Some(1));
        assert!(view.version() > version);
    }

    #[test]
    fn the_newest_question_wins() {
        let frame = frame(settings());
        let explorer = Explorer::start(Arc::new(|| {})).unwrap();
        let mut view = DecisionMapState::default();
        for (id, points) in [(1, 121), (2, 61), (3, POINTS)] {
            view.ask(question(id, &frame, points));
            explorer.ask_map(question(id, &frame, points));
        }
        while view.running() {
            match explorer.answer() {
                Some(answer) => view.on_answer(&answer),
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        let shown = view.shown().unwrap();
        assert_eq!((shown.id, shown.points, shown.is_whole()), (3, POINTS, true));
        assert!(shown.cells.iter().all(Option::is_some));
    }

    #[test]
    fn it_rests_after_a_map_but_not_before_one_of_another_fineness() {
        let frame = frame(settings());
        let mut view = DecisionMapState::default();
        view.ask(question(1, &frame, POINTS));
        view.on_answer(&part(1, 0..ALL, 0));
        let later = Frame { update: 1, ..Frame::clone(&frame) };
        assert_eq!(view.next(&frame, POINTS), FollowStep::Nothing, "it is in view");
        assert!(
            matches!(view.next(&later, POINTS), FollowStep::Rest(left) if left <= REST),
            "{:?}",
            view.next(&later, POINTS)
        );
        assert_eq!(view.next(&later, 61), FollowStep::Ask);
        std::thread::sleep(REST);
        assert_eq!(view.next(&later, POINTS), FollowStep::Ask);
    }

    #[test]
    fn what_was_stopped_or_belongs_to_another_run_is_not_heard_any_more() {
        let frame = frame(settings());
        let mut view = DecisionMapState::default();
        view.ask(question(1, &frame, POINTS));
        view.on_answer(&part(1, 0..100, 0));
        view.stop();
        view.on_answer(&part(1, 100..ALL, 0));
        assert_eq!((view.running(), view.shown().unwrap().done), (false, 100));
        assert_eq!(view.next(&frame, POINTS), FollowStep::Ask, "it is not whole");
        view.ask(question(2, &frame, POINTS));
        view.reset();
        view.on_answer(&part(2, 0..ALL, 0));
        assert!(view.shown().is_none());
    }

    #[test]
    fn a_map_that_cannot_be_made_says_why_and_is_not_asked_for_again() {
        let frame = frame(settings());
        let mut view = DecisionMapState::default();
        view.ask(question(4, &frame, POINTS));
        let failed = |id| Answer::Failed { id, problem: "The inputs spike too late.".into() };
        view.on_answer(&failed(3));
        assert!(view.running() && view.failed().is_none());
        view.on_answer(&failed(4));
        assert_eq!((view.running(), view.failed()), (false, Some("The inputs spike too late.")));
        assert_eq!(view.next(&frame, POINTS), FollowStep::Nothing);
    }

    #[test]
    fn a_coarse_cell_stands_for_the_square_around_it() {
        let frame = frame(settings());
        let mut cells = vec![None; POINTS * POINTS];
        let middle = 15 * POINTS + 15;
        cells[middle] = Some(Cell { number: middle as u32, class: Some(2), first_step: 5 });
        let m = DecisionMap { id: 1, frame, points: POINTS, cells, done: 1, took: Duration::ZERO };
        let class = |x: usize, y: usize| m.cell(y * POINTS + x).map(|c| c.class);
        assert_eq!([class(15, 15), class(11, 18), class(19, 11)], [Some(Some(2)); 3]);
        assert_eq!([class(9, 15), class(15, 21), class(0, 0)], [None; 3]);
    }
}
