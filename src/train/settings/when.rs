//! When a setting has an effect: conditions over other settings, which say themselves in words.

use super::access::Access;
use super::{Settings, Value, ValueKind, field};

/// When a setting has an effect.
#[derive(Clone, Copy, Debug)]
pub enum When {
    Always,
    /// A choice is one of these, by key.
    Is(Access, &'static [&'static str]),
    /// A choice is none of these, by key.
    IsNot(Access, &'static [&'static str]),
    /// A switch is on.
    On(Access),
    /// A switch is off.
    Off(Access),
    /// A whole number is at least this.
    AtLeast(Access, u64),
    /// Something that the settings of a room know of themselves, in words as in "samples have a class".
    Fact(fn(&Settings) -> bool, &'static str),
    All(&'static [When]),
    Any(&'static [When]),
}

impl When {
    /// Whether it is so.
    pub fn holds(&self, settings: &Settings) -> bool {
        let one_of = |access: &Access, keys: &[&str]| matches!((access.get)(settings), Value::Choice(key) if keys.contains(&key));
        match self {
            Self::Always => true,
            Self::Is(access, keys) => one_of(access, keys),
            Self::IsNot(access, keys) => !one_of(access, keys),
            Self::On(access) => (access.get)(settings) == Value::Switch(true),
            Self::Off(access) => (access.get)(settings) == Value::Switch(false),
            Self::AtLeast(access, least) => matches!((access.get)(settings), Value::Whole(n) if n >= *least),
            Self::Fact(test, _) => test(settings),
            Self::All(parts) => parts.iter().all(|part| part.holds(settings)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(settings)),
        }
    }

    /// The same in words, with the labels that forms show: "Loss is Latency". Empty for always.
    pub fn words(&self) -> String {
        match self {
            Self::Always => String::new(),
            Self::Is(access, keys) => format!("{} is {}", label(access), choices(access, keys, "or")),
            Self::IsNot(access, keys) => format!("{} is not {}", label(access), choices(access, keys, "or")),
            Self::On(access) => format!("{} is on", label(access)),
            Self::Off(access) => format!("{} is off", label(access)),
            Self::AtLeast(access, least) => format!("{} is at least {least}", label(access)),
            Self::Fact(_, words) => (*words).to_owned(),
            Self::All(parts) => joined(parts.iter().map(Self::words).collect(), "and"),
            Self::Any(parts) => joined(parts.iter().map(Self::words).collect(), "or"),
        }
    }
}

fn label(access: &Access) -> &'static str {
    field(access.key).map_or(access.key, |field| field.label)
}

fn choices(access: &Access, keys: &[&str], word: &str) -> String {
    let Some(ValueKind::Choice(choices)) = field(access.key).map(|field| field.kind) else { return keys.join(", ") };
    let named = choices.iter().filter(|choice| keys.contains(&choice.key));
    joined(named.map(|choice| choice.label.to_owned()).collect(), word)
}

/// As in "a, b or c".
pub(super) fn joined(mut parts: Vec<String>, word: &str) -> String {
    match parts.pop() {
        Some(last) if parts.is_empty() => last,
        Some(last) => format!("{} {word} {last}", parts.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::access::at;
    use super::*;
    use crate::rule::Rule;

    #[test]
    fn a_condition_says_itself() {
        const TIMING: When = When::Is(at!(rule.rule), &["timing"]);
        const PENALTY: When = When::All(&[TIMING, When::On(at!(rule.timing_penalty.on as "rule.timing_penalty_on"))]);
        const EITHER: When = When::Is(at!(rule.rule), &["activation", "antlr"]);
        const SCHEDULE: When = When::AtLeast(at!(optimiser.schedule_every), 1);
        assert_eq!(PENALTY.words(), "Gradient rule is Timing and Silent-neuron penalty is on");
        assert_eq!(EITHER.words(), "Gradient rule is Activation or ANTLR");
        assert_eq!(When::Any(&[EITHER, SCHEDULE]).words(), format!("{} or {}", EITHER.words(), SCHEDULE.words()));
        assert_eq!(When::Always.words(), "");
        let mut s = Settings::default();
        assert!(!PENALTY.holds(&s) && EITHER.holds(&s) && !SCHEDULE.holds(&s));
        (s.rule.rule, s.optimiser.schedule_every) = (Rule::Timing, 1);
        assert!(PENALTY.holds(&s) && !EITHER.holds(&s) && SCHEDULE.holds(&s));
        s.rule.timing_penalty.on = false;
        assert!(!PENALTY.holds(&s));
    }

    #[test]
    fn lists_are_joined_by_a_word() {
        let joined = |parts: &[&str]| super::joined(parts.iter().map(|p| p.to_string()).collect(), "or");
        assert_eq!([joined(&[]), joined(&["a"]), joined(&["a", "b"])], ["", "a", "a or b"]);
        assert_eq!(joined(&["a", "b", "c"]), "a, b or c");
    }
}
