//! The samples of the task, and what they are taken for.

use egui::Ui;

use super::super::action::Action;
use super::super::state::Look;

#[derive(Default)]
pub struct SamplesPanel;

impl SamplesPanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, _actions: &mut Vec<Action>) {
        super::empty(ui, look, "This task has a single sample");
    }
}
