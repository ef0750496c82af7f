//! Changes that can be undone.

use crate::task::TargetEdit;
use crate::train::Settings;

/// Something that can be undone.
#[derive(Clone, Debug)]
pub enum Undo {
    /// The settings before a change.
    Settings(Box<Settings>),
    /// A stroke of the pencil.
    Drawn { edits: Vec<TargetEdit>, stroke: u64 },
}
