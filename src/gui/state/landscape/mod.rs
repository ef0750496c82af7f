//! The loss landscape as the window knows it: the one in view, and the one on its way to take its place.

#[cfg(test)]
pub mod fixtures;
mod measured;

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Answer, Begun, Question};
use crate::landscape::{Comparison, Landscape, Look};
use crate::snn::Params;

pub use self::measured::MeasuredLandscape;
use crate::landscape::cliffs;

pub use crate::landscape::GridCell;

/// What is in view stays there until its successor knows as much, so that following a run does not flicker; only a
/// view of another place (range, directions) is replaced by the first that is known of the new one.
#[derive(Clone, Debug, Default)]
pub struct LandscapeState {
    /// Rises whenever what is in view changes, so that a picture made of it knows when it is out of date.
    version: u64,
    shown: Option<MeasuredLandscape>,
    coming: Option<MeasuredLandscape>,
    /// What was on its way when it was stopped, where it had not come into view.
    halted: Option<MeasuredLandscape>,
    asked: Option<Arc<Question>>,
    /// Why the last question could not be answered, and what it was.
    failed: Option<(Arc<Question>, String)>,
    /// How the rules compared over training, at the place in view: update by update.
    comparisons: Vec<(u64, Comparison)>,
    /// The weights that stay in the centre, and after how many updates they were.
    pub fixed: Option<(u64, Arc<Params>)>,
    /// The weights of a moment that had to be replayed, and which.
    pub recalled: Option<(u64, Arc<Params>)>,
    /// Under the pointer, in whatever panel.
    pub pointed: Option<GridCell>,
    /// Clicked.
    pub pinned: Option<GridCell>,
    /// The cell below the cliff above which the pinned one lies, where it was found as such.
    pub below: Option<GridCell>,
    /// The spikes at the cell that is looked at.
    spikes: Option<(InspectedPoint, Arc<Look>)>,
}

/// Which spikes are shown: of which landscape, at which cell, beside which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InspectedPoint {
    /// [`MeasuredLandscape::id`].
    pub of: u64,
    pub cell: GridCell,
    /// The cell that it is compared with.
    pub beside: GridCell,
}

/// How far the answer on its way is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnswerProgress {
    pub done: usize,
    pub of: usize,
    pub took: Duration,
    /// Whether something older is in view meanwhile.
    pub behind: bool,
}

impl AnswerProgress {
    /// How long the rest will take at the speed so far.
    pub fn left(&self) -> Option<Duration> {
        (self.done > 0).then(|| self.took.mul_f64((self.of - self.done) as f64 / self.done as f64))
    }
}

/// Comparisons that are remembered; then every second is dropped.
const MOST_COMPARISONS: usize = 2000;

impl LandscapeState {
    pub fn version(&self) -> u64 {
        self.version
    }

    /// What is in view.
    pub fn shown(&self) -> Option<&MeasuredLandscape> {
        self.shown.as_ref()
    }

    /// Pins a cell; one that was found above a cliff, with that below.
    pub fn pin(&mut self, cell: Option<GridCell>, below: Option<GridCell>) {
        (self.pinned, self.below) = (cell, below);
    }

    /// The cell on the other side of the cliff at `cell`.
    pub fn across(&self, cell: GridCell) -> Option<GridCell> {
        let found = self.below.filter(|_| self.pinned == Some(cell));
        found.or_else(|| cliffs::across(&self.shown()?.landscape, cell))
    }

    /// Whether more is to come.
    pub fn running(&self) -> bool {
        self.asked.is_some()
    }

    /// Why there is no landscape of `question`, where it is the one that was asked for.
    pub fn problem(&self) -> Option<&str> {
        self.failed.as_ref().map(|(_, problem)| problem.as_str())
    }

    /// How the rules compared at the place in view, update by update.
    pub fn comparisons(&self) -> &[(u64, Comparison)] {
        &self.comparisons
    }

    /// The cell that is looked at: the one under the pointer, or else the one that is pinned.
    pub fn cell(&self) -> Option<GridCell> {
        let points = self.shown()?.grid().points;
        self.pointed.or(self.pinned).filter(|(i, j)| *i < points && *j < points)
    }

    /// The spikes at a cell, as they were asked for last.
    pub fn spikes(&self) -> Option<(InspectedPoint, &Arc<Look>)> {
        self.spikes.as_ref().map(|(point, spikes)| (*point, spikes))
    }

    /// How far the answer on its way is, if there is one.
    pub fn progress(&self) -> Option<AnswerProgress> {
        let asked = self.asked.as_ref()?;
        let of = asked.grid.len();
        let current = self.coming.as_ref().or(self.shown.as_ref()).filter(|m| m.id() == asked.id);
        let (done, took) = current.map_or_else(Default::default, |m| (m.done(), m.took));
        let behind = self.shown.as_ref().is_some_and(|m| m.id() != asked.id);
        Some(AnswerProgress { done, of, took, behind })
    }

    /// Whether the whole answer to `question` is in view already, or was found to be impossible.
    pub fn answers(&self, question: &Question) -> bool {
        let same = |other: &Question| measured::same_points(other, question) && same_rest(other, question);
        self.shown.as_ref().is_some_and(|m| m.is_complete() && same(&m.question))
            || self.failed.as_ref().is_some_and(|(other, _)| same(other))
    }

    /// What is known already of the points that `question` asks for.
    pub fn known(&self, question: &Question) -> Option<Arc<Landscape>> {
        let all = self.halted.iter().chain(&self.shown);
        let m = all.filter(|m| m.done() > 0).find(|m| measured::same_points(&m.question, question))?;
        Some(Arc::new(m.landscape.clone()))
    }

    /// What was stopped and can be resumed.
    pub fn stopped(&self) -> Option<&MeasuredLandscape> {
        let shown = self.shown.as_ref().filter(|m| !m.is_complete());
        self.halted.as_ref().or(shown).filter(|_| self.asked.is_none())
    }

    /// The question that was stopped, to be asked again under the number `id`.
    pub fn resumed(&self, id: u64) -> Option<Question> {
        let m = self.stopped()?;
        Some(Question { id, known: Some(Arc::new(m.landscape.clone())), ..Question::clone(&m.question) })
    }

    /// Whether what is under way lacks something that `question` asks for, and its points have to be measured again.
    pub fn lacks(&self, question: &Question) -> bool {
        self.asked.as_ref().is_some_and(|asked| question.fields && !asked.fields)
    }

    /// A question was asked: answers to older ones are not heard any more.
    pub fn ask(&mut self, question: &Question) {
        // what is known is a part of the answer
        self.asked = Some(Arc::new(Question { known: None, ..question.clone() }));
        (self.coming, self.halted, self.failed) = (None, None, None);
    }

    /// Nothing more is to come; what is in view stays.
    pub fn stop(&mut self) {
        self.asked = None;
        self.halted = self.coming.take().filter(|m| m.done() > 0).or(self.halted.take());
    }

    /// Forgets everything but the weights that were fixed: another run begins.
    pub fn reset(&mut self) {
        *self = Self { version: self.version + 1, fixed: self.fixed.take(), ..Self::default() };
    }

    /// Takes in a part of the answer, if it is one to the newest question.
    pub fn on_answer(&mut self, answer: Answer) {
        let Some(asked) = &self.asked else { return };
        let id = asked.id;
        match answer {
            Answer::Begun(begun) if begun.id == id => self.begin(begun),
            Answer::Part(part) if part.id == id => {
                self.with(id, |m| {
                    m.landscape.take(&part.points, &part.outputs);
                    m.took = part.took;
                });
            }
            Answer::Views { id: of, views } if of == id => {
                let update = self.with(id, |m| {
                    m.views = Some(Arc::clone(&views));
                    m.update
                });
                self.record_comparison(update, &views.comparison);
            }
            Answer::Path(path) if path.id == id => {
                self.with(id, |m| {
                    if let Some(losses) = m.losses.get_mut(path.path) {
                        *losses = Some(path.losses);
                    }
                });
            }
            Answer::Failed { id: of, problem } if of == id => {
                self.failed = self.asked.take().map(|question| (question, problem));
                self.coming = None;
                self.version += 1;
            }
            _ => {}
        }
    }

    /// Takes in the spikes at a cell.
    pub fn set_spikes(&mut self, point: InspectedPoint, spikes: Arc<Look>) {
        self.spikes = Some((point, spikes));
    }

    fn begin(&mut self, begun: Begun) {
        let Some(asked) = &self.asked else { return };
        let coming = MeasuredLandscape::new(Arc::clone(asked), begun);
        let known = coming.done() > 0;
        self.coming = Some(coming);
        if known {
            self.show();
        }
    }

    /// Changes the landscape that answers question `id`, and shows it if it knows enough by then.
    fn with<R: Default>(&mut self, id: u64, change: impl FnOnce(&mut MeasuredLandscape) -> R) -> R {
        let current = self.coming.as_mut().or(self.shown.as_mut());
        let Some(m) = current.filter(|m| m.id() == id) else { return R::default() };
        let result = change(m);
        if m.is_complete() {
            self.asked = None;
        }
        self.show();
        result
    }

    /// Lets the coming one take the place of the one in view, if it knows enough for that.
    fn show(&mut self) {
        if let (Some(coming), Some(shown)) = (&self.coming, &self.shown)
            && coming.place() == shown.place()
            && !coming.knows_as_much_as(shown)
        {
            return;
        }
        if let Some(coming) = self.coming.take() {
            let place = coming.place();
            if self.shown.as_ref().is_none_or(|shown| shown.place() != place) {
                self.comparisons.clear();
            }
            let points = coming.grid().points;
            for cell in [&mut self.pointed, &mut self.pinned] {
                *cell = cell.filter(|_| self.shown.as_ref().is_none_or(|shown| shown.grid().points == points));
            }
            self.shown = Some(coming);
        }
        self.version += 1;
    }

    /// Remembers how the rules compared after `update` updates.
    fn record_comparison(&mut self, update: u64, comparison: &Comparison) {
        // only of what was measured
        if comparison.rules.iter().all(|rule| rule.compared + rule.zero_field == 0) {
            return;
        }
        match self.comparisons.last_mut().filter(|(last, _)| *last >= update) {
            Some(last) if last.0 == update => last.1 = comparison.clone(),
            Some(_) => {}
            None => self.comparisons.push((update, comparison.clone())),
        }
        if self.comparisons.len() > MOST_COMPARISONS {
            let mut n = 0;
            self.comparisons.retain(|_| {
                n += 1;
                n % 2 == 0
            });
        }
    }
}

/// Whether what is asked beside the points is the same: the paths up to the same moment.
fn same_rest(shown: &Question, asked: &Question) -> bool {
    let names = |q: &Question| q.others.iter().map(|track| track.name.clone()).collect::<Vec<_>>();
    (shown.path_losses || !asked.path_losses)
        && shown.frame.update == asked.frame.update
        && names(shown) == names(asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Centre, Explorer, Frame, Surveyed};
    use crate::gui::state::fixtures;
    use crate::landscape::fixtures::{landscape, point};
    use crate::landscape::{Grid, Objective, OnPlane, Placed, Plane, Survey};
    use crate::snn::Isa;
    use crate::train::Settings;

    const POINTS: usize = 5;

    fn frame() -> Arc<Frame> {
        fixtures::frame(Settings::default())
    }

    fn question(id: u64, frame: &Arc<Frame>, range: f32) -> Question {
        Question::new(id, Arc::clone(frame), 0, Grid { points: POINTS, range })
    }

    fn begun(question: &Question) -> Answer {
        let &Question { id, ref frame, grid, seed, .. } = question;
        let paths =
            vec![OnPlane { points: vec![Placed { update: frame.update, ..Placed::default() }], ..OnPlane::default() }];
        let plane = Arc::new(Plane::random(&frame.net, Arc::clone(&frame.params), seed));
        let objective = Objective::of_batch(&frame.net, &frame.settings, &frame.batch, Isa::best());
        let survey = Arc::new(Survey { objective, plane, fields: false });
        Answer::Begun(Begun { id, update: frame.update, grid, seed, survey, paths, known: None })
    }

    /// The points from `done` before up to `done`, all with the loss `loss`.
    fn part(id: u64, points: std::ops::Range<u32>, loss: f64) -> Answer {
        let (done, of) = (points.end as usize, POINTS * POINTS);
        let points = points.map(|p| (p, point(loss))).collect();
        Answer::Part(Surveyed { id, points, outputs: Vec::new(), done, of, took: Duration::from_secs(1) })
    }

    /// What follows from the whole.
    fn views(id: u64) -> Answer {
        Answer::Views { id, views: Arc::new(landscape(POINTS, |_, _| 0.5).views()) }
    }

    /// Asks `question` of a real explorer and hears until the answer is whole.
    fn answer_all(view: &mut LandscapeState, explorer: &Explorer, question: Question) {
        view.ask(&question);
        explorer.ask(question);
        while view.running() {
            match explorer.answer() {
                Some(answer) => view.on_answer(answer),
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    #[test]
    fn the_first_view_is_shown_from_its_first_points_on() {
        let question = question(1, &frame(), 1.0);
        let mut view = LandscapeState::default();
        view.ask(&question);
        view.on_answer(begun(&question));
        assert!(view.shown().is_none(), "a grid without any point is nothing to see");
        view.on_answer(part(1, 0..5, 0.5));
        let (shown, version) = (view.shown().unwrap(), view.version());
        assert_eq!((shown.done(), shown.loss(0, 4), shown.loss(1, 0)), (5, Some(0.5), None));
        assert_eq!(view.progress().unwrap().left(), Some(Duration::from_secs(4)));
        view.on_answer(part(1, 5..25, 0.5));
        assert!(view.running(), "what follows from the points is still to come");
        view.on_answer(views(1));
        assert!(!view.running() && view.shown().unwrap().is_complete() && view.version() > version);
    }

    #[test]
    fn following_keeps_the_old_until_the_new_is_whole() {
        let frame = frame();
        let mut view = LandscapeState::default();
        for (id, loss) in [(1, 0.5), (2, 0.25)] {
            let question = question(id, &frame, 1.0);
            view.ask(&question);
            view.on_answer(begun(&question));
            let version = view.version();
            view.on_answer(part(id, 0..5, loss));
            if id == 2 {
                assert_eq!((view.shown().unwrap().loss(0, 0), view.version()), (Some(0.5), version));
                let progress = view.progress().unwrap();
                assert_eq!((progress.done, progress.of, progress.behind), (5, 25, true));
            }
            view.on_answer(part(id, 5..25, loss));
            let kept = view.shown().unwrap().id();
            assert_eq!(kept, 1, "the surfaces that are in view stay, too");
            view.on_answer(views(id));
            assert_eq!(view.shown().unwrap().loss(4, 4), Some(loss));
        }
    }

    #[test]
    fn another_range_replaces_it_at_once() {
        let frame = frame();
        let mut view = LandscapeState::default();
        answer_all(&mut view, &Explorer::start(Arc::new(|| {})).unwrap(), question(1, &frame, 1.0));
        let question = question(2, &frame, 0.1);
        assert!(!view.answers(&question));
        view.ask(&question);
        view.on_answer(begun(&question));
        assert!(view.shown().unwrap().is_whole(), "until something is known of the new one");
        view.on_answer(part(2, 0..5, 0.5));
        assert_eq!((view.shown().unwrap().done(), view.shown().unwrap().grid().range), (5, 0.1));
    }

    #[test]
    fn stopping_keeps_what_is_there_and_asking_again_works() {
        let frame = frame();
        let explorer = Explorer::start(Arc::new(|| {})).unwrap();
        let mut view = LandscapeState::default();
        let first = question(1, &frame, 1.0);
        view.ask(&first);
        view.on_answer(begun(&first));
        view.on_answer(part(1, 0..5, 0.5));
        explorer.stop(1);
        view.stop();
        // what was under way already is not heard any more
        view.on_answer(part(1, 5..25, 0.5));
        assert!(!view.running());
        assert_eq!(view.shown().unwrap().done(), 5);
        assert!(!view.answers(&first), "it is not whole");
        answer_all(&mut view, &explorer, question(3, &frame, 1.0));
        assert!(view.shown().unwrap().is_whole() && view.answers(&first));
        assert_eq!(view.shown().unwrap().loss(2, 2), Some(frame.loss), "the centre has the loss of the run");
    }

    #[test]
    fn the_newest_question_wins() {
        let frame = frame();
        let explorer = Explorer::start(Arc::new(|| {})).unwrap();
        let mut view = LandscapeState::default();
        for (id, range) in [(1, 1.0), (2, 0.5)] {
            let question = Question { grid: Grid { points: 31, range }, ..question(id, &frame, 1.0) };
            view.ask(&question);
            explorer.ask(question);
        }
        answer_all(&mut view, &explorer, question(3, &frame, 0.1));
        let shown = view.shown().unwrap();
        assert_eq!((shown.id(), shown.grid().range, shown.is_whole()), (3, 0.1, true));
    }

    #[test]
    fn a_new_run_forgets_it_but_its_version_goes_on() {
        let frame = frame();
        let mut view = LandscapeState::default();
        let question = question(1, &frame, 1.0);
        answer_all(&mut view, &Explorer::start(Arc::new(|| {})).unwrap(), question.clone());
        let version = view.version();
        view.reset();
        assert!(view.shown().is_none() && !view.running() && view.version() > version);
        view.on_answer(begun(&question));
        view.on_answer(part(1, 0..25, 0.5));
        assert!(view.shown().is_none(), "late news of the old run are not heard");
    }

    #[test]
    fn what_was_stopped_is_resumed_with_what_is_known() {
        let frame = frame();
        let explorer = Explorer::start(Arc::new(|| {})).unwrap();
        let mut view = LandscapeState::default();
        let first = question(1, &frame, 1.0);
        view.ask(&first);
        view.on_answer(begun(&first));
        view.on_answer(part(1, 0..5, 0.5));
        assert!(view.resumed(2).is_none(), "it is still under way");
        view.stop();
        let rest = view.resumed(2).unwrap();
        assert_eq!(rest.known.as_ref().unwrap().done(), 5);
        answer_all(&mut view, &explorer, rest);
        let shown = view.shown().unwrap();
        assert!(shown.is_complete() && view.resumed(3).is_none());
        assert_eq!((shown.loss(0, 4), shown.loss(2, 2)), (Some(0.5), Some(frame.loss)), "nothing is measured twice");
        // the same with fields is another thing; without path losses it is there
        assert!(view.answers(&question(4, &frame, 1.0)));
        assert!(!view.answers(&Question { fields: true, ..question(4, &frame, 1.0) }));
        let paths = Question { path_losses: true, ..question(4, &frame, 1.0) };
        assert!(!view.answers(&paths) && view.known(&paths).unwrap().is_whole());
        let later = Frame { update: 1, ..Frame::clone(&frame) };
        assert!(view.known(&question(5, &Arc::new(later), 1.0)).is_none(), "the centre has moved");
    }

    #[test]
    fn a_centre_that_stays_is_not_measured_again() {
        let frame = frame();
        let fixed = Centre::Fixed(0, Arc::clone(&frame.params));
        let question = Question { centre: fixed, ..question(1, &frame, 1.0) };
        let mut view = LandscapeState::default();
        answer_all(&mut view, &Explorer::start(Arc::new(|| {})).unwrap(), question.clone());
        let later = Arc::new(Frame { update: 7, ..Frame::clone(&frame) });
        let next = Question { id: 2, frame: later, ..question };
        assert!(!view.answers(&next), "the path goes on");
        assert!(view.known(&next).unwrap().is_whole());
    }

    #[test]
    fn what_cannot_be_is_said_and_not_asked_again() {
        let frame = frame();
        let same = crate::landscape::WeightAt::default();
        let plane = crate::landscape::PlaneKind::Weights([same, same]);
        let question = Question { plane, ..question(1, &frame, 1.0) };
        let mut view = LandscapeState::default();
        answer_all(&mut view, &Explorer::start(Arc::new(|| {})).unwrap(), question.clone());
        assert!(view.problem().unwrap().contains("two different weights"));
        assert!(view.answers(&question) && view.shown().is_none());
        view.ask(&Question { id: 2, plane: crate::landscape::PlaneKind::Random, ..question });
        assert!(view.problem().is_none());
    }
}
