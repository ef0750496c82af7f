//! The menu of lessons, and the line that invites to the first.

use std::sync::OnceLock;

use egui::{RichText, Ui};

use crate::gui::action::{Action, LessonAction};
use crate::gui::state::ViewContext;
use crate::lesson::walk::LessonProgress;
use crate::lesson::{Lesson, builtin};

/// The built-in lessons: they are read once.
fn lessons() -> &'static [Lesson] {
    static LESSONS: OnceLock<Vec<Lesson>> = OnceLock::new();
    LESSONS.get_or_init(builtin::all)
}

/// Every lesson with how far the reader came.
pub fn menu(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    for (n, lesson) in lessons().iter().enumerate() {
        let progress = cx.lesson.progress.get(&lesson.id);
        let text = format!("{}  {}", n + 1, lesson.title);
        let button = egui::Button::new(text).shortcut_text(far(lesson, progress));
        if ui.add(button).on_hover_text(lesson.goals.join("; ")).clicked() {
            actions.push(LessonAction::BeginNumbered(n + 1).into());
            ui.close();
        }
    }
    ui.separator();
    let hint = "Opens a lesson from a file; one that is dropped onto the window opens, too";
    if ui.button("Open lesson…").on_hover_text(hint).clicked() {
        actions.push(LessonAction::OpenFile.into());
        ui.close();
    }
    let leave = ui.add_enabled(cx.lesson.open.is_some(), egui::Button::new("Leave lesson"));
    if leave.on_hover_text("Puts the window back as it was; progress is kept").clicked() {
        actions.push(LessonAction::Leave.into());
        ui.close();
    }
}

fn far(lesson: &Lesson, progress: Option<&LessonProgress>) -> String {
    match progress {
        Some(progress) if progress.is_over() => "done".to_owned(),
        Some(progress) if progress.passed() > 0 => format!("{} of {}", progress.passed(), lesson.steps.len()),
        _ => format!("{} min", lesson.minutes),
    }
}

/// At the very first start.
pub fn invitation(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let Some(first) = lessons().first() else { return };
        ui.label(RichText::new("New to spiking networks?").color(cx.theme.focus));
        let name = format!("Lesson 1: {}", first.title);
        let hint = format!("Opens the first of {} lessons; each takes about ten minutes", lessons().len());
        if ui.button(name).on_hover_text(hint).clicked() {
            actions.push(LessonAction::BeginNumbered(1).into());
        }
        if ui.button("Not now").on_hover_text("The menu Lessons has them at any time").clicked() {
            actions.push(LessonAction::NotNow.into());
        }
    });
}
