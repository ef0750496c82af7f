//! The runs of a comparison put together: what those of one rule and one set of values came to.

use super::super::quantile::sorted;
use super::super::{GatheredAnswers, SweepCell};
use super::{CompareAnswer, CompareAsk, RunLook};

/// The runs of one cell at one number of updates or epochs.
pub struct Group {
    pub cell: SweepCell,
    pub after: u64,
    /// Rising.
    pub losses: Vec<f64>,
    /// Rising.
    pub spikes: Vec<f64>,
    pub diverged: usize,
}

impl Group {
    /// Share of runs that came to a loss of exactly 0.
    pub fn solved(&self) -> f64 {
        self.losses.iter().filter(|l| **l == 0.0).count() as f64 / self.losses.len() as f64
    }
}

/// The runs of a cell in the order of their seeds, with what is known of them.
pub fn of_cell<'a>(
    ask: &'a CompareAsk,
    gathered: &'a GatheredAnswers<CompareAnswer>,
    cell: usize,
) -> impl Iterator<Item = (u64, &'a CompareAnswer)> {
    let runs = &ask.runs;
    (0..runs.seeds.len()).filter_map(move |seed| Some((runs.seeds[seed], gathered.known(runs.task(cell, seed))?)))
}

/// What the runs of a cell were like when they were looked at for the `n`th time.
pub fn looks<'a>(
    ask: &'a CompareAsk,
    gathered: &'a GatheredAnswers<CompareAnswer>,
    cell: usize,
    n: usize,
) -> impl Iterator<Item = &'a RunLook> {
    of_cell(ask, gathered, cell).filter_map(move |(_, run)| run.looks.get(n))
}

/// All cells, each at all of its looks.
pub fn groups(ask: &CompareAsk, gathered: &GatheredAnswers<CompareAnswer>) -> Vec<Group> {
    let group = |cell: usize, n: usize, after: u64| Group {
        cell: ask.runs.cell(cell),
        after,
        losses: sorted(looks(ask, gathered, cell, n).map(|l| l.loss)),
        spikes: sorted(looks(ask, gathered, cell, n).map(|l| l.spikes as f64)),
        diverged: of_cell(ask, gathered, cell)
            .filter(|(_, run)| run.diverged.is_some() && run.looks.len() <= n)
            .count(),
    };
    let of_cell = |cell| {
        let looks = ask.looks.after().iter().enumerate();
        looks.map(move |(n, after)| group(cell, n, *after))
    };
    (0..ask.runs.cells()).flat_map(of_cell).collect()
}
