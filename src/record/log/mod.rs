//! The log of everything that the user does to a run. With it and the settings at the start a run can be replayed anywhere,
//! to the last bit.

mod read;
mod replay;

use std::fmt::Write;

use crate::task::TargetEdit;
use crate::train::settings::toml_write::{PROGRAM, sections};
use crate::train::settings::{FIELDS, LiveChange};
use crate::train::{Moment, Settings};

pub use replay::apply_due;

/// The key of an entry that tells of a target spike that was drawn; its value is a [`TargetEdit`].
const TARGET: &str = "target";

/// The first line of a log.
pub const FORMAT: &str = "spikescape log 1";

/// A run: what it started from, what was done to it, and what came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    pub start: Settings,
    /// In the order in which they were done.
    pub entries: Vec<Entry>,
    pub end: Option<End>,
    /// Digest of the weights of a file that the run began with, where it did not begin with weights drawn from its seed.
    pub weights: Option<u64>,
}

/// Something that was done to a run under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// It holds once this many updates have been made.
    pub update: u64,
    pub what: Intervention,
}

/// What can be done to a run under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Intervention {
    /// A setting was changed.
    Setting(LiveChange),
    /// A target spike was drawn or erased.
    Target(TargetEdit),
}

impl Intervention {
    /// The key and the value with which it stands in a log.
    fn to_text(&self) -> (&'static str, String) {
        match self {
            Self::Setting(change) => (change.field().key, change.value().to_text()),
            Self::Target(edit) => (TARGET, edit.to_string()),
        }
    }
}

/// Where a run had got to when its log was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Updates made.
    pub update: u64,
    /// Of all parameters, to tell whether a replay came to the same bits.
    pub digest: u64,
}

impl End {
    /// A log that ends at this moment.
    pub fn of(moment: &Moment) -> Self {
        Self { update: moment.update, digest: moment.params.digest() }
    }
}

impl Log {
    /// A run that begins.
    pub fn new(start: Settings) -> Self {
        Self { start, entries: Vec::new(), end: None, weights: None }
    }

    /// The target spikes that were drawn and erased, in order.
    pub fn targets(&self) -> impl Iterator<Item = TargetEdit> {
        self.entries.iter().filter_map(|entry| match entry.what {
            Intervention::Target(edit) => Some(edit),
            Intervention::Setting(_) => None,
        })
    }

    /// The log as a file. Numbers of settings and entries at its head tell whether it was cut off.
    pub fn to_toml(&self) -> String {
        let mut out = format!("format = \"{FORMAT}\"\nprogram = \"{PROGRAM}\"\n");
        self.write(&mut out).expect("a String takes everything");
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "# How many settings and entries follow")?;
        writeln!(out, "settings = {}\nentries = {}", FIELDS.len(), self.entries.len())?;
        if let Some(digest) = self.weights {
            writeln!(out, "# It began with weights of a file; the digest is of all of them")?;
            writeln!(out, "weights = \"{digest:016x}\"")?;
        }
        if let Some(End { update, digest }) = self.end {
            writeln!(out, "\n# Where the run had got to; the digest is of all parameters")?;
            writeln!(out, "[end]\nupdate = {update}\ndigest = \"{digest:016x}\"")?;
        }
        sections(out, "start.", &self.start);
        for Entry { update, what } in &self.entries {
            let (key, value) = what.to_text();
            writeln!(out, "\n[[entry]]\nupdate = {update}\nkey = {}\nvalue = {}", quoted(key), quoted(&value))?;
        }
        Ok(())
    }
}

/// A text in TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests;
