//! Weights as a picture: a matrix, or an image for each filter.

use egui::{Color32, ColorImage, Context, TextureHandle, TextureOptions};

use super::table::WeightTable;
use crate::picture::colormap::viridis;

/// The longest side of a texture; a larger matrix is thinned to it.
const MOST_SIDE: usize = 2048;

/// How weights lie in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightLayout {
    /// Filters from above, inputs to the right; so many of each share a pixel.
    Matrix { rows: usize, columns: usize },
    /// Images of filters, this many in a row; the channels of one stand one over the other.
    Fields { in_a_row: usize, image: [usize; 3] },
}

/// A picture of weights.
pub struct WeightPicture {
    pub texture: TextureHandle,
    pub layout: WeightLayout,
    /// In pixels.
    pub size: [usize; 2],
}

impl WeightLayout {
    /// As a matrix, within the largest texture.
    pub fn matrix(table: &WeightTable) -> Self {
        let fit = |n: usize| n.div_ceil(MOST_SIDE).max(1);
        Self::Matrix { rows: fit(table.filters), columns: fit(table.inputs) }
    }

    /// As images, where filters look at images; as many in a row as make the whole about as wide as `aspect` times its
    /// height. Only as many filters as a texture holds are shown.
    pub fn fields(table: &WeightTable, aspect: f32) -> Option<Self> {
        let image = table.image?;
        let [channels, height, width] = image;
        // one pixel between two images
        let (tall, wide) = ((channels * (height + 1)) as f32, (width + 1) as f32);
        let in_a_row = (table.filters as f32 * aspect * tall / wide).sqrt().round() as usize;
        let most = (MOST_SIDE / (width + 1)).max(1);
        Some(Self::Fields { in_a_row: in_a_row.clamp(1, table.filters.clamp(1, most)), image })
    }

    pub fn size(&self, table: &WeightTable) -> [usize; 2] {
        match *self {
            Self::Matrix { rows, columns } => [table.inputs.div_ceil(columns), table.filters.div_ceil(rows)],
            Self::Fields { in_a_row, image: [channels, height, width] } => {
                let rows = table.filters.div_ceil(in_a_row).min((MOST_SIDE / (channels * (height + 1))).max(1));
                [in_a_row * (width + 1), rows * channels * (height + 1)]
            }
        }
    }

    /// Filter and input of the weight at a pixel; of several the first. None between images.
    pub fn weight(&self, table: &WeightTable, [x, y]: [usize; 2]) -> Option<(usize, usize)> {
        let (filter, input) = match *self {
            Self::Matrix { rows, columns } => (y * rows, x * columns),
            Self::Fields { in_a_row, image: [channels, height, width] } => {
                let (tile, left) = (x / (width + 1), x % (width + 1));
                let (line, top) = (y / (height + 1), y % (height + 1));
                if left == width || top == height {
                    return None;
                }
                let filter = line / channels * in_a_row + tile;
                (filter, (line % channels * height + top) * width + left)
            }
        };
        (filter < table.filters && input < table.inputs).then_some((filter, input))
    }

    /// The pixel of a weight.
    pub fn pixel(&self, filter: usize, input: usize) -> [usize; 2] {
        match *self {
            Self::Matrix { rows, columns } => [input / columns, filter / rows],
            Self::Fields { in_a_row, image: [channels, height, width] } => {
                let (channel, at) = (input / (height * width), input % (height * width));
                let line = filter / in_a_row * channels + channel;
                [filter % in_a_row * (width + 1) + at % width, line * (height + 1) + at / width]
            }
        }
    }

    /// The value at a pixel: of several the one farthest from zero.
    fn value(&self, table: &WeightTable, pixel: [usize; 2]) -> Option<f32> {
        let (filter, input) = self.weight(table, pixel)?;
        let (rows, columns) = match *self {
            Self::Matrix { rows, columns } => (rows, columns),
            Self::Fields { .. } => (1, 1),
        };
        let mut farthest = 0.0f32;
        for filter in filter..(filter + rows).min(table.filters) {
            let row = &table.values[filter * table.inputs..][..table.inputs];
            for v in &row[input..(input + columns).min(table.inputs)] {
                if v.abs() > farthest.abs() || v.is_nan() {
                    farthest = *v;
                }
            }
        }
        Some(farthest)
    }

    /// The picture; zero has the colour in the middle.
    pub fn image(&self, table: &WeightTable) -> ColorImage {
        let ([width, height], most) = (self.size(table), table.most().max(f32::MIN_POSITIVE));
        let colour = |n: usize| match self.value(table, [n % width, n / width]) {
            Some(v) => viridis(0.5 + 0.5 * v / most),
            None => Color32::TRANSPARENT,
        };
        ColorImage::new([width, height], (0..width * height).map(colour).collect())
    }
}

impl WeightPicture {
    /// Draws it into the texture that showed it before.
    pub fn new(ctx: &Context, table: &WeightTable, layout: WeightLayout, old: Option<TextureHandle>) -> Self {
        let (image, size) = (layout.image(table), layout.size(table));
        let texture = match old {
            Some(mut texture) => {
                texture.set(image, TextureOptions::NEAREST);
                texture
            }
            None => ctx.load_texture("weights", image, TextureOptions::NEAREST),
        };
        Self { texture, layout, size }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(filters: usize, inputs: usize, image: Option<[usize; 3]>) -> WeightTable {
        let values = (0..filters * inputs).map(|n| n as f32).collect();
        WeightTable { layer: 0, filters, inputs, values, biases: vec![0.0; filters], image }
    }

    #[test]
    fn every_weight_has_its_pixel_and_every_pixel_its_weight() {
        let table = table(5, 24, Some([2, 3, 4]));
        for layout in [WeightLayout::matrix(&table), WeightLayout::fields(&table, 1.0).unwrap()] {
            let [width, height] = layout.size(&table);
            let mut seen = vec![0; 5 * 24];
            for pixel in (0..height).flat_map(|y| (0..width).map(move |x| [x, y])) {
                let Some((filter, input)) = layout.weight(&table, pixel) else { continue };
                assert_eq!(
                    (layout.pixel(filter, input), layout.value(&table, pixel)),
                    (pixel, Some((filter * 24 + input) as f32))
                );
                seen[filter * 24 + input] += 1;
            }
            assert!(seen.iter().all(|n| *n == 1), "{layout:?}");
        }
    }

    #[test]
    fn a_large_matrix_keeps_its_largest_weights() {
        let mut large = table(3, 5000, None);
        large.values.fill(0.1);
        large.values[5000 + 4321] = -7.0;
        let layout = WeightLayout::matrix(&large);
        assert_eq!((layout, layout.size(&large)), (WeightLayout::Matrix { rows: 1, columns: 3 }, [1667, 3]));
        assert_eq!(layout.value(&large, [1440, 1]), Some(-7.0));
        assert_eq!(layout.image(&large).pixels[1667 + 1440], viridis(0.0));
        assert_eq!(WeightLayout::fields(&large, 1.0), None);
    }
}
