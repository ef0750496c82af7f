//! The lines of the spikes, the tangents of the timing rule, and the loss.

use egui::{Align2, Mesh, Painter, Rangef, Rect, Shape, Stroke, pos2, vec2};

use super::model::{self, weight_text};
use crate::engine::LinePart;
use crate::explain::line::{CurveEnd, NeuronAt};
use crate::gui::state::ViewContext;
use crate::gui::state::watched;
use crate::gui::theme::{self, Marks};
use crate::picture::ticks;
use crate::text::{signed, value};

/// Room for numbers.
pub const LINE_LEFT: f32 = 46.0;
/// The tangents reach this share of the range to either side.
const TANGENT: f32 = 0.3;

pub struct LinePicture<'a> {
    pub cx: ViewContext<'a>,
    pub part: &'a LinePart,
    pub x: Rangef,
    /// Where the spikes stand: time runs downward from the first step.
    pub spikes: Rangef,
    pub loss: Rangef,
    /// The neuron that is watched: its lines stand out.
    pub own: NeuronAt,
    /// The value of a that is looked at.
    pub turned: f32,
}

impl LinePicture<'_> {
    fn x_of(&self, a: f32) -> f32 {
        let range = self.part.line.scale.range;
        self.x.min + (a + range) / (2.0 * range) * self.x.span()
    }

    /// The value at `x`, within the range.
    pub fn a_at(&self, x: f32) -> f32 {
        let range = self.part.line.scale.range;
        (((x - self.x.min) / self.x.span()).clamp(0.0, 1.0) * 2.0 - 1.0) * range
    }

    fn y_of(&self, step: f32) -> f32 {
        self.spikes.max - (step + 0.5) / self.part.frame.steps.max(1) as f32 * self.spikes.span()
    }

    pub fn paint(&self, painter: &Painter) {
        let theme = self.cx.theme;
        let rect = |y: Rangef| Rect::from_x_y_ranges(self.x, y);
        for y in [self.spikes, self.loss] {
            painter.rect_filled(rect(y), 0.0, theme.ground);
        }
        self.axes(painter);
        let clipped = painter.with_clip_rect(painter.clip_rect().intersect(rect(self.spikes)));
        self.targets(&clipped);
        self.lines(&clipped);
        self.tangents(&clipped);
        self.losses(&painter.with_clip_rect(painter.clip_rect().intersect(rect(self.loss))), painter);
        let both = Rangef::new(self.spikes.min, self.loss.max);
        let middle = painter.round_to_pixel_center(self.x_of(0.0));
        painter.vline(middle, both, Stroke::new(1.0, theme.faint));
        if self.turned != 0.0 {
            painter.vline(painter.round_to_pixel_center(self.x_of(self.turned)), both, Stroke::new(1.5, theme.focus));
        }
    }

    fn axes(&self, painter: &Painter) {
        let (theme, range) = (self.cx.theme, self.part.line.scale.range);
        let text = |at, anchor, words: &str| painter.text(at, anchor, words, theme::small(), theme.faint);
        let weight = f64::from(self.part.weight);
        let (low, high) = (weight - f64::from(range), weight + f64::from(range));
        for (w, _) in ticks::linear(low, high, f64::from(self.x.span() / 60.0), 0.0) {
            let x = painter.round_to_pixel_center(self.x_of((w - weight) as f32));
            painter.vline(x, Rangef::new(self.loss.max, self.loss.max + 3.0), Stroke::new(1.0, theme.line));
            text(pos2(x, self.loss.max + 4.0), Align2::CENTER_TOP, &weight_text(w as f32));
        }
        let steps = self.part.frame.steps as f64;
        for (step, _) in ticks::linear(0.0, steps - 1.0, f64::from(self.spikes.span() / 26.0), 1.0) {
            text(pos2(self.x.min - 4.0, self.y_of(step as f32)), Align2::RIGHT_CENTER, &format!("{step}"));
        }
        let left = self.x.min - LINE_LEFT;
        text(pos2(left, self.spikes.min), Align2::LEFT_TOP, "step");
        text(pos2(self.x.min + 4.0, self.loss.min + 1.0), Align2::LEFT_TOP, "loss");
    }

    /// Where the spikes of the outputs should be: a short mark at the left edge and a faint line for the watched output.
    fn targets(&self, painter: &Painter) {
        let frame = &self.part.frame;
        let Some(targets) = watched::rings(frame).filter(|_| self.own.layer + 1 == frame.spikes.len()) else { return };
        let colour = self.cx.theme.target;
        for step in (0..frame.steps.min(targets.steps())).filter(|&t| targets.contains(t, self.own.unit)) {
            let y = self.y_of(step as f32);
            let line = [pos2(self.x.min, y), pos2(self.x.max, y)];
            painter.extend(Shape::dashed_line(&line, Stroke::new(1.0, colour.gamma_multiply(0.7)), 3.0, 5.0));
            let mut mesh = Mesh::default();
            mesh.ring(pos2(self.x.min + 7.0, y), 5.0, colour);
            painter.add(mesh);
        }
    }

    fn lines(&self, painter: &Painter) {
        let theme = self.cx.theme;
        let (mut mesh, line) = (Mesh::default(), &self.part.line);
        // the lines of the watched neuron are drawn last and stand out; where it is not one of these, all do
        let own = line.neurons.iter().position(|neuron| *neuron == self.own);
        for stands_out in [false, true] {
            for curve in self.part.curves.iter().filter(|c| own.is_none_or(|own| c.neuron == own) == stands_out) {
                let (width, colour) =
                    if stands_out { (2.2, theme.ink) } else { (1.0, theme.faint.gamma_multiply(0.7)) };
                let flats = model::flats(curve, &line.scale);
                let mut last = None;
                for (from, to, step) in &flats {
                    let y = self.y_of(*step as f32);
                    if let Some(before) = last.filter(|before| *before != y) {
                        mesh.stroke(pos2(self.x_of(*from), before), pos2(self.x_of(*from), y), 1.0, colour);
                    }
                    mesh.stroke(pos2(self.x_of(*from) - 0.5, y), pos2(self.x_of(*to) + 0.5, y), width, colour);
                    last = Some(y);
                }
                let (Some(first), Some(end)) = (flats.first().filter(|_| stands_out), flats.last()) else { continue };
                if curve.begin != CurveEnd::Open {
                    mesh.triangle(pos2(self.x_of(first.0), self.y_of(first.2 as f32)), 4.0, theme.created);
                }
                if curve.end != CurveEnd::Open {
                    mesh.cross(pos2(self.x_of(end.1), self.y_of(end.2 as f32)), 3.5, theme.removed);
                }
            }
        }
        painter.add(mesh);
    }

    /// How the timing-based rule expects the spikes of the weight's own neuron to move.
    fn tangents(&self, painter: &Painter) {
        let colour = self.cx.theme.timing;
        let reach = self.part.line.scale.range * TANGENT;
        for tangent in &self.part.tangents {
            let at = |a: f32| pos2(self.x_of(a), self.y_of(tangent.step as f32 + tangent.slope * a));
            painter.extend(Shape::dashed_line(&[at(-reach), at(reach)], Stroke::new(1.6, colour), 6.0, 3.0));
        }
    }

    fn losses(&self, painter: &Painter, outside: &Painter) {
        let theme = self.cx.theme;
        let flats = model::losses(self.part);
        let finite = flats.iter().map(|(_, _, loss)| *loss).filter(|loss| loss.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        if low > high {
            return;
        }
        let span = (high - low).max(1e-12);
        let y_of = |loss: f64| self.loss.max - 4.0 - ((loss - low) / span) as f32 * (self.loss.span() - 8.0);
        let (mut mesh, mut last) = (Mesh::default(), None);
        for (from, to, loss) in flats.iter().filter(|(_, _, loss)| loss.is_finite()) {
            let y = y_of(*loss);
            if let Some(before) = last.filter(|before| *before != y) {
                mesh.stroke(pos2(self.x_of(*from), before), pos2(self.x_of(*from), y), 1.4, theme.ink);
            }
            mesh.bar(
                pos2((self.x_of(*from) + self.x_of(*to)) / 2.0, y),
                vec2(self.x_of(*to) - self.x_of(*from) + 1.0, 1.6),
                theme.ink,
            );
            last = Some(y);
        }
        painter.add(mesh);
        let number = |loss: f64, y: f32, anchor| {
            let at = pos2(self.x.min - 4.0, y);
            outside.text(at, anchor, signed(value(loss)), theme::small(), theme.faint);
        };
        number(low, self.loss.max - 1.0, Align2::RIGHT_BOTTOM);
        if high > low {
            number(high, self.loss.min + 1.0, Align2::RIGHT_TOP);
        }
    }
}
