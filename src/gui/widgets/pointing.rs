//! The cell of the landscape under the pointer, which all panels share.

use egui::Response;

use crate::gui::action::{Action, LandscapeAction};
use crate::gui::state::ViewContext;
use crate::landscape::GridCell;

/// Whether the cell under the pointer is that of this panel: each lets go only of what it has pointed at itself.
#[derive(Debug, Default)]
pub struct Pointing {
    own: bool,
}

impl Pointing {
    /// Tells the other panels which cell the pointer is over.
    pub fn point(&mut self, cx: ViewContext, cell: Option<GridCell>, actions: &mut Vec<Action>) {
        if (cell.is_some() || self.own) && cell != cx.landscape.pointed {
            actions.push(LandscapeAction::PointAt(cell).into());
        }
        self.own = cell.is_some();
    }
}

/// A click pins the cell under the pointer; one on the cell that is pinned lets it go.
pub fn pin(cx: ViewContext, response: &Response, cell: Option<GridCell>, actions: &mut Vec<Action>) {
    if response.clicked() && !response.double_clicked() && cell.is_some() {
        actions.push(LandscapeAction::Pin(cell.filter(|_| cell != cx.landscape.pinned)).into());
    }
}
