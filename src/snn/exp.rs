//! An exponential of our own: the platform's differs from machine to machine, and a loop of this one becomes vector
//! instructions.

/// eˣ for x ≤ 0, with a relative error below 1.5e-7. Below x = −87 the result stays at e⁻⁸⁷ (1.6e-38); NaN stays NaN.
///
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2; eʳ by the minimax polynomial of degree 7 (coefficients as in Moshier's Cephes
/// library); 2ⁿ by setting the exponent bits.
#[inline(always)]
pub fn exp_neg(x: f32) -> f32 {
    /// Adding it rounds to a whole number, which then stands in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    // not `max`, which would turn NaN into a number
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN2_HIGH - n * LN2_LOW;
    let mut series = 1.987_569_1e-4;
    for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5] {
        series = series * r + c;
    }
    let series = series * (r * r) + r + 1.0;
    series * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_is_within_the_stated_bound() {
        let mut worst: f64 = 0.0;
        for k in 0..1_000_000 {
            let x = -(k as f32) * 8.7e-5;
            let exact = f64::from(x).exp();
            worst = worst.max((f64::from(exp_neg(x)) - exact).abs() / exact);
        }
        assert!(worst < 1.5e-7, "{worst:e}");
    }

    #[test]
    fn ends_and_poison() {
        assert_eq!(exp_neg(0.0), 1.0);
        assert!(exp_neg(-1e30) > 0.0 && exp_neg(-1e30) < 2e-38);
        assert_eq!(exp_neg(f32::NEG_INFINITY), exp_neg(-87.0));
        assert!(exp_neg(f32::NAN).is_nan());
    }
}
