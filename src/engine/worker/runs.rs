//! The runs of a worker: how each begins, and those that were left and can be gone back to.

use std::sync::Arc;
use std::time::Instant;

use super::Worker;
use crate::engine::event::Event;
use crate::engine::past::{Firsts, KeptRun, PastOfRun};
use crate::engine::recalling::RecalledUpdates;
use crate::record::{Checkpoint, History, Log};
use crate::snn::{Isa, Params};
use crate::task::Task;
use crate::train::trainer::ValidationRun;
use crate::train::{Moment, Settings, Trainer};

/// The number of a run that nobody looks at: there is always one at work.
pub(super) const HIDDEN: u32 = 0;
/// Runs that were left and are kept, at most.
const MOST_KEPT: usize = 11;

impl Worker {
    /// Whether the new run has begun; if not, the old one goes on.
    pub(super) fn restart(&mut self, settings: Settings, task: &Task) -> bool {
        let same = self.trainer.task().is_of(&settings.task, settings.run.seed);
        let drawn = if same { std::mem::take(&mut self.drawn) } else { Vec::new() };
        match Trainer::with_task(settings, Arc::new(task.undrawn()), Isa::best()) {
            Ok(trainer) => {
                self.send_reports();
                self.keep();
                self.trainer = trainer;
                let log = Log::new(self.trainer.settings().clone());
                self.begin(log, None);
                self.draw(&drawn);
                true
            }
            Err(problem) => {
                self.drawn = drawn;
                self.send(Event::Refused(problem));
                false
            }
        }
    }

    /// A new run from weights of a file: the log says which, so that a replay knows that it needs them.
    pub(super) fn restart_with(&mut self, params: Params) {
        let (settings, task) = (self.trainer.settings().clone(), Arc::clone(self.trainer.task()));
        if params.0.len() != self.trainer.net().len() {
            self.send(Event::Refused("The weights are not those of this network.".into()));
            return;
        }
        if self.restart(settings, &task) {
            self.log.weights = Some(params.digest());
            self.trainer.begin_with(params);
            self.begin_history();
        }
    }

    pub(super) fn resume(&mut self, checkpoint: Checkpoint, task: Arc<Task>) {
        let log = Log { end: None, ..checkpoint.log.clone() };
        match checkpoint.resume(task, Isa::best()) {
            Ok(trainer) => {
                self.send_reports();
                self.keep();
                self.trainer = trainer;
                self.drawn = log.targets().collect();
                self.begin(log, None);
            }
            Err(problem) => self.send(Event::Refused(problem)),
        }
    }

    /// The trainer is that of a new run; where it is a moment of run `parent`, the past of that one is its own, too.
    pub(super) fn begin(&mut self, log: Log, parent: Option<u32>) {
        self.starts += 1;
        self.start = self.starts;
        self.log = log;
        if parent.is_none() {
            self.begin_history();
        }
        self.go_on();
        self.send(Event::Started {
            start: self.start,
            settings: Arc::new(self.trainer.settings().clone()),
            update: self.trainer.update(),
            epochs: Arc::clone(self.trainer.epochs()),
            parent,
        });
        self.stale = true;
    }

    /// The trainer is another one than before: nothing that was under way belongs to it.
    fn go_on(&mut self) {
        self.frames.clear();
        self.validating = ValidationRun::default();
        self.transport.begin(Instant::now());
        self.recent.clear();
        self.recent.push(&self.trainer);
        self.recalled = None;
    }

    fn begin_history(&mut self) {
        self.history = History::new(self.trainer.moment(), self.budget / 2);
        self.path = Arc::new(self.history.path());
        self.firsts = Firsts::default();
        self.look_from_here();
        self.stale = true;
    }

    /// The past of the run until now.
    pub(super) fn past(&self) -> PastOfRun {
        PastOfRun {
            start: self.start,
            run: self.history.run_past(self.trainer.update(), &self.log),
            firsts: self.firsts.clone(),
            path: Arc::clone(&self.path),
            history_bytes: self.history_bytes(),
        }
    }

    /// Keeps the run as it is, so that it can be gone back to; one without an update is not worth it. Half of the memory
    /// for history belongs to the run at work, the rest to those that were left, each as much.
    pub(super) fn keep(&mut self) {
        if self.trainer.update() == 0 || self.start == HIDDEN {
            return;
        }
        self.kept.push(self.at_work());
        if self.kept.len() > MOST_KEPT {
            let given_up = self.kept.remove(0);
            self.send(Event::GivenUp(given_up.start));
        }
        self.share_out();
    }

    /// The run as it is now.
    pub(super) fn at_work(&self) -> KeptRun {
        KeptRun {
            start: self.start,
            moment: Arc::new(self.trainer.moment()),
            log: self.log.clone(),
            history: self.history.clone(),
            firsts: self.firsts.clone(),
            seen: true,
        }
    }

    /// From here on the pasts of all runs take about `bytes` together.
    pub(super) fn limit_history(&mut self, bytes: usize) {
        self.budget = bytes;
        self.history.limit(bytes / 2);
        self.path = Arc::new(self.history.path());
        self.share_out();
        self.stale = true;
    }

    /// Bytes that the pasts of all runs take.
    pub(super) fn history_bytes(&self) -> usize {
        self.kept.iter().map(|run| run.history.bytes()).sum::<usize>() + self.history.bytes()
    }

    pub(super) fn share_out(&mut self) {
        let share = self.budget / 2 / self.kept.len().max(1);
        self.kept.iter_mut().for_each(|run| run.history.limit(share));
    }

    /// Sends a copy of a run, so that another worker can go on with it.
    pub(super) fn hand(&mut self, start: u32) {
        self.send_reports();
        let kept = self.kept.iter().find(|run| run.start == start).cloned();
        match kept.or_else(|| (start == self.start).then(|| self.at_work())) {
            Some(run) => self.send(Event::Handed(Box::new(run))),
            None => self.send(Event::Refused("This run is not kept any more.".into())),
        }
    }

    /// Goes on with a run of another worker, as a new one of this worker's.
    pub(super) fn go_on_with(&mut self, run: KeptRun) {
        match Trainer::resume(Moment::clone(&run.moment), Isa::best()) {
            Ok(trainer) => {
                self.send_reports();
                self.play(false);
                self.keep();
                self.trainer = trainer;
                self.begin(run.log.clone(), None);
                self.take_past(run);
                self.begin_recalling();
            }
            Err(problem) => self.send(Event::Refused(problem)),
        }
    }

    /// A new run from a moment of this one's past, as the answer to a question gives it.
    pub(super) fn fork(&mut self, mut moment: Moment) {
        let update = moment.update;
        if update > self.trainer.update() || moment.params.0.len() != self.trainer.net().len() {
            self.send(Event::Refused("This moment is not one of the run at work: go to it again.".into()));
            return;
        }
        // a replay validates nothing: what was measured then belongs to this moment, too
        let epochs = self.trainer.epochs().iter().filter(|epoch| epoch.update <= update);
        moment.epochs = Arc::new(epochs.copied().collect());
        moment.best = self.history.before(update).best.clone();
        match Trainer::resume(moment, Isa::best()) {
            Ok(trainer) => {
                self.send_reports();
                self.play(false);
                self.keep();
                let parent = self.start;
                self.trainer = trainer;
                let mut log = self.log.clone();
                log.entries.retain(|entry| entry.update <= update);
                self.drawn = log.targets().collect();
                self.history.truncate(update);
                self.path = Arc::new(self.history.path());
                self.firsts.truncate(update);
                self.begin(log, Some(parent));
                self.begin_recalling();
            }
            Err(problem) => self.send(Event::Refused(problem)),
        }
    }

    /// Goes on with a run that was left.
    pub(super) fn switch(&mut self, start: u32) {
        if start == HIDDEN {
            self.send_reports();
            self.play(false);
            self.keep();
            self.start = HIDDEN;
            return self.send(Event::Switched(HIDDEN));
        }
        let Some(at) = self.kept.iter().position(|run| run.start == start) else {
            self.send(Event::Refused("This run is not kept any more.".into()));
            return;
        };
        match Trainer::resume(Moment::clone(&self.kept[at].moment), Isa::best()) {
            Ok(trainer) => {
                self.send_reports();
                self.play(false);
                let run = self.kept.remove(at);
                self.keep();
                self.put_to_work(run, trainer);
                self.send(Event::Switched(start));
            }
            Err(problem) => self.send(Event::Refused(problem)),
        }
    }

    pub(super) fn put_to_work(&mut self, run: KeptRun, trainer: Trainer) {
        let seen = run.seen;
        self.trainer = trainer;
        self.start = run.start;
        self.take_past(run);
        self.go_on();
        // there is the frame with which it was left
        self.stale = !seen;
        self.begin_recalling();
    }

    /// Has the last updates of the run at work made again while there is nothing else to do.
    pub(super) fn begin_recalling(&mut self) {
        self.recalled = RecalledUpdates::begin(&self.past(), self.look_back);
    }

    /// Makes one of them again. Where that does not lead to the run as it is, it is seen as if it had begun now.
    pub(super) fn recall(&mut self) {
        let Some(mut recalled) = self.recalled.take() else { return };
        match recalled.step() {
            Ok(false) => self.recalled = Some(recalled),
            Ok(true) if recalled.trainer().params().0 == self.trainer.params().0 => {
                self.trainer.recall_spikes_before(recalled.trainer());
                self.recent = recalled.recent();
                self.stale = true;
            }
            Ok(true) | Err(_) => {}
        }
    }

    /// The run at work has this past.
    pub(super) fn take_past(&mut self, run: KeptRun) {
        self.drawn = run.log.targets().collect();
        (self.log, self.history, self.firsts) = (run.log, run.history, run.firsts);
        self.log.end = None;
        self.history.limit(self.budget / 2);
        self.path = Arc::new(self.history.path());
    }
}
