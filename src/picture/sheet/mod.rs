//! A figure as marks on a sheet, and its back ends: PNG at any scale, SVG and PDF, in which text is text and marks are
//! vectors. Lengths are points (1/72 inch), from the top left corner, y downwards.

mod font;
mod paint;
mod pdf;
mod svg;

pub use font::text_width;
pub use paint::SheetPainter;

/// How far below the middle of a text its line lies, as a share of its size.
const LINE: f32 = 0.35;

/// A colour without transparency, so that every program shows the same.
pub type Rgb = [u8; 3];

/// Marks on a sheet of paper, from the back to the front.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Width and height.
    pub size: [f32; 2],
    pub ground: Rgb,
    pub marks: Vec<SheetMark>,
}

/// Marks of one look.
#[derive(Clone, Debug, PartialEq)]
pub enum SheetMark {
    /// Filled upright rectangles: left, top, width, height.
    Bars {
        colour: Rgb,
        bars: Vec<[f32; 4]>,
    },
    /// Filled convex polygons.
    Polygons {
        colour: Rgb,
        /// Width of a line around each, which closes the seams between neighbours; 0: none.
        rim: f32,
        polygons: Vec<Vec<[f32; 2]>>,
    },
    /// Lines through their points; `dash` is the length of a dash and of a gap.
    Lines {
        colour: Rgb,
        width: f32,
        dash: Option<[f32; 2]>,
        lines: Vec<Vec<[f32; 2]>>,
    },
    /// Circles, as rings of this width or, without one, filled.
    Circles {
        colour: Rgb,
        radius: f32,
        ring: Option<f32>,
        centres: Vec<[f32; 2]>,
    },
    Text(SheetText),
    /// Cells row by row from the top, which no back end smooths: left, top, width, height of them all.
    Cells {
        at: [f32; 4],
        columns: usize,
        rgb: Vec<Rgb>,
    },
}

/// A text.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetText {
    /// Its left end, middle or right end, in the middle of its height.
    pub at: [f32; 2],
    pub align: SheetAlign,
    /// Of the font.
    pub size: f32,
    pub colour: Rgb,
    /// Whether it runs upwards.
    pub upwards: bool,
    pub text: String,
}

/// Which part of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetAlign {
    Left,
    Middle,
    Right,
}

/// Facts that stand in a file: a title, one line that says where it is from, and all of them as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetFacts {
    pub title: String,
    pub program: String,
    pub origin: String,
    pub json: String,
}

impl Sheet {
    pub fn new(size: [f32; 2], ground: Rgb) -> Self {
        Self { size, ground, marks: Vec::new() }
    }

    pub fn bars(&mut self, colour: Rgb, bars: Vec<[f32; 4]>) {
        if !bars.is_empty() {
            self.marks.push(SheetMark::Bars { colour, bars });
        }
    }

    pub fn polygons(&mut self, colour: Rgb, polygons: Vec<Vec<[f32; 2]>>) {
        if !polygons.is_empty() {
            self.marks.push(SheetMark::Polygons { colour, rim: 0.0, polygons });
        }
    }

    pub fn lines(&mut self, colour: Rgb, width: f32, lines: Vec<Vec<[f32; 2]>>) {
        self.dashes(colour, width, None, lines);
    }

    pub fn dashes(&mut self, colour: Rgb, width: f32, dash: Option<[f32; 2]>, lines: Vec<Vec<[f32; 2]>>) {
        let lines: Vec<_> = lines.into_iter().filter(|line| line.len() > 1).collect();
        if !lines.is_empty() {
            self.marks.push(SheetMark::Lines { colour, width, dash, lines });
        }
    }

    pub fn circles(&mut self, colour: Rgb, radius: f32, ring: Option<f32>, centres: Vec<[f32; 2]>) {
        if !centres.is_empty() {
            self.marks.push(SheetMark::Circles { colour, radius, ring, centres });
        }
    }

    pub fn text(&mut self, at: [f32; 2], align: SheetAlign, size: f32, colour: Rgb, text: impl Into<String>) {
        self.marks.push(SheetMark::Text(SheetText { at, align, size, colour, upwards: false, text: text.into() }));
    }

    /// A text that runs upwards, as beside a vertical axis.
    pub fn upwards(&mut self, at: [f32; 2], size: f32, colour: Rgb, text: impl Into<String>) {
        let align = SheetAlign::Middle;
        self.marks.push(SheetMark::Text(SheetText { at, align, size, colour, upwards: true, text: text.into() }));
    }

    /// As a PNG file with `scale` pixels for a point.
    pub fn png(&self, scale: f32, facts: &SheetFacts) -> Result<Vec<u8>, png::EncodingError> {
        let text = [
            ("Title", facts.title.as_str()),
            ("Software", &facts.program),
            ("Description", &facts.origin),
            ("spikescape", &facts.json),
        ];
        SheetPainter::default().picture(self, scale).png_at(scale * 72.0, &text)
    }

    /// As an SVG file.
    pub fn svg(&self, facts: &SheetFacts) -> Result<String, png::EncodingError> {
        svg::write(self, facts)
    }

    /// As a PDF file of one page.
    pub fn pdf(&self, facts: &SheetFacts) -> Result<Vec<u8>, String> {
        pdf::write(self, facts)
    }
}

#[cfg(test)]
mod tests;
