//! The colour of the covered pixels, and how it is laid over what is there.
//!
//! Colours are premultiplied RGBA with channels from 0 to 255. Laid over the opaque picture, a colour hides its own
//! alpha of what was there: `new = colour + old × (1 − alpha)`, rounded to whole numbers, in gamma space.

use egui::{Color32, TextureFilter};

use super::coverage::{STEPS, SubPixel, cross};
use super::texture::Texture;

/// One pixel of the picture: red, green, blue, alpha.
pub type Pixel = [u8; 4];

/// A corner of a triangle.
#[derive(Clone, Copy)]
pub struct InkCorner {
    pub at: SubPixel,
    /// In texels from the texture's top left corner.
    pub uv: [f32; 2],
    pub colour: Color32,
}

/// The inside of one triangle, ready to be laid over rows of pixels.
pub struct Ink<'a> {
    kind: InkKind<'a>,
    shares: CornerShares,
}

enum InkKind<'a> {
    Flat(Pixel),
    Shaded(LinearRamp<4>),
    Image { texture: &'a Texture, filter: TextureFilter, uv: LinearRamp<2>, tint: ImageTint },
}

/// The factor of an image's colours.
enum ImageTint {
    None,
    Flat([f32; 4]),
    Shaded(LinearRamp<4>),
}

impl<'a> Ink<'a> {
    /// `None` when nothing would be seen: a triangle without area, or of a fully transparent colour.
    pub fn new(corners: [InkCorner; 3], texture: &'a Texture) -> Option<Self> {
        let [a, b, c] = corners;
        let shares = CornerShares::new(corners.map(|corner| corner.at))?;
        let one_colour = a.colour == b.colour && a.colour == c.colour;
        if one_colour && a.colour == Color32::TRANSPARENT {
            return None;
        }
        let colours = corners.map(|corner| corner.colour.to_array().map(f32::from));

        let kind = if a.uv == b.uv && a.uv == c.uv {
            // Nearly everything egui draws: one texel, and that one white.
            let texel = texture.linear(a.uv[0], a.uv[1]);
            if one_colour && texel == [255.0; 4] {
                InkKind::Flat(a.colour.to_array())
            } else {
                InkKind::Shaded(LinearRamp::new(&shares, colours.map(|colour| times(colour, texel))))
            }
        } else {
            let uv = LinearRamp::new(&shares, corners.map(|corner| corner.uv));
            let tint = match (one_colour, a.colour) {
                (true, Color32::WHITE) => ImageTint::None,
                (true, _) => ImageTint::Flat(colours[0]),
                (false, _) => ImageTint::Shaded(LinearRamp::new(&shares, colours)),
            };
            let down = uv.slope(shares.down);
            let squared_length = |[u, v]: [f32; 2]| u * u + v * v;
            let shrunken = squared_length(uv.right).max(squared_length(down)) > 1.0;
            InkKind::Image { texture, filter: texture.filter(shrunken), uv, tint }
        };
        Some(Self { kind, shares })
    }

    /// Lays the ink over `pixels`, which begin in column `x` of row `y`.
    #[inline]
    pub fn lay(&self, x: i64, y: i64, pixels: &mut [Pixel]) {
        match &self.kind {
            InkKind::Flat(colour) => lay_flat(*colour, pixels),
            InkKind::Shaded(colour) => {
                let first = colour.at(self.shares.at(x, y));
                for (i, pixel) in pixels.iter_mut().enumerate() {
                    lay_one(along(first, colour.right, i), pixel);
                }
            }
            InkKind::Image { texture, filter: TextureFilter::Nearest, uv, tint } => {
                self.lay_image(x, y, pixels, uv, tint, |[u, v]| texture.nearest(u, v));
            }
            InkKind::Image { texture, filter: TextureFilter::Linear, uv, tint } => {
                self.lay_image(x, y, pixels, uv, tint, |[u, v]| texture.linear(u, v));
            }
        }
    }

    #[inline(always)]
    fn lay_image(
        &self,
        x: i64,
        y: i64,
        pixels: &mut [Pixel],
        uv: &LinearRamp<2>,
        tint: &ImageTint,
        look_up: impl Fn([f32; 2]) -> [f32; 4],
    ) {
        let shares = self.shares.at(x, y);
        let first = uv.at(shares);
        for (i, pixel) in pixels.iter_mut().enumerate() {
            let texel = look_up(along(first, uv.right, i));
            // Half of a letter's or a dot's rectangle is empty.
            if texel == [0.0; 4] {
                continue;
            }
            let colour = match tint {
                ImageTint::None => texel,
                ImageTint::Flat(tint) => times(*tint, texel),
                ImageTint::Shaded(ramp) => times(along(ramp.at(shares), ramp.right, i), texel),
            };
            lay_one(colour, pixel);
        }
    }
}

/// How much of the second and of the third corner there is in a pixel (the first has the rest), and how that changes
/// from pixel to pixel to the right and down.
struct CornerShares {
    corners: [SubPixel; 3],
    per_area: f64,
    right: [f32; 2],
    down: [f32; 2],
}

impl CornerShares {
    fn new(corners: [SubPixel; 3]) -> Option<Self> {
        let [a, b, c] = corners;
        let area = cross(a, b, c);
        if area == 0 {
            return None;
        }
        let per_area = 1.0 / area as f64;
        let share = |steps: i64| (steps as f64 * STEPS as f64 * per_area) as f32;
        let right = [share(c.y - a.y), share(a.y - b.y)];
        let down = [share(a.x - c.x), share(b.x - a.x)];
        Some(Self { corners, per_area, right, down })
    }

    /// At the centre of the pixel in column `x` and row `y`. From whole numbers, so that nothing adds up on the way.
    #[inline]
    fn at(&self, x: i64, y: i64) -> [f32; 2] {
        let [a, b, c] = self.corners;
        let centre = SubPixel::centre(x, y);
        [cross(a, centre, c), cross(a, b, centre)].map(|part| (part as f64 * self.per_area) as f32)
    }
}

/// Values given at the three corners and linear in between.
struct LinearRamp<const N: usize> {
    base: [f32; N],
    to_second: [f32; N],
    to_third: [f32; N],
    /// Change from a pixel to the next on its right.
    right: [f32; N],
}

impl<const N: usize> LinearRamp<N> {
    fn new(shares: &CornerShares, [a, b, c]: [[f32; N]; 3]) -> Self {
        let to_second = std::array::from_fn(|i| b[i] - a[i]);
        let to_third = std::array::from_fn(|i| c[i] - a[i]);
        let mut ramp = Self { base: a, to_second, to_third, right: [0.0; N] };
        ramp.right = ramp.slope(shares.right);
        ramp
    }

    #[inline]
    fn slope(&self, shares: [f32; 2]) -> [f32; N] {
        std::array::from_fn(|i| shares[0] * self.to_second[i] + shares[1] * self.to_third[i])
    }

    #[inline]
    fn at(&self, shares: [f32; 2]) -> [f32; N] {
        let slope = self.slope(shares);
        std::array::from_fn(|i| self.base[i] + slope[i])
    }
}

/// `steps` pixels to the right of where the value is `first`.
#[inline]
fn along<const N: usize>(first: [f32; N], right: [f32; N], steps: usize) -> [f32; N] {
    std::array::from_fn(|i| first[i] + right[i] * steps as f32)
}

#[inline]
fn times(colour: [f32; 4], texel: [f32; 4]) -> [f32; 4] {
    std::array::from_fn(|i| colour[i] * texel[i] * (1.0 / 255.0))
}

#[inline]
fn lay_one(colour: [f32; 4], pixel: &mut Pixel) {
    let kept = 1.0 - colour[3] * (1.0 / 255.0);
    *pixel = std::array::from_fn(|i| rounded(colour[i] + f32::from(pixel[i]) * kept));
}

/// To the nearest whole number from 0 to 255.
#[inline]
fn rounded(channel: f32) -> u8 {
    // Beside 1.5 × 2^23 a float has no room for fractions: the sum ends in the rounded number. Much faster than a cast.
    (channel.clamp(0.0, 255.0) + 12_582_912.0).to_bits() as u8
}

#[inline]
fn lay_flat(colour: Pixel, pixels: &mut [Pixel]) {
    if colour[3] == 255 {
        pixels.fill(colour);
        return;
    }
    let kept = 255 - u32::from(colour[3]);
    let added = colour.map(|channel| u32::from(channel) * 255 + 127);
    for pixel in pixels {
        *pixel = std::array::from_fn(|i| ((added[i] + u32::from(pixel[i]) * kept) / 255).min(255) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_to_the_nearest() {
        assert_eq!([-3.0, 0.4, 0.6, 126.5001, 254.6, 300.0].map(rounded), [0, 0, 1, 127, 255, 255]);
    }

    #[test]
    fn flat_and_shaded_ink_blend_alike() {
        for alpha in 0..=255 {
            for old in [0, 1, 77, 128, 254, 255] {
                // The last colour has more red than alpha: egui's additive colours do.
                for colour in [[0, alpha / 2, alpha, alpha], [255, alpha, 9, alpha]] {
                    let mut flat = [[old, old, old, 255]];
                    lay_flat(colour, &mut flat);
                    let mut shaded = [old, old, old, 255];
                    lay_one(colour.map(f32::from), &mut shaded);
                    assert_eq!(flat[0], shaded, "{colour:?} over {old}");
                    assert_eq!(shaded[3], 255, "the picture stays opaque");
                }
            }
        }
    }

    #[test]
    fn ramps_meet_their_corners() {
        let corners = [SubPixel::centre(2, 3), SubPixel::centre(10, 3), SubPixel::centre(2, 19)];
        let shares = CornerShares::new(corners).unwrap();
        let ramp = LinearRamp::new(&shares, [[10.0], [90.0], [30.0]]);
        assert_eq!(ramp.at(shares.at(2, 3)), [10.0]);
        assert_eq!(ramp.at(shares.at(10, 3)), [90.0]);
        assert_eq!(ramp.at(shares.at(2, 19)), [30.0]);
        assert_eq!(along(ramp.at(shares.at(2, 3)), ramp.right, 4), [50.0]);
        assert_eq!(ramp.slope(shares.down), [1.25]);
    }
}
