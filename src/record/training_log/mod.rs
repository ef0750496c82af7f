//! A run's numbers for other people's dashboards: JSON lines and TensorBoard event files.
//!
//! Both grow while the run goes on, so that they can be watched. A record is written at once and whole; where the
//! program is killed, at most the last one is cut off, which readers of both formats pass over.

pub mod json_lines;
pub mod tensorboard;

use crate::train::{EpochReport, LayerReport, StepReport};

/// One update.
#[derive(Clone, Copy, Debug)]
pub struct UpdateRecord<'a> {
    pub step: &'a StepReport,
    /// From the first layer to the output.
    pub layers: &'a [LayerReport],
    /// Spikes of all neurons of the watched sample; what pooling passes on is not counted again.
    pub spikes: u64,
    /// Since the run began or was resumed.
    pub seconds: f64,
}

/// One epoch, which took `seconds`.
#[derive(Clone, Copy, Debug)]
pub struct EpochRecord<'a> {
    pub report: &'a EpochReport,
    pub seconds: f64,
}

#[cfg(test)]
mod tests {
    use crate::rule::Rule;
    use crate::spike::Tally;
    use crate::train::Validation;

    use super::*;

    /// The third update is one whose loss is not finite.
    pub fn step(update: u64) -> StepReport {
        StepReport {
            update,
            loss: if update == 3 { f64::NAN } else { 0.5 },
            rule: Rule::Antlr,
            learning_rate: 0.003,
            target_distance: 2.0,
            changes: Tally { shifted: 3, created: 2, removed: 1, ..Tally::default() },
        }
    }

    pub fn layers() -> [LayerReport; 2] {
        [7, 5].map(|spikes| LayerReport { spikes, changes: Tally::default() })
    }

    pub fn epoch() -> EpochReport {
        let valid = Validation {
            samples: 8,
            loss: 0.5,
            accuracy_first: 0.75,
            accuracy_count: 0.5,
            unanswered: 1,
            spikes: 12.5,
            necessary: 7.25,
            first_step: 3.0,
        };
        EpochReport { epoch: 1, update: 3, train_loss: 0.1, valid: Some(valid) }
    }
}
