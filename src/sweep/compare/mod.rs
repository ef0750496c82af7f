//! Runs compared: every cell of a grid with every seed, looked at after some updates or epochs.

mod answer;
pub mod group;
mod look;

pub use answer::{CompareAnswer, LossPoint, RunLook, SplitScore};
pub use look::score;

use serde::{Deserialize, Serialize};

use crate::task::Split;
use crate::train::Trainer;

use super::kind::{Recorder, Sweep, TaskClock};
use super::open_tasks::{OpenTasks, batches};
use super::runs::SweepRuns;
use super::serial;
use super::training::{StretchEnd, TrainingTask};

/// What is compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompareAsk {
    pub runs: SweepRuns,
    pub looks: RunLooks,
    /// Updates between two points of a run's curves; none are kept where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curves: Option<u64>,
    /// The network that is trained, in short; with the sizes that the data have.
    pub network: String,
}

/// When runs are looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunLooks {
    /// After so many updates, rising.
    Updates(Vec<u64>),
    /// After so many epochs, rising, and all samples of some splits are answered then.
    Epochs {
        after: Vec<u64>,
        #[serde(with = "serial::splits")]
        splits: Vec<Split>,
    },
}

impl RunLooks {
    /// The numbers of updates or epochs.
    pub fn after(&self) -> &[u64] {
        match self {
            Self::Updates(after) | Self::Epochs { after, .. } => after,
        }
    }

    /// The splits whose samples are answered.
    pub fn splits(&self) -> &[Split] {
        match self {
            Self::Updates(_) => &[],
            Self::Epochs { splits, .. } => splits,
        }
    }

    /// Updates of a run after which it is looked at for the `n`th time.
    fn update(&self, n: usize, trainer: &Trainer) -> u64 {
        match self {
            Self::Updates(after) => after[n],
            Self::Epochs { after, .. } => after[n].saturating_mul(trainer.batches()),
        }
    }
}

/// The comparison as tasks, a run each.
pub struct CompareSweep<'a> {
    ask: &'a CompareAsk,
    tasks: OpenTasks,
    memory: u64,
    /// Of an epoch of the first task, once that was opened.
    batches: u64,
}

impl<'a> CompareSweep<'a> {
    /// For work on so many threads.
    pub fn new(ask: &'a CompareAsk, threads: usize) -> Self {
        Self { ask, tasks: OpenTasks::keeping(threads + 1), memory: ask.runs.memory(), batches: 1 }
    }

    /// Opens the first task, so that what cannot be opened is said before anything begins.
    pub fn open_first(&mut self) -> Result<(), String> {
        let settings = self.ask.runs.settings(0)?;
        self.batches = batches(&settings, &*self.tasks.open(&settings)?);
        Ok(())
    }

    /// One run to its end, or until it is left.
    fn one(&self, task: u32, to: &dyn Recorder<CompareAnswer>) -> Result<(), String> {
        let settings = self.ask.runs.settings(task)?;
        let (mut run, mut seen) = TrainingTask::begin(task, settings, &self.tasks, to, CompareAnswer::default)?;
        loop {
            // what was looked at last may still lack its answers
            let whole = match seen.looks.last_mut() {
                Some(look) => self.score(&run.trainer, look, to)?,
                None => true,
            };
            if !whole {
                return run.leave(timed(seen, &run.clock), None);
            }
            if seen.looks.len() == self.ask.looks.after().len() {
                return run.done(timed(seen, &run.clock));
            }
            let update = self.ask.looks.update(seen.looks.len(), &run.trainer);
            match run.train(update, &mut seen, |trainer, seen| self.note(trainer, seen))? {
                StretchEnd::Arrived => seen.looks.push(self.look(&run, seen.looks.len())),
                StretchEnd::Left => return run.leave(timed(seen, &run.clock), None),
                StretchEnd::Diverged(divergence) => {
                    seen.diverged = Some(divergence);
                    to.advance(self.units().saturating_sub(run.trainer.update()));
                    return run.done(timed(seen, &run.clock));
                }
            }
        }
    }

    /// The run where it is, for the `n`th time; samples are not answered yet.
    fn look(&self, run: &TrainingTask<CompareAnswer>, n: usize) -> RunLook {
        let (loss, spikes, seconds) = (run.trainer.loss(), spikes(&run.trainer), run.clock.seconds());
        RunLook { after: self.ask.looks.after()[n], loss, spikes, scores: Vec::new(), seconds }
    }

    /// Adds a point to the curves, where one is due.
    fn note(&self, trainer: &Trainer, seen: &mut CompareAnswer) {
        if self.ask.curves.is_some_and(|every| trainer.update().is_multiple_of(every)) {
            let (step, _) = trainer.report();
            seen.curve.push(LossPoint { update: step.update, loss: step.loss, spikes: spikes(trainer) });
        }
    }

    /// Answers all samples of the splits that a look still lacks; false where the work is to be left.
    fn score(&self, trainer: &Trainer, look: &mut RunLook, to: &dyn Recorder<CompareAnswer>) -> Result<bool, String> {
        for &split in &self.ask.looks.splits()[look.scores.len()..] {
            match look::score(trainer, trainer.params(), split, || to.leave())? {
                Some(score) => look.scores.push(score),
                None => return Ok(false),
            }
        }
        Ok(true)
    }
}

fn timed(mut seen: CompareAnswer, clock: &TaskClock) -> CompareAnswer {
    seen.seconds = clock.seconds();
    seen
}

/// Spikes of the watched sample in all layers with neurons; what others pass on is counted once, where it was fired.
pub fn spikes(trainer: &Trainer) -> u64 {
    let layers = trainer.spikes().zip(&trainer.net().layers);
    layers.filter(|(_, layer)| layer.has_weights()).map(|(spikes, _)| spikes.len() as u64).sum()
}

impl Sweep for CompareSweep<'_> {
    type Answer = CompareAnswer;

    fn tasks(&self) -> u32 {
        self.ask.runs.tasks()
    }

    fn memory(&self) -> u64 {
        self.memory
    }

    /// Updates of a run.
    fn units(&self) -> u64 {
        let last = self.ask.looks.after().last().copied().unwrap_or(0);
        match self.ask.looks {
            RunLooks::Updates(_) => last,
            RunLooks::Epochs { .. } => last.saturating_mul(self.batches),
        }
    }

    fn run(&self, tasks: &[u32], to: &dyn Recorder<CompareAnswer>) -> Result<(), String> {
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
        self.ask.runs.describe(task)
    }
}
