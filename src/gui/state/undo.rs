//! Changes that can be undone.

use super::time::TimePin;
use crate::task::TargetEdit;
use crate::train::settings::Change;

/// Something that can be undone.
#[derive(Clone, Debug)]
pub enum Undo {
    /// The changes of settings that take back what was changed.
    Changes(Vec<Change>),
    /// A stroke of the pencil.
    Drawn { edits: Vec<TargetEdit>, stroke: u64 },
    /// A run that was left was removed from those that can be gone back to.
    RunRemoved(u32),
    /// A pin was taken away.
    Unpinned(Box<TimePin>),
}
