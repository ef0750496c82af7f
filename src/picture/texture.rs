//! Images that triangles are painted with: the fonts, the density images of the plots.

use egui::{ColorImage, TextureFilter, TextureOptions, TextureWrapMode};

use super::coverage::floor;

/// An image in memory and how to look it up. Mipmaps are not made: a shrunken image is filtered as its options say.
pub struct Texture {
    width: usize,
    height: usize,
    /// Premultiplied RGBA, row by row from the top.
    texels: Vec<[u8; 4]>,
    options: TextureOptions,
}

impl Texture {
    pub fn new(image: &ColorImage, options: TextureOptions) -> Self {
        let [width, height] = image.size;
        let texels = image.pixels.iter().map(|colour| colour.to_array()).collect();
        Self { width, height, texels, options }
    }

    /// Replaces the texels from column `x` and row `y` on by `image`; what would lie outside is left away.
    pub fn patch(&mut self, [x, y]: [usize; 2], image: &ColorImage, options: TextureOptions) {
        self.options = options;
        let columns = image.width().min(self.width.saturating_sub(x));
        if columns == 0 {
            return;
        }
        let rows = self.texels.chunks_exact_mut(self.width).skip(y);
        for (row, new) in rows.zip(image.pixels.chunks_exact(image.width())) {
            for (texel, colour) in row[x..x + columns].iter_mut().zip(new) {
                *texel = colour.to_array();
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.texels.is_empty()
    }

    /// Columns and rows.
    pub fn size(&self) -> [f32; 2] {
        [self.width as f32, self.height as f32]
    }

    /// The filter to use, by whether the picture shows fewer pixels than there are texels.
    pub fn filter(&self, shrunken: bool) -> TextureFilter {
        if shrunken { self.options.minification } else { self.options.magnification }
    }

    /// The texel that contains `(u, v)`, which are in texels from the top left corner. Channels from 0 to 255.
    #[inline]
    pub fn nearest(&self, u: f32, v: f32) -> [f32; 4] {
        self.texels[self.row(floor(v)) + self.column(floor(u))].map(f32::from)
    }

    /// The mean of the four texels around `(u, v)`. As on graphics cards the weights are multiples of 1/256, so that
    /// an image shown at its own size comes out exactly as it is.
    #[inline]
    pub fn linear(&self, u: f32, v: f32) -> [f32; 4] {
        let (x, y) = (floor((u - 0.5) * 256.0 + 0.5), floor((v - 0.5) * 256.0 + 0.5));
        let (left, top) = (self.column(x >> 8), self.row(y >> 8));
        if (x | y) & 255 == 0 {
            return self.texels[top + left].map(f32::from);
        }
        let (right, bottom) = (self.column((x >> 8) + 1), self.row((y >> 8) + 1));
        let (to_right, to_bottom) = ((x & 255) as f32, (y & 255) as f32);
        let mix = |a: [f32; 4], b: [f32; 4], share: f32| -> [f32; 4] {
            std::array::from_fn(|i| a[i] * (256.0 - share) + b[i] * share)
        };
        let [a, b, c, d] =
            [top + left, top + right, bottom + left, bottom + right].map(|at| self.texels[at].map(f32::from));
        // Whole numbers below 2^24 until the last step, so nothing is rounded before it.
        mix(mix(a, b, to_right), mix(c, d, to_right), to_bottom).map(|sum| sum * (1.0 / 65536.0))
    }

    #[inline]
    fn column(&self, x: i32) -> usize {
        self.wrapped(x, self.width)
    }

    /// Where the row `y` begins.
    #[inline]
    fn row(&self, y: i32) -> usize {
        self.wrapped(y, self.height) * self.width
    }

    #[inline]
    fn wrapped(&self, at: i32, size: usize) -> usize {
        let size = size as i32;
        let inside = match self.options.wrap_mode {
            TextureWrapMode::ClampToEdge => at.clamp(0, size - 1),
            TextureWrapMode::Repeat => at.rem_euclid(size),
            TextureWrapMode::MirroredRepeat => {
                let twice = at.rem_euclid(2 * size);
                twice.min(2 * size - 1 - twice)
            }
        };
        inside as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Color32;

    /// 0, 100 and 200 in a row.
    fn greys(options: TextureOptions) -> Texture {
        Texture::new(&ColorImage::new([3, 1], [0, 100, 200].map(Color32::from_gray).to_vec()), options)
    }

    #[test]
    fn nearest_takes_one_texel_and_linear_mixes_two() {
        let texture = greys(TextureOptions::NEAREST);
        assert_eq!(texture.nearest(1.9, 0.5)[0], 100.0);
        assert_eq!(texture.nearest(2.0, 0.5)[0], 200.0);
        assert_eq!(texture.linear(1.5, 0.5)[0], 100.0);
        assert_eq!(texture.linear(1.75, 0.5)[0], 125.0);
        assert_eq!(texture.linear(2.0, 0.5)[0], 150.0);
    }

    #[test]
    fn outside_is_as_the_wrap_mode_says() {
        let clamped = greys(TextureOptions::LINEAR);
        assert_eq!([-5.0, 0.0, 3.0, 9.0].map(|u| clamped.linear(u, 0.5)[0]), [0.0, 0.0, 200.0, 200.0]);
        let repeated = greys(TextureOptions::NEAREST_REPEAT);
        assert_eq!([-0.5, 3.5, 4.5].map(|u| repeated.nearest(u, 7.0)[0]), [200.0, 0.0, 100.0]);
        let mirrored = greys(TextureOptions::NEAREST_MIRRORED_REPEAT);
        assert_eq!([-0.5, 3.5, 4.5, 5.5, 6.5].map(|u| mirrored.nearest(u, 0.0)[0]), [0.0, 200.0, 100.0, 0.0, 0.0]);
    }

    #[test]
    fn a_patch_changes_its_own_texels_only() {
        let mut texture = Texture::new(&ColorImage::filled([3, 2], Color32::BLACK), TextureOptions::NEAREST);
        let patch = ColorImage::filled([2, 5], Color32::WHITE);
        texture.patch([2, 1], &patch, TextureOptions::NEAREST);
        texture.patch([3, 0], &patch, TextureOptions::NEAREST);
        let reds: Vec<u8> = texture.texels.iter().map(|texel| texel[0]).collect();
        assert_eq!(reds, [0, 0, 0, 0, 0, 255]);
    }
}
