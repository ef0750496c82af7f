//! The weights of a moment that was not remembered.

use std::sync::Arc;

use super::job::{Job, Question, QuestionKind, Step};
use crate::record::history::{Past, Replay};
use crate::snn::{Isa, Params};
use crate::train::Halt;

/// The weights after some number of updates, replayed.
#[derive(Clone, Debug)]
pub struct RecallQuestion {
    /// See [`Question::id`].
    pub id: u64,
    /// The answer of a run to [`Command::Recall`](crate::engine::Command::Recall).
    pub past: Arc<Past>,
}

/// Weights as for [`Centre::Fixed`](super::Centre::Fixed).
#[derive(Clone, Debug)]
pub struct RecalledWeights {
    /// After how many updates they were.
    pub update: u64,
    pub params: Arc<Params>,
}

impl Question for RecallQuestion {
    const KIND: QuestionKind = QuestionKind::Recall;

    type Job = RecallJob;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> RecallJob {
        RecallJob { past: self.past, replay: None }
    }
}

/// Replays a run an update at a time.
pub struct RecallJob {
    past: Arc<Past>,
    replay: Option<Box<Replay>>,
}

impl RecallJob {
    /// An update, or the start of the replay; the weights, once they are as they were.
    fn step(&mut self) -> Result<Option<Arc<Params>>, Halt> {
        match &mut self.replay {
            None => {
                self.replay = Some(Box::new(self.past.replay(Isa::best())?));
                Ok(None)
            }
            Some(replay) => Ok(replay.step()?.map(|trainer| Arc::new(trainer.params().clone()))),
        }
    }
}

impl Job for RecallJob {
    type Part = RecalledWeights;

    fn advance(&mut self) -> Step<RecalledWeights> {
        match self.step() {
            Ok(None) => Step::More(None),
            Ok(Some(params)) => Step::Last(Some(RecalledWeights { update: self.past.update, params })),
            Err(halt) => Step::Failed(format!("{halt}.")),
        }
    }
}
