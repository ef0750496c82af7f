//! The story of a spike: when it was created, by which rule, how it moved, and when it was removed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::job::{Job, Question, QuestionKind, Step};
use crate::engine::past::PastOfRun;
use crate::record::history::Replay;
use crate::rule::Rule;
use crate::snn::Isa;
use crate::spike::{Aligner, Edit};
use crate::train::{Halt, Trainer};

/// Asks what became of a spike of the watched sample, before and after a moment. Spikes are matched update by update, as
/// the changes of an update are ([model §8](crate::model#8-spike-changes)).
#[derive(Clone, Debug)]
pub struct StoryQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub past: Arc<PastOfRun>,
    /// The moment, by its number of updates …
    pub update: u64,
    /// … this neuron (layer 0 is the first hidden one) …
    pub layer: usize,
    pub unit: u32,
    /// … has a spike at this step.
    pub step: u32,
}

/// Something that an update did to the spike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoryEvent {
    /// The update, by the number of updates made with it.
    pub update: u64,
    /// The rule that made it.
    pub rule: Rule,
    pub edit: Edit,
}

/// The story as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryPart {
    /// In order of their updates.
    pub events: Vec<StoryEvent>,
    /// The updates that were looked at, from the first to the last of them.
    pub from: u64,
    pub to: u64,
    /// Nothing more is to come.
    pub whole: bool,
}

impl Question for StoryQuestion {
    const KIND: QuestionKind = QuestionKind::Story;

    type Job = StoryJob;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> StoryJob {
        let first = self.past.firsts.at(self.update).0;
        let other_sample = self.past.firsts.all().iter().map(|(update, _)| *update).find(|u| *u > self.update);
        let last = other_sample.unwrap_or(self.past.run.newest());
        let story = StoryPart { events: Vec::new(), from: self.update, to: self.update, whole: false };
        let (told, step) = (Instant::now(), self.step);
        StoryJob { question: self, first, last, story, stretch: None, step, backward: true, told }
    }
}

/// Follows the spike back, one stretch between key moments after the other, and then on.
pub struct StoryJob {
    question: StoryQuestion,
    /// The updates between which this sample is watched.
    first: u64,
    last: u64,
    story: StoryPart,
    stretch: Option<Stretch>,
    /// Where the spike is at the end of what is known.
    step: u32,
    backward: bool,
    told: Instant,
}

/// A stretch that is being replayed.
struct Stretch {
    replay: Box<Replay>,
    /// What its updates did to the neuron: all edits of each one that changed its spikes.
    changes: Vec<(u64, Rule, Vec<Edit>)>,
    /// The neuron's spikes before the next update.
    train: Vec<u32>,
    aligner: Aligner,
}

/// A piece of work.
const PIECE: Duration = Duration::from_millis(5);
/// Time between two parts.
const REPORT: Duration = Duration::from_millis(100);

impl StoryJob {
    fn train(&self, trainer: &Trainer) -> Vec<u32> {
        let StoryQuestion { layer, unit, .. } = self.question;
        let spikes = trainer.spikes().nth(layer);
        spikes.map_or_else(Vec::new, |raster| raster.trains().of(unit as usize).to_vec())
    }

    /// The stretch from the key moment before `from` to `to`.
    fn begin(&self, from: u64, to: u64) -> Result<Stretch, Halt> {
        let replay = Box::new(self.question.past.run.until(to, from).replay(Isa::best())?);
        let train = self.train(replay.trainer());
        Ok(Stretch { replay, changes: Vec::new(), train, aligner: Aligner::default() })
    }

    /// Goes on for a while; whether the stretch is at its end.
    fn replay(&self, stretch: &mut Stretch) -> Result<bool, Halt> {
        let until = Instant::now() + PIECE;
        loop {
            stretch.replay.catch_up();
            if stretch.replay.trainer().update() == self.first {
                // what is watched from here on is another sample
                stretch.train = self.train(stretch.replay.trainer());
            }
            if stretch.replay.step()?.is_some() {
                return Ok(true);
            }
            let trainer = stretch.replay.trainer();
            let now = self.train(trainer);
            if now != stretch.train {
                let mut edits = Vec::new();
                let q = trainer.settings().run.shift_cost;
                stretch.aligner.align(&stretch.train, &now, q, |edit| edits.push(edit));
                stretch.changes.push((trainer.update(), trainer.report().0.rule, edits));
                stretch.train = now;
            }
            if Instant::now() >= until {
                return Ok(false);
            }
        }
    }

    /// Follows the spike back through the stretch; whether it was created there.
    fn follow_back(&mut self, changes: Vec<(u64, Rule, Vec<Edit>)>) -> bool {
        for (update, rule, edits) in changes.into_iter().rev() {
            if update <= self.first || update > self.story.from {
                continue;
            }
            let here = edits.into_iter().find(|edit| edit_end(*edit) == Some(self.step));
            let Some(edit) = here.filter(|edit| !matches!(edit, Edit::Kept { .. })) else { continue };
            self.story.events.insert(0, StoryEvent { update, rule, edit });
            match edit {
                Edit::Shifted { from, .. } => self.step = from,
                _ => {
                    self.story.from = update;
                    return true;
                }
            }
        }
        false
    }

    /// Follows the spike on through what is replayed so far; whether it was removed there.
    fn follow_on(&mut self, changes: Vec<(u64, Rule, Vec<Edit>)>) -> bool {
        for (update, rule, edits) in changes {
            if update <= self.story.to {
                continue;
            }
            let here = edits.into_iter().find(|edit| edit_start(*edit) == Some(self.step));
            let Some(edit) = here.filter(|edit| !matches!(edit, Edit::Kept { .. })) else { continue };
            self.story.events.push(StoryEvent { update, rule, edit });
            match edit {
                Edit::Shifted { to, .. } => self.step = to,
                _ => {
                    self.story.to = update;
                    return true;
                }
            }
        }
        false
    }

    fn advanced(&mut self) -> Result<Step<StoryPart>, Halt> {
        let Some(mut stretch) = self.stretch.take() else {
            let (from, to) = match self.backward {
                true => (self.story.from.saturating_sub(1).max(self.first), self.story.from),
                false => (self.story.to, self.last),
            };
            if self.backward && self.story.from <= self.first {
                return Ok(self.turn());
            }
            self.stretch = Some(self.begin(from, to)?);
            return Ok(Step::More(None));
        };
        let begun = self.question.past.run.until(self.story.from, self.story.from.saturating_sub(1)).cost();
        let over = self.replay(&mut stretch)?;
        if self.backward {
            if !over {
                self.stretch = Some(stretch);
                return Ok(Step::More(self.told_now()));
            }
            let created = self.follow_back(stretch.changes);
            if !created {
                self.story.from = (self.story.from - begun).max(self.first);
            }
            return Ok(if created { self.turn() } else { Step::More(self.told_now()) });
        }
        let removed = self.follow_on(std::mem::take(&mut stretch.changes));
        if !removed {
            self.story.to = self.story.to.max(stretch.replay.trainer().update());
        }
        if over || removed {
            self.story.whole = true;
            return Ok(Step::Last(Some(self.story.clone())));
        }
        self.stretch = Some(stretch);
        Ok(Step::More(self.told_now()))
    }

    /// Its past is known: from here on it is followed on.
    fn turn(&mut self) -> Step<StoryPart> {
        (self.backward, self.step) = (false, self.question.step);
        Step::More(Some(self.story.clone()))
    }

    fn told_now(&mut self) -> Option<StoryPart> {
        (self.told.elapsed() >= REPORT).then(|| {
            self.told = Instant::now();
            self.story.clone()
        })
    }
}

/// Where a spike was before an edit.
fn edit_start(edit: Edit) -> Option<u32> {
    match edit {
        Edit::Kept { step } | Edit::Removed { step } => Some(step),
        Edit::Shifted { from, .. } => Some(from),
        Edit::Created { .. } => None,
    }
}

/// Where a spike is after an edit.
fn edit_end(edit: Edit) -> Option<u32> {
    match edit {
        Edit::Kept { step } | Edit::Created { step } => Some(step),
        Edit::Shifted { to, .. } => Some(to),
        Edit::Removed { .. } => None,
    }
}

impl Job for StoryJob {
    type Part = StoryPart;

    fn advance(&mut self) -> Step<StoryPart> {
        self.advanced().unwrap_or_else(|halt| Step::Failed(format!("{halt}.")))
    }
}
