//! The content of the panel in numbers: cells, colours' places, figures, and which part of the plane is in view.

use crate::gui::state::landscape::MeasuredLandscape;
use crate::gui::state::landscape_choices::CellColour;
use crate::landscape::{Circulation, Grid, ProjectedPath};
use crate::rule::Rule;

/// See [`CellColour::values`].
pub fn values(m: &MeasuredLandscape, colour: CellColour) -> Vec<f64> {
    colour.values(&m.landscape, m.views.as_ref().map(|views| &views.regions))
}

/// The circulation of a rule; none before every point is measured, with the rules' gradients.
pub fn circulation(m: &MeasuredLandscape, rule: Rule) -> Option<Circulation> {
    Circulation::of(m.grid(), &m.landscape.field(rule))
}

/// The circulation of the whole grid, as a note.
pub fn circulation_note(rule: Rule, found: Option<&Circulation>) -> String {
    found.map_or("circulation is known once every point has been measured".into(), |found| found.note(rule))
}

/// The distance, in points of the grid, of those that are all measured; `None` once that is every point.
pub fn stride(grid: Grid, done: usize) -> Option<usize> {
    let finest = |done: usize| Grid::STRIDES.iter().rev().copied().find(|&s| grid.visited(s) <= done);
    finest(done).or(Some(Grid::STRIDES[0])).filter(|&s| s > 1)
}

/// Figures of the points that are measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossFigures {
    pub least: f64,
    pub greatest: f64,
    pub centre: Option<f64>,
    /// Points with a loss of exactly 0.
    pub zeros: usize,
    /// The share of pairs of neighbouring points with exactly the same loss, where there are such pairs.
    pub flat: Option<f64>,
}

/// The figures of `losses`, `[a][b]`; `None` when no point has a finite one.
pub fn figures(grid: Grid, losses: &[f64]) -> Option<LossFigures> {
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
    Some(LossFigures {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::widgets::relief::values::filled;
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
        assert!(super::figures(grid, &[f64::NAN; 9]).is_none());
    }
}
