//! The losses of a plane as a picture, a pixel a point.

use egui::{Color32, ColorImage, Context, Image, RichText, TextureHandle, TextureOptions, Ui, vec2};

use crate::gui::theme::Palette;
use crate::picture::colormap::viridis;

/// Points along a side of the picture on the screen.
const SIDE: f32 = 260.0;

/// A texture of the losses [n, n], b running faster; what has not arrived is a checkerboard of two greys, no colour of the map.
pub fn map(ctx: &Context, n: usize, losses: &[f32]) -> TextureHandle {
    let known = || losses.iter().copied().filter(|loss| loss.is_finite());
    let (least, greatest) = (known().fold(f32::INFINITY, f32::min), known().fold(f32::NEG_INFINITY, f32::max));
    let span = (greatest - least).max(f32::MIN_POSITIVE);
    // a to the right, b upwards
    let at = |x: usize, y: usize| losses.get(x * n + (n - 1 - y)).copied().unwrap_or(f32::NAN);
    let colour = |x: usize, y: usize| match at(x, y) {
        loss if loss.is_nan() => Color32::from_gray(if (x + y).is_multiple_of(2) { 70 } else { 95 }),
        loss => viridis((loss - least) / span),
    };
    let pixels = (0..n * n).map(|k| colour(k % n.max(1), k / n.max(1))).collect();
    ctx.load_texture("sweep", ColorImage::new([n, n], pixels), TextureOptions::NEAREST)
}

/// Draws it, with what it shows.
pub fn show(ui: &mut Ui, theme: &Palette, map: &TextureHandle) {
    ui.add_space(6.0);
    let what = "Loss over the plane: a to the right, b upwards. Chequered points have not arrived yet.";
    ui.label(RichText::new(what).color(theme.faint));
    ui.add(Image::new(map).fit_to_exact_size(vec2(SIDE, SIDE)).alt_text("Losses that have arrived"));
}
