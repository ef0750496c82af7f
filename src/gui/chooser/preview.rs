//! A picture before it becomes a target: how it will look as a raster, and how many spikes that will be.
//!
//! Threshold and switch are turned while one looks, so the picture is read once into what answers at once: how often
//! each grey value occurs, and the darkest and the lightest pixel of each cell of a smaller picture.

use egui::{Color32, ColorImage, TextureHandle};

use crate::task::Image;
use crate::task::picture::Threshold;

/// Most cells of the preview, across and down: a picture up to this size is shown pixel by pixel.
const MOST_CELLS: [usize; 2] = [640, 360];

/// The size and grey values of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct PicturePreview {
    /// Width (steps) and height (outputs) in pixels.
    pub size: [usize; 2],
    /// How often each grey value occurs.
    count: Vec<usize>,
    /// Cells across and down.
    cells: [usize; 2],
    /// The least and the greatest grey value of each cell, row by row from the top.
    range: Vec<[u8; 2]>,
}

impl PicturePreview {
    pub fn new(image: &Image) -> Self {
        let size = [image.width, image.height];
        let cells = [0, 1].map(|d| size[d].min(MOST_CELLS[d]));
        let mut count = vec![0; 256];
        let mut range = vec![[255, 0]; cells[0] * cells[1]];
        for (place, &grey) in image.grey.iter().enumerate() {
            let (x, y) = (place % size[0], place / size[0]);
            count[usize::from(grey)] += 1;
            let [least, greatest] = &mut range[y * cells[1] / size[1] * cells[0] + x * cells[0] / size[0]];
            (*least, *greatest) = (grey.min(*least), grey.max(*greatest));
        }
        Self { size, count, cells, range }
    }

    /// The number of spikes that the target will have.
    pub fn spikes(&self, threshold: Threshold) -> usize {
        let below: usize = self.count[..usize::from(threshold.below)].iter().sum();
        if threshold.invert { self.places() - below } else { below }
    }

    /// Outputs × steps.
    pub fn places(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// The target raster, the first output on top: a cell has the colour `spike` where any pixel of it is one.
    pub fn image(&self, threshold: Threshold, spike: Color32, ground: Color32) -> ColorImage {
        let any = |[least, greatest]: &[u8; 2]| {
            if threshold.invert { *greatest >= threshold.below } else { *least < threshold.below }
        };
        let pixels = self.range.iter().map(|range| if any(range) { spike } else { ground }).collect();
        ColorImage::new(self.cells, pixels)
    }
}

/// The picture that was named.
pub enum NamedPicture {
    None,
    /// It is being read, from the path as it was typed.
    Reading(String),
    Read {
        path: String,
        result: Result<PicturePreview, String>,
        /// The texture on the screen, and for which threshold and theme it was made.
        shown: Option<(Threshold, bool, TextureHandle)>,
    },
}

impl NamedPicture {
    pub fn path(&self) -> &str {
        match self {
            Self::None => "",
            Self::Reading(path) | Self::Read { path, .. } => path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(width: usize, height: usize) -> Image {
        let grey = (0..width * height).map(|i| (i * 37 % 256) as u8).collect();
        Image { width, height, grey }
    }

    #[test]
    fn the_number_of_spikes_is_that_of_the_raster() {
        let image = image(61, 17);
        let preview = PicturePreview::new(&image);
        for below in [0, 1, 128, 255] {
            for invert in [false, true] {
                let threshold = Threshold { below, invert };
                assert_eq!(preview.spikes(threshold), threshold.spikes(&image), "{threshold:?}");
            }
        }
    }

    #[test]
    fn a_small_picture_is_shown_pixel_by_pixel() {
        let grey = vec![0, 255, 127, 255, 128, 0];
        let preview = PicturePreview::new(&Image { width: 3, height: 2, grey });
        let [black, white] = [Color32::BLACK, Color32::WHITE];
        let shown = preview.image(Threshold::default(), black, white);
        assert_eq!(shown.size, [3, 2]);
        assert_eq!(shown.pixels, [black, white, black, white, white, black]);
    }

    #[test]
    fn a_lone_spike_of_a_large_picture_is_not_lost() {
        let mut image = Image { width: 4000, height: 1000, grey: vec![255; 4_000_000] };
        image.grey[999 * 4000 + 3999] = 0;
        let preview = PicturePreview::new(&image);
        let shown = preview.image(Threshold::default(), Color32::BLACK, Color32::WHITE);
        assert!(shown.size[0] <= MOST_CELLS[0] && shown.size[1] <= MOST_CELLS[1]);
        let dark: Vec<usize> = (0..shown.pixels.len()).filter(|&k| shown.pixels[k] == Color32::BLACK).collect();
        assert_eq!(dark, [shown.pixels.len() - 1]);
        assert_eq!(preview.spikes(Threshold::default()), 1);
    }
}
