//! A progress bar on stderr, with the time left. Where stderr is no terminal there is none.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine;

/// A bar for so many updates.
pub fn bar(updates: u64) -> ProgressBar {
    of(updates, "updates")
}

/// A bar for so many of some things.
pub fn of(number: u64, things: &str) -> ProgressBar {
    let look = format!("{{wide_bar:.cyan}} {{human_pos}} of {{human_len}} {things}, {{msg}}{{eta}} left");
    let bar = ProgressBar::new(number);
    bar.set_style(ProgressStyle::with_template(&look).expect("the template is sound").progress_chars("━━─"));
    // it ticks on a thread of its own, and would panic without one
    if engine::can_start() {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    bar
}
