//! Stand-in.

use egui::Ui;

use super::super::action::Action;
use super::super::state::Look;
use super::TimeView;

#[derive(Default)]
pub struct PotentialPanel {}

impl PotentialPanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, _time: &mut TimeView, _actions: &mut Vec<Action>) {
        super::empty(ui, look, "potential");
    }
}
