//! A program that is killed at any moment has left a journal from which the next one goes on, and two programs leave each
//! other alone. The program that is killed is this test once more, as a process of its own.

mod support;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use egui_kittest::kittest::Queryable;
use spikescape::engine::Speed;
use spikescape::gui::action::{Action, RunAction, SettingsAction, TimeAction};
use spikescape::gui::state::SavedState;
use spikescape::rule::Rule;
use spikescape::session::{Session, journal};
use spikescape::snn::Isa;
use spikescape::train::Settings;
use support::{Window, app, open, until};

/// Where the child keeps its journal, and its seed.
const BASE: &str = "SPIKESCAPE_TEST_JOURNAL";
const SEED: &str = "SPIKESCAPE_TEST_SEED";

/// Programs that are killed.
const KILLS: u64 = 8;

/// xorshift: the tests are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

fn act(window: &mut Window, action: impl Into<Action>) {
    let ctx = window.ctx.clone();
    window.state_mut().as_mut().unwrap().apply(&ctx, action.into());
    window.run_steps(1);
}

/// The program: trains, forks, pins, begins anew and draws nothing, until it is killed.
#[test]
#[ignore = "the process that the other tests start and kill"]
fn a_program_that_is_killed() {
    let (Ok(base), Ok(seed)) = (std::env::var(BASE), std::env::var(SEED)) else { return };
    let mut random = Random(seed.parse().unwrap());
    let mut window = open(Settings::default(), SavedState::default());
    window.state_mut().as_mut().unwrap().keep_journal(Path::new(&base));
    act(&mut window, RunAction::Speed(Speed::Unlimited));
    let begun = Instant::now();
    // whoever started it may be killed itself
    while begun.elapsed() < Duration::from_secs(60) {
        let newest = app(&window).run_view().newest();
        match random.below(5) {
            0 => act(&mut window, TimeAction::Pin),
            1 => act(&mut window, SettingsAction::Rule(Rule::ALL[random.below(3) as usize])),
            2 if newest > 5 => {
                act(&mut window, TimeAction::Go(newest - random.below(5)));
                act(&mut window, TimeAction::Fork);
            }
            3 => act(&mut window, SettingsAction::NewSeed),
            _ => act(&mut window, RunAction::Advance(5 + random.below(60))),
        }
        for _ in 0..random.below(25) {
            window.run_steps(1);
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn start(base: &Path, seed: u64) -> Child {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", "a_program_that_is_killed", "--ignored", "--nocapture"]);
    program.env(BASE, base).env(SEED, seed.to_string());
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits until something is written below `base`, and a while.
fn wait_for_journal(base: &Path, journals: usize, more: Duration) {
    let begun = Instant::now();
    let written =
        |folder: std::fs::DirEntry| folder.path().join("journal-00000001").metadata().is_ok_and(|m| m.len() > 20);
    while std::fs::read_dir(base).unwrap().flatten().map(written).filter(|is| *is).count() < journals {
        assert!(begun.elapsed() < Duration::from_secs(60), "no journal was written");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(more);
}

/// Every run of it replays from its log to its bits; how many updates they have.
fn checked(session: &Session) -> u64 {
    let mut updates = 0;
    for run in &session.runs {
        let now = run.now.as_ref().expect("it is there");
        let replayed = run.log.replay(Isa::best(), |_| true).unwrap();
        assert_eq!(replayed.params().digest(), now.params.digest(), "run {}", run.start);
        assert_eq!(replayed.update(), now.update);
        updates += now.update;
    }
    updates
}

#[test]
fn a_program_that_was_killed_has_left_its_runs_bit_for_bit() {
    let mut random = Random(0x5eed);
    let (mut opened, mut updates) = (0, 0);
    for seed in 1..=KILLS {
        let base = tempfile::tempdir().unwrap();
        let mut program = start(base.path(), seed * 7919);
        wait_for_journal(base.path(), 1, Duration::from_millis(random.below(2500)));
        program.kill().unwrap();
        program.wait().unwrap();
        let mut found = journal::found(base.path());
        assert_eq!(found.len(), 1);
        // none where the very first record was not whole yet
        if let Some(session) = found[0].session().unwrap() {
            opened += 1;
            updates += checked(&session);
        }
        found.remove(0).remove();
        assert_eq!(std::fs::read_dir(base.path()).unwrap().count(), 0);
    }
    assert!(opened >= KILLS - 2 && updates > KILLS, "{opened} of {KILLS} sessions with {updates} updates");
}

#[test]
fn two_programs_at_once_leave_each_other_alone_and_the_next_offers_to_go_on() {
    let base = tempfile::tempdir().unwrap();
    let mut programs = [start(base.path(), 11), start(base.path(), 22)];
    wait_for_journal(base.path(), 2, Duration::from_millis(1500));
    assert!(journal::found(base.path()).is_empty(), "both live");
    programs[0].kill().unwrap();
    programs[0].wait().unwrap();

    let mut window = open(Settings::default(), SavedState::default());
    window.state_mut().as_mut().unwrap().keep_journal(base.path());
    until(&mut window, |app| app.session().found.is_some());
    let left = app(&window).session().found.as_ref().unwrap().session.clone();
    window.get_by_label("Go on with it").click();
    let current = left.runs.iter().find(|run| run.start == left.current).unwrap();
    until(&mut window, |app| {
        let view = app.run_view();
        (view.start, view.newest(), view.frame.is_some()) == (left.current, current.newest(), true)
            && app.time().pins.len() == left.pins.len()
            && app.kept_runs().iter().count() + 1 == left.runs.len()
    });
    assert!(app(&window).session().found.is_none());

    // the one that lives goes on; its journal is found once it is dead
    assert!(journal::found(base.path()).is_empty());
    programs[1].kill().unwrap();
    programs[1].wait().unwrap();
    let found = journal::found(base.path());
    assert_eq!(found.len(), 1, "that of the first is a part of this program's own by now");
    checked(&found[0].session().unwrap().unwrap());
    // a program that ends in order leaves nothing
    found.into_iter().for_each(journal::FoundJournal::remove);
    drop(window);
    assert_eq!(std::fs::read_dir(base.path()).unwrap().count(), 0);
}

fn left(base: &Path) -> Option<Session> {
    journal::found(base).first().and_then(|journal| journal.session().unwrap())
}

#[test]
fn what_is_not_saved_is_offered_again_after_an_end_in_order_and_after_another_session() {
    let (base, other) = (tempfile::tempdir().unwrap(), "tests/formats/session-1.spikescape");
    let begin = |pin: bool| {
        let mut window = open(Settings::default(), SavedState::default());
        window.state_mut().as_mut().unwrap().keep_journal(base.path());
        act(&mut window, TimeAction::RunTo(7));
        until(&mut window, |app| app.run_view().update() == 7);
        if pin {
            act(&mut window, TimeAction::Pin);
        }
        window
    };
    let close = |mut window: Window| window.state_mut().as_mut().unwrap().close(0.0);
    close(begin(false));
    assert_eq!(left(base.path()), None, "a run that was only watched");
    close(begin(true));
    let session = left(base.path()).unwrap();
    assert_eq!((session.pins.len(), checked(&session)), (1, 7));
    // it is offered: no letter acts behind that, and Enter goes on with it
    let mut window = open(Settings::default(), SavedState::default());
    window.state_mut().as_mut().unwrap().keep_journal(base.path());
    until(&mut window, |app| app.session().found.is_some());
    window.key_press(egui::Key::P);
    window.key_press(egui::Key::N);
    window.run_steps(2);
    assert_eq!((app(&window).time().pins.len(), app(&window).run_view().start), (0, 1));
    window.key_press(egui::Key::Enter);
    until(&mut window, |app| app.session().found.is_none() && app.run_view().newest() == 7);
    assert_eq!(app(&window).time().pins.len(), 1);
    drop(window);
    journal::found(base.path()).into_iter().for_each(journal::FoundJournal::remove);

    let mut window = begin(true);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(other);
    act(&mut window, spikescape::gui::action::SessionAction::OpenAt(path));
    until(&mut window, |app| app.session().path.is_some());
    let begun = Instant::now();
    while left(base.path()).is_none() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the session before is not there");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(left(base.path()).unwrap().pins.len(), 1);
    close(window);
    assert_eq!(journal::found(base.path()).len(), 1, "the one that was opened is saved");
}

#[test]
fn what_was_saved_is_not_offered_again_even_if_the_program_is_killed() {
    let (base, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = folder.path().join("mine.spikescape");
    let mut window = open(Settings::default(), SavedState::default());
    window.state_mut().as_mut().unwrap().keep_journal(base.path());
    act(&mut window, TimeAction::RunTo(7));
    until(&mut window, |app| app.run_view().update() == 7);
    act(&mut window, TimeAction::Pin);
    wait_for_journal(base.path(), 1, Duration::ZERO);
    let files = || {
        let folders = std::fs::read_dir(base.path()).unwrap().flatten();
        let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).unwrap().flatten());
        files.filter(|file| file.file_name().to_string_lossy().starts_with("journal-")).count()
    };
    act(&mut window, spikescape::gui::action::SessionAction::SaveAs);
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    window.event(egui::Event::Text(path.to_string_lossy().into_owned()));
    window.run_steps(1);
    window.key_press(egui::Key::Enter);
    until(&mut window, |app| app.session().path.is_some());
    // a program that is killed now leaves what is there now
    until(&mut window, |_| files() == 0);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(1500) {
        window.run_steps(1);
        assert_eq!(files(), 0, "nothing is new");
    }
    // what is new is kept as before
    act(&mut window, TimeAction::Pin);
    until(&mut window, |_| files() == 1);
}
