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

/// Makes or reads samples, in parallel, in the order of `indices`, in the memory that `out` has; on an error what is in
/// `out` means nothing.
pub fn read_samples(task: &Task, part: Part, indices: &[u32], out: &mut Vec<Sample>) -> Result<(), String> {
    out.resize_with(indices.len(), Sample::default);
    let read = |(sample, &index): (&mut Sample, &u32)| task.read(part, index as usize, sample);
    // the first in their order, whichever thread comes first
    let failed = out.par_iter_mut().zip(indices).map(read).find_first(Result::is_err);
    failed.unwrap_or(Ok(()))
}
