//! `spikescape plan`, `work`, `status` and `merge` from outside: what workers that are started, stopped and killed at will have
//! done adds up to the bytes of a single process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use spikescape::sweep::landscape::LandscapeSweep;
use spikescape::sweep::{WatchedAnswers, WatchedSweep, WorkerWishes};

/// The program, where there is no display and no scheduler.
fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spikescape"));
    command.args(args).env_remove("COLUMNS");
    for variable in
        ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "SLURM_ARRAY_TASK_ID", "HQ_TASK_ID", "PARALLEL_SEQ"]
    {
        command.env_remove(variable);
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

/// What it complains of, with this exit code.
fn complaint(args: &[&str], code: i32) -> String {
    let output = start(args);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{text}{}", String::from_utf8_lossy(&output.stdout));
    assert!(!text.contains("panicked"), "{text}");
    text
}

fn assert_names(text: &str, names: &[&str]) {
    for name in names {
        assert!(text.contains(name), "{name} is not in\n{text}");
    }
}

/// A folder of its own for one test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sweep-{test}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// The files in one of its folders, sorted.
    fn files(&self, name: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(name)).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Whether two of its folders have the same files.
    fn assert_same(&self, one: &str, other: &str) {
        assert_eq!(self.files(one), self.files(other));
        for name in self.files(one) {
            let [a, b] = [one, other].map(|folder| fs::read(self.0.join(folder).join(&name)).unwrap());
            assert!(a == b, "{one}/{name} and {other}/{name} differ");
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Random numbers that are the same every time (SplitMix64 by Steele, Lea and Flood).
#[cfg(unix)]
struct Dice(u64);

#[cfg(unix)]
impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ x >> 31) % n
    }
}

/// Does all of a plan in so many shards, from the last to the first.
fn work(plan: &str, shards: u32, out: &str) {
    for shard in (1..=shards).rev() {
        said(&["work", plan, "--shard", &format!("{shard}/{shards}"), "--out", out]);
    }
}

/// A task with classes and mini-batches that is learnt in no time.
const POINTS: [&str; 8] = [
    "--preset",
    "yin-yang",
    "--set",
    "task.train_samples=240",
    "--set",
    "network.hidden=fc20",
    "--set",
    "task.validation=60",
];

// ── the same bytes ──────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn shards_of_a_comparison_merge_to_the_bytes_of_one_process() {
    let folder = Folder::new("compare");
    let grid = ["--vary", "neuron.alpha_v=0.9,0.95", "--vary", "optimiser.learning_rate=0.003,0.01"];
    let what =
        [&["compare", "--rules", "antlr,timing", "--seeds", "0-2", "--updates", "15,30", "--curves", "10"], &grid[..]]
            .concat();
    let (plan, out) = (folder.at("plan.json"), folder.at("runs"));
    assert_names(
        &said(&[&["plan"], &what[..], &["-o", &plan]].concat()),
        &["24 tasks", "8 cells with 3 seeds", "50-50-5"],
    );
    work(&plan, 5, &out);
    let merged = said(&["merge", &out, "-o", &folder.at("merged")]);
    let alone = said(&[&what[..], &["--no-times", "--threads", "2", "--out", &folder.at("alone")]].concat());
    folder.assert_same("alone", "merged");
    assert_eq!(folder.files("alone"), ["compare.csv", "curves.csv", "settings.toml", "summary.csv", "summary.txt"]);
    let table = |text: &str| text.split("\nwritten").next().unwrap().to_owned();
    assert_eq!(table(&merged), table(&alone));
    assert_names(
        &merged,
        &["24 runs: network 50-50-5, neuron.alpha_v and optimiser.learning_rate varied, seeds 0 to 2"],
    );
    let csv = folder.text("merged/compare.csv");
    assert!(csv.starts_with("rule,neuron.alpha_v,optimiser.learning_rate,seed,updates,loss,spikes,seconds,diverged\n"));
    assert_eq!(csv.lines().count(), 1 + 24 * 2);
    let curves = folder.text("merged/curves.csv");
    assert_eq!(curves.lines().count(), 1 + 24 * 3);
    // measured times are there when they are asked for, and change nothing else
    said(&["merge", &out, "--times", "-o", &folder.at("timed")]);
    let timed = folder.text("timed/compare.csv");
    assert!(csv.lines().zip(timed.lines()).skip(1).all(|(bare, timed)| {
        let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let (bare, timed) = (cells(bare), cells(timed));
        bare[..7] == timed[..7] && bare[7].is_empty() && timed[7].parse::<f64>().unwrap() > 0.0
    }));
}

#[test]
fn classes_are_answered_by_split_and_the_network_that_was_trained_is_named() {
    let folder = Folder::new("classes");
    let what = [&["compare", "--rules", "antlr", "--seeds", "3,4", "--epochs", "2,1"], &POINTS[..]].concat();
    let plan = folder.at("plan.json");
    said(&[&["plan"], &what[..], &["-o", &plan]].concat());
    work(&plan, 2, &folder.at("runs"));
    said(&["merge", &folder.at("runs"), "-o", &folder.at("merged")]);
    let text = said(&[&what[..], &["--no-times", "--out", &folder.at("alone")]].concat());
    folder.assert_same("alone", "merged");
    assert_names(
        &text,
        &["2 runs: network 5-20-3, seeds 3 to 4", "epochs", "validation", "no answer", "first spike: median"],
    );
    let csv = folder.text("merged/compare.csv");
    let head: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let column = |name: &str| head.iter().position(|n| *n == name).unwrap_or_else(|| panic!("no column {name}"));
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.iter().map(|row| row[column("epochs")]).collect::<Vec<_>>(), ["1", "2", "1", "2"]);
    // the last weights of `train` answer the test as well
    let run = folder.at("run");
    let trained = [&["train", "--epochs", "2", "--rule", "antlr", "--seed", "4", "--out", &run], &POINTS[..]].concat();
    said(&trained);
    let weights = folder.at("run/weights.safetensors");
    let told: serde_json::Value = serde_json::from_str(&said(&["eval", &weights, "--json"])).unwrap();
    let last = &rows[3];
    assert_eq!(last[column("test_accuracy_first")].parse::<f64>().ok(), told["accuracy_first"].as_f64(), "{told}");
    assert_eq!(last[column("test_unanswered")].parse::<u64>().ok(), told["unanswered"].as_u64(), "{told}");
    assert!(complaint(&["compare", "--epochs", "1"], 1).contains("--epochs needs a task whose samples have classes"));
}

#[test]
fn shards_of_a_landscape_merge_to_the_bytes_of_one_process() {
    let folder = Folder::new("landscape");
    let whole: &[&[&str]] = &[
        &["--updates", "12", "--points", "7", "--plane", "path"],
        &["--updates", "3", "--points", "15", "--cut"],
        &[&POINTS[..], &["--updates", "9", "--points", "5", "--no-fields", "--over", "validation:20"]].concat(),
    ];
    for (n, what) in whole.iter().enumerate() {
        let (plan, out) = (folder.at(&format!("{n}.json")), folder.at(&format!("{n}-runs")));
        said(&[&["plan", "landscape"], *what, &["-o", &plan]].concat());
        work(&plan, 4, &out);
        let ends: &[&str] = if n == 1 { &["npz", "csv"] } else { &["npz", "csv", "png", "svg"] };
        fs::create_dir_all(folder.at(&format!("{n}-merged"))).unwrap();
        fs::create_dir_all(folder.at(&format!("{n}-alone"))).unwrap();
        let files = |of: &str| -> Vec<String> {
            ends.iter().flat_map(|end| ["-o".to_owned(), folder.at(&format!("{n}-{of}/x.{end}"))]).collect()
        };
        let (merged, alone) = (files("merged"), files("alone"));
        let refs = |files: &[String]| -> Vec<String> { files.to_vec() };
        let run = |first: &[&str], files: &[String]| {
            let files = refs(files);
            said(&[first, &files.iter().map(String::as_str).collect::<Vec<_>>()].concat())
        };
        let merged = run(&["merge", &out], &merged);
        let alone = run(&[&["landscape"], *what].concat(), &alone);
        folder.assert_same(&format!("{n}-alone"), &format!("{n}-merged"));
        assert_eq!(merged.split("\nwritten").next(), alone.split("\nwritten").next());
    }
    assert!(complaint(&["merge", &folder.at("0-runs"), "-o", &folder.at("0-merged/x.npz")], 1).contains("--force"));
}

#[test]
fn shards_of_a_table_merge_to_the_bytes_of_one_process() {
    let folder = Folder::new("table");
    for (n, more) in [&[][..], &POINTS[..]].into_iter().enumerate() {
        let args = ["--table", "--seeds", "0-2", "--updates", "5,0", "--range", "1,0.5", "--points", "5"];
        let what = [&["landscape"], &args[..], more].concat();
        let [plan, out, merged, alone] =
            ["plan.json", "runs", "merged.csv", "alone.csv"].map(|name| folder.at(&format!("{n}-{name}")));
        said(&[&["plan"], &what[..], &["-o", &plan]].concat());
        work(&plan, 2, &out);
        said(&["merge", &out, "-o", &merged]);
        said(&[&what[..], &["-o", &alone]].concat());
        assert_eq!(fs::read(&merged).unwrap(), fs::read(&alone).unwrap());
        assert_eq!(fs::read(merged + ".toml").unwrap(), fs::read(alone + ".toml").unwrap());
        assert_eq!(said(&["merge", &out, "--json"]), said(&[&what[..], &["--json"]].concat()));
    }
}

#[test]
fn trainings_of_a_list_of_settings_leave_their_files_and_a_table() {
    let folder = Folder::new("train");
    let write = |name: &str, preset: &[&str]| {
        let text = said(&[&["settings"], preset].concat());
        fs::write(folder.0.join(name), text).unwrap();
        folder.at(name)
    };
    let (one, two) = (write("one.toml", &[]), write("two.toml", &["--preset", "trains-small"]));
    let plan = folder.at("plan.json");
    let told =
        said(&["plan", "train", &one, &two, "--seeds", "1-2", "--updates", "20", "--rules", "antlr", "-o", &plan]);
    assert_names(&told, &["4 tasks", "2 cells with 2 seeds"]);
    assert_names(
        &said(&["work", &plan, "--list"]),
        &["one.toml --rule antlr --seed 1", "two.toml --rule antlr --seed 2"],
    );
    let out = folder.at("runs");
    work(&plan, 2, &out);
    let csv = folder.at("table.csv");
    assert_names(&said(&["merge", &out, "-o", &csv]), &["4 trainings", "one.toml", "ANTLR"]);
    let table = folder.text("table.csv");
    assert_eq!(table.lines().count(), 5);
    // the log of each run replays to the digest in the table
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let log = folder.at(&format!("runs/runs/{:07}/log.toml", cells[0].parse::<u32>().unwrap()));
        assert_names(&said(&["train", "--replay", &log]), &["the same bits", cells[8]]);
    }
    let plan = folder.at("classes.json");
    said(&[&["plan", "train", "--epochs", "2", "-o", &plan], &POINTS[..]].concat());
    work(&plan, 1, &folder.at("classes"));
    assert_eq!(folder.files("classes/runs/0000000"), ["best.safetensors", "log.toml", "weights.safetensors"]);
    said(&[&["train", "--epochs", "2", "--out", &folder.at("alone")], &POINTS[..]].concat());
    for name in ["weights.safetensors", "best.safetensors"] {
        let [a, b] = ["classes/runs/0000000", "alone"].map(|f| fs::read(folder.0.join(f).join(name)).unwrap());
        assert!(a == b, "{name}");
    }
}

// ── told to go, and killed ──────────────────────────────────────────────────────────────────────────────────────────

#[cfg(unix)]
fn signal(pid: u32, name: &str) {
    assert!(Command::new("kill").args([format!("-{name}"), pid.to_string()]).status().unwrap().success());
}

/// Starts a worker again and again until its share is done: it is killed or told to go after a random time. How often that was.
#[cfg(unix)]
fn harass(args: &[&str], dice: &mut Dice, longest: u64) -> u32 {
    const SIGNALS: [&str; 8] = ["KILL", "KILL", "KILL", "KILL", "TERM", "USR1", "USR2", "HUP"];
    for times in 0..10_000 {
        let mut worker = program(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(dice.below(longest)));
        let name = SIGNALS[dice.below(8) as usize];
        if worker.try_wait().unwrap().is_none() {
            signal(worker.id(), name);
        }
        let status = worker.wait().unwrap();
        match status.code() {
            Some(0) => return times,
            Some(75) => assert_ne!(name, "KILL"),
            // killed, or told to go before it listened
            code => assert_eq!(code, None, "{status:?} after {name}"),
        }
    }
    panic!("it never came to its end");
}

#[cfg(unix)]
#[test]
fn a_hundred_kills_and_early_signals_change_no_byte() {
    let folder = Folder::new("kills");
    let what = ["compare", "--rules", "all", "--seeds", "0-39", "--updates", "40,500"];
    let (plan, out) = (folder.at("plan.json"), folder.at("runs"));
    said(&[&["plan"], &what[..], &["-o", &plan]].concat());
    let (mut dice, mut times) = (Dice(18), 0);
    for shard in 1..=16 {
        let share = format!("{shard}/16");
        let args = ["work", &plan, "--shard", &share, "--out", &out, "--threads", "1", "--keep-every", "0.02s"];
        times += harass(&args, &mut dice, 60);
    }
    // another number of shards finds nothing left to do
    let told = said(&["work", &out, "--shard", "2/3"]);
    assert_names(&told, &["40 tasks, 40 of them done before", "finished"]);
    assert!(times >= 100, "only {times} kills and signals");
    assert_names(&said(&["status", &out]), &["120 done, 0 missing"]);
    said(&["merge", &out, "-o", &folder.at("merged")]);
    said(&[&what[..], &["--no-times", "--out", &folder.at("alone")]].concat());
    folder.assert_same("alone", "merged");
    let left: Vec<_> =
        folder.files("runs").into_iter().filter(|f| !f.ends_with(".records") && !f.starts_with(".plan")).collect();
    assert_eq!(left, ["plan.json"], "after {times} kills and signals");
}

#[cfg(unix)]
#[test]
fn long_tasks_of_every_kind_go_on_from_their_state() {
    let folder = Folder::new("states");
    let long = |updates: &'static str| ["--updates", updates, "--seeds", "1"];
    let kinds: &[(&str, Vec<&str>)] = &[
        ("compare", [&["compare", "--rules", "timing", "--curves", "400"], &long("1000,6000")[..]].concat()),
        ("classes", [&["compare", "--rules", "antlr", "--seeds", "1", "--epochs", "20,60"], &POINTS[..]].concat()),
        ("table", [&["landscape", "--table", "--points", "31"], &long("0,2000")[..]].concat()),
        (
            "batches",
            [&["landscape", "--table", "--points", "11", "--range", "0.5"], &long("40,90")[..], &POINTS[..]].concat(),
        ),
        ("train", [&["train", "--epochs", "60", "--seeds", "1"], &POINTS[..]].concat()),
    ];
    for (n, (name, what)) in kinds.iter().enumerate() {
        let plan = folder.at(&format!("{name}.json"));
        said(&[&["plan"], &what[..], &["-o", &plan]].concat());
        let mut rows = Vec::new();
        for (k, out) in [format!("{name}-alone"), format!("{name}-harassed")].into_iter().enumerate() {
            let args = ["work", &plan, "--out", &folder.at(&out), "--keep-every", "0.03s", "--threads", "1"];
            let times = if k == 0 { 0 } else { harass(&args, &mut Dice(n as u64), 250) };
            assert!(k == 0 || times >= 2, "{name}: stopped {times} times");
            said(&args);
            let record = folder.text(&format!("{out}/shard-1-of-1.records"));
            let line = record.lines().find(|line| line.starts_with("d 0 ")).unwrap().to_owned();
            // task, seconds and answer; then the checksum
            rows.push(line.split(' ').skip(3).collect::<Vec<_>>().join(" ").split(" *").next().unwrap().to_owned());
        }
        assert_eq!(rows[0], rows[1], "{name}");
    }
    folder.assert_same("train-alone/runs/0000000", "train-harassed/runs/0000000");
}

#[cfg(unix)]
#[test]
fn a_worker_that_is_told_to_go_keeps_its_state_and_says_so() {
    let folder = Folder::new("told");
    let (plan, out) = (folder.at("plan.json"), folder.at("runs"));
    said(&["plan", "compare", "--rules", "antlr", "--seeds", "0", "--updates", "100000000", "-o", &plan]);
    let state = folder.0.join("runs/task-0.state");
    let mut updates = Vec::new();
    for (name, code) in [("TERM", 75), ("USR1", 75), ("USR2", 75), ("HUP", 75), ("INT", 130)] {
        let worker =
            program(&["work", &plan, "--out", &out]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(400));
        signal(worker.id(), name);
        let ended = worker.wait_with_output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(code), "{name}\n{told}");
        assert_names(&told, &[if code == 130 { "Ctrl+C" } else { name }, "0 of 1 task done", "goes on from here"]);
        let bytes = fs::read(&state).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let at =
            text.find("\\\"update\\\":").or_else(|| text.find("\"update\":")).expect("a checkpoint tells its update");
        let digits: String =
            text[at..].chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        updates.push(digits.parse::<u64>().unwrap());
    }
    assert!(updates.is_sorted_by(|a, b| a < b), "it goes on from where it was: {updates:?}");
    let told = complaint(&["work", &plan, "--out", &out, "--time-limit", "1s", "--stop-before", "800ms"], 2);
    assert!(told.contains("not a length of time"), "{told}");
    let begun = std::time::Instant::now();
    let told = complaint(&["work", &plan, "--out", &out, "--time-limit", "2s", "--stop-before", "1.5s"], 75);
    assert!(begun.elapsed().as_secs() < 20);
    assert_names(&told, &["Stopped by the end of its time"]);
    let status = start(&["status", &out]);
    assert_eq!(status.status.code(), Some(75));
    assert_names(
        &String::from_utf8_lossy(&status.stdout),
        &["0 done, 1 missing", "1 of them left in the middle", "1/1"],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let folder = Folder::new("ignored");
    let plan = folder.at("plan.json");
    said(&["plan", "compare", "--rules", "antlr", "--seeds", "0-3", "--updates", "3000", "-o", &plan]);
    let mut shell = Command::new("sh");
    // as nohup does it
    shell.args(["-c", "trap '' HUP; exec \"$0\" work \"$1\" --out \"$2\" --threads 1"]);
    shell.args([env!("CARGO_BIN_EXE_spikescape"), &plan, &folder.at("runs")]).stdout(Stdio::null());
    let mut worker = shell.spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(150));
    signal(worker.id(), "HUP");
    assert!(worker.wait().unwrap().success());
}

#[cfg(unix)]
#[test]
fn what_was_measured_of_a_landscape_is_left_when_it_is_stopped() {
    let folder = Folder::new("stopped");
    let (npz, csv) = (folder.at("x.npz"), folder.at("x.csv"));
    let points = [&["landscape", "--preset", "trains-long", "--points", "201", "-o", &npz, "-o", &csv][..]].concat();
    let stopped = |args: &[&str], wait: u64| {
        let run = program(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        signal(run.id(), "INT");
        let ended = run.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(130), "{told}");
        (String::from_utf8_lossy(&ended.stdout).into_owned(), told)
    };
    let (said, told) = stopped(&points, 1500);
    assert_names(&told, &["Stopped early: ", " of 40,401 points were measured; in the files the others are NaN"]);
    assert_names(&said, &["Loss in the centre", "x.npz, "]);
    let rows = folder.text("x.csv");
    let measured = rows.lines().skip(1).filter(|row| !row.split(',').nth(2).unwrap().contains("NaN")).count();
    assert!((1..40_401).contains(&measured), "{measured}");
    assert_names(&folder.text("x.csv.toml"), &[&format!("{measured} of which were measured")]);
    let table = ["landscape", "--table", "--seeds", "0-99", "--updates", "0,2000", "-o", &folder.at("t.csv")];
    let (said, told) = stopped(&table, 1500);
    assert_names(&told, &["Stopped early: ", " of 400 landscapes were measured."]);
    assert_names(&said, &["100 seeds", "t.csv"]);
    let (_, told) = stopped(&["landscape", "--updates", "100000000", "-o", &npz], 300);
    assert_names(&told, &["Stopped before anything was measured"]);
}

// ── what is wrong is said ───────────────────────────────────────────────────────────────────────────────────────────

/// A small plan of which the first shard of two is done.
fn half_done(folder: &Folder) -> (String, String) {
    let (plan, out) = (folder.at("plan.json"), folder.at("runs"));
    said(&["plan", "compare", "--rules", "antlr,timing", "--seeds", "0-2", "--updates", "5", "-o", &plan]);
    // one thread, so that the records stand in the order of the tasks
    said(&["work", &plan, "--shard", "1/2", "--out", &out, "--threads", "1"]);
    (plan, out)
}

#[test]
fn what_is_missing_is_said_and_can_be_left_out() {
    let folder = Folder::new("missing");
    let (plan, out) = half_done(&folder);
    assert_names(&complaint(&["merge", &out], 1), &["3 of 6 tasks are missing", "spikescape status", "--partial"]);
    let partial = start(&["merge", &out, "--partial"]);
    assert!(partial.status.success());
    assert_names(&String::from_utf8_lossy(&partial.stderr), &["This is not all: 3 of 6 tasks are missing."]);
    let status = start(&["status", &out, "--json"]);
    assert_eq!(status.status.code(), Some(75));
    let json: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!((json["status"]["done"].as_u64(), json["status"]["missing"].as_u64()), (Some(3), Some(3)));
    assert_eq!(json["status"]["shards"][0]["share"], "1/2");
    said(&["work", &plan, "--shard", "2/2", "--out", &out]);
    said(&["merge", &out]);
    assert_names(&said(&["work", &plan, "--shard", "2/2", "--out", &out]), &["finished before"]);
}

#[test]
fn records_that_are_damaged_are_done_again_and_those_that_differ_are_refused() {
    let folder = Folder::new("differ");
    let (plan, out) = half_done(&folder);
    let path = folder.0.join("runs/shard-1-of-2.records");
    let text = fs::read_to_string(&path).unwrap();
    // a line that was cut off in the middle
    let lines: Vec<&str> = text.lines().collect();
    let torn = [&lines[..2], &[&lines[2][..lines[2].len() / 2]], &lines[3..]].concat().join("\n") + "\n";
    fs::write(&path, torn).unwrap();
    let status = start(&["status", &out]);
    assert_names(&String::from_utf8_lossy(&status.stdout), &["2 done, 4 missing", "1 line cut off or damaged"]);
    assert_names(&said(&["work", &plan, "--shard", "1/2", "--out", &out]), &["3 tasks, 2 of them done before"]);
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 4, "whole again");
    said(&["work", &out]);
    said(&["merge", &out]);
    // another machine has computed a task again, and wrongly
    let line = lines[1].rsplit_once(" *").unwrap().0.replacen(" 5 ", " 6 ", 1);
    let wrong = format!("{}\n{line} *{:08x}\n", lines[0], crc32fast_hash(line.as_bytes()));
    fs::write(folder.0.join("runs/shard-1-of-3.x.part"), wrong).unwrap();
    let told = complaint(&["merge", &out], 1);
    assert_names(
        &told,
        &["Two records of task", "--seed 0", "shard-1-of-2.records", "shard-1-of-3.x.part", "the same bits"],
    );
}

/// CRC-32 as in zip and PNG, bit by bit: another witness than the library of the program.
fn crc32fast_hash(bytes: &[u8]) -> u32 {
    let byte = |crc: u32, b: &u8| {
        (0..8).fold(crc ^ u32::from(*b), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
    };
    !bytes.iter().fold(!0, byte)
}

#[test]
fn folders_plans_and_shares_that_do_not_belong_together_are_refused() {
    let folder = Folder::new("refused");
    let (plan, out) = half_done(&folder);
    let other = folder.at("other.json");
    said(&["plan", "compare", "--seeds", "0", "--updates", "5", "-o", &other]);
    assert_names(&complaint(&["work", &other, "--out", &out], 1), &["belongs to another plan", "--out"]);
    assert_names(&complaint(&["work", &plan], 1), &["--out DIR"]);
    assert_names(&complaint(&["work", &plan, "--shard", "auto", "--out", &out], 1), &["SLURM_ARRAY_TASK_ID", "3/16"]);
    assert_names(&complaint(&["status", &folder.at("nowhere")], 1), &["no folder"]);
    fs::create_dir(folder.0.join("empty")).unwrap();
    assert_names(&complaint(&["status", &folder.at("empty")], 1), &["not the folder of a sweep"]);
    assert_names(&complaint(&["work", &folder.at("none.json"), "--out", &out], 1), &["There is no file"]);
    assert_names(&complaint(&["plan", "compare", "-o", "plan.toml"], 2), &["ends in .json"]);
    assert_names(&complaint(&["work", &plan, "--shard", "3/2", "--out", &out], 2), &["INDEX/OF"]);
    assert_names(&complaint(&["merge", &out, "--json"], 1), &["rows of a table"]);
    let text = fs::read_to_string(&plan).unwrap().replace("0-2", "0-3");
    fs::write(&plan, text).unwrap();
    assert_names(&complaint(&["work", &plan, "--out", &folder.at("new")], 1), &["changed by hand", "spikescape plan"]);
    let mut array = program(&["work", &out, "--shard", "auto"]);
    array.env("SLURM_ARRAY_TASK_ID", "2").env("SLURM_ARRAY_TASK_MIN", "1").env("SLURM_ARRAY_TASK_MAX", "2");
    let ended = array.env("SLURM_ARRAY_TASK_COUNT", "2").output().unwrap();
    assert!(ended.status.success());
    assert_names(&String::from_utf8_lossy(&ended.stdout), &["SLURM_ARRAY_TASK_ID is 2, of 1 to 2: shard 2/2."]);
}

#[test]
fn data_that_cannot_be_read_end_the_work_with_1() {
    let folder = Folder::new("data");
    let (csv, plan) = (folder.at("x.csv"), folder.at("plan.json"));
    fs::write(&csv, "neuron,time\n0,1\n1,2\n").unwrap();
    let own = ["--set", "task.kind=own", "--set", "task.inputs=2", "--set", "task.outputs=2", "--set", "task.steps=5"];
    let more = ["--set", "network.hidden=fc4"];
    let (data, target) = (format!("task.data={csv}"), format!("task.target={csv}"));
    let files = ["--set", &data, "--set", &target];
    let what =
        [&["plan", "compare", "--seeds", "0", "--updates", "5", "-o", &plan], &own[..], &more[..], &files[..]].concat();
    said(&what);
    fs::remove_file(&csv).unwrap();
    assert_names(&complaint(&["work", &plan, "--out", &folder.at("runs")], 1), &["x.csv"]);
}

// ── as they arrive ──────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn whoever_watches_a_folder_is_given_what_is_new() {
    let folder = Folder::new("watched");
    let (plan, out) = half_done(&folder);
    let mut watched = WatchedSweep::open(Path::new(&out)).unwrap();
    assert_eq!(watched.poll().unwrap().len(), 3);
    assert_eq!(watched.poll(), Ok(vec![]), "nothing is told twice");
    let missing = watched.missing(9);
    assert_eq!(missing.len(), 3);
    // one is done here, the others by a worker
    let (leave, advance) = (|| false, |_| ());
    let wishes = WorkerWishes { leave: &leave, advance: &advance, keep_every: std::time::Duration::MAX };
    watched.work_here(&missing[..1], wishes).unwrap();
    assert_eq!(watched.poll().unwrap(), missing[..1]);
    said(&["work", &plan, "--shard", "2/2", "--out", &out]);
    // in the order in which its threads are done
    let mut others = watched.poll().unwrap();
    others.sort_unstable();
    assert_eq!(others, missing[1..]);
    let WatchedAnswers::Compare(answers) = &watched.answers else { panic!("it is a comparison") };
    assert!(answers.gathered.is_whole() && watched.missing(9).is_empty());
    assert!(answers.gathered.answers.iter().flatten().all(|run| run.looks[0].after == 5));
}

#[test]
fn a_landscape_that_is_watched_fills_from_coarse_to_fine() {
    let folder = Folder::new("filling");
    let (plan, out) = (folder.at("plan.json"), folder.at("runs"));
    said(&["plan", "landscape", "--updates", "3", "--points", "21", "-o", &plan]);
    said(&["work", &plan, "--shard", "1/3", "--out", &out, "--threads", "1"]);
    let mut watched = WatchedSweep::open(Path::new(&out)).unwrap();
    assert_eq!(watched.poll().unwrap()[..4], [0, 3, 6, 9]);
    let WatchedAnswers::Landscape(scene, answers) = &watched.answers else { panic!("it is a landscape") };
    let landscape = LandscapeSweep::new(scene).landscape(&answers.gathered.answers);
    assert_eq!((landscape.done(), landscape.is_whole()), (147, false));
    // every tenth line from the centre comes first: of its nine points these are the first, fourth and seventh
    let coarse: Vec<bool> = scene.ask.order()[..9].iter().map(|at| landscape.points[*at as usize].is_some()).collect();
    assert_eq!(coarse, [true, false, false, true, false, false, true, false, false]);
}

#[test]
fn a_job_is_printed_for_every_scheduler() {
    let folder = Folder::new("jobs");
    let plan = folder.at("plan.json");
    said(&["plan", "compare", "--rules", "antlr", "--seeds", "0-3", "--updates", "5", "-o", &plan]);
    for (scheduler, part) in [
        ("slurm", "#SBATCH --array=1-2"),
        ("parallel", "--shard {}/2"),
        ("snakemake", "rule shard"),
        ("hyperqueue", "#HQ --array 1-2"),
    ] {
        let args = ["work", &plan, "--out", &folder.at("runs"), "--shards", "2", "--print-job", scheduler];
        assert_names(&said(&args), &[part, "4 tasks of compare", "plan.json", "merge"]);
    }
    assert!(!folder.0.join("runs").exists(), "nothing is done");
}
