//! The program without a window, from outside: the built binary, its files, its messages and its exit codes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use safetensors::SafeTensors;
use spikescape::record::log::{End, Entry, Log};
use spikescape::snn::Isa;
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

const TRAIN_FILES: [&str; 4] = ["log.toml", "metrics.csv", "settings.toml", "weights.safetensors"];

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
        let seconds = column(&metrics, "seconds");
        let bare = |line: &str| {
            let cells = line.split(',').enumerate().filter(|(c, _)| *c != seconds);
            cells.map(|(_, cell)| cell).collect::<Vec<_>>().join(",")
        };
        let metrics: Vec<String> = metrics.lines().map(bare).collect();
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
    assert_names(&text, &["was not made", "layer"]);
    assert_eq!(folder.files("run"), TRAIN_FILES);
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
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
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
    for (until, key, value) in [(10, "rule.rule", "timing"), (15, "optimiser.learning_rate", "0.01")] {
        while trainer.update() < until {
            trainer.step().unwrap();
        }
        let mut settings = trainer.settings().clone();
        settings.set_text(key, value).unwrap();
        trainer.set(settings).unwrap();
        log.entries.push(Entry { update: until, key: key.into(), value: value.into() });
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
fn settings_and_presets_are_printed() {
    let folder = Folder::new("printed");
    let text = said(&["settings", "--preset", "trains-deep"]);
    let path = folder.write("mine.toml", &text);
    assert_eq!(Settings::from_toml("a", &text).unwrap().network_text(), "50 - fc50 - fc50 - fc5");
    said(&["train", "--updates", "1", "--settings", &path]);
    assert_names(&said(&["settings", "--markdown"]), &["| `task.steps` | T | 100 |", "α_i"]);
    assert_names(&said(&["presets"]), &["trains-small", "trains-latency"]);
}

#[test]
fn help_tells_what_one_needs() {
    let page = said(&["--help"]);
    for command in ["train", "compare", "snapshot", "probe", "settings", "presets"] {
        assert_names(&page, &[&format!("spikescape {command}")]);
        assert_names(&said(&[command, "--help"]), &["Example", &format!("spikescape {command}")]);
    }
    assert_names(&page, &["later wins", "metrics.csv", "Exit codes"]);
    assert_names(&said(&["--version"]), &[env!("CARGO_PKG_VERSION")]);
}
