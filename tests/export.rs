//! Figures and films: what they say, and that window and command line write the same bytes.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

use spikescape::figure::{FigurePalette, FigureTheme, FigureView};
use spikescape::gui::action::{ExportAction, RunAction, SettingsAction};
use spikescape::gui::layout::{self, Workspace};
use spikescape::gui::state::SavedState;
use spikescape::gui::state::landscape_choices::{CellColour, CircleChoice};
use spikescape::gui::theme::Palette;
use spikescape::rule::Rule;
use spikescape::train::Settings;
use support::{Window, app, until};

fn spikescape(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spikescape"));
    command.args(args).current_dir(folder).output().expect("the program starts")
}

fn done(folder: &Path, args: &[&str]) -> String {
    let output = spikescape(folder, args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn refused(folder: &Path, args: &[&str]) -> String {
    let output = spikescape(folder, args);
    assert!(!output.status.success(), "{args:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The line for the shell in an SVG, as words; words with spaces are not in these tests.
fn line(svg: &str) -> Vec<String> {
    let (_, rest) = svg.split_once("<desc>").unwrap();
    let line = rest.split_once("</desc>").unwrap().0;
    assert!(!line.contains('\''), "{line}");
    line.split(' ').map(str::to_owned).collect()
}

#[test]
fn every_format_says_how_it_was_made_and_its_line_makes_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let (first, again) = (folder.path().join("first"), folder.path().join("again"));
    fs::create_dir(&first).unwrap();
    fs::create_dir(&again).unwrap();
    let args = ["export", "--seed", "3", "--rule", "timing", "--updates", "40", "--view", "raster", "--at", "30"];
    let outs = ["svg", "pdf", "png", "csv", "npz"].map(|end| format!("r.{end}"));
    let mut all: Vec<&str> = args.to_vec();
    all.extend(["--span", "start", "--theme", "dark", "--width", "90", "--dpi", "100"]);
    all.extend(outs.iter().flat_map(|out| ["-o", out.as_str()]));
    done(&first, &all);
    let svg = String::from_utf8(read(&first.join("r.svg"))).unwrap();
    for part in [
        ">Raster, update 30, Timing, seed 3</text>",
        ">time (steps)</text>",
        "\"seed\":3",
        "--view raster --at 30 --span start --theme dark --width 90 -o r.svg",
        "run.seed=3",
        "rule.rule=timing",
    ] {
        assert!(svg.contains(part), "{part}\n{}", &svg[..900]);
    }
    let words = line(&svg);
    assert_eq!(words[0], "spikescape");
    done(&again, &words[1..].iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(read(&again.join("r.svg")), svg.as_bytes());
    // a picture in pixels at another resolution is another line
    let png = read(&first.join("r.png"));
    let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
    let text = &reader.info().uncompressed_latin1_text;
    assert!(text.iter().any(|t| t.keyword == "Description" && t.text.contains("--dpi 100 -o r.png")), "{text:?}");
    assert_eq!(reader.info().width, (90.0f32 * 72.0 / 25.4 * (100.0 / 72.0)).round() as u32);
    let table = String::from_utf8(read(&first.join("r.csv"))).unwrap();
    assert!(table.starts_with("layer,neuron,step,time_ms,what,from_step\ninput,"), "{}", &table[..80]);
    assert!(fs::read_to_string(first.join("r.csv.toml")).unwrap().contains("# spikescape export "));
    assert!(read(&first.join("r.pdf")).windows(12).any(|w| w == b"/ToUnicode 9"));
}

#[test]
fn a_narrow_raster_keeps_its_legend_its_row_numbers_and_its_ticks() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (width, font) in [("85", "8"), ("60", "8"), ("85", "11")] {
        let args = ["export", "--updates", "12", "--view", "raster", "-o", "r.svg", "--width", width, "--font", font];
        done(folder, &args);
        let svg = fs::read_to_string(folder.join("r.svg")).unwrap();
        for name in ["spike", "target", "created", "removed", "shifted", "by update 12"] {
            assert!(svg.contains(&format!(">{name}</text>")), "{name} at {width} mm, {font} pt");
        }
        let outputs = Settings::default().task.outputs;
        assert!((1..outputs).all(|unit| svg.contains(&format!(">{unit}</text>"))), "{width} mm, {font} pt");
    }
}

#[test]
fn the_table_of_a_raster_has_as_many_spikes_as_spikes_writes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    done(folder, &["train", "--updates", "25", "--out", "run"]);
    done(folder, &["export", "run/log.toml", "--view", "raster", "--no-changes", "-o", "r.csv"]);
    done(folder, &["spikes", "run/log.toml", "-o", "s.csv"]);
    let spikes = fs::read_to_string(folder.join("s.csv")).unwrap().lines().count() - 1;
    let table = fs::read_to_string(folder.join("r.csv")).unwrap();
    assert_eq!(table.lines().filter(|row| row.contains(",spike,")).count(), spikes);
    // and the same from the checkpoint
    done(folder, &["export", "run/checkpoint.safetensors", "--view", "raster", "--no-changes", "-o", "c.csv"]);
    assert_eq!(fs::read_to_string(folder.join("c.csv")).unwrap(), table);
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (args, expected) in [
        (&["export", "--view", "raster", "-o", "r.svg"][..], "Nothing says how long the run is to be"),
        (&["export", "--updates", "5", "--view", "raster", "-o", "r.eps"], "should end in .svg, .pdf"),
        (&["export", "--updates", "5", "--view", "raster,curves", "-o", "r.svg"], "should be a folder"),
        (
            &["export", "--updates", "5", "--at", "9", "--view", "raster", "-o", "r.svg"],
            "ends after 5 updates, before 9",
        ),
        (&["export", "--updates", "5", "--view", "accuracy", "-o", "a.svg"], "no samples with classes"),
        (&["export", "--updates", "5", "--view", "map", "-o", "m.svg"], "Only the task Yin-Yang"),
        (&["export", "--updates", "0", "--view", "curves", "-o", "c.svg"], "the run has made no update"),
        (&["export", "--updates", "5", "--view", "changes", "--layer", "7", "-o", "c.svg"], "There is no layer 7"),
        (
            &["export", "--updates", "5", "--view", "landscape", "--centre", "6", "-o", "l.svg"],
            "comes after the moment",
        ),
        (&["film", "--updates", "9", "--from", "8", "--to", "3", "-o", "x.gif"], "before it begins at 8"),
        (&["film", "--updates", "9", "-o", "x.mp4"], "should end in .gif"),
        (&["film", "--updates", "99999", "-o", "x.gif"], "at most 10,000 are made"),
    ] {
        let said = refused(folder, args);
        assert!(said.contains(expected), "{args:?}: {said}");
    }
    assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "nothing was written");
}

#[test]
fn films_have_a_frame_for_every_moment() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let film = |out: &str| {
        let small = ["--width", "60", "--dpi", "60", "--theme", "dark", "--rate", "10"];
        let mut args = vec!["film", "--updates", "20", "--from", "4", "--to", "20", "--every", "8", "-o", out];
        args.extend(small);
        done(folder, &args)
    };
    assert!(film("x.gif").contains("3 frames, 0.3 s"));
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let bytes = read(&folder.join("x.gif"));
    let mut reader = options.read_info(&bytes[..]).unwrap();
    let mut frames = Vec::new();
    while let Some(frame) = reader.read_next_frame().unwrap() {
        assert_eq!(frame.delay, 10);
        frames.push(frame.buffer.to_vec());
    }
    assert_eq!(frames.len(), 3);
    assert!(frames[0] != frames[1] && frames[1] != frames[2], "the run moves");

    film("x.apng");
    let png = read(&folder.join("x.apng"));
    let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
    assert_eq!(reader.info().animation_control().unwrap().num_frames, 3);

    let said = film("frames");
    assert!(said.contains("ffmpeg -framerate 10 -i frames/frame-%06d.png"), "{said}");
    assert_eq!(fs::read_dir(folder.join("frames")).unwrap().count(), 4, "three frames and the line");
}

#[test]
fn figures_have_the_colours_of_the_window() {
    for (theme, palette) in [(FigureTheme::Dark, Palette::dark()), (FigureTheme::Light, Palette::light())] {
        let figure = FigurePalette::of(theme);
        let rgb = |c: egui::Color32| [c.r(), c.g(), c.b()];
        let pairs = [
            (figure.ground, palette.ground),
            (figure.paper, palette.panel),
            (figure.ink, palette.ink),
            (figure.faint, palette.faint),
            (figure.line, palette.line),
            (figure.created, palette.created),
            (figure.removed, palette.removed),
            (figure.shifted, palette.shifted),
            (figure.target, palette.target),
            (figure.focus, palette.focus),
            (figure.warning, palette.warning),
        ];
        assert!(pairs.iter().all(|(a, b)| *a == rgb(*b)), "{theme:?}");
        assert!(Rule::ALL.iter().all(|rule| figure.rule(*rule) == rgb(palette.rule(*rule))));
    }
}

/// A window whose run was made by two rules and stands at 60.
fn window() -> Window {
    let mut w = support::open(Settings::default(), SavedState::default());
    let act = |w: &mut Window, action: spikescape::gui::action::Action| {
        let ctx = w.ctx.clone();
        w.state_mut().as_mut().unwrap().apply(&ctx, action);
    };
    act(&mut w, RunAction::Advance(25).into());
    until(&mut w, |a| a.run_view().update() == 25);
    act(&mut w, SettingsAction::Rule(Rule::Timing).into());
    act(&mut w, RunAction::Advance(35).into());
    until(&mut w, |a| a.run_view().update() == 60 && !a.run_view().marks.is_empty() && !a.awaits_landscape());
    w
}

fn wait_for(w: &mut Window, path: &Path) {
    let begun = Instant::now();
    while !path.exists() {
        assert!(begun.elapsed() < Duration::from_secs(120), "{} does not come", path.display());
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(5));
    }
    w.run_steps(3);
}

/// Types a path into the sheet, and saves.
fn save_as(w: &mut Window, field: &str, path: &Path) {
    w.get_by_role_and_label(Role::TextInput, field).click();
    w.run_steps(2);
    w.key_press_modifiers(Modifiers::COMMAND, Key::A);
    w.run_steps(1);
    w.get_by_role_and_label(Role::TextInput, field).type_text(&path.to_string_lossy());
    w.run_steps(2);
    w.get_by_role_and_label(Role::Button, "Save").click();
    w.run_steps(2);
}

#[test]
fn the_window_writes_what_the_command_line_writes() {
    let folder = tempfile::tempdir().unwrap();
    let (by_window, by_line): (PathBuf, PathBuf) = (folder.path().join("window"), folder.path().join("line"));
    let mut w = window();
    w.get_by_role_and_label(Role::Button, "File").click();
    w.run_steps(2);
    w.get_by_label_contains("Export everything…").click();
    w.run_steps(2);
    let begun = Instant::now();
    while w.query_by_role_and_label(Role::TextInput, "Folder").is_none() {
        assert!(begun.elapsed() < Duration::from_secs(10), "the sheet does not open");
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
    save_as(&mut w, "Folder", &by_window);
    wait_for(&mut w, &by_window.join("index.html"));
    assert!(w.query_by_role_and_label(Role::TextInput, "Folder").is_none(), "the sheet closes");

    let log = by_window.join("run.log.toml");
    fs::create_dir(&by_line).unwrap();
    fs::copy(&log, by_line.join("run.log.toml")).unwrap();
    let range = app(&w).choices().landscape.range.to_string();
    let args = ["export", "run.log.toml", "--view", "all", "--range", &range, "-o", "."];
    done(&by_line, &args);
    let mut names: Vec<String> =
        fs::read_dir(&by_window).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names.iter().filter(|name| name.ends_with(".svg")).count(), 5, "{names:?}");
    for name in &names {
        assert!(read(&by_window.join(name)) == read(&by_line.join(name)), "{name} differs");
    }
    let page = fs::read_to_string(by_window.join("index.html")).unwrap();
    assert!(names.iter().filter(|n| n.ends_with(".svg")).all(|name| page.contains(&format!("src=\"{name}\""))));
}

#[test]
fn the_figure_of_a_landscape_has_its_colours_and_its_circle() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut kept = SavedState { workspace: Workspace::Landscape, ..SavedState::default() };
    kept.layout = layout::standard(Workspace::Landscape);
    (kept.choices.landscape.points, kept.choices.landscape.range) = (11, 0.3);
    kept.choices.landscape.colour = CellColour::Circulation(Rule::Activation);
    kept.choices.landscape.circle = Some(CircleChoice { a: -0.1, b: 0.05, radius: 0.15 });
    let mut w = support::open(Settings::default(), kept);
    let ctx = w.ctx.clone();
    w.state_mut().as_mut().unwrap().apply(&ctx, RunAction::Advance(20).into());
    until(&mut w, |a| a.run_view().update() == 20 && !a.awaits_landscape());
    w.state_mut().as_mut().unwrap().apply(&ctx, ExportAction::View(FigureView::Landscape).into());
    let begun = Instant::now();
    while w.query_by_role_and_label(Role::TextInput, "File").is_none() {
        assert!(begun.elapsed() < Duration::from_secs(10), "the sheet does not open");
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
    let path = folder.join("l.svg");
    save_as(&mut w, "File", &path);
    wait_for(&mut w, &path);
    let svg = fs::read_to_string(&path).unwrap();
    for part in [
        "--colour circulation:activation --circle -0.1,0.05,0.15",
        ">circulation, Activation</text>",
        ">around the circle at (−0.1000, 0.0500), radius 0.1500: true loss 0,",
        ">circulation of Activation: ",
    ] {
        assert!(svg.contains(part), "{part}\n{}", &svg[..900]);
    }
    let other = folder.join("other");
    fs::create_dir(&other).unwrap();
    let words = line(&svg);
    let mut words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
    done(&other, &words);
    assert_eq!(fs::read_to_string(other.join("l.svg")).unwrap(), svg);
    // every other colouring, as a map and as a surface
    let from = words.iter().position(|word| *word == "--colour").unwrap();
    for (colour, says) in
        [("regions", " regions of equal output spikes among 121 points"), ("output-spikes", ">output spikes<")]
    {
        words[from + 1] = colour;
        done(&other, &words);
        assert!(fs::read_to_string(other.join("l.svg")).unwrap().contains(says), "{colour}");
        let surface = [&words[..from + 2], &["--surface", "-o", "s.svg"]].concat();
        done(&other, &surface);
    }
    words[from + 3] = "0.2,0,0.15";
    assert!(refused(&other, &words).contains("reaches beyond the plane, which ends at 0.3"));
    words[from + 1] = "circulation";
    assert!(refused(&other, &words).contains("expected one of loss, spikes, output-spikes, regions, circulation:"));
}

#[test]
fn ctrl_e_exports_the_panel_under_the_pointer() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = window();
    let raster = w.get_by_label("Spikes of all layers").rect().center();
    w.hover_at(raster);
    w.run_steps(2);
    w.key_press_modifiers(Modifiers::COMMAND, Key::E);
    let begun = Instant::now();
    while w.query_by_role_and_label(Role::TextInput, "File").is_none() {
        assert!(begun.elapsed() < Duration::from_secs(10), "the sheet does not open");
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
    let path = folder.path().join("mine.svg");
    save_as(&mut w, "File", &path);
    wait_for(&mut w, &path);
    // the rule was changed by hand, so that the log is needed
    wait_for(&mut w, &folder.path().join("mine.log.toml"));
    let svg = fs::read_to_string(&path).unwrap();
    let words = line(&svg);
    assert_eq!(words[..3], ["spikescape", "export", "mine.log.toml"]);
    let other = folder.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::copy(folder.path().join("mine.log.toml"), other.join("mine.log.toml")).unwrap();
    done(&other, &words[1..].iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(fs::read_to_string(other.join("mine.svg")).unwrap(), svg);
}

#[test]
fn a_name_that_does_not_fit_the_format_is_refused_in_the_sheet() {
    let mut w = window();
    w.get_by_role_and_label(Role::Button, "Export of curves").click();
    w.run_steps(2);
    w.get_by_label_contains("Export…").click();
    let begun = Instant::now();
    while w.query_by_role_and_label(Role::TextInput, "File").is_none() {
        assert!(begun.elapsed() < Duration::from_secs(10), "the sheet does not open");
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
    save_as(&mut w, "File", Path::new("curves.pdf"));
    let begun = Instant::now();
    while w.query_by_label_contains("end its name in .svg").is_none() {
        assert!(begun.elapsed() < Duration::from_secs(10), "nothing is said");
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn the_about_sheet_says_version_and_how_to_cite() {
    let mut w = support::open(Settings::default(), SavedState::default());
    w.get_by_role_and_label(Role::Button, "Help").click();
    w.run_steps(2);
    w.get_by_label_contains("About Spikescape").click();
    w.run_steps(3);
    assert!(w.query_by_label(env!("CARGO_PKG_VERSION")).is_some());
    assert!(w.query_by_role_and_label(Role::Button, "Copy BibTeX").is_some());
    w.key_press(Key::Escape);
    w.run_steps(2);
    assert!(w.query_by_role_and_label(Role::Button, "Copy BibTeX").is_none());
}

#[test]
fn a_film_is_made_beside_the_run_and_can_be_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let mut w = window();
    let film = |w: &mut Window, path: &Path| {
        w.get_all_by_label("Film…").next().unwrap().click();
        let begun = Instant::now();
        while w.query_by_role_and_label(Role::TextInput, "File").is_none() {
            assert!(begun.elapsed() < Duration::from_secs(10), "the sheet does not open");
            w.run_steps(1);
            std::thread::sleep(Duration::from_millis(2));
        }
        save_as(w, "File", path);
    };
    let stopped = folder.path().join("stopped.gif");
    film(&mut w, &stopped);
    w.get_by_role_and_label(Role::Button, "Stop").click();
    w.run_steps(3);
    assert!(w.query_by_role_and_label(Role::TextInput, "File").is_none(), "the sheet closes");
    let whole = folder.path().join("whole.gif");
    film(&mut w, &whole);
    wait_for(&mut w, &whole);
    assert!(!stopped.exists(), "a film that was stopped is not written");
    let bytes = read(&whole);
    let mut reader = gif::DecodeOptions::new().read_info(&bytes[..]).unwrap();
    let mut frames = 0;
    while reader.read_next_frame().unwrap().is_some() {
        frames += 1;
    }
    assert_eq!(frames, 61, "one for every update from 0 to 60");
}

#[test]
fn a_surface_is_polygons_and_a_map_has_the_values_of_its_levels() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let plane = ["export", "--updates", "20", "--view", "landscape", "--points", "11", "--range", "0.3"];
    let svg = |more: &[&str]| {
        done(folder, &[&plane[..], more, &["-o", "l.svg"]].concat());
        fs::read_to_string(folder.join("l.svg")).unwrap()
    };
    let (map, levels, surface) = (svg(&[]), svg(&["--levels"]), svg(&["--surface", "--turn", "-1.2", "--tilt", "0.5"]));
    let texts = |svg: &str| svg.matches("</text>").count();
    assert!(map.matches("<image").count() == 2 && texts(&levels) > texts(&map), "cells and a colour bar; values");
    assert_eq!(surface.matches("<image").count(), 1, "the colour bar alone");
    assert!(surface.matches("stroke-linejoin=\"round\" d=\"M").count() > 30, "facets");
    assert!(surface.contains("--surface --turn -1.2 --tilt 0.5 -o l.svg"));
    done(folder, &line(&surface)[1..].iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(fs::read_to_string(folder.join("l.svg")).unwrap(), surface);
}

#[test]
fn samples_and_their_classes_agree_with_eval() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let small = ["--set", "task.kind=yin_yang", "--set", "task.train_samples=60", "--set", "task.test_samples=40"];
    let run = [&["export"][..], &small, &["--updates", "4", "--split", "test"]].concat();
    done(folder, &[&run[..], &["--view", "accuracy", "-o", "a.csv"]].concat());
    done(folder, &[&run[..], &["--view", "samples", "--wrong-first", "-o", "s.csv", "-o", "s.svg"]].concat());
    let rows = |name: &str| -> Vec<Vec<String>> {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        text.lines().skip(1).map(|row| row.split(',').map(str::to_owned).collect()).collect()
    };
    let (all, shown) = (rows("a.csv"), rows("s.csv"));
    assert_eq!((all.len(), shown.len()), (40, 32));
    // sample, class and predicted class are those of all answers, and no wrong one comes after a right one
    for row in &shown {
        let answer = &all[row[0].parse::<usize>().unwrap()];
        assert_eq!(row[..2], answer[..2]);
    }
    let right: Vec<bool> = shown.iter().map(|row| row[1] == row[2]).collect();
    assert!(right.is_sorted(), "{right:?}");
    assert!(fs::read_to_string(folder.join("s.svg")).unwrap().contains(">32 (test), wrong ones first;"));
}
