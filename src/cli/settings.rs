//! Settings from the command line: preset, file, single values, in this order.

use std::fmt::Write;
use std::process::ExitCode;

use crate::file::{TEXT_LIMIT, read_text};
use crate::machine::memory;
use crate::train::Settings;
use crate::train::settings::{FIELDS, NEURONS, PRESETS, Preset, Problem};

use super::args::{Chosen, Source};
use super::print::say;

/// One line for each problem.
pub fn sentences(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The settings that preset, file and single values add up to, checked.
pub fn chosen(source: &Source) -> Result<Settings, String> {
    let settings = gathered(source)?;
    check(&settings)?;
    Ok(settings)
}

/// The same with a rule and a seed, and the folder of the data where one is named.
pub fn chosen_run(chosen: &Chosen, data: Option<&str>) -> Result<Settings, String> {
    let mut settings = gathered(&chosen.source)?;
    if let Some(rule) = chosen.rule {
        settings.rule.rule = rule;
    }
    if let Some(seed) = chosen.seed {
        settings.set_text("run.seed", &seed.to_string()).map_err(|p| format!("--seed: {p}"))?;
    }
    if let Some(data) = data {
        if settings.task.kind.made() {
            return Err(format!(
                "--data: the task {} makes its samples itself and reads no file. Choose one that does, as with --preset \
                 mnist, nmnist or own.",
                settings.task.kind.key()
            ));
        }
        settings.set_text("task.data", data).map_err(|p| format!("--data: {p}"))?;
    }
    check(&settings)?;
    Ok(settings)
}

/// Whether settings are sound and fit into this machine.
pub fn check(settings: &Settings) -> Result<(), String> {
    settings.check_within(memory()).map_err(|problems| sentences(&problems))
}

fn gathered(source: &Source) -> Result<Settings, String> {
    let mut settings = source.preset.map_or_else(Settings::default, |p| (p.make)());
    if let Some(path) = &source.settings {
        let text = read_text(path, TEXT_LIMIT)?;
        let name = path.display().to_string();
        settings = Settings::from_toml_onto(settings, &name, &text, memory()).map_err(|p| sentences(&p))?;
    }
    if let Some(neuron) = source.neuron {
        settings = neuron.onto(&settings);
    }
    assign(&mut settings, &source.set)?;
    Ok(settings)
}

/// Changes single settings, from left to right.
pub fn assign(settings: &mut Settings, set: &[(String, String)]) -> Result<(), String> {
    let one = |(key, value): &(String, String)| {
        settings.set_text(key, value).map_err(|p| format!("--set {key}={value}: {p}"))
    };
    set.iter().try_for_each(one)
}

/// `spikescape settings`
pub fn print(preset: Option<&Preset>, markdown: bool) -> ExitCode {
    let settings = preset.map_or_else(Settings::default, |p| (p.make)());
    let text = if markdown { table(&settings) } else { settings.to_toml() };
    say(text.trim_end());
    ExitCode::SUCCESS
}

/// All settings as a table in Markdown.
fn table(settings: &Settings) -> String {
    let mut out = "| setting | symbol | value | allowed | what it is |\n|---|---|---|---|---|\n".to_owned();
    for field in FIELDS {
        let (value, allowed) = (field.get(settings).to_text(), field.allowed());
        let live = if field.live { "" } else { " *(needs a restart)*" };
        let row = [format!("`{}`", field.key), field.symbol.into(), value, allowed, field.help.to_owned() + live];
        let row = row.map(|cell| cell.replace('|', "\\|"));
        writeln!(out, "| {} |", row.join(" | ")).expect("a String takes everything");
    }
    out
}

/// `spikescape presets`
pub fn print_presets() -> ExitCode {
    let listed = |key: &str, help: &str| format!("{key}\n{}\n", indented(help));
    let presets: Vec<String> = PRESETS.iter().map(|p| listed(p.key, p.help)).collect();
    let neurons: Vec<String> = NEURONS.iter().map(|n| listed(n.key, n.help)).collect();
    say(&format!("For --preset:\n\n{}\nNeurons for --neuron, with any preset:\n", presets.join("\n")));
    say(neurons.join("\n").trim_end());
    ExitCode::SUCCESS
}

/// A text in lines that fit on every terminal.
fn indented(text: &str) -> String {
    const WIDEST: usize = 79;
    let mut lines = vec![String::from("   ")];
    for word in text.split_whitespace() {
        if lines[lines.len() - 1].chars().count() + 1 + word.chars().count() > WIDEST {
            lines.push(String::from("   "));
        }
        let line = lines.len() - 1;
        lines[line] += " ";
        lines[line] += word;
    }
    lines.join("\n")
}

/// The network in short: `50-50-5` where all layers are fully connected, else as it is written.
pub fn network(settings: &Settings) -> String {
    let text = settings.network_text();
    let layers: Vec<&str> = text.split(" - ").collect();
    let neurons = |layer: &&str| layer.strip_prefix("fc").unwrap_or(layer).to_owned();
    if layers[1..].iter().all(|l| l.starts_with("fc")) {
        layers.iter().map(neurons).collect::<Vec<_>>().join("-")
    } else {
        text
    }
}
