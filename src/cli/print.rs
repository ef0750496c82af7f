//! Words and numbers on the terminal.

use std::io::{ErrorKind, Write};

use crate::rule::Rule;

/// A text with a line end to stdout.
pub fn say(text: &str) {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Ok(()) => {}
        // `spikescape settings | head` is no mistake
        Err(e) if e.kind() == ErrorKind::BrokenPipe => {}
        Err(e) => complain(&format!("The output could not be written: {e}.")),
    }
}

/// A text with a line end to stderr.
pub fn complain(text: &str) {
    // where not even this can be written there is nobody left to tell
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// `1234567` as `1,234,567`.
pub fn whole(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of things, as in `1 update` and `1,000 updates`.
pub fn count(n: u64, thing: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", whole(n))
}

/// A measured value in about four digits.
pub fn value(x: f64) -> String {
    let size = x.abs();
    if x == 0.0 {
        "0".to_owned()
    } else if !(1e-3..1e6).contains(&size) {
        format!("{x:.2e}")
    } else if size < 10.0 {
        format!("{x:.4}")
    } else if size < 100.0 {
        format!("{x:.2}")
    } else {
        format!("{x:.1}")
    }
}

/// The rule's name in sentences.
pub fn rule_name(rule: Rule) -> &'static str {
    rule.label()
}

/// A number for a file: the shortest text that reads back to the same bits.
pub fn exact(x: f64) -> String {
    format!("{x:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!([0, 999, 1000, 1_234_567].map(whole), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(count(1, "update"), "1 update");
        assert_eq!(count(2000, "update"), "2,000 updates");
        assert_eq!([0.0, 0.04, 5.25, 56.789, 321.0].map(value), ["0", "0.0400", "5.2500", "56.79", "321.0"]);
        assert_eq!([1e-5, 2e7].map(value), ["1.00e-5", "2.00e7"]);
    }
}
