//! Arrows on a grid: the slope of the loss, and how a rule's field compares with it
//! ([model §10](crate::model#10-the-loss-landscape)).

use super::Grid;

/// The slope (∂L/∂a, ∂L/∂b) as central differences at the grid's own spacing h: (L(a + h, b) − L(a − h, b)) / 2h, likewise
/// along b.
///
/// `losses` and the result are `[a][b]`. `None` at the border, and where one of the four neighbours is not finite.
///
/// # Panics
/// When there are not as many losses as points.
pub fn slope(grid: Grid, losses: &[f64]) -> Vec<Option<[f64; 2]>> {
    let (losses, n, spacing) = (grid.view(losses), grid.points, f64::from(grid.spacing()));
    let one = |(i, j): (usize, usize)| {
        if i == 0 || j == 0 || i + 1 >= n || j + 1 >= n {
            return None;
        }
        let along_a = losses[(i + 1, j)] - losses[(i - 1, j)];
        let along_b = losses[(i, j + 1)] - losses[(i, j - 1)];
        Some([along_a, along_b].map(|rise| rise / (2.0 * spacing))).filter(|s| s.iter().all(|x| x.is_finite()))
    };
    losses.indexed_iter().map(|(place, _)| one(place)).collect()
}

/// The agreement of a rule's arrow with the slope at one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Agreement {
    /// The cosine of the angle between them: 1 for the same direction, −1 for the opposite one.
    Cosine(f64),
    /// The slope is exactly zero: the loss does not change across this point at the grid's spacing.
    ZeroSlope,
    /// The rule's arrow is exactly zero, and the slope is not.
    ZeroField,
}

/// The agreement of `field` and `slope` at one point; `None` where one of them is not known: at the border, and where a
/// point was not measured or a value is not finite.
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
    let unit = |[x, y]: [f64; 2]| [x, y].map(|c| c / length([x, y]));
    let ([fa, fb], [sa, sb]) = (unit(field), unit(slope));
    Some(Agreement::Cosine((fa * sa + fb * sb).clamp(-1.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_of_a_bowl_is_its_gradient() {
        let grid = Grid { points: 7, range: 0.75 };
        let place = |k: usize| (f64::from(grid.point(k).0), f64::from(grid.point(k).1));
        let losses: Vec<f64> = (0..49).map(place).map(|(a, b)| 3.0 * a * a + a * b - b).collect();
        let slope = slope(grid, &losses);
        assert_eq!(slope.iter().flatten().count(), 25, "the border is left out");
        assert!(slope[0].is_none() && slope[3].is_none() && slope[7 * 3 + 6].is_none());
        for (k, s) in slope.iter().enumerate().filter_map(|(k, s)| Some((k, (*s)?))) {
            let (a, b) = place(k);
            assert!((s[0] - 6.0 * a - b).abs() < 1e-6 && (s[1] - a + 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn no_slope_next_to_what_is_not_known() {
        let grid = Grid { points: 5, range: 1.0 };
        let mut losses = vec![1.0; 25];
        losses[2 * 5 + 2] = f64::NAN;
        let known: Vec<usize> = slope(grid, &losses).iter().enumerate().filter_map(|(k, s)| s.map(|_| k)).collect();
        assert_eq!(known, [6, 8, 12, 16, 18]);
        assert_eq!(slope(Grid { points: 1, range: 1.0 }, &[1.0]), [None]);
    }

    #[test]
    fn zeros_are_told_apart() {
        let s = Some([3.0, 4.0]);
        assert_eq!(agreement([6.0, 8.0], s), Some(Agreement::Cosine(1.0)));
        assert_eq!(agreement([4.0, -3.0], s), Some(Agreement::Cosine(0.0)));
        assert_eq!(agreement([-3.0, -4.0], s), Some(Agreement::Cosine(-1.0)));
        assert_eq!(agreement([0.0, 0.0], s), Some(Agreement::ZeroField));
        assert_eq!(agreement([0.0, 0.0], Some([0.0; 2])), Some(Agreement::ZeroSlope));
        assert_eq!(agreement([1.0, 0.0], None), None);
        assert_eq!(agreement([f64::NAN, 0.0], s), None);
        // the squares of these would overflow and underflow
        assert_eq!(agreement([6e200, 8e200], Some([3e-200, 4e-200])), Some(Agreement::Cosine(1.0)));
    }
}
