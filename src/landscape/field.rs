//! Arrows on a grid: the slope of the loss, and how a rule's field compares with it.

use super::Grid;

/// Central differences at the grid's spacing, `[a][b]` → (∂L/∂a, ∂L/∂b); none at the border, and where one of the four
/// neighbours is not finite.
pub fn slope(grid: Grid, losses: &[f64]) -> Vec<Option<[f64; 2]>> {
    let (n, spacing) = (grid.points, f64::from(grid.spacing()));
    let one = |index: usize| {
        let (i, j) = (index / n, index % n);
        if i == 0 || j == 0 || i + 1 >= n || j + 1 >= n {
            return None;
        }
        let across = |d: usize| (losses[index + d] - losses[index - d]) / (2.0 * spacing);
        Some([across(n), across(1)]).filter(|s| s.iter().all(|x| x.is_finite()))
    };
    (0..losses.len()).map(one).collect()
}

/// How a rule's arrow stands to the slope at one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Agreement {
    /// The cosine of the angle between them: 1 for the same direction, −1 for the opposite one.
    Cosine(f64),
    /// The slope is exactly zero: the loss does not change across this point at the grid's spacing.
    ZeroSlope,
    /// The rule's arrow is exactly zero, and the slope is not.
    ZeroField,
}

/// The agreement at one point; none where one of them is not known (the border, what is not measured or not finite).
pub fn agreement(field: [f64; 2], slope: Option<[f64; 2]>) -> Option<Agreement> {
    let slope = slope?;
    if !field.iter().all(|x| x.is_finite()) {
        return None;
    }
    if slope == [0.0; 2] {
        return Some(Agreement::ZeroSlope);
    }
    if field == [0.0; 2] {
        return Some(Agreement::ZeroField);
    }
    let length = |[x, y]: [f64; 2]| libm::hypot(x, y);
    let cosine = (field[0] * slope[0] + field[1] * slope[1]) / (length(field) * length(slope));
    Some(Agreement::Cosine(cosine.clamp(-1.0, 1.0)))
}
