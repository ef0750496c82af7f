//! The experiment of a lesson, and the other runs that its claims speak of.

use toml::de::{DeTable, DeValue};

use crate::lesson::control::{PANELS, panel};
use crate::lesson::{Control, Experiment};
use crate::train::Settings;
use crate::train::settings::memory::MEMORY;
use crate::train::settings::toml_read::real;
use crate::train::settings::{PRESETS, nearest, preset};

use super::{LessonReader, TomlValue};

const KEYS: [&str; 7] = ["preset", "updates", "speed", "range", "panels", "controls", "settings"];

/// The most updates that a lesson makes before the reader sees it, or after an answer.
pub(super) const MOST_UPDATES: u64 = 100_000;

impl LessonReader<'_> {
    pub(super) fn experiment(&mut self, root: &DeTable<'_>) -> Experiment {
        let empty = Experiment {
            settings: Settings::default(),
            updates: 0,
            speed: 10.0,
            range: None,
            panels: vec![vec!["raster", "curves"]],
            controls: Vec::new(),
        };
        let Some(value) = root.get("experiment") else {
            self.say("`[experiment]` is missing: its settings, panels and controls.".to_owned(), None);
            return empty;
        };
        let Some(table) = self.table(value, "experiment") else { return empty };
        self.keys("experiment", table, &KEYS);
        let settings = self.settings(table, Settings::default());
        let updates = table.get("updates").map_or(0, |value| self.number(value, "updates", 0..=MOST_UPDATES));
        let speed = table.get("speed").map_or(10, |value| self.number(value, "speed", 1..=1000));
        let (panels, controls) = (self.panels(table), self.controls(table));
        let range = table.get("range").and_then(|value| {
            let range = real(value).filter(|x| *x > 0.0 && *x <= 100.0);
            if range.is_none() {
                self.0.refuse("range", value, "a number above 0, at most 100");
            }
            range
        });
        Experiment { settings, updates, speed: speed as f64, range, panels, controls }
    }

    /// The runs by name: the settings of the experiment, changed.
    pub(super) fn runs(&mut self, root: &DeTable<'_>, base: &Settings) -> Vec<(String, Settings)> {
        let Some(table) = root.get("runs").and_then(|value| self.table(value, "runs")) else { return Vec::new() };
        let mut runs = Vec::new();
        for (name, value) in table {
            let name = name.get_ref().to_string();
            if let Some(table) = self.table(value, &format!("runs.{name}")) {
                self.keys(&format!("runs.{name}"), table, &["preset", "settings"]);
                runs.push((name, self.settings(table, base.clone())));
            }
        }
        runs
    }

    pub(super) fn table<'t, 'v>(&mut self, value: &'t TomlValue<'v>, key: &str) -> Option<&'t DeTable<'v>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.0.refuse(key, value, &format!("a section, as in [{key}]"));
        }
        table
    }

    /// Settings in a table: a preset, and single ones under `settings`, as in `settings.neuron.alpha_i = 0.9`.
    pub(super) fn settings(&mut self, table: &DeTable<'_>, base: Settings) -> Settings {
        let mut settings = base;
        if let Some(value) = table.get("preset") {
            match value.get_ref().as_str().and_then(preset) {
                Some(preset) => settings = (preset.make)(),
                None => {
                    let keys: Vec<_> = PRESETS.iter().map(|p| format!("\"{}\"", p.key)).collect();
                    self.0.refuse("preset", value, &format!("one of {}", keys.join(", ")));
                }
            }
        }
        if let Some(sections) = table.get("settings").and_then(|value| self.table(value, "settings")) {
            self.0.own_sections(sections, &mut settings, MEMORY);
        }
        settings
    }

    /// Columns of panels: a list of keys is one column each, a list of lists says which stand below each other.
    fn panels(&mut self, table: &DeTable<'_>) -> Vec<Vec<&'static str>> {
        let mut columns: Vec<Vec<&'static str>> = Vec::new();
        let Some(value) = table.get("panels") else { return vec![vec!["raster", "curves"]] };
        let Some(list) = value.get_ref().as_array() else {
            self.0.refuse("panels", value, "a list of columns, as in [[\"raster\", \"curves\"], [\"changes\"]]");
            return columns;
        };
        for entry in list {
            let column = match entry.get_ref() {
                DeValue::Array(rows) => rows.iter().filter_map(|row| self.panel(row)).collect(),
                _ => self.panel(entry).into_iter().collect::<Vec<_>>(),
            };
            columns.push(column);
        }
        columns.retain(|column| !column.is_empty());
        let mut seen = Vec::new();
        for key in columns.iter().flatten() {
            if seen.contains(key) {
                self.say(format!("The panel `{key}` stands in the list twice."), Some(value));
            }
            seen.push(*key);
        }
        columns
    }

    fn panel(&mut self, value: &TomlValue<'_>) -> Option<&'static str> {
        let Some(key) = value.get_ref().as_str() else {
            self.0.refuse("panels", value, "the key of a panel in quotes");
            return None;
        };
        let found = panel(key);
        if found.is_none() {
            let message = match nearest::nearest(key, PANELS) {
                Some(meant) => format!("There is no panel `{key}`. Did you mean `{meant}`?"),
                None => format!("There is no panel `{key}`. The panels are {}.", PANELS.join(", ")),
            };
            self.say(message, Some(value));
        }
        found
    }

    fn controls(&mut self, table: &DeTable<'_>) -> Vec<Control> {
        let names = self.texts(table, "controls");
        names.into_iter().filter_map(|(name, at)| self.parsed(at, Control::parse(&name))).collect()
    }
}
