//! Where the ticks of an axis are, and what they say.

use super::super::super::format;

/// Multiples of 1, 2 or 5 times a power of ten between `min` and `max`, about `most` of them, none closer than `least`:
/// each with the distance to the next.
pub fn linear(min: f64, max: f64, most: f64, least: f64) -> Vec<(f64, f64)> {
    let step = step((max - min) / most).max(least);
    if !(step.is_finite() && step > 0.0) {
        return Vec::new();
    }
    let (first, last) = ((min / step).ceil(), (max / step).floor());
    (0..=(last - first).clamp(-1.0, 1000.0) as i64).map(|k| ((first + k as f64) * step, step)).collect()
}

/// The least of 1, 2 and 5 times a power of ten that is not below `x`.
fn step(x: f64) -> f64 {
    let power = 10f64.powf(x.log10().floor());
    // a hair of tolerance, as 10^log10(x) is not exactly x
    let factor = [1.0, 2.0, 5.0].into_iter().find(|f| f * power >= x * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

/// The same where `min` and `max` are logarithms to base 10: powers of ten, with their doubles and fivefolds where there
/// is room; round numbers where less than a power of ten is in view. Positions are logarithms, too.
pub fn log(min: f64, max: f64, most: f64) -> Vec<(f64, f64)> {
    let decades = (max.floor() - min.ceil() + 1.0).max(0.0);
    if max - min < 1.0 && decades < 2.0 {
        let values = linear(10f64.powf(min), 10f64.powf(max), most.min(4.0), 0.0);
        let between = (max - min) / values.len().max(1) as f64;
        return values.into_iter().filter(|(v, _)| *v > 0.0).map(|(v, _)| (v.log10(), between)).collect();
    }
    let within: &[f64] = if (max - min) * 3.0 <= most { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let every = step(((max - min) / most).max(1.0)).max(1.0);
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
        format!("{sign}{}", format::whole(value.abs().round() as u64))
    } else {
        format!("{value:.*}", places as usize).replace('-', "−")
    }
}

/// The number whose logarithm this is.
pub fn power(log: f64) -> String {
    let value = 10f64.powf(log);
    // five digits are more than ticks of a logarithmic axis have
    let value: f64 = format!("{value:.4e}").parse().unwrap_or(value);
    match value {
        1e-4..1e3 => value.to_string(),
        1e3..1e6 => format::whole(value as u64),
        _ => format!("{value:e}"),
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
    fn ranges_that_cannot_be_have_few_ticks() {
        assert!(linear(1.0, 1.0, 5.0, 0.0).len() <= 1);
        assert!(linear(f64::NAN, 1.0, 5.0, 0.0).is_empty());
        assert!(linear(f64::NEG_INFINITY, 1.0, 5.0, 0.0).is_empty());
        assert!(linear(0.0, 1e300, 1e9, 1.0).len() <= 1001);
    }
}
