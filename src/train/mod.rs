//! The run without threads: settings, trainer, evaluation, reports, seed streams.

pub mod evaluate;
pub mod initial;
pub mod pass;
pub mod report;
pub mod settings;
pub mod trainer;

pub use evaluate::{Answer, Evaluation, Evaluator, Exam, Readout};
pub use report::{EpochReport, LayerReport, Reports, StepReport, Validation};
pub use settings::Settings;
pub use trainer::{Best, Diverged, Halt, Moment, Trainer};

use rayon::prelude::*;

use crate::spike::Sample;
use crate::task::{Part, Task};

/// Makes or reads samples, in parallel, in the order of `indices`; on an error what is in `out` means nothing.
pub fn read_samples(task: &Task, part: Part, indices: &[u32], out: &mut Vec<Sample>) -> Result<(), String> {
    let read = |&i: &u32| task.sample(part, i as usize);
    out.clear();
    // what comes out of a parallel collection has the order of what went in, and so has the first error
    let samples: Vec<Result<Sample, String>> = indices.par_iter().map(read).collect();
    for sample in samples {
        out.push(sample?);
    }
    Ok(())
}
