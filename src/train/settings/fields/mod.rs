//! The table of all settings, in the order in which forms and files show them; each section in a file of its own.
//!
//! Ranges are as wide as the arithmetic allows and as narrow as mistakes need: a value outside is almost certainly a typo.
//! Symbols are those of model.md.

mod loss;
mod network;
mod neuron;
mod optimiser;
mod rule;
mod run;
mod task;

use super::Field;

/// The most units, neurons of a layer, steps or pairs. What fits into memory is a matter for [`Settings::check`](super::Settings::check).
pub const MOST: u64 = 100_000;

/// The most samples of a set.
pub const MOST_SAMPLES: u64 = 1_000_000;

/// The largest seed: a larger number would lose digits in JSON and in text fields, which count in doubles.
pub const MOST_SEED: u64 = (1 << 53) - 1;

/// Settings that belong together.
#[derive(Debug)]
pub struct Section {
    /// Its name in files, and what the keys of its settings begin with.
    pub key: &'static str,
    /// Its heading in forms.
    pub label: &'static str,
    pub fields: &'static [Field],
}

/// All sections.
pub const SECTIONS: &[Section] = &[
    Section { key: "task", label: "Task", fields: task::FIELDS },
    Section { key: "network", label: "Network", fields: network::FIELDS },
    Section { key: "neuron", label: "Neuron", fields: neuron::FIELDS },
    Section { key: "loss", label: "Loss", fields: loss::FIELDS },
    Section { key: "rule", label: "Rule", fields: rule::FIELDS },
    Section { key: "optimiser", label: "Optimiser", fields: optimiser::FIELDS },
    Section { key: "run", label: "Run", fields: run::FIELDS },
];

/// All settings, section by section.
pub static FIELDS: &[Field] = &ALL;

static ALL: [Field; NUMBER] = {
    let mut all = [SECTIONS[0].fields[0]; NUMBER];
    let (mut section, mut n) = (0, 0);
    while section < SECTIONS.len() {
        let fields = SECTIONS[section].fields;
        let mut i = 0;
        while i < fields.len() {
            all[n] = fields[i];
            (i, n) = (i + 1, n + 1);
        }
        section += 1;
    }
    all
};

const NUMBER: usize = {
    let (mut number, mut section) = (0, 0);
    while section < SECTIONS.len() {
        number += SECTIONS[section].fields.len();
        section += 1;
    }
    number
};

/// The setting of this key, as in `neuron.alpha_i`; a key of earlier versions is known, too.
pub fn field(key: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|f| f.key == key || f.alias == Some(key))
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, Value, ValueKind};
    use super::*;
    use crate::spike::Shape;

    /// Values at and near the ends of a field's range.
    fn samples(kind: &ValueKind) -> Vec<Value> {
        match *kind {
            ValueKind::Whole { min, max } => [min, min + 1, max - 1, max].map(Value::Whole).to_vec(),
            ValueKind::Real { min, max, .. } => [min, (min + max) / 2.0, max].map(Value::Real).to_vec(),
            ValueKind::Switch => [false, true].map(Value::Switch).to_vec(),
            ValueKind::Choice(choices) => choices.iter().map(|c| Value::Choice(c.key)).collect(),
            ValueKind::Layers { .. } => {
                ["none", "fc1", "conv3k3-flatten-fc100000"].map(|text| Value::parse(kind, text).unwrap()).to_vec()
            }
            ValueKind::Shape { most } => {
                [Shape::Flat(1), Shape::Flat(most), Shape::Grid([2, 3, 4])].map(Value::Shape).to_vec()
            }
            ValueKind::Path => ["", "a b/ü.csv"].map(|text| Value::Text(text.into())).to_vec(),
        }
    }

    #[test]
    fn what_is_set_is_got_and_nothing_else_changes() {
        for field in FIELDS {
            for value in samples(&field.kind) {
                let mut settings = Settings::default();
                field.set(&mut settings, value.clone()).unwrap();
                assert_eq!(field.get(&settings), value, "{}", field.key);
                // the sizes of some kinds come with them
                for other in FIELDS.iter().filter(|o| o.key != field.key && field.key != "task.kind") {
                    assert_eq!(other.get(&settings), other.get(&Settings::default()), "{} {}", field.key, other.key);
                }
            }
        }
    }

    #[test]
    fn what_lies_outside_is_refused_and_changes_nothing() {
        for field in FIELDS {
            let outside: Vec<Value> = match field.kind {
                ValueKind::Whole { max, .. } => vec![Value::Whole(max + 1), Value::Real(1.0)],
                ValueKind::Real { min, max, .. } => {
                    [min - 1.0, max * 1.1, f64::NAN, f64::INFINITY].map(Value::Real).to_vec()
                }
                ValueKind::Switch => vec![Value::Whole(1)],
                ValueKind::Choice(_) => vec![Value::Choice("other"), Value::Switch(true)],
                ValueKind::Layers { most } => {
                    ["fc0".to_owned(), "fc100001".into(), "conv3k2".into(), vec!["fc1"; most + 1].join("-")]
                        .map(|text| Value::parse(&field.kind, &text).unwrap())
                        .to_vec()
                }
                ValueKind::Shape { most } => {
                    [Shape::Flat(0), Shape::Flat(most + 1), Shape::Grid([9, 0, 9])].map(Value::Shape).to_vec()
                }
                ValueKind::Path => vec![Value::Text("a\nb".into()), Value::Text("a".repeat(5000))],
            };
            for value in outside {
                let mut settings = Settings::default();
                let problem = field.set(&mut settings, value.clone()).unwrap_err();
                assert_eq!(settings, Settings::default());
                let said = problem.to_string();
                assert!(said.contains(field.key) && said.contains(&value.to_text()), "{said}");
                assert!(said.contains(&field.kind.allowed()), "{said}");
            }
        }
    }

    #[test]
    fn keys_are_unique_and_belong_to_their_section() {
        for (i, field) in FIELDS.iter().enumerate() {
            assert!(FIELDS[..i].iter().all(|f| f.key != field.key), "{}", field.key);
            assert_eq!(field.key, format!("{}.{}", field.table(), field.name()));
        }
        for section in SECTIONS {
            assert!(section.fields.iter().all(|f| f.table() == section.key), "{}", section.key);
        }
        assert_eq!(FIELDS.len(), SECTIONS.iter().map(|s| s.fields.len()).sum::<usize>());
    }

    #[test]
    fn every_field_is_described() {
        for field in FIELDS {
            assert!(!field.label.is_empty() && field.help.ends_with('.'), "{}", field.key);
            assert!(!field.label.ends_with('.') && !field.help.contains("  "), "{}", field.key);
            assert_eq!(
                field.live,
                !(field.table() == "network"
                    || field.table() == "task" && field.key != "task.dt_ms"
                    || matches!(field.key, "run.seed" | "run.batch"))
            );
            if let ValueKind::Choice(choices) = field.kind {
                assert!(choices.iter().all(|c| !c.label.is_empty() && c.help.ends_with('.')));
            }
        }
    }

    #[test]
    fn the_built_in_experiment_is_within_all_ranges() {
        let settings = Settings::default();
        for field in FIELDS {
            assert!(field.kind.allows(&field.get(&settings)), "{}", field.key);
        }
    }

    #[test]
    fn what_has_no_effect_says_when_it_would() {
        let settings = Settings::default();
        let idle: Vec<_> = FIELDS.iter().filter(|f| !f.applies(&settings)).map(|f| f.key).collect();
        assert_eq!(
            idle,
            [
                "task.data",
                "task.target",
                "task.time_unit",
                "task.other_spikes",
                "task.grey_threshold",
                "task.invert",
                "task.train_samples",
                "task.test_samples",
                "task.validation_auto",
                "task.validation_samples",
                "task.earliest",
                "task.latest",
                "task.bias_spike",
                "network.deviation",
                "neuron.beta_i",
                "neuron.beta_v",
                "neuron.beta_bias",
                "loss.softmax_beta",
                "loss.lambda_nospike",
                "rule.timing_penalty_on",
                "rule.timing_penalty",
                "optimiser.momentum",
                "optimiser.gamma",
                "run.batch",
                "run.probe_part",
                "run.probe",
            ]
        );
        assert!(FIELDS.iter().filter(|f| !f.applies(&settings)).all(|f| !f.when.words().is_empty()));
    }
}
