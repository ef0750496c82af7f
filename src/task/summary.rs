//! What a data set holds, so that one sees at a glance whether it was read as it was meant, and what looks wrong.

use std::fmt;

use crate::spike::Sample;
use crate::text::{count, percent, whole};

use super::{Split, Task};

/// A data set as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSummary {
    /// Shape of the input in one step.
    pub inputs: Vec<usize>,
    pub outputs: usize,
    pub steps: usize,
    /// Whether samples have classes.
    pub labelled: bool,
    /// Those with samples.
    pub splits: Vec<SplitSummary>,
}

/// The samples of a split.
#[derive(Clone, Debug, PartialEq)]
pub struct SplitSummary {
    pub split: Split,
    pub samples: usize,
    /// Samples whose spikes were counted: the first ones.
    pub counted: usize,
    /// Samples of each class, over the whole split.
    pub classes: Vec<usize>,
    /// Least, median and greatest number of input spikes of a sample.
    pub spikes: [usize; 3],
    /// Samples without an input spike.
    pub empty: usize,
    /// Share of the input spikes in the first step.
    pub in_first_step: f64,
    /// The step of the latest input spike; none where there is no spike.
    pub latest: Option<usize>,
}

impl DataSummary {
    /// Counts the spikes of at most `most` samples of each split. A sentence where a sample cannot be read.
    pub fn of(task: &Task, most: usize) -> Result<Self, String> {
        let with_samples = Split::ALL.into_iter().filter(|split| task.len(*split) > 0);
        Ok(Self {
            inputs: task.settings.inputs.dims().to_vec(),
            outputs: task.settings.outputs,
            steps: task.settings.steps,
            labelled: task.labelled,
            splits: with_samples.map(|split| SplitSummary::of(task, split, most)).collect::<Result<_, _>>()?,
        })
    }

    /// What looks as if the data were not meant so, each in a sentence.
    pub fn warnings(&self) -> Vec<String> {
        self.splits.iter().flat_map(|split| split.warnings(self)).collect()
    }
}

impl SplitSummary {
    fn of(task: &Task, split: Split, most: usize) -> Result<Self, String> {
        let (samples, counted) = (task.len(split), task.len(split).min(most));
        let mut classes = vec![0; if task.labelled { task.settings.outputs } else { 0 }];
        if task.labelled {
            for index in 0..samples {
                // a label beyond the outputs is refused when the task is opened
                if let Some(class) = classes.get_mut(task.set(split).label(index)) {
                    *class += 1;
                }
            }
        }
        let mut sample = Sample::default();
        let (mut numbers, mut first, mut latest) = (Vec::with_capacity(counted), 0, None);
        for index in 0..counted {
            task.read(split, index, &mut sample)?;
            numbers.push(sample.input.len());
            first += if sample.input.steps() > 0 { sample.input.at(0).len() } else { 0 };
            latest = latest.max(sample.input.iter().last().map(|(step, _)| step));
        }
        let all: usize = numbers.iter().sum();
        numbers.sort_unstable();
        let spikes = [numbers.first(), numbers.get(counted / 2), numbers.last()].map(|n| n.copied().unwrap_or(0));
        let empty = numbers.iter().filter(|n| **n == 0).count();
        let in_first_step = if all == 0 { 0.0 } else { first as f64 / all as f64 };
        Ok(Self { split, samples, counted, classes, spikes, empty, in_first_step, latest })
    }

    fn warnings(&self, of: &DataSummary) -> Vec<String> {
        let name = self.split.label();
        let mut said = Vec::new();
        if self.in_first_step > 0.9 && of.steps > 1 {
            said.push(format!(
                "{name}: {} of the input spikes are in the first step. Are the times in seconds, or in another unit than \
                 the settings say?",
                percent(self.in_first_step, 0)
            ));
        }
        if of.steps == 1 {
            said.push(format!(
                "{name}: {} of a single step. Does time come first in the array? Samples come first here.",
                count(self.samples as u64, "sample")
            ));
        }
        if self.empty > 0 {
            said.push(format!("{name}: {} without any input spike.", count(self.empty as u64, "sample")));
        }
        let unseen: Vec<String> =
            self.classes.iter().enumerate().filter(|c| *c.1 == 0).map(|c| c.0.to_string()).collect();
        if !unseen.is_empty() {
            let (word, first) = (if unseen.len() == 1 { "class" } else { "classes" }, unseen.len().min(20));
            let more = if unseen.len() > first { " …" } else { "" };
            said.push(format!("{name}: no sample of {word} {}{more}.", unseen[..first].join(", ")));
        }
        if let Some(latest) = self.latest.filter(|latest| 10 * (latest + 1) < of.steps && self.in_first_step <= 0.9) {
            said.push(format!(
                "{name}: the latest input spike is at step {latest} of {}. Are the times in a larger unit than the settings \
                 say, or does time not come where it should in the array?",
                whole(of.steps as u64)
            ));
        }
        said
    }
}

impl fmt::Display for DataSummary {
    /// Several lines, without an end of line at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape: Vec<String> = self.inputs.iter().map(usize::to_string).collect();
        let outputs = if self.labelled { "classes" } else { "outputs" };
        write!(f, "{} inputs, {} {outputs}, {} steps", shape.join(" × "), self.outputs, whole(self.steps as u64))?;
        for split in &self.splits {
            write!(f, "\n{split}")?;
        }
        for warning in self.warnings() {
            write!(f, "\nWarning: {warning}")?;
        }
        Ok(())
    }
}

impl fmt::Display for SplitSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [least, median, most] = self.spikes.map(|n| whole(n as u64));
        write!(f, "{}: {}", self.split.label(), count(self.samples as u64, "sample"))?;
        if let (Some(least), Some(most)) = (self.classes.iter().min(), self.classes.iter().max()) {
            write!(f, ", {} to {} of each class", whole(*least as u64), whole(*most as u64))?;
        }
        let of = if self.counted < self.samples {
            format!(" (of the first {})", whole(self.counted as u64))
        } else {
            String::new()
        };
        write!(f, "; input spikes{of}: {least} at least, {median} in the middle, {most} at most")?;
        match self.latest {
            Some(latest) => {
                write!(f, "; {} in the first step, the latest at step {latest}", percent(self.in_first_step, 1))
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::progress::Progress;
    use crate::task::{TaskKind, TaskSettings, open};

    fn summary(change: impl FnOnce(&mut TaskSettings)) -> DataSummary {
        let mut settings = TaskSettings::default();
        change(&mut settings);
        DataSummary::of(&open(&settings, 3, &Progress::default()).unwrap(), 50).unwrap()
    }

    #[test]
    fn samples_classes_and_spikes_are_counted() {
        let digits = summary(|task| {
            task.set_kind(TaskKind::Digits);
            (task.train_samples, task.test_samples) = (120, 30);
        });
        let numbers: Vec<usize> = digits.splits.iter().map(|split| split.samples).collect();
        assert_eq!(numbers.iter().sum::<usize>(), 150);
        assert!(digits.labelled && digits.outputs == 10);
        for split in &digits.splits {
            assert_eq!(split.classes.iter().sum::<usize>(), split.samples);
            assert_eq!(split.counted, split.samples.min(50));
            assert!(0 < split.spikes[0] && split.spikes[0] <= split.spikes[1] && split.spikes[1] <= split.spikes[2]);
            assert!(split.latest.is_some_and(|latest| latest < digits.steps));
        }
        let text = digits.to_string();
        assert!(text.contains("10 classes") && text.contains("of each class"), "{text}");
    }

    #[test]
    fn what_looks_wrong_is_said() {
        let mut wrong = summary(|_| {});
        assert_eq!(wrong.warnings(), [""; 0]);
        let split = &mut wrong.splits[0];
        (split.empty, split.classes, split.latest) = (2, vec![3, 0, 1], Some(1));
        let said = wrong.warnings().join("\n");
        assert!(said.contains("2 samples without") && said.contains("no sample of class 1."), "{said}");
        assert!(said.contains("latest input spike is at step 1"), "{said}");
        wrong.splits[0].in_first_step = 0.97;
        assert!(wrong.warnings()[0].contains("97 % of the input spikes are in the first step"));
        wrong.steps = 1;
        assert!(wrong.warnings().iter().any(|w| w.contains("of a single step")));
    }
}
