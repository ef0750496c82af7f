//! A picture as the spikes to be produced: a row is an output, a column a step.

use std::io::Cursor;
use std::path::Path;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::file;
use crate::spike::Raster;

use super::Image;

/// The widest picture, in pixels: a column is a step.
pub const MOST_STEPS: usize = 4096;
/// The highest picture, in pixels: a row is an output.
pub const MOST_OUTPUTS: usize = 1024;
/// The most bytes of a file.
const LARGEST: u64 = 64 << 20;

/// Reads a PNG or JPEG file as grey values, 0 black and 255 white.
pub fn open(path: &Path) -> Result<Image, String> {
    read(&path.display().to_string(), &file::read(path, LARGEST)?)
}

/// Reads the bytes of a PNG or JPEG file, which are told by their beginning; `name` is what messages call it. What is
/// transparent becomes white.
pub fn read(name: &str, bytes: &[u8]) -> Result<Image, String> {
    if bytes.starts_with(&[0xff, 0xd8]) {
        return jpeg(name, bytes);
    }
    let failed = |e: png::DecodingError| format!("{name} is neither a PNG nor a JPEG picture, or it is damaged ({e}).");
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(failed)?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    check_size(name, width, height)?;
    let size = reader.output_buffer_size().ok_or_else(|| format!("{name} is too large."))?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(failed)?;
    let channels = frame.color_type.samples();
    let grey = pixels[..frame.buffer_size()].chunks_exact(channels).map(grey).collect();
    Ok(Image { width, height, grey })
}

fn jpeg(name: &str, bytes: &[u8]) -> Result<Image, String> {
    let failed =
        |e: &dyn std::fmt::Display| format!("{name} is not a JPEG picture that can be read, or it is damaged ({e}).");
    // strict, or what is cut off would become grey; any size, as it is judged below
    let options = DecoderOptions::default().set_strict_mode(true).jpeg_set_out_colorspace(ColorSpace::RGB);
    let options = options.set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|e| failed(&e))?;
    let (width, height) = decoder.dimensions().ok_or_else(|| failed(&"its size is missing"))?;
    check_size(name, width, height)?;
    let pixels = decoder.decode().map_err(|e| failed(&e))?;
    Ok(Image { width, height, grey: pixels.chunks_exact(3).map(grey).collect() })
}

/// Before pixels are decoded: a small file may tell of a huge picture.
fn check_size(name: &str, width: usize, height: usize) -> Result<(), String> {
    if width > MOST_STEPS || height > MOST_OUTPUTS {
        return Err(format!(
            "{name} has {width} × {height} pixels; at most {MOST_STEPS} × {MOST_OUTPUTS} can become steps and outputs, \
             make it smaller."
        ));
    }
    Ok(())
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
        assert!(read("f", b"GIF89a").unwrap_err().starts_with("f is neither a PNG nor a JPEG picture"));
        let good = png(2, 2, png::ColorType::Grayscale, &[1, 2, 3, 4]);
        assert!(read("f", &good[..good.len() - 20]).unwrap_err().contains("or it is damaged"));
    }

    const GREY: &[u8] = include_bytes!("../../tests/pictures/grey.jpg");
    const COLOUR: &[u8] = include_bytes!("../../tests/pictures/colour.jpg");
    const PROGRESSIVE: &[u8] = include_bytes!("../../tests/pictures/progressive.jpg");

    #[test]
    fn jpeg_pictures_are_read() {
        let image = read("f", GREY).unwrap();
        // dark are the upper right and the lower left
        let rows: Vec<String> =
            image.grey.chunks(12).map(|r| r.iter().map(|g| b".#"[usize::from(*g < 128)] as char).collect()).collect();
        assert_eq!(rows[..2], ["....########"; 2]);
        assert_eq!(rows[2..], ["####........"; 6]);
        for bytes in [COLOUR, PROGRESSIVE] {
            let image = read("f", bytes).unwrap();
            assert_eq!((image.width, image.height), (20, 12));
            // drawn as (12 x, 255 - 20 y, x y); the file keeps the colours roughly
            let wanted = |x: usize, y: usize| grey(&[12 * x as u8, 255 - 20 * y as u8, (x * y) as u8]);
            for (i, &found) in image.grey.iter().enumerate() {
                assert!(found.abs_diff(wanted(i % 20, i / 20)) < 30, "{i}: {found}");
            }
        }
    }

    #[test]
    fn jpeg_pictures_that_cannot_be_a_target_are_refused() {
        // the frame's header: mark, length, depth, height, width
        let at = GREY.windows(2).position(|w| w == [0xff, 0xc0]).unwrap() + 5;
        let mut huge = GREY.to_vec();
        huge[at..at + 4].copy_from_slice(&[0xff; 4]);
        assert!(read("f", &huge).unwrap_err().starts_with("f has 65535 × 65535 pixels; at most 4096 × 1024"));
        for end in [4, 100, GREY.len() - 20] {
            let message = read("f", &GREY[..end]).unwrap_err();
            assert!(message.starts_with("f is not a JPEG picture that can be read, or it is damaged ("), "{message}");
        }
    }

    #[test]
    fn any_bytes_of_a_jpeg_are_answered() {
        try_many(&[GREY, COLOUR, PROGRESSIVE].map(<[u8]>::to_vec), |bytes| {
            let image = read("f", bytes)?;
            assert_eq!(image.grey.len(), image.width * image.height);
            Ok(())
        });
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
