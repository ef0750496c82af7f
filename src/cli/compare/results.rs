//! What the runs add up to.

use super::super::print::exact;
use super::super::quantile::{quantile, sorted};
use super::super::settings::network;
use super::super::table::Table;
use super::plan::{Cell, Plan};
use super::runs::{Look, Run};
use crate::text::{count, value};

/// All runs of a comparison.
pub struct Results<'a> {
    pub plan: &'a Plan,
    pub runs: &'a [Run],
    pub seconds: f64,
}

/// The runs of one cell at one number of updates.
struct Group<'a> {
    cell: &'a Cell,
    updates: u64,
    /// Rising.
    losses: Vec<f64>,
    /// Rising.
    spikes: Vec<f64>,
    diverged: usize,
}

impl Group<'_> {
    /// Share of runs that came to a loss of exactly 0.
    fn solved(&self) -> f64 {
        self.losses.iter().filter(|l| **l == 0.0).count() as f64 / self.losses.len() as f64
    }
}

impl Results<'_> {
    /// Runs that were stopped.
    pub fn unfinished(&self) -> usize {
        self.runs.iter().filter(|r| r.diverged.is_none() && r.looks.len() < self.plan.looks.len()).count()
    }

    fn groups(&self) -> Vec<Group<'_>> {
        let group = |(c, cell), &updates: &u64| {
            let runs = self.runs.iter().filter(|r: &&Run| r.job.cell == c);
            let looks = runs.clone().flat_map(|r| &r.looks).filter(|l| l.updates == updates);
            Group {
                cell,
                updates,
                losses: sorted(looks.clone().map(|l: &Look| l.loss)),
                spikes: sorted(looks.map(|l| l.spikes as f64)),
                diverged: runs.filter(|r| r.diverged.as_ref().is_some_and(|d| d.update() <= updates)).count(),
            }
        };
        let cells = self.plan.cells.iter().enumerate();
        cells.flat_map(|cell| self.plan.looks.iter().map(move |updates| group(cell, updates))).collect()
    }

    fn vary_key(&self) -> &str {
        self.plan.vary.as_ref().map_or("", |v| v.key.as_str())
    }

    /// The table for programs: a row for each run and number of updates, and one for where a run diverged.
    pub fn every_run(&self) -> Table {
        let head = ["rule", "vary_key", "vary_value", "seed", "updates", "loss", "spikes", "seconds", "diverged"];
        let mut table = Table::new(&head);
        for run in self.runs {
            let cell = &self.plan.cells[run.job.cell];
            let value = cell.value.clone().unwrap_or_default();
            let start = [cell.rule.key().into(), self.vary_key().into(), value, run.job.seed.to_string()];
            for look in &run.looks {
                let Look { updates, loss, spikes, seconds } = look;
                let seconds = exact((seconds * 1e6).round() / 1e6);
                let end = [updates.to_string(), exact(*loss), spikes.to_string(), seconds, String::new()];
                table.push(start.iter().cloned().chain(end).collect());
            }
            if let Some(diverged) = &run.diverged {
                let made = (diverged.update() - 1).to_string();
                let end = [made, String::new(), String::new(), String::new(), "true".to_owned()];
                table.push(start.iter().cloned().chain(end).collect());
            }
        }
        table
    }

    /// The summary for programs.
    pub fn summary(&self) -> Table {
        let mut table = Table::new(&[
            "rule",
            "vary_key",
            "vary_value",
            "updates",
            "n",
            "diverged",
            "loss_q1",
            "loss_median",
            "loss_q3",
            "spikes_median",
            "share_loss_zero",
        ]);
        for group in self.groups() {
            let number = |x: f64| if x.is_nan() { String::new() } else { exact(x) };
            let mut row = vec![group.cell.rule.key().to_owned(), self.vary_key().to_owned()];
            row.extend([group.cell.value.clone().unwrap_or_default(), group.updates.to_string()]);
            row.extend([group.losses.len().to_string(), group.diverged.to_string()]);
            row.extend([0.25, 0.5, 0.75].map(|share| number(quantile(&group.losses, share))));
            row.extend([number(quantile(&group.spikes, 0.5)), number(group.solved())]);
            table.push(row);
        }
        table
    }

    /// The summary for people.
    pub fn text(&self) -> String {
        let (groups, vary) = (self.groups(), self.plan.vary.is_some());
        let diverged = self.runs.iter().filter(|r| r.diverged.is_some()).count();
        let mut head = vec!["rule"];
        head.extend(vary.then(|| self.vary_key()));
        head.extend(["updates", "n", "loss: median", "quartile 1", "quartile 3", "loss = 0", "spikes"]);
        head.extend((diverged > 0).then_some("diverged"));
        let mut table = Table::new(&head);
        for group in groups {
            let number = |x: f64| if x.is_nan() { "–".to_owned() } else { value(x) };
            let mut row = vec![group.cell.rule.label().to_owned()];
            row.extend(group.cell.value.clone());
            row.extend([group.updates.to_string(), group.losses.len().to_string()]);
            row.extend([0.5, 0.25, 0.75].map(|share| number(quantile(&group.losses, share))));
            let solved = group.solved();
            row.push(if solved.is_nan() { "–".to_owned() } else { format!("{:.1} %", 100.0 * solved) });
            let spikes = quantile(&group.spikes, 0.5);
            row.push(if spikes.is_nan() { "–".to_owned() } else { spikes.to_string() });
            row.extend((diverged > 0).then(|| group.diverged.to_string()));
            table.push(row);
        }
        let mut text = self.title() + "\n\n" + &table.aligned(if vary { 2 } else { 1 }) + "\n\n" + NOTES;
        if let Some(run) = self.runs.iter().find(|r| r.diverged.is_some()) {
            let (cell, seed) = (&self.plan.cells[run.job.cell], run.job.seed);
            let first = run.diverged.as_ref().map(ToString::to_string).unwrap_or_default();
            let name = cell.rule.label();
            text += &format!(
                "\n{} diverged; the first is {name} with seed {seed}: {first}.",
                count(diverged as u64, "run")
            );
        }
        text
    }

    fn title(&self) -> String {
        let plan = self.plan;
        let runs = count(self.runs.len() as u64, "run");
        let threads = count(plan.threads as u64, "thread");
        let seeds = match plan.seeds[..] {
            [one] => format!("seed {one}"),
            [first, .., last] if last - first == plan.seeds.len() as u64 - 1 => format!("seeds {first} to {last}"),
            _ => count(plan.seeds.len() as u64, "seed"),
        };
        let experiment = match (self.vary_key(), network(&plan.base)) {
            ("", network) => format!("network {network}"),
            (key, network) => format!("network {network}, {key} varied"),
        };
        format!("{runs} in {:.1} s on {threads}: {experiment}, {seeds}", self.seconds)
    }
}

const NOTES: &str = "\
Quartiles are interpolated linearly between the sorted losses, as NumPy does by
default. Loss = 0: share of runs whose loss was exactly 0. Spikes: median of the
spikes in hidden layers and output together, for the watched sample.";
