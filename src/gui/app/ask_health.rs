//! Questions to the explorer about what is ill, and when.

use std::time::Instant;

use super::App;
use crate::engine::HealthQuestion;
use crate::gui::state::health::last_losses;
use crate::train::SampleAnswer;

impl App {
    /// Has the network in view examined, where it has not been, and lets some time pass in between while it learns.
    pub(super) fn follow_health(&mut self, now: Instant) {
        let Some(frame) = self.view.frame.clone().filter(|frame| !self.health.knows(frame)) else { return };
        match self.health.rest(self.view.playing, now) {
            Some(rest) if rest.is_zero() => {}
            Some(rest) => return self.ctx.request_repaint_after(rest),
            None => return,
        }
        self.questions += 1;
        self.health.ask(self.questions, &frame, now);
        let losses = if self.view.follows { last_losses(&self.view.curves.loss) } else { Vec::new() };
        let question = HealthQuestion { id: self.questions, losses, answers: self.answers(frame.update), frame };
        self.explorer.ask(question);
    }

    /// The answers of the last evaluation, where it was of the network after this number of updates and is whole.
    fn answers(&self, update: u64) -> Vec<SampleAnswer> {
        let Some(frame) = &self.view.frame else { return Vec::new() };
        let part = self.choices.evaluation.part_of(&frame.task);
        let whole = self.evaluation.update(part) == Some(update) && self.evaluation.is_whole(part);
        if whole { self.evaluation.answers(part).to_vec() } else { Vec::new() }
    }

    /// Whether an examination is to come.
    pub fn awaits_health(&self) -> bool {
        self.health.is_coming() || self.view.frame.as_ref().is_some_and(|frame| !self.health.knows(frame))
    }
}
