//! The folder of a sweep while workers fill it: how far it is, and what has arrived.

mod paint;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Align, Context, Grid, Label, Layout, ProgressBar, RichText, ScrollArea, TextEdit, TextureHandle, Ui};

use crate::engine::{SweepWatcher, Wake};
use crate::gui::action::{Action, FileAction, PathSlot, TaskAction};
use crate::gui::theme::Palette;
use crate::sweep::SweepView;
use crate::text;

/// The sheet, and the folder that it watches.
#[derive(Default)]
pub struct SweepSheet {
    open: bool,
    /// The field waits to get the focus.
    asked: bool,
    /// As it stands in the field.
    path: String,
    watcher: Option<SweepWatcher>,
    view: Option<Arc<SweepView>>,
    problem: Option<String>,
    /// The map of a plane; painted anew when more of it has arrived.
    map: Option<TextureHandle>,
}

impl SweepSheet {
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Opens the sheet, with the folder that it had.
    pub fn ask(&mut self) {
        (self.open, self.asked) = (true, true);
    }

    /// Puts a folder into the field that the system's dialog has named, and watches it.
    pub fn watch(&mut self, folder: &Path, wake: &Wake) {
        *self = Self { open: true, path: folder.to_string_lossy().into_owned(), ..Self::default() };
        match SweepWatcher::start(folder.to_owned(), Arc::clone(wake)) {
            Ok(watcher) => self.watcher = Some(watcher),
            Err(problem) => self.problem = Some(problem),
        }
    }

    /// Takes in what is new.
    pub fn receive(&mut self) {
        match self.watcher.as_ref().and_then(SweepWatcher::newest) {
            None => {}
            Some(Ok(view)) => (self.view, self.map) = (Some(view), None),
            // what has arrived stays in view
            Some(Err(problem)) => {
                (self.problem, self.watcher) = (Some(text::visible(&problem).into_owned()), None);
            }
        }
    }

    pub fn show(&mut self, ctx: &Context, theme: &Palette, actions: &mut Vec<Action>) {
        let mut open = self.open;
        let sheet = egui::Window::new("Sweep").open(&mut open).default_size([680.0, 460.0]).default_pos([300.0, 110.0]);
        sheet.show(ctx, |ui| {
            self.folder_row(ui, actions);
            if let Some(problem) = &self.problem {
                ui.colored_label(theme.warning, problem);
            }
            match self.view.clone() {
                Some(view) => self.contents(ui, theme, &view),
                None if self.watcher.is_some() => drop(ui.label("Reading the folder …")),
                None => {
                    let what = "Name the folder into which workers write (spikescape work PLAN --out FOLDER). It may \
                                still be filling: what arrives is shown as it comes.";
                    ui.label(RichText::new(what).color(theme.faint));
                }
            }
        });
        self.open = open;
        if !open {
            // nothing is read any more
            self.watcher = None;
        }
    }

    fn folder_row(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        ui.horizontal(|ui| {
            let name = ui.label("Folder of the sweep");
            // the buttons first, from the right: the field has what they leave
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let hint = "Watches this folder: rows and points appear as workers write them (Enter)";
                let wanted = ui.button("Open folder").on_hover_text(hint).clicked();
                if ui.button("Browse…").on_hover_text("Chooses the folder with the system's dialog").clicked() {
                    actions.push(TaskAction::Browse(PathSlot::Sweep).into());
                }
                let field = TextEdit::singleline(&mut self.path).desired_width(f32::INFINITY);
                let field = ui.add(field).labelled_by(name.id).on_hover_text("The folder named with --out");
                if std::mem::take(&mut self.asked) {
                    field.request_focus();
                }
                let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
                if wanted || entered {
                    actions.push(FileAction::OpenSweepAt(PathBuf::from(self.path.trim())).into());
                }
            });
        });
    }

    fn contents(&mut self, ui: &mut Ui, theme: &Palette, view: &SweepView) {
        ui.label(RichText::new(&view.title).strong());
        ui.add(ProgressBar::new(view.done as f32 / view.tasks.max(1) as f32).text(progress(view)));
        for (task, why) in &view.failed {
            ui.colored_label(theme.warning, text::visible(&format!("Task {task} failed: {why}")));
        }
        if view.failures > view.failed.len() {
            ui.label(format!("… and {} more failed.", view.failures - view.failed.len()));
        }
        ui.separator();
        ScrollArea::both().auto_shrink([false, false]).show(ui, |ui| {
            if !view.rows.is_empty() {
                table(ui, view);
            }
            if let Some((n, losses)) = &view.plane {
                let map = self.map.get_or_insert_with(|| paint::map(ui.ctx(), *n, losses));
                paint::show(ui, theme, map);
            }
        });
    }
}

/// As in `412 of 1,000 done, 3 failed`.
fn progress(view: &SweepView) -> String {
    let failed =
        if view.failures > 0 { format!(", {} failed", text::whole(view.failures as u64)) } else { String::new() };
    format!("{} of {} done{failed}", text::whole(view.done as u64), text::whole(view.tasks as u64))
}

/// Words to the left, numbers to the right of their columns.
fn table(ui: &mut Ui, view: &SweepView) {
    let cell = |ui: &mut Ui, column: usize, text: RichText| {
        let align = if column < view.words { Align::Min } else { Align::Max };
        ui.with_layout(Layout::top_down(align), |ui| ui.add(Label::new(text).extend()));
    };
    Grid::new("sweep").striped(true).spacing([18.0, 3.0]).show(ui, |ui| {
        for (column, name) in view.head.iter().enumerate() {
            cell(ui, column, RichText::new(name.as_str()).weak());
        }
        ui.end_row();
        for row in &view.rows {
            for (column, text) in row.iter().enumerate() {
                cell(ui, column, RichText::new(text.as_str()));
            }
            ui.end_row();
        }
    });
}
