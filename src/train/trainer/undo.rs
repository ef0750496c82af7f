//! The state before an update, kept where the update may overflow, so that it can be undone.

use crate::optim::{Magnitudes, Optimiser};
use crate::snn::Params;
use crate::spike::Raster;

use super::{Diverged, DivergedValue, Halt, Trainer};

/// The state before the last update that might have overflowed, in memory that is used again.
#[derive(Debug)]
pub struct StateBefore {
    params: Params,
    optimiser: Optimiser,
    /// Sum of the losses of the epoch's batches.
    epoch_loss: f64,
    /// The watched sample's spikes before the update before, and when that was.
    spikes: (u64, Vec<Raster>),
}

impl Default for StateBefore {
    /// Nothing is kept.
    fn default() -> Self {
        Self { params: Params(Vec::new()), optimiser: Optimiser::new(0), epoch_loss: 0.0, spikes: (0, Vec::new()) }
    }
}

impl Trainer {
    /// Keeps the state before an update, whose number the optimiser has counted already.
    pub(super) fn keep(&mut self) {
        let StateBefore { params, optimiser, epoch_loss, spikes: (seen, spikes) } = &mut self.undo;
        params.0.clone_from(&self.params.0);
        optimiser.first.clone_from(&self.optimiser.first);
        optimiser.second.clone_from(&self.optimiser.second);
        optimiser.steps = self.optimiser.steps - 1;
        *epoch_loss = self.epochs.loss;
        let (update, before) = self.changes.before();
        *seen = update;
        spikes.resize_with(before.len(), || Raster::new(0));
        for (kept, before) in spikes.iter_mut().zip(before) {
            kept.copy_from(before);
        }
    }

    /// Whether the state after an update is one to go on from: all of it is finite, and so is the forward pass of the next
    /// batch. One that cannot be read is no matter of this update.
    pub(super) fn check_update(&mut self) -> Result<(), Halt> {
        if !self.magnitudes.is_finite() {
            return Err(self.undone(None, DivergedValue::Parameter));
        }
        if self.prepare().is_err() {
            return Ok(());
        }
        self.check_forward().map_err(|halt| match halt {
            Halt::Diverged(diverged) => self.undone(diverged.layer, diverged.what),
            Halt::Unread { .. } => halt,
        })
    }

    /// The update that was just made is the one that is undone.
    fn undone(&self, layer: Option<usize>, what: DivergedValue) -> Halt {
        Halt::Diverged(Diverged { update: self.update, layer, what })
    }

    /// Goes back to the state that was kept.
    pub(super) fn restore(&mut self) {
        self.update -= 1;
        std::mem::swap(&mut self.params, &mut self.undo.params);
        std::mem::swap(&mut self.optimiser, &mut self.undo.optimiser);
        self.epochs.loss = self.undo.epoch_loss;
        self.magnitudes = Magnitudes::of(&self.params.0, &self.optimiser.first, &self.optimiser.second);
        self.look_again();
        // read a moment ago; if it cannot be read again, the next update says so
        let _ = self.prepare();
        let (update, spikes) = &mut self.undo.spikes;
        self.changes.take_back(*update, spikes);
    }
}
