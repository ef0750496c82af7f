//! Ctrl+C: the work under way ends soon and writes what there is.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// What a shell gives to a program that Ctrl+C ended.
const CODE: u8 = 130;

/// From here on, Ctrl+C (or SIGTERM) is noticed; a second one ends the program at once.
pub fn listen() {
    let handler = || {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(CODE.into());
        }
    };
    // without a handler, Ctrl+C ends the program as it always does
    let _ = ctrlc::set_handler(handler);
}

/// Whether the work should end.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// The exit code of work that was stopped.
pub fn code() -> ExitCode {
    ExitCode::from(CODE)
}
