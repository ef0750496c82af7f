//! Where the loss jumps, and what the jump is made of.

use super::Landscape;

/// A point of the grid: its lines along both directions.
pub type GridCell = (usize, usize);

/// A jump between two neighbouring cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cliff {
    pub high: GridCell,
    pub low: GridCell,
    pub height: f64,
}

/// The neighbour of a cell across the greatest jump; none where the loss is the same all around.
pub fn across(landscape: &Landscape, (i, j): GridCell) -> Option<GridCell> {
    let here = landscape.at(i, j)?.loss;
    let neighbours = [(i.wrapping_sub(1), j), (i + 1, j), (i, j.wrapping_sub(1)), (i, j + 1)];
    let within = |(i, j): &GridCell| *i < landscape.grid.points && *j < landscape.grid.points;
    let jump = |cell: GridCell| Some((landscape.at(cell.0, cell.1)?.loss - here).abs()).map(|jump| (jump, cell));
    let jumps = neighbours.into_iter().filter(within).filter_map(jump).filter(|(jump, _)| *jump > 0.0);
    jumps.reduce(|most, next| if next.0 > most.0 { next } else { most }).map(|(_, cell)| cell)
}

/// All jumps between neighbours that are measured.
fn cliffs(landscape: &Landscape) -> impl Iterator<Item = Cliff> {
    let n = landscape.grid.points;
    let pairs = (0..n).flat_map(move |i| (0..n).flat_map(move |j| [((i, j), (i + 1, j)), ((i, j), (i, j + 1))]));
    pairs.filter(move |(_, (i, j))| *i < n && *j < n).filter_map(|(one, other)| {
        let loss =
            |cell: GridCell| landscape.at(cell.0, cell.1).map(|point| point.loss).filter(|loss| loss.is_finite());
        let height = loss(one)? - loss(other)?;
        let (high, low) = if height >= 0.0 { (one, other) } else { (other, one) };
        Some(Cliff { high, low, height: height.abs() }).filter(|cliff| cliff.height > 0.0)
    })
}

/// The greatest jump; of several the first.
pub fn steepest(landscape: &Landscape) -> Option<Cliff> {
    cliffs(landscape).reduce(|most, next| if next.height > most.height { next } else { most })
}

/// The jump nearest to the centre; of several the greatest.
pub fn nearest(landscape: &Landscape) -> Option<Cliff> {
    let half = landscape.grid.points / 2;
    let square = |(i, j): GridCell| i.abs_diff(half).pow(2) + j.abs_diff(half).pow(2);
    let away = |cliff: &Cliff| square(cliff.high) + square(cliff.low);
    cliffs(landscape).reduce(|best, next| {
        let nearer = away(&next) < away(&best) || (away(&next) == away(&best) && next.height > best.height);
        if nearer { next } else { best }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landscape::fixtures::landscape;

    #[test]
    fn the_neighbour_across_the_greatest_jump() {
        let l = landscape(5, |i, j| match (i, j) {
            (4, _) => 3.0,
            (_, 0) => 1.0,
            _ => 0.0,
        });
        assert_eq!(across(&l, (2, 2)), None);
        assert_eq!(across(&l, (3, 1)), Some((4, 1)), "up by 3 rather than by 1");
        assert_eq!(across(&l, (0, 1)), Some((0, 0)));
        assert_eq!(steepest(&l).unwrap().height, 3.0);
        assert_eq!((steepest(&l).unwrap().high.0, steepest(&l).unwrap().low.0), (4, 3));
        let near = nearest(&l).unwrap();
        assert_eq!((near.high, near.low, near.height), ((4, 2), (3, 2), 3.0), "as near as (2, 0), and higher");
    }

    #[test]
    fn a_flat_landscape_has_no_cliffs() {
        let flat = landscape(5, |_, _| 0.25);
        assert_eq!((steepest(&flat), nearest(&flat)), (None, None));
        let gaps = landscape(3, |i, _| if i == 1 { f64::NAN } else { 1.0 });
        assert_eq!(steepest(&gaps), None);
    }
}
