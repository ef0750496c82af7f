//! Runs as the cells of a grid: named settings, values of settings that are varied, rules; each with every seed.

use serde::{Deserialize, Serialize};

use crate::rule::Rule;
use crate::train::Settings;
use crate::train::settings::field;

use super::MOST_TASKS;
use super::serial;

/// A setting and the values that it takes in turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variation {
    pub key: String,
    /// As they were written.
    pub values: Vec<String>,
}

/// Settings that runs start from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedSettings {
    /// The file that they were read from; empty where there is no more than one.
    pub name: String,
    #[serde(with = "serial::settings")]
    pub settings: Settings,
}

/// All runs of a sweep. Its tasks are numbered seed by seed, so that runs on one task follow one another; within a seed the
/// cells begin with another one each time, so that no shard comes to have all runs of the slowest rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepRuns {
    /// At least one.
    pub bases: Vec<NamedSettings>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vary: Vec<Variation>,
    /// Empty: the rule of the settings.
    #[serde(with = "serial::rules", default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Rising; empty: the seed of the settings.
    #[serde(with = "serial::seeds", default, skip_serializing_if = "Vec::is_empty")]
    pub seeds: Vec<u64>,
}

/// A cell of the grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepCell {
    /// Index into [`SweepRuns::bases`].
    pub base: usize,
    /// For each of [`SweepRuns::vary`] the number of its value.
    pub values: Vec<usize>,
    pub rule: Rule,
}

impl SweepRuns {
    /// Whether all of it can be: `check` says whether settings are sound. A sentence says what is wrong.
    pub fn check(&self, check: impl Fn(&Settings) -> Result<(), String>) -> Result<(), String> {
        for (n, Variation { key, .. }) in self.vary.iter().enumerate() {
            let meant = field(key).map_or(key.as_str(), |f| f.key);
            for (own, instead, given) in
                [("rule.rule", "--rules", !self.rules.is_empty()), ("run.seed", "--seeds", !self.seeds.is_empty())]
            {
                if meant == own && given {
                    return Err(format!("--vary cannot vary {own}: that is what {instead} is for."));
                }
            }
            let same = |v: &Variation| field(&v.key).map_or(v.key.as_str(), |f| f.key) == meant;
            if self.vary[..n].iter().any(same) {
                return Err(format!("--vary names {meant} twice: give all its values at once."));
            }
        }
        let number = (self.cells() as u64).saturating_mul(self.seeds.len().max(1) as u64);
        if number > u64::from(MOST_TASKS) {
            return Err(format!("These are {number} runs; at most {MOST_TASKS} can be compared."));
        }
        if let Some(seed) = self.seeds.iter().max() {
            let mut settings = self.bases[0].settings.clone();
            settings.set_text("run.seed", &seed.to_string()).map_err(|p| format!("--seeds: {p}"))?;
        }
        let rules = self.rules.len().max(1);
        for combination in (0..self.cells()).step_by(rules) {
            let settings = self.cell_settings(combination)?;
            check(&settings).map_err(|problem| self.here(combination, &problem))?;
        }
        Ok(())
    }

    /// How many cells the grid has.
    pub fn cells(&self) -> usize {
        let values = self.vary.iter().map(|v| v.values.len());
        values.fold(self.bases.len() * self.rules.len().max(1), usize::saturating_mul)
    }

    /// How many runs there are.
    pub fn tasks(&self) -> u32 {
        (self.cells() * self.seeds.len().max(1)).try_into().unwrap_or(u32::MAX)
    }

    /// Cell `index`: bases run slowest, then the varied settings in their order, the rules fastest.
    pub fn cell(&self, index: usize) -> SweepCell {
        let rules = self.rules.len().max(1);
        let (mut rest, rule) = (index / rules, index % rules);
        let mut values: Vec<usize> = Vec::with_capacity(self.vary.len());
        for variation in self.vary.iter().rev() {
            values.push(rest % variation.values.len());
            rest /= variation.values.len();
        }
        values.reverse();
        let rule = self.rules.get(rule).copied().unwrap_or(self.bases[rest].settings.rule.rule);
        SweepCell { base: rest, values, rule }
    }

    /// The values of a cell's varied settings, as they were written.
    pub fn values(&self, cell: &SweepCell) -> Vec<&str> {
        self.vary.iter().zip(&cell.values).map(|(vary, &n)| vary.values[n].as_str()).collect()
    }

    /// The cell of a task, and the number of its seed.
    pub fn place(&self, task: u32) -> (usize, usize) {
        let (cells, task) = (self.cells(), task as usize);
        let seed = task / cells;
        ((task % cells + seed) % cells, seed)
    }

    /// The task of a cell and a seed's number.
    pub fn task(&self, cell: usize, seed: usize) -> u32 {
        let cells = self.cells();
        (seed * cells + (cell + cells - seed % cells) % cells) as u32
    }

    /// The seed of a task.
    pub fn seed(&self, task: u32) -> u64 {
        let (cell, seed) = self.place(task);
        self.seeds.get(seed).copied().unwrap_or_else(|| self.bases[self.cell(cell).base].settings.run.seed)
    }

    /// The settings of a cell, with the seed of its base.
    pub fn cell_settings(&self, index: usize) -> Result<Settings, String> {
        let cell = self.cell(index);
        let mut settings = self.bases[cell.base].settings.clone();
        for (vary, value) in self.vary.iter().zip(self.values(&cell)) {
            settings.set_text(&vary.key, value).map_err(|p| format!("--vary {}={value}: {p}", vary.key))?;
        }
        settings.rule.rule = cell.rule;
        Ok(settings)
    }

    /// The settings of a task.
    pub fn settings(&self, task: u32) -> Result<Settings, String> {
        let (cell, seed) = self.place(task);
        let mut settings = self.cell_settings(cell)?;
        if let Some(seed) = self.seeds.get(seed) {
            settings.run.seed = *seed;
        }
        Ok(settings)
    }

    /// The most memory that one of the runs takes, in bytes.
    pub fn memory(&self) -> u64 {
        let rules = self.rules.len().max(1);
        let cells = (0..self.cells()).step_by(rules);
        cells.filter_map(|c| self.cell_settings(c).ok()).map(|s| s.memory()).max().unwrap_or(0)
    }

    /// A task as people would write it on a command line.
    pub fn describe(&self, task: u32) -> String {
        let cell = self.cell(self.place(task).0);
        let mut text = format!("--rule {} --seed {}", cell.rule, self.seed(task));
        for (vary, value) in self.vary.iter().zip(self.values(&cell)) {
            text += &format!(" --set {}={value}", vary.key);
        }
        let name = &self.bases[cell.base].name;
        if name.is_empty() { text } else { format!("--settings {name} {text}") }
    }

    /// A problem with the settings of a cell.
    fn here(&self, cell: usize, problem: &str) -> String {
        let cell = self.cell(cell);
        let varied = self.vary.iter().zip(self.values(&cell)).map(|(v, value)| format!("--vary {}={value}", v.key));
        let name = Some(&self.bases[cell.base].name).filter(|name| !name.is_empty()).cloned();
        let place: Vec<String> = name.into_iter().chain(varied).collect();
        if place.is_empty() { problem.to_owned() } else { format!("{}: {problem}", place.join(" ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> SweepRuns {
        let vary = |key: &str, values: &[&str]| Variation {
            key: key.into(),
            values: values.iter().map(|v| (*v).to_owned()).collect(),
        };
        SweepRuns {
            bases: vec![NamedSettings { name: String::new(), settings: Settings::default() }],
            vary: vec![
                vary("neuron.alpha_v", &["0.9", "0.95"]),
                vary("optimiser.learning_rate", &["0.1", "0.2", "0.3"]),
            ],
            rules: vec![Rule::Timing, Rule::Antlr],
            seeds: vec![3, 4, 9],
        }
    }

    #[test]
    fn every_run_is_a_task_once() {
        let runs = grid();
        assert_eq!((runs.cells(), runs.tasks()), (12, 36));
        let mut seen = std::collections::BTreeSet::new();
        for task in 0..runs.tasks() {
            let (cell, seed) = runs.place(task);
            assert_eq!(runs.task(cell, seed), task);
            let settings = runs.settings(task).unwrap();
            seen.insert((
                settings.rule.rule.key(),
                settings.run.seed,
                settings.neuron.alpha_v.to_bits(),
                settings.optimiser.learning_rate.to_bits(),
            ));
        }
        assert_eq!(seen.len(), 36);
    }

    #[test]
    fn a_shard_gets_runs_of_every_cell() {
        let runs = grid();
        let shard = (0..runs.tasks()).step_by(12).map(|task| runs.place(task).0);
        assert_eq!(shard.collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn rules_run_fastest_and_the_first_varied_setting_slowest() {
        let runs = grid();
        let cell = |n| {
            let cell = runs.cell(n);
            (runs.values(&cell).join(" "), cell.rule)
        };
        assert_eq!(cell(0), ("0.9 0.1".into(), Rule::Timing));
        assert_eq!(cell(1), ("0.9 0.1".into(), Rule::Antlr));
        assert_eq!(cell(2), ("0.9 0.2".into(), Rule::Timing));
        assert_eq!(cell(6), ("0.95 0.1".into(), Rule::Timing));
        assert_eq!(
            runs.describe(0),
            "--rule timing --seed 3 --set neuron.alpha_v=0.9 --set optimiser.learning_rate=0.1"
        );
    }

    #[test]
    fn what_cannot_be_is_said() {
        let sound = |_: &Settings| Ok(());
        assert_eq!(grid().check(sound), Ok(()));
        let with = |key: &str, value: &str| {
            let mut runs = grid();
            runs.vary.push(Variation { key: key.into(), values: vec![value.into()] });
            runs.check(sound).unwrap_err()
        };
        assert!(with("rule.rule", "antlr").contains("--rules"));
        assert!(with("run.seed", "1").contains("--seeds"));
        assert!(with("neuron.alpha_v", "0.8").contains("twice"));
        assert!(with("task.steps", "0").contains("--vary task.steps=0"));
        let refused = grid().check(|s| if s.neuron.alpha_v < 0.95 { Err("no".into()) } else { Ok(()) });
        assert_eq!(refused.unwrap_err(), "--vary neuron.alpha_v=0.9 --vary optimiser.learning_rate=0.1: no");
    }

    #[test]
    fn without_rules_and_seeds_those_of_the_settings_count() {
        let runs = SweepRuns { rules: vec![], seeds: vec![], vary: vec![], ..grid() };
        assert_eq!((runs.tasks(), runs.seed(0), runs.cell(0).rule), (1, 0, Rule::Antlr));
    }
}
