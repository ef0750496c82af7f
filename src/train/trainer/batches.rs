//! The batches of a run: which samples each update is made of, and reading them.

use std::sync::Arc;

use crate::spike::Sample;
use crate::task::{Split, Task};
use crate::train::reader::BatchReader;
use crate::train::settings::Settings;

/// The batch at hand, and everything needed to get the next.
#[derive(Debug, Default)]
pub struct Batches {
    batch: Arc<Vec<Sample>>,
    /// Memory for the next batch.
    spare: Arc<Vec<Sample>>,
    reader: BatchReader,
    /// Numbers of the batch's samples.
    chosen: Vec<u32>,
    /// The update for which `batch` was read.
    read_for: Option<u64>,
    /// The order of the samples in an epoch, and which epoch that is.
    order: EpochOrder,
}

#[derive(Debug, Default)]
struct EpochOrder {
    epoch: Option<u64>,
    samples: Vec<u32>,
}

/// Batches in an epoch.
pub fn per_epoch(settings: &Settings, task: &Task) -> u64 {
    let number = task.len(Split::Train).max(1);
    number.div_ceil(settings.batch_of(number).max(1)) as u64
}

impl Batches {
    /// The samples of the batch at hand.
    pub fn batch(&self) -> &Arc<Vec<Sample>> {
        &self.batch
    }

    /// Gets the batch of the update after `update` updates, unless it is the one at hand, as it always is where all
    /// training samples are a single batch.
    ///
    /// # Errors
    /// When a sample cannot be read; a sentence says why. The batch is then still the earlier one.
    pub fn prepare(&mut self, settings: &Settings, task: &Task, update: u64) -> Result<(), String> {
        let whole = per_epoch(settings, task) == 1;
        if !self.read_for.is_none_or(|read_for| read_for != update && !whole) {
            return Ok(());
        }
        self.choose(settings, task, update);
        // in the memory of the batch before the last, unless somebody still holds it
        if Arc::get_mut(&mut self.spare).is_none() {
            self.spare = Arc::default();
        }
        let samples = Arc::get_mut(&mut self.spare).expect("nobody else has it");
        self.reader.read(task, Split::Train, &self.chosen, samples)?;
        std::mem::swap(&mut self.batch, &mut self.spare);
        self.read_for = Some(update);
        Ok(())
    }

    /// Chooses the samples of the batch.
    fn choose(&mut self, settings: &Settings, task: &Task, update: u64) {
        let (number, batches) = (task.len(Split::Train), per_epoch(settings, task));
        self.chosen.clear();
        if batches == 1 {
            return self.chosen.extend(0..number as u32);
        }
        let epoch = update / batches;
        if self.order.epoch != Some(epoch) {
            task.epoch_order(epoch, &mut self.order.samples);
            self.order.epoch = Some(epoch);
        }
        let size = settings.batch_of(number);
        let at = (update % batches) as usize * size;
        self.chosen.extend_from_slice(&self.order.samples[at..(at + size).min(number)]);
    }

    /// Puts a sample whose target was edited in its place of the single batch, if there is only one; else the batch has to
    /// be read again.
    pub fn replace(&mut self, whole: bool, index: usize, sample: Sample) {
        if whole {
            Arc::make_mut(&mut self.batch)[index] = sample;
        } else {
            self.read_for = None;
        }
    }
}
