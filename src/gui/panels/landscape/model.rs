//! What the panel shows, in numbers: cells, colours' places, figures, and which part of the plane is in view.

use egui::{Pos2, Rect, pos2};

use super::borders;
use crate::gui::survey::Measured;
use crate::gui::survey::choices::Colour;
use crate::landscape::{Grid, OnPlane, Point};

/// What the colours of cells stand for, `[a][b]`; NaN where it is not known. Regions are told apart by small numbers, and
/// known once every point is.
pub fn values(m: &Measured, colour: Colour) -> Vec<f64> {
    let of = |value: fn(&Point) -> f64| {
        m.landscape.points.iter().map(|point| point.as_ref().map_or(f64::NAN, value)).collect::<Vec<f64>>()
    };
    match colour {
        Colour::Loss => m.landscape.losses(),
        Colour::Spikes => of(|point| f64::from(point.spikes)),
        Colour::OutputSpikes => of(|point| f64::from(point.output_spikes)),
        Colour::Regions => match &m.views {
            Some(views) => {
                let shades = borders::shades(m.grid().points, &views.regions.labels, views.regions.number);
                views.regions.labels.iter().map(|label| f64::from(shades[*label as usize])).collect()
            }
            None => vec![f64::NAN; m.grid().len()],
        },
    }
}

/// The value of every cell, NaN where nothing is known.
///
/// Until the finer points come, a coarse one stands for the square around it: the picture is rough, not smoothed.
pub fn filled(grid: Grid, values: &[f64]) -> Vec<f64> {
    let mut cells = values.to_vec();
    for (index, cell) in cells.iter_mut().enumerate().filter(|(_, cell)| cell.is_nan()) {
        let known = Grid::STRIDES.iter().rev().map(|&stride| values[grid.coarse(index, stride)]);
        *cell = known.into_iter().find(|value| !value.is_nan()).unwrap_or(f64::NAN);
    }
    cells
}

/// The distance, in points of the grid, of those that are all measured; `None` once that is every point.
pub fn stride(grid: Grid, done: usize) -> Option<usize> {
    let finest = |done: usize| Grid::STRIDES.iter().rev().copied().find(|&s| grid.visited(s) <= done);
    finest(done).or(Some(Grid::STRIDES[0])).filter(|&s| s > 1)
}

/// Figures of the points that are measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    pub least: f64,
    pub greatest: f64,
    pub centre: Option<f64>,
    /// Points with a loss of exactly 0.
    pub zeros: usize,
    /// The share of pairs of neighbouring points with exactly the same loss, where there are such pairs.
    pub flat: Option<f64>,
}

/// The figures of `losses`, `[a][b]`; `None` when no point has a finite one.
pub fn figures(grid: Grid, losses: &[f64]) -> Option<Figures> {
    let finite = || losses.iter().copied().filter(|l| l.is_finite());
    let least = finite().reduce(f64::min)?;
    let n = grid.points;
    let (mut pairs, mut same) = (0, 0);
    for (index, &loss) in losses.iter().enumerate().filter(|(_, l)| l.is_finite()) {
        let right = (index + n < losses.len()).then(|| losses[index + n]);
        let above = (index % n + 1 < n).then(|| losses[index + 1]);
        for neighbour in [right, above].into_iter().flatten().filter(|l| l.is_finite()) {
            pairs += 1;
            same += usize::from(neighbour == loss);
        }
    }
    Some(Figures {
        least,
        greatest: finite().fold(least, f64::max),
        centre: losses.get(n / 2 * n + n / 2).copied().filter(|l| !l.is_nan()),
        zeros: finite().filter(|l| *l == 0.0).count(),
        flat: (pairs > 0).then(|| same as f64 / pairs as f64),
    })
}

/// How far along each direction, and how far from the plane, the run's path reaches.
pub fn reach(path: &OnPlane) -> (f64, f64) {
    let max = |(x, y): (f64, f64), f: &crate::landscape::Foot| (x.max(f.a.abs()).max(f.b.abs()), y.max(f.distance));
    path.points.iter().map(|point| &point.foot).fold((0.0, 0.0), max)
}

/// The part of the plane in view: a square around (a, b).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    pub a: f64,
    pub b: f64,
    pub half: f64,
}

/// How far out of the whole grid one can go, to see a path that leaves it.
const FARTHEST: f64 = 8.0;
/// How few cells one can zoom in to, from the middle to the rim.
const NEAREST: f64 = 1.5;

impl View {
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
pub struct Map {
    pub view: View,
    pub rect: Rect,
}

impl Map {
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
        let half = View::whole(grid).half;
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
    use crate::landscape::{Foot, Placed};

    fn losses(points: usize, loss: impl Fn(usize, usize) -> f64) -> (Grid, Vec<f64>) {
        let grid = Grid { points, range: 1.0 };
        (grid, (0..grid.len()).map(|k| loss(k / points, k % points)).collect())
    }

    #[test]
    fn a_coarse_point_stands_for_its_square_until_finer_ones_come() {
        let (grid, full) = losses(51, |i, j| (i * 51 + j) as f64);
        let mut known = vec![f64::NAN; full.len()];
        assert!(filled(grid, &known).iter().all(|c| c.is_nan()));
        for (k, &index) in grid.order().iter().enumerate() {
            known[index as usize] = full[index as usize];
            match k + 1 {
                1 => assert_eq!(stride(grid, 1), Some(10)),
                25 => {
                    let cells = filled(grid, &known);
                    assert!(cells.iter().all(|c| !c.is_nan()), "25 squares are the whole");
                    assert_eq!(
                        (cells[0], cells[50], cells[25 * 51 + 25]),
                        (5.0 * 51.0 + 5.0, 5.0 * 51.0 + 45.0, 1300.0)
                    );
                    assert_eq!(stride(grid, 25), Some(10));
                }
                121 => assert_eq!(stride(grid, 121), Some(5)),
                _ => {}
            }
        }
        assert_eq!((filled(grid, &known), stride(grid, full.len())), (full, None));
    }

    #[test]
    fn the_figures_count_exactly() {
        // two columns of 0, one of 4: of 12 pairs of neighbours the 3 across the cliff differ
        let (grid, losses) = losses(3, |i, _| if i == 2 { 4.0 } else { 0.0 });
        let figures = figures(grid, &losses).unwrap();
        assert_eq!((figures.least, figures.greatest, figures.centre, figures.zeros), (0.0, 4.0, Some(0.0), 6));
        assert_eq!(figures.flat, Some(9.0 / 12.0));
        let foot = Foot { a: -3.0, b: 0.5, distance: 2.0 };
        let points = vec![Placed { update: 0, foot }, Placed::default()];
        assert_eq!(reach(&OnPlane { points, ..OnPlane::default() }), (3.0, 2.0));
    }

    #[test]
    fn points_without_a_finite_loss_are_left_out() {
        let (grid, some) = losses(3, |i, j| [f64::NAN, 2.0, f64::INFINITY][(i + j) % 3]);
        let figures = super::figures(grid, &some).unwrap();
        assert_eq!((figures.least, figures.greatest, figures.flat), (2.0, 2.0, None));
        assert!(super::figures(grid, &[f64::NAN; 9]).is_none());
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let grid = Grid { points: 51, range: 1.0 };
        let rect = Rect::from_min_size(pos2(10.0, 20.0), egui::vec2(200.0, 200.0));
        let map = Map { view: View::whole(grid), rect };
        let pointer = pos2(50.0, 60.0);
        let at = map.point(pointer);
        let closer = Map { view: map.view.zoom(at, 4.0, grid), rect };
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
        let map = Map { view: View::whole(grid), rect };
        assert!((map.whole(grid).width() - 510.0).abs() < 1e-3);
        // b points upwards, a to the right
        let cell = map.cell(grid, 0, 50);
        assert!(cell.min.to_vec2().length() < 1e-3 && (cell.width() - 10.0).abs() < 1e-3, "{cell:?}");
        assert_eq!(cell_at(grid, map.point(cell.center())), Some((0, 50)));
        assert_eq!(cell_at(grid, map.point(pos2(254.0, 256.0))), Some((25, 25)));
        assert_eq!(cell_at(grid, map.point(pos2(-1.0, 0.0))), None);
    }
}
