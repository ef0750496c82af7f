//! The window as pictures, without a display. `UPDATE_SNAPSHOTS=1 cargo test --test snapshots` accepts new ones: look
//! at them before you do.

mod support;

use std::time::{Duration, Instant};

use egui::{ThemePreference, Vec2, vec2};
use egui_kittest::{Harness, SnapshotOptions};

use spikescape::gui::action::{Action, CompareAction, RunAction, WindowAction};
use spikescape::gui::app::App;
use spikescape::gui::layout::{self, Panel, Workspace};
use spikescape::gui::state::{SavedState, SpanChoice};
use spikescape::rule::Rule;
use spikescape::train::Settings;

/// Text may lie a shade apart where the fonts are drawn with other instructions.
const PIXELS_THAT_MAY_DIFFER: usize = 40;

fn draw(name: &str, size: Vec2, settings: Settings, updates: u64, kept: SavedState) {
    let mut harness = drawn(size, settings, updates, kept);
    harness.run_steps(8);
    snapshot(&mut harness, name);
}

/// The window once the run has come to so many updates.
fn drawn(size: Vec2, settings: Settings, updates: u64, kept: SavedState) -> support::Window {
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
    harness
}

fn snapshot(harness: &mut support::Window, name: &str) {
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

/// Three rules from one seed after 60 updates. The agreement is measured there alone: how often on the way depends on the
/// machine.
fn compared(name: &str, size: Vec2, theme: ThemePreference) {
    let mut kept = kept(theme);
    let mut layout = layout::standard(Workspace::Compare);
    layout::open(&mut layout, Workspace::Compare, Panel::Changes);
    kept.aside.push((Workspace::Compare, layout));
    kept.known = Panel::ALL.to_vec();
    let mut window = drawn(size, Settings::default(), 0, kept);
    let act = |window: &mut support::Window, action: Action| {
        let ctx = window.ctx.clone();
        window.state_mut().as_mut().unwrap().apply(&ctx, action);
        window.run_steps(1);
    };
    act(&mut window, CompareAction::Rules.into());
    support::until(&mut window, |app| !app.compare().is_empty());
    act(&mut window, CompareAction::Pause.into());
    act(&mut window, CompareAction::RunTo(60).into());
    support::until(&mut window, |app| app.compare().runs.iter().all(|run| run.view.update() == 60));
    act(&mut window, WindowAction::OpenPanel(Panel::Agreement).into());
    support::until(&mut window, |app| app.compare().agreements().last().is_some_and(|a| a.updates == [60; 3]));
    window.run_steps(8);
    snapshot(&mut window, name);
}

#[test]
fn three_rules_side_by_side() {
    compared("compare", vec2(1280.0, 800.0), ThemePreference::Dark);
}

#[test]
fn three_rules_side_by_side_in_the_light() {
    compared("compare-light", vec2(1920.0, 1080.0), ThemePreference::Light);
}

/// The panel in front after so many updates.
fn panel(name: &str, settings: Settings, updates: u64, panel: Panel, theme: ThemePreference) {
    let mut kept = kept(theme);
    layout::open(&mut kept.layout, kept.workspace, panel);
    let mut window = drawn(vec2(1280.0, 800.0), settings, updates, kept);
    support::until(&mut window, |app| !app.awaits_health());
    window.run_steps(8);
    snapshot(&mut window, name);
}

#[test]
fn what_is_ill_and_what_to_try() {
    let example = &spikescape::explain::health::examples::EXAMPLES[0];
    panel("health", (example.make)(), example.updates[0], Panel::Health, ThemePreference::Light);
}

#[test]
fn statistics_of_the_spikes() {
    panel("statistics", Settings::default(), 60, Panel::Statistics, ThemePreference::Dark);
}
