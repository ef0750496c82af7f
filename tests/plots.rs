//! The panels of curves and of spike changes, by what a person clicks and reads.

use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui_kittest::{Harness, kittest::Queryable};
use spikescape::gui::action::{Action, RunAction};
use spikescape::gui::app::App;
use spikescape::gui::state::{CurveKind, SavedState, SpanChoice};
use spikescape::train::Settings;

/// The program with nothing but these panels of interest, after some updates.
fn program(size: [f32; 2], updates: u64) -> Harness<'static, Option<App>> {
    let mut harness = Harness::builder().with_size(size).with_step_dt(1.0 / 60.0).build_ui_state(
        |ui, app: &mut Option<App>| {
            let app = app.get_or_insert_with(|| {
                let mut kept = SavedState::default();
                kept.choices.landscape.follow = false;
                App::new(ui.ctx(), Settings::default(), kept).expect("the program starts")
            });
            app.logic(&ui.ctx().clone());
            app.ui(ui);
        },
        None,
    );
    wait(&mut harness, |app| app.run_view().frame.is_some());
    if updates > 0 {
        act(&mut harness, RunAction::Advance(updates).into());
        wait(&mut harness, |app| app.run_view().update() >= updates);
    }
    harness
}

fn act(harness: &mut Harness<'static, Option<App>>, action: Action) {
    let ctx = harness.ctx.clone();
    harness.state_mut().as_mut().expect("it runs").apply(&ctx, action);
}

fn wait(harness: &mut Harness<'static, Option<App>>, done: impl Fn(&App) -> bool) {
    let begun = Instant::now();
    while !done(app(harness)) {
        harness.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
        assert!(begun.elapsed() < Duration::from_secs(60), "it takes too long");
    }
    harness.run_steps(2);
}

fn app<'a>(harness: &'a Harness<'static, Option<App>>) -> &'a App {
    harness.state().as_ref().expect("it runs")
}

fn click(harness: &mut Harness<'static, Option<App>>, label: &str) {
    harness.get_all_by_role_and_label(Role::Button, label).last().unwrap().click();
    harness.run_steps(3);
}

#[test]
fn a_chip_chooses_what_the_curves_show() {
    let mut harness = program([1280.0, 800.0], 20);
    for (chip, kind) in [
        ("Spikes", CurveKind::Spikes),
        ("Changes per update", CurveKind::Changes),
        ("Target distance", CurveKind::Distance),
        ("Learning rate", CurveKind::LearningRate),
    ] {
        click(&mut harness, chip);
        assert_eq!(app(&harness).choices().curve, kind);
        assert!(harness.query_by_label(&format!("Plot of {}", chip.to_lowercase())).is_some());
        harness.get_by_label("Logarithmic axis").click();
        harness.run_steps(3);
    }
    click(&mut harness, "Changes per update");
    // no update of the first twenty creates or removes a spike in every layer: there are zeros
    assert!(harness.query_by_label_contains("on a log axis").is_some());
}

#[test]
fn before_the_first_update_the_panels_say_what_to_do() {
    let harness = program([1280.0, 800.0], 0);
    let said = harness.get_all_by_label_contains("No updates yet").count();
    assert_eq!(said, 2);
}

#[test]
fn the_span_is_chosen_and_said() {
    let mut harness = program([1280.0, 800.0], 30);
    assert!(harness.query_all_by_label("update 29 to 30").next().is_some());
    click(&mut harness, "Since start");
    assert_eq!(app(&harness).choices().span, SpanChoice::Start);
    assert!(harness.query_all_by_label("update 0 to 30").next().is_some());
    assert!(harness.query_by_label_contains("output to target: distance").is_some());
    assert!(harness.query_by_label_contains("Histogram of the shifts, mean |Δ|").is_some());
    click(&mut harness, "output");
    click(&mut harness, "all layers");
}

#[test]
fn the_changes_lead_to_their_curves() {
    let mut harness = program([1024.0, 640.0], 5);
    click(&mut harness, "Over training");
    assert_eq!(app(&harness).choices().curve, CurveKind::Changes);
}

#[test]
fn q_is_typed_and_the_changes_are_counted_again() {
    let mut harness = program([1280.0, 800.0], 30);
    harness.get_by_label("Shift cost q").click();
    harness.run_steps(3);
    harness.event(egui::Event::Text("3".into()));
    harness.run_steps(2);
    harness.key_press(egui::Key::Enter);
    harness.run_steps(3);
    assert_eq!(app(&harness).form().run.shift_cost.q(), 3.0);
    wait(&mut harness, |app| app.run_view().frame.as_ref().is_some_and(|f| f.settings.run.shift_cost.q() == 3.0));
    // beyond q = 2, only coincidence makes a pair
    let frame = app(&harness).run_view().frame.clone().expect("it was just there");
    assert_eq!(frame.spans.start.changes.total().shifted, 0);
    assert!(harness.query_by_label("No spike moved in this span").is_some());
}

#[test]
fn the_wheel_zooms_and_a_double_click_shows_all_again() {
    let mut harness = program([1280.0, 800.0], 20);
    let middle = harness.get_by_label("Plot of loss").rect().center();
    harness.event(egui::Event::PointerMoved(middle));
    harness.run_steps(2);
    harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 120.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    });
    harness.run_steps(20);
    assert!(harness.query_by_label("Show all").is_some(), "the view has been moved");
    // it stays while the run goes on
    act(&mut harness, RunAction::Advance(5).into());
    wait(&mut harness, |app| app.run_view().update() == 25);
    assert!(harness.query_by_label("Show all").is_some());
    for pressed in [true, false, true, false] {
        let modifiers = egui::Modifiers::NONE;
        harness.event(egui::Event::PointerButton {
            pos: middle,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers,
        });
        harness.run_steps(1);
    }
    harness.run_steps(3);
    assert!(harness.query_by_label("Show all").is_none(), "all is in view again, and followed");
}
