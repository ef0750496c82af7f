//! The membrane potential of the neuron that was picked in the raster, on the same time axis.

use std::sync::Arc;

use egui::{Align2, Painter, Pos2, Rangef, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use crate::engine::Frame;
use crate::gui::action::Action;
use crate::gui::names::neuron_name;
use crate::gui::state::{ViewContext, watched};
use crate::gui::theme::{self, Marks};
use crate::gui::widgets::note;
use crate::gui::widgets::time_axis::{self, AXIS, TimeAxis, TimeView};
use crate::picture::ticks::round_step;
use crate::snn::forward::potential_of;
use crate::text;

/// Height of the row above the curve where spikes and targets stand.
const SPIKES: f32 = 16.0;

#[derive(Default)]
pub struct PotentialPanel {
    shown: Option<ShownPotential>,
    own_hover: bool,
}

/// The potential of one neuron at one moment, kept until either changes.
struct ShownPotential {
    frame: Arc<Frame>,
    neuron: (usize, usize),
    v: Vec<f32>,
}

impl ShownPotential {
    /// The step under the pointer, and v there.
    fn at(&self, view: &TimeView) -> Option<(u32, f32)> {
        let step = view.hover? as usize;
        self.v.get(step).filter(|v| v.is_finite()).map(|v| (step as u32, *v))
    }
}

impl PotentialPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, view: &mut TimeView, _actions: &mut Vec<Action>) {
        let Some(frame) = cx.frame() else {
            return note::empty(ui, cx, "No potential yet: the first pass through the network is in progress");
        };
        let picked = watched::picked(cx.choices, frame);
        let (layer, unit) = watched::watched(cx.choices, frame);
        let shown = match self.shown.take() {
            Some(s) if s.neuron == (layer, unit) && Arc::ptr_eq(&s.frame, frame) => s,
            _ => ShownPotential { frame: Arc::clone(frame), neuron: (layer, unit), v: potential(frame, layer, unit) },
        };
        let shown = self.shown.insert(shown);
        let whole = ui.available_rect_before_wrap();
        let axis = TimeAxis::new(cx, view, time_axis::plot_range(whole, watched::counts(frame)), &frame.settings.task);
        header(ui, cx, shown, &axis, view, picked.is_none());

        let whole = ui.available_rect_before_wrap().with_max_x(whole.right());
        if whole.height() < SPIKES + 12.0 {
            return;
        }
        // in a low panel the raster's axis above has to do
        let below = if whole.height() < AXIS + SPIKES + 30.0 { 0.0 } else { AXIS };
        let y = Rangef::new(whole.top(), whole.bottom() - below);
        let rect = Rect::from_x_y_ranges(axis.x, y);
        let plot = ui.allocate_rect(rect, Sense::click_and_drag());
        plot.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Membrane potential over time"));
        axis.navigate(ui, &plot, view);
        let step = plot.hover_pos().filter(|_| !plot.dragged()).map(|p| axis.step_at(p.x));
        time_axis::share_hover(ui, view, &mut self.own_hover, step);

        let scale = PotentialScale::new(&shown.v, Rangef::new(y.min + SPIKES, y.max - 2.0));
        let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect));
        painter.rect_filled(rect, 0.0, cx.theme.ground);
        if frame.steps < axis.steps {
            let from = axis.x_at(frame.steps as f64);
            painter.rect_filled(rect.with_min_x(from), 0.0, cx.theme.line.gamma_multiply(0.6));
        }
        scale.paint(&painter, ui.painter(), cx, axis.x);
        events(&painter, cx, &axis, shown, y.min + SPIKES / 2.0);
        curve(&painter, cx, &axis, &scale, &shown.v);
        axis.crosshair(&painter, cx, view, y);
        if let Some((step, v)) = shown.at(view) {
            painter.circle_filled(pos2(axis.x_of(step), scale.y_of(v)), 3.0, cx.theme.focus);
        }
        if below > 0.0 {
            axis.paint(&ui.painter().with_clip_rect(whole), cx, y.max);
        }
        ui.advance_cursor_after_rect(whole);
    }
}

/// v at every step that was run.
fn potential(frame: &Frame, layer: usize, unit: usize) -> Vec<f32> {
    let dynamics = frame.settings.neuron.dynamics(frame.settings.task.steps);
    let mut v = potential_of(&frame.net, &dynamics, &frame.params, layer, unit, frame.below(layer));
    v.truncate(frame.steps);
    v
}

/// As in "output 0: peak 1.32, 2 spikes", and v at the step under the pointer, in whichever panel that is.
fn header(ui: &mut Ui, cx: ViewContext, shown: &ShownPotential, axis: &TimeAxis, view: &TimeView, first: bool) {
    let name = neuron_name(&shown.frame, shown.neuron.0, shown.neuron.1);
    let peak = shown.v.iter().copied().filter(|v| v.is_finite()).reduce(f32::max);
    let peak = peak.map_or("none".into(), |v| text::signed(format!("{v:.2}")));
    let spikes = shown.v.iter().filter(|v| **v >= 1.0).count();
    let s = if spikes == 1 { "" } else { "s" };
    ui.horizontal(|ui| {
        ui.label(format!("{name}: peak {peak}, {} spike{s}", text::whole(spikes as u64)));
        if let Some((step, v)) = shown.at(view) {
            let text = format!("v = {} at {}", text::signed(format!("{v:.3}")), axis.words(step));
            ui.add(egui::Label::new(egui::RichText::new(text).font(theme::small())).truncate());
        } else if first {
            note::caption(ui, cx, "click a neuron in the raster to pick another");
        } else {
            note::caption(
                ui,
                cx,
                "Charged by the spikes of the layer before; at the threshold the neuron spikes and is reset",
            );
        }
    });
}

/// The vertical axis: 0, the threshold, and whatever v reaches.
#[derive(Clone, Copy, Debug, PartialEq)]
struct PotentialScale {
    y: Rangef,
    low: f32,
    high: f32,
    tick: f32,
}

impl PotentialScale {
    /// The ends are rounded to ticks, so that they do not tremble while v changes.
    fn new(v: &[f32], y: Rangef) -> Self {
        let finite = v.iter().copied().filter(|v| v.is_finite());
        let (low, high) = finite.fold((0.0f32, 1.2f32), |(low, high), v| (low.min(v), high.max(v)));
        let tick = round_step(f64::from((high - low) * 18.0 / y.span().max(1.0)).max(0.5)) as f32;
        let grain = tick / 4.0;
        Self { y, low: (low / grain - 0.2).floor() * grain, high: (high / grain).ceil() * grain, tick }
    }

    fn y_of(&self, v: f32) -> f32 {
        self.y.max - (v - self.low) / (self.high - self.low) * self.y.span()
    }

    fn ticks(&self) -> impl Iterator<Item = f32> + use<> {
        let tick = self.tick;
        ((self.low / tick).ceil() as i32..=(self.high / tick).floor() as i32).map(move |k| k as f32 * tick)
    }

    fn paint(&self, plot: &Painter, outside: &Painter, cx: ViewContext, x: Rangef) {
        let theme = cx.theme;
        let zero = plot.round_to_pixel_center(self.y_of(0.0));
        plot.hline(x, zero, Stroke::new(1.0, theme.line));
        let threshold = plot.round_to_pixel_center(self.y_of(1.0));
        let line = [pos2(x.min, threshold), pos2(x.max, threshold)];
        plot.extend(Shape::dashed_line(&line, Stroke::new(1.0, theme.faint), 5.0, 4.0));
        let number = |y: f32, text: String, colour| {
            outside.hline(Rangef::new(x.min - 4.0, x.min), y, Stroke::new(1.0, theme.line));
            outside.text(pos2(x.min - 7.0, y), Align2::RIGHT_CENTER, text, theme::small(), colour);
        };
        number(threshold, "threshold 1".into(), theme.faint);
        for v in self.ticks() {
            let y = outside.round_to_pixel_center(self.y_of(v));
            // the threshold has its number already
            if (y - threshold).abs() > 12.0 {
                number(y, text::signed(text::trimmed(v.into())), theme.faint);
            }
        }
        let middle = pos2(x.min - time_axis::GUTTER + 4.0, (self.y.min + self.y.max) / 2.0);
        outside.text(middle, Align2::LEFT_CENTER, "v", theme::small(), theme.faint);
    }
}

/// The row of spikes and targets above the curve.
fn events(painter: &Painter, cx: ViewContext, axis: &TimeAxis, shown: &ShownPotential, y: f32) {
    let theme = cx.theme;
    let mut mesh = egui::Mesh::default();
    let (layer, unit) = shown.neuron;
    let output = layer + 1 == shown.frame.spikes.len();
    let visible = axis.visible();
    if let Some(targets) = watched::rings(&shown.frame).filter(|_| output) {
        for step in visible.clone().filter(|&t| targets.contains(t, unit as u32)) {
            mesh.ring(pos2(axis.x_of(step as u32), y), 6.0, theme.target);
        }
    }
    for step in visible.filter(|&t| shown.v.get(t).is_some_and(|v| *v >= 1.0)) {
        let x = painter.round_to_pixel_center(axis.x_of(step as u32));
        mesh.bar(pos2(x, y), vec2(if axis.per_step() < 3.0 { 1.0 } else { 2.0 }, 9.0), theme.ink);
    }
    painter.add(mesh);
}

fn curve(painter: &Painter, cx: ViewContext, axis: &TimeAxis, scale: &PotentialScale, v: &[f32]) {
    let visible = axis.visible();
    // one more step on either side, so that the line goes on to the edge
    let (from, to) = (visible.start.saturating_sub(1).min(v.len()), (visible.end + 1).min(v.len()));
    let place = |t: usize| pos2(axis.x_of(t as u32), scale.y_of(v[t]));
    let finite = (from..to).filter(|&t| v[t].is_finite());
    let points: Vec<Pos2> =
        if axis.per_step() >= 0.5 { finite.map(place).collect() } else { extremes(finite.map(place)) };
    painter.add(Shape::line(points, Stroke::new(1.4, cx.theme.ink)));
}

/// The least and the greatest of every pixel's column: as much as can be seen of a line with many points.
fn extremes(points: impl Iterator<Item = Pos2>) -> Vec<Pos2> {
    let mut columns: Vec<Pos2> = Vec::new();
    let (mut column, mut low, mut high) = (f32::NAN, f32::INFINITY, f32::NEG_INFINITY);
    for p in points {
        if p.x.floor() != column {
            if low <= high {
                columns.extend([pos2(column, low), pos2(column, high)]);
            }
            (column, low, high) = (p.x.floor(), p.y, p.y);
        }
        (low, high) = (low.min(p.y), high.max(p.y));
    }
    if low <= high {
        columns.extend([pos2(column, low), pos2(column, high)]);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_holds_zero_threshold_and_all_of_v() {
        let y = Rangef::new(100.0, 200.0);
        for v in [&[][..], &[0.3, 0.9], &[-2.7, 1.4], &[0.1, 9.5], &[f32::NAN, 1.0]] {
            let s = PotentialScale::new(v, y);
            for v in v.iter().copied().filter(|v| v.is_finite()).chain([0.0, 1.0]) {
                assert!(y.contains(s.y_of(v)), "{v} in {s:?}");
            }
            assert!(s.y_of(1.0) < s.y_of(0.0));
            assert!((2..=7).contains(&s.ticks().count()), "{s:?}");
        }
        let s = PotentialScale::new(&[0.3, 0.9], y);
        assert_eq!(s.ticks().collect::<Vec<_>>(), [0.0, 0.5, 1.0]);
    }

    #[test]
    fn a_thinned_line_keeps_its_extremes() {
        let points = (0..1000).map(|k| pos2(k as f32 / 100.0, if k == 777 { 9.0 } else { (k % 3) as f32 }));
        let thin = extremes(points);
        assert_eq!(thin.len(), 20);
        assert_eq!(thin[14..16], [pos2(7.0, 0.0), pos2(7.0, 9.0)]);
        assert!(extremes(std::iter::empty()).is_empty());
    }
}
