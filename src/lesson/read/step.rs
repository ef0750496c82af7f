//! The steps of a lesson.

use toml::de::DeTable;

use crate::lesson::text;
use crate::lesson::{Choice, Control, Experiment, Fact, LessonMove, LessonStep, RightWhen, StepKind};
use crate::train::Settings;

use super::experiment::MOST_UPDATES;
use super::{LessonReader, TomlValue};

const KINDS: [&str; 4] = ["do", "predict", "see", "read"];
/// Keys of every step.
const COMMON: [&str; 7] = ["kind", "text", "point", "begin", "preset", "settings", "updates"];
const DO: [&str; 3] = ["until", "hint", "solution"];
const PREDICT: [&str; 5] = ["choice", "fact", "tolerance", "run", "why"];
const SEE: [&str; 1] = ["proof"];

/// Answers of a question at most.
const MOST_CHOICES: usize = 7;

impl LessonReader<'_> {
    pub(super) fn steps(&mut self, root: &DeTable<'_>, experiment: &Experiment) -> Vec<LessonStep> {
        let Some(value) = root.get("step") else {
            self.say("A lesson needs steps: [[step]].".to_owned(), None);
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            self.0.refuse("step", value, "a list of sections, each headed [[step]]");
            return Vec::new();
        };
        list.iter().filter_map(|entry| self.step(entry, experiment)).collect()
    }

    fn step(&mut self, entry: &TomlValue<'_>, experiment: &Experiment) -> Option<LessonStep> {
        let table = self.table(entry, "[step]")?;
        let line = self.0.place(&entry.span()).line;
        let kind = self.0.text(table, "kind").unwrap_or("").to_owned();
        let own: &[&str] = match kind.as_str() {
            "do" => &DO,
            "predict" => &PREDICT,
            "see" => &SEE,
            "read" => &[],
            _ => {
                match table.get("kind") {
                    Some(value) => self.0.refuse("kind", value, &format!("one of {}", KINDS.join(", "))),
                    None => self.say(format!("A step needs a kind: one of {}.", KINDS.join(", ")), Some(entry)),
                }
                return None;
            }
        };
        self.keys("[step]", table, &[&COMMON, own].concat());
        let text = self.text(table, "text");
        if text.is_empty() {
            self.say("A step needs a text.".to_owned(), Some(entry));
        } else if let Some(at) = table.get("text") {
            self.parsed(at, text::check(&text));
        }
        let point = self.0.text(table, "point").map(str::to_owned);
        let point = point.and_then(|name| self.parsed(table.get("point")?, Control::parse(&name)));
        let begins = self.begins(table, &experiment.settings);
        let kind = match kind.as_str() {
            "do" => self.doing(table, entry)?,
            "predict" => self.prediction(table, entry)?,
            "see" => StepKind::See { proof: self.condition(table, "proof") },
            _ => StepKind::Read,
        };
        Some(LessonStep { text, kind, point, begins, line })
    }

    /// The run that begins with a step, where one does.
    fn begins(&mut self, table: &DeTable<'_>, base: &Settings) -> Option<(Settings, u64)> {
        let anew = table.get("begin").is_some_and(|value| value.get_ref().as_bool() == Some(true));
        let updates = table.get("updates").map_or(0, |value| self.number(value, "updates", 0..=MOST_UPDATES));
        let own = ["preset", "settings", "updates"].iter().any(|key| table.get(*key).is_some());
        (anew || own).then(|| (self.settings(table, base.clone()), updates))
    }

    fn doing(&mut self, table: &DeTable<'_>, entry: &TomlValue<'_>) -> Option<StepKind> {
        if table.get("until").is_none() {
            self.say("A step of kind do needs `until`: the condition that ticks it.".to_owned(), Some(entry));
        }
        let until = self.condition(table, "until")?;
        if let Some(why) = until.contradiction() {
            self.say(format!("This step can never be done: {why}"), table.get("until"));
        }
        let moves = self.texts(table, "solution");
        let solution = moves.into_iter().filter_map(|(line, at)| self.parsed(at, LessonMove::parse(&line))).collect();
        Some(StepKind::Do { until, hint: self.text(table, "hint"), solution })
    }

    fn prediction(&mut self, table: &DeTable<'_>, entry: &TomlValue<'_>) -> Option<StepKind> {
        let run = table.get("run").map_or(0, |value| self.number(value, "run", 0..=MOST_UPDATES));
        let why = self.text(table, "why");
        if let Some(at) = table.get("why") {
            self.parsed(at, text::check(&why));
        }
        if let Some(fact) = self.0.text(table, "fact").map(str::to_owned) {
            let fact = self.parsed(table.get("fact")?, Fact::parse(&fact))?;
            let tolerance = table.get("tolerance").and_then(number).filter(|x| *x >= 0.0);
            if tolerance.is_none() {
                let message = "A number that is guessed needs `tolerance`: how far off is still right.";
                self.say(message.to_owned(), Some(entry));
            }
            return Some(StepKind::Guess { fact, tolerance: tolerance.unwrap_or(0.0), run, why });
        }
        let choices = self.choices(table, entry);
        Some(StepKind::Choose { choices, run, why })
    }

    fn choices(&mut self, table: &DeTable<'_>, entry: &TomlValue<'_>) -> Vec<Choice> {
        let list = table.get("choice").and_then(|value| value.get_ref().as_array());
        let Some(list) = list.filter(|list| (2..=MOST_CHOICES).contains(&list.len())) else {
            let message = format!(
                "A step of kind predict needs 2 to {MOST_CHOICES} answers ([[step.choice]]), or `fact` and `tolerance`."
            );
            self.say(message, Some(entry));
            return Vec::new();
        };
        let choices: Vec<Choice> = list.iter().filter_map(|value| self.choice(value)).collect();
        if !choices.iter().any(|choice| choice.when != RightWhen::Never) {
            self.say("None of these answers is right: one needs right = true or `when`.".to_owned(), Some(entry));
        }
        choices
    }

    fn choice(&mut self, value: &TomlValue<'_>) -> Option<Choice> {
        let table = self.table(value, "[step.choice]")?;
        self.keys("[step.choice]", table, &["text", "when", "right"]);
        let right = table.get("right").and_then(|value| value.get_ref().as_bool());
        let when = match (self.condition(table, "when"), right) {
            (Some(condition), _) => RightWhen::Fact(condition),
            (None, Some(true)) => RightWhen::Always,
            (None, _) => RightWhen::Never,
        };
        Some(Choice { text: self.needed(table, "text"), when })
    }
}

/// A number with or without a decimal point.
fn number(value: &TomlValue<'_>) -> Option<f64> {
    crate::train::settings::toml_read::real(value)
}
