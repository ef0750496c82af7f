//! Batches of samples, made or read in parallel, each in the memory of an earlier one.

use rayon::prelude::*;

use crate::spike::reserve::{Reserve, level_capacity};
use crate::spike::{Raster, Sample};
use crate::task::{Split, Task};

/// Reads batches one after another, into vectors that take turns.
#[derive(Debug, Default)]
pub struct BatchReader {
    /// The memory of samples for which a smaller batch, such as an epoch's last, had no use.
    left: Vec<Sample>,
    /// Has as much memory as the busiest input so far needed; every sample gets as much.
    busiest: Raster,
}

impl BatchReader {
    /// Makes or reads the samples with these numbers, in parallel, into `out`, in their order and in its memory.
    ///
    /// # Errors
    /// When a sample cannot be read; a sentence says why, of the first in their order. The contents of `out` then mean
    /// nothing.
    pub fn read(&mut self, task: &Task, part: Split, indices: &[u32], out: &mut Vec<Sample>) -> Result<(), String> {
        let Self { left, busiest } = self;
        if out.len() > indices.len() {
            left.extend(out.drain(indices.len()..));
        }
        out.resize_with(indices.len(), || left.pop().unwrap_or_default());
        let read = |(sample, &index): (&mut Sample, &u32)| {
            sample.input.reserve_like(busiest);
            task.read(part, index as usize, sample)
        };
        // the first in their order, whichever thread comes first
        let failed = out.par_iter_mut().zip(indices).map(read).find_first(Result::is_err);
        failed.unwrap_or(Ok(()))?;
        level_capacity(out);
        if let Some(sample) = out.first() {
            busiest.reserve_like(&sample.input);
        }
        Ok(())
    }
}

/// Reads a single batch.
pub fn read_samples(task: &Task, part: Split, indices: &[u32], out: &mut Vec<Sample>) -> Result<(), String> {
    BatchReader::default().read(task, part, indices, out)
}
