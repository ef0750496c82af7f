//! The landscape as an instrument: someone who knows only the README asks the window, for the built-in experiment, where
//! the loss jumps, which spike does it, which rule points the right way there, and how often each rule points downhill.

mod support;

use support::{Window, app, until};

use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};

use spikescape::gui::action::{Action, LandscapeAction, RunAction, WindowAction};
use spikescape::gui::app::App;
use spikescape::gui::layout::{self, Workspace};
use spikescape::gui::state::SavedState;
use spikescape::gui::state::landscape_choices::{
    ArrowSource, CellColour, CentreChoice, LandscapeChoices, PlaneChoice, SliceKind,
};
use spikescape::landscape::PlaneKind;
use spikescape::rule::Rule;
use spikescape::train::Settings;

/// The program, with few points so that it is quick.
fn open(points: usize) -> Window {
    let mut kept = SavedState::default();
    (kept.choices.landscape.points, kept.choices.landscape.range) = (points, 0.1);
    support::open(Settings::default(), kept)
}

fn complete(app: &App) -> bool {
    let view = app.landscape();
    !view.latest().running() && view.shown().is_some_and(|m| m.is_complete() && m.question.what.fields)
}

/// Opens the workspace by its button, after some updates.
fn instrument(points: usize, updates: u64) -> Window {
    let mut w = open(points);
    act(&mut w, RunAction::Advance(updates).into());
    until(&mut w, |a| a.run_view().update() == updates);
    press(&mut w, "Landscape");
    until(&mut w, |a| complete(a) && a.landscape().shown().unwrap().update == updates);
    w.run_steps(3);
    w
}

fn act(w: &mut Window, action: Action) {
    let ctx = w.ctx.clone();
    w.state_mut().as_mut().unwrap().apply(&ctx, action);
    w.run_steps(2);
}

/// Clicks the button of this name.
fn press(w: &mut Window, name: &str) {
    w.get_by_role_and_label(Role::Button, name).click();
    w.run_steps(3);
}

/// Chooses an entry of a list.
fn pick(w: &mut Window, list: &str, entry: &str) {
    w.get_all_by_role_and_label(Role::ComboBox, list).next().unwrap().click();
    w.run_steps(3);
    w.get_all_by_role_and_label(Role::Button, entry).last().unwrap().click();
    w.run_steps(3);
}

/// Everything that is written, with this in it.
fn said(w: &Window, text: &str) -> Vec<String> {
    let nodes = w.query_all_by_label_contains(text);
    nodes
        .filter_map(|n| n.accesskit_node().label().or_else(|| n.accesskit_node().value()))
        .map(|t| t.to_string())
        .collect()
}

fn until_said(w: &mut Window, text: &str) -> String {
    let begun = Instant::now();
    loop {
        if let Some(found) = said(w, text).into_iter().next() {
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "`{text}` was not said");
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn chosen(w: &Window) -> &LandscapeChoices {
    &app(w).choices().landscape
}

#[test]
fn where_the_loss_jumps_which_spike_does_it_and_which_rule_points_the_right_way() {
    let mut w = instrument(21, 60);
    // where does the loss jump?
    press(&mut w, "Nearest cliff");
    let pinned = app(&w).landscape().pinned.expect("the cell above the cliff is pinned");
    let looked = |a: &App| a.landscape().spikes().is_some_and(|(looked, _)| Some(looked.cell) == a.landscape().pinned);
    until(&mut w, looked);
    let m = app(&w).landscape().shown().unwrap().clone();
    let (seen, look) = app(&w).landscape().spikes().map(|(seen, look)| (seen, look.clone())).unwrap();
    let (high, low) = (m.loss(pinned.0, pinned.1).unwrap(), m.loss(seen.beside.0, seen.beside.1).unwrap());
    assert!(high > low, "{high} {low}");
    let value = spikescape::text::value;
    let line = until_said(&mut w, &format!("loss {} to {}", value(low), value(high)));
    assert!(line.starts_with("from a ") || line.starts_with("from the centre to a "), "{line}");

    // which spike does it?
    let changed: usize = look.changes.layers.last().unwrap().edits.len();
    let told = said(&w, "output ").into_iter().filter(|line| line.contains(": spike")).collect::<Vec<_>>();
    assert!(changed > 0 && told.len() == changed.min(6), "{told:?}");
    assert!(
        told[0].contains(" removed") || told[0].contains(" created") || told[0].contains(" moved from "),
        "{told:?}"
    );

    // which of the three rules points the right way there?
    let slope = m.views.as_ref().unwrap().slope[m.index(pinned)];
    let point = m.landscape.at(pinned.0, pinned.1).unwrap();
    for (n, name) in ["Activation", "Timing", "ANTLR"].into_iter().enumerate() {
        let verdicts: Vec<String> =
            said(&w, &format!("{name} ")).into_iter().filter(|s| s.contains("cosine")).collect();
        let Some([a, b]) = slope.filter(|s| *s != [0.0; 2]) else { continue };
        let product = f64::from(point.fields[n][0]) * a + f64::from(point.fields[n][1]) * b;
        if product != 0.0 {
            let way = if product > 0.0 { "points downhill" } else { "points uphill" };
            assert!(verdicts.iter().any(|v| v.contains(way)), "{name}: {verdicts:?}");
        }
    }

    // and how often does each rule point downhill over the whole plane?
    let comparison = &m.views.as_ref().unwrap().comparison;
    for (rule, name) in comparison.rules.iter().zip(["Activation", "Timing", "ANTLR"]) {
        let sentence = until_said(&mut w, &format!("{name}: downhill at "));
        let percent = sentence.split("at ").nth(1).unwrap().split(' ').next().unwrap().parse::<f64>().unwrap();
        assert!((percent - 100.0 * rule.downhill.unwrap()).abs() < 1.0, "{sentence}");
    }
    let conditions = until_said(&mut w, "the slope is exactly zero at");
    assert!(conditions.starts_with("range ± 0.1, 21 × 21 points"), "{conditions}");

    // Esc lets go of the pin
    w.key_press(egui::Key::Escape);
    w.run_steps(3);
    assert_eq!(app(&w).landscape().pinned, None);
}

#[test]
fn a_cell_that_is_pointed_at_shows_its_spikes_beside_the_centres_and_a_click_pins_it() {
    let mut w = instrument(21, 40);
    let map = w.get_by_label("Map of the loss, 21 × 21 points").rect();
    let at = map.center() + egui::vec2(0.3, -0.2) * map.width();
    w.hover_at(at);
    w.run_steps(3);
    let pointed = app(&w).landscape().pointed.expect("there is a cell under the pointer");
    until(&mut w, |a| a.landscape().spikes().is_some_and(|(looked, _)| looked.cell == pointed));
    assert_eq!(app(&w).landscape().spikes().unwrap().0.beside, (10, 10));
    until_said(&mut w, "from the centre to a ");
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Primary, egui::Modifiers::NONE);
        w.event(egui::Event::PointerButton { pos: at, button, pressed, modifiers });
        w.run_steps(1);
    }
    w.run_steps(3);
    assert_eq!(app(&w).landscape().pinned, Some(pointed));
    w.key_press_modifiers(egui::Modifiers::SHIFT, egui::Key::ArrowLeft);
    w.run_steps(3);
    assert_eq!(app(&w).landscape().pinned, Some((pointed.0 - 1, pointed.1)));
}

#[test]
fn every_plane_can_be_chosen_and_what_cannot_be_is_said() {
    let mut w = instrument(11, 20);
    let kind = |a: &App| a.landscape().shown().unwrap().question.what.plane;
    pick(&mut w, "Directions", "Run's path");
    until(&mut w, |a| complete(a) && kind(a) == PlaneKind::Path);
    pick(&mut w, "Directions", "Rule's gradient");
    pick(&mut w, "Second direction", "Timing");
    let wanted = PlaneKind::Gradient { rule: Rule::Antlr, other: Some(Rule::Timing) };
    until(&mut w, |a| complete(a) && kind(a) == wanted);
    assert_eq!(chosen(&w).second, Some(Rule::Timing));
    pick(&mut w, "Directions", "Two moments");
    // the moment after 100 updates is not there yet: the last before it is taken
    until(&mut w, |a| complete(a) && kind(a) == PlaneKind::Moments { from: 0, to: 20 });
    pick(&mut w, "Directions", "Two weights");
    until(&mut w, |a| complete(a) && matches!(kind(a), PlaneKind::Weights(_)));

    // by name, wrong and right
    let weight = |w: &mut Window, text: &str| {
        w.get_by_role_and_label(Role::TextInput, "Weight 1").focus();
        w.run_steps(1);
        w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
        w.run_steps(1);
        w.get_by_role_and_label(Role::TextInput, "Weight 1").type_text(text);
        w.run_steps(3);
    };
    weight(&mut w, "1/99/0");
    until_said(&mut w, "The network has no weight 1/99/0.");
    weight(&mut w, "hidden");
    until_said(&mut w, "A weight is layer/neuron/input");
    weight(&mut w, "1/4/bias");
    let first = |a: &App| match kind(a) {
        PlaneKind::Weights([first, _]) => first.to_string(),
        _ => String::new(),
    };
    until(&mut w, |a| complete(a) && first(a) == "1/4/bias");

    // and by a click in the picture of the weights
    press(&mut w, "Pick weight 1");
    let picture = w.get_by_label("Weights of hidden").rect();
    w.hover_at(picture.center());
    w.run_steps(2);
    w.get_by_label("Weights of hidden").click();
    w.run_steps(3);
    until(&mut w, |a| complete(a) && first(a) == "0/25/25");
    assert_eq!(chosen(&w).plane, PlaneChoice::Weights);
}

#[test]
fn the_centre_stays_where_it_was_fixed_and_only_the_path_goes_on() {
    let mut w = instrument(11, 10);
    pick(&mut w, "Centre", "fixed");
    assert_eq!(chosen(&w).centre, CentreChoice::Fixed);
    act(&mut w, RunAction::Advance(5).into());
    until(&mut w, |a| complete(a) && a.landscape().shown().unwrap().question.frame.update == 15);
    let m = app(&w).landscape().shown().unwrap();
    assert_eq!((m.update, m.paths[0].points.last().unwrap().update), (10, 15));
    assert_eq!(m.losses[0].as_ref().unwrap().len(), 16);

    // another run with another rule, on the same plane
    press(&mut w, "Timing");
    press(&mut w, "Restart");
    until(&mut w, |a| a.run_view().start == 2);
    act(&mut w, RunAction::Advance(10).into());
    until(&mut w, |a| complete(a) && a.landscape().shown().unwrap().question.frame.update == 10);
    let m = app(&w).landscape().shown().unwrap();
    assert_eq!((m.update, m.paths.len()), (10, 2), "the weights of the first run are still in the centre");
    assert!(m.paths[1].name.starts_with("timing") || m.paths[1].name.starts_with("antlr"), "{}", m.paths[1].name);
}

#[test]
fn back_from_the_workspace_the_map_follows_the_run_as_before() {
    let mut w = instrument(7, 3);
    until(&mut w, |a| a.landscape().shown().unwrap().losses.iter().all(Option::is_some));
    press(&mut w, "Watch");
    act(&mut w, RunAction::Advance(2).into());
    until(&mut w, |a| a.run_view().update() == 5);
    until(&mut w, |a| a.landscape().shown().unwrap().update == 5 && !a.landscape().latest().running());
}

#[test]
fn any_moment_of_the_run_can_be_the_centre() {
    let mut w = instrument(11, 700);
    pick(&mut w, "Centre", "a moment");
    // after 512 updates only every second moment is kept: an odd one is replayed
    let mut choices = app(&w).choices().clone();
    choices.landscape.centre = CentreChoice::Moment(301);
    act(&mut w, WindowAction::Choose(Box::new(choices)).into());
    until(&mut w, |a| complete(a) && a.landscape().shown().unwrap().update == 301);
    let m = app(&w).landscape().shown().unwrap();
    let mut trainer = spikescape::train::Trainer::new(Settings::default(), spikescape::snn::Isa::best());
    (0..301).for_each(|_| trainer.step().unwrap());
    assert_eq!(m.measurement.plane.centre.digest(), trainer.params().digest());
    assert_eq!(m.loss(5, 5).unwrap().to_bits(), trainer.loss().to_bits());
}

#[test]
fn it_is_drawn_as_it_is_wanted() {
    let mut w = instrument(11, 20);
    press(&mut w, "Surface");
    assert!(w.query_by_label("Surface of the loss, 11 × 11 points").is_some());
    press(&mut w, "Map");
    pick(&mut w, "Colour by", "regions");
    assert_eq!(chosen(&w).colour, CellColour::Regions);
    until_said(&mut w, "regions of equal output spikes among 121 points");
    pick(&mut w, "Arrows", "ANTLR");
    assert_eq!(chosen(&w).arrows, ArrowSource::Rule(Rule::Antlr));
    w.get_by_label("Levels").click();
    w.run_steps(3);
    w.get_by_label("Edge of").click();
    w.run_steps(3);
    assert!(chosen(&w).contours && chosen(&w).edge == Some([0, 0]));
    until_said(&mut w, "output 0, spike 1: thick where it appears or vanishes");
    press(&mut w, "Cut along the path");
    assert_eq!(chosen(&w).slice, SliceKind::Path);
    assert!(w.query_by_label("Plot of the path").is_some());
    press(&mut w, "Cut along the second direction");
    assert!(w.query_by_label("Plot of the cut").is_some());
    press(&mut w, "True loss");
    assert!(!chosen(&w).believed);
    let kept = app(&w).saved_state(&w.ctx);
    let mut storage = support::Storage::default();
    storage.write(&kept);
    let back = storage.read().unwrap();
    let mut expected = kept.choices.landscape.clone();
    expected.centre = CentreChoice::Now;
    assert_eq!((back.choices.landscape, back.workspace), (expected, Workspace::Landscape));
}

#[test]
fn a_stopped_landscape_is_resumed_by_its_button_and_workspaces_are_left_as_they_were() {
    let mut kept = SavedState::default();
    kept.choices.landscape.points = 201;
    (kept.workspace, kept.layout) = (Workspace::Landscape, layout::standard(Workspace::Landscape));
    let mut w = support::open(Settings::default(), kept);
    let some =
        |a: &App| a.landscape().shown().is_some_and(|m| m.question.what.fields && m.done() > 500 && !m.is_whole());
    until(&mut w, some);
    act(&mut w, LandscapeAction::Stop.into());
    let (id, done) = app(&w).landscape().shown().map(|m| (m.id(), m.done())).unwrap();
    w.run_steps(10);
    assert!(!app(&w).landscape().latest().running());
    until_said(&mut w, "stopped at ");
    w.get_all_by_role_and_label(Role::Button, "Resume").next().unwrap().click();
    w.run_steps(3);
    until(&mut w, |a| a.landscape().shown().is_some_and(|m| m.id() > id && m.done() > done));
    act(&mut w, LandscapeAction::Stop.into());

    press(&mut w, "Watch");
    assert!(w.query_by_label("Map of the loss, 201 × 201 points").is_some(), "the landscape has its place there, too");
    assert!(said(&w, "Nearest cliff").is_empty());
    press(&mut w, "Landscape");
    assert!(!said(&w, "Nearest cliff").is_empty());
}

#[test]
fn every_control_of_the_workspace_has_a_name() {
    let mut w = instrument(11, 5);
    pick(&mut w, "Directions", "Two weights");
    press(&mut w, "Pick weight 2");
    let nameless = |n: &egui_kittest::Node| {
        let node = n.accesskit_node();
        let control = matches!(
            node.role(),
            Role::Button | Role::CheckBox | Role::ComboBox | Role::Slider | Role::SpinButton | Role::TextInput
        );
        control && node.label().is_none_or(|l| l.trim().is_empty()) && node.labelled_by().next().is_none()
    };
    let found: Vec<String> =
        w.root().query_all(egui_kittest::kittest::By::new()).filter(nameless).map(|n| format!("{n:?}")).collect();
    assert!(found.is_empty(), "{found:#?}");
}
