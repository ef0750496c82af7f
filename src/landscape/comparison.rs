//! The three rules beside the truth.

use crate::rule::Rule;

use super::field::{Agreement, agreement};
use super::{Grid, Surface};

/// How each rule's view compares with the true landscape. Every figure depends on range and resolution, which stand with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub grid: Grid,
    /// Points at which there is a slope: all but the border, and what is not finite.
    pub interior: usize,
    /// Of these, those where the slope is exactly zero.
    pub zero_slope: usize,
    /// In the order of [`Rule::ALL`].
    pub rules: [RuleView; 3],
}

/// How one rule's view compares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RuleView {
    pub rule: Rule,
    /// See [`Surface::inconsistency`].
    pub inconsistency: Option<f64>,
    /// Interior points where neither slope nor field is zero: those that the next two speak of.
    pub compared: usize,
    /// Interior points with a slope where the field is exactly zero.
    pub zero_field: usize,
    /// Mean cosine between field and slope over the compared points, in the coordinates (a, b); none without such a point.
    pub cosine: Option<f64>,
    /// The share of the compared points where ⟨field, slope⟩ > 0: where a small step against the field goes downhill, as
    /// far as the grid can tell.
    pub downhill: Option<f64>,
    /// Pearson's correlation of the fitted surface and the true landscape over all points; none where one of them is flat.
    pub correlation: Option<f64>,
}

impl Comparison {
    /// `losses`, `slope` and `fields` are `[a][b]`.
    pub fn new(
        grid: Grid,
        losses: &[f64],
        slope: &[Option<[f64; 2]>],
        fields: &[Vec<[f64; 2]>; 3],
        surfaces: &[Option<Surface>; 3],
    ) -> Self {
        let known = || slope.iter().flatten();
        let view = |(n, rule): (usize, Rule)| {
            let mut view = RuleView {
                rule,
                inconsistency: surfaces[n].as_ref().and_then(|s| s.inconsistency),
                compared: 0,
                zero_field: 0,
                cosine: None,
                downhill: None,
                correlation: surfaces[n].as_ref().and_then(|s| correlation(&s.values, losses)),
            };
            let (mut sum, mut downhill) = (0.0, 0);
            for (field, slope) in fields[n].iter().zip(slope) {
                match agreement(*field, *slope) {
                    Some(Agreement::Cosine(cosine)) => {
                        view.compared += 1;
                        sum += cosine;
                        downhill += usize::from(cosine > 0.0);
                    }
                    Some(Agreement::ZeroField) => view.zero_field += 1,
                    Some(Agreement::ZeroSlope) | None => {}
                }
            }
            if view.compared > 0 {
                view.cosine = Some(sum / view.compared as f64);
                view.downhill = Some(downhill as f64 / view.compared as f64);
            }
            view
        };
        let rules = [0, 1, 2].map(|n| view((n, Rule::ALL[n])));
        let zero_slope = known().filter(|s| **s == [0.0; 2]).count();
        Self { grid, interior: known().count(), zero_slope, rules }
    }

    /// The share of the interior points where the slope is exactly zero; none where there is no such point.
    pub fn zero_share(&self) -> Option<f64> {
        (self.interior > 0).then(|| self.zero_slope as f64 / self.interior as f64)
    }
}

/// Pearson's correlation; none where one of the two does not vary or is not finite.
pub fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sum = |of: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(x, y)| of(x - mean_x, y - mean_y)).sum::<f64>();
    let r = sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    r.is_finite().then(|| r.clamp(-1.0, 1.0))
}
