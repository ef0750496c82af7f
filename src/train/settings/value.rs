//! The value of one setting, and how it is written as text.

use super::ValueKind;
use super::kind::ChoiceList;
use crate::snn::text::{Hidden, parse_hidden, write_hidden};
use crate::spike::Shape;

/// The value of one setting, of the [`ValueKind`] that its field names.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Whole(u64),
    Real(f64),
    Switch(bool),
    /// The key of one of the field's choices.
    Choice(&'static str),
    /// Layers between input and output, possibly with these two.
    Layers(Hidden),
    Shape(Shape),
    /// A path.
    Text(String),
}

impl Value {
    /// One word without spaces or commas, from which [`Value::parse`] makes the same value, to the last bit:
    /// `100`, `0.003`, `true`, `antlr`, `fc50-fc50`, `2x34x34`, and `none` for no hidden layer. (A path may have spaces and
    /// commas.)
    pub fn to_text(&self) -> String {
        match self {
            Value::Whole(n) => n.to_string(),
            // Debug writes the shortest text that reads back to the same bits.
            Value::Real(x) => format!("{x:?}"),
            Value::Switch(on) => on.to_string(),
            Value::Choice(key) => (*key).to_owned(),
            Value::Layers(hidden) => write_hidden(&hidden.layers),
            Value::Shape(shape) => shape.to_string(),
            Value::Text(text) => text.clone(),
        }
    }

    /// The same in TOML.
    pub fn to_toml(&self) -> String {
        match self {
            Value::Choice(key) => format!("\"{key}\""),
            Value::Layers(hidden) => format!("\"{}\"", write_hidden(&hidden.layers).replace('-', " - ")),
            Value::Shape(Shape::Grid(_)) => format!("\"{}\"", self.to_text()),
            Value::Text(text) => toml::Value::String(text.clone()).to_string(),
            _ => self.to_text(),
        }
    }

    /// Reads a value of a kind, not yet checked against its range; `None` when the text has another form.
    ///
    /// The user may also write `on` and `off` for a switch, and `50-50` or a whole network, `784 - fc800 - fc10`, for
    /// layers.
    pub fn parse(kind: &ValueKind, text: &str) -> Option<Value> {
        // a name may begin or end with a space
        if matches!(kind, ValueKind::Path) {
            return Some(Value::Text(text.to_owned()));
        }
        let text = text.trim();
        match kind {
            ValueKind::Whole { .. } => text.parse().ok().map(Value::Whole),
            ValueKind::Real { .. } => text.parse().ok().map(Value::Real),
            ValueKind::Switch => match text {
                "true" | "on" => Some(Value::Switch(true)),
                "false" | "off" => Some(Value::Switch(false)),
                _ => None,
            },
            ValueKind::Choice(choices) => choice(choices, text),
            ValueKind::Layers { .. } => parse_hidden(text).ok().map(Value::Layers),
            ValueKind::Shape { .. } => Shape::parse(text).map(Value::Shape),
            ValueKind::Path => None,
        }
    }
}

/// The choice of this key.
pub(super) fn choice(choices: &ChoiceList, key: &str) -> Option<Value> {
    choices.find(key).map(|c| Value::Choice(c.key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYERS: ValueKind = ValueKind::Layers { most: 4 };
    const REAL: ValueKind = ValueKind::Real { min: 0.0, max: 1.0, log: false, step: 0.1 };

    #[test]
    fn layers_are_read_in_every_form_that_users_write() {
        let read = |text: &str| Value::parse(&LAYERS, text).map(|v| v.to_text());
        for text in ["50-40", " 50 - 40 ", "fc50-fc40", "fc50 - fc40", "7 - fc50 - fc40 - fc2"] {
            assert_eq!(read(text).as_deref(), Some("fc50-fc40"), "{text}");
        }
        assert_eq!([read("none"), read("")], [Some("none".into()), Some("none".into())]);
        for text in ["50--40", "50-", "fifty", "-5", "1.5", "50-x", "fc8 - relu"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn paths_are_quoted_as_toml_needs_it() {
        assert_eq!(Value::Text("C:\\a \"b\"".into()).to_toml(), "'C:\\a \"b\"'");
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
        assert_eq!(Value::parse(&ValueKind::Switch, "on"), Some(Value::Switch(true)));
        assert_eq!(Value::parse(&ValueKind::Switch, "false"), Some(Value::Switch(false)));
        assert_eq!(Value::parse(&ValueKind::Switch, "perhaps"), None);
    }
}
