//! `spikescape promises` from outside: its tables, its file, and what it complains of.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn start(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spikescape"));
    command.arg("promises").args(args).env_remove("COLUMNS").output().unwrap()
}

fn said(args: &[&str]) -> String {
    let output = start(args);
    assert!(output.status.success(), "{args:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The rows of the file that these arguments write, the head first.
fn rows(name: &str, args: &[&str]) -> Vec<Vec<String>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("promises-{name}"));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("x.csv");
    said(&[args, &["-o", path.to_str().unwrap()]].concat());
    let text = fs::read_to_string(&path).unwrap();
    let settings = fs::read_to_string(folder.join("x.csv.toml")).unwrap();
    assert!(settings.starts_with("# 2 seeds, network 50-50-5") && settings.contains("[neuron]"), "{settings}");
    fs::remove_dir_all(&folder).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn there_is_a_row_for_each_seed_update_rule_and_layer_the_same_on_any_number_of_threads() {
    let args = ["--seeds", "3-4", "--updates", "6,0", "--points", "5"];
    let table = rows("threads-1", &[&args[..], &["--threads", "1"]].concat());
    assert_eq!(table, rows("threads-2", &[&args[..], &["--threads", "2"]].concat()));
    assert_eq!(table.len(), 1 + 2 * 2 * 3 * 2);
    let column = |name: &str| table[0].iter().position(|head| head == name).unwrap_or_else(|| panic!("{name}"));
    let number = |row: &[String], name: &str| row[column(name)].parse::<f64>().unwrap();
    for pair in table[1..].chunks(6) {
        let spikes = |row: &[String]| {
            let all = ["kept", "unmoved", "reversed", "removed", "stayed", "strayed", "lost"];
            all.iter().map(|name| number(row, name)).sum::<f64>()
        };
        // at the same weights the three rules speak of the same spikes
        assert!(spikes(&pair[0]) > 0.0 && spikes(&pair[0]) == spikes(&pair[2]) && spikes(&pair[0]) == spikes(&pair[4]));
        assert_ne!(pair[0][4..12], pair[2][4..12], "and promise them different things");
        for row in pair {
            assert!((0.0..=1.0).contains(&number(row, "circulation_cells")));
            assert!((0.0..=1.0).contains(&number(row, "circulation_circle")));
        }
    }
}

#[test]
fn each_rule_can_have_a_run_of_its_own() {
    let args = ["--seeds", "3-4", "--updates", "0,30", "--points", "3", "--own"];
    let table = rows("own", &args);
    assert_eq!(table.len(), 1 + 2 * 2 * 3 * 2);
    let text = said(&args);
    assert!(text.contains("each rule in a run of its own") && text.contains("circulation, circle"), "{text}");
}

#[test]
fn a_rule_without_a_gradient_promises_nothing() {
    // the count loss does not depend on when spikes come
    let text = said(&["--seeds", "3-4", "--updates", "0", "--points", "3", "--set", "loss.kind=count"]);
    let line = |rule: &str| text.lines().find(|line| line.starts_with(rule)).unwrap().to_owned();
    let dashes = |rule: &str| line(rule).matches('–').count();
    assert_eq!((dashes("Timing"), dashes("Activation") < 4), (8, true), "{text}");
}

#[test]
fn what_cannot_be_done_is_said_before_anything_is_measured() {
    let complaint = |args: &[&str]| {
        let output = start(args);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(complaint(&["-o", "x.png"]).contains("should end in .csv"));
    assert!(complaint(&["--points", "4"]).contains("an odd number"));
    assert!(complaint(&["--set", "neuron.alpha_v=2"]).contains("neuron.alpha_v"));
}
