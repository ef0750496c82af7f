//! Readers on real data, found through `SPIKESCAPE_DATA`: `mnist/` with four gzipped IDX files, `nmnist/` with
//! recordings. Where the variable is not set the tests skip and say so.

use std::path::PathBuf;

use spikescape::task::images::Images;
use spikescape::task::nmnist::{Recordings, WINDOW_US};
use spikescape::task::progress::Progress;
use spikescape::task::{LatencyCode, Source, Split};

fn data(folder: &str) -> Option<PathBuf> {
    let path = std::env::var_os("SPIKESCAPE_DATA").map(|base| PathBuf::from(base).join(folder));
    if path.is_none() {
        println!("skipped: SPIKESCAPE_DATA does not name a folder with {folder}/");
    }
    path
}

fn labels(set: &dyn Source) -> Vec<usize> {
    let mut counts = vec![0; set.classes()];
    (0..set.len()).for_each(|i| counts[set.label(i)] += 1);
    counts
}

#[test]
fn real_mnist_reads_7000_and_1000_images() {
    let Some(folder) = data("mnist") else { return };
    let open = |part| Images::open(&folder, part, LatencyCode::default(), &Progress::default()).unwrap();
    let (mut train, mut test) = (open(Split::Train), open(Split::Test));
    Images::join(&mut train, &mut test).unwrap();
    for (set, number) in [(&train, 7000), (&test, 1000)] {
        assert_eq!((set.len(), set.classes(), set.input_shape()), (number, 10, vec![1, 28, 28]));
        let counts = labels(set);
        assert!(counts.iter().all(|&n| n > number / 20 && n < number / 5), "{counts:?}");
    }
}

#[test]
fn real_mnist_becomes_one_spike_a_pixel() {
    let Some(folder) = data("mnist") else { return };
    let set = Images::open(&folder, Split::Test, LatencyCode::default(), &Progress::default()).unwrap();
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

#[test]
fn real_nmnist_reads_all_recordings() {
    let Some(folder) = data("nmnist") else { return };
    for (part, of_each) in [(Split::Train, 16), (Split::Test, 6)] {
        let set = Recordings::open(&folder, part, &Progress::default()).unwrap();
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

#[test]
fn real_nmnist_recordings_show_their_digit_upright() {
    let Some(folder) = data("nmnist") else { return };
    let set = Recordings::open(&folder, Split::Train, &Progress::default()).unwrap();
    // as recorded, x to the right and y down: a 1 is taller than wide, all 1s taken together
    let ones = (0..set.len()).filter(|&i| set.label(i) == 1);
    let events: Vec<_> = ones.flat_map(|i| set.recording(i).unwrap().events).collect();
    let spread = |of: fn(&spikescape::task::nmnist::Event) -> u8| {
        let mean = events.iter().map(|e| f64::from(of(e))).sum::<f64>() / events.len() as f64;
        events.iter().map(|e| (f64::from(of(e)) - mean).powi(2)).sum::<f64>() / events.len() as f64
    };
    assert!(spread(|e| e.y) > 1.5 * spread(|e| e.x), "{} {}", spread(|e| e.y), spread(|e| e.x));
}

#[test]
fn real_mnist_trains_and_resumes() {
    let Some(folder) = data("mnist") else { return };
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
