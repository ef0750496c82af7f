//! Until where a run is trained.

use crate::text;
use crate::train::{Readout, Settings, Trainer};

/// A state of a run at which it pauses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// So many epochs have ended.
    Epoch(u64),
    /// The loss is at most this.
    Loss(f64),
    /// The share of right answers in a validation is at least this, 0 to 1.
    Accuracy(f64),
}

impl Goal {
    /// Why a run can never come there, as a sentence.
    pub fn impossible(self, trainer: &Trainer) -> Option<&'static str> {
        let labelled = trainer.task().labelled;
        (!labelled && !matches!(self, Self::Loss(_)))
            .then_some("Epochs and accuracies are reported only where samples have classes.")
    }

    pub fn reached(self, trainer: &Trainer) -> bool {
        match self {
            Self::Epoch(epoch) => trainer.epochs().len() as u64 >= epoch,
            // before the first update there is none of a batch
            Self::Loss(loss) => trainer.loss() <= loss,
            Self::Accuracy(accuracy) => {
                let last = trainer.epochs().last().and_then(|report| report.valid);
                last.is_some_and(|valid| valid.accuracy(readout(trainer.settings())) >= accuracy)
            }
        }
    }

    /// What is reached, as in `the loss is at most 0.05`.
    pub fn sentence(self) -> String {
        match self {
            Self::Epoch(epoch) => format!("{} made", text::count(epoch, "epoch")),
            Self::Loss(loss) => format!("the loss is at most {}", text::value(loss)),
            Self::Accuracy(share) => format!("the accuracy is at least {} %", text::value(100.0 * share)),
        }
    }
}

fn readout(settings: &Settings) -> Readout {
    Readout::of(&settings.loss)
}
