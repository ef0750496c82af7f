//! Long questions, each kind with its answer and the work that leads to it in a file of its own.
//!
//! A new kind needs such a file, a variant of [`QuestionKind`], a line in the list of answers below, and somebody who asks.

mod agreement;
mod circle;
mod health;
mod inside;
mod job;
mod landscape;
mod line;
mod map;
mod moment;
mod neuron;
mod point;
mod recall;
mod same;
mod samples;
mod search;
mod story;
mod watched;

use std::sync::Arc;
use std::time::Duration;

use crate::landscape::{CircleWalk, PointSpikes};

pub use agreement::{Agreement, AgreementQuestion, LayerCosines};
pub use circle::CircleQuestion;
pub use health::{Diagnosis, HealthQuestion};
pub use inside::{InsideNow, InsidePart, InsideQuestion, InsideUpdate};
pub use job::{Job, Question, QuestionKind, Step};
pub use landscape::{
    Centre, LandscapeBegun, LandscapePart, LandscapePoints, LandscapeQuestion, LandscapeSpec, PathLosses,
};
pub use line::{LinePart, LineQuestion, Synapse};
pub use map::{MapCell, MapPart, MapQuestion, MapSpec};
pub use moment::{MomentPart, MomentQuestion, RecalledMoment};
pub use neuron::{PartsQuestion, PotentialParts, SpikeReasons, WhyQuestion};
pub use point::{PointQuestion, PointSpec};
pub use recall::{RecallQuestion, RecalledWeights};
pub use same::Same;
pub use samples::{SamplesPart, SamplesQuestion, SamplesSpec};
pub use search::{SearchPart, SearchQuestion};
pub use story::{StoryEvent, StoryPart, StoryQuestion};
pub use watched::WatchedSetup;

/// A part of the answer to a question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// See [`Question::id`].
    pub id: u64,
    /// Time since the question was begun.
    pub took: Duration,
    /// An error where the question could not be answered to its end: a sentence says why, and no other part comes.
    pub part: Result<AnswerPart, String>,
}

/// For each kind of question the parts of its answers.
macro_rules! answers {
    ($($kind:ident($part:ty),)*) => {
        /// A part of an answer of any kind.
        #[derive(Clone, Debug)]
        pub enum AnswerPart {
            $($kind($part),)*
        }

        $(impl From<$part> for AnswerPart {
            fn from(part: $part) -> Self {
                Self::$kind(part)
            }
        })*
    };
}

answers! {
    Landscape(LandscapePart),
    Samples(SamplesPart),
    Map(MapPart),
    Point(Arc<PointSpikes>),
    Recall(RecalledWeights),
    Moment(MomentPart),
    Search(SearchPart),
    Agreement(Arc<Agreement>),
    Health(Arc<Diagnosis>),
    Circle(Arc<CircleWalk>),
    Story(StoryPart),
    Inside(InsidePart),
    Parts(Arc<PotentialParts>),
    Why(Arc<SpikeReasons>),
    Line(Arc<LinePart>),
}

/// A question of any kind, before it is begun and after.
pub(super) struct AnyJob<Q: Question> {
    question: Option<Q>,
    job: Option<Q::Job>,
}

impl<Q: Question> AnyJob<Q> {
    pub fn new(question: Q) -> Self {
        Self { question: Some(question), job: None }
    }
}

impl<Q: Question> Job for AnyJob<Q>
where
    AnswerPart: From<<Q::Job as Job>::Part>,
{
    type Part = AnswerPart;

    fn advance(&mut self) -> Step<AnswerPart> {
        if let Some(question) = self.question.take() {
            self.job = Some(question.begin());
        }
        self.job.as_mut().map_or(Step::Last(None), |job| job.advance().map(AnswerPart::from))
    }

    fn stopped(&mut self) -> Option<AnswerPart> {
        self.job.as_mut()?.stopped().map(AnswerPart::from)
    }
}
