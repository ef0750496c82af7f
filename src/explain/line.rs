//! Spike times along a line through weight space ([model
//! §13](crate::model#13-lines-through-weight-space-and-circulation)).
//!
//! Along w + a·d the spikes of a neuron are a set of times that change in whole steps, begin and end: a beginning or an end is
//! a spike created or removed, and the loss jumps only where one of these times does. A [`SpikeLine`] is what was measured of
//! that so far, coarse to fine; [`SpikeLine::curves`] ties spikes of neighbouring points together.

mod curves;

use crate::snn::Params;
use crate::spike::ShiftCost;
use crate::train::pass::BatchPass;

use super::layer::slope_at;
use super::{Activity, Setup};

pub use curves::{CurveEnd, SpikeCurve};

/// Where the line lies: w + a·d.
#[derive(Clone, Copy, Debug)]
pub struct WeightLine<'a> {
    /// w, at a = 0.
    pub centre: &'a Params,
    /// d: a single weight, a rule's gradient, or any other direction.
    pub direction: &'a Params,
}

/// A neuron of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NeuronAt {
    /// The number of its layer, from 0, all layers counted.
    pub layer: usize,
    pub unit: u32,
}

/// The values of a: `points` of them, an odd number, evenly over ± `range`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineScale {
    pub points: usize,
    pub range: f32,
}

/// What happens at one value of a.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePoint {
    /// The loss of all samples.
    pub loss: f64,
    /// Of the watched sample the spike times of every neuron of the line, in their order.
    pub trains: Vec<Vec<u32>>,
}

/// How the timing-based rule expects a spike at a = 0 to move: the tangent −(∂v/∂a)/v′ of its curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tangent {
    pub step: u32,
    /// Steps for a unit of a.
    pub slope: f32,
}

/// What is known of a line so far.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeLine {
    pub scale: LineScale,
    /// Whose spikes are followed.
    pub neurons: Vec<NeuronAt>,
    /// By rising a; none where nothing was measured yet.
    pub points: Vec<Option<LinePoint>>,
}

impl LineScale {
    /// First every sixteenth point, then those between, and so on.
    const COARSEST: usize = 16;

    /// The value of a of point `k`; exactly 0 in the middle.
    pub fn value(&self, k: usize) -> f32 {
        let half = (self.points / 2) as f32;
        if self.points < 2 { 0.0 } else { self.range * (k as f32 - half) / half }
    }

    /// All points, coarse to fine, each once; the middle is among the first.
    pub fn order(&self) -> Vec<usize> {
        let half = self.points / 2;
        let (mut order, mut stride, mut coarser) = (Vec::with_capacity(self.points), Self::COARSEST, None);
        while stride > 0 {
            let new = |k: &usize| {
                let away = k.abs_diff(half);
                away.is_multiple_of(stride) && !coarser.is_some_and(|coarser| away.is_multiple_of(coarser))
            };
            order.extend((0..self.points).filter(new));
            (coarser, stride) = (Some(stride), stride / 2);
        }
        order
    }
}

impl WeightLine<'_> {
    /// Writes the parameters at `a` to `out`; at 0 these are the centre's own.
    pub fn params(&self, a: f32, out: &mut Params) {
        let both = self.centre.0.iter().zip(&self.direction.0);
        out.0.clear();
        out.0.extend(both.map(|(centre, d)| centre + a * d));
    }

    /// The loss and the spike times of `neurons` at `a`.
    pub fn point(&self, setup: &Setup, a: f32, neurons: &[NeuronAt], desk: &mut LineDesk) -> LinePoint {
        let LineDesk { params, pass } = desk;
        self.params(a, params);
        let loss = pass.forward(setup.model, params, setup.samples, setup.loss, setup.time);
        let layers = &pass.traces()[setup.watched].layers;
        let train = |neuron: &NeuronAt| {
            let spikes = &layers[neuron.layer].spikes;
            (0..spikes.steps() as u32).filter(|&t| spikes.contains(t as usize, neuron.unit)).collect()
        };
        LinePoint { loss, trains: neurons.iter().map(train).collect() }
    }

    /// The tangents of the spikes that `neuron` has at a = 0, where the samples do what `activity` says. They hold while what
    /// comes to the neuron stays as it is: that is so for a direction that changes nothing below it.
    pub fn tangents(&self, setup: &Setup, activity: &Activity, neuron: NeuronAt) -> Vec<Tangent> {
        let at = setup.layer(activity, neuron.layer);
        let unit = neuron.unit as usize;
        let v = at.potential(self.centre, unit);
        let change = super::potential::Parts::of(at, self.direction, unit).sum();
        let tangent = |step: u32| Tangent { step, slope: -change[step as usize] / slope_at(&v, 1, 0, step as usize) };
        at.train(unit).into_iter().map(tangent).collect()
    }
}

/// Work memory of a line; it fits one network.
#[derive(Debug, Default)]
pub struct LineDesk {
    params: Params,
    pass: BatchPass,
}

impl SpikeLine {
    pub fn new(scale: LineScale, neurons: Vec<NeuronAt>) -> Self {
        Self { scale, neurons, points: vec![None; scale.points] }
    }

    /// All outputs of the network, and `own` first, where it is given and is not one of them.
    pub fn neurons_of(setup: &Setup, own: Option<NeuronAt>) -> Vec<NeuronAt> {
        let net = setup.model.net;
        let last = net.layers.len() - 1;
        let outputs = (0..net.outputs() as u32).map(|unit| NeuronAt { layer: last, unit });
        own.into_iter().filter(|own| own.layer != last).chain(outputs).collect()
    }

    /// Measures the points with these numbers, for example a piece of [`LineScale::order`].
    pub fn measure(&mut self, setup: &Setup, line: WeightLine, numbers: &[usize], desk: &mut LineDesk) {
        for &k in numbers {
            self.points[k] = Some(line.point(setup, self.scale.value(k), &self.neurons, desk));
        }
    }

    pub fn is_whole(&self) -> bool {
        self.points.iter().all(Option::is_some)
    }

    /// The points measured so far, by rising a.
    pub fn measured(&self) -> impl Iterator<Item = (usize, &LinePoint)> {
        self.points.iter().enumerate().filter_map(|(k, point)| Some((k, point.as_ref()?)))
    }

    /// Spikes of neighbouring measured points tied together by the alignment of section 8, neuron by neuron; each spike of
    /// each measured point lies on one curve.
    pub fn curves(&self, q: ShiftCost) -> Vec<SpikeCurve> {
        curves::of(self, q)
    }
}

#[cfg(test)]
mod tests;
