//! Colours by meaning, text sizes, and the painted marks. Colours are of Okabe and Ito's palette, shaded for each theme
//! so that text has a contrast of 4.5 : 1 and marks 3 : 1; none of them carries a meaning alone.

mod marks;

use egui::{Color32, Context, FontId, Stroke, TextStyle, Visuals, vec2};

pub use self::marks::Marks;

use crate::rule::Rule;

/// The colours of one theme.
#[derive(Clone, Debug, PartialEq)]
pub struct Palette {
    pub dark: bool,
    /// Behind plots.
    pub ground: Color32,
    /// Behind controls.
    pub panel: Color32,
    /// Spikes, curves, text that matters.
    pub ink: Color32,
    /// Text that explains.
    pub faint: Color32,
    /// Axes, separators, grid.
    pub line: Color32,
    pub activation: Color32,
    pub timing: Color32,
    pub antlr: Color32,
    pub created: Color32,
    pub removed: Color32,
    pub shifted: Color32,
    pub target: Color32,
    /// Things picked or under the pointer.
    pub focus: Color32,
    pub warning: Color32,
}

impl Palette {
    pub fn dark() -> Self {
        let hex = Color32::from_rgb;
        Self {
            dark: true,
            ground: hex(0x12, 0x14, 0x18),
            panel: hex(0x1b, 0x1e, 0x23),
            ink: hex(0xec, 0xee, 0xf1),
            faint: hex(0x9d, 0xa5, 0xb0),
            line: hex(0x38, 0x3d, 0x45),
            activation: hex(0xe6, 0x9f, 0x00),
            timing: hex(0x4f, 0xa8, 0xe0),
            antlr: hex(0xd9, 0x8f, 0xb8),
            created: hex(0x19, 0xc0, 0x8f),
            removed: hex(0xf0, 0x7a, 0x2e),
            shifted: hex(0xec, 0xee, 0xf1),
            target: hex(0xf0, 0xe4, 0x42),
            focus: hex(0x56, 0xb4, 0xe9),
            warning: hex(0xf0, 0x7a, 0x2e),
        }
    }

    /// Text that is stressed.
    pub fn strong(&self) -> Color32 {
        if self.dark { Color32::WHITE } else { Color32::BLACK }
    }

    pub fn light() -> Self {
        let hex = Color32::from_rgb;
        Self {
            dark: false,
            ground: hex(0xff, 0xff, 0xff),
            panel: hex(0xf3, 0xf4, 0xf6),
            ink: hex(0x16, 0x19, 0x1e),
            faint: hex(0x56, 0x5e, 0x69),
            line: hex(0xcf, 0xd3, 0xd9),
            activation: hex(0x8f, 0x62, 0x00),
            timing: hex(0x00, 0x67, 0xa6),
            antlr: hex(0xa8, 0x46, 0x7d),
            created: hex(0x00, 0x7a, 0x58),
            removed: hex(0xb0, 0x46, 0x00),
            shifted: hex(0x16, 0x19, 0x1e),
            target: hex(0x8a, 0x7a, 0x00),
            focus: hex(0x00, 0x67, 0xa6),
            warning: hex(0xb0, 0x46, 0x00),
        }
    }

    /// The one that the window shows now.
    pub fn of(ctx: &Context) -> Self {
        if ctx.global_style().visuals.dark_mode { Self::dark() } else { Self::light() }
    }

    pub fn rule(&self, rule: Rule) -> Color32 {
        match rule {
            Rule::Activation => self.activation,
            Rule::Timing => self.timing,
            Rule::Antlr => self.antlr,
        }
    }

    /// A colour for text on a ground of colour `on`.
    pub fn text_on(&self, on: Color32) -> Color32 {
        let [r, g, b, _] = on.to_array().map(f32::from);
        if 0.299 * r + 0.587 * g + 0.114 * b > 140.0 { Color32::from_rgb(0x10, 0x12, 0x15) } else { Color32::WHITE }
    }

    fn visuals(&self) -> Visuals {
        let mut v = if self.dark { Visuals::dark() } else { Visuals::light() };
        v.panel_fill = self.panel;
        v.window_fill = self.panel;
        v.extreme_bg_color = self.ground;
        v.faint_bg_color = self.line.gamma_multiply(0.35);
        v.window_stroke = Stroke::new(1.0, self.line);
        v.widgets.noninteractive.fg_stroke.color = self.ink;
        v.widgets.noninteractive.bg_stroke = Stroke::new(1.0, self.line);
        v.widgets.inactive.fg_stroke.color = self.ink;
        // what has the focus of the keyboard is drawn as active
        v.widgets.active.bg_stroke = Stroke::new(2.0, self.focus);
        v.weak_text_color = Some(self.faint);
        v.selection.bg_fill = self.focus.gamma_multiply(0.35);
        v.selection.stroke = Stroke::new(1.0, self.ink);
        v.hyperlink_color = self.focus;
        v.warn_fg_color = self.warning;
        v.error_fg_color = self.warning;
        v
    }
}

/// The size of text that explains; all other text has [`TEXT`].
pub const SMALL: f32 = 11.0;
/// The size of text.
pub const TEXT: f32 = 13.0;

/// Gives both themes to egui.
pub fn install(ctx: &Context) {
    ctx.set_visuals_of(egui::Theme::Dark, Palette::dark().visuals());
    ctx.set_visuals_of(egui::Theme::Light, Palette::light().visuals());
    ctx.all_styles_mut(|style| {
        for (name, font) in &mut style.text_styles {
            font.size = if *name == TextStyle::Small { SMALL } else { TEXT };
        }
        style.spacing.item_spacing = vec2(6.0, 4.0);
        style.spacing.button_padding = vec2(6.0, 2.0);
        style.spacing.interact_size.y = 20.0;
        style.interaction.tooltip_delay = 0.35;
    });
}

/// Text that explains.
pub fn small() -> FontId {
    FontId::proportional(SMALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast as WCAG 2 defines them.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let luminance = |c: Color32| {
            let linear = |x: u8| {
                let x = f64::from(x) / 255.0;
                if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(c.r()) + 0.7152 * linear(c.g()) + 0.0722 * linear(c.b())
        };
        let (x, y) = (luminance(a) + 0.05, luminance(b) + 0.05);
        (x / y).max(y / x)
    }

    #[test]
    fn text_and_marks_have_their_contrast() {
        for t in [Palette::dark(), Palette::light()] {
            for ground in [t.ground, t.panel] {
                for text in [t.ink, t.faint, t.activation, t.timing, t.antlr, t.warning] {
                    assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}: {}", contrast(text, ground));
                }
                for mark in [t.created, t.removed, t.shifted, t.target, t.focus] {
                    assert!(contrast(mark, ground) >= 3.0, "{mark:?} on {ground:?}");
                }
            }
            for rule in Rule::ALL {
                assert!(contrast(t.text_on(t.rule(rule)), t.rule(rule)) >= 4.5, "{rule:?}");
            }
        }
    }
}
