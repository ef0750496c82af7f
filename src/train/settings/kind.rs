//! The kinds of values that settings have, and the range of each.

use super::Value;
use super::when::joined;
use crate::named::Named;
use crate::snn::LayerKind;

/// The values that a setting can have. Both ends of every range belong to it.
#[derive(Clone, Copy, Debug)]
pub enum ValueKind {
    Whole {
        min: u64,
        max: u64,
    },
    Real {
        min: f64,
        max: f64,
        /// Dragging changes it by a share of the value instead of by an amount.
        log: bool,
        /// How far dragging takes it: an amount, or a share of the value.
        step: f64,
    },
    Switch,
    Choice(ChoiceList),
    /// Hidden layers, at most this many; there may be none.
    Layers {
        most: usize,
    },
    /// A number of units, or channels, height and width, with at most this many units.
    Shape {
        most: usize,
    },
    /// A file or a folder; empty for none.
    Path,
}

/// The values of a [`Named`] enum.
#[derive(Clone, Copy, Debug)]
pub struct ChoiceList {
    number: usize,
    get: fn(usize) -> Choice,
}

/// One of the words that a setting can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub key: &'static str,
    pub label: &'static str,
    pub help: &'static str,
}

impl ChoiceList {
    pub(super) const fn of<T: Named>() -> Self {
        let get = |n: usize| Choice { key: T::ALL[n].key(), label: T::ALL[n].label(), help: T::ALL[n].help() };
        Self { number: T::ALL.len(), get }
    }

    /// All of them, in the order in which they are offered.
    pub fn iter(&self) -> impl Iterator<Item = Choice> {
        (0..self.number).map(self.get)
    }

    /// The choice of this key.
    pub fn find(&self, key: &str) -> Option<Choice> {
        self.iter().find(|choice| choice.key == key)
    }
}

impl ValueKind {
    /// Whether a value is of this kind and in its range. NaN never is.
    pub fn allows(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Whole { min, max }, Value::Whole(n)) => (min..=max).contains(&n),
            (Self::Real { min, max, .. }, Value::Real(x)) => (min..=max).contains(&x),
            (Self::Switch, Value::Switch(_)) => true,
            (Self::Choice(choices), Value::Choice(key)) => choices.find(key).is_some(),
            (Self::Layers { most }, Value::Layers(hidden)) => {
                hidden.layers.len() <= *most && hidden.layers.iter().all(within_reason)
            }
            (Self::Shape { most }, Value::Shape(shape)) => {
                shape.checked_units().is_some_and(|n| (1..=*most).contains(&n))
            }
            (Self::Path, Value::Text(text)) => text.len() <= LONGEST_PATH && !text.contains(['\n', '\0']),
            _ => false,
        }
    }

    /// The range in words.
    pub fn allowed(&self) -> String {
        match self {
            Self::Whole { min, max } => format!("a whole number from {min} to {max}"),
            Self::Real { min, max, .. } => format!("a number from {} to {}", number(*min), number(*max)),
            Self::Switch => "true or false".to_owned(),
            Self::Choice(choices) => joined(choices.iter().map(|c| format!("\"{}\"", c.key)).collect(), "or"),
            Self::Layers { most } => format!(
                "at most {most} layers such as fc50, conv12k5, avg2, max2 or flatten, separated by minus signs, each with \
                 at most {MOST_NEURONS} neurons or channels, as in \"fc50 - fc50\", or none"
            ),
            Self::Shape { most } => format!("a number from 1 to {most}, or channels x height x width, as in 2x34x34"),
            Self::Path => "the path of a file or folder".to_owned(),
        }
    }
}

/// The most neurons or channels of a layer.
const MOST_NEURONS: usize = super::fields::MOST as usize;
/// The most bytes of a path.
const LONGEST_PATH: usize = 4096;

fn within_reason(layer: &LayerKind) -> bool {
    match *layer {
        LayerKind::Fc { out } => (1..=MOST_NEURONS).contains(&out),
        LayerKind::Conv { out, kernel } => (1..=MOST_NEURONS).contains(&out) && kernel % 2 == 1 && kernel < 1000,
        LayerKind::AvgPool { size } | LayerKind::MaxPool { size } => (1..1000).contains(&size),
        LayerKind::Flatten => true,
    }
}

/// An end of a range, without a row of zeros.
fn number(x: f64) -> String {
    if x != 0.0 && !(1e-4..1e9).contains(&x.abs()) { format!("{x:e}") } else { format!("{x}") }
}
