//! The worker: steps a run, or lets it run, and reports what happened.

mod runs;
mod sessions;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use crate::record::log::{End, Entry, Intervention, Log};
use crate::record::{Checkpoint, History};
use crate::snn::Params;
use crate::task::{Split, TargetEdit};
use crate::train::settings::LiveChange;
use crate::train::trainer::ValidationRun;
use crate::train::{Halt, Reports, Settings, Trainer};

use crate::engine::command::Command;
use crate::engine::event::Event;
use crate::engine::event_queue::EventSender;
use crate::engine::frame::{Frame, Recent};
use crate::engine::frame_pool::{FrameFacts, FramePool};
use crate::engine::goal::Goal;
use crate::engine::past::{Firsts, KeptRun};
use crate::engine::recalling::RecalledUpdates;
use crate::engine::slot::Slot;
use crate::engine::threads::Wake;
use crate::engine::transport::{Transport, WaitFor};

/// The least time between two frames.
const FRAME: Duration = Duration::from_millis(33);

/// The ends of a worker's connection with its [`Run`](super::Run).
pub struct WorkerLines {
    pub commands: Receiver<Command>,
    pub events: EventSender,
    pub frame: Arc<Slot<Arc<Frame>>>,
    pub wake: Wake,
    /// Half of it is for the history of the run at work, the other half for those that were left.
    pub history_bytes: usize,
}

/// The next thing that a worker does.
enum Next {
    Obey(Command),
    Step,
    /// Makes one of the last updates again.
    Recall,
    /// The handle is gone.
    End,
}

pub struct Worker {
    lines: WorkerLines,

    /// The number of the run at work, and the highest that was given.
    start: u32,
    starts: u32,
    trainer: Trainer,
    log: Log,
    history: History,
    path: Arc<Vec<(u64, Arc<Params>)>>,
    recent: Recent,
    /// What `recent` will be, where the run was put to work and its last updates are being made again.
    recalled: Option<RecalledUpdates>,
    frames: FramePool,
    /// The spikes with which "since the start" begins.
    firsts: Firsts,
    look_back: u64,
    /// Target spikes that were drawn since the start.
    drawn: Vec<TargetEdit>,
    /// Runs that were left, the oldest first.
    kept: Vec<KeptRun>,
    /// The validation in progress, when an epoch has ended.
    validating: ValidationRun,
    /// When its progress was last reported.
    validation_reported: Instant,

    transport: Transport,
    /// Where the run pauses.
    goal: Option<Goal>,
    /// Bytes that the pasts of all runs may take together.
    budget: usize,
    reports: Reports,
    /// When reports and frame last went out.
    published: Instant,
    /// Whether there is something that no frame shows yet.
    stale: bool,
    /// Time spent on updates.
    busy: Duration,
}

impl Worker {
    /// Begins a run; with the `past` of one that was handed out, where it goes on with that.
    pub fn new(trainer: Trainer, past: Option<KeptRun>, lines: WorkerLines) -> Self {
        let now = Instant::now();
        let log = past.as_ref().map_or_else(|| Log::new(trainer.settings().clone()), |past| past.log.clone());
        let budget = lines.history_bytes;
        let history = History::new(trainer.moment(), budget);
        let mut worker = Self {
            lines,
            start: 0,
            starts: 0,
            log: log.clone(),
            history,
            path: Arc::default(),
            recent: Recent::default(),
            recalled: None,
            frames: FramePool::default(),
            firsts: Firsts::default(),
            trainer,
            look_back: 100,
            drawn: Vec::new(),
            kept: Vec::new(),
            validating: ValidationRun::default(),
            validation_reported: now,
            transport: Transport::new(now),
            goal: None,
            budget,
            reports: Reports::default(),
            published: now,
            stale: true,
            busy: Duration::ZERO,
        };
        worker.begin(log, None);
        if let Some(past) = past {
            worker.take_past(past);
            worker.begin_recalling();
        }
        worker
    }

    /// Until the handle is dropped.
    pub fn run(mut self) {
        self.publish();
        loop {
            match self.next() {
                Next::Obey(command) => self.handle(command),
                Next::Step => self.step(),
                Next::Recall => self.recall(),
                Next::End => return,
            }
            if self.transport.is_paused() || self.published.elapsed() >= FRAME {
                self.publish();
            }
        }
    }

    fn next(&mut self) -> Next {
        let commands = &self.lines.commands;
        let wait = self.transport.wait(self.trainer.epoch_due());
        let idle = wait == WaitFor::Command && self.recalled.is_some();
        let received = match wait {
            WaitFor::Command if !idle => commands.recv().map_err(|_| RecvTimeoutError::Disconnected),
            WaitFor::Until(due) => commands.recv_timeout(due.saturating_duration_since(Instant::now())),
            WaitFor::Nothing | WaitFor::Command => commands.try_recv().map_err(|e| match e {
                TryRecvError::Empty => RecvTimeoutError::Timeout,
                TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
            }),
        };
        match received {
            Ok(command) => Next::Obey(command),
            Err(RecvTimeoutError::Timeout) if idle => Next::Recall,
            Err(RecvTimeoutError::Timeout) => Next::Step,
            Err(RecvTimeoutError::Disconnected) => Next::End,
        }
    }

    fn handle(&mut self, command: Command) {
        match command {
            Command::Play => {
                self.transport.make_due(Instant::now());
                self.play(true);
            }
            Command::Pause => self.play(false),
            Command::Advance(updates) => {
                self.play(false);
                self.transport.advance(self.trainer.update(), updates);
            }
            Command::Until(goal) => self.run_until(goal),
            Command::HistoryBudget(bytes) => self.limit_history(bytes),
            Command::Speed(speed) => self.transport.set_speed(speed, Instant::now()),
            Command::Set(changes) => self.set(changes),
            Command::Restart(settings, task) => {
                self.restart(*settings, &task);
            }
            Command::Resume(checkpoint, task) => self.resume(*checkpoint, task),
            Command::Weights(params) => self.restart_with(*params),
            Command::Draw(edits) => self.draw(&edits),
            Command::LookBack(updates) => {
                self.look_back = updates;
                self.stale = true;
                if self.recalled.is_some() {
                    self.begin_recalling();
                }
            }
            Command::Log => self.send(Event::Log(Box::new(self.log_until_now()))),
            Command::Checkpoint => {
                let checkpoint = Checkpoint::of(&self.trainer.moment(), self.log_until_now());
                self.send(Event::Checkpoint(Box::new(checkpoint)));
            }
            Command::Past => self.send(Event::Past(Arc::new(self.past()))),
            Command::Fork(moment) => self.fork(*moment),
            Command::Switch(start) => self.switch(start),
            Command::Runs => self.hand_out(),
            Command::TakeOver { runs, current, starts } => self.take_over(runs, current, starts),
            Command::Hand(start) => self.hand(start),
            Command::GoOnWith(run) => self.go_on_with(*run),
            Command::Adopt(run) => self.adopt(*run),
        }
    }

    fn play(&mut self, playing: bool) {
        self.goal = None;
        self.send_reports();
        if self.transport.play(playing) {
            self.send(Event::Playing(playing));
        }
    }

    fn log_until_now(&self) -> Log {
        let end = End { update: self.trainer.update(), digest: self.trainer.params().digest() };
        Log { end: Some(end), ..self.log.clone() }
    }

    /// The effects of the last updates count from here on.
    fn look_from_here(&mut self) {
        self.recent.clear();
        self.recent.push(&self.trainer);
        self.firsts.push(self.trainer.update(), self.trainer.spikes().cloned().collect());
    }

    fn draw(&mut self, edits: &[TargetEdit]) {
        self.send_reports();
        self.recalled = None;
        let update = self.trainer.update();
        let mut done = 0;
        for &edit in edits {
            if self.trainer.edit_target(edit) {
                self.drawn.push(edit);
                self.log.entries.push(Entry { update, what: Intervention::Target(edit) });
                done += 1;
            }
        }
        if done > 0 {
            self.stale = true;
            self.send(Event::Drawn { update, edits: done });
        }
        if done < edits.len() {
            let problem =
                "Targets can only be drawn for tasks with target spikes, within the time range of the sample.";
            self.send(Event::Refused(problem.into()));
        }
    }

    fn set(&mut self, mut changes: Vec<LiveChange>) {
        self.send_reports();
        self.recalled = None;
        let (update, before) = (self.trainer.update(), self.trainer.settings());
        let mut settings = before.clone();
        changes.iter().for_each(|change| change.apply(&mut settings));
        let watched = |s: &Settings| (s.run.probe, s.run.probe_part);
        let other_probe = watched(before) != watched(&settings);
        changes.retain(|change| change.field().get(before) != change.field().get(&settings));
        if let Err(problem) = self.trainer.set(settings) {
            self.send(Event::NotChanged { changes, problem });
            return;
        }
        self.validating = ValidationRun::default();
        let entry = |change: &LiveChange| Entry { update, what: Intervention::Setting(change.clone()) };
        self.log.entries.extend(changes.iter().map(entry));
        self.send(Event::Changed { update, changes });
        if other_probe {
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
        if !self.trainer.epoch_due() {
            self.transport.arrive(self.trainer.update());
        }
        self.look_at_goal();
    }

    fn update(&mut self) {
        let begun = Instant::now();
        self.recalled = None;
        if let Err(halt) = self.trainer.step() {
            self.halt(halt);
            return;
        }
        self.busy += begun.elapsed();
        let (step, layers) = self.trainer.report();
        self.reports.push(*step, layers);
        self.recent.push(&self.trainer);
        if self.history.wants(self.trainer.update()) {
            self.history.push(self.trainer.moment());
            self.path = Arc::new(self.history.path());
        }
        self.stale = true;
        self.transport.advanced(Instant::now());
    }

    fn validate(&mut self) {
        let number = self.trainer.task().len(Split::Validation);
        let evaluation = if number == 0 {
            None
        } else {
            match self.validating.step(&self.trainer) {
                Ok(Some(evaluation)) => Some(evaluation),
                Ok(None) => {
                    if self.validation_reported.elapsed() >= FRAME {
                        self.validation_reported = Instant::now();
                        self.send(Event::Validating(self.validating.done(), number));
                    }
                    return;
                }
                Err(problem) => {
                    self.validating = ValidationRun::default();
                    return self.halt(Halt::Unread { update: self.trainer.update() + 1, problem });
                }
            }
        };
        self.send_reports();
        let report = self.trainer.end_epoch(evaluation.as_ref());
        let best = self.trainer.best().is_some_and(|best| best.epoch == report.epoch);
        self.send(Event::Epoch(report, best));
        self.transport.make_due(Instant::now());
    }

    fn run_until(&mut self, goal: Goal) {
        if let Some(why) = goal.impossible(&self.trainer) {
            return self.send(Event::Refused(why.into()));
        }
        self.play(true);
        self.transport.advance(self.trainer.update(), u64::MAX);
        self.goal = Some(goal);
        // before the first update there is no loss that a goal could be
        if self.trainer.update() > 0 {
            self.look_at_goal();
        }
    }

    fn look_at_goal(&mut self) {
        if let Some(goal) = self.goal.filter(|goal| goal.reached(&self.trainer)) {
            self.play(false);
            self.send(Event::Reached(goal));
        }
    }

    fn halt(&mut self, halt: Halt) {
        self.send_reports();
        self.send(Event::Halted(halt));
        self.play(false);
    }

    /// Sends what was collected, and puts a frame where the last one was taken. At rest one that was not taken gives way
    /// to the newest: there is nothing left to wait for then.
    fn publish(&mut self) {
        self.published = Instant::now();
        let news = !self.reports.is_empty();
        self.send_reports();
        if self.stale && (self.transport.is_paused() || self.lines.frame.is_empty()) {
            let frame = self.frame();
            self.lines.frame.put(frame);
            self.stale = false;
        } else if !news {
            return;
        }
        (self.lines.wake)();
    }

    fn frame(&mut self) -> Arc<Frame> {
        self.frames.frame(&FrameFacts {
            start: self.start,
            trainer: &self.trainer,
            recent: &self.recent,
            look_back: self.look_back,
            first: self.firsts.at(self.trainer.update()),
            path: &self.path,
            history_bytes: self.history_bytes(),
            seconds: self.busy.as_secs_f64(),
        })
    }

    fn send_reports(&mut self) {
        if !self.reports.is_empty() {
            let reports = std::mem::take(&mut self.reports);
            self.send(Event::Reports(reports));
        }
    }

    fn send(&self, event: Event) {
        self.lines.events.send(event);
        (self.lines.wake)();
    }
}
