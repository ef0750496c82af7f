//! The membrane potential of the neuron that was picked in the raster, on the same time axis.

use std::sync::Arc;

use egui::{Painter, Rangef, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::engine::Frame;
use crate::gui::action::{Action, WindowAction};
use crate::gui::layout::Workspace;
use crate::gui::names::neuron_name;
use crate::gui::state::{ViewContext, watched};
use crate::gui::theme::{self, Marks};
use crate::gui::widgets::note;
use crate::gui::widgets::time_axis::{self, AXIS, TimeAxis, TimeView};
use crate::gui::widgets::trace::{self, TraceScale};
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
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, view: &mut TimeView, actions: &mut Vec<Action>) {
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
        header(ui, cx, shown, &axis, view, picked.is_none(), actions);

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

        let scale = TraceScale::potential(&shown.v, Rangef::new(y.min + SPIKES, y.max - 2.0));
        let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect));
        painter.rect_filled(rect, 0.0, cx.theme.ground);
        if frame.steps < axis.steps {
            let from = axis.x_at(frame.steps as f64);
            painter.rect_filled(rect.with_min_x(from), 0.0, cx.theme.line.gamma_multiply(0.6));
        }
        scale.paint(&painter, ui.painter(), cx, axis.x);
        events(&painter, cx, &axis, shown, y.min + SPIKES / 2.0);
        trace::line(&painter, &axis, &scale, &shown.v, Stroke::new(1.4, cx.theme.ink));
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
fn header(
    ui: &mut Ui,
    cx: ViewContext,
    shown: &ShownPotential,
    axis: &TimeAxis,
    view: &TimeView,
    first: bool,
    actions: &mut Vec<Action>,
) {
    let name = neuron_name(&shown.frame, shown.neuron.0, shown.neuron.1);
    let peak = shown.v.iter().copied().filter(|v| v.is_finite()).reduce(f32::max);
    let peak = peak.map_or("none".into(), |v| text::signed(format!("{v:.2}")));
    let spikes = shown.v.iter().filter(|v| **v >= 1.0).count();
    let s = if spikes == 1 { "" } else { "s" };
    ui.horizontal(|ui| {
        let hint = "Looks into this neuron: what carried its potential, what each rule asks of it, why it spikes (I)";
        if ui.small_button("Inside").on_hover_text(hint).clicked() {
            actions.push(WindowAction::Workspace(Workspace::Inside).into());
        }
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
