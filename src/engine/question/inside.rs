//! The inside of a network at one moment: what the three rules see of its potentials, which targets are missed, and what
//! the last update promised and did.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::job::{Job, Question, QuestionKind, Step};
use super::watched::WatchedSetup;
use crate::engine::frame::Frame;
use crate::engine::past::PastOfRun;
use crate::explain::cause::{MissedTarget, missed_targets};
use crate::explain::lanes::{GradientDesk, RuleGradients};
use crate::explain::step::{difference, length};
use crate::explain::{Activity, UpdatePromise};
use crate::loss::LossKind;
use crate::record::history::Replay;
use crate::rule::Rule;
use crate::snn::{Isa, Params};
use crate::train::Halt;
use crate::train::pass::BatchPass;

/// Asks for the inside of the network of `frame`, in its watched sample.
#[derive(Clone, Debug)]
pub struct InsideQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub frame: Arc<Frame>,
    /// From which the parameters before the last update are replayed; none where there was no update.
    pub past: Option<Arc<PastOfRun>>,
}

/// The parts of the answer, in this order.
#[derive(Clone, Debug)]
pub enum InsidePart {
    Now(Arc<InsideNow>),
    /// Updates made again so far, and all of them.
    Replayed(u64, u64),
    Update(Arc<InsideUpdate>),
}

/// A moment as the rules see it.
#[derive(Debug)]
pub struct InsideNow {
    pub at: WatchedSetup,
    pub activity: Activity,
    /// What the three rules see.
    pub gradients: RuleGradients,
    /// Where targets are spikes at their steps: those that are missed; what a step would do to them is not known here.
    pub missed: Vec<MissedTarget>,
}

/// The update that led to a moment.
#[derive(Debug)]
pub struct InsideUpdate {
    /// With the settings under which it was made.
    pub at: WatchedSetup,
    pub rule: Rule,
    /// The parameters before it.
    pub before: Arc<Params>,
    /// Its Euclidean length.
    pub length: f64,
    pub promise: UpdatePromise,
    /// What the three rules saw before it.
    pub gradients: RuleGradients,
    /// The targets that are missed after it, with what steps of its length would do to them.
    pub missed: Vec<MissedTarget>,
}

impl InsideNow {
    /// The targets that are missed, with what plain steps of this `length` would do to them.
    fn missed(&self, length: f64) -> Vec<MissedTarget> {
        let (setup, frame) = (self.at.setup(), &self.at.frame);
        match setup.loss.kind {
            LossKind::SpikeTrain => {
                let (state, q) = ((&*frame.params, length), frame.settings.run.shift_cost);
                missed_targets(&setup, &self.activity, state, &self.gradients, q)
            }
            LossKind::Count | LossKind::Latency => Vec::new(),
        }
    }
}

impl Question for InsideQuestion {
    const KIND: QuestionKind = QuestionKind::Inside;

    type Job = InsideJob;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> InsideJob {
        let desk = GradientDesk::default();
        InsideJob { question: self, desk, now: None, replay: None, told: Instant::now() }
    }
}

/// Looks at the moment, then replays the run to the one before.
pub struct InsideJob {
    question: InsideQuestion,
    desk: GradientDesk,
    /// The moment itself, once it is looked at.
    now: Option<Arc<InsideNow>>,
    replay: Option<Box<Replay>>,
    told: Instant,
}

/// A piece of work.
const PIECE: Duration = Duration::from_millis(5);
/// Time between two reports of progress.
const REPORT: Duration = Duration::from_millis(50);

impl InsideJob {
    /// What there is to see without the update.
    fn now(&mut self) -> InsideNow {
        let frame = &self.question.frame;
        let at = WatchedSetup::new(frame, Arc::clone(&frame.settings));
        let setup = at.setup();
        let activity = setup.run(&frame.params, &mut BatchPass::default());
        let gradients = RuleGradients::of(&setup, &frame.params, &mut self.desk);
        let mut now = InsideNow { at, activity, gradients, missed: Vec::new() };
        now.missed = now.missed(0.0);
        now
    }

    fn update(&mut self, now: &InsideNow, replay: &Replay) -> InsideUpdate {
        let (frame, trainer) = (&self.question.frame, replay.trainer());
        let (settings, before) = (Arc::new(trainer.settings().clone()), Arc::new(trainer.params().clone()));
        let (rule, q) = (settings.rule.rule, settings.run.shift_cost);
        let at = WatchedSetup::new(frame, settings);
        let setup = at.setup();
        let promise = UpdatePromise::of(&setup, &before, &frame.params, q, &mut BatchPass::default());
        let gradients = RuleGradients::of(&setup, &before, &mut self.desk);
        let length = length(&difference(&before, &frame.params));
        let missed = now.missed(length);
        InsideUpdate { at, rule, before, length, promise, gradients, missed }
    }

    /// Replays for a while; whether the moment before the update is reached.
    fn replayed(replay: &mut Replay, last: u64) -> Result<bool, Halt> {
        let until = Instant::now() + PIECE;
        loop {
            replay.catch_up();
            if replay.trainer().update() >= last {
                return Ok(true);
            }
            replay.step()?;
            if Instant::now() >= until {
                return Ok(false);
            }
        }
    }

    fn advanced(&mut self) -> Result<Step<InsidePart>, Halt> {
        let Some(now) = self.now.clone() else {
            let now = Arc::new(self.now());
            self.now = Some(Arc::clone(&now));
            return Ok(Step::new(Some(InsidePart::Now(now)), self.question.past.is_some()));
        };
        let Some(past) = &self.question.past else { return Ok(Step::Last(None)) };
        let last = self.question.frame.update.saturating_sub(1);
        let piece = past.run.until(last, last);
        let mut replay = match self.replay.take() {
            Some(replay) => replay,
            None => Box::new(piece.replay(Isa::best())?),
        };
        if Self::replayed(&mut replay, last)? {
            return Ok(Step::Last(Some(InsidePart::Update(Arc::new(self.update(&now, &replay))))));
        }
        let left = last - replay.trainer().update();
        self.replay = Some(replay);
        let due = self.told.elapsed() >= REPORT;
        if due {
            self.told = Instant::now();
        }
        Ok(Step::More(due.then(|| InsidePart::Replayed(piece.cost() - left, piece.cost()))))
    }
}

impl Job for InsideJob {
    type Part = InsidePart;

    fn advance(&mut self) -> Step<InsidePart> {
        self.advanced().unwrap_or_else(|halt| Step::Failed(format!("{halt}.")))
    }
}
