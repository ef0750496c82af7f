//! The user's own spike trains: `.npz`, dense or as events, and `.csv`.

mod archive;
mod csv;
mod import;
mod labelled;
mod npy;
mod npz;
mod pairs;
pub mod shd;
mod trains;

pub use import::{Import, TimeScale};
pub use labelled::{LabelledTrains, MOST_CLASSES};
pub use pairs::TrainPairs;
pub use trains::{SpikeTrains, TrainsRole};

/// The most neurons that trains may have.
pub const MOST_UNITS: usize = 1 << 20;
/// The most spikes and samples that trains may have together, on the largest machine.
const MOST_ENTRIES: usize = 1 << 28;

/// The most spikes and samples, eight bytes each, that trains may have together where `memory` bytes are available: while they are
/// read they take up to three times that, as memory that grows is copied, which may be three quarters of it.
pub fn most_entries(memory: u64) -> usize {
    usize::try_from(memory / 32).unwrap_or(usize::MAX).min(MOST_ENTRIES)
}

#[cfg(test)]
mod tests;
