//! The task chooser: a sheet with a card for each kind of task, and below the cards the few things that the kind needs.
//!
//! It holds a whole [`Settings`] for each kind, so that what was typed for one is still there after a look at another.
//! Nothing happens to the run before Start, and it goes on until the new task is open.

mod cards;
mod details;
pub mod needs;
pub mod preview;
mod thumbnail;

use std::path::PathBuf;

use egui::{Align, Button, Context, Layout, Modal, RichText, ScrollArea, Ui, vec2};

use self::cards::CardAction;
use self::preview::{NamedPicture, PicturePreview};
use crate::gui::action::{Action, TaskAction};
use crate::gui::state::{KnownNeed, OpeningState, ViewContext};
use crate::gui::theme;
use crate::gui::widgets::opening;
use crate::task::TaskKind;
use crate::text;
use crate::train::Settings;

/// Width of the sheet in points, where the window is wide enough.
const WIDTH: f32 = 860.0;
/// Height of the line with the buttons and the separator above it.
const FOOT: f32 = 40.0;
/// Points of the window that the sheet leaves free.
const AROUND: f32 = 40.0;

/// The sheet and what was filled in there.
pub struct Chooser {
    open: bool,
    kind: TaskKind,
    /// For each kind, in the order of [`TaskKind::ALL`]: what Start would begin.
    wanted: Vec<Settings>,
    /// The kind that was started last: its card says what was refused.
    tried: Option<TaskKind>,
    picture: NamedPicture,
    need: KnownNeed,
    /// The details are to be scrolled into sight: a file was handed over for them.
    reveal: bool,
}

impl Default for Chooser {
    fn default() -> Self {
        let form = Settings::default();
        let wanted = TaskKind::ALL.map(|kind| needs::settings_for(kind, &form)).to_vec();
        let (picture, need) = (NamedPicture::None, KnownNeed::default());
        Self { open: false, kind: TaskKind::Trains, wanted, tried: None, picture, need, reveal: false }
    }
}

impl Chooser {
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Opens the sheet at the card of the form's kind, or at that of a file or folder that was handed over.
    pub fn open(&mut self, form: &Settings, at: Option<(TaskKind, PathBuf)>) {
        let was_open = std::mem::replace(&mut self.open, true);
        if !was_open {
            self.kind = form.task.kind;
            self.tried = None;
            self.take_over(form);
        }
        if let Some((kind, path)) = at {
            (self.kind, self.reveal) = (kind, true);
            let task = &self.wanted(kind).task;
            // of own trains the inputs come first; what is called a target is one
            let named = path.file_stem().is_some_and(|name| name.to_string_lossy().to_lowercase().contains("target"));
            let second = named || !task.data.is_empty() && task.target.is_empty() && was_open;
            let target = kind == TaskKind::Picture || kind == TaskKind::Own && second;
            self.name(kind, target, path);
        }
    }

    pub fn close(&mut self) {
        self.open = false;
    }

    /// A file or folder was named for a kind: its data, or its target.
    pub fn name(&mut self, kind: TaskKind, target: bool, path: PathBuf) {
        let path = path.to_string_lossy().into_owned();
        if kind == TaskKind::Picture {
            // a file may have changed since it was read
            self.picture = NamedPicture::None;
        }
        let task = &mut self.wanted_mut(kind).task;
        *(if target { &mut task.target } else { &mut task.data }) = path;
    }

    /// A picture was read, or not; `path` as it was typed.
    pub fn on_picture(&mut self, path: String, result: Result<PicturePreview, String>) {
        if matches!(&self.picture, NamedPicture::Reading(wanted) if *wanted == path) {
            if let Ok(preview) = &result {
                let task = &mut self.wanted_mut(TaskKind::Picture).task;
                [task.steps, task.outputs] = preview.size;
            }
            self.picture = NamedPicture::Read { path, result, shown: None };
        }
    }

    /// Takes over the files that the form has for its kind.
    fn take_over(&mut self, form: &Settings) {
        let kind = form.task.kind;
        let task = &mut self.wanted_mut(kind).task;
        match kind {
            TaskKind::Images | TaskKind::Nmnist => task.data.clone_from(&form.task.data),
            TaskKind::Own | TaskKind::Picture => *task = form.task.clone(),
            TaskKind::Trains | TaskKind::Digits | TaskKind::YinYang => {}
        }
    }

    fn wanted(&self, kind: TaskKind) -> &Settings {
        &self.wanted[place(kind)]
    }

    fn wanted_mut(&mut self, kind: TaskKind) -> &mut Settings {
        &mut self.wanted[place(kind)]
    }

    /// Draws the sheet, if it is open.
    pub fn show(&mut self, ctx: &Context, cx: ViewContext, actions: &mut Vec<Action>) {
        if !self.open {
            return;
        }
        let room = ctx.content_rect().size() - vec2(AROUND, AROUND);
        let id = egui::Id::unique("task chooser");
        // an area that is not told so takes no more than a part of the window
        let modal = Modal::new(id).area(Modal::default_area(id).default_size(room));
        let frame = egui::Frame::popup(&ctx.global_style()).fill(cx.theme.panel).inner_margin(14);
        let response = modal.frame(frame).show(ctx, |ui| {
            ui.set_width(WIDTH.min(room.x - 28.0));
            // Start stays in sight where the window is small
            let scroll = ScrollArea::vertical().max_height((room.y - 28.0 - FOOT).max(60.0));
            let scroll = scroll.auto_shrink([false, true]);
            let started = scroll.show(ui, |ui| self.contents(ui, cx, actions)).inner;
            self.foot(ui, cx, started, actions)
        });
        if response.inner || response.should_close() {
            self.open = false;
        }
    }

    /// Cards and details. True where the user wants to start without pressing the button.
    fn contents(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) -> bool {
        let mut started = false;
        ui.label(RichText::new("Choose task").strong());
        ui.add_space(4.0);
        match cards::show(ui, cx, self.kind) {
            Some(CardAction::Picked(kind)) => self.kind = kind,
            Some(CardAction::Started(kind)) => {
                self.kind = kind;
                started = kind.made();
            }
            None => {}
        }
        ui.add_space(8.0);
        started |= self.details(ui, cx, actions);
        if std::mem::take(&mut self.reveal) {
            ui.scroll_to_cursor(Some(Align::BOTTOM));
        }
        started
    }

    /// A summary of the task, and the buttons. True where the sheet is to be closed.
    fn foot(&mut self, ui: &mut Ui, cx: ViewContext, mut started: bool, actions: &mut Vec<Action>) -> bool {
        ui.separator();
        ui.horizontal(|ui| {
            ui.set_min_height(24.0);
            if let OpeningState::Busy(fraction) = cx.opening {
                opening::busy(ui, fraction, actions);
                return false;
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                started |= self.start_button(ui, cx);
                let close =
                    ui.button("Close").on_hover_text("Closes this dialog without changing anything (Esc)").clicked();
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| self.summary(ui, cx));
                if started && self.ready().is_ok() {
                    self.start(cx, actions);
                }
                close
            })
            .inner
        })
        .inner
    }

    fn start_button(&self, ui: &mut Ui, cx: ViewContext) -> bool {
        let ready = self.ready();
        let colour = cx.theme.focus;
        let text = RichText::new("Start").color(cx.theme.text_on(colour));
        let button = Button::new(text).fill(colour).min_size(vec2(84.0, 24.0));
        let hint = "Starts a new run with this task; the current run continues until the data have been read";
        let response = ui.add_enabled(ready.is_ok(), button).on_hover_text(hint);
        response.on_disabled_hover_text(ready.err().unwrap_or_default()).clicked()
    }

    /// Whether there is all that Start needs; otherwise what is missing.
    fn ready(&self) -> Result<(), &'static str> {
        let task = &self.wanted(self.kind).task;
        let missing = |path: &str, what| if path.trim().is_empty() { Err(what) } else { Ok(()) };
        match self.kind {
            TaskKind::Images | TaskKind::Nmnist => missing(&task.data, "Choose the folder first"),
            TaskKind::Own => missing(&task.data, "Choose the file with the inputs first"),
            TaskKind::Picture => missing(&task.target, "Choose the picture first"),
            TaskKind::Trains | TaskKind::Digits | TaskKind::YinYang => Ok(()),
        }
    }

    fn start(&mut self, cx: ViewContext, actions: &mut Vec<Action>) {
        let mut settings = self.wanted(self.kind).clone();
        let form = cx.form.settings();
        (settings.run.seed, settings.rule.rule) = (form.run.seed, form.rule.rule);
        self.tried = Some(self.kind);
        actions.push(TaskAction::Start(Box::new(settings)).into());
    }

    /// A summary of the task that Start would begin.
    fn summary(&mut self, ui: &mut Ui, cx: ViewContext) {
        let settings = &self.wanted[place(self.kind)];
        let known = match (self.kind, &self.picture) {
            (TaskKind::Own, _) => false,
            (TaskKind::Picture, NamedPicture::Read { result, .. }) => result.is_ok(),
            (TaskKind::Picture, _) => false,
            _ => true,
        };
        let network = match settings.network() {
            Ok(net) if known => {
                let number = text::whole(net.parameter_count() as u64);
                let need = text::bytes(self.need.of(settings));
                format!("{}, {number} parameters, about {need} of memory", settings.network_text())
            }
            _ => format!("{} between inputs and outputs", layers(settings)),
        };
        let of_picture = self.kind == TaskKind::Picture && !known;
        let steps = if of_picture { String::new() } else { format!(", {} steps", settings.task.steps) };
        let text = format!("Starts with {network}{steps}");
        let text = RichText::new(text).font(theme::small()).color(cx.theme.faint);
        let hint = "Everything can be changed afterwards in the Experiment panel. The seed and the rule are kept.";
        ui.add(egui::Label::new(text).truncate()).on_hover_text(hint);
    }
}

/// The hidden layers as the user writes them.
fn layers(settings: &Settings) -> String {
    let words: Vec<String> = settings.network.hidden.iter().map(ToString::to_string).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(" - ") }
}

fn place(kind: TaskKind) -> usize {
    TaskKind::ALL.iter().position(|k| *k == kind).expect("every kind has its card")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_own_files_the_second_is_the_target_and_names_are_heeded() {
        let form = Settings::default();
        let hand = |names: [&str; 2]| {
            let mut chooser = Chooser::default();
            for name in names {
                chooser.open(&form, Some((TaskKind::Own, name.into())));
            }
            let task = &chooser.wanted(TaskKind::Own).task;
            (task.data.clone(), task.target.clone())
        };
        let both = ("in.csv".to_owned(), "my-target.csv".to_owned());
        assert_eq!(hand(["in.csv", "my-target.csv"]), both);
        assert_eq!(hand(["my-target.csv", "in.csv"]), both);
        assert_eq!(hand(["a.csv", "b.csv"]), ("a.csv".to_owned(), "b.csv".to_owned()));
    }

    #[test]
    fn a_picture_that_is_not_wanted_any_more_is_not_heard() {
        let mut chooser = Chooser { picture: NamedPicture::Reading("b.png".into()), ..Chooser::default() };
        chooser.on_picture("a.png".into(), Err("no".into()));
        assert!(matches!(&chooser.picture, NamedPicture::Reading(path) if path == "b.png"));
    }
}
