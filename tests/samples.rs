//! The panels Samples and Layer images by their labels, without a display, and on the built-in tasks.

mod support;

use support::{Window, app, until};

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};

use spikescape::gui::layout::{self, Panel, Workspace};
use spikescape::gui::state::SavedState;
use spikescape::loss::LossKind;
use spikescape::task::{Split, TaskKind};
use spikescape::train::{Readout, Settings};

fn task(kind: TaskKind) -> Settings {
    let mut settings = Settings::default();
    settings.task.set_kind(kind);
    (settings.task.train_samples, settings.task.test_samples) = (60, 30);
    (settings.task.validation_auto, settings.task.validation_samples) = (false, 24);
    // strong enough for images, too: a silent network takes everything for the same
    (settings.loss.kind, settings.network.gain) = (LossKind::Latency, 8.0);
    settings
}

/// The window with these panels in front.
fn open(settings: Settings, panels: &[Panel]) -> Window {
    let mut kept = SavedState::default();
    panels.iter().for_each(|panel| layout::open(&mut kept.layout, Workspace::Watch, *panel));
    support::open(settings, kept)
}

fn press(window: &mut Window, name: &str) {
    window.get_by_role_and_label(Role::Button, name).click();
    window.run_steps(3);
}

/// Chooses `option` of the list `name`.
fn pick(window: &mut Window, name: &str, option: &str) {
    window.get_by_role_and_label(Role::ComboBox, name).click();
    window.run_steps(3);
    window.get_by_role_and_label(Role::Button, option).click();
    window.run_steps(3);
}

fn evaluate(window: &mut Window, part: Split) {
    press(window, "Evaluate");
    until(window, |app| app.evaluation().is_whole(part));
}

#[test]
fn samples_are_evaluated_sorted_and_watched() {
    for kind in [TaskKind::Digits, TaskKind::YinYang] {
        let mut w = open(task(kind), &[Panel::Samples]);
        assert!(w.query_by_label_contains("not evaluated yet").is_some(), "{kind:?}");
        evaluate(&mut w, Split::Validation);
        let frame = app(&w).run_view().frame.clone().unwrap();
        let answers = app(&w).evaluation().answers(Split::Validation).to_vec();
        assert_eq!(
            (answers.len(), app(&w).evaluation().update(Split::Validation)),
            (frame.task.len(Split::Validation), Some(0))
        );
        assert_eq!(Readout::of(&frame.settings.loss), Readout::First);
        let wrong = (0..answers.len()).filter(|&i| !answers[i].right_by_first());
        let worst = wrong.min_by(|&a, &b| answers[b].loss.total_cmp(&answers[a].loss)).expect("it has not learnt yet");

        pick(&mut w, "Order of the samples", "Errors first");
        let tiles: Vec<_> = w.query_all_by_label_contains("Validation sample ").collect();
        let first = tiles.iter().filter(|t| t.accesskit_node().role() == Role::Button).min_by(|a, b| {
            let place = |t: &egui_kittest::Node| (t.rect().top(), t.rect().left());
            place(a).partial_cmp(&place(b)).unwrap()
        });
        let first = first.expect("there are tiles");
        let name = first.accesskit_node().label().unwrap_or_default();
        assert!(name.starts_with(&format!("Validation sample {worst}: ")), "{kind:?}: {name} instead of {worst}");
        first.click();
        until(&mut w, |app| {
            let frame = app.run_view().frame.as_ref().unwrap();
            (frame.settings.run.probe_part, frame.settings.run.probe) == (Split::Validation, worst)
        });
        assert_eq!(app(&w).run_view().start, 1, "watching another sample restarts nothing");
        let frame = app(&w).run_view().frame.clone().unwrap();
        assert_eq!(*frame.sample, frame.task.sample(Split::Validation, worst).unwrap());
    }
}

#[test]
fn a_part_and_a_label_can_be_chosen() {
    let mut w = open(task(TaskKind::YinYang), &[Panel::Samples]);
    press(&mut w, "Test");
    assert_eq!(app(&w).choices().evaluation.part, Split::Test);
    pick(&mut w, "Label of the samples", "dot");
    let tiles: Vec<String> =
        w.query_all_by_label_contains("Test sample ").filter_map(|t| t.accesskit_node().label()).collect();
    assert!(!tiles.is_empty() && tiles.iter().all(|t| t.contains(": dot,")), "{tiles:?}");
}

#[test]
fn the_answers_say_of_which_update_they_are_and_following_keeps_up() {
    let mut w = open(task(TaskKind::YinYang), &[Panel::Samples]);
    evaluate(&mut w, Split::Validation);
    press(&mut w, "Step");
    until(&mut w, |app| app.run_view().update() == 1);
    assert!(w.query_by_label_contains("update 0 (1 ago): ").is_some());
    press(&mut w, "Evaluate again");
    until(&mut w, |app| app.evaluation().update(Split::Validation) == Some(1));
    let mut choices = app(&w).choices().clone();
    choices.evaluation.follow = true;
    let ctx = w.ctx.clone();
    w.state_mut()
        .as_mut()
        .unwrap()
        .apply(&ctx, spikescape::gui::action::WindowAction::Choose(Box::new(choices)).into());
    press(&mut w, "Step");
    until(&mut w, |app| app.evaluation().update(Split::Validation) == Some(2));
    // a new run has no answers
    press(&mut w, "Restart");
    until(&mut w, |app| app.run_view().start == 2 && app.evaluation().update(Split::Validation) == Some(0));
}

#[test]
fn a_task_without_classes_has_samples_too() {
    let mut w = open(Settings::default(), &[Panel::Samples]);
    evaluate(&mut w, Split::Train);
    assert!(w.query_by_label_contains("mean loss").is_some());
    assert!(w.query_by_label("Label of the samples").is_none(), "there is none to choose");
    assert!(w.query_all_by_label_contains("Training sample 0; loss").next().is_some());
}

#[test]
fn layers_with_a_height_and_a_width_are_images() {
    let mut settings = task(TaskKind::Digits);
    settings.set_text("network.hidden", "conv3k5-avg2-flatten").unwrap();
    let mut w = open(settings, &[Panel::Layers]);
    for image in ["input, channel 0", "conv3k5, channel 2", "avg2, channel 0"] {
        assert!(w.query_by_label(image).is_some(), "{image}");
    }
    let line = |w: &Window| w.get_by_label_contains("Training sample 0: ").accesskit_node().value().unwrap_or_default();
    assert!(line(&w).ends_with("; all steps"), "{}", line(&w));
    press(&mut w, "Play the layers");
    let first = line(&w);
    assert!(first.contains("; steps "), "{first}");
    w.run_steps(30);
    assert_ne!(line(&w), first, "it moves");
    press(&mut w, "Pause the layers");
    let held = line(&w);
    w.run_steps(30);
    assert_eq!(line(&w), held);
    press(&mut w, "All of the layers");
    assert!(line(&w).ends_with("; all steps"));
}

#[test]
fn where_nothing_is_an_image_the_panel_says_what_to_choose() {
    for settings in [Settings::default(), task(TaskKind::YinYang)] {
        let w = open(settings, &[Panel::Layers]);
        assert!(w.query_by_label_contains("Nothing here is an image").is_some());
    }
    let w = open(task(TaskKind::Digits), &[Panel::Layers]);
    assert!(w.query_by_label("input, channel 0").is_some(), "the input of a flat network is an image all the same");
}

#[test]
fn looking_never_changes_a_run() {
    let digest = |panels: &[Panel]| {
        let mut w = open(task(TaskKind::YinYang), panels);
        for update in 1..=3 {
            if panels.contains(&Panel::Samples) && update == 2 {
                evaluate(&mut w, Split::Validation);
            }
            press(&mut w, "Step");
            until(&mut w, |app| app.run_view().update() == update);
        }
        app(&w).run_view().frame.as_ref().unwrap().params.digest()
    };
    assert_eq!(digest(&[Panel::Samples, Panel::Layers]), digest(&[]));
}
