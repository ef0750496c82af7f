//! The run itself: updates, epochs, and what is told of them.

use std::collections::VecDeque;
use std::iter::Peekable;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use crate::explain::health::FLAT_UPDATES;
use crate::record::log::{Entry, Log, apply_due};
use crate::text::{count, value, whole};
use crate::train::{EpochReport, Evaluation, Halt, Trainer};

use super::super::exam::{Validated, spikes, validate};
use super::super::print::say;
use super::super::settings::network;
use super::super::{progress, signals};
use super::files::Files;
use super::logs::Logs;

/// How often the bar's text changes.
const BLINK: Duration = Duration::from_millis(100);

/// Why a run ended.
pub enum Ended {
    Arrived,
    Stopped,
    Halted(Halt),
    /// Validation could not be made; a sentence says why.
    Unread(String),
}

/// A run that has ended.
pub struct Course {
    pub trainer: Trainer,
    /// What was done to it, without an end.
    pub log: Log,
    pub ended: Ended,
    /// The losses of the last updates, the oldest first.
    pub losses: Vec<f64>,
    first: Look,
    seconds: f64,
}

/// Loss, and the watched sample's spikes in hidden layers and output together.
struct Look {
    update: u64,
    loss: f64,
    spikes: usize,
}

impl Look {
    fn at(trainer: &Trainer) -> Self {
        Self { update: trainer.update(), loss: trainer.loss(), spikes: spikes(trainer) }
    }
}

/// A run under way.
struct Under<'a> {
    trainer: Trainer,
    log: &'a Log,
    files: Option<&'a mut Files>,
    logs: &'a mut Logs,
    losses: VecDeque<f64>,
    /// Updates of the whole run.
    updates: u64,
    /// Whether epochs are told of and validated; in a replay they are not, as they change no parameter.
    epochs: bool,
    bar: ProgressBar,
    begun: Instant,
    shown: Duration,
    /// When the epoch began.
    epoch: Instant,
}

impl Course {
    /// Runs until `updates` updates are made. Of the log those entries are done again that are not of the past.
    pub fn run(
        trainer: Trainer,
        mut log: Log,
        updates: u64,
        replay: bool,
        files: Option<&mut Files>,
        logs: &mut Logs,
    ) -> Result<Self, String> {
        let (first, epochs) = (Look::at(&trainer), trainer.task().labelled && !replay);
        let entries = if replay { log.entries.clone() } else { Vec::new() };
        let begun = Instant::now();
        let bar = progress::bar(updates);
        let mut under = Under {
            trainer,
            log: &log,
            files,
            logs,
            losses: VecDeque::with_capacity(FLAT_UPDATES),
            updates,
            epochs,
            bar,
            begun,
            shown: Duration::ZERO,
            epoch: begun,
        };
        if let Some(files) = &mut under.files {
            files.begin(&under.trainer, under.log)?;
        }
        under.logs.begin(&under.trainer)?;
        let ended = under.go(&mut entries.iter().peekable());
        under.bar.finish_and_clear();
        let (ended, trainer, losses) = (ended?, under.trainer, under.losses.into());
        log.entries.retain(|e| e.update <= trainer.update());
        Ok(Self { trainer, log, ended, losses, first, seconds: begun.elapsed().as_secs_f64() })
    }

    pub fn summary(&self) -> String {
        let settings = self.trainer.settings();
        let run = format!("{}, seed {}, {}", settings.rule.rule.label(), settings.run.seed, network(settings));
        let last = Look::at(&self.trainer);
        let made = last.update - self.first.update;
        let from = match self.first.update {
            0 => String::new(),
            update => format!(" after the {} before", whole(update)),
        };
        let speed = (made as f64 / self.seconds.max(1e-9)) as u64;
        format!(
            "{run}: {}{from} in {:.2} s ({} updates/s)\nloss {} → {}, hidden and output spikes {} → {}",
            count(made, "update"),
            self.seconds,
            whole(speed),
            value(self.first.loss),
            value(last.loss),
            self.first.spikes,
            last.spikes,
        )
    }
}

impl Under<'_> {
    fn go<'e>(&mut self, todo: &mut Peekable<impl Iterator<Item = &'e Entry>>) -> Result<Ended, String> {
        loop {
            apply_due(&mut self.trainer, todo);
            if self.epochs && self.trainer.epoch_due() {
                match validate(&self.trainer) {
                    Ok(Validated::Stopped) => return Ok(Ended::Stopped),
                    Ok(Validated::Nothing) => self.end_epoch(None)?,
                    Ok(Validated::Done(evaluation)) => self.end_epoch(Some(&evaluation))?,
                    Err(problem) => return Ok(Ended::Unread(problem)),
                }
            }
            if self.trainer.update() >= self.updates {
                return Ok(Ended::Arrived);
            }
            if signals::asked().is_some() {
                return Ok(Ended::Stopped);
            }
            if let Err(halt) = self.trainer.step() {
                return Ok(Ended::Halted(halt));
            }
            if self.losses.len() == FLAT_UPDATES {
                self.losses.pop_front();
            }
            self.losses.push_back(self.trainer.report().0.loss);
            let time = self.begun.elapsed();
            self.logs.update(&self.trainer, time.as_secs_f64())?;
            if let Some(files) = &mut self.files {
                if files.is_due(time.as_secs_f64()) {
                    self.logs.flush()?;
                }
                files.update(&self.trainer, self.log, time.as_secs_f64());
            }
            if time - self.shown >= BLINK {
                self.shown = time;
                self.show();
            }
        }
    }

    fn show(&self) {
        self.bar.set_position(self.trainer.update());
        let loss = value(self.trainer.loss());
        self.bar.set_message(if self.epochs {
            let batches = self.trainer.batches();
            let now = (self.trainer.update().saturating_sub(1)) / batches + 1;
            format!("epoch {now} of {}, loss {loss}, ", self.updates.div_ceil(batches))
        } else {
            format!("loss {loss}, ")
        });
    }

    fn end_epoch(&mut self, evaluation: Option<&Evaluation>) -> Result<(), String> {
        let report = self.trainer.end_epoch(evaluation);
        let seconds = self.epoch.elapsed().as_secs_f64();
        self.epoch = Instant::now();
        let epochs = self.updates.div_ceil(self.trainer.batches());
        self.bar.suspend(|| say(&line(&report, epochs, seconds)));
        self.logs.epoch(&report, seconds, self.begun.elapsed().as_secs_f64())?;
        if let Some(files) = &mut self.files {
            files.epoch(&self.trainer, self.log, seconds);
        }
        Ok(())
    }
}

/// An epoch in a line.
fn line(report: &EpochReport, epochs: u64, seconds: f64) -> String {
    let EpochReport { epoch, train_loss, valid, .. } = report;
    let width = whole(epochs).len();
    let train = format!("epoch {:>width$} of {}: train loss {}", whole(*epoch), whole(epochs), value(*train_loss));
    let valid = valid.map_or_else(String::new, |v| {
        format!(
            ", validation {:.2} % by first spike, {:.2} % by count, spikes {:.1} ({:.1} necessary)",
            100.0 * v.accuracy_first,
            100.0 * v.accuracy_count,
            v.spikes,
            v.necessary
        )
    });
    format!("{train}{valid}, {seconds:.1} s")
}
