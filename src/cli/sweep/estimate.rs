//! How long a task takes and how much memory a worker holds: some tasks are begun and timed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::machine;
use crate::sweep::{MemoryRecorder, Sweep};

use super::super::signals;
use super::drive;

/// Time that is given to it …
const PILOT: Duration = Duration::from_secs(3);
/// … or, where nothing is done by then, at most this.
const MOST: Duration = Duration::from_secs(60);
/// Tasks that are begun, spread over all.
const TASKS: u32 = 16;

/// What a plan takes, as far as it can be told from its first seconds on this machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SweepEstimate {
    /// Of a task on one thread; none where not one unit of progress was made.
    pub seconds_per_task: Option<f64>,
    /// Bytes that a worker of one thread holds, data included.
    pub memory: u64,
}

impl SweepEstimate {
    pub fn of<S: Sweep>(sweep: &S) -> Result<Self, String> {
        let number = sweep.tasks().min(TASKS);
        let tasks: Vec<u32> = (0..number).map(|n| n * (sweep.tasks() / number)).collect();
        let (begun, units) = (Instant::now(), AtomicU64::new(0));
        let enough = || {
            let time = begun.elapsed();
            time >= MOST || time >= PILOT && units.load(Ordering::Relaxed) > 0
        };
        let leave = || enough() || signals::asked().is_some();
        let advance = |made| {
            units.fetch_add(made, Ordering::Relaxed);
        };
        let to = MemoryRecorder::new(sweep.tasks(), &leave, &advance);
        drive::on_threads(sweep, &tasks, 1, &to)?;
        let (seconds, done) = (begun.elapsed().as_secs_f64(), to.gathered().done());
        let made = units.into_inner();
        let of_units = (made > 0).then(|| seconds / made as f64 * sweep.units().max(1) as f64);
        let seconds_per_task = if done == tasks.len() { Some(seconds / done as f64) } else { of_units };
        Ok(Self { seconds_per_task, memory: machine::resident().unwrap_or(sweep.memory()) })
    }
}
