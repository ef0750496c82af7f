//! A prediction: its answers, and what came of them.

use std::cell::Cell;

use egui::{Button, DragValue, RichText, Ui, vec2};

use super::said;
use crate::gui::action::{Action, LessonAction};
use crate::gui::state::ViewContext;
use crate::gui::state::lesson::OpenLesson;
use crate::gui::widgets::markdown;
use crate::lesson::walk::{GivenAnswer, StepAnswer, StepRecord};
use crate::lesson::{LessonStep, StepKind};

/// The answer that is being given.
#[derive(Default)]
pub struct LessonQuestion {
    /// Of which step, and the number of the choice.
    choice: Option<(usize, usize)>,
    /// Of which step, and the number that was guessed.
    number: Option<(usize, f64)>,
}

impl LessonQuestion {
    pub fn show(
        &mut self,
        ui: &mut Ui,
        cx: ViewContext,
        open: &OpenLesson,
        step: &LessonStep,
        actions: &mut Vec<Action>,
    ) {
        match open.walk.record() {
            StepRecord::Answered(answer) => answered(ui, cx, open, step, answer),
            record => {
                if *record == StepRecord::Skipped {
                    ui.label(RichText::new("Skipped. Repeat the lesson to answer it.").color(cx.theme.faint));
                    return;
                }
                let given = match &step.kind {
                    StepKind::Choose { choices, .. } => {
                        let names: Vec<&str> = choices.iter().map(|choice| choice.text.as_str()).collect();
                        self.choose(ui, open.walk.at(), &names)
                    }
                    StepKind::Guess { fact, .. } => self.number(ui, open.walk.at(), fact.is_whole()),
                    _ => None,
                };
                let name = if step.run() > 0 { "Answer and run" } else { "Answer" };
                let hint = match step.run() {
                    0 => "Takes your answer and says what was found".to_owned(),
                    run => format!("Takes your answer, makes {run} updates and says what was found"),
                };
                let button = Button::new(name).min_size(vec2(120.0, 24.0));
                if ui.add_enabled(given.is_some(), button).on_hover_text(hint).clicked()
                    && let Some(given) = given
                {
                    actions.push(LessonAction::Answer(given).into());
                }
            }
        }
    }

    fn choose(&mut self, ui: &mut Ui, at: usize, names: &[&str]) -> Option<GivenAnswer> {
        let mut chosen = self.choice.filter(|(step, _)| *step == at).map(|(_, choice)| choice);
        for (n, name) in names.iter().enumerate() {
            let hint = "One of the answers; it counts once you answer";
            if ui.radio(chosen == Some(n), *name).on_hover_text(hint).clicked() {
                chosen = Some(n);
            }
        }
        self.choice = chosen.map(|choice| (at, choice));
        ui.add_space(4.0);
        chosen.map(GivenAnswer::Choice)
    }

    /// The field of a guess; nothing stands in it until one is made.
    fn number(&mut self, ui: &mut Ui, at: usize, whole: bool) -> Option<GivenAnswer> {
        let mut guess = self.number.filter(|(step, _)| *step == at).map(|(_, number)| number);
        ui.horizontal(|ui| {
            ui.label("Your guess");
            let (given, typed) = (guess.is_some(), Cell::new(None));
            let mut number = guess.unwrap_or(0.0);
            // 0 is a guess, too, once it was typed, though the field does not change by it
            let parsed = |text: &str| {
                let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
                typed.set(number.map(|number| if whole { number.round() } else { number }).or(typed.get()));
                typed.get()
            };
            let drag = DragValue::new(&mut number).range(0.0..=10_000.0).speed(0.2).custom_parser(parsed);
            let drag = drag.max_decimals(if whole { 0 } else { 2 });
            let drag = if given { drag } else { drag.custom_formatter(|_, _| "–".to_owned()) };
            let field = ui.add(drag);
            if field.changed() || typed.get().is_some() {
                guess = Some(number);
            }
            field.widget_info(|| {
                let mut info = egui::WidgetInfo::new(egui::Role::SpinButton);
                info.label = Some("Your guess".to_owned());
                info.value = guess;
                info
            });
            let kind = if whole { "a whole number" } else { "a number" };
            field.on_hover_text(format!("Drag, or click and type {kind}"));
        });
        self.number = guess.map(|number| (at, number));
        guess.map(GivenAnswer::Number)
    }
}

/// What was answered, and what was found once it was.
fn answered(ui: &mut Ui, cx: ViewContext, open: &OpenLesson, step: &LessonStep, answer: &StepAnswer) {
    let Some(found) = &answer.found else {
        let done = step.run().saturating_sub(answer.judged_at.saturating_sub(open.now.updates));
        let words = format!("Your answer stands. The run makes its updates: {done} of {} …", step.run());
        ui.label(RichText::new(words).color(cx.theme.faint));
        return;
    };
    said(ui, cx, found.right, if found.right { "As you expected." } else { "Not as you expected." });
    ui.add(egui::Label::new(&found.text).wrap());
    if !found.why.is_empty() {
        ui.add_space(4.0);
        markdown::show(ui, cx.theme, &found.why);
    }
}
