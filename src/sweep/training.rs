//! A training run inside a task: it can be left after every update, with its exact state, and gone on with.

use crate::record::{Checkpoint, Log};
use crate::snn::Isa;
use crate::train::{Halt, Moment, Settings, Trainer};

use super::kind::{KeptTask, Recorder, TaskAnswer, TaskClock};
use super::open_tasks::OpenTasks;
use super::words::{WordReader, Words};

/// A run under way.
pub struct TrainingTask<'a, A> {
    pub trainer: Trainer,
    pub clock: TaskClock,
    /// Whether updates are units of progress.
    pub counted: bool,
    task: u32,
    to: &'a dyn Recorder<A>,
}

/// How a stretch of training ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StretchEnd {
    /// At the update that was asked for.
    Arrived,
    /// Before it: the work is to be left.
    Left,
    /// Before it: a number became infinite, after so many updates and with this sentence.
    Diverged(Divergence),
}

/// A run that met a number that is not finite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The update that was not made.
    pub update: u64,
    /// What happened, a sentence without its full stop.
    pub what: String,
}

impl Divergence {
    /// The last words of an answer: a point where a run did not diverge.
    pub fn write(divergence: Option<&Self>, words: &mut Words) {
        match divergence {
            Some(Self { update, what }) => {
                words.put(update);
                words.rest(what);
            }
            None => words.put("."),
        }
    }

    /// What [`Divergence::write`] wrote.
    pub fn read(words: &mut WordReader) -> Option<Option<Self>> {
        match words.word()? {
            "." => Some(None),
            update => Some(Some(Self { update: update.parse().ok()?, what: words.rest().to_owned() })),
        }
    }
}

impl<'a, A: TaskAnswer> TrainingTask<'a, A> {
    /// The run of `settings`, where it was left or at its start, with what is known of it so far.
    ///
    /// # Errors
    /// A sentence, where the data or the kept state cannot be used.
    pub fn begin(
        task: u32,
        settings: Settings,
        tasks: &OpenTasks,
        to: &'a dyn Recorder<A>,
        fresh: impl FnOnce() -> A,
    ) -> Result<(Self, A), String> {
        let (trainer, so_far, seconds) = match to.kept(task)? {
            Some(KeptTask { so_far, checkpoint, seconds }) => {
                (checkpoint.resume(tasks.open(&settings)?, Isa::best())?, so_far, seconds)
            }
            None => (tasks.trainer(settings)?, fresh(), 0.0),
        };
        let clock = TaskClock::start(seconds);
        Ok((Self { trainer, clock, counted: true, task, to }, so_far))
    }

    /// Trains until `update` updates are made; `each` is called after every one.
    pub fn train(
        &mut self,
        update: u64,
        so_far: &mut A,
        mut each: impl FnMut(&Trainer, &mut A),
    ) -> Result<StretchEnd, String> {
        while self.trainer.update() < update {
            if self.to.leave() {
                return Ok(StretchEnd::Left);
            }
            if let Some(end) = self.step()? {
                return Ok(end);
            }
            each(&self.trainer, so_far);
            self.tick(update, so_far, None)?;
        }
        Ok(StretchEnd::Arrived)
    }

    /// One update; why there is none.
    ///
    /// # Errors
    /// A sentence, where samples cannot be read.
    fn step(&mut self) -> Result<Option<StretchEnd>, String> {
        match self.trainer.step() {
            Ok(()) => {
                self.to.advance(u64::from(self.counted));
                Ok(None)
            }
            Err(halt @ Halt::Diverged(_)) => {
                let divergence = Divergence { update: halt.update(), what: halt.to_string() };
                Ok(Some(StretchEnd::Diverged(divergence)))
            }
            Err(halt @ Halt::Unread { .. }) => Err(format!("{halt}.")),
        }
    }

    /// After an update or a like piece of work: a sign of life, and the state, when they are due; `back` is where the run has to
    /// go on from, if not from where it is.
    pub fn tick(&mut self, of: u64, so_far: &A, back: Option<&Moment>) -> Result<(), String> {
        if self.clock.tell_due() {
            self.to.under_way(self.task, self.trainer.update(), of)?;
        }
        if self.clock.keep_due(self.to.keep_every()) {
            self.to.keep(self.task, self.state(so_far, back))?;
        }
        Ok(())
    }

    /// Leaves the task, to go on from `back`, or from where the run is.
    pub fn leave(&self, so_far: A, back: Option<&Moment>) -> Result<(), String> {
        let state = self.state(&so_far, back);
        self.to.left(self.task, so_far, Some(state))
    }

    fn state(&self, so_far: &A, back: Option<&Moment>) -> KeptTask<A> {
        let now = back.is_none().then(|| self.trainer.moment());
        let moment = back.or(now.as_ref()).expect("one of the two is there");
        let checkpoint = Checkpoint::of(moment, Log::new(moment.settings.clone()));
        KeptTask { so_far: so_far.clone(), checkpoint, seconds: self.clock.seconds() }
    }

    pub fn done(&self, answer: A) -> Result<(), String> {
        self.to.done(self.task, answer)
    }

    /// Whether the work is to be left.
    pub fn is_to_leave(&self) -> bool {
        self.to.leave()
    }
}
