//! `spikescape landscape --table`: how often each rule points downhill, over seeds, updates and ranges.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Value, json};

use crate::file::save;
use crate::landscape::RuleView;
use crate::rule::Rule;
use crate::sweep::table::{TableAnswer, TableAsk, TableRow, TableSweep};
use crate::sweep::{GatheredAnswers, OpenTasks};
use crate::train::settings::toml_write::PROGRAM;

use super::super::compare::ask::trained_network;
use super::super::print::{complain, exact, say};
use super::super::settings::chosen_run;
use super::super::signals;
use super::super::sweep::drive;
use super::super::table::Table;
use super::args::{Landscape, LandscapeWhat};
use super::say_written;
use crate::sweep::quantile::{quantile, sorted};
use crate::text::{self, count, whole};

/// What is measured where nothing is said.
const UPDATES: [u64; 3] = [0, 100, 1000];
const RANGES: [f32; 2] = [1.0, 0.1];

/// One rule's view of one landscape.
struct Row<'a> {
    seed: u64,
    of: &'a TableRow,
    view: &'a RuleView,
}

/// What was measured.
struct Rows<'a> {
    ask: &'a TableAsk,
    rows: Vec<Row<'a>>,
}

pub fn run(args: &Landscape) -> Result<ExitCode, String> {
    let ask = args.what.table_ask()?;
    let begun = Instant::now();
    let threads = drive::threads(args.threads, ask.settings.memory());
    let gathered = drive::in_memory(&TableSweep::new(&ask, threads), threads, "landscapes")?;
    report(&ask, &gathered, Some(begun.elapsed().as_secs_f64()), &args.out, args.json)?;
    if gathered.is_whole() {
        return Ok(ExitCode::SUCCESS);
    }
    let all = ask.seeds.len() * ask.landscapes();
    let done: usize = (0..).zip(&ask.seeds).filter_map(|(task, _)| Some(gathered.known(task)?.rows.len())).sum();
    complain(&format!("Stopped early: {} of {} were measured.", whole(done as u64), count(all as u64, "landscape")));
    Ok(signals::stopped())
}

impl LandscapeWhat {
    /// What is asked of a table. What cannot be, or whose data cannot be opened, is said.
    pub fn table_ask(&self) -> Result<TableAsk, String> {
        let settings = chosen_run(&self.chosen, self.data.as_deref())?;
        let mut updates = if self.updates.is_empty() { UPDATES.to_vec() } else { self.updates.clone() };
        updates.sort_unstable();
        updates.dedup();
        let ranges = if self.range.is_empty() { RANGES.to_vec() } else { self.range.clone() };
        let (seeds, points, over) = (self.seeds.0.clone(), self.points, self.over);
        let mut ask = TableAsk { settings, seeds, updates, ranges, points, over, network: String::new() };
        // one that is too large for a setting is said here
        ask.settings(ask.seeds.len() as u32 - 1)?;
        let task = OpenTasks::keeping(1).open(&ask.settings(0)?)?;
        ask.network = trained_network(&ask.settings, &task);
        Ok(ask)
    }
}

/// Prints the table of what was measured, and writes the files. `seconds` is how long it took, where that is to be told.
pub fn report(
    ask: &TableAsk,
    gathered: &GatheredAnswers<TableAnswer>,
    seconds: Option<f64>,
    out: &[PathBuf],
    as_json: bool,
) -> Result<(), String> {
    let table = Rows::of(ask, gathered);
    for path in out {
        save(path, table.every_row().csv().as_bytes())?;
        let mut name = path.as_os_str().to_owned();
        name.push(".toml");
        let text = format!("# {}\n\n{}", table.title().replace('\n', "\n# "), ask.settings.to_toml());
        save(name.as_ref(), text.as_bytes())?;
    }
    if as_json {
        say(&table.json().to_string());
    } else {
        let took = seconds.map_or_else(String::new, |seconds| format!("\n{seconds:.1} s"));
        say(&format!("{}{took}\n\n{}\n\n{NOTES}", table.title(), table.summary().aligned(1)));
        say_written(out);
    }
    Ok(())
}

impl<'a> Rows<'a> {
    fn of(ask: &'a TableAsk, gathered: &'a GatheredAnswers<TableAnswer>) -> Self {
        let mut rows = Vec::new();
        for (task, &seed) in (0..).zip(&ask.seeds) {
            for of in gathered.known(task).iter().flat_map(|answer| &answer.rows) {
                rows.extend(of.rules.iter().map(|view| Row { seed, of, view }));
            }
        }
        Self { ask, rows }
    }

    fn title(&self) -> String {
        let TableAsk { settings, points: n, .. } = self.ask;
        format!(
            "{}, network {}, trained with {}, loss {}\n{n} × {n} points on a random plane, normalised filter by filter, over {}; {}",
            count(self.ask.seeds.len() as u64, "seed"),
            self.ask.network,
            settings.rule.rule.label(),
            settings.loss.kind.key(),
            self.ask.over,
            PROGRAM
        )
    }

    /// Median and quartiles over the seeds.
    fn summary(&self) -> Table {
        let mut table = Table::new(&[
            "rule",
            "range",
            "updates",
            "downhill",
            "",
            "cosine",
            "",
            "inconsistency",
            "",
            "circulation",
            "",
            "correlation",
            "",
            "zero slope",
            "",
        ]);
        for &range in &self.ask.ranges {
            for &update in &self.ask.updates {
                for rule in Rule::ALL {
                    let of = |r: &&Row| r.of.range == range && r.of.update == update && r.view.rule == rule;
                    let here = || self.rows.iter().filter(of);
                    let zero = |r: &Row| (r.of.interior > 0).then(|| r.of.zero_slope as f64 / r.of.interior as f64);
                    let mut row = vec![rule.label().to_owned(), range.to_string(), update.to_string()];
                    row.extend(spread(here().map(|r| r.view.downhill), true));
                    row.extend(spread(here().map(|r| r.view.cosine), false));
                    row.extend(spread(here().map(|r| r.view.inconsistency), false));
                    row.extend(spread(here().map(|r| r.view.circulation), false));
                    row.extend(spread(here().map(|r| r.view.correlation), false));
                    row.extend(spread(here().map(zero), true));
                    table.push(row);
                }
            }
        }
        table
    }

    fn json(&self) -> Value {
        let row = |r: &Row| {
            json!({
                "seed": r.seed, "update": r.of.update, "range": r.of.range, "rule": r.view.rule.key(),
                "downhill": r.view.downhill, "cosine": r.view.cosine, "inconsistency": r.view.inconsistency,
                "circulation": r.view.circulation, "correlation": r.view.correlation,
                "interior": r.of.interior, "zero_slope": r.of.zero_slope,
                "compared": r.view.compared, "zero_field": r.view.zero_field,
            })
        };
        json!({
            "program": PROGRAM, "settings": self.ask.settings.to_toml(), "points": self.ask.points,
            "over": self.ask.over.to_string(), "rows": self.rows.iter().map(row).collect::<Vec<_>>(),
        })
    }

    /// A row for each rule on each landscape, for programs.
    fn every_row(&self) -> Table {
        let mut table = Table::new(&[
            "seed",
            "update",
            "range",
            "rule",
            "downhill",
            "cosine",
            "inconsistency",
            "circulation",
            "correlation",
            "interior",
            "zero_slope",
            "compared",
            "zero_field",
        ]);
        for r in &self.rows {
            let number = |x: Option<f64>| x.map_or_else(String::new, exact);
            let view = &r.view;
            let mut row =
                vec![r.seed.to_string(), r.of.update.to_string(), r.of.range.to_string(), view.rule.key().to_owned()];
            row.extend(
                [view.downhill, view.cosine, view.inconsistency, view.circulation, view.correlation].map(number),
            );
            row.extend([r.of.interior, r.of.zero_slope, view.compared, view.zero_field].map(|n| n.to_string()));
            table.push(row);
        }
        table
    }
}

/// Median, and the quartiles in brackets; a dash where no seed has a value.
fn spread(values: impl Iterator<Item = Option<f64>>, percent: bool) -> [String; 2] {
    let values = sorted(values.flatten());
    let [low, middle, high] = [0.25, 0.5, 0.75].map(|share| quantile(&values, share));
    match (middle.is_nan(), percent) {
        (true, _) => ["–".into(), String::new()],
        (_, true) => [text::percent(middle, 1), format!("({:.1} – {:.1})", 100.0 * low, 100.0 * high)],
        (_, false) => [format!("{middle:.3}"), format!("({low:.3} – {high:.3})")],
    }
}

const NOTES: &str = "\
Medians over the seeds, quartiles in brackets (interpolated linearly). All rules
are measured at the same weights, those of the run. Downhill: the share of the
inner points at which field and slope make an acute angle, of those where neither
is zero; cosine: of that angle, mean over the same points. Slope: the central
difference at the spacing of the grid; zero slope: the share of the inner points
where it is exactly zero. Inconsistency: the share of the field that no surface
can explain. Circulation: Σ |integral of the field around a cell| / Σ |field| ds
over all cells, 0 for the slope of any surface, 1 for a field that rises all the
way around each. Correlation: of the surface that the rule believes in with the
true landscape, over all points.";
