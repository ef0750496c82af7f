//! File dialogs, in one place and on threads of their own: a dialog blocks, and the window never waits.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

use egui::Context;

use crate::record::file;
use crate::train::Settings;

use super::picture::Picture;

/// What came of a dialog.
pub enum Asked {
    /// Settings were read.
    Opened(Box<Settings>),
    /// Something to be told to the person.
    Say(String),
}

/// The dialogs under way.
pub struct Files {
    ctx: Context,
    sender: Sender<Asked>,
    answers: Receiver<Asked>,
}

/// The greatest settings file that is read.
const MOST_BYTES: u64 = 1 << 20;

impl Files {
    pub fn new(ctx: &Context) -> Self {
        let (sender, answers) = channel();
        Self { ctx: ctx.clone(), sender, answers }
    }

    pub fn answer(&self) -> Option<Asked> {
        self.answers.try_recv().ok()
    }

    pub fn open_settings(&self) {
        self.dialog(|| {
            let path = rfd::FileDialog::new().add_filter("Settings", &["toml"]).pick_file()?;
            Some(read(&path))
        });
    }

    pub fn save_settings(&self, text: String) {
        self.save("settings.toml", text.into_bytes());
    }

    pub fn save_log(&self, text: String) {
        self.save("log.toml", text.into_bytes());
    }

    /// Asks the window for its picture and then where to put it.
    pub fn save_picture(&self, ctx: &Context) {
        let sender = self.sender.clone();
        let ours = self.ctx.clone();
        ctx.request_screenshot(move |image: std::sync::Arc<egui::ColorImage>| {
            let [width, height] = image.size;
            let rgba = image.pixels.iter().flat_map(|p| [p.r(), p.g(), p.b(), 255]).collect();
            let made_by = concat!("Spikescape ", env!("CARGO_PKG_VERSION"));
            let files = Files { ctx: ours.clone(), sender: sender.clone(), answers: channel().1 };
            match (Picture { width, height, rgba }).png(&[("Software", made_by)]) {
                Ok(bytes) => files.save("spikescape.png", bytes),
                Err(e) => drop(sender.send(Asked::Say(format!("The picture could not be made: {e}")))),
            }
        });
    }

    fn save(&self, name: &'static str, bytes: Vec<u8>) {
        self.dialog(move || {
            let path = rfd::FileDialog::new().set_file_name(name).save_file()?;
            Some(Asked::Say(match file::write_whole(&path, &bytes) {
                Ok(()) => format!("Saved {}", path.display()),
                Err(e) => format!("{} could not be written: {e}. Nothing was changed there", path.display()),
            }))
        });
    }

    /// Runs `ask` on a thread. `None` means cancelled.
    fn dialog(&self, ask: impl FnOnce() -> Option<Asked> + Send + 'static) {
        let (sender, ctx) = (self.sender.clone(), self.ctx.clone());
        let work = move || {
            if let Some(asked) = ask() {
                let _ = sender.send(asked);
                ctx.request_repaint();
            }
        };
        if let Err(e) = std::thread::Builder::new().name("file dialog".into()).spawn(work) {
            let _ = self.sender.send(Asked::Say(format!("The file dialog could not be opened: {e}")));
        }
    }
}

fn read(path: &Path) -> Asked {
    let name = path.file_name().map_or_else(PathBuf::new, PathBuf::from);
    let settings = file::read_text(path, MOST_BYTES).and_then(|text| {
        Settings::from_toml(&name.to_string_lossy(), &text)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    });
    match settings {
        Ok(settings) => Asked::Opened(Box::new(settings)),
        Err(problem) => Asked::Say(problem),
    }
}
