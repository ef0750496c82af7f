//! How much memory the machine has, how much of it this program holds, and how much the processor has done for it.

use std::fs::File;
use std::io::Read;
use std::time::Duration;

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

/// Time that the processor has spent on this program, threads that have ended included, where the machine says so: Unix
/// does by a clock of its own.
pub fn processor_time() -> Option<Duration> {
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};
        Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).ok()
    }
    #[cfg(not(unix))]
    None
}

/// Time for which the calling thread has waited while the processor was busy with other threads, where the machine says
/// so: Linux does in `/proc/thread-self/schedstat`, in nanoseconds.
pub fn waited() -> Option<Duration> {
    let text = read("/proc/thread-self/schedstat")?;
    Some(Duration::from_nanos(text.split_whitespace().nth(1)?.parse().ok()?))
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
        let before = processor_time().unwrap();
        // a thread that has ended still counts
        let work = || (0..100).filter(|_| resident().is_some()).count();
        assert_eq!(std::thread::spawn(work).join().unwrap(), 100);
        assert!(waited().is_some_and(|time| time < Duration::from_secs(3600)));
        assert!(processor_time().unwrap() > before);
    }
}
