//! Walking through the time of a run: moments replayed to the bit with all that was seen of them, forks, runs that are gone
//! back to, and all of it in the window by label.

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use spikescape::engine::{
    AnswerPart, Command, Event, Explorer, Frame, Goal, MomentPart, MomentQuestion, PastOfRun, RecalledMoment, Run,
    SearchPart, SearchQuestion, StoryQuestion,
};
use spikescape::gui::action::TimeAction;
use spikescape::gui::state::SavedState;
use spikescape::record::Log;
use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::spike::{Aligner, Edit};
use spikescape::train::settings::{Change, LiveChange, Value};
use spikescape::train::{Settings, Trainer};
use support::{Window, app, open, until};

const PATIENCE: Duration = Duration::from_secs(60);

fn live(key: &'static str, value: Value) -> Command {
    Command::Set(vec![LiveChange::try_from(Change::to(key, value)).unwrap()])
}

fn frame_of(run: &Run, update: u64) -> Arc<Frame> {
    let begun = Instant::now();
    loop {
        if let Some(frame) = run.frame().filter(|frame| frame.update == update) {
            return frame;
        }
        assert!(begun.elapsed() < PATIENCE, "no frame of update {update}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn event<T>(run: &Run, is: impl Fn(Event) -> Option<T>) -> T {
    loop {
        if let Some(found) = is(run.wait(PATIENCE).expect("it answers")) {
            return found;
        }
    }
}

fn past(run: &Run) -> Arc<PastOfRun> {
    run.send(Command::Past);
    event(run, |event| if let Event::Past(past) = event { Some(past) } else { None })
}

/// The last part of the answer.
fn answer(explorer: &Explorer) -> AnswerPart {
    let begun = Instant::now();
    loop {
        match explorer.answer().map(|answer| answer.part.unwrap()) {
            Some(AnswerPart::Moment(MomentPart::Replayed(..)) | AnswerPart::Search(SearchPart::Passed(_))) => {}
            Some(part) => return part,
            None => assert!(begun.elapsed() < PATIENCE),
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn moment(explorer: &Explorer, past: &Arc<PastOfRun>, update: u64) -> RecalledMoment {
    explorer.ask(MomentQuestion { id: update + 1, past: Arc::clone(past), update, look_back: 30 });
    match answer(explorer) {
        AnswerPart::Moment(MomentPart::Moment(moment)) => *moment,
        other => panic!("{other:?}"),
    }
}

/// Everything that is drawn of a frame, apart from the path of the run, which goes on.
fn seen(frame: &Frame) -> String {
    let Frame { start, update, settings, params, loss, sample, batch, steps, spikes, spans, .. } = frame;
    let digest = params.digest();
    format!("{start} {update} {settings:?} {digest} {loss} {sample:?} {batch:?} {steps} {spikes:?} {spans:?}")
}

fn quick() -> (Run, Explorer) {
    let run = Run::start(Settings::default(), 1, Arc::new(|| {})).unwrap();
    run.send(Command::LookBack(30));
    (run, Explorer::start(Arc::new(|| {})).unwrap())
}

#[test]
fn a_moment_is_seen_again_as_it_was_seen() {
    let (run, explorer) = quick();
    let mut frames = Vec::new();
    for update in 1..=90 {
        match update {
            40 => run.send(live("rule.rule", Value::Choice("timing"))),
            // another sample is watched: what came before is not compared with what comes then
            60 => run.send(live("run.q", Value::Real(0.5))),
            _ => {}
        }
        run.send(Command::Advance(1));
        frames.push(frame_of(&run, update));
    }
    run.send(Command::Advance(1500));
    frame_of(&run, 1590);
    let past = past(&run);
    for before in frames.iter().rev().step_by(7).chain(&frames[..3]) {
        let again = moment(&explorer, &past, before.update);
        assert_eq!(seen(&again.frame), seen(before), "update {}", before.update);
    }
}

#[test]
fn a_run_goes_on_from_a_moment_of_its_past_and_the_first_one_is_gone_back_to() {
    let (run, explorer) = quick();
    run.send(Command::Advance(200));
    let last = frame_of(&run, 200);
    let at = moment(&explorer, &past(&run), 120);
    run.send(Command::Fork(Box::new(at.moment)));
    let (start, update, parent) = event(&run, |event| match event {
        Event::Started { start: 2, update, parent, .. } => Some((2, update, parent)),
        _ => None,
    });
    assert_eq!((start, update, parent), (2, 120, Some(1)));
    run.send(live("rule.rule", Value::Choice("timing")));
    run.send(Command::Advance(50));
    let fork = frame_of(&run, 170);
    assert_eq!(fork.start, 2);
    // what it shares with the first run can be gone back to, too
    let before = moment(&explorer, &past(&run), 60);
    assert_eq!((before.frame.update, before.frame.start), (60, 2));
    // its log alone gives its bits
    run.send(Command::Log);
    let log: Log = event(&run, |event| if let Event::Log(log) = event { Some(*log) } else { None });
    let replayed = log.replay(Isa::best(), |_| true).unwrap();
    assert_eq!((replayed.update(), replayed.params().digest()), (170, fork.params.digest()));
    // and the same by hand
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..120).for_each(|_| trainer.step().unwrap());
    let mut settings = trainer.settings().clone();
    settings.rule.rule = Rule::Timing;
    trainer.set(settings).unwrap();
    (0..50).for_each(|_| trainer.step().unwrap());
    assert_eq!(trainer.params().digest(), fork.params.digest());

    run.send(Command::Switch(1));
    event(&run, |event| (event == Event::Switched(1)).then_some(()));
    run.send(Command::Advance(10));
    let on = frame_of(&run, 210);
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..210).for_each(|_| trainer.step().unwrap());
    assert_eq!((on.start, on.params.digest()), (1, trainer.params().digest()));
    assert_ne!(on.params.digest(), last.params.digest());
}

#[test]
fn the_nearest_change_of_a_neurons_spikes_is_found_both_ways() {
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    let outputs = |trainer: &Trainer| trainer.spikes().last().unwrap().clone();
    let train = |raster: &spikescape::spike::Raster, unit| {
        raster.iter().filter(|(_, u)| *u == unit).map(|(step, _)| step).collect::<Vec<_>>()
    };
    let (mut changed, mut before) = (Vec::new(), outputs(&trainer));
    for update in 1..=600 {
        trainer.step().unwrap();
        let now = outputs(&trainer);
        if train(&now, 2) != train(&before, 2) {
            changed.push(update);
        }
        before = now;
    }
    assert!(changed.len() > 3, "{changed:?}");
    let (run, explorer) = quick();
    run.send(Command::Advance(600));
    frame_of(&run, 600);
    let past = past(&run);
    let mut id = 0;
    let mut search = |from: u64, forward: bool| {
        id += 1;
        explorer.ask(SearchQuestion { id, past: Arc::clone(&past), from, forward, neuron: Some((1, 2)), step: None });
        match answer(&explorer) {
            AnswerPart::Search(SearchPart::Found(update)) => Some(update),
            AnswerPart::Search(SearchPart::Nothing) => None,
            other => panic!("{other:?}"),
        }
    };
    for from in [0, 1, changed[1], changed[1] + 1, 300, 599, 600] {
        let next = changed.iter().copied().find(|u| *u > from);
        let previous = changed.iter().copied().rev().find(|u| *u < from);
        assert_eq!((search(from, true), search(from, false)), (next, previous), "from {from}");
    }
}

#[test]
fn a_run_pauses_at_the_first_update_with_its_goal() {
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    let mut losses = Vec::new();
    for _ in 0..80 {
        trainer.step().unwrap();
        losses.push(trainer.loss());
    }
    let wanted = losses.iter().copied().fold(f64::INFINITY, f64::min) + 1e-3;
    let first = losses.iter().position(|loss| *loss <= wanted).unwrap() as u64 + 1;
    let (run, _) = quick();
    run.send(Command::Until(Goal::Loss(wanted)));
    let goal = event(&run, |event| if let Event::Reached(goal) = event { Some(goal) } else { None });
    assert_eq!((goal, frame_of(&run, first).update), (Goal::Loss(wanted), first));
    // what no update of this task can bring is refused
    run.send(Command::Until(Goal::Epoch(2)));
    let why = event(&run, |event| if let Event::Refused(why) = event { Some(why) } else { None });
    assert!(why.contains("only where samples have classes"), "{why}");
    // one that is reached already pauses at once; playing on forgets it
    run.send(Command::Until(Goal::Loss(f64::MAX)));
    event(&run, |event| matches!(event, Event::Reached(_)).then_some(()));
    run.send(Command::Advance(5));
    frame_of(&run, first + 5);
}

#[test]
fn less_memory_for_history_leaves_every_moment_as_it_was() {
    let (run, explorer) = quick();
    run.send(Command::Advance(700));
    let before = frame_of(&run, 700).history_bytes;
    run.send(Command::HistoryBudget(1 << 20));
    run.send(Command::Advance(1));
    let after = frame_of(&run, 701).history_bytes;
    assert!(after <= 1 << 19 && after < before, "{after} of {before} bytes");
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..333).for_each(|_| trainer.step().unwrap());
    let again = moment(&explorer, &past(&run), 333);
    assert_eq!(again.frame.params.digest(), trainer.params().digest());
}

#[test]
fn the_window_runs_to_a_goal() {
    let mut window = open(Settings::default(), SavedState::default());
    window.get_by_label("Run to…").click();
    window.run_steps(3);
    window.get_by_label("Run to update").hover();
    window.run_steps(2);
    let losses = window.get_by_role_and_label(egui::Role::SpinButton, "Loss at most");
    losses.click();
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.get_by_role_and_label(egui::Role::SpinButton, "Loss at most").type_text("0.6");
    window.run_steps(2);
    window.get_by_label("Run to loss at most").click();
    until(&mut window, |app| app.run_view().newest() > 0 && !app.run_view().playing);
    until(&mut window, |app| app.run_view().frame.as_ref().is_some_and(|frame| frame.loss <= 0.6));
    assert!(window.query_all_by_label_contains("the loss is at most 0.6").next().is_some());
}

/// What became of a spike, followed update by update.
fn followed(trains: &[Vec<u32>], update: usize, step: u32) -> Vec<(u64, Edit)> {
    let edits = |update: usize| {
        let mut edits = Vec::new();
        let q = Settings::default().run.shift_cost;
        Aligner::default().align(&trains[update - 1], &trains[update], q, |edit| edits.push(edit));
        edits
    };
    let (mut story, mut at) = (Vec::new(), step);
    for u in (1..=update).rev() {
        for edit in edits(u) {
            match edit {
                Edit::Shifted { from, to } if to == at => {
                    story.insert(0, (u as u64, edit));
                    at = from;
                    break;
                }
                Edit::Created { step } if step == at => {
                    story.insert(0, (u as u64, edit));
                    at = u32::MAX;
                    break;
                }
                _ => {}
            }
        }
    }
    at = step;
    for u in update + 1..trains.len() {
        for edit in edits(u) {
            match edit {
                Edit::Shifted { from, to } if from == at => {
                    story.push((u as u64, edit));
                    at = to;
                    break;
                }
                Edit::Removed { step } if step == at => {
                    story.push((u as u64, edit));
                    at = u32::MAX;
                    break;
                }
                _ => {}
            }
        }
    }
    story
}

#[test]
fn the_story_of_a_spike_is_what_its_updates_did() {
    let neuron =
        |trainer: &Trainer, layer: usize, unit: usize| trainer.spikes().nth(layer).unwrap().trains().of(unit).to_vec();
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    let mut trains = vec![vec![neuron(&trainer, 0, 3), neuron(&trainer, 1, 2)]];
    for _ in 0..320 {
        trainer.step().unwrap();
        trains.push(vec![neuron(&trainer, 0, 3), neuron(&trainer, 1, 2)]);
    }
    let (run, explorer) = quick();
    // little memory, so that there is something to replay
    run.send(Command::HistoryBudget(1 << 19));
    run.send(Command::Advance(320));
    frame_of(&run, 320);
    let past = past(&run);
    let (mut id, mut events) = (0, 0);
    for (layer, unit) in [(0usize, 3u32), (1, 2)] {
        let own: Vec<Vec<u32>> = trains.iter().map(|both| both[layer].clone()).collect();
        for update in [0usize, 1, 90, 200, 320] {
            for &step in own[update].iter().take(2) {
                id += 1;
                explorer.ask(StoryQuestion { id, past: Arc::clone(&past), update: update as u64, layer, unit, step });
                let story = loop {
                    match answer(&explorer) {
                        AnswerPart::Story(part) if part.whole => break part,
                        AnswerPart::Story(_) => {}
                        other => panic!("{other:?}"),
                    }
                };
                let told: Vec<(u64, Edit)> = story.events.iter().map(|event| (event.update, event.edit)).collect();
                assert_eq!(told, followed(&own, update, step), "step {step} of {layer}, {unit} at {update}");
                assert!(story.events.iter().all(|event| event.rule == Settings::default().rule.rule));
                events += told.len();
            }
        }
    }
    assert!(events > 10, "{events}");
}

#[test]
fn the_window_tells_the_story_of_a_spike_and_jumps_to_its_updates() {
    let mut window = open(Settings::default(), SavedState::default());
    act(&mut window, TimeAction::RunTo(60));
    until(&mut window, |app| app.run_view().update() == 60);
    let frame = app(&window).run_view().frame.clone().unwrap();
    let (step, unit) = frame.spikes[1].iter().next().expect("an output spikes");
    act(&mut window, TimeAction::Story { layer: 1, unit, step: step as u32 });
    until(&mut window, |app| app.time().story.as_ref().is_some_and(|s| s.told.as_ref().is_some_and(|told| told.whole)));
    let first = app(&window).time().story.as_ref().unwrap().told.as_ref().unwrap().events.first().copied();
    assert!(window.query_all_by_label_contains("Story of a spike of output").next().is_some());
    if let Some(event) = first {
        window.get_all_by_label(&format!("Update {}", event.update)).next().unwrap().click();
        until(&mut window, |app| app.run_view().update() == event.update);
    }
    act(&mut window, TimeAction::CloseStory);
    assert!(window.query_all_by_label_contains("Story of a spike").next().is_none());
}

fn act(window: &mut Window, action: TimeAction) {
    let ctx = window.ctx.clone();
    window.state_mut().as_mut().unwrap().apply(&ctx, action.into());
    window.run_steps(2);
}

fn shown(window: &Window) -> u64 {
    app(window).run_view().update()
}

#[test]
fn the_window_goes_back_and_on_and_follows_again() {
    let mut window = open(Settings::default(), SavedState::default());
    // a number that lies ahead is trained until
    let field = window.get_by_label("Update that is looked at");
    field.focus();
    window.run_steps(1);
    window.get_by_label("Update that is looked at").type_text("150");
    window.run_steps(1);
    window.key_press(Key::Enter);
    window.run_steps(2);
    until(&mut window, |app| app.run_view().update() == 150 && !app.run_view().playing);
    let newest = app(&window).run_view().frame.clone().unwrap();
    window.key_press(Key::ArrowLeft);
    until(&mut window, |app| app.run_view().update() == 149);
    window.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    until(&mut window, |app| app.run_view().update() == 139);
    window.key_press(Key::Home);
    until(&mut window, |app| app.run_view().update() == 0);
    assert_eq!(app(&window).run_view().newest(), 150);
    window.key_press(Key::ArrowRight);
    until(&mut window, |app| app.run_view().update() == 1);
    window.get_by_label("Live").click();
    window.run_steps(2);
    assert_eq!(shown(&window), 150);
    assert!(Arc::ptr_eq(&newest, app(&window).run_view().frame.as_ref().unwrap()));
}

#[test]
fn the_window_forks_pins_and_goes_back_to_the_first_run() {
    let mut window = open(Settings::default(), SavedState::default());
    window.key_press(Key::ArrowRight);
    until(&mut window, |app| app.run_view().update() == 1);
    for update in 2..=6 {
        window.key_press(Key::ArrowRight);
        until(&mut window, |app| app.run_view().update() == update);
    }
    window.key_press(Key::ArrowLeft);
    window.key_press(Key::ArrowLeft);
    until(&mut window, |app| app.run_view().update() == 4);
    window.get_by_label("Pin").click();
    window.run_steps(2);
    assert_eq!(app(&window).time().pins.len(), 1);
    window.get_by_label("Go on from here").click();
    until(&mut window, |app| app.run_view().start == 2 && app.run_view().frame.is_some());
    assert_eq!((shown(&window), app(&window).run_view().parent), (4, Some((1, 4))));
    // the last update is that of the first run
    until(&mut window, |app| app.run_view().frame.as_ref().is_some_and(|frame| frame.spans.last.from == 3));
    assert_eq!(app(&window).run_view().curves.created.buckets().len(), 4, "its past is that of the first run");
    let kept: Vec<(u32, u64)> = app(&window).kept_runs().iter().map(|run| (run.start, run.newest())).collect();
    assert_eq!(kept, [(1, 6)]);
    window.key_press(Key::ArrowRight);
    until(&mut window, |app| app.run_view().update() == 5);
    window.get_by_label("a: ANTLR, 6").click();
    until(&mut window, |app| app.run_view().start == 1 && app.run_view().update() == 6);
    window.get_by_label("Pin 1 · a4").click();
    until(&mut window, |app| app.run_view().update() == 4);
    assert_eq!(app(&window).kept_runs().iter().count(), 1);
}

#[test]
fn a_pin_is_renamed_and_removed_by_its_menu_and_comes_back() {
    let mut window = open(Settings::default(), SavedState::default());
    window.key_press(Key::P);
    window.run_steps(2);
    window.get_by_label("Pin 1 · a0").click_secondary();
    window.run_steps(2);
    window.get_by_label("Rename").click();
    window.run_steps(3);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.event(egui::Event::Text("before".into()));
    window.run_steps(1);
    window.key_press(Key::Enter);
    window.run_steps(2);
    assert_eq!(app(&window).time().pins[0].name, "before");
    window.get_by_label("before · a0").click_secondary();
    window.run_steps(2);
    window.get_by_label("Remove").click();
    window.run_steps(2);
    assert!(app(&window).time().pins.is_empty());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run_steps(2);
    assert_eq!(app(&window).time().pins[0].name, "before");
}

#[test]
fn the_newest_update_is_no_moment_of_the_past() {
    let mut window = open(Settings::default(), SavedState::default());
    act(&mut window, TimeAction::RunTo(3));
    until(&mut window, |app| app.run_view().update() == 3 && !app.run_view().playing);
    act(&mut window, TimeAction::Go(3));
    assert!(window.query_by_label("The newest update").is_some());
    act(&mut window, TimeAction::Go(2));
    until(&mut window, |app| app.run_view().update() == 2);
    assert!(window.query_by_label("A moment of the past, 1 update ago").is_some());
}

#[test]
fn a_restart_keeps_the_run_before() {
    let mut window = open(Settings::default(), SavedState::default());
    window.key_press(Key::ArrowRight);
    until(&mut window, |app| app.run_view().update() == 1);
    window.key_press(Key::R);
    until(&mut window, |app| app.run_view().start == 2 && app.run_view().frame.is_some());
    assert_eq!(app(&window).kept_runs().iter().count(), 1);
    window.get_by_label("a: ANTLR, 1").click_secondary();
    window.run_steps(2);
    assert_eq!(app(&window).kept_runs().iter().count(), 1, "the click opens a menu");
    window.get_by_label("Remove").click();
    window.run_steps(2);
    assert!(window.query_by_label_contains("Run a was removed. Ctrl + Z brings it back.").is_some());
    assert_eq!(app(&window).kept_runs().iter().count(), 0, "it was removed");
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run_steps(2);
    assert_eq!(app(&window).kept_runs().iter().count(), 1, "and is there again");
}
