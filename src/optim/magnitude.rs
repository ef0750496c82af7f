//! How large a parameter and the optimiser's memory of it may become by one update: a bound, so that what is needed to undo
//! an update is kept only where the update could overflow single precision.

use super::UpdateRule;

/// The largest magnitudes among parameters and their two moments; not finite where an entry is not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Magnitudes {
    pub params: f64,
    pub first: f64,
    pub second: f64,
}

/// Below these everything that is computed from parameters and moments is finite. A potential sums the weights of all inputs
/// over all steps twice, each at most 10⁶: 10³⁴ where weights are below 10²⁰, and single precision reaches 3·10³⁸.
const ORDINARY: Magnitudes = Magnitudes { params: 1e20, first: 1e30, second: 1e37 };

impl Magnitudes {
    pub const ZERO: Self = Self { params: 0.0, first: 0.0, second: 0.0 };

    /// Of `values` of these three kinds.
    #[inline(always)]
    pub fn of(params: &[f32], first: &[f32], second: &[f32]) -> Self {
        Self { params: largest(params), first: largest(first), second: largest(second) }
    }

    pub fn max(self, other: Self) -> Self {
        let max = |a: f64, b: f64| if a.is_nan() || a > b { a } else { b };
        Self {
            params: max(self.params, other.params),
            first: max(self.first, other.first),
            second: max(self.second, other.second),
        }
    }

    pub fn is_finite(self) -> bool {
        self.params.is_finite() && self.first.is_finite() && self.second.is_finite()
    }

    /// Whether all that follows from such values is finite. Not for NaN.
    pub fn is_ordinary(self) -> bool {
        self.params < ORDINARY.params && self.first < ORDINARY.first && self.second < ORDINARY.second
    }
}

/// The largest magnitude; infinite or NaN where a value is.
#[inline(always)]
fn largest(values: &[f32]) -> f64 {
    // without its sign a number is the larger the larger its bits are, infinity more than all finite ones, NaN still more
    let bits = values.iter().fold(0, |most, x| (x.to_bits() & 0x7fff_ffff).max(most));
    f64::from(f32::from_bits(bits))
}

impl UpdateRule {
    /// A bound of the magnitudes after this update, from those before it and one of the gradient's entries.
    pub fn reach(self, before: Magnitudes, gradient: f64) -> Magnitudes {
        let Magnitudes { params, first, second } = before;
        // for the rounding of single precision
        let slack = 1.01;
        match self {
            Self::Sgd { decay, momentum, rate } => {
                let buffer = slack * (f64::from(momentum) * first + gradient + f64::from(decay) * params);
                Magnitudes { params: slack * (params + f64::from(rate) * buffer), first: buffer, second }
            }
            Self::Adam { decay, b: [b1, b2], c: [c1, c2], size, correction, epsilon } => {
                let [b1, b2, c1, c2] = [b1, b2, c1, c2].map(f64::from);
                let g = gradient + f64::from(decay) * params;
                // the step is at most its numerator over ε, and √(c₂ g²) in the denominator bounds the share of g itself,
                // unless g² is too small for single precision
                let old = (b1 * first + c1 * 1e-18) / f64::from(epsilon);
                let step = f64::from(size) * (old + c1 / (libm::sqrt(c2) * f64::from(correction)));
                // the square is taken first, and infinite where it is too large
                let square = if slack * g * g < f64::from(f32::MAX) { g * g } else { f64::INFINITY };
                Magnitudes {
                    params: slack * (params + slack * step),
                    first: slack * (b1 * first + c1 * g),
                    second: slack * (b2 * second + c2 * square),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::{Optimiser, OptimiserKind, OptimiserSettings};

    #[test]
    fn the_largest_magnitude_is_found_and_is_not_finite_where_a_value_is_not() {
        assert_eq!(Magnitudes::of(&[1.0, -3.0, 2.0], &[], &[0.5]), Magnitudes { params: 3.0, first: 0.0, second: 0.5 });
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let found = Magnitudes::of(&[1.0, bad, f32::MAX], &[], &[]);
            assert!(!found.is_finite() && !found.is_ordinary(), "{bad}");
            assert!(!Magnitudes::ZERO.max(found).is_finite() && !found.max(Magnitudes::ZERO).is_finite(), "{bad}");
        }
        assert!(Magnitudes::of(&[f32::MAX], &[], &[]).is_finite());
    }

    /// Random states, settings and gradients of all sizes: no update goes beyond its bound.
    #[test]
    fn no_update_goes_further_than_its_reach() {
        let mut state = 1u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        for case in 0..20_000 {
            let kind = if case % 2 == 0 { OptimiserKind::Sgd } else { OptimiserKind::Adam };
            let mut power = |low: f64, high: f64| libm::pow(10.0, low + (high - low) * random());
            let settings = OptimiserSettings {
                kind,
                learning_rate: power(-12.0, 3.0),
                momentum: 1.0 - power(-6.0, 0.0),
                beta1: 1.0 - power(-6.0, 0.0),
                beta2: 1.0 - power(-6.0, 0.0),
                epsilon: power(-30.0, 0.0),
                weight_decay: power(-6.0, 1.0),
                ..OptimiserSettings::default()
            };
            let values = [power(-30.0, 20.0), power(-30.0, 20.0), power(-30.0, 30.0)].map(|x| x as f32);
            let gradient = power(-30.0, 18.0) as f32;
            let mut optimiser = Optimiser::new(1);
            optimiser.steps = (power(0.0, 4.0)) as u64;
            (optimiser.first[0], optimiser.second[0]) = (values[1], values[2]);
            let mut params = [-values[0]];
            let before = Magnitudes::of(&params, &optimiser.first, &optimiser.second);
            let rule = optimiser.begin(&settings, settings.learning_rate);
            let bound = rule.reach(before, f64::from(gradient));
            rule.apply([&mut params, &mut optimiser.first, &mut optimiser.second], &[gradient]);
            let after = Magnitudes::of(&params, &optimiser.first, &optimiser.second);
            let within = |a: f64, b: f64| a <= b || b >= f64::from(f32::MAX);
            assert!(within(after.params, bound.params), "{case} {settings:?}: {after:?} {bound:?}");
            assert!(within(after.first, bound.first), "{case} {settings:?}: {after:?} {bound:?}");
            assert!(within(after.second, bound.second), "{case} {settings:?}: {after:?} {bound:?}");
        }
    }
}
