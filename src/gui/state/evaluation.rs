//! The predicted classes of samples, as the window knows them: for each split the answers in view, and those on their way
//! to take their place.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{SamplesPart, SamplesQuestion};
use crate::gui::state::{AnswerProgress, Latest, LatestAnswer, LatestQuestion};
use crate::task::Split;
use crate::train::{self, Evaluation};

/// Answers to the samples of one split, from the first sample on, all by the weights of one moment.
#[derive(Clone, Debug)]
pub struct SampleAnswers {
    question: Arc<SamplesQuestion>,
    answers: Vec<train::Answer>,
    took: Duration,
}

impl LatestQuestion for SamplesQuestion {
    fn number(&self) -> usize {
        self.frame.task.len(self.what.split)
    }

    fn covers(&self, other: &Self) -> bool {
        self.same_place(other) && self.frame.network_state() == other.frame.network_state()
    }

    fn same_place(&self, other: &Self) -> bool {
        self.what == other.what
    }
}

impl LatestAnswer for SampleAnswers {
    type Question = SamplesQuestion;
    type Part = SamplesPart;

    fn begin(question: Arc<SamplesQuestion>, part: SamplesPart, took: Duration) -> Option<Self> {
        Some(Self { question, answers: part.answers, took })
    }

    fn add(&mut self, part: SamplesPart, took: Duration) {
        self.answers.extend(part.answers);
        self.took = took;
    }

    fn took(&self) -> Duration {
        self.took
    }

    fn question(&self) -> &Arc<SamplesQuestion> {
        &self.question
    }

    fn done(&self) -> usize {
        self.answers.len()
    }

    fn is_complete(&self) -> bool {
        self.answers.len() >= self.question.number()
    }

    /// A beginning gives way at once.
    fn knows_as_much_as(&self, shown: &Self) -> bool {
        self.is_complete() || !shown.is_complete()
    }
}

/// Of each split the newest answers; those of one split at a time are on their way.
#[derive(Clone, Debug, Default)]
pub struct EvaluationState {
    splits: [Latest<SampleAnswers>; 3],
}

impl EvaluationState {
    /// Rises whenever the answers in view change.
    pub fn version(&self) -> u64 {
        self.splits.iter().map(Latest::version).sum()
    }

    pub fn of(&self, split: Split) -> &Latest<SampleAnswers> {
        &self.splits[place(split)]
    }

    /// Answers to the samples of `split`, in order from its first; all of them, or as many as are known.
    pub fn answers(&self, split: Split) -> &[train::Answer] {
        self.of(split).shown().map_or(&[], |shown| &shown.answers)
    }

    /// The moment whose weights made these answers.
    pub fn update(&self, split: Split) -> Option<u64> {
        self.of(split).shown().map(|shown| shown.question.frame.update)
    }

    /// Whether every sample of `split` is answered.
    pub fn is_whole(&self, split: Split) -> bool {
        self.of(split).shown().is_some_and(SampleAnswers::is_complete)
    }

    /// The same answers, to be summed up.
    pub fn evaluation(&self, split: Split) -> Evaluation {
        Evaluation { answers: self.answers(split).to_vec() }
    }

    /// The split whose answers are on their way, and how far they are.
    pub fn coming(&self) -> Option<(Split, AnswerProgress)> {
        Split::ALL.into_iter().find_map(|split| Some((split, self.of(split).progress()?)))
    }

    /// Why the last question was not answered to its end.
    pub fn problem(&self) -> Option<&str> {
        self.splits.iter().find_map(Latest::problem)
    }

    /// A question was asked: answers to older ones are not taken in any more.
    pub fn ask(&mut self, question: SamplesQuestion) {
        self.splits.iter_mut().for_each(Latest::give_up);
        self.splits[place(question.what.split)].ask(question);
    }

    /// Nothing more is to come; the answers in view stay.
    pub fn stop(&mut self) {
        self.splits.iter_mut().for_each(Latest::stop);
    }

    /// Forgets everything: another run begins.
    pub fn reset(&mut self) {
        self.splits.iter_mut().for_each(Latest::reset);
    }

    /// Takes in the next answers, if they are some to the newest question.
    pub fn on_part(&mut self, id: u64, took: Duration, part: SamplesPart) {
        if let Some(latest) = self.splits.iter_mut().find(|latest| latest.awaits(id)) {
            latest.on_part(id, took, part);
        }
    }

    /// Question `id` cannot be answered to its end; whether that is the newest one.
    pub fn on_failed(&mut self, id: u64, problem: &str) -> bool {
        self.splits.iter_mut().any(|latest| latest.on_failed(id, problem))
    }
}

fn place(split: Split) -> usize {
    split as usize - 1
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::engine::{AnswerPart, Explorer, Frame, SamplesSpec};
    use crate::gui::state::{FollowStep, fixtures};
    use crate::task::TaskKind;
    use crate::train::Settings;

    fn frame() -> Arc<Frame> {
        let mut settings = Settings::default();
        settings.task.set_kind(TaskKind::YinYang);
        (settings.task.train_samples, settings.task.test_samples) = (60, 30);
        (settings.task.validation_auto, settings.task.validation_samples) = (false, 20);
        fixtures::frame(settings)
    }

    fn question(id: u64, frame: &Arc<Frame>, split: Split) -> SamplesQuestion {
        SamplesQuestion { id, what: SamplesSpec { split }, frame: Arc::clone(frame) }
    }

    /// The next `number` of 30 test samples, all with the loss `loss`.
    fn part(done: usize, number: usize, loss: f64) -> SamplesPart {
        let answers = vec![train::Answer { loss, ..train::Answer::default() }; number];
        SamplesPart { answers, done, of: 30 }
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn whole_answers_stay_until_the_new_ones_are_whole_and_a_beginning_does_not() {
        let (frame, mut view) = (frame(), EvaluationState::default());
        view.ask(question(1, &frame, Split::Test));
        view.on_part(1, SECOND, part(20, 20, 0.5));
        let (split, progress) = view.coming().unwrap();
        assert_eq!((split, progress.done, progress.of, progress.left()), (Split::Test, 20, 30, Some(SECOND / 2)));
        view.stop();
        view.on_part(1, SECOND, part(30, 10, 0.5));
        assert_eq!((view.answers(Split::Test).len(), view.is_whole(Split::Test)), (20, false));
        view.ask(question(3, &frame, Split::Test));
        view.on_part(3, SECOND, part(5, 5, 0.25));
        assert_eq!((view.answers(Split::Test).len(), view.evaluation(Split::Test).loss()), (5, 0.25));
        view.on_part(3, 3 * SECOND, part(30, 25, 0.25));
        assert!(view.is_whole(Split::Test) && view.coming().is_none());
        assert_eq!((view.of(Split::Test).took(), view.answers(Split::Train).len()), (Some(3 * SECOND), 0));
        view.ask(question(4, &frame, Split::Test));
        let version = view.version();
        view.on_part(4, SECOND, part(29, 29, 0.5));
        assert_eq!((view.evaluation(Split::Test).loss(), view.version()), (0.25, version));
        view.on_part(4, SECOND, part(30, 1, 0.5));
        assert_eq!(view.evaluation(Split::Test).loss(), 0.5);
    }

    #[test]
    fn only_one_split_is_asked_about_at_a_time_and_the_last_problem_counts() {
        let (frame, mut view) = (frame(), EvaluationState::default());
        view.ask(question(4, &frame, Split::Test));
        assert!(!view.on_failed(3, "late") && view.on_failed(4, "The file is gone."));
        assert_eq!((view.coming(), view.problem()), (None, Some("The file is gone.")));
        let next = view.of(Split::Test).next(&question(5, &frame, Split::Test), Instant::now() + SECOND);
        assert_eq!(next, FollowStep::Nothing);
        view.ask(question(5, &frame, Split::Train));
        assert!(view.problem().is_none());
        view.ask(question(6, &frame, Split::Test));
        assert_eq!(view.coming().unwrap().0, Split::Test);
        view.on_part(5, SECOND, part(1, 1, 0.5));
        assert!(view.answers(Split::Train).is_empty(), "they are not waited for any more");
    }

    #[test]
    fn a_real_explorer_answers_every_split_by_itself() {
        let (frame, mut view) = (frame(), EvaluationState::default());
        let explorer = Explorer::start(Arc::new(|| {})).unwrap();
        for (id, split) in (1..).zip(Split::ALL) {
            let question = question(id, &frame, split);
            assert_eq!(view.of(split).next(&question, Instant::now()), FollowStep::Ask);
            view.ask(question.clone());
            explorer.ask(question.clone());
            while view.coming().is_some() {
                let Some(answer) = explorer.answer() else {
                    std::thread::sleep(Duration::from_millis(1));
                    continue;
                };
                let Ok(AnswerPart::Samples(part)) = answer.part else { panic!("{answer:?}") };
                view.on_part(answer.id, answer.took, part);
            }
            assert_eq!(view.of(split).next(&question, Instant::now()), FollowStep::Nothing);
        }
        assert_eq!(Split::ALL.map(|s| view.answers(s).len()), Split::ALL.map(|s| frame.task.len(s)));
        let labels: Vec<usize> = view.answers(Split::Test).iter().map(|a| a.label as usize).collect();
        let set = frame.task.set(Split::Test);
        assert_eq!(labels, (0..set.len()).map(|i| set.label(i)).collect::<Vec<_>>());
    }
}
