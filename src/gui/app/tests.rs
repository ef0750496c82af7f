//! What goes wrong on the engine's threads, as the user is told of it: the whole program, drawn without a display.

use std::time::Instant;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::*;
use crate::engine::{AnswerPart, Job, Question, QuestionKind, Step};
use crate::task::Split;
use crate::train::settings::{Change, LiveChange, Value};

type Window = Harness<'static, Option<App>>;

/// A question of the kind of this number, whose answer is a bug.
struct BrokenQuestion<const KIND: usize>(u64);

impl<const KIND: usize> Question for BrokenQuestion<KIND> {
    const KIND: QuestionKind = QuestionKind::ALL[KIND];

    type Job = BrokenJob;

    fn id(&self) -> u64 {
        self.0
    }

    fn begin(self) -> BrokenJob {
        BrokenJob
    }
}

struct BrokenJob;

impl Job for BrokenJob {
    type Part = AnswerPart;

    fn advance(&mut self) -> Step<AnswerPart> {
        panic!("a neuron got lost")
    }
}

/// The program, which asks nothing by itself.
fn open() -> Window {
    let mut saved = SavedState::default();
    saved.choices.landscape.follow = false;
    let draw = move |ui: &mut egui::Ui, app: &mut Option<App>| {
        let ctx = ui.ctx().clone();
        let app = app.get_or_insert_with(|| App::new(&ctx, Settings::default(), saved.clone()).unwrap());
        app.logic(&ctx);
        app.ui(ui);
    };
    let mut window = Harness::builder().with_size(egui::vec2(1280.0, 800.0)).build_ui_state(draw, None);
    until(&mut window, |window| app(window).view.frame.is_some());
    window
}

fn app(window: &Window) -> &App {
    window.state().as_ref().unwrap()
}

fn app_mut(window: &mut Window) -> &mut App {
    window.state_mut().as_mut().unwrap()
}

fn until(window: &mut Window, is: impl Fn(&Window) -> bool) {
    let begun = Instant::now();
    window.run_steps(3);
    while !is(window) {
        assert!(begun.elapsed() < Duration::from_secs(60), "it did not come to that");
        window.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn says(window: &Window, text: &str) -> bool {
    window.query_all_by_label_contains(text).next().is_some()
}

#[test]
fn a_panic_of_the_explorer_is_shown_in_the_panel_and_the_next_landscape_is_measured() {
    let mut w = open();
    let a = app_mut(&mut w);
    let question = a.landscape_question().unwrap();
    a.questions = question.id;
    a.explorer.ask(BrokenQuestion::<{ QuestionKind::Landscape as usize }>(question.id));
    a.landscape.ask(question);
    let failed = "The program failed while it answered this (a neuron got lost)";
    until(&mut w, |w| says(w, failed));
    assert!(app(&w).landscape.shown().is_none() && !app(&w).landscape.latest().running());
    w.get_by_label("Refresh").click();
    until(&mut w, |w| app(w).landscape.shown().is_some_and(|m| m.is_complete()));
    w.run_steps(2);
    assert!(!says(&w, failed));
}

#[test]
fn a_panic_of_the_explorer_over_samples_is_said_and_the_next_evaluation_is_made() {
    let mut w = open();
    let a = app_mut(&mut w);
    let question = a.samples_question(Split::Train).unwrap();
    a.questions = question.id;
    a.explorer.ask(BrokenQuestion::<{ QuestionKind::Samples as usize }>(question.id));
    a.evaluation.ask(question);
    until(&mut w, |w| says(w, "a neuron got lost"));
    assert!(app(&w).evaluation.problem().is_some_and(|why| why.contains("ask again")));
    app_mut(&mut w).evaluate(Split::Train);
    until(&mut w, |w| app(w).evaluation.is_whole(Split::Train));
    assert!(app(&w).evaluation.problem().is_none());
}

#[test]
fn a_change_that_the_run_refuses_is_said_and_the_form_shows_what_the_run_has() {
    let mut w = open();
    let unfit = LiveChange::try_from(Change::to("run.probe", Value::Whole(3))).unwrap();
    let before = app(&w).form().clone();
    app(&w).run.send(Command::Set(vec![unfit]));
    until(&mut w, |w| app(w).refused().is_some());
    w.run_steps(2);
    assert!(says(&w, "run.probe is 3, but"), "{:?}", app(&w).refused());
    assert_eq!((app(&w).form(), &*app(&w).view.settings), (&before, &before));
    w.get_by_label("Dismiss").click();
    until(&mut w, |w| app(w).refused().is_none());
    assert!(!says(&w, "run.probe is 3, but"));
}
