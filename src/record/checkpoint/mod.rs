//! Everything that continuing a run needs, in one file.

mod bytes;
mod metadata;

use std::sync::Arc;

use crate::optim::Optimiser;
use crate::snn::{Isa, Params};
use crate::task::{Split, Task};
use crate::train::{BestEpoch, EpochReport, Moment, Settings, Trainer};

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
    pub best: Option<BestEpoch>,
}

impl Checkpoint {
    /// The run at `moment`; `log` is what was done until then.
    pub fn of(moment: &Moment, log: Log) -> Self {
        Self {
            log: Log { end: Some(End::of(moment)), ..log },
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

    /// Whether its parts belong together; if not, the part of a sentence that says which do not.
    fn consistent(&self) -> Result<(), String> {
        let Some(end) = self.log.end else { return Err("its log has no end".into()) };
        if end.update != self.update {
            return Err(format!("it is after update {}, but its log ends at {}", self.update, end.update));
        }
        let digest = self.params.digest();
        if end.digest != digest {
            return Err(format!("its weights have the digest {digest:016x}, but its log says {:016x}", end.digest));
        }
        if self.optimiser.steps > self.update {
            return Err(format!("its optimiser took {} steps in {} updates", self.optimiser.steps, self.update));
        }
        if self.optimiser.second.iter().any(|v| *v < 0.0) {
            return Err("a second moment of its optimiser is negative".into());
        }
        if !self.epoch_loss.is_finite() {
            return Err(format!("the loss of its epoch is {}", self.epoch_loss));
        }
        let mut before = 0;
        for (epoch, report) in (1..).zip(&self.epochs) {
            if report.epoch != epoch || report.update <= before || report.update > self.update {
                return Err(format!(
                    "its epoch {epoch} is written as epoch {} after update {}",
                    report.epoch, report.update
                ));
            }
            before = report.update;
        }
        let Some(best) = &self.best else { return Ok(()) };
        if self.epochs.iter().all(|e| (e.epoch, e.update) != (best.epoch, best.update)) {
            return Err(format!("its best epoch {} after update {} is not one of its epochs", best.epoch, best.update));
        }
        Ok(())
    }

    /// The run as it was, on a task that was opened for its settings. A sentence says why it cannot go on.
    pub fn resume(self, task: Arc<Task>, isa: Isa) -> Result<Trainer, String> {
        let task = self.drawn(&task)?;
        Trainer::resume(self.moment(task)?, isa)
    }

    /// A task that was opened for its settings, with the targets that were drawn until then.
    pub fn drawn(&self, task: &Task) -> Result<Arc<Task>, String> {
        let mut task = task.undrawn();
        match self.log.targets().find(|edit| !task.edit(*edit)) {
            Some(edit) => Err(format!("The drawn target {edit} does not match the data.")),
            None => Ok(Arc::new(task)),
        }
    }

    /// The moment that it is of, on a task with its drawn targets. A sentence says why it cannot be gone on from.
    pub fn moment(self, task: Arc<Task>) -> Result<Moment, String> {
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
        Ok(Moment {
            update: self.update,
            settings: self.settings,
            task,
            params: Arc::new(self.params),
            optimiser: self.optimiser,
            epoch_loss: self.epoch_loss,
            epochs: Arc::new(self.epochs),
            best: self.best.map(Arc::new),
        })
    }
}

#[cfg(test)]
mod tests;
