//! What is known about one setting: its names, its range, and how it is read from and put into [`Settings`].

use super::{Problem, Settings, Value};
use crate::snn::LayerKind;

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its path in [`Settings`], as in `--set neuron.alpha_i=0.9`: the TOML section, a dot, the key in the section.
    pub key: &'static str,
    /// The heading under which forms show it.
    pub section: &'static str,
    pub label: &'static str,
    /// The symbol of [the model](crate::model), or empty.
    pub symbol: &'static str,
    /// What it is counted in, or empty.
    pub unit: &'static str,
    /// What it is, and what turning it up does.
    pub help: &'static str,
    pub kind: Kind,
    /// A change takes effect under way; otherwise the run has to be restarted.
    pub live: bool,
    /// When it has any effect.
    pub when: When,
    pub(super) access: Access,
}

/// What values a setting can take. Both ends of every range belong to it.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Whole {
        min: u64,
        max: u64,
    },
    Real {
        min: f64,
        max: f64,
        /// A slider should be logarithmic.
        log: bool,
        /// A sensible step for arrow keys and dragging; on a logarithmic slider a share of the value.
        step: f64,
    },
    Switch,
    Choice(&'static [Choice]),
    /// At most so many layers; there may be none.
    Layers {
        most: usize,
    },
    /// A number of units, or channels, height and width, with at most so many units.
    Shape {
        most: usize,
    },
    /// A file or a folder; empty for none.
    Path,
}

/// One of the words that a setting can be.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    pub key: &'static str,
    pub label: &'static str,
    pub help: &'static str,
}

/// When a setting has any effect.
#[derive(Clone, Copy, Debug)]
pub struct When {
    pub test: fn(&Settings) -> bool,
    /// The same in words, as in "with SGD"; empty for always.
    pub text: &'static str,
}

impl When {
    pub const ALWAYS: When = When { test: |_| true, text: "" };
}

/// How the table reaches into [`Settings`]. `put` ignores a value of another kind: [`Field::set`] has looked before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Access {
    pub get: fn(&Settings) -> Value,
    pub put: fn(&mut Settings, Value),
}

impl Field {
    /// What comes before the dot: the section in TOML.
    pub fn table(&self) -> &'static str {
        self.key.split_once('.').map_or("", |(table, _)| table)
    }

    /// What comes after the dot: the key within the section.
    pub fn name(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(_, name)| name)
    }

    pub fn get(&self, settings: &Settings) -> Value {
        (self.access.get)(settings)
    }

    /// Puts a value in, or says why not and leaves the settings alone. How settings fit together is not looked at:
    /// that is [`Settings::check`].
    pub fn set(&self, settings: &mut Settings, value: Value) -> Result<(), Problem> {
        if !self.kind.allows(&value) {
            return Err(self.refuse(&value.to_text()));
        }
        (self.access.put)(settings, value);
        Ok(())
    }

    /// Whether it has any effect as things stand.
    pub fn applies(&self, settings: &Settings) -> bool {
        (self.when.test)(settings)
    }

    /// What it can be, in words, as in "a whole number from 1 to 100000 (steps)".
    pub fn allowed(&self) -> String {
        let allowed = self.kind.allowed();
        if self.unit.is_empty() { allowed } else { format!("{allowed} ({})", self.unit) }
    }

    /// The sentence for a value that cannot be; `found` is that value as the person wrote it.
    pub fn refuse(&self, found: &str) -> Problem {
        let allowed = self.allowed();
        let shown = if found.trim().is_empty() { "empty" } else { found };
        Problem {
            key: self.key.to_owned(),
            value: found.to_owned(),
            message: format!("{} must be {allowed}, but is {shown}.", self.key),
            allowed,
            related: &[],
            place: None,
        }
    }
}

impl Kind {
    /// Whether a value is of this kind and in its range. NaN never is.
    pub fn allows(&self, value: &Value) -> bool {
        match (self, value) {
            (Kind::Whole { min, max }, Value::Whole(n)) => (min..=max).contains(&n),
            (Kind::Real { min, max, .. }, Value::Real(x)) => (min..=max).contains(&x),
            (Kind::Switch, Value::Switch(_)) => true,
            (Kind::Choice(choices), Value::Choice(key)) => choices.iter().any(|c| c.key == *key),
            (Kind::Layers { most }, Value::Layers(hidden)) => {
                hidden.layers.len() <= *most && hidden.layers.iter().all(within_reason)
            }
            (Kind::Shape { most }, Value::Shape(shape)) => {
                shape.checked_units().is_some_and(|n| (1..=*most).contains(&n))
            }
            (Kind::Path, Value::Text(text)) => text.len() <= LONGEST_PATH && !text.contains(['\n', '\0']),
            _ => false,
        }
    }

    /// The range in words.
    pub fn allowed(&self) -> String {
        match self {
            Kind::Whole { min, max } => format!("a whole number from {min} to {max}"),
            Kind::Real { min, max, .. } => format!("a number from {} to {}", number(*min), number(*max)),
            Kind::Switch => "true or false".to_owned(),
            Kind::Choice(choices) => {
                let keys: Vec<_> = choices.iter().map(|c| format!("\"{}\"", c.key)).collect();
                match keys.split_last() {
                    Some((last, [])) => last.clone(),
                    Some((last, first)) => format!("{} or {last}", first.join(", ")),
                    None => "nothing".to_owned(),
                }
            }
            Kind::Layers { most } => format!(
                "at most {most} layers such as fc50, conv12k5, avg2, max2 or flatten with a minus sign between them, of \
                 at most {MOST_NEURONS} neurons or channels each, as in \"fc50 - fc50\", or none"
            ),
            Kind::Shape { most } => format!("a number from 1 to {most}, or channels x height x width, as in 2x34x34"),
            Kind::Path => "the path of a file or folder".to_owned(),
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
