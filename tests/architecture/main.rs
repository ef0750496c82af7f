//! The arrows between the modules: values flow one way, and this test reads every path that the sources name and keeps
//! it so. `sources` follows each path to the file that defines what it names.

mod dependencies;
mod graph;
mod sources;

use std::collections::BTreeMap;

use sources::Source;

/// The rooms that each room of `src` may use, apart from itself and from `text` and `named`, which are there for all. The library
/// packages that belong to one room stand below.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("named", &[]),
    ("about", &[]),
    ("spike", &[]),
    ("snn", &["spike"]),
    ("loss", &["snn", "spike"]),
    ("rule", &["snn", "spike"]),
    ("optim", &["snn"]),
    ("file", &[]),
    ("machine", &[]),
    ("task", &["file", "machine", "spike"]),
    ("train", &["file", "machine", "spike", "snn", "loss", "rule", "optim", "task"]),
    ("landscape", &["train", "snn", "rule", "loss", "spike", "task"]),
    ("explain", &["train", "optim", "rule", "snn", "loss", "spike", "task"]),
    // `task` and `optim` are what a moment of a run is made of
    ("record", &["file", "machine", "train", "landscape", "task", "optim", "snn", "spike"]),
    // what is kept of a program's runs, all together
    ("session", &["file", "machine", "record", "train", "task", "spike"]),
    // whole runs, and files
    ("sweep", &["file", "machine", "record", "landscape", "train", "task", "optim", "rule", "loss", "snn", "spike"]),
    (
        "engine",
        &[
            "file",
            "session",
            "record",
            "sweep",
            "landscape",
            "explain",
            "train",
            "task",
            "optim",
            "rule",
            "loss",
            "snn",
            "spike",
        ],
    ),
    // plain functions over text and runs: whoever has a file reads it
    ("lesson", &["file", "explain", "landscape", "train", "task", "rule", "loss", "snn", "spike"]),
    // shapes in, bytes out: it knows nothing of the window
    ("picture", &[]),
    ("figure", &["file", "engine", "record", "landscape", "train", "task", "rule", "loss", "snn", "spike", "picture"]),
    // of `rule` and `loss` the kinds alone, which a person picks
    (
        "gui",
        &[
            "file",
            "machine",
            "engine",
            "session",
            "record",
            // what a watched folder shows
            "sweep",
            "train",
            "task",
            "landscape",
            "explain",
            "lesson",
            "snn",
            "spike",
            "rule",
            "loss",
            "picture",
            "figure",
            "about",
        ],
    ),
    (
        "cli",
        &[
            "file",
            "machine",
            "engine",
            "sweep",
            "record",
            "train",
            "task",
            "landscape",
            "explain",
            "lesson",
            "spike",
            "snn",
            "loss",
            "rule",
            "gui",
            "picture",
            "figure",
            "about",
        ],
    ),
];

/// Packages, and the rooms that may name them.
const PACKAGES: &[(&str, &[&str])] = &[
    ("egui", &["gui", "picture", "figure/landscape", "figure/surface"]),
    ("egui_plot", &["gui"]),
    ("egui_tiles", &["gui"]),
    ("eframe", &["gui"]),
    ("rfd", &["gui"]),
    ("pulldown_cmark", &["gui", "lesson"]),
    ("rayon", &["train", "landscape", "engine", "cli"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    // a training log is appended to, which no whole file is
    ("std::fs", &["file", "machine", "task", "record/training_log", "session", "sweep", "cli"]),
    // a file dialog blocks, so the window gives it a thread of its own
    ("std::thread::Builder", &["engine", "gui/files"]),
    ("std::thread::spawn", &["engine"]),
    ("std::thread::scope", &["engine"]),
];

/// Macros, and the rooms that may call them.
const MACROS: &[(&str, &[&str])] =
    &[("print", &["cli"]), ("println", &["cli"]), ("eprint", &["cli"]), ("eprintln", &["cli"]), ("dbg", &[])];

/// The floors of the window, from the ground up: each may use those before it. What is drawn on the screen begins with
/// the widgets.
const FLOORS: &[&str] = &[
    "theme",
    "names",
    "layout",
    "state",
    "action",
    "widgets",
    "panels",
    "tiles",
    "timeline",
    "bar",
    "lesson_panel",
    "chooser",
    "glossary",
    "help",
    "about",
    "files",
    "sheets",
    "story",
    "export",
    "dropped",
    "icon",
    "app",
    "snapshot",
    "window",
];

/// The most files that may use each other in a circle, by room.
const CIRCLES: &[(&str, usize)] = &[("gui", 2), ("engine", 1)];

/// The room that a file stands in, or is.
fn room(name: &str) -> &str {
    name.split(['/', '.']).next().unwrap_or(name)
}

/// Whether the file `name` stands in one of these rooms or files, as in `gui` or `gui/files`.
fn stands_in(name: &str, rooms: &[&str]) -> bool {
    let within = |room: &str| name.strip_prefix(room).is_some_and(|rest| rest.starts_with(['/', '.']));
    rooms.iter().any(|room| within(room))
}

#[test]
fn every_room_uses_only_what_stands_before_it() {
    let mut wrong = Vec::new();
    for Source { name, uses, .. } in sources::read() {
        if name == "lib.rs" || name == "main.rs" {
            continue;
        }
        let plan = MAY_USE.iter().find(|(room_of, _)| *room_of == room(&name));
        let Some((own, may)) = plan else {
            panic!("src/{name} stands in no room of the plan: move it, or add its room to MAY_USE in this test");
        };
        let allowed = |other: &str| other == *own || ["text", "named"].contains(&other) || may.contains(&other);
        let others = uses.iter().filter(|other| !allowed(room(other)));
        wrong.extend(others.map(|other| format!("src/{name} uses src/{other}")));
    }
    assert!(wrong.is_empty(), "`src` may use only what stands before it in MAY_USE. Move the code down:\n{wrong:#?}");
}

#[test]
fn packages_and_macros_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for Source { name, packages, macros, .. } in sources::read() {
        for (package, rooms) in PACKAGES.iter().filter(|(_, rooms)| !stands_in(&name, rooms)) {
            let within = |path: &String| path.strip_prefix(package).is_some_and(|r| r.is_empty() || r.starts_with(':'));
            for path in packages.iter().filter(|path| within(path)) {
                wrong.push(format!("src/{name} names {path}, which belongs to {rooms:?}"));
            }
        }
        for (call, rooms) in MACROS.iter().filter(|(_, rooms)| !stands_in(&name, rooms)) {
            if macros.contains(*call) {
                wrong.push(format!("src/{name} calls {call}!, which belongs to {rooms:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "Move what needs these to the room that has them:\n{wrong:#?}");
}

#[test]
fn no_more_than_a_few_files_use_each_other_in_a_circle() {
    let all = sources::read();
    let number: BTreeMap<&str, usize> = all.iter().enumerate().map(|(n, s)| (s.name.as_str(), n)).collect();
    let mut wrong = Vec::new();
    for (own, most) in CIRCLES {
        let within = |s: &Source| s.uses.iter().filter(|u| room(u) == *own).map(|u| number[u.as_str()]).collect();
        let uses: Vec<Vec<usize>> =
            all.iter().map(|s| if room(&s.name) == *own { within(s) } else { Vec::new() }).collect();
        let large = graph::circles(&uses).into_iter().filter(|circle| circle.len() > *most);
        wrong.extend(large.map(|circle| circle.iter().map(|n| all[*n].name.clone()).collect::<Vec<_>>()));
    }
    assert!(
        wrong.is_empty(),
        "Each of these files can be reached from every other one. Give what they share a file of its own that uses none \
         of them:\n{wrong:#?}"
    );
}

#[test]
fn the_window_is_built_floor_by_floor_and_no_panel_knows_another() {
    let floor = |name: &str| {
        let within = name.strip_prefix("gui/")?;
        let module = room(within);
        (module != "mod").then(|| {
            FLOORS.iter().position(|f| *f == module).unwrap_or_else(|| {
                panic!("src/{name} stands on no floor: move it, or add its module to FLOORS in this test")
            })
        })
    };
    let panel = |name: &str| Some(name.strip_prefix("gui/panels/")?.split_once('/')?.0.to_owned());
    let mut wrong = Vec::new();
    for Source { name, uses, .. } in sources::read() {
        let Some(own) = floor(&name) else { continue };
        for other in uses.iter().filter(|other| floor(other).is_some_and(|floor| floor > own)) {
            wrong.push(format!("src/{name} uses src/{other}, which stands on it"));
        }
        for other in uses.iter().filter(|other| panel(other).is_some() && panel(&name).is_some()) {
            if panel(other) != panel(&name) {
                wrong.push(format!("src/{name} uses src/{other}, another panel: put what they share into widgets"));
            }
        }
    }
    assert!(wrong.is_empty(), "Move what is needed below, or the need for it up:\n{wrong:#?}");
}

/// Rooms whose type names can be read without their module: nowhere in `src` is there a second type of the same name.
const READABLE: &[&str] = &["text", "picture", "gui"];

#[test]
fn type_names_of_the_window_can_be_read_without_their_module() {
    let all = sources::read();
    let mut wrong = Vec::new();
    for one in all.iter().filter(|s| stands_in(&s.name, READABLE)) {
        for other in all.iter().filter(|other| other.name != one.name) {
            let shared = one.types.intersection(&other.types);
            wrong.extend(shared.map(|name| format!("{name}: src/{} and src/{}", one.name, other.name)));
        }
    }
    assert!(wrong.is_empty(), "Give one of each pair a name that says what sets it apart:\n{wrong:#?}");
}

#[test]
fn the_command_line_uses_only_the_door_of_the_window() {
    const DOOR: [&str; 3] = ["gui/snapshot.rs", "gui/layout/workspace.rs", "gui/window.rs"];
    for Source { name, uses, .. } in sources::read().into_iter().filter(|s| room(&s.name) == "cli") {
        for other in uses.iter().filter(|other| room(other) == "gui") {
            assert!(
                DOOR.iter().any(|door| other.starts_with(door)),
                "src/{name} uses src/{other}: the command line may use only {DOOR:?} of the window"
            );
        }
    }
}
