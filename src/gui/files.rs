//! Files of the window, in one place: a sheet with a path that can be typed, and the system's dialog behind Browse.
//!
//! Dialogs and files are waited for on a thread of their own, because the window never waits.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use egui::{Context, RichText, TextEdit};

use crate::engine::Frame;
use crate::file;
use crate::machine;
use crate::record::{Checkpoint, checkpoint, weights};
use crate::snn::{Network, Params};
use crate::task::TaskKind;
use crate::train::Settings;

use super::action::Action;
use super::choose::preview::Preview;
use super::picture::Picture;
use super::theme::Theme;

/// What came of a sheet.
pub enum Done {
    /// Settings were read.
    Opened(Box<Settings>),
    /// A run at one moment was read.
    Checkpoint(Box<Checkpoint>),
    /// Weights of the network in view were read.
    Weights(Box<Params>),
    /// Something was written; in words.
    Saved(String),
    /// A file or folder was named with the system's dialog.
    Named(Slot, PathBuf),
    /// A picture was read for its preview, from the path as it was typed.
    Picture(String, Result<Preview, String>),
    /// What was handed over makes these wishes, in order.
    Wishes(Vec<Action>),
}

/// A path that the system's dialog can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// What the task chooser names for a kind: its data, or (true) its target.
    Chooser(TaskKind, bool),
    /// `task.data` of the form, for its kind, or (true) `task.target`.
    Form(TaskKind, bool),
}

impl Slot {
    /// The system's dialog; `None` when it was cancelled or there is none. Blocks.
    fn pick(self) -> Option<PathBuf> {
        let (Self::Chooser(kind, _) | Self::Form(kind, _)) = self;
        let dialog = rfd::FileDialog::new();
        match kind {
            TaskKind::Images | TaskKind::Nmnist => dialog.pick_folder(),
            TaskKind::Picture => dialog.add_filter("Pictures", &["png", "jpg", "jpeg"]).pick_file(),
            _ => dialog.add_filter("Spike trains", &["npz", "csv"]).pick_file(),
        }
    }
}

/// What the threads report.
enum Report {
    Browsed(PathBuf),
    Picture(Vec<u8>),
    Done(Done),
    /// Something that is no sheet's.
    Aside(Done),
    Failed(String),
}

/// What a sheet is for.
#[derive(Clone)]
enum Purpose {
    Open,
    /// A checkpoint, or weights of this network.
    OpenTensors(Arc<Network>),
    /// A name to begin with, and what is to be written.
    Save(&'static str, Arc<Vec<u8>>),
    SaveCheckpoint(Arc<Checkpoint>, Arc<Network>),
    /// Weights alone.
    SaveWeights(Arc<Frame>),
}

impl Purpose {
    fn saves(&self) -> bool {
        matches!(self, Self::Save(..) | Self::SaveCheckpoint(..) | Self::SaveWeights(_))
    }
}

/// The sheet that is open.
struct Sheet {
    title: &'static str,
    purpose: Purpose,
    path: String,
    problem: Option<String>,
    busy: bool,
}

/// The sheet, if one is open, and the threads behind it.
pub struct Files {
    ctx: Context,
    sheet: Option<Sheet>,
    sender: Sender<Report>,
    reports: Receiver<Report>,
}

/// The greatest settings file that is read.
const MOST_BYTES: u64 = 1 << 20;

impl Files {
    pub fn new(ctx: &Context) -> Self {
        let (sender, reports) = channel();
        Self { ctx: ctx.clone(), sheet: None, sender, reports }
    }

    pub fn open_settings(&mut self) {
        self.ask("Open settings", Purpose::Open, "settings.toml");
    }

    /// Reads settings from a file that was named already; the sheet is there for what is wrong with it.
    pub fn open_settings_at(&mut self, path: PathBuf) {
        self.open_settings();
        if let Some(sheet) = &mut self.sheet {
            (sheet.path, sheet.busy) = (path.to_string_lossy().into_owned(), true);
        }
        self.work(move || Some(carry_out(&Purpose::Open, &path)));
    }

    /// Reads a checkpoint, or weights of `net`.
    pub fn open_checkpoint(&mut self, net: Arc<Network>) {
        self.ask("Open checkpoint or weights", Purpose::OpenTensors(net), "checkpoint.safetensors");
    }

    /// The same from a file that was named already.
    pub fn open_checkpoint_at(&mut self, net: Arc<Network>, path: PathBuf) {
        self.open_checkpoint(Arc::clone(&net));
        if let Some(sheet) = &mut self.sheet {
            (sheet.path, sheet.busy) = (path.to_string_lossy().into_owned(), true);
        }
        self.work(move || Some(carry_out(&Purpose::OpenTensors(net), &path)));
    }

    pub fn save_checkpoint(&mut self, checkpoint: Checkpoint, net: Arc<Network>) {
        let purpose = Purpose::SaveCheckpoint(Arc::new(checkpoint), net);
        self.ask("Save checkpoint", purpose, "checkpoint.safetensors");
    }

    /// Weights alone, as PyTorch loads them.
    pub fn save_weights(&mut self, frame: Arc<Frame>) {
        self.ask("Save weights", Purpose::SaveWeights(frame), "weights.safetensors");
    }

    /// Asks for a file or folder with the system's dialog.
    pub fn browse(&self, slot: Slot) {
        self.aside(move || slot.pick().map(|path| Done::Named(slot, path)));
    }

    /// Does something with files that is no sheet's, on a thread.
    pub fn aside(&self, work: impl FnOnce() -> Option<Done> + Send + 'static) {
        self.work(move || work().map(Report::Aside));
    }

    pub fn save_settings(&mut self, text: String) {
        self.save("Save settings", "settings.toml", text.into_bytes());
    }

    pub fn save_log(&mut self, text: String) {
        self.save("Save log", "log.toml", text.into_bytes());
    }

    /// Asks the window for its picture; the sheet opens when that has come.
    pub fn save_picture(&self, ctx: &Context) {
        let (sender, ours) = (self.sender.clone(), self.ctx.clone());
        ctx.request_screenshot(move |image: Arc<egui::ColorImage>| {
            let [width, height] = image.size;
            let rgba = image.pixels.iter().flat_map(|p| [p.r(), p.g(), p.b(), 255]).collect();
            let made_by = concat!("Spikescape ", env!("CARGO_PKG_VERSION"));
            let png = Picture { width, height, rgba }.png(&[("Software", made_by)]);
            let failed = |e| Report::Failed(format!("The picture could not be made: {e}"));
            let _ = sender.send(png.map_or_else(failed, Report::Picture));
            ours.request_repaint();
        });
    }

    fn save(&mut self, title: &'static str, name: &'static str, bytes: Vec<u8>) {
        self.ask(title, Purpose::Save(name, Arc::new(bytes)), name);
    }

    fn ask(&mut self, title: &'static str, purpose: Purpose, name: &str) {
        let folder = std::env::current_dir().unwrap_or_default();
        let path = folder.join(name).to_string_lossy().into_owned();
        self.sheet = Some(Sheet { title, purpose, path, problem: None, busy: false });
    }

    /// What came of the sheet since the last call.
    pub fn done(&mut self) -> Option<Done> {
        while let Ok(report) = self.reports.try_recv() {
            match report {
                Report::Picture(png) => self.save("Save picture", "spikescape.png", png),
                Report::Browsed(path) => {
                    if let Some(sheet) = &mut self.sheet {
                        sheet.path = path.to_string_lossy().into_owned();
                    }
                }
                Report::Done(done) => {
                    self.sheet = None;
                    return Some(done);
                }
                Report::Aside(done) => return Some(done),
                Report::Failed(problem) => {
                    if let Some(sheet) = &mut self.sheet {
                        (sheet.problem, sheet.busy) = (Some(problem), false);
                    }
                }
            }
        }
        None
    }

    /// Draws the sheet.
    pub fn show(&mut self, theme: &Theme) {
        let Some(sheet) = &mut self.sheet else { return };
        let (mut open, mut browse, mut go, mut cancel) = (true, false, false, false);
        let saving = sheet.purpose.saves();
        let window = egui::Window::new(sheet.title).open(&mut open).collapsible(false).resizable(false);
        window.anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO).show(&self.ctx, |ui| {
            ui.set_width(460.0);
            ui.horizontal(|ui| {
                let name = ui.label("File");
                let field = TextEdit::singleline(&mut sheet.path).desired_width(330.0);
                let field = ui.add(field).labelled_by(name.id);
                go = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
                browse =
                    ui.button("Browse…").on_hover_text("The system's own file dialog, where there is one").clicked();
            });
            if let Some(problem) = &sheet.problem {
                ui.label(RichText::new(problem).color(theme.warning));
            } else if saving {
                let note = "A file of this name is replaced, as a whole or not at all";
                ui.label(RichText::new(note).font(super::theme::small()).color(theme.faint));
            }
            ui.horizontal(|ui| {
                let word = if saving { "Save" } else { "Open" };
                let hint = if saving { "Writes the file (Enter)" } else { "Reads the file (Enter)" };
                go |= ui.add_enabled(!sheet.busy, egui::Button::new(word)).on_hover_text(hint).clicked();
                cancel = ui.button("Cancel").on_hover_text("Closes this sheet (Esc)").clicked();
            });
        });
        cancel |= self.ctx.input(|i| i.key_pressed(egui::Key::Escape));
        let (purpose, path) = (sheet.purpose.clone(), PathBuf::from(sheet.path.trim()));
        sheet.busy |= go;
        if browse {
            self.work(move || pick(&purpose).map(Report::Browsed));
        } else if go {
            self.work(move || Some(carry_out(&purpose, &path)));
        } else if cancel || !open {
            self.sheet = None;
        }
    }

    /// Runs `work` on a thread and wakes the window when it has something to report.
    fn work(&self, work: impl FnOnce() -> Option<Report> + Send + 'static) {
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        let work = move || {
            if let Some(report) = work() {
                let _ = sender.send(report);
                ctx.request_repaint();
            }
        };
        if let Err(e) = std::thread::Builder::new().name("files".into()).spawn(work) {
            let _ = self.sender.send(Report::Failed(format!("A thread for it could not be started: {e}")));
        }
    }
}

/// The system's dialog; `None` when it was cancelled or there is none.
fn pick(purpose: &Purpose) -> Option<PathBuf> {
    match purpose {
        Purpose::Open => rfd::FileDialog::new().add_filter("Settings", &["toml"]).pick_file(),
        Purpose::OpenTensors(_) => rfd::FileDialog::new().add_filter("Weights", &["safetensors"]).pick_file(),
        Purpose::Save(name, _) => rfd::FileDialog::new().set_file_name(*name).save_file(),
        Purpose::SaveCheckpoint(..) => rfd::FileDialog::new().set_file_name("checkpoint.safetensors").save_file(),
        Purpose::SaveWeights(_) => rfd::FileDialog::new().set_file_name("weights.safetensors").save_file(),
    }
}

fn carry_out(purpose: &Purpose, path: &Path) -> Report {
    match purpose {
        Purpose::Open => read(path).map_or_else(Report::Failed, |s| Report::Done(Done::Opened(Box::new(s)))),
        Purpose::OpenTensors(net) => read_tensors(path, net).map_or_else(Report::Failed, Report::Done),
        Purpose::Save(_, bytes) => saved(path, write(path, bytes)),
        Purpose::SaveCheckpoint(checkpoint, net) => saved(path, checkpoint.save(path, net)),
        Purpose::SaveWeights(frame) => {
            let bytes = weights::to_safetensors(&frame.net, &frame.params, &frame.settings, frame.update);
            saved(path, bytes.map_err(|e| format!("The weights cannot be written: {e}.")).and_then(|b| write(path, &b)))
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    file::save(path, bytes)
}

fn saved(path: &Path, written: Result<(), String>) -> Report {
    match written {
        Ok(()) => Report::Done(Done::Saved(format!("Saved {}", path.display()))),
        Err(problem) => Report::Failed(format!("{problem} Nothing was changed there")),
    }
}

/// Reads a checkpoint, or else weights of `net`.
fn read_tensors(path: &Path, net: &Network) -> Result<Done, String> {
    let bytes = file::read(path, file::TENSOR_LIMIT)?;
    let name = path.display().to_string();
    if checkpoint::is_checkpoint(&bytes) {
        return Checkpoint::from_bytes(&name, &bytes).map(|c| Done::Checkpoint(Box::new(c)));
    }
    weights::from_safetensors(&name, &bytes, net).map(|p| Done::Weights(Box::new(p)))
}

/// Reads settings; the error has a line for each problem.
fn read(path: &Path) -> Result<Settings, String> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let text = file::read_text(path, MOST_BYTES)?;
    Settings::from_toml_within(&name, &text, machine::memory())
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}
