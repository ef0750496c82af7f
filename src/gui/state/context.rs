//! The context that is handed to every panel.

use std::sync::Arc;

use super::{
    Choices, CompareState, DecisionMapState, EvaluationState, HealthState, InsideState, KeptRuns, LandscapeState,
    LessonState, RunView, SessionState, SettingsForm, TimeState, Undo,
};
use crate::engine::{Frame, Gallery};
use crate::gui::theme::Palette;
use crate::snn::Layer;

/// Everything that a panel is handed. Read only: wishes go back as actions.
#[derive(Clone, Copy)]
pub struct ViewContext<'a> {
    pub run: &'a RunView,
    /// Runs that were left and can be gone back to.
    pub runs: &'a KeptRuns,
    /// The moment that is looked at.
    pub time: &'a TimeState,
    pub landscape: &'a LandscapeState,
    pub decision_map: &'a DecisionMapState,
    /// The predicted classes of the samples.
    pub evaluation: &'a EvaluationState,
    /// Runs in step with one another.
    pub compare: &'a CompareState,
    /// What is ill with the network in view.
    pub health: &'a HealthState,
    /// What the network does within, and why.
    pub inside: &'a InsideState,
    pub choices: &'a Choices,
    /// The lesson that is open, if one is.
    pub lesson: &'a LessonState,
    pub theme: &'a Palette,
    /// The settings in the form: the run's, or ahead of them by what waits for a restart.
    pub form: &'a SettingsForm,
    /// Whether a task is being opened, or why the last wish was refused.
    pub opening: OpeningState<'a>,
    /// Bytes of memory that a run of the form's settings would take, and that the run in view takes.
    pub need_of_form: u64,
    pub need_of_run: u64,
    /// Samples that were read; a sentence where none can be.
    pub gallery: &'a Result<Gallery, String>,
    /// The change that undo would take back.
    pub undo: Option<&'a Undo>,
    /// The one that redo would make again.
    pub redo: Option<&'a Undo>,
    pub session: &'a SessionState,
}

impl<'a> ViewContext<'a> {
    /// The frame to be drawn, if there is one yet.
    pub fn frame(&self) -> Option<&'a Arc<Frame>> {
        self.run.frame.as_ref()
    }

    /// The layers of the network, as far as they are known.
    pub fn layers(&self) -> &'a [Layer] {
        self.frame().map_or(&[], |frame| &frame.net.layers)
    }
}

/// The task that is to come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum OpeningState<'a> {
    #[default]
    None,
    /// It is being opened; how far that is, from 0 to 1, where it is known.
    Busy(Option<f32>),
    /// Why the last one, or another wish, was refused; until the user has read it.
    Refused(&'a str),
}
