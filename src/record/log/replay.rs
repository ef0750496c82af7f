//! A log run again: the same settings, the same interventions at the same updates, so the same bits.

use std::iter::Peekable;

use crate::file::Progress;
use crate::snn::Isa;
use crate::train::{Halt, Trainer};

use super::{Entry, Intervention, Log};

impl Log {
    /// Runs the whole log again, to its end or, without one, to its last entry. `each` gets the run after every update and
    /// ends it by answering `false`. A log that began with weights of a file cannot be replayed: it does not hold them.
    pub fn replay(&self, isa: Isa, mut each: impl FnMut(&Trainer) -> bool) -> Result<Trainer, Halt> {
        let unread = |problem| Halt::Unread { update: 1, problem };
        if let Some(digest) = self.weights {
            let problem =
                format!("The run began with weights of a file (digest {digest:016x}), which the log does not hold.");
            return Err(unread(problem));
        }
        let mut trainer = Trainer::open(self.start.clone(), isa, &Progress::default()).map_err(unread)?;
        let last = self.entries.last().map_or(0, |e| e.update);
        let end = self.end.map_or(last, |end| end.update);
        let mut todo = self.entries.iter().peekable();
        loop {
            apply_due(&mut trainer, &mut todo);
            if trainer.update() >= end {
                return Ok(trainer);
            }
            trainer.step()?;
            if !each(&trainer) {
                return Ok(trainer);
            }
        }
    }
}

/// Does what is logged up to the update at which `trainer` is.
pub fn apply_due<'a>(trainer: &mut Trainer, todo: &mut Peekable<impl Iterator<Item = &'a Entry>>) {
    while let Some(entry) = todo.next_if(|e| e.update <= trainer.update()) {
        entry.apply(trainer);
    }
}

impl Entry {
    /// Does again what the entry tells of. A change that the run cannot make any more, as to watch a sample that a file has
    /// lost, has no effect on learning and is passed over.
    pub fn apply(&self, trainer: &mut Trainer) {
        match &self.what {
            Intervention::Target(edit) => drop(trainer.edit_target(*edit)),
            Intervention::Setting(change) => {
                let mut settings = trainer.settings().clone();
                change.apply(&mut settings);
                let _ = trainer.set(settings);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::End;
    use super::*;
    use crate::train::Settings;
    use crate::train::settings::{Change, LiveChange, Value};

    fn entry(update: u64, key: &'static str, value: Value) -> Entry {
        let change = LiveChange::try_from(Change::to(key, value)).unwrap();
        Entry { update, what: Intervention::Setting(change) }
    }

    /// A run of 60 updates with what is done to it by hand, and its digest after each.
    fn run() -> (Log, Vec<u64>) {
        let entries = vec![
            entry(20, "rule.rule", Value::Choice("timing")),
            entry(33, "optimiser.kind", Value::Choice("sgd")),
            entry(33, "run.q", Value::Real(0.5)),
        ];
        let mut trainer = Trainer::new(Settings::default(), Isa::best());
        let mut digests = vec![trainer.params().digest()];
        for update in 0..60 {
            entries.iter().filter(|entry| entry.update == update).for_each(|entry| entry.apply(&mut trainer));
            trainer.step().unwrap();
            digests.push(trainer.params().digest());
        }
        let end = Some(End { update: 60, digest: digests[60] });
        (Log { entries, end, ..Log::new(Settings::default()) }, digests)
    }

    #[test]
    fn the_whole_log_replays_to_the_bit() {
        let (mut log, digests) = run();
        let mut seen = vec![digests[0]];
        let replayed = log.replay(Isa::best(), |trainer| {
            seen.push(trainer.params().digest());
            true
        });
        assert_eq!((replayed.unwrap().update(), seen), (60, digests));

        let stopped = log.replay(Isa::best(), |trainer| trainer.update() < 7).unwrap();
        assert_eq!(stopped.update(), 7);
        log.end = None;
        assert_eq!(log.replay(Isa::best(), |_| true).unwrap().update(), 33, "its last entry");
        log.weights = Some(7);
        let Err(halt) = log.replay(Isa::best(), |_| true) else { panic!("other weights, other bits") };
        assert!(halt.to_string().contains("began with weights of a file"), "{halt}");
    }
}
