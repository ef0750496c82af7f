//! Changes that can be undone.

use crate::task::TargetEdit;
use crate::train::settings::Change;

/// Something that can be undone.
#[derive(Clone, Debug)]
pub enum Undo {
    /// The changes of settings that take back what was changed.
    Changes(Vec<Change>),
    /// A stroke of the pencil.
    Drawn { edits: Vec<TargetEdit>, stroke: u64 },
}
