//! How often a picture is made again while more and more of it becomes known.

use std::time::{Duration, Instant};

use egui::Ui;

/// A picture that grows takes at most this share of the time, as a divisor.
const SHARE: u32 = 6;

/// When a picture was made last, and how long that took.
#[derive(Debug, Default)]
pub struct PicturePace(Option<(Instant, Duration)>);

impl PicturePace {
    /// Whether it is too early for the next; then the window comes back in time.
    pub fn rests(&self, ui: &Ui) -> bool {
        let Some((made, took)) = self.0 else { return false };
        let rest = (took * SHARE).saturating_sub(made.elapsed());
        if rest > Duration::ZERO {
            ui.request_repaint_after(rest);
        }
        rest > Duration::ZERO
    }

    /// Makes one, and remembers how long it took.
    pub fn make<R>(&mut self, make: impl FnOnce() -> R) -> R {
        let begun = Instant::now();
        let made = make();
        self.0 = Some((Instant::now(), begun.elapsed()));
        made
    }
}
