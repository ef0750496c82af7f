//! The comparison of the three rules over seeds, updates and ranges as tasks, a run each: it is trained, and at each number of
//! updates a landscape of each range is measured.

use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::landscape::{Grid, Landscape, LossSamples, MeasuredPoint, Measurement, MeasurementScratch, Plane, RuleView};
use crate::rule::Rule;
use crate::train::{Moment, Settings};

use super::kind::{Recorder, Sweep, TaskAnswer, TaskClock, read_seconds, seconds_text};
use super::landscape::{PIECE, objective, read_point, write_point};
use super::open_tasks::OpenTasks;
use super::serial;
use super::training::{StretchEnd, TrainingTask};
use super::words::{WordReader, Words};

/// What is to be measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableAsk {
    #[serde(with = "serial::settings")]
    pub settings: Settings,
    #[serde(with = "serial::seeds")]
    pub seeds: Vec<u64>,
    /// Rising.
    pub updates: Vec<u64>,
    #[serde(with = "serial::singles")]
    pub ranges: Vec<f32>,
    /// Points along each side.
    pub points: usize,
    #[serde(with = "serial::over")]
    pub over: LossSamples,
    /// The network that is trained, in short; with the sizes that the data have.
    pub network: String,
}

impl TableAsk {
    /// Landscapes of a run.
    pub fn landscapes(&self) -> usize {
        self.updates.len() * self.ranges.len()
    }

    /// The settings of a task.
    pub fn settings(&self, task: u32) -> Result<Settings, String> {
        let mut settings = self.settings.clone();
        let seed = self.seeds[task as usize].to_string();
        settings.set_text("run.seed", &seed).map_err(|p| format!("--seeds: {p}"))?;
        Ok(settings)
    }
}

/// What comes of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableAnswer {
    /// Updates slowest, ranges fastest.
    pub rows: Vec<TableRow>,
    /// Points of a landscape that was left in the middle, in the order of their numbers.
    points: Vec<MeasuredPoint>,
    pub seconds: f64,
}

/// How the rules compare on one landscape.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    pub update: u64,
    pub range: f32,
    /// See [`crate::landscape::Comparison`].
    pub interior: usize,
    pub zero_slope: usize,
    /// In the order of [`Rule::ALL`].
    pub rules: [RuleView; 3],
}

/// The table's runs as tasks.
pub struct TableSweep<'a> {
    ask: &'a TableAsk,
    tasks: OpenTasks,
}

impl<'a> TableSweep<'a> {
    /// For work on so many threads.
    pub fn new(ask: &'a TableAsk, threads: usize) -> Self {
        Self { ask, tasks: OpenTasks::keeping(threads + 1) }
    }

    /// Opens the first task, so that what cannot be opened is said before anything begins.
    pub fn open_first(&self) -> Result<(), String> {
        self.tasks.open(&self.ask.settings(0)?).map(|_| ())
    }

    fn one(&self, task: u32, to: &dyn Recorder<TableAnswer>) -> Result<(), String> {
        let settings = self.ask.settings(task)?;
        let seed = settings.run.seed;
        let (mut run, mut seen) = TrainingTask::begin(task, settings, &self.tasks, to, TableAnswer::default)?;
        run.counted = false;
        while seen.rows.len() < self.ask.landscapes() {
            let update = self.ask.updates[seen.rows.len() / self.ask.ranges.len()];
            let (end, back) = self.train(&mut run, update, &mut seen)?;
            match end {
                StretchEnd::Arrived => {}
                StretchEnd::Left => return run.leave(timed(seen, &run.clock), None),
                StretchEnd::Diverged(divergence) => return Err(format!("Seed {seed}: {}.", divergence.what)),
            }
            let Some(row) = self.measure(&mut run, seed, &mut seen, back.as_ref())? else {
                return run.leave(timed(seen, &run.clock), back.as_ref());
            };
            seen.rows.push(row);
            to.advance(1);
        }
        run.done(timed(seen, &run.clock))
    }

    /// Trains until `update` updates are made. Where the samples are mini-batches, those of the landscape are the last update's: a
    /// run that is left later has to make that update again, and goes on from the moment before it, which is given back.
    fn train(
        &self,
        run: &mut TrainingTask<TableAnswer>,
        update: u64,
        seen: &mut TableAnswer,
    ) -> Result<(StretchEnd, Option<Moment>), String> {
        let mut back = None;
        if run.trainer.batches() > 1 && run.trainer.update() < update {
            match run.train(update - 1, seen, |_, _| {})? {
                StretchEnd::Arrived => back = Some(run.trainer.moment()),
                end => return Ok((end, None)),
            }
        }
        Ok((run.train(update, seen, |_, _| {})?, back))
    }

    /// The next landscape around the weights of the run as it is; `None` where the work is to be left, then the points that
    /// were measured stand in `seen`.
    fn measure(
        &self,
        run: &mut TrainingTask<TableAnswer>,
        seed: u64,
        seen: &mut TableAnswer,
        back: Option<&Moment>,
    ) -> Result<Option<TableRow>, String> {
        let range = self.ask.ranges[seen.rows.len() % self.ask.ranges.len()];
        let grid = Grid { points: self.ask.points, range };
        let centre = Arc::new(run.trainer.params().clone());
        let plane = Arc::new(Plane::random(run.trainer.net(), centre, seed));
        let measurement = Measurement { objective: objective(&run.trainer, self.ask.over)?, plane, fields: true };
        let (scratch, mut size) = (MeasurementScratch::default(), 1);
        while seen.points.len() < grid.len() {
            if run.is_to_leave() {
                return Ok(None);
            }
            let begun = Instant::now();
            let done = seen.points.len();
            let at: Vec<[f32; 2]> = (done..(done + size).min(grid.len())).map(|k| grid.point(k).into()).collect();
            seen.points.extend(measurement.measure(&scratch, &at));
            size = if begun.elapsed() < PIECE { size * 2 } else { (size / 2).max(1) };
            run.tick(self.ask.updates.last().copied().unwrap_or(0), seen, back)?;
        }
        let points: Vec<(u32, MeasuredPoint)> = (0..).zip(std::mem::take(&mut seen.points)).collect();
        let mut landscape = Landscape::new(grid);
        landscape.take(&points, &[]);
        let comparison = landscape.views().comparison;
        let (interior, zero_slope) = (comparison.interior, comparison.zero_slope);
        Ok(Some(TableRow { update: run.trainer.update(), range, interior, zero_slope, rules: comparison.rules }))
    }
}

fn timed(mut seen: TableAnswer, clock: &TaskClock) -> TableAnswer {
    seen.seconds = clock.seconds();
    seen
}

impl Sweep for TableSweep<'_> {
    type Answer = TableAnswer;

    fn tasks(&self) -> u32 {
        self.ask.seeds.len() as u32
    }

    fn memory(&self) -> u64 {
        self.ask.settings.memory()
    }

    /// Landscapes of a run; updates are not counted.
    fn units(&self) -> u64 {
        self.ask.landscapes() as u64
    }

    fn run(&self, tasks: &[u32], to: &dyn Recorder<TableAnswer>) -> Result<(), String> {
        for &task in tasks {
            if to.leave() {
                return Ok(());
            }
            if let Err(why) = self.one(task, to) {
                to.failed(task, &why)?;
            }
        }
        Ok(())
    }

    fn describe(&self, task: u32) -> String {
        format!("--seed {}", self.ask.seeds[task as usize])
    }
}

impl TaskAnswer for TableAnswer {
    fn answer(&self) -> String {
        let mut words = Words::default();
        words.put(self.rows.len());
        for row in &self.rows {
            words.put(row.update);
            words.single(row.range);
            [row.interior, row.zero_slope].into_iter().for_each(|n| words.put(n));
            for view in &row.rules {
                [view.compared, view.zero_field].into_iter().for_each(|n| words.put(n));
                let numbers = [view.downhill, view.cosine, view.inconsistency, view.circulation, view.correlation];
                numbers.into_iter().for_each(|x| words.option(x));
            }
        }
        words.put(self.points.len());
        self.points.iter().for_each(|point| write_point(&mut words, point));
        words.text()
    }

    fn seconds(&self) -> String {
        seconds_text(self.seconds)
    }

    fn read(answer: &str, seconds: &str) -> Option<Self> {
        let (mut words, seconds) = (WordReader::new(answer), *read_seconds(seconds)?.first()?);
        let number: usize = words.read()?;
        let rows = (0..number).map(|_| TableRow::read(&mut words)).collect::<Option<_>>()?;
        let number: usize = words.read()?;
        let points = (0..number).map(|_| read_point(&mut words)).collect::<Option<_>>()?;
        words.end(Self { rows, points, seconds })
    }
}

impl TableRow {
    fn read(words: &mut WordReader) -> Option<Self> {
        let (update, range, interior, zero_slope) = (words.read()?, words.read()?, words.read()?, words.read()?);
        let mut view = |rule| {
            let (compared, zero_field) = (words.read()?, words.read()?);
            let (downhill, cosine) = (words.option()?, words.option()?);
            let (inconsistency, circulation, correlation) = (words.option()?, words.option()?, words.option()?);
            Some(RuleView { rule, inconsistency, circulation, compared, zero_field, cosine, downhill, correlation })
        };
        let [activation, timing, antlr] = Rule::ALL.map(&mut view);
        Some(Self { update, range, interior, zero_slope, rules: [activation?, timing?, antlr?] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_reads_back_to_the_same_bits() {
        let view = |rule| RuleView {
            rule,
            inconsistency: Some(0.1 + 0.2),
            circulation: Some(0.7),
            compared: 7,
            zero_field: 1,
            cosine: None,
            downhill: Some(0.5),
            correlation: None,
        };
        let row = TableRow { update: 5, range: 0.1, interior: 49, zero_slope: 3, rules: Rule::ALL.map(view) };
        let point =
            MeasuredPoint { loss: 0.5, fields: [[0.25; 2]; 3], spikes: 9, output_spikes: 2, region: 7, output: 8 };
        let answer = TableAnswer { rows: vec![row.clone(), row], points: vec![point], seconds: 0.25 };
        assert_eq!(TableAnswer::read(&answer.answer(), &answer.seconds()), Some(answer));
        assert_eq!(TableAnswer::read("1 5 0.1 49", "0.1"), None);
    }
}
