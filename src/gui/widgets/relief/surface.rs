//! A surface that can be turned, as it is drawn.

use std::sync::Arc;

use egui::{Align2, Painter, Pos2, Rect, Stroke, Ui, vec2};

use super::solid::{SolidSurface, Viewpoint};
use crate::gui::theme::{Palette, small};

/// Turns and zooms by what the pointer did to `response`.
pub fn turned(ui: &Ui, response: &egui::Response, turn: Viewpoint) -> Viewpoint {
    if response.double_clicked() {
        return Viewpoint::default();
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
pub struct SurfaceFacets(Option<(u64, Viewpoint, Rect, Arc<egui::Mesh>)>);

impl SurfaceFacets {
    /// Of a surface whose heights and colours have the number `version`.
    pub fn of(&mut self, version: u64, turn: Viewpoint, rect: Rect, solid: &SolidSurface) -> Arc<egui::Mesh> {
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
    solid: &SolidSurface,
    facets: Arc<egui::Mesh>,
    names: Option<[&str; 2]>,
    theme: &Palette,
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
fn ground(painter: &Painter, solid: &SolidSurface, corners: [Pos2; 4], theme: &Palette) {
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
