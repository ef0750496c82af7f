//! Numbers in words for people, the same in the window and on the command line: thousands separators, units, and as
//! many digits as mean something. What programs read has its own formats, which lose no bit.

use std::borrow::Cow;
use std::time::Duration;

/// `1234567` as `1,234,567`.
pub fn whole(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (k, c) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A text as it may be shown: a character that would steer a terminal, or turn the direction in which the text around it is
/// read, becomes one that is seen. Names and contents of files may hold any.
pub fn visible(text: &str) -> Cow<'_, str> {
    let steers = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.chars().any(steers) { text.replace(steers, "\u{fffd}").into() } else { text.into() }
}

/// A number of things, as in `1 update` and `1,000 updates`.
pub fn count(n: u64, thing: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", whole(n))
}

/// A measured value, to three significant digits; between 0 and 1 to four decimals.
pub fn value(x: f64) -> String {
    let size = x.abs();
    if x == 0.0 {
        "0".into()
    } else if !x.is_finite() {
        x.to_string()
    } else if !(1e-3..1e5).contains(&size) {
        format!("{x:.2e}")
    } else if size >= 100.0 {
        format!("{x:.0}")
    } else if size >= 10.0 {
        format!("{x:.1}")
    } else if size >= 1.0 {
        format!("{x:.2}")
    } else {
        format!("{x:.4}")
    }
}

/// A number with no more decimals than it needs, at most three.
pub fn trimmed(x: f64) -> String {
    let text = format!("{x:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The text of a number with the true minus sign, and without one before a zero.
pub fn signed(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().any(|c| matches!(c, b'1'..=b'9')) => format!("−{rest}"),
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// A share in hundredths with this number of decimals, as accuracies are given; a dash where it is not known (NaN).
pub fn percent(share: f64, decimals: usize) -> String {
    if share.is_nan() { "–".into() } else { format!("{:.decimals$} %", 100.0 * share) }
}

/// A share in hundredths, with more digits where it is small.
pub fn share(share: f64) -> String {
    match 100.0 * share {
        p if p > 0.0 && p < 0.1 => "< 0.1 %".into(),
        p if p > 0.0 && p < 10.0 => format!("{p:.1} %"),
        p => format!("{p:.0} %"),
    }
}

/// A duration, with as many digits as can be read.
pub fn seconds(d: Duration) -> String {
    let s = d.as_secs_f64();
    match s {
        _ if s < 0.1 => format!("{:.0} ms", 1000.0 * s),
        _ if s < 1.0 => format!("{s:.2} s"),
        _ if s < 10.0 => format!("{s:.1} s"),
        _ if s < 60.0 => format!("{s:.0} s"),
        _ => format!("{} min {} s", s as u64 / 60, s as u64 % 60),
    }
}

/// A number of bytes in the unit that fits, as in `3.2 GiB`.
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if n < 1024 {
        return count(n, "byte");
    }
    let power = (n.ilog2() / 10) as usize;
    let value = n as f64 / (1u64 << (10 * power)) as f64;
    // a tenth means nothing in hundreds of small units
    let decimals = usize::from(value < 100.0 || power > 2);
    format!("{value:.decimals$} {}", UNITS[power - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let texts = [40, 210, 3040, 12_300, 200_000].map(|ms| seconds(Duration::from_millis(ms)));
        assert_eq!(texts, ["40 ms", "0.21 s", "3.0 s", "12 s", "3 min 20 s"]);
    }

    #[test]
    fn whole_numbers_have_separators_and_things_a_plural() {
        assert_eq!([0, 999, 1000, 1_234_567].map(whole), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([1, 2000].map(|n| count(n, "update")), ["1 update", "2,000 updates"]);
    }

    #[test]
    fn values_have_as_many_digits_as_mean_something() {
        assert_eq!(
            [0.0, 0.11432, 1.5, 12.34, 812.4, 1e6, 2e-5].map(value),
            ["0", "0.1143", "1.50", "12.3", "812", "1.00e6", "2.00e-5"]
        );
        assert_eq!([f64::NAN, f64::INFINITY].map(value), ["NaN", "inf"]);
        assert_eq!([2.5, 3.0, 0.0004].map(trimmed), ["2.5", "3", "0"]);
        assert_eq!(["-0.5", "-0.00", "1e-5"].map(|text| signed(text.into())), ["−0.5", "0.00", "1e-5"]);
    }

    #[test]
    fn shares_are_told_in_hundredths() {
        assert_eq!([0.0, 0.0005, 0.034, 0.5].map(share), ["0 %", "< 0.1 %", "3.4 %", "50 %"]);
        assert_eq!([percent(0.9732, 1), percent(0.9732, 2), percent(f64::NAN, 1)], ["97.3 %", "97.32 %", "–"]);
    }

    #[test]
    fn bytes_are_said_in_a_fitting_unit() {
        let texts = [0, 1, 1023, 2048, 215 << 20, 373 << 29, u64::MAX].map(bytes);
        assert_eq!(texts, ["0 bytes", "1 byte", "1,023 bytes", "2.0 KiB", "215 MiB", "186.5 GiB", "16.0 EiB"]);
    }
}
