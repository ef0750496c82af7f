//! The best alignment of two spike trains of one neuron: which spikes stayed, moved, came and went
//! ([model §8](crate::model#8-spike-changes); Victor & Purpura, J. Neurophysiol. 76, 1996).
//!
//! ```
//! use spikescape::spike::{Aligner, Edit, ShiftCost};
//!
//! let mut edits = Vec::new();
//! let q = ShiftCost::default(); // 0.1 per step
//! let tally = Aligner::default().align(&[3, 10, 40], &[3, 12, 80], q, |edit| edits.push(edit));
//! assert_eq!(
//!     edits,
//!     [
//!         Edit::Kept { step: 3 },
//!         Edit::Shifted { from: 10, to: 12 },
//!         Edit::Removed { step: 40 },
//!         Edit::Created { step: 80 },
//!     ]
//! );
//! assert_eq!(tally.distance(q), 1.0 + 1.0 + 0.1 * 2.0);
//! ```

use std::ops::AddAssign;

/// What removing or creating a spike costs, in the unit of [`ShiftCost`].
const ONE: u64 = 1_000_000_000;

/// q, the price of moving a spike by one step; removing or creating a spike costs 1 ([model
/// §8](crate::model#8-spike-changes)).
///
/// It is held as a whole number of 1e-9 (and rounded to it: below 5e-10 it is 0), so that costs are whole numbers,
/// and a tie is a tie: with q = 0.1, twenty steps cost exactly as much as removing and creating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShiftCost(u64);

impl ShiftCost {
    /// `None` unless 0 ≤ `q` ≤ 1e6.
    pub fn new(q: f64) -> Option<Self> {
        (0.0..=1e6).contains(&q).then(|| Self((q * ONE as f64).round() as u64))
    }

    /// q, per step.
    pub fn q(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// The most steps between two spikes that can be a pair, 2/q. Farther apart, removing the one and creating the
    /// other costs less; just so far, it costs the same, and the order asks for more pairs.
    fn reach(self) -> u32 {
        (2 * ONE).checked_div(self.0).map_or(u32::MAX, |steps| steps.min(u32::MAX.into()) as u32)
    }
}

impl Default for ShiftCost {
    /// 0.1: spikes up to 20 steps apart can be a pair.
    fn default() -> Self {
        Self(ONE / 10)
    }
}

/// What became of one spike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    Kept { step: u32 },
    Shifted { from: u32, to: u32 },
    Removed { step: u32 },
    Created { step: u32 },
}

/// How many spikes stayed, moved, came and went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub kept: u32,
    pub shifted: u32,
    pub created: u32,
    pub removed: u32,
    /// Σ|Δ| of the shifted spikes, in steps.
    pub moved: u64,
}

impl Tally {
    /// The Victor–Purpura distance, 1 · (created + removed) + q · moved.
    pub fn distance(&self, q: ShiftCost) -> f64 {
        let edits = u128::from(self.created) + u128::from(self.removed);
        (edits * u128::from(ONE) + u128::from(self.moved) * u128::from(q.0)) as f64 / ONE as f64
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.kept += other.kept;
        self.shifted += other.shifted;
        self.created += other.created;
        self.removed += other.removed;
        self.moved += other.moved;
    }
}

/// The order of alignments as one number, the less the better: the sum over their edits, in which keeping a spike
/// counts nothing.
///
/// The order is: least cost, most kept, most pairs, least Σ|Δ|. Of two given trains of n and m spikes, most kept is
/// least n + m − 2·kept, to which a shift adds 2 and a spike without a partner 1; most pairs is least n + m − 2·pairs,
/// to which only the latter add. So all four are least sums, the digits of one number. And three digits do, as cost
/// is n + m − 2·pairs + q·Σ|Δ|: with q > 0, cost and pairs fix Σ|Δ|, and with q = 0 cost is the pairs:
///
/// | | bits 127…96 | 95…64 | 63…32 | 31…0 |
/// |---|---|---|---|---|
/// | q > 0 | cost | cost | n + m − 2·kept | n + m − 2·pairs |
/// | q = 0 | n + m − 2·pairs | n + m − 2·kept | Σ\|Δ\| | Σ\|Δ\| |
///
/// No digit overflows while n + m < 2³².
struct AlignmentOrder {
    price: ShiftCost,
    /// Of a spike removed or created.
    single: u128,
    /// Of a shift, by any number of steps …
    shift: u128,
    /// … and for each of its steps.
    step: u128,
}

impl AlignmentOrder {
    fn new(price: ShiftCost) -> Self {
        match price.0 {
            0 => Self { price, single: (1 << 96) | (1 << 64), shift: 2 << 64, step: 1 },
            q => {
                let single = (u128::from(ONE) << 64) | (1 << 32) | 1;
                Self { price, single, shift: 2 << 32, step: u128::from(q) << 64 }
            }
        }
    }

    /// Of a spike moved from one step to another.
    fn shifted(&self, from: u32, to: u32) -> u128 {
        self.shift + self.step * u128::from(from.abs_diff(to))
    }

    /// The number read back, for trains of n = `before` and m = `after` spikes.
    fn tally(&self, number: u128, before: usize, after: usize) -> Tally {
        let digit = |at: u32| (number >> at) as u32;
        let (single, not_kept, moved) = match self.price.0 {
            0 => (digit(96), digit(64), number as u64),
            q => {
                let (cost, single) = ((number >> 64) as u64, digit(0));
                (single, digit(32), (cost - u64::from(single) * ONE) / q)
            }
        };
        let pairs = (before + after - single as usize) / 2;
        let kept = (before + after - not_kept as usize) / 2;
        Tally {
            kept: kept as u32,
            shifted: (pairs - kept) as u32,
            created: (after - pairs) as u32,
            removed: (before - pairs) as u32,
            moved,
        }
    }
}

/// Aligns spike trains; keep one, as its work memory is used again.
///
/// Two facts make it fast. Both are shown by exchange: whatever alignment does not follow them can be bettered.
///
/// *Equal starts are kept.* If both trains begin with a spike at the same step, every best alignment keeps it. For if
/// neither of the two has a partner, to pair them saves 2. If one has, the other has none (the two pairs would cross);
/// to pair the two with each other instead costs no more and keeps one more. So common starts can be cut off, one
/// spike after the other, and mirrored in time, common ends too.
///
/// *Else the earlier one decides.* If the first spike x of one train is earlier than the first spike y of the other,
/// then in every best alignment they are a pair, or x has no partner. For if x had a partner behind y, y would have
/// none (the pairs would cross), and x with y would be as many pairs of fewer steps.
#[derive(Clone, Debug, Default)]
pub struct Aligner {
    /// Entry \[i, j\]: the least number of [`AlignmentOrder`] for the trains from their spikes i and j on.
    table: Vec<u128>,
}

impl Aligner {
    /// Takes the memory that [`Aligner::tally`] needs for trains of up to `steps` spikes.
    pub fn reserve_steps(&mut self, steps: usize) {
        self.table.reserve_exact((steps + 1).saturating_sub(self.table.len()));
    }

    /// Aligns a train `before` with a train `after` (steps, strictly rising) and hands every edit to `edit`, in order
    /// of time, that is, of the earlier of its steps.
    ///
    /// Alignments that the order leaves equal have equal tallies. Of these, the one reported pairs the next spikes of
    /// the two trains wherever it can; it prefers no train, so swapping them mirrors every edit.
    pub fn align(&mut self, before: &[u32], after: &[u32], q: ShiftCost, mut edit: impl FnMut(Edit)) -> Tally {
        let (start, a, b, end) = cut(before, after);
        let order = AlignmentOrder::new(q);
        let number = self.solve(a, b, &order, b.len() + 1);
        start.iter().for_each(|&step| edit(Edit::Kept { step }));
        self.trace(a, b, &order, &mut edit);
        end.iter().for_each(|&step| edit(Edit::Kept { step }));
        order.tally(number, before.len(), after.len())
    }

    /// Only the tally of [`Aligner::align`], in less time and memory.
    pub fn tally(&mut self, before: &[u32], after: &[u32], q: ShiftCost) -> Tally {
        let (_, a, b, _) = cut(before, after);
        let order = AlignmentOrder::new(q);
        let number = self.solve(a, b, &order, 0);
        order.tally(number, before.len(), after.len())
    }

    /// The least number of all alignments of `a` and `b`.
    ///
    /// Row i of the table begins at i · `stride`; with stride 0 every row overwrites the one after it, which is
    /// enough for the number but leaves nothing to trace. The spikes of `b` within reach of a\[i\] are those from
    /// `low` up to `high`. Row i is filled from `low` of row i − 1 to its own `high`, as no other entry is ever
    /// needed: what is too early for a\[i\] is given up before it, and a\[i\] before what is too late for it.
    fn solve(&mut self, a: &[u32], b: &[u32], order: &AlignmentOrder, stride: usize) -> u128 {
        debug_assert!(a.len() + b.len() < u32::MAX as usize);
        if a.is_empty() || b.is_empty() {
            return order.single * (a.len() + b.len()) as u128;
        }
        let reach = order.price.reach();
        let entries = a.len() * stride + b.len() + 1;
        if self.table.len() < entries {
            self.table.resize(entries, 0);
        }
        let table = &mut self.table[..entries];

        // Row a.len(), where no spike of `a` is left.
        let last = a.len() * stride;
        for j in 0..=b.len() {
            table[last + j] = order.single * (b.len() - j) as u128;
        }
        let mut low = b.partition_point(|&step| step < a[a.len() - 1].saturating_sub(reach));
        let mut high = b.len();
        for i in (0..a.len()).rev() {
            let (row, next) = (i * stride, (i + 1) * stride);
            while high > low && b[high - 1] > a[i].saturating_add(reach) {
                high -= 1;
            }
            // Beside `here`, the entry under way: `right` [i, j + 1], `below` [i + 1, j], `diagonal` [i + 1, j + 1].
            let mut diagonal = table[next + high];
            let mut here = diagonal + order.single;
            table[row + high] = here;
            for j in (low..high).rev() {
                let (right, below) = (here, table[next + j]);
                here = if a[i] == b[j] {
                    diagonal
                } else {
                    let alone = if a[i] < b[j] { below } else { right };
                    (diagonal + order.shifted(a[i], b[j])).min(alone + order.single)
                };
                table[row + j] = here;
                diagonal = below;
            }
            // Too early for a[i], but not for a[i − 1].
            let earliest = if i > 0 { a[i - 1].saturating_sub(reach) } else { 0 };
            while low > 0 && b[low - 1] >= earliest {
                low -= 1;
                here += order.single;
                table[row + low] = here;
            }
        }
        table[0]
    }

    /// Walks a best alignment through the table that `solve` has filled.
    ///
    /// Every edit takes the earlier of the two next spikes, so they come in order of time.
    fn trace(&self, a: &[u32], b: &[u32], order: &AlignmentOrder, edit: &mut impl FnMut(Edit)) {
        let reach = order.price.reach();
        let stride = b.len() + 1;
        let (mut i, mut j) = (0, 0);
        while i < a.len() && j < b.len() {
            let (from, to) = (a[i], b[j]);
            let here = i * stride + j;
            // Beyond reach the table has holes.
            let is_pair = || self.table[here] == self.table[here + stride + 1] + order.shifted(from, to);
            if from == to {
                edit(Edit::Kept { step: from });
                (i, j) = (i + 1, j + 1);
            } else if from.abs_diff(to) <= reach && is_pair() {
                edit(Edit::Shifted { from, to });
                (i, j) = (i + 1, j + 1);
            } else if from < to {
                edit(Edit::Removed { step: from });
                i += 1;
            } else {
                edit(Edit::Created { step: to });
                j += 1;
            }
        }
        a[i..].iter().for_each(|&step| edit(Edit::Removed { step }));
        b[j..].iter().for_each(|&step| edit(Edit::Created { step }));
    }
}

/// The common start of two trains, what is left of the first and of the second, and their common end.
fn cut<'a>(before: &'a [u32], after: &'a [u32]) -> (&'a [u32], &'a [u32], &'a [u32], &'a [u32]) {
    let start = before.iter().zip(after).take_while(|(x, y)| x == y).count();
    let (start, a) = before.split_at(start);
    let b = &after[start.len()..];
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, end) = a.split_at(a.len() - end);
    (start, a, &b[..b.len() - end.len()], end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(q: f64) -> ShiftCost {
        ShiftCost::new(q).unwrap()
    }

    /// The edits, one letter and its steps each, and that the tally is that of the edits, with and without them.
    fn edits(before: &[u32], after: &[u32], q: f64) -> String {
        let mut aligner = Aligner::default();
        let mut words = Vec::new();
        let mut counted = Tally::default();
        let tally = aligner.align(before, after, price(q), |edit| match edit {
            Edit::Kept { step } => {
                counted.kept += 1;
                words.push(format!("={step}"));
            }
            Edit::Shifted { from, to } => {
                counted.shifted += 1;
                counted.moved += u64::from(from.abs_diff(to));
                words.push(format!("{from}>{to}"));
            }
            Edit::Removed { step } => {
                counted.removed += 1;
                words.push(format!("-{step}"));
            }
            Edit::Created { step } => {
                counted.created += 1;
                words.push(format!("+{step}"));
            }
        });
        assert_eq!(tally, counted);
        assert_eq!(tally, aligner.tally(before, after, price(q)));
        words.join(" ")
    }

    #[test]
    fn prices_are_whole_numbers_of_1e_9() {
        assert_eq!(price(0.1), ShiftCost::default());
        for q in [0.0, 0.1, 0.05, 1.0 / 3.0, 7.0, 1e6] {
            assert!((price(q).q() - q).abs() <= 5e-10);
        }
        assert_eq!(price(0.1).q(), 0.1);
        assert_eq!(price(-0.0), price(0.0));
        for q in [-0.1, -f64::MIN_POSITIVE, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1_000_000.1] {
            assert_eq!(ShiftCost::new(q), None, "{q}");
        }
    }

    #[test]
    fn equal_and_empty_trains() {
        assert_eq!(edits(&[], &[], 0.1), "");
        assert_eq!(edits(&[2, 5], &[2, 5], 0.1), "=2 =5");
        assert_eq!(edits(&[2, 5], &[], 0.1), "-2 -5");
        assert_eq!(edits(&[], &[2, 5], 0.1), "+2 +5");
        assert_eq!(edits(&[2, 5], &[5], 0.1), "-2 =5");
    }

    #[test]
    fn least_cost_comes_before_most_kept() {
        // Two shifts cost 2 · 5 · 0.1 = 1; to keep the 10, remove the 5 and create the 15 would cost 2.
        assert_eq!(edits(&[5, 10], &[10, 15], 0.1), "5>10 10>15");
        assert_eq!(edits(&[5, 10], &[10, 15], 0.3), "-5 =10 +15");
    }

    #[test]
    fn most_kept_comes_before_most_pairs() {
        // Both ways cost 2: two shifts are two pairs, but keep nothing.
        assert_eq!(edits(&[5, 10], &[10, 15], 0.2), "-5 =10 +15");
    }

    #[test]
    fn most_kept_comes_before_least_moved() {
        // With q = 0 both ways cost 1: to keep the 120 moves a spike by 100, to keep none moves two by 21.
        assert_eq!(edits(&[100, 120], &[0, 120, 121], 0.0), "100>0 =120 +121");
    }

    #[test]
    fn most_pairs_come_after_cost() {
        // Both ways cost 2, and neither keeps one.
        assert_eq!(edits(&[0], &[20], 0.1), "0>20");
        assert_eq!(edits(&[0], &[21], 0.1), "-0 +21");
        assert_eq!(edits(&[20], &[0], 0.1), "20>0");
        assert_eq!(edits(&[21], &[0], 0.1), "+0 -21");
        // A binary fraction would miss the tie: 3 · (2/3) in 1e-9 is just above 2, in floating point it is 2.
        assert_eq!(edits(&[0], &[3], 2.0 / 3.0), "-0 +3");
    }

    #[test]
    fn least_moved_comes_last() {
        // With q = 0 both ways cost 1, keep none and make one pair.
        assert_eq!(edits(&[5], &[1, 6], 0.0), "+1 5>6");
        assert_eq!(edits(&[5], &[4, 9], 0.0), "5>4 +9");
    }

    #[test]
    fn what_is_equal_in_all_is_paired_early_and_mirrored() {
        assert_eq!(edits(&[5], &[4, 6], 0.1), "5>4 +6");
        assert_eq!(edits(&[4, 6], &[5], 0.1), "4>5 -6");
    }

    #[test]
    fn edits_come_in_order_of_the_earlier_step() {
        assert_eq!(edits(&[30, 32, 80], &[2, 40, 51, 110], 0.1), "+2 -30 32>40 +51 -80 +110");
        assert_eq!(edits(&[10, 50], &[0, 12, 30, 51], 0.1), "+0 10>12 +30 50>51");
    }

    #[test]
    fn pairs_do_not_cross() {
        // A free choice would move 10 to 11 and 12 to 9.
        assert_eq!(edits(&[10, 12], &[9, 11], 0.1), "10>9 12>11");
    }

    #[test]
    fn steps_may_be_as_late_as_they_can_be_held() {
        assert_eq!(edits(&[0], &[u32::MAX], 0.0), format!("0>{}", u32::MAX));
        assert_eq!(edits(&[u32::MAX - 1], &[u32::MAX], 1e6), format!("-{} +{}", u32::MAX - 1, u32::MAX));
        assert_eq!(edits(&[0], &[u32::MAX], 1e-9), format!("-0 +{}", u32::MAX));
        let far = Aligner::default().tally(&[0, 1], &[u32::MAX - 1, u32::MAX], price(0.0));
        assert_eq!(far, Tally { shifted: 2, moved: 2 * u64::from(u32::MAX - 1), ..Tally::default() });
    }

    #[test]
    fn distance_is_exact_in_1e_9() {
        let tally = Tally { kept: 9, shifted: 2, created: 1, removed: 2, moved: 7 };
        assert_eq!(tally.distance(price(0.1)), 3.7);
        assert_eq!(tally.distance(price(0.0)), 3.0);
    }

    #[test]
    fn tallies_add_up() {
        let mut sum = Tally { kept: 1, shifted: 2, created: 3, removed: 4, moved: 5 };
        sum += Tally { kept: 10, shifted: 20, created: 30, removed: 40, moved: 50 };
        assert_eq!(sum, Tally { kept: 11, shifted: 22, created: 33, removed: 44, moved: 55 });
    }

    #[test]
    fn what_lies_in_the_holes_of_the_table_is_not_read() {
        let mut aligner = Aligner::default();
        let mut align = |before: &[u32], after: &[u32]| {
            let mut shifts = Vec::new();
            aligner.align(before, after, ShiftCost::default(), |edit| {
                if let Edit::Shifted { from, to } = edit {
                    shifts.push((from, to));
                }
            });
            shifts
        };
        // This leaves, at [1, 1], the number of three singles and a shift by 18 …
        assert_eq!(align(&[0, 10, 1000, 2000], &[1, 28, 500]), [(0, 1), (10, 28)]);
        // … where, as this has three singles and shifts by 40, a pair by 22 would seem to fit.
        assert_eq!(align(&[0, 1, 100, 200], &[22, 120, 220]), [(100, 120), (200, 220)]);
    }

    #[test]
    fn work_memory_only_grows() {
        let mut aligner = Aligner::default();
        let (long, short): (Vec<u32>, Vec<u32>) = ((0..40).map(|t| 2 * t).collect(), vec![1, 9]);
        let fresh = |a: &[u32], b: &[u32]| Aligner::default().align(a, b, ShiftCost::default(), |_| ());
        for (a, b) in [(&long, &short), (&short, &long), (&short, &short), (&long, &short)] {
            assert_eq!(aligner.align(a, b, ShiftCost::default(), |_| ()), fresh(a, b));
        }
        assert_eq!(aligner.table.len(), 41 * 3);
    }
}
