use proptest::prelude::*;

use super::*;
use crate::train::settings::{Change, Field, Value, arbitrary, field};

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
    assert!(said.starts_with("run.log, line 1, column 10: The format of this log is \"spikescape log 2\""), "{said}");
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
        ("\"optimiser.learning_rate\"", "\"run.seed\"", "key = \"run.seed\"", "run.seed cannot be changed under way"),
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
