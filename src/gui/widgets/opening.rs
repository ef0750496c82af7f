//! A task on its way, and what was refused: in the sentence bar and in the task chooser alike.

use std::time::Duration;

use egui::{Align, Layout, ProgressBar, Ui, vec2};

use crate::gui::action::{Action, TaskAction};
use crate::gui::state::ViewContext;
use crate::gui::theme;
use crate::gui::widgets::note;

/// Says that data are read, and how far that is.
pub fn busy(ui: &mut Ui, fraction: Option<f32>, actions: &mut Vec<Action>) {
    // nobody wakes the window for every percent
    ui.request_repaint_after(Duration::from_millis(100));
    let text = match fraction {
        Some(share) => format!("Reading data… {:.0} %", 100.0 * share.clamp(0.0, 1.0)),
        None => "Reading data…".to_owned(),
    };
    ui.label(text);
    match fraction {
        Some(share) => ui.add(ProgressBar::new(share).desired_width(120.0).desired_height(6.0)),
        None => ui.add(egui::Spinner::new().size(14.0)),
    };
    if ui.button("Cancel").on_hover_text("Stops reading; the current run continues").clicked() {
        actions.push(TaskAction::StopOpening.into());
    }
}

/// Says why a wish was refused, until the user has read it.
pub fn refused(ui: &mut Ui, cx: ViewContext, why: &str, actions: &mut Vec<Action>) {
    ui.allocate_ui_with_layout(vec2(ui.available_width(), 0.0), Layout::right_to_left(Align::Min), |ui| {
        let dismiss = ui.button("Dismiss").on_hover_text("Dismisses this message; the current run continues");
        if dismiss.clicked() {
            actions.push(TaskAction::Dismiss.into());
        }
        ui.vertical(|ui| note::warning(ui, cx, why, theme::TEXT));
    });
}
