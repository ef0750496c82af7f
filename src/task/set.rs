//! A task as it was opened: training, validation and test samples, each made or read when it is asked for.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::spike::{Raster, Sample};

use super::seed::{Purpose, Stream};
use super::{Source, Split, TargetEdit, TaskSettings};

/// Some of a source's samples, in an order.
#[derive(Clone)]
pub struct Set {
    source: Arc<dyn Source>,
    /// Numbers of the source's samples.
    order: Arc<[u32]>,
}

impl Set {
    /// The first `most` samples of a source; all of them for 0.
    pub fn first(source: Arc<dyn Source>, most: usize) -> Self {
        let order = (0..source.len() as u32).collect();
        Self { source, order }.limited(most)
    }

    /// The first `most` samples; all of them for 0.
    pub fn limited(self, most: usize) -> Self {
        if most == 0 || most >= self.len() {
            return self;
        }
        Self { order: self.order[..most].into(), ..self }
    }

    /// Splits off `number` samples chosen at random by `seed`, with the stream of `purpose`. Both parts keep their order.
    pub fn split(self, number: usize, seed: u64, purpose: Purpose) -> (Self, Self) {
        let mut order = self.order.to_vec();
        let kept = order.len().saturating_sub(number);
        Stream::new(seed, purpose).shuffle(&mut order);
        let mut split = order.split_off(kept);
        order.sort_unstable();
        split.sort_unstable();
        (
            Self { source: Arc::clone(&self.source), order: order.into() },
            Self { source: self.source, order: split.into() },
        )
    }

    pub fn len(&self) -> usize {
        self.order.len()
    }

    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Where the samples come from.
    pub fn source(&self) -> &Arc<dyn Source> {
        &self.source
    }

    /// The number that sample `index` has in the source.
    pub fn origin(&self, index: usize) -> usize {
        self.order[index] as usize
    }

    /// The class of sample `index`.
    pub fn label(&self, index: usize) -> usize {
        self.source.label(self.origin(index))
    }
}

/// What a run learns from.
#[derive(Clone)]
pub struct Task {
    /// As they were when it was opened, with the sizes that the data have.
    pub settings: TaskSettings,
    /// From which it was drawn and split.
    pub seed: u64,
    /// Samples have a class, and their target spikes follow from it.
    pub labelled: bool,
    pub(super) train: Set,
    pub(super) validation: Set,
    pub(super) test: Set,
    /// Targets of training samples that were drawn anew.
    pub(super) drawn: BTreeMap<u32, Raster>,
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let sizes = Split::ALL.map(|part| self.set(part).len());
        write!(f, "Task {{ {:?}, seed {}, {sizes:?} samples }}", self.settings.kind, self.seed)
    }
}

impl Task {
    pub fn set(&self, part: Split) -> &Set {
        match part {
            Split::Train => &self.train,
            Split::Validation => &self.validation,
            Split::Test => &self.test,
        }
    }

    /// Number of samples of a part.
    pub fn len(&self, part: Split) -> usize {
        self.set(part).len()
    }

    /// Sample `index` of a part with its target, or a sentence that says why it cannot be had.
    pub fn sample(&self, part: Split, index: usize) -> Result<Sample, String> {
        let mut sample = Sample::default();
        self.read(part, index, &mut sample)?;
        Ok(sample)
    }

    /// The same in the memory that is there; on an error what is in it means nothing.
    pub fn read(&self, part: Split, index: usize, sample: &mut Sample) -> Result<(), String> {
        let set = self.set(part);
        set.source.read(set.origin(index), self.settings.steps, sample)?;
        if self.labelled {
            self.class_target(sample.target.label, &mut sample.target.spikes);
        }
        if let (Split::Train, Some(drawn)) = (part, self.drawn.get(&(index as u32))) {
            sample.target.spikes.copy_from(drawn);
        }
        Ok(())
    }

    /// The target spikes of a class, evenly spread over the steps ([model §4](crate::model#4-losses), "Count").
    fn class_target(&self, label: usize, to: &mut Raster) {
        let TaskSettings { outputs, steps, target_spikes, other_spikes, .. } = self.settings;
        let of_output = move |output: usize| {
            let number = if output == label { target_spikes } else { other_spikes };
            let step = move |k: usize| k * steps / (number + 1);
            // more spikes than steps: some of them are one
            let distinct = (1..=number).filter(move |&k| k == 1 || step(k) != step(k - 1));
            distinct.map(move |k| (step(k), output as u32))
        };
        to.refill(outputs, steps, (0..outputs).flat_map(of_output));
    }

    /// Adds or removes a target spike of a training sample; false where there is no such place, or samples have a class.
    pub fn edit(&mut self, edit: TargetEdit) -> bool {
        let TaskSettings { outputs, steps, .. } = self.settings;
        if self.labelled || !edit.fits(self.train.len(), outputs, steps) {
            return false;
        }
        let Ok(sample) = self.sample(Split::Train, edit.sample as usize) else { return false };
        self.drawn.insert(edit.sample, edit.apply(&sample.target.spikes));
        true
    }

    /// The same without what was drawn.
    pub fn undrawn(&self) -> Self {
        Self { drawn: BTreeMap::new(), ..self.clone() }
    }

    /// Puts the sizes that the data have into settings of this task.
    pub fn fit(&self, settings: &mut TaskSettings) {
        (settings.inputs, settings.outputs, settings.steps) =
            (self.settings.inputs, self.settings.outputs, self.settings.steps);
    }

    /// Whether these settings and this seed would open the same task again.
    pub fn is_of(&self, settings: &TaskSettings, seed: u64) -> bool {
        let mut wanted = settings.clone();
        if !wanted.kind.free_inputs() {
            wanted.inputs = self.settings.inputs;
            wanted.outputs = self.settings.outputs;
        }
        // what a step stands for matters only where times of files are not in steps
        if wanted.kind != super::TaskKind::Own || wanted.own_times_in_steps() {
            wanted.dt_ms = self.settings.dt_ms;
        }
        wanted == self.settings && seed == self.seed
    }

    /// The order in which an epoch takes the training samples, drawn from the seed.
    pub fn epoch_order(&self, epoch: u64, order: &mut Vec<u32>) {
        order.clear();
        order.extend(0..self.train.len() as u32);
        Stream::nth(self.seed, Purpose::Shuffle, epoch).shuffle(order);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{TaskKind, open};
    use super::*;
    use crate::task::progress::Progress;

    fn task(kind: TaskKind, change: impl Fn(&mut TaskSettings)) -> Task {
        let mut settings = TaskSettings::default();
        settings.set_kind(kind);
        settings.steps = 60;
        change(&mut settings);
        open(&settings, 3, &Progress::default()).unwrap()
    }

    #[test]
    fn a_sixth_is_for_validation_and_no_sample_is_in_both() {
        let digits = task(TaskKind::Digits, |s| (s.train_samples, s.test_samples) = (60, 7));
        assert_eq!(Split::ALL.map(|p| digits.len(p)), [50, 10, 7]);
        let of = |part| (0..digits.len(part)).map(|i| digits.set(part).origin(i)).collect::<Vec<_>>();
        let mut all = [of(Split::Train), of(Split::Validation)].concat();
        assert!(of(Split::Train).is_sorted() && of(Split::Validation).is_sorted());
        all.sort_unstable();
        assert_eq!(all, (0..60).collect::<Vec<_>>());
        let own = task(TaskKind::Digits, |s| {
            (s.train_samples, s.validation_auto, s.validation_samples) = (60, false, 25);
        });
        assert_eq!((own.len(Split::Train), own.len(Split::Validation)), (35, 25));
    }

    #[test]
    fn every_epoch_has_every_sample_once_in_another_order() {
        let task = task(TaskKind::Digits, |s| s.train_samples = 60);
        let order = |epoch| {
            let mut order = Vec::new();
            task.epoch_order(epoch, &mut order);
            order
        };
        assert_ne!(order(0), order(1));
        assert_eq!(order(1), order(1));
        let mut sorted = order(5);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn classes_become_counts_of_spikes() {
        let task = task(TaskKind::YinYang, |s| {
            (s.train_samples, s.target_spikes, s.other_spikes) = (12, 3, 1);
        });
        let sample = task.sample(Split::Train, 0).unwrap();
        let counts: Vec<usize> = (0..3).map(|o| sample.target.spikes.trains().of(o).len()).collect();
        for (output, count) in counts.into_iter().enumerate() {
            assert_eq!(count, if output == sample.target.label { 3 } else { 1 });
        }
        assert!(sample.target.spikes.contains(15, sample.target.label as u32));
    }

    #[test]
    fn drawn_targets_stay_and_can_be_taken_back() {
        let mut task = task(TaskKind::Trains, |s| s.target_spikes = 0);
        let edit = TargetEdit { add: true, sample: 0, output: 4, step: 59 };
        assert!(task.edit(edit));
        assert_eq!(task.sample(Split::Train, 0).unwrap().target.spikes.iter().collect::<Vec<_>>(), [(59, 4)]);
        assert!(task.undrawn().sample(Split::Train, 0).unwrap().target.spikes.is_empty());
        assert!(task.edit(edit.inverse()));
        assert!(task.sample(Split::Train, 0).unwrap().target.spikes.is_empty());
        assert!(!task.edit(TargetEdit { output: 5, ..edit }));
    }

    #[test]
    fn settings_that_would_open_the_same_are_known() {
        let task = task(TaskKind::Digits, |s| s.train_samples = 12);
        let mut same = task.settings.clone();
        same.dt_ms = 3.0;
        assert!(task.is_of(&same, 3) && !task.is_of(&same, 4));
        same.latest += 1;
        assert!(!task.is_of(&same, 3));
    }
}
