//! Answering all samples of a split.

use crate::snn::Params;
use crate::task::Split;
use crate::train::{Evaluation, SampleEvaluator, Trainer, Validation};

use super::answer::SplitScore;

/// Answers all samples of a split with some weights of the trainer's network, batch by batch, on the rayon pool at hand. `None`
/// where the work is to be left.
///
/// # Errors
/// A sentence, where samples cannot be read.
pub fn score(
    trainer: &Trainer,
    params: &Params,
    split: Split,
    leave: impl Fn() -> bool,
) -> Result<Option<SplitScore>, String> {
    let number = trainer.task().len(split);
    let indices: Vec<u32> = (0..number as u32).collect();
    let (mut evaluator, mut evaluation) = (SampleEvaluator::default(), Evaluation::default());
    for batch in indices.chunks(trainer.settings().batch_of(number).max(1)) {
        if leave() {
            return Ok(None);
        }
        evaluation.answers.extend(evaluator.answer(trainer.evaluation_context(), params, split, batch)?);
    }
    Ok(Some(SplitScore { split, scores: Validation::of(&evaluation) }))
}
