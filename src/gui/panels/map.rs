//! The plane of Yin-Yang as the network divides it.

use egui::Ui;

use super::super::action::Action;
use super::super::state::Look;

#[derive(Default)]
pub struct MapPanel;

impl MapPanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, _actions: &mut Vec<Action>) {
        super::empty(ui, look, "Only Yin-Yang lies in a plane: choose it as the task");
    }
}
