//! The window by its labels, without a display: what a person clicks and types, and what becomes of it.

mod support;

use support::{Window, app, until};

use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT, Queryable};

use spikescape::gui::action::{RunAction, SettingsAction, TaskAction};
use spikescape::gui::layout::{Panel, Workspace};
use spikescape::gui::state::SavedState;
use spikescape::gui::state::landscape_choices::PlaneChoice;
use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::task::Split;
use spikescape::train::{Settings, Trainer};

fn open() -> Window {
    support::open(Settings::default(), SavedState::default())
}

fn button<'a>(window: &'a Window, name: &'a str) -> Node<'a> {
    window.get_by_role_and_label(Role::Button, name)
}

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    window.run_steps(2);
}

/// Types `text` into the number field `name` and leaves it.
fn type_into(window: &mut Window, name: &str, text: &str) {
    window.get_by_role_and_label(Role::SpinButton, name).click();
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run_steps(1);
    window.get_by_role_and_label(Role::SpinButton, name).type_text(text);
    window.run_steps(2);
    window.key_press(Key::Enter);
    window.run_steps(3);
}

#[test]
fn transport_by_mouse_and_by_key() {
    let mut w = open();
    assert!(!app(&w).run_view().playing, "a program without its window stands still until it is told to run");
    button(&w, "Step").click();
    until(&mut w, |a| a.run_view().update() == 1);
    press(&mut w, Key::ArrowRight);
    until(&mut w, |a| a.run_view().update() == 2);
    button(&w, "Run").click();
    until(&mut w, |a| a.run_view().playing && a.run_view().update() > 2);
    button(&w, "Pause").click();
    until(&mut w, |a| !a.run_view().playing);
    press(&mut w, Key::Space);
    until(&mut w, |a| a.run_view().playing);
    press(&mut w, Key::Space);
    until(&mut w, |a| !a.run_view().playing);
    let seed = app(&w).run_view().settings.run.seed;
    press(&mut w, Key::R);
    until(&mut w, |a| a.run_view().start == 2 && a.run_view().update() == 0);
    assert_eq!(app(&w).run_view().settings.run.seed, seed);
    button(&w, "New seed").click();
    until(&mut w, |a| a.run_view().start == 3);
    assert_eq!(app(&w).run_view().settings.run.seed, seed + 1);
}

#[test]
fn three_rules_by_button_and_by_key_are_marked_on_the_curves() {
    let mut w = open();
    button(&w, "Step").click();
    until(&mut w, |a| a.run_view().update() == 1);
    button(&w, "Timing").click();
    until(&mut w, |a| a.run_view().settings.rule.rule == Rule::Timing && a.run_view().marks.len() == 1);
    assert!(w.query_by_label_contains("sees how existing spikes move").is_some());
    press(&mut w, Key::Num1);
    until(&mut w, |a| a.run_view().marks.len() == 2);
    press(&mut w, Key::Num3);
    until(&mut w, |a| a.run_view().marks.len() == 3);
    let marks = &app(&w).run_view().marks;
    assert_eq!(
        marks.iter().map(|m| m.rule).collect::<Vec<_>>(),
        [Rule::Timing, Rule::Activation, Rule::Antlr].map(Some)
    );
    assert!(marks.iter().all(|m| m.update == 1));
}

#[test]
fn what_the_last_update_did_stays_told_when_the_rule_is_switched() {
    let mut w = open();
    for update in 1..=3 {
        button(&w, "Step").click();
        until(&mut w, |a| a.run_view().update() == update);
    }
    let last = |w: &Window| {
        let span = &app(w).run_view().frame.as_ref().unwrap().spans.last;
        (span.from, span.changes.total())
    };
    let before = last(&w);
    assert_eq!(before.0, 2);
    assert!(before.1.shifted + before.1.created + before.1.removed > 0, "the test needs changes");
    press(&mut w, Key::Num2);
    until(&mut w, |a| a.run_view().marks.len() == 1);
    until(&mut w, |a| a.run_view().frame.as_ref().unwrap().settings.rule.rule == Rule::Timing);
    assert_eq!(last(&w), before);
}

#[test]
fn what_can_change_under_way_does_so_at_once() {
    let mut w = open();
    type_into(&mut w, "Current decay", "0.5");
    until(&mut w, |a| a.run_view().settings.neuron.alpha_i == 0.5);
    assert_eq!(app(&w).run_view().start, 1);
}

#[test]
fn what_needs_a_restart_says_so_first() {
    let mut w = open();
    type_into(&mut w, "Length", "80");
    until(&mut w, |a| a.form().task.steps == 80);
    assert_eq!(app(&w).run_view().settings.task.steps, 100, "the run goes on as it was");
    assert!(w.query_by_label_contains("Waiting for a restart: Length").is_some());
    button(&w, "Restart now").click();
    until(&mut w, |a| a.run_view().settings.task.steps == 80);
    assert!(w.query_by_label_contains("Waiting for a restart").is_none());
    // and back, by undo
    w.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    until(&mut w, |a| a.form().task.steps == 100);
    button(&w, "Discard").click();
    until(&mut w, |a| a.form().task.steps == 80);
}

#[test]
fn bad_values_are_answered_at_their_field_and_the_last_good_one_stays() {
    let mut w = open();
    for (name, bad, says) in [
        ("Length", "0", "task.steps must be a whole number from 1"),
        ("Input rate", "-0.5", "task.rate must be"),
        ("Current decay", "1.5", "neuron.alpha_i must be a number from 0"),
        ("Target spikes", "101", "task.target_spikes"),
        ("Outputs", "many", "task.outputs must be"),
    ] {
        let before = app(&w).form().clone();
        type_into(&mut w, name, bad);
        assert!(w.query_by_label_contains(says).is_some(), "{name} = {bad} must be answered by `{says}`");
        assert!(w.query_all_by_label_contains("stays").next().is_some());
        assert_eq!(*app(&w).form(), before);
    }
}

#[test]
fn panels_close_and_open_again_and_the_layout_comes_back() {
    let mut w = open();
    button(&w, "View").click();
    w.run_steps(2);
    // the tab of the panel and the entry of the menu have one name
    w.get_all_by_role_and_label(Role::Button, "Loss landscape").last().unwrap().click();
    w.run_steps(2);
    button(&w, "View").click();
    w.run_steps(2);
    button(&w, "Reset layout").click();
    w.run_steps(2);
    let kept = app(&w).saved_state(&w.ctx);
    let mut storage = support::Storage::default();
    storage.write(&kept);
    let back = storage.read().unwrap();
    assert_eq!((back.layout, back.choices, back.aside), (kept.layout, kept.choices, kept.aside));
    assert_eq!(
        (back.workspace, back.known, back.theme, back.zoom),
        (kept.workspace, kept.known, kept.theme, kept.zoom)
    );
}

#[test]
fn the_sheet_of_keys_opens_and_closes() {
    let mut w = open();
    press(&mut w, Key::F1);
    assert!(w.query_by_label_contains("a spike that was created").is_some());
    press(&mut w, Key::F1);
    w.run_steps(2);
    assert!(w.query_by_label_contains("a spike that was created").is_none());
}

#[test]
fn every_control_has_a_name() {
    let w = open();
    let nameless = |n: &Node| {
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

#[test]
fn settings_are_saved_opened_and_refused_in_words() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("window-files");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("mine.toml").to_string_lossy().into_owned();
    let mut w = open();
    type_into(&mut w, "Current decay", "0.5");
    until(&mut w, |a| a.form().neuron.alpha_i == 0.5);
    file_menu(&mut w, "Save settings…", &path, "Save");
    until_said(&mut w, "Saved ");
    type_into(&mut w, "Current decay", "0.9");
    until(&mut w, |a| a.form().neuron.alpha_i == 0.9);
    file_menu(&mut w, "Open settings…", &path, "Open");
    until(&mut w, |a| a.form().neuron.alpha_i == 0.5);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("alpha_i = 0.5", "alpha_i = 1.5")).unwrap();
    file_menu(&mut w, "Open settings…", &path, "Open");
    until_said(&mut w, "mine.toml, line");
    assert!(w.query_by_label_contains("neuron.alpha_i must be").is_some());
    assert_eq!(app(&w).form().neuron.alpha_i, 0.5, "the last good settings stay");
    button(&w, "Cancel").click();
    w.run_steps(5);
    assert!(w.query_by_label_contains("mine.toml, line").is_none());
}

fn file_menu(w: &mut Window, entry: &str, path: &str, word: &str) {
    button(w, "File").click();
    w.run_steps(2);
    button(w, entry).click();
    // what is to be saved may have to be asked of the worker first
    let begun = Instant::now();
    while w.query_by_role_and_label(Role::TextInput, "File").is_none() {
        assert!(begun.elapsed() < Duration::from_secs(60), "no sheet came for {entry}");
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
    w.run_steps(2);
    w.get_by_role_and_label(Role::TextInput, "File").focus();
    w.run_steps(1);
    w.key_press_modifiers(Modifiers::COMMAND, Key::A);
    w.run_steps(1);
    w.get_by_role_and_label(Role::TextInput, "File").type_text(path);
    w.run_steps(2);
    button(w, word).click();
    w.run_steps(2);
}

fn until_said(w: &mut Window, text: &str) {
    let begun = Instant::now();
    while w.query_by_label_contains(text).is_none() {
        assert!(begun.elapsed() < Duration::from_secs(60), "`{text}` was not said");
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
    // the sheet has found its place
    w.run_steps(3);
}

#[test]
fn a_run_in_the_window_has_the_bits_of_one_without() {
    let mut w = open();
    let ctx = w.ctx.clone();
    w.state_mut().as_mut().unwrap().apply(&ctx, RunAction::Advance(60).into());
    until(&mut w, |a| a.run_view().update() == 60);
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..60).for_each(|_| trainer.step().unwrap());
    assert_eq!(app(&w).run_view().frame.as_ref().unwrap().params.digest(), trainer.params().digest());
}

/// The places of targets: output, step.
fn targets(w: &Window) -> Vec<(u32, usize)> {
    let frame = app(w).run_view().frame.as_ref().unwrap();
    let mut all: Vec<_> = frame.sample().target.spikes.iter().map(|(step, output)| (output, step)).collect();
    all.sort_unstable();
    all
}

/// A place in the lowest output's row, at a share of the time axis.
fn in_last_row(w: &Window, share: f32) -> egui::Pos2 {
    let plot = w.get_by_role_and_label(Role::Image, "Spikes of all layers").rect();
    egui::pos2(plot.left() + share * plot.width(), plot.bottom() - 14.0)
}

fn point(w: &mut Window, pos: egui::Pos2, pressed: Option<(egui::PointerButton, bool)>) {
    w.event(egui::Event::PointerMoved(pos));
    if let Some((button, pressed)) = pressed {
        w.event(egui::Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
    }
    w.run_steps(2);
}

#[test]
fn targets_are_drawn_moved_and_erased_with_the_mouse_and_undone() {
    use egui::PointerButton::{Primary, Secondary};
    let mut settings = Settings::default();
    settings.task.target_spikes = 0;
    let mut w = support::open(settings, SavedState::default());
    assert!(targets(&w).is_empty());
    press(&mut w, Key::E);
    assert!(w.query_by_label_contains("Drawing targets").is_some());

    // a stroke over three places
    for (share, pressed) in [(0.205, Some(true)), (0.305, None), (0.405, None), (0.405, Some(false))] {
        let pos = in_last_row(&w, share);
        point(&mut w, pos, pressed.map(|p| (Primary, p)));
    }
    until(&mut w, |a| a.run_view().marks.len() == 1);
    until(&mut w, |a| a.run_view().frame.as_ref().unwrap().sample().target.spikes.len() == 3);
    let drawn = targets(&w);
    assert!(drawn.iter().all(|(output, _)| *output == 4), "{drawn:?}");
    assert_eq!(drawn.iter().map(|d| d.1 / 10).collect::<Vec<_>>(), [2, 3, 4]);

    // the middle one is taken by hand and moved
    for (share, pressed) in [(0.305, Some(true)), (0.505, None), (0.605, None), (0.605, Some(false))] {
        let pos = in_last_row(&w, share);
        point(&mut w, pos, pressed.map(|p| (Primary, p)));
    }
    until(&mut w, |a| a.run_view().frame.as_ref().unwrap().sample().target.spikes.contains(60, 4));
    assert_eq!(targets(&w).iter().map(|d| d.1 / 10).collect::<Vec<_>>(), [2, 4, 6]);

    // with Shift a stroke that begins on a ring draws, and leaves the ring where it is
    w.event(egui::Event::ModifiersChanged(Modifiers::SHIFT));
    for (share, pressed) in [(0.605, Some(true)), (0.705, None), (0.705, Some(false))] {
        let pos = in_last_row(&w, share);
        point(&mut w, pos, pressed.map(|p| (Primary, p)));
    }
    w.event(egui::Event::ModifiersChanged(Modifiers::NONE));
    until(&mut w, |a| a.run_view().frame.as_ref().unwrap().sample().target.spikes.len() == 4);
    assert_eq!(targets(&w).iter().map(|d| d.1 / 10).collect::<Vec<_>>(), [2, 4, 6, 7]);
    w.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    until(&mut w, |a| a.run_view().frame.as_ref().unwrap().sample().target.spikes.len() == 3);
    // all of them are one stroke
    w.get_by_label("Clear targets").click();
    until(&mut w, |a| a.run_view().frame.as_ref().unwrap().sample().target.spikes.is_empty());
    w.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    until(&mut w, |a| a.run_view().frame.as_ref().unwrap().sample().target.spikes.len() == 3);

    // the right button erases, undo brings back stroke by stroke
    let pos = in_last_row(&w, 0.605);
    point(&mut w, pos, Some((Secondary, true)));
    point(&mut w, pos, Some((Secondary, false)));
    until(&mut w, |a| a.run_view().frame.as_ref().unwrap().sample().target.spikes.len() == 2);
    for left in [3, 3, 0] {
        w.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        until(&mut w, |a| a.run_view().frame.as_ref().unwrap().sample().target.spikes.len() == left);
    }
    // Esc leaves the mode, and then a drag moves the view again
    press(&mut w, Key::Escape);
    assert!(w.query_by_label_contains("Drawing targets").is_none());
    let pos = in_last_row(&w, 0.5);
    point(&mut w, pos, Some((Primary, true)));
    point(&mut w, pos, Some((Primary, false)));
    assert!(targets(&w).is_empty());
}

#[test]
fn a_run_goes_on_from_its_checkpoint_and_begins_with_its_weights() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("window-checkpoints");
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (checkpoint, weights) = (file("c.safetensors"), file("w.safetensors"));
    let mut settings = Settings::default();
    settings.task.set_kind(spikescape::task::TaskKind::YinYang);
    settings.task.train_samples = 60;
    settings.loss.kind = spikescape::loss::LossKind::Latency;
    let mut w = support::open(settings, SavedState::default());
    let ctx = w.ctx.clone();
    let advance = |w: &mut Window, to: u64| {
        let now = app(w).run_view().update();
        w.state_mut().as_mut().unwrap().apply(&ctx, RunAction::Advance(to - now).into());
        until(w, |a| a.run_view().update() == to);
        app(w).run_view().frame.as_ref().unwrap().params.digest()
    };
    // three epochs of four updates, and one update more
    let at_13 = advance(&mut w, 13);
    until(&mut w, |a| a.run_view().epochs.len() == 3);
    file_menu(&mut w, "Save checkpoint…", &checkpoint, "Save");
    until_said(&mut w, "Saved ");
    file_menu(&mut w, "Save weights…", &weights, "Save");
    until_said(&mut w, "Saved ");
    let at_30 = advance(&mut w, 30);

    file_menu(&mut w, "Open checkpoint…", &checkpoint, "Open");
    until(&mut w, |a| a.run_view().start == 2 && a.run_view().update() == 13);
    assert_eq!(app(&w).run_view().epochs.len(), 3);
    assert_eq!(app(&w).run_view().frame.as_ref().unwrap().params.digest(), at_13);
    assert_eq!(advance(&mut w, 30), at_30);

    file_menu(&mut w, "Open checkpoint…", &weights, "Open");
    until(&mut w, |a| a.run_view().start == 3 && a.run_view().frame.as_ref().is_some_and(|f| f.start == 3));
    let frame = app(&w).run_view().frame.as_ref().unwrap();
    assert_eq!((frame.update, frame.params.digest()), (0, at_13));

    std::fs::write(&checkpoint, b"PK\x03\x04 and so on").unwrap();
    file_menu(&mut w, "Open checkpoint…", &checkpoint, "Open");
    until_said(&mut w, "torch.load");
    assert_eq!(app(&w).run_view().start, 3, "the run is untouched");
}

#[test]
fn another_task_or_preset_waits_as_a_whole_and_undo_does_not_break_the_run() {
    let mut w = open();
    let preset = |key| Box::new((spikescape::train::settings::preset(key).unwrap().make)());
    let ctx = w.ctx.clone();
    let act = |w: &mut Window, action| {
        w.state_mut().as_mut().unwrap().apply(&ctx, action);
        w.run_steps(2);
    };
    // alpha is a live setting, the length is not: neither changes before a restart
    act(&mut w, SettingsAction::TakeOn(preset("trains-long")).into());
    assert_eq!(app(&w).form().neuron.alpha_i, 0.98);
    assert_eq!(app(&w).run_view().settings.neuron.alpha_i, 0.95);
    assert!(w.query_by_label_contains("Waiting for a restart: Length").is_some());
    act(&mut w, SettingsAction::Discard.into());
    assert!(w.query_by_label_contains("Waiting for a restart").is_none());

    // a live change beside one that waits takes effect at once, alone
    act(&mut w, SettingsAction::TakeOn(preset("trains-long")).into());
    type_into(&mut w, "Potential decay", "0.9");
    until(&mut w, |a| a.run_view().settings.neuron.alpha_v == 0.9);
    assert_eq!(app(&w).run_view().settings.neuron.alpha_i, 0.95);

    // a task that was begun, another one, and back by undo: it waits, and the run has its own loss and neurons
    act(&mut w, TaskAction::Start(preset("yin-yang")).into());
    until(&mut w, |a| a.run_view().settings.task.kind == spikescape::task::TaskKind::YinYang);
    act(&mut w, TaskAction::Start(preset("trains")).into());
    until(&mut w, |a| a.run_view().settings.task.kind == spikescape::task::TaskKind::Trains);
    let before = Settings::clone(&app(&w).run_view().settings);
    act(&mut w, SettingsAction::Undo.into());
    assert_eq!(app(&w).form().task.kind, spikescape::task::TaskKind::YinYang);
    assert_eq!(*app(&w).run_view().settings, before);
    w.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    w.run_steps(3);
    assert_eq!((app(&w).form(), &*app(&w).run_view().settings), (&before, &before), "done again");
}

#[test]
fn the_seed_after_the_largest_is_zero_and_can_be_saved() {
    let mut settings = Settings::default();
    settings.run.seed = spikescape::train::settings::fields::MOST_SEED;
    let mut w = support::open(settings, SavedState::default());
    press(&mut w, Key::N);
    until(&mut w, |a| a.run_view().start == 2);
    assert_eq!(app(&w).run_view().settings.run.seed, 0);
    for seed in [0, 7] {
        let mut settings = Settings::default();
        settings.run.seed = seed;
        assert_eq!(settings.run.next_seed(), seed + 1);
    }
}

#[test]
fn a_change_that_cannot_be_is_refused_in_words_and_changes_nothing() {
    let mut w = open();
    let before = app(&w).form().clone();
    let ctx = w.ctx.clone();
    let mut large = Settings::default();
    large.network.hidden = spikescape::train::settings::NetworkSettings::fc(&[100_000; 4]);
    let hidden = spikescape::train::settings::field("network.hidden").unwrap();
    let change = spikescape::train::settings::Change::of(hidden, &large);
    let unfit = SettingsAction::watch(Split::Train, 3);
    for action in [SettingsAction::Change(vec![change]), SettingsAction::TakeOn(Box::new(large)), unfit] {
        assert!(app(&w).refused().is_none());
        w.state_mut().as_mut().unwrap().apply(&ctx, action.into());
        w.run_steps(2);
        let why = app(&w).refused().unwrap().to_owned();
        assert!(why.contains("memory") || why.contains("there is 1 pair"), "{why}");
        assert!(w.query_all_by_label_contains(&why).next().is_some(), "it is said");
        assert_eq!(*app(&w).form(), before);
        button(&w, "Dismiss").click();
        w.run_steps(3);
    }
}

#[test]
fn a_window_without_panels_says_where_they_are() {
    let mut kept = SavedState { known: Panel::ALL.to_vec(), ..SavedState::default() };
    for panel in Panel::ALL {
        if let Some(id) = kept.layout.tiles.find_pane(&panel) {
            kept.layout.remove_recursively(id);
        }
    }
    let window = support::open(Settings::default(), kept);
    assert!(window.query_by_label_contains("All panels are closed").is_some());
    let window = support::open(Settings::default(), SavedState::default());
    assert!(window.query_by_label_contains("All panels are closed").is_none());
}

/// The layout with the decision map in front, as a Yin-Yang run leaves it.
fn left_at_yin_yang() -> SavedState {
    let mut kept = SavedState { known: Panel::ALL.to_vec(), ..SavedState::default() };
    spikescape::gui::layout::open(&mut kept.layout, kept.workspace, Panel::DecisionMap);
    spikescape::gui::layout::open(&mut kept.layout, kept.workspace, Panel::Accuracy);
    kept
}

#[test]
fn a_layout_that_comes_back_without_its_task_shows_what_there_is_to_see() {
    let window = support::open(Settings::default(), left_at_yin_yang());
    assert!(window.query_by_label_contains("Only Yin-Yang").is_none());
    assert!(window.query_by_label_contains("have no classes").is_none());
    // it stays as it was left where it fits
    let yin_yang = (spikescape::train::settings::preset("yin-yang").unwrap().make)();
    let mut window = support::open(yin_yang, left_at_yin_yang());
    window.run_steps(3);
    assert!(app(&window).awaits_map() || app(&window).decision_map().shown().is_some(), "the map is not in front");
}

#[test]
fn two_moments_come_back_as_they_were_chosen() {
    let mut kept = SavedState::default();
    kept.choices.landscape.plane = PlaneChoice::Moments;
    kept.choices.landscape.moments = [10, 200];
    kept.workspace = Workspace::Landscape;
    kept.layout = spikescape::gui::layout::standard(Workspace::Landscape);
    let mut window = support::open(Settings::default(), kept);
    window.run_steps(5);
    assert_eq!(app(&window).choices().landscape.moments, [10, 200]);
    assert!(window.query_by_label_contains("until it gets to 200").is_some());
}

#[test]
fn keys_belong_to_what_has_the_focus() {
    let mut w = open();
    button(&w, "Run").focus();
    w.run_steps(2);
    // Space presses the button, once
    press(&mut w, Key::Space);
    until(&mut w, |a| a.run_view().playing);
    press(&mut w, Key::Space);
    until(&mut w, |a| !a.run_view().playing);
    // an arrow goes to the next control and leaves the run alone
    let before = app(&w).run_view().update();
    press(&mut w, Key::ArrowRight);
    w.run_steps(5);
    assert_eq!(app(&w).run_view().update(), before);
}
