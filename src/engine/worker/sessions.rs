//! The runs of a worker all together: handed out for a session that is saved, and taken over from one that is opened.

use std::sync::Arc;

use super::Worker;
use super::runs::HIDDEN;
use crate::engine::event::Event;
use crate::engine::past::KeptRun;
use crate::record::log::End;
use crate::snn::Isa;
use crate::train::{Moment, Trainer};

impl Worker {
    /// All runs as they are now, each with the end of its log, in the order of their starts.
    pub(super) fn hand_out(&mut self) {
        self.send_reports();
        let mut runs = self.kept.clone();
        if self.start != HIDDEN {
            runs.push(self.at_work());
        }
        for run in &mut runs {
            run.log.end = Some(End::of(&run.moment));
        }
        runs.sort_by_key(|run| run.start);
        self.send(Event::Runs(Arc::new(runs)));
    }

    /// These runs take the place of all that there were, and `current` is at work, paused; where it is none of them, a run
    /// that nobody looks at is. `starts` were given so far.
    pub(super) fn take_over(&mut self, mut runs: Vec<KeptRun>, current: u32, starts: u32) {
        let next = runs.iter().position(|run| run.start == current).map(|at| runs.remove(at));
        let trainer = next.as_ref().map(|run| Trainer::resume(Moment::clone(&run.moment), Isa::best()));
        let trainer = match trainer.transpose() {
            Ok(trainer) => trainer,
            Err(problem) => return self.send(Event::Refused(problem)),
        };
        self.send_reports();
        self.play(false);
        // a frame of a run that there was is not one of the run that has its number now
        self.lines.frame.take();
        self.kept = runs;
        self.share_out();
        self.starts = starts;
        match next.zip(trainer) {
            Some((run, trainer)) => self.put_to_work(run, trainer),
            None => self.start = HIDDEN,
        }
        self.send(Event::TakenOver);
    }

    /// One more run that can be gone back to; one without a number is given the next.
    pub(super) fn adopt(&mut self, mut run: KeptRun) {
        if run.start == HIDDEN {
            self.starts += 1;
            run.start = self.starts;
        }
        let start = run.start;
        self.kept.retain(|other| other.start != start);
        self.kept.push(run);
        self.kept.sort_by_key(|run| run.start);
        self.share_out();
        self.send(Event::Adopted(start));
    }
}
