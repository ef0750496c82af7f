//! How runs that are compared are told apart: each has a colour and a dash of its own.

use egui::{Color32, Rect, Response, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::strokes::{DASHES, dashed};
use crate::gui::state::CompareState;
use crate::gui::theme::Palette;

/// Points of a dash, and of the gap after it, of the fourth run.
const FOURTH: [f32; 2] = [14.0, 8.0];

/// The colour of run `n`: that of its rule, where each run has another one.
pub fn colour(theme: &Palette, compare: &CompareState, n: usize) -> Color32 {
    let rules: Vec<_> = compare.runs.iter().map(|run| run.rule()).collect();
    let distinct = rules.iter().enumerate().all(|(k, rule)| !rules[..k].contains(rule));
    match rules.get(n) {
        Some(rule) if distinct => theme.rule(*rule),
        _ => [theme.focus, theme.removed, theme.created, theme.ink][n % 4],
    }
}

/// The dashes of run `n`.
pub fn dashes(n: usize) -> [f32; 2] {
    DASHES.get(n).copied().unwrap_or(FOURTH)
}

/// A piece of the line by which run `n` is drawn.
pub fn swatch(ui: &mut Ui, theme: &Palette, compare: &CompareState, n: usize) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(20.0, 12.0), Sense::hover());
    paint_swatch(ui, rect, colour(theme, compare, n), dashes(n));
    response
}

/// The same in a rectangle.
pub fn paint_swatch(ui: &Ui, rect: Rect, colour: Color32, dashes: [f32; 2]) {
    let y = rect.center().y;
    let line = [pos2(rect.left(), y), pos2(rect.right(), y)];
    for dash in dashed(&line, dashes) {
        ui.painter().add(Shape::line(dash, Stroke::new(2.0, colour)));
    }
}
