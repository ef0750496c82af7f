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
    assert!(one("steps = 5").starts_with("my.toml, line 1, column 1: steps is not a setting. Did you mean task.st"));
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
        ("[optimiser]\nlearning_rate = 0", "optimiser.learning_rate must be a number from 1e-12 to 1000, but is 0."),
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
    assert!(said.starts_with("my.toml, line 3, column 17: task.target_spikes is 11, but task.steps is 10"), "{said}");
    assert!(one("[task]\nsteps = 1\n").starts_with("my.toml, line 2, column 9: task.target_spikes is 2"));
    assert!(one("[run]\nprobe = 1\n").starts_with("my.toml, line 2, column 9: run.probe is 1, but there is 1 pair"));
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
fn keys_of_earlier_versions_are_read_and_new_ones_are_written() {
    for (old, new, value) in [
        ("task.threshold", "task.grey_threshold", "77"),
        ("task.validation", "task.validation_samples", "12"),
        ("task.bias", "task.bias_spike", "9"),
        ("network.constant", "network.weight_offset", "0.25"),
    ] {
        let s = Settings::from_toml("a", &format!("{old} = {value}\n")).unwrap();
        assert_eq!(field(new).unwrap().get(&s).to_text(), value);
        let mut by_text = Settings::default();
        by_text.set_text(old, value).unwrap();
        assert_eq!(by_text, s);
        let name = |key: &'static str| key.split_once('.').unwrap().1;
        let written = s.to_toml();
        assert!(written.lines().any(|line| line == format!("{} = {value}", name(new))), "{written}");
        assert!(!written.lines().any(|line| line.starts_with(&format!("{} =", name(old)))), "{written}");
    }
}

#[test]
fn the_old_and_the_new_key_together_are_one_too_many() {
    let said = one("[task]\nthreshold = 1\ngrey_threshold = 2\n");
    assert!(
        said.contains("a second time") && said.contains("grey_threshold is the new name of task.threshold"),
        "{said}"
    );
}

#[test]
fn a_file_of_broken_lines_makes_a_short_message() {
    for line in ["what = = this\n", "[[]\n"] {
        let said = problems(&line.repeat(16_000));
        assert_eq!(said.len(), 21);
        assert_eq!(said[20], "my.toml: and 15980 more problems.");
    }
    let keys: String = (0..16_000).map(|n| format!("unknown_{n} = {n}\n")).collect();
    let said = problems(&format!("[task]\n{keys}"));
    assert!(said[0].starts_with("my.toml, line 2, column 1: task.unknown_0 is not a setting."), "{}", said[0]);
    assert_eq!(said.last().unwrap(), "my.toml: and 15980 more problems.");
    assert!(said.join("\n").len() < 20_000);
}

#[test]
fn broken_toml_is_placed() {
    let said = one("[task]\nsteps = = 3\n");
    assert!(said.starts_with("my.toml, line 2, column 9: The line `steps = = 3` cannot be read: extra `=`."), "{said}");
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
