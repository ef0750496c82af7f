//! Properties of every alignment of spike trains (`src/model.md`, section 8), on random small trains.

use std::cmp::Reverse;

use proptest::collection::btree_set;
use proptest::prelude::*;
use proptest::sample::select;
use spikescape::spike::changes::ChangeCounter;
use spikescape::spike::{Aligner, Edit, Raster, ShiftCost, Tally, changes};

const STEPS: u32 = 25;

/// q, and the same in 1e-9.
const PRICES: [(f64, u64); 7] = [
    (0.0, 0),
    (0.05, 50_000_000),
    (0.1, 100_000_000),
    (0.5, 500_000_000),
    (1.0, 1_000_000_000),
    (2.0, 2_000_000_000),
    (7.0, 7_000_000_000),
];

fn train() -> impl Strategy<Value = Vec<u32>> {
    btree_set(0..STEPS, 0..=8).prop_map(|steps| steps.into_iter().collect())
}

/// A train and what may have become of it: other spikes, or the same with few changes (so that much of it is common).
fn two_trains() -> impl Strategy<Value = (Vec<u32>, Vec<u32>)> {
    let few = (train(), btree_set(0..STEPS, 0..3)).prop_map(|(before, toggled)| {
        let after = (0..STEPS).filter(|step| before.contains(step) != toggled.contains(step)).collect();
        (before, after)
    });
    prop_oneof![2 => (train(), train()), 1 => few]
}

fn price() -> impl Strategy<Value = ShiftCost> {
    select(&PRICES[..]).prop_map(|(q, _)| ShiftCost::new(q).unwrap())
}

fn tally(before: &[u32], after: &[u32], q: ShiftCost) -> Tally {
    Aligner::default().tally(before, after, q)
}

fn align(before: &[u32], after: &[u32], q: ShiftCost) -> (Tally, Vec<Edit>) {
    let mut edits = Vec::new();
    let tally = Aligner::default().align(before, after, q, |edit| edits.push(edit));
    (tally, edits)
}

fn counted(edits: &[Edit]) -> Tally {
    let mut sum = Tally::default();
    for edit in edits {
        match *edit {
            Edit::Kept { .. } => sum.kept += 1,
            Edit::Shifted { from, to } => {
                sum.shifted += 1;
                sum.moved += u64::from(from.abs_diff(to));
            }
            Edit::Removed { .. } => sum.removed += 1,
            Edit::Created { .. } => sum.created += 1,
        }
    }
    sum
}

fn mirrored(edit: Edit) -> Edit {
    match edit {
        Edit::Kept { step } => Edit::Kept { step },
        Edit::Shifted { from, to } => Edit::Shifted { from: to, to: from },
        Edit::Removed { step } => Edit::Created { step },
        Edit::Created { step } => Edit::Removed { step },
    }
}

/// The earlier of an edit's steps.
fn earlier(edit: &Edit) -> u32 {
    match *edit {
        Edit::Kept { step } | Edit::Removed { step } | Edit::Created { step } => step,
        Edit::Shifted { from, to } => from.min(to),
    }
}

/// Cost in 1e-9, most kept, most pairs, least Σ|Δ|: the order of section 8, in its own words.
fn rank(tally: &Tally, q: u64) -> impl Ord + std::fmt::Debug + use<> {
    let cost = u64::from(tally.created + tally.removed) * 1_000_000_000 + q * tally.moved;
    (cost, Reverse(tally.kept), Reverse(tally.kept + tally.shifted), tally.moved)
}

/// Hands the tally of every order-keeping alignment of what follows to `each`: the first spike before has no partner,
/// or any of those after.
fn all_alignments(before: &[u32], after: &[u32], so_far: Tally, each: &mut impl FnMut(Tally)) {
    let Some((&from, rest)) = before.split_first() else {
        return each(Tally { created: so_far.created + after.len() as u32, ..so_far });
    };
    all_alignments(rest, after, Tally { removed: so_far.removed + 1, ..so_far }, each);
    for (skipped, &to) in after.iter().enumerate() {
        let mut next = Tally { created: so_far.created + skipped as u32, ..so_far };
        if from == to {
            next.kept += 1;
        } else {
            next.shifted += 1;
            next.moved += u64::from(from.abs_diff(to));
        }
        all_alignments(rest, &after[skipped + 1..], next, each);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_the_best_of_all_alignments((before, after) in two_trains(), (q, nano) in select(&PRICES[..])) {
        let mut best: Option<Tally> = None;
        all_alignments(&before, &after, Tally::default(), &mut |found| {
            if best.is_none_or(|best| rank(&found, nano) < rank(&best, nano)) {
                best = Some(found);
            }
        });
        prop_assert_eq!(Some(tally(&before, &after, ShiftCost::new(q).unwrap())), best);
    }

    #[test]
    fn edits_add_up((before, after) in two_trains(), q in price()) {
        let (sum, edits) = align(&before, &after, q);
        prop_assert_eq!(sum, counted(&edits));
        prop_assert_eq!(sum, tally(&before, &after, q));
        let singles = f64::from(sum.created + sum.removed);
        prop_assert!((sum.distance(q) - (singles + q.q() * sum.moved as f64)).abs() < 1e-9);

        // In the order of the edits both trains come out in full and rising: no pairs cross.
        let (mut from, mut to) = (Vec::new(), Vec::new());
        for edit in &edits {
            match *edit {
                Edit::Kept { step } => {
                    from.push(step);
                    to.push(step);
                }
                Edit::Shifted { from: f, to: t } => {
                    prop_assert!(f != t && q.q() * f64::from(f.abs_diff(t)) <= 2.0);
                    from.push(f);
                    to.push(t);
                }
                Edit::Removed { step } => from.push(step),
                Edit::Created { step } => to.push(step),
            }
        }
        prop_assert_eq!((from, to), (before, after));
        prop_assert!(edits.windows(2).all(|two| earlier(&two[0]) < earlier(&two[1])));
    }

    #[test]
    fn swapping_mirrors((before, after) in two_trains(), q in price()) {
        let (there, edits) = align(&before, &after, q);
        let (back, mirror) = align(&after, &before, q);
        prop_assert_eq!(back, Tally { created: there.removed, removed: there.created, ..there });
        prop_assert_eq!(back.distance(q), there.distance(q));
        prop_assert_eq!(mirror, edits.into_iter().map(mirrored).collect::<Vec<_>>());
    }

    #[test]
    fn only_equal_trains_are_at_no_distance((before, after) in two_trains(), q in price()) {
        let distance = tally(&before, &after, q).distance(q);
        prop_assert!(distance >= 0.0);
        if q.q() > 0.0 {
            prop_assert_eq!(distance == 0.0, before == after);
        } else {
            prop_assert_eq!(distance, before.len().abs_diff(after.len()) as f64);
        }
        let kept = Tally { kept: before.len() as u32, ..Tally::default() };
        prop_assert_eq!(tally(&before, &before, q), kept);
    }

    #[test]
    fn a_detour_is_no_shorter((a, b) in two_trains(), c in train(), q in price()) {
        let distance = |x: &[u32], y: &[u32]| tally(x, y, q).distance(q);
        // Distances are rounded once each; costs are whole in 1e-9.
        prop_assert!(distance(&a, &b) <= distance(&a, &c) + distance(&c, &b) + 1e-10);
    }

    #[test]
    fn common_ends_change_nothing(
        (before, after) in two_trains(),
        (start, end) in (train(), train()),
        q in price(),
    ) {
        let between = |middle: &[u32]| -> Vec<u32> {
            let (middle, end) = (middle.iter().map(|t| t + STEPS), end.iter().map(|t| t + 2 * STEPS));
            start.iter().copied().chain(middle).chain(end).collect()
        };
        let (sum, edits) = align(&before, &after, q);
        let (longer, more) = align(&between(&before), &between(&after), q);
        let kept = (start.len() + end.len()) as u32;
        prop_assert_eq!(longer, Tally { kept: sum.kept + kept, ..sum });

        let shift = |edit| match edit {
            Edit::Kept { step } => Edit::Kept { step: step + STEPS },
            Edit::Shifted { from, to } => Edit::Shifted { from: from + STEPS, to: to + STEPS },
            Edit::Removed { step } => Edit::Removed { step: step + STEPS },
            Edit::Created { step } => Edit::Created { step: step + STEPS },
        };
        let inner: Vec<Edit> = edits.into_iter().map(shift).collect();
        prop_assert_eq!(&more[start.len()..more.len() - end.len()], &inner[..]);
    }

    #[test]
    fn work_memory_leaves_no_trace(trains in prop::collection::vec((two_trains(), price()), 1..12)) {
        let mut aligner = Aligner::default();
        for ((before, after), q) in trains {
            let mut edits = Vec::new();
            let sum = aligner.align(&before, &after, q, |edit| edits.push(edit));
            prop_assert_eq!((sum, edits), align(&before, &after, q));
            prop_assert_eq!(aligner.tally(&before, &after, q), sum);
        }
    }

    #[test]
    fn a_layer_is_the_sum_of_its_units(
        units in prop::collection::vec(two_trains(), 0..6),
        more_steps in (0..9_usize, 0..9_usize),
        q in price(),
    ) {
        let raster = |steps, of: &dyn Fn(usize) -> Vec<u32>| {
            let events = (0..units.len()).flat_map(|u| of(u).into_iter().map(move |step| (step, u as u32)));
            Raster::from_events(units.len(), STEPS as usize + steps, events.collect())
        };
        let before = raster(more_steps.0, &|u| units[u].0.clone());
        let after = raster(more_steps.1, &|u| units[u].1.clone());

        let mut sum = Tally::default();
        let mut edits = Vec::new();
        for (unit, (from, to)) in units.iter().enumerate() {
            let (tally, of_unit) = align(from, to, q);
            sum += tally;
            let changed = of_unit.into_iter().filter(|edit| !matches!(edit, Edit::Kept { .. }));
            edits.extend(changed.map(|edit| (unit as u32, edit)));
        }
        prop_assert_eq!(ChangeCounter::default().count(&before, &after, q), sum);
        let all = changes(&[before], &[after], q);
        prop_assert_eq!(all.total(), sum);
        prop_assert_eq!(&all.layers[0].edits, &edits);
        let shifts: u32 = all.shift_histogram().iter().map(|&(_, count)| count).sum();
        prop_assert_eq!(shifts, sum.shifted);
    }
}
