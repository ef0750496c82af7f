//! SPIKE-synchronization (T. Kreuz, M. Mulansky & N. Bozanic, J. Neurophysiol. 113, 2015), as PySpike counts it.

use std::ops::AddAssign;

/// Spikes that coincide, and all. Sums over pairs of trains are PySpike's multivariate number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Synchronization {
    /// Pairs of coincident spikes.
    pub coincidences: usize,
    /// Spikes of both trains.
    pub spikes: usize,
}

impl Synchronization {
    /// The share of the spikes that coincide; 1 where there are none, as of equal trains.
    pub fn value(&self) -> f64 {
        if self.spikes == 0 { 1.0 } else { (2 * self.coincidences) as f64 / self.spikes as f64 }
    }
}

impl AddAssign for Synchronization {
    fn add_assign(&mut self, other: Self) {
        self.coincidences += other.coincidences;
        self.spikes += other.spikes;
    }
}

/// Counts the coincidences of two trains of `steps` steps. Two spikes coincide at equal times, and else where they are
/// nearer than half of each interval next to one of them; an interval that an edge cuts off counts as `steps`.
pub fn synchronization(a: &[u32], b: &[u32], steps: usize) -> Synchronization {
    let (mut i, mut coincidences) = (0, 0);
    for (j, &t) in b.iter().enumerate() {
        while i < a.len() && a[i] < t {
            i += 1;
        }
        // no spike farther away than the two next to it can coincide
        let coincides = |i: usize| {
            let window = narrowest(a, i, steps).min(narrowest(b, j, steps));
            a[i] == t || 2 * u64::from(a[i].abs_diff(t)) < window
        };
        coincidences += usize::from((i < a.len() && coincides(i)) || (i > 0 && coincides(i - 1)));
    }
    Synchronization { coincidences, spikes: a.len() + b.len() }
}

/// The shorter of the intervals before and after spike `n`.
fn narrowest(train: &[u32], n: usize, steps: usize) -> u64 {
    let before = n.checked_sub(1).map(|before| u64::from(train[n] - train[before]));
    let after = train.get(n + 1).map(|after| u64::from(after - train[n]));
    [before, after].into_iter().flatten().min().unwrap_or(u64::MAX).min(steps as u64)
}

#[cfg(test)]
mod tests {
    use super::super::distance::tests::{PAIRS, STEPS};
    use super::*;

    #[test]
    fn two_trains_have_pyspikes_numbers() {
        for (a, b, expected, ..) in PAIRS {
            assert_eq!(synchronization(a, b, STEPS).value(), *expected, "{a:?} {b:?}");
            assert_eq!(synchronization(b, a, STEPS), synchronization(a, b, STEPS));
        }
    }

    /// PySpike 0.9.0: `spike_sync([S([2,5,6,16,40], e), S([3,5,17,60,80], e)])` is 0.4, of `S([5], e), S([50], e)` 1.0;
    /// all coincidences over all spikes: (4 + 2) / (10 + 2).
    #[test]
    fn pairs_of_trains_add_up() {
        let mut sum = synchronization(&[2, 5, 6, 16, 40], &[3, 5, 17, 60, 80], STEPS);
        sum += synchronization(&[5], &[50], STEPS);
        assert_eq!((sum, sum.value()), (Synchronization { coincidences: 3, spikes: 12 }, 0.5));
        assert_eq!(Synchronization::default().value(), 1.0);
    }
}
