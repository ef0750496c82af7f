//! The lesson at the side: goals and minutes, one step at a time, what was expected and what was found.

mod question;

use egui::{Align, Button, CollapsingHeader, Layout, RichText, ScrollArea, Stroke, Ui, vec2};

use crate::gui::action::{Action, LessonAction};
use crate::gui::state::ViewContext;
use crate::gui::state::lesson::OpenLesson;
use crate::gui::theme;
use crate::gui::widgets::{markdown, note};
use crate::lesson::walk::StepRecord;
use crate::lesson::{LessonStep, StepKind, builtin, code::LessonCode, text};
use question::LessonQuestion;

/// Seconds after which a hint is shown unasked.
const PATIENCE: f64 = 40.0;
/// Width of the button next to the title, in points.
const LEAVE: f32 = 58.0;

/// The state of the panel's own view.
#[derive(Default)]
pub struct LessonPanel {
    question: LessonQuestion,
    /// The step whose hint was asked for.
    hint: Option<usize>,
}

impl LessonPanel {
    /// Draws the lesson that is open, if one is.
    pub fn show(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let Some(open) = &cx.lesson.open else { return };
        let frame = egui::Frame::new().fill(cx.theme.panel).inner_margin(egui::Margin::same(10));
        let side = egui::Panel::left("lesson").frame(frame).default_size(320.0).size_range(240.0..=520.0);
        side.show(ui, |ui| {
            header(ui, cx, open, actions);
            ui.separator();
            // the buttons stay in sight, however long the step
            egui::Panel::bottom("lesson buttons").frame(egui::Frame::new()).resizable(false).show(ui, |ui| {
                footer(ui, open, actions);
                others(ui, open, actions);
            });
            let at = open.walk.at();
            ScrollArea::vertical().auto_shrink(false).id_salt(("step", at)).show(ui, |ui| {
                ui.set_max_width(ui.available_width() - 10.0);
                if at == 0 {
                    goals(ui, open);
                }
                if let Some(step) = open.step() {
                    self.step(ui, cx, open, step, actions);
                }
                if open.walk.progress.is_over() {
                    ending(ui, cx, open, actions);
                }
            });
        });
    }

    fn step(&mut self, ui: &mut Ui, cx: ViewContext, open: &OpenLesson, step: &LessonStep, actions: &mut Vec<Action>) {
        let (now, start) = (&open.now, open.walk.start());
        ui.add_space(4.0);
        ui.label(RichText::new(heading(step)).color(cx.theme.faint).strong());
        markdown::show(ui, cx.theme, &text::filled(&step.text, now, start));
        ui.add_space(6.0);
        if open.setting_up.is_some() {
            ui.label(RichText::new("The experiment is being set up …").color(cx.theme.faint));
            return;
        }
        match &step.kind {
            StepKind::Do { until, hint, .. } => {
                match open.walk.record() {
                    StepRecord::Done if until.holds(now, start) => {
                        said(ui, cx, true, &format!("Done: {}.", until.found(now, start)));
                    }
                    // it was so when it was done, and something else was done since
                    StepRecord::Done => said(ui, cx, true, "Done."),
                    _ => {
                        let missing = until.missing(now, start);
                        if !missing.is_empty() {
                            ui.label(RichText::new(format!("Still to do – {missing}")).color(cx.theme.faint));
                        }
                    }
                }
                self.hint(ui, open, hint);
            }
            StepKind::Choose { .. } | StepKind::Guess { .. } => self.question.show(ui, cx, open, step, actions),
            StepKind::See { proof: Some(proof) } => {
                let holds = proof.holds(now, start);
                if !holds && *open.walk.record() == StepRecord::Done {
                    let words = "The experiment has gone on or begun anew since this was seen. Repeat the lesson to see it again.";
                    ui.add(egui::Label::new(RichText::new(words).color(cx.theme.faint)).wrap());
                    return;
                }
                let found = proof.found(now, start);
                said(ui, cx, holds, &format!("{}: {found}.", if holds { "Measured" } else { "Not so here" }));
            }
            StepKind::See { proof: None } | StepKind::Read => {}
        }
    }

    fn hint(&mut self, ui: &mut Ui, open: &OpenLesson, hint: &str) {
        if hint.is_empty() || open.walk.record().is_passed() {
            return;
        }
        let waited = ui.input(|i| i.time) - open.walk.since;
        if waited > PATIENCE || self.hint == Some(open.walk.at()) {
            ui.label(RichText::new(format!("Hint: {hint}")).italics());
            return;
        }
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64((PATIENCE - waited).max(0.1)));
        if ui.button("Hint").on_hover_text("Says how this can be done").clicked() {
            self.hint = Some(open.walk.at());
        }
    }
}

fn heading(step: &LessonStep) -> &'static str {
    match step.kind {
        StepKind::Do { .. } => "Try it",
        StepKind::Choose { .. } | StepKind::Guess { .. } => "Predict before it runs",
        StepKind::See { .. } => "See",
        StepKind::Read => "Read",
    }
}

/// A sentence with a painted tick before it, or with a ring where it is not so.
pub(super) fn said(ui: &mut Ui, cx: ViewContext, right: bool, words: &str) {
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 14.0), egui::Sense::hover());
        let colour = if right { cx.theme.created } else { cx.theme.removed };
        let c = rect.center();
        if right {
            let stroke = Stroke::new(2.0, colour);
            ui.painter().line_segment([c + vec2(-4.0, 0.0), c + vec2(-1.0, 4.0)], stroke);
            ui.painter().line_segment([c + vec2(-1.0, 4.0), c + vec2(5.0, -4.0)], stroke);
        } else {
            ui.painter().circle_stroke(c, 4.0, Stroke::new(2.0, colour));
        }
        ui.add(egui::Label::new(RichText::new(words).color(cx.theme.ink)).wrap());
    });
}

fn header(ui: &mut Ui, cx: ViewContext, open: &OpenLesson, actions: &mut Vec<Action>) {
    ui.horizontal_top(|ui| {
        let room = (ui.available_width() - LEAVE).max(40.0);
        ui.vertical(|ui| {
            ui.set_width(room);
            let title = RichText::new(&open.lesson.title).size(theme::TEXT + 3.0).strong();
            ui.add(egui::Label::new(title).wrap());
        });
        let hint = "Closes the lesson and puts the window back as it was; progress is kept";
        if ui.button("Leave").on_hover_text(hint).clicked() {
            actions.push(LessonAction::Leave.into());
        }
    });
    let number = builtin::number(&open.lesson.id).map_or_else(String::new, |n| format!("Lesson {n} · "));
    let (at, of) = (open.walk.at() + 1, open.lesson.steps.len());
    note::faint(ui, cx, format!("{number}{} minutes · step {at} of {of}", open.lesson.minutes));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (n, record) in open.walk.progress.records.iter().enumerate() {
            dot(ui, cx, n, n == open.walk.at(), record, actions);
        }
    });
}

/// A step in the row of all: filled where it is passed, a ring where it was skipped, faint where it is open.
fn dot(ui: &mut Ui, cx: ViewContext, n: usize, here: bool, record: &StepRecord, actions: &mut Vec<Action>) {
    let (rect, response) = ui.allocate_exact_size(vec2(14.0, 16.0), egui::Sense::click());
    let c = rect.center();
    let word = match record {
        StepRecord::Open => "open",
        StepRecord::Skipped => "skipped",
        StepRecord::Done => "done",
        StepRecord::Answered(_) => "answered",
    };
    match record {
        StepRecord::Open => ui.painter().circle_filled(c, 2.5, cx.theme.faint),
        StepRecord::Skipped => ui.painter().circle_stroke(c, 4.0, Stroke::new(1.5, cx.theme.faint)),
        StepRecord::Done | StepRecord::Answered(_) => ui.painter().circle_filled(c, 5.0, cx.theme.created),
    };
    if here {
        ui.painter().line_segment(
            [rect.left_bottom() + vec2(2.0, 0.0), rect.right_bottom() - vec2(2.0, 0.0)],
            Stroke::new(2.0, cx.theme.focus),
        );
    }
    let name = format!("Step {} ({word})", n + 1);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, here, &name));
    if response.on_hover_text(&name).clicked() {
        actions.push(LessonAction::Go(n).into());
    }
}

fn goals(ui: &mut Ui, open: &OpenLesson) {
    CollapsingHeader::new("After this lesson you can …").default_open(true).show_unindented(ui, |ui| {
        for goal in &open.lesson.goals {
            ui.horizontal_top(|ui| {
                ui.label("•");
                ui.add(egui::Label::new(goal).wrap());
            });
        }
        if !open.lesson.before.is_empty() {
            ui.add(egui::Label::new(format!("Before: {}", open.lesson.before)).wrap());
        }
    });
}

fn footer(ui: &mut Ui, open: &OpenLesson, actions: &mut Vec<Action>) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let at = open.walk.at();
        let back = ui.add_enabled(at > 0, Button::new("Back")).on_hover_text("Looks at the step before");
        if back.clicked() {
            actions.push(LessonAction::Go(at.saturating_sub(1)).into());
        }
        let last = at + 1 == open.lesson.steps.len();
        let passed = open.walk.record().is_passed();
        let reads = open.step().is_some_and(|step| matches!(step.kind, StepKind::Read | StepKind::See { .. }));
        let (name, hint) = if last { ("Finish", "Ends the lesson") } else { ("Next", "Goes to the next step") };
        let over = last && open.walk.progress.is_over();
        let next = ui.add_enabled((passed || reads) && !over, Button::new(name).min_size(vec2(70.0, 24.0)));
        let why = match (over, open.asks()) {
            (true, _) => "This was the last step",
            (false, true) => "Answer the question first, or skip it below",
            (false, false) => "Do this step first, or skip it below",
        };
        if next.on_hover_text(hint).on_disabled_hover_text(why).clicked() {
            actions.push(LessonAction::Next.into());
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let mut all = open.all_controls;
            let hint = "Shows every control of the program, not only those that this lesson needs";
            if ui.checkbox(&mut all, "All controls").on_hover_text(hint).changed() {
                actions.push(LessonAction::AllControls(all).into());
            }
        });
    });
}

/// Buttons that are used less, away from the one that goes on.
fn others(ui: &mut Ui, open: &OpenLesson, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let hint = "Forgets what was answered and begins this lesson anew";
        if ui.small_button("Repeat").on_hover_text(hint).clicked() {
            actions.push(LessonAction::Repeat.into());
        }
        let hint = "Arranges the panels as this lesson has them";
        if !open.own_panels && ui.small_button("Panels of the lesson").on_hover_text(hint).clicked() {
            actions.push(LessonAction::OwnPanels.into());
        }
        let name = match open.step().map(|step| &step.kind) {
            Some(StepKind::Choose { .. } | StepKind::Guess { .. }) => "Skip this prediction",
            Some(StepKind::Do { .. }) => "Skip this step",
            _ => return,
        };
        let hint = "Leaves this undone and goes on; a step can be done later, a prediction cannot";
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if !open.walk.record().is_passed() && ui.small_button(name).on_hover_text(hint).clicked() {
                actions.push(LessonAction::Next.into());
            }
        });
    });
}

/// What there is to take away.
fn ending(ui: &mut Ui, cx: ViewContext, open: &OpenLesson, actions: &mut Vec<Action>) {
    ui.add_space(10.0);
    ui.separator();
    let records = &open.walk.progress.records;
    let skipped = records.iter().filter(|record| **record == StepRecord::Skipped).count();
    let words = match skipped {
        0 => "This was the last step: every one is done.".to_owned(),
        1 => "This was the last step; one was skipped and can still be done.".to_owned(),
        n => format!("This was the last step; {n} were skipped and can still be done."),
    };
    ui.add(egui::Label::new(words).wrap());
    let code = LessonCode::of(&open.lesson, &open.walk.progress, None).to_string();
    ui.horizontal(|ui| {
        ui.label("Code for class:");
        ui.label(RichText::new(&code).monospace().color(cx.theme.focus));
    });
    ui.horizontal(|ui| {
        if ui.button("Copy code").on_hover_text("Copies the code that holds your answers").clicked() {
            ui.ctx().copy_text(code);
        }
        let hint = "Writes the questions with your answers and what was found as Markdown";
        if ui.button("Save worksheet…").on_hover_text(hint).clicked() {
            actions.push(LessonAction::SaveWorksheet.into());
        }
        let next = builtin::number(&open.lesson.id).filter(|n| *n < builtin::FILES.len());
        if let Some(next) = next.map(|n| n + 1)
            && ui.button(format!("Lesson {next}")).on_hover_text("Opens the next lesson").clicked()
        {
            actions.push(LessonAction::BeginNumbered(next).into());
        }
    });
}
