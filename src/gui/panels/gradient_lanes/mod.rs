//! Where each rule would lift or lower the potential of the neuron picked: dL/dv of the three rules at the same state.

use std::sync::Arc;

use egui::{Align2, Mesh, Painter, Rangef, Rect, RichText, Sense, Stroke, Ui, pos2};

use crate::engine::InsideNow;
use crate::explain::lanes::GradientLane;
use crate::explain::line::NeuronAt;
use crate::gui::action::{Action, choose};
use crate::gui::names::neuron_name;
use crate::gui::state::{ViewContext, watched};
use crate::gui::theme::{self, Marks};
use crate::gui::widgets::note;
use crate::gui::widgets::time_axis::{self, AXIS, TimeAxis, TimeView};
use crate::text::{self, signed, value};

/// The state of the panel's own view.
#[derive(Default)]
pub struct GradientLanesPanel {
    shown: Option<ShownLanes>,
    own_hover: bool,
}

/// The lanes of one neuron at one moment, kept until either changes.
struct ShownLanes {
    now: Arc<InsideNow>,
    neuron: NeuronAt,
    lanes: Vec<GradientLane>,
}

const CAPTION: &str = "Up: the rule would lift the potential there; each lane has its own scale";
/// Height of the lanes together from which each has its g_s and g_t, too.
const TALL: f32 = 100.0;

impl ShownLanes {
    fn new(now: &Arc<InsideNow>, neuron: NeuronAt) -> Self {
        let (net, spikes) = (&now.at.frame.net, &now.activity.layers[neuron.layer]);
        let lane =
            |rule| now.gradients.lane(rule, neuron.layer, &net.layers[neuron.layer], spikes, neuron.unit as usize);
        Self { now: Arc::clone(now), neuron, lanes: crate::rule::Rule::ALL.map(lane).into() }
    }
}

impl GradientLanesPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, view: &mut TimeView, actions: &mut Vec<Action>) {
        let Some(now) = cx.inside.moment.shown().map(|view| &view.now) else {
            let why = cx.inside.moment.problem().unwrap_or("The gradients of the three rules are on their way");
            return note::empty(ui, cx, why);
        };
        let frame = &now.at.frame;
        let neuron = watched::neuron(cx.choices, frame);
        let shown = match self.shown.take() {
            Some(shown) if Arc::ptr_eq(&shown.now, now) && shown.neuron == neuron => shown,
            _ => ShownLanes::new(now, neuron),
        };
        let shown = self.shown.insert(shown);
        let whole = ui.available_rect_before_wrap();
        let axis = TimeAxis::new(cx, view, time_axis::plot_range(whole, watched::counts(frame)), &frame.settings.task);
        header(ui, cx, shown);

        let whole = ui.available_rect_before_wrap().with_max_x(whole.right());
        let below = if whole.height() < AXIS + 70.0 { 0.0 } else { AXIS };
        let rect = Rect::from_x_y_ranges(axis.x, Rangef::new(whole.top(), whole.bottom() - below));
        if rect.height() < 30.0 {
            return;
        }
        let plot = ui.allocate_rect(rect, Sense::click_and_drag());
        plot.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Image, true, "Gradients of the three rules over time")
        });
        axis.navigate(ui, &plot, view);
        let step = plot.hover_pos().filter(|_| !plot.dragged()).map(|p| axis.step_at(p.x));
        time_axis::share_hover(ui, view, &mut self.own_hover, step);
        if step.is_some() && plot.clicked() {
            let mut choices = cx.choices.clone();
            choices.inside.step = step;
            choose(cx.choices, choices, actions);
        }
        let picture = LanesPicture { cx, axis: &axis, shown, rect };
        picture.paint(ui, view);
        if below > 0.0 {
            axis.paint(&ui.painter().with_clip_rect(whole), cx, rect.bottom());
        }
        ui.advance_cursor_after_rect(whole);
        if let Some(step) = step.filter(|&step| (step as usize) < now.activity.steps) {
            plot.on_hover_ui_at_pointer(|ui| {
                ui.label(axis.words(step));
                for lane in &shown.lanes {
                    let text = RichText::new(words_at(lane, step as usize)).font(theme::small());
                    ui.label(text.color(cx.theme.rule(lane.rule)));
                }
            });
        }
    }
}

fn header(ui: &mut Ui, cx: ViewContext, shown: &ShownLanes) {
    let frame = &shown.now.at.frame;
    let name = neuron_name(frame, shown.neuron.layer, shown.neuron.unit as usize);
    ui.horizontal(|ui| {
        ui.label(format!("−dL/dv of {name}, update {}", text::whole(frame.update)));
        note::caption(ui, cx, CAPTION);
    });
}

/// As in "Timing: dL/dv −0.0012, would lift it; g_t 0.003".
fn words_at(lane: &GradientLane, t: usize) -> String {
    let (g_v, g_s, g_t) = (lane.g_v[t], lane.g_s[t], lane.g_t[t]);
    let number = |x: f32| signed(value(f64::from(x)));
    let deed = match g_v {
        _ if g_v < 0.0 => ", would lift v",
        _ if g_v > 0.0 => ", would lower v",
        _ => ", sees nothing here",
    };
    let mut words = format!("{}: dL/dv {}{deed}", lane.rule.label(), number(g_v));
    if g_s != 0.0 {
        words += &format!("; g_s {}", number(g_s));
    }
    if g_t != 0.0 {
        words += &format!("; g_t {}", number(g_t));
    }
    words
}

struct LanesPicture<'a> {
    cx: ViewContext<'a>,
    axis: &'a TimeAxis,
    shown: &'a ShownLanes,
    rect: Rect,
}

impl LanesPicture<'_> {
    fn paint(&self, ui: &Ui, view: &TimeView) {
        let Self { cx, axis, shown, rect } = self;
        let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(*rect));
        painter.rect_filled(*rect, 0.0, cx.theme.ground);
        if shown.now.activity.steps < axis.steps {
            let from = axis.x_at(shown.now.activity.steps as f64);
            painter.rect_filled(rect.with_min_x(from), 0.0, cx.theme.line.gamma_multiply(0.6));
        }
        let height = rect.height() / shown.lanes.len() as f32;
        for (n, lane) in shown.lanes.iter().enumerate() {
            let top = rect.top() + n as f32 * height;
            self.lane(&painter, ui.painter(), lane, Rangef::new(top, top + height));
        }
        axis.crosshair(&painter, *cx, view, rect.y_range());
        if let Some(step) = cx.choices.inside.step {
            let x = painter.round_to_pixel_center(axis.x_of(step));
            painter.vline(x, rect.y_range(), Stroke::new(1.0, cx.theme.focus));
        }
    }

    /// −g_v as bars from the middle of the lane; over them g_s as a line and g_t as dots, each of its own scale.
    fn lane(&self, painter: &Painter, outside: &Painter, lane: &GradientLane, y: Rangef) {
        let (theme, axis) = (self.cx.theme, self.axis);
        let visible = axis.visible().start.min(lane.g_v.len())..axis.visible().end.min(lane.g_v.len());
        let middle = painter.round_to_pixel_center(y.center());
        let reach = y.span() / 2.0 - 3.0;
        let colour = theme.rule(lane.rule);
        let most = |values: &[f32]| {
            let finite = values[visible.clone()].iter().filter(|g| g.is_finite());
            finite.fold(0.0f32, |most, g| most.max(g.abs()))
        };
        let mut mesh = Mesh::default();
        let largest = most(&lane.g_v);
        let width = axis.per_step().max(1.0);
        for t in visible.clone().filter(|&t| lane.g_v[t] != 0.0 && lane.g_v[t].is_finite()) {
            let up = -lane.g_v[t] / largest * reach;
            let x = Rangef::new(axis.x_of(t as u32) - width / 2.0, axis.x_of(t as u32) + width / 2.0);
            let bar = Rangef::new((middle - up).min(middle), (middle - up).max(middle).max(middle - up + 1.0));
            mesh.add_colored_rect(Rect::from_x_y_ranges(x, bar), colour);
        }
        if self.rect.height() > TALL {
            let (most_s, most_t) = (most(&lane.g_s), most(&lane.g_t));
            let place = |g: f32, most: f32, t: usize| pos2(axis.x_of(t as u32), middle + g / most * reach * 0.9);
            for t in visible.clone().filter(|_| most_s > 0.0).skip(1).filter(|t| lane.g_s[*t].is_finite()) {
                let ends = [t - 1, t].map(|t| place(lane.g_s[t], most_s, t));
                mesh.stroke(ends[0], ends[1], 1.0, theme.faint);
            }
            for t in visible.filter(|&t| most_t > 0.0 && lane.g_t[t] != 0.0) {
                let at = place(lane.g_t[t], most_t, t);
                mesh.ring(at, 3.0, theme.ink);
            }
        }
        painter.hline(axis.x, middle, Stroke::new(1.0, theme.line));
        painter.add(mesh);
        painter.hline(axis.x, y.max, Stroke::new(1.0, theme.line));
        let left = axis.x.min - time_axis::GUTTER + 4.0;
        outside.text(pos2(left, middle - 6.0), Align2::LEFT_CENTER, lane.rule.label(), theme::small(), colour);
        let scale = if largest > 0.0 { format!("± {}", value(f64::from(largest))) } else { "sees nothing".into() };
        outside.text(pos2(left, middle + 7.0), Align2::LEFT_CENTER, scale, theme::small(), theme.faint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Rule;

    #[test]
    fn a_step_of_a_lane_in_words() {
        let lane = GradientLane {
            rule: Rule::Antlr,
            g_v: vec![-0.0125, 0.5, 0.0],
            g_s: vec![0.25, 0.0, 0.0],
            g_t: vec![0.0, 0.003, 0.0],
        };
        assert_eq!(words_at(&lane, 0), "ANTLR: dL/dv −0.0125, would lift v; g_s 0.2500");
        assert_eq!(words_at(&lane, 1), "ANTLR: dL/dv 0.5000, would lower v; g_t 0.0030");
        assert_eq!(words_at(&lane, 2), "ANTLR: dL/dv 0, sees nothing here");
    }
}
