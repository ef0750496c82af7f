//! What several tests share.

#![allow(dead_code, reason = "no single test uses all of it")]

use egui_kittest::TestRenderer;
use spikescape::gui::picture::Rasteriser;

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
