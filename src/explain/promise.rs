//! What an update promised each spike, and what came of it ([model §11](crate::model#11-promised-and-actual-shifts)).
//!
//! To first order a spike at t moves by −δv/v′ steps, both at t. What happens has two causes: the layer's own new weights (before →
//! alone: what comes in stays) and what comes in (alone → after). Both are alignments of section 8.

mod tally;

use crate::snn::Params;
use crate::spike::{Aligner, Edit, Raster, ShiftCost, Trains};
use crate::train::pass::BatchPass;

use super::layer::slope_at;
use super::step::difference;
use super::{Activity, LayerActivity, Setup};

pub use tally::{PromiseTally, Verdict};

/// From this many steps on a spike was promised to move.
pub const LEAST_MOVE: f32 = 0.5;

/// What an update promised in all layers with weights, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdatePromise {
    pub before: Activity,
    pub after: Activity,
    /// Steps that counted both before and after the update: those that are compared.
    pub steps: usize,
    /// From the lowest layer with weights to the output.
    pub layers: Vec<LayerPromise>,
}

/// The same of one layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayerPromise {
    /// The number of the layer, from 0, all layers counted.
    pub index: usize,
    /// δv, `[time][stride]`: what was promised to every potential.
    pub shift: Vec<f32>,
    /// Every spike before the update, neuron by neuron, and within a neuron in order of time.
    pub spikes: Vec<PromisedSpike>,
    /// The spikes that came, in the same order.
    pub created: Vec<CreatedSpike>,
}

/// What was promised to one spike, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PromisedSpike {
    pub unit: u32,
    /// Where it was before the update.
    pub step: u32,
    /// δv there.
    pub delta_v: f32,
    /// v′ there.
    pub slope: f32,
    /// Where the layer's own new weights moved it; none where they removed it.
    pub alone: Option<u32>,
    /// Where it is after the update; none where its own weights or what came in removed it.
    pub after: Option<u32>,
}

/// A spike that was not there before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CreatedSpike {
    pub unit: u32,
    /// Where it appeared.
    pub step: u32,
    /// δv there: positive where the potential was to rise.
    pub delta_v: f32,
    pub origin: Origin,
    /// Where it is after the update; none where what came in removed it again.
    pub after: Option<u32>,
}

/// What created a spike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The layer's own new weights.
    Weights,
    /// What came in.
    Inputs,
}

impl PromisedSpike {
    /// The promised shift −δv/v′ in steps; negative is earlier.
    pub fn promised(&self) -> f32 {
        -self.delta_v / self.slope
    }

    /// By how many steps its own new weights moved it; none where they removed it.
    pub fn by_weights(&self) -> Option<i64> {
        self.alone.map(|to| i64::from(to) - i64::from(self.step))
    }

    /// By how many steps what came in moved it further; none where it, or its own weights, removed it.
    pub fn by_inputs(&self) -> Option<i64> {
        Some(i64::from(self.after?) - i64::from(self.alone?))
    }

    /// Whether the promise was kept, by the layer's own weights alone.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.promised(), self.by_weights())
    }
}

impl UpdatePromise {
    /// Compares the update from `before` to `after` in the watched sample; `q` is the price of a shift.
    pub fn of(setup: &Setup, before: &Params, after: &Params, q: ShiftCost, pass: &mut BatchPass) -> Self {
        let (was, is) = (setup.run(before, pass), setup.run(after, pass));
        let (steps, step) = (was.steps.min(is.steps), difference(before, after));
        let layer = |index: usize| {
            LayerPromise::of(setup.layer(&was, index), [before, after], &step, (&is.layers[index], steps), q)
        };
        let layers = setup.neurons().map(layer).collect();
        Self { before: was, after: is, steps, layers }
    }
}

impl LayerPromise {
    /// `at` is the layer before the update, `step` the difference of `params` before and after it. Its spikes after the
    /// update are compared with those before within the first `steps`.
    pub fn of(
        at: LayerActivity,
        params: [&Params; 2],
        step: &Params,
        (after, steps): (&Raster, usize),
        q: ShiftCost,
    ) -> Self {
        let [before, alone] = params.map(|params| at.alone(params));
        debug_assert_eq!(&before.spikes, at.spikes, "these are not the parameters that made the spikes");
        let mut promise = Self { index: at.index, shift: at.potential_shift(step), ..Self::default() };
        let [was, alone, is] = [at.spikes, &alone.spikes, after].map(|spikes| within(spikes, steps));
        let (layer, mut chain) = (at.layer(), SpikeChain::default());
        for unit in 0..layer.outputs {
            let place = layer.place(unit);
            chain.follow([was.of(unit), alone.of(unit), is.of(unit)], q);
            promise.spikes.extend(was.of(unit).iter().zip(&chain.old).map(|(&step, &[alone, after])| PromisedSpike {
                unit: unit as u32,
                step,
                delta_v: promise.shift[step as usize * layer.stride + place],
                slope: slope_at(&before.potential, layer.stride, place, step as usize),
                alone,
                after,
            }));
            promise.created.extend(chain.new.iter().map(|&(step, origin, after)| CreatedSpike {
                unit: unit as u32,
                step,
                delta_v: promise.shift[step as usize * layer.stride + place],
                origin,
                after,
            }));
        }
        promise
    }

    /// The spikes of one neuron.
    pub fn of_unit(&self, unit: u32) -> &[PromisedSpike] {
        let first = self.spikes.partition_point(|spike| spike.unit < unit);
        &self.spikes[first..][..self.spikes[first..].partition_point(|spike| spike.unit == unit)]
    }
}

fn within(spikes: &Raster, steps: usize) -> Trains {
    let mut spikes = spikes.clone();
    spikes.truncate(steps);
    spikes.trains()
}

/// A created spike: where, by what, and where it is after the update.
type Creation = (u32, Origin, Option<u32>);

/// The spikes of one neuron through both alignments; reused.
#[derive(Debug, Default)]
struct SpikeChain {
    aligner: Aligner,
    /// For each spike before: where it is alone, and after.
    old: Vec<[Option<u32>; 2]>,
    /// What was created.
    new: Vec<Creation>,
    /// Where each spike that is there alone is after.
    further: Vec<Option<u32>>,
}

impl SpikeChain {
    fn follow(&mut self, [before, alone, after]: [&[u32]; 3], q: ShiftCost) {
        let Self { aligner, old, new, further } = self;
        old.clear();
        new.clear();
        further.clear();
        let mut by_inputs = Vec::new();
        aligner.align(alone, after, q, |edit| match edit {
            Edit::Kept { step } => further.push(Some(step)),
            Edit::Shifted { to, .. } => further.push(Some(to)),
            Edit::Removed { .. } => further.push(None),
            Edit::Created { step } => by_inputs.push((step, Origin::Inputs, Some(step))),
        });
        // edits come in order of time, so the spikes of either train come in theirs
        let mut next = further.iter().copied();
        let mut end = || next.next().flatten();
        aligner.align(before, alone, q, |edit| match edit {
            Edit::Kept { step } => old.push([Some(step), end()]),
            Edit::Shifted { to, .. } => old.push([Some(to), end()]),
            Edit::Removed { .. } => old.push([None, None]),
            Edit::Created { step } => new.push((step, Origin::Weights, end())),
        });
        new.append(&mut by_inputs);
    }
}

#[cfg(test)]
mod tests;
