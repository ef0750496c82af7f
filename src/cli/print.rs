//! Writing to the terminal, and numbers for files.

use std::io::{ErrorKind, Write};

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

/// A number for a file: the shortest text that reads back to the same bits.
pub fn exact(x: f64) -> String {
    format!("{x:?}")
}
