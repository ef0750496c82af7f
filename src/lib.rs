//! Spikescape trains spiking neural networks and shows, live, what every update does to their spikes.
//!
//! Values flow one way, and each module is one word of this sentence and uses only what stands before it:
//!
//! ```text
//! files → samples → spikes → loss → gradient → parameters → events and frames → picture
//! ```
//!
//! | module | contents |
//! |---|---|
//! | [`model`] | the equations: a document without code, cited by all the others |
//! | [`figures`], [`files`] | what was measured, and what is in each file that the program writes: documents without code |
//! | [`mod@file`], [`machine`] | files read within limits and written whole; how much memory the machine has |
//! | [`spike`] | the values that flow: rasters, spike trains, samples, and the alignment of two rasters |
//! | [`snn`] | network, layers, neurons, parameters, the forward pass and its trace |
//! | [`loss`] | the three losses, and their derivatives at the output |
//! | [`rule`] | the three gradient rules: from those derivatives to the gradient of the parameters |
//! | [`optim`] | SGD, Adam and the learning-rate schedule |
//! | [`task`] | where samples come from: random trains, images, recordings, drawn digits, your own files |
//! | [`train`] | a run without threads: settings, trainer, evaluation, reports |
//! | [`landscape`] | the loss around a parameter vector, and what each rule sees of it |
//! | [`explain`] | why: what an update promised each spike and what came of it, the parts of a potential, a network's health |
//! | [`record`] | what is kept of a run: history, checkpoints, logs, exported arrays |
//! | [`session`] | all runs of a program in one file, and the journal that survives it |
//! | [`sweep`] | many runs on many machines: plans, shards, records and their merge |
//! | [`lesson`] | lesson files, the facts that they speak of, claims and their measurement, codes for a class |
//! | [`engine`] | the threads: commands in, events and frames out, long computations on request |
//! | [`picture`] | drawing without a window: shapes in, bytes of a PNG out |
//! | [`figure`] | every view as a figure for a file, its data, and films |
//! | [`gui`] | the window |
//! | [`cli`] | the program without a window |
//! | [`text`], [`named`] | for all: how numbers are written for people, and enums whose values have names |
//!
//! What flows back is only what the user wants: two closed enums, the window's `Action` and the engine's `Command`. A loss
//! and a rule know nothing of each other: they meet in one type, [`snn::OutputGradient`]. Threads live in `engine` (and one
//! in `gui` that waits for file dialogs), egui in `gui` and `picture`, printing in `cli` alone. `tests/architecture` reads
//! every path that the sources name and keeps it so.

#![cfg_attr(not(test), warn(clippy::unwrap_used))]

pub mod about;
pub mod cli;
pub mod engine;
pub mod explain;
pub mod figure;
pub mod file;
#[doc = include_str!("figures.md")]
pub mod figures {}
#[doc = include_str!("files.md")]
pub mod files {}
pub mod gui;
pub mod landscape;
pub mod lesson;
pub mod loss;
pub mod machine;
#[doc = include_str!("model.md")]
pub mod model {}
pub mod named;
pub mod optim;
pub mod picture;
pub mod record;
pub mod rule;
pub mod session;
pub mod snn;
pub mod spike;
pub mod sweep;
pub mod task;
pub mod text;
pub mod train;
