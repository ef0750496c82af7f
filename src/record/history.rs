//! The past of a run, exact by replay: key moments, and the log of what was done in between.

use std::sync::Arc;

use crate::snn::Params;
use crate::train::{Diverged, Moment, Settings, Trainer};

use super::log::Log;

/// Key moments of a run, chosen by update number and thinned within a budget of memory.
///
/// An update in between is computed again, bit for bit, from the key moment before it and the log.
#[derive(Clone, Debug)]
pub struct History {
    moments: Vec<Moment>,
    /// Updates between two key moments; doubled whenever the budget is used up.
    spacing: u64,
    most: usize,
}

/// Key moments that are worth having, whatever the budget.
const MOST_MOMENTS: usize = 512;

impl History {
    /// For a run that starts with `first`, within about `budget` bytes (but always two moments).
    pub fn new(first: Moment, budget: usize) -> Self {
        let bytes = first.params.0.len() * 3 * size_of::<f32>() + size_of::<Moment>();
        Self { moments: vec![first], spacing: 1, most: (budget / bytes).clamp(2, MOST_MOMENTS) }
    }

    /// Whether the run at `update` is a key moment to be kept.
    pub fn wants(&self, update: u64) -> bool {
        update.is_multiple_of(self.spacing) && self.moments.last().is_none_or(|m| m.update < update)
    }

    /// Keeps a moment behind the last.
    pub fn push(&mut self, moment: Moment) {
        self.moments.push(moment);
        while self.moments.len() > self.most {
            self.spacing *= 2;
            let spacing = self.spacing;
            self.moments.retain(|m| m.update.is_multiple_of(spacing));
        }
    }

    /// The run as it was after `update` updates: replayed from the key moment before.
    pub fn recall(&self, update: u64, log: &Log, like: &Trainer) -> Result<Trainer, Diverged> {
        let from = self.moments.partition_point(|m| m.update <= update).saturating_sub(1);
        let moment = &self.moments[from];
        let mut trainer = like.at(moment);
        // the moment was taken before what was done at its own update, or after: doing it again changes nothing
        let mut todo = log.entries.iter().filter(|e| e.update >= moment.update).peekable();
        loop {
            while let Some(entry) = todo.next_if(|e| e.update <= trainer.update()) {
                let mut settings = trainer.settings().clone();
                settings.set_text(&entry.key, &entry.value).expect("an entry of a log that was checked applies");
                trainer.set(settings);
            }
            if trainer.update() >= update {
                return Ok(trainer);
            }
            trainer.step()?;
        }
    }

    /// The run's path: parameters at the key moments.
    pub fn path(&self) -> Vec<(u64, Arc<Params>)> {
        self.moments.iter().map(|m| (m.update, Arc::clone(&m.params))).collect()
    }

    /// Bytes of memory in use.
    pub fn bytes(&self) -> usize {
        self.moments.len() * self.moments.first().map_or(0, |m| m.params.0.len() * 3 * size_of::<f32>())
    }

    /// The settings that the run started with.
    pub fn first_settings(&self) -> &Settings {
        &self.moments[0].settings
    }
}
