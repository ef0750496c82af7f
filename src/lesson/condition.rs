//! Conditions on facts, as in `rule = timing and created(output) >= 1 since step`.

use super::fact::{Fact, FactArgument, FactValue};
use super::observed::Observed;

/// Clauses that must all hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub clauses: Vec<Clause>,
    text: String,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    pub fact: Fact,
    pub sign: Sign,
    pub value: FactValue,
    /// Counted from the beginning of the step.
    pub since_step: bool,
}

/// How a fact is compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// Longer signs first: `<=` begins with `<`.
const SIGNS: [(&str, Sign); 6] = [
    ("<=", Sign::AtMost),
    (">=", Sign::AtLeast),
    ("!=", Sign::Unequal),
    ("<", Sign::Less),
    (">", Sign::Greater),
    ("=", Sign::Equal),
];

const SINCE: &str = "since step";

impl Sign {
    pub fn text(self) -> &'static str {
        SIGNS.iter().find(|(_, sign)| *sign == self).map_or("", |(sign, _)| sign)
    }

    /// In words, before a value.
    fn words(self) -> &'static str {
        match self {
            Self::Equal => "",
            Self::Unequal => "other than ",
            Self::Less => "less than ",
            Self::AtMost => "at most ",
            Self::Greater => "more than ",
            Self::AtLeast => "at least ",
        }
    }

    fn of_numbers(self, x: f64, y: f64) -> bool {
        match self {
            Self::Equal => x == y,
            Self::Unequal => x != y,
            Self::Less => x < y,
            Self::AtMost => x <= y,
            Self::Greater => x > y,
            Self::AtLeast => x >= y,
        }
    }
}

impl Condition {
    /// Reads a condition. An error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let clauses: Result<Vec<Clause>, String> = text.split(" and ").map(Clause::parse).collect();
        Ok(Self { clauses: clauses?, text: text.trim().to_owned() })
    }

    /// Whether it holds `now`, where the step began at `start`. What is not known does not hold.
    pub fn holds(&self, now: &Observed, start: &Observed) -> bool {
        self.clauses.iter().all(|clause| clause.holds(now, start))
    }

    /// Each clause that does not hold, with what was found.
    pub fn missing(&self, now: &Observed, start: &Observed) -> String {
        let lacking = self.clauses.iter().filter(|clause| !clause.holds(now, start));
        let said: Vec<String> = lacking.map(|clause| clause.found(now, start)).collect();
        said.join("; ")
    }

    /// The same of all clauses.
    pub fn found(&self, now: &Observed, start: &Observed) -> String {
        self.clauses.iter().map(|clause| clause.found(now, start)).collect::<Vec<_>>().join("; ")
    }

    /// A reason why it can never hold: two clauses that exclude each other. An error of the lesson, in a sentence.
    pub fn contradiction(&self) -> Option<String> {
        let numbers = |clause: &Clause| match clause.value {
            FactValue::Number(x) => Some((clause.sign, x)),
            FactValue::Word(_) => None,
        };
        for (n, one) in self.clauses.iter().enumerate() {
            for other in &self.clauses[n + 1..] {
                if one.fact != other.fact || one.since_step != other.since_step {
                    continue;
                }
                let words = one.sign == Sign::Equal && other.sign == Sign::Equal;
                let apart = match (numbers(one), numbers(other)) {
                    (Some(a), Some(b)) => excludes(a, b),
                    _ => words && one.value != other.value && one.fact.spec.name != "selected",
                };
                if apart {
                    return Some(format!("`{one}` and `{other}` never hold together."));
                }
            }
        }
        None
    }
}

/// Whether no number lies in both.
fn excludes(a: (Sign, f64), b: (Sign, f64)) -> bool {
    let range = |(comparison, x): (Sign, f64)| match comparison {
        Sign::Equal => (x, x),
        Sign::Less => (f64::NEG_INFINITY, x.next_down()),
        Sign::AtMost => (f64::NEG_INFINITY, x),
        Sign::Greater => (x.next_up(), f64::INFINITY),
        Sign::AtLeast => (x, f64::INFINITY),
        Sign::Unequal => (f64::NEG_INFINITY, f64::INFINITY),
    };
    let ((low, high), (other_low, other_high)) = (range(a), range(b));
    low.max(other_low) > high.min(other_high)
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Clause {
    fn parse(text: &str) -> Result<Self, String> {
        let found = SIGNS.iter().filter_map(|(word, sign)| Some((text.find(word)?, *word, *sign)));
        let Some((at, word, sign)) = found.min_by_key(|(at, word, _)| (*at, 2 - word.len())) else {
            return Err(format!(
                "`{}` is no condition: it needs a fact, a sign and a value, as in loss < 0.1.",
                text.trim()
            ));
        };
        let fact = Fact::parse(&text[..at])?;
        let value = text[at + word.len()..].trim();
        let (value, since_step) = match value.strip_suffix(SINCE) {
            Some(value) => (value.trim(), true),
            None => (value, false),
        };
        if since_step && !fact.counts() {
            return Err(format!("`{fact}` cannot be counted since the step: only what rises can."));
        }
        let ordered = !matches!(sign, Sign::Equal | Sign::Unequal);
        if ordered && !fact.is_number() {
            return Err(format!("`{fact}` is a word: compare it with = or !=."));
        }
        Ok(Self { value: fact.value(value)?, fact, sign, since_step })
    }

    fn holds(&self, now: &Observed, start: &Observed) -> bool {
        match (self.value_at(now, start), &self.value) {
            (Some(FactValue::Number(x)), FactValue::Number(y)) => self.sign.of_numbers(x, *y),
            (Some(FactValue::Word(x)), FactValue::Word(y)) => {
                // a neuron of any layer is a neuron
                let same = x == *y || self.fact.spec.name == "selected" && y == "neuron" && x != "none";
                same == (self.sign == Sign::Equal)
            }
            _ => false,
        }
    }

    fn value_at(&self, now: &Observed, start: &Observed) -> Option<FactValue> {
        if self.since_step { now.since(&self.fact, start) } else { now.value(&self.fact) }
    }

    /// What the fact is about, in words.
    fn subject(&self) -> String {
        let help = self.fact.spec.help;
        match self.fact.of {
            FactArgument::Nothing => help.to_owned(),
            FactArgument::Layers(layers) => format!("{help} ({})", layers.key()),
            FactArgument::Setting(field) => field.label.to_owned(),
        }
    }

    /// As in `spikes that updates created (output): 3 (at least 1 needed)`.
    fn found(&self, now: &Observed, start: &Observed) -> String {
        let found = self.value_at(now, start).map_or_else(|| "nothing yet".to_owned(), |value| self.fact.say(&value));
        let since = if self.since_step { " since this step" } else { "" };
        let needed = self.fact.say(&self.value);
        format!("{}{since}: {found} ({}{needed} needed)", self.subject(), self.sign.words())
    }
}

impl std::fmt::Display for Clause {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let since = if self.since_step { " since step" } else { "" };
        write!(f, "{} {} {}{since}", self.fact, self.sign.text(), self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::observed::LayerSeen;

    fn seen(loss: f64, created: u64) -> Observed {
        let layer = LayerSeen { created, ..LayerSeen::default() };
        Observed { loss: Some(loss), layers: vec![LayerSeen::default(), layer], ..Observed::default() }
    }

    #[test]
    fn conditions_are_judged_by_what_is_observed() {
        let holds = |text: &str, now: &Observed, start: &Observed| Condition::parse(text).unwrap().holds(now, start);
        let (start, now) = (seen(0.5, 3), seen(0.04, 4));
        assert!(holds("loss < 0.05", &now, &start) && !holds("loss < 0.05", &start, &start));
        assert!(holds("created(output) >= 1 since step", &now, &start));
        assert!(!holds("created(output) >= 1 since step", &start, &start));
        assert!(holds("created(output) >= 4 and rule = antlr", &now, &start));
        assert!(!holds("rule != antlr", &now, &start));
        assert!(!holds("accuracy >= 0", &now, &start), "what is not known does not hold");
    }

    #[test]
    fn a_neuron_of_any_layer_is_selected() {
        let chosen = Condition::parse("selected = neuron").unwrap();
        let (mut now, start) = (seen(0.5, 0), seen(0.5, 0));
        assert!(!chosen.holds(&now, &start));
        now.selected = Some((0, 2));
        assert!(chosen.holds(&now, &start));
        assert!(Condition::parse("selected = hidden").unwrap().holds(&now, &start));
        assert!(!Condition::parse("selected = output").unwrap().holds(&now, &start));
    }

    #[test]
    fn what_is_missing_is_named_with_what_was_found() {
        let condition = Condition::parse("created(output) >= 2 since step and loss < 0.1").unwrap();
        let text = condition.missing(&seen(0.04, 4), &seen(0.5, 3));
        assert_eq!(
            text,
            "spikes that updates created in the watched sample (output) since this step: 1 (at least 2 needed)"
        );
    }

    #[test]
    fn bad_conditions_are_answered() {
        for (text, words) in [
            ("loss", "needs a fact, a sign and a value"),
            ("loss < 0.1 since step", "cannot be counted since the step"),
            ("rule > timing", "is a word"),
            ("rule = timings", "one of activation"),
            ("loss = ", "is a number"),
        ] {
            let problem = Condition::parse(text).unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }

    #[test]
    fn clauses_that_exclude_each_other_are_found() {
        let apart = |text| Condition::parse(text).unwrap().contradiction().is_some();
        assert!(apart("rule = timing and rule = antlr") && apart("loss < 0.1 and loss > 0.2"));
        assert!(apart("loss < 0.1 and loss >= 0.1"));
        assert!(!apart("loss < 0.3 and loss > 0.2") && !apart("rule = timing and loss < 1"));
    }
}
