//! Questions to the explorer about samples and about the plane of inputs: which, and when.

use std::sync::Arc;
use std::time::Instant;

use super::App;
use crate::engine::{MapQuestion, MapSpec, QuestionKind, SamplesQuestion, SamplesSpec};
use crate::gui::layout::{self, Panel};
use crate::task::{Split, TaskKind};

impl App {
    /// Asks for the decision map again while somebody looks and the run goes on.
    pub(super) fn follow_decision_map(&mut self, now: Instant) {
        if !layout::in_view(&self.layout, &[Panel::DecisionMap]) {
            if self.decision_map.running() {
                self.stop_decision_map();
            }
            return;
        }
        if let Some(question) = self.map_question().filter(|_| self.choices.decision_map.follow) {
            let next = self.decision_map.next(&question, now);
            self.follow_up(next, Self::ask_decision_map);
        }
    }

    pub(super) fn ask_decision_map(&mut self) {
        let Some(question) = self.map_question() else { return };
        self.questions = question.id;
        self.decision_map.ask(question.clone());
        self.explorer.ask(question);
    }

    /// The question for the decision map of the frame in view, where its task has one.
    pub(super) fn map_question(&self) -> Option<MapQuestion> {
        let frame = self.view.frame.as_ref().filter(|f| f.task.settings.kind == TaskKind::YinYang)?;
        let what = MapSpec { points: self.choices.decision_map.points };
        Some(MapQuestion { id: self.questions + 1, what, frame: Arc::clone(frame) })
    }

    pub(super) fn stop_decision_map(&mut self) {
        self.explorer.stop(QuestionKind::Map, self.questions);
        // as in `stop_landscape`
        self.questions += 1;
        self.decision_map.stop();
    }

    /// Evaluates the samples again while somebody looks and the run goes on.
    pub(super) fn follow_evaluation(&mut self, now: Instant) {
        let chosen = self.choices.evaluation;
        let Some(frame) = self.view.frame.as_ref().filter(|_| chosen.follow) else { return };
        let split = chosen.part_of(&frame.task);
        let Some(question) = self.samples_question(split) else { return };
        if layout::in_view(&self.layout, &[Panel::Samples, Panel::Accuracy]) {
            let next = self.evaluation.of(split).next(&question, now);
            self.follow_up(next, |app| app.evaluate(split));
        }
    }

    pub(super) fn evaluate(&mut self, split: Split) {
        let Some(question) = self.samples_question(split) else { return };
        self.questions = question.id;
        self.evaluation.ask(question.clone());
        self.explorer.ask(question);
    }

    /// The question for the samples of a split by the frame in view, if there is a sample to be asked about.
    pub(super) fn samples_question(&self, split: Split) -> Option<SamplesQuestion> {
        let frame = self.view.frame.as_ref().filter(|frame| frame.task.len(split) > 0)?;
        Some(SamplesQuestion { id: self.questions + 1, what: SamplesSpec { split }, frame: Arc::clone(frame) })
    }

    pub(super) fn stop_evaluation(&mut self) {
        self.explorer.stop(QuestionKind::Samples, self.questions);
        self.questions += 1;
        self.evaluation.stop();
    }
}
