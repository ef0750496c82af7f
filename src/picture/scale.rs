//! Which numbers the colours of a map stand for.

use super::ticks;

/// The numbers at both ends of the colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ColourScale {
    pub least: f64,
    pub greatest: f64,
    /// Whether equal steps of colour are equal factors.
    pub log: bool,
}

/// A scale is kept while the values fill at least this share of it, so that colours do not change at every picture.
const FILLED: f64 = 0.8;

impl ColourScale {
    /// From the least to the greatest of the finite `values`, or still as `before` where that fits as well; `None`
    /// where no value is finite. On a logarithmic scale the least is the least above 0; without any it is linear.
    pub fn new(values: &[f64], log: bool, before: Option<Self>) -> Option<Self> {
        let finite = || values.iter().copied().filter(|v| v.is_finite());
        let greatest = finite().reduce(f64::max)?;
        let log = log && greatest > 0.0;
        let least = finite().filter(|v| !log || *v > 0.0).fold(greatest, f64::min);
        let new = Self { least, greatest, log };
        let fits = |old: &Self| {
            let (low, high) = (old.measure(least), old.measure(greatest));
            old.log == log && low >= 0.0 && high <= 1.0 && high - low >= FILLED
        };
        Some(before.filter(fits).unwrap_or(new))
    }

    /// One that reaches as far below zero as above, so that zero has the colour in its middle.
    pub fn around_zero(values: &[f64]) -> Option<Self> {
        let most = values.iter().map(|x| x.abs()).filter(|x| x.is_finite()).fold(0.0, f64::max);
        Self::new(&[-most, most], false, None)
    }

    /// Where a value lies between the least, 0, and the greatest, 1; what lies beyond them is at the end.
    pub fn place(&self, value: f64) -> f32 {
        let place = self.measure(value).clamp(0.0, 1.0) as f32;
        if place.is_nan() { 0.0 } else { place }
    }

    fn measure(&self, value: f64) -> f64 {
        let measure = |x: f64| if self.log { x.ln() } else { x };
        let (low, high) = (measure(self.least), measure(self.greatest));
        (measure(value) - low) / (high - low)
    }

    /// The value at a place from 0 to 1.
    pub fn at(&self, place: f64) -> f64 {
        if self.log {
            (self.least.ln() + place * (self.greatest / self.least).ln()).exp()
        } else {
            self.least + place * (self.greatest - self.least)
        }
    }

    /// Round values between its ends, about `most` of them, with their texts.
    pub fn ticks(&self, most: usize) -> Vec<(f64, String)> {
        let ticks = if self.log { ticks::labelled_log } else { ticks::labelled };
        ticks(self.least, self.greatest, most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reaches_from_the_least_to_the_greatest_finite_value() {
        let some = [f64::NAN, 2.0, f64::INFINITY, 1.5];
        assert_eq!(ColourScale::new(&some, false, None), Some(ColourScale { least: 1.5, greatest: 2.0, log: false }));
        assert_eq!(ColourScale::new(&[f64::NAN], false, None), None);
        assert_eq!(ColourScale::new(&[3.0], false, None).unwrap().place(3.0), 0.0);
    }

    #[test]
    fn a_logarithmic_scale_starts_above_nought() {
        let scale = ColourScale::new(&[0.0, 0.01, 1.0, f64::NAN], true, None).unwrap();
        assert_eq!(scale, ColourScale { least: 0.01, greatest: 1.0, log: true });
        assert_eq!([0.0, 0.01, 0.1, 1.0].map(|v| scale.place(v)), [0.0, 0.0, 0.5, 1.0]);
        assert!((scale.at(0.5) - 0.1).abs() < 1e-12);
        assert!(!ColourScale::new(&[0.0, 0.0], true, None).unwrap().log, "there is no logarithm of nothing but 0");
    }

    #[test]
    fn it_is_kept_while_it_fits() {
        let first = ColourScale::new(&[0.0, 1.0], false, None);
        assert_eq!(ColourScale::new(&[0.1, 0.95], false, first), first);
        for other in [&[0.0, 1.1][..], &[0.0, 0.7], &[-0.1, 0.9]] {
            assert_ne!(ColourScale::new(other, false, first), first, "{other:?}");
        }
        assert!(ColourScale::new(&[0.1, 0.95], true, first).unwrap().log);
    }

    #[test]
    fn its_ticks_are_round_and_lie_within_it() {
        let texts = |least, greatest, log| {
            let ticks = ColourScale { least, greatest, log }.ticks(6);
            assert!(ticks.iter().all(|(value, _)| (least..=greatest).contains(value)), "{ticks:?}");
            ticks.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(texts(0.03, 17.0, false), "5 10 15");
        assert_eq!(texts(0.008, 12.0, true), "0.01 0.1 1 10");
    }
}
