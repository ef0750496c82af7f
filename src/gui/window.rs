//! The real window: eframe around [`App`].

use egui::ViewportCommand;

use std::path::PathBuf;

use crate::gui::action::{FileAction, RunAction};
use crate::gui::app::{App, ViewAddress};
use crate::gui::layout::Workspace;
use crate::lesson::Lesson;
use crate::train::Settings;

const KEY: &str = "spikescape";
/// Of the window's size, where its place is not kept.
const SIZE: &str = "size of the window";
/// Whether the desktop chooses where the window opens. Under X11 a place on a screen that is gone would be taken as it
/// is, out of sight; elsewhere such a place is mended.
const PLACED_BY_DESKTOP: bool = cfg!(all(unix, not(target_os = "macos")));
/// Width and height in points.
const FIRST_SIZE: [f32; 2] = [1280.0, 800.0];
const LEAST_SIZE: [f32; 2] = [800.0, 560.0];

/// A size that was kept; a damaged one is the first.
fn size_within_reason(width: f32, height: f32) -> egui::Vec2 {
    // a window that is zoomed in has fewer points
    let fits = |x: f32, least: f32| (least / 2.0..=16_384.0).contains(&x);
    if fits(width, LEAST_SIZE[0]) && fits(height, LEAST_SIZE[1]) {
        egui::vec2(width, height)
    } else {
        FIRST_SIZE.into()
    }
}

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
    pub lesson: Option<Lesson>,
}

/// The folder of journals in the one where the program keeps its state.
const JOURNALS: &str = "journals";

/// Opens the window and returns when it is closed. `Err` is a sentence: there is no display, or no OpenGL.
pub fn open(start: WindowStart) -> Result<(), String> {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Spikescape")
        .with_inner_size(FIRST_SIZE)
        .with_min_inner_size(LEAST_SIZE)
        .with_app_id("spikescape")
        .with_icon(super::icon::icon());
    let options = eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        persistence_path: other_file(),
        persist_window: !PLACED_BY_DESKTOP,
        ..Default::default()
    };
    let create: eframe::AppCreator = Box::new(|cc| {
        if PLACED_BY_DESKTOP
            && let Some([width, height]) = cc.storage.and_then(|s| eframe::get_value::<[f32; 2]>(s, SIZE))
        {
            cc.egui_ctx.send_viewport_cmd(ViewportCommand::InnerSize(size_within_reason(width, height)));
        }
        let kept = cc.storage.and_then(|s| eframe::get_value(s, KEY));
        let first = kept.is_none();
        let mut app = App::new(&cc.egui_ctx, start.settings.clone(), kept.unwrap_or_default())?;
        if let Some(folder) = eframe::storage_dir("spikescape") {
            app.keep_journal(&folder.join(JOURNALS));
        }
        Ok(Box::new(MainWindow { app: begin(app, &cc.egui_ctx, start, first) }))
    });
    eframe::run_native("spikescape", options, create).map_err(|e| e.to_string())
}

/// Where the window keeps its state, if not where it usually does: a pipe or a device of that name would be waited for.
fn other_file() -> Option<std::path::PathBuf> {
    let folder = eframe::storage_dir("spikescape")?;
    let usual = folder.join("app.ron");
    (usual.exists() && !usual.is_file()).then(|| folder.join("window.ron"))
}

/// The program opens running, or with a file, paused; the `first` time it invites to a lesson; it closes cleanly when it is told to from outside.
fn begin(mut app: App, ctx: &egui::Context, start: WindowStart, first: bool) -> App {
    let WindowStart { file, at, run, workspace, lesson, .. } = start;
    app.go_to_view(ctx, ViewAddress { at, run, workspace });
    let bare = file.is_none();
    match file {
        Some(path) => app.apply(ctx, FileAction::OpenDropped(vec![path]).into()),
        None => app.apply(ctx, RunAction::Play.into()),
    }
    match lesson {
        Some(lesson) => app.begin_lesson(lesson),
        None if first && bare => app.invite(),
        None => {}
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
        if let Some(rect) = ctx.input(|i| i.viewport().inner_rect) {
            eframe::set_value(storage, SIZE, &[rect.width(), rect.height()]);
        }
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        let now = self.app.context().input(|i| i.time);
        self.app.close(now);
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_that_cannot_be_gives_way_to_the_first() {
        assert_eq!(size_within_reason(1000.0, 700.0), egui::vec2(1000.0, 700.0));
        for (width, height) in [(f32::NAN, 700.0), (1000.0, f32::INFINITY), (-5.0, 700.0), (1e9, 700.0), (10.0, 10.0)] {
            assert_eq!(size_within_reason(width, height), egui::Vec2::from(FIRST_SIZE));
        }
    }
}
