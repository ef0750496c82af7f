//! A moment of a run's past, as it was seen.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::job::{Job, Question, QuestionKind, Step};
use crate::engine::frame::{Frame, Recent};
use crate::engine::frame_pool::{FrameFacts, FramePool};
use crate::engine::past::PastOfRun;
use crate::record::history::Replay;
use crate::snn::Isa;
use crate::train::{Halt, Moment, Trainer};

/// The frame of a run after some number of updates, replayed bit for bit.
#[derive(Clone, Debug)]
pub struct MomentQuestion {
    /// See [`Question::id`].
    pub id: u64,
    /// The answer of a run to [`Command::Past`](crate::engine::Command::Past).
    pub past: Arc<PastOfRun>,
    /// After how many updates; at most those made until then.
    pub update: u64,
    /// See [`Command::LookBack`](crate::engine::Command::LookBack).
    pub look_back: u64,
}

/// A moment, or how far it is from being replayed.
#[derive(Clone, Debug)]
pub enum MomentPart {
    /// Updates made again so far, and all of them.
    Replayed(u64, u64),
    Moment(Box<RecalledMoment>),
}

/// A moment as it was.
#[derive(Clone, Debug)]
pub struct RecalledMoment {
    /// As the worker made it then, or would have made it.
    pub frame: Arc<Frame>,
    /// From which the run can be gone on with.
    pub moment: Moment,
}

impl Question for MomentQuestion {
    const KIND: QuestionKind = QuestionKind::Moment;

    type Job = MomentJob;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> MomentJob {
        MomentJob { question: self, replay: None, recent: Recent::default(), told: Instant::now() }
    }
}

/// Replays a run, some milliseconds at a time.
pub struct MomentJob {
    question: MomentQuestion,
    replay: Option<Box<Replay>>,
    recent: Recent,
    /// When its progress was last reported.
    told: Instant,
}

/// A piece of work.
const PIECE: Duration = Duration::from_millis(5);
/// Time between two reports of progress.
const REPORT: Duration = Duration::from_millis(50);

impl MomentJob {
    /// The update from which the replay must go, so that all spans of the frame are known.
    fn from(&self) -> u64 {
        let MomentQuestion { past, update, look_back, .. } = &self.question;
        let first = past.firsts.at(*update).0;
        update.saturating_sub((*look_back).max(1)).max(first)
    }

    fn begin(&mut self) -> Result<(), Halt> {
        let past = self.question.past.run.until(self.question.update, self.from());
        self.replay = Some(Box::new(past.replay(Isa::best())?));
        Ok(())
    }

    /// Goes on for a while; whether the moment is reached.
    fn replay(&mut self) -> Result<bool, Halt> {
        let (from, until) = (self.from(), Instant::now() + PIECE);
        let Some(replay) = &mut self.replay else { return Ok(false) };
        loop {
            replay.catch_up();
            if replay.trainer().update() >= from {
                self.recent.push(replay.trainer());
            }
            if replay.step()?.is_some() {
                return Ok(true);
            }
            if Instant::now() >= until {
                return Ok(false);
            }
        }
    }

    fn moment(&self, trainer: &Trainer) -> RecalledMoment {
        let MomentQuestion { past, update, look_back, .. } = &self.question;
        let frame = FramePool::default().frame(&FrameFacts {
            start: past.start,
            trainer,
            recent: &self.recent,
            look_back: *look_back,
            first: past.firsts.at(*update),
            path: &past.path,
            history_bytes: past.history_bytes,
            seconds: 0.0,
        });
        RecalledMoment { frame, moment: trainer.moment() }
    }

    fn advanced(&mut self) -> Result<Step<MomentPart>, Halt> {
        if self.replay.is_none() {
            self.begin()?;
            return Ok(Step::More(None));
        }
        let there = self.replay()?;
        let Some(replay) = &self.replay else { return Ok(Step::Last(None)) };
        if there {
            return Ok(Step::Last(Some(MomentPart::Moment(Box::new(self.moment(replay.trainer()))))));
        }
        let part = (self.told.elapsed() >= REPORT).then(|| {
            let begun = self.question.past.run.until(self.question.update, self.from()).cost();
            let left = self.question.update - replay.trainer().update();
            MomentPart::Replayed(begun - left, begun)
        });
        if part.is_some() {
            self.told = Instant::now();
        }
        Ok(Step::More(part))
    }
}

impl Job for MomentJob {
    type Part = MomentPart;

    fn advance(&mut self) -> Step<MomentPart> {
        self.advanced().unwrap_or_else(|halt| Step::Failed(format!("{halt}.")))
    }
}
