//! The landscape from the window to the explorer and back, without a display.

mod support;

use support::{Window, app, until};

use egui::ThemePreference;
use egui_kittest::kittest::Queryable;

use spikescape::gui::action::{Action, LandscapeAction, RunAction, SettingsAction};
use spikescape::gui::app::App;
use spikescape::gui::state::landscape_choices::CellColour;
use spikescape::gui::state::{LandscapeState, SavedState};
use spikescape::train::Settings;
use spikescape::train::settings::NetworkSettings;

fn open() -> Window {
    let mut settings = Settings::default();
    settings.network.hidden = NetworkSettings::fc(&[8]);
    let kept = SavedState { theme: ThemePreference::Dark, ..SavedState::default() };
    let mut window = support::open(settings, kept);
    until(&mut window, |app| whole(app.landscape()));
    window
}

fn apply(window: &mut Window, action: Action) {
    let ctx = window.ctx.clone();
    window.state_mut().as_mut().unwrap().apply(&ctx, action);
}

fn whole(view: &LandscapeState) -> bool {
    !view.latest().running() && view.shown().is_some_and(|m| m.is_whole())
}

fn centre(app: &App) -> Option<f64> {
    app.landscape().shown().and_then(|m| m.loss(m.grid().points / 2, m.grid().points / 2))
}

#[test]
fn it_follows_the_run_and_its_centre_is_the_runs_loss() {
    let mut window = open();
    apply(&mut window, RunAction::Advance(3).into());
    until(&mut window, |app| whole(app.landscape()) && app.landscape().shown().unwrap().update == 3);
    assert_eq!(centre(app(&window)), app(&window).run_view().frame.as_ref().map(|f| f.loss));
    let path: Vec<u64> = app(&window).landscape().shown().unwrap().paths[0].points.iter().map(|p| p.update).collect();
    assert_eq!(path, [0, 1, 2, 3]);
}

#[test]
fn it_can_be_stopped_and_asked_again() {
    let mut window = open();
    apply(&mut window, LandscapeAction::Measure.into());
    apply(&mut window, LandscapeAction::Stop.into());
    assert!(!app(&window).choices().landscape.follow && !app(&window).landscape().latest().running());
    apply(&mut window, RunAction::Advance(2).into());
    until(&mut window, |app| app.run_view().update() == 2);
    window.run_steps(50);
    let shown = app(&window).landscape().shown().unwrap();
    assert_eq!((shown.update, shown.is_whole()), (0, true), "what was there stays");
    window.get_by_label("Refresh").click();
    window.run_steps(2);
    until(&mut window, |app| whole(app.landscape()) && app.landscape().shown().unwrap().update == 2);
}

#[test]
fn another_run_has_another_landscape_at_the_same_update() {
    let mut window = open();
    let before = centre(app(&window));
    apply(&mut window, SettingsAction::NewSeed.into());
    until(&mut window, |app| app.run_view().start == 2 && whole(app.landscape()));
    let now = app(&window).run_view().frame.as_ref().map(|f| f.loss);
    assert_ne!(now, before);
    assert_eq!(centre(app(&window)), now);
}

#[test]
fn what_is_chosen_is_measured() {
    let mut window = open();
    window.get_by_label("New directions").click();
    window.run_steps(2);
    until(&mut window, |app| whole(app.landscape()) && app.landscape().shown().unwrap().question.what.seed == 1);
    window.get_by_label("Range").click();
    window.run_steps(2);
    window.get_by_label("± 0.1").click();
    window.run_steps(2);
    until(&mut window, |app| whole(app.landscape()) && app.landscape().shown().unwrap().grid().range == 0.1);
    window.get_by_label("Show").click();
    window.run_steps(3);
    window.get_by_label("Logarithmic colours").click();
    window.run_steps(3);
    assert!(app(&window).choices().landscape.log);
    window.get_by_label("output spikes").click();
    window.run_steps(3);
    assert_eq!(app(&window).choices().landscape.colour, CellColour::OutputSpikes);
    assert!(window.query_by_label("Logarithmic colours").is_some(), "the menu stays open for the next");
    window.key_press(egui::Key::Escape);
    window.run_steps(3);
    window.get_by_label("Follow").click();
    window.run_steps(3);
    assert!(!app(&window).choices().landscape.follow);
}

#[test]
fn the_loss_under_the_pointer_is_read_out() {
    let mut window = open();
    let loss = spikescape::text::value(centre(app(&window)).unwrap());
    let map = window.get_by_label("Map of the loss, 51 × 51 points").rect();
    window.hover_at(map.center());
    window.run_steps(3);
    window.get_by_label_contains(&format!("a 0.0000, b 0.0000: loss {loss} (centre {loss}); "));
}
