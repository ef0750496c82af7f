//! Samples made or read in parallel, a batch in the memory of another.

use rayon::prelude::*;

use crate::spike::reserve::{Reserve, level_capacity};
use crate::spike::{Raster, Sample};
use crate::task::{Split, Task};

/// Reads batches one after another, into vectors that take turns.
#[derive(Debug, Default)]
pub struct BatchReader {
    /// Memory of samples that a smaller batch, as an epoch's last, had no use for.
    left: Vec<Sample>,
    /// Has as much memory as the busiest input so far needed: every one gets as much.
    busiest: Raster,
}

impl BatchReader {
    /// Makes or reads samples, in parallel, in the order of `indices`, in the memory that `out` has; on an error what is in
    /// `out` means nothing.
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

/// Reads one batch: makes or reads samples, in parallel, in the order of `indices`, in the memory that `out` has; on an
/// error what is in `out` means nothing.
pub fn read_samples(task: &Task, part: Split, indices: &[u32], out: &mut Vec<Sample>) -> Result<(), String> {
    BatchReader::default().read(task, part, indices, out)
}
