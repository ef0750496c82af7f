//! Tasks shared out among threads, in pieces that each take a moment.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::kind::{Recorder, Sweep};

/// About how long a piece takes: long against the work of fetching it, short against what a person waits.
const PIECE: Duration = Duration::from_millis(20);

/// Tasks that are still to be begun.
#[derive(Debug)]
pub struct TaskQueue<'a> {
    tasks: &'a [u32],
    next: AtomicUsize,
    /// A thread met an error: the others end, too.
    ended: AtomicBool,
    threads: usize,
}

impl<'a> TaskQueue<'a> {
    /// For so many threads.
    pub fn new(tasks: &'a [u32], threads: usize) -> Self {
        Self { tasks, next: AtomicUsize::new(0), ended: AtomicBool::new(false), threads: threads.max(1) }
    }

    /// Does tasks until there are none, or until the work is left; on each of the threads at once.
    pub fn drain<S: Sweep>(&self, sweep: &S, to: &dyn Recorder<S::Answer>) -> Result<(), String> {
        let mut size = 1;
        while !to.leave() && !self.ended.load(Ordering::Relaxed) {
            let Some(piece) = self.piece(size) else { return Ok(()) };
            let begun = Instant::now();
            sweep.run(piece, to).inspect_err(|_| self.ended.store(true, Ordering::Relaxed))?;
            size = if begun.elapsed() < PIECE { size * 2 } else { (size / 2).max(1) };
        }
        Ok(())
    }

    /// The next tasks, towards the end ever fewer, so that the threads end together.
    fn piece(&self, size: usize) -> Option<&'a [u32]> {
        let number = self.tasks.len();
        let take = |at: usize| size.min((number - at) / (4 * self.threads)).max(1);
        let step = |at: usize| (at < number).then(|| at + take(at));
        let at = self.next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).ok()?;
        Some(&self.tasks[at..at + take(at)])
    }
}

/// How threads are shared out among `tasks` tasks of which `fit` have room in memory at a time: so many at once, each on so
/// many threads.
pub fn shared_out(threads: usize, tasks: usize, fit: usize) -> (usize, usize) {
    let at_once = threads.min(tasks).min(fit).max(1);
    (at_once, (threads / at_once).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn every_task_is_handed_out_once() {
        let tasks: Vec<u32> = (0..1000).map(|n| n * 3).collect();
        let (queue, seen) = (TaskQueue::new(&tasks, 4), Mutex::new(Vec::new()));
        std::thread::scope(|scope| {
            for size in [1, 7, 100, 1] {
                let (queue, seen) = (&queue, &seen);
                scope.spawn(move || {
                    while let Some(piece) = queue.piece(size) {
                        seen.lock().unwrap().extend_from_slice(piece);
                    }
                });
            }
        });
        let mut seen = seen.into_inner().unwrap();
        seen.sort_unstable();
        assert_eq!(seen, tasks);
    }

    #[test]
    fn the_last_pieces_are_single_tasks() {
        let tasks: Vec<u32> = (0..100).collect();
        let queue = TaskQueue::new(&tasks, 2);
        let mut sizes = Vec::new();
        while let Some(piece) = queue.piece(64) {
            sizes.push(piece.len());
        }
        assert_eq!((sizes[0], *sizes.last().unwrap()), (12, 1));
    }

    #[test]
    fn threads_are_not_left_without_work() {
        assert_eq!(shared_out(8, 100, 100), (8, 1));
        assert_eq!(shared_out(8, 2, 100), (2, 4));
        assert_eq!(shared_out(8, 100, 3), (3, 2));
        assert_eq!(shared_out(1, 0, 0), (1, 1));
    }
}
