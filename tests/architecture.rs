//! The arrows between the modules: values flow one way, and this test walks the `use` lines and keeps it so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What each room of `src` may use, beside itself. The library packages that belong to one room stand below.
const MAY_USE: &[(&str, &[&str])] = &[
    ("spike", &[]),
    ("snn", &["spike"]),
    ("loss", &["snn", "spike"]),
    ("rule", &["snn", "spike"]),
    ("optim", &["snn"]),
    ("task", &["spike"]),
    ("train", &["spike", "snn", "loss", "rule", "optim", "task"]),
    ("landscape", &["train", "snn", "rule", "loss", "spike", "task"]),
    ("explain", &["train", "rule", "snn", "loss", "spike", "task"]),
    // `task` and `optim` are what a moment of a run is made of
    ("record", &["train", "landscape", "task", "optim", "snn", "spike"]),
    ("engine", &["record", "landscape", "explain", "train", "task", "optim", "rule", "loss", "snn", "spike"]),
    // of `rule` and `loss` the kinds alone, which a person picks
    ("gui", &["engine", "record", "train", "task", "landscape", "explain", "snn", "spike", "rule", "loss"]),
    ("cli", &["engine", "record", "train", "task", "landscape", "explain", "spike", "snn", "loss", "rule", "gui"]),
];

/// Packages, and the rooms that may name them.
const PACKAGES: &[(&str, &[&str])] = &[
    ("egui", &["gui"]),
    ("egui_plot", &["gui"]),
    ("egui_tiles", &["gui"]),
    ("eframe", &["gui"]),
    ("rfd", &["gui"]),
    ("rayon", &["train", "landscape", "engine", "cli"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
];

/// Words that belong to some rooms alone, and why.
const WORDS: &[(&str, &[&str], &str)] = &[
    ("println!", &["cli"], "printing"),
    ("eprintln!", &["cli"], "printing"),
    // a file dialog blocks, so the window gives it a thread of its own
    ("thread::Builder", &["engine", "gui/files"], "threads"),
    ("thread::spawn", &["engine"], "threads"),
    ("thread::scope", &["engine"], "threads"),
    ("std::fs", &["task", "record", "cli"], "files"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source file by its path below `src`, without its tests and comments.
fn code() -> BTreeMap<String, String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&src, &mut found);
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let lines = code.lines().filter(|l| !l.trim_start().starts_with("//"));
        (name, lines.collect::<Vec<_>>().join("\n"))
    };
    found.into_iter().filter(|p| !p.ends_with("tests.rs")).map(read).collect()
}

fn room(name: &str) -> &str {
    name.split('/').next().unwrap()
}

#[test]
fn every_room_uses_only_what_stands_before_it() {
    let mut wrong = Vec::new();
    for (name, text) in code() {
        let Some((own, may)) = MAY_USE.iter().find(|(r, _)| *r == room(&name)) else {
            assert!(name == "lib.rs" || name == "main.rs", "src/{name} stands in no room of the plan");
            continue;
        };
        for (other, _) in MAY_USE {
            let named = text.contains(&format!("crate::{other}::")) || text.contains(&format!("crate::{other};"));
            if named && other != own && !may.contains(other) {
                wrong.push(format!("src/{name} uses `{other}`"));
            }
        }
        assert!(
            !text.contains("use crate::{"),
            "src/{name}: one `use crate::room::…` a line, so that arrows can be seen"
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn packages_and_words_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (name, text) in code() {
        for (package, rooms) in PACKAGES {
            if text.contains(&format!("{package}::")) && !rooms.contains(&room(&name)) {
                wrong.push(format!("src/{name} names the package `{package}`"));
            }
        }
        for (word, rooms, why) in WORDS {
            if text.contains(word) && !rooms.iter().any(|r| name.starts_with(r)) {
                wrong.push(format!("src/{name} has `{word}`: {why} belong to {rooms:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_command_line_uses_only_the_picture_maker_and_the_door_of_the_window() {
    for (name, text) in code().into_iter().filter(|(n, _)| room(n) == "cli") {
        for part in text.split("crate::gui::").skip(1) {
            let allowed = ["snapshot", "picture", "window", "app::Kept", "theme::choose"];
            assert!(
                allowed.iter().any(|a| part.starts_with(a)),
                "src/{name} uses gui::{}",
                &part[..20.min(part.len())]
            );
        }
    }
}
