//! Names, pools and panics of the engine's threads.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Called by a thread when there is something to see: the window asks for a repaint, the command line does nothing.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// A pool of its own for `threads` threads, so that a waiting join never picks up another's work.
pub fn pool(name: &'static str, threads: usize) -> Result<rayon::ThreadPool, String> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(move |n| format!("{name} {n}"));
    builder.build().map_err(|e| format!("The threads of the {name} could not be started: {e}."))
}

/// Makes rayon's pool for everybody one of a single thread: nothing here computes on it, and left alone it would start as
/// many threads as the environment says at the first thing that strays there. Only the first call does anything.
pub fn forgo_global_pool() -> Result<(), String> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(1).thread_name(|_| "stray".into());
    match builder.build_global() {
        Err(e) if std::error::Error::source(&e).is_some_and(|e| e.is::<std::io::Error>()) => {
            Err(format!("Threads could not be started: {e}."))
        }
        // it was made before, as by a test
        _ => Ok(()),
    }
}

/// Whether the system starts another thread at all.
pub fn can_start() -> bool {
    std::thread::Builder::new().spawn(|| ()).is_ok_and(|thread| thread.join().is_ok())
}

/// The result of `work`, or the message with which it panicked. Anything that `work` left half done must not be used any more.
pub(super) fn caught<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| message(&*panic))
}

/// The text of a panic.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no reason is known").trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_with_its_message() {
        assert_eq!(caught(|| 7), Ok(7));
        assert_eq!(caught(|| "x".parse::<u8>().is_ok_and(|_| panic!())), Ok(false));
        assert_eq!(caught(|| panic!("there is none")), Err::<(), _>("there is none".to_owned()));
        let number = 3;
        assert_eq!(caught(|| assert!(number == 4, "{number} is not 4.")), Err("3 is not 4".to_owned()));
    }
}
