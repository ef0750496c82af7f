//! The moment that is looked at: the present of the run, or an update of its past that is replayed.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Choices;
use crate::engine::{PastOfRun, RecalledMoment, StoryPart};
use crate::gui::layout::Workspace;

/// Which moment is looked at, and what is known of the run's past.
#[derive(Default)]
pub struct TimeState {
    /// After how many updates; the present where it is `None`.
    pub at: Option<u64>,
    /// The past of the run, as far as it was handed out; `awaits_past` while it was asked for again.
    pub past: Option<Arc<PastOfRun>>,
    pub awaits_past: bool,
    /// The question for a moment that is being answered.
    pub asked: Option<AskedMoment>,
    /// Moments that were looked at, the newest last.
    known: VecDeque<Box<RecalledMoment>>,
    /// The run is to go on from the moment once it is there.
    pub fork: bool,
    /// The question for the nearest update at which something happened, and how far it has come.
    pub search: Option<(u64, Option<u64>)>,
    /// A search that begins once the past is there.
    pub search_from_here: Option<SearchWish>,
    pub playback: Option<Playback>,
    /// The story of a spike that is told.
    pub story: Option<SpikeStory>,
    pub pins: Vec<TimePin>,
    /// Pins that there were so far.
    pub pinned: usize,
}

/// A question for a moment.
#[derive(Clone, Copy, Debug)]
pub struct AskedMoment {
    pub id: u64,
    pub update: u64,
    pub since: Instant,
    /// Updates replayed so far, and all of them; `None` while it is but a moment.
    pub progress: Option<(u64, u64)>,
}

/// A search from the moment that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchWish {
    /// For the nearest update, forward or not, at which the chosen neuron's spikes changed, or those of any output.
    Change { forward: bool },
    /// For the update that put the spike of this neuron to this step.
    Origin { neuron: (usize, usize), step: u32 },
}

/// The past is played like a film.
#[derive(Clone, Copy, Debug)]
pub struct Playback {
    pub forward: bool,
    /// When the next update is due.
    pub due: Instant,
}

/// The story of a spike, as far as it is known.
#[derive(Clone, Debug)]
pub struct SpikeStory {
    /// The question; `None` while the past of the run is asked for.
    pub id: Option<u64>,
    pub update: u64,
    pub layer: usize,
    pub unit: u32,
    pub step: u32,
    pub told: Option<StoryPart>,
}

/// A moment with the view that one had of it.
#[derive(Clone, Debug)]
pub struct TimePin {
    pub name: String,
    /// The run, by the number of its start.
    pub start: u32,
    pub update: u64,
    pub choices: Choices,
    pub workspace: Workspace,
}

/// Moments that are remembered as they were seen.
const MOST_KNOWN: usize = 8;
/// A question is not replaced by a newer one before it had this long.
const PATIENCE: Duration = Duration::from_millis(120);

impl TimeState {
    /// Another run has begun, or is gone back to.
    pub fn begin(&mut self) {
        let (pins, pinned) = (std::mem::take(&mut self.pins), self.pinned);
        *self = Self { pins, pinned, ..Self::default() };
    }

    /// The moment after `update` updates, where it is remembered as it is to be seen.
    pub fn known(&self, update: u64) -> Option<&RecalledMoment> {
        self.known.iter().rev().find(|moment| moment.frame.update == update).map(|moment| &**moment)
    }

    pub fn remember(&mut self, moment: Box<RecalledMoment>) {
        self.known.retain(|other| other.frame.update != moment.frame.update);
        if self.known.len() == MOST_KNOWN {
            self.known.pop_front();
        }
        self.known.push_back(moment);
    }

    /// Moments are to be seen in another way than they are remembered.
    pub fn forget(&mut self) {
        self.known.clear();
        self.asked = None;
    }

    /// Whether a new question for a moment may be asked now.
    pub fn may_ask(&self, update: u64) -> bool {
        self.asked.is_none_or(|asked| asked.update != update && asked.since.elapsed() > PATIENCE)
    }

    /// Whether the question that was not answered was one of these.
    pub fn on_failed(&mut self, id: u64) -> bool {
        let moment = self.asked.is_some_and(|asked| asked.id == id);
        let search = self.search.is_some_and(|(asked, _)| asked == id);
        let story = self.story.as_ref().is_some_and(|story| story.id == Some(id));
        if story {
            self.story = None;
        }
        if moment {
            (self.asked, self.at, self.fork, self.playback) = (None, None, false, None);
        }
        if search {
            self.search = None;
        }
        moment || search || story
    }
}
