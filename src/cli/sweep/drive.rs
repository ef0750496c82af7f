//! Tasks on threads, in this process.

use crate::engine;
use crate::machine::memory;
use crate::sweep::{GatheredAnswers, MemoryRecorder, Recorder, Sweep, TaskQueue, shared_out};

use super::super::{progress, signals};

/// Threads to compute on: as many as were asked for, or as there are cores; at most so many that their tasks, of so many bytes
/// each, fit into memory together.
pub fn threads(asked: Option<u16>, bytes: u64) -> usize {
    let threads = asked.map_or_else(engine::cores, usize::from);
    threads.min(fitting(bytes)).max(1)
}

/// How many tasks of this size, in bytes, fit into memory together.
fn fitting(bytes: u64) -> usize {
    usize::try_from(memory() / bytes.max(1)).unwrap_or(usize::MAX)
}

/// Does tasks on `threads` threads: each on one where there are enough of them, else each on several.
pub fn on_threads<S: Sweep>(
    sweep: &S,
    tasks: &[u32],
    threads: usize,
    to: &dyn Recorder<S::Answer>,
) -> Result<(), String> {
    let (at_once, each) = shared_out(threads, tasks.len(), fitting(sweep.memory()));
    let queue = TaskQueue::new(tasks, at_once);
    engine::spread(at_once, each, || queue.drain(sweep, to))
}

/// Does all tasks and keeps their answers in memory, with a progress bar that counts `things`; what was not done when it was
/// stopped is missing.
pub fn in_memory<S: Sweep>(sweep: &S, threads: usize, things: &str) -> Result<GatheredAnswers<S::Answer>, String> {
    let tasks: Vec<u32> = (0..sweep.tasks()).collect();
    let bar = progress::of(sweep.units().saturating_mul(tasks.len() as u64), things);
    let (leave, advance) = (|| signals::asked().is_some(), |units| bar.inc(units));
    let to = MemoryRecorder::new(sweep.tasks(), &leave, &advance);
    let done = on_threads(sweep, &tasks, threads, &to);
    bar.finish_and_clear();
    done.map(|()| to.gathered())
}
