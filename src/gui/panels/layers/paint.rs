//! The pictures of a layer: all of its channels in one texture, and the colours that it is drawn in.

use std::ops::Range;

use egui::{Align2, Color32, ColorImage, Context, Rect, Sense, TextureHandle, TextureOptions, Ui, pos2, vec2};

use super::model::{self, LayerSheet};
use crate::gui::theme::{Palette, small};
use crate::picture::colormap::viridis;
use crate::text::value;

/// Which colour stands for what.
#[derive(Clone, Debug, PartialEq)]
pub enum LayerScale {
    /// Spikes, or what a pooling layer passed on: from 0 to the most that any unit does in a window so long.
    Sum { most: f32, graded: bool },
    /// The step of the first spike: early ones are brightest, what is silent has no colour.
    Time { from: u32, to: u32 },
}

impl LayerScale {
    fn colour(&self, value: Option<f32>) -> Color32 {
        match (self, value) {
            (Self::Sum { most, .. }, value) => viridis(value.unwrap_or(0.0) / most.max(f32::MIN_POSITIVE)),
            (Self::Time { .. }, None) => Color32::TRANSPARENT,
            (Self::Time { from, to }, Some(step)) => {
                viridis(1.0 - (step - *from as f32) / (to.saturating_sub(*from)).max(1) as f32)
            }
        }
    }
}

/// A layer as it was drawn.
pub struct LayerImage {
    pub texture: TextureHandle,
    pub scale: LayerScale,
    /// The value of each unit; none where it is silent and drawn by time.
    pub values: Vec<Option<f32>>,
    /// Channels in a row of the texture, rows of it.
    tiles: [usize; 2],
}

impl LayerImage {
    /// Draws `sheet` over these steps, into the texture that showed it before.
    pub fn new(
        ctx: &Context,
        sheet: &LayerSheet,
        steps: Range<usize>,
        by_time: bool,
        old: Option<TextureHandle>,
    ) -> Self {
        let (scale, values) = values(sheet, steps, by_time);
        let (image, tiles) = picture(sheet, &scale, &values);
        let texture = match old {
            Some(mut texture) => {
                texture.set(image, TextureOptions::NEAREST);
                texture
            }
            None => ctx.load_texture("layer", image, TextureOptions::NEAREST),
        };
        Self { texture, scale, values, tiles }
    }

    /// Where in the texture a channel lies.
    pub fn part(&self, channel: usize) -> Rect {
        let [columns, rows] = self.tiles;
        let size = vec2(1.0 / columns as f32, 1.0 / rows as f32);
        let (column, row) = ((channel % columns) as f32, (channel / columns) as f32);
        Rect::from_min_size(pos2(column * size.x, row * size.y), size)
    }
}

fn values(sheet: &LayerSheet, steps: Range<usize>, by_time: bool) -> (LayerScale, Vec<Option<f32>>) {
    if by_time {
        let firsts = model::firsts(sheet.spikes, steps);
        let (from, to) = (firsts.iter().flatten().min(), firsts.iter().flatten().max());
        let scale = LayerScale::Time { from: from.copied().unwrap_or(0), to: to.copied().unwrap_or(0) };
        return (scale, firsts.into_iter().map(|step| step.map(|s| s as f32)).collect());
    }
    let (most, graded) = (model::most(sheet.spikes, steps.len()), sheet.spikes.is_graded());
    let sums = model::sums(sheet.spikes, steps);
    (LayerScale::Sum { most, graded }, sums.into_iter().map(Some).collect())
}

/// One pixel a position; channels lie in rows, near to a square of them.
fn picture(sheet: &LayerSheet, scale: &LayerScale, values: &[Option<f32>]) -> (ColorImage, [usize; 2]) {
    let ([w, h], channels) = (sheet.size(), sheet.dims[0]);
    let columns = (channels as f64).sqrt().ceil().max(1.0) as usize;
    let rows = channels.div_ceil(columns).max(1);
    let mut image = ColorImage::filled([columns * w, rows * h], Color32::TRANSPARENT);
    for channel in 0..channels {
        let (left, top) = (channel % columns * w, channel / columns * h);
        for (x, y) in (0..h).flat_map(|y| (0..w).map(move |x| (x, y))) {
            image.pixels[(top + y) * columns * w + left + x] = scale.colour(values[sheet.unit(channel, x, y)]);
        }
    }
    (image, [columns, rows])
}

/// Which colour stands for what, in a strip with its ends.
pub fn colour_bar(ui: &mut Ui, scale: &LayerScale, theme: &Palette) {
    let (low, high, what, hint) = match scale {
        LayerScale::Sum { most, graded } => {
            let what = match (graded, *most == 1.0) {
                (true, _) => "passed on",
                (_, true) => "spike",
                _ => "spikes",
            };
            let hint = "From zero to the highest value that any position of this layer reaches within as many steps";
            ("0".to_owned(), if *graded { value(f64::from(*most)) } else { format!("{most:.0}") }, what, hint)
        }
        LayerScale::Time { from, to } => (
            to.to_string(),
            from.to_string(),
            "step of the first spike",
            "Early spikes are brightest, silent positions are empty",
        ),
    };
    let width = 190.0f32.min(ui.available_width());
    let (rect, response) = ui.allocate_exact_size(vec2(width, 14.0), Sense::hover());
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let left = painter.text(rect.left_center(), Align2::LEFT_CENTER, low, small(), theme.faint).right() + 4.0;
    const BAR: f32 = 64.0;
    let mut mesh = egui::epaint::Mesh::default();
    for k in 0..32 {
        let strip =
            Rect::from_min_size(pos2(left + k as f32 * BAR / 32.0, rect.center().y - 4.0), vec2(BAR / 32.0, 8.0));
        mesh.add_colored_rect(strip, viridis((k as f32 + 0.5) / 32.0));
    }
    painter.add(egui::Shape::mesh(mesh));
    let right = pos2(left + BAR + 4.0, rect.center().y);
    painter.text(right, Align2::LEFT_CENTER, format!("{high} {what}"), small(), theme.faint);
    response.on_hover_text(hint);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spike::Raster;

    #[test]
    fn every_position_has_its_colour_and_every_channel_its_place() {
        // three channels of 2 × 2: channel 1 spikes at its lower left corner, twice, channel 2 at its right corners
        // once
        let spikes = Raster::from_events(12, 5, vec![(1, 6), (3, 6), (2, 9), (4, 11)]);
        let sheet =
            LayerSheet { name: "conv3k3".into(), spikes: &spikes, dims: [3, 2, 2], x_first: false, polarities: false };
        let (scale, values) = values(&sheet, 0..5, false);
        assert_eq!(scale, LayerScale::Sum { most: 2.0, graded: false });
        let (image, tiles) = picture(&sheet, &scale, &values);
        assert_eq!((image.size, tiles), ([4, 4], [2, 2]));
        let at = |x: usize, y: usize| image.pixels[y * 4 + x];
        assert_eq!([at(0, 0), at(2, 1), at(1, 2), at(1, 3)], [0.0, 1.0, 0.5, 0.5].map(viridis));
        assert_eq!(at(3, 3), Color32::TRANSPARENT, "there is no fourth channel");
    }

    #[test]
    fn by_time_the_earliest_is_brightest_and_silence_is_empty() {
        let spikes = Raster::from_events(3, 9, vec![(2, 0), (8, 1), (3, 0)]);
        let sheet =
            LayerSheet { name: "input".into(), spikes: &spikes, dims: [1, 1, 3], x_first: false, polarities: false };
        let (scale, values) = values(&sheet, 0..9, true);
        let image = picture(&sheet, &scale, &values).0;
        assert_eq!(image.pixels, [viridis(1.0), viridis(0.0), Color32::TRANSPARENT]);
    }
}
