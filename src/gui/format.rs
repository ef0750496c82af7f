//! Numbers for a person's eyes: thousands separators, as many digits as mean something.

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

/// A measured value, to three significant digits or so.
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

/// Bytes in the unit that fits.
pub fn bytes(n: usize) -> String {
    match n {
        0..1024 => format!("{n} B"),
        1024..1_048_576 => format!("{} KiB", n / 1024),
        1_048_576..1_073_741_824 => format!("{} MiB", n >> 20),
        _ => format!("{:.1} GiB", n as f64 / (1u64 << 30) as f64),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([0, 999, 1000, 1234567].map(whole), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [0.0, 0.11432, 1.5, 12.34, 812.4, 1e6, 2e-5].map(value),
            ["0", "0.1143", "1.50", "12.3", "812", "1.00e6", "2.00e-5"]
        );
        assert_eq!([12, 2048, 5 << 20, 3 << 30].map(bytes), ["12 B", "2 KiB", "5 MiB", "3.0 GiB"]);
    }

    #[test]
    fn durations_read_well() {
        let texts = [40, 210, 3040, 12_300, 200_000].map(|ms| seconds(Duration::from_millis(ms)));
        assert_eq!(texts, ["40 ms", "0.21 s", "3.0 s", "12 s", "3 min 20 s"]);
    }
}
