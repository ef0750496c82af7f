//! The real window: eframe around [`App`].

use egui::ViewportCommand;

use crate::gui::action::RunAction;
use crate::gui::app::App;
use crate::lesson::Lesson;
use crate::train::Settings;

const KEY: &str = "spikescape";

/// Opens the window and returns when it is closed. `Err` is a sentence: there is no display, or no OpenGL.
pub fn open(settings: Settings, lesson: Option<Lesson>) -> Result<(), String> {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Spikescape")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([900.0, 560.0])
        .with_app_id("spikescape")
        .with_icon(super::icon::icon());
    let options = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..Default::default() };
    let create: eframe::AppCreator = Box::new(|cc| {
        let kept = cc.storage.and_then(|s| eframe::get_value(s, KEY));
        let first = kept.is_none();
        let app = App::new(&cc.egui_ctx, settings, kept.unwrap_or_default())?;
        let mut app = start(app, &cc.egui_ctx);
        match lesson {
            Some(lesson) => app.begin_lesson(lesson),
            None if first => app.invite(),
            None => {}
        }
        Ok(Box::new(MainWindow { app }))
    });
    eframe::run_native("spikescape", options, create).map_err(|e| e.to_string())
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
