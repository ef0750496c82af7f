//! Choosing a task and bringing data in, by labels and without a display.

mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{DroppedFile, Key, Modifiers};
use egui_kittest::kittest::Queryable;

use spikescape::engine::Speed;
use spikescape::gui::state::SavedState;
use spikescape::task::TaskKind;
use spikescape::train::Settings;
use support::{Window, app, until};

fn open() -> Window {
    support::open(Settings::default(), SavedState::default())
}

fn click(w: &mut Window, name: &str) {
    w.get_by_role_and_label(Role::Button, name).click();
    w.run_steps(3);
}

/// Opens the chooser by the button of the Experiment panel and picks a card.
fn choose(w: &mut Window, card: &str) {
    click(w, "Choose task…");
    click(w, card);
}

/// Types a text into a field, in place of what stands there.
fn write(w: &mut Window, field: &str, text: &str) {
    w.get_by_role_and_label(Role::TextInput, field).focus();
    w.run_steps(1);
    w.key_press_modifiers(Modifiers::COMMAND, Key::A);
    w.run_steps(1);
    w.get_by_role_and_label(Role::TextInput, field).type_text(text);
    w.run_steps(2);
}

fn until_said(w: &mut Window, text: &str) {
    let begun = Instant::now();
    while w.query_all_by_label_contains(text).next().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(60), "`{text}` was not said");
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
    w.run_steps(3);
}

fn says(w: &Window, text: &str) -> bool {
    w.query_all_by_label_contains(text).next().is_some()
}

/// A folder of one test's own, empty.
fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("choose-{test}"));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// A grey picture of 40 × 10 pixels: 100 are black, 60 are of grey value 100, the rest is white.
fn picture(path: &Path) {
    let mut encoder = png::Encoder::new(std::fs::File::create(path).unwrap(), 40, 10);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels = [vec![0; 100], vec![100; 60], vec![255; 240]].concat();
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("is never asked for".into())
    }
}

fn drop_file(w: &mut Window, path: &Path) {
    w.input_mut().dropped_files.push(Arc::new(Dropped(path.to_owned())));
    w.run_steps(1);
}

#[test]
fn yin_yang_is_begun_and_plays_as_fast_as_it_goes() {
    let mut w = open();
    choose(&mut w, "Yin-Yang");
    assert!(says(&w, "Starts with 5 - fc150 - fc3"));
    click(&mut w, "Start");
    until(&mut w, |a| a.run_view().settings.task.kind == TaskKind::YinYang);
    until(&mut w, |a| a.run_view().frame.as_ref().is_some_and(|f| f.net.outputs() == 3));
    until(&mut w, |a| a.run_view().playing && a.run_view().speed == Speed::Unlimited && a.run_view().update() > 0);
    assert!(w.query_by_role_and_label(Role::Button, "Start").is_none(), "the sheet closes when the run has begun");
}

#[test]
fn seed_and_rule_stay_and_a_sheet_that_is_closed_changes_nothing() {
    let mut w = open();
    click(&mut w, "New seed");
    click(&mut w, "Timing");
    until(&mut w, |a| a.run_view().settings.run.seed == 1 && a.form().rule.rule == spikescape::rule::Rule::Timing);
    let before = app(&w).form().clone();
    w.key_press(Key::T);
    w.run_steps(3);
    click(&mut w, "Built-in digits");
    // keys of the window rest meanwhile
    w.key_press(Key::N);
    w.key_press(Key::Escape);
    w.run_steps(3);
    assert!(w.query_by_role_and_label(Role::Button, "Start").is_none());
    assert_eq!((app(&w).form(), app(&w).run_view().start), (&before, 2));
    choose(&mut w, "Built-in digits");
    click(&mut w, "Start");
    until(&mut w, |a| a.run_view().settings.task.kind == TaskKind::Digits);
    let settings = &app(&w).run_view().settings;
    assert_eq!((settings.run.seed, settings.rule.rule), (1, spikescape::rule::Rule::Timing));
    // the settings that there were are not lost
    w.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    until(&mut w, |a| *a.form() == before);
}

#[test]
fn a_folder_that_is_not_there_is_answered_and_the_run_goes_on() {
    let mut w = open();
    click(&mut w, "Step");
    until(&mut w, |a| a.run_view().update() == 1);
    choose(&mut w, "Images");
    let start = w.get_by_role_and_label(Role::Button, "Start");
    assert!(egui_kittest::kittest::NodeT::accesskit_node(&start).is_disabled(), "without a folder there is no start");
    let missing = folder("missing").join("mnist");
    write(&mut w, "Folder", &missing.to_string_lossy());
    click(&mut w, "Start");
    until(&mut w, |a| a.refused().is_some());
    for text in ["There is no file or folder", "train-images-idx3-ubyte.gz", "fashion-mnist"] {
        assert!(says(&w, text), "{text}");
    }
    w.key_press(Key::Escape);
    w.run_steps(3);
    let run = app(&w).run_view();
    assert_eq!((run.start, run.update(), run.settings.task.kind), (1, 1, TaskKind::Trains));
    assert!(says(&w, "There is no file or folder"), "it stays until it was read");
    click(&mut w, "Dismiss");
    assert!(!says(&w, "There is no file or folder"));
    click(&mut w, "Step");
    until(&mut w, |a| a.run_view().update() == 2);
}

#[test]
fn a_picture_shows_its_spikes_before_it_becomes_the_target() {
    let path = folder("picture").join("a.png");
    picture(&path);
    let mut w = open();
    drop_file(&mut w, &path);
    until_said(&mut w, "40 steps × 10 outputs");
    assert!(says(&w, "160 spikes, 40.0 % of all positions"));
    let threshold = w.get_by_role_and_label(Role::SpinButton, "Grey threshold");
    threshold.click();
    w.run_steps(2);
    w.key_press_modifiers(Modifiers::COMMAND, Key::A);
    w.run_steps(1);
    w.get_by_role_and_label(Role::SpinButton, "Grey threshold").type_text("50");
    w.run_steps(2);
    w.key_press(Key::Enter);
    w.run_steps(3);
    assert!(says(&w, "100 spikes, 25.0 % of all positions"));
    w.get_by_role_and_label(Role::CheckBox, "Invert").click();
    w.run_steps(3);
    assert!(says(&w, "300 spikes, 75.0 % of all positions"));
    click(&mut w, "Start");
    until(&mut w, |a| a.run_view().settings.task.kind == TaskKind::Picture);
    let task = &app(&w).run_view().settings.task;
    assert_eq!((task.steps, task.outputs, task.grey_threshold, task.invert), (40, 10, 50, true));
    until(&mut w, |a| a.run_view().frame.as_ref().is_some_and(|f| f.sample().target.spikes.len() == 300));
}

#[test]
fn a_picture_that_is_none_is_answered_beside_its_field() {
    let path = folder("no-picture").join("a.png");
    std::fs::write(&path, "GIF89a").unwrap();
    let mut w = open();
    drop_file(&mut w, &path);
    until_said(&mut w, "neither a PNG nor a JPEG picture");
}

#[test]
fn own_trains_are_dropped_and_begun() {
    let folder = folder("own");
    let [input, target] = ["in.csv", "target.csv"].map(|name| folder.join(name));
    std::fs::write(&input, "0,0\n2,5\n1,30\n").unwrap();
    std::fs::write(&target, "0,20\n1,60\n").unwrap();
    let mut w = open();
    w.input_mut().dropped_files = vec![Arc::new(Dropped(target)), Arc::new(Dropped(input))];
    until_said(&mut w, "Target file");
    click(&mut w, "Start");
    until(&mut w, |a| a.run_view().settings.task.kind == TaskKind::Own);
    until(&mut w, |a| a.run_view().frame.as_ref().is_some_and(|f| f.sample().target.spikes.len() == 2));
}

#[test]
fn what_is_dropped_is_known_by_its_names() {
    let folder = folder("Drop");
    std::fs::create_dir_all(folder.join("events/Train/0")).unwrap();
    std::fs::create_dir_all(folder.join("empty")).unwrap();
    let mut w = open();
    w.input_mut().hovered_files.push(egui::HoveredFile::default());
    w.run_steps(2);
    w.input_mut().hovered_files.clear();
    drop_file(&mut w, &folder.join("empty"));
    until_said(&mut w, "contains neither IDX files");
    drop_file(&mut w, &folder.join("events"));
    until_said(&mut w, "The folder that contains both parts");
    let field = w.get_by_role_and_label(Role::TextInput, "Folder");
    let value = egui_kittest::kittest::NodeT::accesskit_node(&field).value().unwrap_or_default();
    assert!(value.ends_with("events"), "{value}");
    // settings are opened from there, too
    let mut settings = Settings::default();
    settings.neuron.alpha_i = 0.5;
    let path = folder.join("mine.toml");
    std::fs::write(&path, settings.to_toml()).unwrap();
    drop_file(&mut w, &path);
    until(&mut w, |a| a.form().neuron.alpha_i == 0.5);
}

#[test]
fn layers_are_judged_while_they_are_typed() {
    let mut w = open();
    write(&mut w, "Layers", "fc40 - relu");
    assert!(says(&w, "At character 8: `relu` is no layer"));
    w.key_press(Key::Enter);
    w.run_steps(3);
    assert!(says(&w, "The value stays fc50."));
    assert_eq!(app(&w).form().network_text(), "50 - fc50 - fc5");
    // a network that can be, but not in this machine
    write(&mut w, "Layers", "fc100000 - fc100000 - fc100000");
    w.key_press(Key::Enter);
    w.run_steps(3);
    assert!(says(&w, "memory") && says(&w, "The value stays fc50.") && app(&w).refused().is_none());
    assert_eq!(app(&w).form().network_text(), "50 - fc50 - fc5");
    write(&mut w, "Layers", "fc40");
    assert!(says(&w, "2,245 parameters"));
    w.key_press(Key::Enter);
    until(&mut w, |a| a.form().network_text() == "50 - fc40 - fc5");
}

#[test]
fn fields_of_other_tasks_are_not_in_the_way() {
    let mut w = open();
    assert!(w.query_by_role_and_label(Role::SpinButton, "Pairs").is_some());
    assert!(w.query_by_role_and_label(Role::TextInput, "Data").is_none());
    choose(&mut w, "Yin-Yang");
    click(&mut w, "Start");
    until(&mut w, |a| a.form().task.kind == TaskKind::YinYang);
    w.run_steps(2);
    assert!(w.query_by_role_and_label(Role::SpinButton, "Pairs").is_none());
    assert!(w.query_by_role_and_label(Role::SpinButton, "Training samples").is_some());
}

/// A pipe that nobody writes to is a file that is never read to its end.
#[cfg(unix)]
#[test]
fn reading_is_shown_and_can_be_cancelled_while_the_run_goes_on() {
    // enough lines to be read for seconds
    let path = folder("slow").join("in.csv");
    std::fs::write(&path, "neuron,time\n".to_owned() + &"0,1\n1,1\n2,1\n3,1\n".repeat(2_000_000)).unwrap();
    let mut w = open();
    drop_file(&mut w, &path);
    until_said(&mut w, "Input file");
    // the target is empty: a labelled set would have to be an archive, so a target is named
    write(&mut w, "Target file", &path.to_string_lossy());
    click(&mut w, "Start");
    until_said(&mut w, "Reading data…");
    w.key_press(Key::Escape);
    w.run_steps(3);
    assert!(says(&w, "Reading data…"), "the sentence bar says it, too");
    click(&mut w, "Step");
    until(&mut w, |a| a.run_view().update() == 1);
    assert!(app(&w).opening().is_some());
    click(&mut w, "Cancel");
    until(&mut w, |a| a.opening().is_none());
    assert!(!says(&w, "Reading data…"));
    assert_eq!(app(&w).run_view().start, 1);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn a_preset_of_the_same_task_keeps_the_file_that_was_named() {
    let path = folder("preset").join("a.png");
    picture(&path);
    let mut w = open();
    drop_file(&mut w, &path);
    until_said(&mut w, "40 steps × 10 outputs");
    click(&mut w, "Start");
    until(&mut w, |a| a.form().task.kind == TaskKind::Picture);
    assert_eq!(app(&w).form().task.target, path.to_string_lossy());
    w.get_by_role_and_label(Role::ComboBox, "Preset").click();
    w.run_steps(3);
    w.get_all_by_role_and_label(Role::Button, "Picture").last().unwrap().click();
    w.run_steps(3);
    assert_eq!(app(&w).form().task.target, path.to_string_lossy(), "the file stays named");
}
