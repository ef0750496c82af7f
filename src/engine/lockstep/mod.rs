//! Several runs in step with one another, update by update, each with a worker of its own.
//!
//! A conductor's thread tells all workers how far to go, and waits until they are there: the frames that it hands on are of
//! the same update. Each run does what it would do alone, to the bit; in what order they take their turns decides nothing.

mod conductor;
mod wish;

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use super::event::Event;
use super::event_queue::{EventReceiver, event_queue};
use super::slot::Slot;
use super::threads::Wake;
use conductor::{Conductor, Signal};

pub use wish::{LockstepCommand, LockstepFrames, LockstepRun};

/// The handle of runs in step. Dropping it ends their workers and waits for them.
pub struct Lockstep {
    signals: Sender<Signal>,
    events: Vec<EventReceiver>,
    frames: Arc<Slot<LockstepFrames>>,
    thread: Option<JoinHandle<()>>,
}

impl Lockstep {
    /// Starts the runs, paused; they share `threads` threads.
    ///
    /// # Errors
    /// A sentence where the conductor's thread cannot be started. Why a run cannot begin comes as its news.
    pub fn start(runs: Vec<LockstepRun>, threads: usize, wake: Wake) -> Result<Self, String> {
        let (signals, inbox) = channel();
        let (outboxes, events): (Vec<_>, Vec<_>) = runs.iter().map(|_| event_queue()).unzip();
        let frames = Arc::new(Slot::default());
        let (bell, slot) = (signals.clone(), Arc::clone(&frames));
        let each = (threads / runs.len().max(1)).max(1);
        let work = move || Conductor::new(inbox, slot, wake).begin(runs, outboxes, each, &bell).run();
        let thread = std::thread::Builder::new().name("conductor".into()).spawn(work);
        let thread = thread.map_err(|e| format!("The runs could not be started: {e}."))?;
        Ok(Self { signals, events, frames, thread: Some(thread) })
    }

    pub fn send(&self, command: LockstepCommand) {
        // a conductor that is gone has nobody left to tell
        let _ = self.signals.send(Signal::Command(command));
    }

    /// Lets go of the runs without waiting for the updates that they are making: the threads end by themselves.
    pub fn let_go(self) {
        // where no thread can be started, the wait is short enough
        let _ = std::thread::Builder::new().name("farewell".into()).spawn(move || drop(self));
    }

    /// Runs that there are, among them those that have stopped.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The next news of run `n`, without waiting.
    pub fn event(&self, n: usize) -> Option<Event> {
        self.events.get(n)?.next()
    }

    /// The newest frames, all of the same update where the runs are in step; `None` where they were taken already.
    pub fn frames(&self) -> Option<LockstepFrames> {
        self.frames.take()
    }
}

impl Drop for Lockstep {
    fn drop(&mut self) {
        let _ = self.signals.send(Signal::End);
        if let Some(thread) = self.thread.take() {
            // workers that panicked were noticed on the way
            let _ = thread.join();
        }
    }
}
