//! The past of a run, exact by replay: key moments, and the log of what was done in between.

use std::sync::Arc;

use crate::snn::{Isa, Params};
use crate::train::{Halt, Moment, Trainer};

use super::log::{Entry, Log};

/// Key moments of a run, chosen by update number and thinned within a budget of memory.
///
/// An update in between is computed again, bit for bit, from the key moment before it and the log.
#[derive(Clone, Debug)]
pub struct History {
    moments: Vec<Arc<Moment>>,
    /// Updates between two key moments; doubled whenever the budget is used up.
    spacing: u64,
    most: usize,
}

/// Bytes that the history of a run may take.
pub const BUDGET: usize = 256 << 20;

/// Key moments that are worth having, whatever the budget.
const MOST_MOMENTS: usize = 512;

impl History {
    /// For a run that starts with `first`, within about `budget` bytes (but always two moments).
    pub fn new(first: Moment, budget: usize) -> Self {
        let most = most(first.params.0.len(), budget);
        Self { moments: vec![Arc::new(first)], spacing: 1, most }
    }

    /// Of a run whose key moments are known, the oldest first, within about `budget` bytes; `None` where there is none.
    pub fn restored(moments: Vec<Arc<Moment>>, budget: usize) -> Option<Self> {
        let most = most(moments.first()?.params.0.len(), budget);
        // as far apart as the last two were
        let spacing = match &moments[..] {
            [.., before, last] => (last.update - before.update).next_power_of_two(),
            _ => 1,
        };
        let mut history = Self { moments, spacing, most };
        history.thin();
        Some(history)
    }

    /// Key moments, the oldest first: at most `most`, and as many as about `budget` bytes hold (but always two).
    pub fn moments_within(&self, budget: usize, most: usize) -> Vec<Arc<Moment>> {
        let mut smaller = self.clone();
        smaller.limit(budget);
        smaller.most = smaller.most.min(most);
        smaller.thin();
        smaller.moments
    }

    /// Whether the run at `update` is a key moment to be kept.
    pub fn wants(&self, update: u64) -> bool {
        update.is_multiple_of(self.spacing) && self.moments.last().is_none_or(|m| m.update < update)
    }

    /// Keeps a moment after the last.
    pub fn push(&mut self, moment: Moment) {
        self.moments.push(Arc::new(moment));
        self.thin();
    }

    /// Gives up every other moment until the rest fits; the first is always kept, so that everything can be replayed.
    fn thin(&mut self) {
        while self.moments.len() > self.most {
            self.spacing *= 2;
            let (spacing, first) = (self.spacing, self.moments[0].update);
            self.moments.retain(|m| m.update == first || m.update.is_multiple_of(spacing));
        }
    }

    /// From here on within about `budget` bytes (but always two moments).
    pub fn limit(&mut self, budget: usize) {
        self.most = most(self.moments[0].params.0.len(), budget);
        self.thin();
    }

    /// Forgets what came after `update` updates.
    pub fn truncate(&mut self, update: u64) {
        let first = self.moments[0].update;
        self.moments.retain(|m| m.update == first || m.update <= update);
    }

    /// The newest key moment at or before `update`.
    pub fn before(&self, update: u64) -> &Arc<Moment> {
        &self.moments[self.moments.partition_point(|m| m.update <= update).saturating_sub(1)]
    }

    /// Everything from which any moment of the run until now, after `newest` updates, is computed again.
    pub fn run_past(&self, newest: u64, log: &Log) -> RunPast {
        RunPast { moments: self.moments.clone(), entries: log.entries.clone(), newest }
    }

    /// The run's path: parameters at the key moments.
    pub fn path(&self) -> Vec<(u64, Arc<Params>)> {
        self.moments.iter().map(|m| (m.update, Arc::clone(&m.params))).collect()
    }

    /// Bytes of memory in use.
    pub fn bytes(&self) -> usize {
        self.moments.len() * self.moments.first().map_or(0, |m| moment_bytes(m.params.0.len()))
    }
}

/// The whole past of a run: its key moments, and what was done to it. Any update of it is replayed without the run.
#[derive(Clone, Debug)]
pub struct RunPast {
    moments: Vec<Arc<Moment>>,
    entries: Vec<Entry>,
    newest: u64,
}

impl RunPast {
    /// The updates that were made.
    pub fn newest(&self) -> u64 {
        self.newest
    }

    /// The update from which it can be replayed.
    pub fn oldest(&self) -> u64 {
        self.moments[0].update
    }

    /// The piece that leads to the run as it was after `update` updates, from a key moment at or before `from` on.
    pub fn until(&self, update: u64, from: u64) -> Past {
        let at = self.moments.partition_point(|m| m.update <= from.min(update)).saturating_sub(1);
        let moment = Arc::clone(&self.moments[at]);
        // what was done at the moment's own update was done after it was taken
        let since = |e: &&Entry| (moment.update..=update).contains(&e.update);
        let entries = self.entries.iter().filter(since).cloned().collect();
        Past { update, moment, entries }
    }
}

/// A piece of a run's past, from a key moment to one that is asked for.
#[derive(Clone, Debug)]
pub struct Past {
    /// After how many updates.
    pub update: u64,
    moment: Arc<Moment>,
    entries: Vec<Entry>,
}

impl PartialEq for Past {
    /// Of one run; its task is not looked at.
    fn eq(&self, other: &Self) -> bool {
        let from = |past: &Self| (past.update, past.moment.update, past.moment.params.digest());
        from(self) == from(other) && self.entries == other.entries
    }
}

/// A past that is being replayed, bit for bit.
pub struct Replay {
    trainer: Trainer,
    update: u64,
    /// The next comes last.
    todo: Vec<Entry>,
}

impl Past {
    /// Updates that are to be made again.
    pub fn cost(&self) -> u64 {
        self.update - self.moment.update
    }

    pub fn replay(&self, isa: Isa) -> Result<Replay, Halt> {
        let unread = |problem| Halt::Unread { update: self.moment.update + 1, problem };
        let trainer = Trainer::resume(Moment::clone(&self.moment), isa).map_err(unread)?;
        Ok(Replay { trainer, update: self.update, todo: self.entries.iter().rev().cloned().collect() })
    }
}

impl Replay {
    /// One more update; the run, once it is as it was.
    pub fn step(&mut self) -> Result<Option<&Trainer>, Halt> {
        self.catch_up();
        if self.trainer.update() < self.update {
            self.trainer.step()?;
            return Ok(None);
        }
        Ok(Some(&self.trainer))
    }

    /// Does what was done to the run at the update at which it is.
    pub fn catch_up(&mut self) {
        while let Some(entry) = self.todo.pop_if(|e| e.update <= self.trainer.update()) {
            entry.apply(&mut self.trainer);
        }
    }

    /// The run, as far as it is replayed.
    pub fn trainer(&self) -> &Trainer {
        &self.trainer
    }
}

/// The parameters, and as much again for each of the optimiser's two means.
fn moment_bytes(parameters: usize) -> usize {
    parameters.saturating_mul(3 * size_of::<f32>()).saturating_add(size_of::<Moment>())
}

/// Moments that a run with this many parameters keeps.
fn most(parameters: usize, budget: usize) -> usize {
    (budget / moment_bytes(parameters)).clamp(2, MOST_MOMENTS)
}

/// Bytes that the history of a long run with this many parameters comes to.
pub fn need(parameters: usize) -> usize {
    most(parameters, BUDGET).saturating_mul(moment_bytes(parameters))
}

#[cfg(test)]
mod tests {
    use super::super::log::Intervention;
    use super::*;
    use crate::train::Settings;
    use crate::train::settings::{Change, LiveChange, Value};

    fn run_with_history(updates: u64, budget: usize) -> (Trainer, History, Log, Vec<u64>) {
        let mut trainer = Trainer::new(Settings::default(), Isa::best());
        let mut history = History::new(trainer.moment(), budget);
        let mut log = Log::new(Settings::default());
        let mut digests = vec![trainer.params().digest()];
        for u in 0..updates {
            for (at, key, value) in [
                (20, "rule.rule", Value::Choice("timing")),
                (33, "optimiser.kind", Value::Choice("sgd")),
                (33, "run.q", Value::Real(0.5)),
            ] {
                if u == at {
                    let change = LiveChange::try_from(Change::to(key, value)).unwrap();
                    let entry = Entry { update: u, what: Intervention::Setting(change) };
                    entry.apply(&mut trainer);
                    log.entries.push(entry);
                }
            }
            trainer.step().unwrap();
            digests.push(trainer.params().digest());
            if history.wants(trainer.update()) {
                history.push(trainer.moment());
            }
        }
        (trainer, history, log, digests)
    }

    #[test]
    fn any_update_is_recalled_to_the_bit() {
        // room for four moments only, so that most updates are replayed
        let bytes = Trainer::new(Settings::default(), Isa::best()).params().0.len() * 12 + size_of::<Moment>();
        let (_, history, log, digests) = run_with_history(60, 4 * bytes);
        assert!(history.path().len() <= 4);
        for update in [0, 1, 19, 20, 21, 32, 33, 34, 59, 60] {
            let mut replay = history.run_past(60, &log).until(update, update).replay(Isa::best()).unwrap();
            while replay.step().unwrap().is_none() {}
            let recalled = replay.step().unwrap().unwrap();
            assert_eq!(recalled.update(), update);
            assert_eq!(recalled.params().digest(), digests[update as usize], "update {update}");
        }
    }
}
