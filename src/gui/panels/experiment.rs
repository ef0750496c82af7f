//! Stand-in.

use egui::Ui;

use super::super::action::Action;
use super::super::state::Look;

#[derive(Default)]
pub struct ExperimentPanel {}

impl ExperimentPanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, _actions: &mut Vec<Action>) {
        super::empty(ui, look, "experiment");
    }
}
