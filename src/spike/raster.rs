//! Spikes of one layer in event form: by step for the network, by unit for everything that looks at trains.

use ndarray::{Array2, ArrayView2};

use super::reserve::Reserve;

/// The spikes of `units` neurons over `steps` time steps, sorted by step and, within a step, by unit.
///
/// Memory is proportional to the number of spikes plus the number of steps; a raster can be refilled without
/// allocating ([`Raster::clear`], [`Raster::push`], [`Raster::end_step`]).
///
/// What average pooling passes on are fractions of a spike. Such a raster is *graded*: each event has a value in
/// (0, 1]. In a plain one all of them are 1 and none is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Raster {
    units: usize,
    /// `ends[t]` is the index behind the last event of step `t`.
    ends: Vec<u32>,
    events: Vec<u32>,
    /// One for each event, or none at all in a plain raster.
    values: Vec<f32>,
}

/// Values are never NaN.
impl Eq for Raster {}

impl Raster {
    /// An empty raster of no steps, to be filled step by step.
    pub fn new(units: usize) -> Self {
        Self { units, ends: Vec::new(), events: Vec::new(), values: Vec::new() }
    }

    /// `steps` steps without a spike.
    pub fn silent(units: usize, steps: usize) -> Self {
        Self { units, ends: vec![0; steps], events: Vec::new(), values: Vec::new() }
    }

    /// From `(step, unit)` pairs in any order; doubles count once.
    ///
    /// # Panics
    /// When a step or a unit lies outside the raster: readers check their input before they come here.
    pub fn from_events(units: usize, steps: usize, mut events: Vec<(u32, u32)>) -> Self {
        events.sort_unstable();
        events.dedup();
        let mut raster = Self::new(units);
        raster.ends.reserve_exact(steps);
        raster.events.reserve_exact(events.len());
        let mut next = events.into_iter().peekable();
        for step in 0..steps as u32 {
            while let Some((_, unit)) = next.next_if(|e| e.0 == step) {
                assert!((unit as usize) < units, "unit {unit} outside a raster of {units}");
                raster.push(unit);
            }
            raster.end_step();
        }
        assert!(next.peek().is_none(), "an event lies behind the last of {steps} steps");
        raster
    }

    /// From an array `[step, unit]`: a spike wherever a value is not 0.
    pub fn from_array(array: ArrayView2<f32>) -> Self {
        let mut raster = Self::new(array.ncols());
        for step in array.outer_iter() {
            step.iter().enumerate().filter(|(_, value)| **value != 0.0).for_each(|(unit, _)| raster.push(unit as u32));
            raster.end_step();
        }
        raster
    }

    /// As an array `[step, unit]`: the value of each event, which is 1 in a plain raster, and 0 elsewhere.
    pub fn to_array(&self) -> Array2<f32> {
        let mut array = Array2::zeros((self.steps(), self.units));
        for step in 0..self.steps() {
            self.weighted(step).for_each(|(unit, value)| array[(step, unit as usize)] = value);
        }
        array
    }

    /// The same in the memory that is there: `(step, unit)` with units that rise, each at most once, and steps below
    /// `steps`.
    pub fn refill(&mut self, units: usize, steps: usize, spikes: impl Iterator<Item = (usize, u32)> + Clone) {
        self.clear(units);
        self.ends.resize(steps, 0);
        // first how many each step has, then where they begin; each that finds its place moves on, to where they end
        let mut number = 0;
        for (step, _) in spikes.clone() {
            self.ends[step] += 1;
        }
        for end in &mut self.ends {
            number += std::mem::replace(end, number);
        }
        self.events.resize(number as usize, 0);
        for (step, unit) in spikes {
            let place = &mut self.ends[step];
            self.events[*place as usize] = unit;
            *place += 1;
        }
    }

    /// Puts units that came in any order into order, step by step; doubles count once. Only of a plain raster.
    pub fn settle(&mut self) {
        debug_assert!(!self.is_graded(), "values would stay where they are");
        let (mut first, mut kept) = (0, 0);
        for end in &mut self.ends {
            let last = *end as usize;
            let units = &mut self.events[first..last];
            if !units.is_sorted() {
                units.sort_unstable();
            }
            let start = kept;
            for n in first..last {
                if kept == start || self.events[kept - 1] != self.events[n] {
                    self.events[kept] = self.events[n];
                    kept += 1;
                }
            }
            (first, *end) = (last, kept as u32);
        }
        self.events.truncate(kept);
    }

    /// Forgets all steps and keeps the memory.
    pub fn clear(&mut self, units: usize) {
        self.units = units;
        self.ends.clear();
        self.events.clear();
        self.values.clear();
    }

    /// Adds a spike of `unit` to the step under way; units must come in rising order.
    #[inline(always)]
    pub fn push(&mut self, unit: u32) {
        self.events.push(unit);
    }

    /// Adds an event of `value` in (0, 1]. All events of a raster are added with a value, or none.
    #[inline(always)]
    pub fn push_graded(&mut self, unit: u32, value: f32) {
        debug_assert!(value > 0.0 && value <= 1.0 && self.values.len() == self.events.len());
        self.events.push(unit);
        self.values.push(value);
    }

    /// Closes the step under way.
    #[inline(always)]
    pub fn end_step(&mut self) {
        self.ends.push(self.events.len() as u32);
    }

    /// Drops every step from `steps` on.
    pub fn truncate(&mut self, steps: usize) {
        if steps < self.ends.len() {
            self.ends.truncate(steps);
            self.events.truncate(self.ends.last().map_or(0, |&e| e as usize));
            self.values.truncate(self.events.len());
        }
    }

    /// Makes `self` equal to `other`, reusing memory.
    pub fn copy_from(&mut self, other: &Raster) {
        self.units = other.units;
        self.ends.clear();
        self.ends.extend_from_slice(&other.ends);
        self.events.clear();
        self.events.extend_from_slice(&other.events);
        self.values.clear();
        self.values.extend_from_slice(&other.values);
    }

    /// Adds `steps` of `other`, which has as many units and, where it is graded, is the only one that is added.
    pub fn extend_from(&mut self, other: &Raster, steps: std::ops::Range<usize>) {
        if steps.is_empty() {
            return;
        }
        let (first, last) = (other.start(steps.start), other.ends[steps.end - 1] as usize);
        let shift = self.events.len() as u32;
        self.ends.extend(other.ends[steps].iter().map(|end| end - first as u32 + shift));
        self.events.extend_from_slice(&other.events[first..last]);
        if other.is_graded() {
            self.values.extend_from_slice(&other.values[first..last]);
        }
    }

    /// The number of spikes that there is memory for.
    pub fn capacity(&self) -> usize {
        self.events.capacity()
    }

    /// Takes memory for `steps` steps.
    pub fn reserve_steps(&mut self, steps: usize) {
        self.ends.reserve_exact(steps.saturating_sub(self.ends.len()));
    }

    pub fn units(&self) -> usize {
        self.units
    }

    pub fn steps(&self) -> usize {
        self.ends.len()
    }

    /// Number of spikes.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Index into [`Raster::units_of_events`] of the first event of `step`.
    #[inline(always)]
    pub fn start(&self, step: usize) -> usize {
        if step == 0 { 0 } else { self.ends[step - 1] as usize }
    }

    /// The units that spike at `step`, rising.
    #[inline(always)]
    pub fn at(&self, step: usize) -> &[u32] {
        &self.events[self.start(step)..self.ends[step] as usize]
    }

    /// Whether events have values other than 1.
    #[inline(always)]
    pub fn is_graded(&self) -> bool {
        !self.values.is_empty()
    }

    /// The events of `step` with their values, units rising.
    #[inline(always)]
    pub fn weighted(&self, step: usize) -> impl Iterator<Item = (u32, f32)> + '_ {
        let values = if self.is_graded() { &self.values[self.start(step)..] } else { &[] };
        self.at(step).iter().enumerate().map(|(n, &u)| (u, values.get(n).copied().unwrap_or(1.0)))
    }

    /// The same for a raster that is known to be graded or not: of a plain one, the compiler then knows that all values
    /// are 1.
    #[inline(always)]
    pub(crate) fn events<const GRADED: bool>(&self, step: usize) -> impl Iterator<Item = (u32, f32)> + '_ {
        debug_assert_eq!(GRADED, self.is_graded());
        let values: &[f32] = if GRADED { &self.values[self.start(step)..] } else { &[] };
        let value = move |n: usize| if GRADED { values.get(n).copied().unwrap_or(1.0) } else { 1.0 };
        self.at(step).iter().enumerate().map(move |(n, &u)| (u, value(n)))
    }

    /// The unit of every event, in order of time.
    pub fn units_of_events(&self) -> &[u32] {
        &self.events
    }

    /// All spikes as `(step, unit)`.
    pub fn iter(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        (0..self.steps()).flat_map(|t| self.at(t).iter().map(move |&u| (t, u)))
    }

    /// Whether `unit` spikes at `step`.
    pub fn contains(&self, step: usize, unit: u32) -> bool {
        step < self.steps() && self.at(step).binary_search(&unit).is_ok()
    }

    /// Spikes up to and including `step`.
    pub fn count_through(&self, step: usize) -> usize {
        self.ends.get(step.min(self.steps().wrapping_sub(1))).map_or(0, |&e| e as usize)
    }

    /// The first step with a spike of any unit.
    pub fn first_step(&self) -> Option<usize> {
        self.ends.iter().position(|&e| e > 0)
    }

    /// The same spikes by unit.
    pub fn trains(&self) -> Trains {
        let mut trains = Trains::default();
        trains.fill(self);
        trains
    }
}

impl Reserve for Raster {
    fn reserve_like(&mut self, like: &Self) {
        self.ends.reserve_like(&like.ends);
        self.events.reserve_like(&like.events);
        self.values.reserve_like(&like.values);
    }
}

/// The same spikes by unit: for each of them its steps, rising.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trains {
    /// `starts[u]..starts[u + 1]` are the spikes of unit `u`; one entry more than units.
    starts: Vec<u32>,
    steps: Vec<u32>,
}

impl Trains {
    /// Makes these the trains of `raster`, reusing memory.
    pub fn fill(&mut self, raster: &Raster) {
        self.starts.clear();
        self.starts.resize(raster.units() + 2, 0);
        for &u in raster.units_of_events() {
            self.starts[u as usize + 2] += 1;
        }
        for u in 2..self.starts.len() {
            self.starts[u] += self.starts[u - 1];
        }
        self.steps.clear();
        // so that it grows when the raster does, and at no other time
        self.steps.reserve_exact(raster.capacity());
        self.steps.resize(raster.len(), 0);
        let mut first = 0;
        for (step, &end) in raster.ends.iter().enumerate() {
            // most steps of most rasters are empty
            if end as usize > first {
                for &u in &raster.events[first..end as usize] {
                    let place = &mut self.starts[u as usize + 1];
                    self.steps[*place as usize] = step as u32;
                    *place += 1;
                }
                first = end as usize;
            }
        }
        self.starts.pop();
    }

    pub fn units(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The steps at which `unit` spikes, rising.
    pub fn of(&self, unit: usize) -> &[u32] {
        &self.steps[self.starts[unit] as usize..self.starts[unit + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Raster {
        Raster::from_events(4, 5, vec![(3, 1), (0, 2), (3, 0), (0, 2), (4, 3)])
    }

    #[test]
    fn events_are_sorted_and_unique() {
        let r = small();
        assert_eq!(r.iter().collect::<Vec<_>>(), [(0, 2), (3, 0), (3, 1), (4, 3)]);
        assert_eq!((r.units(), r.steps(), r.len()), (4, 5, 4));
        assert_eq!(r.at(3), [0, 1]);
        assert!(r.contains(4, 3) && !r.contains(1, 3) && !r.contains(9, 3));
    }

    #[test]
    fn a_refilled_raster_is_a_new_one() {
        let mut r = small();
        for (units, steps, spikes) in [(6, 4, vec![(2, 0), (0, 3), (2, 4)]), (3, 2, vec![]), (9, 1, vec![(0, 8)])] {
            r.refill(units, steps, spikes.iter().copied());
            let events = spikes.iter().map(|&(t, u)| (t as u32, u)).collect();
            assert_eq!(r, Raster::from_events(units, steps, events));
        }
    }

    #[test]
    fn settled_units_are_sorted_and_unique() {
        let events = [(0, 3), (0, 1), (0, 3), (2, 5), (2, 0), (2, 0), (3, 7), (3, 0)];
        let mut r = small();
        r.refill(8, 5, events.iter().copied());
        r.settle();
        assert_eq!(r, Raster::from_events(8, 5, events.iter().map(|&(t, u)| (t as u32, u)).collect()));
        r.settle();
        assert_eq!(r.iter().collect::<Vec<_>>(), [(0, 1), (0, 3), (2, 0), (2, 5), (3, 0), (3, 7)]);
    }

    #[test]
    fn trains_are_the_transpose() {
        let t = small().trains();
        assert_eq!((0..4).map(|u| t.of(u).to_vec()).collect::<Vec<_>>(), [vec![3], vec![3], vec![0], vec![4]]);
    }

    #[test]
    fn truncation_keeps_the_steps_before() {
        let mut r = small();
        r.truncate(4);
        assert_eq!((r.steps(), r.len()), (4, 3));
        r.truncate(0);
        assert_eq!((r.steps(), r.len()), (0, 0));
    }

    #[test]
    fn fractions_go_with_their_events() {
        let mut r = Raster::new(3);
        r.push_graded(1, 0.25);
        r.end_step();
        r.end_step();
        r.push_graded(0, 1.0);
        r.push_graded(2, 0.5);
        r.end_step();
        assert_eq!(r.weighted(2).collect::<Vec<_>>(), [(0, 1.0), (2, 0.5)]);
        let mut copy = Raster::new(0);
        copy.copy_from(&r);
        assert_eq!(copy, r);
        copy.truncate(1);
        assert_eq!(copy.weighted(0).collect::<Vec<_>>(), [(1, 0.25)]);
        copy.clear(2);
        assert!(!copy.is_graded() && r.is_graded());
        assert_eq!(small().weighted(3).collect::<Vec<_>>(), [(0, 1.0), (1, 1.0)]);
    }

    #[test]
    fn an_array_has_a_row_per_step_and_becomes_the_same_raster() {
        let array = small().to_array();
        assert_eq!(array.dim(), (5, 4));
        assert_eq!(array.row(3).to_vec(), [1.0, 1.0, 0.0, 0.0]);
        assert_eq!(array.sum(), 4.0);
        assert_eq!(Raster::from_array(array.view()), small());
        let mut graded = Raster::new(2);
        graded.push_graded(1, 0.25);
        graded.end_step();
        assert_eq!(graded.to_array().row(0).to_vec(), [0.0, 0.25]);
        assert_eq!(Raster::from_array(Raster::silent(3, 0).to_array().view()), Raster::silent(3, 0));
    }

    #[test]
    fn counts_and_firsts() {
        let r = small();
        assert_eq!((0..6).map(|t| r.count_through(t)).collect::<Vec<_>>(), [1, 1, 1, 3, 4, 4]);
        assert_eq!(r.first_step(), Some(0));
        assert_eq!(Raster::silent(3, 2).first_step(), None);
        assert_eq!(Raster::new(3).count_through(0), 0);
    }
}
