//! The landscape as a surface that can be turned.

use std::sync::Arc;

use egui::{Align2, Painter, Pos2, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::solid::{Projection, Solid, Turn};
use super::{LandscapePanel, paint};
use crate::gui::action::Action;
use crate::gui::state::Look;
use crate::gui::survey::{Cell, Measured};
use crate::gui::theme::{Theme, small};
use crate::landscape::Grid;

/// Turns and zooms by what the pointer did to `response`.
pub fn turned(ui: &Ui, response: &egui::Response, turn: Turn) -> Turn {
    if response.double_clicked() {
        return Turn::default();
    }
    let mut turn = if response.dragged() { turn.dragged(response.drag_delta()) } else { turn };
    if response.hovered() {
        let (scroll, pinch) = ui.input(|i| (i.smooth_scroll_delta().y, i.zoom_delta()));
        let factor = pinch * (scroll / 200.0).exp();
        if factor != 1.0 {
            turn = turn.zoomed(factor);
        }
    }
    turn
}

/// The facets as they were drawn last: they are made again when the surface was turned, or is another one.
#[derive(Default)]
pub struct Facets(Option<(u64, Turn, Rect, Arc<egui::Mesh>)>);

impl Facets {
    /// Of a surface whose heights and colours have the number `version`.
    pub fn of(&mut self, version: u64, turn: Turn, rect: Rect, solid: &Solid) -> Arc<egui::Mesh> {
        match &self.0 {
            Some((v, t, r, mesh)) if (*v, *t, *r) == (version, turn, rect) => Arc::clone(mesh),
            _ => {
                let mesh = Arc::new(solid.mesh());
                self.0 = Some((version, turn, rect, Arc::clone(&mesh)));
                mesh
            }
        }
    }
}

/// Draws a surface over its ground, with the names of the ground's sides where there are some.
pub fn draw(
    painter: &Painter,
    rect: Rect,
    solid: &Solid,
    facets: Arc<egui::Mesh>,
    names: Option<[&str; 2]>,
    theme: &Theme,
) {
    let painter = painter.with_clip_rect(rect);
    painter.rect_filled(rect, 0.0, theme.ground);
    let p = &solid.projection;
    let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(x, y)| p.pos(x, y, 0.0));
    ground(&painter, solid, corners, theme);
    painter.add(facets);
    for (n, name) in names.into_iter().flatten().enumerate() {
        // along the side that is nearer to the eye
        let side = |s: f32| {
            if n == 0 { [p.pos(0.0, s, 0.0), p.pos(1.0, s, 0.0)] } else { [p.pos(s, 0.0, 0.0), p.pos(s, 1.0, 0.0)] }
        };
        let [middle, end] = if side(1.0)[0].y > side(-1.0)[0].y { side(1.0) } else { side(-1.0) };
        let anchor = if middle.x >= rect.center().x { Align2::LEFT_TOP } else { Align2::RIGHT_TOP };
        painter.text(middle + vec2(0.0, 5.0), anchor, name, small(), theme.ink);
        let anchor = if end.x >= rect.center().x { Align2::LEFT_TOP } else { Align2::RIGHT_TOP };
        painter.text(end + vec2(0.0, 2.0), anchor, "+", small(), theme.faint);
    }
}

/// The ground, hatched where cells are missing.
fn ground(painter: &Painter, solid: &Solid, corners: [Pos2; 4], theme: &Theme) {
    if solid.heights.iter().any(|h| h.is_nan()) {
        const LINES: usize = 40;
        for k in 0..=LINES {
            let at = 2.0 * k as f32 / LINES as f32 - 1.0;
            let line = [solid.projection.pos(at, -1.0, 0.0), solid.projection.pos(at, 1.0, 0.0)];
            painter.line_segment(line, (1.0, theme.line));
        }
    }
    painter.add(egui::Shape::closed_line(corners.to_vec(), Stroke::new(1.0, theme.line)));
}

/// The outline of a cell's top, and a pin above it.
fn mark(painter: &Painter, solid: &Solid, (i, j): Cell, pin: bool) {
    let top = solid.top(i, j);
    let middle = top.iter().fold(egui::Vec2::ZERO, |sum, p| sum + p.to_vec2()) / 4.0;
    for (colour, more) in paint::TONES {
        painter.add(egui::Shape::closed_line(top.to_vec(), Stroke::new(1.4 + 2.0 * more, colour)));
        if pin {
            let at = middle.to_pos2();
            painter.line_segment([at, at - vec2(0.0, 18.0)], Stroke::new(1.4 + 2.0 * more, colour));
            painter.circle_filled(at - vec2(0.0, 19.0), 3.4 + more, colour);
        }
    }
}

impl LandscapePanel {
    /// The surface within `rect`. The cell under the pointer.
    pub(super) fn surface(
        &mut self,
        ui: &mut Ui,
        look: Look,
        m: &Measured,
        rect: Rect,
        actions: &mut Vec<Action>,
    ) -> Option<Cell> {
        let grid: Grid = m.grid();
        let area =
            Rect::from_min_max(rect.min + vec2(0.0, paint::ABOVE), rect.max - vec2(paint::RIGHT + 6.0, paint::BELOW));
        if area.width().min(area.height()) < super::LEAST_SIDE {
            return None;
        }
        let response = ui.interact(area, ui.scope_id().with("surface"), Sense::click_and_drag());
        let name = format!("Surface of the loss, {0} × {0} points", grid.points);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
        self.turn = turned(ui, &response, self.turn);
        let projection = Projection::new(self.turn, area.shrink(14.0));
        let (heights, colours) = (&self.picture.heights, &self.picture.colours);
        let solid = Solid { points: grid.points, heights, colours, projection };
        let pointer = response.hover_pos().filter(|_| !response.dragged());
        let cell = pointer.and_then(|pos| solid.cell_at(pos));
        let facets = self.facets.of(self.picture.version, self.turn, area, &solid);
        let names = super::axes(look);
        draw(ui.painter(), area, &solid, facets, Some(names.each_ref().map(String::as_str)), look.theme);
        let painter = ui.painter().with_clip_rect(area);
        path(&painter, m, &solid);
        mark(&painter, &solid, (grid.points / 2, grid.points / 2), false);
        if let Some(pinned) = look.landscape.pinned.filter(|(i, j)| *i < grid.points && *j < grid.points) {
            mark(&painter, &solid, pinned, true);
        }
        if let Some(cell) = cell {
            mark(&painter, &solid, cell, false);
        }
        let bar = Rect::from_min_max(pos2(area.right() + 8.0, area.top()), pos2(area.right() + 19.0, area.bottom()));
        self.picture.bar(ui, look, bar);
        self.point(ui, look, &response, cell, actions);
        cell
    }
}

/// The run's path on top of the cells that its feet lie in; where it is outside of the grid it is not drawn.
fn path(painter: &Painter, m: &Measured, solid: &Solid) {
    let Some(path) = m.paths.first() else { return };
    let grid = m.grid();
    let reach = f64::from(grid.range) + 0.5 * f64::from(grid.spacing());
    let on_top = |foot: &crate::landscape::ProjectedPoint| {
        let (i, j) = super::model::cell_at(grid, (foot.a, foot.b))?;
        let height = solid.heights[i * grid.points + j];
        let height = if height.is_nan() { 0.0 } else { height };
        Some(solid.projection.pos((foot.a / reach) as f32, (foot.b / reach) as f32, height))
    };
    let points: Vec<Option<Pos2>> = path.points.iter().map(|placed| on_top(&placed.foot)).collect();
    for (colour, more) in paint::TONES {
        let stroke = Stroke::new(1.4 + 2.0 * more, colour);
        for pair in points.windows(2) {
            if let [Some(from), Some(to)] = pair[..] {
                painter.line_segment([from, to], stroke);
            }
        }
    }
}
