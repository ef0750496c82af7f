//! Everything that continuing a run needs, in one file.

mod bytes;

use std::path::Path;
use std::sync::Arc;

use crate::file::save;
use crate::optim::Optimiser;
use crate::snn::{Isa, Network, Params};
use crate::task::{Split, Task};
use crate::train::{Best, EpochReport, Moment, Settings, Trainer};

use super::log::{End, Log};

pub use bytes::is_checkpoint;

/// A run at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// What it started from and what was done to it; its end is this moment.
    pub log: Log,
    /// As they are by now.
    pub settings: Settings,
    pub update: u64,
    pub params: Params,
    pub optimiser: Optimiser,
    /// Samples for training, validation and test: with others the batches would be others.
    pub samples: [usize; 3],
    /// Sum of the losses of the batches since the last epoch.
    pub epoch_loss: f64,
    pub epochs: Vec<EpochReport>,
    pub best: Option<Best>,
}

impl Checkpoint {
    /// The run at `moment`; `log` is what was done until then.
    pub fn of(moment: &Moment, log: Log) -> Self {
        let end = Some(End { update: moment.update, digest: moment.params.digest() });
        Self {
            log: Log { end, ..log },
            settings: moment.settings.clone(),
            update: moment.update,
            params: Params::clone(&moment.params),
            optimiser: moment.optimiser.clone(),
            samples: Split::ALL.map(|part| moment.task.len(part)),
            epoch_loss: moment.epoch_loss,
            epochs: Vec::clone(&moment.epochs),
            best: moment.best.as_deref().cloned(),
        }
    }

    /// Writes the file, so that at every moment the old one or the new one is there as a whole. A sentence says why it
    /// could not be.
    pub fn save(&self, path: &Path, net: &Network) -> Result<(), String> {
        save(path, &self.to_bytes(net)?)
    }

    /// The run as it was, on a task that was opened for its settings. A sentence says why it cannot go on.
    pub fn resume(self, task: Arc<Task>, isa: Isa) -> Result<Trainer, String> {
        let mut task = task.undrawn();
        if let Some(edit) = self.log.targets().find(|edit| !task.edit(*edit)) {
            return Err(format!("The drawn target {edit} does not match the data."));
        }
        let mut fitted = self.settings.task.clone();
        task.fit(&mut fitted);
        if fitted != self.settings.task {
            return Err(format!(
                "The data have {} inputs, {} outputs and {} steps; the checkpoint was made with {}, {} and {}.",
                fitted.inputs,
                fitted.outputs,
                fitted.steps,
                self.settings.task.inputs,
                self.settings.task.outputs,
                self.settings.task.steps
            ));
        }
        let samples = Split::ALL.map(|part| task.len(part));
        if samples != self.samples {
            let list = |[train, validation, test]: [usize; 3]| {
                format!("{train} samples for training, {validation} for validation and {test} for the test")
            };
            return Err(format!(
                "The data have {}; the checkpoint was made with {}. Use the data that it was made with.",
                list(samples),
                list(self.samples)
            ));
        }
        let moment = Moment {
            update: self.update,
            settings: self.settings,
            task: Arc::new(task),
            params: Arc::new(self.params),
            optimiser: self.optimiser,
            epoch_loss: self.epoch_loss,
            epochs: Arc::new(self.epochs),
            best: self.best.map(Arc::new),
        };
        Trainer::resume(moment, isa)
    }
}

#[cfg(test)]
mod tests;
