//! Median and quartiles.

/// Rising.
pub fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The quantile of rising values, interpolated linearly between the two neighbours; NaN when there are none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let (below, part) = (place as usize, place.fract());
    let (a, b) = (sorted[below], sorted[(below + 1).min(last)]);
    a + (b - a) * part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_numpy() {
        // numpy.quantile([1, 2, 4, 8], [0.25, 0.5, 0.75])
        assert_eq!([0.25, 0.5, 0.75].map(|s| quantile(&[1.0, 2.0, 4.0, 8.0], s)), [1.75, 3.0, 5.0]);
        assert_eq!(quantile(&[7.0], 0.75), 7.0);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
