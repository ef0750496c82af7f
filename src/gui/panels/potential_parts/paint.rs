//! The stack, the potential over it, and the rows around it.

use egui::{Align2, Color32, Mesh, Painter, Rangef, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::model::{PartsStack, StackLayer, StackedPart, is_picked};
use crate::engine::PotentialParts;
use crate::gui::state::{ViewContext, watched};
use crate::gui::theme::{self, Marks};
use crate::gui::widgets::time_axis::{self, TimeAxis, TimeView};
use crate::gui::widgets::trace::{self, TraceScale};
use crate::picture::colormap::viridis;

/// Height of the row of spikes and targets.
const SPIKES: f32 = 16.0;
/// Height of the band of σ(v).
const SIGMA: f32 = 9.0;
/// Height of the row of the current.
const CURRENT: f32 = 26.0;
/// A layer this thick gets its name, in points.
const NAMED_FROM: f32 = 12.0;

/// Where everything stands.
pub struct PartsRows {
    rect: Rect,
    stack: Rangef,
    sigma: Rangef,
    /// None in a low panel.
    current: Option<Rangef>,
}

impl PartsRows {
    pub fn new(rect: Rect) -> Self {
        let current = rect.height() > 130.0;
        let bottom = rect.bottom() - if current { CURRENT } else { 0.0 };
        Self {
            rect,
            stack: Rangef::new(rect.top() + SPIKES, bottom - SIGMA - 4.0),
            sigma: Rangef::new(bottom - SIGMA - 2.0, bottom - 2.0),
            current: current.then(|| Rangef::new(bottom, rect.bottom() - 1.0)),
        }
    }
}

/// Everything that is drawn.
pub struct PartsPicture<'a> {
    pub cx: ViewContext<'a>,
    pub axis: &'a TimeAxis,
    pub parts: &'a PotentialParts,
    pub stack: &'a PartsStack,
    pub rows: PartsRows,
}

impl PartsPicture<'_> {
    pub fn paint(&self, ui: &Ui, view: &TimeView) {
        let Self { cx, axis, parts, rows, .. } = self;
        let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rows.rect));
        painter.rect_filled(rows.rect, 0.0, cx.theme.ground);
        if parts.frame.steps < axis.steps {
            let from = axis.x_at(parts.frame.steps as f64);
            painter.rect_filled(rows.rect.with_min_x(from), 0.0, cx.theme.line.gamma_multiply(0.6));
        }
        let v = &parts.course.potential;
        let all = v.iter().copied().chain(self.stack.bounds());
        let scale = TraceScale::new(all, Rangef::new(0.0, 1.2), rows.stack);
        let stack = painter.with_clip_rect(painter.clip_rect().intersect(Rect::from_x_y_ranges(axis.x, rows.stack)));
        self.layers(&stack, &scale);
        scale.paint(&painter, ui.painter(), *cx, axis.x);
        self.resets(&painter);
        trace::line(&stack, axis, &scale, v, Stroke::new(3.4, cx.theme.ground));
        trace::line(&stack, axis, &scale, v, Stroke::new(1.8, cx.theme.ink));
        self.names(&stack, &scale);
        self.sigma(&painter, ui.painter());
        if let Some(y) = rows.current {
            self.current(&painter, ui.painter(), y);
        }
        self.events(&painter);
        axis.crosshair(&painter, *cx, view, rows.rect.y_range());
        if let Some(step) = cx.choices.inside.step.filter(|step| axis.visible().contains(&(*step as usize))) {
            let x = painter.round_to_pixel_center(axis.x_of(step));
            painter.vline(x, rows.rect.y_range(), Stroke::new(1.0, cx.theme.focus));
        }
    }

    /// Inputs have the colours of a map in their order, so that neighbours differ in lightness; edges part them.
    fn colour(&self, n: usize, layer: &StackLayer) -> Color32 {
        let theme = self.cx.theme;
        match layer.what {
            StackedPart::Bias => theme.line,
            StackedPart::Rest => theme.faint.gamma_multiply(0.45),
            StackedPart::Input(_) => {
                let named = (self.stack.layers.len().max(3) - 2) as f32;
                let [r, g, b, _] = viridis(0.2 + 0.75 * (n as f32 - 1.0) / named).to_array();
                Color32::from_rgba_unmultiplied(r, g, b, 150)
            }
        }
    }

    fn layers(&self, painter: &Painter, scale: &TraceScale) {
        let edge = self.cx.theme.ground.gamma_multiply(0.8);
        let mut mesh = Mesh::default();
        let visible = self.axis.visible();
        for (n, layer) in self.stack.layers.iter().enumerate() {
            let (colour, end) = (self.colour(n, layer), visible.end.min(layer.edges.len()));
            for t in visible.start.min(end)..end {
                let [low, high] = layer.edges[t];
                if low == high {
                    continue;
                }
                let x = Rangef::new(self.axis.x_at(t as f64), self.axis.x_at(t as f64 + 1.0));
                let y = Rangef::new(scale.y_of(high), scale.y_of(low));
                mesh.add_colored_rect(Rect::from_x_y_ranges(x, y), colour);
                if y.span() > 3.0 {
                    mesh.add_colored_rect(Rect::from_x_y_ranges(x, Rangef::new(y.min, y.min + 0.8)), edge);
                }
            }
        }
        painter.add(mesh);
    }

    /// Each layer that is thick enough has its name where it is thickest.
    fn names(&self, painter: &Painter, scale: &TraceScale) {
        let mut taken: Vec<Rect> = Vec::new();
        for layer in &self.stack.layers {
            let Some((step, thickness, middle)) = layer.thickest(self.axis.visible()) else { continue };
            let height = (scale.y_of(0.0) - scale.y_of(thickness)).abs();
            if height < NAMED_FROM {
                continue;
            }
            let galley = painter.layout_no_wrap(layer.name.clone(), theme::small(), self.cx.theme.ink);
            let half = galley.size().x / 2.0 + 2.0;
            let x = self
                .axis
                .x_of(step as u32)
                .clamp(self.axis.x.min + half, (self.axis.x.max - half).max(self.axis.x.min + half));
            let rect = Align2::CENTER_CENTER.anchor_size(pos2(x, scale.y_of(middle)), galley.size());
            if taken.iter().any(|other| other.intersects(rect)) {
                continue;
            }
            painter.rect_filled(rect.expand2(vec2(2.0, -1.0)), 2.0, self.cx.theme.ground.gamma_multiply(0.75));
            painter.galley(rect.min, galley, self.cx.theme.ink);
            taken.push(rect);
        }
    }

    /// After each spike current and potential begin anew.
    fn resets(&self, painter: &Painter) {
        let stroke = Stroke::new(1.0, self.cx.theme.faint.gamma_multiply(0.6));
        for &step in &self.parts.course.spikes {
            let x = painter.round_to_pixel_center(self.axis.x_at(f64::from(step) + 1.0));
            let line = [pos2(x, self.rows.stack.min), pos2(x, self.rows.rect.bottom())];
            painter.extend(Shape::dashed_line(&line, stroke, 2.0, 3.0));
        }
    }

    /// σ(v): the stronger, the darker on light and the lighter on dark.
    fn sigma(&self, painter: &Painter, outside: &Painter) {
        let (theme, y) = (self.cx.theme, self.rows.sigma);
        let sigma = &self.parts.course.surrogate;
        let most = sigma.iter().copied().filter(|s| s.is_finite()).fold(f32::MIN_POSITIVE, f32::max);
        let mut mesh = Mesh::default();
        let visible = self.axis.visible();
        for (t, sigma) in sigma.iter().enumerate().take(visible.end).skip(visible.start) {
            let x = Rangef::new(self.axis.x_at(t as f64), self.axis.x_at(t as f64 + 1.0));
            let strength = (sigma / most).clamp(0.0, 1.0);
            mesh.add_colored_rect(Rect::from_x_y_ranges(x, y), theme.activation.gamma_multiply(strength));
        }
        painter.add(mesh);
        self.row_name(outside, "σ(v)", y.center());
    }

    fn current(&self, painter: &Painter, outside: &Painter, y: Rangef) {
        let (theme, i) = (self.cx.theme, &self.parts.course.current);
        let scale = TraceScale::new(i.iter().copied(), Rangef::new(0.0, 1e-3), y);
        painter.hline(self.axis.x, y.min, Stroke::new(1.0, theme.line));
        let clipped = painter.with_clip_rect(painter.clip_rect().intersect(Rect::from_x_y_ranges(self.axis.x, y)));
        clipped.hline(self.axis.x, scale.y_of(0.0), Stroke::new(1.0, theme.line));
        trace::line(&clipped, self.axis, &scale, i, Stroke::new(1.2, theme.faint));
        self.row_name(outside, "current i", y.center());
    }

    fn row_name(&self, outside: &Painter, name: &str, y: f32) {
        let at = pos2(self.axis.x.min - time_axis::GUTTER + 4.0, y);
        outside.text(at, Align2::LEFT_CENTER, name, theme::small(), self.cx.theme.faint);
    }

    /// The row of spikes and targets; the spike that is explained stands out.
    fn events(&self, painter: &Painter) {
        let (theme, axis, y) = (self.cx.theme, self.axis, self.rows.rect.top() + SPIKES / 2.0);
        let mut mesh = Mesh::default();
        let output = self.parts.neuron.layer + 1 == self.parts.frame.spikes.len();
        if let Some(targets) = watched::rings(&self.parts.frame).filter(|_| output) {
            for step in axis.visible().filter(|&t| targets.contains(t, self.parts.neuron.unit)) {
                mesh.ring(pos2(axis.x_of(step as u32), y), 6.0, theme.target);
            }
        }
        for &step in &self.parts.course.spikes {
            let x = painter.round_to_pixel_center(axis.x_of(step));
            let picked = is_picked(self.cx, step as usize);
            let (width, colour) = if picked { (4.0, theme.focus) } else { (2.0, theme.ink) };
            mesh.bar(pos2(x, y), vec2(width, 10.0), colour);
        }
        painter.add(mesh);
    }
}
