//! The surface that a rule believes in: the one nearest to its field of arrows (model.md, section 10).

use super::Grid;

/// A fitted surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// `[a][b]`, shifted to the mean of the true landscape.
    pub values: Vec<f64>,
    /// What no surface can explain: the share of the edges' Σ field² that is left as residual. None where the field is zero everywhere.
    pub inconsistency: Option<f64>,
}

impl Surface {
    /// The surface nearest to `field`, `[a][b]` of (∂/∂a, ∂/∂b). None where a value is not finite, or there is no edge.
    pub fn fit(grid: Grid, field: &[[f64; 2]], losses: &[f64]) -> Option<Self> {
        let _ = (grid, field, losses);
        None
    }
}
