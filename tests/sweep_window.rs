//! The window on the folder of a sweep, while workers fill it.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use egui_kittest::kittest::Queryable;
use spikescape::gui::state::SavedState;
use spikescape::train::Settings;
use support::{Window, open};

fn program(args: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_spikescape")).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}\n{}", String::from_utf8_lossy(&output.stderr));
}

fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sweep-window-{test}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn at(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

/// Draws frames until a text is there.
fn until_there(window: &mut Window, text: &str) {
    let begun = Instant::now();
    while window.query_by_label_contains(text).is_none() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{text} did not appear");
        window.run_steps(1);
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Opens the sheet from the menu and names the folder.
fn watch(window: &mut Window, path: &str) {
    window.get_by_label("File").click();
    window.run_steps(3);
    window.get_by_label("Open sweep…").click();
    window.run_steps(3);
    assert!(window.query_by_label_contains("Name the folder into which workers write").is_some());
    let field = window.get_by_role_and_label(egui::accesskit::Role::TextInput, "Folder of the sweep");
    field.focus();
    window.run_steps(2);
    window.get_by_role_and_label(egui::accesskit::Role::TextInput, "Folder of the sweep").type_text(path);
    window.run_steps(2);
    window.get_by_label("Open folder").click();
    window.run_steps(2);
}

#[test]
fn the_table_of_a_comparison_fills_while_workers_write() {
    let folder = folder("compare");
    let (plan, out) = (at(&folder, "plan.json"), at(&folder, "runs"));
    program(&["plan", "compare", "--rules", "antlr", "--seeds", "0-5", "--updates", "5", "-o", &plan]);
    program(&["work", &plan, "--shard", "1/2", "--out", &out, "--threads", "1"]);
    let mut window = open(Settings::default(), SavedState::default());
    watch(&mut window, &out);
    until_there(&mut window, "3 of 6 done");
    assert!(window.query_by_label_contains("6 runs: network 50-50-5").is_some());
    assert!(window.query_by_label("loss: median").is_some());
    program(&["work", &plan, "--shard", "2/2", "--out", &out, "--threads", "1"]);
    until_there(&mut window, "6 of 6 done");
}

#[test]
fn a_landscape_fills_and_a_folder_without_a_sweep_is_said() {
    let folder = folder("landscape");
    let (plan, out) = (at(&folder, "plan.json"), at(&folder, "runs"));
    program(&["plan", "landscape", "--updates", "2", "--points", "7", "-o", &plan]);
    program(&["work", &plan, "--shard", "1/2", "--out", &out, "--threads", "1"]);
    let mut window = open(Settings::default(), SavedState::default());
    watch(&mut window, &out);
    until_there(&mut window, "25 of 49 done");
    assert!(window.query_by_label("Losses that have arrived").is_some());
    assert!(window.query_by_label_contains("plane of 7 × 7 points").is_some());

    let mut window = open(Settings::default(), SavedState::default());
    watch(&mut window, &at(&folder, "missing"));
    until_there(&mut window, "There is no");
}
