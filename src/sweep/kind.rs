//! What every kind of sweep has in common: tasks, their answers, and where these go.

use std::time::{Duration, Instant};

use crate::record::Checkpoint;

/// A kind of sweep: its tasks are numbered from 0, and none needs another's answer.
pub trait Sweep: Sync {
    type Answer: TaskAnswer;

    fn tasks(&self) -> u32;

    /// Bytes that a task under way takes, data aside.
    fn memory(&self) -> u64;

    /// Units of progress in a task, about; [`Recorder::advance`] counts them.
    fn units(&self) -> u64 {
        1
    }

    /// Does some tasks, in their order, on the rayon pool at hand. Each answer goes to `to` as soon as it is there.
    ///
    /// # Errors
    /// A sentence, where there is no sense in going on with other tasks.
    fn run(&self, tasks: &[u32], to: &dyn Recorder<Self::Answer>) -> Result<(), String>;

    /// A task in words, as people would ask for it on the command line.
    fn describe(&self, task: u32) -> String;
}

/// What a task comes to.
pub trait TaskAnswer: Clone + Send + Sync + Sized {
    /// On one line, to the bit the same whoever did the task.
    fn answer(&self) -> String;

    /// Measured times in seconds with commas between, without spaces; the first is that of the whole task.
    fn seconds(&self) -> String;

    /// From what the other two wrote; `None` where it is something else.
    fn read(answer: &str, seconds: &str) -> Option<Self>;
}

/// Where answers go, and what a task has to ask while it is under way.
pub trait Recorder<A>: Sync {
    /// Whether the work should be left: at once, with the exact state kept.
    fn leave(&self) -> bool;

    /// Some units of progress were made.
    fn advance(&self, _units: u64) {}

    /// How long a task may go on without its state being kept.
    fn keep_every(&self) -> Duration {
        Duration::MAX
    }

    /// A task that was left earlier.
    fn kept(&self, _task: u32) -> Result<Option<KeptTask<A>>, String> {
        Ok(None)
    }

    /// Keeps the state of a task that goes on.
    fn keep(&self, _task: u32, _state: KeptTask<A>) -> Result<(), String> {
        Ok(())
    }

    /// A sign of life of a long task: units done, and of how many.
    fn under_way(&self, _task: u32, _done: u64, _of: u64) -> Result<(), String> {
        Ok(())
    }

    fn done(&self, task: u32, answer: A) -> Result<(), String>;

    /// A task was left in the middle. Without a state it has to begin anew.
    fn left(&self, task: u32, so_far: A, state: Option<KeptTask<A>>) -> Result<(), String>;

    /// A task could not be done. An error ends the work.
    fn failed(&self, task: u32, why: &str) -> Result<(), String>;
}

/// A task in the middle, to the bit: what is known so far, and the run.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptTask<A> {
    pub so_far: A,
    pub checkpoint: Checkpoint,
    /// That it took until then.
    pub seconds: f64,
}

/// When a long task should keep its state and give a sign of life.
#[derive(Clone, Copy, Debug)]
pub struct TaskClock {
    begun: Instant,
    /// Seconds that the task took before it was left.
    before: f64,
    kept: Instant,
    told: Instant,
}

/// Time between two signs of life.
const TELL_EVERY: Duration = Duration::from_secs(15);

impl TaskClock {
    /// A task that begins, or goes on after so many seconds.
    pub fn start(before: f64) -> Self {
        let now = Instant::now();
        Self { begun: now, before, kept: now, told: now }
    }

    /// Seconds that the task has taken, those before it was left included.
    pub fn seconds(&self) -> f64 {
        self.before + self.begun.elapsed().as_secs_f64()
    }

    /// Whether the state should be kept now.
    pub fn keep_due(&mut self, every: Duration) -> bool {
        due(&mut self.kept, every)
    }

    /// Whether a sign of life should be given now.
    pub fn tell_due(&mut self) -> bool {
        due(&mut self.told, TELL_EVERY)
    }
}

fn due(last: &mut Instant, every: Duration) -> bool {
    let due = last.elapsed() >= every;
    if due {
        *last = Instant::now();
    }
    due
}

/// A measured time in seconds as it stands in a record: a clock is not finer than a microsecond.
pub fn seconds_text(seconds: f64) -> String {
    format!("{:?}", (seconds * 1e6).round() / 1e6)
}

/// The times of a record.
pub fn read_seconds(text: &str) -> Option<Vec<f64>> {
    text.split(',').map(|part| part.parse().ok()).collect()
}
