//! Pictures of samples: small ones of every kind of sample, kept as textures for the tiles in view.

use std::collections::HashMap;
use std::sync::Arc;

use egui::epaint::Mesh;
use egui::{
    Color32, ColorImage, Context, Painter, Pos2, Rect, Shape, Stroke, TextureHandle, TextureOptions, pos2, vec2,
};

use super::model::{self, PixelCounts};
use crate::engine::gallery::{Picture, Place};
use crate::gui::theme::{Marks, Palette};
use crate::spike::Raster;
use crate::task::nmnist::SIDE;
use crate::task::{Image, View, yin_yang};

/// Textures that are kept; more than tiles in view.
const MOST: usize = 400;
/// The most columns and rows of the picture of a raster.
const RASTER: [usize; 2] = [96, 64];
/// Points along a side of the picture of the disc.
const DISC: usize = 192;

/// Pictures of samples as textures, made when a sample is first seen.
#[derive(Default)]
pub struct SampleTextures {
    made: HashMap<Place, (TextureHandle, u64)>,
    disc: Option<TextureHandle>,
    dark: bool,
    /// Of the task.
    issue: usize,
    clock: u64,
}

impl SampleTextures {
    /// Begins a frame of the window; pictures of another task or another theme are given up.
    pub fn begin(&mut self, dark: bool, issue: usize) {
        if (self.dark, self.issue) != (dark, issue) {
            *self = Self { dark, issue, ..Self::default() };
        }
        self.clock += 1;
        if self.made.len() > MOST {
            let clock = self.clock;
            self.made.retain(|_, (_, seen)| *seen + 1 >= clock);
        }
    }

    /// Paints `picture` into `rect`.
    pub fn paint(&mut self, painter: &Painter, rect: Rect, place: Place, picture: &Picture, theme: &Palette) {
        let ctx = painter.ctx();
        if let View::Point(point) = picture.view {
            let disc = self.disc.get_or_insert_with(|| load(ctx, disc(theme), TextureOptions::LINEAR));
            painter.image(disc.id(), rect, whole(), Color32::WHITE);
            let at =
                pos2(rect.left() + rect.width() * point[0] as f32, rect.bottom() - rect.height() * point[1] as f32);
            painter.circle(at, (rect.width() * 0.055).clamp(3.0, 6.0), theme.focus, Stroke::new(1.5, theme.ground));
            return;
        }
        let clock = self.clock;
        let (texture, seen) = self.made.entry(place).or_insert_with(|| (load(ctx, image(picture, theme), NEAREST), 0));
        *seen = clock;
        let [w, h] = texture.size();
        painter.rect_filled(rect, 0.0, theme.ground);
        // an image keeps its proportions, a raster fills its place
        let into = if matches!(picture.view, View::Spikes) { rect } else { fitted(rect, w, h) };
        painter.image(texture.id(), into, whole(), Color32::WHITE);
    }
}

const NEAREST: TextureOptions = TextureOptions::NEAREST;

fn whole() -> Rect {
    Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0))
}

fn load(ctx: &Context, image: ColorImage, options: TextureOptions) -> TextureHandle {
    ctx.load_texture("sample", image, options)
}

/// The largest rectangle of `w` : `h` in the middle of `rect`.
fn fitted(rect: Rect, w: usize, h: usize) -> Rect {
    let scale = (rect.width() / w.max(1) as f32).min(rect.height() / h.max(1) as f32);
    Rect::from_center_size(rect.center(), vec2(w as f32, h as f32) * scale)
}

fn image(picture: &Picture, theme: &Palette) -> ColorImage {
    match &picture.view {
        View::Image(image) => grey(image, theme),
        View::Recording(recording) => polarities(&model::pixels(recording, None), theme),
        View::Spikes | View::Point(_) => raster(&picture.input, theme),
    }
}

/// Full ink is the theme's ink.
fn grey(image: &Image, theme: &Palette) -> ColorImage {
    let pixels = image.grey.iter().map(|&g| theme.ground.lerp_to_gamma(theme.ink, f32::from(g) / 255.0)).collect();
    ColorImage::new([image.width, image.height], pixels)
}

/// Every pixel in the colour of the polarity of which there is more.
fn polarities(counts: &[PixelCounts], theme: &Palette) -> ColorImage {
    let pixels = counts.iter().map(|&[brighter, darker]| {
        let colour = if brighter >= darker { theme.focus } else { theme.activation };
        match brighter + darker {
            0 => theme.ground,
            n => theme.ground.lerp_to_gamma(colour, (0.35 + 0.13 * f32::from(n)).min(1.0)),
        }
    });
    ColorImage::new([SIDE, SIDE], pixels.collect())
}

/// Time to the right, units downwards; where several spikes share a pixel it is as dark as one.
fn raster(spikes: &Raster, theme: &Palette) -> ColorImage {
    let (steps, units) = (spikes.steps().max(1), spikes.units().max(1));
    let [w, h] = [steps.min(RASTER[0]), units.min(RASTER[1])];
    let mut image = ColorImage::filled([w, h], theme.ground);
    for (step, unit) in spikes.iter() {
        image.pixels[(unit as usize * h / units) * w + step * w / steps] = theme.ink;
    }
    image
}

/// The classes of Yin-Yang as shades between ground and ink.
fn disc(theme: &Palette) -> ColorImage {
    let mut image = ColorImage::filled([DISC, DISC], Color32::TRANSPARENT);
    for number in 0..DISC * DISC {
        let [x, y] = yin_yang::cell_centre(number, DISC);
        let Some(class) = yin_yang::class_of(x, y) else { continue };
        let shade = [0.18, 0.45, 0.75][class];
        image.pixels[(DISC - 1 - number / DISC) * DISC + number % DISC] = theme.ground.lerp_to_gamma(theme.ink, shade);
    }
    image
}

/// Pixels of a recording, told apart by colour and by mark: filled where it became brighter, an outline where darker.
pub fn recording(painter: &Painter, rect: Rect, counts: &[PixelCounts], theme: &Palette) {
    painter.rect_filled(rect, 0.0, theme.ground);
    let side = rect.width() / SIDE as f32;
    let mut mesh = Mesh::default();
    for (number, &[brighter, darker]) in counts.iter().enumerate().filter(|(_, c)| **c != [0, 0]) {
        let at = rect.left_top() + vec2((number % SIDE) as f32, (number / SIDE) as f32) * side;
        let cell = Rect::from_min_size(at, vec2(side, side)).shrink(side * 0.06);
        if brighter > 0 {
            let filled = if darker > 0 { cell.shrink(side * 0.28) } else { cell };
            mesh.bar(filled.center(), filled.size(), theme.focus);
        }
        if darker > 0 {
            outline(&mut mesh, cell, (side * 0.22).max(0.8), theme.activation);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// The mark of a polarity, for the legend.
pub fn polarity(painter: &Painter, rect: Rect, brighter: bool, theme: &Palette) {
    let mut mesh = Mesh::default();
    match brighter {
        true => mesh.bar(rect.center(), rect.size(), theme.focus),
        false => outline(&mut mesh, rect, 1.6, theme.activation),
    }
    painter.add(Shape::mesh(mesh));
}

fn outline(mesh: &mut Mesh, rect: Rect, width: f32, colour: Color32) {
    let inner = rect.shrink(width / 2.0);
    for x in [inner.left(), inner.right()] {
        mesh.bar(pos2(x, rect.center().y), vec2(width, rect.height()), colour);
    }
    for y in [inner.top(), inner.bottom()] {
        mesh.bar(pos2(rect.center().x, y), vec2(rect.width(), width), colour);
    }
}

/// Marks a misclassified sample: a frame and a cross in the corner, on a plate that stands out.
pub fn wrong(painter: &Painter, rect: Rect, theme: &Palette) {
    painter.rect_stroke(rect, 0.0, (1.5, theme.removed), egui::StrokeKind::Outside);
    let at = rect.right_top() + vec2(-7.0, 7.0);
    painter.rect_filled(Rect::from_center_size(at, vec2(14.0, 14.0)), 0.0, theme.panel);
    let mut mesh = Mesh::default();
    mesh.cross(at, 4.5, theme.removed);
    painter.add(Shape::mesh(mesh));
}

/// The mark of a sample that cannot be read.
pub fn broken(painter: &Painter, rect: Rect, theme: &Palette) {
    painter.rect_stroke(rect, 0.0, (1.0, theme.warning), egui::StrokeKind::Inside);
    let mut mesh = Mesh::default();
    let (top, bottom) = (rect.center() - vec2(0.0, 10.0), rect.center() + vec2(0.0, 9.0));
    mesh.stroke(top, bottom - vec2(0.0, 6.0), 3.0, theme.warning);
    mesh.bar(bottom, vec2(3.0, 3.0), theme.warning);
    painter.add(Shape::mesh(mesh));
}

/// The spikes of a sample in full detail, as far as there is room.
pub fn spikes(painter: &Painter, rect: Rect, spikes: &Raster, theme: &Palette) {
    painter.rect_filled(rect, 0.0, theme.ground);
    let (steps, units) = (spikes.steps().max(1) as f32, spikes.units().max(1) as f32);
    let size = vec2((rect.width() / steps).clamp(1.0, 2.0), (rect.height() / units).clamp(1.0, 6.0));
    let mut mesh = Mesh::default();
    for (step, unit) in spikes.iter() {
        let x = rect.left() + rect.width() * (step as f32 + 0.5) / steps;
        let y = rect.top() + rect.height() * (unit as f32 + 0.5) / units;
        mesh.bar(pos2(x, y), size, theme.ink);
    }
    painter.add(Shape::mesh(mesh));
}

/// A number that tells one task from another.
pub fn issue(task: &Arc<crate::task::Task>) -> usize {
    Arc::as_ptr(task) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_ink_on_ground() {
        let theme = Palette::light();
        let image = grey(&Image { width: 3, height: 1, grey: vec![0, 255, 128] }, &theme);
        assert_eq!((image.size, image.pixels[0], image.pixels[1]), ([3, 1], theme.ground, theme.ink));
    }

    #[test]
    fn the_disc_stands_upright_and_a_raster_runs_to_the_right() {
        let theme = Palette::light();
        let disc = disc(&theme);
        let at = |x: f64, y: f64| disc.pixels[((1.0 - y) * DISC as f64) as usize * DISC + (x * DISC as f64) as usize];
        assert_eq!((at(0.01, 0.99), at(0.5, 0.9)), (Color32::TRANSPARENT, theme.ground.lerp_to_gamma(theme.ink, 0.45)));
        let spikes = Raster::from_events(640, 10, vec![(9, 0), (0, 639)]);
        let image = raster(&spikes, &theme);
        let inked = |x: usize, y: usize| image.pixels[y * image.size[0] + x] == theme.ink;
        assert_eq!((image.size, inked(9, 0), inked(0, 63), inked(0, 0)), ([10, 64], true, true, false));
    }

    #[test]
    fn polarities_have_colours_of_their_own() {
        let (theme, mut counts) = (Palette::dark(), vec![[0, 0]; SIDE * SIDE]);
        (counts[0], counts[1]) = ([5, 1], [1, 5]);
        let image = polarities(&counts, &theme);
        assert_eq!(image.pixels[..3], [theme.focus, theme.activation, theme.ground]);
    }
}
