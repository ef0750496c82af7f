//! The bars at the top: menus, transport, the rule switch, the numbers; and the sentence about the rule.

mod health;
mod lessons;
mod menu;
pub mod meter;
mod number;
mod numbers;
mod sentence;
mod transport;

use egui::Ui;

pub use self::menu::OpenPanels;
use self::meter::CostMeter;
use crate::gui::action::Action;
use crate::gui::state::ViewContext;

/// Draws the bars.
pub fn show(
    ui: &mut Ui,
    cx: ViewContext,
    open: OpenPanels,
    notice: Option<&str>,
    meter: CostMeter,
    actions: &mut Vec<Action>,
) {
    let margin = egui::Margin::symmetric(8, 3);
    let frame = egui::Frame::new().fill(cx.theme.panel).inner_margin(margin);
    egui::Panel::top("menu").frame(frame).show(ui, |ui| menu::show(ui, cx, open, actions));
    if transport::any(cx) {
        egui::Panel::top("transport").frame(frame).show(ui, |ui| transport::show(ui, cx, actions));
    }
    if cx.lesson.invites {
        egui::Panel::top("invitation").frame(frame).show(ui, |ui| lessons::invitation(ui, cx, actions));
    }
    egui::Panel::top("sentence").frame(frame).show(ui, |ui| sentence::show(ui, cx, notice, meter, actions));
}
