//! What a paused run costs. Alone in its program, so that its threads are the only ones of their name.

#![cfg(target_os = "linux")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use spikescape::engine::{Command, Event, Run};
use spikescape::train::Settings;

/// How often the threads of the worker have gone to sleep.
fn sleeps() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().map(|task| task.unwrap().path());
    let read = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap_or_default();
    let workers = tasks.filter(|task| read(task.join("comm")).starts_with("worker"));
    let number = |status: String| {
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:").map(str::to_owned));
        line.expect("the kernel counts them").trim().parse::<u64>().unwrap()
    };
    workers.map(|task| number(read(task.join("status")))).sum()
}

#[test]
fn a_paused_worker_whose_frame_nobody_takes_does_nothing_at_all() {
    let run = Run::start(Settings::default(), 2, Arc::new(|| {})).unwrap();
    run.send(Command::Advance(20));
    let begun = Instant::now();
    let there = |event: &Event| matches!(event, Event::Reports(r) if r.steps.iter().any(|s| s.update == 20));
    while !run.wait(Duration::from_millis(100)).as_ref().is_some_and(there) {
        assert!(begun.elapsed() < Duration::from_secs(60));
    }
    // until its threads are asleep
    std::thread::sleep(Duration::from_millis(500));
    let before = sleeps();
    assert!(before > 0, "the worker has threads");
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(sleeps(), before, "it woke up");
    assert!(run.has_frame(), "nobody took it");
}
