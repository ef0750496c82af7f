//! The spikes at one point of a landscape.

use std::sync::Arc;

use super::job::{Job, Question, QuestionKind, Step};
use crate::landscape::{Desk, Look, Survey};

/// The spikes at one point of a landscape, compared with those at another.
#[derive(Clone, Debug)]
pub struct PointQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub what: PointSpec,
    /// As in [`LandscapeBegun`](super::LandscapeBegun).
    pub survey: Arc<Survey>,
}

/// Two points of a plane, as (a, b).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointSpec {
    pub at: [f32; 2],
    /// The other point: the centre, (0, 0), or another one.
    pub other: [f32; 2],
}

impl Question for PointQuestion {
    const KIND: QuestionKind = QuestionKind::Point;

    type Job = Self;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> Self {
        self
    }
}

/// It is answered in one piece.
impl Job for PointQuestion {
    type Part = Arc<Look>;

    fn advance(&mut self) -> Step<Arc<Look>> {
        let q = self.survey.objective.settings.run.shift_cost;
        let PointSpec { at, other } = self.what;
        Step::Last(Some(Arc::new(self.survey.look(&Desk::default(), at, other, q))))
    }
}
