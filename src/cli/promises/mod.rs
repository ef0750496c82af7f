//! `spikescape promises`: how many of its promises each rule keeps, and whether its field is the slope of anything.

pub mod args;
mod measure;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::engine;
use crate::explain::PromiseTally;
use crate::file::{save, try_target};
use crate::landscape::Grid;
use crate::rule::Rule;
use crate::sweep::{OpenTasks, shared_out};
use crate::text::{self, count};
use crate::train::Settings;
use crate::train::settings::toml_write::PROGRAM;

use super::print::{exact, say};
use super::settings::{chosen, network};
use super::sweep::drive;
use super::table::Table;
use super::{progress, signals};
use crate::sweep::quantile::{quantile, sorted};
use args::Promises;
use measure::{Questions, Row};

pub fn run(args: &Promises) -> Result<ExitCode, String> {
    if let Some(path) = &args.out
        && path.extension().is_none_or(|end| !end.eq_ignore_ascii_case("csv"))
    {
        return Err(format!("{} should end in .csv: the rows of the table are written as CSV.", path.display()));
    }
    args.out.as_deref().map_or(Ok(()), try_target)?;
    let base = chosen(&args.source)?;
    if let Some(seed) = args.seeds.0.iter().max() {
        base.clone().set_text("run.seed", &seed.to_string()).map_err(|p| format!("--seeds: {p}"))?;
    }
    signals::listen();
    let begun = Instant::now();
    let mut updates = args.updates.clone();
    updates.sort_unstable();
    updates.dedup();
    let questions = Questions { updates, own: args.own, grid: Grid { points: args.points, range: args.range } };
    let rows = rows(args, &base, &questions)?;
    if signals::asked().is_some() {
        return Ok(signals::stopped());
    }
    let title = title(args, &base);
    if let Some(path) = &args.out {
        write(path, &title, &base, &rows)?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let tables = [promises(&rows, &questions.updates), circulations(&rows, &questions.updates)];
    let [promises, circulations] = tables.map(|table| table.aligned(1));
    say(&format!("{title}\n{seconds:.1} s\n\n{promises}\n\n{circulations}\n\n{NOTES}"));
    if let Some(path) = &args.out {
        say(&format!("\nwritten: {}", path.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// All rows, in the order of the seeds; fewer when it was stopped.
fn rows(args: &Promises, base: &Settings, questions: &Questions) -> Result<Vec<Row>, String> {
    let (seeds, threads) = (&args.seeds.0, drive::threads(args.threads, base.memory()));
    let (at_once, each) = shared_out(threads, seeds.len(), threads);
    let (tasks, bar) = (OpenTasks::keeping(at_once + 1), progress::of(seeds.len() as u64, "seeds"));
    let (next, answers) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let one = |n: usize, seed: u64| -> Result<(), String> {
        let mut settings = base.clone();
        settings.run.seed = seed;
        let rows = questions.of_seed(&settings, &tasks)?;
        answers.lock().unwrap_or_else(PoisonError::into_inner).insert(n, rows);
        bar.inc(1);
        Ok(())
    };
    let done = engine::spread(at_once, each, || {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(&seed) = seeds.get(n) else { return Ok(()) };
            // after an error nothing else is begun
            one(n, seed).inspect_err(|_| next.store(seeds.len(), Ordering::Relaxed))?;
        }
    });
    bar.finish_and_clear();
    done?;
    Ok(answers.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().flatten().collect())
}

fn title(args: &Promises, base: &Settings) -> String {
    let runs = if args.own {
        "each rule in a run of its own, and the update of its optimiser".to_owned()
    } else {
        let rule = base.rule.rule.label();
        format!("runs trained with {rule}; a plain step of each rule's gradient, as long as the update of the run")
    };
    format!(
        "{}, network {}, loss {}\n{runs}; {PROGRAM}",
        count(args.seeds.0.len() as u64, "seed"),
        network(base),
        base.loss.kind.key(),
    )
}

/// Rows of a rule at an update.
fn here(rows: &[Row], update: u64, rule: Rule) -> impl Iterator<Item = &Row> + Clone {
    rows.iter().filter(move |row| row.update == update && row.rule == rule)
}

/// Median of the shares over the seeds, and the quartiles in brackets; a dash where no seed has one.
fn spread(shares: impl Iterator<Item = Option<f64>>) -> String {
    let shares = sorted(shares.flatten());
    let [low, middle, high] = [0.25, 0.5, 0.75].map(|share| 100.0 * quantile(&shares, share));
    if middle.is_nan() { "–".into() } else { format!("{middle:.1} % ({low:.1} – {high:.1})") }
}

fn promises(rows: &[Row], updates: &[u64]) -> Table {
    let shares = ["kept", "not moved", "broken", "stayed"];
    let head = [&["rule", "updates", "layer", "spikes", "to move"][..], &shares, &["created", "removed"]].concat();
    let mut table = Table::new(&head);
    let layers: &[_] = rows.first().map_or(&[], |row| &row.layers);
    for &update in updates {
        for rule in Rule::ALL {
            for (n, (layer, _)) in layers.iter().enumerate() {
                let known = here(rows, update, rule).filter_map(|row| row.layers[n].1);
                let sum = known.reduce(|mut sum, tally| {
                    sum += tally;
                    sum
                });
                let mut row = vec![rule.label().to_owned(), update.to_string(), layer.to_string()];
                row.extend(in_numbers(sum));
                table.push(row);
            }
        }
    }
    table
}

/// The cells of a tally; dashes where no run had a step.
fn in_numbers(tally: Option<PromiseTally>) -> [String; 8] {
    let number = |of: fn(&PromiseTally) -> u64| tally.map_or("–".into(), |tally| text::whole(of(&tally)));
    let share =
        |of: fn(&PromiseTally) -> Option<f64>| text::percent(tally.as_ref().and_then(of).unwrap_or(f64::NAN), 1);
    [
        number(PromiseTally::spikes),
        number(PromiseTally::moves),
        share(PromiseTally::kept_moves),
        share(PromiseTally::unmoved_moves),
        share(PromiseTally::broken_moves),
        share(PromiseTally::kept_stays),
        number(|tally| tally.created),
        number(|tally| tally.removed + tally.lost),
    ]
}

fn circulations(rows: &[Row], updates: &[u64]) -> Table {
    let mut table = Table::new(&["rule", "updates", "circulation, cells", "circulation, circle"]);
    for &update in updates {
        for rule in Rule::ALL {
            let rows = || here(rows, update, rule);
            table.push(vec![
                rule.label().to_owned(),
                update.to_string(),
                spread(rows().map(|row| row.cells)),
                spread(rows().map(|row| row.circle)),
            ]);
        }
    }
    table
}

/// All rows, and next to them the settings.
fn write(path: &Path, title: &str, base: &Settings, rows: &[Row]) -> Result<(), String> {
    save(path, every_row(rows).csv().as_bytes())?;
    let mut name = path.as_os_str().to_owned();
    name.push(".toml");
    let text = format!("# {}\n\n{}", title.replace('\n', "\n# "), base.to_toml());
    save(name.as_ref(), text.as_bytes())
}

fn every_row(rows: &[Row]) -> Table {
    let mut table = Table::new(&[
        "seed",
        "update",
        "rule",
        "layer",
        "kept",
        "unmoved",
        "reversed",
        "removed",
        "stayed",
        "strayed",
        "lost",
        "removed_falling",
        "created",
        "created_rising",
        "created_by_inputs",
        "removed_by_inputs",
        "circulation_cells",
        "circulation_circle",
    ]);
    for row in rows {
        for (layer, tally) in &row.layers {
            let mut cells =
                vec![row.seed.to_string(), row.update.to_string(), row.rule.key().to_owned(), layer.to_string()];
            let numbers = tally.map(|t| {
                let moves = [t.kept, t.unmoved, t.reversed, t.removed, t.stayed, t.strayed];
                let others = [t.lost, t.removed_falling, t.created, t.created_rising];
                let by_inputs = [t.created_by_inputs, t.removed_by_inputs];
                [&moves[..], &others, &by_inputs].concat()
            });
            // without a gradient there is no step and nothing was promised
            let number = |n: usize| numbers.as_ref().map_or_else(String::new, |numbers| numbers[n].to_string());
            cells.extend((0..12).map(number));
            cells.extend([row.cells, row.circle].map(|x| x.map_or_else(String::new, exact)));
            table.push(cells);
        }
    }
    table
}

const NOTES: &str = "\
Numbers and shares of spikes are of all seeds together, as one alone has few that
are to move; circulations are medians over the seeds, with quartiles in brackets
(interpolated linearly). A step promises every spike a shift of −δv/v′ steps by
the layer's own new weights; it is to move where that is at least half a step.
Kept: the weights alone, with what comes in as it was, moved it in that direction;
broken: in the other, or removed it. Stayed: of the spikes that were to stay.
Created and removed: by the weights alone. A dash: the rule has no gradient, or no
spike was to move.
Circulation, cells: Σ |integral of the rule's field around a cell| / Σ |field| ds
on a random plane, 0 for the slope of any surface; circle: |∮ g ds| / ∮ |g ds|
around a circle on the same plane.";
