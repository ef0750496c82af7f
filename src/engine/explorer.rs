//! The explorer: answers long questions on a copy of the parameters, coarse to fine. The newest question replaces
//! the older; every one can be stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::landscape::{Foot, Grid, Plane, Survey};
use crate::snn::Isa;

use super::{Frame, Wake, cores, pool};

/// A landscape around the parameters of `frame`.
#[derive(Clone, Debug)]
pub struct Question {
    /// Rises from one question to the next; answers carry it.
    pub id: u64,
    pub frame: Arc<Frame>,
    /// From which the two random directions come.
    pub seed: u64,
    pub grid: Grid,
}

/// A part of an answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Where the question is about to look, and where the run's path lies beside that plane.
    Begun {
        id: u64,
        update: u64,
        grid: Grid,
        seed: u64,
        path: Vec<(u64, Foot)>,
    },
    Part(Surveyed),
}

/// Losses at some points of the grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Surveyed {
    pub id: u64,
    /// `(number of the point, loss)`
    pub losses: Vec<(u32, f64)>,
    /// Points measured so far, these included.
    pub done: usize,
    pub of: usize,
    /// Time since the question was begun.
    pub took: Duration,
}

/// The handle of the explorer's thread. Dropping it stops what is under way, ends the thread and waits for it.
pub struct Explorer {
    questions: Option<Sender<Question>>,
    answers: Receiver<Answer>,
    /// The newest question's id; a question with a lower one is out of date.
    newest: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Explorer {
    /// Leaves a core to the worker where there is more than one.
    pub fn start(wake: Wake) -> Result<Self, String> {
        let (questions, inbox) = channel();
        let (outbox, answers) = channel();
        let newest = Arc::new(AtomicU64::new(0));
        let pool = pool("explorer", (cores() - 1).max(1))?;
        let current = Arc::clone(&newest);
        let work = move || live(&inbox, &outbox, &current, &wake, &pool);
        let thread = std::thread::Builder::new().name("explorer".into()).spawn(work);
        let thread = thread.map_err(|e| format!("the explorer could not be started: {e}"))?;
        Ok(Self { questions: Some(questions), answers, newest, thread: Some(thread) })
    }

    /// Asks; what was asked before is dropped.
    pub fn ask(&self, question: Question) {
        self.newest.store(question.id, Ordering::Relaxed);
        let _ = self.questions.as_ref().map(|q| q.send(question));
    }

    /// Stops every question up to `id`.
    pub fn stop(&self, id: u64) {
        self.newest.fetch_max(id + 1, Ordering::Relaxed);
    }

    pub fn answer(&self) -> Option<Answer> {
        self.answers.try_recv().ok()
    }
}

impl Drop for Explorer {
    fn drop(&mut self) {
        self.newest.store(u64::MAX, Ordering::Relaxed);
        self.questions = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Points between two looks at whether the question still stands.
const CHUNK: usize = 32;
/// Time between two parts of an answer.
const PART: Duration = Duration::from_millis(30);

fn live(
    inbox: &Receiver<Question>,
    outbox: &Sender<Answer>,
    newest: &AtomicU64,
    wake: &Wake,
    pool: &rayon::ThreadPool,
) {
    while let Ok(question) = inbox.recv() {
        let stands = || newest.load(Ordering::Relaxed) == question.id;
        if stands() {
            answer(&question, &stands, pool, &mut |part| {
                let _ = outbox.send(part);
                wake();
            });
        }
    }
}

fn answer(question: &Question, stands: &dyn Fn() -> bool, pool: &rayon::ThreadPool, say: &mut dyn FnMut(Answer)) {
    let begun = Instant::now();
    let Question { id, frame, seed, grid } = question;
    let plane = Arc::new(Plane::random(&frame.net, Arc::clone(&frame.params), *seed));
    say(Answer::Begun { id: *id, update: frame.update, grid: *grid, seed: *seed, path: path(&plane, frame) });
    let survey = Survey {
        net: Arc::clone(&frame.net),
        settings: Arc::clone(&frame.settings),
        samples: frame.task.samples.clone().into(),
        plane,
        grid: *grid,
        isa: Isa::best(),
    };
    let order = grid.order();
    let (mut losses, mut said) = (Vec::new(), Instant::now());
    for (n, chunk) in order.chunks(CHUNK).enumerate() {
        if !stands() {
            return;
        }
        losses.extend(chunk.iter().copied().zip(pool.install(|| survey.losses(chunk))));
        let done = n * CHUNK + chunk.len();
        if done == order.len() || said.elapsed() >= PART {
            said = Instant::now();
            let losses = std::mem::take(&mut losses);
            say(Answer::Part(Surveyed { id: *id, losses, done, of: order.len(), took: begun.elapsed() }));
        }
    }
}

/// The run's path beside the plane, up to the moment of the frame.
fn path(plane: &Plane, frame: &Frame) -> Vec<(u64, Foot)> {
    let past = frame.path.iter().filter(|(update, _)| *update < frame.update);
    let mut path: Vec<(u64, Foot)> = past.map(|(update, params)| (*update, plane.foot(params))).collect();
    path.push((frame.update, Foot::default()));
    path
}
