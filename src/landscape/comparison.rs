//! The three rules beside the truth.

use crate::rule::Rule;

use super::field::{Agreement, agreement};
use super::{Circulation, Grid, Surface};

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
    /// See [`Circulation::relative`].
    pub circulation: Option<f64>,
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
                circulation: Circulation::of(grid, &fields[n]).and_then(|c| c.relative),
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

/// Pearson's correlation; none where one of the two varies by no more than rounding does, or is not finite.
pub fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let [about_x, about_y] = [x, y].map(|values| {
        let mean = values.iter().sum::<f64>() / n;
        values.iter().map(|v| v - mean).collect::<Vec<f64>>()
    });
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let varies = |values: &[f64], about: &[f64]| product(about, about) > 1e-24 * product(values, values);
    let r = product(&about_x, &about_y) / (product(&about_x, &about_x) * product(&about_y, &about_y)).sqrt();
    (varies(x, &about_x) && varies(y, &about_y) && r.is_finite()).then(|| r.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bowl that a rule sees as it is, another as it is not, and a third not at all.
    #[test]
    fn right_wrong_and_blind() {
        let grid = Grid { points: 11, range: 1.0 };
        let place = |k: usize| (f64::from(grid.point(k).0), f64::from(grid.point(k).1));
        let losses: Vec<f64> = (0..121).map(place).map(|(a, b)| a * a + b * b).collect();
        let slope = super::super::field::slope(grid, &losses);
        let arrows = |scale: f64| (0..121).map(place).map(|(a, b)| [scale * a, scale * b]).collect::<Vec<_>>();
        let fields = [arrows(2.0), arrows(-0.5), arrows(0.0)];
        let surfaces = fields.each_ref().map(|field| Surface::fit(grid, field, &losses));
        let comparison = Comparison::new(grid, &losses, &slope, &fields, &surfaces);
        // in the very centre, the two neighbours of each side are equal
        assert_eq!((comparison.interior, comparison.zero_slope), (81, 1));
        assert_eq!(comparison.zero_share(), Some(1.0 / 81.0));
        let [right, wrong, blind] = comparison.rules;
        let near = |x: Option<f64>, y: f64| (x.unwrap() - y).abs() < 1e-6;
        assert_eq!(
            (right.rule, right.compared, right.zero_field, right.downhill),
            (Rule::Activation, 80, 0, Some(1.0))
        );
        assert!(near(right.cosine, 1.0) && near(right.correlation, 1.0) && near(right.inconsistency, 0.0));
        assert!(near(right.circulation, 0.0) && near(wrong.circulation, 0.0) && blind.circulation.is_none());
        assert_eq!((wrong.compared, wrong.downhill), (80, Some(0.0)));
        assert!(near(wrong.cosine, -1.0) && near(wrong.correlation, -1.0));
        assert_eq!((blind.compared, blind.zero_field), (0, 80));
        assert_eq!((blind.cosine, blind.downhill, blind.inconsistency), (None, None, None));
        assert_eq!(blind.correlation, None, "a flat surface correlates with nothing");
    }

    #[test]
    fn correlation_is_pearsons() {
        // np.corrcoef([1, 2, 4, 8], [3, 1, 2, 7])[0, 1]
        assert!(
            (correlation(&[1.0, 2.0, 4.0, 8.0], &[3.0, 1.0, 2.0, 7.0]).unwrap() - 0.8290811717279419).abs() < 1e-12
        );
        assert_eq!(correlation(&[1.0; 3], &[1.0, 2.0, 3.0]), None);
        assert_eq!(correlation(&[1.0, f64::NAN], &[1.0, 2.0]), None);
    }
}
