//! Writing to the terminal, and numbers for files.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::text::visible;

/// Whether output could not be written.
static LOST: AtomicBool = AtomicBool::new(false);

/// A text with a line end to stdout. One that cannot be written is complained of once, and makes the program end with an
/// error; `spikescape settings | head` is no mistake.
pub fn say(text: &str) {
    noted(writeln!(io::stdout().lock(), "{}", visible(text)));
}

/// Whether all output has been written; asked at the end.
pub fn all_written() -> bool {
    noted(io::stdout().lock().flush());
    !LOST.load(Ordering::Relaxed)
}

fn noted(written: io::Result<()>) {
    if let Err(e) = written
        && e.kind() != ErrorKind::BrokenPipe
        && !LOST.swap(true, Ordering::Relaxed)
    {
        complain(&format!("The output could not be written: {e}."));
    }
}

/// A text with a line end to stderr.
pub fn complain(text: &str) {
    // where not even this can be written there is nobody left to tell
    let _ = writeln!(std::io::stderr().lock(), "{}", visible(text));
}

/// A number for a file: the shortest text that reads back to the same bits.
pub fn exact(x: f64) -> String {
    format!("{x:?}")
}
