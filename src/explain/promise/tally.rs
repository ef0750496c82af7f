//! Promises kept and broken, spike by spike and as shares.

use std::ops::AddAssign;

use super::{LEAST_MOVE, LayerPromise, Origin};

/// What became of the promise to one spike by the layer's own weights ([model
/// §11](crate::model#11-promised-and-actual-shifts)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was to move, and moved in that direction.
    Kept,
    /// It was to move, and stayed.
    Unmoved,
    /// It was to move, and moved the other way.
    Reversed,
    /// It was to move, and was removed.
    Removed,
    /// It was to stay (by less than half a step), and stayed.
    Stayed,
    /// It was to stay, and moved.
    Strayed,
    /// It was to stay, and was removed.
    Lost,
}

impl Verdict {
    /// `promised` steps, of which `came`; none where the spike was removed.
    pub fn of(promised: f32, came: Option<i64>) -> Self {
        let moves = promised.abs() >= LEAST_MOVE;
        match (moves, came) {
            (true, None) => Self::Removed,
            (true, Some(0)) => Self::Unmoved,
            (true, Some(came)) if (came < 0) == (promised < 0.0) => Self::Kept,
            (true, Some(_)) => Self::Reversed,
            (false, None) => Self::Lost,
            (false, Some(0)) => Self::Stayed,
            (false, Some(_)) => Self::Strayed,
        }
    }

    /// Whether the word was kept.
    pub fn is_kept(self) -> bool {
        matches!(self, Self::Kept | Self::Stayed)
    }

    /// Whether it was broken. A spike that was to move and stayed neither kept nor broke it.
    pub fn is_broken(self) -> bool {
        !self.is_kept() && self != Self::Unmoved
    }
}

/// How many promises were kept, how many broken, and what was created and removed; sums over spikes, layers, samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PromiseTally {
    /// See [`Verdict`]: of the spikes that were to move …
    pub kept: u64,
    pub unmoved: u64,
    pub reversed: u64,
    pub removed: u64,
    /// … and of those that were to stay.
    pub stayed: u64,
    pub strayed: u64,
    pub lost: u64,
    /// Removed spikes whose potential was to fall, δv < 0.
    pub removed_falling: u64,
    /// Spikes that the layer's own weights created …
    pub created: u64,
    /// … of these, where the potential was to rise, δv > 0.
    pub created_rising: u64,
    /// Spikes that what came in created …
    pub created_by_inputs: u64,
    /// … or removed.
    pub removed_by_inputs: u64,
}

impl PromiseTally {
    /// Of one layer.
    pub fn of(promise: &LayerPromise) -> Self {
        let mut tally = Self::default();
        for spike in &promise.spikes {
            *tally.count_of(spike.verdict()) += 1;
            let removed = spike.alone.is_none();
            tally.removed_falling += u64::from(removed && spike.delta_v < 0.0);
            tally.removed_by_inputs += u64::from(!removed && spike.after.is_none());
        }
        for spike in &promise.created {
            match spike.origin {
                Origin::Inputs => tally.created_by_inputs += 1,
                Origin::Weights => {
                    tally.created += 1;
                    tally.created_rising += u64::from(spike.delta_v > 0.0);
                    tally.removed_by_inputs += u64::from(spike.after.is_none());
                }
            }
        }
        tally
    }

    fn count_of(&mut self, verdict: Verdict) -> &mut u64 {
        match verdict {
            Verdict::Kept => &mut self.kept,
            Verdict::Unmoved => &mut self.unmoved,
            Verdict::Reversed => &mut self.reversed,
            Verdict::Removed => &mut self.removed,
            Verdict::Stayed => &mut self.stayed,
            Verdict::Strayed => &mut self.strayed,
            Verdict::Lost => &mut self.lost,
        }
    }

    /// Spikes that were to move.
    pub fn moves(&self) -> u64 {
        self.kept + self.unmoved + self.reversed + self.removed
    }

    /// Spikes that were to stay.
    pub fn stays(&self) -> u64 {
        self.stayed + self.strayed + self.lost
    }

    /// Spikes before the update.
    pub fn spikes(&self) -> u64 {
        self.moves() + self.stays()
    }

    /// The share of all promises that were kept; none without a spike.
    pub fn kept_share(&self) -> Option<f64> {
        share(self.kept + self.stayed, self.spikes())
    }

    /// The share of the promised moves that were kept; none where no spike was to move.
    pub fn kept_moves(&self) -> Option<f64> {
        share(self.kept, self.moves())
    }

    /// The share of the promised moves that did not happen; none where no spike was to move.
    pub fn unmoved_moves(&self) -> Option<f64> {
        share(self.unmoved, self.moves())
    }

    /// The share of the spikes that were to stay and stayed; none where none was to.
    pub fn kept_stays(&self) -> Option<f64> {
        share(self.stayed, self.stays())
    }

    /// The share of the promised moves that were broken: reversed or removed; none where no spike was to move.
    pub fn broken_moves(&self) -> Option<f64> {
        share(self.reversed + self.removed, self.moves())
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl AddAssign for PromiseTally {
    fn add_assign(&mut self, other: Self) {
        self.kept += other.kept;
        self.unmoved += other.unmoved;
        self.reversed += other.reversed;
        self.removed += other.removed;
        self.stayed += other.stayed;
        self.strayed += other.strayed;
        self.lost += other.lost;
        self.removed_falling += other.removed_falling;
        self.created += other.created;
        self.created_rising += other.created_rising;
        self.created_by_inputs += other.created_by_inputs;
        self.removed_by_inputs += other.removed_by_inputs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_kept_broken_or_neither() {
        use Verdict::{Kept, Lost, Removed, Reversed, Stayed, Strayed, Unmoved};
        let verdicts = |promised| [Some(-2), Some(0), Some(1), None].map(|came| Verdict::of(promised, came));
        assert_eq!(verdicts(-2.1), [Kept, Unmoved, Reversed, Removed]);
        assert_eq!(verdicts(0.5), [Reversed, Unmoved, Kept, Removed]);
        assert_eq!(verdicts(-0.49), [Strayed, Stayed, Strayed, Lost]);
        assert_eq!([Kept, Stayed].map(Verdict::is_kept), [true; 2]);
        assert_eq!([Reversed, Removed, Strayed, Lost].map(Verdict::is_broken), [true; 4]);
        assert!(!Unmoved.is_kept() && !Unmoved.is_broken());
    }

    #[test]
    fn shares_are_of_what_there_is() {
        let tally =
            PromiseTally { kept: 3, unmoved: 1, reversed: 2, removed: 2, stayed: 1, lost: 1, ..Default::default() };
        assert_eq!((tally.moves(), tally.stays(), tally.spikes()), (8, 2, 10));
        assert_eq!((tally.kept_share(), tally.kept_moves(), tally.broken_moves()), (Some(0.4), Some(0.375), Some(0.5)));
        assert_eq!((tally.unmoved_moves(), tally.kept_stays()), (Some(0.125), Some(0.5)));
        let none = PromiseTally::default();
        assert_eq!((none.kept_share(), none.kept_moves(), none.broken_moves()), (None, None, None));
        let mut sum = tally;
        sum += tally;
        assert_eq!((sum.spikes(), sum.kept_share()), (20, Some(0.4)));
    }
}
