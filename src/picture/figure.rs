//! A figure for a file: maps of numbers side by side on one scale, with axes and a colour bar, as PNG or as SVG.

use std::fmt::Write;

use egui::{Align2, Color32, FontId, Rect, TextureOptions, pos2, vec2};

use super::colormap::viridis;
use super::scale::ColourScale;
use super::{Bitmap, Offscreen};
use crate::text;

/// A map and what stands above it.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureMap {
    pub title: String,
    /// `[a][b]`; what is not finite is left white.
    pub values: Vec<f64>,
}

/// A mark of a figure; marks are drawn from the back to the front.
#[derive(Clone, Debug, PartialEq)]
enum FigureMark {
    /// Cells row by row from the top, each `cell` points wide and high, in whole numbers.
    Cells {
        at: [f32; 2],
        columns: usize,
        cell: [usize; 2],
        rgb: Vec<[u8; 3]>,
    },
    /// `at` is the left end, the middle or the right end of the text, in the middle of its height.
    Text {
        at: [f32; 2],
        align: TextAlign,
        size: f32,
        text: String,
    },
    Frame {
        at: [f32; 2],
        size: [f32; 2],
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextAlign {
    Left,
    Middle,
    Right,
}

/// Marks on a white sheet, in points.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    size: [f32; 2],
    marks: Vec<FigureMark>,
}

/// About how wide a map is.
const SIDE: f32 = 320.0;
const LEFT: f32 = 46.0;
const ABOVE: f32 = 34.0;
const BELOW: f32 = 66.0;
/// Room between two maps, and that of the colour bar.
const GAP: f32 = 18.0;
const BAR: f32 = 84.0;
const TEXT: f32 = 12.0;
/// Pixels for a point in a PNG.
const PIXELS: f32 = 2.0;

impl Figure {
    /// Maps of the values on a grid of `points` to a side that reaches from −`range` to `range`, a to the right and b
    /// upwards. The scale is that of the first map: what the others have beyond its ends has the colour of the end.
    /// `log`: a logarithmic one, as far as values are above 0.
    pub fn of_maps(maps: &[FigureMap], points: usize, range: f32, log: bool, caption: &str) -> Self {
        let n = points;
        let large = (SIDE as usize / n.max(1)).max(1);
        let (cell, side) = (large as f32, (large * n) as f32);
        let scale = maps.first().and_then(|map| ColourScale::new(&map.values, log, None));
        let mut marks = Vec::new();
        let text = |at, align, text: String| FigureMark::Text { at, align, size: TEXT, text };
        for (k, map) in maps.iter().enumerate() {
            let left = LEFT + k as f32 * (side + GAP);
            let colour = |place: usize| {
                // row by row from the top: b falls, a rises
                let (row, column) = (place / n, place % n);
                map.values.get(column * n + (n - 1 - row)).map_or([255; 3], |v| self::colour(scale, *v))
            };
            let rgb = (0..n * n).map(colour).collect();
            marks.push(FigureMark::Cells { at: [left, ABOVE], columns: n, cell: [large; 2], rgb });
            marks.push(FigureMark::Frame { at: [left, ABOVE], size: [side; 2] });
            let all = ColourScale::new(&map.values, false, None);
            let span = all.map(|all| format!(": {} to {}", text::value(all.least), text::value(all.greatest)));
            let title = format!("{}{}", map.title, span.unwrap_or_default());
            marks.push(text([left + side / 2.0, ABOVE - 14.0], TextAlign::Middle, title));
            let ends = [(0.0, -range), (0.5, 0.0), (1.0, range)];
            for (place, value) in ends {
                // a number belongs to the middle of its cell
                let at = cell / 2.0 + place * (side - cell);
                marks.push(text([left + at, ABOVE + side + 12.0], TextAlign::Middle, format!("{value}")));
                if k == 0 {
                    marks.push(text([left - 6.0, ABOVE + side - at], TextAlign::Right, format!("{value}")));
                }
            }
            marks.push(text([left + side / 2.0, ABOVE + side + 28.0], TextAlign::Middle, "a".into()));
        }
        marks.push(text([LEFT - 30.0, ABOVE + side / 2.0 - 16.0], TextAlign::Middle, "b".into()));
        let bar = LEFT + maps.len() as f32 * (side + GAP);
        marks.extend(scale.map_or_else(Vec::new, |scale| self::bar(scale, [bar, ABOVE], side)));
        marks.push(text([LEFT, ABOVE + side + 50.0], TextAlign::Left, caption.to_owned()));
        Self { size: [bar + BAR, ABOVE + side + BELOW], marks }
    }

    /// As a PNG file with texts in it, as in [`Bitmap::png`].
    pub fn png(&self, text: &[(&str, String)]) -> Result<Vec<u8>, png::EncodingError> {
        let text: Vec<(&str, &str)> = text.iter().map(|(key, text)| (*key, text.as_str())).collect();
        self.picture().png(&text)
    }

    fn picture(&self) -> Bitmap {
        let mut screen = Offscreen::default();
        screen.context().set_theme(egui::Theme::Light);
        let (size, whole) = (vec2(self.size[0], self.size[1]), Rect::from_min_size(pos2(0.0, 0.0), self.size.into()));
        screen.frames(2, size, PIXELS, |ui| {
            let painter = ui.painter().with_clip_rect(whole);
            painter.rect_filled(whole, 0.0, Color32::WHITE);
            for mark in &self.marks {
                draw(ui.ctx(), &painter, mark);
            }
        });
        screen.picture()
    }

    /// As an SVG file; `metadata` is a text that stands in it. Text is text, and cells are a picture that is enlarged
    /// cell by cell before it is put there, so that no program smooths it.
    pub fn svg(&self, metadata: &str) -> Result<String, png::EncodingError> {
        let [width, height] = self.size;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\">\n<metadata>{}</metadata>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
            escaped(metadata)
        );
        for mark in &self.marks {
            out += &element(mark)?;
        }
        Ok(out + "</svg>\n")
    }
}

fn draw(ctx: &egui::Context, painter: &egui::Painter, mark: &FigureMark) {
    match mark {
        FigureMark::Cells { at, columns, cell, rgb } => {
            let rows = rgb.len() / columns;
            let pixels = rgb.iter().map(|[r, g, b]| Color32::from_rgb(*r, *g, *b)).collect();
            let image = egui::ColorImage::new([*columns, rows], pixels);
            let texture = ctx.load_texture("cells", image, TextureOptions::NEAREST);
            let size = vec2((columns * cell[0]) as f32, (rows * cell[1]) as f32);
            let rect = Rect::from_min_size((*at).into(), size);
            let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            painter.image(texture.id(), rect, uv, Color32::WHITE);
        }
        FigureMark::Text { at, align, size, text } => {
            let align = match align {
                TextAlign::Left => Align2::LEFT_CENTER,
                TextAlign::Middle => Align2::CENTER_CENTER,
                TextAlign::Right => Align2::RIGHT_CENTER,
            };
            painter.text((*at).into(), align, text, FontId::proportional(*size), Color32::BLACK);
        }
        FigureMark::Frame { at, size } => {
            let rect = Rect::from_min_size((*at).into(), (*size).into());
            painter.rect_stroke(rect, 0.0, (1.0, Color32::from_gray(96)), egui::StrokeKind::Outside);
        }
    }
}

fn element(mark: &FigureMark) -> Result<String, png::EncodingError> {
    let mut out = String::new();
    match mark {
        FigureMark::Cells { at: [x, y], columns, cell, rgb } => {
            let [wide, high] = *cell;
            let (width, height) = (columns * wide, rgb.len() / columns * high);
            let pixel = |place: usize| {
                let [r, g, b] = rgb[place / width / high * columns + place % width / wide];
                [r, g, b, 255]
            };
            let rgba = (0..width * height).flat_map(pixel).collect();
            let png = base64(&Bitmap { width, height, rgba }.png(&[])?);
            writeln!(
                out,
                "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" image-rendering=\"pixelated\" \
                 href=\"data:image/png;base64,{png}\"/>"
            )
        }
        FigureMark::Text { at: [x, y], align, size, text } => {
            let anchor = match align {
                TextAlign::Left => "start",
                TextAlign::Middle => "middle",
                TextAlign::Right => "end",
            };
            // the line of a text lies about a third of its height below its middle
            let (line, text) = (y + size * 0.35, escaped(text));
            writeln!(out, "<text x=\"{x}\" y=\"{line}\" font-size=\"{size}\" text-anchor=\"{anchor}\">{text}</text>")
        }
        FigureMark::Frame { at: [x, y], size: [width, height] } => writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"#606060\"/>"
        ),
    }
    .expect("a String takes everything");
    Ok(out)
}

/// The colour of a value; white where it is not finite.
fn colour(scale: Option<ColourScale>, value: f64) -> [u8; 3] {
    let Some(scale) = scale.filter(|_| value.is_finite()) else { return [255; 3] };
    let [r, g, b, _] = viridis(scale.place(value)).to_array();
    [r, g, b]
}

/// The colour bar of a scale and its numbers.
fn bar(scale: ColourScale, [x, y]: [f32; 2], height: f32) -> Vec<FigureMark> {
    const WIDE: usize = 14;
    let steps = height as usize;
    let at = |k: usize| scale.at(1.0 - k as f64 / (steps - 1) as f64);
    let rgb = (0..steps).map(|k| colour(Some(scale), at(k))).collect();
    let mut marks = vec![FigureMark::Cells { at: [x, y], columns: 1, cell: [WIDE, 1], rgb }];
    marks.push(FigureMark::Frame { at: [x, y], size: [WIDE as f32, height] });
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let at = [x + WIDE as f32 + 6.0, y + height * (1.0 - share as f32)];
        marks.push(FigureMark::Text { at, align: TextAlign::Left, size: TEXT, text: text::value(scale.at(share)) });
    }
    marks
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// RFC 4648, with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().enumerate().fold(0u32, |bits, (k, byte)| bits | u32::from(*byte) << (16 - 8 * k));
        for k in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * k) & 63) as usize];
            out.push(if k <= three.len() { char::from(sign) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure() -> Figure {
        let values = vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        let other = vec![-5.0, 0.0, 0.0, 0.0, f64::NAN, 0.0, 0.0, 0.0, 99.0];
        let maps =
            [("truth", values), ("a < b", other)].map(|(title, values)| FigureMap { title: title.into(), values });
        Figure::of_maps(&maps, 3, 0.5, false, "a caption")
    }

    fn cells(figure: &Figure) -> Vec<&Vec<[u8; 3]>> {
        let mut cells = Vec::new();
        for mark in &figure.marks {
            if let FigureMark::Cells { rgb, .. } = mark {
                cells.push(rgb);
            }
        }
        cells
    }

    #[test]
    fn a_runs_to_the_right_and_b_upwards_on_the_scale_of_the_first() {
        let figure = figure();
        let [truth, other, bar] = cells(&figure)[..] else { panic!("two maps and a bar") };
        let colour = |x: f32| {
            let [r, g, b, _] = viridis(x).to_array();
            [r, g, b]
        };
        assert_eq!((truth[2 * 3], truth[2], truth[0]), (colour(0.0), colour(1.0), colour(0.25)));
        assert_eq!((other[2 * 3], other[2], other[4]), (colour(0.0), colour(1.0), [255; 3]));
        assert_eq!((bar[0], bar[bar.len() - 1]), (colour(1.0), colour(0.0)));
    }

    #[test]
    fn both_files_say_what_they_show() {
        let figure = figure();
        let svg = figure.svg("{\"range\": \"<0.5>\"}").unwrap();
        for part in [
            "<metadata>{\"range\": \"&lt;0.5&gt;\"}</metadata>",
            ">a &lt; b: -5.00 to 99.0</text>",
            ">a caption<",
            ">-0.5<",
        ] {
            assert!(svg.contains(part), "{part}\n{svg}");
        }
        let png = figure.png(&[("spikescape.settings", "x = 1".into())]).unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        assert_eq!(reader.info().uncompressed_latin1_text[0].text, "x = 1");
        assert!(!figure.picture().is_blank());
        assert_eq!(figure.picture(), figure.picture());
    }

    #[test]
    fn base_64_is_that_of_the_standard() {
        let expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        assert!(expected.iter().enumerate().all(|(n, e)| base64(&b"foobar"[..n]) == *e));
    }
}
