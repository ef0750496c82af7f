//! The log of everything that the user does to a run. With it and the settings at the start a run can be replayed anywhere,
//! to the last bit.

use crate::task::TargetEdit;
use crate::train::Settings;
use crate::train::settings::memory::MEMORY;
use crate::train::settings::source::TomlSource;
use crate::train::settings::text::unknown;
use crate::train::settings::times::time_constant;
use crate::train::settings::toml_read::{TomlReader, whole};
use crate::train::settings::toml_write::{PROGRAM, sections};
use crate::train::settings::{FIELDS, Field, LiveChange, Problem, Value, field};
use std::fmt::Write;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

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

/// A text in TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::settings::{Change, arbitrary};
    use proptest::prelude::*;

    fn example() -> Log {
        let entry = |update, key: &str, text: &str| {
            let field = field(key).unwrap();
            let change = LiveChange::new(field, Value::parse(&field.kind, text).unwrap()).unwrap();
            Entry { update, what: Intervention::Setting(change) }
        };
        Log {
            start: Settings::default(),
            entries: vec![
                entry(0, "rule.rule", "activation"),
                entry(120, "rule.rule", "timing"),
                entry(120, "rule.timing_penalty_on", "false"),
                entry(300, "optimiser.learning_rate", "0.001"),
            ],
            end: Some(End { update: 3000, digest: 0x0123_4567_89ab_cdef }),
            weights: None,
        }
    }

    fn one(text: &str) -> String {
        let problems = Log::from_toml("run.log", text).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:#?}");
        problems[0].to_string()
    }

    /// The message for the example with one part replaced, and the line that it should name.
    fn replaced(from: &str, to: &str, at: &str) -> String {
        let text = example().to_toml();
        assert!(text.contains(from), "{from}\n{text}");
        let text = text.replacen(from, to, 1);
        let line = text.lines().position(|l| l == at).unwrap_or_else(|| panic!("{at}\n{text}")) + 1;
        let said = one(&text);
        assert!(said.starts_with(&format!("run.log, line {line}, ")), "{said}, not line {line}");
        said
    }

    #[test]
    fn a_log_round_trips() {
        for log in [example(), Log::new(Settings::default())] {
            let text = log.to_toml();
            assert!(text.starts_with("format = \"spikescape log 1\"\nprogram = \"spikescape "));
            assert_eq!(Log::from_toml("a", &text), Ok(log));
        }
    }

    #[test]
    fn another_format_or_none() {
        let said = one("format = \"spikescape log 2\"\n");
        assert!(
            said.starts_with("run.log, line 1, column 10: The format of this log is \"spikescape log 2\""),
            "{said}"
        );
        for text in ["", "[task]\nsteps = 3\n", &Settings::default().to_toml(), "format = 1"] {
            assert!(one(text).contains("This is not a log of Spikescape"));
        }
    }

    #[test]
    fn entries_out_of_order() {
        let said = replaced("update = 300\n", "update = 7\n", "update = 7");
        assert!(said.contains("after update 120 comes update 7"), "{said}");
        let said = replaced("update = 300\n", "update = 3001\n", "update = 3001");
        assert!(said.contains("The run ended at update 3000"), "{said}");
    }

    #[test]
    fn entries_that_cannot_be() {
        for (from, to, at, words) in [
            (
                "value = \"timing\"",
                "value = \"both\"",
                "value = \"both\"",
                "\"activation\", \"timing\" or \"antlr\", but is both.",
            ),
            (
                "\"0.001\"",
                "\"-1\"",
                "value = \"-1\"",
                "optimiser.learning_rate must be a number from 1e-12 to 1000, but is -1.",
            ),
            ("\"0.001\"", "0.001", "value = 0.001", "entry.value must be a text in quotes, but is 0.001."),
            (
                "\"optimiser.learning_rate\"",
                "\"run.seed\"",
                "key = \"run.seed\"",
                "run.seed cannot be changed under way",
            ),
            (
                "\"optimiser.learning_rate\"",
                "\"neuron.tau_i_ms\"",
                "key = \"neuron.tau_i_ms\"",
                "A log has neuron.alpha_i instead of neuron.tau_i_ms.",
            ),
            ("\"optimiser.learning_rate\"", "\"run.sed\"", "key = \"run.sed\"", "Did you mean run.seed?"),
            ("key = \"optimiser.learning_rate\"\n", "", "update = 300", "entry.key is missing"),
            ("key = \"optimiser", "by = 'me'\nkey = \"optimiser", "by = 'me'", "entry.by does not belong here"),
            ("update = 300\n", "update = -300\n", "update = -300", "entry.update must be a whole number from 0 on"),
        ] {
            // What is missing is placed at its section, a line above.
            let at = if words.contains("missing") { "[[entry]]" } else { at };
            if at == "[[entry]]" {
                let said = one(&example().to_toml().replacen(from, to, 1));
                assert!(said.contains(words), "{said}");
            } else {
                let said = replaced(from, to, at);
                assert!(said.contains(words), "{said}");
            }
        }
    }

    #[test]
    fn an_entry_that_does_not_fit_to_the_run() {
        let change = LiveChange::try_from(Change::to("run.probe", Value::Whole(1))).unwrap();
        let entries = vec![Entry { update: 1, what: Intervention::Setting(change) }];
        let log = Log { entries, ..Log::new(Settings::default()) };
        assert!(one(&log.to_toml()).contains("run.probe is 1, but there is 1 pair"));
    }

    #[test]
    fn damaged_start_and_end() {
        let said = replaced("steps = 100", "steps = 0", "steps = 0");
        assert!(said.contains("task.steps must be a whole number from 1 to 100000 (steps), but is 0."), "{said}");
        let said = replaced("\"0123456789abcdef\"", "\"0123\"", "digest = \"0123\"");
        assert!(said.contains("16 hexadecimal digits"), "{said}");
        let said = replaced("entries = 4", "entries = 5", "[[entry]]");
        assert!(said.contains("it has 5 entries, but there are 4"), "{said}");
        let said = one(&example().to_toml().replacen("steps = 100\n", "", 1));
        assert!(said.contains("settings, but there are"), "{said}");
    }

    #[test]
    fn a_log_that_was_cut_off_is_never_taken_for_a_whole_one() {
        let text = example().to_toml();
        let whole = text.trim_end().len();
        for end in (0..whole).filter(|&end| text.is_char_boundary(end)) {
            assert!(Log::from_toml("a", &text[..end]).is_err(), "{}", &text[end.saturating_sub(40)..end]);
        }
    }

    /// A sound log with one live change after another.
    fn logs() -> impl Strategy<Value = Log> {
        let live: Vec<_> = FIELDS.iter().filter(|f| f.live && f.key != "run.probe").collect();
        let change = prop::sample::select(live).prop_flat_map(|f| (Just(f), arbitrary::value(f)));
        let entries = prop::collection::vec((0..1000u64, change), 0..8);
        (arbitrary::settings(), entries, any::<Option<u64>>()).prop_map(|(start, changes, digest)| {
            let mut update = 0;
            let entry = |(wait, (field, value)): (u64, (&'static Field, Value))| {
                update += wait;
                Entry { update, what: Intervention::Setting(LiveChange::new(field, value).unwrap()) }
            };
            let entries: Vec<_> = changes.into_iter().map(entry).collect();
            Log { start, entries, end: digest.map(|digest| End { update, digest }), weights: digest }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn logs_round_trip(log in logs()) {
            prop_assert_eq!(Log::from_toml_within("a", &log.to_toml(), u64::MAX), Ok(log));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn damaged_logs_never_panic(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5)) {
            let mut bytes = example().to_toml().into_bytes();
            for (at, byte) in edits {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Err(problems) = Log::from_toml("a", &String::from_utf8_lossy(&bytes)) {
                prop_assert!(!problems.is_empty());
            }
        }

        #[test]
        fn any_values_in_a_log_never_panic(key in "\\PC{0,20}", value in "\\PC{0,20}") {
            let entry = format!("\n[[entry]]\nupdate = 0\nkey = {}\nvalue = {}\n", quoted(&key), quoted(&value));
            let text = Log { entries: Vec::new(), ..example() }.to_toml().replace("entries = 0", "entries = 1");
            if let Err(problems) = Log::from_toml("a", &(text + &entry)) {
                prop_assert!(problems.iter().all(|problem| problem.key != "entries"), "{problems:?}");
            }
        }
    }
}
