//! A line through the grid: its losses as steps, and the surfaces that the rules believe in along it.

use crate::gui::state::landscape::{GridCell, MeasuredLandscape};
use crate::rule::Rule;
use crate::text::{signed, value};

/// The values along one line of the grid.
pub struct SliceProfile {
    /// Coordinates of its points.
    pub places: Vec<f64>,
    /// The other coordinate, the same for all.
    pub across: f64,
    /// NaN where nothing is known.
    pub losses: Vec<f64>,
    /// In the order of [`Rule::ALL`]; none where it is not known.
    pub surfaces: [Option<Vec<f64>>; 3],
}

impl SliceProfile {
    /// Through `cell`, along the first direction or the second.
    pub fn new(m: &MeasuredLandscape, first: bool, cell: GridCell) -> Self {
        let grid = m.grid();
        let at = |k: usize| if first { (k, cell.1) } else { (cell.0, k) };
        let along = |values: &[f64]| (0..grid.points).map(|k| values[m.index(at(k))]).collect::<Vec<f64>>();
        let surface = |n: usize| {
            let views = m.views.as_ref()?;
            views.surfaces[n].as_ref().map(|surface| along(&surface.values))
        };
        Self {
            places: (0..grid.points).map(|k| f64::from(grid.coordinate(k))).collect(),
            across: f64::from(grid.coordinate(if first { cell.1 } else { cell.0 })),
            losses: (0..grid.points).map(|k| m.loss(at(k).0, at(k).1).unwrap_or(f64::NAN)).collect(),
            surfaces: [0, 1, 2].map(surface),
        }
    }

    /// The losses as steps: each holds half a spacing to both sides, and where they differ there is a cliff. A piece
    /// ends where something is missing.
    pub fn steps(&self, spacing: f64) -> Vec<Vec<[f64; 2]>> {
        let mut pieces = vec![Vec::new()];
        for (x, loss) in self.places.iter().zip(&self.losses) {
            if !loss.is_finite() {
                pieces.push(Vec::new());
                continue;
            }
            let piece: &mut Vec<[f64; 2]> = pieces.last_mut().expect("there is always one");
            let end = [x + 0.5 * spacing, *loss];
            // a flat that goes on is one stroke
            match piece.last_mut().filter(|last| last[1] == *loss) {
                Some(last) => *last = end,
                None => piece.extend([[x - 0.5 * spacing, *loss], end]),
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    /// The number of the point nearest to `x`, unless that lies beyond the ends.
    pub fn nearest(&self, x: f64) -> Option<usize> {
        let (first, last) = (*self.places.first()?, *self.places.last()?);
        let spacing = (last - first) / (self.places.len() - 1).max(1) as f64;
        let k = ((x - first) / spacing.max(f64::MIN_POSITIVE)).round();
        (0.0..self.places.len() as f64).contains(&k).then_some(k as usize)
    }

    /// A point in words.
    pub fn point_text(&self, k: usize) -> String {
        let loss = if self.losses[k].is_nan() { "not measured yet".into() } else { value(self.losses[k]) };
        let mut text = format!("at {}: loss {loss}", signed(format!("{:.4}", self.places[k])));
        for (rule, surface) in Rule::ALL.into_iter().zip(&self.surfaces) {
            if let Some(surface) = surface {
                text += &format!("\n{} believes {}", rule.label(), value(surface[k]));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::state::landscape::fixtures::measured;

    #[test]
    fn a_cut_runs_along_its_direction() {
        let m = measured(5, |i, j| (10 * i + j) as f64);
        let first = SliceProfile::new(&m, true, (1, 3));
        assert_eq!((first.losses, first.across), (vec![3.0, 13.0, 23.0, 33.0, 43.0], 0.5));
        let second = SliceProfile::new(&m, false, (1, 3));
        assert_eq!((second.losses.clone(), second.across), (vec![10.0, 11.0, 12.0, 13.0, 14.0], -0.5));
        assert_eq!(second.places, [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert!(second.surfaces.iter().all(Option::is_none));
        assert_eq!(
            [-1.2, -0.3, 0.1, 1.2, 1.3, -1.3].map(|x| second.nearest(x)),
            [Some(0), Some(1), Some(2), Some(4), None, None]
        );
    }

    #[test]
    fn steps_are_flat_with_cliffs_between_and_gaps_where_nothing_is_known() {
        let m = measured(5, |i, _| [1.0, 1.0, 2.0, f64::NAN, 3.0][i]);
        let steps = SliceProfile::new(&m, true, (0, 0)).steps(0.5);
        let first = [[-1.25, 1.0], [-0.25, 1.0], [-0.25, 2.0], [0.25, 2.0]];
        assert_eq!(steps, [first.to_vec(), vec![[0.75, 3.0], [1.25, 3.0]]]);
        assert_eq!(SliceProfile::new(&m, true, (0, 0)).point_text(3), "at 0.5000: loss not measured yet");
    }
}
