//! Whose landscape it is: a run, its weights in the centre, and its path.

use std::sync::Arc;

use crate::landscape::{Moments, PlaneKind};
use crate::record::{History, Log};
use crate::snn::Isa;
use crate::task::progress::Progress;
use crate::train::{Settings, Trainer};

use super::super::open_tasks::OpenTasks;

/// Bytes that a path may take.
const PATH_BYTES: usize = 1 << 30;

/// A run at the moment whose landscape is asked for.
pub struct LandscapeSubject {
    pub trainer: Trainer,
    /// Updates that made the weights; those of a file that does not say are 0.
    pub update: u64,
    /// Remembered moments, this one the last.
    pub moments: Moments,
    /// The log with which a checkpoint's past can be replayed.
    pub past: Option<Log>,
}

impl LandscapeSubject {
    /// A run at its present moment, without a past.
    pub fn now(trainer: Trainer, update: u64) -> Self {
        let moments = Arc::new(vec![(update, Arc::new(trainer.params().clone()))]);
        Self { trainer, update, moments, past: None }
    }

    /// A new run after so many updates; `each` is called before every update and ends the training by saying `false`. Then
    /// the run is left after fewer updates.
    ///
    /// # Errors
    /// A sentence, where the data cannot be read or the run diverges.
    pub fn trained(settings: Settings, updates: u64, mut each: impl FnMut() -> bool) -> Result<Self, String> {
        let mut trainer = OpenTasks::keeping(1).trainer(settings)?;
        let mut history = History::new(trainer.moment(), PATH_BYTES);
        while trainer.update() < updates && each() {
            trainer.step().map_err(|halt| format!("{halt}."))?;
            keep(&mut history, &trainer);
        }
        Ok(Self { update: trainer.update(), moments: path(&history, &trainer), trainer, past: None })
    }

    /// Replays the past of a checkpoint where the plane or the centre needs it. `each` is called after every update and ends
    /// the replay by saying `false`; then the answer is false.
    pub fn recall(
        &mut self,
        plane: PlaneKind,
        centre: Option<u64>,
        mut each: impl FnMut() -> bool,
    ) -> Result<bool, String> {
        let needed = centre.is_some() || matches!(plane, PlaneKind::Path | PlaneKind::Moments { .. });
        let Some(log) = self.past.as_ref().filter(|_| needed) else { return Ok(true) };
        let first = Trainer::open(log.start.clone(), Isa::best(), &Progress::default())?;
        let (mut history, mut whole) = (History::new(first.moment(), PATH_BYTES), true);
        let replayed = log.replay(Isa::best(), |trainer| {
            keep(&mut history, trainer);
            whole = each();
            whole
        });
        let end = replayed.map_err(|halt| format!("The past of the checkpoint cannot be replayed: {halt}."))?;
        self.moments = path(&history, &end);
        Ok(whole)
    }

    /// Which moments there are, in words.
    pub(super) fn remembered(&self) -> String {
        let updates: Vec<u64> = self.moments.iter().map(|(update, _)| *update).collect();
        match updates[..] {
            [one] => format!("that after {one} is"),
            [first, second, .., last] => format!("those after {first}, {second} … {last} are"),
            _ => updates.iter().map(u64::to_string).collect::<Vec<_>>().join(" and ") + " are",
        }
    }
}

fn keep(history: &mut History, trainer: &Trainer) {
    if history.wants(trainer.update()) {
        history.push(trainer.moment());
    }
}

/// The remembered moments, the present one the last.
fn path(history: &History, trainer: &Trainer) -> Moments {
    let mut moments = history.path();
    moments.retain(|(update, _)| *update < trainer.update());
    moments.push((trainer.update(), Arc::new(trainer.params().clone())));
    Arc::new(moments)
}
