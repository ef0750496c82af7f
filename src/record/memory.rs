//! How much memory the machine has, and how much of it this program holds.

use std::fs::File;
use std::io::Read;

use crate::train::Settings;
use crate::train::settings::Problem;
use crate::train::settings::memory::MEMORY;

/// All memory of the machine in bytes, where it says so: Linux does in `/proc/meminfo`.
pub fn total() -> Option<u64> {
    parse(&read("/proc/meminfo")?, "MemTotal:")
}

/// Whether a run of these settings can be, on this machine.
pub fn check(settings: &Settings) -> Result<(), Vec<Problem>> {
    settings.check_within(total().unwrap_or(MEMORY))
}

/// Memory that this program holds in bytes, where the machine says so: Linux does in `/proc/self/status`.
pub fn resident() -> Option<u64> {
    parse(&read("/proc/self/status")?, "VmRSS:")
}

fn read(path: &str) -> Option<String> {
    let mut text = String::new();
    File::open(path).ok()?.take(64 << 10).read_to_string(&mut text).ok()?;
    Some(text)
}

/// The number of a line as in `MemTotal:  16384 kB`.
fn parse(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_in_kibibytes() {
        assert_eq!(parse("MemTotal:       16384 kB\nMemFree:  1 kB\n", "MemTotal:"), Some(16 << 20));
        assert_eq!(parse("MemFree: 1 kB\n", "MemTotal:"), None);
        assert_eq!(parse("MemTotal: much\n", "MemTotal:"), None);
        assert_eq!(parse("MemTotal: 99999999999999999999 kB\n", "MemTotal:"), None);
        assert_eq!(parse("MemTotal: 18446744073709551615 kB\n", "MemTotal:"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn linux_says() {
        assert!(total().is_some_and(|bytes| bytes > 1 << 20));
        assert!(resident().zip(total()).is_some_and(|(held, all)| 1 << 20 < held && held < all));
    }
}
