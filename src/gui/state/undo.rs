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
    /// It was brought back.
    RunBroughtBack(u32),
    /// A pin was taken away.
    Unpinned(Box<TimePin>),
    /// A moment was pinned.
    Pinned(Box<TimePin>),
}

impl Undo {
    /// Of what the change was, as in `Undo drawing`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Changes(_) => "settings change",
            Self::Drawn { .. } => "drawing",
            Self::RunRemoved(_) | Self::RunBroughtBack(_) => "removal of a run",
            Self::Unpinned(_) => "removal of a pin",
            Self::Pinned(_) => "pin",
        }
    }
}
