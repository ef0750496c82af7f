//! What a checkpoint says beside its tensors, as JSON.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::record::json::exact;
use crate::snn::Params;
use crate::train::{BestEpoch, EpochReport, Validation};

use super::Checkpoint;

/// What a checkpoint says of itself.
pub const FORMAT: &str = "spikescape checkpoint 1";
/// The beginning of that, whatever the version.
pub const ANY_FORMAT: &str = "spikescape checkpoint ";

/// The one key that is read before the rest; weights alone do not have it.
#[derive(Deserialize)]
pub struct FormatKey {
    pub format: Option<String>,
}

/// All of it. Keys are in the order of the alphabet in every one of these structs, as they always were in the file.
#[derive(Serialize, Deserialize)]
pub struct CheckpointMetadata {
    pub best: Option<BestMetadata>,
    /// Sum of the losses of the batches since the last epoch.
    #[serde(with = "exact")]
    pub epoch_loss: f64,
    pub epochs: Vec<EpochMetadata>,
    pub format: String,
    /// A whole log, as TOML.
    pub log: String,
    /// Steps that the optimiser has taken.
    pub optimiser_steps: u64,
    /// For training, validation and test.
    pub samples: [usize; 3],
    /// For whoever reads the file without this program, as is `version`.
    pub seed: u64,
    /// As they were at this moment, as TOML.
    pub settings: String,
    pub update: u64,
    pub version: String,
}

#[derive(Serialize, Deserialize)]
pub struct BestMetadata {
    #[serde(with = "exact")]
    accuracy: f64,
    epoch: u64,
    update: u64,
}

#[derive(Serialize, Deserialize)]
pub struct EpochMetadata {
    epoch: u64,
    #[serde(with = "exact")]
    train_loss: f64,
    update: u64,
    valid: Option<ValidationMetadata>,
}

#[derive(Serialize, Deserialize)]
struct ValidationMetadata {
    #[serde(with = "exact")]
    accuracy_count: f64,
    #[serde(with = "exact")]
    accuracy_first: f64,
    #[serde(with = "exact")]
    first_step: f64,
    #[serde(with = "exact")]
    loss: f64,
    #[serde(with = "exact")]
    necessary: f64,
    samples: usize,
    #[serde(with = "exact")]
    spikes: f64,
    unanswered: usize,
}

impl CheckpointMetadata {
    pub fn of(checkpoint: &Checkpoint) -> Self {
        Self {
            best: checkpoint.best.as_ref().map(BestMetadata::of),
            epoch_loss: checkpoint.epoch_loss,
            epochs: checkpoint.epochs.iter().map(EpochMetadata::of).collect(),
            format: FORMAT.to_owned(),
            log: checkpoint.log.to_toml(),
            optimiser_steps: checkpoint.optimiser.steps,
            samples: checkpoint.samples,
            seed: checkpoint.settings.run.seed,
            settings: checkpoint.settings.to_toml(),
            update: checkpoint.update,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

impl BestMetadata {
    fn of(best: &BestEpoch) -> Self {
        Self { accuracy: best.accuracy, epoch: best.epoch, update: best.update }
    }

    /// With the weights, which are tensors.
    pub fn best(self, params: Params) -> BestEpoch {
        BestEpoch { epoch: self.epoch, update: self.update, accuracy: self.accuracy, params: Arc::new(params) }
    }
}

impl EpochMetadata {
    fn of(report: &EpochReport) -> Self {
        let EpochReport { epoch, update, train_loss, valid } = *report;
        Self { epoch, train_loss, update, valid: valid.map(ValidationMetadata::of) }
    }

    pub fn report(self) -> EpochReport {
        let Self { epoch, train_loss, update, valid } = self;
        EpochReport { epoch, update, train_loss, valid: valid.map(ValidationMetadata::validation) }
    }
}

impl ValidationMetadata {
    fn of(validation: Validation) -> Self {
        let Validation { samples, loss, accuracy_first, accuracy_count, unanswered, spikes, necessary, first_step } =
            validation;
        Self { accuracy_count, accuracy_first, first_step, loss, necessary, samples, spikes, unanswered }
    }

    fn validation(self) -> Validation {
        let Self { accuracy_count, accuracy_first, first_step, loss, necessary, samples, spikes, unanswered } = self;
        Validation { samples, loss, accuracy_first, accuracy_count, unanswered, spikes, necessary, first_step }
    }
}
