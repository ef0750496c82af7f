//! The handle of a run: what whoever watches it holds.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::record::history::BUDGET;
use crate::snn::Isa;
use crate::task;
use crate::task::Task;
use crate::task::progress::Progress;
use crate::train::{Moment, Settings, Trainer};

use super::command::Command;
use super::event::Event;
use super::event_queue::{EventReceiver, event_queue};
use super::frame::Frame;
use super::past::KeptRun;
use super::slot::Slot;
use super::threads::{Wake, pool};
use super::worker::{Worker, WorkerLines};

/// The means of a run's worker.
pub(super) struct RunMeans {
    pub threads: usize,
    /// Half of it is for the run at work, the other half for those that were left.
    pub history_bytes: usize,
    pub wake: Wake,
}

/// The handle of a worker. Dropping it ends the thread and waits for it.
pub struct Run {
    commands: Option<Sender<Command>>,
    events: EventReceiver,
    frame: Arc<Slot<Arc<Frame>>>,
    thread: Option<JoinHandle<()>>,
}

impl Run {
    /// Starts a paused run of checked settings, on `threads` threads. The task is opened before this returns: one that
    /// reads files should rather be opened by [`super::Opening`].
    pub fn start(settings: Settings, threads: usize, wake: Wake) -> Result<Self, String> {
        let task = Arc::new(task::open(&settings.task, settings.run.seed, &Progress::default())?);
        Self::start_on(settings, task, RunMeans { threads, history_bytes: BUDGET, wake })
    }

    /// The same on a task that was opened for these settings, with this many bytes for the history of what it does.
    pub(super) fn start_on(settings: Settings, task: Arc<Task>, means: RunMeans) -> Result<Self, String> {
        Self::begin(|| Trainer::with_task(settings, task, Isa::best()), None, means)
    }

    /// Goes on, paused, with a run that another worker handed out.
    pub(super) fn go_on(run: KeptRun, means: RunMeans) -> Result<Self, String> {
        let moment = Moment::clone(&run.moment);
        Self::begin(|| Trainer::resume(moment, Isa::best()), Some(run), means)
    }

    /// `make` makes the trainer, in the pool that it will work in.
    fn begin(
        make: impl FnOnce() -> Result<Trainer, String> + Send,
        past: Option<KeptRun>,
        means: RunMeans,
    ) -> Result<Self, String> {
        let ((commands, inbox), (outbox, events)) = (channel(), event_queue());
        let frame = Arc::new(Slot::default());
        let pool = pool("worker", means.threads)?;
        let trainer = pool.install(make)?;
        let RunMeans { wake, history_bytes, .. } = means;
        let lines = WorkerLines { commands: inbox, events: outbox, frame: Arc::clone(&frame), wake, history_bytes };
        let work = move || pool.install(|| Worker::new(trainer, past, lines).run());
        let thread = std::thread::Builder::new().name("worker".into()).spawn(work);
        let thread = thread.map_err(|e| format!("The worker could not be started: {e}."))?;
        Ok(Self { commands: Some(commands), events, frame, thread: Some(thread) })
    }

    pub fn send(&self, command: Command) {
        // a worker that is gone has said why; there is nobody left to tell
        let _ = self.commands.as_ref().map(|c| c.send(command));
    }

    /// The next piece of news, without waiting.
    pub fn event(&self) -> Option<Event> {
        self.events.next()
    }

    /// The next piece of news, waiting for it; `None` when the worker is gone or time is up.
    pub fn wait(&self, at_most: Duration) -> Option<Event> {
        self.events.wait(at_most)
    }

    /// The latest frame, if there is one that was not taken yet.
    pub fn frame(&self) -> Option<Arc<Frame>> {
        self.frame.take()
    }

    /// Whether there is a frame that was not taken yet.
    pub fn has_frame(&self) -> bool {
        !self.frame.is_empty()
    }

    /// Whether the worker's thread is still there.
    pub fn alive(&self) -> bool {
        self.thread.as_ref().is_some_and(|t| !t.is_finished())
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            // a worker that panicked was noticed by `alive`
            let _ = thread.join();
        }
    }
}
