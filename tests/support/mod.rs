//! What several tests share.

#![allow(dead_code, reason = "no single test uses all of it")]

use std::time::{Duration, Instant};

use egui::vec2;
use egui_kittest::{Harness, TestRenderer};
use spikescape::gui::app::App;
use spikescape::gui::state::SavedState;
use spikescape::picture::Rasteriser;
use spikescape::train::Settings;

/// Lets egui's test harness draw with our own rasteriser: `Harness::builder().renderer(Cpu::default())`.
#[derive(Default)]
pub struct Cpu(Rasteriser);

impl TestRenderer for Cpu {
    fn handle_delta(&mut self, delta: &mut egui::TexturesDelta) {
        self.0.apply(delta);
    }

    fn render(&mut self, ctx: &egui::Context, output: &egui::FullOutput) -> Result<image::RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size_px = (ctx.viewport_rect().size() * scale).round();
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        let ground = ctx.global_style().visuals.panel_fill;
        let picture = self.0.paint([size_px.x as usize, size_px.y as usize], scale, ground, &primitives);
        image::RgbaImage::from_raw(picture.width as u32, picture.height as u32, picture.rgba)
            .ok_or_else(|| "the picture has not four bytes a pixel".to_owned())
    }
}

/// The whole program, drawn without a display.
pub type Window = Harness<'static, Option<App>>;

/// Opens the program at 1280 × 800 points; it stands still until it is told to run.
pub fn open(settings: Settings, kept: SavedState) -> Window {
    let draw = move |ui: &mut egui::Ui, app: &mut Option<App>| {
        let ctx = ui.ctx().clone();
        let app = app.get_or_insert_with(|| App::new(&ctx, settings.clone(), kept.clone()).unwrap());
        app.logic(&ctx);
        app.ui(ui);
    };
    let builder = Harness::builder().with_size(vec2(1280.0, 800.0)).renderer(Cpu::default());
    let mut window = builder.build_ui_state(draw, None);
    window.run_steps(3);
    until(&mut window, |app| app.run_view().frame.is_some());
    window
}

pub fn app(window: &Window) -> &App {
    window.state().as_ref().unwrap()
}

/// Draws frames until the program is as `is` says.
pub fn until(window: &mut Window, is: impl Fn(&App) -> bool) {
    let begun = Instant::now();
    while !is(app(window)) {
        assert!(begun.elapsed() < Duration::from_secs(60), "it did not come to that");
        window.run_steps(1);
        std::thread::sleep(Duration::from_millis(2));
    }
    window.run_steps(2);
}

/// What the window remembers from one start to the next, as eframe stores it.
#[derive(Default)]
pub struct Storage(pub String);

impl Storage {
    pub fn write(&mut self, saved: &SavedState) {
        eframe::set_value(self, "spikescape", saved);
    }

    pub fn read(&self) -> Option<SavedState> {
        eframe::get_value(self, "spikescape")
    }
}

impl eframe::Storage for Storage {
    fn get_string(&self, _: &str) -> Option<String> {
        Some(self.0.clone())
    }

    fn set_string(&mut self, _: &str, value: String) {
        self.0 = value;
    }

    fn remove_string(&mut self, _: &str) {}

    fn flush(&mut self) {}
}
