//! `spikescape plan`, `work`, `status` and `merge`: many runs, on many machines.

pub mod args;
pub mod drive;
mod duration;
mod estimate;
mod job;
mod merge;
mod plan;
mod status;
mod train;
mod work;

pub use merge::run as merge;
pub use plan::run as plan;
pub use status::run as status;
pub use work::run as work;
