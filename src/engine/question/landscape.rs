//! The loss around the weights of a run, on a plane.

use std::sync::Arc;
use std::time::Instant;

use super::job::{Job, PieceSize, Question, QuestionKind, Step};
use super::same::Same;
use crate::engine::frame::Frame;
use crate::landscape::{
    Grid, Landscape, LossSamples, MeasuredPoint, Measurement, MeasurementScratch, Moments, Objective, PathLoss,
    PlaneContext, PlaneKind, ProjectedPath, RunPath, Views,
};
use crate::loss::LossSettings;
use crate::rule::SurrogateShape;
use crate::snn::{NeuronSettings, Params};
use crate::spike::{Sample, Trains};
use crate::task::{Split, Task};
use crate::train::read_samples;

/// A landscape of the run that `frame` is a moment of.
#[derive(Clone, Debug)]
pub struct LandscapeQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub what: LandscapeSpec,
    pub frame: Arc<Frame>,
    /// Paths of other runs, to be shown with that of `frame`.
    pub others: Vec<RunPath>,
    /// Points that are known already, of a question that measures the same: they are not measured again.
    pub known: Option<Arc<Landscape>>,
}

/// Which landscape it is.
#[derive(Clone, Debug, PartialEq)]
pub struct LandscapeSpec {
    /// Of a plane through two moments it has no effect: that has a centre of its own.
    pub centre: Centre,
    pub plane: PlaneKind,
    /// From which random directions come.
    pub seed: u64,
    pub grid: Grid,
    pub over: LossSamples,
    /// Whether each rule's field is measured, too.
    pub fields: bool,
    /// Whether the losses along the paths are measured, too, once the grid is.
    pub path_losses: bool,
}

/// The middle of a landscape.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Centre {
    /// The weights of the frame.
    #[default]
    Now,
    /// Those of the last remembered moment after at most this many updates.
    Moment(u64),
    /// Weights that stay while the run goes on, and after how many updates they were.
    Fixed(u64, Same<Params>),
}

impl LandscapeSpec {
    /// The true loss of the batch around the weights of the frame, on a random plane.
    pub fn new(seed: u64, grid: Grid) -> Self {
        let (centre, plane, over) = (Centre::Now, PlaneKind::Random, LossSamples::Batch);
        Self { centre, plane, seed, grid, over, fields: false, path_losses: false }
    }

    /// The same with nothing measured but the loss at the points.
    pub fn place(&self) -> Self {
        Self { fields: false, path_losses: false, ..self.clone() }
    }

    /// Whether everything that `other` asks for is a part of this.
    fn covers(&self, other: &Self) -> bool {
        let fields = self.fields && other.fields;
        let path_losses = self.path_losses && other.path_losses;
        Self { fields, path_losses, ..self.clone() } == *other
    }
}

/// Everything in a frame that the points of a landscape depend on.
#[derive(Debug, PartialEq)]
struct LandscapeGround {
    start: u32,
    /// Where they depend on the moment: after how many updates it is.
    moment: Option<u64>,
    loss: LossSettings,
    neuron: NeuronSettings,
    /// Where fields are asked for: the surrogate's shape, a_σ, b_σ, λ_act and λ_timing of the rules.
    rules: Option<(SurrogateShape, [f64; 4])>,
    samples: GroundSamples,
}

#[derive(Debug, PartialEq)]
enum GroundSamples {
    Batch(Same<Vec<Sample>>),
    Probe(Same<Sample>),
    /// Two tasks in memory at the same time are one if they lie at the same place.
    Of(*const Task),
}

impl LandscapeQuestion {
    pub fn new(id: u64, frame: Arc<Frame>, what: LandscapeSpec) -> Self {
        Self { id, what, frame, others: Vec::new(), known: None }
    }

    fn ground(&self, fields: bool) -> LandscapeGround {
        let Self { what: LandscapeSpec { centre, plane, over, .. }, frame, .. } = self;
        let rule = &frame.settings.rule;
        // the components of a path change with it
        let moves = match plane {
            PlaneKind::Path => true,
            PlaneKind::Moments { .. } => false,
            _ => *centre == Centre::Now,
        };
        LandscapeGround {
            start: frame.start,
            moment: moves.then_some(frame.update),
            loss: frame.settings.loss,
            neuron: frame.settings.neuron,
            rules: fields.then_some((
                rule.shape,
                [rule.surrogate_alpha, rule.surrogate_beta, rule.lambda_act, rule.lambda_timing],
            )),
            samples: match over {
                LossSamples::Batch => GroundSamples::Batch(Same::from(&frame.batch)),
                LossSamples::Probe => GroundSamples::Probe(Same::from(&frame.sample)),
                LossSamples::Set { .. } => GroundSamples::Of(Arc::as_ptr(&frame.task)),
            },
        }
    }

    /// Whether the points that this question measures are those that `other` asks for.
    pub fn measures(&self, other: &Self) -> bool {
        let points = |spec: &LandscapeSpec| LandscapeSpec { path_losses: false, ..spec.clone() };
        let fields = other.what.fields;
        points(&self.what).covers(&points(&other.what)) && self.ground(fields) == other.ground(fields)
    }

    /// Whether a landscape that answers this question answers `other`, too: its paths lead up to the same moment.
    pub fn covers(&self, other: &Self) -> bool {
        self.what.covers(&other.what) && self.measures(other) && self.paths() == other.paths()
    }

    /// Which paths are shown.
    fn paths(&self) -> (u64, Vec<&str>) {
        (self.frame.update, self.others.iter().map(|track| &*track.name).collect())
    }

    /// Whether what is chosen of the run is the same, at whatever moment.
    pub fn same_choice(&self, other: &Self) -> bool {
        self.same_place(other) && self.paths().1 == other.paths().1
    }

    /// Whether it is the same place, at whatever moment and whatever else is measured there.
    pub fn same_place(&self, other: &Self) -> bool {
        self.frame.start == other.frame.start && self.what.place() == other.what.place()
    }
}

impl Question for LandscapeQuestion {
    const KIND: QuestionKind = QuestionKind::Landscape;

    type Job = LandscapeJob;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> LandscapeJob {
        LandscapeJob { question: self, size: PieceSize::new(), stage: LandscapeStage::Reading(Vec::new()) }
    }
}

/// A part of a landscape, in the order in which they come.
#[derive(Clone, Debug)]
pub enum LandscapePart {
    /// The plane is there; points will follow.
    Begun(LandscapeBegun),
    Points(LandscapePoints),
    /// Everything that follows from a landscape that is whole.
    Views(Arc<Views>),
    /// The losses along one of the paths.
    Path(PathLosses),
}

/// The plane of a landscape.
#[derive(Clone, Debug)]
pub struct LandscapeBegun {
    /// After how many updates the centre is.
    pub update: u64,
    /// For a [`PointQuestion`](super::PointQuestion).
    pub measurement: Arc<Measurement>,
    /// The run's own path, up to the frame and with it as its last point; then the others.
    pub paths: Vec<ProjectedPath>,
    /// As in the question: where the answer starts from.
    pub known: Option<Arc<Landscape>>,
}

/// Some points of the grid, measured.
#[derive(Clone, Debug, PartialEq)]
pub struct LandscapePoints {
    /// With the number of the point, i · points + j.
    pub points: Vec<(u32, MeasuredPoint)>,
    /// Output spike trains of the watched sample that were met for the first time ([`Landscape::take`]).
    pub outputs: Vec<(u64, Arc<Trains>)>,
    /// Points measured so far, these and known ones included.
    pub done: usize,
    pub of: usize,
}

/// Losses along one path, in the order of its points.
#[derive(Clone, Debug, PartialEq)]
pub struct PathLosses {
    /// Which of [`LandscapeBegun::paths`].
    pub path: usize,
    pub losses: Vec<PathLoss>,
}

/// Reads samples and makes the plane; then come the points, coarse to fine, then everything that follows from them, then
/// the paths.
pub struct LandscapeJob {
    question: LandscapeQuestion,
    size: PieceSize,
    stage: LandscapeStage,
}

enum LandscapeStage {
    /// Samples that were read so far.
    Reading(Vec<Sample>),
    Measuring(Box<LandscapeMeasurement>),
    /// The path at hand, and its losses so far.
    Paths(Box<LandscapeMeasurement>, usize, Vec<PathLoss>),
    Done,
}

struct LandscapeMeasurement {
    measurement: Arc<Measurement>,
    scratch: MeasurementScratch,
    tracks: Vec<RunPath>,
    paths: Vec<ProjectedPath>,
    landscape: Landscape,
    /// Points that are left to do, the last first.
    order: Vec<u32>,
    /// Those that are in no part yet.
    points: Vec<(u32, MeasuredPoint)>,
}

impl LandscapeMeasurement {
    fn part(&mut self) -> LandscapePart {
        let (points, outputs) = (std::mem::take(&mut self.points), self.scratch.new_outputs());
        self.landscape.take(&points, &outputs);
        let (done, of) = (self.landscape.done(), self.landscape.grid.len());
        LandscapePart::Points(LandscapePoints { points, outputs, done, of })
    }
}

impl Job for LandscapeJob {
    type Part = LandscapePart;

    fn advance(&mut self) -> Step<LandscapePart> {
        match std::mem::replace(&mut self.stage, LandscapeStage::Done) {
            LandscapeStage::Reading(samples) => self.read(samples),
            LandscapeStage::Measuring(measuring) => self.measure(measuring),
            LandscapeStage::Paths(measuring, path, losses) => self.walk(measuring, path, losses),
            LandscapeStage::Done => Step::Last(None),
        }
    }

    fn stopped(&mut self) -> Option<LandscapePart> {
        let LandscapeStage::Measuring(measuring) = &mut self.stage else { return None };
        (!measuring.points.is_empty()).then(|| measuring.part())
    }
}

impl LandscapeJob {
    /// Reads more samples, those of a set a batch at a time; once all are there the measurement begins.
    fn read(&mut self, mut samples: Vec<Sample>) -> Step<LandscapePart> {
        let all = match self.more_samples(&mut samples) {
            Ok(true) => samples,
            Ok(false) => {
                self.stage = LandscapeStage::Reading(samples);
                return Step::More(None);
            }
            Err(problem) => return Step::Failed(problem),
        };
        let all = match self.question.what.over {
            LossSamples::Batch => Arc::clone(&self.question.frame.batch),
            LossSamples::Probe | LossSamples::Set { .. } => Arc::new(all),
        };
        match LandscapeMeasurement::begin(&self.question, all) {
            Ok((measuring, begun)) => {
                self.stage = LandscapeStage::Measuring(Box::new(measuring));
                Step::More(Some(LandscapePart::Begun(begun)))
            }
            Err(problem) => Step::Failed(problem),
        }
    }

    /// Whether all are there.
    fn more_samples(&self, samples: &mut Vec<Sample>) -> Result<bool, String> {
        let frame = &self.question.frame;
        let (split, most) = match self.question.what.over {
            LossSamples::Batch => return Ok(true),
            LossSamples::Probe => {
                samples.push(Sample::clone(&frame.sample));
                return Ok(true);
            }
            LossSamples::Set { part, most } => (part, most),
        };
        let number = frame.task.len(split).min(most);
        if number == 0 {
            return Err(format!("There are no samples ({}).", split.key()));
        }
        let next = samples.len()..(samples.len() + batch_of(frame, split)).min(number);
        let indices: Vec<u32> = next.map(|i| i as u32).collect();
        let mut batch = Vec::new();
        read_samples(&frame.task, split, &indices, &mut batch)?;
        samples.extend(batch);
        Ok(samples.len() == number)
    }

    fn measure(&mut self, mut m: Box<LandscapeMeasurement>) -> Step<LandscapePart> {
        if m.order.is_empty() && m.landscape.is_whole() {
            let views = LandscapePart::Views(Arc::new(m.landscape.views()));
            let more = self.question.what.path_losses;
            if more {
                self.stage = LandscapeStage::Paths(m, 0, Vec::new());
            }
            return Step::new(Some(views), more);
        }
        let (began, grid) = (Instant::now(), m.landscape.grid);
        let rest = m.order.len().saturating_sub(self.size.items);
        let chunk: Vec<u32> = m.order.drain(rest..).rev().collect();
        let at: Vec<[f32; 2]> = chunk.iter().map(|&point| grid.point(point as usize).into()).collect();
        let measured = m.measurement.measure(&m.scratch, &at);
        m.points.extend(chunk.into_iter().zip(measured));
        self.size.learn(began.elapsed());
        let part = self.size.part_is_due(m.order.is_empty()).then(|| m.part());
        self.stage = LandscapeStage::Measuring(m);
        Step::More(part)
    }

    /// Some points of a path; a part of the answer when it has come to its end.
    fn walk(&mut self, m: Box<LandscapeMeasurement>, path: usize, mut losses: Vec<PathLoss>) -> Step<LandscapePart> {
        let Some((on_plane, track)) = m.paths.get(path).zip(m.tracks.get(path)) else { return Step::Last(None) };
        let (began, of) = (Instant::now(), on_plane.points.len());
        let some = losses.len()..(losses.len() + self.size.items).min(of);
        losses.extend(on_plane.losses(&m.measurement, &m.scratch, track, some));
        self.size.learn(began.elapsed());
        if losses.len() < of {
            self.stage = LandscapeStage::Paths(m, path, losses);
            return Step::More(None);
        }
        let more = path + 1 < m.paths.len();
        if more {
            self.stage = LandscapeStage::Paths(m, path + 1, Vec::new());
        }
        Step::new(Some(LandscapePart::Path(PathLosses { path, losses })), more)
    }
}

impl LandscapeMeasurement {
    fn begin(question: &LandscapeQuestion, samples: Arc<Vec<Sample>>) -> Result<(Self, LandscapeBegun), String> {
        let LandscapeQuestion { what, frame, known, .. } = question;
        let together = match what.over {
            LossSamples::Set { part, .. } => batch_of(frame, part),
            LossSamples::Batch | LossSamples::Probe => samples.len(),
        };
        let objective = Objective::new(&frame.net, &frame.settings, samples, together, &frame.sample);
        let own = frame.moments();
        let (update, centre) = what.centre.weights(frame, &own);
        if centre.0.len() != frame.net.len() {
            return Err("The weights in the centre are those of another network.".into());
        }
        let update = if let PlaneKind::Moments { from, .. } = what.plane { from } else { update };
        let context = PlaneContext { objective: &objective, centre, moments: &own, seed: what.seed };
        let plane = Arc::new(what.plane.plane(&context)?);
        let tracks = question.tracks(own);
        let paths: Vec<ProjectedPath> = tracks.iter().map(|track| ProjectedPath::new(&plane, track)).collect();
        let measurement = Arc::new(Measurement { objective, plane, fields: what.fields });
        let known = known.as_ref().filter(|landscape| landscape.grid == what.grid);
        let landscape = known.map_or_else(|| Landscape::new(what.grid), |known| Landscape::clone(known));
        let mut order = what.grid.order();
        order.retain(|&point| landscape.points[point as usize].is_none());
        order.reverse();
        let begun = LandscapeBegun {
            update,
            measurement: Arc::clone(&measurement),
            paths: paths.clone(),
            known: known.map(Arc::clone),
        };
        Ok((
            Self {
                measurement,
                scratch: MeasurementScratch::default(),
                tracks,
                paths,
                landscape,
                order,
                points: Vec::new(),
            },
            begun,
        ))
    }
}

impl Centre {
    /// The weights in the centre, and after how many updates they were; `moments` are those of the run of `frame`.
    fn weights(&self, frame: &Frame, moments: &Moments) -> (u64, Arc<Params>) {
        match self {
            Self::Now => (frame.update, Arc::clone(&frame.params)),
            Self::Moment(update) => {
                let at = moments.partition_point(|(u, _)| u <= update).saturating_sub(1);
                moments[at].clone()
            }
            Self::Fixed(update, params) => (*update, Arc::clone(&params.0)),
        }
    }
}

impl LandscapeQuestion {
    /// The run's own path, and those of the others.
    fn tracks(&self, own: Moments) -> Vec<RunPath> {
        let settings = &self.frame.settings;
        let name = format!("{}, seed {}", settings.rule.rule, settings.run.seed);
        std::iter::once(RunPath { name, moments: own }).chain(self.others.iter().cloned()).collect()
    }
}

/// Samples of a set that are run together, as in validation.
fn batch_of(frame: &Frame, split: Split) -> usize {
    frame.settings.batch_of(frame.task.len(split)).max(1)
}
