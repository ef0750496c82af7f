//! The landscape as a surface that can be turned.

use egui::{Painter, Pos2, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::LandscapePanel;
use crate::gui::action::Action;
use crate::gui::state::ViewContext;
use crate::gui::state::landscape::{GridCell, MeasuredLandscape};
use crate::gui::widgets::relief::map::cell_at;
use crate::gui::widgets::relief::paint;
use crate::gui::widgets::relief::solid::{SolidSurface, SurfaceProjection};
use crate::gui::widgets::relief::surface::{draw, turned};
use crate::landscape::Grid;

/// The outline of a cell's top, and a pin above it.
fn mark(painter: &Painter, solid: &SolidSurface, (i, j): GridCell, pin: bool) {
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
        cx: ViewContext,
        m: &MeasuredLandscape,
        rect: Rect,
        actions: &mut Vec<Action>,
    ) -> Option<GridCell> {
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
        let projection = SurfaceProjection::new(self.turn, area.shrink(14.0));
        let (heights, colours) = (&self.picture.heights, &self.picture.colours);
        let solid = SolidSurface { points: grid.points, heights, colours, projection };
        let pointer = response.hover_pos().filter(|_| !response.dragged());
        let cell = pointer.and_then(|pos| solid.cell_at(pos));
        let facets = self.facets.of(self.picture.version, self.turn, area, &solid);
        let names = super::axes(cx);
        draw(ui.painter(), area, &solid, facets, Some(names.each_ref().map(String::as_str)), cx.theme);
        let painter = ui.painter().with_clip_rect(area);
        path(&painter, m, &solid);
        mark(&painter, &solid, (grid.points / 2, grid.points / 2), false);
        if let Some(pinned) = cx.landscape.pinned_in_view() {
            mark(&painter, &solid, pinned, true);
        }
        if let Some(cell) = cell {
            mark(&painter, &solid, cell, false);
        }
        let bar = Rect::from_min_max(pos2(area.right() + 8.0, area.top()), pos2(area.right() + 19.0, area.bottom()));
        self.picture.bar(ui, cx, bar);
        self.point(ui, cx, &response, cell, actions);
        cell
    }
}

/// The run's path on top of the cells that its feet lie in; where it is outside of the grid it is not drawn.
fn path(painter: &Painter, m: &MeasuredLandscape, solid: &SolidSurface) {
    let Some(path) = m.paths.first() else { return };
    let grid = m.grid();
    let reach = f64::from(grid.range) + 0.5 * f64::from(grid.spacing());
    let on_top = |foot: &crate::landscape::Foot| {
        let (i, j) = cell_at(grid, (foot.a, foot.b))?;
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
