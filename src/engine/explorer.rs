//! The explorer: a thread that answers long questions on copies of the parameters, in parts. The newest question of a kind
//! replaces the older, questions of different kinds take turns, and every one can be stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::cores::cores;
use super::question::{Answer, AnswerPart, AnyJob, Job, Question, QuestionKind, Step};
use super::threads::{Wake, caught, pool};

/// Of each kind the newest question's id; a question with a lower one is out of date.
type Newest = [AtomicU64; QuestionKind::ALL.len()];

/// The handle of the explorer's thread. Dropping it stops what is being answered, ends the thread and waits for it.
pub struct Explorer {
    questions: Option<Sender<AskedQuestion>>,
    answers: Receiver<Answer>,
    newest: Arc<Newest>,
    spares_a_core: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Explorer {
    /// Leaves a core to the worker where there is more than one, until [`Explorer::leave_a_core`] says otherwise.
    pub fn start(wake: Wake) -> Result<Self, String> {
        let ((questions, inbox), (outbox, answers)) = (channel(), channel());
        let (newest, spares_a_core) = (Arc::<Newest>::default(), Arc::new(AtomicBool::new(true)));
        let pools = Pools { few: pool("explorer", (cores() - 1).max(1))?, all: pool("explorer", cores())? };
        let (ours, spares) = (Arc::clone(&newest), Arc::clone(&spares_a_core));
        let all =
            ExplorerThread { inbox, outbox, newest: ours, spares, wake, pools, waiting: Vec::new(), at_work: None };
        let thread = std::thread::Builder::new().name("explorer".into()).spawn(|| all.run());
        let thread = thread.map_err(|e| format!("The explorer could not be started: {e}."))?;
        Ok(Self { questions: Some(questions), answers, newest, spares_a_core, thread: Some(thread) })
    }

    /// Asks; the question of the same kind that was asked before is dropped. One that takes but a moment is answered at
    /// once, whatever else is being answered.
    pub fn ask<Q: Question>(&self, question: Q)
    where
        AnswerPart: From<<Q::Job as Job>::Part>,
    {
        let id = question.id();
        self.newest[Q::KIND as usize].store(id, Ordering::Relaxed);
        let asked = AskedQuestion { kind: Q::KIND, id, begun: Instant::now(), job: Box::new(AnyJob::new(question)) };
        // the thread ends with the handle alone
        let _ = self.questions.as_ref().map(|questions| questions.send(asked));
    }

    /// Stops every question of a kind up to `id`. Results that are in no part yet come in a last one.
    pub fn stop(&self, kind: QuestionKind, id: u64) {
        self.newest[kind as usize].fetch_max(id + 1, Ordering::Relaxed);
    }

    /// Whether a run is running, which is left a core; all of them are used while none is. Holds from the next piece of
    /// work on.
    pub fn leave_a_core(&self, running: bool) {
        self.spares_a_core.store(running, Ordering::Relaxed);
    }

    /// The next part of an answer, without waiting.
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

/// A question, as far as it is answered.
struct AskedQuestion {
    kind: QuestionKind,
    id: u64,
    begun: Instant,
    job: Box<dyn Job<Part = AnswerPart>>,
}

/// One that leaves a core to a run, and one that does not.
struct Pools {
    few: rayon::ThreadPool,
    all: rayon::ThreadPool,
}

/// The thread.
struct ExplorerThread {
    inbox: Receiver<AskedQuestion>,
    outbox: Sender<Answer>,
    newest: Arc<Newest>,
    spares: Arc<AtomicBool>,
    wake: Wake,
    pools: Pools,
    /// For their turn, the next one first.
    waiting: Vec<AskedQuestion>,
    /// The one whose turn it is.
    at_work: Option<AskedQuestion>,
}

impl ExplorerThread {
    /// Until the handle is dropped. A panic costs the question that it came from; then the work begins anew.
    fn run(mut self) {
        while let Err(panic) = caught(|| self.answer()) {
            let lost = self.at_work.take().map_or_else(|| std::mem::take(&mut self.waiting), |asked| vec![asked]);
            for asked in lost {
                let problem = format!(
                    "The program failed while it answered this ({panic}). The run goes on: ask again, or ask for \
                     something else."
                );
                self.send(&asked, Err(problem));
            }
        }
    }

    fn answer(&mut self) {
        while let Some(asked) = self.next() {
            self.at_work = Some(asked);
            self.take_turn();
        }
    }

    /// A question that was asked just now, or the one whose turn it is; `None` when the handle is gone.
    fn next(&mut self) -> Option<AskedQuestion> {
        loop {
            let asked = match self.inbox.try_recv() {
                Ok(asked) => asked,
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) if self.waiting.is_empty() => self.inbox.recv().ok()?,
                Err(TryRecvError::Empty) => return Some(self.waiting.remove(0)),
            };
            if self.stands(&asked) {
                self.waiting.retain(|other| other.kind != asked.kind);
                return Some(asked);
            }
        }
    }

    /// Whether no newer one was asked, and it was not stopped.
    fn stands(&self, asked: &AskedQuestion) -> bool {
        self.newest[asked.kind as usize].load(Ordering::Relaxed) == asked.id
    }

    /// Works at the question that is `at_work`, which waits for its next turn afterwards if there is more to do.
    fn take_turn(&mut self) {
        let until = Instant::now() + TURN;
        while let Some(mut asked) = self.at_work.take() {
            if !self.stands(&asked) {
                let rest = asked.job.stopped();
                return rest.into_iter().for_each(|part| self.send(&asked, Ok(part)));
            }
            let pool = if self.spares.load(Ordering::Relaxed) { &self.pools.few } else { &self.pools.all };
            let asked = self.at_work.insert(asked);
            let step = pool.install(|| asked.job.advance());
            let Some(asked) = self.at_work.take() else { return };
            let (part, more) = match step {
                Step::More(part) => (part.map(Ok), true),
                Step::Last(part) => (part.map(Ok), false),
                Step::Failed(problem) => (Some(Err(problem)), false),
            };
            part.into_iter().for_each(|part| self.send(&asked, part));
            match more {
                true if Instant::now() < until => self.at_work = Some(asked),
                true => self.waiting.push(asked),
                false => {}
            }
        }
    }

    fn send(&self, asked: &AskedQuestion, part: Result<AnswerPart, String>) {
        // nobody listens any more only when the handle is being dropped
        let _ = self.outbox.send(Answer { id: asked.id, took: asked.begun.elapsed(), part });
        (self.wake)();
    }
}
