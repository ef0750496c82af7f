//! The samples that the panel shows, with everything that its parts need of them.

use std::sync::Arc;

use crate::engine::Frame;
use crate::gui::state::ViewContext;
use crate::task::Split;
use crate::train::{Answer, Readout};

/// Everything that the parts of the panel need.
#[derive(Clone, Copy)]
pub struct SamplesScene<'a> {
    pub cx: ViewContext<'a>,
    pub frame: &'a Arc<Frame>,
    pub part: Split,
    pub answers: &'a [Answer],
    pub readout: Readout,
}
