//! The map, what is marked on it, its axes and its colour bar.

use std::sync::Arc;

use egui::epaint::{Mesh, TextShape};
use egui::{
    Align2, Color32, ColorImage, Context, Painter, Pos2, Rect, Shape, TextureHandle, TextureOptions, pos2, vec2,
};

use super::model::{self, Map, Scale};
use crate::gui::colormap::{OVER, UNDER, viridis};
use crate::gui::format;
use crate::gui::survey::Measured;
use crate::gui::theme::{Marks, Theme, small};
use crate::landscape::{Foot, Grid};

/// Room around the map for the numbers and names of its axes.
pub const LEFT: f32 = 54.0;
pub const BELOW: f32 = 30.0;
pub const ABOVE: f32 = 6.0;
/// Room beside the map for the colour bar.
pub const RIGHT: f32 = 60.0;

/// A mark is drawn in both, the first so much wider on every side.
const TONES: [(Color32, f32); 2] = [(UNDER, 1.2), (OVER, 0.0)];

/// One pixel a cell, a to the right and b upwards; cells that are not known are left out.
pub fn picture(grid: Grid, cells: &[f64], scale: Option<Scale>) -> ColorImage {
    let n = grid.points;
    let mut image = ColorImage::filled([n, n], Color32::TRANSPARENT);
    for (index, &loss) in cells.iter().enumerate().filter(|(_, loss)| loss.is_finite()) {
        let (i, j) = (index / n, index % n);
        image.pixels[(n - 1 - j) * n + i] = scale.map_or(Color32::TRANSPARENT, |s| viridis(s.place(loss)));
    }
    image
}

/// Puts the picture where the old one was.
pub fn load(ctx: &Context, texture: &mut Option<TextureHandle>, image: ColorImage) {
    match texture {
        Some(texture) => texture.set(image, TextureOptions::NEAREST),
        None => *texture = Some(ctx.load_texture("landscape", image, TextureOptions::NEAREST)),
    }
}

/// The cells; where none is known the ground shows, hatched.
pub fn cells(painter: &Painter, map: &Map, grid: Grid, texture: &TextureHandle, gaps: bool, theme: &Theme) {
    let rect = map.whole(grid);
    if gaps {
        hatch(&painter.with_clip_rect(map.rect.intersect(rect)), map.rect.intersect(rect), theme);
    }
    let uv = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    painter.with_clip_rect(map.rect).image(texture.id(), rect, uv, Color32::WHITE);
}

fn hatch(painter: &Painter, rect: Rect, theme: &Theme) {
    const GAP: f32 = 7.0;
    let mut mesh = Mesh::default();
    let lines = ((rect.width() + rect.height()) / GAP) as usize;
    for k in 1..=lines {
        let x = rect.left() + k as f32 * GAP;
        mesh.stroke(pos2(x, rect.top()), pos2(x - rect.height(), rect.bottom()), 1.0, theme.line);
    }
    painter.add(Shape::mesh(mesh));
}

/// The run's path on the plane, and a cross around the centre that leaves the centre itself open.
pub fn path(painter: &Painter, map: &Map, m: &Measured) {
    let painter = painter.with_clip_rect(map.rect);
    let points = way(map, &m.path);
    let centre = map.pos(0.0, 0.0);
    for (colour, more) in TONES {
        let mut line = Mesh::default();
        for pair in points.windows(2) {
            line.stroke(pair[0], pair[1], 1.4 + 2.0 * more, colour);
        }
        painter.add(Shape::mesh(line));
        for point in &points {
            painter.circle_filled(*point, 1.8 + more, colour);
        }
    }
    for (colour, more) in TONES {
        let mut cross = Mesh::default();
        for side in [vec2(1.0, 0.0), vec2(0.0, 1.0)].into_iter().flat_map(|s| [s, -s]) {
            cross.stroke(centre + side * (5.0 - more), centre + side * (11.0 + more), 1.6 + 2.0 * more, colour);
        }
        painter.add(Shape::mesh(cross));
    }
    if let [start, _, ..] = points[..]
        && map.rect.contains(start)
        && (start - centre).length() > 16.0
    {
        // away from the path, unless it would be cut off there
        let to_the_right =
            (start.x > centre.x && start.x < map.rect.right() - 45.0) || start.x < map.rect.left() + 45.0;
        let (side, anchor) = if to_the_right { (9.0, Align2::LEFT_CENTER) } else { (-9.0, Align2::RIGHT_CENTER) };
        let y = start.y.clamp(map.rect.top() + 8.0, map.rect.bottom() - 8.0);
        label(&painter, pos2(start.x + side, y), anchor, "start");
    }
}

/// The points of the path on the screen, first and last among them, without those that lie on top of the one before.
fn way(map: &Map, path: &[(u64, Foot)]) -> Vec<Pos2> {
    const APART: f32 = 5.0;
    let mut points: Vec<Pos2> = Vec::new();
    for (k, (_, foot)) in path.iter().enumerate() {
        let pos = map.pos(foot.a, foot.b);
        if points.last().is_none_or(|last| (pos - *last).length() >= APART) {
            points.push(pos);
        } else if k + 1 == path.len() && points.len() > 1 {
            *points.last_mut().expect("there is more than one") = pos;
        }
    }
    points
}

/// Text on top of the map, on a plate of its own.
pub fn label(painter: &Painter, at: Pos2, anchor: Align2, text: &str) {
    let galley = painter.layout_no_wrap(text.to_owned(), small(), OVER);
    let rect = anchor.anchor_size(at, galley.size());
    painter.rect_filled(rect.expand2(vec2(4.0, 1.0)), 3.0, UNDER.gamma_multiply(0.8));
    painter.galley(rect.min, galley, OVER);
}

/// The outline of a cell.
pub fn outline(painter: &Painter, map: &Map, cell: Rect) {
    let painter = painter.with_clip_rect(map.rect);
    for (colour, more) in TONES {
        painter.rect_stroke(cell.shrink(more), 0.0, (1.4 + 2.0 * more, colour), egui::StrokeKind::Outside);
    }
}

/// Frame, ticks and names of both directions.
pub fn axes(painter: &Painter, map: &Map, theme: &Theme) {
    let rect = map.rect;
    painter.rect_stroke(rect, 0.0, (1.0, theme.line), egui::StrokeKind::Outside);
    let (least, greatest) = (map.point(rect.left_bottom()), map.point(rect.right_top()));
    let most = (rect.width() / 42.0).clamp(3.0, 10.0) as usize;
    for (x, text) in model::ticks(least.0, greatest.0, most) {
        let at = pos2(map.pos(x, 0.0).x, rect.bottom());
        painter.line_segment([at, at + vec2(0.0, 3.0)], (1.0, theme.faint));
        painter.text(at + vec2(0.0, 3.0), Align2::CENTER_TOP, text, small(), theme.faint);
    }
    for (y, text) in model::ticks(least.1, greatest.1, most) {
        let at = pos2(rect.left(), map.pos(0.0, y).y);
        painter.line_segment([at, at - vec2(3.0, 0.0)], (1.0, theme.faint));
        painter.text(at - vec2(5.0, 0.0), Align2::RIGHT_CENTER, text, small(), theme.faint);
    }
    let [name, upright] = ["direction 1", "direction 2"].map(|direction| {
        let full = painter.layout_no_wrap(format!("{direction}, in the weights' own size"), small(), theme.ink);
        let fits = full.size().x <= rect.width();
        if fits { full } else { painter.layout_no_wrap(direction.to_owned(), small(), theme.ink) }
    });
    let size = name.size();
    painter.galley(pos2(rect.center().x - size.x / 2.0, rect.bottom() + BELOW - size.y), name, theme.ink);
    let at = pos2(rect.left() - LEFT, rect.center().y + upright.size().x / 2.0);
    painter.add(TextShape::new(at, upright, theme.ink).with_angle(-std::f32::consts::FRAC_PI_2));
}

/// The colours from the least loss (below) to the greatest, with both ends labelled and ticks between them.
pub fn colour_bar(painter: &Painter, rect: Rect, scale: Scale, theme: &Theme) {
    const STRIPS: usize = 64;
    let mut mesh = Mesh::default();
    for k in 0..STRIPS {
        let y = |k: usize| rect.bottom() - rect.height() * k as f32 / STRIPS as f32;
        let strip = Rect::from_x_y_ranges(rect.x_range(), y(k + 1)..=y(k));
        let colour = viridis(if scale.least < scale.greatest { (k as f32 + 0.5) / STRIPS as f32 } else { 0.0 });
        mesh.add_colored_rect(strip, colour);
    }
    painter.add(Shape::Mesh(Arc::new(mesh)));
    painter.rect_stroke(rect, 0.0, (1.0, theme.line), egui::StrokeKind::Outside);
    let text = |y: f32, anchor: Align2, text: String, colour| {
        painter.line_segment([pos2(rect.right(), y), pos2(rect.right() + 3.0, y)], (1.0, theme.faint));
        painter.text(pos2(rect.right() + 5.0, y), anchor, text, small(), colour)
    };
    let high = text(rect.top(), Align2::LEFT_CENTER, format::value(scale.greatest), theme.ink);
    let low = text(rect.bottom(), Align2::LEFT_CENTER, format::value(scale.least), theme.ink);
    for (loss, name) in scale.ticks((rect.height() / 32.0) as usize) {
        let y = rect.bottom() - rect.height() * scale.place(loss);
        if y > high.bottom() + 7.0 && y < low.top() - 7.0 {
            text(y, Align2::LEFT_CENTER, name, theme.faint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::panels::landscape::model::View;

    #[test]
    fn the_picture_has_a_to_the_right_and_b_upwards() {
        let grid = Grid { points: 3, range: 1.0 };
        let mut cells = vec![f64::NAN; 9];
        // a greatest, b least: the lower right corner
        cells[2 * 3] = 5.0;
        let scale = Some(Scale { least: 0.0, greatest: 5.0, log: false });
        let image = picture(grid, &cells, scale);
        assert_eq!(image.pixels[8], viridis(1.0));
        assert!(image.pixels[..8].iter().all(|p| *p == Color32::TRANSPARENT));
    }

    #[test]
    fn a_path_begins_at_its_start_and_ends_in_the_centre() {
        let grid = Grid { points: 51, range: 1.0 };
        let rect = Rect::from_min_size(Pos2::ZERO, vec2(200.0, 200.0));
        let map = Map { view: View::whole(grid), rect };
        let foot = |a| Foot { a, b: 0.0, distance: 0.0 };
        let path: Vec<(u64, Foot)> = (0..=1000).map(|k| (k, foot(-0.5 + k as f64 / 2000.0))).collect();
        let points = way(&map, &path);
        assert!(points.len() > 5 && points.len() < 12, "{}", points.len());
        assert_eq!((points[0], *points.last().unwrap()), (map.pos(-0.5, 0.0), map.pos(0.0, 0.0)));
        assert_eq!(way(&map, &path[1000..]), [map.pos(0.0, 0.0)]);
    }
}
