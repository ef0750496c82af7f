//! Spikes of neighbouring points tied to curves.

use crate::spike::{Aligner, Edit, ShiftCost};

use super::{LinePoint, SpikeLine};

/// The way of one spike along a line.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeCurve {
    /// Its neuron, by its place among [`SpikeLine::neurons`].
    pub neuron: usize,
    /// The measured points on which it is there, by rising a, each with its step; at least one.
    pub spikes: Vec<(usize, u32)>,
    /// Whether it begins within the line: it is created as a rises.
    pub begin: CurveEnd,
    /// Whether it ends within the line: it is removed as a rises.
    pub end: CurveEnd,
}

/// An end of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurveEnd {
    /// The line ends, not the curve.
    Open,
    /// The spike is there on one point and not on the neighbour that has this number: in between it is created or removed.
    Between { neighbour: usize },
}

/// The curves of all neurons, neuron by neuron and within one in the order in which they begin.
pub fn of(line: &SpikeLine, q: ShiftCost) -> Vec<SpikeCurve> {
    let mut all = Vec::new();
    for neuron in 0..line.neurons.len() {
        let mut tracer = Tracer { neuron, q, aligner: Aligner::default(), curves: Vec::new(), open: Vec::new() };
        let mut before = None;
        for (k, point) in line.measured() {
            tracer.advance(before, (k, point));
            before = Some((k, point));
        }
        all.append(&mut tracer.curves);
    }
    all
}

/// Follows the curves of one neuron from point to point.
struct Tracer {
    neuron: usize,
    q: ShiftCost,
    aligner: Aligner,
    curves: Vec<SpikeCurve>,
    /// For each spike of the last point its curve.
    open: Vec<usize>,
}

impl Tracer {
    fn advance(&mut self, before: Option<(usize, &LinePoint)>, (k, point): (usize, &LinePoint)) {
        let Self { neuron, q, aligner, curves, open } = self;
        let train = |point: &LinePoint| point.trains[*neuron].clone();
        let (last, old) = before.map_or((None, Vec::new()), |(k, point)| (Some(k), train(point)));
        let end_at =
            |neighbour: Option<usize>| neighbour.map_or(CurveEnd::Open, |neighbour| CurveEnd::Between { neighbour });
        let (mut next, mut kept) = (open.iter().copied(), Vec::new());
        // edits come in order of time, so the spikes of either point come in theirs
        aligner.align(&old, &train(point), *q, |edit| match edit {
            Edit::Kept { step } | Edit::Shifted { to: step, .. } => {
                let curve = next.next().expect("a curve for each spike");
                curves[curve].spikes.push((k, step));
                kept.push(curve);
            }
            Edit::Removed { .. } => {
                let curve = next.next().expect("a curve for each spike");
                curves[curve].end = end_at(Some(k));
            }
            Edit::Created { step } => {
                kept.push(curves.len());
                let (spikes, begin) = (vec![(k, step)], end_at(last));
                curves.push(SpikeCurve { neuron: *neuron, spikes, begin, end: CurveEnd::Open });
            }
        });
        *open = kept;
    }
}
