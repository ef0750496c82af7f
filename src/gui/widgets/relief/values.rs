//! The numbers that cells are coloured by.

use crate::landscape::Grid;
use crate::picture::scale::ColourScale;

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

/// One scale for the truth and the surfaces. It reaches beyond the truth by as much as the truth varies, at most:
/// what lies further out has the colour of the end, so that the truth can still be read.
pub fn shared_scale(truth: &[f64], surfaces: &[&[f64]]) -> Option<ColourScale> {
    let own = ColourScale::new(truth, false, None)?;
    let mut scale = own;
    let beyond = if own.greatest > own.least { own.greatest - own.least } else { f64::INFINITY };
    for surface in surfaces.iter().filter_map(|surface| ColourScale::new(surface, false, None)) {
        scale.least = scale.least.min(surface.least.max(own.least - beyond));
        scale.greatest = scale.greatest.max(surface.greatest.min(own.greatest + beyond));
    }
    Some(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_holds_the_truth_and_a_bit_more() {
        let scale = |surface: &[f64]| shared_scale(&[1.0, 2.0], &[surface]).map(|s| (s.least, s.greatest)).unwrap();
        assert_eq!(scale(&[1.2, 1.8]), (1.0, 2.0));
        assert_eq!(scale(&[0.5, 2.1]), (0.5, 2.1));
        assert_eq!(scale(&[-50.0, 100.0]), (0.0, 3.0));
    }
}
