//! Many runs, on many machines: plans of independent tasks, workers that each do a share, records, and what they add up to.
//!
//! A [`SweepPlan`] says what all tasks are. A worker takes a [`Share`] of them and appends what comes of each to a file of its
//! own ([`ShardWriter`]); whoever wants to see them reads the records as they arrive ([`WatchedSweep`]). No scheduler is linked
//! in, nothing is locked, no worker knows of another: any scheduler can start, stop, kill and repeat them, and the answers are
//! the bits of a single process, which does the same tasks in memory ([`MemoryRecorder`]).
//!
//! * A kind of sweep implements [`Sweep`]: [`compare`], [`table`], [`landscape`], [`train`].
//! * [`TaskQueue`] hands tasks to the threads of one worker.
//! * [`SweepStatus`] says how far a sweep is.
//!
//! Threads, signals and texts for people are not here: they belong to `engine` and `cli`.
#![doc = include_str!("scale.md")]

pub mod compare;
pub mod folder;
pub mod gather;
mod kept;
pub mod kind;
pub mod landscape;
pub mod open_tasks;
pub mod plan;
pub mod quantile;
mod queue;
pub mod reader;
pub mod record;
pub mod runs;
pub mod serial;
pub mod shard;
pub mod share;
pub mod status;
pub mod table;
pub mod train;
mod training;
pub mod view;
pub mod watch;
mod words;

pub use folder::{PlanFile, SweepFolder};
pub use gather::{FolderAnswers, GatheredAnswers, MemoryRecorder};
pub use kind::{Recorder, Sweep, TaskAnswer};
pub use open_tasks::{OpenTasks, check_memory};
pub use plan::{SweepKind, SweepPlan};
pub use queue::{TaskQueue, shared_out};
pub use runs::{NamedSettings, SweepCell, SweepRuns, Variation};
pub use shard::{ShardWriter, WorkerWishes};
pub use share::Share;
pub use status::SweepStatus;
pub use training::Divergence;
pub use view::SweepView;
pub use watch::{WatchedAnswers, WatchedSweep};

/// The most tasks of a sweep.
pub const MOST_TASKS: u32 = 1_000_000;
