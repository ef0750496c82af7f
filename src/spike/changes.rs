//! What an update did to the spikes of every layer ([model §8](crate::model#8-spike-changes)).

use super::{Aligner, Edit, Raster, ShiftCost, Tally, Trains};

/// What an update did to the spikes of one layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerChanges {
    pub tally: Tally,
    /// All edits but the kept spikes, as `(unit, edit)`: unit by unit, and within a unit in order of time.
    pub edits: Vec<(u32, Edit)>,
}

/// What an update did to the spikes of all layers, on one sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub layers: Vec<LayerChanges>,
}

impl Changes {
    /// Summed over the layers.
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for layer in &self.layers {
            total += layer.tally;
        }
        total
    }

    /// How many spikes of all layers moved by how many steps (later: positive), as `(Δ, count)`, Δ rising and not 0.
    /// Runs are far shorter than 2³¹ steps.
    pub fn shift_histogram(&self) -> Vec<(i32, u32)> {
        let mut shifts: Vec<i32> = Vec::new();
        for (_, edit) in self.layers.iter().flat_map(|layer| &layer.edits) {
            if let Edit::Shifted { from, to } = *edit {
                shifts.push(to.wrapping_sub(from) as i32);
            }
        }
        shifts.sort_unstable();
        shifts.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
    }
}

/// Compares the rasters of one sample before and after an update, layer by layer.
///
/// The two rasters of a layer have equal units, but may differ in their number of steps (the run of a latency loss
/// stops early): what was not run has no spikes.
///
/// # Panics
/// When the numbers of layers, or of the units of a layer, differ.
pub fn changes(before: &[Raster], after: &[Raster], q: ShiftCost) -> Changes {
    assert_eq!(before.len(), after.len(), "rasters of different networks");
    let mut counter = ChangeCounter::default();
    let layer = |(before, after)| {
        let mut layer = LayerChanges::default();
        counter.compare(before, after, q, &mut layer);
        layer
    };
    Changes { layers: before.iter().zip(after).map(layer).collect() }
}

/// Counts what changed between two rasters of a layer. Keep one: once it has seen the largest rasters, it does not
/// allocate any more.
#[derive(Clone, Debug, Default)]
pub struct ChangeCounter {
    before: Trains,
    after: Trains,
    aligner: Aligner,
}

impl ChangeCounter {
    /// The tallies of all units, summed; see [`changes`].
    ///
    /// # Panics
    /// When the numbers of units differ.
    pub fn count(&mut self, before: &Raster, after: &Raster, q: ShiftCost) -> Tally {
        self.fill(before, after);
        self.aligner.reserve_steps(after.steps());
        let mut sum = Tally::default();
        for unit in 0..before.units() {
            sum += self.aligner.tally(self.before.of(unit), self.after.of(unit), q);
        }
        sum
    }

    /// The same with the edits, in the memory of `changes`.
    ///
    /// # Panics
    /// When the numbers of units differ.
    pub fn compare(&mut self, before: &Raster, after: &Raster, q: ShiftCost, changes: &mut LayerChanges) {
        self.fill(before, after);
        changes.tally = Tally::default();
        changes.edits.clear();
        for unit in 0..before.units() {
            let keep = |edit| {
                if !matches!(edit, Edit::Kept { .. }) {
                    changes.edits.push((unit as u32, edit));
                }
            };
            changes.tally += self.aligner.align(self.before.of(unit), self.after.of(unit), q, keep);
        }
    }

    fn fill(&mut self, before: &Raster, after: &Raster) {
        assert_eq!(before.units(), after.units(), "rasters of different layers");
        self.before.fill(before);
        self.after.fill(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three units; a run of 40 steps, and one that stopped after 12.
    fn two() -> (Raster, Raster) {
        let before = Raster::from_events(3, 40, vec![(2, 0), (8, 0), (30, 0), (5, 1), (7, 2)]);
        let after = Raster::from_events(3, 12, vec![(4, 0), (8, 0), (6, 1), (11, 1), (7, 2)]);
        (before, after)
    }

    #[test]
    fn edits_and_tally_of_a_layer() {
        let (before, after) = two();
        let q = ShiftCost::default();
        let layer = &changes(std::slice::from_ref(&before), std::slice::from_ref(&after), q).layers[0];
        assert_eq!(
            layer.edits,
            [
                (0, Edit::Shifted { from: 2, to: 4 }),
                (0, Edit::Removed { step: 30 }),
                (1, Edit::Shifted { from: 5, to: 6 }),
                (1, Edit::Created { step: 11 }),
            ]
        );
        assert_eq!(layer.tally, Tally { kept: 2, shifted: 2, created: 1, removed: 1, moved: 3 });
        assert_eq!(ChangeCounter::default().count(&before, &after, q), layer.tally);
    }

    #[test]
    fn layers_add_up() {
        let (before, after) = two();
        let first = [before.clone(), after.clone(), before.clone()];
        let all = changes(&first, &[after, before.clone(), before], ShiftCost::default());
        assert_eq!(all.total(), Tally { kept: 2 + 2 + 5, shifted: 4, created: 2, removed: 2, moved: 6 });
        assert_eq!(all.shift_histogram(), [(-2, 1), (-1, 1), (1, 1), (2, 1)]);
        assert_eq!(all.layers[2].edits, []);
    }

    #[test]
    fn equal_shifts_are_counted_together() {
        let before = Raster::from_events(3, 9, vec![(1, 0), (1, 1), (5, 2)]);
        let after = Raster::from_events(3, 9, vec![(3, 0), (3, 1), (4, 2)]);
        let all = changes(&[before], &[after], ShiftCost::default());
        assert_eq!(all.shift_histogram(), [(-1, 1), (2, 2)]);
    }

    #[test]
    fn nothing_to_compare() {
        let all = changes(&[], &[], ShiftCost::default());
        assert_eq!((all.total(), all.shift_histogram()), (Tally::default(), vec![]));
        let none = ChangeCounter::default().count(&Raster::new(0), &Raster::silent(0, 5), ShiftCost::default());
        assert_eq!(none, Tally::default());
    }

    #[test]
    #[should_panic = "different layers"]
    fn units_must_be_equal() {
        ChangeCounter::default().count(&Raster::new(2), &Raster::new(3), ShiftCost::default());
    }
}
