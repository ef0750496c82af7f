//! A picture as the spikes to be produced: a row is an output, a column a step.

use std::io::Cursor;
use std::path::Path;

use crate::spike::Raster;

use super::{Image, file};

/// The widest picture, in pixels: a column is a step.
pub const MOST_STEPS: usize = 4096;
/// The highest picture, in pixels: a row is an output.
pub const MOST_OUTPUTS: usize = 1024;
/// The most bytes of a file.
const LARGEST: u64 = 64 << 20;

/// Reads a PNG file as grey values, 0 black and 255 white.
pub fn open(path: &Path) -> Result<Image, String> {
    read(&path.display().to_string(), &file::read(path, LARGEST)?)
}

/// Reads the bytes of a PNG file; `name` is what messages call it. What is transparent becomes white.
pub fn read(name: &str, bytes: &[u8]) -> Result<Image, String> {
    let failed = |e: png::DecodingError| format!("{name} is not a PNG picture, or it is damaged ({e}).");
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(failed)?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    if width > MOST_STEPS || height > MOST_OUTPUTS {
        return Err(format!(
            "{name} has {width} × {height} pixels; at most {MOST_STEPS} × {MOST_OUTPUTS} can become steps and outputs, \
             make it smaller."
        ));
    }
    let size = reader.output_buffer_size().ok_or_else(|| format!("{name} is too large."))?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(failed)?;
    let channels = frame.color_type.samples();
    let grey = pixels[..frame.buffer_size()].chunks_exact(channels).map(grey).collect();
    Ok(Image { width, height, grey })
}

/// The grey value of a pixel of one to four channels, on white paper.
fn grey(pixel: &[u8]) -> u8 {
    let (colour, alpha) = match *pixel {
        [grey, alpha] => ([grey; 3], alpha),
        [red, green, blue] => ([red, green, blue], 255),
        [red, green, blue, alpha] => ([red, green, blue], alpha),
        _ => ([pixel[0]; 3], 255),
    };
    let [red, green, blue] = colour.map(u32::from);
    let light = (299 * red + 587 * green + 114 * blue + 500) / 1000;
    let alpha = u32::from(alpha);
    ((light * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// Which pixels become spikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Pixels below this grey value are spikes.
    pub below: u8,
    /// Those that are not below it instead, for pictures that are light on dark.
    pub invert: bool,
}

impl Default for Threshold {
    fn default() -> Self {
        Self { below: 128, invert: false }
    }
}

impl Threshold {
    /// As many outputs as the picture is high, the first one on top, as many steps as it is wide.
    pub fn raster(&self, image: &Image) -> Raster {
        let mut raster = Raster::new(image.height);
        for x in 0..image.width {
            for y in 0..image.height {
                if (image.grey[y * image.width + x] < self.below) != self.invert {
                    raster.push(y as u32);
                }
            }
            raster.end_step();
        }
        raster
    }

    /// The number of spikes that the raster will have.
    pub fn spikes(&self, image: &Image) -> usize {
        image.grey.iter().filter(|&&g| (g < self.below) != self.invert).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::mutation::try_many;

    fn png(width: u32, height: u32, colour: png::ColorType, bytes: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(colour);
        encoder.write_header().unwrap().write_image_data(bytes).unwrap();
        file
    }

    #[test]
    fn every_sort_of_colour_becomes_grey() {
        let greys = |colour: png::ColorType, bytes: &[u8]| {
            let width = (bytes.len() / colour.samples()) as u32;
            read("f", &png(width, 1, colour, bytes)).unwrap().grey
        };
        assert_eq!(greys(png::ColorType::Grayscale, &[0, 9, 255]), [0, 9, 255]);
        assert_eq!(greys(png::ColorType::GrayscaleAlpha, &[0, 255, 0, 0, 0, 128]), [0, 255, 127]);
        assert_eq!(greys(png::ColorType::Rgb, &[255, 0, 0, 0, 255, 0]), [76, 150]);
        assert_eq!(greys(png::ColorType::Rgba, &[0, 0, 0, 255, 9, 9, 9, 0]), [0, 255]);
    }

    #[test]
    fn dark_pixels_are_spikes() {
        let image = read("f", &png(3, 2, png::ColorType::Grayscale, &[0, 255, 127, 255, 128, 0])).unwrap();
        let threshold = Threshold::default();
        let raster = threshold.raster(&image);
        assert_eq!((raster.units(), raster.steps()), (2, 3));
        assert_eq!(raster.iter().collect::<Vec<_>>(), [(0, 0), (2, 0), (2, 1)]);
        let invert = Threshold { invert: true, ..threshold };
        assert_eq!(invert.raster(&image).iter().collect::<Vec<_>>(), [(0, 1), (1, 0), (1, 1)]);
        assert_eq!((threshold.spikes(&image), invert.spikes(&image)), (3, 3));
    }

    #[test]
    fn what_cannot_be_a_target_is_refused() {
        let wide = png(4097, 1, png::ColorType::Grayscale, &[0; 4097]);
        assert!(read("f", &wide).unwrap_err().starts_with("f has 4097 × 1 pixels; at most 4096 × 1024"));
        assert!(read("f", b"GIF89a").unwrap_err().starts_with("f is not a PNG picture"));
        let good = png(2, 2, png::ColorType::Grayscale, &[1, 2, 3, 4]);
        assert!(read("f", &good[..good.len() - 20]).unwrap_err().contains("or it is damaged"));
    }

    #[test]
    fn any_bytes_are_answered() {
        let bytes: Vec<u8> = (0..48).map(|i| i * 5).collect();
        let seeds = [png(4, 3, png::ColorType::Rgba, &bytes), png(16, 3, png::ColorType::Grayscale, &bytes)];
        try_many(&seeds, |bytes| {
            let image = read("f", bytes)?;
            assert_eq!(image.grey.len(), image.width * image.height);
            assert_eq!(Threshold::default().raster(&image).len(), Threshold::default().spikes(&image));
            Ok(())
        });
    }
}
