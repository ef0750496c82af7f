//! What comes of one run of a comparison.

use crate::task::Split;
use crate::train::Validation;

use super::super::kind::{TaskAnswer, read_seconds, seconds_text};
use super::super::training::Divergence;
use super::super::words::{WordReader, Words};

/// A run, as far as it was seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CompareAnswer {
    /// What was seen after each number of updates or epochs that it came to.
    pub looks: Vec<RunLook>,
    /// Points of its curves.
    pub curve: Vec<LossPoint>,
    pub diverged: Option<Divergence>,
    /// Of the run as a whole.
    pub seconds: f64,
}

/// A run after some updates or epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct RunLook {
    /// As many as were asked for.
    pub after: u64,
    /// That of the batch looked at last.
    pub loss: f64,
    /// Of the watched sample, in hidden layers and output together.
    pub spikes: u64,
    /// Of the splits that were asked for, in their order.
    pub scores: Vec<SplitScore>,
    /// Since the start of the run.
    pub seconds: f64,
}

/// All samples of a split answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SplitScore {
    pub split: Split,
    pub scores: Validation,
}

/// A point of a run's curves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossPoint {
    /// From 1.
    pub update: u64,
    /// The batch's loss before it.
    pub loss: f64,
    /// Of the watched sample after it, in hidden layers and output together.
    pub spikes: u64,
}

impl TaskAnswer for CompareAnswer {
    fn answer(&self) -> String {
        let mut words = Words::default();
        words.put(self.looks.len());
        self.looks.iter().for_each(|look| look.write(&mut words));
        LossPoint::write_all(&self.curve, &mut words);
        Divergence::write(self.diverged.as_ref(), &mut words);
        words.text()
    }

    fn seconds(&self) -> String {
        let all = std::iter::once(self.seconds).chain(self.looks.iter().map(|look| look.seconds));
        all.map(seconds_text).collect::<Vec<_>>().join(",")
    }

    fn read(answer: &str, seconds: &str) -> Option<Self> {
        let (mut words, times) = (WordReader::new(answer), read_seconds(seconds)?);
        let number: usize = words.read()?;
        if times.len() != number.checked_add(1)? {
            return None;
        }
        let looks = times[1..].iter().map(|seconds| RunLook::read(&mut words, *seconds)).collect::<Option<_>>()?;
        let (curve, diverged) = (LossPoint::read_all(&mut words)?, Divergence::read(&mut words)?);
        words.end(Self { looks, curve, diverged, seconds: times[0] })
    }
}

impl RunLook {
    fn write(&self, words: &mut Words) {
        words.put(self.after);
        words.real(self.loss);
        words.put(self.spikes);
        words.put(self.scores.len());
        for SplitScore { split, scores } in &self.scores {
            words.put(split.key());
            write_scores(scores, words);
        }
    }

    fn read(words: &mut WordReader, seconds: f64) -> Option<Self> {
        let (after, loss, spikes) = (words.read()?, words.read()?, words.read()?);
        let number: usize = words.read()?;
        let scores = (0..number).map(|_| SplitScore::read(words)).collect::<Option<_>>()?;
        Some(Self { after, loss, spikes, scores, seconds })
    }
}

impl SplitScore {
    fn read(words: &mut WordReader) -> Option<Self> {
        let key = words.word()?;
        let split = Split::ALL.into_iter().find(|split| split.key() == key)?;
        Some(Self { split, scores: read_scores(words.read()?, words)? })
    }

    /// Scores that need not be there.
    pub fn write_option(scores: Option<&Validation>, words: &mut Words) {
        match scores {
            Some(scores) => write_scores(scores, words),
            None => words.put("."),
        }
    }

    /// What [`SplitScore::write_option`] wrote.
    pub fn read_option(words: &mut WordReader) -> Option<Option<Validation>> {
        match words.word()? {
            "." => Some(None),
            samples => read_scores(samples.parse().ok()?, words).map(Some),
        }
    }
}

fn write_scores(v: &Validation, words: &mut Words) {
    words.put(v.samples);
    [v.loss, v.accuracy_first, v.accuracy_count].into_iter().for_each(|x| words.real(x));
    words.put(v.unanswered);
    [v.spikes, v.necessary, v.first_step].into_iter().for_each(|x| words.real(x));
}

fn read_scores(samples: usize, words: &mut WordReader) -> Option<Validation> {
    Some(Validation {
        samples,
        loss: words.read()?,
        accuracy_first: words.read()?,
        accuracy_count: words.read()?,
        unanswered: words.read()?,
        spikes: words.read()?,
        necessary: words.read()?,
        first_step: words.read()?,
    })
}

impl LossPoint {
    pub fn write_all(points: &[Self], words: &mut Words) {
        words.put(points.len());
        for LossPoint { update, loss, spikes } in points {
            words.put(update);
            words.real(*loss);
            words.put(spikes);
        }
    }

    pub fn read_all(words: &mut WordReader) -> Option<Vec<Self>> {
        let number: usize = words.read()?;
        let point = |_| Some(Self { update: words.read()?, loss: words.read()?, spikes: words.read()? });
        (0..number).map(point).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_reads_back_to_the_same_bits() {
        let scores = Validation {
            samples: 8,
            loss: 0.1 + 0.2,
            accuracy_first: 0.75,
            accuracy_count: 0.5,
            unanswered: 1,
            spikes: 12.5,
            necessary: 7.25,
            first_step: 3.0,
        };
        let look = |after, scores| RunLook { after, loss: 1e-3 / f64::from(7), spikes: 61, scores, seconds: 0.25 };
        let score = |split| SplitScore { split, scores };
        let run = CompareAnswer {
            looks: vec![look(10, vec![]), look(300, vec![score(Split::Validation), score(Split::Test)])],
            curve: vec![LossPoint { update: 5, loss: 0.0, spikes: 9 }],
            diverged: Some(Divergence { update: 301, what: "Update 301 was not made: it is too large".into() }),
            seconds: 0.5,
        };
        for run in [run, CompareAnswer::default()] {
            assert_eq!(CompareAnswer::read(&run.answer(), &run.seconds()), Some(run));
        }
    }

    #[test]
    fn a_record_of_a_look_is_short() {
        let look = RunLook { after: 3000, loss: 0.1 + 0.2, spikes: 61, scores: vec![], seconds: 0.1 };
        let run = CompareAnswer { looks: vec![look], seconds: 0.1, ..CompareAnswer::default() };
        assert_eq!(run.answer(), "1 3000 0.30000000000000004 61 0 0 .");
    }

    #[test]
    fn anything_else_is_no_answer() {
        for (answer, seconds) in
            [("", "0"), ("1 3000 0.1 61 0 0 .", "0.1"), ("0 0 . more", "0.1"), ("0 0 x", "0.1"), ("0 0", "0.1")]
        {
            assert_eq!(CompareAnswer::read(answer, seconds), None, "{answer}");
        }
    }
}
