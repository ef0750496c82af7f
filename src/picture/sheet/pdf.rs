//! A sheet as PDF: one page, the font's glyphs that are used embedded, and texts that can be selected.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, LineJoinStyle, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use subsetter::GlyphRemapper;

use super::font;
use super::{Rgb, Sheet, SheetAlign, SheetFacts, SheetMark, SheetText};

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const FONT: Ref = Ref::new(5);
const CID_FONT: Ref = Ref::new(6);
const DESCRIPTOR: Ref = Ref::new(7);
const FONT_FILE: Ref = Ref::new(8);
const UNICODE: Ref = Ref::new(9);
const INFO: Ref = Ref::new(10);
const FIRST_IMAGE: i32 = 11;

const FONT_NAME: Name = Name(b"SPKSCP+Ubuntu-Light");
const SYSTEM: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The whole file.
pub fn write(sheet: &Sheet, facts: &SheetFacts) -> Result<Vec<u8>, String> {
    let mut page =
        PdfPage { height: sheet.size[1], content: Content::new(), used: UsedGlyphs::default(), images: Vec::new() };
    page.colour(sheet.ground).rect(0.0, 0.0, sheet.size[0], sheet.size[1]).fill_nonzero();
    page.content.set_line_join(LineJoinStyle::RoundJoin);
    for mark in &sheet.marks {
        page.mark(mark);
    }
    let PdfPage { content, used, images, .. } = page;

    let mut pdf = Pdf::new();
    pdf.catalog(CATALOG).pages(PAGES);
    pdf.pages(PAGES).kids([PAGE]).count(1);
    let mut entry = pdf.page(PAGE);
    entry.parent(PAGES).media_box(Rect::new(0.0, 0.0, sheet.size[0], sheet.size[1])).contents(CONTENT);
    let mut resources = entry.resources();
    resources.fonts().pair(Name(b"F"), FONT);
    let mut objects = resources.x_objects();
    for k in 0..images.len() {
        objects.pair(Name(image_name(k).as_bytes()), image_ref(k));
    }
    objects.finish();
    resources.finish();
    entry.finish();
    pdf.stream(CONTENT, &packed(&content.finish())).filter(Filter::FlateDecode);
    for (k, (columns, rgb)) in images.iter().enumerate() {
        image(&mut pdf, image_ref(k), *columns, rgb);
    }
    used.write(&mut pdf)?;
    let mut info = pdf.document_info(INFO);
    info.title(TextStr(&facts.title)).creator(TextStr(&facts.program)).producer(TextStr(&facts.program));
    info.subject(TextStr(&facts.origin));
    info.pair(Name(b"Spikescape"), TextStr(&facts.json));
    info.finish();
    Ok(pdf.finish())
}

/// The page while it is drawn.
struct PdfPage<'a> {
    height: f32,
    content: Content,
    used: UsedGlyphs,
    images: Vec<(usize, &'a [Rgb])>,
}

impl<'a> PdfPage<'a> {
    /// The content, with a colour to fill with and to draw lines with.
    fn colour(&mut self, rgb: Rgb) -> &mut Content {
        let [r, g, b] = rgb.map(|part| f32::from(part) / 255.0);
        self.content.set_fill_rgb(r, g, b).set_stroke_rgb(r, g, b)
    }

    fn mark(&mut self, mark: &'a SheetMark) {
        match mark {
            SheetMark::Bars { colour, bars } => {
                self.colour(*colour);
                for &[x, y, w, h] in bars {
                    self.content.rect(x, self.height - y - h, w, h);
                }
                self.content.fill_nonzero();
            }
            SheetMark::Polygons { colour, rim, polygons } => {
                self.colour(*colour).set_line_width(*rim).set_dash_pattern([], 0.0);
                for polygon in polygons {
                    self.outline(polygon);
                    self.content.close_path();
                }
                if *rim > 0.0 {
                    self.content.fill_nonzero_and_stroke()
                } else {
                    self.content.fill_nonzero()
                };
            }
            SheetMark::Lines { colour, width, dash, lines } => {
                self.colour(*colour).set_line_width(*width);
                self.content.set_dash_pattern(dash.iter().flatten().copied(), 0.0);
                lines.iter().for_each(|line| self.outline(line));
                self.content.stroke();
            }
            SheetMark::Circles { colour, radius, ring, centres } => {
                self.colour(*colour).set_line_width(ring.unwrap_or(1.0)).set_dash_pattern([], 0.0);
                for [x, y] in centres {
                    self.circle([*x, self.height - y], *radius);
                }
                if ring.is_some() {
                    self.content.stroke()
                } else {
                    self.content.fill_nonzero()
                };
            }
            SheetMark::Text(text) => self.text(text),
            SheetMark::Cells { at: [x, y, w, h], columns, rgb } => {
                let name = image_name(self.images.len());
                self.images.push((*columns, rgb));
                self.content.save_state().transform([*w, 0.0, 0.0, *h, *x, self.height - y - h]);
                self.content.x_object(Name(name.as_bytes())).restore_state();
            }
        }
    }

    fn outline(&mut self, points: &[[f32; 2]]) {
        for (k, [x, y]) in points.iter().enumerate() {
            let y = self.height - y;
            if k == 0 {
                self.content.move_to(*x, y)
            } else {
                self.content.line_to(*x, y)
            };
        }
    }

    /// Of four curves.
    fn circle(&mut self, [x, y]: [f32; 2], r: f32) {
        // the usual length of the handles: the curves are within a thousandth of the circle
        let k = 0.552_285 * r;
        let c = &mut self.content;
        c.move_to(x + r, y);
        c.cubic_to(x + r, y + k, x + k, y + r, x, y + r).cubic_to(x - k, y + r, x - r, y + k, x - r, y);
        c.cubic_to(x - r, y - k, x - k, y - r, x, y - r).cubic_to(x + k, y - r, x + r, y - k, x + r, y);
        c.close_path();
    }

    fn text(&mut self, t: &SheetText) {
        let width = font::text_width(&t.text, t.size);
        let before = match t.align {
            SheetAlign::Left => 0.0,
            SheetAlign::Middle => width / 2.0,
            SheetAlign::Right => width,
        };
        let line = t.size * super::LINE;
        let (x, y) = (t.at[0], self.height - t.at[1]);
        let place = match t.upwards {
            true => [0.0, 1.0, -1.0, 0.0, x + line, y - before],
            false => [1.0, 0.0, 0.0, 1.0, x - before, y - line],
        };
        let glyphs = self.used.take(&t.text);
        self.colour(t.colour).begin_text().set_font(Name(b"F"), t.size).set_text_matrix(place);
        self.content.show(Str(&glyphs)).end_text();
    }
}

/// The glyphs that occur, and what they stand for.
#[derive(Default)]
struct UsedGlyphs {
    remapper: GlyphRemapper,
    /// By number in the file.
    widths: BTreeMap<u16, (f32, char)>,
}

impl UsedGlyphs {
    /// The numbers of the glyphs of a text, two bytes each.
    fn take(&mut self, text: &str) -> Vec<u8> {
        let glyph = |((id, width), c): ((u16, f32), char)| {
            let own = self.remapper.remap(id);
            self.widths.entry(own).or_insert((width, c));
            own.to_be_bytes()
        };
        font::glyphs(text).into_iter().zip(text.chars()).flat_map(glyph).collect()
    }

    fn write(&self, pdf: &mut Pdf) -> Result<(), String> {
        let file = subsetter::subset(&font::FILE, 0, &self.remapper);
        let file = file.map_err(|e| format!("The font of the figure cannot be embedded: {e:?}."))?;
        let mut font = pdf.type0_font(FONT);
        font.base_font(FONT_NAME).encoding_predefined(Name(b"Identity-H"));
        font.descendant_font(CID_FONT).to_unicode(UNICODE);
        font.finish();
        let mut cid = pdf.cid_font(CID_FONT);
        cid.subtype(CidFontType::Type2).base_font(FONT_NAME).system_info(SYSTEM).font_descriptor(DESCRIPTOR);
        cid.default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = cid.widths();
        for (glyph, (width, _)) in &self.widths {
            widths.consecutive(*glyph, [*width]);
        }
        widths.finish();
        cid.finish();
        let mut descriptor = pdf.font_descriptor(DESCRIPTOR);
        descriptor.name(FONT_NAME).flags(FontFlags::SYMBOLIC).bbox(Rect::new(-170.0, -221.0, 3475.0, 962.0));
        descriptor.italic_angle(0.0).ascent(932.0).descent(-189.0).cap_height(693.0).stem_v(62.0);
        descriptor.font_file2(FONT_FILE);
        descriptor.finish();
        let mut map = UnicodeCmap::<u16>::new(Name(b"Spikescape"), SYSTEM);
        self.widths.iter().for_each(|(glyph, (_, c))| map.pair(*glyph, *c));
        pdf.cmap(UNICODE, &map.finish());
        let length = file.len() as i32;
        pdf.stream(FONT_FILE, &packed(&file)).filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
        Ok(())
    }
}

fn image_name(k: usize) -> String {
    format!("I{k}")
}

fn image_ref(k: usize) -> Ref {
    Ref::new(FIRST_IMAGE + k as i32)
}

fn image(pdf: &mut Pdf, id: Ref, columns: usize, rgb: &[Rgb]) {
    let bytes = packed(rgb.as_flattened());
    let mut image = pdf.image_xobject(id, &bytes);
    image.filter(Filter::FlateDecode);
    image.width(columns as i32).height((rgb.len() / columns.max(1)) as i32);
    image.color_space().device_rgb();
    image.bits_per_component(8).interpolate(false);
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("memory takes everything")
}
