//! The menu that says until where the run is trained.

use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{DragValue, PopupCloseBehavior, Role, Ui, WidgetInfo};

use crate::engine::Goal;
use crate::gui::action::{Action, RunAction, TimeAction};
use crate::gui::state::ViewContext;

/// Numbers of the menu, as they were left.
#[derive(Clone, Copy, Debug)]
pub struct GoalFields {
    update: u64,
    epoch: u64,
    loss: f64,
    percent: f64,
}

impl Default for GoalFields {
    fn default() -> Self {
        Self { update: 1000, epoch: 1, loss: 0.05, percent: 90.0 }
    }
}

impl GoalFields {
    pub fn show(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let hint = "Trains as fast as it goes until an update, an epoch, a loss or an accuracy, then pauses";
        // numbers are clicked before the menu is done with
        let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let (button, _) = MenuButton::new("Run to…").config(config).ui(ui, |ui| {
            let classes = cx.frame().is_some_and(|frame| frame.task.labelled);
            let update = DragValue::new(&mut self.update).range(0..=u64::MAX / 2);
            if row(ui, "Update", "so many updates are made", update, true) {
                actions.push(TimeAction::RunTo(self.update).into());
            }
            let loss = DragValue::new(&mut self.loss).range(0.0..=f64::MAX).speed(0.001).max_decimals(6);
            if row(ui, "Loss at most", "the loss is at most this", loss, true) {
                actions.push(RunAction::Until(Goal::Loss(self.loss)).into());
            }
            let epoch = DragValue::new(&mut self.epoch).range(1..=u64::MAX / 2);
            if row(ui, "Epoch", "so many epochs have ended", epoch, classes) {
                actions.push(RunAction::Until(Goal::Epoch(self.epoch)).into());
            }
            let percent = DragValue::new(&mut self.percent).range(0.0..=100.0).suffix(" %");
            if row(ui, "Accuracy at least", "a validation has this share of right answers", percent, classes) {
                actions.push(RunAction::Until(Goal::Accuracy(self.percent / 100.0)).into());
            }
        });
        button.on_hover_text(hint);
    }
}

/// A goal with its number; whether it was chosen. `possible` for this task.
fn row(ui: &mut Ui, name: &str, until: &str, field: DragValue, possible: bool) -> bool {
    let no = "Only where samples have classes";
    ui.add_enabled_ui(possible, |ui| {
        ui.horizontal(|ui| {
            ui.label(name);
            let hint = format!("Drag or type the number; trains until {until}");
            let field = ui.add(field).on_hover_text(hint).on_disabled_hover_text(no);
            field.widget_info(|| WidgetInfo::labeled(Role::SpinButton, possible, name));
            let go = ui.button(format!("Run to {}", name.to_lowercase()));
            let chosen = go.on_hover_text(format!("Trains until {until}")).on_disabled_hover_text(no).clicked();
            if chosen {
                ui.close();
            }
            chosen
        })
        .inner
    })
    .inner
}
