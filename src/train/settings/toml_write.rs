//! Settings as a TOML file with a comment for every setting.

use super::{Field, SECTIONS, Settings};
use std::fmt::Write;

/// The first line of a settings file.
pub const FORMAT: &str = "spikescape settings 1";

/// The program that writes files, with its version.
pub const PROGRAM: &str = concat!("spikescape ", env!("CARGO_PKG_VERSION"));

impl Settings {
    /// All settings, each with a comment. [`Settings::from_toml`] makes equal settings from it.
    pub fn to_toml(&self) -> String {
        let mut out = format!("format = \"{FORMAT}\"\nprogram = \"{PROGRAM}\"\n");
        sections(&mut out, "", self);
        out
    }
}

/// All sections; `prefix` goes before the name of each.
pub fn sections(out: &mut String, prefix: &str, settings: &Settings) {
    for section in SECTIONS {
        writeln!(out, "\n[{prefix}{}]", section.key).expect("a String takes everything");
        for field in section.fields {
            let (comment, value) = (comment(field), field.get(settings).to_toml());
            writeln!(out, "# {comment}\n{} = {value}", field.name()).expect("a String takes everything");
        }
    }
}

/// Label, symbol and range, as in "Current decay, α_i: a number from 0 to 1".
fn comment(field: &Field) -> String {
    let symbol = field.symbol_to_add();
    let symbol = if symbol.is_empty() { String::new() } else { format!(", {symbol}") };
    format!("{}{symbol}: {}", field.label, field.allowed())
}

#[cfg(test)]
mod tests {
    use super::super::{PRESETS, arbitrary};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_file_explains_itself() {
        let text = Settings::default().to_toml();
        for line in [
            "format = \"spikescape settings 1\"",
            "[task]",
            "# Length, T: a whole number from 1 to 100000 (steps)",
            "steps = 100",
            "hidden = \"fc50\"",
            "kind = \"trains\"",
            "data = \"\"",
            "# Current decay, α_i: a number from 0 to 1",
            "alpha_i = 0.95",
            "softmax_beta = 0.16666666666666666",
            "rule = \"antlr\"",
            "timing_penalty_on = true",
            "timing_penalty = 100.0",
            "epsilon = 1e-8",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
    }

    #[test]
    fn presets_round_trip() {
        for preset in PRESETS {
            let settings = (preset.make)();
            assert_eq!(Settings::from_toml("a", &settings.to_toml()), Ok(settings), "{}", preset.key);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn settings_round_trip(settings in arbitrary::settings()) {
            prop_assert_eq!(Settings::from_toml_within("a", &settings.to_toml(), u64::MAX), Ok(settings));
        }
    }
}
