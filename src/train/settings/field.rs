//! One setting: its names, its range, and how it is read from and stored in [`Settings`].

use std::ops::RangeInclusive;

use super::access::Access;
use super::kind::ChoiceList;
use super::{Problem, Settings, Value, ValueKind, When};
use crate::named::Named;

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its path in [`Settings`], as in `--set neuron.alpha_i=0.9`: the TOML section, a dot, the key in the section.
    pub key: &'static str,
    /// A key of earlier versions, which is still read.
    pub alias: Option<&'static str>,
    pub label: &'static str,
    /// The symbol of model.md, or empty.
    pub symbol: &'static str,
    /// The unit, or empty.
    pub unit: &'static str,
    /// A sentence about its meaning and the effect of a higher value.
    pub help: &'static str,
    pub kind: ValueKind,
    /// A change takes effect while the run goes on; otherwise the run has to be restarted.
    pub live: bool,
    /// When it has any effect.
    pub when: When,
    pub(super) access: Access,
}

/// A whole number in a range.
pub(super) const fn whole(access: Access, label: &'static str, range: RangeInclusive<u64>) -> Field {
    Field::new(access, label, ValueKind::Whole { min: *range.start(), max: *range.end() })
}

/// A real number in a range, dragged in steps of 0.01 unless [`Field::step`] or [`Field::log`] says otherwise.
pub(super) const fn real(access: Access, label: &'static str, range: RangeInclusive<f64>) -> Field {
    Field::new(access, label, ValueKind::Real { min: *range.start(), max: *range.end(), log: false, step: 0.01 })
}

/// On or off.
pub(super) const fn switch(access: Access, label: &'static str) -> Field {
    Field::new(access, label, ValueKind::Switch)
}

/// One of the values of an enum.
pub(super) const fn choice<T: Named>(access: Access, label: &'static str) -> Field {
    Field::new(access, label, ValueKind::Choice(ChoiceList::of::<T>()))
}

/// A file or a folder.
pub(super) const fn path(access: Access, label: &'static str) -> Field {
    Field::new(access, label, ValueKind::Path)
}

impl Field {
    /// A setting that needs a restart and always has an effect.
    pub(super) const fn new(access: Access, label: &'static str, kind: ValueKind) -> Self {
        let key = access.key;
        Self { key, alias: None, label, symbol: "", unit: "", help: "", kind, live: false, when: When::Always, access }
    }

    pub(super) const fn symbol(self, symbol: &'static str) -> Self {
        Self { symbol, ..self }
    }

    pub(super) const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    pub(super) const fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    pub(super) const fn when(self, when: When) -> Self {
        Self { when, ..self }
    }

    /// A change takes effect while the run goes on.
    pub(super) const fn live(self) -> Self {
        Self { live: true, ..self }
    }

    /// The key that it had in earlier versions.
    pub(super) const fn alias(self, key: &'static str) -> Self {
        Self { alias: Some(key), ..self }
    }

    /// How far dragging takes a real number.
    pub(super) const fn step(self, step: f64) -> Self {
        match self.kind {
            ValueKind::Real { min, max, log, .. } => Self { kind: ValueKind::Real { min, max, log, step }, ..self },
            _ => panic!("only real numbers have a step"),
        }
    }

    /// Dragging changes a real number by a tenth of itself.
    pub(super) const fn log(self) -> Self {
        match self.kind {
            ValueKind::Real { min, max, .. } => {
                Self { kind: ValueKind::Real { min, max, log: true, step: 0.1 }, ..self }
            }
            _ => panic!("only real numbers have a scale"),
        }
    }
}

impl Field {
    /// The part of the key before the dot: the section in TOML.
    pub fn table(&self) -> &'static str {
        self.key.split_once('.').map_or("", |(table, _)| table)
    }

    /// The part of the key after the dot: the key within the section.
    pub fn name(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(_, name)| name)
    }

    pub fn get(&self, settings: &Settings) -> Value {
        (self.access.get)(settings)
    }

    /// Stores a value, or says why not and leaves the settings alone. Whether it contradicts other settings is left to
    /// [`Settings::check`].
    pub fn set(&self, settings: &mut Settings, value: Value) -> Result<(), Problem> {
        let put = if self.kind.allows(&value) { (self.access.put)(settings, &value) } else { None };
        put.ok_or_else(|| self.refuse(&value.to_text()))
    }

    /// Whether it has any effect with these settings.
    pub fn applies(&self, settings: &Settings) -> bool {
        self.when.holds(settings)
    }

    /// The symbol where the label does not have it already.
    pub fn symbol_to_add(&self) -> &'static str {
        if self.label.contains(self.symbol) { "" } else { self.symbol }
    }

    /// The allowed values in words, as in "a whole number from 1 to 100000 (steps)".
    pub fn allowed(&self) -> String {
        let allowed = self.kind.allowed();
        if self.unit.is_empty() { allowed } else { format!("{allowed} ({})", self.unit) }
    }

    /// The message for a value that is not allowed; `found` is that value as the user wrote it.
    pub fn refuse(&self, found: &str) -> Problem {
        let allowed = self.allowed();
        let shown = if found.trim().is_empty() { "empty" } else { found };
        let message = format!("{} must be {allowed}, but is {shown}.", self.key);
        Problem { allowed, ..Problem::new(self.key, found, message) }
    }
}
