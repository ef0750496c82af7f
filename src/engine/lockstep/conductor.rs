//! The thread that keeps the runs in step.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::{Duration, Instant};

use super::wish::{LockstepCommand, LockstepFrames, LockstepRun};
use crate::engine::command::Command;
use crate::engine::event::Event;
use crate::engine::event_queue::EventSender;
use crate::engine::frame::Frame;
use crate::engine::run::{Run, RunMeans};
use crate::engine::slot::Slot;
use crate::engine::threads::Wake;
use crate::engine::transport::{Transport, WaitFor};
use crate::record::history::BUDGET;

/// A leg that takes less is made longer, one that takes more shorter.
const LEG: std::ops::Range<Duration> = Duration::from_millis(12)..Duration::from_millis(30);
/// The most updates of a leg.
const MOST: u64 = 1 << 14;
/// A worker that panicked is noticed within this time.
const LOOK: Duration = Duration::from_millis(500);

/// What the conductor is woken by.
pub enum Signal {
    Command(LockstepCommand),
    /// A worker has news.
    News,
    /// The handle is gone.
    End,
}

/// One of the runs.
struct Member {
    /// None where it could not begin.
    run: Option<Run>,
    events: EventSender,
    frame: Option<Arc<Frame>>,
    /// Updates that it is to have made at the end of the leg.
    goal: u64,
    /// Whether it makes no more updates: it halted, or failed.
    out: bool,
}

impl Member {
    fn update(&self) -> u64 {
        self.frame.as_ref().map_or(0, |frame| frame.update)
    }

    /// Whether it is where the leg ends.
    fn arrived(&self) -> bool {
        self.out || self.frame.as_ref().is_some_and(|frame| frame.update >= self.goal)
    }

    /// Takes its news in, and hands them on; whether there is a new frame.
    fn hear(&mut self) -> bool {
        let Some(run) = &self.run else { return false };
        while let Some(event) = run.event() {
            self.out |= matches!(event, Event::Halted(_));
            // playing and pausing is the conductor's
            if !matches!(event, Event::Playing(_)) {
                self.events.send(event);
            }
        }
        if !run.alive() && !self.out {
            self.out = true;
            self.events.send(Event::Refused("The training thread of this run has stopped unexpectedly.".into()));
        }
        let frame = run.frame();
        let new = frame.is_some();
        self.frame = frame.or(self.frame.take());
        new
    }
}

pub struct Conductor {
    inbox: Receiver<Signal>,
    frames: Arc<Slot<LockstepFrames>>,
    wake: Wake,
    members: Vec<Member>,
    transport: Transport,
    /// Since when all are on their way, if they are, and how many updates far.
    leg: Option<(Instant, u64)>,
    /// Updates of a leg, learnt from how long they take.
    length: u64,
    ended: bool,
}

impl Conductor {
    pub fn new(inbox: Receiver<Signal>, frames: Arc<Slot<LockstepFrames>>, wake: Wake) -> Self {
        let transport = Transport::new(Instant::now());
        Self { inbox, frames, wake, members: Vec::new(), transport, leg: None, length: 1, ended: false }
    }

    /// Begins the runs, each on `threads` threads.
    pub fn begin(
        mut self,
        runs: Vec<LockstepRun>,
        outboxes: Vec<EventSender>,
        threads: usize,
        bell: &Sender<Signal>,
    ) -> Self {
        let history_bytes = BUDGET / runs.len().max(1);
        for (run, events) in runs.into_iter().zip(outboxes) {
            let bell = bell.clone();
            let wake: Wake = Arc::new(move || drop(bell.send(Signal::News)));
            let means = RunMeans { threads, history_bytes, wake };
            let run = match run {
                LockstepRun::New { settings, task, drawn, weights } => {
                    let run = Run::start_on(*settings, Arc::new(task.undrawn()), means);
                    run.inspect(|run| {
                        run.send(Command::Draw(drawn));
                        weights.into_iter().for_each(|weights| run.send(Command::Weights(weights)));
                    })
                }
                LockstepRun::Copy(kept) => Run::go_on(*kept, means),
            };
            let run = run.map_err(|problem| events.send(Event::Refused(problem))).ok();
            self.members.push(Member { out: run.is_none(), run, events, frame: None, goal: 0 });
        }
        self
    }

    /// Until the handle is dropped.
    pub fn run(mut self) {
        while !self.ended {
            match self.next() {
                Ok(Signal::Command(command)) => self.handle(command),
                Ok(Signal::News) => {}
                Ok(Signal::End) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) if self.leg.is_none() => self.set_out(),
                Err(RecvTimeoutError::Timeout) => {}
            }
            while let Ok(signal) = self.inbox.try_recv() {
                match signal {
                    Signal::Command(command) => self.handle(command),
                    Signal::News => {}
                    Signal::End => self.ended = true,
                }
            }
            self.hear();
        }
    }

    fn next(&self) -> Result<Signal, RecvTimeoutError> {
        if self.leg.is_some() {
            return self.inbox.recv_timeout(LOOK);
        }
        match self.transport.wait(false) {
            WaitFor::Command => self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            WaitFor::Until(due) => self.inbox.recv_timeout(due.saturating_duration_since(Instant::now())),
            WaitFor::Nothing => self.inbox.try_recv().map_err(|e| match e {
                TryRecvError::Empty => RecvTimeoutError::Timeout,
                TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
            }),
        }
    }

    fn handle(&mut self, command: LockstepCommand) {
        match command {
            LockstepCommand::Play => {
                self.transport.make_due(Instant::now());
                self.play(true);
            }
            LockstepCommand::Pause => self.play(false),
            LockstepCommand::Step => self.advance(1),
            LockstepCommand::RunTo(update) => self.advance(update.saturating_sub(self.least())),
            LockstepCommand::Speed(speed) => self.transport.set_speed(speed, Instant::now()),
            LockstepCommand::To(n, command) => {
                if let Some(run) = self.members.get(n).and_then(|member| member.run.as_ref()) {
                    run.send(command);
                }
            }
        }
    }

    fn play(&mut self, playing: bool) {
        if self.transport.play(playing) {
            self.members.iter().for_each(|member| member.events.send(Event::Playing(playing)));
            (self.wake)();
        }
    }

    fn advance(&mut self, updates: u64) {
        self.play(false);
        // on the way already, the leg's end is where it goes on from
        let from = self.members.iter().filter(|member| !member.out).map(|member| member.goal.max(member.update()));
        let from = if self.leg.is_some() { from.min().unwrap_or(0) } else { self.least() };
        let updates = (self.least() + updates).saturating_sub(from);
        self.transport.advance(from, updates);
    }

    /// Updates of the run that has made the fewest: the others wait for it.
    fn least(&self) -> u64 {
        self.members.iter().filter(|member| !member.out).map(Member::update).min().unwrap_or(0)
    }

    /// Sends all on to the end of the next leg; those that are farther already wait.
    fn set_out(&mut self) {
        if self.members.iter().all(|member| member.out) {
            return self.play(false);
        }
        // until each has shown itself, nobody knows where it is
        if self.members.iter().any(|member| !member.out && member.frame.is_none()) {
            self.leg = Some((Instant::now(), 0));
            return;
        }
        let from = self.least();
        let updates = self.transport.at_once(from, self.length);
        if updates == 0 {
            // all are there already, or farther
            self.transport.advance(from, 0);
            return;
        }
        let goal = from + updates;
        for member in self.members.iter_mut().filter(|member| !member.out && member.update() < goal) {
            member.goal = goal;
            if let Some(run) = &member.run {
                run.send(Command::Advance(goal - member.update()));
            }
        }
        self.leg = Some((Instant::now(), updates));
    }

    /// Takes in what the workers have to say, and hands the frames on where all of them rest.
    fn hear(&mut self) {
        let mut new = false;
        for member in &mut self.members {
            new |= member.hear();
        }
        if let Some((begun, updates)) = self.leg {
            if !self.members.iter().all(Member::arrived) {
                return;
            }
            self.learn(updates, begun.elapsed());
            self.leg = None;
            self.transport.advanced(Instant::now());
            self.transport.arrive(self.least());
            if self.members.iter().all(|member| member.out) {
                self.play(false);
            }
            new = true;
        }
        if new {
            self.frames.put(self.members.iter().map(|member| member.frame.clone()).collect());
            (self.wake)();
        }
    }

    /// Takes note of how long a leg took: one that was shorter than it could have been tells nothing of longer ones.
    fn learn(&mut self, updates: u64, took: Duration) {
        if took < LEG.start && updates == self.length {
            self.length = (self.length * 2).min(MOST);
        } else if took > LEG.end {
            self.length = (updates / 2).clamp(1, self.length);
        }
    }
}
