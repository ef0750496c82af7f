//! Which part of the plane is in view, and where its cells lie on the screen.

use egui::{Pos2, Rect, pos2};

use crate::landscape::Grid;

/// The part of the plane in view: a square around (a, b).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaneView {
    pub a: f64,
    pub b: f64,
    pub half: f64,
}

/// How far out of the whole grid one can go, to see a path that leaves it.
const FARTHEST: f64 = 8.0;
/// How few cells one can zoom in to, from the middle to the rim.
const NEAREST: f64 = 1.5;

impl PlaneView {
    /// Every point is the middle of its cell, so that the whole reaches half a spacing beyond the outermost points.
    pub fn whole(grid: Grid) -> Self {
        Self { a: 0.0, b: 0.0, half: f64::from(grid.range) + 0.5 * f64::from(grid.spacing()) }
    }

    /// Shows `factor` times more closely; the point `at` stays where it is.
    pub fn zoom(self, at: (f64, f64), factor: f64, grid: Grid) -> Self {
        let bounds = (NEAREST * f64::from(grid.spacing()), FARTHEST * Self::whole(grid).half);
        let half = (self.half / factor).clamp(bounds.0, bounds.1);
        let kept = half / self.half;
        let (a, b) = (at.0 + (self.a - at.0) * kept, at.1 + (self.b - at.1) * kept);
        Self { a, b, half }.held(grid)
    }

    /// Moves the plane under the view by (a, b).
    pub fn pan(self, (a, b): (f64, f64), grid: Grid) -> Self {
        Self { a: self.a - a, b: self.b - b, ..self }.held(grid)
    }

    /// Keeps the plane from getting lost.
    fn held(self, grid: Grid) -> Self {
        let most = FARTHEST * Self::whole(grid).half;
        Self { a: self.a.clamp(-most, most), b: self.b.clamp(-most, most), ..self }
    }
}

/// A view drawn in a square of the screen.
#[derive(Clone, Copy, Debug)]
pub struct PlaneMap {
    pub view: PlaneView,
    pub rect: Rect,
}

impl PlaneMap {
    pub fn pos(&self, a: f64, b: f64) -> Pos2 {
        let scale = f64::from(self.rect.width()) / (2.0 * self.view.half);
        let centre = self.rect.center();
        pos2(centre.x + ((a - self.view.a) * scale) as f32, centre.y - ((b - self.view.b) * scale) as f32)
    }

    pub fn point(&self, pos: Pos2) -> (f64, f64) {
        let (per, from) = (2.0 * self.view.half / f64::from(self.rect.width()), pos - self.rect.center());
        (self.view.a + f64::from(from.x) * per, self.view.b - f64::from(from.y) * per)
    }

    /// The square of the cell (i, j).
    pub fn cell(&self, grid: Grid, i: usize, j: usize) -> Rect {
        let (a, b) = (f64::from(grid.coordinate(i)), f64::from(grid.coordinate(j)));
        let half = 0.5 * f64::from(grid.spacing());
        Rect::from_two_pos(self.pos(a - half, b - half), self.pos(a + half, b + half))
    }

    /// The square of all cells.
    pub fn whole(&self, grid: Grid) -> Rect {
        let half = PlaneView::whole(grid).half;
        Rect::from_two_pos(self.pos(-half, -half), self.pos(half, half))
    }
}

/// The cell that (a, b) lies in.
pub fn cell_at(grid: Grid, (a, b): (f64, f64)) -> Option<(usize, usize)> {
    let line = |x: f64| {
        let line = (x / f64::from(grid.spacing())).round() + (grid.points / 2) as f64;
        (0.0..grid.points as f64).contains(&line).then_some(line as usize)
    };
    Some((line(a)?, line(b)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let grid = Grid { points: 51, range: 1.0 };
        let rect = Rect::from_min_size(pos2(10.0, 20.0), egui::vec2(200.0, 200.0));
        let map = PlaneMap { view: PlaneView::whole(grid), rect };
        let pointer = pos2(50.0, 60.0);
        let at = map.point(pointer);
        let closer = PlaneMap { view: map.view.zoom(at, 4.0, grid), rect };
        assert!((closer.pos(at.0, at.1) - pointer).length() < 1e-3);
        assert!((closer.view.half - map.view.half / 4.0).abs() < 1e-12);
        let moved = closer.view.pan((0.1, -0.2), grid);
        assert!((moved.a - closer.view.a + 0.1).abs() < 1e-12 && (moved.b - closer.view.b - 0.2).abs() < 1e-12);
        assert!(map.view.zoom(at, 1e9, grid).half > 0.0 && map.view.zoom(at, 1e-9, grid).half < 10.0);
    }

    #[test]
    fn a_point_lies_in_the_cell_around_it() {
        let grid = Grid { points: 51, range: 1.0 };
        let rect = Rect::from_min_size(pos2(0.0, 0.0), egui::vec2(510.0, 510.0));
        let map = PlaneMap { view: PlaneView::whole(grid), rect };
        assert!((map.whole(grid).width() - 510.0).abs() < 1e-3);
        // b points upwards, a to the right
        let cell = map.cell(grid, 0, 50);
        assert!(cell.min.to_vec2().length() < 1e-3 && (cell.width() - 10.0).abs() < 1e-3, "{cell:?}");
        assert_eq!(cell_at(grid, map.point(cell.center())), Some((0, 50)));
        assert_eq!(cell_at(grid, map.point(pos2(254.0, 256.0))), Some((25, 25)));
        assert_eq!(cell_at(grid, map.point(pos2(-1.0, 0.0))), None);
    }
}
