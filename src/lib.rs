//! Spikescape trains spiking neural networks before a person's eyes.
//!
//! Values flow one way, and each module is one word of this sentence and uses only what stands before it:
//!
//! ```text
//! files → samples → spikes → loss → gradient → parameters → events and frames → picture
//! ```
//!
//! What flows back is only what the user wants: two closed enums, the window's `Action` and the engine's `Command`. Threads
//! live in `engine` (and one in `gui` that waits for file dialogs), egui in `gui` and `picture`, printing in `cli` alone;
//! `text` is how numbers are written for people. `tests/architecture` reads every path that the sources name and keeps it
//! so.

pub mod cli;
pub mod engine;
pub mod explain;
pub mod gui;
pub mod landscape;
pub mod loss;
pub mod named;
pub mod optim;
pub mod picture;
pub mod record;
pub mod rule;
pub mod snn;
pub mod spike;
pub mod task;
pub mod text;
pub mod train;
