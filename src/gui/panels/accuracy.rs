//! How many samples are taken for what they are.

use egui::Ui;

use super::super::action::Action;
use super::super::state::Look;

#[derive(Default)]
pub struct AccuracyPanel;

impl AccuracyPanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, _actions: &mut Vec<Action>) {
        super::empty(ui, look, "Samples of this task have no classes");
    }
}
