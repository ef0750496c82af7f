//! What a run writes: some at its end, some after every epoch, so that a run that is killed can go on.

use std::path::{Path, PathBuf};

use crate::file::{TEXT_LIMIT, read_text};
use crate::record::checkpoint::Checkpoint;
use crate::record::log::{End, Log};
use crate::record::weights::to_safetensors;
use crate::snn::Params;
use crate::train::{StepReport, Trainer};

use super::super::args::Train;
use super::super::folder::Folder;
use super::super::metrics::Metrics;
use super::epochs::{self, Seconds};

const METRICS: &str = "metrics.csv";
const SETTINGS: &str = "settings.toml";
const LOG: &str = "log.toml";
const WEIGHTS: &str = "weights.safetensors";
const CHECKPOINT: &str = "checkpoint.safetensors";
const EPOCHS: &str = "epochs.csv";
const BEST: &str = "best.safetensors";

/// Those that a replay writes: it is of the past, and nothing goes on from it.
const OF_A_REPLAY: [&str; 4] = [METRICS, SETTINGS, LOG, WEIGHTS];
const ALL: [&str; 7] = [METRICS, EPOCHS, SETTINGS, LOG, WEIGHTS, BEST, CHECKPOINT];

/// The folder of `--out`, claimed for a run.
pub struct Files {
    folder: Folder,
    path: PathBuf,
    /// The run goes on in the folder of its checkpoint.
    same: bool,
    replay: bool,
    /// Epochs between two checkpoints.
    every: u64,
    metrics: Option<Metrics>,
    seconds: Seconds,
    /// The update of the weights in the file of the best.
    best: Option<u64>,
    written: Vec<&'static str>,
}

impl Files {
    pub fn claim(args: &Train, path: &Path) -> Result<Self, String> {
        let replay = args.replay.is_some();
        let names = if replay { &OF_A_REPLAY[..] } else { &ALL };
        let same = args.resume.as_deref().is_some_and(|checkpoint| lies_in(checkpoint, path));
        Ok(Self {
            folder: Folder::claim(path, names, args.force || same)?,
            path: path.to_owned(),
            same,
            replay,
            every: args.checkpoint_every.unwrap_or(1),
            metrics: None,
            seconds: Seconds::default(),
            best: None,
            written: Vec::new(),
        })
    }

    /// The run begins or goes on: what an earlier one left is removed, or continued.
    pub fn begin(&mut self, trainer: &Trainer, log: &Log) -> Result<(), String> {
        self.folder.sweep(&ALL);
        if self.same {
            // what cannot be read is not known; a row without its time is no reason not to train
            let earlier = read_text(&self.path.join(EPOCHS), TEXT_LIMIT).unwrap_or_default();
            self.seconds = Seconds::of(&earlier, trainer.epochs().len());
        } else if !self.replay {
            [EPOCHS, BEST, CHECKPOINT].iter().try_for_each(|name| self.folder.remove(name))?;
        }
        let earlier = (self.same && trainer.update() > 0).then(|| self.path.join(METRICS));
        let file = self.folder.growing(METRICS)?;
        let metrics = Metrics::begin(file, trainer.net(), earlier.as_deref(), trainer.update());
        self.metrics = Some(metrics.map_err(|e| format!("{METRICS} could not be written: {e}."))?);
        self.written.push(METRICS);
        self.write(SETTINGS, log.start.to_toml().as_bytes())
    }

    /// An update was made, `seconds` after the run began or was resumed.
    pub fn update(&mut self, trainer: &Trainer, seconds: f64) -> Result<(), String> {
        let Some(metrics) = &mut self.metrics else { return Ok(()) };
        let (step, layers): (&StepReport, _) = trainer.report();
        metrics.row(step, layers, seconds).map_err(|e| format!("{METRICS} could not be written: {e}."))
    }

    /// An epoch was ended that took so many seconds.
    pub fn epoch(&mut self, trainer: &Trainer, log: &Log, seconds: f64) -> Result<(), String> {
        let epoch = trainer.epochs().len() as u64;
        self.seconds.set(epoch, seconds);
        self.write_epochs(trainer)?;
        if epoch.is_multiple_of(self.every) { self.write_checkpoint(trainer, log) } else { Ok(()) }
    }

    /// The run has ended.
    pub fn end(&mut self, trainer: &Trainer, log: &Log) -> Result<(), String> {
        if let Some(metrics) = self.metrics.take() {
            metrics.end().map_err(|e| format!("{METRICS} could not be written: {e}."))?;
        }
        let end = Some(End { update: trainer.update(), digest: trainer.params().digest() });
        self.write(LOG, Log { end, ..log.clone() }.to_toml().as_bytes())?;
        self.write_weights(WEIGHTS, trainer, trainer.params(), trainer.update())?;
        if self.replay {
            return Ok(());
        }
        if trainer.task().labelled {
            self.write_epochs(trainer)?;
        }
        self.write_checkpoint(trainer, log)
    }

    /// As in `written to run: metrics.csv, log.toml`.
    pub fn told(&self) -> String {
        let names: Vec<&str> = ALL.into_iter().filter(|name| self.written.contains(name)).collect();
        format!("written to {}: {}", self.folder.display(), names.join(", "))
    }

    fn write_epochs(&mut self, trainer: &Trainer) -> Result<(), String> {
        self.write(EPOCHS, epochs::csv(trainer.epochs(), &self.seconds).as_bytes())?;
        match trainer.best().cloned() {
            Some(best) if self.best != Some(best.update) => {
                self.write_weights(BEST, trainer, &best.params, best.update)?;
                self.best = Some(best.update);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn write_weights(
        &mut self,
        name: &'static str,
        trainer: &Trainer,
        params: &Params,
        update: u64,
    ) -> Result<(), String> {
        let bytes = to_safetensors(trainer.net(), params, trainer.settings(), update);
        self.write(name, &bytes.map_err(|e| format!("{name} cannot be made: {e}."))?)
    }

    fn write_checkpoint(&mut self, trainer: &Trainer, log: &Log) -> Result<(), String> {
        let bytes = Checkpoint::of(&trainer.moment(), log.clone()).to_bytes(trainer.net())?;
        self.write(CHECKPOINT, &bytes)
    }

    fn write(&mut self, name: &'static str, bytes: &[u8]) -> Result<(), String> {
        self.folder.write(name, bytes)?;
        if !self.written.contains(&name) {
            self.written.push(name);
        }
        Ok(())
    }
}

/// Whether a file lies in a folder, however both are written.
fn lies_in(file: &Path, folder: &Path) -> bool {
    let of = |path: &Path| path.canonicalize().ok();
    of(file).zip(of(folder)).is_some_and(|(file, folder)| file.parent() == Some(&folder))
}
