//! What the window itself costs: the CPU's time for a frame, and the program's memory.

use egui::Ui;

use crate::engine::need;
use crate::machine;
use crate::record::history;

use super::bar::number;
use super::format;
use super::state::Look;

/// Seconds between two looks at the memory.
const EVERY: f64 = 1.0;
/// Share of a new frame in the mean.
const SHARE: f32 = 0.1;

/// Measured by whoever has a real window; elsewhere it shows no numbers, so that pictures stay the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meter {
    /// Seconds of CPU that a frame takes, a mean of the last ones.
    frame: Option<f32>,
    /// Bytes that the program holds, and when that was read.
    memory: Option<u64>,
    read: Option<f64>,
}

impl Meter {
    /// Takes note of a frame that took so many seconds of CPU. `now` in seconds.
    pub fn hear(&mut self, frame_seconds: f32, now: f64) {
        self.frame = Some(self.frame.map_or(frame_seconds, |mean| mean + SHARE * (frame_seconds - mean)));
        if self.read.is_none_or(|read| now - read >= EVERY) {
            (self.memory, self.read) = (machine::resident(), Some(now));
        }
    }

    /// Draws the numbers, from right to left.
    pub fn show(&self, ui: &mut Ui, look: Look) {
        let Some(seconds) = self.frame else { return };
        let held = self.memory.map_or("–".into(), |bytes| format::bytes(bytes as usize));
        number(ui, look, "memory", &held, 54.0, &self.about_memory(look));
        let frame = format!("{:.1} ms", seconds * 1e3);
        let hint = "Time that the processor takes for a frame of this window, in the mean of the last ones: logic, \
                    layout, triangles, and what the graphics driver does with them. The run goes on meanwhile, \
                    on threads of its own";
        number(ui, look, "frame", &frame, 54.0, hint);
    }

    fn about_memory(&self, look: Look) -> String {
        let past = look.frame().map_or(0, |frame| frame.history_bytes);
        let [past, most] = [past, history::BUDGET].map(format::bytes);
        let need = format::bytes(need(&look.run.settings) as usize);
        format!(
            "Memory that the program holds, of which the past of the run takes {past}: never more than {most}, as it is \
             thinned. A run of these settings was expected to take about {need} in all, data sets and graphics driver \
             aside"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_follows_and_memory_is_read_once_a_second() {
        let mut meter = Meter::default();
        meter.hear(0.002, 5.0);
        assert_eq!((meter.frame, meter.read), (Some(0.002), Some(5.0)));
        for n in 0..100 {
            meter.hear(0.004, 5.0 + f64::from(n) * 0.009);
        }
        assert!(meter.frame.is_some_and(|mean| (mean - 0.004).abs() < 1e-4));
        assert_eq!(meter.read, Some(5.0));
        meter.hear(0.004, 6.0);
        assert_eq!(meter.read, Some(6.0));
    }
}
