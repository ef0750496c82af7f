//! Strokes and small text in a plot.

use std::ops::RangeInclusive;

use egui::{Align2, Color32, Pos2, Shape, Ui, vec2};

use crate::gui::theme::{self, Palette};

/// Points of a dash, and of the gap after it.
pub const DASHES: [[f32; 2]; 3] = [[f32::INFINITY, 0.0], [9.0, 4.0], [2.5, 3.0]];

/// The dashes of a line. They are measured along x, so that a line that goes up and down all the time has not more of
/// them than one that does not.
pub fn dashed(line: &[Pos2], [dash, gap]: [f32; 2]) -> Vec<Vec<Pos2>> {
    if !dash.is_finite() || line.is_empty() {
        return if line.len() > 1 { vec![line.to_vec()] } else { Vec::new() };
    }
    let origin = line[0].x;
    let phase = |x: f32| ((x - origin) / (dash + gap)).floor();
    let mut out = Vec::new();
    let mut now: Vec<Pos2> = vec![line[0]];
    for pair in line.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let on = |x: f32| a + (b - a) * ((x - a.x) / (b.x - a.x));
        let mut k = phase(a.x);
        while k <= phase(b.x) && b.x > a.x {
            let (begin, end) = (origin + k * (dash + gap), origin + k * (dash + gap) + dash);
            if (a.x..b.x).contains(&begin) && begin > a.x {
                now = vec![on(begin)];
            }
            if end > a.x && end <= b.x && !now.is_empty() {
                now.push(on(end));
                out.push(std::mem::take(&mut now));
            }
            k += 1.0;
        }
        if !now.is_empty() {
            now.push(b);
        }
    }
    out.push(now);
    out.retain(|d| d.len() > 1);
    out
}

/// Rising heights moved as little as need be to lie `gap` apart and inside of a range.
pub fn apart(heights: &[f32], gap: f32, inside: RangeInclusive<f32>) -> Vec<f32> {
    let mut out = heights.to_vec();
    let mut least = *inside.start();
    for y in &mut out {
        *y = y.max(least);
        least = *y + gap;
    }
    let mut most = *inside.end();
    for y in out.iter_mut().rev() {
        *y = y.min(most);
        most = *y - gap;
    }
    out
}

/// Of small text, in points.
pub fn text_width(ui: &Ui, text: &str) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), theme::small(), Color32::WHITE).size().x
}

/// Small text on a patch of the plot's ground.
pub fn text(ui: &Ui, shapes: &mut Vec<Shape>, at: Pos2, anchor: Align2, text: &str, colour: Color32, theme: &Palette) {
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::small(), colour);
    let rect = anchor.anchor_size(at, galley.size());
    shapes.push(Shape::rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, theme.ground.gamma_multiply(0.75)));
    shapes.push(Shape::galley(rect.min, galley, colour));
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn names_lie_apart_and_inside() {
        assert_eq!(apart(&[10.0, 50.0], 13.0, 0.0..=100.0), [10.0, 50.0]);
        assert_eq!(apart(&[10.0, 12.0, 13.0], 13.0, 0.0..=100.0), [10.0, 23.0, 36.0]);
        assert_eq!(apart(&[90.0, 95.0, 99.0], 13.0, 0.0..=100.0), [74.0, 87.0, 100.0]);
        assert_eq!(apart(&[-5.0], 13.0, 7.0..=93.0), [7.0]);
    }

    #[test]
    fn dashes_are_measured_along_x() {
        let line = [pos2(0.0, 0.0), pos2(10.0, 10.0), pos2(20.0, 0.0)];
        let dashes = dashed(&line, [6.0, 2.0]);
        let ends: Vec<(f32, f32)> = dashes.iter().map(|d| (d[0].x, d[d.len() - 1].x)).collect();
        assert_eq!(ends, [(0.0, 6.0), (8.0, 14.0), (16.0, 20.0)]);
        assert_eq!(dashes[1], [pos2(8.0, 8.0), pos2(10.0, 10.0), pos2(14.0, 6.0)]);
        assert_eq!(dashed(&line, DASHES[0]), [line.to_vec()]);
        assert!(dashed(&line[..1], [6.0, 2.0]).is_empty());
    }
}
