//! What is stated of a run's memory before it begins is about what it then takes.
#![cfg(target_os = "linux")]

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The most memory that `spikescape train` with `args` held, and what it stated, both in MiB.
fn held_and_stated(args: &[&str]) -> (f64, f64) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_spikescape"));
    let mut child = program.arg("train").args(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0.0f64;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let high = text.lines().find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok());
        most = most.max(high.unwrap_or(0.0) / 1024.0);
        std::thread::sleep(Duration::from_millis(2));
    }
    let mut said = String::new();
    child.stdout.unwrap().read_to_string(&mut said).unwrap();
    let stated =
        said.split_once("A run of these settings takes ").unwrap_or_else(|| panic!("nothing stated: {said}")).1;
    let stated = stated.trim_start_matches("about ").trim_start_matches("up to ");
    let mut words = stated.split(' ');
    let number: f64 = words.next().unwrap().parse().unwrap();
    (most, number * if words.next() == Some("GiB") { 1024.0 } else { 1.0 })
}

#[test]
fn the_estimate_is_within_a_fifth() {
    let conv = "network.hidden=conv12k5 - avg2 - conv32k5 - avg2 - flatten";
    let large = ["task.inputs=784", "task.outputs=10", "task.steps=300", "task.pairs=16", "network.hidden=fc800"];
    let sets = |settings: &[&'static str]| settings.iter().flat_map(|s| ["--set", s]).collect::<Vec<_>>();
    let convolutions = sets(&[conv, "task.train_samples=60", "task.test_samples=10", "run.batch=8"]);
    let runs = [
        vec!["--updates", "400"],
        [sets(&large), vec!["--updates", "3"]].concat(),
        [vec!["--preset", "digits", "--updates", "2"], convolutions].concat(),
        // many pairs are one batch, and a long sample is kept for all its steps
        [sets(&["task.pairs=1500"]), vec!["--updates", "2"]].concat(),
        [sets(&["task.steps=30000", "task.pairs=4"]), vec!["--updates", "2"]].concat(),
    ];
    for args in runs {
        let (held, stated) = held_and_stated(&args);
        let ratio = stated / held;
        // a debug build of the program is some MiB larger
        assert!((0.8..1.2).contains(&ratio) || (held - stated).abs() < 8.0, "{args:?}: {held} MiB, {stated} stated");
        println!("{args:?}: {held:.0} MiB, {stated:.0} stated");
    }
}
