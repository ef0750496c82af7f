//! JSON in the metadata of tensor files: read into structs, with the place of what is wrong.

use serde::de::DeserializeOwned;

use crate::file::excerpt;

/// The most characters of a library's message, which may quote any part of a damaged file.
const LONGEST: usize = 120;

/// Reads a text. The error is part of a sentence: the path to the value, as in `epochs[0].train_loss`, and what is wrong.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let mut json = serde_json::Deserializer::from_str(text);
    let parsed = serde_path_to_error::deserialize(&mut json).map_err(|e| excerpt(&e.to_string(), LONGEST))?;
    json.end().map_err(|e| excerpt(&e.to_string(), LONGEST))?;
    Ok(parsed)
}

/// A number as a text that reads back to the same bits, also where it is infinite or NaN: `#[serde(with = "exact")]`.
pub mod exact {
    use std::borrow::Cow;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::file::excerpt;

    pub fn serialize<S: Serializer>(x: &f64, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format!("{x:?}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        text.parse().map_err(|_| D::Error::custom(format!("{:?} is not a number in quotes", excerpt(&text, 40))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Number {
        #[serde(with = "exact")]
        x: f64,
    }

    #[test]
    fn numbers_keep_their_bits() {
        for x in [0.1 + 0.2, -0.0, f64::MIN_POSITIVE, 1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            let text = serde_json::to_string(&[Number { x }]).unwrap();
            assert_eq!(text, format!("[{{\"x\":\"{x:?}\"}}]"));
            assert_eq!(parse::<Vec<Number>>(&text).unwrap()[0].x.to_bits(), x.to_bits());
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_path() {
        let said = |text: &str| parse::<Vec<Number>>(text).unwrap_err();
        assert!(said("[{\"x\":\"1\"},{\"x\":\"a\"}]").starts_with("[1].x: \"a\" is not a number in quotes"));
        assert!(said("[{\"x\":1}]").starts_with("[0].x: invalid type: integer `1`, expected a string"));
        assert!(said("[{}]").starts_with("[0]: missing field `x`"));
        assert!(said("[] 1").starts_with("trailing characters"));
        assert_eq!(said(&format!("\"{}\"", "é".repeat(1000))).chars().count(), LONGEST + 1);
    }
}
