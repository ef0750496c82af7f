//! The window as pictures, without a display. `UPDATE_SNAPSHOTS=1 cargo test --test snapshots` accepts new ones: look
//! at them before you do.

mod support;

use std::time::{Duration, Instant};

use egui::{ThemePreference, Vec2, vec2};
use egui_kittest::{Harness, SnapshotOptions};

use spikescape::gui::action::RunAction;
use spikescape::gui::app::App;
use spikescape::gui::state::{SavedState, SpanChoice};
use spikescape::rule::Rule;
use spikescape::train::Settings;

/// Text may lie a shade apart where the fonts are drawn with other instructions.
const PIXELS_THAT_MAY_DIFFER: usize = 40;

fn draw(name: &str, size: Vec2, settings: Settings, updates: u64, kept: SavedState) {
    let start = move |ui: &mut egui::Ui, app: &mut Option<App>| {
        let ctx = ui.ctx().clone();
        let app = app.get_or_insert_with(|| {
            let mut app = App::new(&ctx, settings.clone(), kept.clone()).unwrap();
            app.apply(&ctx, RunAction::Advance(updates).into());
            app
        });
        app.logic(&ctx);
        app.ui(ui);
    };
    let mut harness =
        Harness::builder().with_size(size).renderer(support::Cpu::default()).build_ui_state(start, None::<App>);
    let begun = Instant::now();
    // a run at update 0 has arrived when its first frame is there
    let arrived = |app: &App| app.run_view().frame.is_some() && app.run_view().update() >= updates;
    while !harness.state().as_ref().is_some_and(arrived) {
        assert!(begun.elapsed() < Duration::from_secs(60), "the run did not arrive");
        harness.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
    harness.run_steps(8);
    harness.snapshot_options(name, &SnapshotOptions::new().max_failed_pixels(PIXELS_THAT_MAY_DIFFER));
}

/// Without the landscape, which says how long it took.
fn kept(theme: ThemePreference) -> SavedState {
    let mut kept = SavedState { theme, ..SavedState::default() };
    kept.choices.landscape.follow = false;
    kept
}

#[test]
fn dark() {
    draw("dark", vec2(1280.0, 800.0), Settings::default(), 60, kept(ThemePreference::Dark));
}

#[test]
fn light_small_and_since_the_start() {
    let mut kept = kept(ThemePreference::Light);
    kept.choices.span = SpanChoice::Start;
    let mut settings = Settings::default();
    settings.rule.rule = Rule::Timing;
    draw("light", vec2(1024.0, 640.0), settings, 40, kept);
}

#[test]
fn before_the_first_update() {
    draw("start", vec2(1280.0, 800.0), Settings::default(), 0, kept(ThemePreference::Dark));
}
