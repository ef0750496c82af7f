//! Where samples come from.

pub mod digits;
pub mod idx;
pub mod images;
pub mod latency_code;
#[cfg(test)]
pub(crate) mod mutation;
pub mod nmnist;
pub mod open;
pub mod own;
pub mod picture;
pub mod random;
pub mod recognise;
pub mod recording;
pub mod seed;
pub mod set;
pub mod settings;
pub mod source;
pub mod summary;
pub mod targets;
pub mod yin_yang;

pub use crate::file::progress;
pub use latency_code::LatencyCode;
pub use open::open;
pub use set::{Set, Task};
pub use settings::{TaskKind, TaskSettings, TimeUnit};
pub use source::{Image, Source, Split, View};
pub use targets::TargetEdit;
