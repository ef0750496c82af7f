//! The predicted classes of samples, as the window knows them: for each part the answers in view, and those on their
//! way to take their place.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Answered, SampleQuestion};
use crate::task::Split;
use crate::train::{self, Evaluation, Settings};

/// Answers to the samples of one part, from the first sample on, all by the weights of one moment.
#[derive(Clone, Debug)]
struct AnswerSheet {
    /// Of the question that this answers.
    id: u64,
    update: u64,
    /// Samples of the part.
    of: usize,
    answers: Vec<train::Answer>,
    took: Duration,
    /// With which they were made.
    settings: Arc<Settings>,
}

impl AnswerSheet {
    fn is_whole(&self) -> bool {
        self.answers.len() >= self.of
    }
}

/// The question whose answers are on their way.
#[derive(Clone, Debug)]
struct PendingEvaluation {
    id: u64,
    part: Split,
    of: usize,
    /// In seconds.
    begun: f64,
    settings: Arc<Settings>,
}

/// Whole answers in view stay there until their successors are whole, so that following a run does not flicker; where
/// nothing is in view, or only a beginning, the first answers are shown as they come.
#[derive(Clone, Debug, Default)]
pub struct EvaluationState {
    /// Rises whenever what is in view changes, so that a picture made of it knows when it is out of date.
    version: u64,
    shown: [Option<AnswerSheet>; 3],
    coming: Option<AnswerSheet>,
    asked: Option<PendingEvaluation>,
    /// Why the last question was not answered to its end.
    problem: Option<String>,
}

impl EvaluationState {
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Answers to the samples of `part`, in order from its first; all of them, or as many as are known.
    pub fn answers(&self, part: Split) -> &[train::Answer] {
        self.sheet(part).map_or(&[], |sheet| &sheet.answers)
    }

    /// The moment whose weights made these answers.
    pub fn update(&self, part: Split) -> Option<u64> {
        self.sheet(part).map(|sheet| sheet.update)
    }

    /// Whether every sample of `part` is answered.
    pub fn is_whole(&self, part: Split) -> bool {
        self.sheet(part).is_some_and(AnswerSheet::is_whole)
    }

    /// How long these answers took.
    pub fn took(&self, part: Split) -> Option<Duration> {
        self.sheet(part).map(|sheet| sheet.took)
    }

    /// The same answers, to be summed up.
    pub fn evaluation(&self, part: Split) -> Evaluation {
        Evaluation { answers: self.answers(part).to_vec() }
    }

    /// The part whose answers are on their way.
    pub fn running(&self) -> Option<Split> {
        self.asked.as_ref().map(|asked| asked.part)
    }

    /// Samples answered so far and all of them, of the question whose answers are on their way.
    pub fn progress(&self) -> Option<(usize, usize)> {
        let asked = self.asked.as_ref()?;
        Some((self.current().map_or(0, |sheet| sheet.answers.len()), asked.of))
    }

    /// How long the rest will take at the speed so far.
    pub fn left(&self) -> Option<Duration> {
        let (done, of) = self.progress()?;
        let took = self.current()?.took;
        (done > 0).then(|| took.mul_f64(of.saturating_sub(done) as f64 / done as f64))
    }

    /// Why the last question was not answered to its end.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Whether the whole answer to `question` is in view already.
    pub fn knows(&self, question: &SampleQuestion) -> bool {
        self.sheet(question.part).is_some_and(|sheet| {
            let (now, then) = (&question.frame.settings, &sheet.settings);
            let same = now.loss == then.loss && now.neuron == then.neuron;
            sheet.is_whole() && sheet.update == question.frame.update && same
        })
    }

    /// A question was asked at `now` (in seconds): answers to older ones are not heard any more.
    pub fn ask(&mut self, question: &SampleQuestion, now: f64) {
        let SampleQuestion { id, frame, part } = question;
        let (of, settings) = (frame.task.len(*part), Arc::clone(&frame.settings));
        self.asked = Some(PendingEvaluation { id: *id, part: *part, of, begun: now, settings });
        (self.coming, self.problem) = (None, None);
    }

    /// Nothing more is to come; what is in view stays.
    pub fn stop(&mut self) {
        (self.asked, self.coming) = (None, None);
    }

    /// Forgets everything: another run begins.
    pub fn reset(&mut self) {
        *self = Self { version: self.version + 1, ..Self::default() };
    }

    /// Takes in the next answers, if they are some to the newest question. `now` in seconds.
    pub fn on_answers(&mut self, part: Answered, now: f64) {
        let Some(asked) = self.asked.as_ref().filter(|asked| asked.id == part.id) else { return };
        let shown = &mut self.shown[place(asked.part)];
        let (id, update, of) = (part.id, part.update, part.of);
        if shown.as_ref().is_none_or(|sheet| sheet.id != id) && self.coming.is_none() {
            let (answers, took, settings) = (Vec::with_capacity(of), Duration::ZERO, Arc::clone(&asked.settings));
            self.coming = Some(AnswerSheet { id, update, of, answers, took, settings });
        }
        let Some(sheet) = self.coming.as_mut().or(shown.as_mut()) else { return };
        sheet.answers.extend(part.answers);
        sheet.took = Duration::try_from_secs_f64(now - asked.begun).unwrap_or_default();
        let whole = sheet.is_whole();
        if self.coming.is_some() && (whole || shown.as_ref().is_none_or(|sheet| !sheet.is_whole())) {
            *shown = self.coming.take();
        }
        if self.coming.is_none() {
            self.version += 1;
        }
        if whole {
            self.asked = None;
        }
    }

    /// Question `id` cannot be answered to its end; true if that is the newest one.
    pub fn fail(&mut self, id: u64, problem: &str) -> bool {
        let ours = self.asked.as_ref().is_some_and(|asked| asked.id == id);
        if ours {
            self.stop();
            self.problem = Some(problem.to_owned());
        }
        ours
    }

    fn sheet(&self, part: Split) -> Option<&AnswerSheet> {
        self.shown[place(part)].as_ref()
    }

    /// The answers to the newest question, as far as they are there.
    fn current(&self) -> Option<&AnswerSheet> {
        let asked = self.asked.as_ref()?;
        self.coming.as_ref().or(self.sheet(asked.part)).filter(|sheet| sheet.id == asked.id)
    }
}

fn place(part: Split) -> usize {
    part as usize - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Answer, Explorer, Frame};
    use crate::gui::state::fixtures;
    use crate::task::TaskKind;

    fn frame() -> Arc<Frame> {
        let mut settings = Settings::default();
        settings.task.set_kind(TaskKind::YinYang);
        (settings.task.train_samples, settings.task.test_samples) = (60, 30);
        (settings.task.validation_auto, settings.task.validation) = (false, 20);
        fixtures::frame(settings)
    }

    fn question(id: u64, frame: &Arc<Frame>, part: Split) -> SampleQuestion {
        SampleQuestion { id, frame: Arc::clone(frame), part }
    }

    /// The next `number` of 30 test samples, all with the loss `loss`.
    fn part(id: u64, done: usize, number: usize, loss: f64) -> Answered {
        let answers = vec![train::Answer { loss, ..train::Answer::default() }; number];
        Answered { id, update: id, part: Split::Test, answers, done, of: 30 }
    }

    #[test]
    fn the_first_answers_are_shown_as_they_come_and_say_how_long_the_rest_takes() {
        let (frame, mut view) = (frame(), EvaluationState::default());
        view.ask(&question(1, &frame, Split::Test), 100.0);
        assert_eq!((view.progress(), view.left(), view.update(Split::Test)), (Some((0, 30)), None, None));
        view.on_answers(part(1, 10, 10, 0.5), 101.0);
        assert_eq!((view.answers(Split::Test).len(), view.progress()), (10, Some((10, 30))));
        assert_eq!(view.left(), Some(Duration::from_secs(2)));
        let version = view.version();
        view.on_answers(part(1, 30, 20, 0.5), 103.0);
        assert!(view.is_whole(Split::Test) && view.running().is_none() && view.version() > version);
        assert_eq!((view.update(Split::Test), view.took(Split::Test)), (Some(1), Some(Duration::from_secs(3))));
        assert!(view.answers(Split::Train).is_empty());
    }

    #[test]
    fn following_keeps_whole_answers_until_the_new_ones_are_whole() {
        let (frame, mut view) = (frame(), EvaluationState::default());
        view.ask(&question(1, &frame, Split::Test), 0.0);
        view.on_answers(part(1, 30, 30, 0.5), 1.0);
        view.ask(&question(2, &frame, Split::Test), 2.0);
        let version = view.version();
        view.on_answers(part(2, 10, 10, 0.25), 3.0);
        assert_eq!((view.update(Split::Test), view.answers(Split::Test).len()), (Some(1), 30));
        assert_eq!((view.progress(), view.version()), (Some((10, 30)), version));
        view.on_answers(part(2, 30, 20, 0.25), 4.0);
        assert_eq!((view.update(Split::Test), view.evaluation(Split::Test).loss()), (Some(2), 0.25));
    }

    #[test]
    fn a_stopped_beginning_stays_and_gives_way_to_the_next_question_at_once() {
        let (frame, mut view) = (frame(), EvaluationState::default());
        view.ask(&question(1, &frame, Split::Test), 0.0);
        view.on_answers(part(1, 20, 20, 0.5), 1.0);
        view.stop();
        view.on_answers(part(1, 30, 10, 0.5), 2.0);
        assert_eq!((view.answers(Split::Test).len(), view.is_whole(Split::Test)), (20, false));
        view.ask(&question(3, &frame, Split::Test), 3.0);
        view.on_answers(part(1, 30, 10, 0.5), 4.0);
        view.on_answers(part(3, 5, 5, 0.25), 4.0);
        assert_eq!((view.answers(Split::Test).len(), view.evaluation(Split::Test).loss()), (5, 0.25));
    }

    #[test]
    fn what_fails_says_why_and_only_the_newest_does() {
        let (frame, mut view) = (frame(), EvaluationState::default());
        view.ask(&question(4, &frame, Split::Test), 0.0);
        assert!(!view.fail(3, "late"));
        assert!(view.running().is_some() && view.problem().is_none());
        assert!(view.fail(4, "The file is gone."));
        assert_eq!((view.running(), view.problem()), (None, Some("The file is gone.")));
        view.ask(&question(5, &frame, Split::Test), 0.0);
        assert!(view.problem().is_none());
        view.reset();
        view.on_answers(part(5, 30, 30, 0.5), 1.0);
        assert!(view.answers(Split::Test).is_empty(), "late news of the old run are not heard");
    }

    #[test]
    fn a_real_explorer_answers_every_part_by_itself() {
        let (frame, mut view) = (frame(), EvaluationState::default());
        let explorer = Explorer::start(Arc::new(|| {})).unwrap();
        for (id, part) in (1..).zip(Split::ALL) {
            let question = question(id, &frame, part);
            assert!(!view.knows(&question));
            view.ask(&question, 0.0);
            explorer.ask_samples(question.clone());
            while view.running().is_some() {
                match explorer.answer() {
                    Some(Answer::Samples(answers)) => view.on_answers(answers, 1.0),
                    Some(other) => panic!("{other:?}"),
                    None => std::thread::sleep(Duration::from_millis(1)),
                }
            }
            assert!(view.knows(&question));
        }
        assert_eq!(Split::ALL.map(|p| view.answers(p).len()), Split::ALL.map(|p| frame.task.len(p)));
        let labels: Vec<usize> = view.answers(Split::Test).iter().map(|a| a.label as usize).collect();
        let set = frame.task.set(Split::Test);
        assert_eq!(labels, (0..set.len()).map(|i| set.label(i)).collect::<Vec<_>>());
    }
}
