//! The lanes as they are drawn: update by update from −1 to 1.

use egui::{Align2, Color32, Pos2, Rangef, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::gui::state::ViewContext;
use crate::gui::theme::small;
use crate::gui::widgets::run_style::paint_swatch;
use crate::gui::widgets::strokes::dashed;
use crate::picture::ticks;
use crate::text::{signed, whole};

/// One layer.
pub struct AgreementLane {
    pub name: String,
    pub lines: Vec<AgreementLine>,
}

/// One pair of gradients: the cosine after so many updates, none where one of them is zero.
pub struct AgreementLine {
    pub name: String,
    pub colour: Color32,
    pub dashes: [f32; 2],
    pub points: Vec<(u64, Option<f64>)>,
}

/// Left of the lanes, for their names and numbers.
const GUTTER: f32 = 62.0;
const LEAST_LANE: f32 = 46.0;
const MOST_LANE: f32 = 150.0;
const AXIS: f32 = 18.0;
/// So few measurements are marked each, so that nobody takes the line between for measured.
const MOST_DOTS: usize = 60;

/// A measurement this many times as far away as usual is not joined with the one before.
const FAR: u64 = 4;

/// Draws legend, lanes and the axis of updates.
pub fn show(ui: &mut Ui, cx: ViewContext, lanes: &[AgreementLane]) {
    legend(ui, cx, &lanes[0].lines);
    let room = (ui.available_height() - AXIS - 4.0) / lanes.len() as f32 - 6.0;
    let height = room.clamp(LEAST_LANE, MOST_LANE);
    let updates = || lanes.iter().flat_map(|lane| &lane.lines).flat_map(|line| &line.points).map(|(update, _)| *update);
    let (first, last) = (updates().min().unwrap_or(0), updates().max().unwrap_or(0));
    let span = [first as f64, last.max(first + 1) as f64];
    let width = ui.available_width();
    let mut x = Rangef::new(0.0, 1.0);
    for lane in lanes {
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        x = Rangef::new(rect.left() + GUTTER, rect.right() - 8.0);
        let plot = Rect::from_x_y_ranges(x, rect.y_range());
        paint(ui, cx, lane, plot, span);
        let told = told(lane, last);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, &told));
        if let Some(pos) = response.hover_pos().filter(|pos| plot.contains(*pos)) {
            let share = f64::from((pos.x - x.min) / x.span());
            let update = span[0] + share * (span[1] - span[0]);
            ui.painter().vline(pos.x, plot.y_range(), Stroke::new(1.0, cx.theme.focus.gamma_multiply(0.7)));
            response.on_hover_text_at_pointer(told_at(lane, update));
        }
    }
    let (rect, _) = ui.allocate_exact_size(vec2(width, AXIS), Sense::hover());
    axis(ui, cx, x, rect.top(), span);
}

fn legend(ui: &mut Ui, cx: ViewContext, lines: &[AgreementLine]) {
    ui.horizontal_wrapped(|ui| {
        for line in lines {
            // the name stays with its stroke
            ui.scope(|ui| {
                ui.horizontal(|ui| {
                    let (rect, _) = ui.allocate_exact_size(vec2(26.0, 12.0), Sense::hover());
                    paint_swatch(ui, rect, line.colour, line.dashes);
                    ui.label(egui::RichText::new(&line.name).font(small()).color(cx.theme.ink));
                });
            });
        }
    });
}

fn paint(ui: &Ui, cx: ViewContext, lane: &AgreementLane, plot: Rect, span: [f64; 2]) {
    let painter = ui.painter();
    painter.rect_filled(plot, 0.0, cx.theme.ground);
    let y = |cosine: f64| plot.center().y - (cosine as f32) * (plot.height() / 2.0 - 3.0);
    for (cosine, name) in [(1.0, "1"), (0.0, "0"), (-1.0, "−1")] {
        let line = painter.round_to_pixel_center(y(cosine));
        painter.hline(
            plot.x_range(),
            line,
            Stroke::new(1.0, cx.theme.line.gamma_multiply(if cosine == 0.0 { 1.0 } else { 0.5 })),
        );
        painter.text(pos2(plot.left() - 4.0, line), Align2::RIGHT_CENTER, name, small(), cx.theme.faint);
    }
    let at = pos2(plot.left() - GUTTER, plot.center().y - 12.0);
    painter.text(at, Align2::LEFT_CENTER, &lane.name, small(), cx.theme.ink);
    let x = |update: u64| plot.left() + plot.width() * ((update as f64 - span[0]) / (span[1] - span[0])) as f32;
    for line in &lane.lines {
        let pieces = pieces(&line.points);
        let marked = line.points.len() <= MOST_DOTS;
        for piece in &pieces {
            let path: Vec<Pos2> = piece.iter().map(|(u, cosine)| pos2(x(*u), y(*cosine))).collect();
            let ends = [0, path.len() - 1].map(|n| path[n]);
            // where the line has gaps, its ends are marked: they were measured
            let marks = if marked {
                &path[..]
            } else if pieces.len() > 1 || path.len() == 1 {
                &ends[..]
            } else {
                &[]
            };
            for at in marks {
                painter.circle_filled(*at, 2.0, line.colour);
            }
            for dash in dashed(&path, line.dashes) {
                painter.add(Shape::line(dash, Stroke::new(1.6, line.colour)));
            }
        }
    }
}

/// The parts of a line between which nothing was measured: where one of its gradients is zero, and where the next measurement
/// is much farther away than usual. None is empty.
fn pieces(points: &[(u64, Option<f64>)]) -> Vec<Vec<(u64, f64)>> {
    let mut steps: Vec<u64> = points.windows(2).map(|pair| pair[1].0 - pair[0].0).filter(|step| *step > 0).collect();
    steps.sort_unstable();
    let usual = steps.get(steps.len().saturating_sub(1) / 2).copied().unwrap_or(u64::MAX);
    let mut pieces: Vec<Vec<(u64, f64)>> = Vec::new();
    let mut before = None;
    for &(update, cosine) in points {
        let Some(cosine) = cosine else {
            before = None;
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if before.is_some_and(|at| update - at <= usual.saturating_mul(FAR)) => {
                piece.push((update, cosine));
            }
            _ => pieces.push(vec![(update, cosine)]),
        }
        before = Some(update);
    }
    pieces
}

fn axis(ui: &Ui, cx: ViewContext, x: Rangef, top: f32, span: [f64; 2]) {
    let painter = ui.painter();
    for (value, step) in ticks::linear(span[0], span[1], f64::from(x.span() / 60.0), 1.0) {
        let at = x.min + x.span() * ((value - span[0]) / (span[1] - span[0])) as f32;
        painter.vline(at, Rangef::new(top, top + 3.0), Stroke::new(1.0, cx.theme.line));
        let anchor = if at + 16.0 > x.max { Align2::RIGHT_TOP } else { Align2::CENTER_TOP };
        painter.text(pos2(at, top + 4.0), anchor, ticks::label(value, step), small(), cx.theme.faint);
    }
    painter.text(pos2(x.min - GUTTER, top + 4.0), Align2::LEFT_TOP, "update", small(), cx.theme.faint);
}

fn number(cosine: Option<f64>) -> String {
    cosine.map_or("no gradient".into(), |cosine| signed(format!("{cosine:.2}")))
}

/// A lane in words, at its end.
fn told(lane: &AgreementLane, last: u64) -> String {
    let lines = lane
        .lines
        .iter()
        .map(|line| format!("{} {}", line.name, number(line.points.last().and_then(|(_, cosine)| *cosine))));
    format!("Agreement in {} after update {}: {}", lane.name, whole(last), lines.collect::<Vec<_>>().join(", "))
}

/// The same at the measurement nearest to `update`.
fn told_at(lane: &AgreementLane, update: f64) -> String {
    let away = |u: u64| (u as f64 - update).abs();
    let near = |line: &AgreementLine| line.points.iter().copied().min_by(|a, b| away(a.0).total_cmp(&away(b.0)));
    let Some((at, _)) = lane.lines.first().and_then(near) else { return String::new() };
    let lines = lane.lines.iter().map(|line| format!("\n{} {}", line.name, number(near(line).and_then(|p| p.1))));
    format!("{}, measured after update {}{}", lane.name, whole(at), lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_is_a_gap() {
        let at = |updates: &[u64]| updates.iter().map(|u| (*u, Some(0.5))).collect::<Vec<_>>();
        let lengths = |points: &[(u64, Option<f64>)]| pieces(points).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(lengths(&at(&[0, 5, 10, 16, 160, 165, 340])), [4, 2, 1]);
        assert_eq!(lengths(&at(&[0, 100, 210, 300])), [4], "far from each other, but evenly");
        assert_eq!(lengths(&[(0, Some(1.0)), (5, None), (10, Some(0.5)), (15, Some(0.5))]), [1, 2]);
        assert_eq!((lengths(&at(&[7])), lengths(&at(&[0, 180])), lengths(&[])), (vec![1], vec![2], vec![]));
        assert_eq!(lengths(&at(&[0, 10, 190])), [2, 1]);
    }
}
