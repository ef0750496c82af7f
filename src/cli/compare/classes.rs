//! How well the runs of a comparison do on samples with classes, by split.

use crate::sweep::compare::{RunLook, SplitScore};
use crate::task::Split;
use crate::train::Validation;

use super::super::table::Table;
use super::results::Results;
use crate::sweep::quantile::{quantile, sorted};

/// A number that is told of a split: the name of its column, and where it is from.
type SplitNumber = (&'static str, fn(&Validation) -> f64);

const NUMBERS: [SplitNumber; 6] = [
    ("accuracy_first", |v| v.accuracy_first),
    ("accuracy_count", |v| v.accuracy_count),
    ("unanswered", |v| v.unanswered as f64),
    ("spikes", |v| v.spikes),
    ("necessary", |v| v.necessary),
    ("loss", |v| v.loss),
];

/// The columns of a row for a run.
pub fn columns(splits: &[Split]) -> Vec<String> {
    splits.iter().flat_map(|split| NUMBERS.map(|(name, _)| format!("{}_{name}", split.key()))).collect()
}

/// Their cells; empty where samples were not answered.
pub fn cells(splits: &[Split], scores: &[SplitScore]) -> Vec<String> {
    let of = |n: usize| {
        NUMBERS.map(|(name, number)| match scores.get(n).map(|s| &s.scores) {
            Some(v) if name == "unanswered" => v.unanswered.to_string(),
            Some(v) => format!("{:?}", number(v)),
            None => String::new(),
        })
    };
    (0..splits.len()).flat_map(of).collect()
}

/// The columns of a row for a cell: quartiles of the accuracy by first spike, medians of the other numbers.
pub fn summary_columns(splits: &[Split]) -> Vec<String> {
    let of = |split: &Split| {
        let key = split.key();
        let first = ["q1", "median", "q3"].map(|end| format!("{key}_accuracy_first_{end}"));
        let others = NUMBERS[1..].iter().map(move |(name, _)| format!("{key}_{name}_median"));
        first.into_iter().chain(others)
    };
    splits.iter().flat_map(of).collect()
}

/// Their cells for the `split`th split; NaN where there is nothing.
pub fn summary_cells<'a>(looks: impl Iterator<Item = &'a RunLook>, split: usize) -> [f64; 8] {
    let scores: Vec<&Validation> = looks.filter_map(|look| Some(&look.scores.get(split)?.scores)).collect();
    let of = |n: usize, share: f64| quantile(&sorted(scores.iter().map(|v| NUMBERS[n].1(v))), share);
    [of(0, 0.25), of(0, 0.5), of(0, 0.75), of(1, 0.5), of(2, 0.5), of(3, 0.5), of(4, 0.5), of(5, 0.5)]
}

/// The table for people.
pub fn text(results: &Results) -> String {
    let (runs, looks) = (&results.ask.runs, &results.ask.looks);
    let mut head = vec!["rule"];
    head.extend(runs.vary.iter().map(|v| v.key.as_str()));
    head.extend(["split", results.unit(), "first spike: median", "quartile 1", "quartile 3"]);
    head.extend(["count", "no answer", "spikes", "necessary"]);
    let mut table = Table::new(&head);
    for index in 0..runs.cells() {
        let cell = runs.cell(index);
        for (n, after) in looks.after().iter().enumerate() {
            for (k, split) in looks.splits().iter().enumerate() {
                let [q1, median, q3, by_count, unanswered, spikes, necessary, _] =
                    summary_cells(results.looks(index, n), k);
                let told = |x: f64, text: String| if x.is_nan() { "–".to_owned() } else { text };
                let mut row = results.named(&cell);
                row.extend([split.key().to_owned(), after.to_string()]);
                row.extend([median, q1, q3, by_count].map(|x| told(x, format!("{:.2} %", 100.0 * x))));
                row.push(told(unanswered, format!("{unanswered}")));
                row.extend([spikes, necessary].map(|x| told(x, format!("{x:.1}"))));
                table.push(row);
            }
        }
    }
    format!("{}\n\n{NOTES}", table.aligned(2 + runs.vary.len()))
}

const NOTES: &str = "\
Medians over the seeds: share of right answers by first spike and by count, and
samples without an answer, which count as class 0 in both; spikes are means of a
sample, in all layers together, of which necessary are those up to the first
output spike.";
