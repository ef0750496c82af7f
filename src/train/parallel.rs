//! Work that is divided among the threads of the rayon pool at hand where there is enough of it to pay for waking them.
//!
//! How it is divided never changes a result: items are independent of each other.

use rayon::prelude::*;

use crate::optim::{Magnitudes, UpdateRule};
use crate::snn::Isa;

/// Parameters above which it pays to wake other threads for an update of theirs.
const WORTH_SHARING: usize = 200_000;
/// Parameters that a thread then takes at a time.
const PART: usize = 1 << 16;

/// Calls `work` with every item and its number; in parallel if told so.
pub fn for_each<T: Send>(parallel: bool, items: &mut [T], work: impl Fn(usize, &mut T) + Send + Sync) {
    if parallel {
        items.par_iter_mut().enumerate().for_each(|(n, item)| work(n, item));
    } else {
        items.iter_mut().enumerate().for_each(|(n, item)| work(n, item));
    }
}

/// Calls `work` with `values` and where they begin: in chunks of `size`, in parallel if told so, else all at once.
/// Returns whether all calls returned true.
pub fn all_chunks(
    parallel: bool,
    size: usize,
    values: &mut [f32],
    work: impl Fn(usize, &mut [f32]) -> bool + Send + Sync,
) -> bool {
    if !parallel {
        return work(0, values);
    }
    let chunks = values.par_chunks_mut(size).enumerate();
    chunks.map(|(n, chunk)| work(n * size, chunk)).reduce(|| true, |a, b| a & b)
}

/// Applies an optimiser's rule to parameters and their two moments, all of one length; in parallel where there are many.
/// Returns the largest magnitudes afterwards.
pub fn update_parameters(
    isa: Isa,
    rule: UpdateRule,
    [params, first, second]: [&mut [f32]; 3],
    gradient: &[f32],
) -> Magnitudes {
    let work = |params: &mut [f32], first: &mut [f32], second: &mut [f32], gradient: &[f32]| {
        isa.run(
            #[inline(always)]
            || {
                rule.apply([&mut *params, &mut *first, &mut *second], gradient);
                Magnitudes::of(params, first, second)
            },
        )
    };
    if params.len() < WORTH_SHARING {
        return work(params, first, second, gradient);
    }
    let moments = first.par_chunks_mut(PART).zip(second.par_chunks_mut(PART));
    let parts = params.par_chunks_mut(PART).zip(gradient.par_chunks(PART)).zip(moments);
    let each = parts.map(|((params, gradient), (first, second))| work(params, first, second, gradient));
    each.reduce(|| Magnitudes::ZERO, Magnitudes::max)
}
