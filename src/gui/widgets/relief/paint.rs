//! The map, what is marked on it, its axes and its colour bar.

use std::sync::Arc;

use egui::epaint::{Mesh, TextShape};
use egui::{
    Align2, Color32, ColorImage, Context, Galley, Painter, Pos2, Rect, Shape, TextureHandle, TextureOptions, Vec2,
    pos2, vec2,
};

use super::map::PlaneMap;
use crate::gui::state::landscape::GridCell;
use crate::gui::theme::{Marks, Palette, small};
use crate::landscape::{Grid, ProjectedMoment, ProjectedPath};
use crate::picture::colormap::{OVER, UNDER, viridis};
use crate::picture::scale::ColourScale;
use crate::picture::ticks;
use crate::text;

/// Room around the map for the numbers and names of its axes.
pub const LEFT: f32 = 54.0;
pub const BELOW: f32 = 30.0;
pub const ABOVE: f32 = 6.0;
/// Room next to the map for the colour bar.
pub const RIGHT: f32 = 60.0;

/// A mark is drawn in both, the first so much wider on every side.
pub const TONES: [(Color32, f32); 2] = [(UNDER, 1.2), (OVER, 0.0)];

/// One pixel a cell, a to the right and b upwards; cells that are not known are left out.
pub fn picture(grid: Grid, cells: &[f64], colour: impl Fn(f64) -> Color32) -> ColorImage {
    let n = grid.points;
    let mut image = ColorImage::filled([n, n], Color32::TRANSPARENT);
    for (index, &value) in cells.iter().enumerate().filter(|(_, value)| value.is_finite()) {
        let (i, j) = (index / n, index % n);
        image.pixels[(n - 1 - j) * n + i] = colour(value);
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

/// The cells of a picture.
pub fn cells(painter: &Painter, map: &PlaneMap, grid: Grid, texture: &TextureHandle) {
    let uv = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    painter.with_clip_rect(map.rect).image(texture.id(), map.whole(grid), uv, Color32::WHITE);
}

/// Strokes over everything that is not measured itself: the ground, or a coarse cell in its place. What is measured is
/// drawn on top of them.
pub fn hatch(painter: &Painter, map: &PlaneMap, grid: Grid, theme: &Palette) {
    const GAP: f32 = 7.0;
    let rect = map.rect.intersect(map.whole(grid));
    let mut mesh = Mesh::default();
    let lines = ((rect.width() + rect.height()) / GAP) as usize;
    for k in 1..=lines {
        let x = rect.left() + k as f32 * GAP;
        mesh.stroke(pos2(x, rect.top()), pos2(x - rect.height(), rect.bottom()), 1.0, theme.faint);
    }
    painter.with_clip_rect(rect).add(Shape::mesh(mesh));
}

/// The runs' paths on the plane, that of the run in view first, and a cross around the centre that leaves the centre
/// itself open. No name lies on what is `taken`.
pub fn paths(painter: &Painter, map: &PlaneMap, grid: Grid, paths: &[ProjectedPath], taken: Option<Rect>) {
    let painter = painter.with_clip_rect(map.rect);
    let centre = map.pos(0.0, 0.0);
    let mut ends = Vec::new();
    for (n, path) in paths.iter().enumerate().rev() {
        let points = way(map, &path.points);
        for (colour, more) in TONES {
            let mut line = Mesh::default();
            for (k, pair) in points.windows(2).enumerate() {
                // earlier runs are dashed
                if n == 0 || k % 2 == 0 {
                    line.stroke(pair[0], pair[1], 1.4 + 2.0 * more, colour);
                }
            }
            painter.add(Shape::mesh(line));
            for point in points.iter().filter(|_| n == 0) {
                painter.circle_filled(*point, 1.8 + more, colour);
            }
        }
        let end = if n == 0 { points.first() } else { points.last() };
        let name = if n == 0 { "start" } else { path.name.split(", seed").next().unwrap_or_default() };
        // it lies at its foot, which may be far from where the weights were
        let away = if n == 0 { path.points.first() } else { path.points.last() }.map_or(0.0, |p| p.foot.distance);
        let far = (away > f64::from(grid.spacing())).then(|| format!("{name}, {} from the plane", text::value(away)));
        let seen = |at: &&Pos2| points.len() > 1 && map.rect.contains(**at) && (**at - centre).length() > 16.0;
        ends.extend(end.filter(seen).map(|at| (*at, far, name.to_owned())));
    }
    // the path of the run in view comes first
    let mut taken: Vec<Rect> = taken.into_iter().chain([Rect::from_center_size(centre, vec2(28.0, 28.0))]).collect();
    for (at, far, name) in ends.into_iter().rev() {
        let galley = |text| painter.layout_no_wrap(text, small(), OVER);
        let mut galleys = far.into_iter().chain([name]).map(galley);
        let placed = |galley: Arc<Galley>| Some((name_place(map.rect, at, centre, galley.size(), &taken)?, galley));
        if let Some((rect, galley)) = galleys.find_map(placed) {
            plate(&painter, rect, galley);
            taken.push(rect);
        }
    }
    for (colour, more) in TONES {
        let mut cross = Mesh::default();
        for side in [vec2(1.0, 0.0), vec2(0.0, 1.0)].into_iter().flat_map(|s| [s, -s]) {
            cross.stroke(centre + side * (5.0 - more), centre + side * (11.0 + more), 1.6 + 2.0 * more, colour);
        }
        painter.add(Shape::mesh(cross));
    }
}

/// A place for the plate of a name of this size next to the end of a path: on the side away from the centre, else on another
/// one; within the map, and on nothing that is taken. `None` where there is none.
fn name_place(map: Rect, at: Pos2, centre: Pos2, size: Vec2, taken: &[Rect]) -> Option<Rect> {
    let size = size + 2.0 * PLATE;
    let room = map.shrink(1.0);
    if size.x > room.width() || size.y > room.height() {
        return None;
    }
    let (beside, below) = (5.0 + size.x / 2.0, 5.0 + size.y / 2.0);
    let right = if at.x > centre.x { beside } else { -beside };
    let up = if at.y < centre.y { -below } else { below };
    let near = [vec2(right, 0.0), vec2(-right, 0.0), vec2(0.0, up), vec2(0.0, -up)];
    let aside = [right, -right].into_iter().flat_map(|x| [vec2(x, 2.0 * up), vec2(x, -2.0 * up)]);
    let held = |way: Vec2| {
        let middle = (at + way).clamp(room.min + size / 2.0, room.max - size / 2.0);
        Rect::from_center_size(middle, size)
    };
    let free = |rect: &Rect| !rect.contains(at) && taken.iter().all(|other| !other.intersects(*rect));
    near.into_iter().chain(aside).map(held).find(free)
}

/// The points of the path on the screen, first and last among them, without those that lie on top of the one before.
fn way(map: &PlaneMap, path: &[ProjectedMoment]) -> Vec<Pos2> {
    const APART: f32 = 5.0;
    let mut points: Vec<Pos2> = Vec::new();
    for (k, ProjectedMoment { foot, .. }) in path.iter().enumerate() {
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
    plate(painter, rect.expand2(PLATE), galley);
}

/// How far the plate of a text reaches beyond it.
const PLATE: Vec2 = vec2(4.0, 1.0);

fn plate(painter: &Painter, rect: Rect, galley: Arc<Galley>) {
    painter.rect_filled(rect, 3.0, UNDER.gamma_multiply(0.8));
    painter.galley(rect.min + PLATE, galley, OVER);
}

/// The outline of a cell.
pub fn outline(painter: &Painter, map: &PlaneMap, cell: Rect) {
    let painter = painter.with_clip_rect(map.rect);
    for (colour, more) in TONES {
        painter.rect_stroke(cell.shrink(more), 0.0, (1.4 + 2.0 * more, colour), egui::StrokeKind::Outside);
    }
}

/// The pinned cell in a ring, which is not a matter of colour and looks like no arrow, and the one under the pointer.
pub fn pins(painter: &Painter, map: &PlaneMap, grid: Grid, pinned: Option<GridCell>, pointed: Option<GridCell>) {
    if let Some((i, j)) = pinned {
        let cell = map.cell(grid, i, j);
        outline(painter, map, cell.expand(1.0));
        let (painter, radius) = (painter.with_clip_rect(map.rect), 0.5 * cell.size().length() + 7.0);
        for (colour, more) in TONES {
            painter.circle_stroke(cell.center(), radius, (2.0 + 2.0 * more, colour));
        }
    }
    if let Some((i, j)) = pointed {
        outline(painter, map, map.cell(grid, i, j));
    }
}

/// Frame, ticks and names of both directions.
pub fn axes(painter: &Painter, map: &PlaneMap, names: [&str; 2], theme: &Palette) {
    let rect = map.rect;
    painter.rect_stroke(rect, 0.0, (1.0, theme.line), egui::StrokeKind::Outside);
    let (least, greatest) = (map.point(rect.left_bottom()), map.point(rect.right_top()));
    let most = (rect.width() / 42.0).clamp(3.0, 10.0) as usize;
    for (x, text) in ticks::labelled(least.0, greatest.0, most) {
        let at = pos2(map.pos(x, 0.0).x, rect.bottom());
        painter.line_segment([at, at + vec2(0.0, 3.0)], (1.0, theme.faint));
        painter.text(at + vec2(0.0, 3.0), Align2::CENTER_TOP, text, small(), theme.faint);
    }
    for (y, text) in ticks::labelled(least.1, greatest.1, most) {
        let at = pos2(rect.left(), map.pos(0.0, y).y);
        painter.line_segment([at, at - vec2(3.0, 0.0)], (1.0, theme.faint));
        painter.text(at - vec2(5.0, 0.0), Align2::RIGHT_CENTER, text, small(), theme.faint);
    }
    let [name, upright] = names.map(|name| painter.layout_no_wrap(name.to_owned(), small(), theme.ink));
    let size = name.size();
    painter.galley(pos2(rect.center().x - size.x / 2.0, rect.bottom() + BELOW - size.y), name, theme.ink);
    let at = pos2(rect.left() - LEFT, rect.center().y + upright.size().x / 2.0);
    painter.add(TextShape::new(at, upright, theme.ink).with_angle(-std::f32::consts::FRAC_PI_2));
}

/// The colours of `scale` from the least value (below) to the greatest, with both ends labelled and ticks between them. `ends`
/// are these values: the scale reaches beyond them where it was kept from an earlier picture.
pub fn colour_bar(painter: &Painter, rect: Rect, scale: ColourScale, ends: ColourScale, theme: &Palette) {
    const STRIPS: usize = 64;
    let mut mesh = Mesh::default();
    for k in 0..STRIPS {
        let y = |k: usize| rect.bottom() - rect.height() * k as f32 / STRIPS as f32;
        let strip = Rect::from_x_y_ranges(rect.x_range(), y(k + 1)..=y(k));
        let value = ends.at((k as f64 + 0.5) / STRIPS as f64);
        mesh.add_colored_rect(strip, viridis(scale.place(value)));
    }
    painter.add(Shape::Mesh(Arc::new(mesh)));
    painter.rect_stroke(rect, 0.0, (1.0, theme.line), egui::StrokeKind::Outside);
    let text = |y: f32, anchor: Align2, text: String, colour| {
        painter.line_segment([pos2(rect.right(), y), pos2(rect.right() + 3.0, y)], (1.0, theme.faint));
        painter.text(pos2(rect.right() + 5.0, y), anchor, text, small(), colour)
    };
    let high = text(rect.top(), Align2::LEFT_CENTER, text::value(ends.greatest), theme.ink);
    let low = text(rect.bottom(), Align2::LEFT_CENTER, text::value(ends.least), theme.ink);
    for (loss, name) in ends.ticks((rect.height() / 32.0) as usize) {
        let y = rect.bottom() - rect.height() * ends.place(loss);
        if y > high.bottom() + 7.0 && y < low.top() - 7.0 {
            text(y, Align2::LEFT_CENTER, name, theme.faint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::widgets::relief::map::PlaneView;
    use crate::landscape::ProjectedPoint;

    #[test]
    fn the_picture_has_a_to_the_right_and_b_upwards() {
        let grid = Grid { points: 3, range: 1.0 };
        let mut cells = vec![f64::NAN; 9];
        // a greatest, b least: the lower right corner
        cells[2 * 3] = 5.0;
        let scale = ColourScale { least: 0.0, greatest: 5.0, log: false };
        let image = picture(grid, &cells, |value| viridis(scale.place(value)));
        assert_eq!(image.pixels[8], viridis(1.0));
        assert!(image.pixels[..8].iter().all(|p| *p == Color32::TRANSPARENT));
    }

    #[test]
    fn a_name_stays_within_the_map_and_lies_on_nothing_else() {
        let map = Rect::from_min_size(Pos2::ZERO, vec2(200.0, 200.0));
        let (centre, size) = (map.center(), vec2(90.0, 12.0));
        let cross = [Rect::from_center_size(centre, vec2(28.0, 28.0))];
        let place = |at: Pos2, taken: &[Rect]| name_place(map, at, centre, size, taken);
        let far = place(pos2(150.0, 40.0), &cross).unwrap();
        assert!(map.contains_rect(far) && !far.contains(pos2(150.0, 40.0)), "{far:?}");
        assert!(far.right() < 150.0, "there is no room on its right");
        for at in [pos2(1.0, 1.0), pos2(199.0, 199.0), pos2(125.0, 100.0), pos2(100.0, 70.0)] {
            let rect = place(at, &cross).unwrap();
            assert!(map.contains_rect(rect) && !rect.intersects(cross[0]), "{at:?}: {rect:?}");
            let taken = [cross[0], rect];
            let second = place(at + vec2(2.0, 2.0), &taken);
            assert!(second.is_none_or(|other| !other.intersects(rect)), "{second:?}");
        }
        assert_eq!(name_place(map, centre, centre, vec2(300.0, 12.0), &[]), None);
        assert_eq!(place(pos2(150.0, 40.0), &[map]), None);
    }

    #[test]
    fn a_path_begins_at_its_start_and_ends_in_the_centre() {
        let grid = Grid { points: 51, range: 1.0 };
        let rect = Rect::from_min_size(Pos2::ZERO, vec2(200.0, 200.0));
        let map = PlaneMap { view: PlaneView::whole(grid), rect };
        let foot = |a| ProjectedPoint { a, b: 0.0, distance: 0.0 };
        let placed = |k: u64| ProjectedMoment { update: k, foot: foot(-0.5 + k as f64 / 2000.0) };
        let path: Vec<ProjectedMoment> = (0..=1000).map(placed).collect();
        let points = way(&map, &path);
        assert!(points.len() > 5 && points.len() < 12, "{}", points.len());
        assert_eq!((points[0], *points.last().unwrap()), (map.pos(-0.5, 0.0), map.pos(0.0, 0.0)));
        assert_eq!(way(&map, &path[1000..]), [map.pos(0.0, 0.0)]);
    }
}
