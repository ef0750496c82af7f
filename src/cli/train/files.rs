//! What a run writes: some at its end, some after every epoch, so that a run that is killed can go on.

use std::path::{Path, PathBuf};

use crate::file::{TEXT_LIMIT, read_text};
use crate::record::checkpoint::Checkpoint;
use crate::record::log::{End, Log};
use crate::record::weights::to_safetensors;
use crate::snn::Params;
use crate::text::{count, whole};
use crate::train::{StepReport, Trainer};

use super::super::args::Train;
use super::super::folder::Folder;
use super::super::metrics::Metrics;
use super::super::print::complain;
use super::epochs::{self, Seconds};

const METRICS: &str = "metrics.csv";
const SETTINGS: &str = "settings.toml";
const LOG: &str = "log.toml";
const WEIGHTS: &str = "weights.safetensors";
const CHECKPOINT: &str = "checkpoint.safetensors";
const EPOCHS: &str = "epochs.csv";
const BEST: &str = "best.safetensors";

/// Seconds between two checkpoints at most, whatever the task: a kill costs no more of a run than that.
const BETWEEN_CHECKPOINTS: f64 = 30.0;

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
    /// When the last checkpoint was written, in seconds since the run began.
    saved: f64,
    /// Why files could not be written; the run went on.
    lost: Vec<String>,
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
            saved: 0.0,
            lost: Vec::new(),
            metrics: None,
            seconds: Seconds::default(),
            best: None,
            written: Vec::new(),
        })
    }

    /// The run begins or goes on: what an earlier one left is removed, or continued.
    pub fn begin(&mut self, trainer: &Trainer, log: &Log) -> Result<(), String> {
        let left = self.folder.unfinished(&ALL);
        if self.same {
            // what cannot be read is not known; a row without its time is no reason not to train
            let earlier = read_text(&self.path.join(EPOCHS), TEXT_LIMIT).unwrap_or_default();
            self.seconds = Seconds::of(&earlier, trainer.epochs().len());
        } else if !self.replay {
            self.folder.clear(&ALL)?;
        }
        self.metrics = Some(self.begin_metrics(trainer, &left)?);
        self.written.push(METRICS);
        left.iter().for_each(|path| Folder::discard(path));
        self.write(SETTINGS, log.start.to_toml().as_bytes())
    }

    /// The table of a run that goes on in its folder begins with its rows until now: in the file itself, or, where the run was
    /// killed, in what it `left`.
    fn begin_metrics(&self, trainer: &Trainer, left: &[PathBuf]) -> Result<Metrics, String> {
        let mut earlier = Vec::new();
        if self.same && trainer.update() > 0 {
            earlier = [&[self.path.join(METRICS)], left].concat();
        }
        let file = self.folder.growing(METRICS)?;
        let begun = Metrics::begin(file, trainer.net(), &earlier, trainer.update());
        let (metrics, last) = begun.map_err(|e| format!("{METRICS} could not be written: {e}."))?;
        if self.same && last < trainer.update() {
            let missing = format!("{} to {}", whole(last + 1), whole(trainer.update()));
            complain(&format!("{METRICS} has no rows of the updates {missing}: no file of the earlier run has them."));
        }
        Ok(metrics)
    }

    /// Whether a checkpoint is due, `seconds` after the run began or was resumed.
    pub fn is_due(&self, seconds: f64) -> bool {
        !self.replay && seconds - self.saved >= BETWEEN_CHECKPOINTS
    }

    /// An update was made, `seconds` after the run began or was resumed. A file that cannot be written, as on a full disk,
    /// costs itself and not the run.
    pub fn update(&mut self, trainer: &Trainer, log: &Log, seconds: f64) {
        if let Some(mut metrics) = self.metrics.take() {
            let (step, layers): (&StepReport, _) = trainer.report();
            match metrics.row(step, layers, seconds) {
                Ok(()) => self.metrics = Some(metrics),
                // dropping its temporary file makes room for what matters more
                Err(e) => self.lose(format!("{METRICS} could not be written: {e}.")),
            }
        }
        if self.is_due(seconds) {
            self.saved = seconds;
            self.attempt(|files| files.write_checkpoint(trainer, log));
        }
    }

    /// Says why a file could not be written, and remembers it until the end.
    fn lose(&mut self, problem: String) {
        complain(&format!("{problem} The run goes on."));
        self.lost.push(problem);
    }

    fn attempt(&mut self, write: impl FnOnce(&mut Self) -> Result<(), String>) {
        if let Err(problem) = write(self) {
            self.lose(problem);
        }
    }

    /// An epoch has ended that took `seconds`.
    pub fn epoch(&mut self, trainer: &Trainer, log: &Log, seconds: f64) {
        let epoch = trainer.epochs().len() as u64;
        self.seconds.set(epoch, seconds);
        self.attempt(|files| files.write_epochs(trainer));
        if epoch.is_multiple_of(self.every) {
            self.attempt(|files| files.write_checkpoint(trainer, log));
        }
    }

    /// The run has ended: its state is written first, then what describes it. An error names what could not be written.
    pub fn end(&mut self, trainer: &Trainer, log: &Log) -> Result<(), String> {
        if !self.replay {
            self.attempt(|files| files.write_checkpoint(trainer, log));
        }
        let end = Some(End { update: trainer.update(), digest: trainer.params().digest() });
        let log = Log { end, ..log.clone() }.to_toml();
        self.attempt(|files| files.write_weights(WEIGHTS, trainer, trainer.params(), trainer.update()));
        self.attempt(|files| files.write(LOG, log.as_bytes()));
        if !self.replay && trainer.task().labelled {
            self.attempt(|files| files.write_epochs(trainer));
        }
        if let Some(metrics) = self.metrics.take() {
            self.attempt(|_| metrics.end().map_err(|e| format!("{METRICS} could not be written: {e}.")));
        }
        match self.lost.len() {
            0 => Ok(()),
            n => Err(format!("{} could not be written; the reasons stand above.", count(n as u64, "file"))),
        }
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

    /// A state that cannot be gone on with never takes the place of one that can.
    fn sound(params: &Params) -> Result<(), String> {
        let sound = params.0.iter().all(|x| x.is_finite());
        let problem = "The weights are not finite any more: the last files with good ones stay as they are.";
        if sound { Ok(()) } else { Err(problem.into()) }
    }

    fn write_weights(
        &mut self,
        name: &'static str,
        trainer: &Trainer,
        params: &Params,
        update: u64,
    ) -> Result<(), String> {
        Self::sound(params)?;
        let bytes = to_safetensors(trainer.net(), params, trainer.settings(), update);
        self.write(name, &bytes.map_err(|e| format!("{name} cannot be made: {e}."))?)
    }

    fn write_checkpoint(&mut self, trainer: &Trainer, log: &Log) -> Result<(), String> {
        Self::sound(trainer.params())?;
        // first, so that a run that goes on from here finds all rows until here
        if let Some(Err(e)) = self.metrics.as_mut().map(Metrics::secure) {
            self.metrics = None;
            self.lose(format!("{METRICS} could not be written: {e}."));
        }
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
