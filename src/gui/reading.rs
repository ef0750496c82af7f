//! A task on its way, and what was refused: in the sentence bar and in the task chooser alike.

use std::time::Duration;

use egui::text::LayoutJob;
use egui::{Align, FontId, Label, Layout, ProgressBar, Response, Ui, vec2};

use super::action::Action;
use super::state::Look;
use super::theme;

/// Lines of a refusal that are shown; the rest is in its tooltip.
const MOST_LINES: usize = 4;

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
        actions.push(Action::StopOpening);
    }
}

/// Says why a wish was refused, until the person has read it.
pub fn refused(ui: &mut Ui, look: Look, why: &str, actions: &mut Vec<Action>) {
    ui.allocate_ui_with_layout(vec2(ui.available_width(), 0.0), Layout::right_to_left(Align::Min), |ui| {
        let dismiss = ui.button("Dismiss").on_hover_text("Dismisses this message; the current run continues");
        if dismiss.clicked() {
            actions.push(Action::Dismiss);
        }
        ui.vertical(|ui| warning(ui, look, why, theme::TEXT));
    });
}

/// A long sentence in the colour of warnings, over several lines; what does not fit into them is in its tooltip.
pub fn warning(ui: &mut Ui, look: Look, text: &str, size: f32) -> Response {
    let width = ui.available_width();
    let mut job = LayoutJob::simple(text.to_owned(), FontId::proportional(size), look.theme.warning, width);
    job.wrap.max_rows = MOST_LINES;
    ui.add(Label::new(job).wrap())
}
