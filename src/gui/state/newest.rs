//! The newest answer about something that changes all the time: the one in view, and the question under way.

use std::time::{Duration, Instant};

use super::FollowStep;

/// What a question is about.
pub trait AskedAbout: Clone + PartialEq {
    /// Whether an answer to this may stay in view until that to `other` is there: only the moment is another.
    fn same_place(&self, other: &Self) -> bool;
}

/// The newest answer, which stays in view until the next one is there.
#[derive(Debug)]
pub struct NewestAnswer<K, A> {
    shown: Option<(K, A)>,
    asked: Option<(u64, K)>,
    /// Why the last question could not be answered, and what it was about.
    failed: Option<(K, String)>,
    /// When the last answer was whole, and how long it took.
    ended: Option<(Instant, Duration)>,
}

impl<K, A> Default for NewestAnswer<K, A> {
    fn default() -> Self {
        Self { shown: None, asked: None, failed: None, ended: None }
    }
}

impl<K: AskedAbout, A> NewestAnswer<K, A> {
    /// The answer in view.
    pub fn shown(&self) -> Option<&A> {
        self.shown.as_ref().map(|(_, answer)| answer)
    }

    /// What it is about.
    pub fn about(&self) -> Option<&K> {
        self.shown.as_ref().map(|(about, _)| about)
    }

    /// Whether more is to come.
    pub fn running(&self) -> bool {
        self.asked.is_some()
    }

    /// Why the last question could not be answered.
    pub fn problem(&self) -> Option<&str> {
        self.failed.as_ref().map(|(_, problem)| problem.as_str())
    }

    /// What to do for an answer about `wanted`. While moments pass by (`busy`), a question about the same place is answered to
    /// its end, and then rests as long as it took; otherwise the newest one is asked at once.
    pub fn next(&self, wanted: &K, busy: bool, now: Instant) -> FollowStep {
        if let Some((_, asked)) = &self.asked {
            let waits = asked == wanted || busy && asked.same_place(wanted);
            return if waits { FollowStep::Nothing } else { FollowStep::Ask };
        }
        let known = self.shown.as_ref().map(|(about, _)| about).into_iter();
        if known.chain(self.failed.as_ref().map(|(about, _)| about)).any(|about| about == wanted) {
            return FollowStep::Nothing;
        }
        let (ended, took) = self.ended.unwrap_or((now, Duration::ZERO));
        let left = took.saturating_sub(now.saturating_duration_since(ended));
        let same = self.about().is_some_and(|about| about.same_place(wanted));
        if busy && same && left > Duration::ZERO { FollowStep::Rest(left) } else { FollowStep::Ask }
    }

    /// A question was asked: answers to older ones are not taken in any more.
    pub fn ask(&mut self, id: u64, about: K) {
        self.failed = None;
        self.asked = Some((id, about));
    }

    /// What question `id` is about, if answers to it are waited for.
    pub fn asked(&self, id: u64) -> Option<&K> {
        self.asked.as_ref().filter(|(asked, _)| *asked == id).map(|(_, about)| about)
    }

    /// Takes in an answer to question `id`, if that is the newest one, and as the last one if it is `whole`; it has taken
    /// `took` so far.
    pub fn on_answer(&mut self, id: u64, took: Duration, answer: A, whole: bool) {
        let Some((_, about)) = self.asked.clone().filter(|(asked, _)| *asked == id) else { return };
        self.shown = Some((about, answer));
        if whole {
            self.asked = None;
            self.ended = Some((Instant::now(), took));
        }
    }

    /// Question `id` cannot be answered; whether that is the newest one.
    pub fn on_failed(&mut self, id: u64, problem: &str) -> bool {
        let Some((_, about)) = self.asked.take_if(|(asked, _)| *asked == id) else { return false };
        self.failed = Some((about, problem.to_owned()));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A place, and a moment of it.
    impl AskedAbout for (u32, u32) {
        fn same_place(&self, other: &Self) -> bool {
            self.0 == other.0
        }
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn at_rest_the_newest_question_wins_and_while_moments_pass_each_is_answered() {
        let (mut newest, now) = (NewestAnswer::<(u32, u32), &str>::default(), Instant::now());
        assert_eq!(newest.next(&(1, 1), true, now), FollowStep::Ask);
        newest.ask(7, (1, 1));
        assert_eq!(newest.next(&(1, 1), false, now), FollowStep::Nothing);
        assert_eq!(newest.next(&(1, 2), true, now), FollowStep::Nothing, "it is answered first");
        assert_eq!(newest.next(&(1, 2), false, now), FollowStep::Ask);
        assert_eq!(newest.next(&(2, 2), true, now), FollowStep::Ask, "another place");
        newest.on_answer(6, SECOND, "old", true);
        assert_eq!(newest.shown(), None);
        newest.on_answer(7, SECOND, "new", true);
        assert_eq!((newest.shown(), newest.running()), (Some(&"new"), false));
        assert_eq!(newest.next(&(1, 1), true, now), FollowStep::Nothing);
        assert!(matches!(newest.next(&(1, 2), true, now), FollowStep::Rest(_)));
        assert_eq!(newest.next(&(1, 2), false, now), FollowStep::Ask);
        assert_eq!(newest.next(&(1, 2), true, now + 3 * SECOND), FollowStep::Ask);
    }

    #[test]
    fn what_failed_is_not_asked_again_and_stays_told_until_the_next_question() {
        let (mut newest, now) = (NewestAnswer::<(u32, u32), &str>::default(), Instant::now());
        newest.ask(1, (1, 1));
        assert!(!newest.on_failed(2, "No.") && newest.on_failed(1, "No."));
        assert_eq!((newest.next(&(1, 1), false, now), newest.problem()), (FollowStep::Nothing, Some("No.")));
        newest.ask(3, (1, 2));
        assert_eq!(newest.problem(), None);
        assert_eq!((newest.asked(3), newest.asked(1)), (Some(&(1, 2)), None));
    }
}
