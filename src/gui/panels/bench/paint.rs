//! The rows of the bench on one time axis: input lines, current, potential, σ(v) and 1/v′.

use egui::{Align2, Painter, Rangef, Rect, Stroke, pos2, vec2};

use crate::explain::bench::{BenchNeuron, BenchRun};
use crate::gui::state::ViewContext;
use crate::gui::theme;

/// Height of an input line, in points, and the width of the names.
const LINE: f32 = 20.0;
const NAMES: f32 = 62.0;

/// Where everything stands.
pub struct BenchPlot {
    pub rect: Rect,
    steps: usize,
    lines: usize,
}

impl BenchPlot {
    pub fn new(rect: Rect, steps: usize, lines: usize) -> Self {
        Self { rect, steps: steps.max(1), lines }
    }

    fn x(&self) -> Rangef {
        Rangef::new(self.rect.left() + NAMES, self.rect.right() - 8.0)
    }

    /// The middle of a step.
    fn x_of(&self, step: usize) -> f32 {
        self.x().min + self.x().span() * (step as f32 + 0.5) / self.steps as f32
    }

    pub fn step_at(&self, x: f32) -> u32 {
        let share = (x - self.x().min) / self.x().span();
        ((share * self.steps as f32).floor().clamp(0.0, self.steps as f32 - 1.0)) as u32
    }

    /// The area of an input line.
    pub fn line(&self, line: usize) -> Rect {
        let top = self.rect.top() + LINE * line as f32;
        Rect::from_x_y_ranges(self.x(), Rangef::new(top, top + LINE))
    }

    /// The rows below the lines: current, potential, σ(v), 1/v′.
    fn rows(&self) -> [Rect; 4] {
        let top = self.rect.top() + LINE * self.lines as f32 + 4.0;
        let height = (self.rect.bottom() - 14.0 - top).max(40.0);
        let mut from = top;
        [0.2, 0.48, 0.16, 0.16].map(|share| {
            let row = Rect::from_x_y_ranges(self.x(), Rangef::new(from, from + height * share - 4.0));
            from += height * share;
            row
        })
    }

    /// The input lines, up to step `shown`.
    pub fn paint_inputs(&self, painter: &Painter, cx: ViewContext, neuron: &BenchNeuron, shown: usize) {
        for (n, input) in neuron.inputs.iter().enumerate() {
            let row = self.line(n);
            self.name(painter, cx, row, &format!("input {}", n + 1));
            painter.line_segment([row.left_center(), row.right_center()], Stroke::new(1.0, cx.theme.line));
            for step in input.spikes.iter().filter(|step| (**step as usize) < shown) {
                let x = self.x_of(*step as usize);
                painter.line_segment(
                    [pos2(x, row.top() + 3.0), pos2(x, row.bottom() - 3.0)],
                    Stroke::new(2.5, cx.theme.ink),
                );
            }
        }
    }

    /// What the neuron does with them, up to step `shown`.
    pub fn paint_course(&self, painter: &Painter, cx: ViewContext, run: &BenchRun, shown: usize) {
        let [current, potential, sigma, inverse] = self.rows();
        self.curve(painter, cx, current, "current i", &run.course.current[..shown.min(self.steps)], None);
        self.curve(painter, cx, potential, "potential v", &run.course.potential[..shown.min(self.steps)], Some(1.0));
        self.curve(painter, cx, sigma, "σ(v)", &run.course.surrogate[..shown.min(self.steps)], None);
        self.spikes(painter, cx, potential, run, shown);
        self.inverse(painter, cx, inverse, run, shown);
        self.axis(painter, cx, inverse.bottom());
    }

    fn name(&self, painter: &Painter, cx: ViewContext, row: Rect, name: &str) {
        let at = pos2(self.rect.left() + NAMES - 6.0, row.center().y);
        painter.text(at, Align2::RIGHT_CENTER, name, theme::small(), cx.theme.faint);
    }

    /// A curve in its row; with a threshold, that is drawn, too.
    fn curve(&self, painter: &Painter, cx: ViewContext, row: Rect, name: &str, values: &[f32], threshold: Option<f32>) {
        painter.rect_filled(row, 0.0, cx.theme.ground);
        self.name(painter, cx, row, name);
        let finite = || values.iter().copied().filter(|v| v.is_finite());
        let high = finite().chain(threshold.map(|t| t * 1.15)).fold(0.05, f32::max);
        let low = finite().fold(0.0, f32::min);
        let y = |v: f32| row.bottom() - 2.0 - (row.height() - 4.0) * (v - low) / (high - low);
        painter.line_segment([pos2(row.left(), y(0.0)), pos2(row.right(), y(0.0))], Stroke::new(1.0, cx.theme.line));
        if let Some(threshold) = threshold {
            let (left, right) = (pos2(row.left(), y(threshold)), pos2(row.right(), y(threshold)));
            painter.extend(egui::Shape::dashed_line(&[left, right], Stroke::new(1.0, cx.theme.warning), 5.0, 4.0));
            painter.text(right - vec2(2.0, 1.0), Align2::RIGHT_BOTTOM, "threshold 1", theme::small(), cx.theme.warning);
        }
        let points = values.iter().enumerate().map(|(t, v)| pos2(self.x_of(t), y(*v))).collect();
        painter.line(points, Stroke::new(1.5, cx.theme.ink));
        painter.text(
            row.left_top() + vec2(3.0, 1.0),
            Align2::LEFT_TOP,
            format!("{high:.2}"),
            theme::small(),
            cx.theme.faint,
        );
    }

    /// The output spikes, at the top of the potential.
    fn spikes(&self, painter: &Painter, cx: ViewContext, row: Rect, run: &BenchRun, shown: usize) {
        for step in run.course.spikes.iter().filter(|step| (**step as usize) < shown) {
            let x = self.x_of(*step as usize);
            painter.line_segment([pos2(x, row.top()), pos2(x, row.top() + 12.0)], Stroke::new(3.0, cx.theme.focus));
            painter.text(pos2(x + 4.0, row.top()), Align2::LEFT_TOP, "spike, reset", theme::small(), cx.theme.focus);
        }
    }

    /// 1/v′ at every spike: a bar, and its number.
    fn inverse(&self, painter: &Painter, cx: ViewContext, row: Rect, run: &BenchRun, shown: usize) {
        painter.rect_filled(row, 0.0, cx.theme.ground);
        self.name(painter, cx, row, "1/v'");
        for step in run.course.spikes.iter().map(|step| *step as usize).filter(|step| *step < shown) {
            let inverse = 1.0 / run.slope[step];
            // 1 to 100: v′ is bounded below by 0.01
            let share = (inverse.max(1.0).log10() / 2.0).clamp(0.05, 1.0);
            let x = self.x_of(step);
            let top = row.bottom() - (row.height() - 2.0) * share;
            painter.line_segment([pos2(x, row.bottom()), pos2(x, top)], Stroke::new(3.0, cx.theme.timing));
            let text = format!("{inverse:.1}");
            painter.text(pos2(x + 5.0, row.center().y), Align2::LEFT_CENTER, text, theme::small(), cx.theme.timing);
        }
    }

    fn axis(&self, painter: &Painter, cx: ViewContext, y: f32) {
        for step in (0..self.steps).step_by(10) {
            let at = pos2(self.x_of(step), y + 1.0);
            painter.text(at, Align2::CENTER_TOP, step.to_string(), theme::small(), cx.theme.faint);
        }
    }

    /// The step that is looked at.
    pub fn crosshair(&self, painter: &Painter, cx: ViewContext, step: u32) {
        let x = self.x_of(step as usize);
        painter.line_segment([pos2(x, self.rect.top()), pos2(x, self.rect.bottom())], Stroke::new(1.0, cx.theme.focus));
    }
}
