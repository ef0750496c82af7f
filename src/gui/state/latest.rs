//! The newest answer of a kind, as the window knows it: the one in view, and the one on its way to take its place.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::AnswerProgress;
use crate::engine::Question;

/// A question whose newest answer is kept in view.
pub trait LatestQuestion: Question {
    /// Points or samples that it asks for.
    fn number(&self) -> usize;

    /// Whether an answer to this question answers `other`, too.
    fn covers(&self, other: &Self) -> bool;

    /// Whether an answer to this may stay in view until one to `other` knows as much: the same is asked, at whatever
    /// moment.
    fn same_place(&self, other: &Self) -> bool;

    /// Whether an answer to this lacks something that `other` asks for, so that it is asked anew at once.
    fn lacks(&self, other: &Self) -> bool {
        !self.same_place(other)
    }

    /// Whether `other` cannot be answered either, if this could not.
    fn fails_as(&self, other: &Self) -> bool {
        self.same_place(other)
    }
}

/// An answer, as far as it is known.
pub trait LatestAnswer: Sized {
    type Question: LatestQuestion;
    type Part;

    /// An answer that begins with this part, if it is one to begin with; it has taken `took` so far.
    fn begin(question: Arc<Self::Question>, part: Self::Part, took: Duration) -> Option<Self>;

    fn add(&mut self, part: Self::Part, took: Duration);

    fn question(&self) -> &Arc<Self::Question>;

    /// Time that it has taken so far.
    fn took(&self) -> Duration;

    /// Points or samples that are answered.
    fn done(&self) -> usize;

    /// Whether everything that was asked for is there.
    fn is_complete(&self) -> bool;

    /// Whether nothing that can be seen of `shown`, which is of the same place, would be missed here.
    fn knows_as_much_as(&self, shown: &Self) -> bool {
        self.done() >= shown.done()
    }
}

/// The answer in view stays there until its successor knows as much, so that following a run does not flicker; only one of
/// another place is replaced by the first that is known of the new one.
#[derive(Clone, Debug)]
pub struct Latest<A: LatestAnswer> {
    /// Rises whenever the view changes, so that a picture made of it knows when it is out of date.
    version: u64,
    shown: Option<A>,
    coming: Option<A>,
    /// The answer that was on its way when it was stopped, where it had not come into view.
    halted: Option<A>,
    asked: Option<Arc<A::Question>>,
    /// Why the last question could not be answered, and which it was.
    failed: Option<(Arc<A::Question>, String)>,
    pace: FollowPace,
}

impl<A: LatestAnswer> Default for Latest<A> {
    fn default() -> Self {
        let pace = FollowPace::default();
        Self { version: 0, shown: None, coming: None, halted: None, asked: None, failed: None, pace }
    }
}

/// When following may ask again: after as long a rest as the last answer took, so that half of the time the explorer's
/// core is left to others.
#[derive(Clone, Copy, Debug, Default)]
struct FollowPace {
    /// When the last answer became complete, or failed.
    ended: Option<Instant>,
}

/// The least rest.
pub const REST: Duration = Duration::from_millis(400);

impl FollowPace {
    /// The remaining rest after an answer that took `took`.
    fn left(self, took: Duration, now: Instant) -> Duration {
        self.ended.map_or(Duration::ZERO, |ended| REST.max(took).saturating_sub(now.saturating_duration_since(ended)))
    }
}

/// The next thing to do in order to follow a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FollowStep {
    /// Nothing: an answer is on its way, or the one in view is that of the run as it is, or there can be none.
    Nothing,
    /// The explorer's core is left to others for this long.
    Rest(Duration),
    Ask,
}

/// The effect of a part of an answer on the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InView {
    /// Nothing that is in view.
    Same,
    /// More is known of the place in view, or it is known of a later moment.
    Newer,
    /// Another place came into view.
    Elsewhere,
}

impl<A: LatestAnswer> Latest<A> {
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The answer in view.
    pub fn shown(&self) -> Option<&A> {
        self.shown.as_ref()
    }

    /// Time that the answer in view took.
    pub fn took(&self) -> Option<Duration> {
        self.shown.as_ref().map(A::took)
    }

    /// Whether more is to come.
    pub fn running(&self) -> bool {
        self.asked.is_some()
    }

    /// Why the last question could not be answered.
    pub fn problem(&self) -> Option<&str> {
        self.failed.as_ref().map(|(_, problem)| problem.as_str())
    }

    /// How far the answer on its way is, if there is one.
    pub fn progress(&self) -> Option<AnswerProgress> {
        let asked = self.asked.as_ref()?;
        let (done, took) = self.answer_to(asked.id()).map_or_else(Default::default, |a| (a.done(), a.took()));
        let behind = self.shown().is_some_and(|shown| shown.question().id() != asked.id());
        Some(AnswerProgress { done, of: asked.number(), took, behind })
    }

    /// Whether the whole answer to `question` is in view already, or was found to be impossible.
    pub fn answers(&self, question: &A::Question) -> bool {
        self.shown().is_some_and(|shown| shown.is_complete() && shown.question().covers(question))
            || self.failed.as_ref().is_some_and(|(failed, _)| failed.fails_as(question))
    }

    /// The answers that were stopped or are in view, of which parts may be known that are asked for again.
    pub fn known(&self) -> impl Iterator<Item = &A> {
        self.halted.iter().chain(&self.shown).filter(|answer| answer.done() > 0)
    }

    /// The answer that was stopped and can be resumed.
    pub fn stopped(&self) -> Option<&A> {
        let shown = self.shown().filter(|shown| !shown.is_complete());
        self.halted.as_ref().or(shown).filter(|_| !self.running())
    }

    /// Whether the answer on its way lacks something that `question` asks for.
    pub fn lacks(&self, question: &A::Question) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.lacks(question))
    }

    /// The next thing to do in order to follow the run, where `question` is that of the run as it is.
    pub fn next(&self, question: &A::Question, now: Instant) -> FollowStep {
        match &self.asked {
            Some(asked) if asked.lacks(question) => return FollowStep::Ask,
            None if !self.answers(question) => {}
            _ => return FollowStep::Nothing,
        }
        let lacking = self.shown().is_some_and(|shown| shown.question().lacks(question));
        match self.pace.left(self.took().unwrap_or_default(), now) {
            left if left > Duration::ZERO && !lacking => FollowStep::Rest(left),
            _ => FollowStep::Ask,
        }
    }

    /// A question was asked: answers to older ones are not taken in any more.
    pub fn ask(&mut self, question: A::Question) {
        self.asked = Some(Arc::new(question));
        (self.coming, self.halted, self.failed) = (None, None, None);
    }

    /// Nothing more is to come; the answer in view stays.
    pub fn stop(&mut self) {
        self.asked = None;
        self.halted = self.coming.take().filter(|coming| coming.done() > 0).or(self.halted.take());
    }

    /// The same, and a problem there was is not that of the last question any more.
    pub fn give_up(&mut self) {
        self.stop();
        self.failed = None;
    }

    /// Forgets everything: another run begins.
    pub fn reset(&mut self) {
        *self = Self { version: self.version + 1, ..Self::default() };
    }

    /// The answer to question `id`, whether it is in view or still on its way.
    pub fn answer_to(&self, id: u64) -> Option<&A> {
        self.coming.iter().chain(&self.shown).find(|answer| answer.question().id() == id)
    }

    /// Whether answers to question `id` are waited for.
    pub fn awaits(&self, id: u64) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.id() == id)
    }

    /// Takes in a part of the answer to question `id`, if that is the newest one; it has taken `took` so far.
    pub fn on_part(&mut self, id: u64, took: Duration, part: A::Part) -> InView {
        let Some(asked) = self.asked.as_ref().filter(|asked| asked.id() == id) else { return InView::Same };
        match self.coming.iter_mut().chain(&mut self.shown).find(|answer| answer.question().id() == id) {
            Some(answer) => answer.add(part, took),
            None => self.coming = A::begin(Arc::clone(asked), part, took),
        }
        if self.answer_to(id).is_some_and(A::is_complete) {
            self.asked = None;
            self.pace.ended = Some(Instant::now());
        }
        self.show()
    }

    /// Question `id` cannot be answered to its end; whether that is the newest one.
    pub fn on_failed(&mut self, id: u64, problem: &str) -> bool {
        let Some(asked) = self.asked.take_if(|asked| asked.id() == id) else { return false };
        self.failed = Some((asked, problem.to_owned()));
        self.coming = None;
        self.pace.ended = Some(Instant::now());
        self.version += 1;
        true
    }

    /// Lets the coming one take the place of the one in view, if it knows enough for that.
    fn show(&mut self) -> InView {
        let mut changed = InView::Newer;
        if let Some(coming) = &self.coming {
            let same_place = self.shown().is_some_and(|shown| shown.question().same_place(coming.question()));
            // one that is complete will never know more: less was asked for than before
            let waits = same_place && !coming.is_complete();
            if waits && self.shown().is_some_and(|shown| !coming.knows_as_much_as(shown)) || coming.done() == 0 {
                return InView::Same;
            }
            if !same_place {
                changed = InView::Elsewhere;
            }
        }
        self.shown = self.coming.take().or(self.shown.take());
        self.version += 1;
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Frame, MapPart, MapQuestion, MapSpec};
    use crate::gui::state::decision_map::{DecisionMap, DecisionMapState};
    use crate::gui::state::fixtures::{frame, settings};

    const SECOND: Duration = Duration::from_secs(1);

    /// Asks for maps.
    struct Asker(Arc<Frame>);

    impl Asker {
        fn ask(&self, id: u64, points: usize, update: u64) -> MapQuestion {
            let frame = Arc::new(Frame { update, ..Frame::clone(&self.0) });
            MapQuestion { id, what: MapSpec { points }, frame }
        }

        /// A view of the whole answer to question 1, of 3 × 3 points at update 0.
        fn answered(&self) -> DecisionMapState {
            let mut latest = DecisionMapState::default();
            latest.ask(self.ask(1, 3, 0));
            assert_eq!(latest.on_part(1, SECOND, part(9)), InView::Elsewhere);
            latest
        }
    }

    fn asker() -> Asker {
        Asker(frame(settings()))
    }

    fn part(done: usize) -> MapPart {
        MapPart { cells: Vec::new(), done, of: 9 }
    }

    fn in_view(latest: &DecisionMapState) -> (u64, usize) {
        let shown = latest.shown().unwrap();
        (shown.question().id, shown.done)
    }

    #[test]
    fn the_first_answer_is_shown_from_its_beginning_and_says_how_long_the_rest_takes() {
        let mut latest = DecisionMapState::default();
        latest.ask(asker().ask(1, 3, 0));
        let progress = latest.progress().unwrap();
        assert_eq!((progress.done, progress.of, progress.left()), (0, 9, None));
        assert_eq!(latest.on_part(1, SECOND, part(3)), InView::Elsewhere);
        let version = latest.version();
        assert_eq!((in_view(&latest), latest.progress().unwrap().left()), ((1, 3), Some(2 * SECOND)));
        assert_eq!(latest.on_part(1, 5 * SECOND, part(9)), InView::Newer);
        assert!(!latest.running() && latest.version() > version);
        assert_eq!((latest.took(), latest.progress()), (Some(5 * SECOND), None));
    }

    #[test]
    fn following_keeps_the_old_until_the_new_knows_as_much() {
        let asker = asker();
        let mut latest = asker.answered();
        latest.ask(asker.ask(2, 3, 1));
        let version = latest.version();
        assert_eq!(latest.on_part(2, SECOND, part(8)), InView::Same);
        assert_eq!((in_view(&latest), latest.version()), ((1, 9), version));
        let progress = latest.progress().unwrap();
        assert_eq!((progress.done, progress.behind), (8, true));
        assert_eq!((latest.on_part(2, SECOND, part(9)), in_view(&latest)), (InView::Newer, (2, 9)));
        latest.ask(asker.ask(3, 5, 1));
        assert_eq!(latest.on_part(3, SECOND, part(1)), InView::Elsewhere, "another place replaces it at once");
    }

    #[test]
    fn it_asks_again_when_the_run_has_gone_on_and_it_has_rested() {
        let (asker, now) = (asker(), Instant::now());
        let mut latest = asker.answered();
        assert_eq!(latest.next(&asker.ask(2, 3, 0), now), FollowStep::Nothing, "it is in view");
        let later = asker.ask(2, 3, 1);
        assert!(matches!(latest.next(&later, now), FollowStep::Rest(left) if left > REST && left <= SECOND));
        assert_eq!(latest.next(&later, now + 2 * SECOND), FollowStep::Ask);
        assert_eq!(latest.next(&asker.ask(2, 5, 1), now), FollowStep::Ask, "another place does not wait");
        latest.ask(later);
        assert_eq!(latest.next(&asker.ask(3, 3, 2), now + 2 * SECOND), FollowStep::Nothing, "one is on its way");
        assert_eq!(latest.next(&asker.ask(3, 5, 2), now), FollowStep::Ask, "but of another place");
        assert_eq!(latest.next(&asker.ask(3, 3, 0), now), FollowStep::Nothing, "what comes is awaited");
        // a short one rests for a while, too
        latest.on_part(2, Duration::ZERO, part(9));
        assert!(matches!(latest.next(&asker.ask(3, 3, 3), Instant::now()), FollowStep::Rest(left) if left <= REST));
    }

    #[test]
    fn stopping_keeps_what_is_there_to_be_resumed() {
        let asker = asker();
        let mut latest = asker.answered();
        assert!(latest.stopped().is_none());
        latest.ask(asker.ask(2, 3, 1));
        latest.on_part(2, SECOND, part(3));
        assert!(latest.stopped().is_none(), "it is still on its way");
        latest.stop();
        assert_eq!(latest.on_part(2, SECOND, part(9)), InView::Same, "what was on its way is not taken in any more");
        assert_eq!((latest.stopped().unwrap().done, in_view(&latest)), (3, (1, 9)));
        let ids = |latest: &DecisionMapState| latest.known().map(|known| known.question().id).collect::<Vec<_>>();
        assert_eq!(ids(&latest), [2, 1]);
        latest.ask(asker.ask(3, 3, 1));
        assert_eq!((latest.stopped().map(DecisionMap::update), ids(&latest)), (None, vec![1]));
    }

    #[test]
    fn what_cannot_be_answered_says_why_and_is_not_asked_again() {
        let asker = asker();
        let mut latest = asker.answered();
        latest.ask(asker.ask(2, 5, 0));
        assert!(!latest.on_failed(1, "late") && latest.running());
        assert!(latest.on_failed(2, "It cannot be."));
        assert_eq!((latest.running(), latest.problem()), (false, Some("It cannot be.")));
        let later = Instant::now() + 2 * SECOND;
        assert_eq!(latest.next(&asker.ask(3, 5, 5), later), FollowStep::Nothing);
        assert_eq!(latest.next(&asker.ask(3, 7, 5), later), FollowStep::Ask);
        latest.ask(asker.ask(3, 5, 5));
        assert!(latest.problem().is_none());
    }

    #[test]
    fn a_new_run_forgets_it_but_its_version_goes_on() {
        let asker = asker();
        let mut latest = asker.answered();
        latest.ask(asker.ask(2, 3, 1));
        let version = latest.version();
        latest.reset();
        assert!(latest.shown().is_none() && !latest.running() && latest.version() > version);
        assert_eq!(latest.on_part(2, SECOND, part(9)), InView::Same, "late answers of the old run are not taken in");
    }
}
