//! A number in a place of its own, so that its neighbours do not move.

use egui::{Align, Layout, Response, RichText, Ui, vec2};

use crate::gui::state::ViewContext;

/// A value in a place of its own, so that it does not jump, and its name. From right to left.
pub fn number(ui: &mut Ui, cx: ViewContext, name: &str, value: &str, width: f32, hint: &str) {
    fixed(ui, width, Align::Max, |ui| ui.label(RichText::new(value).monospace())).on_hover_text(hint);
    ui.label(RichText::new(name).color(cx.theme.faint)).on_hover_text(hint);
    ui.add_space(4.0);
}

/// Draws `add` in a place of this width.
pub fn fixed(ui: &mut Ui, width: f32, align: Align, add: impl FnOnce(&mut Ui) -> Response) -> Response {
    let layout =
        if align == Align::Max { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
    ui.allocate_ui_with_layout(vec2(width, 20.0), layout, |ui| {
        ui.set_min_width(width);
        add(ui)
    })
    .inner
}
