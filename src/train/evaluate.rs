//! How well a network does on samples with classes: answers, spikes and loss ([model §7](crate::model#7-what-is-reported)).

use crate::loss::LossSettings;
use crate::snn::Params;
use crate::spike::{Sample, stats};
use crate::task::{Split, Task};

use super::pass::{BatchPass, Model};
use super::reader::BatchReader;

/// The network's answer to one sample, and its spikes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SampleAnswer {
    /// The class of the sample.
    pub label: u32,
    /// The output that spikes first; `None` if all are silent.
    pub by_first: Option<u32>,
    /// The output that spikes most; `None` if all are silent.
    pub by_count: Option<u32>,
    /// The loss as if the sample were a batch of its own.
    pub loss: f64,
    /// Spikes of all neurons.
    pub spikes: u32,
    /// Of these, those up to and including the step of the first output spike.
    pub necessary: u32,
    /// The step of the first output spike; the steps that count if there is none.
    pub first_step: u32,
    /// Whether an output spiked.
    pub answered: bool,
}

impl SampleAnswer {
    /// The class by a readout; `None` if all outputs are silent.
    pub fn class(&self, readout: Readout) -> Option<u32> {
        match readout {
            Readout::First => self.by_first,
            Readout::Count => self.by_count,
        }
    }

    /// Whether that class is the label. As in the authors' program, silence counts as class 0.
    pub fn is_right(&self, readout: Readout) -> bool {
        self.class(readout).unwrap_or(0) == self.label
    }

    /// Whether the class by first spike is right.
    pub fn right_by_first(&self) -> bool {
        self.is_right(Readout::First)
    }

    /// Whether the class by count is right.
    pub fn right_by_count(&self) -> bool {
        self.is_right(Readout::Count)
    }
}

/// The spikes that decide the class: the first one, or their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readout {
    First,
    Count,
}

impl Readout {
    /// The one that a loss trains for.
    pub fn of(loss: &LossSettings) -> Self {
        match loss.kind {
            crate::loss::LossKind::Latency => Self::First,
            _ => Self::Count,
        }
    }
}

/// The answers to many samples. All means are NaN without a sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    pub answers: Vec<SampleAnswer>,
}

impl Evaluation {
    fn mean(&self, of: impl Fn(&SampleAnswer) -> f64) -> f64 {
        self.answers.iter().map(of).sum::<f64>() / self.answers.len() as f64
    }

    /// Mean loss per sample.
    pub fn loss(&self) -> f64 {
        self.mean(|a| a.loss)
    }

    /// Share of right answers, 0 to 1.
    pub fn accuracy(&self, readout: Readout) -> f64 {
        self.mean(|a| f64::from(u8::from(a.is_right(readout))))
    }

    /// Number of samples for which all outputs stayed silent.
    pub fn unanswered(&self) -> usize {
        self.answers.iter().filter(|a| !a.answered).count()
    }

    /// Mean number of spikes per sample, of all neurons.
    pub fn spikes(&self) -> f64 {
        self.mean(|a| f64::from(a.spikes))
    }

    /// Mean number of these up to the first output spike.
    pub fn necessary(&self) -> f64 {
        self.mean(|a| f64::from(a.necessary))
    }

    /// Step of the first output spike: mean and minimum over the samples.
    pub fn first_step(&self) -> (f64, u32) {
        (self.mean(|a| f64::from(a.first_step)), self.answers.iter().map(|a| a.first_step).min().unwrap_or(0))
    }

    /// The confusion matrix `[label, answer]`, counts of samples; the last column counts samples without an answer.
    pub fn confusion(&self, classes: usize, readout: Readout) -> Vec<u32> {
        let mut matrix = vec![0; classes * (classes + 1)];
        for answer in &self.answers {
            let column = answer.class(readout).map_or(classes, |class| class as usize);
            matrix[answer.label as usize * (classes + 1) + column] += 1;
        }
        matrix
    }
}

/// Answers samples batch by batch, so that a caller can stop in between.
#[derive(Debug, Default)]
pub struct SampleEvaluator {
    pass: BatchPass,
    batch: Vec<Sample>,
    reader: BatchReader,
}

/// Everything that answers depend on, apart from the parameters.
#[derive(Clone, Copy, Debug)]
pub struct EvaluationContext<'a> {
    pub model: Model<'a>,
    pub loss: &'a LossSettings,
    pub task: &'a Task,
}

impl SampleEvaluator {
    /// Answers the samples with these numbers as one batch, in parallel on the rayon pool at hand. The latency loss stops
    /// them together, so their spikes depend a little on the composition of the batch.
    ///
    /// # Errors
    /// When a sample cannot be read; a sentence says why.
    pub fn answer(
        &mut self,
        context: EvaluationContext,
        params: &Params,
        part: Split,
        indices: &[u32],
    ) -> Result<Vec<SampleAnswer>, String> {
        self.reader.read(context.task, part, indices, &mut self.batch)?;
        Ok(self.answer_batch(context, params))
    }

    /// Answers one sample by itself.
    pub fn answer_sample(&mut self, context: EvaluationContext, params: &Params, sample: Sample) -> SampleAnswer {
        self.batch.clear();
        self.batch.push(sample);
        self.answer_batch(context, params)[0]
    }

    /// The samples of the last answers.
    pub fn batch(&self) -> &[Sample] {
        &self.batch
    }

    /// The pass of the last answers.
    pub fn pass(&self) -> &BatchPass {
        &self.pass
    }

    fn answer_batch(&mut self, context: EvaluationContext, params: &Params) -> Vec<SampleAnswer> {
        let EvaluationContext { model, loss, task } = context;
        self.pass.forward(model, params, &self.batch, loss, task.settings.steps);
        let one = |(k, sample): (usize, &Sample)| {
            let (trace, output) = (&self.pass.traces()[k], self.pass.traces()[k].output());
            let neurons = || trace.layers.iter().zip(&model.net.layers).filter(|(_, l)| l.has_weights());
            let first = stats::class_by_first_spike(output).map(|c| c as u32);
            SampleAnswer {
                label: sample.target.label as u32,
                by_first: first,
                by_count: stats::class_by_count(output).map(|c| c as u32),
                // a batch's loss is the sum of its samples' contributions
                loss: self.pass.losses[k] * self.batch.len() as f64,
                spikes: neurons().map(|(l, _)| l.spikes.len() as u32).sum(),
                necessary: neurons().map(|(l, _)| stats::necessary(&l.spikes, output) as u32).sum(),
                first_step: output.first_step().unwrap_or(self.pass.steps) as u32,
                answered: first.is_some(),
            }
        };
        self.batch.iter().enumerate().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(label: u32, by_first: Option<u32>, by_count: Option<u32>, spikes: u32) -> SampleAnswer {
        SampleAnswer { label, by_first, by_count, spikes, answered: by_first.is_some(), ..SampleAnswer::default() }
    }

    #[test]
    fn silence_stands_for_class_0_and_is_counted() {
        let answers = vec![
            answer(0, None, None, 2),
            answer(1, None, None, 4),
            answer(1, Some(1), Some(0), 6),
            answer(2, Some(2), Some(2), 8),
        ];
        let e = Evaluation { answers };
        assert_eq!((e.accuracy(Readout::First), e.accuracy(Readout::Count)), (0.75, 0.5));
        assert_eq!((e.unanswered(), e.spikes()), (2, 5.0));
        assert_eq!(e.confusion(3, Readout::First), [0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0]);
        assert_eq!(e.confusion(3, Readout::Count), [0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0]);
    }
}
