//! Which runs there are.

use crate::engine;
use crate::machine::memory;
use crate::rule::Rule;
use crate::train::Settings;
use crate::train::settings::field;

use super::super::args::{Compare, Variation};
use super::super::settings::{check, chosen};

/// The most runs of a comparison.
const MOST_RUNS: usize = 1_000_000;

/// What is compared.
pub struct Plan {
    pub base: Settings,
    pub vary: Option<Variation>,
    /// After how many updates each run is looked at, rising.
    pub looks: Vec<u64>,
    pub seeds: Vec<u64>,
    /// The cells of the table, each with a run for every seed.
    pub cells: Vec<Cell>,
    pub threads: usize,
}

/// A rule and a varied value.
pub struct Cell {
    pub rule: Rule,
    /// The value of the varied setting, as it was written.
    pub value: Option<String>,
    settings: Settings,
}

/// One run.
pub struct Job {
    /// Index into [`Plan::cells`].
    pub cell: usize,
    pub seed: u64,
}

impl Plan {
    pub fn of(args: &Compare) -> Result<Self, String> {
        let base = chosen(&args.source)?;
        let values: Vec<_> = match &args.vary {
            None => vec![None],
            Some(vary) => vary.values.iter().cloned().map(Some).collect(),
        };
        if let Some(vary) = &args.vary {
            for (key, instead) in [("rule.rule", "--rules"), ("run.seed", "--seeds")] {
                if field(&vary.key).is_some_and(|f| f.key == key) {
                    return Err(format!("--vary cannot vary {key}: that is what {instead} is for."));
                }
            }
        }
        let mut cells = Vec::new();
        for value in &values {
            let varied = varied(&base, args.vary.as_ref(), value.as_deref())?;
            for &rule in &args.rules.0 {
                let mut settings = varied.clone();
                settings.rule.rule = rule;
                cells.push(Cell { rule, value: value.clone(), settings });
            }
        }
        let seeds = args.seeds.0.clone();
        if let Some(seed) = seeds.iter().max() {
            base.clone().set_text("run.seed", &seed.to_string()).map_err(|p| format!("--seeds: {p}"))?;
        }
        if cells.len() * seeds.len() > MOST_RUNS {
            return Err(format!("These are {} runs; at most {MOST_RUNS} can be compared.", cells.len() * seeds.len()));
        }
        let mut looks = args.updates.clone();
        looks.sort_unstable();
        looks.dedup();
        let threads = fitting(&cells, args.threads.map_or_else(engine::cores, usize::from));
        Ok(Self { base, vary: args.vary.clone(), looks, seeds, cells, threads })
    }

    /// Seed by seed, so that the runs on one task follow one another.
    pub fn jobs(&self) -> Vec<Job> {
        let cells = || 0..self.cells.len();
        self.seeds.iter().flat_map(|&seed| cells().map(move |cell| Job { cell, seed })).collect()
    }

    pub fn settings(&self, job: &Job) -> Settings {
        let mut settings = self.cells[job.cell].settings.clone();
        settings.run.seed = job.seed;
        settings
    }

    /// Updates of a whole run.
    pub fn updates(&self) -> u64 {
        self.looks.last().copied().unwrap_or(0)
    }
}

fn varied(base: &Settings, vary: Option<&Variation>, value: Option<&str>) -> Result<Settings, String> {
    let mut settings = base.clone();
    if let (Some(vary), Some(value)) = (vary, value) {
        let here = |problem: String| format!("--vary {}={value}: {problem}", vary.key);
        settings.set_text(&vary.key, value).map_err(|p| here(p.to_string()))?;
        check(&settings).map_err(here)?;
    }
    Ok(settings)
}

/// At most so many threads that their runs fit into memory together.
fn fitting(cells: &[Cell], threads: usize) -> usize {
    let largest = cells.iter().map(|c| c.settings.memory()).max().unwrap_or(0);
    let room = memory() / largest.max(1);
    threads.min(usize::try_from(room).unwrap_or(usize::MAX)).max(1)
}
