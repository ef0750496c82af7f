//! The program without a window, from outside: the built binary, its files, its messages and its exit codes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use safetensors::SafeTensors;
use spikescape::record::Checkpoint;
use spikescape::record::log::{End, Entry, Intervention, Log};
use spikescape::snn::Isa;
use spikescape::train::settings::{Change, LiveChange, Value};
use spikescape::train::{Settings, Trainer};

/// The program, where there is no display.
fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spikescape"));
    command.args(args).env_remove("COLUMNS");
    for display in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(display);
    }
    command
}

/// Sends a signal to a run. One that is ignored where the tests run, as under nohup or in the background of a script, is
/// ignored by the program, too, on purpose: there the test says so instead of waiting for ever.
#[cfg(unix)]
fn send(run: &mut std::process::Child, signal: &str) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    let bit = match signal {
        "-HUP" => 1,
        "-INT" => 1 << 1,
        _ => 0,
    };
    if ignored.unwrap_or(0) & bit != 0 {
        let _ = run.kill();
        panic!("{signal} is ignored here: run the tests in the foreground");
    }
    assert!(Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap().success());
}

fn start(args: &[&str]) -> Output {
    program(args).output().unwrap()
}

/// What it prints when all goes well.
fn said(args: &[&str]) -> String {
    let output = start(args);
    assert!(output.status.success(), "{args:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What it complains of, with exit code 1 and nothing printed that looks like a result.
fn complaint(args: &[&str]) -> String {
    let output = start(args);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{args:?}\n{text}");
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// Names, one after the other, must all be in a text.
fn assert_names(text: &str, names: &[&str]) {
    for name in names {
        assert!(text.contains(name), "{name} is not in\n{text}");
    }
}

/// A folder of its own for one test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{test}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.0.join(name), text).unwrap();
        self.at(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// The files in one of its folders, sorted.
    fn files(&self, name: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(name)).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The rows of a CSV file without its head, and the column of each name.
fn rows(csv: &str) -> Vec<Vec<&str>> {
    csv.lines().skip(1).map(|line| line.split(',').collect()).collect()
}

fn column(csv: &str, name: &str) -> usize {
    csv.lines().next().unwrap().split(',').position(|n| n == name).unwrap_or_else(|| panic!("no column {name}"))
}

const TRAIN_FILES: [&str; 5] =
    ["checkpoint.safetensors", "log.toml", "metrics.csv", "settings.toml", "weights.safetensors"];
const EPOCH_FILES: [&str; 7] = [
    "best.safetensors",
    "checkpoint.safetensors",
    "epochs.csv",
    "log.toml",
    "metrics.csv",
    "settings.toml",
    "weights.safetensors",
];

// ── train ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn train_writes_metrics_settings_log_and_weights() {
    let folder = Folder::new("files");
    let args = ["train", "--updates", "25", "--seed", "3", "--rule", "activation", "--out", &folder.at("run")];
    let text = said(&args);
    assert_names(&text, &["Activation, seed 3", "25 updates", "loss ", "metrics.csv"]);
    assert_eq!(folder.files("run"), TRAIN_FILES);

    let metrics = folder.text("run/metrics.csv");
    let head = metrics.lines().next().unwrap();
    assert!(head.starts_with("update,loss,spikes_total,shifted,created,removed,seconds,"), "{head}");
    assert!(head.ends_with(",spikes_1,spikes_2"), "{head}");
    let table = rows(&metrics);
    assert_eq!(table.len(), 25);
    for (n, row) in table.iter().enumerate() {
        assert_eq!(row[0], (n + 1).to_string());
        let numbers: Vec<u64> = [2, 10, 11].map(|c| row[c].parse().unwrap()).to_vec();
        assert_eq!(numbers[0], numbers[1] + numbers[2], "the layers add up");
        assert_eq!(row[9], "activation");
    }

    let mut expected = Settings::default();
    expected.set_text("run.seed", "3").unwrap();
    expected.set_text("rule.rule", "activation").unwrap();
    assert_eq!(Settings::from_toml("settings.toml", &folder.text("run/settings.toml")).unwrap(), expected);

    let mut trainer = Trainer::new(expected.clone(), Isa::best());
    assert_eq!(table[0][1], format!("{:?}", trainer.loss()));
    (0..25).for_each(|_| trainer.step().unwrap());
    let log = Log::from_toml("log.toml", &folder.text("run/log.toml")).unwrap();
    let end = Some(End { update: 25, digest: trainer.params().digest() });
    assert_eq!(log, Log { start: expected, entries: vec![], end, weights: None });

    let weights = folder.bytes("run/weights.safetensors");
    let weights = SafeTensors::deserialize(&weights).unwrap();
    assert_eq!(weights.len(), 4);
    let shapes = ["0.weight", "0.bias", "1.weight", "1.bias"].map(|n| weights.tensor(n).unwrap().shape().to_vec());
    assert_eq!(shapes, [vec![50, 50], vec![50], vec![5, 50], vec![5]]);
    let exported = trainer.net().layers[1].export_weights(trainer.params());
    let bytes: Vec<u8> = exported.into_iter().flat_map(f32::to_le_bytes).collect();
    assert_eq!(weights.tensor("1.weight").unwrap().data(), bytes);
}

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    let folder = Folder::new("threads");
    let run = |threads: &str| {
        let out = folder.at(threads);
        // enough of a batch that it is shared out
        let sizes = ["--set", "task.pairs=8", "--set", "network.hidden=100-40"];
        let args = ["train", "--updates", "20", "--seed", "1", "--threads", threads, "--out", &out];
        said(&[&args[..], &sizes[..]].concat());
        let metrics = folder.text(&format!("{threads}/metrics.csv"));
        let metrics = untimed(&metrics);
        let logs = ["log.toml", "settings.toml"].map(|name| folder.text(&format!("{threads}/{name}")));
        (metrics, logs, folder.bytes(&format!("{threads}/weights.safetensors")))
    };
    let one = run("1");
    assert_eq!(one.0.len(), 21);
    assert!(one == run("2"), "two threads differ from one");
    assert!(one == run("5"), "five threads differ from one");
}

#[test]
fn what_is_there_is_replaced_only_by_force() {
    let folder = Folder::new("force");
    let (out, taken) = (folder.at("run"), folder.write("taken", ""));
    said(&["train", "--updates", "2", "--out", &out]);
    let text = complaint(&["train", "--updates", "3", "--out", &out]);
    assert_names(&text, &["metrics.csv", "--force"]);
    assert_eq!(rows(&folder.text("run/metrics.csv")).len(), 2);
    said(&["train", "--updates", "3", "--out", &out, "--force"]);
    assert_eq!(rows(&folder.text("run/metrics.csv")).len(), 3);
    assert_eq!(folder.files("run"), TRAIN_FILES);
    assert_names(&complaint(&["train", "--updates", "3", "--out", &taken]), &["taken", "cannot be made"]);
}

#[test]
fn preset_file_set_and_flag_come_in_this_order() {
    let folder = Folder::new("order");
    let file = folder.write("a.toml", "[task]\noutputs = 3\ntarget_spikes = 4\n[run]\nseed = 5\n");
    let out = folder.at("run");
    let sources = ["--preset", "trains-small", "--settings", &file, "--set", "task.target_spikes=6", "--seed", "7"];
    said(&[&["train", "--updates", "0", "--out", &out], &sources[..]].concat());
    let used = Settings::from_toml("a", &folder.text("run/settings.toml")).unwrap();
    assert_eq!(used.network_text(), "20 - fc10 - fc3", "from the preset");
    assert_eq!((used.task.outputs, used.task.target_spikes, used.run.seed), (3, 6, 7));
}

#[test]
fn a_run_that_diverges_says_so_and_keeps_what_there_is() {
    let folder = Folder::new("diverged");
    let wild = ["--preset", "trains-deep", "--set", "optimiser.kind=sgd", "--set", "optimiser.learning_rate=1000"];
    let wild = [&wild[..], &["--set", "rule.grad_clip_on=off", "--set", "optimiser.weight_decay=1"]].concat();
    let text = complaint(
        &[&["train", "--updates", "500", "--rule", "activation", "--out", &folder.at("run")], &wild[..]].concat(),
    );
    assert_names(&text, &["was not made"]);
    // the state before the update that was not made is one to go on from
    let files = ["checkpoint.safetensors", "log.toml", "metrics.csv", "settings.toml", "weights.safetensors"];
    assert_eq!(folder.files("run"), files);
    let log = Log::from_toml("log.toml", &folder.text("run/log.toml")).unwrap();
    let made = log.end.unwrap().update;
    assert_eq!(rows(&folder.text("run/metrics.csv")).len() as u64, made);
    assert_names(&text, &[&format!("Update {} was not made", made + 1)]);
    said(&["train", "--replay", &folder.at("run/log.toml")]);

    let seeds =
        ["compare", "--seeds", "0-1", "--rules", "activation", "--updates", "500", "--out", &folder.at("table")];
    let text = said(&[&seeds[..], &wild[..]].concat());
    assert_names(&text, &["2 runs diverged", "Update "]);
    let summary = folder.text("table/summary.csv");
    let row = &rows(&summary)[0];
    assert_eq!((row[column(&summary, "n")], row[column(&summary, "diverged")]), ("0", "2"));
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_after_the_update_and_writes_what_there_is() {
    let folder = Folder::new("interrupt");
    let run = program(&["train", "--updates", "1000000000", "--out", &folder.at("run")]);
    let mut run = { run }.stdout(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    send(&mut run, "-INT");
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert_eq!(folder.files("run"), TRAIN_FILES);
    let log = Log::from_toml("log.toml", &folder.text("run/log.toml")).unwrap();
    let made = log.end.unwrap().update;
    assert!(made > 0);
    assert_eq!(rows(&folder.text("run/metrics.csv")).len() as u64, made);
}

// ── replay ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The log of a run in which the rule was switched under way.
fn eventful() -> Log {
    let mut log = Log::new(Settings::default());
    let mut trainer = Trainer::new(log.start.clone(), Isa::best());
    for (until, key, value) in
        [(10, "rule.rule", Value::Choice("timing")), (15, "optimiser.learning_rate", Value::Real(0.01))]
    {
        while trainer.update() < until {
            trainer.step().unwrap();
        }
        let change = LiveChange::try_from(Change::to(key, value)).unwrap();
        let entry = Entry { update: until, what: Intervention::Setting(change) };
        entry.apply(&mut trainer);
        log.entries.push(entry);
    }
    (0..15).for_each(|_| trainer.step().unwrap());
    log.end = Some(End { update: 30, digest: trainer.params().digest() });
    log
}

#[test]
fn a_replay_comes_to_the_same_bits() {
    let folder = Folder::new("replay");
    let path = folder.write("log.toml", &eventful().to_toml());
    for threads in ["1", "3"] {
        let text = said(&["train", "--replay", &path, "--threads", threads]);
        assert_names(&text, &["replayed 30 updates: the same bits (digest "]);
    }
    said(&["train", "--replay", &path, "--out", &folder.at("run")]);
    let metrics = folder.text("run/metrics.csv");
    let rule = column(&metrics, "rule");
    let rules: Vec<&str> = rows(&metrics).iter().map(|row| row[rule]).collect();
    assert_eq!(rules, [["antlr"; 10].as_slice(), &["timing"; 20]].concat());
    assert_eq!(folder.text("run/log.toml"), folder.text("log.toml"));
    said(&["train", "--replay", &folder.at("run/log.toml")]);
}

#[test]
fn a_log_that_was_tampered_with_is_found_out() {
    let folder = Folder::new("tampered");
    let log = eventful();
    let digest = format!("{:016x}", log.end.unwrap().digest);
    let path = folder.write("log.toml", &log.to_toml().replace(&digest, "0123456789abcdef"));
    let text = complaint(&["train", "--replay", &path]);
    assert_names(&text, &["other bits", &digest, "0123456789abcdef"]);
    let path = folder.write("log.toml", &log.to_toml().replace("\"0.01\"", "\"0.02\""));
    assert_names(&complaint(&["train", "--replay", &path]), &["other bits"]);
    let path = folder.write("log.toml", &Log::new(Settings::default()).to_toml());
    assert_names(&complaint(&["train", "--replay", &path]), &["has no [end]"]);
    let path = folder.write("log.toml", &log.to_toml()[..900]);
    complaint(&["train", "--replay", &path]);
    let path = folder.write("log.toml", "steps = 3\n");
    assert_names(&complaint(&["train", "--replay", &path]), &["log.toml, line 1", "not a log of Spikescape"]);
    assert_eq!(start(&["train", "--replay", &path, "--seed", "3"]).status.code(), Some(2));
}

// ── epochs and checkpoints ──────────────────────────────────────────────────────────────────────────────────────────

const EPOCHS_HEAD: &str =
    "epoch,train_loss,valid_accuracy_first,valid_accuracy_count,spikes_total,spikes_necessary,seconds";

/// Few points with classes: 120 to learn from in 8 batches, 30 for validation, 60 for the test.
const POINTS: [&str; 18] = [
    "--set",
    "task.kind=yin_yang",
    "--set",
    "loss.kind=latency",
    "--set",
    "task.train_samples=120",
    "--set",
    "task.test_samples=60",
    "--set",
    "task.validation_auto=off",
    "--set",
    "task.validation_samples=30",
    "--set",
    "network.gain=6",
    "--set",
    "network.hidden=fc40",
    "--set",
    "optimiser.schedule_every=2",
];

fn points(args: &[&str]) -> String {
    said(&[&["train"], args, &POINTS[..]].concat())
}

/// `epochs.csv` or `metrics.csv` without the column of the time.
fn untimed(csv: &str) -> Vec<String> {
    let seconds = column(csv, "seconds");
    let bare = |line: &str| {
        let cells = line.split(',').enumerate().filter(|(c, _)| *c != seconds);
        cells.map(|(_, cell)| cell).collect::<Vec<_>>().join(",")
    };
    csv.lines().map(bare).collect()
}

#[test]
fn epochs_are_told_validated_and_tested() {
    let folder = Folder::new("epochs");
    let out = folder.at("run");
    let text = points(&["--epochs", "3", "--out", &out]);
    assert_names(
        &text,
        &["epoch 1 of 3: train loss", "epoch 3 of 3", "24 updates", "Test on 60 samples", "last, update 24"],
    );
    assert_names(&text, &["% by first spike", "necessary", "In batches of 16", "ends once every output"]);
    assert_eq!(folder.files("run"), EPOCH_FILES);
    assert_eq!(rows(&folder.text("run/metrics.csv")).len(), 24);

    let epochs = folder.text("run/epochs.csv");
    assert_eq!(epochs.lines().next(), Some(EPOCHS_HEAD));
    let settings = Settings::from_toml("s", &folder.text("run/settings.toml")).unwrap();
    let mut trainer = Trainer::new(settings, Isa::best());
    let table = rows(&epochs);
    assert_eq!(table.len(), 3);
    for (epoch, row) in (1..).zip(&table) {
        let losses = (0..8).map(|_| {
            trainer.step().unwrap();
            trainer.report().0.loss
        });
        assert_eq!(row[..2], [format!("{epoch}"), format!("{:?}", losses.sum::<f64>() / 8.0)]);
        let numbers: Vec<f64> = row[2..].iter().map(|cell| cell.parse().unwrap()).collect();
        assert!((0.0..=1.0).contains(&numbers[0]) && numbers[3] <= numbers[2] && numbers[4] > 0.0, "{numbers:?}");
        trainer.end_epoch(None);
    }
    let log = Log::from_toml("log.toml", &folder.text("run/log.toml")).unwrap();
    assert_eq!(log.end, Some(End { update: 24, digest: trainer.params().digest() }));
    assert_names(&said(&["train", "--replay", &folder.at("run/log.toml")]), &["replayed 24 updates: the same bits"]);
    // an earlier run leaves nothing behind
    said(&["train", "--updates", "1", "--out", &out, "--force"]);
    assert_eq!(folder.files("run"), TRAIN_FILES);
}

#[test]
fn a_resumed_run_ends_with_the_same_bits() {
    let folder = Folder::new("resume");
    points(&["--epochs", "4", "--out", &folder.at("whole")]);
    // in the middle of an epoch, and between two
    for updates in ["13", "16"] {
        let out = folder.at(updates);
        points(&["--updates", updates, "--out", &out]);
        let checkpoint = folder.at(&format!("{updates}/checkpoint.safetensors"));
        let seconds = folder.text(&format!("{updates}/epochs.csv"));
        let text = said(&["train", "--resume", &checkpoint, "--epochs", "4", "--out", &out]);
        assert_names(&text, &["epoch 4 of 4", &format!("after the {updates} before")]);
        for name in ["checkpoint.safetensors", "weights.safetensors", "best.safetensors", "log.toml", "settings.toml"] {
            let (whole, resumed) = (folder.bytes(&format!("whole/{name}")), folder.bytes(&format!("{updates}/{name}")));
            assert!(whole == resumed, "{name} after {updates}");
        }
        for name in ["epochs.csv", "metrics.csv"] {
            let (whole, resumed) = (folder.text(&format!("whole/{name}")), folder.text(&format!("{updates}/{name}")));
            assert_eq!(untimed(&whole), untimed(&resumed), "{name}");
            if name == "epochs.csv" {
                assert!(resumed.starts_with(&seconds), "times of earlier epochs are kept");
                assert!(rows(&resumed).iter().all(|row| !row[6].is_empty()));
            }
        }
    }
    // elsewhere nothing is replaced without being told to, and times that nobody knows stay empty
    let checkpoint = folder.at("13/checkpoint.safetensors");
    let args = ["train", "--resume", &checkpoint, "--epochs", "5", "--out"];
    assert_names(&complaint(&[&args[..], &[&folder.at("16")]].concat()), &["--force"]);
    said(&[&args[..], &[&folder.at("new")]].concat());
    let epochs = folder.text("new/epochs.csv");
    let known: Vec<bool> = rows(&epochs).iter().map(|row| !row[6].is_empty()).collect();
    assert_eq!(known, [false, false, false, false, true]);
    let text = complaint(&["train", "--resume", &checkpoint, "--epochs", "3"]);
    assert_names(&text, &["after 32 updates already", "go in all"]);
    for usage in [&["--epochs", "5", "--seed", "3"][..], &[], &["--epochs", "5", "--updates", "3"]] {
        assert_eq!(start(&[&["train", "--resume", &checkpoint], usage].concat()).status.code(), Some(2), "{usage:?}");
    }
    // pairs of spike trains go on as well
    said(&["train", "--updates", "20", "--out", &folder.at("trains")]);
    said(&["train", "--updates", "9", "--out", &folder.at("part")]);
    let part = folder.at("part/checkpoint.safetensors");
    said(&["train", "--resume", &part, "--updates", "20", "--out", &folder.at("part")]);
    assert!(folder.bytes("trains/checkpoint.safetensors") == folder.bytes("part/checkpoint.safetensors"));
}

/// As `timeout` and batch systems do, which signal a program and its group.
#[cfg(unix)]
#[test]
fn signals_that_come_together_are_one_wish_and_the_run_is_kept() {
    let folder = Folder::new("signals");
    for (n, signals) in [["-TERM", "-TERM"], ["-INT", "-INT"], ["-TERM", "-HUP"]].into_iter().enumerate() {
        let name = format!("run{n}");
        let run = program(&["train", "--updates", "1000000000", "--out", &folder.at(&name)]);
        let mut run = { run }.stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(400));
        let id = run.id().to_string();
        let kills = signals.map(|signal| Command::new("kill").args([signal, &id]).spawn().unwrap());
        kills.into_iter().for_each(|mut kill| drop(kill.wait()));
        let code = if signals[0] == "-INT" { 130 } else { 75 };
        assert_eq!(run.wait().unwrap().code(), Some(code), "{signals:?}");
        let checkpoint = folder.bytes(&format!("{name}/checkpoint.safetensors"));
        assert!(Checkpoint::from_bytes("c", &checkpoint).unwrap().update > 0);
    }
}

#[test]
fn a_run_goes_on_with_another_setting_and_its_log_tells_it() {
    let folder = Folder::new("resume-set");
    let (out, path) = (folder.at("run"), folder.at("run/checkpoint.safetensors"));
    said(&["train", "--updates", "20", "--out", &out]);
    let change = ["--set", "optimiser.learning_rate=0.001", "--rule", "timing"];
    said(&[&["train", "--resume", &path, "--updates", "40", "--out", &out][..], &change].concat());
    let log = Log::from_toml("log.toml", &folder.text("run/log.toml")).unwrap();
    assert_eq!(log.entries.iter().map(|entry| entry.update).collect::<Vec<_>>(), [20, 20]);
    said(&["train", "--replay", &folder.at("run/log.toml")]);
    let refused = complaint(&["train", "--resume", &path, "--updates", "50", "--set", "task.steps=7"]);
    assert_names(&refused, &["task.steps cannot be changed under way"]);
}

#[test]
fn a_run_that_diverged_goes_on_from_its_last_good_state_with_the_advice_it_gave() {
    let folder = Folder::new("not-finite");
    let wild = ["--preset", "digits", "--set", "task.train_samples=64", "--set", "network.hidden=fc20"];
    let wilder = ["--set", "optimiser.kind=sgd", "--set", "optimiser.learning_rate=1000", "--set"];
    let wildest = ["optimiser.weight_decay=10", "--set", "rule.grad_clip_on=false", "--epochs", "100", "--out"];
    let out = folder.at("run");
    let output = program(&[&["train"][..], &wild, &wilder, &wildest, &[&out]].concat()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    assert_names(&text, &["was not made", "lower optimiser.learning_rate", "and go on"]);
    let checkpoint = Checkpoint::from_bytes("c", &folder.bytes("run/checkpoint.safetensors")).unwrap();
    assert!(checkpoint.params.0.iter().all(|x| x.is_finite()));
    assert_names(&text, &[&format!("Update {} was not made", checkpoint.update + 1)]);
    // neither the table nor the log nor the weights know of the update that was undone
    assert_eq!(rows(&folder.text("run/metrics.csv")).len() as u64, checkpoint.update);
    let log = Log::from_toml("log.toml", &folder.text("run/log.toml")).unwrap();
    assert_eq!(log.end.unwrap().update, checkpoint.update);
    said(&["train", "--replay", &folder.at("run/log.toml")]);
    said(&["eval", &folder.at("run/weights.safetensors")]);

    let path = folder.at("run/checkpoint.safetensors");
    let advice = ["--set", "optimiser.learning_rate=0.001", "--set", "optimiser.weight_decay=0.1"];
    said(&[&["train", "--resume", &path, "--epochs", "20", "--out", &out][..], &advice].concat());
    let log = Log::from_toml("log.toml", &folder.text("run/log.toml")).unwrap();
    assert_eq!(log.entries.iter().map(|entry| entry.update).collect::<Vec<_>>(), [checkpoint.update; 2]);
    said(&["train", "--replay", &folder.at("run/log.toml")]);
}

#[test]
fn a_run_that_is_killed_leaves_a_whole_checkpoint_and_goes_on_with_the_same_bits() {
    let folder = Folder::new("kill");
    // so large that writing takes a good part of the time
    let large = [&POINTS[..], &["--set", "network.hidden=fc300-fc300", "--set", "task.steps=60"]].concat();
    let epochs = ["--epochs", "24", "--threads", "1"];
    said(&[&["train", "--out", &folder.at("whole")], &epochs[..], &large].concat());
    let (out, path) = (folder.at("run"), folder.at("run/checkpoint.safetensors"));
    let mut args = [&["train", "--out", &out], &epochs[..], &large].concat();
    let written = || fs::metadata(&path).and_then(|m| m.modified()).ok();
    let (mut moments, mut before) = (Vec::new(), None);
    for kill in 0..8_u64 {
        let mut run = program(&args).stdout(std::process::Stdio::null()).spawn().unwrap();
        while written() == before && run.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        // moments spread over an epoch and the writing at its end
        std::thread::sleep(std::time::Duration::from_millis(kill * kill * 5 % 61));
        run.kill().unwrap();
        assert!(!run.wait().unwrap().success(), "it came to its end before it was killed");
        before = written();
        let checkpoint = Checkpoint::from_bytes("checkpoint", &folder.bytes("run/checkpoint.safetensors")).unwrap();
        moments.push(checkpoint.update);
        let csv = folder.text("run/epochs.csv");
        assert!(csv.ends_with('\n') && rows(&csv).len() >= checkpoint.epochs.len());
        assert!(rows(&csv).iter().all(|row| row.len() == 7));
        args = [&["train", "--out", &out, "--resume", &path], &epochs[..]].concat();
    }
    assert!(moments.is_sorted_by(|a, b| a < b), "{moments:?}");
    said(&args);
    for name in ["checkpoint.safetensors", "weights.safetensors", "best.safetensors", "log.toml"] {
        assert!(folder.bytes(&format!("whole/{name}")) == folder.bytes(&format!("run/{name}")), "{name}");
    }
    for name in ["epochs.csv", "metrics.csv"] {
        assert_eq!(untimed(&folder.text(&format!("whole/{name}"))), untimed(&folder.text(&format!("run/{name}"))));
    }
    assert_eq!(folder.files("run"), EPOCH_FILES, "what was just being written is swept away");
}

#[cfg(unix)]
#[test]
fn epochs_that_were_interrupted_can_be_gone_on_with() {
    let folder = Folder::new("interrupted-epochs");
    let out = folder.at("run");
    // validation takes much longer than training, so that it is what is interrupted
    let long = [&POINTS[..], &["--set", "task.validation=20000"]].concat();
    // a signal may also come while the files of an epoch are written: then another one is sent to another run
    let interrupted = |millis: u64| {
        let _ = fs::remove_dir_all(folder.0.join("run"));
        let run = program(&[&["train", "--epochs", "1000", "--out", &out], &long[..]].concat());
        let mut run = { run }.stdout(std::process::Stdio::null()).spawn().unwrap();
        while !folder.0.join("run/settings.toml").exists() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        std::thread::sleep(std::time::Duration::from_millis(millis));
        send(&mut run, "-INT");
        assert_eq!(run.wait().unwrap().code(), Some(130));
        let checkpoint = Checkpoint::from_bytes("c", &folder.bytes("run/checkpoint.safetensors")).unwrap();
        assert_eq!(rows(&folder.text("run/metrics.csv")).len() as u64, checkpoint.update);
        // an epoch is due and not validated
        (checkpoint.update == 8 * (checkpoint.epochs.len() as u64 + 1)).then_some(checkpoint)
    };
    let checkpoint = [500, 430, 570, 610, 370].into_iter().find_map(interrupted).expect("one stops in its validation");
    let (path, epochs) = (folder.at("run/checkpoint.safetensors"), checkpoint.epochs.len() + 1);
    said(&["train", "--resume", &path, "--epochs", &epochs.to_string(), "--out", &out]);
    assert_eq!(rows(&folder.text("run/epochs.csv")).len(), epochs);
    said(&["train", "--replay", &folder.at("run/log.toml")]);
}

#[test]
fn a_run_can_begin_with_weights_of_a_file_and_its_replay_asks_for_them() {
    let folder = Folder::new("weights");
    said(&["train", "--updates", "7", "--seed", "4", "--out", &folder.at("first")]);
    let (weights, log) = (folder.at("first/weights.safetensors"), folder.at("second/log.toml"));
    said(&["train", "--updates", "5", "--weights", &weights, "--out", &folder.at("second")]);
    let first = Log::from_toml("first", &folder.text("first/log.toml")).unwrap();
    let second = Log::from_toml("second", &folder.text("second/log.toml")).unwrap();
    assert_eq!(second.weights, Some(first.end.unwrap().digest));
    said(&["train", "--replay", &log, "--weights", &weights]);
    assert_names(&complaint(&["train", "--replay", &log]), &["began with weights of a file", "--weights"]);
    let other = folder.at("second/weights.safetensors");
    assert_names(&complaint(&["train", "--replay", &log, "--weights", &other]), &["are not those"]);
    let plain = folder.at("first/log.toml");
    assert_names(&complaint(&["train", "--replay", &plain, "--weights", &weights]), &["leave out --weights"]);
    // of a checkpoint, the weights of its moment; a run that began so can be resumed, too
    let checkpoint = folder.at("second/checkpoint.safetensors");
    said(&["train", "--resume", &checkpoint, "--updates", "6", "--out", &folder.at("second")]);
    said(&["train", "--replay", &log, "--weights", &folder.at("first/checkpoint.safetensors")]);
    let text = complaint(&["train", "--preset", "trains-small", "--weights", &weights]);
    assert_names(&text, &["first/weights.safetensors", "[10, 20]"]);
}

// ── eval ────────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn eval_tells_what_validation_told() {
    let folder = Folder::new("eval");
    points(&["--epochs", "2", "--out", &folder.at("run")]);
    let (checkpoint, best) = (folder.at("run/checkpoint.safetensors"), folder.at("run/best.safetensors"));
    let json: serde_json::Value =
        serde_json::from_str(&said(&["eval", &checkpoint, "--part", "validation", "--json"])).unwrap();
    let epochs = folder.text("run/epochs.csv");
    let last = rows(&epochs)[1].clone();
    for (key, name) in [
        ("accuracy_first", "valid_accuracy_first"),
        ("accuracy_count", "valid_accuracy_count"),
        ("spikes_total", "spikes_total"),
        ("spikes_necessary", "spikes_necessary"),
    ] {
        // the reader of JSON that this test uses may be wrong in the last bit
        let written: f64 = last[column(&epochs, name)].parse().unwrap();
        assert!((json[key].as_f64().unwrap() - written).abs() < 1e-12, "{key}");
    }
    assert_eq!((&json["samples"], &json["batch"], &json["update"]), (&30.into(), &16.into(), &16.into()));
    assert_eq!((&json["early_stop"], &json["network"]), (&true.into(), &"5 - fc40 - fc3".into()));
    let matrix = json["confusion_first"].as_array().unwrap();
    let row = |n: usize| matrix[n].as_array().unwrap().iter().map(|c| c.as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!((matrix.len(), row(0).len()), (3, 4));
    // silence stands for class 0
    let right = row(0)[0] + row(0)[3] + row(1)[1] + row(2)[2];
    assert!((json["accuracy_first"].as_f64().unwrap() - right as f64 / 30.0).abs() < 1e-12);
    let layers = json["layers"].as_array().unwrap();
    let sum: f64 = layers.iter().map(|l| l["total"].as_f64().unwrap()).sum();
    assert!(layers.len() == 2 && (sum - json["spikes_total"].as_f64().unwrap()).abs() < 1e-9);

    let text = said(&["eval", &best, "--batch", "7"]);
    let names = ["60 samples (test)", "accuracy by first spike", "without an answer", "layer 1 (fc40)", "together"];
    assert_names(&text, &names);
    assert_names(&text, &["batches of 7", " none\n    0 ", "rows are classes"]);
    // weights from elsewhere do not say of what
    let bytes = folder.bytes("run/weights.safetensors");
    let views: Vec<_> = SafeTensors::deserialize(&bytes).unwrap().tensors();
    fs::write(folder.0.join("bare.safetensors"), safetensors::serialize(views, None).unwrap()).unwrap();
    let bare = folder.at("bare.safetensors");
    assert_names(&complaint(&["eval", &bare]), &["does not say", "--preset"]);
    let settings = folder.at("run/settings.toml");
    let json: serde_json::Value =
        serde_json::from_str(&said(&["eval", &bare, "--settings", &settings, "--json"])).unwrap();
    let same: serde_json::Value = serde_json::from_str(&said(&["eval", &checkpoint, "--json"])).unwrap();
    assert_eq!((&json["accuracy_first"], &json["loss"]), (&same["accuracy_first"], &same["loss"]));
    assert_names(&complaint(&["eval", &best, "--settings", &settings]), &["leave out"]);
}

#[test]
fn data_checkpoints_and_weights_that_are_not_there_or_damaged() {
    let folder = Folder::new("missing");
    let nowhere = folder.at("nowhere");
    let images = ["--set", "task.kind=images", "--data", &nowhere];
    let names = ["nowhere", "train-images-idx3-ubyte", "train-labels-idx1-ubyte"];
    assert_names(&complaint(&[&["train", "--epochs", "1"], &images[..]].concat()), &names);
    let images = ["--set", "task.kind=images", "--set", &format!("task.data={nowhere}")];
    for command in [&["compare", "--seeds", "0"][..], &["snapshot", "never.png"], &["soak"], &[]] {
        assert_names(&complaint(&[command, &images[..]].concat()), &names);
    }
    assert_names(&complaint(&["train", "--epochs", "2"]), &["classes", "--updates"]);

    points(&["--epochs", "1", "--out", &folder.at("run")]);
    let path = folder.at("run/checkpoint.safetensors");
    let whole = folder.bytes("run/checkpoint.safetensors");
    for (name, bytes) in [("cut", &whole[..whole.len() - 9]), ("head", &whole[..40]), ("empty", &[])] {
        fs::write(folder.0.join(name), bytes).unwrap();
        let text = complaint(&["train", "--resume", &folder.at(name), "--epochs", "2"]);
        assert_names(&text, &[name, "not a whole"]);
        assert_names(&complaint(&["eval", &folder.at(name)]), &[name, "not a whole"]);
    }
    let text = complaint(&["train", "--resume", &folder.at("run/best.safetensors"), "--epochs", "2"]);
    assert_names(&text, &["weights alone"]);
    assert_names(&complaint(&["eval", &path, "--set", "network.hidden=fc41"]), &["0.weight", "[41, 5]"]);
    assert_names(&complaint(&["eval", &path, "--part", "train", "--set", "task.kind=trains"]), &["no class"]);
    assert_names(&complaint(&["eval", &nowhere]), &["There is no file"]);
    fs::write(folder.0.join("model.pt"), b"PK\x03\x04 and so on").unwrap();
    assert_names(&complaint(&["eval", &folder.at("model.pt")]), &["model.pt", "safetensors.torch.save_file"]);
}

// ── bad input ───────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn bad_settings_files_name_key_value_range_and_place() {
    let folder = Folder::new("bad");
    for (text, names) in [
        ("[task]\nstep = 3\n", &["line 2", "task.step ", "task.steps"][..]),
        ("[task]\nsteps = 0\n", &["line 2, column 9", "task.steps", "1 to 100000", "is 0"]),
        ("[task]\nrate = -0.1\n", &["line 2", "task.rate", "0 to 1", "-0.1"]),
        ("[task]\nsteps = 5\ntarget_spikes = 6\n", &["line 3", "task.target_spikes is 6", "at most 5"]),
        ("[neuron]\nalpha_v = 1.5\n", &["line 2", "neuron.alpha_v", "0 to 1", "1.5"]),
        ("[neuron]\nalpha_v = \"fast\"\n", &["line 2", "neuron.alpha_v", "fast"]),
        ("[network]\nhidden = [100000, 100000, 100000]\n", &["line 2", "network.hidden", "GiB", "memory"]),
        ("[task\n", &["line 1", "unclosed table"]),
        ("preset = \"nothing\"\n", &["line 1", "preset", "trains-deep"]),
    ] {
        let path = folder.write("a.toml", text);
        for command in [&["train", "--updates", "1"][..], &["compare"], &["snapshot", "never.png"], &[]] {
            let said = complaint(&[command, &["--settings", &path]].concat());
            assert_names(&said, names);
            assert_names(&said, &["a.toml, line "]);
        }
    }
    assert!(!Path::new("never.png").exists());
    assert_names(&complaint(&["train", "--settings", &folder.at("missing.toml")]), &["no file", "missing.toml"]);
    assert_names(&complaint(&["train", "--settings", &folder.at("")]), &["folder"]);
}

#[test]
fn bad_values_on_the_command_line() {
    for (set, names) in [
        ("task.steps=0", &["--set task.steps=0", "1 to 100000"][..]),
        ("task.sepal=3", &["task.sepal is not a setting"]),
        ("task.target_spikes=101", &["task.target_spikes is 101", "at most 100"]),
        ("rule.rule=magic", &["rule.rule", "antlr", "magic"]),
        ("neuron.tau_v_ms=-3", &["neuron.tau_v_ms", "-3"]),
        ("network.hidden=100000-100000-100000", &["network.hidden", "GiB"]),
    ] {
        assert_names(&complaint(&["train", "--set", set]), names);
    }
    assert_names(&complaint(&["train", "--seed", "9007199254740992"]), &["--seed", "9007199254740991"]);
    assert_names(&complaint(&["compare", "--vary", "rule.rule=antlr"]), &["--rules"]);
    assert_names(&complaint(&["compare", "--vary", "task.steps=50,0"]), &["--vary task.steps=0", "1 to 100000"]);
    assert_names(&complaint(&["snapshot", "a.png", "--size", "9000x800"]), &["9000", "8192"]);
    assert_names(&complaint(&["snapshot", "a.png", "--size", "5000x800", "--scale", "2"]), &["10000", "8192"]);
    assert_names(&complaint(&["snapshot", "a.png", "--size", "0x800"]), &["0x800"]);
    assert_names(&complaint(&["snapshot", "a.jpg"]), &["a.jpg", ".png"]);
    for usage in [
        &["train", "--updates", "-1"][..],
        &["train", "--threads", "0"],
        &["train", "--set", "task.steps"],
        &["train", "--preset", "nothing"],
        &["train", "--rule", "magic"],
        &["train", "--force"],
        &["compare", "--seeds", "3-1"],
        &["snapshot", "a.png", "--zoom", "9"],
        &["dance"],
        &["--preset", "trains", "train"],
    ] {
        assert_eq!(start(usage).status.code(), Some(2), "{usage:?}");
    }
}

#[test]
fn probe_answers_a_case_or_says_why_not() {
    let folder = Folder::new("probe");
    let case = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/fc-count-antlr-1.case.safetensors");
    let out = folder.at("answer.safetensors");
    said(&["probe", case, "-o", &out]);
    let answer = folder.bytes("answer.safetensors");
    assert!(SafeTensors::deserialize(&answer).unwrap().tensor("loss").is_ok());

    fs::remove_file(&out).unwrap();
    let whole = fs::read(case).unwrap();
    fs::write(folder.0.join("cut.safetensors"), &whole[..whole.len() / 2]).unwrap();
    assert_names(
        &complaint(&["probe", &folder.at("cut.safetensors"), "-o", &out]),
        &["cut.safetensors", "safetensors file"],
    );
    assert_names(&complaint(&["probe", &folder.at("missing"), "-o", &out]), &["missing"]);
    assert!(!Path::new(&out).exists());
}

// ── compare ─────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn compare_makes_the_table_of_what_train_gives() {
    let folder = Folder::new("compare");
    let args = ["compare", "--rules", "all", "--seeds", "0-2", "--updates", "20,10", "--out", &folder.at("table")];
    let text = said(&[&args[..], &["--threads", "2", "--vary", "neuron.alpha_v=0.9,0.95"]].concat());
    assert_names(&text, &["18 runs", "Activation", "Timing", "ANTLR", "neuron.alpha_v", "NumPy"]);
    assert_eq!(folder.files("table"), ["compare.csv", "settings.toml", "summary.csv", "summary.txt"]);
    assert!(text.starts_with(&folder.text("table/summary.txt")));
    assert_eq!(Settings::from_toml("a", &folder.text("table/settings.toml")), Ok(Settings::default()));

    let runs = folder.text("table/compare.csv");
    assert!(runs.starts_with("rule,vary_key,vary_value,seed,updates,loss,spikes,seconds"));
    assert_eq!(rows(&runs).len(), 3 * 2 * 3 * 2);
    let summary = folder.text("table/summary.csv");
    assert_eq!(rows(&summary).len(), 3 * 2 * 2);

    // the loss after n updates is the loss before the next one
    let one = ["--rule", "timing", "--seed", "1", "--set", "neuron.alpha_v=0.9", "--out", &folder.at("run")];
    said(&[&["train", "--updates", "21"], &one[..]].concat());
    let metrics = folder.text("run/metrics.csv");
    for n in [10, 20] {
        let updates = n.to_string();
        let key = ["timing", "neuron.alpha_v", "0.9", "1", &updates];
        let table = rows(&runs);
        let cell = table.iter().find(|row| row[..5] == key).unwrap();
        let row = &rows(&metrics)[n];
        assert_eq!((cell[5], cell[6]), (row[1], row[2]));
        // the median of three is the middle one
        let key = [key[0], key[1], key[2]];
        let mut losses: Vec<(f64, &str)> = table
            .iter()
            .filter(|row| row[..3] == key && row[4] == updates)
            .map(|row| (row[5].parse().unwrap(), row[5]))
            .collect();
        losses.sort_by(|a, b| a.0.total_cmp(&b.0));
        let medians = rows(&summary);
        let row = medians.iter().find(|row| row[..3] == key && row[3] == updates).unwrap();
        assert_eq!((row[column(&summary, "n")], row[column(&summary, "loss_median")]), ("3", losses[1].1));
    }
    assert_names(&complaint(&args), &["compare.csv", "--force"]);
}

#[test]
fn compare_gives_the_same_on_any_number_of_threads() {
    let folder = Folder::new("compare-threads");
    let table = |threads: &str| {
        let out = folder.at(threads);
        said(&["compare", "--seeds", "0,4", "--updates", "10", "--threads", threads, "--out", &out]);
        folder.text(&format!("{threads}/summary.csv"))
    };
    assert_eq!(table("1"), table("4"));
}

// ── the rest ────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn without_a_display_it_trains_in_the_terminal() {
    let text = said(&[]);
    let first = text.lines().next().unwrap();
    assert_names(first, &["No window", "no display"]);
    let names = ["output 5 ", "hidden 1–5 ", "inputs ", "Activation ", "Timing ", "ANTLR ", "spikescape train"];
    assert_names(&text, &names);
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(!text.contains(".rs"), "{text}");
    let text = said(&["--preset", "trains-small", "--set", "loss.kind=latency"]);
    assert_names(&text, &["should spike first", "20-10-2"]);
}

#[test]
fn a_snapshot_has_the_size_that_was_asked_for() {
    let folder = Folder::new("snapshot");
    let picture = folder.at("a.png");
    let args = ["snapshot", &picture, "--updates", "5", "--size", "400x300", "--scale", "1.5", "--theme", "light"];
    said(&[&args[..], &["--zoom", "1.25", "--preset", "trains-small", "--seed", "9"]].concat());
    let reader = png::Decoder::new(std::io::Cursor::new(folder.bytes("a.png"))).read_info().unwrap();
    let info = reader.info();
    assert_eq!((info.width, info.height), (600, 450));
    let settings = info.utf8_text.iter().find(|chunk| chunk.keyword == "spikescape.settings").unwrap();
    let settings = Settings::from_toml("png", &settings.get_text().unwrap()).unwrap();
    assert_eq!((settings.task.inputs.units(), settings.run.seed), (20, 9));
    let software = info.uncompressed_latin1_text.iter().find(|chunk| chunk.keyword == "Software").unwrap();
    assert!(software.text.starts_with("spikescape "));
}

#[test]
fn a_soak_tells_frames_memory_and_rest() {
    let text = said(&["soak", "--minutes", "0.01"]);
    assert_names(&text, &["a second", "99th percentile", "was stated before", "paused: "]);
    // a window that rests draws nothing
    assert_names(&text, &["0 frames drawn"]);
}

#[test]
fn settings_and_presets_are_printed() {
    let folder = Folder::new("printed");
    let text = said(&["settings", "--preset", "trains-deep"]);
    let path = folder.write("mine.toml", &text);
    assert_eq!(Settings::from_toml("a", &text).unwrap().network_text(), "50 - fc50 - fc50 - fc5");
    said(&["train", "--updates", "1", "--settings", &path]);
    assert_names(&said(&["settings", "--markdown"]), &["| `task.steps` | T | 100 |", "α_i"]);
    assert_names(&said(&["presets"]), &["trains-small", "trains-latency", "--neuron", "leaky"]);
}

#[test]
fn help_tells_what_one_needs() {
    let page = said(&["--help"]);
    for command in ["train", "eval", "compare", "snapshot", "probe", "settings", "presets"] {
        assert_names(&page, &[&format!("spikescape {command}")]);
        assert_names(&said(&[command, "--help"]), &["Example", &format!("spikescape {command}")]);
    }
    assert_names(&page, &["later wins", "metrics.csv", "Exit codes"]);
    assert_names(&said(&["--version"]), &[env!("CARGO_PKG_VERSION")]);
}

#[test]
fn a_data_set_is_summed_up_and_data_that_would_not_be_read_are_refused() {
    let folder = Folder::new("data-summary");
    // all times in seconds, read as steps
    let seconds: String = (0..40).map(|k| format!("{},0\n", k % 8)).collect();
    let path = folder.write("seconds.csv", &seconds);
    let target = format!("task.target={path}");
    let text = said(&["data", &path, "--set", &target, "--set", "task.steps=50"]);
    assert_names(&text, &["8 inputs", "50 steps", "Training: 1 sample", "Warning", "in the first step"]);
    let refused = complaint(&["train", "--data", &path, "--updates", "1"]);
    assert_names(&refused, &["--data", "trains", "--preset"]);
    assert_names(&complaint(&["data", &folder.at("nowhere.txt")]), &["nowhere.txt", "not a data set"]);
}
