//! The font of figures: the one that the window is written in, which comes with egui.

use std::sync::LazyLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// Its name in SVG, before what most computers have.
pub const FAMILY: &str = "Ubuntu, 'DejaVu Sans', 'Segoe UI', Helvetica, Arial, sans-serif";

/// The name that egui knows it by.
const NAME: &str = "Ubuntu-Light";

/// The file.
pub static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    egui::FontDefinitions::default().font_data.get(NAME).map_or_else(Vec::new, |data| (*data.font).as_ref().to_vec())
});

/// The number of a character's glyph and its width, in thousandths of the font's size; glyph 0 where there is none.
pub fn glyphs(text: &str) -> Vec<(u16, f32)> {
    let Ok(font) = FontRef::new(&FILE) else { return vec![(0, 500.0); text.chars().count()] };
    let (map, metrics) = (font.charmap(), font.glyph_metrics(Size::new(1000.0), LocationRef::default()));
    let glyph = |c: char| {
        let id = map.map(c).unwrap_or(GlyphId::NOTDEF);
        (id.to_u32() as u16, metrics.advance_width(id).unwrap_or(500.0))
    };
    text.chars().map(glyph).collect()
}

/// Width of a text at a size, in the unit of the size.
pub fn text_width(text: &str, size: f32) -> f32 {
    glyphs(text).iter().map(|(_, width)| width).sum::<f32>() * size / 1000.0
}
