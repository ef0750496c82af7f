//! A landscape as far as it was measured, with what follows from it.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Begun, Centre, Question};
use crate::landscape::{Grid, Landscape, OnPlane, Over, PathLoss, PlaneKind, Survey, Views};

/// The answer to a question, as far as it is known.
#[derive(Clone, Debug)]
pub struct MeasuredLandscape {
    /// That this answers, without what was known before.
    pub question: Arc<Question>,
    /// The moment whose weights are the centre.
    pub update: u64,
    pub survey: Arc<Survey>,
    pub landscape: Landscape,
    /// Once every point is measured.
    pub views: Option<Arc<Views>>,
    /// The run's path, projected on the plane, in order; then those of earlier runs.
    pub paths: Vec<OnPlane>,
    /// The losses along each of the paths, once they are known.
    pub losses: Vec<Option<Vec<PathLoss>>>,
    pub took: Duration,
}

/// The plane and grid of a view: a view of another plane replaces it at once.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewedPlane {
    start: u32,
    grid: Grid,
    plane: PlaneKind,
    seed: u64,
    over: Over,
    /// Of a centre that stays; it says whether the centre is the same, not which it is.
    centre: Option<u64>,
}

impl MeasuredLandscape {
    pub fn new(question: Arc<Question>, begun: Begun) -> Self {
        let landscape = begun.known.as_deref().cloned().unwrap_or_else(|| Landscape::new(begun.grid));
        let losses = vec![None; begun.paths.len()];
        let (update, survey, paths, took) = (begun.update, begun.survey, begun.paths, Duration::ZERO);
        Self { question, update, survey, landscape, views: None, paths, losses, took }
    }

    /// Of the question that this answers.
    pub fn id(&self) -> u64 {
        self.question.id
    }

    pub fn grid(&self) -> Grid {
        self.landscape.grid
    }

    pub fn done(&self) -> usize {
        self.landscape.done()
    }

    /// Whether every point is measured.
    pub fn is_whole(&self) -> bool {
        self.landscape.is_whole()
    }

    /// Whether everything that was asked for is there.
    pub fn is_complete(&self) -> bool {
        let paths = !self.question.path_losses || self.losses.iter().all(Option::is_some);
        self.is_whole() && self.views.is_some() && paths
    }

    /// The loss at line `i` along the first direction and `j` along the second.
    pub fn loss(&self, i: usize, j: usize) -> Option<f64> {
        self.landscape.at(i, j).map(|point| point.loss)
    }

    /// The number of a cell in everything that lies `[a][b]`.
    pub fn index(&self, (i, j): (usize, usize)) -> usize {
        i * self.grid().points + j
    }

    /// Its coordinates on the plane.
    pub fn at(&self, (i, j): (usize, usize)) -> [f32; 2] {
        [self.grid().coordinate(i), self.grid().coordinate(j)]
    }

    pub(super) fn place(&self) -> ViewedPlane {
        let Question { frame, plane, seed, grid, over, centre, .. } = &*self.question;
        let centre = match centre {
            Centre::Now => None,
            Centre::Moment(_) | Centre::Fixed(..) => Some(self.update),
        };
        ViewedPlane { start: frame.start, grid: *grid, plane: *plane, seed: *seed, over: *over, centre }
    }

    /// Whether nothing that can be seen of `other` would be missed here.
    pub(super) fn knows_as_much_as(&self, other: &Self) -> bool {
        // those of the run itself; of others they come later
        let path = |m: &Self| self.question.path_losses && m.losses.first().is_some_and(Option::is_some);
        self.done() >= other.done() && (self.views.is_some() || other.views.is_none()) && (path(self) || !path(other))
    }
}

/// Whether the points that `shown` measured are those that `asked` asks for.
pub(super) fn same_points(shown: &Question, asked: &Question) -> bool {
    let (then, now) = (&shown.frame, &asked.frame);
    let same_moment = then.update == now.update;
    let same_centre = match (&shown.centre, &asked.centre) {
        _ if matches!(asked.plane, PlaneKind::Moments { .. }) => true,
        (Centre::Now, Centre::Now) => same_moment,
        (Centre::Moment(one), Centre::Moment(other)) => one == other,
        (Centre::Fixed(_, one), Centre::Fixed(_, other)) => Arc::ptr_eq(one, other),
        _ => false,
    };
    // the components of a path change with it
    let same_plane = shown.plane == asked.plane && (asked.plane != PlaneKind::Path || same_moment);
    let same_place = (shown.grid, shown.seed, shown.over) == (asked.grid, asked.seed, asked.over);
    if !(then.start == now.start && same_centre && same_plane && same_place && (shown.fields || !asked.fields)) {
        return false;
    }
    let seen = |q: &Question| {
        let rule = &q.frame.settings.rule;
        (rule.surrogate_alpha, rule.surrogate_beta, rule.lambda_act, rule.lambda_timing)
    };
    let same_samples = || match asked.over {
        Over::Batch => Arc::ptr_eq(&then.batch, &now.batch) || then.batch == now.batch,
        Over::Probe => Arc::ptr_eq(&then.sample, &now.sample) || then.sample == now.sample,
        Over::Set { .. } => Arc::ptr_eq(&then.task, &now.task),
    };
    then.settings.loss == now.settings.loss
        && then.settings.neuron == now.settings.neuron
        && (seen(shown) == seen(asked) || !asked.fields)
        && same_samples()
}
