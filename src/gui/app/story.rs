//! The story of a spike: asked of the explorer, and told as far as it is known.

use std::sync::Arc;

use super::App;
use crate::engine::{PastOfRun, QuestionKind, StoryPart, StoryQuestion};
use crate::gui::state::time::SpikeStory;

impl App {
    /// Asks what became of a spike of the moment that is shown.
    pub(super) fn tell_story(&mut self, layer: usize, unit: u32, step: u32) {
        self.close_story();
        let update = self.view.update();
        self.time.story = Some(SpikeStory { id: None, update, layer, unit, step, told: None });
        self.ask_past();
    }

    /// The past of the run is there.
    pub(super) fn ask_story(&mut self, past: &Arc<PastOfRun>) {
        let Some(story) = self.time.story.as_mut().filter(|story| story.id.is_none()) else { return };
        self.questions += 1;
        story.id = Some(self.questions);
        let SpikeStory { update, layer, unit, step, .. } = *story;
        let past = Arc::clone(past);
        self.explorer.ask(StoryQuestion { id: self.questions, past, update, layer, unit, step });
    }

    pub(super) fn on_story(&mut self, id: u64, part: StoryPart) {
        if let Some(story) = self.time.story.as_mut().filter(|story| story.id == Some(id)) {
            story.told = Some(part);
        }
    }

    pub(super) fn close_story(&mut self) {
        if let Some(id) = self.time.story.take().and_then(|story| story.id) {
            self.explorer.stop(QuestionKind::Story, id);
        }
    }
}
