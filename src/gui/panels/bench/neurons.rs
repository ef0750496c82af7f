//! The neurons of the model's table side by side: ε of each, to be picked by a click.

use egui::{Align2, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::gui::state::ViewContext;
use crate::gui::theme;
use crate::snn::NeuronSettings;
use crate::snn::neuron::psp;
use crate::train::settings::NEURONS;

/// Steps of ε that are drawn.
const STEPS: usize = 60;

/// Draws them, and takes on the decays of the one that is clicked.
pub fn show(ui: &mut Ui, cx: ViewContext, rect: Rect, neuron: &mut NeuronSettings) {
    let width = rect.width() / NEURONS.len() as f32;
    for (n, preset) in NEURONS.iter().enumerate() {
        let at = pos2(rect.left() + width * n as f32, rect.top());
        let place = Rect::from_min_size(at, vec2(width, rect.height())).shrink(2.0);
        let here = neuron.alpha_i == preset.alpha_i && neuron.alpha_v == preset.alpha_v;
        let response = ui.interact(place, ui.scope_id().with(("bench neuron", n)), Sense::click());
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, here, preset.label));
        draw(ui, cx, place, (preset.alpha_i, preset.alpha_v), preset.label, here || response.hovered());
        if response.on_hover_text(preset.help).clicked() {
            (neuron.alpha_i, neuron.alpha_v, neuron.beta_auto) = (preset.alpha_i, preset.alpha_v, true);
        }
    }
}

fn draw(ui: &Ui, cx: ViewContext, place: Rect, (alpha_i, alpha_v): (f64, f64), name: &str, strong: bool) {
    let painter = ui.painter().with_clip_rect(place);
    let colour = if strong { cx.theme.focus } else { cx.theme.line };
    painter.rect_filled(place, 3.0, cx.theme.ground);
    painter.rect_stroke(place.shrink(0.5), 3.0, Stroke::new(1.0, colour), egui::StrokeKind::Inside);
    let font = theme::small();
    let text = painter.layout(name.to_owned(), font, cx.theme.ink, place.width() - 8.0);
    let below = place.top() + 4.0 + text.size().y;
    painter.galley(place.min + vec2(4.0, 2.0), text, cx.theme.ink);
    curve(&painter, place.shrink(4.0).with_min_y(below + 2.0), alpha_i, alpha_v, Stroke::new(1.5, cx.theme.ink));
    painter.text(place.right_bottom() - vec2(4.0, 2.0), Align2::RIGHT_BOTTOM, "ε", theme::small(), cx.theme.faint);
}

/// ε over time, its peak at the top.
fn curve(painter: &egui::Painter, rect: Rect, alpha_i: f64, alpha_v: f64, stroke: Stroke) {
    let values: Vec<f64> = psp(alpha_i, alpha_v, STEPS).collect();
    let peak = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let x = |t: usize| rect.left() + rect.width() * t as f32 / STEPS as f32;
    let y = |v: f64| rect.bottom() - rect.height() * (v / peak) as f32;
    // a step after the other: a potential has one value in each
    let mut points = vec![pos2(x(0), y(0.0))];
    for (t, v) in values.into_iter().enumerate() {
        points.extend([pos2(x(t), y(v)), pos2(x(t + 1), y(v))]);
    }
    painter.line(points, stroke);
}
