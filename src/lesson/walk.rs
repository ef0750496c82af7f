//! One reader's way through a lesson: where they are, what they answered, what was found.

use serde::{Deserialize, Serialize};

use super::fact::FactValue;
use super::observed::Observed;
use super::text::filled;
use super::{LessonStep, RightWhen, StepKind};

/// What became of a step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum StepRecord {
    #[default]
    Open,
    /// Done, seen or read.
    Done,
    Skipped,
    /// A prediction, and what the run said of it once it did.
    Answered(StepAnswer),
}

/// A prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepAnswer {
    pub given: GivenAnswer,
    /// Updates at which it is judged.
    pub judged_at: u64,
    /// Whether it was right, and what was found; none while the run goes on.
    pub found: Option<FoundAnswer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum GivenAnswer {
    /// The number of the choice, from 0.
    Choice(usize),
    Number(f64),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundAnswer {
    pub right: bool,
    /// The number of the right choice, from 0, where it is one of choices.
    pub choice: Option<usize>,
    /// What was expected and what was found, in a sentence or two.
    pub text: String,
    /// The explanation with the numbers of that moment; empty where there is none.
    #[serde(default)]
    pub why: String,
}

/// A reader's progress.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LessonProgress {
    /// The step in view.
    pub at: usize,
    pub records: Vec<StepRecord>,
}

impl LessonProgress {
    pub fn new(steps: usize) -> Self {
        Self { at: 0, records: vec![StepRecord::Open; steps] }
    }

    /// Steps that are not open any more.
    pub fn passed(&self) -> usize {
        self.records.iter().filter(|record| record.is_passed()).count()
    }

    /// Whether every step is behind the reader.
    pub fn is_over(&self) -> bool {
        !self.records.is_empty() && self.passed() == self.records.len()
    }
}

impl StepRecord {
    pub fn is_passed(&self) -> bool {
        match self {
            Self::Open => false,
            Self::Done | Self::Skipped => true,
            Self::Answered(answer) => answer.found.is_some(),
        }
    }
}

/// A reader within a lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LessonWalk {
    pub progress: LessonProgress,
    /// As it was when the step in view began.
    start: Observed,
    /// When it began, in seconds.
    pub since: f64,
}

impl LessonWalk {
    pub fn new(steps: usize) -> Self {
        Self { progress: LessonProgress::new(steps), ..Self::default() }
    }

    /// Goes on with a progress that was kept, where it is one of as many steps.
    pub fn resume(progress: Option<LessonProgress>, steps: usize) -> Self {
        let kept = progress.filter(|progress| progress.records.len() == steps && progress.at < steps);
        Self { progress: kept.unwrap_or_else(|| LessonProgress::new(steps)), ..Self::default() }
    }

    pub fn at(&self) -> usize {
        self.progress.at
    }

    /// What was observed when the step in view began.
    pub fn start(&self) -> &Observed {
        &self.start
    }

    pub fn record(&self) -> &StepRecord {
        self.progress.records.get(self.progress.at).unwrap_or(&StepRecord::Done)
    }

    /// Looks at step `at` from now on.
    pub fn enter(&mut self, at: usize, now: &Observed) {
        self.progress.at = at.min(self.progress.records.len().saturating_sub(1));
        self.start = now.clone();
    }

    /// Ticks the step in view where its condition holds, and judges a prediction whose run is over. Whether anything changed.
    pub fn observe(&mut self, step: &LessonStep, now: &Observed) -> bool {
        let at = self.progress.at;
        let done = match (&step.kind, self.record()) {
            (StepKind::Do { until, .. }, StepRecord::Open) if until.holds(now, &self.start) => StepRecord::Done,
            (_, StepRecord::Answered(answer)) if answer.found.is_none() && now.updates >= answer.judged_at => {
                StepRecord::Answered(self.judged(step, answer, now))
            }
            _ => return false,
        };
        self.progress.records[at] = done;
        true
    }

    /// Answers the prediction in view; it is judged at once where no run belongs to it.
    pub fn answer(&mut self, step: &LessonStep, given: GivenAnswer, now: &Observed) {
        if *self.record() != StepRecord::Open {
            return;
        }
        let judged_at = now.updates + step.run();
        self.start = now.clone();
        let at = self.progress.at;
        self.progress.records[at] = StepRecord::Answered(StepAnswer { given, judged_at, found: None });
        self.observe(step, now);
    }

    /// Whether the step in view asks for an answer that was not given: until then nothing may run.
    pub fn asks(&self, step: &LessonStep) -> bool {
        matches!(step.kind, StepKind::Choose { .. } | StepKind::Guess { .. }) && *self.record() == StepRecord::Open
    }

    /// Lets the step in view be: done where it only has to be read, else skipped.
    pub fn pass(&mut self, step: &LessonStep) {
        let at = self.progress.at;
        if self.record().is_passed() {
            return;
        }
        let read = matches!(step.kind, StepKind::Read | StepKind::See { .. });
        self.progress.records[at] = if read { StepRecord::Done } else { StepRecord::Skipped };
    }

    /// The choice that is right by now, from 0.
    pub fn right_choice(&self, step: &LessonStep, now: &Observed) -> Option<usize> {
        let StepKind::Choose { choices, .. } = &step.kind else { return None };
        choices.iter().position(|choice| match &choice.when {
            RightWhen::Always => true,
            RightWhen::Never => false,
            RightWhen::Fact(condition) => condition.holds(now, &self.start),
        })
    }

    fn judged(&self, step: &LessonStep, answer: &StepAnswer, now: &Observed) -> StepAnswer {
        let explained = || match &step.kind {
            StepKind::Choose { why, .. } | StepKind::Guess { why, .. } => filled(why, now, &self.start),
            _ => String::new(),
        };
        let found = match (&step.kind, answer.given) {
            (StepKind::Choose { choices, .. }, GivenAnswer::Choice(given)) => {
                let right = self.right_choice(step, now);
                let name = |n: usize| choices.get(n).map_or("", |choice| choice.text.as_str());
                let proof = right.and_then(|n| choices.get(n)).and_then(|choice| match &choice.when {
                    RightWhen::Fact(condition) => Some(condition.found(now, &self.start)),
                    _ => None,
                });
                let proof = proof.map_or_else(String::new, |proof| format!(" Measured: {proof}."));
                let found = right.map_or("none of these", name);
                let text = format!("You expected: {}. Found: {found}.{proof}", name(given));
                FoundAnswer { right: right == Some(given), choice: right, text, why: explained() }
            }
            (StepKind::Guess { fact, tolerance, .. }, GivenAnswer::Number(given)) => {
                let value = match now.value(fact) {
                    Some(FactValue::Number(x)) => x,
                    _ => f64::NAN,
                };
                let right = (value - given).abs() <= *tolerance;
                let [said, found, about] = [given, value, *tolerance].map(|x| FactValue::Number(x).to_string());
                let of = fact.spec.help;
                let text = format!("You expected {said}. Found: {found} ({of}; within {about} counts as right).");
                FoundAnswer { right, choice: None, text, why: explained() }
            }
            _ => {
                let text = "This answer belongs to another question.".to_owned();
                FoundAnswer { right: false, choice: None, text, why: String::new() }
            }
        };
        StepAnswer { found: Some(found), ..answer.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::Lesson;
    use crate::lesson::pages::EXAMPLE;

    fn lesson() -> Lesson {
        Lesson::read("a.toml", EXAMPLE).unwrap()
    }

    fn seen(updates: u64, loss: f64) -> Observed {
        Observed { updates, loss: Some(loss), ..Observed::default() }
    }

    #[test]
    fn a_prediction_is_judged_by_the_run_and_not_before() {
        let lesson = lesson();
        let step = &lesson.steps[1];
        let mut walk = LessonWalk::new(lesson.steps.len());
        walk.enter(1, &seen(0, 0.5));
        assert!(walk.asks(step));
        walk.answer(step, GivenAnswer::Choice(1), &seen(0, 0.5));
        assert!(!walk.asks(step) && !walk.record().is_passed());
        assert!(!walk.observe(step, &seen(50, 0.4)));
        assert!(walk.observe(step, &seen(100, 0.1)));
        let StepRecord::Answered(StepAnswer { found: Some(found), .. }) = walk.record() else { panic!() };
        assert!(!found.right && found.choice == Some(0));
        assert!(found.text.contains("You expected") && found.text.contains("the loss now: 0.1"), "{}", found.text);
        // a second answer does not take the place of the first
        walk.answer(step, GivenAnswer::Choice(0), &seen(100, 0.1));
        let StepRecord::Answered(StepAnswer { given, .. }) = walk.record() else { panic!() };
        assert_eq!(*given, GivenAnswer::Choice(1));
    }

    #[test]
    fn a_number_is_right_within_its_tolerance() {
        let lesson = lesson();
        let step = &lesson.steps[4];
        for (given, right) in [(0.0, false), (2.5, true), (3.4, true)] {
            let mut walk = LessonWalk::new(lesson.steps.len());
            let now = Observed { targets: Some((3, 6)), ..seen(0, 0.5) };
            walk.enter(4, &now);
            walk.answer(step, GivenAnswer::Number(given), &now);
            walk.observe(step, &Observed { updates: 100_000, ..now });
            let StepRecord::Answered(StepAnswer { found: Some(found), .. }) = walk.record() else { panic!() };
            assert_eq!(found.right, right, "{given}: {}", found.text);
        }
    }

    #[test]
    fn a_step_is_ticked_by_what_is_observed_or_skipped() {
        let lesson = lesson();
        let step = &lesson.steps[3];
        let mut walk = LessonWalk::new(lesson.steps.len());
        let now = seen(0, 0.5);
        walk.enter(3, &now);
        assert!(!walk.observe(step, &now) && *walk.record() == StepRecord::Open);
        let mut skipped = walk.clone();
        skipped.pass(step);
        assert_eq!(*skipped.record(), StepRecord::Skipped);
        let mut other = now.clone();
        std::sync::Arc::make_mut(&mut other.settings).rule.rule = crate::rule::Rule::Timing;
        assert!(walk.observe(step, &other) && *walk.record() == StepRecord::Done);
        assert!(!walk.progress.is_over() && walk.progress.passed() == 1);
    }

    #[test]
    fn progress_of_another_version_of_the_lesson_begins_anew() {
        let kept = LessonProgress { at: 2, records: vec![StepRecord::Done; 3] };
        assert_eq!(LessonWalk::resume(Some(kept.clone()), 3).at(), 2);
        assert_eq!(LessonWalk::resume(Some(kept), 4).at(), 0);
    }
}
