//! The cost of the window itself: the CPU's time for a frame, and the program's memory.

use egui::Ui;

use super::number::number;
use crate::gui::state::ViewContext;
use crate::machine;
use crate::text;

/// Seconds between two looks at the memory.
const EVERY: f64 = 1.0;
/// Share of a new frame on average.
const SHARE: f32 = 0.1;

/// Measured by whoever has a real window; elsewhere it shows no numbers, so that pictures stay the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct CostMeter {
    /// Seconds of CPU that a frame takes, a mean of the last ones.
    frame: Option<f32>,
    /// Bytes that the program holds, and when that was read.
    memory: Option<u64>,
    read: Option<f64>,
}

impl CostMeter {
    /// Takes note of a frame by the seconds of CPU that it took. `now` in seconds.
    pub fn record(&mut self, frame_seconds: f32, now: f64) {
        self.frame = Some(self.frame.map_or(frame_seconds, |mean| mean + SHARE * (frame_seconds - mean)));
        if self.read.is_none_or(|read| now - read >= EVERY) {
            (self.memory, self.read) = (machine::resident(), Some(now));
        }
    }

    /// Draws the numbers, from right to left.
    pub fn show(&self, ui: &mut Ui, cx: ViewContext) {
        let Some(seconds) = self.frame else { return };
        let held = self.memory.map_or("–".into(), text::bytes);
        number(ui, cx, "memory", &held, 54.0, &self.about_memory(cx));
        let frame = format!("{:.1} ms", seconds * 1e3);
        let hint = "CPU time per frame of this window, averaged over the last frames: logic, layout, tessellation and \
                    graphics driver. The run has its own threads and continues meanwhile.";
        number(ui, cx, "frame", &frame, 54.0, hint);
    }

    fn about_memory(&self, cx: ViewContext) -> String {
        let past = cx.frame().map_or(0, |frame| frame.history_bytes);
        let most = (cx.session.history_mib as usize) << 20;
        let [past, most] = [past, most].map(|bytes| text::bytes(bytes as u64));
        let need = text::bytes(cx.need_of_run);
        format!(
            "Memory used by the program. The pasts of all runs take {past} of it, and never more than {most} \
             (View > History), because they are thinned. A run with these settings was estimated to take about {need} in total, not \
             counting data sets and the graphics driver."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_follows_and_memory_is_read_once_a_second() {
        let mut meter = CostMeter::default();
        meter.record(0.002, 5.0);
        assert_eq!((meter.frame, meter.read), (Some(0.002), Some(5.0)));
        for n in 0..100 {
            meter.record(0.004, 5.0 + f64::from(n) * 0.009);
        }
        assert!(meter.frame.is_some_and(|mean| (mean - 0.004).abs() < 1e-4));
        assert_eq!(meter.read, Some(5.0));
        meter.record(0.004, 6.0);
        assert_eq!(meter.read, Some(6.0));
    }
}
