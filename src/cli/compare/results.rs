//! What the runs add up to.

use crate::sweep::compare::group::{self, Group};
use crate::sweep::compare::{CompareAnswer, CompareAsk, RunLook, RunLooks};
use crate::sweep::{GatheredAnswers, SweepCell};

use super::super::print::exact;
use super::super::table::{Csv, Table};
use super::classes;
use crate::sweep::quantile::quantile;
use crate::text::{count, value};

/// All runs of a comparison.
pub struct Results<'a> {
    pub ask: &'a CompareAsk,
    pub gathered: &'a GatheredAnswers<CompareAnswer>,
    /// Not where times are left out.
    pub measured: Option<Measured>,
}

/// What differs from one machine to the next.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    pub seconds: f64,
    pub threads: usize,
}

impl Results<'_> {
    /// The runs of a cell in the order of their seeds, with what is known of them.
    pub fn of_cell(&self, cell: usize) -> impl Iterator<Item = (u64, &CompareAnswer)> {
        group::of_cell(self.ask, self.gathered, cell)
    }

    /// What the runs of a cell were like when they were looked at for the `n`th time.
    pub fn looks(&self, cell: usize, n: usize) -> impl Iterator<Item = &RunLook> {
        group::looks(self.ask, self.gathered, cell, n)
    }

    fn groups(&self) -> Vec<Group> {
        group::groups(self.ask, self.gathered)
    }

    /// What runs are looked at after.
    pub fn unit(&self) -> &'static str {
        match self.ask.looks {
            RunLooks::Updates(_) => "updates",
            RunLooks::Epochs { .. } => "epochs",
        }
    }

    /// Columns for programs that say which setting was varied: two for one setting or none, else one named by each.
    fn varied_head(&self) -> Vec<&str> {
        match &self.ask.runs.vary[..] {
            [] | [_] => vec!["vary_key", "vary_value"],
            several => several.iter().map(|v| v.key.as_str()).collect(),
        }
    }

    /// The cells of these columns.
    fn varied(&self, cell: &SweepCell) -> Vec<String> {
        let values = self.ask.runs.values(cell).into_iter().map(str::to_owned);
        match &self.ask.runs.vary[..] {
            [] => vec![String::new(); 2],
            [one] => std::iter::once(one.key.clone()).chain(values).collect(),
            _ => values.collect(),
        }
    }

    /// Rule, varied values and seed: how a row for programs begins.
    fn start(&self, cell: &SweepCell, seed: u64) -> Vec<String> {
        let mut start = vec![cell.rule.key().to_owned()];
        start.extend(self.varied(cell));
        start.push(seed.to_string());
        start
    }

    /// The table for programs: a row for each run and number of updates or epochs, and one for where a run diverged.
    pub fn every_run(&self) -> Csv {
        let (splits, scores) = (self.ask.looks.splits(), classes::columns(self.ask.looks.splits()));
        let mut head = vec!["rule"];
        head.extend(self.varied_head());
        head.extend(["seed", self.unit(), "loss", "spikes"]);
        head.extend(scores.iter().map(String::as_str));
        head.extend(["seconds", "diverged"]);
        let mut table = Csv::new(&head);
        for index in 0..self.ask.runs.cells() {
            let cell = self.ask.runs.cell(index);
            for (seed, run) in self.of_cell(index) {
                let start = self.start(&cell, seed);
                for look in &run.looks {
                    let seconds = self.measured.map(|_| exact((look.seconds * 1e6).round() / 1e6));
                    let mut row = start.clone();
                    row.extend([look.after.to_string(), exact(look.loss), look.spikes.to_string()]);
                    row.extend(classes::cells(splits, &look.scores));
                    row.extend([seconds.unwrap_or_default(), String::new()]);
                    table.push(&row);
                }
                if let Some(diverged) = &run.diverged {
                    let made = diverged.update - 1;
                    let made = if splits.is_empty() { made.to_string() } else { String::new() };
                    let mut row = start;
                    row.push(made);
                    row.extend(vec![String::new(); 3 + scores.len()]);
                    row.push("true".to_owned());
                    table.push(&row);
                }
            }
        }
        table
    }

    /// The curves for programs: a row for each point of each run.
    pub fn curves(&self) -> Csv {
        let mut head = vec!["rule"];
        head.extend(self.varied_head());
        head.extend(["seed", "update", "loss", "spikes"]);
        let mut table = Csv::new(&head);
        for index in 0..self.ask.runs.cells() {
            let cell = self.ask.runs.cell(index);
            for (seed, run) in self.of_cell(index) {
                for point in &run.curve {
                    let mut row = self.start(&cell, seed);
                    row.extend([point.update.to_string(), exact(point.loss), point.spikes.to_string()]);
                    table.push(&row);
                }
            }
        }
        table
    }

    /// The summary for programs.
    pub fn summary(&self) -> Table {
        let splits = self.ask.looks.splits();
        let scores = classes::summary_columns(splits);
        let mut head = vec!["rule"];
        head.extend(self.varied_head());
        head.extend([
            self.unit(),
            "n",
            "diverged",
            "loss_q1",
            "loss_median",
            "loss_q3",
            "spikes_median",
            "share_loss_zero",
        ]);
        head.extend(scores.iter().map(String::as_str));
        let mut table = Table::new(&head);
        let looks = self.ask.looks.after().len();
        for (k, group) in self.groups().into_iter().enumerate() {
            let number = |x: f64| if x.is_nan() { String::new() } else { exact(x) };
            let mut row = vec![group.cell.rule.key().to_owned()];
            row.extend(self.varied(&group.cell));
            row.extend([group.after.to_string(), group.losses.len().to_string(), group.diverged.to_string()]);
            row.extend([0.25, 0.5, 0.75].map(|share| number(quantile(&group.losses, share))));
            row.extend([number(quantile(&group.spikes, 0.5)), number(group.solved())]);
            for n in 0..splits.len() {
                row.extend(classes::summary_cells(self.looks(k / looks, k % looks), n).map(number));
            }
            table.push(row);
        }
        table
    }

    /// The summary for people.
    pub fn text(&self) -> String {
        let (groups, vary) = (self.groups(), &self.ask.runs.vary);
        let diverged: Vec<_> = (0..self.ask.runs.cells()).flat_map(|c| self.diverged(c)).collect();
        let mut head = vec!["rule"];
        head.extend(vary.iter().map(|v| v.key.as_str()));
        head.extend([self.unit(), "n", "loss: median", "quartile 1", "quartile 3", "loss = 0", "spikes"]);
        head.extend((!diverged.is_empty()).then_some("diverged"));
        let mut table = Table::new(&head);
        for group in &groups {
            let number = |x: f64| if x.is_nan() { "–".to_owned() } else { value(x) };
            let mut row = self.named(&group.cell);
            row.extend([group.after.to_string(), group.losses.len().to_string()]);
            row.extend([0.5, 0.25, 0.75].map(|share| number(quantile(&group.losses, share))));
            let solved = group.solved();
            row.push(if solved.is_nan() { "–".to_owned() } else { format!("{:.1} %", 100.0 * solved) });
            let spikes = quantile(&group.spikes, 0.5);
            row.push(if spikes.is_nan() { "–".to_owned() } else { spikes.to_string() });
            row.extend((!diverged.is_empty()).then(|| group.diverged.to_string()));
            table.push(row);
        }
        let mut text = self.title() + "\n\n" + &table.aligned(1 + vary.len()) + "\n\n" + NOTES;
        if !self.ask.looks.splits().is_empty() {
            text += &format!("\n\n{}", classes::text(self));
        }
        if let Some((cell, seed, what)) = diverged.first() {
            let (number, name) = (count(diverged.len() as u64, "run"), self.ask.runs.cell(*cell).rule.label());
            text += &format!("\n{number} diverged; the first is {name} with seed {seed}: {what}.");
        }
        text
    }

    /// Rule and varied values: how a row for people begins.
    pub fn named(&self, cell: &SweepCell) -> Vec<String> {
        let mut row = vec![cell.rule.label().to_owned()];
        row.extend(self.ask.runs.values(cell).into_iter().map(str::to_owned));
        row
    }

    /// The runs of a cell that diverged.
    fn diverged(&self, cell: usize) -> impl Iterator<Item = (usize, u64, &str)> {
        self.of_cell(cell).filter_map(move |(seed, run)| Some((cell, seed, run.diverged.as_ref()?.what.as_str())))
    }

    fn title(&self) -> String {
        let runs = count(self.gathered.answers.len() as u64, "run");
        let seeds = match self.ask.runs.seeds[..] {
            [one] => format!("seed {one}"),
            [first, .., last] if last - first == self.ask.runs.seeds.len() as u64 - 1 => {
                format!("seeds {first} to {last}")
            }
            _ => count(self.ask.runs.seeds.len() as u64, "seed"),
        };
        let keys: Vec<&str> = self.ask.runs.vary.iter().map(|v| v.key.as_str()).collect();
        let varied = match &keys[..] {
            [] => String::new(),
            [one] => format!(", {one} varied"),
            [before @ .., last] => format!(", {} and {last} varied", before.join(", ")),
        };
        let took = self.measured.map_or_else(String::new, |Measured { seconds, threads }| {
            format!(" in {seconds:.1} s on {}", count(threads as u64, "thread"))
        });
        format!("{runs}{took}: network {}{varied}, {seeds}", self.ask.network)
    }
}

const NOTES: &str = "\
Quartiles are interpolated linearly between the sorted losses, as NumPy does by
default. Loss = 0: share of runs whose loss was exactly 0. Spikes: median of the
spikes in hidden layers and output together, for the watched sample.";
