//! What all points of a landscape have in common.

use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::landscape::{
    Grid, LossSamples, Measurement, MeasurementScratch, Objective, PathLoss, Plane, PlaneContext, PlaneKind,
    ProjectedPath, RunPath,
};
use crate::snn::Params;
use crate::train::{Settings, Trainer, read_samples};

use super::super::serial;
use super::PIECE;
use super::subject::LandscapeSubject;

/// What is asked about a landscape, and of which run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LandscapeAsk {
    #[serde(with = "serial::plane")]
    pub plane: PlaneKind,
    /// The moment in the centre, by its updates; the last where it is not said.
    pub centre: Option<u64>,
    /// The seed of random directions.
    pub directions: u64,
    /// Points along each side.
    pub points: usize,
    /// How far the plane reaches to each side; one value.
    #[serde(with = "serial::singles")]
    pub range: Vec<f32>,
    /// Only the line through the centre along the first direction.
    pub cut: bool,
    #[serde(with = "serial::over")]
    pub over: LossSamples,
    /// Whether each rule's field is measured.
    pub fields: bool,
    /// Logarithmic colours in pictures.
    pub log: bool,
}

impl LandscapeAsk {
    pub fn grid(&self) -> Grid {
        Grid { points: self.points, range: self.range.first().copied().unwrap_or(1.0) }
    }

    /// The numbers of all points in the order in which they are measured: coarse to fine, or along the cut.
    pub fn order(&self) -> Vec<u32> {
        if self.cut { (0..self.points as u32).collect() } else { self.grid().order() }
    }

    /// (a, b) of a point.
    pub fn at(&self, point: u32) -> [f32; 2] {
        let grid = self.grid();
        if self.cut { [grid.coordinate(point as usize), 0.0] } else { grid.point(point as usize).into() }
    }
}

/// A landscape that is ready to be measured.
#[derive(Clone, Debug)]
pub struct LandscapeScene {
    pub ask: LandscapeAsk,
    /// Network, samples and plane.
    pub measurement: Measurement,
    /// Updates that made the weights of the run; those of a file that does not say are 0.
    pub run_update: u64,
    /// Updates of the centre.
    pub centre_update: u64,
    /// The run's path beside the plane; there is none of weights without a past.
    pub path: ProjectedPath,
    /// Its losses; none where it has no more than one moment, or on a cut.
    pub path_losses: Vec<PathLoss>,
}

impl LandscapeScene {
    /// Makes the plane and measures the path, in parallel on the rayon pool at hand. `None` where `leave` says that the work
    /// is to be left.
    ///
    /// # Errors
    /// A sentence says why it cannot be.
    pub fn prepare(
        subject: &LandscapeSubject,
        ask: LandscapeAsk,
        leave: impl Fn() -> bool,
    ) -> Result<Option<Self>, String> {
        let objective = objective(&subject.trainer, ask.over)?;
        let (centre_update, plane) = plane(subject, &ask, &objective)?;
        let settings = subject.trainer.settings();
        let name = format!("{}, seed {}", settings.rule.rule, settings.run.seed);
        let track = RunPath { name, moments: Arc::clone(&subject.moments) };
        let path = ProjectedPath::new(&plane, &track);
        let measurement = Measurement { objective, plane, fields: ask.fields };
        let mut scene =
            Self { ask, measurement, run_update: subject.update, centre_update, path, path_losses: Vec::new() };
        // a path of one moment is no path
        let wanted = if scene.path.points.len() < 2 || scene.ask.cut { 0 } else { scene.path.points.len() };
        let (scratch, mut size) = (MeasurementScratch::default(), 1);
        while scene.path_losses.len() < wanted {
            if leave() {
                return Ok(None);
            }
            let (begun, done) = (Instant::now(), scene.path_losses.len());
            let some = done..(done + size).min(wanted);
            scene.path_losses.extend(scene.path.losses(&scene.measurement, &scratch, &track, some));
            size = if begun.elapsed() < PIECE { size * 2 } else { (size / 2).max(1) };
        }
        Ok(Some(scene))
    }

    /// Those of the run.
    pub fn settings(&self) -> &Settings {
        &self.measurement.objective.settings
    }
}

/// The plane, and the updates of its centre.
fn plane(subject: &LandscapeSubject, ask: &LandscapeAsk, objective: &Objective) -> Result<(u64, Arc<Plane>), String> {
    let find = |update: u64| {
        let found = subject.moments.iter().find(|(u, _)| *u == update).map(|(_, params)| Arc::clone(params));
        found.ok_or_else(|| format!("The moment after {update} updates is not remembered: {}.", subject.remembered()))
    };
    let last: Arc<Params> = subject.moments.last().map(|(_, params)| Arc::clone(params)).expect("there is this one");
    let (update, params) = match ask.centre {
        None => (subject.update, last),
        Some(update) => (update, find(update)?),
    };
    let update = if let PlaneKind::Moments { from, to } = ask.plane {
        find(from)?;
        find(to)?;
        from
    } else {
        update
    };
    let context = PlaneContext { objective, centre: params, moments: &subject.moments, seed: ask.directions };
    Ok((update, Arc::new(ask.plane.plane(&context)?)))
}

/// The loss of a run over some samples.
///
/// # Errors
/// A sentence, where there are no such samples or they cannot be read.
pub fn objective(trainer: &Trainer, over: LossSamples) -> Result<Objective, String> {
    let settings = Arc::new(trainer.settings().clone());
    let (samples, together) = match over {
        LossSamples::Batch => (Arc::clone(trainer.batch()), trainer.batch().len()),
        LossSamples::Probe => (Arc::new(vec![trainer.probe().as_ref().clone()]), 1),
        LossSamples::Set { part, most } => {
            let number = trainer.task().len(part);
            let indices: Vec<u32> = (0..number.min(most) as u32).collect();
            if indices.is_empty() {
                return Err(format!("There are no samples for --over {}.", part.key()));
            }
            let mut samples = Vec::new();
            read_samples(trainer.task(), part, &indices, &mut samples)?;
            (Arc::new(samples), settings.batch_of(number).max(1))
        }
    };
    Ok(Objective::new(trainer.net(), &settings, samples, together, trainer.probe()))
}
