//! A run made again from its log, with all that its worker would have shown of it at every update.

use std::collections::VecDeque;
use std::sync::Arc;

use super::frame::{Frame, Recent};
use super::frame_pool::{FrameFacts, FramePool};
use super::past::Firsts;
use crate::file::Progress;
use crate::record::history::BUDGET;
use crate::record::log::{Entry, Log};
use crate::record::{Curves, History};
use crate::snn::{Isa, Params};
use crate::task::Split;
use crate::train::trainer::ValidationRun;
use crate::train::{Halt, Trainer};

/// A run that is being made again. Its frames are those that a window showed at the same updates.
pub struct RunReplay {
    trainer: Trainer,
    /// What is still to be done to it.
    todo: VecDeque<Entry>,
    history: History,
    path: Arc<Vec<(u64, Arc<Params>)>>,
    recent: Recent,
    firsts: Firsts,
    frames: FramePool,
    look_back: u64,
    /// Whether epochs are validated, which changes nothing that is learnt.
    validates: bool,
    curves: Curves,
}

impl RunReplay {
    /// Opens the task of the log; no update is made yet. `look_back` is that of
    /// [`Command::LookBack`](super::Command::LookBack).
    ///
    /// # Errors
    /// When the task cannot be opened, or the log began with weights of a file, which it does not hold.
    pub fn new(log: &Log, look_back: u64, validates: bool, progress: &Progress) -> Result<Self, String> {
        if log.weights.is_some() {
            return Err(
                "The run began with weights of a file, which its log does not hold: it cannot be made again.".into()
            );
        }
        let trainer = Trainer::open(log.start.clone(), Isa::best(), progress)?;
        Ok(Self::from(trainer, log, look_back, validates))
    }

    /// The run goes on from where `trainer` is; what was before is not known.
    pub fn from(trainer: Trainer, log: &Log, look_back: u64, validates: bool) -> Self {
        let history = History::new(trainer.moment(), BUDGET / 2);
        let todo = log.entries.iter().filter(|entry| entry.update >= trainer.update()).cloned().collect();
        let mut replay = Self {
            path: Arc::new(history.path()),
            history,
            todo,
            recent: Recent::default(),
            firsts: Firsts::default(),
            frames: FramePool::default(),
            look_back,
            validates,
            curves: Curves::default(),
            trainer,
        };
        replay.look_from_here();
        replay.catch_up();
        replay
    }

    pub fn update(&self) -> u64 {
        self.trainer.update()
    }

    /// The run over its updates so far.
    pub fn curves(&self) -> &Curves {
        &self.curves
    }

    /// Another update, and what was done to the run after it.
    ///
    /// # Errors
    /// When the run cannot go on.
    pub fn step(&mut self) -> Result<(), Halt> {
        self.trainer.step()?;
        let (step, layers) = self.trainer.report();
        self.curves.push(step, layers);
        self.recent.push(&self.trainer);
        if self.history.wants(self.trainer.update()) {
            self.history.push(self.trainer.moment());
            self.path = Arc::new(self.history.path());
        }
        if self.trainer.epoch_due() {
            self.end_epoch()?;
        }
        self.catch_up();
        Ok(())
    }

    fn end_epoch(&mut self) -> Result<(), Halt> {
        let mut evaluation = None;
        if self.validates && self.trainer.task().len(Split::Validation) > 0 {
            let mut run = ValidationRun::default();
            while evaluation.is_none() {
                let update = self.trainer.update() + 1;
                evaluation = run.step(&self.trainer).map_err(|problem| Halt::Unread { update, problem })?;
            }
        }
        let report = self.trainer.end_epoch(evaluation.as_ref());
        self.curves.push_epoch(&report);
        Ok(())
    }

    /// Does what was done to the run at the update at which it is.
    fn catch_up(&mut self) {
        while self.todo.front().is_some_and(|entry| entry.update <= self.trainer.update()) {
            let Some(entry) = self.todo.pop_front() else { return };
            let watched = |trainer: &Trainer| (trainer.settings().run.probe, trainer.settings().run.probe_part);
            let before = watched(&self.trainer);
            entry.apply(&mut self.trainer);
            if watched(&self.trainer) != before {
                self.look_from_here();
            }
        }
    }

    /// The effects of the last updates count from here on.
    fn look_from_here(&mut self) {
        self.recent.clear();
        self.recent.push(&self.trainer);
        self.firsts.push(self.trainer.update(), self.trainer.spikes().cloned().collect());
    }

    /// The moment at which it is.
    pub fn frame(&mut self) -> Arc<Frame> {
        self.frames.frame(&FrameFacts {
            start: 1,
            trainer: &self.trainer,
            recent: &self.recent,
            look_back: self.look_back,
            first: self.firsts.at(self.trainer.update()),
            path: &self.path,
            history_bytes: self.history.bytes(),
            seconds: 0.0,
        })
    }
}
