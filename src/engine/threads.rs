//! What all threads of the engine have in common.

use std::sync::Arc;

/// Called by a thread when there is something to see: the window asks for a repaint, the command line does nothing.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Threads for the computations of one run: all cores.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get())
}

/// A pool of its own for `threads` threads, so that a waiting join never picks up another's work.
pub fn pool(name: &'static str, threads: usize) -> Result<rayon::ThreadPool, String> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(move |n| format!("{name} {n}"));
    builder.build().map_err(|e| format!("The threads of the {name} could not be started: {e}."))
}
