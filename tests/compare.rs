//! Runs in step with one another: each does what it would do alone, to the bit; and in the window, by label: three rules from
//! one seed, runs of the session, what is ill and what cures it, statistics, and the circulation around a circle.

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui_kittest::kittest::Queryable;
use spikescape::engine::{Command, Event, Frame, KeptRun, Lockstep, LockstepCommand, LockstepRun, Run, Speed};
use spikescape::explain::health::examples::EXAMPLES;
use spikescape::gui::action::RunAction;
use spikescape::gui::app::App;
use spikescape::gui::layout::{self, Workspace};
use spikescape::gui::state::landscape_choices::{CellColour, CircleChoice};
use spikescape::gui::state::{RunView, SavedState};
use spikescape::record::Log;
use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::spike::statistics::{Statistic, fano};
use spikescape::task;
use spikescape::task::progress::Progress;
use spikescape::text;
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
    LockstepRun::New { settings: Box::new(settings), task, drawn: Vec::new(), weights: None }
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

#[test]
fn weights_of_a_file_are_begun_with_and_steps_count_from_there() {
    let mut settings = of(Rule::Timing);
    settings.run.seed = 9;
    let other = Trainer::new(settings, Isa::best());
    let weights = other.params().clone();
    let LockstepRun::New { settings, task, drawn, .. } = new(of(Rule::Timing)) else { unreachable!() };
    let runs = start(vec![LockstepRun::New { settings, task, drawn, weights: Some(Box::new(weights.clone())) }]);
    // a wish that comes before the run has begun, one to go back, and one that stands
    runs.send(LockstepCommand::Step);
    runs.send(LockstepCommand::RunTo(0));
    runs.send(LockstepCommand::RunTo(40));
    let there = frames(&runs, |frame| frame.update == 40);
    let mut trainer = Trainer::new(of(Rule::Timing), Isa::best());
    trainer.begin_with(weights);
    (0..40).for_each(|_| trainer.step().unwrap());
    assert_eq!(digests(&there), [trainer.params().digest()]);
    runs.send(LockstepCommand::RunTo(10));
    runs.send(LockstepCommand::Step);
    frames(&runs, |frame| frame.update == 41);
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
    let broken = LockstepRun::New { settings: Box::new(wrong), task, drawn: Vec::new(), weights: None };
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

fn click(window: &mut Window, name: &str) {
    window.get_by_label(name).click();
    window.run_steps(2);
}

fn act(window: &mut Window, action: RunAction) {
    let ctx = window.ctx.clone();
    window.state_mut().as_mut().unwrap().apply(&ctx, action.into());
    window.run_steps(2);
}

/// The window in the workspace of the comparison.
fn comparing(settings: Settings) -> Window {
    let mut kept = SavedState::default();
    kept.choices.landscape.follow = false;
    let mut window = open(settings, kept);
    click(&mut window, "Compare");
    assert_eq!(app(&window).workspace(), Workspace::Compare);
    window
}

fn updates(app: &App) -> Vec<u64> {
    app.compare().runs.iter().map(|run| run.view.update()).collect()
}

#[test]
fn one_click_starts_three_rules_and_one_opens_them() {
    let mut w = comparing(Settings::default());
    click(&mut w, "Three rules, one seed");
    until(&mut w, |app| updates(app).len() == 3 && updates(app).iter().all(|update| *update >= 5));
    click(&mut w, "Pause all");
    until(&mut w, |app| !app.compare().playing());
    until(&mut w, |app| updates(app).windows(2).all(|pair| pair[0] == pair[1]));
    for rule in ["Activation", "Timing", "ANTLR"] {
        w.get_by_label(&format!("Raster of {rule}"));
    }
    let before = updates(app(&w))[0];
    click(&mut w, "Step all");
    until(&mut w, |app| updates(app) == [before + 1; 3]);
    click(&mut w, "Run all to");
    // a hundred farther than the farthest, unless the user says otherwise
    until(&mut w, |app| updates(app) == [before + 101; 3]);
    for (run, rule) in app(&w).compare().runs.iter().zip(Rule::ALL) {
        let frame = run.view.frame.as_ref().unwrap();
        assert_eq!(frame.params.digest(), alone(of(rule), before + 101), "{rule}");
    }
    let differ: Vec<&str> = app(&w).compare().differences().iter().map(|(field, _)| field.key).collect();
    assert_eq!(differ, ["rule.rule"]);
    until(&mut w, |app| app.compare().agreements().last().is_some_and(|a| a.updates == [before + 101; 3]));
    click(&mut w, "state of Timing");
    click(&mut w, "by spikes used");
    w.get_by_label("Plot of loss of all runs by spikes used");

    click(&mut w, "Open Timing");
    until(&mut w, |app| app.run_view().settings.rule.rule == Rule::Timing && app.run_view().update() == before + 101);
    let run = app(&w).run_view();
    assert_eq!((app(&w).workspace(), run.oldest), (Workspace::Watch, 0), "it has its past");
    assert_eq!(run.curves.loss.buckets()[0].first, 0);
    assert_eq!(run.frame.as_ref().unwrap().params.digest(), alone(of(Rule::Timing), before + 101));
    // and its last update is seen as there
    let spans = |run: &RunView| format!("{:?}", run.frame.as_ref().unwrap().spans);
    let there = spans(&app(&w).compare().runs[1].view);
    until(&mut w, |app| spans(app.run_view()) == there);
}

#[test]
fn runs_of_the_session_are_chosen_and_what_differs_is_named() {
    let mut w = comparing(Settings::default());
    click(&mut w, "Step");
    until(&mut w, |app| app.run_view().update() == 1);
    click(&mut w, "New seed");
    until(&mut w, |app| app.kept_runs().iter().count() == 1 && app.run_view().update() == 0);
    for name in ["run a: ANTLR, seed 0, update 1", "run b: ANTLR, seed 1, update 0"] {
        click(&mut w, name);
    }
    click(&mut w, "Compare chosen runs");
    until(&mut w, |app| updates(app) == [1, 0]);
    let names: Vec<&str> = app(&w).compare().runs.iter().map(|run| &run.name[..]).collect();
    assert_eq!(names, ["Run a, ANTLR", "Run b, ANTLR"]);
    let last = |app: &App| app.compare().runs[0].view.frame.as_ref().unwrap().spans.last.from;
    until(&mut w, |app| last(app) == 0);
    let differ: Vec<&str> = app(&w).compare().differences().iter().map(|(field, _)| field.key).collect();
    assert_eq!(differ, ["run.seed"]);
    click(&mut w, "Step all");
    until(&mut w, |app| updates(app) == [1, 1]);
    click(&mut w, "End");
    until(&mut w, |app| app.compare().is_empty());
    w.get_by_label("Three rules, one seed");
}

#[test]
fn space_and_right_arrow_act_on_all_that_are_compared() {
    let mut w = comparing(Settings::default());
    click(&mut w, "Three rules, one seed");
    until(&mut w, |app| app.compare().playing() && updates(app).len() == 3);
    w.key_press(egui::Key::Space);
    until(&mut w, |app| !app.compare().playing());
    assert!(!app(&w).run_view().playing, "the run in view rests");
    std::thread::sleep(Duration::from_millis(200));
    w.run_steps(3);
    let before = updates(app(&w))[0];
    w.key_press(egui::Key::ArrowRight);
    until(&mut w, |app| updates(app) == [before + 1; 3]);
    assert_eq!(app(&w).run_view().update(), 0);
    w.key_press(egui::Key::Space);
    until(&mut w, |app| app.compare().playing());
}

#[test]
fn every_example_shows_its_illness_and_the_button_cures_it() {
    for example in EXAMPLES {
        let name = example.illness.label();
        let mut kept = SavedState::default();
        kept.choices.landscape.follow = false;
        let mut w = open(Settings::default(), kept);
        w.get_by_label("View").click();
        w.run_steps(2);
        click(&mut w, "Health");
        until(&mut w, |app| !app.awaits_health());
        assert!(app(&w).health().findings().is_empty(), "the built-in experiment is well");
        let before = app(&w).run_view().start;
        click(&mut w, &format!("Example: {name}"));
        let ill = |app: &App| app.health().findings().iter().any(|finding| finding.illness == example.illness);
        until(&mut w, |app| app.run_view().start > before && app.run_view().playing);
        act(&mut w, RunAction::Speed(Speed::PerSecond(200.0)));
        until(&mut w, |app| app.run_view().update() >= example.updates[0]);
        act(&mut w, RunAction::Pause);
        until(&mut w, |app| !app.run_view().playing);
        until(&mut w, |app| !app.awaits_health());
        assert!(ill(app(&w)), "{name}: {:#?}", app(&w).health().findings());
        let worst = app(&w).health().findings()[0].illness.label().to_lowercase();
        w.get_by_label_contains(&format!("Ill: {worst}"));

        let (start, update) = (app(&w).run_view().start, app(&w).run_view().update());
        w.get_all_by_label(&format!("Try against {}", name.to_lowercase())).next().unwrap().click_accesskit();
        w.run_steps(2);
        let changed = |app: &App| app.run_view().start > start || *app.run_view().settings != (example.make)();
        until(&mut w, changed);
        let restarted = app(&w).run_view().start > start;
        let goal = if restarted { example.updates[1] } else { update + example.updates[1] };
        if goal > app(&w).run_view().update() {
            let more = goal - app(&w).run_view().update();
            act(&mut w, RunAction::Advance(more));
        }
        until(&mut w, |app| app.run_view().update() >= goal && !app.awaits_health());
        assert!(!ill(app(&w)), "{name} is not cured: {:#?}", app(&w).health().findings());
        if restarted {
            assert!(app(&w).kept_runs().iter().count() + 2 >= start as usize, "nothing is lost");
        }
        // the change of settings can be undone
        let cured = app(&w).form().clone();
        w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
        until(&mut w, |app| *app.form() != cured);
    }
}

#[test]
fn statistics_are_told_for_the_layer_that_is_chosen() {
    let mut kept = SavedState::default();
    kept.choices.landscape.follow = false;
    let mut w = open(Settings::default(), kept);
    w.get_by_label("View").click();
    w.run_steps(2);
    click(&mut w, "Statistics");
    click(&mut w, "Statistics of input");
    let frame = Arc::clone(app(&w).run_view().frame.as_ref().unwrap());
    let trains = frame.sample().input.trains();
    let of = |statistic: Statistic| statistic.of(trains.of(0), &[], frame.steps).map_or("–".into(), text::value);
    w.get_by_label(&format!("Rate of neuron 0: {}", of(Statistic::Rate)));
    w.get_by_label(&format!("CV of neuron 0: {}", of(Statistic::Cv)));
    w.get_by_label(&format!("LV of neuron 0: {}", of(Statistic::Lv)));
    let all = (0..trains.units()).map(|unit| trains.of(unit));
    w.get_by_label(&format!("Fano factor of the layer: {}", text::value(fano(all).unwrap())));
    click(&mut w, "Statistics of output");
    w.get_by_label_contains("SPIKE-sync of neuron 0: ");
}

/// Presses at a place, moves and lets go.
fn drag(window: &mut Window, from: egui::Pos2, by: egui::Vec2) {
    let press = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: egui::Modifiers::NONE,
    };
    let events = [egui::Event::PointerMoved(from), press(from, true)];
    let moves = [0.5, 1.0].map(|share| egui::Event::PointerMoved(from + by * share));
    for event in events.into_iter().chain(moves).chain([press(from + by, false)]) {
        window.event(event);
        window.run_steps(1);
    }
}

#[test]
fn around_a_circle_the_loss_comes_back_and_the_circle_can_be_dragged() {
    let mut kept = SavedState { workspace: Workspace::Landscape, ..SavedState::default() };
    kept.layout = layout::standard(Workspace::Landscape);
    (kept.choices.landscape.points, kept.choices.landscape.range) = (11, 0.3);
    kept.choices.landscape.colour = CellColour::Circulation(Rule::Timing);
    kept.choices.landscape.circle = Some(CircleChoice { a: 0.0, b: 0.0, radius: 0.15 });
    let mut w = open(Settings::default(), kept);
    let known = |app: &App| {
        let chosen = app.choices().landscape.circle.map(CircleChoice::circle);
        !app.awaits_landscape() && app.landscape().walk.as_ref().is_some_and(|walk| Some(walk.circle) == chosen)
    };
    until(&mut w, known);
    let walk = Arc::clone(app(&w).landscape().walk.as_ref().unwrap());
    assert_eq!(walk.loss.last(), Some(&0.0));
    assert!(walk.loss.iter().any(|x| *x != 0.0), "it does change on the way");
    assert!(walk.of(Rule::Timing) != 0.0);
    w.get_by_label("true loss: around the circle 0");
    let around = text::signed(text::value(walk.of(Rule::Timing)));
    w.get_by_label_contains(&format!("; around the circle {around}"));

    let middle = w.get_by_label("Middle of the circle").rect().center();
    drag(&mut w, middle, egui::vec2(40.0, 0.0));
    until(&mut w, known);
    let moved = app(&w).choices().landscape.circle.unwrap();
    assert!(moved.a > 0.02 && moved.b.abs() < 0.02 && moved.radius == 0.15, "{moved:?}");
    let rim = w.get_by_label("Rim of the circle").rect().center();
    drag(&mut w, rim, egui::vec2(-20.0, 0.0));
    until(&mut w, known);
    assert!(app(&w).choices().landscape.circle.unwrap().radius < 0.15);
    assert_ne!(app(&w).landscape().walk.as_ref().unwrap().rules, walk.rules);
}
