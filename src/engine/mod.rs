//! The only threads: a worker for each run, an explorer for long questions, and what passes between them and whoever
//! watches (a window, the command line, a test).
//!
//! Two lanes lead out of a worker. *News* ([`Event`]) is small, ordered and never lost. *State* ([`Frame`]) is bulky and
//! lies in a slot that holds the latest: the worker makes a new frame only when the last one was taken.

mod cores;
pub mod explorer;
pub mod frame;
pub mod gallery;
mod maker;
mod need;
mod opening;
mod slot;
mod spread;
pub mod survey;
mod work;
mod worker;

pub use cores::cores;
pub use explorer::{Answer, Answered, Cell, Explorer, MapQuestion, Mapped, RecallQuestion, SampleQuestion};
pub use frame::{Frame, Spans};
pub use gallery::Gallery;
pub use need::{need, need_alone};
pub use opening::Opening;
pub use spread::spread;
pub use survey::{Begun, Centre, LookQuestion, PathLosses, Question, Surveyed};
pub use worker::{Command, Event, Run, Speed};

use std::sync::Arc;

/// Called by a thread when there is something to see: the window asks for a repaint, the command line does nothing.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// A pool of its own for `threads` threads, so that a waiting join never picks up another's work.
pub fn pool(name: &'static str, threads: usize) -> Result<rayon::ThreadPool, String> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(move |n| format!("{name} {n}"));
    builder.build().map_err(|e| format!("the threads of the {name} could not be started: {e}"))
}
