//! Sessions: saved and opened bit for bit, with their data elsewhere, damaged, and after a program that was killed.

mod support;

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use spikescape::gui::action::{Action, SessionAction, TimeAction, WindowAction};
use spikescape::gui::app::{App, ViewAddress};
use spikescape::gui::layout::{Panel, Workspace, shown};
use spikescape::gui::state::SavedState;
use spikescape::session::{Session, archive};
use spikescape::snn::Isa;
use spikescape::train::Settings;
use support::{Window, app, open, until};

fn act(window: &mut Window, action: impl Into<Action>) {
    let ctx = window.ctx.clone();
    window.state_mut().as_mut().unwrap().apply(&ctx, action.into());
    window.run_steps(2);
}

/// A window that measures no landscape by itself.
fn plain() -> Window {
    let mut kept = SavedState::default();
    kept.choices.landscape.follow = false;
    open(Settings::default(), kept)
}

fn digest(window: &Window) -> u64 {
    app(window).run_view().frame.as_ref().unwrap().params.digest()
}

fn train_until(window: &mut Window, update: u64) {
    act(window, TimeAction::RunTo(update));
    until(window, |app| app.run_view().update() == update);
}

fn go_to(window: &mut Window, update: u64) {
    act(window, TimeAction::Go(update));
    until(window, |app| app.run_view().update() == update);
}

/// Saves the session with the keys, under this name.
fn save(window: &mut Window, path: &Path) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::S);
    window.run_steps(2);
    if app(window).session().path.is_none() {
        let field = window.get_by_role_and_label(egui::accesskit::Role::TextInput, "File");
        field.focus();
        window.run_steps(1);
        window.key_press_modifiers(Modifiers::COMMAND, Key::A);
        window.get_by_role_and_label(egui::accesskit::Role::TextInput, "File").type_text(&path.to_string_lossy());
        window.run_steps(1);
        window.get_by_role_and_label(egui::accesskit::Role::Button, "Save").click();
        window.run_steps(2);
    }
    until(window, is_saved);
}

fn is_saved(app: &App) -> bool {
    app.session().path.is_some() && !app.session().title(&app.session_mark()).starts_with('•')
}

fn open_session(path: &Path) -> Window {
    let mut window = plain();
    act(&mut window, SessionAction::OpenAt(path.to_owned()));
    until(&mut window, |app| app.session().path.is_some());
    window
}

/// Two runs: a has 70 updates, b goes on from its update 50 until 60. One pin on a at 40.
fn two_runs(window: &mut Window) -> [u64; 4] {
    train_until(window, 70);
    let a = digest(window);
    go_to(window, 40);
    let pinned = digest(window);
    act(window, TimeAction::Pin);
    go_to(window, 50);
    let forked = digest(window);
    act(window, TimeAction::Fork);
    until(window, |app| app.run_view().start == 2 && app.run_view().frame.is_some());
    act(window, spikescape::gui::action::SettingsAction::Rule(spikescape::rule::Rule::Timing));
    train_until(window, 60);
    [a, pinned, forked, digest(window)]
}

#[test]
fn a_session_comes_back_bit_for_bit_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.spikescape");
    let mut first = plain();
    let [a, pinned, forked, b] = two_runs(&mut first);
    let mut choices = app(&first).choices().clone();
    (choices.look_back, choices.neuron) = (7, Some((1, 2)));
    act(&mut first, WindowAction::Choose(Box::new(choices)));
    act(&mut first, WindowAction::Workspace(Workspace::Landscape));
    act(&mut first, WindowAction::OpenPanel(Panel::Samples));
    save(&mut first, &path);
    let bytes = std::fs::read(&path).unwrap();
    save(&mut first, &path);
    act(&mut first, SessionAction::Save);
    until(&mut first, |_| std::fs::read(&path).is_ok_and(|again| again == bytes));

    let mut second = open_session(&path);
    until(&mut second, |app| app.run_view().start == 2 && app.run_view().frame.is_some());
    assert_eq!(digest(&second), b);
    // the effects of the last updates are seen as before, and the path of the landscape is as long
    let spans = |app: &App| app.run_view().live.as_ref().map(|frame| format!("{:?}", frame.spans)).unwrap();
    let seen = spans(app(&first));
    until(&mut second, |app| spans(app) == seen);
    let path =
        |window: &Window| app(window).run_view().live.as_ref().unwrap().path.iter().map(|p| p.0).collect::<Vec<_>>();
    assert_eq!(path(&second), path(&first));
    let (was, is) = (app(&first).run_view(), app(&second).run_view());
    assert_eq!(is.curves, was.curves);
    assert_eq!(is.marks, was.marks);
    assert_eq!((is.parent, is.oldest, is.newest(), is.playing), (Some((1, 50)), 0, 60, false));
    assert_eq!((app(&second).workspace(), app(&second).choices()), (Workspace::Landscape, app(&first).choices()));
    let layout = |window: &Window| app(window).saved_state(&window.ctx).layout;
    assert_eq!(shown(&layout(&second)), shown(&layout(&first)));
    assert!(shown(&layout(&second)).contains(&Panel::Samples));
    go_to(&mut second, 50);
    assert_eq!(digest(&second), forked);
    // the pin is one of the other run
    second.get_by_label("Pin 1 · a40").click();
    until(&mut second, |app| app.run_view().start == 1 && app.run_view().update() == 40);
    assert_eq!(digest(&second), pinned);
    act(&mut second, TimeAction::Live);
    until(&mut second, |app| app.run_view().update() == 70);
    assert_eq!(digest(&second), a);
    // both go on alike
    act(&mut first, TimeAction::Switch(1));
    until(&mut first, |app| app.run_view().start == 1 && app.run_view().update() == 70);
    for window in [&mut first, &mut second] {
        train_until(window, 80);
    }
    assert_eq!(digest(&first), digest(&second));
    assert!(app(&second).session().title(&app(&second).session_mark()).starts_with("• mine.spikescape"));
}

#[test]
fn a_sheet_of_files_has_the_focus_and_no_letter_acts_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let named = |window: &Window, name: &str| {
        let field = window.get_by_role_and_label(egui::accesskit::Role::TextInput, "File");
        assert!(field.is_focused());
        assert_eq!(field.value().unwrap(), file(name).to_string_lossy());
    };
    let mut window = plain();
    train_until(&mut window, 3);
    save(&mut window, &file("mine.spikescape"));
    for action in [SessionAction::Open, SessionAction::SaveAs] {
        act(&mut window, action);
        // the file that was saved last is proposed
        named(&window, "mine.spikescape");
        [Key::P, Key::N, Key::G, Key::Space].into_iter().for_each(|key| window.key_press(key));
        window.run_steps(2);
        let view = app(&window).run_view();
        assert_eq!((app(&window).time().pins.len(), view.start, view.playing), (0, 1, false));
        // its name is selected: what is typed replaces it
        window.event(egui::Event::Text("pin".into()));
        window.run_steps(2);
        named(&window, "pin.spikescape");
        window.key_press(Key::Escape);
        window.run_steps(2);
    }
    act(&mut window, SessionAction::SaveAs);
    window.event(egui::Event::Text("pin".into()));
    window.run_steps(1);
    window.key_press(Key::Enter);
    until(&mut window, |app| app.session().path == Some(file("pin.spikescape")));
    act(&mut window, SessionAction::Open);
    named(&window, "pin.spikescape");
    window.key_press(Key::Escape);
    window.run_steps(2);
    window.key_press(Key::P);
    window.run_steps(2);
    assert_eq!(app(&window).time().pins.len(), 1, "the keys are back");
}

#[test]
fn the_logs_of_a_session_replay_to_its_bits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let mut window = plain();
    let [a, .., b] = two_runs(&mut window);
    save(&mut window, &path);
    // a name without an ending is given one
    let session = archive::open(&path.with_extension("spikescape")).unwrap();
    let replayed = session.runs.iter().map(|run| run.log.replay(Isa::best(), |_| true).unwrap().params().digest());
    assert_eq!(replayed.collect::<Vec<_>>(), [a, b]);
    assert_eq!((session.current, session.pins.len(), session.pins[0].name.as_str()), (2, 1, "Pin 1"));
    let again = archive::from_bytes("it", &archive::to_bytes(&session).unwrap()).unwrap();
    assert_eq!(again, session);
}

#[test]
fn damaged_sessions_are_refused_in_words() {
    let session = Session::of_log(spikescape::record::Log::new(Settings::default()));
    let bytes = archive::to_bytes(&session).unwrap();
    assert_eq!(archive::from_bytes("it", &bytes).unwrap(), session);
    let mut refused = 0;
    for at in (0..bytes.len()).step_by(37) {
        let whole = "Use a whole copy.";
        let cut = archive::from_bytes("it", &bytes[..at]).unwrap_err();
        assert!(cut.starts_with("it is not a whole session of Spikescape: ") && cut.ends_with(whole), "{at}: {cut}");
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x15;
        // times and attributes of an archive mean nothing; whatever is read is what was written
        match archive::from_bytes("it", &damaged) {
            Ok(read) => assert_eq!(read, session, "byte {at}"),
            Err(why) => {
                refused += 1;
                assert!(why.ends_with(['.', '?']), "{at}: {why}");
            }
        }
    }
    assert!(refused > bytes.len() / 37 / 2, "{refused} of {}", bytes.len() / 37);
    assert!(archive::from_bytes("it", b"").is_err());
}

fn with_data(folder: &Path) -> (Settings, PathBuf) {
    let data = folder.join("spikes.csv");
    let spikes: String = (0..40).map(|n| format!("{},{}\n", n * 2, n % 10)).collect();
    let target = folder.join("target.csv");
    std::fs::write(&data, format!("time,neuron\n{spikes}")).unwrap();
    std::fs::write(&target, "time,neuron\n20,0\n40,1\n60,2\n").unwrap();
    let mut settings = Settings::default();
    settings.set_text("task.kind", "own").unwrap();
    settings.set_text("task.data", &data.to_string_lossy()).unwrap();
    settings.set_text("task.target", &target.to_string_lossy()).unwrap();
    (settings, data)
}

#[test]
fn a_session_opens_without_its_data_and_goes_on_once_they_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, data) = with_data(folder.path());
    let path = folder.path().join("b.spikescape");
    let mut window = plain();
    act(&mut window, spikescape::gui::action::TaskAction::Start(Box::new(settings)));
    until(&mut window, |app| app.run_view().settings.task.kind == spikescape::task::TaskKind::Own);
    act(&mut window, spikescape::gui::action::RunAction::Pause);
    let made = app(&window).run_view().newest();
    train_until(&mut window, made + 30);
    let b = digest(&window);
    save(&mut window, &path);
    let curves = app(&window).run_view().curves.clone();

    let elsewhere = folder.path().join("moved.csv");
    std::fs::rename(&data, &elsewhere).unwrap();
    let mut window = open_session(&path);
    assert!(app(&window).run_view().without_data.is_some());
    assert_eq!(app(&window).run_view().curves, curves, "what needs no data is there");
    assert!(window.query_by_label_contains("Where are they now?").is_some());
    let said = data.to_string_lossy().into_owned();
    assert!(window.query_all_by_label_contains(&said).next().is_some(), "what is missing is named");
    // it asks again where something needs them
    window.get_by_label("Not now").click();
    window.run_steps(2);
    assert!(window.query_by_label_contains("Where are they now?").is_none());
    window.key_press(Key::Space);
    window.run_steps(2);
    assert!(window.query_by_label_contains("Where are they now?").is_some());
    act(&mut window, SessionAction::Locate(elsewhere.to_string_lossy().into_owned()));
    until(&mut window, |app| app.run_view().without_data.is_none() && app.run_view().frame.is_some());
    assert_eq!((app(&window).run_view().newest(), digest(&window)), (made + 30, b));
    assert!(window.query_by_label_contains("Where are they now?").is_none());
    train_until(&mut window, made + 40);

    // data that have changed are noticed
    std::fs::rename(&elsewhere, &data).unwrap();
    std::fs::write(&data, std::fs::read_to_string(&data).unwrap().replace("2,1\n", "3,1\n")).unwrap();
    let window = open_session(&path);
    assert!(window.query_all_by_label_contains("have changed since the session was saved").next().is_some());
}

#[test]
fn a_log_opens_as_one_more_run() {
    let mut window = plain();
    train_until(&mut window, 3);
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/log-1.toml");
    act(&mut window, spikescape::gui::action::FileAction::OpenDropped(vec![log]));
    until(&mut window, |app| app.run_view().start == 2 && app.run_view().frame.is_some());
    let log = spikescape::record::Log::from_toml("log", include_str!("formats/log-1.toml")).unwrap();
    assert_eq!((app(&window).run_view().newest(), digest(&window)), (40, log.end.unwrap().digest));
    assert_eq!(app(&window).run_view().curves.loss.buckets().len(), 40);
    assert_eq!(app(&window).kept_runs().iter().map(|run| run.start).collect::<Vec<_>>(), [1]);
}

#[test]
fn an_address_opens_exactly_its_view() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my runs.spikescape");
    let mut window = plain();
    let [_, pinned, ..] = two_runs(&mut window);
    save(&mut window, &path);
    let mut window = plain();
    let ctx = window.ctx.clone();
    let address = ViewAddress { at: Some(40), run: Some("a".into()), workspace: Some(Workspace::Landscape) };
    window.state_mut().as_mut().unwrap().go_to_view(&ctx, address);
    act(&mut window, SessionAction::OpenAt(path.clone()));
    until(&mut window, |app| app.run_view().start == 1 && app.run_view().update() == 40);
    assert_eq!((app(&window).workspace(), digest(&window)), (Workspace::Landscape, pinned));
    let ctx = window.ctx.clone();
    window.state_mut().as_mut().unwrap().apply(&ctx, SessionAction::CopyLink.into());
    let copied = ctx.output(|output| output.commands.iter().find_map(copied_text)).unwrap();
    let words = format!("spikescape '{}' --at 40 --run a --workspace landscape", path.display());
    assert_eq!(copied, words);
}

fn copied_text(command: &egui::OutputCommand) -> Option<String> {
    match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    }
}

#[test]
fn settings_are_pasted_as_text_and_undone_and_redone() {
    let mut window = plain();
    let mut settings = Settings::default();
    settings.set_text("neuron.alpha_i", "0.8").unwrap();
    settings.set_text("rule.rule", "timing").unwrap();
    window.event(egui::Event::Paste(settings.to_toml()));
    until(&mut window, |app| app.form() == &settings);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| app.form() == &Settings::default());
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    until(&mut window, |app| app.form() == &settings);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    until(&mut window, |app| app.form() == &Settings::default());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Y);
    until(&mut window, |app| app.form() == &settings);
    window.event(egui::Event::Paste("no settings at all".into()));
    window.run_steps(3);
    assert!(window.query_all_by_label_contains("What was pasted are no settings.").next().is_some());
}
