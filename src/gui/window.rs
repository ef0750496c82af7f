//! The real window: eframe around [`App`].

use egui::ViewportCommand;

use std::path::PathBuf;

use crate::gui::action::{FileAction, RunAction};
use crate::gui::app::{App, ViewAddress};
use crate::gui::layout::Workspace;
use crate::train::Settings;

const KEY: &str = "spikescape";

/// What the window opens with.
#[derive(Clone, Debug)]
pub struct WindowStart {
    pub settings: Settings,
    /// A file or folder of any kind that can be dropped onto it.
    pub file: Option<PathBuf>,
    /// The update that is looked at.
    pub at: Option<u64>,
    /// The letter of the run.
    pub run: Option<String>,
    pub workspace: Option<Workspace>,
}

/// The folder of journals in the one where the program keeps its state.
const JOURNALS: &str = "journals";

/// Opens the window and returns when it is closed. `Err` is a sentence: there is no display, or no OpenGL.
pub fn open(start: WindowStart) -> Result<(), String> {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Spikescape")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([900.0, 560.0])
        .with_app_id("spikescape")
        .with_icon(super::icon::icon());
    let options = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..Default::default() };
    let create: eframe::AppCreator = Box::new(|cc| {
        let kept = cc.storage.and_then(|s| eframe::get_value(s, KEY)).unwrap_or_default();
        let mut app = App::new(&cc.egui_ctx, start.settings.clone(), kept)?;
        if let Some(folder) = eframe::storage_dir("spikescape") {
            app.keep_journal(&folder.join(JOURNALS));
        }
        Ok(Box::new(MainWindow { app: begin(app, &cc.egui_ctx, start) }))
    });
    eframe::run_native("spikescape", options, create).map_err(|e| e.to_string())
}

/// The program opens running, or with a file, paused; it closes cleanly when it is told to from outside.
fn begin(mut app: App, ctx: &egui::Context, start: WindowStart) -> App {
    let WindowStart { file, at, run, workspace, .. } = start;
    app.go_to_view(ctx, ViewAddress { at, run, workspace });
    match file {
        Some(path) => app.apply(ctx, FileAction::OpenDropped(vec![path]).into()),
        None => app.apply(ctx, RunAction::Play.into()),
    }
    let closer = ctx.clone();
    // a second handler is refused: then there is one already, which is as good
    let _ = ctrlc::set_handler(move || {
        closer.send_viewport_cmd(ViewportCommand::Close);
        closer.request_repaint();
    });
    app
}

struct MainWindow {
    app: App,
}

impl eframe::App for MainWindow {
    fn logic(&mut self, ctx: &egui::Context, _: &mut eframe::Frame) {
        self.app.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        if let Some(seconds) = frame.info().cpu_usage {
            self.app.record_frame(seconds);
        }
        self.app.ui(ui);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        let ctx = self.app.context().clone();
        eframe::set_value(storage, KEY, &self.app.saved_state(&ctx));
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        let now = self.app.context().input(|i| i.time);
        self.app.close(now);
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}
