//! The machine on which the program runs: how much memory it has, and how much of memory and processor the program takes.

use std::fs::File;
use std::io::Read;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sysinfo::{MemoryRefreshKind, Process, ProcessRefreshKind, ProcessesToUpdate, System};

/// The memory that is assumed where the machine does not say how much it has, in bytes: 8 GiB.
pub const ASSUMED_MEMORY: u64 = 8 << 30;

/// How long an answer about memory holds.
const HOLDS: Duration = Duration::from_secs(1);

/// The memory in bytes that this program may come to hold: what it holds and what is available, not what is installed. Other
/// programs have their part of the machine, a container may allow less, and so may a limit of the process (`ulimit -v`). It is
/// looked up once a second at most.
pub fn memory() -> u64 {
    static LAST: Mutex<Option<(Instant, u64)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match *last {
        Some((when, bytes)) if when.elapsed() < HOLDS => bytes,
        _ => {
            let bytes = resident().unwrap_or(0).saturating_add(available());
            *last = Some((Instant::now(), bytes));
            bytes
        }
    }
}

/// The memory in bytes that this program may still take.
pub fn available() -> u64 {
    let group = with_process(ProcessRefreshKind::nothing(), Process::cgroup_limits).flatten();
    // what the group holds of files is given back when somebody needs it
    let in_group = group.filter(|group| group.total_memory > 0).map(|g| g.total_memory.saturating_sub(g.rss));
    least(of_machine().unwrap_or(0), in_group).min(within_process().unwrap_or(u64::MAX))
}

/// What this process may still take of its address space, where that is limited and the system tells, as Linux does; threads
/// and libraries take of it, too.
fn within_process() -> Option<u64> {
    let line = |file: &str, name: &str| {
        let mut text = String::new();
        File::open(file).ok()?.take(1 << 16).read_to_string(&mut text).ok()?;
        let found = text.lines().find_map(|line| line.strip_prefix(name))?;
        found.split_whitespace().next()?.parse::<u64>().ok()
    };
    let limit = line("/proc/self/limits", "Max address space")?;
    let taken = line("/proc/self/status", "VmSize:")?.saturating_mul(1024);
    Some(limit.saturating_sub(taken))
}

fn of_machine() -> Option<u64> {
    let mut system = System::new().ok()?;
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    Some(system.available_memory())
}

/// A limit above what there is, is none.
fn least(machine: u64, limit: Option<u64>) -> u64 {
    match machine {
        0 => ASSUMED_MEMORY,
        machine => limit.map_or(machine, |limit| limit.min(machine)),
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
        assert_eq!([least(16, None), least(16, Some(0))], [16, 0]);
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
