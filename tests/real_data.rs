//! Readers, training and panels on real data, found through `SPIKESCAPE_DATA`: `mnist/` with four gzipped IDX files,
//! `nmnist/` with recordings. Tests whose folder is not there are ignored, and counted so in the last line.

#[path = "support/allocations.rs"]
mod allocations;
mod support;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use libtest_mimic::{Arguments, Trial};

use allocations::allocations_of_epochs;
use spikescape::gui::layout::{self, Panel, Workspace};
use spikescape::gui::state::SavedState;
use spikescape::task::images::Images;
use spikescape::task::nmnist::{Recordings, WINDOW_US};
use spikescape::task::progress::Progress;
use spikescape::task::{LatencyCode, Source, Split, TaskKind};
use spikescape::train::Settings;
use spikescape::train::settings::NetworkSettings;
use spikescape::train::settings::presets::preset;
use support::{app, until};

/// A test and the folder that it needs.
type RealTest = (&'static str, &'static str, fn(&Path));

const TESTS: &[RealTest] = &[
    ("real_mnist_reads_7000_and_1000_images", "mnist", real_mnist_reads_7000_and_1000_images),
    ("real_mnist_becomes_one_spike_a_pixel", "mnist", real_mnist_becomes_one_spike_a_pixel),
    ("real_mnist_trains_and_resumes", "mnist", real_mnist_trains_and_resumes),
    ("real_mnist_allocates_nothing", "mnist", real_mnist_allocates_nothing),
    ("real_nmnist_reads_all_recordings", "nmnist", real_nmnist_reads_all_recordings),
    ("real_nmnist_recordings_show_their_digit_upright", "nmnist", real_nmnist_recordings_show_their_digit_upright),
    ("real_nmnist_allocates_nothing", "nmnist", real_nmnist_allocates_nothing),
    ("real_recordings_are_played_and_seen_as_layers", "nmnist", real_recordings_are_played_and_seen_as_layers),
];

fn main() -> ExitCode {
    let base = std::env::var_os("SPIKESCAPE_DATA").map(PathBuf::from);
    let trial = |&(name, folder, test): &RealTest| {
        let folder = base.as_ref().map(|base| base.join(folder)).filter(|path| path.is_dir());
        let missing = folder.is_none();
        let run = move || match &folder {
            Some(folder) => {
                test(folder);
                Ok(())
            }
            None => Err("SPIKESCAPE_DATA does not name a folder with these data".into()),
        };
        Trial::test(name, run).with_ignored_flag(missing)
    };
    libtest_mimic::run(&Arguments::from_args(), TESTS.iter().map(trial).collect()).exit_code()
}

fn labels(set: &dyn Source) -> Vec<usize> {
    let mut counts = vec![0; set.classes()];
    (0..set.len()).for_each(|i| counts[set.label(i)] += 1);
    counts
}

fn real_mnist_reads_7000_and_1000_images(folder: &Path) {
    let open = |part| Images::open(folder, part, LatencyCode::default(), &Progress::default()).unwrap();
    let (mut train, mut test) = (open(Split::Train), open(Split::Test));
    Images::join(&mut train, &mut test).unwrap();
    for (set, number) in [(&train, 7000), (&test, 1000)] {
        assert_eq!((set.len(), set.classes(), set.input_shape()), (number, 10, vec![1, 28, 28]));
        let counts = labels(set);
        assert!(counts.iter().all(|&n| n > number / 20 && n < number / 5), "{counts:?}");
    }
}

fn real_mnist_becomes_one_spike_a_pixel(folder: &Path) {
    let set = Images::open(folder, Split::Test, LatencyCode::default(), &Progress::default()).unwrap();
    for i in 0..set.len() {
        let sample = set.sample(i, 300).unwrap();
        assert_eq!((sample.input.units(), sample.input.steps()), (784, 300));
        let pixels = set.pixels(i);
        assert_eq!(sample.input.len(), pixels.iter().filter(|&&p| p > 0).count());
        for (step, unit) in sample.input.iter() {
            // the same in exact fractions: 255 · step ≤ 24 · (255 − p) < 255 · (step + 1)
            let darkness = 24 * (255 - usize::from(pixels[unit as usize]));
            assert!(255 * step <= darkness && darkness < 255 * (step + 1));
        }
        assert_eq!(sample.target.label, set.label(i));
    }
}

fn real_nmnist_reads_all_recordings(folder: &Path) {
    for (part, of_each) in [(Split::Train, 16), (Split::Test, 6)] {
        let set = Recordings::open(folder, part, &Progress::default()).unwrap();
        assert_eq!(labels(&set), [of_each; 10]);
        for i in 0..set.len() {
            let recording = set.recording(i).unwrap();
            let raster = set.sample(i, 300).unwrap().input;
            assert_eq!((raster.units(), raster.steps()), (2 * 34 * 34, 300));
            // a recording is some thousand events over the three sweeps of the camera, 100 ms each
            assert!((500..20_000).contains(&recording.events.len()), "{}", recording.events.len());
            let within = recording.events.iter().filter(|e| e.time_us < WINDOW_US).count();
            assert!(raster.len() <= within && 2 * raster.len() > within);
            assert!([0..100, 100..200, 200..300].into_iter().all(|mut sweep| sweep.any(|t| !raster.at(t).is_empty())));
        }
    }
}

fn real_nmnist_recordings_show_their_digit_upright(folder: &Path) {
    let set = Recordings::open(folder, Split::Train, &Progress::default()).unwrap();
    // as recorded, x to the right and y down: a 1 is taller than wide, all 1s taken together
    let ones = (0..set.len()).filter(|&i| set.label(i) == 1);
    let events: Vec<_> = ones.flat_map(|i| set.recording(i).unwrap().events).collect();
    let spread = |of: fn(&spikescape::task::nmnist::Event) -> u8| {
        let mean = events.iter().map(|e| f64::from(of(e))).sum::<f64>() / events.len() as f64;
        events.iter().map(|e| (f64::from(of(e)) - mean).powi(2)).sum::<f64>() / events.len() as f64
    };
    assert!(spread(|e| e.y) > 1.5 * spread(|e| e.x), "{} {}", spread(|e| e.y), spread(|e| e.x));
}

fn real_mnist_trains_and_resumes(folder: &Path) {
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("real-mnist");
    let _ = std::fs::remove_dir_all(&out);
    let run = |args: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_spikescape")).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}\n{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let (data, at) = (folder.to_str().unwrap(), |name: &str| out.join(name).to_str().unwrap().to_owned());
    let sets = ["images", "latency"].into_iter().zip(["task.kind", "loss.kind"]);
    let mut sets: Vec<String> = sets.map(|(value, key)| format!("{key}={value}")).collect();
    sets.extend(
        ["task.train_samples=320", "task.test_samples=100", "task.steps=60", "network.hidden=fc30"].map(Into::into),
    );
    let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
    let (whole, part) = (at("whole"), at("part"));
    let text = run(&[&["train", "--data", data, "--epochs", "1", "--out", &whole], &sets[..]].concat());
    assert!(text.contains("Test on 100 samples"), "{text}");
    run(&[&["train", "--data", data, "--updates", "9", "--out", &part], &sets[..]].concat());
    let checkpoint = at("part/checkpoint.safetensors");
    // the same folder by another name
    let moved = folder.join(".");
    let moved = moved.to_str().unwrap();
    run(&["train", "--resume", &checkpoint, "--epochs", "1", "--out", &part, "--data", moved]);
    let weights = |folder: &str| {
        let bytes = std::fs::read(at(&format!("{folder}/checkpoint.safetensors"))).unwrap();
        spikescape::record::Checkpoint::from_bytes(folder, &bytes).unwrap().params
    };
    assert_eq!(weights("whole"), weights("part"));
    let json = run(&["eval", &checkpoint, "--data", data, "--json"]);
    assert!(json.contains("\"samples\":100"), "{json}");
    run(&["train", "--replay", &at("whole/log.toml"), "--data", moved]);
    let _ = std::fs::remove_dir_all(&out);
}

/// A preset whose files lie in `folder`.
fn settings_of(key: &str, folder: &Path) -> Settings {
    let mut settings = (preset(key).unwrap().make)();
    settings.task.data = folder.display().to_string();
    settings
}

fn real_mnist_allocates_nothing(folder: &Path) {
    let mut settings = settings_of("mnist", folder);
    settings.network.hidden = NetworkSettings::fc(&[40]);
    assert_eq!(allocations_of_epochs(settings, 3), 0);
}

/// Each recording is read from its file whenever its turn comes.
fn real_nmnist_allocates_nothing(folder: &Path) {
    for (key, hidden) in [("nmnist", "fc20"), ("nmnist-conv", "conv2k3-avg2-flatten")] {
        let mut settings = settings_of(key, folder);
        assert_eq!(settings.task.kind, TaskKind::Nmnist);
        settings.set_text("network.hidden", hidden).unwrap();
        (settings.task.steps, settings.run.batch) = (60, 7);
        assert_eq!(allocations_of_epochs(settings, 6), 0, "{key}");
    }
}

fn real_recordings_are_played_and_seen_as_layers(folder: &Path) {
    let mut settings = settings_of("nmnist", folder);
    settings.task.steps = 60;
    settings.set_text("network.hidden", "conv2k5-avg2-flatten").unwrap();
    let mut kept = SavedState::default();
    [Panel::Samples, Panel::Layers].iter().for_each(|p| layout::open(&mut kept.layout, Workspace::Watch, *p));
    let mut w = support::open(settings, kept);
    until(&mut w, |app| app.opening().is_none() && app.run_view().start == 2);
    assert!(app(&w).refused().is_none(), "{:?}", app(&w).refused());
    until(&mut w, |app| app.run_view().frame.as_ref().is_some_and(|f| f.start == 2));
    assert!(w.query_by_label("input, channel 1").is_some() && w.query_by_label("conv2k5, channel 0").is_some());
    for _ in 0..500 {
        w.run_steps(1);
        if w.query_by_label("Play the recording").is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    for (name, then) in [("Play the recording", "Pause the recording"), ("Pause the recording", "Play the recording")] {
        w.get_by_role_and_label(Role::Button, name).click();
        w.run_steps(3);
        assert!(w.query_by_label(then).is_some());
    }
}
