//! Landscapes: how they are asked for, and how they are answered, a piece at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::landscape::{
    Context, Desk, Grid, Landscape, Objective, OnPlane, Over, PathLoss, PlaneKind, Point, Survey, Track,
};
use crate::snn::Params;
use crate::spike::{Sample, Trains};
use crate::task::Split;
use crate::train::read_samples;

use super::Frame;
use super::explorer::Answer;
use super::work::Pace;

/// A landscape of the run that `frame` is a moment of.
#[derive(Clone, Debug)]
pub struct Question {
    /// Rises from one question to the next, of whatever kind; answers carry it.
    pub id: u64,
    pub frame: Arc<Frame>,
    pub centre: Centre,
    pub plane: PlaneKind,
    /// From which random directions come.
    pub seed: u64,
    pub grid: Grid,
    pub over: Over,
    /// Whether each rule's field is measured, too.
    pub fields: bool,
    /// Whether the losses along the paths are measured, too, once the grid is.
    pub path_losses: bool,
    /// Paths of other runs, to be shown beside that of `frame`.
    pub others: Vec<Track>,
    /// Points that are known already, of a question that was stopped and is the same in everything above but `id`:
    /// they are not measured again.
    pub known: Option<Arc<Landscape>>,
}

impl Question {
    /// The true loss of the batch around the weights of `frame`, on a random plane.
    pub fn new(id: u64, frame: Arc<Frame>, seed: u64, grid: Grid) -> Self {
        let (centre, plane, over) = (Centre::Now, PlaneKind::Random, Over::Batch);
        let (others, known) = (Vec::new(), None);
        Self { id, frame, centre, plane, seed, grid, over, fields: false, path_losses: false, others, known }
    }
}

/// What lies in the middle of a landscape.
#[derive(Clone, Debug, Default)]
pub enum Centre {
    /// The weights of the frame.
    #[default]
    Now,
    /// Those of the last remembered moment after at most so many updates.
    Moment(u64),
    /// Weights that stay while the run goes on, and after how many updates they were.
    Fixed(u64, Arc<Params>),
}

/// What a landscape is about to look at.
#[derive(Clone, Debug)]
pub struct Begun {
    pub id: u64,
    /// After how many updates the centre is.
    pub update: u64,
    pub grid: Grid,
    pub seed: u64,
    /// For [`LookQuestion`].
    pub survey: Arc<Survey>,
    /// The run's own path, up to the frame and with it as its last point; then the others.
    pub paths: Vec<OnPlane>,
    /// As in the question: where the answer starts from.
    pub known: Option<Arc<Landscape>>,
}

/// What was measured at some points of the grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Surveyed {
    pub id: u64,
    /// With the number of the point, i · points + j.
    pub points: Vec<(u32, Point)>,
    /// Output spike trains of the watched sample that were met for the first time ([`Landscape::take`]).
    pub outputs: Vec<(u64, Arc<Trains>)>,
    /// Points measured so far, these and known ones included.
    pub done: usize,
    pub of: usize,
    /// Time since the question was begun.
    pub took: Duration,
}

/// Losses along one path, in the order of its points.
#[derive(Clone, Debug, PartialEq)]
pub struct PathLosses {
    pub id: u64,
    /// Which of [`Begun::paths`].
    pub path: usize,
    pub losses: Vec<PathLoss>,
}

/// The spikes at one point of a landscape beside those at another.
#[derive(Clone, Debug)]
pub struct LookQuestion {
    /// As in [`Question`].
    pub id: u64,
    /// As in [`Begun`].
    pub survey: Arc<Survey>,
    /// (a, b)
    pub at: [f32; 2],
    /// The other point: the centre, (0, 0), or another one.
    pub beside: [f32; 2],
}

impl LookQuestion {
    pub(super) fn answer(&self) -> Answer {
        let q = self.survey.objective.settings.run.shift_cost;
        Answer::Looked { id: self.id, look: Arc::new(self.survey.look(&Desk::default(), self.at, self.beside, q)) }
    }
}

/// A landscape on its way: samples are read, the plane is made, then come the points, coarse to fine, then what follows
/// from them, then the paths.
pub struct Surveying {
    question: Question,
    begun: Instant,
    pace: Pace,
    stage: Stage,
}

enum Stage {
    /// Samples that were read so far.
    Reading(Vec<Sample>),
    Measuring(Box<Measuring>),
    Paths(Box<Measuring>, Walked),
}

/// How far the paths were walked: the path under way, and its losses.
#[derive(Default)]
struct Walked {
    path: usize,
    losses: Vec<PathLoss>,
}

struct Measuring {
    survey: Arc<Survey>,
    desk: Desk,
    tracks: Vec<Track>,
    paths: Vec<OnPlane>,
    landscape: Landscape,
    /// What is left to do, the last first.
    order: Vec<u32>,
    points: Vec<(u32, Point)>,
}

impl Measuring {
    fn part(&mut self, id: u64, begun: Instant) -> Answer {
        let (points, outputs) = (std::mem::take(&mut self.points), self.desk.new_outputs());
        self.landscape.take(&points, &outputs);
        let (done, of) = (self.landscape.done(), self.landscape.grid.len());
        Answer::Part(Surveyed { id, points, outputs, done, of, took: begun.elapsed() })
    }
}

impl Surveying {
    pub fn begin(question: Question) -> Self {
        Self { question, begun: Instant::now(), pace: Pace::new(), stage: Stage::Reading(Vec::new()) }
    }

    /// A piece of work, in parallel on the rayon pool at hand; and whether there is more.
    pub fn advance(&mut self) -> (Option<Answer>, bool) {
        match &mut self.stage {
            Stage::Reading(_) => {
                let problem = match self.read() {
                    Ok(None) => return (None, true),
                    Ok(Some(samples)) => match self.start(samples) {
                        Ok(begun) => return (Some(Answer::Begun(begun)), true),
                        Err(problem) => problem,
                    },
                    Err(problem) => problem,
                };
                (Some(Answer::Failed { id: self.question.id, problem }), false)
            }
            Stage::Measuring(_) => self.measure(),
            Stage::Paths(..) => self.walk(),
        }
    }

    /// The samples, once all are there; those of a set are read a batch at a time.
    fn read(&mut self) -> Result<Option<Arc<Vec<Sample>>>, String> {
        let frame = &self.question.frame;
        let (part, most) = match self.question.over {
            Over::Batch => return Ok(Some(Arc::clone(&frame.batch))),
            Over::Probe => return Ok(Some(Arc::new(vec![Sample::clone(&frame.sample)]))),
            Over::Set { part, most } => (part, most),
        };
        let Stage::Reading(samples) = &mut self.stage else { return Ok(None) };
        let number = frame.task.len(part).min(most);
        if number == 0 {
            return Err(format!("There are no samples ({}).", part.key()));
        }
        let next = samples.len()..(samples.len() + together(frame, part)).min(number);
        let indices: Vec<u32> = next.map(|i| i as u32).collect();
        let mut batch = Vec::new();
        read_samples(&frame.task, part, &indices, &mut batch)?;
        samples.extend(batch);
        Ok((samples.len() == number).then(|| Arc::new(std::mem::take(samples))))
    }

    fn start(&mut self, samples: Arc<Vec<Sample>>) -> Result<Begun, String> {
        let Question { id, frame, centre, plane, seed, grid, over, fields, others, known, .. } = &self.question;
        let together = match over {
            Over::Set { part, .. } => together(frame, *part),
            Over::Batch | Over::Probe => samples.len(),
        };
        let objective = Objective::new(&frame.net, &frame.settings, samples, together, &frame.sample);
        let own = frame.moments();
        let (update, params) = match centre {
            Centre::Now => (frame.update, Arc::clone(&frame.params)),
            Centre::Moment(update) => {
                let at = own.partition_point(|(u, _)| u <= update).saturating_sub(1);
                own[at].clone()
            }
            Centre::Fixed(update, params) => (*update, Arc::clone(params)),
        };
        if params.0.len() != frame.net.len() {
            return Err("The weights in the centre are those of another network.".into());
        }
        let update = if let PlaneKind::Moments { from, .. } = plane { *from } else { update };
        let context = Context { objective: &objective, centre: params, moments: &own, seed: *seed };
        let plane = Arc::new(plane.plane(&context)?);
        let name = format!("{}, seed {}", frame.settings.rule.rule, frame.settings.run.seed);
        let tracks: Vec<Track> = std::iter::once(Track { name, moments: own }).chain(others.iter().cloned()).collect();
        let paths: Vec<OnPlane> = tracks.iter().map(|track| OnPlane::new(&plane, track)).collect();
        let survey = Arc::new(Survey { objective, plane, fields: *fields });
        let landscape = known.as_deref().filter(|l| l.grid == *grid).cloned().unwrap_or_else(|| Landscape::new(*grid));
        let mut order = grid.order();
        order.retain(|&point| landscape.points[point as usize].is_none());
        order.reverse();
        let known = known.as_ref().filter(|l| l.grid == *grid).map(Arc::clone);
        let begun = Begun {
            id: *id,
            update,
            grid: *grid,
            seed: *seed,
            survey: Arc::clone(&survey),
            paths: paths.clone(),
            known,
        };
        let desk = Desk::default();
        let points = Vec::new();
        self.stage = Stage::Measuring(Box::new(Measuring { survey, desk, tracks, paths, landscape, order, points }));
        Ok(begun)
    }

    fn measure(&mut self) -> (Option<Answer>, bool) {
        let Stage::Measuring(m) = &mut self.stage else { return (None, false) };
        let (id, grid) = (self.question.id, m.landscape.grid);
        if m.order.is_empty() && m.landscape.is_whole() {
            let views = Arc::new(m.landscape.views());
            return (Some(Answer::Views { id, views }), self.go_on_to_paths());
        }
        let began = Instant::now();
        let rest = m.order.len().saturating_sub(self.pace.items);
        let chunk: Vec<u32> = m.order.drain(rest..).rev().collect();
        let at: Vec<[f32; 2]> = chunk.iter().map(|&point| grid.point(point as usize).into()).collect();
        m.points.extend(chunk.into_iter().zip(m.survey.measure(&m.desk, &at)));
        self.pace.learn(began.elapsed());
        let due = self.pace.due(m.order.is_empty());
        (due.then(|| m.part(id, self.begun)), true)
    }

    /// The points that were measured and not yet told.
    pub fn stopped(&mut self) -> Option<Answer> {
        let Stage::Measuring(m) = &mut self.stage else { return None };
        (!m.points.is_empty()).then(|| m.part(self.question.id, self.begun))
    }

    /// Goes on to the paths, if they are asked for.
    fn go_on_to_paths(&mut self) -> bool {
        let stage = std::mem::replace(&mut self.stage, Stage::Reading(Vec::new()));
        if let (Stage::Measuring(measuring), true) = (stage, self.question.path_losses) {
            self.stage = Stage::Paths(measuring, Walked::default());
            return true;
        }
        false
    }

    /// Some points of a path; an answer when it has come to its end.
    fn walk(&mut self) -> (Option<Answer>, bool) {
        let Stage::Paths(m, walked) = &mut self.stage else { return (None, false) };
        let Some((on_plane, track)) = m.paths.get(walked.path).zip(m.tracks.get(walked.path)) else {
            return (None, false);
        };
        let (began, done, of) = (Instant::now(), walked.losses.len(), on_plane.points.len());
        let some = done..(done + self.pace.items).min(of);
        walked.losses.extend(on_plane.losses(&m.survey, &m.desk, track, some));
        self.pace.learn(began.elapsed());
        if walked.losses.len() < of {
            return (None, true);
        }
        let (path, losses) = (walked.path, std::mem::take(&mut walked.losses));
        walked.path += 1;
        (Some(Answer::Path(PathLosses { id: self.question.id, path, losses })), walked.path < m.paths.len())
    }
}

/// Samples of a set that are run together, as in validation.
fn together(frame: &Frame, part: Split) -> usize {
    frame.settings.batch_of(frame.task.len(part)).max(1)
}
