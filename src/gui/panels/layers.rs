//! Layers that have a height and a width, as images.

use egui::Ui;

use super::super::action::Action;
use super::super::state::Look;

#[derive(Default)]
pub struct LayersPanel;

impl LayersPanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, _actions: &mut Vec<Action>) {
        super::empty(ui, look, "No layer of this network is an image");
    }
}
