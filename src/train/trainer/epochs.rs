//! Epochs: their reports, the best of them, and the validation at their end.

use std::sync::Arc;

use crate::loss::LossSettings;
use crate::snn::Params;
use crate::task::Split;
use crate::train::evaluate::{Evaluation, Readout, SampleEvaluator};
use crate::train::report::{EpochReport, Validation};

use super::Trainer;

/// The epoch with the best validation so far.
#[derive(Clone, Debug, PartialEq)]
pub struct BestEpoch {
    pub epoch: u64,
    pub update: u64,
    /// By the readout that the loss trains for.
    pub accuracy: f64,
    pub params: Arc<Params>,
}

/// The epochs of a run so far.
#[derive(Clone, Debug, Default)]
pub struct Epochs {
    /// Sum of the losses of the current epoch's batches.
    pub loss: f64,
    pub reports: Arc<Vec<EpochReport>>,
    pub best: Option<Arc<BestEpoch>>,
}

impl Epochs {
    /// Ends an epoch of `batches` batches after `update` updates. The parameters are kept if their accuracy, by the readout
    /// that the loss trains for, is higher than that of every epoch before.
    pub fn end(
        &mut self,
        update: u64,
        batches: u64,
        evaluation: Option<&Evaluation>,
        loss: &LossSettings,
        params: &Params,
    ) -> EpochReport {
        let valid = evaluation.map(Validation::of);
        let epoch = self.reports.len() as u64 + 1;
        let report = EpochReport { epoch, update, train_loss: self.loss / batches as f64, valid };
        self.loss = 0.0;
        Arc::make_mut(&mut self.reports).push(report);
        let accuracy = valid.map(|v| v.accuracy(Readout::of(loss)));
        if let Some(accuracy) = accuracy
            && self.best.as_ref().is_none_or(|best| accuracy > best.accuracy)
        {
            self.best = Some(Arc::new(BestEpoch { epoch, update, accuracy, params: Arc::new(params.clone()) }));
        }
        report
    }
}

/// A validation in progress, one batch at a time, so that it can be stopped in between.
#[derive(Debug, Default)]
pub struct ValidationRun {
    evaluator: SampleEvaluator,
    evaluation: Evaluation,
}

impl ValidationRun {
    /// Answers one more batch of the trainer's validation samples, and returns the whole evaluation when that was the last.
    /// The trainer must be the same, at the same update, in every call.
    ///
    /// # Errors
    /// When a sample cannot be read; a sentence says why.
    pub fn step(&mut self, trainer: &Trainer) -> Result<Option<Evaluation>, String> {
        let (number, done) = (trainer.task.len(Split::Validation), self.evaluation.answers.len());
        let size = trainer.settings.batch_of(number).max(1);
        let indices: Vec<u32> = (done as u32..(done + size).min(number) as u32).collect();
        let context = trainer.evaluation_context();
        let answers = self.evaluator.answer(context, &trainer.params, Split::Validation, &indices)?;
        self.evaluation.answers.extend(answers);
        let whole = self.evaluation.answers.len() >= number;
        Ok(whole.then(|| std::mem::take(&mut self.evaluation)))
    }

    /// Samples answered so far.
    pub fn done(&self) -> usize {
        self.evaluation.answers.len()
    }
}
