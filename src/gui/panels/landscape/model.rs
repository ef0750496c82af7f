//! What the panel shows, in numbers: cells, colours' places, figures, and which part of the plane is in view.

use egui::{Pos2, Rect, pos2};

use super::borders;
use crate::gui::survey::Measured;
use crate::gui::survey::choices::Colour;
use crate::landscape::{Grid, MeasuredPoint, ProjectedPath};

/// What the colours of cells stand for, `[a][b]`; NaN where it is not known. Regions are told apart by small numbers, and
/// known once every point is.
pub fn values(m: &Measured, colour: Colour) -> Vec<f64> {
    let of = |value: fn(&MeasuredPoint) -> f64| {
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
pub fn reach(path: &ProjectedPath) -> (f64, f64) {
    let max =
        |(x, y): (f64, f64), f: &crate::landscape::ProjectedPoint| (x.max(f.a.abs()).max(f.b.abs()), y.max(f.distance));
    path.points.iter().map(|point| &point.foot).fold((0.0, 0.0), max)
}

/// Which losses the colours stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub least: f64,
    pub greatest: f64,
    pub log: bool,
}

/// A scale is kept while the losses fill at least this share of it, so that colours do not change at every picture.
const FILLED: f64 = 0.8;

impl Scale {
    /// From the least to the greatest of `losses`, or still as `before` where that fits as well. On a logarithmic
    /// scale the least is the least above 0; without any it is linear.
    pub fn new(losses: &[f64], log: bool, before: Option<Scale>) -> Option<Self> {
        let finite = || losses.iter().copied().filter(|l| l.is_finite());
        let greatest = finite().reduce(f64::max)?;
        let log = log && greatest > 0.0;
        let least = finite().filter(|l| !log || *l > 0.0).fold(greatest, f64::min);
        let new = Self { least, greatest, log };
        let fits = |old: &Scale| {
            let (low, high) = (old.measure(least), old.measure(greatest));
            old.log == log && low >= 0.0 && high <= 1.0 && high - low >= FILLED
        };
        Some(before.filter(fits).unwrap_or(new))
    }

    /// Where a loss lies between the least, 0, and the greatest, 1.
    pub fn place(&self, loss: f64) -> f32 {
        let place = self.measure(loss).clamp(0.0, 1.0) as f32;
        if place.is_nan() { 0.0 } else { place }
    }

    fn measure(&self, loss: f64) -> f64 {
        let measure = |x: f64| if self.log { x.ln() } else { x };
        let (low, high) = (measure(self.least), measure(self.greatest));
        (measure(loss) - low) / (high - low)
    }

    /// Round losses between its ends, no more than `most`, with as many digits as they need.
    pub fn ticks(&self, most: usize) -> Vec<(f64, String)> {
        if !self.log {
            return ticks(self.least, self.greatest, most);
        }
        let decades = (self.least.log10().floor() as i32)..=(self.greatest.log10().ceil() as i32);
        let marks = |digits: &[u32]| -> Vec<(f64, String)> {
            let texts = decades.clone().flat_map(|e| digits.iter().map(move |d| format!("{d}e{e}")));
            let losses = texts.map(|text| text.parse::<f64>().expect("a digit and an exponent are a number"));
            losses.filter(|l| (self.least..=self.greatest).contains(l)).map(|l| (l, tick_text(l))).collect()
        };
        let tries: [&[u32]; 3] = [&[1, 2, 3, 4, 5, 6, 7, 8, 9], &[1, 2, 5], &[1]];
        let fits = tries.into_iter().map(marks).find(|m| m.len() <= most);
        fits.unwrap_or_else(|| marks(&[1]).into_iter().step_by(decades.clone().count().div_ceil(most.max(1))).collect())
    }
}

fn tick_text(x: f64) -> String {
    if x != 0.0 && !(1e-4..1e5).contains(&x.abs()) { format!("{x:e}") } else { format!("{x}") }
}

/// Round numbers from `low` to `high`, about `most` of them, and their texts with one number of decimals for all.
pub fn ticks(low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
    let rough = (high - low) / most.max(1) as f64;
    if !rough.is_normal() || rough < 0.0 {
        return Vec::new();
    }
    let decade = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|x| x * decade).into_iter().find(|s| *s >= rough * 0.999).unwrap_or(rough);
    let decimals = (-step.log10().floor()).max(0.0) as usize;
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    let text = |x: f64| if decimals > 5 { format!("{x:e}") } else { format!("{x:.decimals$}") };
    (first..=last).map(|k| k as f64 * step).map(|x| (x, signed(text(x)))).collect()
}

/// With the true minus, and no minus before a zero.
pub fn signed(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().any(|c| matches!(c, b'1'..=b'9')) => format!("−{rest}"),
        Some(rest) => rest.to_owned(),
        None => text,
    }
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
    use crate::landscape::{ProjectedMoment, ProjectedPoint};

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
        let foot = ProjectedPoint { a: -3.0, b: 0.5, distance: 2.0 };
        let points = vec![ProjectedMoment { update: 0, foot }, ProjectedMoment::default()];
        assert_eq!(reach(&ProjectedPath { points, ..ProjectedPath::default() }), (3.0, 2.0));
    }

    #[test]
    fn points_without_a_finite_loss_are_left_out() {
        let (grid, some) = losses(3, |i, j| [f64::NAN, 2.0, f64::INFINITY][(i + j) % 3]);
        let figures = super::figures(grid, &some).unwrap();
        assert_eq!((figures.least, figures.greatest, figures.flat), (2.0, 2.0, None));
        assert_eq!(Scale::new(&some, false, None), Some(Scale { least: 2.0, greatest: 2.0, log: false }));
        assert!(super::figures(grid, &[f64::NAN; 9]).is_none());
    }

    #[test]
    fn a_logarithmic_scale_starts_above_nought() {
        let scale = Scale::new(&[0.0, 0.01, 1.0, f64::NAN], true, None).unwrap();
        assert_eq!(scale, Scale { least: 0.01, greatest: 1.0, log: true });
        assert_eq!([0.0, 0.01, 0.1, 1.0].map(|l| scale.place(l)), [0.0, 0.0, 0.5, 1.0]);
        assert!(!Scale::new(&[0.0, 0.0], true, None).unwrap().log, "there is no logarithm of nothing but 0");
        assert_eq!(Scale::new(&[3.0], false, None).unwrap().place(3.0), 0.0);
    }

    #[test]
    fn a_scale_is_kept_while_it_fits() {
        let first = Scale::new(&[0.0, 1.0], false, None);
        assert_eq!(Scale::new(&[0.1, 0.95], false, first), first);
        for other in [&[0.0, 1.1][..], &[0.0, 0.7], &[-0.1, 0.9]] {
            assert_ne!(Scale::new(other, false, first), first, "{other:?}");
        }
        assert!(Scale::new(&[0.1, 0.95], true, first).unwrap().log);
    }

    #[test]
    fn ticks_are_round() {
        let texts = |t: Vec<(f64, String)>| t.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ");
        assert_eq!(texts(ticks(-1.02, 1.02, 5)), "−1.0 −0.5 0.0 0.5 1.0");
        assert_eq!(texts(ticks(-0.0102, 0.0102, 5)), "−0.010 −0.005 0.000 0.005 0.010");
        assert_eq!(texts(ticks(0.03, 17.0, 4)), "5 10 15");
        assert_eq!(texts(ticks(2.0, 2.0, 4)), "");
        let log = |least, greatest| texts(Scale { least, greatest, log: true }.ticks(6));
        assert_eq!(log(0.008, 12.0), "0.01 0.1 1 10");
        assert_eq!(log(0.3, 4.0), "0.5 1 2");
        assert_eq!(log(0.11, 0.13), "");
        assert!(Scale { least: 1e-30, greatest: 1.0, log: true }.ticks(6).len() <= 6);
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
