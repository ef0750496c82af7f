//! The ring around the control that a lesson points at.

use egui::{Rect, Stroke, StrokeKind, Ui};

use crate::gui::state::ViewContext;
use crate::lesson::Control;

/// Draws the ring where the lesson that is open points at this control.
pub fn around(ui: &Ui, cx: ViewContext, control: Control, rect: Rect) {
    if cx.lesson.points_at(control) {
        draw(ui, cx, rect.expand(3.0));
    }
}

/// The ring itself; it is drawn over what stands next to it.
pub fn draw(ui: &Ui, cx: ViewContext, rect: Rect) {
    let painter = ui.painter().clone().with_clip_rect(ui.ctx().content_rect());
    painter.rect_stroke(rect, 5.0, Stroke::new(2.5, cx.theme.target), StrokeKind::Outside);
}
