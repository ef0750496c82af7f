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

/// Time that the processor has spent on the threads that this program has now, where the machine says so: Linux does in
/// `/proc/self/task/*/schedstat`, in nanoseconds.
pub fn processor_time() -> Option<Duration> {
    let mut sum = 0u64;
    for thread in std::fs::read_dir("/proc/self/task").ok()? {
        // one that has just ended has nothing more to say
        if let Some(text) = read(&thread.ok()?.path().join("schedstat").to_string_lossy()) {
            sum += text.split_whitespace().next()?.parse::<u64>().ok()?;
        }
    }
    Some(Duration::from_nanos(sum))
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
        let begun = std::time::Instant::now();
        while begun.elapsed() < Duration::from_millis(100) {
            std::hint::black_box(resident());
        }
        assert!(waited().is_some_and(|time| time < Duration::from_secs(3600)));
        // the clock of a thread that runs is brought up to date at every tick
        assert!(processor_time().unwrap() > before);
    }
}
