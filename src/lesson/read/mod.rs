//! Lessons from TOML. All problems of a file are reported together, each with its line and column.

mod experiment;
mod step;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::train::settings::source::TomlSource;
use crate::train::settings::toml_read::{TomlReader, whole};
use crate::train::settings::{Problem, nearest};

use super::claim::Claim;
use super::{Condition, Lesson};

/// The first line of a lesson file.
pub const FORMAT: &str = "spikescape lesson 1";

/// Keys at the top of a lesson file.
const TOP: [&str; 12] = [
    "format",
    "id",
    "title",
    "language",
    "minutes",
    "goals",
    "before",
    "notes",
    "experiment",
    "runs",
    "step",
    "claims",
];

/// A value with its place.
type TomlValue<'a> = Spanned<DeValue<'a>>;

impl Lesson {
    /// Reads a lesson; `name` is what messages call the file.
    pub fn read(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let source = TomlSource::new(name, text);
        let root = source.parse()?;
        let mut reader = LessonReader(TomlReader::new(source));
        let lesson = reader.lesson(&root);
        reader.0.finish(lesson)
    }
}

/// Whether a TOML text is meant as a lesson, and not as settings.
pub fn is_lesson(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with("format") && line.contains("spikescape lesson"))
}

/// Reads a file, and collects what is wrong with it.
struct LessonReader<'a>(TomlReader<'a>);

impl LessonReader<'_> {
    fn lesson(&mut self, root: &DeTable<'_>) -> Lesson {
        self.keys("", root, &TOP);
        self.format(root);
        let experiment = self.experiment(root);
        let runs = self.runs(root, &experiment.settings);
        let mut lesson = Lesson {
            id: self.needed(root, "id"),
            title: self.needed(root, "title"),
            language: self.needed(root, "language"),
            minutes: self.minutes(root),
            goals: self.texts(root, "goals").into_iter().map(|(goal, _)| goal).collect(),
            before: self.text(root, "before"),
            notes: self.text(root, "notes"),
            steps: Vec::new(),
            claims: Vec::new(),
            experiment,
            runs,
        };
        lesson.steps = self.steps(root, &lesson.experiment);
        lesson.claims = self.claims(root, &lesson);
        lesson
    }

    fn format(&mut self, root: &DeTable<'_>) {
        let found = self.0.text(root, "format").map(str::to_owned);
        if found.as_deref() != Some(FORMAT) {
            let message = format!("The first line of a lesson is format = \"{FORMAT}\".");
            self.say(message, root.get("format"));
        }
    }

    fn minutes(&mut self, root: &DeTable<'_>) -> u64 {
        match root.get("minutes") {
            Some(value) => self.number(value, "minutes", 1..=240),
            None => {
                self.say("`minutes` is missing: how long the lesson takes.".to_owned(), None);
                10
            }
        }
    }

    /// Keys that are not known.
    fn keys(&mut self, of: &str, table: &DeTable<'_>, known: &[&str]) {
        for (key, _) in table {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let place = if of.is_empty() { "a lesson".to_owned() } else { format!("[{of}]") };
            let message = match nearest::nearest(name, known.iter().copied()) {
                Some(meant) => format!("{place} has no key {name}. Did you mean {meant}?"),
                None => format!("{place} has no key {name}. Its keys are {}.", known.join(", ")),
            };
            self.0.complain(Problem::new(name, "", message), &key.span());
        }
    }

    /// A problem in a sentence, at a value where there is one.
    fn say(&mut self, message: String, at: Option<&TomlValue<'_>>) {
        let span = at.map_or(0..0, Spanned::span);
        self.0.complain(Problem::new("", "", message), &span);
    }

    /// A text that may be missing.
    fn text(&mut self, table: &DeTable<'_>, key: &str) -> String {
        self.0.text(table, key).unwrap_or_default().trim().to_owned()
    }

    /// A text that must be there.
    fn needed(&mut self, table: &DeTable<'_>, key: &str) -> String {
        if table.get(key).is_none() {
            self.say(format!("`{key}` is missing: a text in quotes."), None);
        }
        self.text(table, key)
    }

    fn number(&mut self, value: &TomlValue<'_>, key: &str, range: std::ops::RangeInclusive<u64>) -> u64 {
        match value.get_ref().as_integer().and_then(whole).filter(|n| range.contains(n)) {
            Some(n) => n,
            None => {
                let allowed = format!("a whole number from {} to {}", range.start(), range.end());
                self.0.refuse(key, value, &allowed);
                *range.start()
            }
        }
    }

    /// A list of texts, with their places; empty where it is missing.
    fn texts<'t, 'v>(&mut self, table: &'t DeTable<'v>, key: &str) -> Vec<(String, &'t TomlValue<'v>)> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.0.refuse(key, value, "a list of texts, as in [\"one\", \"two\"]");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for entry in list {
            match entry.get_ref().as_str() {
                Some(text) => texts.push((text.trim().to_owned(), entry)),
                None => self.0.refuse(key, entry, "a text in quotes"),
            }
        }
        texts
    }

    /// Something that is read from a text, or said to be wrong at its place.
    fn parsed<T>(&mut self, at: &TomlValue<'_>, read: Result<T, String>) -> Option<T> {
        read.map_err(|problem| self.say(problem, Some(at))).ok()
    }

    fn condition(&mut self, table: &DeTable<'_>, key: &str) -> Option<Condition> {
        let text = self.0.text(table, key)?.to_owned();
        self.parsed(table.get(key)?, Condition::parse(&text))
    }

    fn claims(&mut self, root: &DeTable<'_>, lesson: &Lesson) -> Vec<Claim> {
        let mut claims = Vec::new();
        for (text, at) in self.texts(root, "claims") {
            let Some(claim) = self.parsed(at, Claim::parse(&text)) else { continue };
            if let Some(name) = claim.runs().find(|name| lesson.run_named(name).is_none()) {
                let message = format!(
                    "There is no run `{name}`: a claim speaks of activation, timing, antlr, experiment, or a run that \
                     stands under [runs.{name}]."
                );
                self.say(message, Some(at));
                continue;
            }
            claims.push(claim);
        }
        claims
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::pages::EXAMPLE;

    fn problems(text: &str) -> String {
        let problems = Lesson::read("a.toml", text).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_commented_example_is_a_lesson() {
        let lesson = Lesson::read("new.toml", EXAMPLE).unwrap_or_else(|p| panic!("{p:?}"));
        assert!(is_lesson(EXAMPLE) && !is_lesson("format = \"spikescape settings 2\""));
        assert_eq!((lesson.language.as_str(), lesson.claims.len()), ("en", 2));
        let kinds: Vec<_> = lesson.steps.iter().map(|step| step.kind_name()).collect();
        assert_eq!(kinds, ["read", "predict", "see", "do", "predict", "do"]);
        assert!(lesson.steps.windows(2).all(|pair| pair[0].line < pair[1].line));
    }

    #[test]
    fn problems_are_named_with_their_lines() {
        for (from, to, words) in [
            ("until = \"rule = timing\"", "until = \"rule = timings\"", "never `timings`"),
            ("until = \"rule = timing\"", "until = \"rul = timing\"", "Did you mean `rule`?"),
            ("point = \"timing\"", "point = \"timming\"", "Did you mean `timing`?"),
            ("minutes = 8", "minutes = \"long\"", "minutes must be a whole number"),
            ("title =", "titel =", "Did you mean title?"),
            ("kind = \"see\"", "kind = \"look\"", "kind must be one of"),
            ("spikescape lesson 1", "spikescape lesson 9", "The first line of a lesson"),
            ("task.rate", "task.rat", "Did you mean task.rate?"),
            ("\"raster\"", "\"rasta\"", "no panel `rasta`"),
            ("over seeds 0-9", "over seed 0-9", "begins with"),
        ] {
            assert!(EXAMPLE.contains(from), "{from}");
            let line = EXAMPLE[..EXAMPLE.find(from).unwrap()].lines().count();
            let said = problems(&EXAMPLE.replacen(from, to, 1));
            assert!(said.contains(words), "{from} -> {to}: {said}");
            // the head has no line of its own where a key is missing
            assert!(said.contains("a.toml, line "), "{said}");
            assert!(
                said.contains(&format!("line {line},")) || said.contains(&format!("line {},", line + 1)),
                "{line}: {said}"
            );
        }
    }
}
