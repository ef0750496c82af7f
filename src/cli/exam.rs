//! Answering all samples of a part, a batch at a time.

use crate::loss::LossKind;
use crate::snn::{Network, Params};
use crate::spike::stats;
use crate::task::Split;
use crate::train::trainer::ValidationRun;
use crate::train::{Evaluation, EvaluationContext, SampleEvaluator, Settings, Trainer};

use super::stop;

/// Answers, and the spikes of each layer.
#[derive(Debug, Default)]
pub struct Examined {
    pub evaluation: Evaluation,
    /// Spikes of each layer with neurons in all samples, and how many of them are necessary; with the layer's number.
    pub layers: Vec<(usize, [u64; 2])>,
}

/// Answers a part in batches of `batch`, on the rayon pool at hand. None where Ctrl+C came in between.
pub fn examine(
    exam: EvaluationContext,
    params: &Params,
    part: Split,
    batch: usize,
) -> Result<Option<Examined>, String> {
    let (mut evaluator, number) = (SampleEvaluator::default(), exam.task.len(part));
    let mut examined = Examined { layers: neurons(exam.model.net), ..Examined::default() };
    let indices: Vec<u32> = (0..number as u32).collect();
    for batch in indices.chunks(batch.max(1)) {
        if stop::asked() {
            return Ok(None);
        }
        examined.evaluation.answers.extend(evaluator.answer(exam, params, part, batch)?);
        for trace in evaluator.pass().traces() {
            for (l, [total, necessary]) in &mut examined.layers {
                let spikes = &trace.layers[*l].spikes;
                *total += spikes.len() as u64;
                *necessary += stats::necessary(spikes, trace.output()) as u64;
            }
        }
    }
    Ok(Some(examined))
}

fn neurons(net: &Network) -> Vec<(usize, [u64; 2])> {
    let layers = net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights());
    layers.map(|(l, _)| (l, [0; 2])).collect()
}

/// Spikes of the watched sample in all layers with neurons.
pub fn spikes(trainer: &Trainer) -> usize {
    crate::sweep::compare::spikes(trainer) as usize
}

/// How validation came out.
pub enum Validated {
    /// There are no samples for it.
    Nothing,
    Stopped,
    Done(Evaluation),
}

/// Answers the validation samples of an epoch that is due.
pub fn validate(trainer: &Trainer) -> Result<Validated, String> {
    if trainer.task().len(Split::Validation) == 0 {
        return Ok(Validated::Nothing);
    }
    let mut validating = ValidationRun::default();
    loop {
        if stop::asked() {
            return Ok(Validated::Stopped);
        }
        if let Some(evaluation) = validating.step(trainer)? {
            return Ok(Validated::Done(evaluation));
        }
    }
}

/// What a person has to know of numbers that depend on the batch.
pub fn batch_note(settings: &Settings, batch: usize) -> String {
    if settings.loss.kind == LossKind::Latency {
        format!(
            "In batches of {batch}. With the latency loss a batch ends once every output of every\nsample has spiked, so \
             spikes and loss depend on the size of the batch."
        )
    } else {
        format!("In batches of {batch}. Samples run to their last step, so the size of the batch\nchanges nothing.")
    }
}
