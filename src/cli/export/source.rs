//! The run of a figure: from a log, a checkpoint, or settings.

use std::sync::Arc;

use crate::engine::RunReplay;
use crate::figure::{FigureCurve, FigureRun, FigureView, FigureWishes};
use crate::file::{Progress, TEXT_LIMIT, read_text};
use crate::machine::memory;
use crate::record::Checkpoint;
use crate::record::log::{End, Log};
use crate::snn::Isa;

use super::super::settings::{chosen_run, sentences};
use super::super::tensor_file::TensorFile;
use super::args::FigureSource;

/// A run that can be made again.
pub struct ShownRun {
    /// It ends where the run does.
    pub log: Arc<Log>,
    /// From which it goes on where its log cannot make it again.
    checkpoint: Option<Box<Checkpoint>>,
}

impl ShownRun {
    /// `at` is the moment that is asked for.
    pub fn open(source: &FigureSource, at: Option<u64>) -> Result<Self, String> {
        let Some(file) = &source.file else {
            let settings = chosen_run(&source.chosen, source.data.as_deref())?;
            let updates = source.updates.or(at).ok_or(
                "Nothing says how long the run is to be: name its updates with --updates, or a log or a checkpoint.",
            )?;
            return Self::new(Log { end: Some(End { update: updates, digest: 0 }), ..Log::new(settings) }, None, at);
        };
        let name = file.display().to_string();
        if file.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
            let text = read_text(file, TEXT_LIMIT)?;
            let mut log = Log::from_toml_within(&name, &text, memory()).map_err(|p| sentences(&p))?;
            move_data(&mut log, source)?;
            let last = log.end.map(|end| end.update).or(at);
            let last =
                last.ok_or_else(|| format!("{name} does not say how far the run had got: name a moment with --at."))?;
            log.end = log.end.or(Some(End { update: last, digest: 0 }));
            return Self::new(log, None, at);
        }
        let tensors = TensorFile::read(file)?;
        if !tensors.is_checkpoint() {
            return Err(format!("{name} holds weights alone: name a log (log.toml) or a checkpoint of a run."));
        }
        let mut checkpoint = tensors.checkpoint()?;
        move_data(&mut checkpoint.log, source)?;
        checkpoint.settings.task.data.clone_from(&checkpoint.log.start.task.data);
        let log = Log { end: Some(End { update: checkpoint.update, digest: 0 }), ..checkpoint.log.clone() };
        let needed = log.weights.is_some().then(|| Box::new(checkpoint));
        Self::new(log, needed, at)
    }

    fn new(log: Log, checkpoint: Option<Box<Checkpoint>>, at: Option<u64>) -> Result<Self, String> {
        let run = Self { log: Arc::new(log), checkpoint };
        let first = run.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.update);
        match at {
            Some(at) if at > run.last() => Err(format!("The run ends after {} updates, before {at}.", run.last())),
            Some(at) if at < first => Err(format!(
                "The run began with weights of a file, so that only the moment of the checkpoint, update {first}, is known."
            )),
            _ => Ok(run),
        }
    }

    /// Updates of the whole run.
    pub fn last(&self) -> u64 {
        self.log.end.map_or(0, |end| end.update)
    }

    /// At its beginning.
    pub fn begin(self, wishes: FigureWishes, views: &[FigureView], progress: &Progress) -> Result<FigureRun, String> {
        let Some(checkpoint) = self.checkpoint else { return FigureRun::new(self.log, wishes, views, progress) };
        let task = crate::task::open(&checkpoint.settings.task, checkpoint.settings.run.seed, progress)?;
        let trainer = checkpoint.resume(Arc::new(task), Isa::best())?;
        let validates = wishes.options.curve == FigureCurve::Accuracy;
        let replay = RunReplay::from(trainer, &self.log, wishes.options.look_back, validates);
        Ok(FigureRun::from(replay, self.log, wishes))
    }
}

/// Another folder with the same data.
fn move_data(log: &mut Log, source: &FigureSource) -> Result<(), String> {
    let Some(data) = &source.data else { return Ok(()) };
    log.start.set_text("task.data", data).map_err(|p| format!("--data: {p}"))
}
