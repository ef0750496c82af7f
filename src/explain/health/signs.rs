//! What is measured of a network before anything is said about its health.

use crate::snn::Layer;
use crate::snn::exp::exp_neg;

use super::super::lanes::GradientDesk;
use super::Patient;

/// One layer with weights over all samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayerSigns {
    /// The number of the layer, from 0, all layers counted.
    pub index: usize,
    /// Steps of all samples together.
    pub steps: usize,
    /// Of each neuron the number of spikes in all samples.
    pub spikes: Vec<u32>,
    /// Of each neuron the greatest σ(v) as a share of its peak.
    pub seen: Vec<f32>,
    /// Of each neuron the difference of its greatest and least potential.
    pub spread: Vec<f32>,
    /// Root mean square of the gradient of the weights, as the optimiser is given it.
    pub gradient: f64,
    /// Its largest entry, by size.
    pub largest: f64,
    /// Root mean square of the weights.
    pub weight: f64,
}

/// From the lowest layer with weights to the output.
pub fn of(patient: &Patient, desk: &mut GradientDesk) -> Vec<LayerSigns> {
    let (setup, GradientDesk { pass, gradient }) = (patient.setup, desk);
    gradient.0.resize(patient.params.0.len(), 0.0);
    pass.forward(setup.model, patient.params, setup.samples, setup.loss, setup.time);
    // what is not finite is found in the gradient
    let _ = pass.backward(setup.model, patient.params, setup.samples, setup.rule, gradient);
    let one = |index: usize| {
        let layer = &setup.model.net.layers[index];
        let mut signs = LayerSigns { index, spikes: vec![0; layer.outputs], ..LayerSigns::default() };
        (signs.gradient, signs.largest) = size(layer, &gradient.0);
        signs.weight = size(layer, &patient.params.0).0;
        let mut span = vec![[f32::INFINITY, f32::NEG_INFINITY]; layer.outputs];
        let mut nearest = vec![f32::INFINITY; layer.outputs];
        for trace in pass.traces() {
            let here = &trace.layers[index];
            signs.steps += trace.steps;
            here.spikes.units_of_events().iter().for_each(|&unit| signs.spikes[unit as usize] += 1);
            let rows = here.potential().unwrap_or_default().chunks_exact(layer.stride).take(trace.steps);
            for row in rows {
                for (unit, ([least, most], nearest)) in span.iter_mut().zip(&mut nearest).enumerate() {
                    let v = row[layer.place(unit)];
                    (*least, *most) = (least.min(v), most.max(v));
                    *nearest = nearest.min((v - 1.0).abs());
                }
            }
        }
        let sharpness = setup.rule.surrogate_beta as f32;
        signs.seen = nearest.iter().map(|away| exp_neg(-sharpness * away)).collect();
        signs.spread = span.iter().map(|[least, most]| most - least).collect();
        signs
    };
    setup.neurons().map(one).collect()
}

/// Root mean square and largest size of the weights of a layer, the padding left out.
fn size(layer: &Layer, values: &[f32]) -> (f64, f64) {
    let number = layer.filters() * layer.fan_in();
    // the padding is zero
    let entries = || values[layer.weights()].iter().map(|x| f64::from(*x));
    let squares: f64 = entries().map(|x| x * x).sum();
    // of two numbers the maximum is the one that is a number
    let largest = entries().map(f64::abs).fold(0.0, f64::max);
    ((squares / number.max(1) as f64).sqrt(), if squares.is_nan() { f64::NAN } else { largest })
}
