//! The curves of all runs as one item of a plot.

use egui::epaint::Mesh;
use egui::{Align2, Color32, Pos2, Shape, Stroke, Ui, pos2, vec2};
use egui_plot::{PlotBounds, PlotTransform};

use super::model::ComparedPoint;
use crate::gui::theme::{Marks, Palette};
use crate::gui::widgets::painted::Painted;
use crate::gui::widgets::strokes::{apart, dashed, text, text_width};

/// One run's curve, as it is drawn.
pub struct ComparedLine {
    pub name: String,
    pub colour: Color32,
    pub dashes: [f32; 2],
    pub points: Vec<ComparedPoint>,
}

/// Everything that is drawn.
pub struct ComparedDrawing {
    pub lines: Vec<ComparedLine>,
    pub log: bool,
    pub theme: Palette,
    /// Of the whole plot, in points.
    pub width: f32,
    /// The place under the pointer.
    pub hover: Option<f64>,
}

/// Height of a line of small text.
const LINE: f32 = 13.0;

impl ComparedDrawing {
    fn y(&self, value: f64) -> Option<f64> {
        match self.log {
            _ if !value.is_finite() => None,
            true => (value > 0.0).then(|| value.log10()),
            false => Some(value),
        }
    }

    fn at(&self, transform: &PlotTransform, x: f64, value: f64) -> Option<Pos2> {
        self.y(value).map(|y| transform.position_from_point(&egui_plot::PlotPoint::new(x, y)))
    }

    /// From the least to the greatest value that each point stands for.
    fn band(&self, line: &ComparedLine, transform: &PlotTransform, mesh: &mut Mesh) {
        for point in line.points.iter().filter(|point| point.min < point.max) {
            let ends = [point.min, point.max].map(|value| self.at(transform, point.x, value));
            if let [Some(low), Some(high)] = ends {
                mesh.stroke(low, high, 1.0, line.colour.gamma_multiply(0.3));
            }
        }
    }

    /// The names of the runs where their curves end.
    fn names(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let frame = transform.frame();
        let end = |line: &ComparedLine| {
            let seen = |point: &ComparedPoint| transform.bounds().range_x().contains(&point.x);
            let last = line.points.iter().rev().find(|point| seen(point))?;
            self.at(transform, last.x, last.mean)
        };
        let mut ends: Vec<(Pos2, &ComparedLine)> =
            self.lines.iter().filter_map(|line| Some((end(line)?, line))).collect();
        ends.sort_by(|a, b| a.0.y.total_cmp(&b.0.y));
        let heights: Vec<f32> = ends.iter().map(|(at, _)| at.y).collect();
        let inside = frame.top() + LINE / 2.0..=frame.bottom() - LINE / 2.0;
        for ((at, line), y) in ends.iter().zip(apart(&heights, LINE, inside)) {
            let x = (at.x + 5.0).min(frame.right() - text_width(ui, &line.name) - 2.0);
            text(ui, shapes, pos2(x, y), Align2::LEFT_CENTER, &line.name, line.colour, &self.theme);
        }
    }
}

impl Painted for ComparedDrawing {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let mut mesh = Mesh::default();
        self.lines.iter().for_each(|line| self.band(line, transform, &mut mesh));
        if let Some(x) = self.hover {
            let x = transform.position_from_point(&egui_plot::PlotPoint::new(x, 0.0)).x;
            let frame = transform.frame();
            mesh.stroke(pos2(x, frame.top()), pos2(x, frame.bottom()), 1.0, self.theme.focus.gamma_multiply(0.7));
        }
        shapes.push(Shape::mesh(mesh));
        for line in &self.lines {
            let at = |point: &ComparedPoint| self.at(transform, point.x, point.mean);
            for piece in line.points.split(|point| at(point).is_none()) {
                let mut path: Vec<Pos2> = piece.iter().filter_map(at).collect();
                if let [alone] = path[..] {
                    path = vec![alone - vec2(1.5, 0.0), alone + vec2(1.5, 0.0)];
                }
                for dash in dashed(&path, line.dashes) {
                    shapes.push(Shape::line(dash, Stroke::new(1.6, line.colour)));
                }
            }
        }
        self.names(ui, transform, shapes);
    }

    fn bounds(&self) -> PlotBounds {
        let mut bounds = PlotBounds::NOTHING;
        for point in self.lines.iter().flat_map(|line| &line.points) {
            for y in [point.min, point.mean, point.max].into_iter().filter_map(|value| self.y(value)) {
                bounds.extend_with(&egui_plot::PlotPoint::new(point.x, y));
            }
        }
        if bounds == PlotBounds::NOTHING {
            return PlotBounds::from_min_max([0.0, 0.0], [1.0, 1.0]);
        }
        // what a run has cost begins at 0, where the axis has its name
        bounds.extend_with_x(0.0);
        // room for the names at the right
        let longest = self.lines.iter().map(|line| line.name.chars().count()).max().unwrap_or(0) as f64;
        let share = (6.5 * longest / f64::from(self.width.max(1.0))).min(0.4);
        bounds.extend_with_x(bounds.min()[0] + bounds.width().max(1e-9) / (1.0 - share));
        bounds
    }

    fn colour(&self) -> Color32 {
        self.theme.ink
    }
}
