//! Lengths of time as people and schedulers write them.

use std::time::Duration;

/// As in `90`, `90s`, `10m`, `1.5h`, `2d`, or as Slurm writes it: `[days-]hours:minutes:seconds`, `minutes:seconds`.
pub fn parse(text: &str) -> Result<Duration, String> {
    let seconds = if text.contains(':') { clock(text) } else { with_unit(text) };
    let seconds = seconds.filter(|s| (0.0..=1e9).contains(s));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| format!("{text} is not a length of time; expected one as in 90s, 10m, 1.5h or 1-12:00:00"))
}

fn with_unit(text: &str) -> Option<f64> {
    let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let unit = match &text[end..] {
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return None,
    };
    text[..end].trim().parse::<f64>().ok().map(|n| n * unit)
}

fn clock(text: &str) -> Option<f64> {
    let (days, clock) = text.split_once('-').unwrap_or(("0", text));
    let parts: Option<Vec<f64>> = clock.split(':').map(|part| part.parse::<u32>().ok().map(f64::from)).collect();
    let seconds = parts?.into_iter().fold(0.0, |sum, part| sum * 60.0 + part);
    Some(f64::from(days.parse::<u32>().ok()?) * 86_400.0 + seconds)
}

/// In a unit that suits it, as in "4.2 s" or "3 h 20 min".
pub fn told(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round() as u64;
    match seconds {
        s if s < 10.0 => format!("{s:.1} s"),
        s if s < 120.0 => format!("{s:.0} s"),
        s if s < 7200.0 => format!("{minutes} min"),
        s if s < 172_800.0 => format!("{} h {} min", minutes / 60, minutes % 60),
        s => format!("{:.1} days", s / 86_400.0),
    }
}

/// As Slurm wants it, in whole minutes, at least one.
pub fn slurm(seconds: f64) -> String {
    let minutes = (seconds / 60.0).ceil().max(1.0) as u64;
    format!("{}-{:02}:{:02}:00", minutes / 1440, minutes / 60 % 24, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_schedulers_are_understood() {
        for (text, seconds) in [
            ("90", 90.0),
            ("90s", 90.0),
            ("10m", 600.0),
            ("10min", 600.0),
            ("1.5h", 5400.0),
            ("2d", 172_800.0),
            ("0", 0.0),
            ("5:30", 330.0),
            ("1:00:00", 3600.0),
            ("1-12:00:00", 129_600.0),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_secs_f64(seconds)), "{text}");
        }
        for wrong in ["", "x", "-5", "5y", "1:x", "nan", "inf", "1e99", "a-1:00"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_told_in_a_unit_that_suits_them() {
        assert_eq!(
            [1.23, 45.0, 300.0, 12_000.0, 259_200.0].map(told),
            ["1.2 s", "45 s", "5 min", "3 h 20 min", "3.0 days"]
        );
        assert_eq!([0.0, 61.0, 90_000.0].map(slurm), ["0-00:01:00", "0-00:02:00", "1-01:00:00"]);
    }
}
