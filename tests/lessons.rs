//! Every built-in lesson in the window, by its labels: step by step, as its solutions say, answered wrongly, and skipped.

mod support;

use std::time::{Duration, Instant};

use support::{Window, app};

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};

use spikescape::gui::action::{LessonAction, WindowAction};
use spikescape::gui::app::App;
use spikescape::gui::state::SavedState;
use spikescape::lesson::walk::{StepAnswer, StepRecord};
use spikescape::lesson::{Lesson, LessonMove, StepKind, builtin};
use spikescape::train::Settings;
use spikescape::train::settings::Value;

fn open() -> Window {
    support::open(Settings::default(), SavedState { theme: egui::ThemePreference::Dark, ..SavedState::default() })
}

/// Draws frames until the program is as `is` says: digits take their time without optimisation.
fn until(w: &mut Window, is: impl Fn(&App) -> bool) {
    let begun = Instant::now();
    while !is(app(w)) {
        assert!(begun.elapsed() < Duration::from_secs(600), "it did not come to that");
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
    w.run_steps(2);
}

fn app_mut(w: &mut Window) -> &mut App {
    w.state_mut().as_mut().unwrap()
}

fn click(w: &mut Window, name: &str) {
    w.get_by_role_and_label(Role::Button, name).click();
    w.run_steps(3);
}

fn type_into(w: &mut Window, name: &str, text: &str) {
    w.get_by_role_and_label(Role::SpinButton, name).click();
    w.run_steps(2);
    w.key_press_modifiers(Modifiers::COMMAND, Key::A);
    w.run_steps(1);
    w.get_by_role_and_label(Role::SpinButton, name).type_text(text);
    w.run_steps(2);
    w.key_press(Key::Enter);
    w.run_steps(3);
}

/// Moves a slider as a screen reader does.
fn slide(w: &mut Window, name: &str, value: f64) {
    w.get_by_role_and_label(Role::Slider, name).set_value_accesskit(value);
    w.run_steps(3);
}

fn begin(w: &mut Window, number: usize) {
    click(w, "Lessons");
    let title = builtin::numbered(number).unwrap().title;
    w.get_by_label_contains(&format!("{number}  {title}")).click();
    w.run_steps(2);
    until(w, |a| a.open_lesson().is_some_and(|open| open.setting_up.is_none()));
}

fn updates(a: &App) -> u64 {
    a.run_view().live.as_ref().map_or(0, |frame| frame.update)
}

fn record(w: &Window, step: usize) -> StepRecord {
    app(w).open_lesson().unwrap().walk.progress.records[step].clone()
}

/// Does with mouse and keys what a move says.
fn perform(w: &mut Window, done: &LessonMove) {
    match done {
        LessonMove::Advance(more) => {
            let to = updates(app(w)) + more;
            click(w, "Run");
            until(w, |a| updates(a) >= to);
            click(w, "Pause");
            until(w, |a| !a.run_view().playing);
        }
        LessonMove::Rule(rule) => {
            click(w, rule.label());
            until(w, |a| a.run_view().settings.rule.rule == *rule);
        }
        LessonMove::Restart => {
            let start = app(w).run_view().start;
            click(w, "Restart");
            until(w, |a| a.run_view().start != start && a.run_view().live.is_some());
        }
        LessonMove::NewSeed => click(w, "New seed"),
        LessonMove::Set(change) => {
            match &change.value {
                Value::Switch(_) => w.get_by_role_and_label(Role::CheckBox, change.field.label).click(),
                Value::Choice(_) | Value::Layers(_) | Value::Shape(_) | Value::Text(_) => panic!("{change:?}"),
                number => type_into(w, change.field.label, &number.to_text()),
            }
            until(w, |a| change.field.get(a.form()) == change.value);
        }
        // rasters and landscapes are drawn, and have no labels within
        LessonMove::Select { output, unit } => {
            let layer = if *output { app(w).run_view().live.as_ref().unwrap().spikes.len() - 1 } else { 0 };
            let mut choices = app(w).choices().clone();
            choices.neuron = Some((layer, *unit));
            act(w, WindowAction::Choose(Box::new(choices)).into());
        }
        LessonMove::Pin => {
            until(w, |a| a.landscape().shown().is_some());
            act(w, spikescape::gui::action::LandscapeAction::Pin(Some((3, 3))).into());
        }
        LessonMove::GoTo(update) => act(w, spikescape::gui::action::TimeAction::Go(*update).into()),
        LessonMove::Live => act(w, spikescape::gui::action::TimeAction::Live.into()),
        LessonMove::BenchSpike { line, step } => {
            type_into(w, "Bench step", &step.to_string());
            click(w, &format!("Spike on line {}", line + 1));
        }
        LessonMove::BenchWeight { line, weight } => slide(w, &format!("Weight {}", line + 1), *weight),
        LessonMove::BenchDecay { current: true, alpha } => slide(w, "Current decay α_i", *alpha),
        LessonMove::BenchDecay { current: false, alpha } => slide(w, "Potential decay α_v", *alpha),
    }
    w.run_steps(3);
}

fn act(w: &mut Window, action: spikescape::gui::action::Action) {
    let ctx = w.ctx.clone();
    app_mut(w).apply(&ctx, action);
    w.run_steps(3);
}

/// Goes through a lesson as its solutions say; `wrong` answers every question with its first answer.
fn walk(number: usize) {
    let lesson = builtin::numbered(number).unwrap();
    let mut w = open();
    begin(&mut w, number);
    for (n, step) in lesson.steps.iter().enumerate() {
        assert_eq!(app(&w).open_lesson().unwrap().walk.at(), n, "lesson {number}");
        until(&mut w, |a| a.open_lesson().unwrap().setting_up.is_none());
        match &step.kind {
            StepKind::Do { solution, .. } => {
                assert_eq!(record(&w, n), StepRecord::Open, "lesson {number}, step {}: done before it was", n + 1);
                for done in solution {
                    perform(&mut w, done);
                }
                until(&mut w, |a| a.open_lesson().unwrap().walk.progress.records[n] == StepRecord::Done);
                assert!(w.query_by_label_contains("Done:").is_some());
            }
            StepKind::Choose { choices, .. } => answer(&mut w, &lesson, n, Some(&choices[0].text)),
            StepKind::Guess { .. } => answer(&mut w, &lesson, n, None),
            StepKind::See { proof } => {
                let said = if proof.is_some() { "Measured:" } else { "See" };
                assert!(w.query_by_label_contains(said).is_some(), "lesson {number}, step {}", n + 1);
            }
            StepKind::Read => {}
        }
        let last = n + 1 == lesson.steps.len();
        // a last step that was done is the end
        if !(last && record(&w, n).is_passed()) {
            click(&mut w, if last { "Finish" } else { "Next" });
        }
    }
    assert!(app(&w).open_lesson().unwrap().walk.progress.is_over());
    w.run_steps(3);
    assert!(w.query_by_label_contains("every one is done").is_some(), "lesson {number}");
    click(&mut w, "Leave");
    assert!(app(&w).open_lesson().is_none());
    let kept = app(&w).saved_state(&w.ctx.clone());
    assert!(kept.lessons[&lesson.id].is_over());
}

/// Answers the question in view, and waits for what is found.
fn answer(w: &mut Window, lesson: &Lesson, n: usize, choice: Option<&str>) {
    let step = &lesson.steps[n];
    if let Some(choice) = choice {
        // until it is answered nothing runs
        if w.query_by_role_and_label(Role::Button, "Run").is_some() {
            let before = updates(app(w));
            click(w, "Run");
            w.run_steps(5);
            assert!(!app(w).run_view().playing && updates(app(w)) == before);
            assert!(w.query_by_label_contains("asks for your prediction first").is_some());
        }
        w.get_by_role_and_label(Role::RadioButton, choice).click();
        w.run_steps(2);
    } else {
        let button = if step.run() > 0 { "Answer and run" } else { "Answer" };
        assert!(w.get_by_role_and_label(Role::Button, button).accesskit_node().is_disabled(), "before a guess");
        type_into(w, "Your guess", "1");
    }
    // while it asks, nothing else answers
    assert!(w.query_by_label_contains("Ill: ").is_none());
    click(w, if step.run() > 0 { "Answer and run" } else { "Answer" });
    until(w, |a| a.open_lesson().unwrap().walk.progress.records[n].is_passed());
    let StepRecord::Answered(StepAnswer { found: Some(found), .. }) = record(w, n) else { panic!("step {}", n + 1) };
    assert!(w.query_by_label_contains("asks for your prediction first").is_none(), "it stays longer than it is true");
    let said = if found.right { "As you expected." } else { "Not as you expected." };
    w.run_steps(2);
    assert!(w.query_by_label_contains(said).is_some() && w.query_by_label_contains("Found:").is_some(), "{found:?}");
}

#[test]
fn lesson_1_is_walked_by_its_labels() {
    walk(1);
}

#[test]
fn lesson_2_is_walked_by_its_labels() {
    walk(2);
}

#[test]
fn lesson_3_is_walked_by_its_labels() {
    walk(3);
}

#[test]
fn lesson_4_is_walked_by_its_labels() {
    walk(4);
}

#[test]
fn lesson_5_is_walked_by_its_labels() {
    walk(5);
}

#[test]
fn lesson_6_is_walked_by_its_labels() {
    walk(6);
}

#[test]
fn lesson_7_is_walked_by_its_labels() {
    walk(7);
}

#[test]
fn every_step_can_be_skipped_and_is_said_to_be() {
    for number in 1..=builtin::FILES.len() {
        let lesson = builtin::numbered(number).unwrap();
        let mut w = open();
        begin(&mut w, number);
        for (n, step) in lesson.steps.iter().enumerate() {
            until(&mut w, |a| a.open_lesson().unwrap().setting_up.is_none());
            let reads = matches!(step.kind, StepKind::Read | StepKind::See { .. });
            let name = match (reads, n + 1 == lesson.steps.len()) {
                (true, false) => "Next",
                (true, true) => "Finish",
                (false, _) if matches!(step.kind, StepKind::Do { .. }) => "Skip this step",
                (false, _) => "Skip this prediction",
            };
            click(&mut w, name);
            let expected = if reads { StepRecord::Done } else { StepRecord::Skipped };
            assert_eq!(record(&w, n), expected, "lesson {number}, step {}", n + 1);
        }
        assert!(w.query_by_label_contains("skipped and can still be done").is_some(), "lesson {number}");
    }
}

#[test]
fn a_lesson_is_left_resumed_and_repeated_and_the_window_comes_back_as_it_was() {
    let mut w = open();
    click(&mut w, "Step");
    until(&mut w, |a| updates(a) == 1);
    let before = app(&w).saved_state(&w.ctx.clone());
    let start = app(&w).run_view().start;
    begin(&mut w, 3);
    assert!(w.query_by_role_and_label(Role::Button, "New seed").is_none(), "a lesson hides what it does not need");
    w.get_by_label("All controls").click();
    w.run_steps(2);
    assert!(w.query_by_role_and_label(Role::Button, "New seed").is_some());
    let within = app(&w).saved_state(&w.ctx.clone());
    assert_eq!(within.layout, before.layout, "the panels of a lesson do not come back at the next start");
    click(&mut w, "Next");
    // a second click on the same place does not skip the question
    click(&mut w, "Next");
    assert_eq!(record(&w, 1), StepRecord::Open);
    click(&mut w, "Skip this prediction");
    click(&mut w, "Leave");
    until(&mut w, |a| a.run_view().start == start);
    let after = app(&w).saved_state(&w.ctx.clone());
    assert_eq!((after.layout, after.workspace), (before.layout, before.workspace));
    assert_eq!(*app(&w).run_view().settings, Settings::default());
    begin(&mut w, 3);
    assert_eq!(app(&w).open_lesson().unwrap().walk.at(), 2, "it goes on where it was left");
    click(&mut w, "Repeat");
    assert_eq!(app(&w).open_lesson().unwrap().walk.at(), 0);
    assert_eq!(app(&w).open_lesson().unwrap().walk.progress.passed(), 0);
}

#[test]
fn a_question_about_the_bench_is_asked_and_judged_on_the_bench_of_the_lesson() {
    let mut w = open();
    begin(&mut w, 1);
    slide(&mut w, "Weight 1", 1.5);
    assert!(w.query_by_label_contains("1 spike; highest potential").is_some());
    click(&mut w, "Next");
    // nothing can be tried out, and nothing says what the answer is
    slide(&mut w, "Weight 1", 1.5);
    assert!(w.query_by_label_contains("highest potential").is_none());
    let lesson = builtin::numbered(1).unwrap();
    answer(&mut w, &lesson, 1, Some("No"));
    let StepRecord::Answered(StepAnswer { found: Some(found), .. }) = record(&w, 1) else { panic!() };
    assert!(found.right, "{found:?}");
    assert!(w.query_by_label_contains("0 spikes; highest potential 0.60").is_some());
    slide(&mut w, "Weight 1", 1.5);
    click(&mut w, "Repeat");
    assert!(w.query_by_label_contains("0 spikes; highest potential 0.60").is_some(), "Repeat sets the bench, too");
}

#[test]
fn a_lesson_within_a_lesson_gives_back_the_run_that_was_there_first_and_its_speed() {
    let mut w = open();
    click(&mut w, "Step");
    until(&mut w, |a| updates(a) == 1);
    let (start, speed) = (app(&w).run_view().start, app(&w).run_view().speed);
    let before = app(&w).saved_state(&w.ctx.clone());
    begin(&mut w, 3);
    begin(&mut w, 4);
    assert_ne!(app(&w).run_view().speed, speed);
    click(&mut w, "Leave");
    until(&mut w, |a| a.run_view().start == start);
    assert_eq!(updates(app(&w)), 1);
    assert_eq!(app(&w).run_view().speed, speed);
    let after = app(&w).saved_state(&w.ctx.clone());
    assert_eq!((after.layout, after.workspace), (before.layout, before.workspace));
    // also where the run of the lesson was not there yet
    act(&mut w, LessonAction::BeginNumbered(2).into());
    act(&mut w, LessonAction::Leave.into());
    for _ in 0..50 {
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!((app(&w).run_view().start, updates(app(&w))), (start, 1));
}

#[test]
fn while_a_question_is_open_the_bar_does_not_answer_it_and_the_worksheet_goes_with_the_lesson() {
    let mut w = open();
    begin(&mut w, 3);
    let help = spikescape::rule::Rule::Timing.help();
    until(&mut w, |a| a.run_view().live.is_some() && a.health().diagnosis().is_some());
    w.run_steps(2);
    assert!(w.query_by_label_contains("Ill: ").is_some() && w.query_by_label_contains(help).is_some());
    click(&mut w, "Next");
    assert!(w.query_by_label_contains("Ill: ").is_none() && w.query_by_label_contains(help).is_none());
    click(&mut w, "Skip this prediction");
    assert!(w.query_by_label_contains("Ill: ").is_some() && w.query_by_label_contains(help).is_some());
    assert!(w.query_by_label_contains("Silent-neuron penalty: off (on needed)").is_some());
    act(&mut w, LessonAction::SaveWorksheet.into());
    assert!(w.query_by_label_contains("Save worksheet").is_some());
    click(&mut w, "Leave");
    assert!(w.query_by_label_contains("Save worksheet").is_none());
}

#[test]
fn a_finished_lesson_begins_anew_when_it_is_opened() {
    let lesson = builtin::numbered(3).unwrap();
    let mut saved = SavedState { theme: egui::ThemePreference::Dark, ..SavedState::default() };
    let records = vec![StepRecord::Done; lesson.steps.len()];
    let at = records.len() - 1;
    saved.lessons.insert(lesson.id.clone(), spikescape::lesson::walk::LessonProgress { at, records });
    let mut w = support::open(Settings::default(), saved);
    begin(&mut w, 3);
    let walk = &app(&w).open_lesson().unwrap().walk;
    assert_eq!((walk.at(), walk.progress.passed()), (0, 0));
}

#[test]
fn the_first_start_invites_and_lets_be() {
    let mut w = open();
    assert!(w.query_by_label_contains("New to spiking networks?").is_none());
    app_mut(&mut w).invite();
    w.run_steps(2);
    assert!(w.query_by_label_contains("New to spiking networks?").is_some());
    click(&mut w, "Not now");
    assert!(w.query_by_label_contains("New to spiking networks?").is_none());
    app_mut(&mut w).invite();
    w.run_steps(2);
    w.get_by_label_contains("Lesson 1: ").click();
    w.run_steps(3);
    assert_eq!(app(&w).open_lesson().unwrap().lesson.id, "spike");
}

#[test]
fn a_lesson_file_that_is_dropped_opens_and_one_that_is_wrong_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    let text = spikescape::lesson::pages::EXAMPLE;
    std::fs::write(&path, text).unwrap();
    let mut w = open();
    act(&mut w, spikescape::gui::action::FileAction::OpenDropped(vec![path.clone()]).into());
    until(&mut w, |a| a.open_lesson().is_some_and(|open| open.lesson.id == "my-lesson"));
    act(&mut w, LessonAction::Leave.into());
    std::fs::write(&path, text.replace("rule = timing\"", "rule = timings\"")).unwrap();
    act(&mut w, spikescape::gui::action::FileAction::OpenDropped(vec![path]).into());
    let begun = Instant::now();
    while w.query_all_by_label_contains("never `timings`").next().is_none() {
        assert!(begun.elapsed().as_secs() < 20);
        w.run_steps(1);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(w.query_all_by_label_contains("own.toml, line ").next().is_some() && app(&w).open_lesson().is_none());
}

#[test]
fn the_bench_and_the_glossary_open_from_help() {
    let mut w = open();
    click(&mut w, "Help");
    click(&mut w, "Neuron bench");
    assert!(w.query_by_role_and_label(Role::Button, "Input line 1").is_some());
    slide(&mut w, "Weight 1", 1.2);
    assert!(w.query_by_label_contains("1 spike; highest potential").is_some());
    w.get_by_role_and_label(Role::Button, "Threshold unit").click();
    w.run_steps(3);
    // in a low panel the button is scrolled out of view
    w.get_by_role_and_label(Role::Button, "Clear").click_accesskit();
    w.run_steps(3);
    assert!(w.query_by_label_contains("0 spikes; highest potential").is_some());
    click(&mut w, "Help");
    click(&mut w, "Glossary");
    assert!(w.query_by_label("PSP (ε)").is_some() && w.query_by_label("Picture of PSP (ε)").is_some());
    w.get_by_label("Find a term").click();
    w.run_steps(2);
    w.get_by_label("Find a term").type_text("inconsis");
    w.run_steps(3);
    assert!(w.query_by_label("Inconsistency").is_some() && w.query_by_label("Latency code").is_none());
}

/// The program itself, with these words.
fn spikescape(words: &[&str]) -> (i32, String, String) {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_spikescape")).args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

#[test]
fn a_new_lesson_is_written_checked_and_its_mistakes_are_named_with_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let file = path.to_str().unwrap();
    let (code, out, _) = spikescape(&["lesson", "new", file]);
    assert!(code == 0 && out.contains("lesson check"), "{out}");
    assert!(std::fs::read_to_string(&path).unwrap().contains("id = \"mine\""));
    let (code, _, err) = spikescape(&["lesson", "new", file]);
    assert!(code == 1 && err.contains("is there already") && err.contains("--force"), "{err}");
    let (code, _, err) = spikescape(&["lesson", "new", "mine.md"]);
    assert!(code == 1 && err.contains("should end in .toml"), "{err}");
    let (code, out, err) = spikescape(&["lesson", "check", file, "--steps-only"]);
    assert!(code == 0 && out.contains("6 steps, 2 claims"), "{out}{err}");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("point = \"timing\"", "point = \"timming\"")).unwrap();
    let (code, _, err) = spikescape(&["lesson", "check", file]);
    assert!(code == 1 && err.contains("mine.toml, line ") && err.contains("Did you mean `timing`?"), "{err}");
    std::fs::write(&path, text.replace("solution = [\"rule timing\"]", "solution = [\"rule antlr\"]")).unwrap();
    let (code, _, err) = spikescape(&["lesson", "check", file, "--steps-only"]);
    assert!(code == 1 && err.contains("does not solve this step"), "{err}");
}

#[test]
fn a_claim_that_does_not_hold_is_said_with_what_was_measured() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    let text = spikescape::lesson::pages::EXAMPLE.replace("after 300 updates", "after 2 updates").replace("0-9", "0-1");
    std::fs::write(&path, text).unwrap();
    let (code, out, _) = spikescape(&["lesson", "check", path.to_str().unwrap()]);
    assert!(code == 1 && out.contains("DOES NOT HOLD") && out.contains("measured "), "{out}");
}

#[test]
fn lessons_are_listed_and_have_notes_and_a_class_is_counted() {
    let (code, out, _) = spikescape(&["lesson", "list"]);
    assert!(code == 0 && builtin::all().iter().all(|lesson| out.contains(&lesson.title)), "{out}");
    let (code, out, _) = spikescape(&["lesson", "notes", "3"]);
    assert!(code == 0 && out.contains("notes for the instructor") && out.contains("right when"), "{out}");
    let (code, _, err) = spikescape(&["lesson", "notes", "99"]);
    assert!(code == 1 && err.contains("There is no lesson 99"), "{err}");

    let lesson = builtin::numbered(1).unwrap();
    let mut progress = spikescape::lesson::walk::LessonProgress::new(lesson.steps.len());
    let given = spikescape::lesson::walk::GivenAnswer::Choice(2);
    progress.records[1] = StepRecord::Answered(StepAnswer { given, judged_at: 0, found: None });
    let code_of_one = spikescape::lesson::code::LessonCode::of(&lesson, &progress, None).to_string();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codes.txt");
    std::fs::write(&path, format!("Ada: {code_of_one}\n\n{}\nBob: ZZZZ-ZZZZ-ZZZZ\n", code_of_one.to_lowercase()))
        .unwrap();
    let (code, out, err) = spikescape(&["class", path.to_str().unwrap()]);
    assert!(code == 1 && err.contains("line 4") && err.contains("checksum"), "{err}");
    assert!(out.contains("What is a spike?: 2 codes") && out.contains("   2  No\n"), "{out}");
    let whole = "Click a line to put one there.";
    let joined = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(joined.contains(whole) && !out.contains('*'), "{out}");
}

/// Measures every claim of a lesson over its seeds, of which there are at least ten.
fn claims(number: usize) {
    use spikescape::lesson::check;
    let lesson = builtin::numbered(number).unwrap();
    let measured: Vec<_> = check::seeds(&lesson)
        .into_iter()
        .map(|seed| check::measure_seed(&lesson, seed, &|| false).unwrap_or_else(|why| panic!("{why}")))
        .collect();
    for (claim, verdict) in lesson.claims.iter().zip(check::verdicts(&lesson, &measured)) {
        assert!(claim.seeds.clone().count() >= 10, "{claim}");
        assert!(verdict.holds, "{}: {claim}: {verdict:?}", lesson.title);
    }
}

#[test]
fn every_claim_of_lessons_2_3_4_and_7_holds_over_its_seeds() {
    [2, 3, 4, 7].into_iter().for_each(claims);
}

#[test]
#[ignore = "takes minutes without optimisation; `spikescape lesson check 5 6` measures the same"]
fn every_claim_of_lessons_5_and_6_holds_over_its_seeds() {
    [5, 6].into_iter().for_each(claims);
}
