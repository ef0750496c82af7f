//! `spikescape landscape --table`: how often each rule points downhill, over seeds, updates and ranges.

use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Value, json};

use crate::engine;
use crate::landscape::{Desk, Grid, Landscape as Points, PlaneKind, RuleView};
use crate::record::file::write_whole;
use crate::rule::Rule;
use crate::text::{self, count};
use crate::train::Settings;
use crate::train::settings::toml_write::PROGRAM;

use super::super::print::{exact, say};
use super::super::quantile::{quantile, sorted};
use super::super::settings::{chosen_run, network};
use super::super::table::Table;
use super::super::tasks::Tasks;
use super::super::{progress, stop};
use super::args::Landscape;
use super::say_written;
use super::subject::Subject;

/// What is measured where nothing is said.
const UPDATES: [u64; 3] = [0, 100, 1000];
const RANGES: [f32; 2] = [1.0, 0.1];

/// One rule's view of one landscape.
struct Row {
    seed: u64,
    update: u64,
    range: f32,
    interior: usize,
    zero_slope: usize,
    view: RuleView,
}

/// What is to be measured.
struct Plan<'a> {
    args: &'a Landscape,
    base: Settings,
    /// Rising.
    updates: Vec<u64>,
    ranges: Vec<f32>,
}

pub fn run(args: &Landscape, threads: usize) -> Result<ExitCode, String> {
    let base = chosen_run(&args.chosen, args.data.as_deref())?;
    let mut updates = if args.updates.is_empty() { UPDATES.to_vec() } else { args.updates.clone() };
    updates.sort_unstable();
    updates.dedup();
    let ranges = if args.range.is_empty() { RANGES.to_vec() } else { args.range.clone() };
    let plan = Plan { args, base, updates, ranges };
    let begun = Instant::now();
    let pool = engine::pool("landscape", threads)?;
    let Some(rows) = pool.install(|| plan.rows())? else { return Ok(stop::code()) };
    for path in &args.out {
        let csv = every_row(&rows).csv();
        write_whole(path, csv.as_bytes()).map_err(|e| format!("{} could not be written: {e}.", path.display()))?;
        let mut name = path.as_os_str().to_owned();
        name.push(".toml");
        let text = format!("# {}\n\n{}", plan.title().replace('\n', "\n# "), plan.base.to_toml());
        write_whole(name.as_ref(), text.as_bytes())
            .map_err(|e| format!("{} could not be written: {e}.", name.to_string_lossy()))?;
    }
    if args.json {
        say(&plan.json(&rows).to_string());
    } else {
        let seconds = begun.elapsed().as_secs_f64();
        say(&format!("{}\n{seconds:.1} s\n\n{}\n\n{NOTES}", plan.title(), plan.summary(&rows).aligned(1)));
        say_written(&args.out);
    }
    Ok(ExitCode::SUCCESS)
}

impl Plan<'_> {
    /// All rows; none when it was stopped.
    fn rows(&self) -> Result<Option<Vec<Row>>, String> {
        let seeds = &self.args.seeds.0;
        let number = seeds.len() * self.updates.len() * self.ranges.len();
        let (bar, tasks, mut rows) = (progress::of(number as u64, "landscapes"), Tasks::keeping(1), Vec::new());
        for &seed in seeds {
            let mut settings = self.base.clone();
            settings.set_text("run.seed", &seed.to_string()).map_err(|p| format!("--seeds: {p}"))?;
            let mut trainer = tasks.trainer(settings)?;
            for &update in &self.updates {
                while trainer.update() < update && !stop::asked() {
                    trainer.step().map_err(|halt| format!("Seed {seed}: {halt}."))?;
                }
                let subject = Subject::now(trainer, update);
                for &range in &self.ranges {
                    if stop::asked() {
                        bar.finish_and_clear();
                        return Ok(None);
                    }
                    rows.extend(self.look(&subject, seed, range)?);
                    bar.inc(1);
                }
                trainer = subject.trainer;
            }
        }
        bar.finish_and_clear();
        Ok(Some(rows))
    }

    fn look(&self, subject: &Subject, seed: u64, range: f32) -> Result<[Row; 3], String> {
        let grid = Grid { points: self.args.points, range };
        let scene = subject.scene(PlaneKind::Random, None, self.args.over, seed, true)?;
        let at: Vec<[f32; 2]> = (0..grid.len()).map(|k| grid.point(k).into()).collect();
        let points = (0..).zip(scene.survey.measure(&Desk::default(), &at)).collect::<Vec<_>>();
        let mut landscape = Points::new(grid);
        landscape.take(&points, &[]);
        let comparison = landscape.views().comparison;
        let row = |view| {
            let (interior, zero_slope) = (comparison.interior, comparison.zero_slope);
            Row { seed, update: subject.update, range, interior, zero_slope, view }
        };
        Ok(comparison.rules.map(row))
    }

    fn title(&self) -> String {
        let Plan { args, base, .. } = self;
        let n = args.points;
        format!(
            "{}, network {}, trained with {}, loss {}\n{n} × {n} points on a random plane, normalised filter by filter, over {}; {}",
            count(args.seeds.0.len() as u64, "seed"),
            network(base),
            base.rule.rule.label(),
            base.loss.kind.key(),
            args.over,
            PROGRAM
        )
    }

    /// Median and quartiles over the seeds.
    fn summary(&self, rows: &[Row]) -> Table {
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
        for &range in &self.ranges {
            for &update in &self.updates {
                for rule in Rule::ALL {
                    let here = || rows.iter().filter(|r| r.range == range && r.update == update && r.view.rule == rule);
                    let zero = |r: &Row| (r.interior > 0).then(|| r.zero_slope as f64 / r.interior as f64);
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

    fn json(&self, rows: &[Row]) -> Value {
        let row = |r: &Row| {
            json!({
                "seed": r.seed, "update": r.update, "range": r.range, "rule": r.view.rule.key(),
                "downhill": r.view.downhill, "cosine": r.view.cosine, "inconsistency": r.view.inconsistency,
                "circulation": r.view.circulation, "correlation": r.view.correlation, "interior": r.interior, "zero_slope": r.zero_slope,
                "compared": r.view.compared, "zero_field": r.view.zero_field,
            })
        };
        json!({
            "program": PROGRAM, "settings": self.base.to_toml(), "points": self.args.points,
            "over": self.args.over.to_string(), "rows": rows.iter().map(row).collect::<Vec<_>>(),
        })
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

fn every_row(rows: &[Row]) -> Table {
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
    for r in rows {
        let number = |x: Option<f64>| x.map_or_else(String::new, exact);
        let view = &r.view;
        let mut row = vec![r.seed.to_string(), r.update.to_string(), r.range.to_string(), view.rule.key().to_owned()];
        row.extend([view.downhill, view.cosine, view.inconsistency, view.circulation, view.correlation].map(number));
        row.extend([r.interior, r.zero_slope, view.compared, view.zero_field].map(|n| n.to_string()));
        table.push(row);
    }
    table
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
