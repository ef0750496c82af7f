//! The loss landscape as the window knows it, and everything that is looked at on it.

pub mod choices;
pub mod earlier;
mod measured;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::{LandscapePart, LandscapeQuestion};
use crate::landscape::{Comparison, Landscape, Look};
use crate::snn::Params;

pub use self::measured::Measured;
use super::latest::{AnswerProgress, FollowStep, InView, Latest};
use super::panels::landscape::cliffs;

/// A cell of the grid: its lines along both directions.
pub type Cell = (usize, usize);

/// The landscape in view, and the one on its way to take its place.
#[derive(Clone, Debug, Default)]
pub struct LandscapeView {
    latest: Latest<Measured>,
    /// How the rules compared over training, at the place in view: update by update.
    compared: Vec<(u64, Comparison)>,
    /// The weights that stay in the centre, and after how many updates they were.
    pub fixed: Option<(u64, Arc<Params>)>,
    /// The weights of a moment that had to be replayed, and which.
    pub recalled: Option<(u64, Arc<Params>)>,
    /// Under the pointer, in whatever panel.
    pub pointed: Option<Cell>,
    /// Clicked.
    pub pinned: Option<Cell>,
    /// The cell below the cliff above which the pinned one lies, where it was found as such.
    pub below: Option<Cell>,
    /// The spikes at the cell that is looked at.
    look: Option<(Looked, Arc<Look>)>,
}

/// Which spikes are shown: of which landscape, at which cell, compared with which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looked {
    /// [`Measured::id`].
    pub of: u64,
    pub cell: Cell,
    /// The cell that it is compared with.
    pub beside: Cell,
}

/// Comparisons that are remembered; then every second is dropped.
const MOST_COMPARED: usize = 2000;

impl LandscapeView {
    /// See [`Latest::version`].
    pub fn version(&self) -> u64 {
        self.latest.version()
    }

    /// The landscape in view.
    pub fn shown(&self) -> Option<&Measured> {
        self.latest.shown()
    }

    /// Time that it took.
    pub fn took(&self) -> Option<Duration> {
        self.latest.took()
    }

    /// Pins a cell; one that was found above a cliff, with that below.
    pub fn pin(&mut self, cell: Option<Cell>, below: Option<Cell>) {
        (self.pinned, self.below) = (cell, below);
    }

    /// The cell on the other side of the cliff at `cell`.
    pub fn across(&self, cell: Cell) -> Option<Cell> {
        let found = self.below.filter(|_| self.pinned == Some(cell));
        found.or_else(|| cliffs::across(&self.shown()?.landscape, cell))
    }

    /// Whether more is to come.
    pub fn running(&self) -> bool {
        self.latest.running()
    }

    /// Why the last question could not be answered.
    pub fn problem(&self) -> Option<&str> {
        self.latest.problem()
    }

    /// How far the answer on its way is, if there is one.
    pub fn progress(&self) -> Option<AnswerProgress> {
        self.latest.progress()
    }

    /// The landscape that was stopped and can be resumed.
    pub fn stopped(&self) -> Option<&Measured> {
        self.latest.stopped()
    }

    /// How the rules compared at the place in view, update by update.
    pub fn told(&self) -> &[(u64, Comparison)] {
        &self.compared
    }

    /// The cell that is looked at: the one under the pointer, or else the one that is pinned.
    pub fn cell(&self) -> Option<Cell> {
        let points = self.shown()?.grid().points;
        self.pointed.or(self.pinned).filter(|(i, j)| *i < points && *j < points)
    }

    /// The spikes at a cell, as they were asked for last.
    pub fn look(&self) -> Option<(Looked, &Arc<Look>)> {
        self.look.as_ref().map(|(looked, look)| (*looked, look))
    }

    /// Whether the whole answer to `question` is in view already, or was found to be impossible.
    pub fn answers(&self, question: &LandscapeQuestion) -> bool {
        self.latest.answers(question)
    }

    /// The points that `question` asks for, as far as they are known already.
    pub fn known(&self, question: &LandscapeQuestion) -> Option<Arc<Landscape>> {
        let known = self.latest.known().find(|known| known.question.measures(question))?;
        Some(Arc::new(known.landscape.clone()))
    }

    /// The question that was stopped, to be asked again under the number `id`.
    pub fn resumed(&self, id: u64) -> Option<LandscapeQuestion> {
        let m = self.stopped()?;
        let known = Some(Arc::new(m.landscape.clone()));
        Some(LandscapeQuestion { id, known, ..LandscapeQuestion::clone(&m.question) })
    }

    /// See [`Latest::lacks`].
    pub fn lacks(&self, question: &LandscapeQuestion) -> bool {
        self.latest.lacks(question)
    }

    /// See [`Latest::next`].
    pub fn next(&self, question: &LandscapeQuestion, now: Instant) -> FollowStep {
        self.latest.next(question, now)
    }

    /// A question was asked: answers to older ones are not taken in any more.
    pub fn ask(&mut self, question: LandscapeQuestion) {
        // what is known is a part of the answer
        self.latest.ask(LandscapeQuestion { known: None, ..question });
    }

    /// Nothing more is to come; the landscape in view stays.
    pub fn stop(&mut self) {
        self.latest.stop();
    }

    /// Forgets everything but the weights that were fixed: another run begins.
    pub fn reset(&mut self) {
        self.latest.reset();
        *self = Self { latest: std::mem::take(&mut self.latest), fixed: self.fixed.take(), ..Self::default() };
    }

    /// Takes in a part of the answer to question `id`, if that is the newest one.
    pub fn on_part(&mut self, id: u64, took: Duration, part: LandscapePart) {
        let views = if let LandscapePart::Views(views) = &part { Some(Arc::clone(views)) } else { None };
        let before = self.shown().map(|m| m.grid().points);
        if self.latest.on_part(id, took, part) == InView::Elsewhere {
            self.compared.clear();
            let points = self.shown().map(|m| m.grid().points);
            for cell in [&mut self.pointed, &mut self.pinned] {
                *cell = cell.filter(|_| before.is_none() || before == points);
            }
        }
        if let (Some(views), Some(m)) = (views, self.latest.answer_to(id)) {
            self.compare(m.update, &views.comparison);
        }
    }

    /// Question `id` cannot be answered to its end; whether that is the newest one.
    pub fn on_failed(&mut self, id: u64, problem: &str) -> bool {
        self.latest.on_failed(id, problem)
    }

    /// Takes in the spikes at a cell.
    pub fn on_look(&mut self, looked: Looked, look: Arc<Look>) {
        self.look = Some((looked, look));
    }

    /// Remembers how the rules compared after `update` updates.
    fn compare(&mut self, update: u64, comparison: &Comparison) {
        // only of what was measured
        if comparison.rules.iter().all(|rule| rule.compared + rule.zero_field == 0) {
            return;
        }
        match self.compared.last_mut().filter(|(last, _)| *last >= update) {
            Some(last) if last.0 == update => last.1 = comparison.clone(),
            Some(_) => {}
            None => self.compared.push((update, comparison.clone())),
        }
        if self.compared.len() > MOST_COMPARED {
            let mut n = 0;
            self.compared.retain(|_| {
                n += 1;
                n % 2 == 0
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{
        AnswerPart, Centre, Explorer, Frame, LandscapeBegun, LandscapePoints, LandscapeSpec, QuestionKind,
    };
    use crate::gui::map_view;
    use crate::gui::panels::landscape::tests::{landscape, point};
    use crate::landscape::{Grid, Objective, OnPlane, Placed, Plane, PlaneKind, Survey, WeightAt};
    use crate::snn::Isa;
    use crate::train::Settings;

    const POINTS: usize = 5;
    const SECOND: Duration = Duration::from_secs(1);

    fn frame() -> Arc<Frame> {
        map_view::tests::frame(Settings::default())
    }

    fn spec(range: f32) -> LandscapeSpec {
        LandscapeSpec::new(0, Grid { points: POINTS, range })
    }

    fn question(id: u64, frame: &Arc<Frame>, range: f32) -> LandscapeQuestion {
        LandscapeQuestion::new(id, Arc::clone(frame), spec(range))
    }

    fn begun(question: &LandscapeQuestion) -> LandscapePart {
        let LandscapeQuestion { frame, what, .. } = question;
        let paths =
            vec![OnPlane { points: vec![Placed { update: frame.update, ..Placed::default() }], ..OnPlane::default() }];
        let plane = Arc::new(Plane::random(&frame.net, Arc::clone(&frame.params), what.seed));
        let objective = Objective::of_batch(&frame.net, &frame.settings, &frame.batch, Isa::best());
        let survey = Arc::new(Survey { objective, plane, fields: false });
        LandscapePart::Begun(LandscapeBegun { update: frame.update, survey, paths, known: None })
    }

    /// The points from `done` before up to `done`, all with the loss `loss`.
    fn part(points: std::ops::Range<u32>, loss: f64) -> LandscapePart {
        let (done, of) = (points.end as usize, POINTS * POINTS);
        let points = points.map(|p| (p, point(loss))).collect();
        LandscapePart::Points(LandscapePoints { points, outputs: Vec::new(), done, of })
    }

    /// Everything that follows from the whole.
    fn views() -> LandscapePart {
        LandscapePart::Views(Arc::new(landscape(POINTS, |_, _| 0.5).views()))
    }

    /// Asks `question` of a real explorer and takes in its answer until it is whole.
    fn answer_all(view: &mut LandscapeView, explorer: &Explorer, question: LandscapeQuestion) {
        view.ask(question.clone());
        explorer.ask(question);
        while view.running() {
            match explorer.answer() {
                Some(answer) => match answer.part {
                    Ok(AnswerPart::Landscape(part)) => view.on_part(answer.id, answer.took, part),
                    Ok(other) => panic!("{other:?}"),
                    Err(problem) => drop(view.on_failed(answer.id, &problem)),
                },
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    fn explorer() -> Explorer {
        Explorer::start(Arc::new(|| {})).unwrap()
    }

    #[test]
    fn it_is_shown_from_its_first_points_on_and_waits_for_all_that_follows_from_them() {
        let (frame, mut view) = (frame(), LandscapeView::default());
        for (id, loss) in [(1, 0.5), (2, 0.25)] {
            let question = question(id, &frame, 1.0);
            view.ask(question.clone());
            view.on_part(id, SECOND, begun(&question));
            assert_eq!(view.shown().is_some(), id == 2, "a grid without any point is nothing to see");
            view.on_part(id, SECOND, part(0..5, loss));
            let shown = view.shown().unwrap();
            assert_eq!((shown.loss(0, 4), shown.loss(1, 0).is_some()), (Some(0.5), id == 2));
            view.on_part(id, SECOND, part(5..25, loss));
            assert_eq!((view.running(), view.shown().unwrap().id()), (true, 1), "the surfaces in view stay, too");
            view.on_part(id, SECOND, views());
            assert!(!view.running() && view.shown().unwrap().is_complete());
            assert_eq!(view.shown().unwrap().loss(4, 4), Some(loss));
        }
    }

    #[test]
    fn another_grid_lets_go_of_the_cells_that_were_pointed_at() {
        let (frame, mut view) = (frame(), LandscapeView::default());
        answer_all(&mut view, &explorer(), question(1, &frame, 1.0));
        view.pinned = Some((1, 2));
        answer_all(&mut view, &explorer(), question(2, &frame, 0.1));
        assert_eq!((view.pinned, view.shown().unwrap().grid().range), (Some((1, 2)), 0.1));
        let what = LandscapeSpec { grid: Grid { points: 7, range: 0.1 }, ..spec(0.1) };
        answer_all(&mut view, &explorer(), LandscapeQuestion { what, ..question(3, &frame, 0.1) });
        assert_eq!(view.pinned, None);
    }

    #[test]
    fn a_new_run_forgets_all_but_the_weights_that_were_fixed() {
        let (frame, mut view) = (frame(), LandscapeView::default());
        answer_all(&mut view, &explorer(), question(1, &frame, 1.0));
        (view.pinned, view.fixed) = (Some((1, 2)), Some((0, Arc::clone(&frame.params))));
        let version = view.version();
        view.reset();
        assert!(view.shown().is_none() && view.pinned.is_none() && view.version() > version);
        assert!(view.fixed.is_some());
    }

    #[test]
    fn what_was_stopped_is_resumed_with_what_is_known() {
        let (frame, explorer, mut view) = (frame(), explorer(), LandscapeView::default());
        let first = question(1, &frame, 1.0);
        view.ask(first.clone());
        view.on_part(1, SECOND, begun(&first));
        view.on_part(1, SECOND, part(0..5, 0.5));
        assert!(view.resumed(2).is_none(), "it is still on its way");
        explorer.stop(QuestionKind::Landscape, 1);
        view.stop();
        assert!(!view.answers(&first), "it is not whole");
        let rest = view.resumed(2).unwrap();
        assert_eq!(rest.known.as_ref().unwrap().done(), 5);
        answer_all(&mut view, &explorer, rest);
        let shown = view.shown().unwrap();
        assert!(shown.is_complete() && view.resumed(3).is_none());
        assert_eq!((shown.loss(0, 4), shown.loss(2, 2)), (Some(0.5), Some(frame.loss)), "nothing is measured twice");
        // the same with fields is another thing; without path losses it is there
        let with = |what| LandscapeQuestion { what, ..question(4, &frame, 1.0) };
        assert!(view.answers(&question(4, &frame, 1.0)));
        assert!(!view.answers(&with(LandscapeSpec { fields: true, ..spec(1.0) })));
        let paths = with(LandscapeSpec { path_losses: true, ..spec(1.0) });
        assert!(!view.answers(&paths) && view.known(&paths).unwrap().is_whole());
        let later = Frame { update: 1, ..Frame::clone(&frame) };
        assert!(view.known(&question(5, &Arc::new(later), 1.0)).is_none(), "the centre has moved");
    }

    #[test]
    fn a_centre_that_stays_is_not_measured_again() {
        let (frame, mut view) = (frame(), LandscapeView::default());
        let what = LandscapeSpec { centre: Centre::Fixed(0, (&frame.params).into()), ..spec(1.0) };
        let question = LandscapeQuestion { what, ..question(1, &frame, 1.0) };
        answer_all(&mut view, &explorer(), question.clone());
        let later = Arc::new(Frame { update: 7, ..Frame::clone(&frame) });
        let next = LandscapeQuestion { id: 2, frame: later, ..question };
        assert!(!view.answers(&next), "the path goes on");
        assert!(view.known(&next).unwrap().is_whole());
    }

    #[test]
    fn what_cannot_be_is_said_and_not_asked_again_at_the_same_moment() {
        let (frame, mut view) = (frame(), LandscapeView::default());
        let what = LandscapeSpec { plane: PlaneKind::Weights([WeightAt::default(); 2]), ..spec(1.0) };
        let impossible = LandscapeQuestion { what, ..question(1, &frame, 1.0) };
        answer_all(&mut view, &explorer(), impossible.clone());
        assert!(view.problem().unwrap().contains("two different weights"));
        assert!(view.answers(&impossible) && view.shown().is_none());
        let later = Arc::new(Frame { update: 1, ..Frame::clone(&frame) });
        let again = LandscapeQuestion { frame: later, ..impossible };
        assert_eq!(view.next(&again, Instant::now() + SECOND), FollowStep::Ask, "what a plane needs may have come");
        view.ask(question(2, &frame, 1.0));
        assert!(view.problem().is_none());
    }

    #[test]
    fn a_place_that_moves_with_the_run_does_not_stop_what_is_on_its_way() {
        let (frame, mut view) = (frame(), LandscapeView::default());
        let at = |id, moment| {
            let what = LandscapeSpec { centre: Centre::Moment(moment), ..spec(1.0) };
            LandscapeQuestion { what, ..question(id, &frame, 1.0) }
        };
        view.ask(at(1, 300));
        assert_eq!(view.next(&at(2, 301), Instant::now()), FollowStep::Nothing);
        let mut deeper = at(2, 300);
        deeper.what.fields = true;
        assert!(view.lacks(&deeper) && !view.lacks(&at(2, 301)));
        assert_eq!(view.next(&deeper, Instant::now()), FollowStep::Ask);
    }
}
