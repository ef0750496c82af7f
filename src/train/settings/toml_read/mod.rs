//! Settings from TOML. All problems of a file are reported together, each with its line and column.

mod convert;

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::memory::MEMORY;
use super::nearest::nearest;
use super::problem::first_of;
use super::source::TomlSource;
use super::text::{tables, unknown};
use super::times::{TimeConstant, time_constant};
use super::toml_write::FORMAT;
use super::{Field, FilePlace, PRESETS, Problem, Settings, Value, field, preset};
use crate::snn::LayerKind;
use crate::snn::text::HiddenLayers;
use convert::{convert, size};
pub use convert::{real, whole};

/// Keys of a settings file that stand before its sections; none of them has to be there.
const TOP: [&str; 3] = ["format", "program", "preset"];

impl Settings {
    /// Reads a settings file; `name` is what messages call it.
    ///
    /// What is left out is as in the preset that a key `preset` at the top names, else as in the built-in experiment.
    pub fn from_toml(name: &str, text: &str) -> Result<Settings, Vec<Problem>> {
        Self::from_toml_within(name, text, MEMORY)
    }

    /// The same on a machine of `memory` bytes.
    pub fn from_toml_within(name: &str, text: &str, memory: u64) -> Result<Settings, Vec<Problem>> {
        Self::from_toml_onto(Settings::default(), name, text, memory)
    }

    /// The same, where what is left out is as in `base` unless the file names a preset.
    pub fn from_toml_onto(base: Settings, name: &str, text: &str, memory: u64) -> Result<Settings, Vec<Problem>> {
        let source = TomlSource::new(name, text);
        let root = source.parse()?;
        let mut reader = TomlReader::new(source);
        reader.format(&root, FORMAT);
        reader.text(&root, "program");
        let mut settings = reader.preset(&root, base);
        reader.sections(&root, &TOP, &mut settings);
        reader.check(&settings, memory);
        reader.finish(settings)
    }
}

/// Reads what a file holds and collects what is wrong with it.
pub struct TomlReader<'a> {
    pub source: TomlSource<'a>,
    pub problems: Vec<Problem>,
    /// Where the value of each setting stands that the file sets.
    found: BTreeMap<&'static str, Range<usize>>,
}

impl<'a> TomlReader<'a> {
    pub fn new(source: TomlSource<'a>) -> Self {
        Self { source, problems: Vec::new(), found: BTreeMap::new() }
    }

    /// `value` when nothing was wrong, else the problems in the order of the file, the first of them if they are many.
    pub fn finish<T>(mut self, value: T) -> Result<T, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(value);
        }
        let order = |p: &Problem| p.place.as_ref().map_or((usize::MAX, 0), |place| (place.line, place.column));
        self.problems.sort_by_key(order);
        Err(first_of(self.source.name, self.problems))
    }

    /// How many settings the file sets.
    pub fn count(&self) -> usize {
        self.found.len()
    }

    pub fn place(&self, span: &Range<usize>) -> FilePlace {
        self.source.place(span)
    }

    pub fn complain(&mut self, problem: Problem, span: &Range<usize>) {
        let place = self.place(span);
        self.problems.push(problem.at(place));
    }

    /// A value that should be something else.
    pub fn refuse(&mut self, key: &str, value: &Spanned<DeValue<'_>>, allowed: &str) {
        let found = self.source.found(value);
        let message = format!("{key} must be {allowed}, but is {found}.");
        let problem = Problem { allowed: allowed.to_owned(), ..Problem::new(key, found, message) };
        self.complain(problem, &value.span());
    }

    /// The text of a key, if it is there.
    pub fn text<'t>(&mut self, table: &'t DeTable<'_>, key: &str) -> Option<&'t str> {
        let value = table.get(key)?;
        if value.get_ref().as_str().is_none() {
            self.refuse(key, value, "a text in quotes");
        }
        value.get_ref().as_str()
    }

    /// A format that is named must be one that can be read.
    fn format(&mut self, root: &DeTable<'_>, known: &str) {
        if let (Some(format), Some(value)) = (self.text(root, "format"), root.get("format"))
            && format != known
        {
            let found = self.source.found(value);
            let message = format!(
                "The format of this file is {found}, and this version of Spikescape reads \"{known}\". A newer version \
                 may read it."
            );
            let problem = Problem { allowed: format!("\"{known}\""), ..Problem::new("format", found, message) };
            self.complain(problem, &value.span());
        }
    }

    /// The settings that the file starts from: those of its preset, else `base`.
    fn preset(&mut self, root: &DeTable<'_>, base: Settings) -> Settings {
        let Some(value) = root.get("preset") else { return base };
        if let Some(preset) = value.get_ref().as_str().and_then(preset) {
            return (preset.make)();
        }
        let keys: Vec<_> = PRESETS.iter().map(|p| format!("\"{}\"", p.key)).collect();
        self.refuse("preset", value, &format!("one of {}", keys.join(", ")));
        base
    }

    /// The sections of settings in a table that may also hold the keys of `others`.
    pub fn sections(&mut self, table: &DeTable<'_>, others: &[&str], settings: &mut Settings) {
        let mut times = Vec::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if others.contains(&name) {
                continue;
            }
            let known = tables().contains(&name);
            match value.get_ref() {
                DeValue::Table(section) if known => self.section(name, section, settings, &mut times),
                _ if known => self.refuse(name, value, &format!("a section, as in [{name}]")),
                DeValue::Table(_) => self.no_section(name, &key.span()),
                _ => self.complain(unknown(name), &key.span()),
            }
        }
        // Only now, as they need the dt, which may stand further down.
        for (time, value) in times {
            self.time(time, value, settings);
        }
    }

    /// The sections of settings in a table of their own, of which a file may have several, checked.
    pub fn own_sections(&mut self, table: &DeTable<'_>, settings: &mut Settings, memory: u64) {
        self.found.clear();
        self.sections(table, &[], settings);
        self.check(settings, memory);
    }

    fn no_section(&mut self, name: &str, span: &Range<usize>) {
        let message = match nearest(name, tables()) {
            Some(meant) => format!("[{name}] is not a section. Did you mean [{meant}]?"),
            None => format!("[{name}] is not a section. The sections are {}.", tables().join(", ")),
        };
        self.complain(Problem::new(name, "", message), span);
    }

    /// One section. Time constants are put aside.
    fn section<'t, 'i>(
        &mut self,
        name: &str,
        section: &'t DeTable<'i>,
        settings: &mut Settings,
        times: &mut Vec<(&'static TimeConstant, &'t Spanned<DeValue<'i>>)>,
    ) {
        for (key, value) in section {
            let full = format!("{name}.{}", key.get_ref());
            if let Some(time) = time_constant(&full) {
                times.push((time, value));
            } else if let Some(field) = field(&full) {
                self.setting(field, &full, value, settings);
            } else {
                self.complain(unknown(&full), &key.span());
            }
        }
    }

    /// One setting, under its key or the one that it had in earlier versions.
    fn setting(&mut self, field: &'static Field, key: &str, value: &Spanned<DeValue<'_>>, settings: &mut Settings) {
        if let Some(other) = self.found.get(field.key) {
            let line = self.place(other).line;
            let message = format!(
                "{key} sets {} a second time, after line {line}: {} is the new name of {}. Keep one of them.",
                field.key,
                field.key,
                field.alias.unwrap_or(key)
            );
            return self.complain(Problem::new(key, self.source.found(value), message), &value.span());
        }
        self.found.insert(field.key, value.span());
        match convert(&field.kind, value) {
            Ok(converted) => {
                if field.set(settings, converted).is_err() {
                    self.outside(field, value);
                }
            }
            Err(culprit) => self.complain(field.refuse(&self.source.found(culprit)), &culprit.span()),
        }
    }

    /// A value of the right type and out of its range; in a list the first number that is, unless it is too long.
    fn outside(&mut self, field: &Field, value: &Spanned<DeValue<'_>>) {
        let alone = |n: &Spanned<DeValue>| {
            let out = size(n).unwrap_or(usize::MAX);
            field.kind.allows(&Value::Layers(HiddenLayers { ends: None, layers: vec![LayerKind::Fc { out }] }))
        };
        let list = value.get_ref().as_array();
        let culprit = list.and_then(|list| list.iter().find(|n| !alone(n))).unwrap_or(value);
        self.complain(field.refuse(&self.source.found(culprit)), &culprit.span());
    }

    /// A decay that is written as a time constant.
    fn time(&mut self, time: &TimeConstant, value: &Spanned<DeValue<'_>>, settings: &mut Settings) {
        let place = self.place(&value.span());
        if let Some(other) = self.found.get(time.of) {
            let line = self.place(other).line;
            let found = self.source.found(value);
            let message = format!(
                "{} and {} (line {line}) are two forms of one setting ({}). Keep one of them.",
                time.key, time.of, "τ = −dt / ln α"
            );
            self.problems.push(Problem::new(time.key, found, message).at(place));
            return;
        }
        self.found.insert(time.of, value.span());
        if real(value).is_none_or(|tau| time.set(settings, tau).is_err()) {
            let problem = time.refuse(&self.source.found(value));
            self.problems.push(problem.at(place));
        }
    }

    /// Whether the settings fit together, if each is sound: a problem is placed at the setting that the file has.
    pub fn check(&mut self, settings: &Settings, memory: u64) {
        if !self.problems.is_empty() {
            return;
        }
        for problem in settings.check_within(memory).err().unwrap_or_default() {
            let keys = [problem.key.as_str()].into_iter().chain(problem.related.iter().copied());
            let place = keys.filter_map(|key| self.found.get(key)).next().map(|span| Box::new(self.place(span)));
            self.problems.push(Problem { place, ..problem });
        }
    }
}

#[cfg(test)]
mod tests;
