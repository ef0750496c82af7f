//! Why this spike, and why not: the weights whose change made a spike, who asked for it, and how far a missed target is
//! from being met ([model §5](crate::model#5-the-three-rules-backward),
//! [§11](crate::model#11-promised-and-actual-shifts) and [§12](crate::model#12-the-parts-of-a-potential)).

mod asked;
mod missed;

use crate::snn::Params;

use super::layer::slope_at;
use super::line::NeuronAt;
use super::potential::Parts;
use super::step::difference;
use super::{Activity, Setup};

pub use asked::{AskedBy, Demand, Request, demand, requests};
pub use missed::{MissedTarget, RuleSight, missed_targets};

/// What an update did to a neuron's potential at one step.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeCause {
    pub neuron: NeuronAt,
    pub step: u32,
    /// v at this step before the update, …
    pub before: f32,
    /// … with the layer's own new weights while what comes in stays as it was, …
    pub alone: f32,
    /// … and after the update. None where it counts fewer steps.
    pub after: Option<f32>,
    /// v′ before the update.
    pub slope: f32,
    /// What each synapse and the bias changed of the potential at this step, the resets being those before the update; the
    /// largest first, by size, zeros left out. Together they are δv.
    pub synapses: Vec<SynapseCause>,
}

/// What the change of one weight did.
#[derive(Clone, Debug, PartialEq)]
pub struct SynapseCause {
    /// The unit of the layer below; none for the bias.
    pub input: Option<u32>,
    /// The weight before and after the update.
    pub weight: [f32; 2],
    /// Its part of δv.
    pub delta_v: f32,
    /// The steps since the neuron's last reset at which something came in on it, up to this one.
    pub arrivals: Vec<u32>,
}

impl SpikeCause {
    /// What the update from `params[0]` to `params[1]`, at which the samples do what `was` and `is` say, did at `step` of
    /// `neuron`. None where the step did not count before.
    pub fn of(
        setup: &Setup,
        [was, is]: [&Activity; 2],
        [before, after]: [&Params; 2],
        neuron: NeuronAt,
        step: u32,
    ) -> Option<Self> {
        let (t, unit) = (step as usize, neuron.unit as usize);
        if t >= was.steps {
            return None;
        }
        let at = setup.layer(was, neuron.layer);
        let v = at.potential(before, unit);
        let parts = Parts::of(at, &difference(before, after), unit);
        // a spike at the step itself is what this is about: the reset before counts
        let reset = at.train(unit).into_iter().rfind(|&spike| spike < step);
        let since = reset.map_or(0, |spike| spike + 1);
        let arrivals = |input: u32| (since..=step).filter(|&t| at.below.contains(t as usize, input)).collect();
        let synapse = |part: &super::potential::Contribution| {
            let place = part.input.map_or(Some(at.bias_of(unit)), |input| at.weight_between(unit, input as usize));
            let place = place.expect("parts are of weights that there are");
            SynapseCause {
                input: part.input,
                weight: [before.0[place], after.0[place]],
                delta_v: part.potential,
                arrivals: part.input.map(arrivals).unwrap_or_default(),
            }
        };
        Some(Self {
            neuron,
            step,
            before: v[t],
            alone: at.potential(after, unit)[t],
            after: setup.layer(is, neuron.layer).potential(after, unit).get(t).copied(),
            slope: slope_at(&v, 1, 0, t),
            synapses: parts.at(t).iter().map(synapse).collect(),
        })
    }

    /// δv: what the changed weights alone do to the potential at this step, the resets being those before the update.
    pub fn delta_v(&self) -> f32 {
        self.synapses.iter().map(|synapse| f64::from(synapse.delta_v)).sum::<f64>() as f32
    }
}

#[cfg(test)]
mod tests;
