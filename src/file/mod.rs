//! Files on disk: read up to a limit, with progress and with a sentence for whatever is wrong; written whole or not at all.

mod excerpt;
pub mod progress;
mod read;
#[cfg(test)]
pub(crate) mod test_folder;
mod write;

pub use excerpt::{excerpt, utf8};
pub use progress::Progress;
pub use read::{ReadError, failed, open, read, read_into, read_text, read_with_progress};
pub use write::{GrowingFile, make_folder, save, sync_folder, try_target, write_whole};

/// The largest settings file or log that is read, in bytes.
pub const TEXT_LIMIT: u64 = 64 << 20;
/// The largest file of weights or checkpoint that is read, in bytes.
pub const TENSOR_LIMIT: u64 = 16 << 30;
