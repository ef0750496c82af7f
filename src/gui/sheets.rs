//! Two questions about sessions: whether to go on with what an earlier program left, and where the data of a run are.

use std::path::Path;
use std::time::SystemTime;

use egui::{Align2, Context, RichText, TextEdit, Ui, Vec2};

use crate::gui::action::{Action, PathSlot, SessionAction, TaskAction};
use crate::gui::state::session::LeftWork;
use crate::gui::theme::Palette;
use crate::gui::widgets::path_field::focus_name;
use crate::task::{TaskKind, TaskSettings};

/// The sheet that asks for data.
pub struct SessionSheets {
    open: bool,
    /// The field waits to get the focus.
    asked: bool,
    run: String,
    kind: TaskKind,
    path: String,
    problem: String,
}

impl Default for SessionSheets {
    fn default() -> Self {
        let (run, path, problem) = (String::new(), String::new(), String::new());
        Self { open: false, asked: false, run, kind: TaskKind::Own, path, problem }
    }
}

impl SessionSheets {
    /// Asks where the data of a run are.
    pub fn ask(&mut self, run: &str, problem: &str, task: &TaskSettings) {
        (self.open, self.asked, self.kind) = (true, true, task.kind);
        run.clone_into(&mut self.run);
        task.data.clone_into(&mut self.path);
        problem.clone_into(&mut self.problem);
    }

    /// The same as before.
    pub fn ask_again(&mut self) {
        (self.open, self.asked) = (true, true);
    }

    pub fn is_open(&self) -> bool {
        self.open
    }

    pub fn close(&mut self) {
        self.open = false;
    }

    /// The data are not there either.
    pub fn failed(&mut self, problem: String) {
        (self.open, self.asked, self.problem) = (true, true, problem);
    }

    /// A path that was named with the system's dialog.
    pub fn name(&mut self, path: &Path) {
        self.path = path.to_string_lossy().into_owned();
    }

    /// `enter` presses the default button.
    pub fn show(
        &mut self,
        ctx: &Context,
        theme: &Palette,
        found: Option<&LeftWork>,
        enter: bool,
        actions: &mut Vec<Action>,
    ) {
        if let Some(left) = found {
            sheet(ctx, "Unsaved work", |ui| offer(ui, left, enter, actions));
        } else if self.open {
            let title = format!("Data of run {}", self.run);
            sheet(ctx, &title, |ui| self.data(ui, theme, enter, actions));
        }
    }

    fn data(&mut self, ui: &mut Ui, theme: &Palette, enter: bool, actions: &mut Vec<Action>) {
        ui.label("The run can be looked at, but not go on: its data are not where they were. Where are they now?");
        ui.label(RichText::new(&self.problem).color(theme.warning));
        let mut go = false;
        ui.horizontal(|ui| {
            let name = ui.label("Data");
            let field = ui.add(TextEdit::singleline(&mut self.path).desired_width(320.0)).labelled_by(name.id);
            let field = field.on_hover_text("The file or folder of the data");
            if std::mem::take(&mut self.asked) {
                focus_name(&field, &self.path);
            }
            go = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            if ui.button("Browse…").on_hover_text("Opens the system's file dialog, if there is one").clicked() {
                actions.push(TaskAction::Browse(PathSlot::Missing(self.kind)).into());
            }
        });
        ui.horizontal(|ui| {
            go |=
                ui.button("Use these data").on_hover_text("Reads the data, and goes on with the run (Enter)").clicked();
            let later = "Shows the curves and settings of the run without its data; press Run to be asked again";
            if ui.button("Not now").on_hover_text(later).clicked() {
                self.open = false;
            }
        });
        if go || self.open && enter {
            actions.push(SessionAction::Locate(self.path.trim().to_owned()).into());
        }
    }
}

fn sheet(ctx: &Context, title: &str, show: impl FnOnce(&mut Ui)) {
    let window = egui::Window::new(title).id(egui::Id::unique("session sheet")).collapsible(false).resizable(false);
    window.anchor(Align2::CENTER_CENTER, Vec2::ZERO).show(ctx, |ui| {
        ui.set_width(460.0);
        show(ui);
    });
}

fn offer(ui: &mut Ui, left: &LeftWork, enter: bool, actions: &mut Vec<Action>) {
    ui.label(format!(
        "Spikescape ended {} with unsaved work: {}. At most the last half minute of it is missing.",
        ago(left.journal.written),
        left.about()
    ));
    if enter {
        actions.push(SessionAction::Recover.into());
    }
    ui.horizontal(|ui| {
        let buttons = [
            ("Go on with it", "Opens all runs, pins and the view as they were, paused (Enter)", SessionAction::Recover),
            ("Not now", "Leaves it for the next start", SessionAction::NotNow),
            ("Discard", "Deletes it; this cannot be undone", SessionAction::Discard),
        ];
        for (name, hint, action) in buttons {
            if ui.button(name).on_hover_text(hint).clicked() {
                actions.push(action.into());
            }
        }
    });
}

/// How long ago, in words.
fn ago(then: SystemTime) -> String {
    let seconds = then.elapsed().map_or(0, |passed| passed.as_secs());
    let (number, unit) = match seconds {
        0..60 => return "less than a minute ago".to_owned(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{} ago", crate::text::count(number, unit))
}
