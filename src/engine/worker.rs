//! The worker: steps a run, or lets it run, and says what happened.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::record::History;
use crate::record::log::{End, Entry, Log};
use crate::snn::Isa;
use crate::spike::Raster;
use crate::train::settings::FIELDS;
use crate::train::{Diverged, Reports, Settings, Trainer};

use super::frame::{Frame, Recent, spans};
use super::slot::Slot;
use super::{Wake, pool};

/// What a person wants of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Play,
    Pause,
    /// So many updates as fast as they go, then pause.
    Advance(u64),
    Speed(Speed),
    /// Changes what can change under way; the rest of the settings must be as it is.
    Set(Box<Settings>),
    /// A new run from update 0.
    Restart(Box<Settings>),
    /// How many updates back the middle span of [`super::Spans`] reaches.
    LookBack(u64),
    /// Asks for the log as it stands; answered by [`Event::Log`].
    Log,
}

/// How fast a run runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    PerSecond(f64),
    Unlimited,
}

/// News of a run, in the order in which it happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A run begins at update 0. `start` counts the starts, from 1.
    Started {
        start: u32,
        settings: Arc<Settings>,
    },
    Playing(bool),
    Reports(Reports),
    /// A setting was changed once `update` updates were made.
    Changed {
        update: u64,
        key: String,
        value: String,
    },
    /// The run stopped; the state before is kept.
    Diverged(Diverged),
    Log(Box<Log>),
}

/// The handle of a worker. Dropping it ends the thread and waits for it.
pub struct Run {
    commands: Option<Sender<Command>>,
    events: Receiver<Event>,
    frame: Arc<Slot<Arc<Frame>>>,
    thread: Option<JoinHandle<()>>,
}

impl Run {
    /// Starts a paused run of checked settings, on `threads` threads.
    pub fn start(settings: Settings, threads: usize, wake: Wake) -> Result<Self, String> {
        let (commands, inbox) = channel();
        let (outbox, events) = channel();
        let frame = Arc::new(Slot::default());
        let pool = pool("worker", threads)?;
        let slot = Arc::clone(&frame);
        let work = move || pool.install(|| Worker::new(settings, inbox, outbox, slot, wake).live());
        let thread = std::thread::Builder::new().name("worker".into()).spawn(work);
        let thread = thread.map_err(|e| format!("the worker could not be started: {e}"))?;
        Ok(Self { commands: Some(commands), events, frame, thread: Some(thread) })
    }

    pub fn send(&self, command: Command) {
        // a worker that is gone has said why; there is nobody left to tell
        let _ = self.commands.as_ref().map(|c| c.send(command));
    }

    /// The next piece of news, without waiting.
    pub fn event(&self) -> Option<Event> {
        self.events.try_recv().ok()
    }

    /// The next piece of news, waiting for it; `None` when the worker is gone or time is up.
    pub fn wait(&self, at_most: Duration) -> Option<Event> {
        self.events.recv_timeout(at_most).ok()
    }

    /// The latest frame, if there is one that was not taken yet.
    pub fn frame(&self) -> Option<Arc<Frame>> {
        self.frame.take()
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

/// The least time between two frames.
const FRAME: Duration = Duration::from_millis(33);
/// Bytes that the history of a run may take.
const HISTORY_BYTES: usize = 256 << 20;

struct Worker {
    inbox: Receiver<Command>,
    outbox: Sender<Event>,
    slot: Arc<Slot<Arc<Frame>>>,
    wake: Wake,

    start: u32,
    trainer: Trainer,
    log: Log,
    history: History,
    path: Arc<Vec<(u64, Arc<crate::snn::Params>)>>,
    recent: Recent,
    /// The spikes with which "since the start" begins, and their update.
    first: (u64, Vec<Raster>),
    look_back: u64,

    playing: bool,
    /// The update at which [`Command::Advance`] has arrived.
    goal: Option<u64>,
    speed: Speed,
    /// When the next update is due.
    due: Instant,
    reports: Reports,
    /// When reports and frame last went out.
    published: Instant,
    /// Whether there is something that no frame shows yet.
    stale: bool,
}

impl Worker {
    fn new(
        settings: Settings,
        inbox: Receiver<Command>,
        outbox: Sender<Event>,
        slot: Arc<Slot<Arc<Frame>>>,
        wake: Wake,
    ) -> Self {
        let trainer = Trainer::new(settings.clone(), Isa::best());
        let now = Instant::now();
        let mut worker = Self {
            inbox,
            outbox,
            slot,
            wake,
            start: 0,
            log: Log::new(settings.clone()),
            history: History::new(trainer.moment(), HISTORY_BYTES),
            path: Arc::default(),
            recent: Recent::default(),
            first: (0, Vec::new()),
            trainer,
            look_back: 100,
            playing: false,
            goal: None,
            speed: Speed::PerSecond(10.0),
            due: now,
            reports: Reports::default(),
            published: now,
            stale: true,
        };
        worker.begin(settings);
        worker
    }

    /// Until the handle is dropped.
    fn live(mut self) {
        self.publish();
        while let Some(command) = self.next() {
            if let Some(command) = command {
                self.obey(command);
            } else {
                self.step();
            }
            if (!self.playing && self.goal.is_none()) || self.published.elapsed() >= FRAME {
                self.publish();
            }
        }
    }

    /// A command, or `Some(None)` when an update is due, or `None` when the handle is gone.
    fn next(&mut self) -> Option<Option<Command>> {
        if !self.playing && self.goal.is_none() {
            // a frame that was not taken is replaced by the next: what is still to be shown waits for its turn
            if !self.stale {
                return self.inbox.recv().ok().map(Some);
            }
            return match self.inbox.recv_timeout(FRAME) {
                Ok(command) => Some(Some(command)),
                Err(RecvTimeoutError::Disconnected) => None,
                Err(RecvTimeoutError::Timeout) => {
                    self.publish();
                    self.next()
                }
            };
        }
        let command = match self.speed {
            _ if self.goal.is_some() => self.inbox.try_recv(),
            Speed::Unlimited => self.inbox.try_recv(),
            Speed::PerSecond(_) => {
                let wait = self.due.saturating_duration_since(Instant::now());
                self.inbox.recv_timeout(wait).map_err(|e| match e {
                    RecvTimeoutError::Timeout => TryRecvError::Empty,
                    RecvTimeoutError::Disconnected => TryRecvError::Disconnected,
                })
            }
        };
        match command {
            Ok(command) => Some(Some(command)),
            Err(TryRecvError::Empty) => Some(None),
            Err(TryRecvError::Disconnected) => None,
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Play => {
                self.due = Instant::now();
                self.play(true);
            }
            Command::Pause => self.play(false),
            Command::Advance(updates) => {
                self.play(false);
                self.goal = (updates > 0).then(|| self.trainer.update().saturating_add(updates));
            }
            Command::Speed(speed) => {
                self.speed = speed;
                self.due = Instant::now();
            }
            Command::Set(settings) => self.set(*settings),
            Command::Restart(settings) => self.begin(*settings),
            Command::LookBack(updates) => {
                self.look_back = updates;
                self.stale = true;
            }
            Command::Log => {
                let end = End { update: self.trainer.update(), digest: self.trainer.params().digest() };
                self.say(Event::Log(Box::new(Log { end: Some(end), ..self.log.clone() })));
            }
        }
    }

    fn play(&mut self, playing: bool) {
        self.goal = None;
        self.say_reports();
        if self.playing != playing {
            self.playing = playing;
            self.say(Event::Playing(playing));
        }
    }

    fn begin(&mut self, settings: Settings) {
        self.say_reports();
        self.start += 1;
        self.trainer = Trainer::new(settings.clone(), Isa::best());
        self.history = History::new(self.trainer.moment(), HISTORY_BYTES);
        self.path = Arc::new(self.history.path());
        self.recent.clear();
        self.recent.push(&self.trainer);
        self.first = (self.trainer.update(), self.trainer.spikes().cloned().collect());
        self.log = Log::new(settings.clone());
        self.goal = None;
        self.stale = true;
        self.due = Instant::now();
        self.say(Event::Started { start: self.start, settings: Arc::new(settings) });
    }

    fn set(&mut self, settings: Settings) {
        self.say_reports();
        let update = self.trainer.update();
        let probe = self.trainer.settings().run.probe;
        for field in FIELDS {
            let (old, new) = (field.get(self.trainer.settings()), field.get(&settings));
            if old != new && field.live {
                let (key, value) = (field.key.to_owned(), new.to_text());
                self.log.entries.push(Entry { update, key: key.clone(), value: value.clone() });
                self.say(Event::Changed { update, key, value });
            }
        }
        self.trainer.set(settings);
        if self.trainer.settings().run.probe != probe {
            // another sample is watched from here on: its own past is not remembered
            self.recent.clear();
            self.recent.push(&self.trainer);
            self.first = (self.trainer.update(), self.trainer.spikes().cloned().collect());
        }
        self.stale = true;
    }

    fn step(&mut self) {
        if let Err(diverged) = self.trainer.step() {
            self.say_reports();
            self.say(Event::Diverged(diverged));
            self.play(false);
            return;
        }
        let (step, layers) = self.trainer.report();
        self.reports.push(*step, layers);
        self.recent.push(&self.trainer);
        if self.history.wants(self.trainer.update()) {
            self.history.push(self.trainer.moment());
            self.path = Arc::new(self.history.path());
        }
        self.stale = true;
        if self.goal == Some(self.trainer.update()) {
            self.goal = None;
        }
        if let Speed::PerSecond(n) = self.speed {
            // a run that cannot keep up does not try to catch up
            self.due = (self.due + Duration::from_secs_f64(1.0 / n)).max(Instant::now() - FRAME);
        }
    }

    /// Sends what was collected, and puts a frame where the last one was taken.
    fn publish(&mut self) {
        self.published = Instant::now();
        let news = !self.reports.is_empty();
        self.say_reports();
        if self.stale && self.slot.is_empty() {
            self.slot.put(Arc::new(self.frame()));
            self.stale = false;
        } else if !news {
            return;
        }
        (self.wake)();
    }

    fn frame(&self) -> Frame {
        let t = &self.trainer;
        Frame {
            start: self.start,
            update: t.update(),
            settings: Arc::new(t.settings().clone()),
            net: Arc::clone(t.net()),
            task: Arc::clone(t.task()),
            params: Arc::new(t.params().clone()),
            loss: t.loss(),
            steps: t.steps(),
            spikes: t.spikes().cloned().collect(),
            spans: spans(t, &self.recent, self.look_back, (self.first.0, &self.first.1)),
            path: Arc::clone(&self.path),
            history_bytes: self.history.bytes(),
        }
    }

    fn say_reports(&mut self) {
        if !self.reports.is_empty() {
            let reports = std::mem::take(&mut self.reports);
            self.say(Event::Reports(reports));
        }
    }

    fn say(&self, event: Event) {
        // nobody listens any more only when the handle is being dropped
        let _ = self.outbox.send(event);
        (self.wake)();
    }
}
