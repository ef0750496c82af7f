//! The worker: steps a run, or lets it run, and says what happened.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::record::history::{BUDGET, Past};
use crate::record::log::{End, Entry, Log, TARGET};
use crate::record::{Checkpoint, History};
use crate::snn::{Isa, Params};
use crate::spike::Raster;
use crate::task::progress::Progress;
use crate::task::{self, Split, TargetEdit, Task};
use crate::train::settings::FIELDS;
use crate::train::trainer::ValidationRun;
use crate::train::{EpochReport, Halt, Reports, Settings, Trainer};

use super::frame::{Frame, Recent};
use super::maker::{Facts, Maker};
use super::slot::Slot;
use super::{Wake, pool};

/// What a person wants of a run.
#[derive(Clone, Debug)]
pub enum Command {
    Play,
    Pause,
    /// So many updates as fast as they go, then pause.
    Advance(u64),
    Speed(Speed),
    /// Changes what can change under way; the rest of the settings must be as it is.
    Set(Box<Settings>),
    /// A new run from update 0, on a task that was opened for its settings. Targets that were drawn stay drawn where it
    /// is the same task.
    Restart(Box<Settings>, Arc<Task>),
    /// Goes on from a checkpoint, on a task that was opened for its settings.
    Resume(Box<Checkpoint>, Arc<Task>),
    /// A new run of the present settings from these weights.
    Weights(Box<Params>),
    /// Target spikes that were drawn, in this order.
    Draw(Vec<TargetEdit>),
    /// How many updates back the middle span of [`super::Spans`] reaches.
    LookBack(u64),
    /// Asks for the log as it stands; answered by [`Event::Log`].
    Log,
    /// Asks for everything that continuing needs; answered by [`Event::Checkpoint`].
    Checkpoint,
    /// Asks for what the weights after so many updates, at most those made, can be replayed from; answered by
    /// [`Event::Past`].
    Recall(u64),
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
    /// A run begins, at update 0 unless it goes on from a checkpoint. `start` counts the starts, from 1.
    Started {
        start: u32,
        settings: Arc<Settings>,
        update: u64,
        /// Epochs that it had before.
        epochs: Arc<Vec<EpochReport>>,
    },
    Playing(bool),
    Reports(Reports),
    /// A setting was changed once `update` updates were made.
    Changed {
        update: u64,
        key: String,
        value: String,
    },
    /// Target spikes were drawn once `update` updates were made.
    Drawn {
        update: u64,
        edits: usize,
    },
    /// Validation samples answered so far, and all of them.
    Validating(usize, usize),
    /// An epoch has ended; whether it is the best so far.
    Epoch(EpochReport, bool),
    /// The run stopped; the state before is kept.
    Halted(Halt),
    /// What was asked for cannot be; a sentence says why. The run goes on.
    Refused(String),
    Log(Box<Log>),
    Checkpoint(Box<Checkpoint>),
    /// For [`super::RecallQuestion`].
    Past(Arc<Past>),
}

/// The handle of a worker. Dropping it ends the thread and waits for it.
pub struct Run {
    commands: Option<Sender<Command>>,
    events: Receiver<Event>,
    frame: Arc<Slot<Arc<Frame>>>,
    thread: Option<JoinHandle<()>>,
}

impl Run {
    /// Starts a paused run of checked settings, on `threads` threads. The task is opened before this returns: one that
    /// reads files should rather be opened by [`super::Opening`].
    pub fn start(settings: Settings, threads: usize, wake: Wake) -> Result<Self, String> {
        let task = Arc::new(task::open(&settings.task, settings.run.seed, &Progress::default())?);
        let trainer = Trainer::with_task(settings, task, Isa::best())?;
        let (commands, inbox) = channel();
        let (outbox, events) = channel();
        let frame = Arc::new(Slot::default());
        let pool = pool("worker", threads)?;
        let slot = Arc::clone(&frame);
        let work = move || pool.install(|| Worker::new(trainer, inbox, outbox, slot, wake).live());
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

/// The least time between two frames.
const FRAME: Duration = Duration::from_millis(33);

struct Worker {
    inbox: Receiver<Command>,
    outbox: Sender<Event>,
    slot: Arc<Slot<Arc<Frame>>>,
    wake: Wake,

    start: u32,
    trainer: Trainer,
    log: Log,
    history: History,
    path: Arc<Vec<(u64, Arc<Params>)>>,
    recent: Recent,
    maker: Maker,
    /// The spikes with which "since the start" begins, and their update.
    first: (u64, Vec<Raster>),
    look_back: u64,
    /// Target spikes that were drawn since the start.
    drawn: Vec<TargetEdit>,
    /// The validation under way, when an epoch has ended.
    validating: ValidationRun,
    /// When its progress was last told.
    told: Instant,

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
        trainer: Trainer,
        inbox: Receiver<Command>,
        outbox: Sender<Event>,
        slot: Arc<Slot<Arc<Frame>>>,
        wake: Wake,
    ) -> Self {
        let now = Instant::now();
        let log = Log::new(trainer.settings().clone());
        let mut worker = Self {
            inbox,
            outbox,
            slot,
            wake,
            start: 0,
            log: log.clone(),
            history: History::new(trainer.moment(), BUDGET),
            path: Arc::default(),
            recent: Recent::default(),
            maker: Maker::default(),
            first: (0, Vec::new()),
            trainer,
            look_back: 100,
            drawn: Vec::new(),
            validating: ValidationRun::default(),
            told: now,
            playing: false,
            goal: None,
            speed: Speed::PerSecond(10.0),
            due: now,
            reports: Reports::default(),
            published: now,
            stale: true,
        };
        worker.begin(log);
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
            _ if self.goal.is_some() || self.trainer.epoch_due() => self.inbox.try_recv(),
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
            Command::Restart(settings, task) => {
                self.restart(*settings, &task);
            }
            Command::Resume(checkpoint, task) => self.resume(*checkpoint, task),
            Command::Weights(params) => self.restart_with(*params),
            Command::Draw(edits) => self.draw(&edits),
            Command::LookBack(updates) => {
                self.look_back = updates;
                self.stale = true;
            }
            Command::Log => self.say(Event::Log(Box::new(self.log_until_now()))),
            Command::Checkpoint => {
                let checkpoint = Checkpoint::of(&self.trainer.moment(), self.log_until_now());
                self.say(Event::Checkpoint(Box::new(checkpoint)));
            }
            Command::Recall(update) => {
                let past = self.history.past(update.min(self.trainer.update()), &self.log);
                self.say(Event::Past(Arc::new(past)));
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

    fn log_until_now(&self) -> Log {
        let end = End { update: self.trainer.update(), digest: self.trainer.params().digest() };
        Log { end: Some(end), ..self.log.clone() }
    }

    /// Whether the new run has begun; if not, the old one goes on.
    fn restart(&mut self, settings: Settings, task: &Task) -> bool {
        let same = self.trainer.task().is_of(&settings.task, settings.run.seed);
        let drawn = if same { std::mem::take(&mut self.drawn) } else { Vec::new() };
        match Trainer::with_task(settings, Arc::new(task.undrawn()), Isa::best()) {
            Ok(trainer) => {
                self.say_reports();
                self.trainer = trainer;
                let log = Log::new(self.trainer.settings().clone());
                self.begin(log);
                self.draw(&drawn);
                true
            }
            Err(problem) => {
                self.drawn = drawn;
                self.say(Event::Refused(problem));
                false
            }
        }
    }

    /// A new run from weights of a file: the log says which, so that a replay knows that it needs them.
    fn restart_with(&mut self, params: Params) {
        let (settings, task) = (self.trainer.settings().clone(), Arc::clone(self.trainer.task()));
        if params.0.len() != self.trainer.net().len() {
            self.say(Event::Refused("The weights are not those of this network.".into()));
            return;
        }
        if self.restart(settings, &task) {
            self.log.weights = Some(params.digest());
            self.trainer.begin_with(params);
            self.begin_history();
        }
    }

    fn resume(&mut self, checkpoint: Checkpoint, task: Arc<Task>) {
        let log = Log { end: None, ..checkpoint.log.clone() };
        match checkpoint.resume(task, Isa::best()) {
            Ok(trainer) => {
                self.say_reports();
                self.trainer = trainer;
                let drawn = log.entries.iter().filter(|e| e.key == TARGET);
                self.drawn = drawn.filter_map(|e| TargetEdit::parse(&e.value)).collect();
                self.begin(log);
            }
            Err(problem) => self.say(Event::Refused(problem)),
        }
    }

    /// The trainer is another one: what was kept of the last is forgotten.
    fn begin(&mut self, log: Log) {
        self.start += 1;
        self.maker.clear();
        self.log = log;
        self.goal = None;
        self.validating = ValidationRun::default();
        self.due = Instant::now();
        self.begin_history();
        self.say(Event::Started {
            start: self.start,
            settings: Arc::new(self.trainer.settings().clone()),
            update: self.trainer.update(),
            epochs: Arc::clone(self.trainer.epochs()),
        });
    }

    fn begin_history(&mut self) {
        self.history = History::new(self.trainer.moment(), BUDGET);
        self.path = Arc::new(self.history.path());
        self.look_from_here();
        self.stale = true;
    }

    /// What the last updates did counts from here on.
    fn look_from_here(&mut self) {
        self.recent.clear();
        self.recent.push(&self.trainer);
        self.first = (self.trainer.update(), self.trainer.spikes().cloned().collect());
    }

    fn draw(&mut self, edits: &[TargetEdit]) {
        self.say_reports();
        let update = self.trainer.update();
        let mut done = 0;
        for &edit in edits {
            if self.trainer.edit_target(edit) {
                self.drawn.push(edit);
                self.log.entries.push(Entry { update, key: TARGET.to_owned(), value: edit.to_string() });
                done += 1;
            }
        }
        if done > 0 {
            self.stale = true;
            self.say(Event::Drawn { update, edits: done });
        }
        if done < edits.len() {
            self.say(Event::Refused(
                "Targets can be drawn where samples have target spikes, within the sample.".into(),
            ));
        }
    }

    fn set(&mut self, settings: Settings) {
        self.say_reports();
        let (update, before) = (self.trainer.update(), self.trainer.settings().clone());
        if let Err(problem) = self.trainer.set(settings.clone()) {
            self.say(Event::Refused(problem));
            return;
        }
        self.validating = ValidationRun::default();
        for field in FIELDS {
            let (old, new) = (field.get(&before), field.get(&settings));
            if old != new && field.live {
                let (key, value) = (field.key.to_owned(), new.to_text());
                self.log.entries.push(Entry { update, key: key.clone(), value: value.clone() });
                self.say(Event::Changed { update, key, value });
            }
        }
        if (settings.run.probe, settings.run.probe_part) != (before.run.probe, before.run.probe_part) {
            // another sample is watched from here on: its own past is not remembered
            self.look_from_here();
        }
        self.stale = true;
    }

    /// An update; or, where an epoch has ended, a batch of its validation.
    fn step(&mut self) {
        if self.trainer.epoch_due() {
            self.validate();
        } else {
            self.update();
        }
        if self.goal == Some(self.trainer.update()) && !self.trainer.epoch_due() {
            self.goal = None;
        }
    }

    fn update(&mut self) {
        if let Err(halt) = self.trainer.step() {
            self.halt(halt);
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
        if let Speed::PerSecond(n) = self.speed {
            // a run that cannot keep up does not try to catch up
            self.due = (self.due + Duration::from_secs_f64(1.0 / n)).max(Instant::now() - FRAME);
        }
    }

    fn validate(&mut self) {
        let number = self.trainer.task().len(Split::Validation);
        let evaluation = if number == 0 {
            None
        } else {
            match self.validating.step(&self.trainer) {
                Ok(Some(evaluation)) => Some(evaluation),
                Ok(None) => {
                    if self.told.elapsed() >= FRAME {
                        self.told = Instant::now();
                        self.say(Event::Validating(self.validating.done(), number));
                    }
                    return;
                }
                Err(problem) => {
                    self.validating = ValidationRun::default();
                    return self.halt(Halt::Unread { update: self.trainer.update() + 1, problem });
                }
            }
        };
        self.say_reports();
        let report = self.trainer.end_epoch(evaluation.as_ref());
        let best = self.trainer.best().is_some_and(|best| best.epoch == report.epoch);
        self.say(Event::Epoch(report, best));
        self.due = Instant::now();
    }

    fn halt(&mut self, halt: Halt) {
        self.say_reports();
        self.say(Event::Halted(halt));
        self.play(false);
    }

    /// Sends what was collected, and puts a frame where the last one was taken.
    fn publish(&mut self) {
        self.published = Instant::now();
        let news = !self.reports.is_empty();
        self.say_reports();
        if self.stale && self.slot.is_empty() {
            let frame = self.frame();
            self.slot.put(frame);
            self.stale = false;
        } else if !news {
            return;
        }
        (self.wake)();
    }

    fn frame(&mut self) -> Arc<Frame> {
        self.maker.make(&Facts {
            start: self.start,
            trainer: &self.trainer,
            recent: &self.recent,
            look_back: self.look_back,
            first: (self.first.0, &self.first.1),
            path: &self.path,
            history_bytes: self.history.bytes(),
        })
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
