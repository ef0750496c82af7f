//! The explorer: answers long questions on a copy of the parameters, in parts. The newest question of a kind replaces the
//! older, questions of different kinds take turns, and every one can be stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::landscape::{Look, Views};
use crate::record::history::Past;
use crate::snn::Params;
use crate::task::Split;
use crate::train::{self};

use super::frame::Frame;
use super::survey::{Begun, LookQuestion, PathLosses, Question, Surveyed};
use super::threads::{Wake, cores, pool};
use super::work::Work;

/// What the network of `frame` answers to samples of a part.
#[derive(Clone, Debug)]
pub struct SampleQuestion {
    /// As in [`Question`].
    pub id: u64,
    pub frame: Arc<Frame>,
    pub part: Split,
}

/// How the network of `frame` divides the plane of Yin-Yang.
#[derive(Clone, Debug)]
pub struct MapQuestion {
    /// As in [`Question`].
    pub id: u64,
    pub frame: Arc<Frame>,
    /// Points along each side of the unit square.
    pub points: usize,
}

/// The weights after so many updates, replayed.
#[derive(Clone, Debug)]
pub struct RecallQuestion {
    /// As in [`Question`].
    pub id: u64,
    /// What a run said when it was asked by [`super::Command::Recall`].
    pub past: Arc<Past>,
}

/// A part of an answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// What a landscape is about to look at.
    Begun(Begun),
    Part(Surveyed),
    /// What follows from a landscape that is whole.
    Views {
        id: u64,
        views: Arc<Views>,
    },
    /// The losses along the paths of a landscape.
    Path(PathLosses),
    /// The spikes at one point of a landscape.
    Looked {
        id: u64,
        look: Arc<Look>,
    },
    Samples(Answered),
    Map(Mapped),
    /// The weights of a moment that was not remembered, as for [`super::Centre::Fixed`].
    Recalled {
        id: u64,
        update: u64,
        params: Arc<Params>,
    },
    /// A question could not be answered to its end; a sentence says why.
    Failed {
        id: u64,
        problem: String,
    },
}

/// Answers to the next samples of a part, in order from the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub id: u64,
    /// The moment whose weights answered.
    pub update: u64,
    pub part: Split,
    pub answers: Vec<train::Answer>,
    /// Samples answered so far, these included.
    pub done: usize,
    pub of: usize,
}

/// What the network says to some points of the unit square.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapped {
    pub id: u64,
    pub update: u64,
    pub points: usize,
    pub cells: Vec<Cell>,
    /// Points answered so far, these included.
    pub done: usize,
    pub of: usize,
}

/// A point of the unit square: its number counts from the lower left corner, x running fastest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    pub number: u32,
    /// None if all outputs are silent.
    pub class: Option<u8>,
    /// The step of the first output spike; the steps that counted if there is none.
    pub first_step: u32,
}

/// A question of any kind.
pub(super) enum Asked {
    Landscape(Box<Question>),
    Samples(SampleQuestion),
    Map(MapQuestion),
    Look(LookQuestion),
    Recall(RecallQuestion),
}

impl Asked {
    fn id(&self) -> u64 {
        match self {
            Self::Landscape(q) => q.id,
            Self::Samples(q) => q.id,
            Self::Map(q) => q.id,
            Self::Look(q) => q.id,
            Self::Recall(q) => q.id,
        }
    }

    fn kind(&self) -> usize {
        match self {
            Self::Landscape(_) => LANDSCAPE,
            Self::Samples(_) => SAMPLES,
            Self::Map(_) => MAP,
            Self::Look(_) => LOOK,
            Self::Recall(_) => RECALL,
        }
    }
}

const LANDSCAPE: usize = 0;
const SAMPLES: usize = 1;
const MAP: usize = 2;
const LOOK: usize = 3;
const RECALL: usize = 4;
const KINDS: usize = 5;

/// Of each kind the newest question's id; a question with a lower one is out of date.
type Newest = Arc<[AtomicU64; KINDS]>;

/// The handle of the explorer's thread. Dropping it stops what is under way, ends the thread and waits for it.
pub struct Explorer {
    questions: Option<Sender<Asked>>,
    answers: Receiver<Answer>,
    newest: Newest,
    running: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Explorer {
    /// Leaves a core to the worker where there is more than one, until [`Explorer::leave_a_core`] says otherwise.
    pub fn start(wake: Wake) -> Result<Self, String> {
        let (questions, inbox) = channel();
        let (outbox, answers) = channel();
        let (newest, running) = (Newest::default(), Arc::new(AtomicBool::new(true)));
        let pools = Pools { few: pool("explorer", (cores() - 1).max(1))?, all: pool("explorer", cores())? };
        let (current, others) = (Arc::clone(&newest), Arc::clone(&running));
        let work = move || live(&inbox, &outbox, &current, &wake, &pools, &others);
        let thread = std::thread::Builder::new().name("explorer".into()).spawn(work);
        let thread = thread.map_err(|e| format!("the explorer could not be started: {e}"))?;
        Ok(Self { questions: Some(questions), answers, newest, running, thread: Some(thread) })
    }

    /// Asks for a landscape; the one that was asked for before is dropped.
    pub fn ask(&self, question: Question) {
        self.send(Asked::Landscape(Box::new(question)));
    }

    /// Asks what samples are taken for; what was asked of samples before is dropped.
    pub fn ask_samples(&self, question: SampleQuestion) {
        self.send(Asked::Samples(question));
    }

    /// Asks for a decision map; the one that was asked for before is dropped.
    pub fn ask_map(&self, question: MapQuestion) {
        self.send(Asked::Map(question));
    }

    /// Asks for the spikes at a point of a landscape: answered before anything else, also while a survey is under way.
    pub fn ask_look(&self, question: LookQuestion) {
        self.send(Asked::Look(question));
    }

    /// Asks for the weights of a moment that has to be replayed; the one that was asked for before is dropped.
    pub fn ask_recall(&self, question: RecallQuestion) {
        self.send(Asked::Recall(question));
    }

    /// Whether a run is running, which is left a core; all of them are used while none is. Holds from the next piece of
    /// work on.
    pub fn leave_a_core(&self, running: bool) {
        self.running.store(running, Ordering::Relaxed);
    }

    fn send(&self, asked: Asked) {
        self.newest[asked.kind()].store(asked.id(), Ordering::Relaxed);
        let _ = self.questions.as_ref().map(|q| q.send(asked));
    }

    /// Stops every landscape up to `id`. What was measured by then and not yet told comes in a last part.
    pub fn stop(&self, id: u64) {
        self.newest[LANDSCAPE].fetch_max(id + 1, Ordering::Relaxed);
    }

    /// Stops every question about samples up to `id`.
    pub fn stop_samples(&self, id: u64) {
        self.newest[SAMPLES].fetch_max(id + 1, Ordering::Relaxed);
    }

    /// Stops every decision map up to `id`.
    pub fn stop_map(&self, id: u64) {
        self.newest[MAP].fetch_max(id + 1, Ordering::Relaxed);
    }

    pub fn answer(&self) -> Option<Answer> {
        self.answers.try_recv().ok()
    }
}

impl Drop for Explorer {
    fn drop(&mut self) {
        self.newest.iter().for_each(|newest| newest.store(u64::MAX, Ordering::Relaxed));
        self.questions = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A turn of one question, after which the others have theirs.
const TURN: Duration = Duration::from_millis(10);

struct Job {
    kind: usize,
    id: u64,
    work: Work,
}

/// One that leaves a core to a run, and one that does not.
struct Pools {
    few: rayon::ThreadPool,
    all: rayon::ThreadPool,
}

fn live(
    inbox: &Receiver<Asked>,
    outbox: &Sender<Answer>,
    newest: &Newest,
    wake: &Wake,
    pools: &Pools,
    running: &AtomicBool,
) {
    let pool = || if running.load(Ordering::Relaxed) { &pools.few } else { &pools.all };
    let mut jobs: Vec<Job> = Vec::new();
    let say = |answer| {
        let _ = outbox.send(answer);
        wake();
    };
    loop {
        let asked = if jobs.is_empty() {
            match inbox.recv() {
                Ok(asked) => Some(asked),
                Err(_) => return,
            }
        } else {
            match inbox.try_recv() {
                Ok(asked) => Some(asked),
                Err(TryRecvError::Empty) => None,
                Err(TryRecvError::Disconnected) => return,
            }
        };
        let stands = |kind: usize, id: u64| newest[kind].load(Ordering::Relaxed) == id;
        if let Some(asked) = asked {
            let (kind, id) = (asked.kind(), asked.id());
            if stands(kind, id) {
                jobs.retain(|job| job.kind != kind);
                // what is answered at once does not wait for its turn
                match asked {
                    Asked::Look(question) => say(pool().install(|| question.answer())),
                    long => jobs.extend(Work::begin(long).map(|work| Job { kind, id, work })),
                }
            }
            continue;
        }
        jobs.retain_mut(|job| {
            let until = Instant::now() + TURN;
            loop {
                if !stands(job.kind, job.id) {
                    job.work.stopped().into_iter().for_each(say);
                    return false;
                }
                let (answer, more) = pool().install(|| job.work.advance());
                answer.into_iter().for_each(say);
                if !more || Instant::now() >= until {
                    return more;
                }
            }
        });
    }
}
