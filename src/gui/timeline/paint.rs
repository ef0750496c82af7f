//! The pixels of the timeline. A column of them shows the extremes of what it stands for.

use egui::epaint::Mesh;
use egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::model::{self, Column, NAMES, Window};
use crate::gui::state::ViewContext;
use crate::gui::theme::{self, Marks};
use crate::text;

/// Height of a row of changes.
const ROW: f32 = 11.0;
/// Height that the marks take at the top of the zoomed part.
const MARKS: f32 = 9.0;

/// The whole run, the zoomed part of it as a box, and the moment that is looked at.
pub fn strip(ui: &Ui, cx: ViewContext, area: Rect, whole: Window, window: Option<Window>) {
    let (painter, t) = (ui.painter_at(area.expand2(vec2(NAMES, 2.0))), cx.theme);
    painter.rect_filled(area, 2.0, t.ground);
    let columns = model::columns(&cx.run.curves, whole, area.width().max(1.0) as usize);
    loss(&painter, area.shrink2(vec2(0.0, 1.0)), &columns, t.faint);
    if let Some(window) = window {
        let (left, right) = (whole.x_of(area, window.from), whole.x_of(area, window.to));
        let part = Rect::from_x_y_ranges(left..=right.max(left + 4.0), area.y_range());
        painter.rect_filled(part, 2.0, t.focus.gamma_multiply(0.2));
        painter.rect_stroke(part, 2.0, Stroke::new(1.0, t.focus), egui::StrokeKind::Inside);
    }
    name(&painter, cx, area.left(), area.center().y, "whole run");
    playhead(&painter, cx, area, whole, false);
}

/// The zoomed part.
pub fn detail(ui: &Ui, cx: ViewContext, area: Rect, window: Window, columns: &[Column]) {
    let (painter, t) = (ui.painter_at(area.expand2(vec2(NAMES, 0.0))), cx.theme);
    painter.rect_filled(area, 2.0, t.ground);
    let rows = area.bottom() - 3.0 * ROW - 2.0;
    let curve = Rect::from_min_max(area.left_top() + vec2(0.0, MARKS), pos2(area.right(), rows - 2.0));
    loss(&painter, curve, columns, t.ink);
    name(&painter, cx, area.left(), curve.center().y, "loss");
    let kinds = [("created", t.created), ("removed", t.removed), ("shifted", t.shifted)];
    for (k, (text, colour)) in kinds.into_iter().enumerate() {
        let top = rows + ROW * k as f32;
        let row = Rect::from_min_max(pos2(area.left(), top), pos2(area.right(), top + ROW - 1.0));
        density(&painter, row, columns, k, colour);
        name(&painter, cx, area.left(), row.center().y, text);
    }
    marks(&painter, cx, area, window);
    playhead(&painter, cx, area, window, true);
}

fn name(painter: &Painter, cx: ViewContext, right: f32, y: f32, text: &str) {
    painter.text(pos2(right - 6.0, y), Align2::RIGHT_CENTER, text, theme::small(), cx.theme.faint);
}

/// A stroke in each column from the least to the greatest loss, joined to its neighbours.
fn loss(painter: &Painter, area: Rect, columns: &[Column], colour: Color32) {
    let Some((low, high)) = model::extent(columns) else { return };
    let (low, high) = (low.min(0.0), if high > low { high } else { low + 1.0 });
    let y = |value: f64| area.bottom() - ((value - low) / (high - low)) as f32 * (area.height() - 1.0) - 0.5;
    let (mut mesh, mut before) = (Mesh::default(), None::<(f64, f64)>);
    for (n, column) in columns.iter().enumerate() {
        let Some((min, max)) = column.loss else {
            before = None;
            continue;
        };
        // a jump between two columns is a line, not a gap
        let (from, to) = before.map_or((min, max), |(low, high)| (min.min(high), max.max(low)));
        let (top, bottom) = (y(to), y(from));
        let height = (bottom - top).max(1.2);
        let centre = pos2(area.left() + n as f32 + 0.5, (top + bottom) / 2.0);
        mesh.bar(centre, vec2(1.0, height), colour);
        before = Some((min, max));
    }
    painter.add(Shape::mesh(mesh));
}

/// A bar in each column in which anything happened, at least two points high.
fn density(painter: &Painter, area: Rect, columns: &[Column], kind: usize, colour: Color32) {
    let most = columns.iter().map(|column| column.changes[kind]).fold(1.0, f64::max);
    let mut mesh = Mesh::default();
    for (n, column) in columns.iter().enumerate().filter(|(_, column)| column.changes[kind] > 0.0) {
        let height = ((column.changes[kind] / most).sqrt() as f32 * area.height()).max(2.0);
        let centre = pos2(area.left() + n as f32 + 0.5, area.bottom() - height / 2.0);
        mesh.bar(centre, vec2(1.0, height), colour);
    }
    painter.add(Shape::mesh(mesh));
    painter.hline(area.x_range(), area.bottom(), Stroke::new(0.5, colour.gamma_multiply(0.3)));
}

/// What was done to the run, epochs, pins, and where it leaves another run.
fn marks(painter: &Painter, cx: ViewContext, area: Rect, window: Window) {
    let t = cx.theme;
    let x = |update: u64| Some(window.x_of(area, update as f64)).filter(|x| area.x_range().contains(*x));
    let mut mesh = Mesh::default();
    for epoch in cx.run.epochs.iter().filter_map(|epoch| x(epoch.update)) {
        mesh.stroke(pos2(epoch, area.top()), pos2(epoch, area.top() + 4.0), 1.0, t.faint);
    }
    for mark in &cx.run.marks {
        if let Some(x) = x(mark.update) {
            let colour = mark.rule.map_or(t.ink, |rule| t.rule(rule));
            mesh.stroke(pos2(x, area.top()), pos2(x, area.bottom()), 1.0, colour.gamma_multiply(0.5));
            let c = pos2(x, area.top() + 4.0);
            mesh.triangle_of([c + vec2(-3.5, -4.0), c + vec2(3.5, -4.0), c + vec2(0.0, 3.0)], colour);
        }
    }
    if let Some(x) = cx.run.parent.and_then(|(_, update)| x(update)) {
        mesh.stroke(pos2(x, area.top()), pos2(x, area.bottom()), 1.5, t.focus);
        mesh.ring(pos2(x, area.top() + 5.0), 3.0, t.focus);
    }
    for pin in cx.time.pins.iter().filter(|pin| pin.start == cx.run.start) {
        if let Some(x) = x(pin.update) {
            mesh.stroke(pos2(x, area.top()), pos2(x, area.bottom()), 1.0, t.target);
            mesh.bar(pos2(x + 3.5, area.top() + 4.0), vec2(7.0, 7.0), t.target);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// The moment that the views show, and the one that is on its way to them.
fn playhead(painter: &Painter, cx: ViewContext, area: Rect, window: Window, named: bool) {
    let t = cx.theme;
    let inside = |update: u64| {
        let x = window.x_of(area, update as f64);
        (x >= area.left() - 1.0 && x <= area.right() + 1.0).then_some(x)
    };
    let shown = cx.run.update();
    if let Some(x) = cx.time.at.filter(|at| *at != shown).and_then(inside) {
        for shape in Shape::dashed_line(&[pos2(x, area.top()), pos2(x, area.bottom())], line(t.focus), 3.0, 3.0) {
            painter.add(shape);
        }
    }
    let Some(x) = inside(shown) else { return };
    painter.line_segment([pos2(x, area.top()), pos2(x, area.bottom())], Stroke::new(1.5, t.focus));
    if named {
        let mut mesh = Mesh::default();
        let c = pos2(x, area.bottom());
        mesh.triangle_of([c + vec2(-5.0, 0.0), c + vec2(5.0, 0.0), c + vec2(0.0, -7.0)], t.focus);
        painter.add(Shape::mesh(mesh));
        label(painter, cx, area, x, &text::whole(shown));
    }
}

fn line(colour: Color32) -> Stroke {
    Stroke::new(1.0, colour)
}

/// The number of the update at the playhead, to its left where there is no room to its right.
fn label(painter: &Painter, cx: ViewContext, area: Rect, x: f32, text: &str) {
    let galley = painter.layout_no_wrap(text.to_owned(), theme::small(), cx.theme.ink);
    let size = galley.size();
    let left = if x + size.x + 8.0 > area.right() { x - size.x - 6.0 } else { x + 4.0 };
    let corner: Pos2 = pos2(left, area.top() + MARKS);
    let ground = Rect::from_min_size(corner, size).expand2(vec2(2.0, 0.0));
    painter.rect_filled(ground, 2.0, cx.theme.ground.gamma_multiply(0.8));
    painter.galley(corner, galley, cx.theme.ink);
}
