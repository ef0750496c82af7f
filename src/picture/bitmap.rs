//! A finished picture, and its PNG file.

use png::{PixelDimensions, Unit};

/// A finished picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Four bytes a pixel (red, green, blue in sRGB, alpha), row by row from the top left corner. Alpha is 255
    /// everywhere, so that straight and premultiplied alpha are the same.
    pub rgba: Vec<u8>,
}

impl Bitmap {
    /// Red, green, blue and alpha of the pixel in column `x` and row `y`; `None` outside of the picture.
    pub fn pixel(&self, x: usize, y: usize) -> Option<[u8; 4]> {
        if x >= self.width {
            return None;
        }
        self.rgba.as_chunks().0.get(y * self.width + x).copied()
    }

    /// Has every pixel the same colour?
    pub fn is_blank(&self) -> bool {
        let pixels = self.rgba.as_chunks::<4>().0;
        pixels.windows(2).all(|pair| pair[0] == pair[1])
    }

    /// The picture as a PNG file (8-bit RGB, sRGB), with `text` as pairs of a keyword and what it says.
    ///
    /// A keyword has 1 to 79 Latin-1 characters; `Title`, `Author`, `Description` and `Software` are well known. The
    /// text may be any. An error is a keyword that breaks this rule, or a picture without pixels.
    pub fn png(&self, text: &[(&str, &str)]) -> Result<Vec<u8>, png::EncodingError> {
        self.encode(None, text)
    }

    /// The same for paper: with the number of its pixels to an inch.
    pub fn png_at(&self, pixels_per_inch: f32, text: &[(&str, &str)]) -> Result<Vec<u8>, png::EncodingError> {
        let per_metre = (pixels_per_inch / 0.0254).round() as u32;
        self.encode(Some(PixelDimensions { xppu: per_metre, yppu: per_metre, unit: Unit::Meter }), text)
    }

    fn encode(&self, size: Option<PixelDimensions>, text: &[(&str, &str)]) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width as u32, self.height as u32);
        encoder.set_pixel_dims(size);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        for &(keyword, text) in text {
            // tEXt is what every reader knows, but it holds Latin-1 only; iTXt holds UTF-8.
            if text.is_ascii() {
                encoder.add_text_chunk(keyword.into(), text.into())?;
            } else {
                encoder.add_itxt_chunk(keyword.into(), text.into())?;
            }
        }
        let rgb: Vec<u8> = self.rgba.as_chunks::<4>().0.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&rgb)?;
        writer.finish()?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_by_one() -> Bitmap {
        Bitmap { width: 2, height: 1, rgba: vec![1, 2, 3, 255, 40, 50, 60, 255] }
    }

    #[test]
    fn png_comes_back_as_it_went() {
        let text = [("Software", "spikescape"), ("Description", "β = 0.9, ½ Σ spikes²")];
        let file = two_by_one().png(&text).unwrap();

        let mut reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut rgb).unwrap();
        assert_eq!(rgb, [1, 2, 3, 40, 50, 60]);

        let info = reader.info();
        assert_eq!((info.width, info.height), (2, 1));
        let plain = &info.uncompressed_latin1_text[0];
        assert_eq!((plain.keyword.as_str(), plain.text.as_str()), text[0]);
        let utf8 = &info.utf8_text[0];
        assert_eq!((utf8.keyword.as_str(), utf8.get_text().unwrap().as_str()), text[1]);
    }

    #[test]
    fn png_says_what_it_cannot_write() {
        assert!(two_by_one().png(&[("", "no keyword")]).is_err());
        assert!(two_by_one().png(&[("Σ", "not Latin-1")]).is_err());
        assert!(Bitmap { width: 0, height: 0, rgba: vec![] }.png(&[]).is_err());
    }

    #[test]
    fn pixels_are_found_by_column_and_row() {
        let picture = two_by_one();
        assert_eq!(picture.pixel(1, 0), Some([40, 50, 60, 255]));
        assert_eq!(picture.pixel(2, 0), None);
        assert_eq!(picture.pixel(0, 1), None);
        assert!(!picture.is_blank());
    }
}
