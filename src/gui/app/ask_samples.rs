//! Questions to the explorer about samples and about the plane of inputs: which, and when.

use std::sync::Arc;
use std::time::Duration;

use super::App;
use super::ask_landscape::REST;
use crate::engine::{MapQuestion, SampleQuestion};
use crate::gui::layout::{self, Panel};
use crate::task::Split;

impl App {
    pub(super) fn ask_decision_map(&mut self) {
        let Some(frame) = self.view.frame.as_ref() else { return };
        self.questions += 1;
        let question =
            MapQuestion { id: self.questions, frame: Arc::clone(frame), points: self.choices.decision_map.points };
        self.decision_map.ask(question.clone());
        self.explorer.ask_map(question);
    }

    pub(super) fn stop_decision_map(&mut self) {
        self.explorer.stop_map(self.questions);
        // as in `stop_landscape`
        self.questions += 1;
        self.decision_map.stop();
    }

    /// Evaluates the samples again while somebody looks and the run goes on; but as long as the last
    /// answers took the explorer's core is left to others.
    pub(super) fn follow_evaluation(&mut self, now: f64) {
        if self.evaluation.running().is_some() {
            self.evaluated_at = now;
            return;
        }
        let chosen = self.choices.evaluation;
        let Some(frame) = self.view.frame.as_ref().filter(|_| chosen.follow) else { return };
        let part = chosen.part_of(&frame.task);
        let Some(question) = self.sample_question(part) else { return };
        let failed = self.evaluation.problem().is_some();
        if failed
            || self.evaluation.knows(&question)
            || !layout::in_view(&self.layout, &[Panel::Samples, Panel::Accuracy])
        {
            return;
        }
        let took = self.evaluation.took(part);
        let left = took.map_or(0.0, |took| self.evaluated_at + REST.max(took).as_secs_f64() - now);
        if left <= 0.0 {
            self.evaluate(part, now);
        } else {
            self.ctx.request_repaint_after(Duration::from_secs_f64(left));
        }
    }

    pub(super) fn evaluate(&mut self, part: Split, now: f64) {
        let Some(question) = self.sample_question(part) else { return };
        self.questions = question.id;
        self.evaluation.ask(&question, now);
        self.explorer.ask_samples(question);
    }

    /// The question for the samples of a part by the frame in view, if there is a sample to be asked about.
    pub(super) fn sample_question(&self, part: Split) -> Option<SampleQuestion> {
        let frame = self.view.frame.as_ref().filter(|frame| frame.task.len(part) > 0)?;
        Some(SampleQuestion { id: self.questions + 1, frame: Arc::clone(frame), part })
    }

    pub(super) fn stop_evaluation(&mut self) {
        self.explorer.stop_samples(self.questions);
        self.questions += 1;
        self.evaluation.stop();
    }
}
