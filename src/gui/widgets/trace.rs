//! A value over time: its vertical axis, and its line.

use egui::{Align2, Painter, Pos2, Rangef, Shape, Stroke, pos2};

use super::time_axis::{self, TimeAxis};
use crate::gui::state::ViewContext;
use crate::gui::theme;
use crate::picture::ticks::round_step;
use crate::text;

/// The vertical axis of a value: what it must hold, and whatever is reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TraceScale {
    pub y: Rangef,
    low: f32,
    high: f32,
    tick: f32,
}

impl TraceScale {
    /// Of the values `v` and all of `held`. The ends are rounded to ticks, so that they do not tremble while v changes.
    pub fn new(v: impl Iterator<Item = f32>, held: Rangef, y: Rangef) -> Self {
        let finite = v.filter(|v| v.is_finite());
        let (low, high) = finite.fold((held.min, held.max), |(low, high), v| (low.min(v), high.max(v)));
        let tick = round_step(f64::from((high - low) * 18.0 / y.span().max(1.0)).max(0.5)) as f32;
        let grain = tick / 4.0;
        Self { y, low: (low / grain - 0.2).floor() * grain, high: (high / grain).ceil() * grain, tick }
    }

    /// Of a potential: 0 and the threshold are in it.
    pub fn potential(v: &[f32], y: Rangef) -> Self {
        Self::new(v.iter().copied(), Rangef::new(0.0, 1.2), y)
    }

    pub fn y_of(&self, v: f32) -> f32 {
        self.y.max - (v - self.low) / (self.high - self.low) * self.y.span()
    }

    fn ticks(&self) -> impl Iterator<Item = f32> + use<> {
        let tick = self.tick;
        ((self.low / tick).ceil() as i32..=(self.high / tick).floor() as i32).map(move |k| k as f32 * tick)
    }

    /// The axis of a potential, with the threshold: lines within `plot`, numbers `outside` of it.
    pub fn paint(&self, plot: &Painter, outside: &Painter, cx: ViewContext, x: Rangef) {
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

/// The line of the values `v`, one for each step from 0 on; what is not finite is left out.
pub fn line(painter: &Painter, axis: &TimeAxis, scale: &TraceScale, v: &[f32], stroke: Stroke) {
    let visible = axis.visible();
    // one more step on either side, so that the line goes on to the edge
    let (from, to) = (visible.start.saturating_sub(1).min(v.len()), (visible.end + 1).min(v.len()));
    let place = |t: usize| pos2(axis.x_of(t as u32), scale.y_of(v[t]));
    let finite = (from..to).filter(|&t| v[t].is_finite());
    let points: Vec<Pos2> =
        if axis.per_step() >= 0.5 { finite.map(place).collect() } else { extremes(finite.map(place)) };
    painter.add(Shape::line(points, stroke));
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
            let s = TraceScale::potential(v, y);
            for v in v.iter().copied().filter(|v| v.is_finite()).chain([0.0, 1.0]) {
                assert!(y.contains(s.y_of(v)), "{v} in {s:?}");
            }
            assert!(s.y_of(1.0) < s.y_of(0.0));
            assert!((2..=7).contains(&s.ticks().count()), "{s:?}");
        }
        let s = TraceScale::potential(&[0.3, 0.9], y);
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
