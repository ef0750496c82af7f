//! Work memory, handed from point to point.

use std::sync::{Mutex, PoisonError};

use crate::snn::Params;
use crate::train::pass::BatchPass;

/// Work memory of one thread.
#[derive(Debug, Default)]
pub struct PointScratch {
    pub params: Params,
    pub gradient: Params,
    pub pass: BatchPass,
}

/// As many as there are threads at work; they fit one network. Whoever measures a point takes one and gives it back: a
/// thread that waits for others may be given a second point meanwhile, so that a scratch cannot belong to a thread.
#[derive(Debug, Default)]
pub struct ScratchPool(Mutex<Vec<PointScratch>>);

impl ScratchPool {
    pub fn with<R>(&self, work: impl FnOnce(&mut PointScratch) -> R) -> R {
        let free = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = free().pop();
        let mut scratch = taken.unwrap_or_default();
        let result = work(&mut scratch);
        free().push(scratch);
        result
    }
}
