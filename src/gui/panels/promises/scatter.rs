//! All spikes of a layer: how far each was to move, and how far it did; what was created and removed in the margins.

use egui::{Align2, Mesh, Painter, Pos2, Rangef, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::model;
use crate::engine::InsideUpdate;
use crate::explain::LayerPromise;
use crate::explain::line::NeuronAt;
use crate::explain::promise::{CreatedSpike, PromisedSpike};
use crate::gui::action::{Action, choose};
use crate::gui::state::ViewContext;
use crate::gui::theme::{self, Marks};
use crate::picture::ticks;

/// Height of each margin.
const MARGIN: f32 = 18.0;
/// Room left of the plot and below it for numbers.
const LEFT: f32 = 56.0;
const BELOW: f32 = 18.0;
/// How near the pointer must be, in points.
const NEAR: f32 = 7.0;

/// Whose spikes are shown.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    pub update: &'a InsideUpdate,
    pub layer: &'a LayerPromise,
    /// Its spikes stand out.
    pub neuron: NeuronAt,
}

pub struct PromiseScatter<'a> {
    pub cx: ViewContext<'a>,
    pub shown: Shown<'a>,
}

/// The axes as they stand on the screen: steps that were promised to the right, steps that came upward.
struct ScatterAxes {
    rect: Rect,
    reach: f32,
}

/// A mark of the scatter.
enum ScatterMark<'a> {
    Spike(&'a PromisedSpike),
    Created(&'a CreatedSpike),
}

impl ScatterAxes {
    fn at(&self, promised: f32, came: f32) -> Pos2 {
        let half = self.rect.size() / 2.0;
        let share = |x: f32| (x / self.reach).clamp(-1.0, 1.0);
        self.rect.center() + vec2(share(promised) * (half.x - 6.0), -share(came) * (half.y - 6.0))
    }
}

impl PromiseScatter<'_> {
    /// Draws it, `height` points high; a click on a mark picks its neuron and step.
    pub fn show(&self, ui: &mut Ui, height: f32, actions: &mut Vec<Action>) {
        let size = vec2(ui.available_width(), height.max(90.0));
        let (whole, plot) = ui.allocate_exact_size(size, Sense::click());
        plot.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Shifts promised and realised"));
        let inner = Rect::from_min_max(
            pos2(whole.left() + LEFT, whole.top() + MARGIN),
            pos2(whole.right() - 8.0, whole.bottom() - MARGIN - BELOW),
        );
        let axes = ScatterAxes { rect: inner, reach: self.reach() };
        self.frame(ui.painter(), &axes);
        let marks = self.marks(&axes);
        self.paint(ui.painter(), &marks);
        let near = plot.hover_pos().and_then(|pointer| {
            let away = |mark: &&(Pos2, ScatterMark)| mark.0.distance(pointer);
            marks.iter().min_by(|a, b| away(a).total_cmp(&away(b))).filter(|mark| away(mark) < NEAR)
        });
        let Some((at, mark)) = near else { return };
        ui.painter().circle_stroke(*at, 6.0, Stroke::new(1.5, self.cx.theme.focus));
        let Shown { update, layer, .. } = self.shown;
        let (unit, step, text) = match mark {
            ScatterMark::Spike(spike) => {
                (spike.unit, spike.after.unwrap_or(spike.step), model::spike_text(update, layer, spike))
            }
            ScatterMark::Created(spike) => (spike.unit, spike.step, model::created_text(update, layer, spike)),
        };
        if plot.clicked() {
            let mut choices = self.cx.choices.clone();
            (choices.neuron, choices.inside.step) = (Some((layer.index, unit as usize)), Some(step));
            choose(self.cx.choices, choices, actions);
        }
        plot.on_hover_text_at_pointer(text);
    }

    fn came(&self, spike: &PromisedSpike) -> Option<i64> {
        if self.cx.choices.inside.alone {
            return spike.by_weights();
        }
        spike.after.map(|after| i64::from(after) - i64::from(spike.step))
    }

    /// The axes go as far as nine in ten spikes do, and at least two steps; the others stand at the edge.
    fn reach(&self) -> f32 {
        let of = |spike: &PromisedSpike| spike.promised().abs().max(self.came(spike).unwrap_or(0).abs() as f32);
        let mut all: Vec<f32> = self.shown.layer.spikes.iter().map(of).filter(|x| x.is_finite()).collect();
        all.sort_by(f32::total_cmp);
        all.get(all.len() * 9 / 10).copied().unwrap_or(0.0).clamp(2.0, 1e4).ceil() + 0.5
    }

    fn marks(&self, axes: &ScatterAxes) -> Vec<(Pos2, ScatterMark<'_>)> {
        let layer = self.shown.layer;
        let spike = |spike| {
            let at = match self.came(spike) {
                Some(came) => axes.at(spike.promised(), came as f32),
                None => pos2(axes.at(spike.promised(), 0.0).x, axes.rect.bottom() + MARGIN / 2.0),
            };
            (at, ScatterMark::Spike(spike))
        };
        let number = layer.created.len().max(1) as f32;
        let created = |(n, created)| {
            let x = axes.rect.left() + axes.rect.width() * (n as f32 + 0.5) / number;
            (pos2(x, axes.rect.top() - MARGIN / 2.0), ScatterMark::Created(created))
        };
        layer.spikes.iter().map(spike).chain(layer.created.iter().enumerate().map(created)).collect()
    }

    fn frame(&self, painter: &Painter, axes: &ScatterAxes) {
        let (theme, rect) = (self.cx.theme, axes.rect);
        painter.rect_filled(rect, 0.0, theme.ground);
        let line = Stroke::new(1.0, theme.line);
        let margin = |y: f32| Rect::from_x_y_ranges(rect.x_range(), Rangef::new(y, y + MARGIN - 2.0));
        for y in [rect.top() - MARGIN, rect.bottom() + 2.0] {
            painter.rect_filled(margin(y), 0.0, theme.ground.gamma_multiply(0.6));
        }
        painter.hline(rect.x_range(), painter.round_to_pixel_center(rect.center().y), line);
        painter.vline(painter.round_to_pixel_center(rect.center().x), rect.y_range(), line);
        let diagonal = [axes.at(-axes.reach, -axes.reach), axes.at(axes.reach, axes.reach)];
        painter.extend(Shape::dashed_line(&diagonal, Stroke::new(1.0, theme.faint), 5.0, 4.0));
        let text = |at, anchor, words: &str| painter.text(at, anchor, words, theme::small(), theme.faint);
        for (x, _) in ticks::linear(f64::from(-axes.reach), f64::from(axes.reach), f64::from(rect.width() / 50.0), 1.0)
        {
            let at = axes.at(x as f32, 0.0).x;
            text(pos2(at, rect.bottom() + MARGIN + 2.0), Align2::CENTER_TOP, &number(x));
        }
        for (y, _) in ticks::linear(f64::from(-axes.reach), f64::from(axes.reach), f64::from(rect.height() / 24.0), 1.0)
        {
            text(pos2(rect.left() - 4.0, axes.at(0.0, y as f32).y), Align2::RIGHT_CENTER, &number(y));
        }
        text(pos2(rect.left() - 4.0, rect.top() - MARGIN / 2.0), Align2::RIGHT_CENTER, "created");
        text(pos2(rect.left() - 4.0, rect.bottom() + MARGIN / 2.0), Align2::RIGHT_CENTER, "removed");
        text(rect.right_bottom() + vec2(-3.0, -2.0), Align2::RIGHT_BOTTOM, "promised (steps)");
        text(rect.left_top() + vec2(3.0, 2.0), Align2::LEFT_TOP, "realised (steps)");
    }

    /// Spikes of the neuron picked are filled, the others are rings.
    fn paint(&self, painter: &Painter, marks: &[(Pos2, ScatterMark)]) {
        let theme = self.cx.theme;
        let own = |unit: u32| self.shown.layer.index == self.shown.neuron.layer && unit == self.shown.neuron.unit;
        let mut mesh = Mesh::default();
        for (at, mark) in marks {
            match mark {
                ScatterMark::Created(spike) => {
                    let radius = if own(spike.unit) { 6.0 } else { 4.0 };
                    mesh.triangle(*at, radius, theme.created);
                }
                ScatterMark::Spike(spike) if self.came(spike).is_none() => {
                    mesh.cross(*at, if own(spike.unit) { 5.5 } else { 3.5 }, theme.removed);
                }
                ScatterMark::Spike(spike) => {
                    let broken = spike.verdict().is_broken();
                    mesh.ring(*at, 3.5, if broken { theme.removed } else { theme.ink });
                    if broken {
                        mesh.cross(*at, 2.0, theme.removed);
                    }
                    if own(spike.unit) {
                        mesh.bar(*at, vec2(4.0, 4.0), theme.focus);
                    }
                }
            }
        }
        painter.add(mesh);
    }
}

fn number(x: f64) -> String {
    crate::text::signed(crate::text::trimmed(x))
}
