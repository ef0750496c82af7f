//! Reading a log, with every problem at its line and column.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::task::TargetEdit;
use crate::train::Settings;
use crate::train::settings::memory::MEMORY;
use crate::train::settings::source::TomlSource;
use crate::train::settings::text::unknown;
use crate::train::settings::times::time_constant;
use crate::train::settings::toml_read::{TomlReader, whole};
use crate::train::settings::{Field, LiveChange, Problem, Value, field};

use super::{End, Entry, FORMAT, Intervention, Log, TARGET};

impl Log {
    /// Reads a log; `name` is what messages call the file. What it says can all be done: every entry in turn changes
    /// a live setting to a value that it can have then.
    pub fn from_toml(name: &str, text: &str) -> Result<Log, Vec<Problem>> {
        Self::from_toml_within(name, text, MEMORY)
    }

    /// The same on a machine of `memory` bytes.
    pub fn from_toml_within(name: &str, text: &str, memory: u64) -> Result<Log, Vec<Problem>> {
        let source = TomlSource::new(name, text);
        let root = source.parse()?;
        let mut reader = LogReader { reader: TomlReader::new(source), memory };
        let log = reader.log(&root);
        reader.reader.finish(log)
    }
}

struct LogReader<'a> {
    reader: TomlReader<'a>,
    memory: u64,
}

impl LogReader<'_> {
    /// What can be read of a log; problems are left in the reader.
    fn log(&mut self, root: &DeTable<'_>) -> Log {
        let mut log = Log::new(Settings::default());
        if !self.format(root) {
            return log;
        }
        const KEYS: [&str; 8] = ["format", "program", "settings", "entries", "weights", "end", "start", "entry"];
        self.only(root, "", &KEYS);
        self.reader.text(root, "program");
        log.end = self.end(root);
        log.weights = self.weights(root);
        log.start = self.start(root);
        log.entries = self.entries(root, &log);
        log
    }

    fn format(&mut self, root: &DeTable<'_>) -> bool {
        let found = root.get("format");
        let format = found.and_then(|v| v.get_ref().as_str());
        if format == Some(FORMAT) {
            return true;
        }
        let message = match format {
            Some(other) if other.starts_with("spikescape log ") => format!(
                "The format of this log is \"{other}\", and this version of Spikescape reads \"{FORMAT}\". A newer \
                 version may read it."
            ),
            _ => format!("This is not a log of Spikescape: a log begins with format = \"{FORMAT}\"."),
        };
        let value = found.map(|v| self.reader.source.found(v)).unwrap_or_default();
        let problem = Problem { allowed: format!("\"{FORMAT}\""), ..Problem::new("format", value, message) };
        self.reader.complain(problem, &found.map_or(0..0, Spanned::span));
        false
    }

    fn start(&mut self, root: &DeTable<'_>) -> Settings {
        let mut settings = Settings::default();
        let place = match root.get("start") {
            Some(start) => {
                match start.get_ref().as_table() {
                    Some(table) => self.reader.sections(table, &[], &mut settings),
                    None => self.reader.refuse("start", start, "the settings at the start, as in [start.task]"),
                }
                start.span()
            }
            None => 0..0,
        };
        self.reader.check(&settings, self.memory);
        let count = self.reader.count();
        self.counted(root, "settings", count, &place);
        settings
    }

    /// Each entry has to rise in time, change a live setting, and fit to what the settings are by then.
    fn entries(&mut self, root: &DeTable<'_>, log: &Log) -> Vec<Entry> {
        let (list, place) = match root.get("entry") {
            Some(value) => match value.get_ref().as_array() {
                Some(list) => (list.iter().collect::<Vec<_>>(), value.span()),
                None => {
                    self.reader.refuse("entry", value, "a list of entries, each under [[entry]]");
                    return Vec::new();
                }
            },
            None => (Vec::new(), 0..0),
        };
        let count = list.len();
        self.counted(root, "entries", count, &place);
        let mut settings = log.start.clone();
        let mut entries: Vec<Entry> = Vec::with_capacity(count);
        for value in list {
            let Some(table) = value.get_ref().as_table() else {
                self.reader.refuse("entry", value, "a section under [[entry]]");
                continue;
            };
            let after = entries.last().map_or(0, |e| e.update);
            if let Some(entry) = self.entry(table, &value.span(), after, log.end, &mut settings) {
                entries.push(entry);
            }
        }
        entries
    }

    fn entry(
        &mut self,
        table: &DeTable<'_>,
        span: &Range<usize>,
        after: u64,
        end: Option<End>,
        settings: &mut Settings,
    ) -> Option<Entry> {
        self.only(table, "entry.", &["update", "key", "value"]);
        // All three are looked at, so that all that is missing is said at once.
        let update = self.update(table, "entry.update", span);
        let key = self.needed(table, "entry.key", span).and_then(|v| self.quoted("entry.key", v));
        let value = self.needed(table, "entry.value", span).and_then(|v| self.quoted("entry.value", v));
        let ((update, update_at), (key, key_at), (value, value_at)) = (update?, key?, value?);
        let wrong = if update < after {
            Some(format!("The entries of a log are in order, but after update {after} comes update {update}."))
        } else {
            end.filter(|end| update > end.update)
                .map(|end| format!("The run ended at update {}, but this entry is for update {update}.", end.update))
        };
        if let Some(message) = wrong {
            self.reader.complain(Problem::new("entry.update", update.to_string(), message), &update_at);
            return None;
        }
        let what = if key == TARGET {
            self.target(value, &value_at).map(Intervention::Target)
        } else {
            let field = self.live_field(key, &key_at)?;
            self.setting(field, value, &value_at, settings).map(Intervention::Setting)
        };
        what.map(|what| Entry { update, what })
    }

    fn target(&mut self, value: &str, at: &Range<usize>) -> Option<TargetEdit> {
        let edit = TargetEdit::parse(value);
        if edit.is_none() {
            let message =
                format!("A drawn target is written as +sample:output@step or with a minus sign, not as {value}.");
            self.reader.complain(Problem::new("entry.value", value, message), at);
        }
        edit
    }

    /// The setting of a key, which can be changed under way.
    fn live_field(&mut self, key: &str, at: &Range<usize>) -> Option<&'static Field> {
        let found = field(key);
        let problem = match (found, time_constant(key)) {
            (Some(field), _) if field.live => return found,
            (Some(_), _) => {
                let message = format!("{key} cannot be changed under way; in a log it stands under [start] only.");
                Problem::new("entry.key", key, message)
            }
            (None, Some(time)) => Problem::new("entry.key", key, format!("A log has {} instead of {key}.", time.of)),
            (None, None) => unknown(key),
        };
        self.reader.complain(problem, at);
        None
    }

    /// A change of `settings`, which take it on if they can.
    fn setting(
        &mut self,
        field: &'static Field,
        value: &str,
        at: &Range<usize>,
        settings: &mut Settings,
    ) -> Option<LiveChange> {
        let change = Value::parse(&field.kind, value).and_then(|value| LiveChange::new(field, value).ok());
        let mut next = settings.clone();
        change.iter().for_each(|change| change.apply(&mut next));
        // Where the start is unsound already, whether an entry fits to it cannot be said.
        let sound = self.reader.problems.is_empty();
        let checked = match change {
            None => Err(vec![field.refuse(value.trim())]),
            Some(_) if sound => next.check_within(self.memory),
            Some(_) => Ok(()),
        };
        match checked {
            Ok(()) => *settings = next,
            Err(problems) => {
                problems.into_iter().for_each(|problem| self.reader.complain(problem, at));
                return None;
            }
        }
        change
    }

    fn end(&mut self, root: &DeTable<'_>) -> Option<End> {
        let value = root.get("end")?;
        let Some(table) = value.get_ref().as_table() else {
            self.reader.refuse("end", value, "a section, as in [end]");
            return None;
        };
        self.only(table, "end.", &["update", "digest"]);
        let update = self.update(table, "end.update", &value.span());
        let digest = self.needed(table, "end.digest", &value.span())?;
        let digest = self.digest("end.digest", digest)?;
        Some(End { update: update?.0, digest })
    }

    fn weights(&mut self, root: &DeTable<'_>) -> Option<u64> {
        root.get("weights").and_then(|value| self.digest("weights", value))
    }

    fn digest(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<u64> {
        let digits = value.get_ref().as_str().filter(|d| d.len() == 16 && d.bytes().all(|b| b.is_ascii_hexdigit()));
        let digest = digits.and_then(|d| u64::from_str_radix(d, 16).ok());
        if digest.is_none() {
            self.reader.refuse(key, value, "a text of 16 hexadecimal digits");
        }
        digest
    }

    /// A number at the head of the log and what was found of it.
    fn counted(&mut self, root: &DeTable<'_>, key: &str, count: usize, place: &Range<usize>) {
        let Some(value) = self.needed(root, key, &(0..0)) else { return };
        let Some((said, at)) = self.whole(key, value) else { return };
        if said != count as u64 {
            let message = format!(
                "The log says that it has {said} {key}, but there are {count}: it was cut off or changed by hand. Use \
                 a whole copy."
            );
            let at = if *place == (0..0) { &at } else { place };
            let problem = Problem { allowed: said.to_string(), ..Problem::new(key, count.to_string(), message) };
            self.reader.complain(problem, at);
        }
    }

    /// The value of a key that must be there; `key` may begin with the name of its section.
    fn needed<'t, 'i>(
        &mut self,
        table: &'t DeTable<'i>,
        key: &str,
        span: &Range<usize>,
    ) -> Option<&'t Spanned<DeValue<'i>>> {
        let found = table.get(key.rsplit('.').next().unwrap_or(key));
        if found.is_none() {
            let message = format!("{key} is missing: the log is damaged.");
            self.reader.complain(Problem::new(key, "", message), span);
        }
        found
    }

    fn update(&mut self, table: &DeTable<'_>, key: &str, span: &Range<usize>) -> Option<(u64, Range<usize>)> {
        let value = self.needed(table, key, span)?;
        self.whole(key, value)
    }

    fn whole(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<(u64, Range<usize>)> {
        match value.get_ref().as_integer().and_then(whole) {
            Some(n) => Some((n, value.span())),
            None => {
                self.reader.refuse(key, value, "a whole number from 0 on");
                None
            }
        }
    }

    fn quoted<'t>(&mut self, key: &str, value: &'t Spanned<DeValue<'_>>) -> Option<(&'t str, Range<usize>)> {
        match value.get_ref().as_str() {
            Some(text) => Some((text, value.span())),
            None => {
                self.reader.refuse(key, value, "a text in quotes");
                None
            }
        }
    }

    /// Complains of every key but these.
    fn only(&mut self, table: &DeTable<'_>, prefix: &str, keys: &[&str]) {
        for (key, _) in table {
            if !keys.contains(&key.get_ref().as_ref()) {
                let found = self.reader.source.excerpt(&key.span());
                let message = format!("{prefix}{found} does not belong here: possible are {}.", keys.join(", "));
                self.reader.complain(Problem::new(format!("{prefix}{found}"), "", message), &key.span());
            }
        }
    }
}
