//! Where each rule would lift or lower a potential: dL/dv of the three rules at the same state ([model
//! §5](crate::model#5-the-three-rules-backward)).

use crate::rule::{Rule, RuleSettings};
use crate::snn::{Layer, Params};
use crate::spike::Raster;
use crate::train::pass::BatchPass;

use super::Setup;

/// Work memory for [`RuleGradients`]; it fits one network.
#[derive(Debug)]
pub struct GradientDesk {
    pub(super) pass: BatchPass,
    pub(super) gradient: Params,
}

impl Default for GradientDesk {
    fn default() -> Self {
        let mut pass = BatchPass::default();
        pass.keep_potential = true;
        Self { pass, gradient: Params::default() }
    }
}

/// What the three rules see of the watched sample, in every layer with weights.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleGradients {
    /// Steps that counted.
    pub steps: usize,
    /// The loss of all samples.
    pub loss: f64,
    /// In the order of [`Rule::ALL`], for each layer of the network; empty in layers without weights.
    rules: [Vec<LayerGradients>; 3],
}

/// One rule in one layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayerGradients {
    /// g_v, `[time][stride]` (see [`Layer::place`]).
    pub g_v: Vec<f32>,
    /// g_s, likewise; empty for the timing-based rule, which has none.
    pub g_s: Vec<f32>,
    /// g_t, one for each spike in the order of the layer's raster; empty for the activation-based rule, which has none.
    pub g_t: Vec<f32>,
    /// g_i, `[time][stride]`; empty in the lowest layer with weights, below which nobody asks for it.
    pub g_i: Vec<f32>,
    /// ef2, `[time][stride]`; empty in the lowest layer with weights and for the activation-based rule.
    pub ef2: Vec<f32>,
}

/// One rule at one neuron; all `[time]`. A positive g_v is a potential that the rule would lower.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientLane {
    pub rule: Rule,
    /// dL/dv.
    pub g_v: Vec<f32>,
    /// What the activation part sees of the spikes; zero for the timing-based rule.
    pub g_s: Vec<f32>,
    /// What the timing part sees, at spikes; zero for the activation-based rule.
    pub g_t: Vec<f32>,
}

impl RuleGradients {
    /// One pass forward at `params` and three back. Clipping and penalty are done to the gradients of weights and leave these
    /// as they are.
    pub fn of(setup: &Setup, params: &Params, desk: &mut GradientDesk) -> Self {
        let GradientDesk { pass, gradient } = desk;
        gradient.0.resize(params.0.len(), 0.0);
        let loss = pass.forward(setup.model, params, setup.samples, setup.loss, setup.time);
        let rules = Rule::ALL.map(|rule| {
            let settings = RuleSettings { rule, ..*setup.rule };
            // what is not finite stays to be seen in the lanes
            let _ = pass.backward(setup.model, params, setup.samples, &settings, gradient);
            setup.model.net.layers.iter().enumerate().map(|(l, layer)| kept(setup, pass, rule, l, layer)).collect()
        });
        Self { steps: pass.steps, loss, rules }
    }

    /// Those of `rule` in layer `index`.
    pub fn layer(&self, rule: Rule, index: usize) -> &LayerGradients {
        &self.rules[Rule::ALL.iter().position(|r| *r == rule).expect("it is one of all")][index]
    }

    /// Those of `rule` at neuron `unit` of `layer`, whose number is `index` and which fired `spikes`.
    pub fn lane(&self, rule: Rule, index: usize, layer: &Layer, spikes: &Raster, unit: usize) -> GradientLane {
        let (all, place) = (self.layer(rule, index), layer.place(unit));
        let column = |values: &[f32]| match values {
            [] => vec![0.0; self.steps],
            values => values.iter().skip(place).step_by(layer.stride).copied().collect(),
        };
        let mut g_t = vec![0.0; self.steps];
        for (t, g_t) in g_t.iter_mut().enumerate().filter(|_| !all.g_t.is_empty()) {
            if let Ok(at) = spikes.at(t).binary_search(&(unit as u32)) {
                *g_t = all.g_t[spikes.start(t) + at];
            }
        }
        GradientLane { rule, g_v: column(&all.g_v), g_s: column(&all.g_s), g_t }
    }
}

/// What the last backward pass left in layer `l` of the watched sample.
fn kept(setup: &Setup, pass: &BatchPass, rule: Rule, l: usize, layer: &Layer) -> LayerGradients {
    if !layer.has_weights() {
        return LayerGradients::default();
    }
    let (all, lowest) = (&pass.adjoints()[setup.watched], l == setup.model.net.lowest());
    let adjoint = &all.layers[l];
    let raster = &pass.traces()[setup.watched].layers[l].spikes;
    let (rows, spikes) = (pass.steps * layer.stride, raster.len());
    let (far, early) = (all.horizon * layer.stride, raster.start(all.horizon));
    // later than the horizon every gradient is zero; the memory is reused, so that there may be more of it than was written
    let of = |there: bool, values: &[f32], written: usize, length: usize| {
        let mut kept = if there { values[..written].to_vec() } else { Vec::new() };
        kept.resize(if there { length } else { 0 }, 0.0);
        kept
    };
    LayerGradients {
        g_v: of(true, &adjoint.g_v, far, rows),
        g_s: of(rule != Rule::Timing, &all.g_s[l], far, rows),
        g_t: of(rule != Rule::Activation, &adjoint.g_t, early, spikes),
        g_i: of(!lowest, &adjoint.g_i, far, rows),
        ef2: of(!lowest && rule != Rule::Activation, &adjoint.ef2, far, rows),
    }
}

#[cfg(test)]
mod tests {
    use super::super::layer::slope_at;
    use super::*;
    use crate::loss::{LossKind, LossSettings};
    use crate::rule::SurrogateShape;
    use crate::snn::exp::exp_neg;
    use crate::snn::text::parse;
    use crate::snn::{Isa, NeuronSettings};
    use crate::spike::{Sample, Target};
    use crate::train::initial::initial_params;
    use crate::train::pass::Model;

    const STEPS: usize = 25;

    fn samples() -> Vec<Sample> {
        let input = |b: u32| {
            let all = (0..STEPS as u32).flat_map(|t| (0..72).map(move |u| (t, u)));
            Raster::from_events(72, STEPS, all.filter(|(t, u)| (t * 7 + u * 5 + b).is_multiple_of(6)).collect())
        };
        let spikes = Raster::from_events(2, STEPS, vec![(4, 0), (9, 1), (20, 1)]);
        (0..2).map(|b| Sample { input: input(b), target: Target { spikes: spikes.clone(), label: 1 } }).collect()
    }

    /// The equations of section 5 tie g_v to g_s, g_t, σ(v) and v′, in every kind of layer; g_v itself agrees with the
    /// reference in `tests/cases.rs`.
    #[test]
    fn lanes_fit_together_as_the_model_says() {
        let net = parse("2x6x6 - conv9k3 - avg2 - conv3k3 - max2 - flatten - fc4 - fc2").unwrap();
        let (params, samples) = (initial_params(&net, 6.0, 3), samples());
        let dynamics = NeuronSettings { alpha_i: 0.7, alpha_v: 0.9, ..Default::default() }.dynamics(STEPS);
        let model = Model { net: &net, dynamics: &dynamics, isa: Isa::best() };
        let rule = RuleSettings { lambda_act: 0.7, lambda_timing: 1.6, ..Default::default() };
        let (mut desk, mut seen) = (GradientDesk::default(), [0usize; 3]);
        for (kind, shape) in LossKind::ALL.into_iter().flat_map(|kind| SurrogateShape::ALL.map(|shape| (kind, shape))) {
            let rule = RuleSettings { shape, ..rule };
            let loss = LossSettings { kind, ..Default::default() };
            let setup = Setup { model, loss: &loss, rule: &rule, time: STEPS, samples: &samples, watched: 1 };
            let activity = setup.run(&params, &mut BatchPass::default());
            let gradients = RuleGradients::of(&setup, &params, &mut desk);
            assert_eq!((gradients.steps, gradients.loss), (activity.steps, activity.loss));
            for index in setup.neurons() {
                let at = setup.layer(&activity, index);
                let (layer, potential) = (at.layer(), at.alone(&params).potential);
                for unit in 0..layer.outputs {
                    for (n, rule_of) in Rule::ALL.into_iter().enumerate() {
                        let lane = gradients.lane(rule_of, index, layer, at.spikes, unit);
                        let [act, tim] = match rule_of {
                            Rule::Antlr => [0.7, 1.6],
                            Rule::Activation => [1.0, 0.0],
                            Rule::Timing => [0.0, 1.0],
                        };
                        for t in 0..activity.steps {
                            let v = potential[t * layer.stride + layer.place(unit)];
                            let x = 3.0 * (v - 1.0).abs();
                            let sigma = match shape {
                                SurrogateShape::Exponential => exp_neg(-x),
                                SurrogateShape::FastSigmoid => 1.0 / ((1.0 + x) * (1.0 + x)),
                                SurrogateShape::Arctan => 1.0 / (1.0 + x * x),
                                SurrogateShape::Triangle => (1.0 - x).max(0.0),
                                SurrogateShape::Rectangle => f32::from(u8::from(x <= 1.0)),
                            };
                            let slope = slope_at(&potential, layer.stride, layer.place(unit), t);
                            let expected = act * sigma * lane.g_s[t] - tim * lane.g_t[t] / slope;
                            let size = (act * sigma * lane.g_s[t]).abs() + (tim * lane.g_t[t] / slope).abs();
                            let off = (lane.g_v[t] - expected).abs();
                            assert!(
                                off <= 1e-5 * size,
                                "{kind:?} {shape:?} {rule_of} {index}/{unit} at {t}: {lane:?} {expected}"
                            );
                            assert!(lane.g_t[t] == 0.0 || at.spikes.contains(t, unit as u32));
                            seen[n] += usize::from(lane.g_v[t] != 0.0);
                        }
                    }
                }
            }
        }
        assert!(seen.iter().all(|n| *n > 500), "the test needs gradients: {seen:?}");
    }
}
