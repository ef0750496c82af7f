//! What a window shows of a sweep while it fills: how far it is, and what has arrived, as a table or as a map.

use std::path::PathBuf;

use crate::text::{count, value};

use super::compare::{CompareAnswer, CompareAsk, RunLooks, group};
use super::gather::GatheredAnswers;
use super::landscape::{LandscapeScene, LandscapeSweep, PointAnswer};
use super::plan::SweepKind;
use super::quantile::quantile;
use super::watch::{WatchedAnswers, WatchedSweep};

/// A sweep as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SweepView {
    pub folder: PathBuf,
    /// What it is, in a line.
    pub title: String,
    pub tasks: usize,
    pub done: usize,
    /// Tasks that failed and were not done since, with why; the first few.
    pub failed: Vec<(u32, String)>,
    pub failures: usize,
    /// The columns of the table, and its rows; words first, numbers after `words` columns.
    pub head: Vec<String>,
    pub words: usize,
    pub rows: Vec<Vec<String>>,
    /// Of a plane, the losses [n, n], b running faster; NaN where none has arrived.
    pub plane: Option<(usize, Vec<f32>)>,
}

/// Failures that are told one by one.
const MOST_FAILURES: usize = 5;

impl WatchedSweep {
    /// What has arrived until now.
    pub fn view(&self) -> SweepView {
        let mut view = SweepView { folder: self.folder.path().to_owned(), ..SweepView::default() };
        match (&self.answers, &self.plan.plan.kind) {
            (WatchedAnswers::Compare(answers), SweepKind::Compare(ask)) => {
                view.count(&answers.gathered);
                view.compare(ask, &answers.gathered);
            }
            (WatchedAnswers::Landscape(scene, answers), _) => {
                view.count(&answers.gathered);
                view.landscape(scene, &answers.gathered);
            }
            (WatchedAnswers::Train(answers), _) => {
                view.count(&answers.gathered);
                view.title = count(view.tasks as u64, "training");
            }
            (WatchedAnswers::Table(answers), _) => {
                view.count(&answers.gathered);
                view.title = format!("What the rules see, {}", count(view.tasks as u64, "seed"));
            }
            // answers are of the kind of their plan
            (WatchedAnswers::Compare(_), _) => {}
        }
        view
    }
}

impl SweepView {
    fn count<A>(&mut self, gathered: &GatheredAnswers<A>) {
        (self.tasks, self.done) = (gathered.answers.len(), gathered.done());
        self.failures = gathered.failed.len();
        self.failed = gathered.failed.iter().take(MOST_FAILURES).map(|(task, why)| (*task, why.clone())).collect();
    }

    /// The table of `spikescape compare`, of the runs that have arrived.
    fn compare(&mut self, ask: &CompareAsk, gathered: &GatheredAnswers<CompareAnswer>) {
        let unit = match ask.looks {
            RunLooks::Updates(_) => "updates",
            RunLooks::Epochs { .. } => "epochs",
        };
        self.title = format!("{}: network {}", count(self.tasks as u64, "run"), ask.network);
        self.words = 1 + ask.runs.vary.len();
        self.head = vec!["rule".into()];
        self.head.extend(ask.runs.vary.iter().map(|v| v.key.clone()));
        let numbers = [unit, "n", "loss: median", "quartile 1", "quartile 3", "loss = 0", "spikes", "diverged"];
        self.head.extend(numbers.map(str::to_owned));
        for group in group::groups(ask, gathered) {
            let number = |x: f64| if x.is_nan() { "–".to_owned() } else { value(x) };
            let mut row = vec![group.cell.rule.label().to_owned()];
            row.extend(ask.runs.values(&group.cell).into_iter().map(str::to_owned));
            row.extend([group.after.to_string(), group.losses.len().to_string()]);
            row.extend([0.5, 0.25, 0.75].map(|share| number(quantile(&group.losses, share))));
            let solved = group.solved();
            row.push(if solved.is_nan() { "–".to_owned() } else { format!("{:.1} %", 100.0 * solved) });
            let spikes = quantile(&group.spikes, 0.5);
            row.push(if spikes.is_nan() { "–".to_owned() } else { spikes.to_string() });
            row.push(group.diverged.to_string());
            self.rows.push(row);
        }
    }

    /// The losses that have arrived, and the least and greatest of them.
    fn landscape(&mut self, scene: &LandscapeScene, gathered: &GatheredAnswers<PointAnswer>) {
        let n = scene.ask.grid().points;
        let sweep = LandscapeSweep::new(scene);
        let losses: Vec<f64> = if scene.ask.cut {
            sweep.cut(&gathered.answers).iter().map(|p| p.map_or(f64::NAN, |p| p.loss)).collect()
        } else {
            sweep.landscape(&gathered.answers).losses()
        };
        let form = if scene.ask.cut { format!("cut of {n} points") } else { format!("plane of {n} × {n} points") };
        self.title = format!("Loss landscape, {form}");
        self.head = ["", "loss"].map(str::to_owned).to_vec();
        self.words = 1;
        let known = || losses.iter().copied().filter(|loss| !loss.is_nan());
        let of = |x: Option<f64>| x.map_or("–".to_owned(), value);
        let centre = losses.get(losses.len() / 2).copied().filter(|loss| !loss.is_nan());
        for (name, x) in
            [("centre", centre), ("least", known().reduce(f64::min)), ("greatest", known().reduce(f64::max))]
        {
            self.rows.push(vec![name.to_owned(), of(x)]);
        }
        self.plane = (!scene.ask.cut).then(|| (n, losses.iter().map(|loss| *loss as f32).collect()));
    }
}
