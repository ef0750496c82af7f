//! How much memory the machine has.

use std::fs::File;
use std::io::Read;

/// All memory of the machine in bytes, where it says so: Linux does in `/proc/meminfo`.
pub fn total() -> Option<u64> {
    let mut text = String::new();
    File::open("/proc/meminfo").ok()?.take(64 << 10).read_to_string(&mut text).ok()?;
    parse(&text)
}

/// The line `MemTotal:  16384 kB`.
fn parse(text: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_in_kibibytes() {
        assert_eq!(parse("MemTotal:       16384 kB\nMemFree:  1 kB\n"), Some(16 << 20));
        assert_eq!(parse("MemFree: 1 kB\n"), None);
        assert_eq!(parse("MemTotal: much\n"), None);
        assert_eq!(parse("MemTotal: 99999999999999999999 kB\n"), None);
        assert_eq!(parse("MemTotal: 18446744073709551615 kB\n"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn linux_says() {
        assert!(total().is_some_and(|bytes| bytes > 1 << 20));
    }
}
