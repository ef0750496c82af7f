//! The record of a run: its log, its history, its curves, and the files that hold them.

pub mod checkpoint;
pub mod curves;
pub mod history;
pub(crate) mod json;
pub mod log;
pub mod memory;
pub mod npz;
pub mod series;
pub mod spikes;
pub mod tensors;
pub mod training_log;
pub mod weights;

pub use checkpoint::Checkpoint;
pub use curves::Curves;
pub use history::{History, RunPast};
pub use log::Log;
pub use series::Series;
