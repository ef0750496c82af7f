//! The curves as one item of a plot: bands, lines, what was done to the run, names at the lines' ends, the pointer.

use std::ops::{Range, RangeInclusive};

use egui::epaint::Mesh;
use egui::{Align2, Color32, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::{PlotBounds, PlotTransform};

use super::model::{self, CurvePoint, CurveTrack, MarkCluster};
use crate::gui::state::{CurveKind, ViewContext};
use crate::gui::theme::Marks;
use crate::gui::widgets::painted::Painted;
use crate::gui::widgets::strokes::{DASHES, apart, dashed, text, text_width};
use crate::picture::ticks;
use crate::rule::Rule;

/// Height of a line of small text.
const LINE: f32 = 13.0;

/// Everything that is drawn.
pub struct CurveDrawing<'a> {
    cx: ViewContext<'a>,
    tracks: Vec<CurveTrack<'a>>,
    clusters: Vec<MarkCluster>,
    kind: CurveKind,
    log: bool,
    /// Of the whole plot, in points.
    width: f32,
    /// The update under the pointer.
    pub hover: Option<f64>,
}

impl<'a> CurveDrawing<'a> {
    pub fn new(cx: ViewContext<'a>, kind: CurveKind, log: bool, clusters: Vec<MarkCluster>, width: f32) -> Self {
        let tracks = model::tracks(&cx.run.curves, kind, cx.layers());
        Self { cx, tracks, clusters, kind, log, width, hover: None }
    }

    /// Colour and dashes of a line.
    fn style(&self, track: usize) -> (Color32, [f32; 2]) {
        let t = self.cx.theme;
        match self.kind {
            CurveKind::Changes => ([t.shifted, t.created, t.removed][track % 3], DASHES[0]),
            // hidden layers in turn by their dashes; the output stands out
            CurveKind::Spikes if track + 1 < self.tracks.len() => (t.faint, DASHES[track % 3]),
            CurveKind::Accuracy => (t.ink, DASHES[track % 2]),
            _ => (t.ink, DASHES[0]),
        }
    }

    /// Width that is kept free at the right for the names of lines, in points.
    fn gutter(&self) -> f32 {
        if self.kind == CurveKind::Accuracy { 84.0 } else { 66.0 }
    }

    /// Where a value stands on the y axis.
    fn y(&self, value: f64) -> Option<f64> {
        match self.log {
            _ if !value.is_finite() => None,
            true => (value > 0.0).then(|| value.log10()),
            false => Some(value),
        }
    }

    fn line(&self, n: usize, points: &[CurvePoint], canvas: &CurveCanvas, shapes: &mut Vec<Shape>) {
        let (colour, dashes) = self.style(n);
        let at = |p: &CurvePoint| self.y(p.mean).map(|y| canvas.at(p.at(), y));
        let mut stretch = |points: &[CurvePoint], colour| {
            for piece in points.split(|p| at(p).is_none()) {
                let mut line: Vec<Pos2> = piece.iter().filter_map(at).collect();
                if let [alone] = line[..] {
                    line = vec![alone - vec2(1.5, 0.0), alone + vec2(1.5, 0.0)];
                }
                for dash in dashed(&line, dashes) {
                    shapes.push(Shape::line(dash, Stroke::new(1.5, colour)));
                }
            }
        };
        if self.kind == CurveKind::Loss {
            for (rule, Range { start, end }) in model::segments(points, self.cx.run.first_rule, &self.cx.run.marks) {
                // each stretch begins where the one before ends
                stretch(&points[start.saturating_sub(1)..end], self.cx.theme.rule(rule));
            }
        } else {
            stretch(points, colour);
        }
    }

    /// From the least to the greatest value of every point.
    fn band(&self, n: usize, points: &[CurvePoint], canvas: &CurveCanvas, mesh: &mut Mesh) {
        if points.iter().all(|p| p.min == p.max) {
            return;
        }
        let (colour, _) = self.style(n);
        let marks = &self.cx.run.marks;
        let edge = |p: &CurvePoint| {
            let high = self.y(p.max)?;
            // a least value that the axis cannot show lies below all that it can
            let low = self.y(p.min).unwrap_or(f64::NEG_INFINITY);
            Some([canvas.at(p.at(), low), canvas.at(p.at(), high)])
        };
        for pair in points.windows(2) {
            let (Some(left), Some(right)) = (edge(&pair[0]), edge(&pair[1])) else { continue };
            let colour = match self.kind {
                CurveKind::Loss => self.cx.theme.rule(model::rule_at(self.cx.run.first_rule, marks, pair[1].first)),
                _ => colour,
            };
            let first = mesh.vertices.len() as u32;
            for corner in [left[0], left[1], right[0], right[1]] {
                mesh.colored_vertex(corner, colour.gamma_multiply(0.25));
            }
            mesh.add_triangle(first, first + 1, first + 2);
            mesh.add_triangle(first + 1, first + 2, first + 3);
        }
    }

    /// Vertical lines where something was done to the run; switches of the rule with its name, unless names overlap.
    fn marks(&self, ui: &Ui, canvas: &CurveCanvas, shapes: &mut Vec<Shape>, mesh: &mut Mesh) {
        let t = self.cx.theme;
        let (top, bottom) = (canvas.frame.top(), canvas.frame.bottom());
        let mut names: Vec<(f32, Rule)> = Vec::new();
        for cluster in &self.clusters {
            // between the last update before and the first one after
            let x = canvas.at(cluster.update as f64 + 0.5, 0.0).x;
            if let Some(rule) = cluster.rule {
                mesh.stroke(pos2(x, top), pos2(x, bottom), 1.5, t.rule(rule));
                names.push((x, rule));
            } else {
                mesh.stroke(pos2(x, top), pos2(x, bottom), 1.0, t.faint.gamma_multiply(0.5));
                mesh.bar(pos2(x, bottom - 2.5), vec2(5.0, 5.0), t.faint);
            }
        }
        if self.kind == CurveKind::Loss {
            let first = *canvas.updates.start();
            let rule = model::rule_at(self.cx.run.first_rule, &self.cx.run.marks, first.max(0.0) as u64 + 1);
            names.insert(0, (canvas.frame.left(), rule));
        }
        names.retain(|(x, _)| (canvas.frame.left()..canvas.frame.right()).contains(x));
        let mut free = canvas.frame.right();
        for (x, rule) in names.into_iter().rev() {
            let width = text_width(ui, rule.label());
            if x + width + 6.0 <= free {
                let place = pos2(x + 4.0, top + 2.0);
                text(ui, shapes, place, Align2::LEFT_TOP, rule.label(), t.rule(rule), t);
                free = x;
            }
        }
    }

    /// The moment that is looked at, where that is not the present.
    fn moment(&self, canvas: &CurveCanvas, mesh: &mut Mesh) {
        if self.cx.time.at.is_some() {
            let x = canvas.at(self.cx.run.update() as f64, 0.0).x;
            mesh.stroke(pos2(x, canvas.frame.top()), pos2(x, canvas.frame.bottom()), 1.5, self.cx.theme.focus);
        }
    }

    /// Names at the right ends of the lines, moved apart where they would overlap.
    fn ends(&self, ui: &Ui, lines: &[Vec<CurvePoint>], canvas: &CurveCanvas, shapes: &mut Vec<Shape>, mesh: &mut Mesh) {
        if self.tracks.len() < 2 {
            return;
        }
        let shown = |p: &&CurvePoint| p.at() <= *canvas.updates.end() && self.y(p.mean).is_some();
        let mut ends: Vec<(usize, Pos2)> = Vec::new();
        for (n, points) in lines.iter().enumerate() {
            if let Some(p) = points.iter().rev().find(shown) {
                ends.push((n, canvas.at(p.at(), self.y(p.mean).unwrap_or_default())));
            }
        }
        ends.sort_by(|a, b| a.1.y.total_cmp(&b.1.y));
        let inside = canvas.frame.top() + LINE / 2.0 + 1.0..=canvas.frame.bottom() - LINE / 2.0 - 1.0;
        let heights = apart(&ends.iter().map(|e| e.1.y).collect::<Vec<_>>(), LINE, inside);
        for ((n, end), y) in ends.into_iter().zip(heights) {
            let colour = self.style(n).0;
            let x = (end.x + 6.0).min(canvas.frame.right() - self.gutter() + 4.0);
            let place = if self.kind == CurveKind::Changes {
                self.mark(n, pos2(x + 5.0, y), mesh);
                pos2(x + 13.0, y)
            } else {
                pos2(x, y)
            };
            text(ui, shapes, place, Align2::LEFT_CENTER, &self.tracks[n].name, colour, self.cx.theme);
        }
    }

    /// The mark of a kind of change.
    fn mark(&self, n: usize, c: Pos2, mesh: &mut Mesh) {
        let colour = self.style(n).0;
        match n {
            0 => mesh.arrow(c - vec2(5.0, 0.0), c + vec2(5.0, 0.0), colour),
            1 => mesh.triangle(c, 4.0, colour),
            _ => mesh.cross(c, 3.5, colour),
        }
    }

    /// Marks along the lines of changes, at the ticks, so that lines are told apart without their colours.
    fn along(&self, n: usize, points: &[CurvePoint], canvas: &CurveCanvas, mesh: &mut Mesh) {
        let most = f64::from(canvas.frame.width() / 110.0);
        for (tick, step) in ticks::linear(*canvas.updates.start(), *canvas.updates.end(), most, 1.0) {
            // a third of the way apart, as the marks of equal values would hide each other
            let at = tick + step * (n as f64 + 0.5) / 3.0;
            let near =
                points.get(points.partition_point(|p| p.at() < at)).and_then(|p| Some((p.at(), self.y(p.mean)?)));
            if let Some((x, y)) = near {
                self.mark(n, canvas.at(x, y), mesh);
            }
        }
    }

    /// A dot at each epoch, and the best of them by a line with its name.
    fn epochs(
        &self,
        ui: &Ui,
        lines: &[Vec<CurvePoint>],
        canvas: &CurveCanvas,
        shapes: &mut Vec<Shape>,
        mesh: &mut Mesh,
    ) {
        let (t, frame) = (self.cx.theme, canvas.frame);
        for (n, points) in lines.iter().enumerate() {
            for at in points.iter().filter_map(|p| Some(canvas.at(p.at(), self.y(p.mean)?))) {
                // few are dots, many are the line alone
                if points.len() as f32 * 8.0 < frame.width() {
                    mesh.bar(at, vec2(4.0, 4.0), self.style(n).0);
                }
            }
        }
        let Some((update, epoch)) = model::best(self.cx.run) else { return };
        let x = canvas.at(update as f64, 0.0).x;
        if (frame.left()..=frame.right()).contains(&x) {
            mesh.stroke(pos2(x, frame.top()), pos2(x, frame.bottom()), 1.0, t.ink.gamma_multiply(0.6));
            let words = format!("best: epoch {epoch}");
            // the names of the lines stand on the right of the last epoch
            let room = x - text_width(ui, &words) - 6.0 > frame.left();
            let (side, anchor) = if room { (-5.0, Align2::RIGHT_BOTTOM) } else { (5.0, Align2::LEFT_BOTTOM) };
            text(ui, shapes, pos2(x + side, frame.bottom() - 1.0), anchor, &words, t.ink, t);
        }
    }

    /// A line through the update under the pointer, and a ring where it meets each curve.
    fn pointer(&self, canvas: &CurveCanvas, mesh: &mut Mesh) {
        let Some(update) = self.hover else { return };
        let first = self.tracks.first().and_then(|t| model::nearest(t.series, update));
        let Some(x) = first.map(|b| canvas.at((b.first + b.last) as f64 / 2.0, 0.0).x) else { return };
        let t = self.cx.theme;
        mesh.stroke(pos2(x, canvas.frame.top()), pos2(x, canvas.frame.bottom()), 1.0, t.focus.gamma_multiply(0.8));
        for track in &self.tracks {
            let value = model::nearest(track.series, update).and_then(|b| self.y(b.mean()));
            if let Some(y) = value {
                mesh.ring(pos2(x, canvas.at(0.0, y).y), 3.5, t.focus);
            }
        }
    }
}

/// The part of the plane in view.
struct CurveCanvas<'a> {
    transform: &'a PlotTransform,
    frame: Rect,
    updates: RangeInclusive<f64>,
}

impl CurveCanvas<'_> {
    /// On the screen; far outside of the frame is as good as anywhere outside.
    fn at(&self, x: f64, y: f64) -> Pos2 {
        let [low, high] = [self.frame.top() - 2000.0, self.frame.bottom() + 2000.0];
        let y = self.transform.position_from_point_y(y);
        pos2(self.transform.position_from_point_x(x), if y.is_nan() { high } else { y.clamp(low, high) })
    }
}

impl Painted for CurveDrawing<'_> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let canvas = CurveCanvas { transform, frame: *transform.frame(), updates: transform.bounds().range_x() };
        let (from, to) = (*canvas.updates.start(), *canvas.updates.end());
        let lines: Vec<Vec<CurvePoint>> =
            self.tracks.iter().map(|t| model::points(t.series.buckets(), from, to, columns(&canvas.frame))).collect();
        let (mut below, mut above) = (Mesh::default(), Mesh::default());
        let mut words = Vec::new();
        self.marks(ui, &canvas, &mut words, &mut below);
        lines.iter().enumerate().for_each(|(n, points)| self.band(n, points, &canvas, &mut below));
        shapes.push(Shape::mesh(below));
        lines.iter().enumerate().for_each(|(n, points)| self.line(n, points, &canvas, shapes));
        if self.kind == CurveKind::Changes {
            lines.iter().enumerate().for_each(|(n, points)| self.along(n, points, &canvas, &mut above));
        }
        if self.kind == CurveKind::Accuracy {
            self.epochs(ui, &lines, &canvas, &mut words, &mut above);
        }
        self.ends(ui, &lines, &canvas, &mut words, &mut above);
        self.moment(&canvas, &mut above);
        self.pointer(&canvas, &mut above);
        shapes.extend(words);
        shapes.push(Shape::mesh(above));
    }

    /// All updates, and room for the names at the right; zero is always in view on a linear axis.
    fn bounds(&self) -> PlotBounds {
        let updates = self.tracks.iter().filter_map(|t| t.series.buckets().last()).map(|b| b.last).max();
        let names = if self.tracks.len() > 1 { self.gutter().min(self.width / 3.0) } else { 18.0 };
        let right = updates.unwrap_or(0).max(10) as f64 * f64::from(self.width / (self.width - names).max(1.0));
        let (low, high) = match model::extent(&self.tracks, self.log) {
            None => (0.0, 1.0),
            // a share has its whole range in view
            Some(_) if self.kind == CurveKind::Accuracy && !self.log => (0.0, 1.0),
            Some((low, high)) if self.log => (low.log10(), high.log10().max(low.log10() + 0.1)),
            Some((low, high)) => (low.min(0.0), if high > 0.0 { high } else { 1.0 }),
        };
        PlotBounds::from_min_max([0.0, low], [right, high])
    }

    fn colour(&self) -> Color32 {
        self.cx.theme.ink
    }
}

/// The most points that a line has: as many as can be seen.
pub fn columns(frame: &Rect) -> usize {
    frame.width().max(64.0) as usize
}
