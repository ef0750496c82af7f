//! Things that a night, a disk or a file from anywhere may bring: full devices, pipes in the place of files, two starts in one
//! folder, limits of the system, kills.

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_spikescape");

/// The program, where there is no display.
fn program(args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args);
    for display in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(display);
    }
    command
}

/// The program started by a shell, after `before`.
fn shell(before: &str, args: &str) -> Output {
    Command::new("sh").args(["-c", &format!("{before}; exec '{PROGRAM}' {args}")]).output().unwrap()
}

/// What it complains of, with exit code 1: not a signal, no panic.
fn complaint(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{:?}\n{text}", output.status);
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// A folder of its own for one test.
fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("attacks-{test}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn text(path: impl AsRef<Path>) -> String {
    path.as_ref().to_str().unwrap().to_owned()
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A run that goes on until it is killed.
fn endless(out: &str, more: &[&str]) -> Child {
    let args = [&["train", "--updates", "100000000", "--out", out], more].concat();
    program(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn wait_until(mut is: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it did not come to that");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error_of_every_command() {
    let dir = folder("full");
    let out = text(dir.join("run"));
    let points = ["--preset", "yin-yang", "--set", "task.train_samples=64"];
    assert!(
        program(&[&["train", "--updates", "2", "--out", &out][..], &points].concat())
            .output()
            .unwrap()
            .status
            .success()
    );
    let weights = text(dir.join("run/weights.safetensors"));
    let commands: [&[&str]; 7] = [
        &["settings"],
        &["presets"],
        &["man"],
        &["train", "--updates", "1"],
        &["eval", &weights],
        &["compare", "--seeds", "0", "--updates", "1", "--rules", "antlr"],
        &["landscape", &weights, "--points", "3"],
    ];
    for args in commands {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let said = complaint(&program(args).stdout(full).output().unwrap());
        assert_eq!(said.matches("The output could not be written: ").count(), 1, "{args:?}\n{said}");
    }
    let gone = shell("true", "settings | head -1 > /dev/null");
    assert_eq!(String::from_utf8_lossy(&gone.stderr), "", "a reader that has enough is no error");
}

#[test]
fn a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for() {
    let pipe = text(folder("pipe").join("pipe.toml"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let data = format!("task.data={pipe}");
    let commands: [&[&str]; 6] = [
        &["train", "--settings", &pipe],
        &["train", "--resume", &pipe, "--updates", "1"],
        &["train", "--replay", &pipe],
        &["eval", &pipe],
        &["work", &pipe, "--shard", "1/1", "--out", "x"],
        &["train", "--set", "task.kind=own", "--set", &data],
    ];
    for args in commands {
        let mut child = program(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        wait_until(|| child.try_wait().unwrap().is_some());
        let said = complaint(&child.wait_with_output().unwrap());
        assert!(said.contains("a regular file is needed"), "{args:?}\n{said}");
    }
}

#[test]
fn a_folder_belongs_to_one_run_and_what_that_is_writing_stays() {
    let dir = folder("lock");
    let out = text(dir.join("run"));
    let mut first = endless(&out, &[]);
    wait_until(|| dir.join("run/settings.toml").exists());
    let temporary = || names(&dir.join("run")).into_iter().filter(|name| name.ends_with(".tmp")).collect::<Vec<_>>();
    let growing = temporary();
    assert_eq!(growing.len(), 1);
    for args in
        [&["train", "--updates", "1", "--out", &out][..], &["train", "--force", "--updates", "1", "--out", &out]]
    {
        let said = complaint(&program(args).output().unwrap());
        assert!(said.contains("Another process is writing to") && said.contains("choose another folder"), "{said}");
    }
    let table = ["compare", "--seeds", "0", "--updates", "1", "--force", "--out", &out];
    assert!(complaint(&program(&table).output().unwrap()).contains("Another process is writing to"));
    assert!(first.try_wait().unwrap().is_none(), "the first goes on");
    assert_eq!(temporary(), growing);
    first.kill().unwrap();
    first.wait().unwrap();
    // the lock went with its owner, and what that was writing is cleared
    assert!(program(&["train", "--force", "--updates", "1", "--out", &out]).output().unwrap().status.success());
    assert_eq!(temporary(), [""; 0]);
}

#[test]
fn a_forced_run_that_is_killed_leaves_no_file_of_the_run_before() {
    let dir = folder("force");
    let (out, run) = (text(dir.join("run")), dir.join("run"));
    assert!(program(&["train", "--updates", "20", "--out", &out]).output().unwrap().status.success());
    assert!(run.join("weights.safetensors").exists() && run.join("log.toml").exists());
    let mut second = endless(&out, &["--force", "--seed", "7"]);
    wait_until(|| fs::read_to_string(run.join("settings.toml")).is_ok_and(|t| t.contains("seed = 7")));
    second.kill().unwrap();
    second.wait().unwrap();
    let left: Vec<String> = names(&run).into_iter().filter(|name| !name.ends_with(".tmp")).collect();
    assert_eq!(left, ["settings.toml"]);
}

#[test]
fn a_file_that_outgrows_the_limit_costs_itself_and_not_the_run() {
    let dir = folder("limit");
    let out = text(dir.join("run"));
    // 100 blocks of 512 bytes: the checkpoint fits, the table of all updates does not
    let output = shell("ulimit -f 200", &format!("train --updates 3000 --out '{out}'"));
    let said = complaint(&output);
    assert!(said.contains("metrics.csv could not be written") && said.contains("The run goes on"), "{said}");
    assert!(dir.join("run/checkpoint.safetensors").exists() && dir.join("run/log.toml").exists());
    assert!(!dir.join("run/metrics.csv").exists());
}

#[test]
fn a_target_that_cannot_be_written_is_said_before_anything_is_computed() {
    let dir = folder("target");
    let missing = text(dir.join("missing/plane.npz"));
    let heavy = ["--set", "network.hidden=fc2000-fc2000", "--updates", "1000000"];
    let begun = Instant::now();
    let said = complaint(&program(&[&["landscape", "-o", &missing][..], &heavy].concat()).output().unwrap());
    assert!(said.contains("missing/plane.npz cannot be written"), "{said}");
    fs::create_dir(dir.join("plane.npz")).unwrap();
    let folder = text(dir.join("plane.npz"));
    let said = complaint(&program(&[&["landscape", "-o", &folder][..], &heavy].concat()).output().unwrap());
    assert!(said.contains("is a folder"), "{said}");
    fs::write(dir.join("file"), "").unwrap();
    let below = text(dir.join("file/table"));
    let table = ["compare", "--seeds", "0-999", "--updates", "1000000", "--out", &below];
    assert!(complaint(&program(&table).output().unwrap()).contains("cannot be made"));
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[cfg(target_os = "linux")]
#[test]
fn the_environment_does_not_decide_how_many_threads_there_are() {
    let dir = folder("threads");
    let out = text(dir.join("run"));
    let mut run = program(&["train", "--updates", "100000000", "--threads", "2", "--out", &out]);
    let mut run = run.env("RAYON_NUM_THREADS", "3000").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_until(|| dir.join("run/settings.toml").exists());
    std::thread::sleep(Duration::from_millis(200));
    let status = fs::read_to_string(format!("/proc/{}/status", run.id())).unwrap();
    run.kill().unwrap();
    run.wait().unwrap();
    let threads: usize = status.lines().find_map(|l| l.strip_prefix("Threads:")).unwrap().trim().parse().unwrap();
    assert!((2..=8).contains(&threads), "{threads}");
}

#[cfg(target_os = "linux")]
#[test]
fn threads_that_cannot_be_started_are_a_sentence() {
    let said = complaint(&shell("ulimit -v 1500000", "train --updates 1 --threads 1000"));
    assert!(said.contains("could not be started"), "{said}");
}

/// Rows of `metrics.csv` without their times.
fn untimed(csv: &str) -> Vec<String> {
    let row =
        |line: &str| line.split(',').enumerate().filter(|(n, _)| *n != 6).map(|(_, c)| c).collect::<Vec<_>>().join(",");
    csv.lines().map(row).collect()
}

#[test]
fn the_table_of_a_run_that_is_killed_and_goes_on_has_no_hole() {
    let dir = folder("hole");
    let small = ["--preset", "yin-yang", "--set", "task.train_samples=64", "--set", "network.hidden=fc10"];
    let small = [&small[..], &["--set", "task.validation_samples=8", "--epochs", "60"]].concat();
    let (whole, out) = (text(dir.join("whole")), text(dir.join("run")));
    assert!(program(&[&["train", "--out", &whole][..], &small].concat()).output().unwrap().status.success());
    let checkpoint = dir.join("run/checkpoint.safetensors");
    let (resume, mut args) = (text(&checkpoint), [&["train", "--out", &out][..], &small].concat());
    for _ in 0..3 {
        let written = || fs::metadata(&checkpoint).and_then(|m| m.modified()).ok();
        let before = written();
        let mut run = program(&args).stdout(Stdio::null()).spawn().unwrap();
        wait_until(|| written() != before || run.try_wait().unwrap().is_some());
        run.kill().unwrap();
        run.wait().unwrap();
        args = vec!["train", "--out", &out, "--resume", &resume, "--epochs", "60"];
    }
    let last = program(&args).output().unwrap();
    assert!(last.status.success(), "{}", String::from_utf8_lossy(&last.stderr));
    assert!(!String::from_utf8_lossy(&last.stderr).contains("no rows"), "{}", String::from_utf8_lossy(&last.stderr));
    let csv = |folder: &str| untimed(&fs::read_to_string(dir.join(folder).join("metrics.csv")).unwrap());
    assert_eq!(csv("run"), csv("whole"));
    assert_eq!(names(&dir.join("run")), names(&dir.join("whole")), "what was being written is gone");
}

/// Bytes of an archive of arrays, each with its type, its shape and one byte that all its values consist of.
fn bomb(arrays: &[(&str, &str, &str, u8, u64)]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, descr, shape, byte, bytes) in arrays {
        let options = zip::write::SimpleFileOptions::default().large_file(true);
        writer.start_file(format!("{name}.npy"), options).unwrap();
        let mut head = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
        head += &" ".repeat((64 - (11 + head.len()) % 64) % 64);
        head.push('\n');
        writer.write_all(b"\x93NUMPY\x01\x00").unwrap();
        writer.write_all(&(head.len() as u16).to_le_bytes()).unwrap();
        writer.write_all(head.as_bytes()).unwrap();
        let chunk = vec![*byte; 1 << 20];
        let mut left = *bytes;
        while left > 0 {
            let now = left.min(chunk.len() as u64);
            writer.write_all(&chunk[..now as usize]).unwrap();
            left -= now;
        }
    }
    writer.finish().unwrap().into_inner()
}

/// Small files that claim, rightly, to be large: under a limit of 1 GiB each is refused with a sentence that states a size,
/// within seconds, and nothing aborts.
#[cfg(target_os = "linux")]
#[test]
fn small_files_that_unpack_to_large_data_are_refused_before_they_take_the_memory() {
    let dir = folder("bombs");
    let million = 1_000_000u64;
    let bombs: [(&str, Vec<u8>, &str); 4] = [
        ("ones", bomb(&[("spikes", "|b1", "(60000, 50, 20)", 1, 60 * million)]), "entries|spikes and samples"),
        ("zeros", bomb(&[("spikes", "|b1", "(100000000, 1, 1)", 0, 100 * million)]), "spikes and samples"),
        (
            "events",
            bomb(&[("times", "|u1", "(60000000,)", 3, 60 * million), ("units", "|u1", "(60000000,)", 0, 60 * million)]),
            "which take",
        ),
        (
            "empty",
            bomb(&[
                ("times", "|u1", "(0,)", 0, 0),
                ("units", "|u1", "(0,)", 0, 0),
                ("offsets", "|u1", "(60000000,)", 0, 60 * million),
                ("labels", "|u1", "(59999999,)", 0, 60 * million - 1),
            ]),
            "which take",
        ),
    ];
    for (name, bytes, words) in bombs {
        let path = dir.join(format!("{name}.npz"));
        assert!(bytes.len() < 1 << 20, "{name} has {} bytes", bytes.len());
        fs::write(&path, bytes).unwrap();
        let target = if name != "empty" { text(&path) } else { String::new() };
        let sets = format!("--set task.kind=own --set task.data={0} --set task.target={target}", text(&path));
        let begun = Instant::now();
        let said = complaint(&shell("ulimit -v 1048576", &format!("train --updates 1 --threads 1 {sets}")));
        assert!(words.split('|').any(|word| said.contains(word)), "{name}: {said}");
        assert!(begun.elapsed() < Duration::from_secs(60), "{name} took {:?}", begun.elapsed());
    }
}

#[test]
fn what_a_file_says_does_not_steer_the_terminal() {
    let dir = folder("escape");
    let file = dir.join("settings.toml");
    fs::write(&file, "[task]\nst\u{1b}[31mX\u{1b}]0;title\u{7}eps = 5\n\"\u{202e}spets\" = 3\n").unwrap();
    let said = complaint(&program(&["train", "--settings", &text(&file)]).output().unwrap());
    let steers = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!said.contains(steers), "{said:?}");
}

#[test]
fn of_many_problems_the_first_are_said_and_how_many_more_there_are() {
    let dir = folder("problems");
    let file = dir.join("settings.toml");
    let lines: String = (0..16_000).map(|n| format!("unknown_{n} = {n}\n")).collect();
    fs::write(&file, format!("[task]\n{lines}")).unwrap();
    let begun = Instant::now();
    let said = complaint(&program(&["train", "--settings", &text(&file)]).output().unwrap());
    assert!(said.len() < 10_000 && said.contains("and 15980 more problems"), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}
