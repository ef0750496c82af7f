//! The surrogate derivative as it stands in the form, as a curve.

use egui::{Align2, Pos2, Rangef, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::gui::state::ViewContext;
use crate::gui::theme;
use crate::text::{signed, trimmed, value};

/// Height of the picture.
const HEIGHT: f32 = 54.0;
/// Points of the curve, an odd number: the threshold is one of them.
const POINTS: usize = 201;

/// Draws σ(v) of the form's rule around the threshold.
pub fn show(ui: &mut Ui, cx: ViewContext) {
    let rule = &cx.form.settings().rule;
    let (whole, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let spoken = format!("Surrogate derivative, {}", rule.shape.label().to_lowercase());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    let rect = Rect::from_x_y_ranges(whole.x_range(), Rangef::new(whole.top() + 2.0, whole.bottom() - 14.0));
    // four times the distance at which the exponential falls to 1/e, as far as that is drawn at all
    let reach = (4.0 / rule.surrogate_beta.max(1e-3) as f32).clamp(0.05, 4.0);
    let highest = (rule.surrogate_alpha as f32).max(f32::MIN_POSITIVE);
    let v_of = |k: usize| 1.0 + reach * (2.0 * k as f32 / (POINTS - 1) as f32 - 1.0);
    let place = |k: usize| {
        let x = rect.left() + rect.width() * k as f32 / (POINTS - 1) as f32;
        pos2(x, rect.bottom() - 1.0 - rule.surrogate(v_of(k)) / highest * (rect.height() - 3.0))
    };
    let (painter, colours) = (ui.painter(), cx.theme);
    painter.rect_filled(rect, 0.0, colours.ground);
    painter.vline(rect.center().x, rect.y_range(), Stroke::new(1.0, colours.line));
    let points: Vec<Pos2> = (0..POINTS).map(place).collect();
    painter.add(Shape::line(points, Stroke::new(1.6, colours.activation)));
    let text = |at, anchor, words: String| painter.text(at, anchor, words, theme::small(), colours.faint);
    let number = |v: f32| signed(trimmed(f64::from(v)));
    text(rect.left_bottom() + vec2(0.0, 2.0), Align2::LEFT_TOP, number(1.0 - reach));
    text(rect.center_bottom() + vec2(0.0, 2.0), Align2::CENTER_TOP, "threshold 1".into());
    text(rect.right_bottom() + vec2(0.0, 2.0), Align2::RIGHT_TOP, number(1.0 + reach));
    text(rect.left_top() + vec2(3.0, 1.0), Align2::LEFT_TOP, format!("σ(v), up to {}", value(rule.surrogate_alpha)));
    let pointed = response.hover_pos().map(|p| 1.0 + reach * ((p.x - rect.center().x) / rect.width() * 2.0));
    let words = pointed.map(|v| format!("σ = {} at v = {}", value(f64::from(rule.surrogate(v))), number(v)));
    response.on_hover_text(format!("{}\n{}", rule.shape.help(), words.unwrap_or_default()));
}
