//! The machine on which the program runs: how much memory it has, and how much of memory and processor the program takes.

use std::fs::File;
use std::io::Read;
use std::sync::OnceLock;
use std::time::Duration;

use sysinfo::{MemoryRefreshKind, Process, ProcessRefreshKind, ProcessesToUpdate, System};

/// The memory that is assumed where the machine does not say how much it has, in bytes: 8 GiB.
pub const ASSUMED_MEMORY: u64 = 8 << 30;

/// The memory of this machine in bytes, or of the container in which the program runs where that may take less. It is
/// looked up once.
pub fn memory() -> u64 {
    static MEMORY: OnceLock<u64> = OnceLock::new();
    *MEMORY.get_or_init(|| {
        let limit = with_process(ProcessRefreshKind::nothing(), |own| own.cgroup_limits().map(|c| c.total_memory));
        least(total().unwrap_or(0), limit.flatten())
    })
}

fn total() -> Option<u64> {
    let mut system = System::new().ok()?;
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    Some(system.total_memory())
}

/// A limit above what there is, or of nothing at all, is none.
fn least(total: u64, limit: Option<u64>) -> u64 {
    match total {
        0 => ASSUMED_MEMORY,
        total => limit.filter(|limit| *limit > 0).map_or(total, |limit| limit.min(total)),
    }
}

/// Memory that this program holds, in bytes.
pub fn resident() -> Option<u64> {
    with_process(ProcessRefreshKind::nothing().with_memory(), Process::memory).filter(|bytes| *bytes > 0)
}

/// Time that the processor has spent on this program, threads that have ended included.
pub fn processor_time() -> Option<Duration> {
    // sysinfo counts in steps of 10 ms on Linux, in which a window at rest would vanish
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};
        Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).ok()
    }
    #[cfg(not(unix))]
    with_process(ProcessRefreshKind::nothing().with_cpu(), Process::accumulated_cpu_time).map(Duration::from_millis)
}

/// Time for which the calling thread has waited while the processor was busy with other threads, where the machine says
/// so: Linux does in `/proc/thread-self/schedstat`, in nanoseconds.
pub fn scheduler_wait() -> Option<Duration> {
    let mut text = String::new();
    File::open("/proc/thread-self/schedstat").ok()?.take(4096).read_to_string(&mut text).ok()?;
    Some(Duration::from_nanos(text.split_whitespace().nth(1)?.parse().ok()?))
}

/// Looks up some facts about this program.
fn with_process<T>(facts: ProcessRefreshKind, of: impl FnOnce(&Process) -> T) -> Option<T> {
    let own = sysinfo::get_current_pid().ok()?;
    let mut system = System::new().ok()?;
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), false, facts);
    system.process(own).map(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_may_have_less_than_the_machine() {
        assert_eq!(least(16, Some(4)), 4);
        assert_eq!(least(16, Some(64)), 16, "no limit is written as a very large number");
        assert_eq!([least(16, None), least(16, Some(0))], [16; 2]);
        assert_eq!(least(0, Some(4)), ASSUMED_MEMORY);
    }

    #[test]
    fn the_machine_says_how_much_there_is_and_how_much_is_held() {
        let held = resident().unwrap();
        assert!(1 << 20 < held && held < memory(), "{held} of {}", memory());
        // 64 MiB that are written to
        let more = vec![1u8; 64 << 20];
        assert!(resident().unwrap() > held + (32 << 20), "{} bytes more", more.len());
    }

    #[test]
    fn the_processor_counts_threads_that_have_ended() {
        let before = processor_time().unwrap();
        let work = || (0..100).filter(|_| resident().is_some()).count();
        assert_eq!(std::thread::spawn(work).join().unwrap(), 100);
        assert!(processor_time().unwrap() > before);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn linux_says_how_long_a_thread_has_waited() {
        assert!(scheduler_wait().is_some_and(|time| time < Duration::from_secs(3600)));
    }
}
