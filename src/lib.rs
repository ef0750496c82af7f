//! Spikescape trains spiking neural networks before a person's eyes.
//!
//! Values flow one way, and each module is one word of this sentence and uses only what stands before it:
//!
//! ```text
//! files → samples → spikes → loss → gradient → parameters → events and frames → picture
//! ```
//!
//! What flows back is only what the person wants: two small closed enums, the window's `Action` and the engine's
//! `Command`. Threads live in `engine` alone, egui in `gui` alone, printing in `cli` alone.
//! `tests/architecture.rs` walks the `use` lines and keeps it so.

pub mod cli;
pub mod engine;
pub mod explain;
pub mod gui;
pub mod landscape;
pub mod loss;
pub mod optim;
pub mod record;
pub mod rule;
pub mod snn;
pub mod spike;
pub mod task;
pub mod train;
