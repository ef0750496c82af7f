//! The program's questions to the explorer about samples and about the plane of inputs, and the explorer's answers.

use std::sync::Arc;
use std::time::Instant;

use super::App;
use crate::engine::{Answer, AnswerPart, MapQuestion, MapSpec, QuestionKind, SamplesQuestion, SamplesSpec};
use crate::gui::layout::{self, Panel};
use crate::task::{Split, TaskKind};

impl App {
    /// Takes in every answer that has come; `now` in seconds.
    pub(super) fn on_answers(&mut self, now: f64) {
        while let Some(Answer { id, took, part }) = self.explorer.answer() {
            match part {
                Ok(AnswerPart::Landscape(part)) => self.landscape.on_part(id, took, part),
                Ok(AnswerPart::Samples(part)) => self.exam.on_part(id, took, part),
                Ok(AnswerPart::Map(part)) => drop(self.map.on_part(id, took, part)),
                Ok(AnswerPart::Recall(recalled)) => {
                    if self.recalling == Some(recalled.update) {
                        self.landscape.recalled = Some((recalled.update, recalled.params));
                        self.survey();
                    }
                }
                Ok(AnswerPart::Point(look)) => {
                    if let Some((_, looked)) = self.looking.filter(|(asked, _)| *asked == id) {
                        self.landscape.on_look(looked, look);
                    }
                }
                Err(problem) => self.on_failed(id, &problem, now),
            }
        }
    }

    /// Question `id` was not answered to its end. The panels of landscape and map say why; of the others it is said here.
    fn on_failed(&mut self, id: u64, problem: &str, now: f64) {
        let at_its_place = self.landscape.on_failed(id, problem) || self.map.on_failed(id, problem);
        let looking = self.looking.is_some_and(|(asked, _)| asked == id);
        if !at_its_place && (self.exam.on_failed(id, problem) || looking || id == self.recall) {
            self.say(problem, now);
        }
    }

    pub(super) fn ask_map(&mut self) {
        let Some(question) = self.map_question() else { return };
        self.questions = question.id;
        self.map.ask(question.clone());
        self.explorer.ask(question);
    }

    /// The question that a decision map of the frame in view would ask, where its task has one.
    pub(super) fn map_question(&self) -> Option<MapQuestion> {
        let frame = self.view.frame.as_ref().filter(|f| f.task.settings.kind == TaskKind::YinYang)?;
        let what = MapSpec { points: self.choices.map.points };
        Some(MapQuestion { id: self.questions + 1, what, frame: Arc::clone(frame) })
    }

    pub(super) fn stop_map(&mut self) {
        self.explorer.stop(QuestionKind::Map, self.questions);
        // as in `stop_survey`
        self.questions += 1;
        self.map.stop();
    }

    /// Asks for the decision map again while somebody looks and the run goes on.
    pub(super) fn follow_map(&mut self, now: Instant) {
        if !layout::in_view(&self.layout, &[Panel::Map]) {
            if self.map.running() {
                self.stop_map();
            }
            return;
        }
        if let Some(question) = self.map_question().filter(|_| self.choices.map.follow) {
            let next = self.map.next(&question, now);
            self.follow_up(next, Self::ask_map);
        }
    }

    /// Asks again for the predicted classes of the samples while somebody looks and the run goes on.
    pub(super) fn follow_exam(&mut self, now: Instant) {
        let chosen = self.choices.exam;
        let Some(frame) = self.view.frame.as_ref().filter(|_| chosen.follow) else { return };
        let split = chosen.part_of(&frame.task);
        let Some(question) = self.sample_question(split) else { return };
        if layout::in_view(&self.layout, &[Panel::Samples, Panel::Accuracy]) {
            let next = self.exam.next(&question, now);
            self.follow_up(next, |app| app.examine(split));
        }
    }

    pub(super) fn examine(&mut self, split: Split) {
        let Some(question) = self.sample_question(split) else { return };
        self.questions = question.id;
        self.exam.ask(question.clone());
        self.explorer.ask(question);
    }

    /// The question that an evaluation of the frame in view would ask, if there is a sample to be asked about.
    fn sample_question(&self, split: Split) -> Option<SamplesQuestion> {
        let frame = self.view.frame.as_ref().filter(|frame| frame.task.len(split) > 0)?;
        Some(SamplesQuestion { id: self.questions + 1, what: SamplesSpec { split }, frame: Arc::clone(frame) })
    }

    pub(super) fn stop_exam(&mut self) {
        self.explorer.stop(QuestionKind::Samples, self.questions);
        self.questions += 1;
        self.exam.stop();
    }
}
