//! Stand-in.

use egui::Ui;

use super::super::action::Action;
use super::super::state::Look;
use super::TimeView;

#[derive(Default)]
pub struct RasterPanel {}

impl RasterPanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, _time: &mut TimeView, _actions: &mut Vec<Action>) {
        super::empty(ui, look, "raster");
    }
}
