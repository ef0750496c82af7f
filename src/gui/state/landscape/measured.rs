//! A landscape as far as it was measured, with what follows from it.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{LandscapeBegun, LandscapePart, LandscapeQuestion};
use crate::gui::state::{LatestAnswer, LatestQuestion};
use crate::landscape::{Grid, Landscape, Measurement, PathLoss, ProjectedPath, Views};

/// The answer to a question, as far as it is known.
#[derive(Clone, Debug)]
pub struct MeasuredLandscape {
    /// That this answers, without the points that were known before.
    pub question: Arc<LandscapeQuestion>,
    /// The moment whose weights are the centre.
    pub update: u64,
    pub measurement: Arc<Measurement>,
    pub landscape: Landscape,
    /// Once every point is measured.
    pub views: Option<Arc<Views>>,
    /// The run's path, projected on the plane, in order; then those of earlier runs.
    pub paths: Vec<ProjectedPath>,
    /// The losses along each of the paths, once they are known.
    pub losses: Vec<Option<Vec<PathLoss>>>,
    pub took: Duration,
}

impl MeasuredLandscape {
    pub fn new(question: Arc<LandscapeQuestion>, begun: LandscapeBegun) -> Self {
        let LandscapeBegun { update, measurement, paths, known } = begun;
        let landscape = known.as_deref().cloned().unwrap_or_else(|| Landscape::new(question.what.grid));
        let losses = vec![None; paths.len()];
        Self { question, update, measurement, landscape, views: None, paths, losses, took: Duration::ZERO }
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
        let paths = !self.question.what.path_losses || self.losses.iter().all(Option::is_some);
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
}

impl LatestQuestion for LandscapeQuestion {
    fn number(&self) -> usize {
        self.what.grid.len()
    }

    fn covers(&self, other: &Self) -> bool {
        self.covers(other)
    }

    fn same_place(&self, other: &Self) -> bool {
        self.same_place(other)
    }

    /// Another place is asked for when it is chosen. A moment that is still to come moves on with the run.
    fn lacks(&self, other: &Self) -> bool {
        other.what.fields && !self.what.fields
    }

    /// A path becomes long enough for a plane as the run goes on.
    fn fails_as(&self, other: &Self) -> bool {
        self.covers(other)
    }
}

impl LatestAnswer for MeasuredLandscape {
    type Question = LandscapeQuestion;
    type Part = LandscapePart;

    fn begin(question: Arc<LandscapeQuestion>, part: LandscapePart, took: Duration) -> Option<Self> {
        let LandscapePart::Begun(begun) = part else { return None };
        Some(Self { took, ..Self::new(question, begun) })
    }

    fn took(&self) -> Duration {
        self.took
    }

    fn add(&mut self, part: LandscapePart, took: Duration) {
        self.took = took;
        match part {
            LandscapePart::Begun(_) => {}
            LandscapePart::Points(part) => self.landscape.take(&part.points, &part.outputs),
            LandscapePart::Views(views) => self.views = Some(views),
            LandscapePart::Path(path) => {
                if let Some(losses) = self.losses.get_mut(path.path) {
                    *losses = Some(path.losses);
                }
            }
        }
    }

    fn question(&self) -> &Arc<LandscapeQuestion> {
        &self.question
    }

    fn done(&self) -> usize {
        self.done()
    }

    fn is_complete(&self) -> bool {
        self.is_complete()
    }

    fn knows_as_much_as(&self, shown: &Self) -> bool {
        // the path of the run itself; those of others come later, and where none is asked for any more none is missed
        let path = |m: &Self| m.losses.first().is_some_and(Option::is_some);
        let paths = path(self) || !path(shown) || !self.question.what.path_losses;
        self.done() >= shown.done() && (self.views.is_some() || shown.views.is_none()) && paths
    }
}
