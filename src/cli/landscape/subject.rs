//! Whose landscape it is: a run, its weights in the centre, and its path.

use std::sync::Arc;

use crate::landscape::{
    LossSamples, Measurement, Moments, Objective, Plane, PlaneContext, PlaneKind, ProjectedPath, RunPath,
};
use crate::machine::memory;
use crate::record::History;
use crate::record::log::Log;
use crate::snn::{Isa, Params};
use crate::task;
use crate::task::progress::Progress;
use crate::train::{Settings, Trainer, read_samples};

use super::super::settings::{assign, check, chosen_run, sentences};
use super::super::tasks::Tasks;
use super::super::tensor_file::TensorFile;
use super::super::{progress, stop};
use super::args::Landscape;

/// Bytes that a path may take.
const PATH_BYTES: usize = 1 << 30;

/// A run at the moment whose landscape is asked for.
pub struct Subject {
    pub trainer: Trainer,
    /// Updates that made the weights; those of a file that does not say are 0.
    pub update: u64,
    /// Remembered moments, this one the last.
    pub moments: Moments,
    /// The log with which a checkpoint's past can be replayed.
    past: Option<Log>,
}

/// A landscape to be measured.
pub struct Scene {
    pub measurement: Measurement,
    /// Updates of the centre.
    pub update: u64,
    pub track: RunPath,
    /// The track beside the plane; there is none of weights without a past.
    pub path: ProjectedPath,
}

impl Subject {
    /// None when it was stopped.
    pub fn of(args: &Landscape) -> Result<Option<Self>, String> {
        match &args.file {
            Some(file) => Self::from_file(args, &TensorFile::read(file)?).map(Some),
            None => {
                let updates = match args.updates[..] {
                    [] => 0,
                    [updates] => updates,
                    _ => return Err("--updates takes several numbers with --table only.".into()),
                };
                Self::trained(chosen_run(&args.chosen, args.data.as_deref())?, updates)
            }
        }
    }

    /// A new run after so many updates.
    fn trained(settings: Settings, updates: u64) -> Result<Option<Self>, String> {
        let mut trainer = Tasks::keeping(1).trainer(settings)?;
        let mut history = History::new(trainer.moment(), PATH_BYTES);
        let bar = progress::bar(updates);
        while trainer.update() < updates && !stop::asked() {
            trainer.step().map_err(|halt| format!("{halt}."))?;
            keep(&mut history, &trainer);
            bar.inc(1);
        }
        bar.finish_and_clear();
        let subject = Self { update: trainer.update(), moments: path(&history, &trainer), trainer, past: None };
        Ok((!stop::asked()).then_some(subject))
    }

    fn from_file(args: &Landscape, file: &TensorFile) -> Result<Self, String> {
        let watch = Progress::default();
        let change = |settings: &mut Settings| {
            assign(settings, &args.chosen.source.set)?;
            if let Some(data) = &args.data {
                settings.set_text("task.data", data).map_err(|p| format!("--data: {p}"))?;
            }
            check(settings)
        };
        if file.is_checkpoint() {
            let mut checkpoint = file.checkpoint()?;
            change(&mut checkpoint.settings)?;
            let (update, mut log) = (checkpoint.update, checkpoint.log.clone());
            log.start.task.data = checkpoint.settings.task.data.clone();
            let task = Arc::new(task::open(&checkpoint.settings.task, checkpoint.settings.run.seed, &watch)?);
            let trainer = checkpoint.resume(task, Isa::best())?;
            return Ok(Self { past: Some(log), ..Self::now(trainer, update) });
        }
        let made = file.made_by()?.ok_or_else(|| {
            format!(
                "{} does not say with which settings it was made: a landscape needs a file of Spikescape.",
                file.name
            )
        })?;
        let name = format!("{}, its settings", file.name);
        let mut settings =
            Settings::from_toml_within(&name, &made.settings, memory()).map_err(|problems| sentences(&problems))?;
        change(&mut settings)?;
        let mut trainer = Trainer::open(settings, Isa::best(), &watch)?;
        let params = file.weights(trainer.net())?;
        trainer.begin_with(params);
        Ok(Self::now(trainer, made.update))
    }

    /// A run at its present moment, without a past.
    pub fn now(trainer: Trainer, update: u64) -> Self {
        let moments = Arc::new(vec![(update, Arc::new(trainer.params().clone()))]);
        Self { trainer, update, moments, past: None }
    }

    /// Replays the past of a checkpoint where the plane or the centre needs it. False when it was stopped.
    pub fn recall(&mut self, plane: PlaneKind, centre: Option<u64>) -> Result<bool, String> {
        let needed = centre.is_some() || matches!(plane, PlaneKind::Path | PlaneKind::Moments { .. });
        let Some(log) = self.past.as_ref().filter(|_| needed) else { return Ok(true) };
        let bar = progress::bar(self.update);
        let first = Trainer::open(log.start.clone(), Isa::best(), &Progress::default())?;
        let mut history = History::new(first.moment(), PATH_BYTES);
        let replayed = log.replay(Isa::best(), |trainer| {
            keep(&mut history, trainer);
            bar.inc(1);
            !stop::asked()
        });
        bar.finish_and_clear();
        let end = replayed.map_err(|halt| format!("The past of the checkpoint cannot be replayed: {halt}."))?;
        self.moments = path(&history, &end);
        Ok(!stop::asked())
    }

    /// What to measure. A sentence says why it cannot be.
    pub fn scene(
        &self,
        plane: PlaneKind,
        centre: Option<u64>,
        over: LossSamples,
        directions: u64,
        fields: bool,
    ) -> Result<Scene, String> {
        let objective = self.objective(over)?;
        let find = |update: u64| {
            let found = self.moments.iter().find(|(u, _)| *u == update).map(|(_, params)| Arc::clone(params));
            found.ok_or_else(|| format!("The moment after {update} updates is not remembered: {}.", self.remembered()))
        };
        let last: Arc<Params> = self.moments.last().map(|(_, params)| Arc::clone(params)).expect("there is this one");
        let (update, params) = match centre {
            None => (self.update, last),
            Some(update) => (update, find(update)?),
        };
        if let PlaneKind::Moments { from, to } = plane {
            find(from)?;
            find(to)?;
        }
        let update = if let PlaneKind::Moments { from, .. } = plane { from } else { update };
        let context = PlaneContext { objective: &objective, centre: params, moments: &self.moments, seed: directions };
        let plane: Arc<Plane> = Arc::new(plane.plane(&context)?);
        let settings = self.trainer.settings();
        let name = format!("{}, seed {}", settings.rule.rule, settings.run.seed);
        let track = RunPath { name, moments: Arc::clone(&self.moments) };
        let path = ProjectedPath::new(&plane, &track);
        Ok(Scene { measurement: Measurement { objective, plane, fields }, update, track, path })
    }

    fn objective(&self, over: LossSamples) -> Result<Objective, String> {
        let t = &self.trainer;
        let settings = Arc::new(t.settings().clone());
        let (samples, together) = match over {
            LossSamples::Batch => (Arc::clone(t.batch()), t.batch().len()),
            LossSamples::Probe => (Arc::new(vec![t.probe().as_ref().clone()]), 1),
            LossSamples::Set { part, most } => {
                let number = t.task().len(part);
                let indices: Vec<u32> = (0..number.min(most) as u32).collect();
                if indices.is_empty() {
                    return Err(format!("There are no samples for --over {}.", part.key()));
                }
                let mut samples = Vec::new();
                read_samples(t.task(), part, &indices, &mut samples)?;
                (Arc::new(samples), settings.batch_of(number).max(1))
            }
        };
        Ok(Objective::new(t.net(), &settings, samples, together, t.probe()))
    }

    /// Which moments there are, in words.
    fn remembered(&self) -> String {
        let updates: Vec<u64> = self.moments.iter().map(|(update, _)| *update).collect();
        match updates[..] {
            [one] => format!("that after {one} is"),
            [first, second, .., last] => format!("those after {first}, {second} … {last} are"),
            _ => updates.iter().map(u64::to_string).collect::<Vec<_>>().join(" and ") + " are",
        }
    }
}

fn keep(history: &mut History, trainer: &Trainer) {
    if history.wants(trainer.update()) {
        history.push(trainer.moment());
    }
}

/// The remembered moments, the present one the last.
fn path(history: &History, trainer: &Trainer) -> Moments {
    let mut moments = history.path();
    moments.retain(|(update, _)| *update < trainer.update());
    moments.push((trainer.update(), Arc::new(trainer.params().clone())));
    Arc::new(moments)
}
