//! What a run writes for dashboards while it goes on: JSON lines (`--jsonl`) and TensorBoard event files
//! (`--tensorboard`).

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::record::training_log::json_lines::{Existing, JsonLines};
use crate::record::training_log::tensorboard::EventFile;
use crate::record::training_log::{EpochRecord, UpdateRecord};
use crate::train::{EpochReport, Trainer};

use super::super::args::Train;

/// How often what was written is handed over to those who watch the files.
const FLUSH: Duration = Duration::from_secs(1);

/// The logs that were asked for; none of them is begun before the run is.
#[derive(Debug)]
pub struct Logs {
    jsonl: Option<PathBuf>,
    tensorboard: Option<PathBuf>,
    /// A run that is resumed continues its JSON lines.
    resumed: bool,
    force: bool,
    /// Updates between two that are written.
    every: u64,
    lines: Option<JsonLines>,
    events: Option<EventFile>,
    /// When they were handed over last, in seconds of the run.
    flushed: f64,
}

impl Logs {
    pub fn of(args: &Train) -> Result<Self, String> {
        let logs = Self {
            jsonl: args.jsonl.clone(),
            tensorboard: args.tensorboard.clone(),
            resumed: args.resume.is_some(),
            force: args.force,
            every: args.log_every.unwrap_or(1),
            lines: None,
            events: None,
            flushed: 0.0,
        };
        match &logs.jsonl {
            Some(path) if logs.existing(0) == Existing::Refused && path.exists() => Err(taken(path)),
            _ => Ok(logs),
        }
    }

    /// What a file that is there already becomes.
    fn existing(&self, updates: u64) -> Existing {
        match (self.force, self.resumed) {
            (true, _) => Existing::Replaced,
            (false, true) => Existing::Continued(updates),
            (false, false) => Existing::Refused,
        }
    }

    /// The run begins or goes on.
    pub fn begin(&mut self, trainer: &Trainer) -> Result<(), String> {
        if let Some(path) = &self.jsonl {
            let lines = JsonLines::begin(path, self.existing(trainer.update()), trainer.settings());
            self.lines = Some(lines.map_err(|e| match e.kind() {
                ErrorKind::AlreadyExists => taken(path),
                _ => unwritten(path, &e),
            })?);
        }
        if let Some(folder) = &self.tensorboard {
            std::fs::create_dir_all(folder)
                .map_err(|e| format!("The folder {} cannot be made: {e}.", folder.display()))?;
            let events = EventFile::begin(folder, trainer.settings(), trainer.update());
            self.events = Some(events.map_err(|e| unwritten(folder, &e))?);
        }
        Ok(())
    }

    /// An update was made, `seconds` after the run began or was resumed.
    pub fn update(&mut self, trainer: &Trainer, seconds: f64) -> Result<(), String> {
        if self.lines.is_none() && self.events.is_none() || !trainer.update().is_multiple_of(self.every) {
            return Ok(());
        }
        let (step, layers) = trainer.report();
        let neurons = layers.iter().zip(&trainer.net().layers).filter(|(_, layer)| layer.has_weights());
        let spikes = neurons.map(|(report, _)| u64::from(report.spikes)).sum();
        let record = UpdateRecord { step, layers, spikes, seconds };
        self.write(|lines| lines.update(record), |events| events.update(record))?;
        if seconds - self.flushed >= FLUSH.as_secs_f64() {
            self.flushed = seconds;
            self.flush()?;
        }
        Ok(())
    }

    /// Hands over what was written: all of it is in the files.
    pub fn flush(&mut self) -> Result<(), String> {
        self.write(JsonLines::flush, EventFile::flush)
    }

    /// An epoch has ended that took `took` seconds, `seconds` after the run began or was resumed.
    pub fn epoch(&mut self, report: &EpochReport, took: f64, seconds: f64) -> Result<(), String> {
        let record = EpochRecord { report, seconds: took };
        self.write(|lines| lines.epoch(record), |events| events.epoch(record, seconds))?;
        self.flush()
    }

    /// The run has ended.
    pub fn end(&mut self, trainer: &Trainer) -> Result<(), String> {
        let (update, digest) = (trainer.update(), trainer.params().digest());
        self.write(|lines| lines.end(update, digest), EventFile::flush)
    }

    /// As in `logged to run.jsonl`; empty where nothing was.
    pub fn told(&self) -> String {
        let files = [self.jsonl.as_deref(), self.events.as_ref().map(EventFile::path)];
        let names: Vec<String> = files.into_iter().flatten().map(|path| path.display().to_string()).collect();
        if names.is_empty() { String::new() } else { format!("logged to {}", names.join(" and ")) }
    }

    fn write(
        &mut self,
        to_lines: impl FnOnce(&mut JsonLines) -> io::Result<()>,
        to_events: impl FnOnce(&mut EventFile) -> io::Result<()>,
    ) -> Result<(), String> {
        if let (Some(lines), Some(path)) = (&mut self.lines, &self.jsonl) {
            to_lines(lines).map_err(|e| unwritten(path, &e))?;
        }
        if let Some(events) = &mut self.events {
            to_events(events).map_err(|e| unwritten(events.path(), &e))?;
        }
        Ok(())
    }
}

fn taken(path: &Path) -> String {
    format!("There is a file {} already: choose another name for --jsonl, or replace it with --force.", path.display())
}

fn unwritten(path: &Path, error: &io::Error) -> String {
    format!("{} cannot be written: {error}.", path.display())
}
