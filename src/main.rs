//! Provisional: `snapshot FILE UPDATES WIDTH HEIGHT dark|light`, or the window.
use spikescape::gui::{
    app::Kept,
    snapshot::{Shot, take},
    window,
};
use spikescape::train::Settings;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).is_some_and(|a| a == "snapshot") {
        let n = |k: usize| args[k].parse::<f32>().unwrap();
        let theme = if args[6] == "dark" { egui::ThemePreference::Dark } else { egui::ThemePreference::Light };
        let kept = Kept { theme, ..Kept::default() };
        let shot = Shot {
            settings: Settings::default(),
            updates: n(3) as u64,
            size: egui::vec2(n(4), n(5)),
            pixels_per_point: 1.0,
            kept,
        };
        std::fs::write(&args[2], take(shot).unwrap().png(&[]).unwrap()).unwrap();
    } else if let Err(problem) = window::open(Settings::default()) {
        eprintln!("{problem}");
    }
}
