//! The workspace Inside by its labels, without a display: a neuron and a step are picked, and explained.

mod support;

use support::{Window, app, until};

use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Key, ThemePreference};
use egui_kittest::SnapshotOptions;
use egui_kittest::kittest::{NodeT, Queryable};

use spikescape::gui::action::{RunAction, TimeAction, WindowAction};
use spikescape::gui::layout::{self, Panel, Workspace};
use spikescape::gui::state::SavedState;
use spikescape::gui::state::inside::{WeightValues, WeightsView};
use spikescape::rule::Rule;
use spikescape::train::Settings;

/// As it is kept by one who was in the workspace last.
fn kept(theme: ThemePreference) -> SavedState {
    let mut kept = SavedState { theme, known: Panel::ALL.to_vec(), ..SavedState::default() };
    kept.choices.landscape.follow = false;
    (kept.workspace, kept.layout) = (Workspace::Inside, layout::standard(Workspace::Inside));
    kept
}

/// The workspace after some updates, with everything known of it.
fn open(updates: u64) -> Window {
    let mut window = support::open(Settings::default(), kept(ThemePreference::Dark));
    advance(&mut window, updates);
    window
}

fn advance(window: &mut Window, updates: u64) {
    let target = app(window).run_view().update() + updates;
    act(window, RunAction::Advance(updates));
    until(window, |a| a.run_view().update() == target && !a.run_view().playing);
    settle(window);
}

fn settle(window: &mut Window) {
    window.run_steps(2);
    until(window, |a| !a.awaits_inside());
    window.run_steps(2);
}

fn act(window: &mut Window, action: impl Into<spikescape::gui::action::Action>) {
    let ctx = window.ctx.clone();
    window.state_mut().as_mut().unwrap().apply(&ctx, action.into());
    window.run_steps(2);
}

fn click(window: &mut Window, name: &str) {
    window.get_by_role_and_label(Role::Button, name).click();
    window.run_steps(3);
    settle(window);
}

/// Picks a neuron and a step, as a click in the raster does.
fn pick(window: &mut Window, neuron: (usize, usize), step: u32) {
    let mut choices = app(window).choices().clone();
    (choices.neuron, choices.inside.step) = (Some(neuron), Some(step));
    act(window, WindowAction::Choose(Box::new(choices)));
    settle(window);
}

fn said(window: &Window, words: &str) -> bool {
    window.query_all_by_label_contains(words).next().is_some()
}

/// The first output spike: neuron and step.
fn output_spike(window: &Window) -> ((usize, usize), u32) {
    let frame = app(window).run_view().frame.as_ref().unwrap();
    let output = frame.spikes.len() - 1;
    let (step, unit) = frame.spikes[output].iter().next().expect("the test needs a spike");
    ((output, unit as usize), step as u32)
}

#[test]
fn the_workspace_opens_by_key_and_from_the_potential() {
    let mut w = support::open(Settings::default(), SavedState::default());
    w.key_press(Key::I);
    w.run_steps(3);
    assert_eq!(app(&w).workspace(), Workspace::Inside);
    act(&mut w, WindowAction::Workspace(Workspace::Watch));
    // the button of the panel: the one of the workspaces has the same name, and stands above it
    w.query_all_by_role_and_label(Role::Button, "Inside").last().unwrap().click();
    w.run_steps(3);
    assert_eq!(app(&w).workspace(), Workspace::Inside);
}

#[test]
fn the_potential_of_any_neuron_is_taken_apart() {
    let mut w = open(3);
    assert!(said(&w, "output 0, update 3"));
    pick(&mut w, (0, 7), 40);
    assert!(said(&w, "hidden 7, update 3") && said(&w, "−dL/dv of hidden 7, update 3"));
    let parts = app(&w).inside().parts.shown().unwrap();
    let sum = parts.parts.sum();
    let off = sum.iter().zip(&parts.course.potential).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(off < 1e-5, "the parts add up to v: {off}");
}

#[test]
fn before_the_first_update_there_is_no_promise_and_everything_else_is_there() {
    let mut w = open(0);
    assert!(said(&w, "No update yet: press Step"));
    let (neuron, step) = output_spike(&w);
    pick(&mut w, neuron, step);
    assert!(said(&w, "It spikes here: v = ") && said(&w, "Activation would"));
    click(&mut w, "Step");
    until(&mut w, |a| a.run_view().update() == 1);
    settle(&mut w);
    assert!(said(&w, "Update 1 by ANTLR") && said(&w, "ANTLR promised"));
}

#[test]
fn the_update_that_is_explained_is_the_one_that_was_made() {
    let mut w = open(7);
    let before = Arc::clone(&app(&w).run_view().frame.as_ref().unwrap().params);
    act(&mut w, spikescape::gui::action::SettingsAction::Rule(Rule::Timing));
    until(&mut w, |a| a.run_view().settings.rule.rule == Rule::Timing);
    advance(&mut w, 1);
    let view = app(&w).inside().moment.shown().unwrap();
    let update = view.update().unwrap();
    assert_eq!((update.rule, update.before.digest()), (Rule::Timing, before.digest()));
    let frame = app(&w).run_view().frame.as_ref().unwrap();
    assert!(Arc::ptr_eq(&update.at.frame, frame));
    assert_eq!(update.promise.after.layers, frame.spikes, "what came of it is what is drawn");
    let span = &frame.spans.last.changes.total();
    assert!(span.shifted + span.created + span.removed > 0, "the test needs changes");
    assert!(said(&w, "Update 8 by Timing"));
}

#[test]
fn a_walk_through_time_is_explained_moment_by_moment() {
    let mut w = open(12);
    act(&mut w, TimeAction::Go(5));
    until(&mut w, |a| a.run_view().update() == 5);
    settle(&mut w);
    assert!(said(&w, "update 5: ") && said(&w, "Update 5 by ANTLR"));
    let update = app(&w).inside().moment.shown().unwrap().update().unwrap();
    let at_5 = update.at.frame.params.digest();
    act(&mut w, TimeAction::Go(4));
    until(&mut w, |a| a.run_view().update() == 4);
    let at_4 = app(&w).run_view().frame.as_ref().unwrap().params.digest();
    assert_ne!(at_4, at_5);
    act(&mut w, TimeAction::Go(5));
    until(&mut w, |a| a.run_view().update() == 5);
    settle(&mut w);
    let update = app(&w).inside().moment.shown().unwrap().update().unwrap();
    assert_eq!(update.before.digest(), at_4);
}

#[test]
fn a_spike_leads_to_its_weights_their_neurons_and_the_update_that_made_it() {
    let mut w = open(30);
    let (neuron, step) = output_spike(&w);
    pick(&mut w, neuron, step);
    assert!(said(&w, "It spikes here") && said(&w, "the last update"));
    assert!(said(&w, "The spike-train loss"));
    let cause = app(&w).inside().reasons.shown().unwrap().cause.clone().unwrap();
    let synapse = cause.synapses.iter().find(|synapse| synapse.input.is_some()).expect("a weight changed something");
    let name = format!("hidden {}", synapse.input.unwrap());
    click(&mut w, &name);
    let expected = (0, synapse.input.unwrap() as usize);
    assert_eq!(app(&w).choices().neuron, Some(expected));
    assert_eq!(app(&w).choices().inside.step, synapse.arrivals.last().copied());

    pick(&mut w, neuron, step);
    click(&mut w, "Find its update");
    until(&mut w, |a| a.time().search.is_none() && a.time().search_from_here.is_none());
    settle(&mut w);
    let told = |w: &Window| app(w).run_view().update() < 30 || said(w, "created it") || said(w, "moved it here");
    for _ in 0..2000 {
        if told(&w) {
            break;
        }
        w.run_steps(1);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(told(&w));
    let found = app(&w).run_view().update();
    let spikes = |w: &Window| {
        let frame = app(w).run_view().frame.as_ref().unwrap();
        frame.spikes[neuron.0].contains(step as usize, neuron.1 as u32)
    };
    assert!(spikes(&w), "it is there after update {found} …");
    act(&mut w, TimeAction::Go(found - 1));
    until(&mut w, |a| a.run_view().update() == found - 1);
    assert!(!spikes(&w), "… and was not before");
}

#[test]
fn missed_targets_are_listed_and_picked() {
    let mut w = open(2);
    let missed = app(&w).inside().moment.shown().unwrap().update().unwrap().missed.clone();
    let first = missed.first().expect("the test needs a missed target");
    click(&mut w, &first.sentence());
    assert_eq!(app(&w).choices().neuron, Some((1, first.unit as usize)));
    assert_eq!(app(&w).choices().inside.step, Some(first.step));
    assert!(said(&w, "It does not spike here") && said(&w, "wants a spike exactly here"));
    assert!(
        missed.iter().any(|target| target.sight.iter().any(|sight| sight.lift != 0.0)),
        "steps are as long as the last"
    );
}

#[test]
fn a_weight_is_picked_and_turned_and_the_run_stays_as_it_is() {
    let mut w = open(5);
    act(&mut w, WindowAction::OpenPanel(Panel::Weights));
    act(&mut w, WindowAction::OpenPanel(Panel::WeightLine));
    settle(&mut w);
    let params = app(&w).run_view().frame.as_ref().unwrap().params.digest();
    let line = Arc::clone(app(&w).inside().line.shown().unwrap());
    assert!(line.line.is_whole() && !line.curves.is_empty());
    assert!(said(&w, "As it is: loss"));
    let middle = line.line.scale.points / 2;
    let loss = app(&w).run_view().frame.as_ref().unwrap().loss;
    assert_eq!(line.line.points[middle].as_ref().unwrap().loss, loss, "in the middle it is as it is");

    click(&mut w, "Largest");
    w.query_all_by_label_contains(" to output ").next().expect("weights are listed").click();
    w.run_steps(3);
    settle(&mut w);
    let picked = app(&w).choices().inside.synapse.expect("it is picked");
    assert_eq!(picked.0, 1);
    assert!(said(&w, "As it is: loss") && !said(&w, "What if it were"));
    let plot = w.get_by_role_and_label(Role::Image, "Spike times along a weight").rect();
    w.drag_at(plot.center());
    w.run_steps(2);
    w.hover_at(plot.left_center() + egui::vec2(20.0, 0.0));
    w.run_steps(2);
    w.drop_at(plot.left_center() + egui::vec2(20.0, 0.0));
    w.run_steps(2);
    assert!(said(&w, "What if it were"));
    click(&mut w, "Back");
    assert!(said(&w, "As it is: loss"));
    assert_eq!(app(&w).run_view().frame.as_ref().unwrap().params.digest(), params);
}

#[test]
fn weights_and_their_changes_are_seen_in_four_ways() {
    let mut w = open(4);
    act(&mut w, WindowAction::OpenPanel(Panel::Weights));
    assert!(said(&w, "5 × 50 weights at update 4"));
    click(&mut w, "Last change");
    assert!(said(&w, "changes from update 3 to 4"));
    click(&mut w, "Change since start");
    assert!(said(&w, "changes from update 0 to 4"));
    for (view, name) in [
        (WeightsView::Histogram, "Histogram"),
        (WeightsView::Largest, "Largest"),
        (WeightsView::Fields, "Images"),
        (WeightsView::Matrix, "Matrix"),
    ] {
        click(&mut w, name);
        assert_eq!(app(&w).choices().inside.weights.view, view);
    }
    assert_eq!(app(&w).choices().inside.weights.values, WeightValues::Start);
    click(&mut w, "Images");
    assert!(said(&w, "The inputs of this layer are not an image"));
}

#[test]
fn everything_comes_back_at_the_next_start() {
    let mut w = open(1);
    pick(&mut w, (0, 3), 17);
    let ctx = w.ctx.clone();
    let mut storage = support::Storage::default();
    storage.write(&app(&w).saved_state(&ctx));
    let back = storage.read().unwrap();
    assert_eq!((back.workspace, back.choices.neuron), (Workspace::Inside, Some((0, 3))));
    assert_eq!(back.choices.inside, app(&w).choices().inside);
}

/// `UPDATE_SNAPSHOTS=1` accepts new pictures: look at them before you do.
fn picture(name: &str, theme: ThemePreference, in_front: &[Panel]) {
    let mut w = support::open(Settings::default(), kept(theme));
    advance(&mut w, 40);
    let (neuron, step) = output_spike(&w);
    in_front.iter().for_each(|panel| act(&mut w, WindowAction::OpenPanel(*panel)));
    pick(&mut w, neuron, step);
    w.run_steps(8);
    w.snapshot_options(name, &SnapshotOptions::new().max_failed_pixels(40));
}

#[test]
fn pictures_of_potential_lanes_promises_and_reasons() {
    picture("inside", ThemePreference::Dark, &[]);
}

#[test]
fn pictures_of_weights_and_a_line_along_one() {
    picture("weights", ThemePreference::Light, &[Panel::Weights, Panel::WeightLine]);
}

#[test]
fn the_shape_of_the_surrogate_is_a_setting_that_is_drawn_and_takes_effect_at_once() {
    use spikescape::rule::SurrogateShape;
    use spikescape::train::settings::{Change, Value};
    let mut w = support::open(Settings::default(), SavedState { known: Panel::ALL.to_vec(), ..SavedState::default() });
    act(&mut w, WindowAction::OpenPanel(Panel::PotentialParts));
    let picture = |w: &Window, shape: &str| {
        let name = format!("Surrogate derivative, {shape}");
        w.query_by_role_and_label(Role::Image, &name).is_some()
    };
    assert!(picture(&w, "exponential"));
    let change = Change::to("rule.surrogate_shape", Value::Choice(SurrogateShape::Triangle.key()));
    act(&mut w, spikescape::gui::action::SettingsAction::Change(vec![change]));
    until(&mut w, |a| a.run_view().settings.rule.shape == SurrogateShape::Triangle);
    settle(&mut w);
    assert!(picture(&w, "triangle"));
    let parts = app(&w).inside().parts.shown().unwrap();
    let sigma = |v: f32| (1.0 - 3.0 * (v - 1.0).abs()).max(0.0);
    assert!(parts.course.potential.iter().zip(&parts.course.surrogate).all(|(v, s)| (sigma(*v) - s).abs() < 1e-6));
    assert!(parts.course.surrogate.iter().any(|s| *s > 0.0), "the test needs a potential near the threshold");
    advance(&mut w, 3);
}

#[test]
fn every_control_of_the_workspace_has_a_name() {
    let mut w = open(3);
    for panels in [&[][..], &[Panel::Weights, Panel::WeightLine]] {
        panels.iter().for_each(|panel| act(&mut w, WindowAction::OpenPanel(*panel)));
        settle(&mut w);
        let nameless = |n: &egui_kittest::Node| {
            let node = n.accesskit_node();
            let control = matches!(
                node.role(),
                Role::Button | Role::CheckBox | Role::ComboBox | Role::Slider | Role::SpinButton | Role::TextInput
            );
            control && node.label().is_none_or(|l| l.trim().is_empty()) && node.labelled_by().next().is_none()
        };
        let all = w.root().query_all(egui_kittest::kittest::By::new());
        let found: Vec<String> = all.filter(nameless).map(|n| format!("{n:?}")).collect();
        assert!(found.is_empty(), "{found:#?}");
    }
}
