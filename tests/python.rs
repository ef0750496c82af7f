//! What we write, read by those it is written for: PySpike, Elephant, NIR, PyTorch, TensorBoard, h5py, matplotlib.
//!
//! The scripts are in `tests/python`, `plot_run.py` for everybody in `python`. They run with `python3`, or the interpreter that `SPIKESCAPE_PYTHON` names; where it
//! or a package is not there, a test skips and says so. With `SPIKESCAPE_PYTHON_REQUIRED` set, to skip is to fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a script ends with where something that it needs is not installed.
const SKIPPED: i32 = 77;

/// A folder of its own for one test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("python-{test}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn spikescape(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_spikescape")).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}\n{}", both(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn both(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned()).concat()
}

/// Runs a script of `tests/python`; false where it skipped.
fn python(script: &str, args: &[&str]) -> bool {
    let interpreter = std::env::var("SPIKESCAPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(script);
    let required = std::env::var_os("SPIKESCAPE_PYTHON_REQUIRED").is_some();
    let skipped = |why: &str| {
        println!("skipped: {script}: {}", why.trim());
        assert!(!required, "{script} should not skip: {why}");
        false
    };
    match Command::new(&interpreter).arg(path).args(args).output() {
        Err(e) => skipped(&format!("{interpreter} cannot be started: {e}")),
        Ok(output) if output.status.code() == Some(SKIPPED) => skipped(&both(&output)),
        Ok(output) => {
            print!("{}", both(&output));
            assert!(output.status.success(), "{script}\n{}", both(&output));
            true
        }
    }
}

#[test]
fn spikes_are_read_by_pyspike_neo_elephant_and_nir() {
    let folder = Folder::new("spikes");
    spikescape(&["train", "--updates", "300", "--out", &folder.at("run")]);
    let log = folder.at("run/log.toml");
    let all = ["all.csv", "all.npz", "all.dense.npz", "all.nir.npz"].map(|name| folder.at(name));
    spikescape(&["spikes", &log, "-o", &all[0], "-o", &all[1], "-o", &all[2], "-o", &all[3]]);
    let output = ["output.txt", "output.dat", "output.gdf"].map(|name| folder.at(name));
    spikescape(&["spikes", &log, "--layer", "output", "-o", &output[0], "-o", &output[1], "-o", &output[2]]);
    let required = std::env::var_os("SPIKESCAPE_PYTHON_REQUIRED").is_some();
    python("read_spikes.py", &[&[folder.0.to_str().unwrap()][..], if required { &["--all"] } else { &[] }].concat());
}

#[test]
fn weights_load_strictly_in_pytorch_and_make_the_same_spikes() {
    let folder = Folder::new("torch");
    let trains = ["train", "--updates", "200", "--set", "network.hidden=fc40 - fc30"].as_slice();
    let conv = [
        "train",
        "--preset",
        "digits",
        "--set",
        "network.hidden=conv4k5 - avg2 - conv6k3 - max2 - flatten - fc20",
        "--set",
        "task.train_samples=60",
        "--set",
        "task.test_samples=8",
        "--epochs",
        "2",
        "--set",
        "task.steps=40",
        "--set",
        "loss.kind=count",
    ]
    .as_slice();
    for (name, args, samples) in [("trains", trains, "0"), ("conv", conv, "0-4")] {
        let run = folder.at(name);
        spikescape(&[args, &["--out", &run]].concat());
        let (weights, dense) = (format!("{run}/weights.safetensors"), format!("{run}/spikes.dense.npz"));
        spikescape(&["spikes", &weights, "--samples", samples, "-o", &dense]);
        python("torch_strict.py", &[&weights, &dense]);
    }
}

#[test]
fn training_logs_say_what_the_metrics_say() {
    let folder = Folder::new("logs");
    let small =
        ["--preset", "digits", "--set", "task.train_samples=60", "--set", "task.test_samples=8", "--epochs", "2"];
    for (name, args) in [("trains", &["--updates", "150"][..]), ("digits", &small[..])] {
        let run = folder.at(name);
        fs::create_dir_all(&run).unwrap();
        let (lines, events) = (format!("{run}/run.jsonl"), format!("{run}/tensorboard"));
        let files = ["train", "--out", &run, "--jsonl", &lines, "--tensorboard", &events];
        spikescape(&[&files, args].concat());
        python("read_logs.py", &[&run]);
    }
}

#[test]
fn plot_run_plots_a_run() {
    let folder = Folder::new("plot");
    let run = folder.at("run");
    spikescape(&["train", "--updates", "200", "--out", &run]);
    let (log, landscape, raster) =
        (format!("{run}/log.toml"), format!("{run}/landscape.npz"), format!("{run}/raster.npz"));
    spikescape(&["export", &log, "--view", "landscape", "--plane", "path", "--points", "21", "-o", &landscape]);
    spikescape(&["export", &log, "--view", "raster", "-o", &raster]);
    let modules = Command::new(std::env::var("SPIKESCAPE_PYTHON").unwrap_or_else(|_| "python3".to_owned()))
        .args(["-c", "import matplotlib, numpy"])
        .output();
    if !modules.is_ok_and(|output| output.status.success()) {
        println!("skipped: plot_run.py: Python has no matplotlib");
        assert!(std::env::var_os("SPIKESCAPE_PYTHON_REQUIRED").is_none(), "matplotlib is required");
        return;
    }
    let picture = folder.at("run.png");
    assert!(python("../../python/plot_run.py", &[&run, &picture]));
    let png = fs::read(&picture).unwrap();
    assert!(png.starts_with(b"\x89PNG") && png.len() > 20_000, "{} bytes", png.len());
}

#[test]
fn both_published_sizes_of_shd_are_read_as_h5py_reads_them() {
    let folder = Folder::new("shd");
    if !python("make_shd.py", &["--sizes", folder.0.to_str().unwrap()]) {
        return;
    }
    for (name, sizes) in [("old", [8332, 2088]), ("published", [8156, 2264])] {
        let train = folder.at(&format!("{name}/shd_train.h5"));
        let run = folder.at(&format!("{name}/run"));
        let settings = ["--set", "task.kind=own", "--set", "task.dt_ms=14", "--set", "network.hidden=none"];
        let text = spikescape(&[&["train", "--updates", "2", "--data", &train, "--out", &run][..], &settings].concat());
        assert!(text.contains(&format!("Test on {},{:03} samples", sizes[1] / 1000, sizes[1] % 1000)), "{text}");
        let spikes = folder.at(&format!("{name}/test.npz"));
        let samples = format!("0-{}", sizes[1] - 1);
        spikescape(&[
            "spikes",
            &format!("{run}/weights.safetensors"),
            "--split",
            "test",
            "--samples",
            &samples,
            "--layer",
            "input",
            "-o",
            &spikes,
        ]);
        let set = folder.at(&format!("{name}/shd_test.h5"));
        python("shd_sizes.py", &[&set, &spikes, "14"]);
    }
}
