//! The last updates of a run that is put to work are made again while there is nothing else to do, so that their effects are
//! seen as they were when they were made.

use super::frame::Recent;
use super::past::PastOfRun;
use crate::record::history::Replay;
use crate::snn::Isa;
use crate::train::{Halt, Trainer};

/// The last updates, as far as they are made again.
pub struct RecalledUpdates {
    replay: Box<Replay>,
    /// The update from which on the spikes are wanted.
    from: u64,
    recent: Recent,
}

impl RecalledUpdates {
    /// The last `look_back` updates of a run, from a key moment on; `None` where nothing is known of them, as of a run that
    /// went on from a checkpoint, or where they cannot be made again.
    pub fn begin(past: &PastOfRun, look_back: u64) -> Option<Self> {
        let update = past.run.newest();
        let from = update.saturating_sub(look_back.max(1)).max(past.firsts.at(update).0);
        let piece = past.run.until(update, from);
        if from == update || piece.cost() == 0 {
            return None;
        }
        let replay = Box::new(piece.replay(Isa::best()).ok()?);
        Some(Self { replay, from, recent: Recent::default() })
    }

    /// One more update; whether the run is as it is now.
    pub fn step(&mut self) -> Result<bool, Halt> {
        self.replay.catch_up();
        if self.replay.trainer().update() >= self.from {
            self.recent.push(self.replay.trainer());
        }
        Ok(self.replay.step()?.is_some())
    }

    /// The spikes of the last updates.
    pub fn recent(self) -> Recent {
        self.recent
    }

    /// The run, as far as it is made again.
    pub fn trainer(&self) -> &Trainer {
        self.replay.trainer()
    }
}
