//! How figures look: for paper or as in the window.

use serde::{Deserialize, Serialize};

use crate::named::named;
use crate::picture::sheet::Rgb;
use crate::rule::Rule;

named! {
    /// The colours of a figure.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum FigureTheme {
        /// White, with the colours of Okabe and Ito, which colour-blind readers tell apart; no title, as a caption has it.
        Print => "print", "Print";
        /// The light colours of the window.
        Light => "light", "Light";
        /// The dark colours of the window.
        Dark => "dark", "Dark";
    }
}

/// The look and size of figures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FigureStyle {
    pub theme: FigureTheme,
    /// Millimetres.
    pub width: f32,
    /// Points.
    pub font: f32,
    /// Pixels to an inch in a PNG.
    pub dpi: f32,
    /// Whether figures for paper have a title, too, as the frames of a film do.
    pub title: bool,
}

impl Default for FigureStyle {
    fn default() -> Self {
        Self { theme: FigureTheme::Print, width: 120.0, font: 8.0, dpi: 300.0, title: false }
    }
}

impl FigureStyle {
    /// Widths in millimetres, sizes of fonts in points and pixels to an inch that can be drawn.
    pub const WIDTHS: std::ops::RangeInclusive<f32> = 30.0..=1000.0;
    pub const FONTS: std::ops::RangeInclusive<f32> = 3.0..=48.0;
    pub const DPIS: std::ops::RangeInclusive<f32> = 36.0..=1200.0;

    /// The same with every number within its range.
    pub fn within(self) -> Self {
        let to = |x: f32, range: std::ops::RangeInclusive<f32>| x.clamp(*range.start(), *range.end());
        let (width, font, dpi) = (to(self.width, Self::WIDTHS), to(self.font, Self::FONTS), to(self.dpi, Self::DPIS));
        Self { width, font, dpi, ..self }
    }

    /// In points.
    pub fn width_pt(&self) -> f32 {
        self.width * 72.0 / 25.4
    }

    /// Pixels for a point in a PNG.
    pub fn scale(&self) -> f32 {
        self.dpi / 72.0
    }

    /// The width of a thin line.
    pub fn hair(&self) -> f32 {
        self.font / 14.0
    }

    pub fn palette(&self) -> FigurePalette {
        FigurePalette::of(self.theme)
    }

    /// Whether the figure says itself what it shows.
    pub fn titled(&self) -> bool {
        self.title || self.theme != FigureTheme::Print
    }
}

/// Colours by meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigurePalette {
    pub ground: Rgb,
    /// Behind the figure, where the ground of plots stands out from it.
    pub paper: Rgb,
    pub ink: Rgb,
    pub faint: Rgb,
    pub line: Rgb,
    /// Of the activation-based rule, the timing-based one and ANTLR.
    pub rules: [Rgb; 3],
    pub created: Rgb,
    pub removed: Rgb,
    pub shifted: Rgb,
    pub target: Rgb,
    pub focus: Rgb,
    pub warning: Rgb,
}

const fn hex(rgb: u32) -> Rgb {
    [(rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8]
}

const PRINT: FigurePalette = FigurePalette {
    ground: hex(0xff_ffff),
    paper: hex(0xff_ffff),
    ink: hex(0x00_0000),
    faint: hex(0x40_4040),
    line: hex(0xc8_c8c8),
    rules: [hex(0xe6_9f00), hex(0x00_72b2), hex(0xcc_79a7)],
    created: hex(0x00_9e73),
    removed: hex(0xd5_5e00),
    shifted: hex(0x00_0000),
    target: hex(0x00_72b2),
    focus: hex(0x56_b4e9),
    warning: hex(0xd5_5e00),
};

const LIGHT: FigurePalette = FigurePalette {
    ground: hex(0xff_ffff),
    paper: hex(0xf3_f4f6),
    ink: hex(0x16_191e),
    faint: hex(0x56_5e69),
    line: hex(0xcf_d3d9),
    rules: [hex(0x8f_6200), hex(0x00_67a6), hex(0xa8_467d)],
    created: hex(0x00_7a58),
    removed: hex(0xb0_4600),
    shifted: hex(0x16_191e),
    target: hex(0x8a_7a00),
    focus: hex(0x00_67a6),
    warning: hex(0xb0_4600),
};

const DARK: FigurePalette = FigurePalette {
    ground: hex(0x12_1418),
    paper: hex(0x1b_1e23),
    ink: hex(0xec_eef1),
    faint: hex(0x9d_a5b0),
    line: hex(0x38_3d45),
    rules: [hex(0xe6_9f00), hex(0x4f_a8e0), hex(0xd9_8fb8)],
    created: hex(0x19_c08f),
    removed: hex(0xf0_7a2e),
    shifted: hex(0xec_eef1),
    target: hex(0xf0_e442),
    focus: hex(0x56_b4e9),
    warning: hex(0xf0_7a2e),
};

impl FigurePalette {
    pub fn of(theme: FigureTheme) -> Self {
        match theme {
            FigureTheme::Print => PRINT,
            FigureTheme::Light => LIGHT,
            FigureTheme::Dark => DARK,
        }
    }

    pub fn rule(&self, rule: Rule) -> Rgb {
        match rule {
            Rule::Activation => self.rules[0],
            Rule::Timing => self.rules[1],
            Rule::Antlr => self.rules[2],
        }
    }

    /// `colour` laid over the ground with this share.
    pub fn tint(&self, colour: Rgb, share: f32) -> Rgb {
        mixed(self.ground, colour, share)
    }
}

/// From one colour, at 0, to another, at 1.
pub fn mixed(from: Rgb, to: Rgb, share: f32) -> Rgb {
    let share = share.clamp(0.0, 1.0);
    std::array::from_fn(|k| (f32::from(from[k]) * (1.0 - share) + f32::from(to[k]) * share).round() as u8)
}
