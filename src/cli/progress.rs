//! A progress bar on stderr, with the time left. Where stderr is no terminal there is none.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar for so many updates.
pub fn bar(updates: u64) -> ProgressBar {
    const LOOK: &str = "{wide_bar:.cyan} {human_pos} of {human_len} updates, {msg}{eta} left";
    let bar = ProgressBar::new(updates);
    bar.set_style(ProgressStyle::with_template(LOOK).expect("the template is sound").progress_chars("━━─"));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
