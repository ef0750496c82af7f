//! Where the ticks of an axis are, and what they say.

use crate::text;

/// Multiples of 1, 2 or 5 times a power of ten between `min` and `max`, about `most` of them, none closer than `least`:
/// each with the distance to the next.
pub fn linear(min: f64, max: f64, most: f64, least: f64) -> Vec<(f64, f64)> {
    let step = round_step((max - min) / most).max(least);
    if !(step.is_finite() && step > 0.0) {
        return Vec::new();
    }
    let (first, last) = ((min / step).ceil(), (max / step).floor());
    (0..=(last - first).clamp(-1.0, 1000.0) as i64).map(|k| ((first + k as f64) * step, step)).collect()
}

/// The least of 1, 2 and 5 times a power of ten that is not below `x`.
pub fn round_step(x: f64) -> f64 {
    let power = 10f64.powf(x.log10().floor());
    // a hair of tolerance, as 10^log10(x) is not exactly x
    let factor = [1.0, 2.0, 5.0].into_iter().find(|f| f * power >= x * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

/// The same where `min` and `max` are logarithms to base 10: powers of ten, with their doubles and fivefolds where
/// there is room; round numbers where less than a power of ten is in view. Positions are logarithms, too.
pub fn log(min: f64, max: f64, most: f64) -> Vec<(f64, f64)> {
    let decades = (max.floor() - min.ceil() + 1.0).max(0.0);
    if max - min < 1.0 && decades < 2.0 {
        let values = linear(10f64.powf(min), 10f64.powf(max), most.min(4.0), 0.0);
        let between = (max - min) / values.len().max(1) as f64;
        return values.into_iter().filter(|(v, _)| *v > 0.0).map(|(v, _)| (v.log10(), between)).collect();
    }
    let within: &[f64] = if (max - min) * 3.0 <= most { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let every = round_step(((max - min) / most).max(1.0)).max(1.0);
    let between = if within.len() > 1 { 0.3 } else { every };
    let mut ticks = Vec::new();
    let mut decade = (min / every).floor() * every;
    while decade <= max && ticks.len() < 1000 {
        ticks.extend(within.iter().map(|f| (decade + f.log10(), between)));
        decade += every;
    }
    ticks.retain(|(at, _)| (min..=max).contains(at));
    ticks
}

/// Round numbers from `min` to `max`, about `most` of them, and their texts.
pub fn labelled(min: f64, max: f64, most: usize) -> Vec<(f64, String)> {
    linear(min, max, most.max(1) as f64, 0.0).into_iter().map(|(value, step)| (value, label(value, step))).collect()
}

/// The same where colours stand for logarithms. `min` and `max` are above 0.
pub fn labelled_log(min: f64, max: f64, most: usize) -> Vec<(f64, String)> {
    let ticks = log(min.log10(), max.log10(), most.max(1) as f64).into_iter();
    ticks.map(|(at, _)| (exponential(at), power(at))).filter(|(value, _)| (min..=max).contains(value)).collect()
}

/// A tick at `value`, one of many `step` apart: as many digits as tell them apart.
pub fn label(value: f64, step: f64) -> String {
    let value = if value.abs() < step * 1e-6 { 0.0 } else { value };
    let places = -step.log10().floor();
    if value == 0.0 {
        "0".into()
    } else if places > 5.0 || value.abs() >= 1e7 {
        let digits = (value.abs().log10().floor() + places).clamp(0.0, 6.0);
        format!("{value:.*e}", digits as usize)
    } else if places <= 0.0 {
        let sign = if value < 0.0 { "−" } else { "" };
        format!("{sign}{}", text::whole(value.abs().round() as u64))
    } else {
        text::signed(format!("{value:.*}", places as usize))
    }
}

/// The number whose logarithm this is, rounded to more digits than ticks of a logarithmic axis have.
fn exponential(log: f64) -> f64 {
    let value = 10f64.powf(log);
    format!("{value:.4e}").parse().unwrap_or(value)
}

/// The same as text.
pub fn power(log: f64) -> String {
    match exponential(log) {
        value @ 1e-4..1e3 => value.to_string(),
        value @ 1e3..1e6 => text::whole(value as u64),
        value => format!("{value:e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(min: f64, max: f64, most: f64, least: f64) -> Vec<String> {
        linear(min, max, most, least).into_iter().map(|(v, s)| label(v, s)).collect()
    }

    fn powers(min: f64, max: f64, most: f64) -> Vec<String> {
        log(min, max, most).into_iter().map(|(at, _)| power(at)).collect()
    }

    #[test]
    fn linear_ticks_are_round() {
        assert_eq!(labels(0.0, 1.1, 6.0, 0.0), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(0.0, 12_500.0, 3.0, 1.0), ["0", "5,000", "10,000"]);
        assert_eq!(labels(-3.2, 3.2, 4.0, 1.0), ["−2", "0", "2"]);
        assert_eq!(labels(0.0, 3.0, 9.0, 1.0), ["0", "1", "2", "3"]);
        assert_eq!(labels(0.0, 3.2e-7, 4.0, 0.0), ["0", "1e-7", "2e-7", "3e-7"]);
        assert_eq!(labels(0.0, 0.003, 3.0, 0.0), ["0", "0.001", "0.002", "0.003"]);
    }

    #[test]
    fn logarithmic_ticks_are_round_at_every_width() {
        assert_eq!(powers(-3.2, 1.2, 6.0), ["0.001", "0.01", "0.1", "1", "10"]);
        assert_eq!(powers(-1.0, 1.0, 8.0), ["0.1", "0.2", "0.5", "1", "2", "5", "10"]);
        assert_eq!(powers(-12.0, 4.0, 4.0), ["1e-10", "1e-5", "1"]);
        assert_eq!(powers(0.31, 0.49, 5.0), ["2.5", "3"]);
        assert_eq!(powers(2.9, 4.1, 3.0), ["1,000", "10,000"]);
    }

    #[test]
    fn ticks_come_with_their_texts() {
        let texts = |t: Vec<(f64, String)>| t.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ");
        assert_eq!(texts(labelled(-1.02, 1.02, 5)), "−1.0 −0.5 0 0.5 1.0");
        assert_eq!(texts(labelled(-0.0102, 0.0102, 5)), "−0.010 −0.005 0 0.005 0.010");
        assert_eq!(texts(labelled(0.03, 17.0, 4)), "5 10 15");
        assert_eq!(texts(labelled(2.0, 2.0, 4)), "");
        assert_eq!(texts(labelled_log(0.008, 12.0, 6)), "0.01 0.1 1 10");
        assert_eq!(texts(labelled_log(0.3, 4.0, 6)), "0.5 1 2");
        assert_eq!(texts(labelled_log(0.11, 0.13, 4)), "0.11 0.115 0.12 0.125 0.13");
        assert!(labelled_log(0.01, 1.0, 4).iter().all(|(value, text)| *value == text.parse::<f64>().unwrap()));
        assert!(labelled_log(1e-30, 1.0, 6).len() <= 7);
    }

    #[test]
    fn steps_are_rounded_up() {
        assert_eq!([0.3, 1.2, 46.0, 0.05].map(round_step), [0.5, 2.0, 50.0, 0.05]);
    }

    #[test]
    fn ranges_that_cannot_be_have_few_ticks() {
        assert!(linear(1.0, 1.0, 5.0, 0.0).len() <= 1);
        assert!(linear(f64::NAN, 1.0, 5.0, 0.0).is_empty());
        assert!(linear(f64::NEG_INFINITY, 1.0, 5.0, 0.0).is_empty());
        assert!(linear(0.0, 1e300, 1e9, 1.0).len() <= 1001);
    }
}
