//! Settings out of TOML. Every problem of a file is reported, each at its line and column.

use super::memory::MEMORY;
use super::nearest::nearest;
use super::source::Source;
use super::text::{tables, unknown};
use super::times::{TimeConstant, time_constant};
use super::toml_write::FORMAT;
use super::value::choice;
use super::{Field, Kind, PRESETS, Place, Problem, Settings, Value, field, preset};
use crate::snn::LayerKind;
use crate::snn::text::HiddenLayers;
use crate::spike::Shape;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

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
        let source = Source::new(name, text);
        let root = source.parse()?;
        let mut reader = Reader::new(source);
        reader.format(&root, FORMAT);
        reader.text(&root, "program");
        let mut settings = reader.preset(&root, base);
        reader.sections(&root, &TOP, &mut settings);
        reader.check(&settings, memory);
        reader.finish(settings)
    }
}

/// Reads what a file holds and collects what is wrong with it.
pub struct Reader<'a> {
    pub source: Source<'a>,
    pub problems: Vec<Problem>,
    /// Where the value of each setting stands that the file sets.
    found: BTreeMap<&'static str, Range<usize>>,
}

impl<'a> Reader<'a> {
    pub fn new(source: Source<'a>) -> Self {
        Self { source, problems: Vec::new(), found: BTreeMap::new() }
    }

    /// `value` when nothing was wrong, else all problems in the order of the file.
    pub fn finish<T>(mut self, value: T) -> Result<T, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(value);
        }
        let order = |p: &Problem| p.place.as_ref().map_or((usize::MAX, 0), |place| (place.line, place.column));
        self.problems.sort_by_key(order);
        Err(self.problems)
    }

    /// How many settings the file sets.
    pub fn count(&self) -> usize {
        self.found.len()
    }

    pub fn place(&self, span: &Range<usize>) -> Place {
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
                self.found.insert(field.key, value.span());
                match convert(&field.kind, value) {
                    Ok(value) if field.kind.allows(&value) => {
                        field.set(settings, value).expect("the value is in its range");
                    }
                    Ok(_) => self.outside(field, value),
                    Err(culprit) => self.complain(field.refuse(&self.source.found(culprit)), &culprit.span()),
                }
            } else {
                self.complain(unknown(&full), &key.span());
            }
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
                "{} and {} (line {line}) are two forms of one setting, {}: keep one of them.",
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

/// A TOML value as one of a kind, not yet checked against its range; else the part that is of another type.
///
/// A whole number that is negative or too large for the machine counts as the largest there is, which no range holds.
fn convert<'t, 'i>(kind: &Kind, value: &'t Spanned<DeValue<'i>>) -> Result<Value, &'t Spanned<DeValue<'i>>> {
    let converted = match (kind, value.get_ref()) {
        (Kind::Whole { .. }, DeValue::Integer(n)) => Some(Value::Whole(whole(n).unwrap_or(u64::MAX))),
        (Kind::Real { .. }, _) => real(value).map(Value::Real),
        (Kind::Switch, DeValue::Boolean(on)) => Some(Value::Switch(*on)),
        (Kind::Choice(choices), DeValue::String(key)) => choice(choices, key),
        (Kind::Layers { .. } | Kind::Shape { .. } | Kind::Path, DeValue::String(text)) => Value::parse(kind, text),
        (Kind::Shape { .. }, DeValue::Integer(n)) => {
            Some(Value::Shape(Shape::Flat(whole(n).map_or(usize::MAX, |n| n as usize))))
        }
        // numbers of neurons, as the first versions wrote hidden layers
        (Kind::Layers { .. }, DeValue::Array(list)) => {
            let mut layers = Vec::with_capacity(list.len());
            for n in list.iter() {
                if !n.get_ref().is_integer() {
                    return Err(n);
                }
                layers.push(LayerKind::Fc { out: size(n).unwrap_or(usize::MAX) });
            }
            Some(Value::Layers(HiddenLayers { ends: None, layers }))
        }
        _ => None,
    };
    converted.ok_or(value)
}

/// A whole number, whatever its radix; `None` when it is negative or does not fit.
pub fn whole(n: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(n.as_str(), n.radix()).ok()
}

fn size(value: &Spanned<DeValue<'_>>) -> Option<usize> {
    value.get_ref().as_integer().and_then(whole).and_then(|n| usize::try_from(n).ok())
}

/// A number with or without a point.
fn real(value: &Spanned<DeValue<'_>>) -> Option<f64> {
    match value.get_ref() {
        DeValue::Float(x) => x.as_str().parse().ok(),
        DeValue::Integer(n) if n.radix() == 10 => n.as_str().parse().ok(),
        DeValue::Integer(n) => whole(n).map(|n| n as f64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loss::LossKind;
    use crate::rule::Rule;
    use proptest::prelude::*;

    fn problems(text: &str) -> Vec<String> {
        Settings::from_toml("my.toml", text).unwrap_err().iter().map(Problem::to_string).collect()
    }

    fn one(text: &str) -> String {
        let mut all = problems(text);
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    #[test]
    fn nothing_is_the_built_in_experiment() {
        assert_eq!(Settings::from_toml("a", ""), Ok(Settings::default()));
        assert_eq!(Settings::from_toml("a", "\u{feff}# only a comment\r\n[task]\r\n"), Ok(Settings::default()));
    }

    #[test]
    fn what_is_written_holds_and_the_rest_is_as_in_the_preset() {
        let text = "preset = 'trains-latency'\ntask.pairs = 0x3\n[rule]\nrule = \"timing\"\n[network]\n\
                    hidden = [30, 20]\n[optimiser]\nlearning_rate = 1\n[run]\nseed = 1_000\n";
        let s = Settings::from_toml("a", text).unwrap();
        assert_eq!(s.loss.kind, LossKind::Latency);
        assert_eq!((s.task.pairs, s.rule.rule, s.run.seed), (3, Rule::Timing, 1000));
        assert_eq!((s.network_text().as_str(), s.optimiser.learning_rate), ("50 - fc30 - fc20 - fc5", 1.0));
        let s = Settings::from_toml("a", "[network]\nhidden = '20 - fc7 - fc2'\n").unwrap();
        assert_eq!(s.network_text(), "20 - fc7 - fc2");
    }

    #[test]
    fn decays_can_be_time_constants() {
        let s = Settings::from_toml("a", "[neuron]\ntau_i_ms = 10\ntau_v_ms = inf\n[task]\ndt_ms = 0.5").unwrap();
        assert!((s.neuron.alpha_i - (-0.05f64).exp()).abs() < 1e-15);
        assert_eq!(s.neuron.alpha_v, 1.0);
        assert!(s.to_toml().contains("alpha_v = 1.0"));
    }

    #[test]
    fn one_form_of_a_decay_only() {
        let said = one("[neuron]\nalpha_i = 0.9\ntau_i_ms = 20.0\n");
        assert!(said.starts_with("my.toml, line 3, column 12: neuron.tau_i_ms and neuron.alpha_i (line 2)"), "{said}");
    }

    #[test]
    fn a_key_that_is_not_known() {
        let said = one("[task]\nsteps = 50\nrat = 0.1\n");
        assert_eq!(said, "my.toml, line 3, column 1: task.rat is not a setting. Did you mean task.rate?");
        assert!(
            one("steps = 5").starts_with("my.toml, line 1, column 1: steps is not a setting. Did you mean task.st")
        );
        let said = one("\n[optimizer]\nlr = 1\n");
        assert_eq!(said, "my.toml, line 2, column 2: [optimizer] is not a section. Did you mean [optimiser]?");
        assert!(one("[data]\n").contains("The sections are task, network, neuron, loss, rule, optimiser, run."));
        assert!(one("[task.more]\nx = 1").contains("task.more is not a setting."));
    }

    #[test]
    fn a_wrong_type() {
        for (text, words) in [
            (
                "[task]\nsteps = \"many\"",
                "line 2, column 9: task.steps must be a whole number from 1 to 100000 (steps), but is the text \"many\".",
            ),
            ("[task]\nsteps = 10.0", "but is 10.0."),
            ("[task]\nrate = true", "task.rate must be a number from 0 to 1 (spikes per step), but is true."),
            ("[neuron]\nbeta_auto = 1", "neuron.beta_auto must be true or false, but is 1."),
            ("[network]\nhidden = 50", "or none, but is 50."),
            ("[network]\nhidden = [50, 'x']", "line 2, column 15: network.hidden must be"),
            ("[network]\nhidden = 'fc8 - relu'", "but is the text 'fc8 - relu'."),
            ("[task]\ninputs = '2x3'", "task.inputs must be a number from 1 to 100000, or channels x height x width"),
            ("[task]\ndata = 3", "task.data must be the path of a file or folder, but is 3."),
            ("[rule]\nrule = 2", "\"activation\", \"timing\" or \"antlr\", but is 2."),
            ("[rule]\nrule = 'ANTLR'", "but is the text 'ANTLR'."),
            ("[run]\nseed = 1979-05-27", "but is the date 1979-05-27."),
            ("task = 3", "task must be a section, as in [task], but is 3."),
            ("[task]\nrate = {a = 1}", "but is a section."),
            ("preset = 'train'", "preset must be one of \"trains\", \"trains-small\""),
            ("preset = 1", "but is 1."),
            ("format = 1", "format must be a text in quotes, but is 1."),
            ("format = 'spikescape settings 9'", "reads \"spikescape settings 1\""),
            ("[neuron]\ntau_v_ms = 'long'", "neuron.tau_v_ms must be a number of milliseconds"),
        ] {
            let said = one(text);
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn an_impossible_value() {
        for (text, words) in [
            (
                "[task]\nsteps = 0",
                "line 2, column 9: task.steps must be a whole number from 1 to 100000 (steps), but is 0.",
            ),
            ("[task]\nsteps = -3", "but is -3."),
            ("[task]\nsteps = 99999999999999999999999999", "but is 99999999999999999999999999."),
            ("[task]\nrate = -0.5", "task.rate must be a number from 0 to 1 (spikes per step), but is -0.5."),
            ("[task]\nrate = nan", "but is nan."),
            ("[neuron]\nalpha_i = 1.2", "neuron.alpha_i must be a number from 0 to 1, but is 1.2."),
            ("[neuron]\nalpha_v = -1", "neuron.alpha_v must be a number from 0 to 1, but is -1."),
            ("[neuron]\ntau_i_ms = -2", "neuron.tau_i_ms must be"),
            (
                "[optimiser]\nlearning_rate = 0",
                "optimiser.learning_rate must be a number from 1e-12 to 1000, but is 0.",
            ),
            ("[optimiser]\nlearning_rate = 1e999", "but is 1e999."),
            ("[network]\nhidden = [50, 0]", "line 2, column 15: network.hidden must be"),
            ("[network]\nhidden = [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "line 2, column 10: network.hidden must be"),
        ] {
            let said = one(text);
            assert!(said.contains(words), "{said}");
        }
    }

    #[test]
    fn values_that_do_not_fit_together() {
        let said = one("[task]\nsteps = 10\ntarget_spikes = 11\n");
        assert!(
            said.starts_with("my.toml, line 3, column 17: task.target_spikes is 11, but task.steps is 10"),
            "{said}"
        );
        assert!(one("[task]\nsteps = 1\n").starts_with("my.toml, line 2, column 9: task.target_spikes is 2"));
        assert!(
            one("[run]\nprobe = 1\n").starts_with("my.toml, line 2, column 9: run.probe is 1, but there is 1 pair")
        );
        let said = one("[network]\nhidden = [100000, 100000]\n");
        assert!(said.starts_with("my.toml, line 2, column 10: These sizes would need about 186.5 GiB"), "{said}");
        assert!(Settings::from_toml_within("a", "network.hidden = [20000]", 1 << 20).is_err());
    }

    #[test]
    fn all_problems_are_reported_in_the_order_of_the_file() {
        let text = "[rule]\nrule = 7\n[task]\nsteps = 0\npears = 4\n[neuron]\nalpha_i = 2\ntau_i_ms = 3\n[where]\n";
        let lines: Vec<_> = problems(text).iter().map(|p| p.split(':').next().unwrap().to_owned()).collect();
        let expected = [(2, 8), (4, 9), (5, 1), (7, 11), (8, 12), (9, 2)];
        assert_eq!(lines, expected.map(|(l, c)| format!("my.toml, line {l}, column {c}")));
    }

    #[test]
    fn broken_toml_is_placed() {
        let said = one("[task]\nsteps = = 3\n");
        assert!(
            said.starts_with("my.toml, line 2, column 9: The line `steps = = 3` cannot be read: extra `=`."),
            "{said}"
        );
        assert!(
            one("[task]\nsteps = 3\nsteps = 4\n")
                .contains("line 3, column 1: The line `steps = 4` cannot be read: it stands")
        );
        assert!(
            one("[rule]\nrule = antlr\n")
                .contains("line 2, column 8: The line `rule = antlr` cannot be read: a text needs")
        );
        assert!(one("[task\n").contains("line 1"));
        assert!(one("a = \"open").contains("line 1"));
    }

    /// Some bytes of a sound file changed, some left out, the end cut off.
    fn damaged() -> impl Strategy<Value = Vec<u8>> {
        let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 0..6);
        (edits, any::<prop::sample::Index>(), any::<bool>()).prop_map(|(edits, cut, cuts)| {
            let mut bytes = Settings::default().to_toml().into_bytes();
            for (at, byte, how) in edits {
                let at = at.index(bytes.len());
                match how {
                    0 => bytes[at] = byte,
                    1 => bytes[at] = b"[]{}=.,\"'#\n-+e_0x"[byte as usize % 17],
                    _ => drop(bytes.remove(at)),
                }
            }
            if cuts {
                bytes.truncate(cut.index(bytes.len()));
            }
            bytes
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn damaged_files_are_refused_or_read_and_never_panic(bytes in damaged()) {
            match Settings::from_toml("a", &String::from_utf8_lossy(&bytes)) {
                Ok(settings) => prop_assert_eq!(settings.check(), Ok(())),
                Err(problems) => prop_assert!(!problems.is_empty() && problems.iter().all(|p| !p.message.is_empty())),
            }
        }

        #[test]
        fn any_text_is_refused_or_read_and_never_panics(text in "\\PC{0,60}|([a-z._]{1,8} ?= ?[\\[\\]{}0-9.e'\"-]{0,8}\n){1,5}") {
            let _ = Settings::from_toml("a", &text);
        }
    }
}
