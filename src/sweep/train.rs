//! Whole trainings as tasks: a list of settings, each with its files.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::file::save;
use crate::record::Log;
use crate::record::log::End;
use crate::record::weights::to_safetensors;
use crate::snn::Params;
use crate::task::Split;
use crate::train::trainer::ValidationRun;
use crate::train::{Trainer, Validation};

use super::compare::{LossPoint, SplitScore, score, spikes};
use super::kind::{Recorder, Sweep, TaskAnswer, TaskClock, read_seconds, seconds_text};
use super::open_tasks::{OpenTasks, batches};
use super::runs::SweepRuns;
use super::training::{Divergence, StretchEnd, TrainingTask};
use super::words::{WordReader, Words};

/// What is trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainAsk {
    pub runs: SweepRuns,
    pub length: RunLength,
    /// Updates between two points of a run's curves; none are kept where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curves: Option<u64>,
}

/// How far every run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunLength {
    Updates(u64),
    Epochs(u64),
}

/// What comes of one training.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrainAnswer {
    /// The end of the run, once it was reached.
    pub end: Option<TrainEnd>,
    /// All samples for the test answered by the last weights, and by the best where these are others; where samples have
    /// classes and there are any.
    pub last: Option<Validation>,
    pub best: Option<BestScore>,
    pub curve: Vec<LossPoint>,
    pub diverged: Option<Divergence>,
    pub seconds: f64,
}

/// A run at its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainEnd {
    pub updates: u64,
    /// Whole epochs.
    pub epochs: u64,
    /// Of the final weights.
    pub digest: u64,
    /// That of the batch looked at last.
    pub loss: f64,
    /// Of the watched sample, in hidden layers and output together.
    pub spikes: u64,
}

/// The epoch with the best validation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BestScore {
    pub epoch: u64,
    pub validation: f64,
    pub test: Option<Validation>,
}

/// The trainings as tasks.
pub struct TrainSweep<'a> {
    ask: &'a TrainAsk,
    tasks: OpenTasks,
    memory: u64,
    /// Of an epoch of the first task, once that was opened.
    batches: u64,
    /// Where the files of the runs go.
    folder: PathBuf,
}

const LOG: &str = "log.toml";
const WEIGHTS: &str = "weights.safetensors";
const BEST: &str = "best.safetensors";

impl<'a> TrainSweep<'a> {
    /// For work on so many threads. The files of task 17 go to `folder`/runs/0000017: its log, its last weights, and the best
    /// where samples have classes.
    pub fn new(ask: &'a TrainAsk, threads: usize, folder: &Path) -> Self {
        let (tasks, memory) = (OpenTasks::keeping(threads + 1), ask.runs.memory());
        Self { ask, tasks, memory, batches: 1, folder: folder.join("runs") }
    }

    /// Opens the first task, so that what cannot be opened is said before anything begins.
    pub fn open_first(&mut self) -> Result<(), String> {
        let settings = self.ask.runs.settings(0)?;
        self.batches = batches(&settings, &*self.tasks.open(&settings)?);
        Ok(())
    }

    fn one(&self, task: u32, to: &dyn Recorder<TrainAnswer>) -> Result<(), String> {
        let settings = self.ask.runs.settings(task)?;
        let (mut run, mut seen) = TrainingTask::begin(task, settings, &self.tasks, to, TrainAnswer::default)?;
        let updates = self.updates(&run.trainer)?;
        while seen.end.is_none() {
            if run.trainer.epoch_due() && !validated(&mut run.trainer, to)? {
                return run.leave(timed(seen, &run.clock), None);
            }
            if run.trainer.update() >= updates {
                seen.end = Some(end(&run.trainer));
                break;
            }
            let epoch = (run.trainer.epoch() + 1).saturating_mul(run.trainer.batches());
            let next = if run.trainer.task().labelled { epoch.min(updates) } else { updates };
            match run.train(next, &mut seen, |trainer, seen| self.note(trainer, seen))? {
                StretchEnd::Arrived => {}
                StretchEnd::Left => return run.leave(timed(seen, &run.clock), None),
                StretchEnd::Diverged(divergence) => {
                    seen.diverged = Some(divergence);
                    seen.end = Some(end(&run.trainer));
                }
            }
        }
        if seen.diverged.is_none() && !tested(&run.trainer, &mut seen, to)? {
            return run.leave(timed(seen, &run.clock), None);
        }
        self.write(task, &run.trainer)?;
        run.done(timed(seen, &run.clock))
    }

    /// Updates of a whole run.
    fn updates(&self, trainer: &Trainer) -> Result<u64, String> {
        match self.ask.length {
            RunLength::Updates(updates) => Ok(updates),
            RunLength::Epochs(epochs) if trainer.task().labelled => Ok(epochs.saturating_mul(trainer.batches())),
            RunLength::Epochs(_) => Err(no_epochs(trainer.settings().task.kind.key())),
        }
    }

    fn note(&self, trainer: &Trainer, seen: &mut TrainAnswer) {
        if self.ask.curves.is_some_and(|every| trainer.update().is_multiple_of(every)) {
            let (step, _) = trainer.report();
            seen.curve.push(LossPoint { update: step.update, loss: step.loss, spikes: spikes(trainer) });
        }
    }

    /// Writes the files of a run that has ended, each whole or not at all.
    fn write(&self, task: u32, trainer: &Trainer) -> Result<(), String> {
        let folder = self.folder.join(format!("{task:07}"));
        fs::create_dir_all(&folder).map_err(|e| format!("The folder {} cannot be made: {e}.", folder.display()))?;
        let write = |name: &str, bytes: &[u8]| save(&folder.join(name), bytes);
        let weights = |name: &str, params: &Params, update: u64| {
            let bytes = to_safetensors(trainer.net(), params, trainer.settings(), update);
            write(name, &bytes.map_err(|e| format!("{name} cannot be made: {e}."))?)
        };
        let end = Some(End { update: trainer.update(), digest: trainer.params().digest() });
        write(LOG, Log { end, ..Log::new(trainer.settings().clone()) }.to_toml().as_bytes())?;
        if let Some(best) = trainer.best() {
            weights(BEST, &best.params, best.update)?;
        }
        weights(WEIGHTS, trainer.params(), trainer.update())
    }
}

/// A sentence for epochs of a task that has none.
pub fn no_epochs(kind: &str) -> String {
    format!(
        "--epochs needs a task whose samples have classes; with task.kind = {kind} all samples are one batch: say --updates \
         instead."
    )
}

fn timed(mut seen: TrainAnswer, clock: &TaskClock) -> TrainAnswer {
    seen.seconds = clock.seconds();
    seen
}

fn end(trainer: &Trainer) -> TrainEnd {
    TrainEnd {
        updates: trainer.update(),
        epochs: trainer.epoch(),
        digest: trainer.params().digest(),
        loss: trainer.loss(),
        spikes: spikes(trainer),
    }
}

/// Ends an epoch that is due with its validation; false where the work is to be left.
fn validated(trainer: &mut Trainer, to: &dyn Recorder<TrainAnswer>) -> Result<bool, String> {
    if trainer.task().len(Split::Validation) == 0 {
        trainer.end_epoch(None);
        return Ok(true);
    }
    let mut validating = ValidationRun::default();
    while !to.leave() {
        if let Some(evaluation) = validating.step(trainer)? {
            trainer.end_epoch(Some(&evaluation));
            return Ok(true);
        }
    }
    Ok(false)
}

/// Answers the samples for the test by the last weights and by the best; false where the work is to be left.
fn tested(trainer: &Trainer, seen: &mut TrainAnswer, to: &dyn Recorder<TrainAnswer>) -> Result<bool, String> {
    let test = trainer.task().labelled && trainer.task().len(Split::Test) > 0;
    let answered = |params: &Params| -> Result<Option<Validation>, String> {
        let scored = score(trainer, params, Split::Test, || to.leave())?;
        Ok(scored.map(|SplitScore { scores, .. }| scores))
    };
    if test && seen.last.is_none() {
        seen.last = answered(trainer.params())?;
        if seen.last.is_none() {
            return Ok(false);
        }
    }
    let Some(best) = trainer.best() else { return Ok(true) };
    let scores = if !test {
        None
    } else if best.update == trainer.update() {
        seen.last
    } else {
        let scores = answered(&best.params)?;
        if scores.is_none() {
            return Ok(false);
        }
        scores
    };
    seen.best = Some(BestScore { epoch: best.epoch, validation: best.accuracy, test: scores });
    Ok(true)
}

impl Sweep for TrainSweep<'_> {
    type Answer = TrainAnswer;

    fn tasks(&self) -> u32 {
        self.ask.runs.tasks()
    }

    fn memory(&self) -> u64 {
        self.memory
    }

    /// Updates of a run.
    fn units(&self) -> u64 {
        match self.ask.length {
            RunLength::Updates(updates) => updates,
            RunLength::Epochs(epochs) => epochs.saturating_mul(self.batches),
        }
    }

    fn run(&self, tasks: &[u32], to: &dyn Recorder<TrainAnswer>) -> Result<(), String> {
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

impl TaskAnswer for TrainAnswer {
    fn answer(&self) -> String {
        let mut words = Words::default();
        match &self.end {
            Some(TrainEnd { updates, epochs, digest, loss, spikes }) => {
                [updates, epochs].into_iter().for_each(|n| words.put(n));
                words.bits(*digest);
                words.real(*loss);
                words.put(spikes);
            }
            None => words.put("."),
        }
        SplitScore::write_option(self.last.as_ref(), &mut words);
        match &self.best {
            Some(best) => {
                words.put(best.epoch);
                words.real(best.validation);
                SplitScore::write_option(best.test.as_ref(), &mut words);
            }
            None => words.put("."),
        }
        LossPoint::write_all(&self.curve, &mut words);
        Divergence::write(self.diverged.as_ref(), &mut words);
        words.text()
    }

    fn seconds(&self) -> String {
        seconds_text(self.seconds)
    }

    fn read(answer: &str, seconds: &str) -> Option<Self> {
        let (mut words, seconds) = (WordReader::new(answer), *read_seconds(seconds)?.first()?);
        let end = match words.word()? {
            "." => None,
            updates => Some(TrainEnd {
                updates: updates.parse().ok()?,
                epochs: words.read()?,
                digest: words.bits()?,
                loss: words.read()?,
                spikes: words.read()?,
            }),
        };
        let last = SplitScore::read_option(&mut words)?;
        let best = match words.word()? {
            "." => None,
            epoch => Some(BestScore {
                epoch: epoch.parse().ok()?,
                validation: words.read()?,
                test: SplitScore::read_option(&mut words)?,
            }),
        };
        let (curve, diverged) = (LossPoint::read_all(&mut words)?, Divergence::read(&mut words)?);
        words.end(Self { end, last, best, curve, diverged, seconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_reads_back_to_the_same_bits() {
        let scores = Validation {
            samples: 8,
            loss: 0.1 + 0.2,
            accuracy_first: 0.75,
            accuracy_count: 0.5,
            unanswered: 1,
            spikes: 12.5,
            necessary: 7.25,
            first_step: 3.0,
        };
        let answer = TrainAnswer {
            end: Some(TrainEnd { updates: 40, epochs: 2, digest: 77, loss: 0.25, spikes: 12 }),
            last: Some(scores),
            best: Some(BestScore { epoch: 1, validation: 0.5, test: None }),
            curve: vec![LossPoint { update: 10, loss: 0.5, spikes: 4 }],
            diverged: Some(Divergence { update: 41, what: "It went wrong".into() }),
            seconds: 0.25,
        };
        for answer in [answer, TrainAnswer::default()] {
            assert_eq!(TrainAnswer::read(&answer.answer(), &answer.seconds()), Some(answer));
        }
    }
}
