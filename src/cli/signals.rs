//! Signals that ask the program to go: the work under way ends soon, and what there is is kept.
//!
//! Schedulers warn a job before its time is over: Slurm by SIGTERM, or by the signal of `--signal`, submitit by SIGUSR2, others
//! by SIGUSR1; a terminal that closes says SIGHUP. The first of them is a wish to stop. Only Ctrl+C (SIGINT) a second time, more
//! than a second after the first, ends the program at once: what arrives together, as from a terminal and a shell, is one wish.
//! A signal that was ignored when the program began stays ignored, so that `nohup` does what it should.

use std::process::ExitCode;

pub use system::{Signal, asked, hold, listen, release};

/// What a shell gives to a program that Ctrl+C ended.
const INTERRUPTED: u8 = 130;
/// EX_TEMPFAIL of sysexits.h: start it again and it goes on.
const TRY_AGAIN: u8 = 75;

/// The exit code of work that was stopped and whose state is kept: 130 after Ctrl+C, else 75, on which schedulers start it
/// again.
pub fn try_again() -> ExitCode {
    ExitCode::from(if asked().is_some_and(Signal::is_interrupt) { INTERRUPTED } else { TRY_AGAIN })
}

/// The exit code of work that was stopped and has no state to go on from.
pub fn stopped() -> ExitCode {
    ExitCode::from(INTERRUPTED)
}

/// From here on a file that outgrows the limit of this process (`ulimit -f`) is an error and not the program's end. A system
/// without such limits needs nothing.
pub fn outlive_limits() {
    #[cfg(unix)]
    {
        // where it cannot be heard it does what it always does
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    }
}

#[cfg(unix)]
mod system {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, LazyLock, OnceLock};
    use std::time::{Duration, Instant};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2};
    use signal_hook::flag;

    /// The signals that are heard.
    const SIGNALS: [(i32, &str); 5] =
        [(SIGINT, "Ctrl+C"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP"), (SIGUSR1, "SIGUSR1"), (SIGUSR2, "SIGUSR2")];

    /// Signals that come within this time are one wish.
    const TOGETHER: Duration = Duration::from_secs(1);

    /// The number of the last signal, 0 before the first.
    static LAST: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);
    /// Whether the next Ctrl+C ends the program at once.
    static ARMED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
    /// Whether nothing may end the program at once: files are being written.
    static HELD: AtomicBool = AtomicBool::new(false);
    /// When the first signal was noticed.
    static FIRST: OnceLock<Instant> = OnceLock::new();

    /// A signal that arrived.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Signal(usize);

    impl Signal {
        pub fn is_interrupt(self) -> bool {
            self.0 == SIGINT as usize
        }

        /// Its name.
        pub fn name(self) -> &'static str {
            SIGNALS.iter().find(|(number, _)| *number as usize == self.0).map_or("a signal", |(_, name)| name)
        }
    }

    /// From here on signals are noticed.
    pub fn listen() {
        let ignored = ignored();
        for (number, _) in SIGNALS {
            if ignored & (1 << (number - 1)) != 0 {
                continue;
            }
            // in this order: the Ctrl+C that arms does not end the program itself; where one cannot be heard it does what it
            // always does
            if number == SIGINT {
                let _ = flag::register_conditional_shutdown(number, super::INTERRUPTED.into(), Arc::clone(&ARMED));
            }
            let _ = flag::register_usize(number, Arc::clone(&LAST), number as usize);
        }
    }

    /// The last signal that asked to stop. Work asks this often.
    pub fn asked() -> Option<Signal> {
        let last = LAST.load(Ordering::Relaxed);
        if last == 0 {
            return None;
        }
        if FIRST.get_or_init(Instant::now).elapsed() >= TOGETHER && !HELD.load(Ordering::Relaxed) {
            ARMED.store(true, Ordering::Relaxed);
        }
        Some(Signal(last))
    }

    /// From here on no second Ctrl+C ends the program …
    pub fn hold() {
        HELD.store(true, Ordering::Relaxed);
        ARMED.store(false, Ordering::Relaxed);
    }

    /// … until here.
    pub fn release() {
        HELD.store(false, Ordering::Relaxed);
    }

    /// The signals that were ignored when the program began, a bit each, where the system tells: Linux does.
    fn ignored() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
    }
}

#[cfg(not(unix))]
mod system {
    use std::sync::atomic::{AtomicBool, Ordering};

    static ASKED: AtomicBool = AtomicBool::new(false);
    static HELD: AtomicBool = AtomicBool::new(false);

    /// Ctrl+C, or the window of the terminal that closes.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Signal;

    impl Signal {
        pub fn is_interrupt(self) -> bool {
            true
        }

        pub fn name(self) -> &'static str {
            "Ctrl+C"
        }
    }

    /// From here on Ctrl+C is noticed; a second one ends the program at once.
    pub fn listen() {
        let handler = || {
            if ASKED.swap(true, Ordering::Relaxed) && !HELD.load(Ordering::Relaxed) {
                std::process::exit(super::INTERRUPTED.into());
            }
        };
        // without a handler, Ctrl+C ends the program as it always does
        let _ = ctrlc::set_handler(handler);
    }

    pub fn hold() {
        HELD.store(true, Ordering::Relaxed);
    }

    pub fn release() {
        HELD.store(false, Ordering::Relaxed);
    }

    pub fn asked() -> Option<Signal> {
        ASKED.load(Ordering::Relaxed).then_some(Signal)
    }
}
