//! Lines of text that every panel has: what one sees, why there is nothing, what went wrong.

use egui::text::LayoutJob;
use egui::{FontId, Label, Response, RichText, Ui};

use crate::gui::state::ViewContext;
use crate::gui::theme;

/// Lines of a refusal that are shown; the rest is in its tooltip.
const MOST_LINES: usize = 4;

/// The line under a panel's title that says what one sees; it can be switched off.
pub fn caption(ui: &mut Ui, cx: ViewContext, text: impl Into<String>) {
    if cx.choices.captions {
        ui.add(Label::new(RichText::new(text).font(theme::small()).color(cx.theme.faint)).truncate());
    }
}

/// Says why there is nothing new to see, over what there was.
pub fn problem(ui: &mut Ui, cx: ViewContext, text: &str) {
    warning(ui, cx, text, theme::TEXT);
}

/// The text of an empty panel: why it is empty, and what to do.
pub fn empty(ui: &mut Ui, cx: ViewContext, text: &str) {
    ui.add_space((ui.available_height() * 0.4).max(0.0));
    ui.vertical_centered(|ui| ui.label(RichText::new(text).color(cx.theme.faint)));
}

/// Small text that explains, in one line.
pub fn faint(ui: &mut Ui, cx: ViewContext, text: impl Into<String>) -> Response {
    ui.add(Label::new(RichText::new(text).font(theme::small()).color(cx.theme.faint)).truncate())
}

/// A long sentence in the colour of warnings, over several lines; what does not fit into them is in its tooltip.
pub fn warning(ui: &mut Ui, cx: ViewContext, text: &str, size: f32) -> Response {
    let width = ui.available_width();
    let mut job = LayoutJob::simple(text.to_owned(), FontId::proportional(size), cx.theme.warning, width);
    job.wrap.max_rows = MOST_LINES;
    ui.add(Label::new(job).wrap())
}
