//! Play, pause and a slider over a stretch of time, for panels that show a window of it.

use egui::{Button, DragValue, Role, Slider, Ui, WidgetInfo, vec2};

/// A stretch of time that is played.
#[derive(Clone, Copy, Debug)]
pub struct PlayedTime {
    /// As in "recording".
    pub name: &'static str,
    /// How long it is, in `unit`.
    pub length: f64,
    pub unit: &'static str,
    /// So much of it in a second.
    pub rate: f64,
    /// The shortest window.
    pub least: f64,
}

/// Where a panel stands in what it plays.
#[derive(Clone, Debug)]
pub struct TimePlayer {
    /// Everything at once.
    all: bool,
    playing: bool,
    /// Where the window begins.
    at: f64,
    window: f64,
}

/// Seconds between two pictures.
const TICK: f64 = 1.0 / 30.0;
/// The longest that one picture may take to count in full: a window that was hidden does not leap.
const LONGEST: f64 = 0.2;

impl TimePlayer {
    /// Shows everything; played, a window so long.
    pub fn new(window: f64) -> Self {
        Self { all: true, playing: false, at: 0.0, window }
    }

    /// From where to where `reel` is shown; none where all of it is.
    pub fn window(&self, reel: &PlayedTime) -> Option<(f64, f64)> {
        let window = self.window.clamp(reel.least, reel.length.max(reel.least));
        let from = self.at.min(reel.length - window).max(0.0);
        (!self.all).then_some((from, from + window))
    }

    /// So much time goes by.
    fn advance(&mut self, reel: &PlayedTime, seconds: f64) {
        if !self.playing {
            return;
        }
        let last = (reel.length - self.window).max(0.0);
        self.at += reel.rate * seconds.min(LONGEST);
        if self.at > last {
            self.at = 0.0;
        }
    }

    /// The controls, in a row.
    pub fn ui(&mut self, ui: &mut Ui, reel: &PlayedTime) {
        if self.playing {
            self.advance(reel, ui.input(|i| f64::from(i.stable_dt)));
            ui.request_repaint_after(std::time::Duration::from_secs_f64(TICK));
        }
        let (name, unit) = (reel.name, reel.unit);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 5.0;
            let (text, hint) = match self.playing {
                true => ("Pause", "Stops the time window where it is"),
                false => ("Play", "Moves a time window from the beginning to the end, repeatedly"),
            };
            let play = ui.add(Button::new(text).min_size(vec2(48.0, 0.0))).on_hover_text(hint);
            play.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{text} the {name}")));
            if play.clicked() {
                (self.playing, self.all) = (!self.playing, false);
            }
            let all = ui.selectable_label(self.all, "All").on_hover_text("Shows all steps at once");
            all.widget_info(|| WidgetInfo::selected(Role::Button, true, self.all, format!("All of the {name}")));
            if all.clicked() {
                self.all = !self.all;
                self.playing &= !self.all;
            }
            let (window, last) = (self.window, (reel.length - self.window).max(0.0));
            // a slider says that it was changed, too, where it rounds what it is handed
            let mut at = self.at.round().min(last.floor());
            // what the other parts of the row take
            ui.spacing_mut().slider_width = (ui.available_width() - 150.0).clamp(30.0, 240.0);
            let slider = Slider::new(&mut at, 0.0..=last);
            let slider = slider.suffix(unit).max_decimals(0).step_by(1.0);
            let slider = ui.add(slider).on_hover_text("Start of the time window");
            slider.widget_info(|| WidgetInfo::slider(true, at, format!("Time in the {name}")));
            if slider.changed() {
                (self.at, self.all, self.playing) = (at, false, false);
            }
            let width = DragValue::new(&mut self.window).range(reel.least..=reel.length.max(reel.least));
            let width =
                ui.add(width.speed(0.2).max_decimals(0).suffix(unit)).on_hover_text("Length of the time window");
            width.widget_info(|| {
                let label = Some(format!("Window of the {name}"));
                WidgetInfo { label, ..WidgetInfo::drag_value(true, window) }
            });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REEL: PlayedTime = PlayedTime { name: "recording", length: 300.0, unit: " ms", rate: 100.0, least: 1.0 };

    #[test]
    fn a_window_moves_to_the_end_and_begins_again() {
        let mut player = TimePlayer::new(20.0);
        assert_eq!(player.window(&REEL), None);
        (player.all, player.playing) = (false, true);
        player.advance(&REEL, 0.1);
        assert_eq!(player.window(&REEL), Some((10.0, 30.0)));
        player.at = 279.0;
        player.advance(&REEL, 0.005);
        assert_eq!(player.window(&REEL), Some((279.5, 299.5)));
        player.advance(&REEL, 0.01);
        assert_eq!(player.window(&REEL), Some((0.0, 20.0)));
        player.playing = false;
        player.advance(&REEL, 0.1);
        assert_eq!(player.window(&REEL), Some((0.0, 20.0)));
    }

    #[test]
    fn a_window_lies_within_what_is_played() {
        let mut player = TimePlayer { all: false, playing: false, at: 250.0, window: 20.0 };
        let short = PlayedTime { length: 60.0, ..REEL };
        assert_eq!(player.window(&short), Some((40.0, 60.0)));
        player.window = 500.0;
        assert_eq!(player.window(&short), Some((0.0, 60.0)));
    }
}
