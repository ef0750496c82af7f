//! Files of the window, in one place: a sheet with a path that can be typed, and the system's dialog behind Browse.
//!
//! Dialogs and files are waited for on a thread of their own, because the window never waits.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use egui::{Context, RichText, TextEdit};

use crate::engine::Frame;
use crate::file;
use crate::gui::action::{Action, LessonAction, PathSlot};
use crate::gui::chooser::preview::PicturePreview;
use crate::gui::state::session::{LeftWork, SessionMark};
use crate::gui::theme::Palette;
use crate::gui::widgets::path_field::focus_name;
use crate::lesson::Lesson;
use crate::machine;
use crate::picture::Bitmap;
use crate::record::{Checkpoint, Log, checkpoint, weights};
use crate::session::{self, Session};
use crate::snn::{Network, Params};
use crate::task::TaskKind;
use crate::text;
use crate::train::Settings;

/// The outcome of a sheet.
pub enum FileOutcome {
    /// Settings were read.
    Opened(Box<Settings>),
    /// A run at one moment was read.
    Checkpoint(Box<Checkpoint>),
    /// Weights of the network in view were read.
    Weights(Box<Params>),
    /// Something was written; in words.
    Saved(String),
    /// A file or folder was named with the system's dialog.
    Named(PathSlot, PathBuf),
    /// A picture was read for its preview, from the path as it was typed.
    Picture(String, Result<PicturePreview, String>),
    /// A session was read from this file.
    Session(PathBuf, Box<Session>),
    /// A session is to be saved in this file.
    SaveSession(PathBuf),
    /// It was, or why not.
    SessionSaved(PathBuf, SessionMark, Result<(), String>),
    /// A log was read.
    Log(Box<Log>),
    /// What an earlier program left.
    Left(Box<LeftWork>),
    /// The actions for files that were dropped, in order.
    Wishes(Vec<Action>),
    /// Where a figure or a film should go, as the system's dialog says.
    ExportPath(PathBuf),
    /// Figures or a film were written, in words; or a sentence that says why not.
    Exported(Result<String, String>),
    PictureToCopy(egui::ColorImage),
}

/// A report of a thread.
enum FileReport {
    Browsed(PathBuf),
    Picture(Vec<u8>),
    Done(FileOutcome),
    /// Something that is no sheet's.
    Aside(FileOutcome),
    Failed(String),
}

/// The purpose of a sheet.
#[derive(Clone)]
enum SheetPurpose {
    Open,
    OpenSession,
    SaveSession,
    OpenLog,
    OpenLesson,
    /// A checkpoint, or weights of this network.
    OpenTensors(Arc<Network>),
    /// A name to begin with, and what is to be written.
    Save(&'static str, Arc<Vec<u8>>),
    SaveCheckpoint(Arc<Checkpoint>, Arc<Network>),
    /// Weights alone.
    SaveWeights(Arc<Frame>),
}

impl SheetPurpose {
    fn saves(&self) -> bool {
        matches!(self, Self::Save(..) | Self::SaveSession | Self::SaveCheckpoint(..) | Self::SaveWeights(_))
    }
}

/// The sheet that is open.
struct FileSheet {
    title: &'static str,
    purpose: SheetPurpose,
    path: String,
    problem: Option<String>,
    busy: bool,
    /// The field waits to get the focus.
    asked: bool,
}

/// A button of the sheet that was pressed. It waits for the next [`FileDialogs::outcome`]: nothing is begun while the
/// window is drawn.
enum SheetWish {
    Browse(SheetPurpose),
    CarryOut(SheetPurpose, PathBuf),
}

/// The sheet, if one is open, and what the threads report.
pub struct FileDialogs {
    ctx: Context,
    sheet: Option<FileSheet>,
    wish: Option<SheetWish>,
    sender: Sender<FileReport>,
    reports: Receiver<FileReport>,
}

/// The greatest settings file that is read.
const MOST_BYTES: u64 = 1 << 20;
/// The names of a worksheet's and a session's file to begin with.
const WORKSHEET: &str = "worksheet.md";
const SESSION_NAME: &str = "session.spikescape";

impl FileDialogs {
    pub fn new(ctx: &Context) -> Self {
        let (sender, reports) = channel();
        Self { ctx: ctx.clone(), sheet: None, wish: None, sender, reports }
    }

    /// Whether a sheet stands before everything.
    pub fn is_open(&self) -> bool {
        self.sheet.is_some()
    }

    pub fn open_settings(&mut self) {
        self.ask("Open settings", SheetPurpose::Open, "settings.toml");
    }

    pub fn open_lesson(&mut self) {
        self.ask("Open lesson", SheetPurpose::OpenLesson, "lesson.toml");
    }

    pub fn save_worksheet(&mut self, text: String) {
        self.save("Save worksheet", WORKSHEET, text.into_bytes());
    }

    /// Closes the sheet of a worksheet whose lesson was left.
    pub fn close_worksheet(&mut self) {
        self.sheet.take_if(|sheet| matches!(sheet.purpose, SheetPurpose::Save(WORKSHEET, _)) && !sheet.busy);
    }

    /// Reads settings from a file that was named already; the sheet is there for what is wrong with it.
    pub fn open_settings_at(&mut self, path: PathBuf) {
        self.open_settings();
        self.carry_out_at(SheetPurpose::Open, path);
    }

    /// Asks for a file of a session; `last` is the one that was opened or saved last.
    pub fn open_session(&mut self, last: Option<&Path>) {
        self.ask("Open session", SheetPurpose::OpenSession, SESSION_NAME);
        self.propose(last);
    }

    /// Reads a session from a file that was named already.
    pub fn open_session_at(&mut self, path: PathBuf) {
        self.open_session(None);
        self.carry_out_at(SheetPurpose::OpenSession, path);
    }

    /// Reads a log from a file that was named already.
    pub fn open_log_at(&mut self, path: PathBuf) {
        self.ask("Open log", SheetPurpose::OpenLog, "log.toml");
        self.carry_out_at(SheetPurpose::OpenLog, path);
    }

    fn carry_out_at(&mut self, purpose: SheetPurpose, path: PathBuf) {
        if let Some(sheet) = &mut self.sheet {
            (sheet.path, sheet.busy) = (path.to_string_lossy().into_owned(), true);
        }
        self.work(move || Some(carry_out(&purpose, &path)));
    }

    /// Asks for a file of the session.
    pub fn save_session(&mut self, path: Option<&Path>) {
        self.ask("Save session", SheetPurpose::SaveSession, SESSION_NAME);
        self.propose(path);
    }

    fn propose(&mut self, path: Option<&Path>) {
        if let (Some(sheet), Some(path)) = (&mut self.sheet, path) {
            sheet.path = path.to_string_lossy().into_owned();
        }
    }

    /// Reads a checkpoint, or weights of `net`.
    pub fn open_checkpoint(&mut self, net: Arc<Network>) {
        self.ask("Open checkpoint or weights", SheetPurpose::OpenTensors(net), "checkpoint.safetensors");
    }

    /// The same from a file that was named already.
    pub fn open_checkpoint_at(&mut self, net: Arc<Network>, path: PathBuf) {
        self.open_checkpoint(Arc::clone(&net));
        self.carry_out_at(SheetPurpose::OpenTensors(net), path);
    }

    pub fn save_checkpoint(&mut self, checkpoint: Checkpoint, net: Arc<Network>) {
        let purpose = SheetPurpose::SaveCheckpoint(Arc::new(checkpoint), net);
        self.ask("Save checkpoint", purpose, "checkpoint.safetensors");
    }

    /// Weights alone, as PyTorch loads them.
    pub fn save_weights(&mut self, frame: Arc<Frame>) {
        self.ask("Save weights", SheetPurpose::SaveWeights(frame), "weights.safetensors");
    }

    /// Asks for a file or folder with the system's dialog.
    pub fn browse(&self, slot: PathSlot) {
        self.aside(move || pick_slot(slot).map(|path| FileOutcome::Named(slot, path)));
    }

    /// Does something with files that is no sheet's, on a thread.
    pub fn aside(&self, work: impl FnOnce() -> Option<FileOutcome> + Send + 'static) {
        self.work(move || work().map(FileReport::Aside));
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
            let png = Bitmap { width, height, rgba }.png(&[("Software", made_by)]);
            let failed = |e| FileReport::Failed(format!("The picture could not be made: {e}."));
            let _ = sender.send(png.map_or_else(failed, FileReport::Picture));
            ours.request_repaint();
        });
    }

    fn save(&mut self, title: &'static str, name: &'static str, bytes: Vec<u8>) {
        self.ask(title, SheetPurpose::Save(name, Arc::new(bytes)), name);
    }

    fn ask(&mut self, title: &'static str, purpose: SheetPurpose, name: &str) {
        let folder = std::env::current_dir().unwrap_or_default();
        let path = folder.join(name).to_string_lossy().into_owned();
        self.sheet = Some(FileSheet { title, purpose, path, problem: None, busy: false, asked: true });
    }

    /// Begins what the sheet was asked for, and says what came of it since the last call.
    pub fn outcome(&mut self) -> Option<FileOutcome> {
        match self.wish.take() {
            Some(SheetWish::Browse(purpose)) => self.work(move || pick(&purpose).map(FileReport::Browsed)),
            Some(SheetWish::CarryOut(purpose, path)) => self.work(move || Some(carry_out(&purpose, &path))),
            None => {}
        }
        while let Ok(report) = self.reports.try_recv() {
            match report {
                FileReport::Picture(png) => self.save("Save picture", "spikescape.png", png),
                FileReport::Browsed(path) => {
                    if let Some(sheet) = &mut self.sheet {
                        sheet.path = path.to_string_lossy().into_owned();
                    }
                }
                FileReport::Done(done) => {
                    self.sheet = None;
                    return Some(done);
                }
                FileReport::Aside(done) => return Some(done),
                FileReport::Failed(problem) => {
                    if let Some(sheet) = &mut self.sheet {
                        (sheet.problem, sheet.busy, sheet.asked) = (Some(problem), false, true);
                    }
                }
            }
        }
        None
    }

    /// Draws the sheet; `enter` presses its default button.
    pub fn show(&mut self, theme: &Palette, enter: bool) {
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
                if std::mem::take(&mut sheet.asked) {
                    focus_name(&field, &sheet.path);
                }
                go = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
                browse =
                    ui.button("Browse…").on_hover_text("Opens the system's file dialog, if there is one").clicked();
            });
            if let Some(problem) = &sheet.problem {
                ui.label(RichText::new(problem).color(theme.warning));
            } else if saving {
                let note = "An existing file with this name is replaced, either completely or not at all";
                ui.label(RichText::new(note).font(crate::gui::theme::small()).color(theme.faint));
            }
            ui.horizontal(|ui| {
                let word = if saving { "Save" } else { "Open" };
                let hint = if saving { "Writes the file (Enter)" } else { "Reads the file (Enter)" };
                go |= ui.add_enabled(!sheet.busy, egui::Button::new(word)).on_hover_text(hint).clicked();
                cancel = ui.button("Cancel").on_hover_text("Closes this dialog (Esc)").clicked();
            });
        });
        cancel |= self.ctx.input(|i| i.key_pressed(egui::Key::Escape));
        go |= !sheet.busy && enter;
        let (purpose, path) = (sheet.purpose.clone(), PathBuf::from(sheet.path.trim()));
        sheet.busy |= go;
        if browse {
            self.wish = Some(SheetWish::Browse(purpose));
        } else if go {
            let path = if purpose.saves() { with_one_ending(path) } else { path };
            self.wish = Some(SheetWish::CarryOut(purpose, path));
        } else if cancel || !open {
            self.sheet = None;
        }
        if self.wish.is_some() {
            self.ctx.request_repaint();
        }
    }

    /// Runs `work` on a thread and wakes the window when it has something to report.
    fn work(&self, work: impl FnOnce() -> Option<FileReport> + Send + 'static) {
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        let work = move || {
            if let Some(report) = work() {
                let _ = sender.send(report);
                ctx.request_repaint();
            }
        };
        if let Err(e) = std::thread::Builder::new().name("files".into()).spawn(work) {
            let _ = self.sender.send(FileReport::Failed(format!("The thread for this could not be started: {e}.")));
        }
    }
}

/// The system's dialog; `None` when it was cancelled or there is none.
fn pick(purpose: &SheetPurpose) -> Option<PathBuf> {
    match purpose {
        SheetPurpose::Open => rfd::FileDialog::new().add_filter("Settings", &["toml"]).pick_file(),
        SheetPurpose::OpenSession => rfd::FileDialog::new().add_filter("Sessions", &[session::ENDING]).pick_file(),
        SheetPurpose::OpenLog => rfd::FileDialog::new().add_filter("Logs", &["toml"]).pick_file(),
        SheetPurpose::SaveSession => rfd::FileDialog::new().set_file_name(SESSION_NAME).save_file(),
        SheetPurpose::OpenLesson => rfd::FileDialog::new().add_filter("Lessons", &["toml"]).pick_file(),
        SheetPurpose::OpenTensors(_) => rfd::FileDialog::new().add_filter("Weights", &["safetensors"]).pick_file(),
        SheetPurpose::Save(name, _) => rfd::FileDialog::new().set_file_name(*name).save_file(),
        SheetPurpose::SaveCheckpoint(..) => rfd::FileDialog::new().set_file_name("checkpoint.safetensors").save_file(),
        SheetPurpose::SaveWeights(_) => rfd::FileDialog::new().set_file_name("weights.safetensors").save_file(),
    }
}

/// The system's dialog; `None` when it was cancelled or there is none. Blocks.
fn pick_slot(slot: PathSlot) -> Option<PathBuf> {
    let dialog = rfd::FileDialog::new();
    let (PathSlot::Chooser(kind, _) | PathSlot::Form(kind, _) | PathSlot::Missing(kind)) = slot else {
        return dialog.pick_folder();
    };
    match kind {
        TaskKind::Images | TaskKind::Nmnist => dialog.pick_folder(),
        TaskKind::Picture => dialog.add_filter("Pictures", &["png", "jpg", "jpeg"]).pick_file(),
        _ => dialog.add_filter("Spike trains", &["npz", "csv", "h5", "hdf5"]).pick_file(),
    }
}

fn carry_out(purpose: &SheetPurpose, path: &Path) -> FileReport {
    match purpose {
        SheetPurpose::Open => {
            read(path).map_or_else(FileReport::Failed, |s| FileReport::Done(FileOutcome::Opened(Box::new(s))))
        }
        SheetPurpose::OpenSession => session::archive::open(path).map_or_else(FileReport::Failed, |session| {
            FileReport::Done(FileOutcome::Session(path.to_owned(), Box::new(session)))
        }),
        SheetPurpose::SaveSession => {
            let path = with_ending(path);
            let saves = |()| FileReport::Done(FileOutcome::SaveSession(path.clone()));
            fits(&path, SESSION_NAME).map_or_else(FileReport::Failed, saves)
        }
        SheetPurpose::OpenLog => {
            read_log(path).map_or_else(FileReport::Failed, |log| FileReport::Done(FileOutcome::Log(Box::new(log))))
        }
        SheetPurpose::OpenLesson => match read_lesson(path) {
            Ok(lesson) => FileReport::Done(FileOutcome::Wishes(vec![LessonAction::Begin(Box::new(lesson)).into()])),
            Err(problem) => FileReport::Failed(problem),
        },
        SheetPurpose::OpenTensors(net) => read_tensors(path, net).map_or_else(FileReport::Failed, FileReport::Done),
        SheetPurpose::Save(name, bytes) => saved(path, fits(path, name).and_then(|()| write(path, bytes))),
        SheetPurpose::SaveCheckpoint(checkpoint, net) => saved(path, checkpoint.save(path, net)),
        SheetPurpose::SaveWeights(frame) => {
            let bytes = weights::to_safetensors(&frame.net, &frame.params, &frame.settings, frame.update);
            saved(
                path,
                bytes.map_err(|e| format!("The weights could not be written: {e}.")).and_then(|b| write(path, &b)),
            )
        }
    }
}

/// Whether a name ends as that of its kind of file does; a picture that is named `figure.svg` would be a PNG all the same.
fn fits(path: &Path, name: &str) -> Result<(), String> {
    let ending = |path: &Path| path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let (given, wanted) = (ending(path), ending(Path::new(name)).unwrap_or_default());
    match given {
        Some(given) if given == wanted => Ok(()),
        Some(given) => Err(format!("The file is not of the kind .{given}: end its name in .{wanted}.")),
        None => Err(format!("The name has no ending: end it in .{wanted}.")),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    file::save(path, bytes)
}

fn saved(path: &Path, written: Result<(), String>) -> FileReport {
    match written {
        Ok(()) => FileReport::Done(FileOutcome::Saved(format!("Saved {}.", path.display()))),
        Err(problem) => FileReport::Failed(format!("{problem} Nothing was changed there")),
    }
}

/// Reads a checkpoint, or else weights of `net`.
fn read_tensors(path: &Path, net: &Network) -> Result<FileOutcome, String> {
    let bytes = file::read(path, file::TENSOR_LIMIT)?;
    let name = path.display().to_string();
    if checkpoint::is_checkpoint(&bytes) {
        return Checkpoint::from_bytes(&name, &bytes).map(|c| FileOutcome::Checkpoint(Box::new(c)));
    }
    weights::from_safetensors(&name, &bytes, net).map(|p| FileOutcome::Weights(Box::new(p)))
}

/// The path of a session file: a name without an ending is given the one of sessions.
fn with_ending(path: &Path) -> PathBuf {
    if path.extension().is_none() { path.with_extension(session::ENDING) } else { path.to_owned() }
}

/// The name that is meant where its ending was typed before the one that stood there, as in `a.toml.toml`.
fn with_one_ending(path: PathBuf) -> PathBuf {
    let once = path.with_extension("");
    if path.extension().is_some() && once.extension() == path.extension() { once } else { path }
}

/// Reads a log; the error has a line for each problem.
fn read_log(path: &Path) -> Result<Log, String> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let text = file::read_text(path, file::TEXT_LIMIT)?;
    Log::from_toml(&name, &text)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// Reads a lesson; the error has a line for each problem.
fn read_lesson(path: &Path) -> Result<Lesson, String> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let text = file::read_text(path, MOST_BYTES)?;
    Lesson::read(&name, &text)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// Reads settings; the error has a line for each problem.
fn read(path: &Path) -> Result<Settings, String> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let text = file::read_text(path, MOST_BYTES)?;
    Settings::from_toml_within(&name, &text, machine::memory()).map_err(|problems| {
        text::visible(&problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_that_is_typed_twice_is_meant_once() {
        for (typed, meant) in
            [("a/b.toml.toml", "a/b.toml"), ("b.toml", "b.toml"), ("b", "b"), ("b.tar.gz", "b.tar.gz")]
        {
            assert_eq!(with_one_ending(typed.into()), PathBuf::from(meant));
        }
    }

    #[test]
    fn a_picture_is_not_saved_under_the_name_of_another_kind() {
        assert_eq!(fits(Path::new("a/b.PNG"), "spikescape.png"), Ok(()));
        assert!(fits(Path::new("fig.svg"), "spikescape.png").unwrap_err().contains("end its name in .png"));
        assert!(fits(Path::new("fig"), "spikescape.png").unwrap_err().contains("no ending"));
    }
}
