//! The nearest update at which something happened to the spikes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::job::{Job, Question, QuestionKind, Step};
use crate::engine::past::PastOfRun;
use crate::record::history::Replay;
use crate::snn::Isa;
use crate::spike::Raster;
use crate::train::{Halt, Trainer};

/// Asks for the next update after `from`, or the last one before it, that changed spikes of the watched sample.
#[derive(Clone, Debug)]
pub struct SearchQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub past: Arc<PastOfRun>,
    /// After how many updates the search begins.
    pub from: u64,
    pub forward: bool,
    /// The neuron whose spikes matter: layer (0 is the first hidden one), unit. Those of the outputs where there is none.
    pub neuron: Option<(usize, usize)>,
    /// Where there is one, what matters is whether that neuron spikes at this step.
    pub step: Option<u32>,
}

/// How far a search has come, or what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchPart {
    /// There is nothing between here and where it began.
    Passed(u64),
    /// The number of updates after which the spikes differ from those one update before.
    Found(u64),
    Nothing,
}

impl Question for SearchQuestion {
    const KIND: QuestionKind = QuestionKind::Search;

    type Job = SearchJob;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> SearchJob {
        let until = if self.forward { self.past.run.newest() } else { self.from.saturating_sub(1) };
        SearchJob { question: self, replay: None, until, found: None, told: Instant::now() }
    }
}

/// Replays the run forward from the moment, or backward, one stretch between key moments after the other.
pub struct SearchJob {
    question: SearchQuestion,
    /// With the spikes before its next update.
    replay: Option<(Box<Replay>, Vec<Raster>)>,
    /// The end of the stretch that is being replayed.
    until: u64,
    /// The last update of it that was found.
    found: Option<u64>,
    /// When its progress was last reported.
    told: Instant,
}

/// A piece of work.
const PIECE: Duration = Duration::from_millis(5);
/// Time between two reports of progress.
const REPORT: Duration = Duration::from_millis(50);

impl SearchJob {
    /// The beginning of the stretch that ends at `until`.
    fn begin(&mut self) -> Result<(), Halt> {
        let from = if self.question.forward { self.question.from } else { self.until.saturating_sub(1) };
        let past = self.question.past.run.until(self.until, from);
        let replay = Box::new(past.replay(Isa::best())?);
        let before = replay.trainer().spikes().cloned().collect();
        self.replay = Some((replay, before));
        Ok(())
    }

    /// Whether the spikes that matter are others than they were `before`.
    fn changed(&self, trainer: &Trainer, before: &[Raster]) -> bool {
        let (layer, unit) = self.question.neuron.unzip();
        let outputs = before.len().saturating_sub(1);
        let (Some(before), Some(now)) =
            (before.get(layer.unwrap_or(outputs)), trainer.spikes().nth(layer.unwrap_or(outputs)))
        else {
            return false;
        };
        let wanted = |step: usize| self.question.step.is_none_or(|wanted| wanted as usize == step);
        let train = |raster: &Raster, unit: usize| -> Vec<usize> {
            let own = raster.iter().filter(|(step, u)| *u as usize == unit && wanted(*step));
            own.map(|(step, _)| step).collect()
        };
        unit.map_or(before != now, |unit| train(before, unit) != train(now, unit))
    }

    /// Replays for a while; whether the stretch is at its end, or what is looked for is found.
    fn search(&mut self) -> Result<bool, Halt> {
        let until = Instant::now() + PIECE;
        let Some((mut replay, mut before)) = self.replay.take() else { return Ok(false) };
        let over = loop {
            replay.catch_up();
            // another sample may be watched from here on, or other targets: that is nothing that an update did
            before.iter_mut().zip(replay.trainer().spikes()).for_each(|(kept, now)| kept.copy_from(now));
            if replay.step()?.is_some() {
                break true;
            }
            let update = replay.trainer().update();
            let wanted = !self.question.forward || update > self.question.from;
            if wanted && self.changed(replay.trainer(), &before) {
                self.found = Some(update);
                if self.question.forward {
                    break true;
                }
            }
            if Instant::now() >= until {
                break false;
            }
        };
        self.replay = Some((replay, before));
        Ok(over)
    }

    fn advanced(&mut self) -> Result<Step<SearchPart>, Halt> {
        let oldest = self.question.past.run.oldest();
        if self.until <= oldest {
            return Ok(Step::Last(Some(SearchPart::Nothing)));
        }
        if self.replay.is_none() {
            self.begin()?;
            return Ok(Step::More(None));
        }
        if self.search()? {
            return Ok(match self.found {
                Some(update) => Step::Last(Some(SearchPart::Found(update))),
                None if self.question.forward => Step::Last(Some(SearchPart::Nothing)),
                None => {
                    let begun = self.question.past.run.until(self.until, self.until.saturating_sub(1));
                    self.until -= begun.cost();
                    self.replay = None;
                    Step::More(None)
                }
            });
        }
        let part = (self.told.elapsed() >= REPORT).then(|| {
            let replayed = self.replay.as_ref().map_or(self.until, |(replay, _)| replay.trainer().update());
            SearchPart::Passed(if self.question.forward { replayed } else { self.until })
        });
        if part.is_some() {
            self.told = Instant::now();
        }
        Ok(Step::More(part))
    }
}

impl Job for SearchJob {
    type Part = SearchPart;

    fn advance(&mut self) -> Step<SearchPart> {
        self.advanced().unwrap_or_else(|halt| Step::Failed(format!("{halt}.")))
    }
}
