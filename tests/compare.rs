//! Runs in step with one another: each does what it would do alone, to the bit; and in the window, by label: three rules from
//! one seed, runs of the session, what is ill and what cures it, statistics, and the circulation around a circle.

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui_kittest::kittest::Queryable;
use spikescape::engine::{Command, Event, Frame, KeptRun, Lockstep, LockstepCommand, LockstepRun, Run, Speed};
use spikescape::explain::health::examples::EXAMPLES;
use spikescape::gui::layout::Workspace;
use spikescape::gui::state::SavedState;
use spikescape::record::Log;
use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::task;
use spikescape::task::progress::Progress;
use spikescape::train::settings::NetworkSettings;
use spikescape::train::{Settings, Trainer};
use support::{Window, app, open, until};

const PATIENCE: Duration = Duration::from_secs(60);

fn of(rule: Rule) -> Settings {
    let mut settings = Settings::default();
    settings.rule.rule = rule;
    settings
}

fn new(settings: Settings) -> LockstepRun {
    let task = Arc::new(task::open(&settings.task, settings.run.seed, &Progress::default()).unwrap());
    LockstepRun::New { settings: Box::new(settings), task, drawn: Vec::new() }
}

fn start(runs: Vec<LockstepRun>) -> Lockstep {
    Lockstep::start(runs, 2, Arc::new(|| {})).unwrap()
}

/// The weights of a run that goes alone.
fn alone(settings: Settings, updates: u64) -> u64 {
    let mut trainer = Trainer::new(settings, Isa::best());
    while trainer.update() < updates {
        trainer.step().unwrap();
    }
    trainer.params().digest()
}

/// Waits for frames of which all are `there`.
fn frames(runs: &Lockstep, there: impl Fn(&Frame) -> bool) -> Vec<Arc<Frame>> {
    let begun = Instant::now();
    loop {
        let frames: Option<Vec<_>> = runs.frames().unwrap_or_default().into_iter().collect();
        if let Some(frames) = frames.filter(|frames| !frames.is_empty() && frames.iter().all(|frame| there(frame))) {
            return frames;
        }
        assert!(begun.elapsed() < PATIENCE, "they do not come to that");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn digests(frames: &[Arc<Frame>]) -> Vec<u64> {
    frames.iter().map(|frame| frame.params.digest()).collect()
}

#[test]
fn each_run_in_step_has_the_weights_that_it_has_alone() {
    let runs = start(Rule::ALL.map(|rule| new(of(rule))).into());
    runs.send(LockstepCommand::RunTo(300));
    let frames = frames(&runs, |frame| frame.update == 300);
    assert_eq!(digests(&frames), Rule::ALL.map(|rule| alone(of(rule), 300)));
    let digests = digests(&frames);
    assert!(digests[0] != digests[1] && digests[1] != digests[2], "the rules differ");
}

#[test]
fn every_set_of_frames_is_of_one_update_at_any_speed() {
    for speed in [Speed::Unlimited, Speed::PerSecond(200.0)] {
        let runs = start(Rule::ALL.map(|rule| new(of(rule))).into());
        frames(&runs, |frame| frame.update == 0);
        runs.send(LockstepCommand::Speed(speed));
        runs.send(LockstepCommand::Play);
        let mut seen = 0;
        while seen < 200 {
            let now = frames(&runs, |_| true);
            assert!(now.iter().all(|frame| frame.update == now[0].update), "{speed:?}");
            seen = now[0].update;
        }
        runs.send(LockstepCommand::Pause);
        runs.send(LockstepCommand::Step);
        std::thread::sleep(Duration::from_millis(300));
        let rest = runs.frames().unwrap_or_default();
        let updates: Vec<u64> = rest.iter().flatten().map(|frame| frame.update).collect();
        assert!(updates.iter().all(|update| *update == updates[0] && *update > seen - 1), "{updates:?}");
    }
}

/// A copy of the run at work, after so many updates.
fn handed(settings: Settings, updates: u64) -> Box<KeptRun> {
    let run = Run::start(settings, 1, Arc::new(|| {})).unwrap();
    run.send(Command::Advance(updates));
    let begun = Instant::now();
    while run.frame().is_none_or(|frame| frame.update < updates) {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(1));
    }
    run.send(Command::Hand(1));
    loop {
        if let Event::Handed(kept) = run.wait(PATIENCE).expect("it answers") {
            return kept;
        }
    }
}

#[test]
fn one_that_is_behind_catches_up_and_all_go_on_to_the_same_bits_with_their_past() {
    let (first, second) = (handed(of(Rule::Timing), 30), handed(of(Rule::Antlr), 80));
    let runs = start(vec![LockstepRun::Copy(first), LockstepRun::Copy(second)]);
    let begun = frames(&runs, |frame| frame.update > 0);
    assert_eq!(begun.iter().map(|frame| frame.update).collect::<Vec<_>>(), [30, 80]);
    runs.send(LockstepCommand::RunTo(120));
    let there = frames(&runs, |frame| frame.update == 120);
    assert_eq!(digests(&there), [alone(of(Rule::Timing), 120), alone(of(Rule::Antlr), 120)]);
    // its log knows the beginning, and replays to its bits
    runs.send(LockstepCommand::To(0, Command::Log));
    let begun = Instant::now();
    let log: Box<Log> = loop {
        match runs.event(0) {
            Some(Event::Log(log)) => break log,
            _ => assert!(begun.elapsed() < PATIENCE),
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    assert_eq!(log.end.unwrap().digest, alone(of(Rule::Timing), 120));
}

#[test]
fn a_run_that_cannot_begin_says_why_and_the_others_go_on() {
    let mut wrong = of(Rule::Timing);
    wrong.network.hidden = NetworkSettings::fc(&[0]);
    let task = Arc::new(task::open(&of(Rule::Timing).task, 0, &Progress::default()).unwrap());
    let broken = LockstepRun::New { settings: Box::new(wrong), task, drawn: Vec::new() };
    let runs = start(vec![broken, new(of(Rule::Antlr))]);
    runs.send(LockstepCommand::RunTo(20));
    let begun = Instant::now();
    loop {
        let arrived = runs.frames().unwrap_or_default();
        if let [None, Some(frame)] = &arrived[..]
            && frame.update == 20
        {
            break;
        }
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(matches!(runs.event(0), Some(Event::Refused(why)) if why.ends_with('.')));
}
