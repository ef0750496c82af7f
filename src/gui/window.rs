//! The real window: eframe around [`App`].

use egui::ViewportCommand;

use crate::gui::action::RunAction;
use crate::gui::app::App;
use crate::train::Settings;

const KEY: &str = "spikescape";

/// Opens the window and returns when it is closed. `Err` is a sentence: there is no display, or no OpenGL.
pub fn open(settings: Settings) -> Result<(), String> {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Spikescape")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([900.0, 560.0])
        .with_app_id("spikescape")
        .with_icon(super::icon::icon());
    let renderer = eframe::Renderer::Glow;
    let options = eframe::NativeOptions { viewport, renderer, persistence_path: other_file(), ..Default::default() };
    let create: eframe::AppCreator = Box::new(|cc| {
        let kept = cc.storage.and_then(|s| eframe::get_value(s, KEY)).unwrap_or_default();
        let app = App::new(&cc.egui_ctx, settings, kept)?;
        Ok(Box::new(MainWindow { app: start(app, &cc.egui_ctx) }))
    });
    eframe::run_native("spikescape", options, create).map_err(|e| e.to_string())
}

/// Where the window keeps its state, if not where it usually does: a pipe or a device of that name would be waited for.
fn other_file() -> Option<std::path::PathBuf> {
    let folder = eframe::storage_dir("spikescape")?;
    let usual = folder.join("app.ron");
    (usual.exists() && !usual.is_file()).then(|| folder.join("window.ron"))
}

/// The program opens running, and closes cleanly when it is told to from outside.
fn start(mut app: App, ctx: &egui::Context) -> App {
    app.apply(ctx, RunAction::Play.into());
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

    fn persist_egui_memory(&self) -> bool {
        false
    }
}
