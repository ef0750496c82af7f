//! How many spikes moved by how much: a bar for each Δ, nothing smoothed.

use egui::epaint::Mesh;
use egui::{Align2, Color32, Rect, Shape, Ui, Vec2, WidgetInfo, pos2, vec2};
use egui_plot::{PlotBounds, PlotTransform};

use crate::gui::state::ViewContext;
use crate::gui::theme::{self, Marks, Palette};
use crate::gui::widgets::painted::{Painted, PaintedItem};
use crate::gui::widgets::plot::{self, AxisScale};
use crate::task::TimeUnit;
use crate::text;

/// Draws the histogram of shifts in a plot of its own; `mean` is that of their sizes, in steps.
pub fn show(ui: &mut Ui, cx: ViewContext, shifts: &[(i64, u32)], mean: f64, dt_ms: f64, height: f32) {
    let unit = if cx.choices.time_unit == TimeUnit::Ms { dt_ms } else { 1.0 };
    let x = AxisScale::Linear { least: 1.0, unit };
    let ms = cx.choices.time_unit == TimeUnit::Ms;
    let mean = format!("mean |Δ| {} {}", text::value(mean * unit), if ms { "ms" } else { "steps" });
    let spoken = format!("Histogram of the shifts, {mean}");
    let name = format!("shifts {}", cx.run.start);
    let plot = plot::base(&name, cx.theme, x, AxisScale::WHOLE)
        .height(height)
        .set_margin_fraction(Vec2::ZERO)
        .label_formatter(move |at| Some(readout(shifts, plot::pointed(at), if ms { Some(dt_ms) } else { None })));
    let above = (ABOVE / (height - AXIS).max(1.0)).clamp(0.12, 0.6);
    let shown = plot.show(ui, move |plot| {
        plot::wheel(plot);
        let hover = plot.response().hover_pos().map(|pos| plot.plot_from_screen(pos).x.round() as i64);
        plot.add(PaintedItem::new("shifts", ShiftBars { shifts, theme: cx.theme, mean, hover, above }));
    });
    shown.response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, &spoken));
}

/// The text at the pointer at a shift of `x` steps.
fn readout(shifts: &[(i64, u32)], x: f64, dt_ms: Option<f64>) -> String {
    let delta = x.round() as i64;
    let count = shifts.iter().find(|(d, _)| *d == delta).map_or(0, |s| s.1);
    let size = match dt_ms {
        Some(dt) => format!("{} ms", text::value(delta.unsigned_abs() as f64 * dt)),
        None if delta.abs() == 1 => "1 step".into(),
        None => format!("{} steps", text::whole(delta.unsigned_abs())),
    };
    let spikes = if count == 1 { "1 spike".into() } else { format!("{} spikes", text::whole(count.into())) };
    match delta {
        0 => "Δ 0: spikes that did not move are not counted here".into(),
        1.. => format!("{size} later: {spikes}"),
        _ => format!("{size} earlier: {spikes}"),
    }
}

struct ShiftBars<'a> {
    shifts: &'a [(i64, u32)],
    theme: &'a Palette,
    /// In words.
    mean: String,
    hover: Option<i64>,
    /// The share of the height that is left free above the bars.
    above: f32,
}

/// Points that the texts above the bars take, and about those of the axis below.
const ABOVE: f32 = 20.0;
const AXIS: f32 = 20.0;

impl Painted for ShiftBars<'_> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let frame = *transform.frame();
        let mut mesh = Mesh::default();
        let at = |x: f64, y: f64| pos2(transform.position_from_point_x(x), transform.position_from_point_y(y));
        let zero = at(0.0, 0.0).x;
        mesh.stroke(pos2(zero, frame.top()), pos2(zero, frame.bottom()), 1.0, self.theme.faint);
        for &(delta, count) in self.shifts {
            let [left, right] = [at(delta as f64 - 0.4, 0.0), at(delta as f64 + 0.4, f64::from(count))];
            // a bar that is there is seen, however far the view is
            let wide = right.x.max(left.x + 1.0);
            let colour = if self.hover == Some(delta) { self.theme.focus } else { self.theme.shifted };
            mesh.add_colored_rect(Rect::from_min_max(pos2(left.x, right.y), pos2(wide, left.y)), colour);
        }
        let y = frame.top() + 9.0;
        let [left, right] = [frame.left() + 5.0, frame.right() - 5.0];
        mesh.arrow(pos2(left + 12.0, y), pos2(left, y), self.theme.faint);
        mesh.arrow(pos2(right - 12.0, y), pos2(right, y), self.theme.faint);
        shapes.push(Shape::mesh(mesh));
        let middle = frame.center().x;
        let mut free = frame.right();
        for (x, anchor, text) in [
            (left + 16.0, Align2::LEFT_CENTER, "earlier"),
            (right - 16.0, Align2::RIGHT_CENTER, "later"),
            (middle, Align2::CENTER_CENTER, &self.mean),
        ] {
            let galley = ui.painter().layout_no_wrap(text.to_owned(), theme::small(), self.theme.ink);
            let rect = anchor.anchor_size(pos2(x, y), galley.size());
            // in a narrow plot, the mean does without its place
            if rect.right() + 4.0 < free || anchor != Align2::CENTER_CENTER {
                // zoomed in, bars reach up here
                shapes.push(Shape::rect_filled(rect.expand2(vec2(3.0, 1.0)), 2.0, self.theme.ground));
                shapes.push(Shape::galley(rect.min, galley, self.theme.ink));
            }
            free = rect.left();
        }
    }

    /// Zero in the middle, and room above the bars for "earlier" and "later".
    fn bounds(&self) -> PlotBounds {
        let widest = self.shifts.iter().map(|s| s.0.unsigned_abs()).max().unwrap_or(0).max(3) as f64 + 0.8;
        let highest = f64::from(self.shifts.iter().map(|s| s.1).max().unwrap_or(0).max(3));
        PlotBounds::from_min_max([-widest, 0.0], [widest, highest / f64::from(1.0 - self.above)])
    }

    fn colour(&self) -> Color32 {
        self.theme.shifted
    }
}

/// Points that a histogram needs to be read.
pub const LEAST_HEIGHT: f32 = 54.0;

/// The text in its place when there is nothing to show.
pub fn empty(ui: &mut Ui, cx: ViewContext, text: &str, height: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), egui::Sense::hover());
    ui.painter().rect_filled(rect, 2.0, cx.theme.ground);
    ui.put(rect.shrink(6.0), egui::Label::new(egui::RichText::new(text).color(cx.theme.faint)).wrap());
}

#[cfg(test)]
mod tests {
    use super::readout;

    #[test]
    fn the_pointer_reads_a_count() {
        let shifts = [(-2, 1), (3, 4000)];
        assert_eq!(readout(&shifts, -1.6, None), "2 steps earlier: 1 spike");
        assert_eq!(readout(&shifts, 3.2, None), "3 steps later: 4,000 spikes");
        assert_eq!(readout(&shifts, 3.2, Some(0.5)), "1.50 ms later: 4,000 spikes");
        assert_eq!(readout(&shifts, 1.0, None), "1 step later: 0 spikes");
        assert!(readout(&shifts, 0.3, None).starts_with("Δ 0"));
    }
}
