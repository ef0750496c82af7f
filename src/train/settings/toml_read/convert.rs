//! TOML values as values of settings.

use toml::Spanned;
use toml::de::{DeArray, DeInteger, DeValue};

use super::super::value::choice;
use super::super::{Value, ValueKind};
use crate::snn::LayerKind;
use crate::snn::text::HiddenLayers;
use crate::spike::Shape;

/// A value of a setting, not yet checked against its range; else the part of the TOML value that is of another type.
type Converted<'t, 'i> = Result<Value, &'t Spanned<DeValue<'i>>>;

/// A TOML value as one of a kind.
///
/// A whole number that is negative or too large for the machine counts as the largest there is, which no range holds.
pub(super) fn convert<'t, 'i>(kind: &ValueKind, value: &'t Spanned<DeValue<'i>>) -> Converted<'t, 'i> {
    let converted = match (kind, value.get_ref()) {
        (ValueKind::Whole { .. }, DeValue::Integer(n)) => Some(Value::Whole(whole(n).unwrap_or(u64::MAX))),
        (ValueKind::Real { .. }, _) => real(value).map(Value::Real),
        (ValueKind::Switch, DeValue::Boolean(on)) => Some(Value::Switch(*on)),
        (ValueKind::Choice(choices), DeValue::String(key)) => choice(choices, key),
        (ValueKind::Layers { .. } | ValueKind::Shape { .. } | ValueKind::Path, DeValue::String(text)) => {
            Value::parse(kind, text)
        }
        (ValueKind::Shape { .. }, DeValue::Integer(n)) => {
            Some(Value::Shape(Shape::Flat(whole(n).map_or(usize::MAX, |n| n as usize))))
        }
        (ValueKind::Layers { .. }, DeValue::Array(list)) => return neurons(list),
        _ => None,
    };
    converted.ok_or(value)
}

/// Numbers of neurons, as the first versions wrote hidden layers.
fn neurons<'t, 'i>(list: &'t DeArray<'i>) -> Converted<'t, 'i> {
    let mut layers = Vec::with_capacity(list.len());
    for n in list {
        if !n.get_ref().is_integer() {
            return Err(n);
        }
        layers.push(LayerKind::Fc { out: size(n).unwrap_or(usize::MAX) });
    }
    Ok(Value::Layers(HiddenLayers { ends: None, layers }))
}

/// A whole number, whatever its radix; `None` when it is negative or does not fit.
pub fn whole(n: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(n.as_str(), n.radix()).ok()
}

/// The same as a number of things in memory.
pub(super) fn size(value: &Spanned<DeValue<'_>>) -> Option<usize> {
    value.get_ref().as_integer().and_then(whole).and_then(|n| usize::try_from(n).ok())
}

/// A number with or without a point.
pub fn real(value: &Spanned<DeValue<'_>>) -> Option<f64> {
    match value.get_ref() {
        DeValue::Float(x) => x.as_str().parse().ok(),
        DeValue::Integer(n) if n.radix() == 10 => n.as_str().parse().ok(),
        DeValue::Integer(n) => whole(n).map(|n| n as f64),
        _ => None,
    }
}
