//! The surrogate derivative σ(v), which stands for the derivative that a spike does not have ([model
//! §5](crate::model#5-the-three-rules-backward)).

use crate::named::named;
use crate::snn::exp::exp_neg;
use crate::snn::neuron::THRESHOLD;

use super::RuleSettings;

named! {
    /// The shape of σ(v), in x = b_σ |v − 1|; at the threshold each is a_σ.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum SurrogateShape {
        /// σ = a_σ · exp(−x), as in the paper: some gradient at every potential, most at the threshold.
        Exponential => "exponential", "Exponential";
        /// σ = a_σ / (1 + x)², the derivative of a fast sigmoid (Zenke and Ganguli 2018): its tails reach far.
        FastSigmoid => "fast-sigmoid", "Fast sigmoid";
        /// σ = a_σ / (1 + x²), the derivative of an arctangent (Fang et al. 2021): round at the threshold, with long tails.
        Arctan => "arctan", "Arctangent";
        /// σ = a_σ · max(0, 1 − x) (Bellec et al. 2018): no gradient farther than 1/b_σ from the threshold.
        Triangle => "triangle", "Triangle";
        /// σ = a_σ within 1/b_σ of the threshold, else 0 (Wu et al. 2018): all potentials there count alike.
        Rectangle => "rectangle", "Rectangle";
    }
}

impl SurrogateShape {
    /// Multiplies every g_s by `weight` · σ(v), where σ has height 1 and sharpness `sharp`. What is not a number stays so.
    ///
    /// The shape is looked at once, so that each loop becomes vector instructions.
    #[inline(always)]
    pub fn multiply(self, g_s: &mut [f32], v: &[f32], weight: f32, sharp: f32) {
        match self {
            Self::Exponential => each(g_s, v, |v| weight * exponential(v, sharp)),
            Self::FastSigmoid => each(g_s, v, |v| weight * fast_sigmoid(v, sharp)),
            Self::Arctan => each(g_s, v, |v| weight * arctan(v, sharp)),
            Self::Triangle => each(g_s, v, |v| weight * triangle(v, sharp)),
            Self::Rectangle => each(g_s, v, |v| weight * rectangle(v, sharp)),
        }
    }
}

impl RuleSettings {
    /// σ(v) at one potential.
    pub fn surrogate(&self, v: f32) -> f32 {
        let mut sigma = [1.0];
        self.shape.multiply(&mut sigma, &[v], self.surrogate_alpha as f32, self.surrogate_beta as f32);
        sigma[0]
    }
}

#[inline(always)]
fn each(g_s: &mut [f32], v: &[f32], sigma: impl Fn(f32) -> f32) {
    for (g, v) in g_s.iter_mut().zip(v) {
        *g *= sigma(*v);
    }
}

#[inline(always)]
fn exponential(v: f32, sharp: f32) -> f32 {
    exp_neg(-sharp * (v - THRESHOLD).abs())
}

#[inline(always)]
fn fast_sigmoid(v: f32, sharp: f32) -> f32 {
    let root = 1.0 + sharp * (v - THRESHOLD).abs();
    1.0 / (root * root)
}

#[inline(always)]
fn arctan(v: f32, sharp: f32) -> f32 {
    let x = sharp * (v - THRESHOLD);
    1.0 / (1.0 + x * x)
}

#[inline(always)]
fn triangle(v: f32, sharp: f32) -> f32 {
    let height = 1.0 - sharp * (v - THRESHOLD).abs();
    // not `max`, which would turn NaN into a number
    if height < 0.0 { 0.0 } else { height }
}

#[inline(always)]
fn rectangle(v: f32, sharp: f32) -> f32 {
    let x = sharp * (v - THRESHOLD).abs();
    // NaN is neither, and stays
    if x <= 1.0 {
        1.0
    } else if x > 1.0 {
        0.0
    } else {
        x
    }
}

#[cfg(test)]
mod tests {
    use super::SurrogateShape::{Arctan, Exponential, FastSigmoid, Rectangle, Triangle};
    use super::*;

    fn settings(shape: SurrogateShape, height: f64, sharpness: f64) -> RuleSettings {
        RuleSettings { shape, surrogate_alpha: height, surrogate_beta: sharpness, ..Default::default() }
    }

    /// σ as the model writes it, in double precision.
    fn reference(shape: SurrogateShape, a: f64, b: f64, v: f64) -> f64 {
        let x = b * (v - 1.0).abs();
        a * match shape {
            Exponential => (-x).exp(),
            FastSigmoid => (1.0 + x).powi(-2),
            Arctan => (1.0 + x.powi(2)).recip(),
            Triangle => (1.0 - x).max(0.0),
            Rectangle => f64::from(u8::from(x <= 1.0)),
        }
    }

    /// The function whose derivative σ is: what stands in the place of the step at the threshold.
    fn integral(shape: SurrogateShape, a: f64, b: f64, v: f64) -> f64 {
        let y = b * (v - 1.0);
        let x = y.abs();
        let half = match shape {
            Exponential => 1.0 - (-x).exp(),
            FastSigmoid => x / (1.0 + x),
            Arctan => x.atan(),
            Triangle => x.min(1.0) - x.min(1.0).powi(2) / 2.0,
            Rectangle => x.min(1.0),
        };
        a / b * half.copysign(y)
    }

    #[test]
    fn every_shape_is_the_one_that_the_model_writes() {
        for shape in SurrogateShape::ALL {
            for (a, b) in [(1.0, 3.0), (0.25, 10.0), (2.0, 0.5)] {
                for k in -400..=400 {
                    let v = (1.0 + f64::from(k) / 100.0) as f32;
                    // the edge of the rectangle lies between two numbers that rounding may exchange
                    if shape == Rectangle && (b * (f64::from(v) - 1.0).abs() - 1.0).abs() < 1e-5 {
                        continue;
                    }
                    let (ours, exact) = (settings(shape, a, b).surrogate(v), reference(shape, a, b, v.into()));
                    assert!((f64::from(ours) - exact).abs() <= 1e-6 * a, "{shape:?} {a} {b} at {v}: {ours} {exact}");
                }
                assert_eq!(f64::from(settings(shape, a, b).surrogate(1.0)), a);
            }
        }
    }

    #[test]
    fn every_shape_is_the_slope_of_its_integral() {
        const H: f64 = 1e-5;
        for shape in SurrogateShape::ALL {
            for (a, b) in [(1.0, 3.0), (0.5, 8.0)] {
                for k in -300..=300 {
                    let v = 1.0 + f64::from(k) / 97.0;
                    let x = b * (v - 1.0).abs();
                    // corners have no slope
                    if x < 1e-3 || (x - 1.0).abs() < 1e-3 {
                        continue;
                    }
                    let slope = (integral(shape, a, b, v + H) - integral(shape, a, b, v - H)) / (2.0 * H);
                    let sigma = f64::from(settings(shape, a, b).surrogate(v as f32));
                    assert!((sigma - slope).abs() < 2e-5 * a, "{shape:?} {a} {b} at {v}: {sigma} {slope}");
                }
            }
        }
    }

    #[test]
    fn the_exponential_keeps_its_bits() {
        for k in 0..10_000 {
            let v = k as f32 * 3e-4 - 0.7;
            let ours = settings(Exponential, 1.3, 3.7).surrogate(v);
            assert_eq!(ours.to_bits(), (1.3f32 * exp_neg(-3.7f32 * (v - 1.0).abs())).to_bits());
        }
    }

    #[test]
    fn a_potential_that_is_not_a_number_is_seen_in_the_gradient() {
        for shape in SurrogateShape::ALL {
            assert!(settings(shape, 1.0, 3.0).surrogate(f32::NAN).is_nan(), "{shape:?}");
            let far = [f32::INFINITY, -1e30].map(|v| settings(shape, 1.0, 3.0).surrogate(v));
            assert!(far.iter().all(|sigma| (0.0..1e-30).contains(sigma)), "{shape:?}: {far:?}");
        }
    }
}
