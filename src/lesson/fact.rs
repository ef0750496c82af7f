//! The closed list of facts that a lesson can speak of.

use crate::train::settings::{Field, ValueKind, field, nearest};

/// A fact by its name, about a layer or a setting where it is one of those.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fact {
    pub spec: &'static FactSpec,
    pub of: FactArgument,
}

/// The thing that a fact is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FactArgument {
    Nothing,
    Layers(Layers),
    Setting(&'static Field),
}

/// Layers of the network that a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layers {
    Hidden,
    Output,
    All,
}

/// An entry of the list.
#[derive(Debug, PartialEq)]
pub struct FactSpec {
    pub name: &'static str,
    pub takes: FactTakes,
    pub kind: FactKind,
    /// A few words that say what it is.
    pub help: &'static str,
}

/// What stands in the brackets after the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactTakes {
    Nothing,
    Layers,
    Setting,
}

/// The values that a fact has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FactKind {
    Word(&'static [&'static str]),
    /// A number within these bounds.
    Number(f64, f64),
    /// A number that only rises, so that it can be counted since the step began.
    Count,
    /// As the setting has it.
    Setting,
}

/// A value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    Number(f64),
    Word(String),
}

impl FactValue {
    pub fn word(word: impl Into<String>) -> Self {
        Self::Word(word.into())
    }
}

impl std::fmt::Display for FactValue {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Number(x) if x.fract() == 0.0 || x.abs() >= 0.01 => f.write_str(&crate::text::trimmed(*x)),
            Self::Number(x) => f.write_str(&crate::text::value(*x)),
            Self::Word(word) => f.write_str(word),
        }
    }
}

const INF: f64 = f64::INFINITY;

const fn spec(name: &'static str, takes: FactTakes, kind: FactKind, help: &'static str) -> FactSpec {
    FactSpec { name, takes, kind, help }
}

/// All facts.
pub static FACTS: &[FactSpec] = &[
    spec("rule", FactTakes::Nothing, FactKind::Word(&["activation", "timing", "antlr"]), "the gradient rule at work"),
    spec("loss", FactTakes::Nothing, FactKind::Number(0.0, INF), "the loss now"),
    spec("updates", FactTakes::Nothing, FactKind::Count, "updates made by this run"),
    spec("runs", FactTakes::Nothing, FactKind::Count, "runs that were begun"),
    spec("state", FactTakes::Nothing, FactKind::Word(&["running", "paused"]), "whether training runs"),
    spec("moment", FactTakes::Nothing, FactKind::Word(&["now", "past"]), "whether the present is in view"),
    spec(
        "selected",
        FactTakes::Nothing,
        FactKind::Word(&["neuron", "hidden", "output", "none"]),
        "the neuron that was clicked",
    ),
    spec(
        "workspace",
        FactTakes::Nothing,
        FactKind::Word(&["watch", "data", "landscape", "compare", "inside"]),
        "the workspace in view",
    ),
    spec("pinned", FactTakes::Nothing, FactKind::Word(&["cell", "none"]), "whether a cell of the landscape is pinned"),
    spec("drawn", FactTakes::Nothing, FactKind::Count, "target spikes that were drawn or erased"),
    spec("created", FactTakes::Layers, FactKind::Count, "spikes that updates created in the watched sample"),
    spec("removed", FactTakes::Layers, FactKind::Count, "spikes that updates removed"),
    spec("shifted", FactTakes::Layers, FactKind::Count, "spikes that updates moved"),
    spec("spikes", FactTakes::Layers, FactKind::Number(0.0, INF), "spikes of the watched sample now"),
    spec("silent", FactTakes::Layers, FactKind::Number(0.0, INF), "neurons without a spike in the watched sample"),
    spec("hits", FactTakes::Nothing, FactKind::Number(0.0, INF), "target spikes that are met exactly"),
    spec("targets", FactTakes::Nothing, FactKind::Number(0.0, INF), "target spikes of the watched sample"),
    spec("accuracy", FactTakes::Nothing, FactKind::Number(0.0, 1.0), "share of validation samples answered rightly"),
    spec("sample_spikes", FactTakes::Nothing, FactKind::Number(0.0, INF), "spikes of a validation sample on average"),
    spec("epochs", FactTakes::Nothing, FactKind::Count, "epochs that this run has made"),
    spec("setting", FactTakes::Setting, FactKind::Setting, "the value of a setting, as in setting(neuron.alpha_i)"),
    spec("bench_inputs", FactTakes::Nothing, FactKind::Number(0.0, INF), "input spikes on the neuron bench"),
    spec("bench_spikes", FactTakes::Nothing, FactKind::Number(0.0, INF), "spikes of the neuron on the bench"),
    spec("bench_peak", FactTakes::Nothing, FactKind::Number(-INF, INF), "its highest potential"),
    spec("bench_weight", FactTakes::Nothing, FactKind::Number(-INF, INF), "the weight of the bench's first input"),
    spec("bench_current_decay", FactTakes::Nothing, FactKind::Number(0.0, 1.0), "α_i of the neuron on the bench"),
    spec("bench_potential_decay", FactTakes::Nothing, FactKind::Number(0.0, 1.0), "α_v of the neuron on the bench"),
    spec("bench_interval", FactTakes::Nothing, FactKind::Number(0.0, INF), "fewest steps between two of its spikes"),
];

impl Fact {
    /// Reads a fact as it stands in a lesson. An error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, inside) = match text.trim().split_once('(') {
            Some((name, rest)) => {
                let inside = rest.strip_suffix(')').ok_or_else(|| format!("`{text}` lacks its closing bracket."))?;
                (name.trim(), Some(inside.trim()))
            }
            None => (text.trim(), None),
        };
        let spec = FACTS.iter().find(|f| f.name == name).ok_or_else(|| unknown(name))?;
        let of = match (spec.takes, inside) {
            (FactTakes::Nothing, None) => FactArgument::Nothing,
            (FactTakes::Nothing, Some(_)) => return Err(format!("`{name}` has no brackets.")),
            (FactTakes::Layers, layers) => FactArgument::Layers(layers_of(name, layers.unwrap_or(""))?),
            (FactTakes::Setting, key) => {
                let key = key.unwrap_or("");
                let setting = field(key).ok_or_else(|| crate::train::settings::text::unknown(key).message)?;
                FactArgument::Setting(setting)
            }
        };
        Ok(Self { spec, of })
    }

    /// Whether it can be counted since a step began.
    pub fn counts(&self) -> bool {
        self.spec.kind == FactKind::Count
    }

    /// Reads a value that this fact can have. An error is a sentence.
    pub fn value(&self, text: &str) -> Result<FactValue, String> {
        let number = |least: f64, most: f64| {
            let x: f64 = text.parse().map_err(|_| format!("`{self}` is a number, and `{text}` is none."))?;
            if x >= least && x <= most {
                return Ok(FactValue::Number(x));
            }
            Err(format!("`{self}` is never {text}: it lies between {least} and {most}."))
        };
        match (self.spec.kind, self.of) {
            (FactKind::Word(words), _) => match words.iter().find(|word| **word == text) {
                Some(word) => Ok(FactValue::word(*word)),
                None => Err(format!("`{self}` is never `{text}`: it is one of {}.", words.join(", "))),
            },
            (FactKind::Number(least, most), _) => number(least, most),
            (FactKind::Count, _) => number(0.0, INF),
            (FactKind::Setting, FactArgument::Setting(field)) => match field.kind {
                ValueKind::Whole { min, max } => number(min as f64, max as f64),
                ValueKind::Real { min, max, .. } => number(min, max),
                _ => {
                    let value = crate::train::settings::Value::parse(&field.kind, text);
                    let value = value.filter(|value| field.kind.allows(value));
                    value.map(|v| FactValue::word(v.to_text())).ok_or_else(|| field.refuse(text).message)
                }
            },
            (FactKind::Setting, _) => Err(format!("`{self}` names no setting.")),
        }
    }

    /// A value of this fact as people say it: off and on, and the names of rules and choices.
    pub fn say(&self, value: &FactValue) -> String {
        let FactValue::Word(word) = value else { return value.to_string() };
        if self.spec.name == "rule" {
            return crate::rule::Rule::from_key(word).map_or(word.as_str(), |rule| rule.label()).to_owned();
        }
        let said = match self.of {
            FactArgument::Setting(field) => match (&field.kind, word.as_str()) {
                (ValueKind::Switch, "true") => Some("on"),
                (ValueKind::Switch, "false") => Some("off"),
                (ValueKind::Choice(choices), key) => choices.find(key).map(|choice| choice.label),
                _ => None,
            },
            _ => None,
        };
        said.unwrap_or(word).to_owned()
    }

    /// Whether its values are whole numbers.
    pub fn is_whole(&self) -> bool {
        match (self.spec.kind, self.of) {
            (FactKind::Count, _) | (_, FactArgument::Layers(_)) => true,
            (FactKind::Setting, FactArgument::Setting(field)) => matches!(field.kind, ValueKind::Whole { .. }),
            _ => ["hits", "targets", "bench_inputs", "bench_spikes", "bench_interval"].contains(&self.spec.name),
        }
    }

    /// Whether its values can be ordered.
    pub fn is_number(&self) -> bool {
        match (self.spec.kind, self.of) {
            (FactKind::Word(_), _) => false,
            (FactKind::Setting, FactArgument::Setting(field)) => {
                matches!(field.kind, ValueKind::Whole { .. } | ValueKind::Real { .. })
            }
            _ => true,
        }
    }
}

impl std::fmt::Display for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self.of {
            FactArgument::Nothing => f.write_str(self.spec.name),
            FactArgument::Layers(layers) => write!(f, "{}({})", self.spec.name, layers.key()),
            FactArgument::Setting(field) => write!(f, "{}({})", self.spec.name, field.key),
        }
    }
}

impl Layers {
    pub fn key(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Output => "output",
            Self::All => "all",
        }
    }

    /// Whether the layer of this index is one of them; `layers` there are in all.
    pub fn include(self, layer: usize, layers: usize) -> bool {
        let output = layer + 1 == layers;
        match self {
            Self::Hidden => !output,
            Self::Output => output,
            Self::All => true,
        }
    }
}

fn layers_of(name: &str, text: &str) -> Result<Layers, String> {
    [Layers::Hidden, Layers::Output, Layers::All].into_iter().find(|layers| layers.key() == text).ok_or_else(|| {
        format!("`{name}` needs the layers that it is about: {name}(hidden), {name}(output) or {name}(all).")
    })
}

fn unknown(name: &str) -> String {
    let names = || FACTS.iter().map(|fact| fact.name);
    match nearest::nearest(name, names()) {
        Some(meant) => format!("There is no fact `{name}`. Did you mean `{meant}`?"),
        None => format!("There is no fact `{name}`. The facts are {}.", names().collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_with_what_they_are_about() {
        for text in ["rule", "created(output)", "silent(hidden)", "setting(neuron.alpha_i)", "bench_peak"] {
            assert_eq!(Fact::parse(text).unwrap().to_string(), text);
        }
        assert!(Fact::parse("created(output)").unwrap().counts() && !Fact::parse("loss").unwrap().counts());
    }

    #[test]
    fn what_is_no_fact_is_answered_with_what_was_meant() {
        for (text, words) in [
            ("created", "created(hidden)"),
            ("created(outputs)", "created(output)"),
            ("los", "Did you mean `loss`?"),
            ("zzzzzzz", "The facts are rule, loss"),
            ("rule(output)", "has no brackets"),
            ("setting(neuron.alpha)", "neuron.alpha is not a setting"),
            ("created(output", "closing bracket"),
        ] {
            let problem = Fact::parse(text).unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }

    #[test]
    fn values_are_said_in_words_of_people() {
        for (fact, word, said) in [
            ("rule", "antlr", "ANTLR"),
            ("setting(rule.timing_penalty_on)", "false", "off"),
            ("setting(rule.timing_penalty_on)", "true", "on"),
            ("setting(rule.rule)", "antlr", "ANTLR"),
            ("state", "paused", "paused"),
        ] {
            assert_eq!(Fact::parse(fact).unwrap().say(&FactValue::word(word)), said, "{fact}");
        }
        let whole = |fact| Fact::parse(fact).unwrap().is_whole();
        assert!(whole("hits") && whole("created(output)") && whole("updates"));
        assert!(!whole("loss") && !whole("bench_peak") && !whole("setting(neuron.alpha_i)"));
    }

    #[test]
    fn values_that_never_occur_are_refused() {
        for (fact, value, words) in [
            ("rule", "both", "one of activation, timing, antlr"),
            ("loss", "-1", "lies between 0"),
            ("loss", "small", "is a number"),
            ("setting(neuron.alpha_i)", "2", "lies between 0 and 1"),
            ("setting(rule.timing_penalty_on)", "maybe", "rule.timing_penalty_on"),
        ] {
            let problem = Fact::parse(fact).unwrap().value(value).unwrap_err();
            assert!(problem.contains(words), "{fact} {value}: {problem}");
        }
        let on = Fact::parse("setting(rule.timing_penalty_on)").unwrap().value("on").unwrap();
        assert_eq!(on, FactValue::word("true"));
    }
}
