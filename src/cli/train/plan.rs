//! What is to be done: a new run, one that goes on, or one that is replayed.

use std::sync::Arc;

use crate::file::{TEXT_LIMIT, read_text};
use crate::machine::memory;
use crate::record::Checkpoint;
use crate::record::log::{End, Entry, Intervention, Log};
use crate::snn::Isa;
use crate::task::progress::Progress;
use crate::task::{self, Task};
use crate::train::settings::{LiveChange, Value, field};
use crate::train::{Settings, Trainer};

use super::super::args::Train;
use super::super::settings::{check, chosen_run, sentences};
use super::super::tensor_file::TensorFile;

/// Updates where nothing is said.
const UPDATES: u64 = 1000;

pub struct Plan {
    begin: Begin,
    pub total: Total,
    /// What a replay has to come to.
    pub digest: Option<u64>,
}

/// Where a run begins.
enum Begin {
    /// At update 0; the log's entries are done again, its end is of the past.
    Start { log: Box<Log>, weights: Option<TensorFile> },
    Checkpoint {
        checkpoint: Box<Checkpoint>,
        /// Changed there, in this order.
        changes: Vec<LiveChange>,
    },
}

/// How far a run is to go, from its very start.
#[derive(Clone, Copy)]
pub enum Total {
    Updates(u64),
    Epochs(u64),
}

impl Plan {
    pub fn of(args: &Train) -> Result<Self, String> {
        let total = match (args.epochs, args.updates) {
            (Some(epochs), _) => Total::Epochs(epochs),
            (None, updates) => Total::Updates(updates.unwrap_or(UPDATES)),
        };
        if args.replay.is_some() {
            return Self::replay(args);
        }
        if let Some(path) = &args.resume {
            let mut checkpoint = TensorFile::read(path)?.checkpoint()?;
            move_data(&mut checkpoint.settings, args.data.as_deref())?;
            move_data(&mut checkpoint.log.start, args.data.as_deref())?;
            let changes = live_changes(args)?;
            let begin = Begin::Checkpoint { checkpoint: Box::new(checkpoint), changes };
            return Ok(Self { begin, total, digest: None });
        }
        let settings = chosen_run(&args.chosen, args.data.as_deref())?;
        let weights = args.weights.as_deref().map(TensorFile::read).transpose()?;
        let log = Box::new(Log::new(settings));
        Ok(Self { begin: Begin::Start { log, weights }, total, digest: None })
    }

    fn replay(args: &Train) -> Result<Self, String> {
        let Some(path) = &args.replay else { return Err("There is no log to replay.".into()) };
        let (text, shown) = (read_text(path, TEXT_LIMIT)?, path.display());
        let mut log = Log::from_toml_within(&shown.to_string(), &text, memory()).map_err(|p| sentences(&p))?;
        move_data(&mut log.start, args.data.as_deref())?;
        let End { update, digest } = log.end.ok_or(format!(
            "{shown} has no [end]: it does not say how far the run had got, so there is nothing to compare a replay with."
        ))?;
        match (log.weights, &args.weights) {
            (Some(digest), None) => {
                return Err(format!(
                    "The run of {shown} began with weights of a file (digest {digest:016x}), which a log does not hold: \
                     name that file with --weights."
                ));
            }
            (None, Some(file)) => {
                return Err(format!(
                    "The run of {shown} began with weights drawn from its seed, not with those of a file: leave out \
                     --weights {}.",
                    file.display()
                ));
            }
            _ => {}
        }
        let weights = args.weights.as_deref().map(TensorFile::read).transpose()?;
        let begin = Begin::Start { log: Box::new(log), weights };
        Ok(Self { begin, total: Total::Updates(update), digest: Some(digest) })
    }

    /// The run where it begins, with what was and what is to be done to it under way, and how many updates it is to
    /// make in all.
    pub fn begin(self) -> Result<(Trainer, Log, u64), String> {
        let (trainer, log) = match self.begin {
            Begin::Start { log, weights } => start(*log, weights)?,
            Begin::Checkpoint { checkpoint, changes } => {
                let mut log = checkpoint.log.clone();
                let task = opened(&checkpoint.settings)?;
                let mut trainer = checkpoint.resume(task, Isa::best())?;
                change(&mut trainer, &mut log, changes)?;
                (trainer, log)
            }
        };
        let updates = match self.total {
            Total::Updates(updates) => updates,
            Total::Epochs(epochs) if trainer.task().labelled => epochs.saturating_mul(trainer.batches()),
            Total::Epochs(_) => {
                return Err(format!(
                    "--epochs needs a task whose samples have classes; with task.kind = {} all samples are one batch: \
                     say --updates instead.",
                    trainer.settings().task.kind.key()
                ));
            }
        };
        if updates < trainer.update() {
            return Err(format!(
                "The checkpoint is after {} updates already, {} epochs; --updates and --epochs say how far the run is to \
                 go in all, from its very start.",
                trainer.update(),
                trainer.epoch()
            ));
        }
        Ok((trainer, log, updates))
    }
}

/// What --set and --rule change of a run that goes on.
fn live_changes(args: &Train) -> Result<Vec<LiveChange>, String> {
    let rule = args.chosen.rule.map(|rule| ("rule.rule".to_owned(), rule.key().to_owned()));
    let change = |(key, text): &(String, String)| {
        let Some(field) = field(key) else {
            return Err(Settings::default().set_text(key, text).map_or_else(
                |p| format!("--set: {p}"),
                |()| {
                    format!("--set {key}={text}: name the decay itself where a run goes on, and not its time constant.")
                },
            ));
        };
        let value = Value::parse(&field.kind, text).ok_or_else(|| format!("--set: {}", field.refuse(text)))?;
        LiveChange::new(field, value).map_err(|p| format!("--set: {p}"))
    };
    args.chosen.source.set.iter().chain(&rule).map(change).collect()
}

/// Makes the changes, and writes them into the log as what they are.
fn change(trainer: &mut Trainer, log: &mut Log, changes: Vec<LiveChange>) -> Result<(), String> {
    let mut settings = trainer.settings().clone();
    changes.iter().for_each(|change| change.apply(&mut settings));
    check(&settings)?;
    trainer.set(settings)?;
    let update = trainer.update();
    log.entries.extend(changes.into_iter().map(|change| Entry { update, what: Intervention::Setting(change) }));
    Ok(())
}

fn start(mut log: Log, weights: Option<TensorFile>) -> Result<(Trainer, Log), String> {
    let task = opened(&log.start)?;
    task.fit(&mut log.start.task);
    // the data may have made it larger
    check(&log.start)?;
    let mut trainer = Trainer::with_task(log.start.clone(), task, Isa::best())?;
    if let Some(file) = weights {
        let params = file.weights(trainer.net())?;
        let digest = params.digest();
        if let Some(expected) = log.weights.filter(|expected| *expected != digest) {
            return Err(format!(
                "The weights of {} are not those that the run of the log began with: their digest is {digest:016x}, and \
                 the log says {expected:016x}.",
                file.name
            ));
        }
        log.weights = Some(digest);
        trainer.begin_with(params);
    }
    Ok((trainer, log))
}

fn opened(settings: &Settings) -> Result<Arc<Task>, String> {
    Ok(Arc::new(task::open(&settings.task, settings.run.seed, &Progress::default())?))
}

/// Another folder with the same data.
fn move_data(settings: &mut Settings, data: Option<&str>) -> Result<(), String> {
    data.map_or(Ok(()), |data| settings.set_text("task.data", data).map_err(|p| format!("--data: {p}")))
}
