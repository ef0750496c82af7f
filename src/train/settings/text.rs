//! Single settings as text, as in `--set key=value` and in the log.

use super::nearest::distance;
use super::times::{TIMES, time_constant};
use super::{FIELDS, Problem, SECTIONS, Settings, Value, field};

impl Settings {
    /// Sets one setting from text, or says why not and changes nothing. `neuron.tau_i_ms` and `neuron.tau_v_ms` work, too,
    /// with the current dt. Whether settings contradict each other is left to [`Settings::check`]: between two calls they
    /// may.
    pub fn set_text(&mut self, key: &str, text: &str) -> Result<(), Problem> {
        let (key, text) = (key.trim(), text.trim());
        if let Some(time) = time_constant(key) {
            let tau = text.parse().map_err(|_| time.refuse(text))?;
            return time.set(self, tau).map_err(|_| time.refuse(text));
        }
        let field = field(key).ok_or_else(|| unknown(key))?;
        let value = Value::parse(&field.kind, text).ok_or_else(|| field.refuse(text))?;
        field.set(self, value).map_err(|_| field.refuse(text))
    }
}

/// The message for a key that is not a setting, with the one that was probably meant.
pub fn unknown(key: &str) -> Problem {
    let short: String = key.chars().take(64).collect();
    let key = if short == key { key } else { &format!("{short}…") };
    let message = match meant(key) {
        Some(meant) => format!("{key} is not a setting. Did you mean {meant}?"),
        None => format!("{key} is not a setting. {}", known(key)),
    };
    Problem::new(key, "", message)
}

/// The setting that was probably meant: one with nearly the same name in the same section, otherwise in any.
fn meant(key: &str) -> Option<&'static str> {
    let (table, name) = key.split_once('.').unwrap_or(("", key));
    let length = name.chars().count();
    if key.chars().count() > 64 {
        return None;
    }
    let keys = FIELDS.iter().map(|f| f.key).chain(TIMES.iter().map(|t| t.key));
    keys.filter_map(|candidate| {
        let (its_table, its_name) = candidate.split_once('.')?;
        let letters = distance(name, its_name);
        let near = letters == 0 || letters <= length / 3;
        near.then_some(((letters, its_table != table, distance(table, its_table)), candidate))
    })
    .min_by_key(|(far, _)| *far)
    .map(|(_, candidate)| candidate)
}

/// The settings of the section that was named, or else the sections.
fn known(key: &str) -> String {
    let table = key.split_once('.').map_or("", |(table, _)| table);
    let names: Vec<_> = FIELDS.iter().filter(|f| f.table() == table).map(|f| f.name()).collect();
    if names.is_empty() {
        format!("The sections are {}.", tables().join(", "))
    } else {
        format!("The settings of {table} are {}.", names.join(", "))
    }
}

/// The sections of a settings file, in order.
pub fn tables() -> Vec<&'static str> {
    SECTIONS.iter().map(|section| section.key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_round_trips_through_text() {
        let defaults = Settings::default();
        for field in FIELDS {
            let mut s = Settings::default();
            s.set_text(field.key, &field.get(&defaults).to_text()).unwrap();
            assert_eq!(s, defaults, "{}", field.key);
        }
    }

    #[test]
    fn what_cannot_be_is_said_with_key_value_and_range() {
        for (key, text, words) in [
            ("task.steps", "0", "from 1 to 100000 (steps), but is 0"),
            ("task.steps", "-5", "but is -5"),
            ("task.steps", "many", "but is many"),
            ("task.steps", "10.5", "a whole number"),
            ("task.steps", "", "but is empty"),
            ("task.rate", "-0.1", "a number from 0 to 1 (spikes per step), but is -0.1"),
            ("neuron.alpha_v", "1.01", "from 0 to 1, but is 1.01"),
            ("neuron.alpha_v", "nan", "but is nan"),
            ("optimiser.learning_rate", "0", "from 1e-12 to 1000"),
            ("rule.rule", "both", "\"activation\", \"timing\" or \"antlr\", but is both"),
            ("network.hidden", "50-0", "with at most 100000 neurons"),
            ("network.hidden", "784 - fc8 - relu", "such as fc50, conv12k5"),
            ("task.inputs", "0x2x2", "or channels x height x width"),
            ("neuron.tau_i_ms", "-1", "milliseconds, at least 0"),
            ("neuron.tau_i_ms", "long", "but is long"),
            ("run.seed", "99999999999999999999999", "9007199254740991"),
        ] {
            let mut s = Settings::default();
            let problem = s.set_text(key, text).unwrap_err();
            assert_eq!((problem.key.as_str(), problem.value.as_str()), (key, text));
            assert!(problem.message.contains(key) && problem.message.contains(words), "{problem}");
            assert_eq!(s, Settings::default());
        }
    }

    #[test]
    fn a_key_that_is_not_known_suggests_one_that_is() {
        for (key, words) in [
            ("task.step", "Did you mean task.steps?"),
            ("steps", "Did you mean task.steps?"),
            ("neuron.rate", "Did you mean task.rate?"),
            ("optimizer.learning_rate", "Did you mean optimiser.learning_rate?"),
            ("neuron.tau_i", "Did you mean neuron.tau_i_ms?"),
            ("rule.kind", "Did you mean"),
            ("run.zzzzzz", "The settings of run are seed, batch, probe_part, probe, q."),
            ("zzzzz.zzzzzz", "The sections are task, network,"),
            ("", "The sections are"),
        ] {
            let problem = Settings::default().set_text(key, "1").unwrap_err();
            assert!(problem.message.contains(words), "{problem}");
        }
        assert!(!unknown(&"x".repeat(10_000)).message.contains("mean"));
    }
}
