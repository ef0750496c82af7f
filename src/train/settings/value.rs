//! The value of one setting, and how it is written as text.

use super::field::{Choice, Kind};

/// The value of one setting, of the [`Kind`] that its field names.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Whole(u64),
    Real(f64),
    Switch(bool),
    /// The key of one of the field's choices.
    Choice(&'static str),
    /// Neurons of each hidden layer, from the input on.
    Sizes(Vec<usize>),
}

impl Value {
    /// One word without spaces or commas, from which [`Value::parse`] makes the same value, to the last bit:
    /// `100`, `0.003`, `true`, `antlr`, `50-50`, and `none` for no hidden layer.
    pub fn to_text(&self) -> String {
        match self {
            Value::Whole(n) => n.to_string(),
            // Debug writes the shortest text that reads back to the same bits.
            Value::Real(x) => format!("{x:?}"),
            Value::Switch(on) => on.to_string(),
            Value::Choice(key) => (*key).to_owned(),
            Value::Sizes(sizes) if sizes.is_empty() => "none".to_owned(),
            Value::Sizes(sizes) => join(sizes, "-"),
        }
    }

    /// The same in TOML.
    pub fn to_toml(&self) -> String {
        match self {
            Value::Choice(key) => format!("\"{key}\""),
            Value::Sizes(sizes) => format!("[{}]", join(sizes, ", ")),
            _ => self.to_text(),
        }
    }

    /// Reads a value of a kind, not yet checked against its range; `None` when the text has another form.
    ///
    /// A person may also write `on` and `off` for a switch, and `50,50`, `50 50` or `[50, 50]` for sizes.
    pub fn parse(kind: &Kind, text: &str) -> Option<Value> {
        let text = text.trim();
        match kind {
            Kind::Whole { .. } => text.parse().ok().map(Value::Whole),
            Kind::Real { .. } => text.parse().ok().map(Value::Real),
            Kind::Switch => match text {
                "true" | "on" => Some(Value::Switch(true)),
                "false" | "off" => Some(Value::Switch(false)),
                _ => None,
            },
            Kind::Choice(choices) => choice(choices, text),
            Kind::Sizes { .. } => sizes(text).map(Value::Sizes),
        }
    }
}

/// The choice of this key.
pub(super) fn choice(choices: &'static [Choice], key: &str) -> Option<Value> {
    choices.iter().find(|c| c.key == key).map(|c| Value::Choice(c.key))
}

fn join(sizes: &[usize], between: &str) -> String {
    sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(between)
}

fn sizes(text: &str) -> Option<Vec<usize>> {
    let inner = match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?.trim(),
        None => text,
    };
    if inner.is_empty() || inner == "none" {
        return Some(Vec::new());
    }
    let separator = if inner.contains(',') {
        ','
    } else if inner.contains('-') {
        '-'
    } else {
        ' '
    };
    inner
        .split(separator)
        .map(str::trim)
        .filter(|part| separator != ' ' || !part.is_empty())
        .map(|n| n.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: Kind = Kind::Sizes { min: 1, max: 100, max_len: 4 };
    const REAL: Kind = Kind::Real { min: 0.0, max: 1.0, log: false, step: 0.1 };

    #[test]
    fn sizes_are_read_in_every_form_that_a_person_writes() {
        for text in ["50-40", "50,40", "50, 40", " 50  40 ", "[50, 40]", "[ 50,40 ]", "50 - 40"] {
            assert_eq!(Value::parse(&SIZES, text), Some(Value::Sizes(vec![50, 40])), "{text}");
        }
        for text in ["", "none", "[]", " [ ] "] {
            assert_eq!(Value::parse(&SIZES, text), Some(Value::Sizes(vec![])), "{text:?}");
        }
        for text in ["50--40", "50,", "[50", "fifty", "-5", "1.5", "50-x"] {
            assert_eq!(Value::parse(&SIZES, text), None, "{text}");
        }
    }

    #[test]
    fn reals_keep_every_bit() {
        for x in [0.1, 1.0 / 6.0, 1e-8, 1e300, 5e-324, 0.0, -0.0, 1e16, 123456789.0, f64::MAX] {
            let Some(Value::Real(back)) = Value::parse(&REAL, &Value::Real(x).to_text()) else { panic!("{x}") };
            assert_eq!(back.to_bits(), x.to_bits());
        }
    }

    #[test]
    fn switches_say_on_or_true() {
        assert_eq!(Value::parse(&Kind::Switch, "on"), Some(Value::Switch(true)));
        assert_eq!(Value::parse(&Kind::Switch, "false"), Some(Value::Switch(false)));
        assert_eq!(Value::parse(&Kind::Switch, "perhaps"), None);
    }
}
