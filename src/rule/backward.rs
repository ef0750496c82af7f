//! The backward pass of one sample (model.md, section 5), from the top layer down, each layer for all steps at once.

use crate::snn::forward::{block, block_mut};
use crate::snn::network::LANES;
use crate::snn::{Dynamics, LayerKind, Network, OutputGradient, Params, Trace, exp::exp_neg};

use super::route::{self, Route};
use super::{Rule, RuleSettings};

/// The slope v′ is bounded below by this.
const SLOPE_MIN: f32 = 0.01;

/// Neurons that go back in time side by side.
const WIDE: usize = 2 * LANES;

/// What the backward pass of one sample leaves in every layer.
#[derive(Clone, Debug)]
pub struct Adjoint {
    pub layers: Vec<LayerAdjoint>,
}

/// All arrays are `[time][stride]` but the last two. Layers without weights have only what passes through them.
#[derive(Clone, Debug, Default)]
pub struct LayerAdjoint {
    /// g_v, the potential's gradient.
    pub potential: Vec<f32>,
    /// g_s on the way in, g_i on the way out.
    pub current: Vec<f32>,
    /// g_t, zero but at spikes.
    timing: Vec<f32>,
    /// ef2 of the timing rule.
    effect: Vec<f32>,
    /// Σ_t g_dep, `[stride]`.
    pub bias: Vec<f32>,
    /// The weights of a convolution as the way down needs them.
    turned: Vec<f32>,
}

impl Adjoint {
    pub fn new(net: &Network) -> Self {
        Self { layers: vec![LayerAdjoint::default(); net.layers.len()] }
    }
}

/// Fills `adjoint` from the derivatives at the output.
///
/// Always inlined, so that [`crate::snn::Isa::run`] compiles it for the instruction set at hand.
#[inline(always)]
pub fn backward(
    net: &Network,
    dynamics: &Dynamics,
    settings: &RuleSettings,
    params: &Params,
    trace: &Trace,
    seeds: &OutputGradient,
    adjoint: &mut Adjoint,
) {
    for l in (0..net.layers.len()).rev() {
        let (here, above) = adjoint.layers[l..].split_first_mut().expect("an adjoint for each layer");
        let size = trace.steps * net.layers[l].stride;
        for values in [&mut here.current, &mut here.timing] {
            values.resize(size, 0.0);
        }
        match above.first_mut() {
            None => {
                route::from_output(&net.layers[l], trace.steps, &seeds.by_spike, &mut here.current);
                route::from_output(&net.layers[l], trace.steps, &seeds.by_time, &mut here.timing);
            }
            Some(above) => from_above(net, l, dynamics, settings.rule, params, trace, above, here),
        }
        if net.layers[l].has_weights() {
            for values in [&mut here.potential, &mut here.effect] {
                values.resize(size, 0.0);
            }
            let (steps, stride, potential) = (trace.steps, net.layers[l].stride, &trace.layers[l].potential);
            let pass = LayerPass { dynamics, settings, steps, stride, potential };
            match settings.rule {
                Rule::Activation => pass.run::<true, false>(here),
                Rule::Timing => pass.run::<false, true>(here),
                Rule::Antlr => pass.run::<true, true>(here),
            }
        }
    }
}

/// g_s and g_t of layer `l`, as far as the rule asks for them, from the layer above it.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "what is read, then what is written")]
fn from_above(
    net: &Network,
    l: usize,
    dynamics: &Dynamics,
    rule: Rule,
    params: &Params,
    trace: &Trace,
    above: &mut LayerAdjoint,
    here: &mut LayerAdjoint,
) {
    let (below, up) = (&net.layers[l], &net.layers[l + 1]);
    let r = Route { below, up, steps: trace.steps, beta_i: dynamics.beta_i };
    let (weights, spikes, pooled) = (&params.0[up.weights()], &trace.layers[l].spikes, &trace.layers[l + 1]);
    if rule != Rule::Timing {
        let (from, to) = (&above.current, &mut here.current);
        match up.kind {
            LayerKind::Fc { .. } => route::activation_through_fc(r, weights, from, to),
            LayerKind::Conv { kernel, .. } => {
                route::activation_through_conv(r, kernel, weights, from, to, &mut above.turned);
            }
            LayerKind::AvgPool { size } => route::activation_through_average(r, size, from, to),
            LayerKind::MaxPool { size } => route::activation_through_maximum(r, size, pooled, from, to),
            LayerKind::Flatten => route::through_flatten(r, from, to),
        }
    }
    if rule != Rule::Activation {
        here.timing.fill(0.0);
        // a layer with weights hands down ef2, the others what they were handed themselves
        let (effect, from, to) = (&above.effect, &above.timing, &mut here.timing);
        match up.kind {
            LayerKind::Fc { .. } => route::timing_through_fc(r, weights, spikes, effect, to),
            LayerKind::Conv { kernel, .. } => route::timing_through_conv(r, kernel, weights, spikes, effect, to),
            LayerKind::AvgPool { size } => route::timing_through_average(r, size, &pooled.spikes, from, to),
            LayerKind::MaxPool { .. } => route::timing_through_maximum(r, pooled, from, to),
            LayerKind::Flatten => route::through_flatten(r, from, to),
        }
    }
}

/// The recursions of one layer, back in time.
struct LayerPass<'a> {
    dynamics: &'a Dynamics,
    settings: &'a RuleSettings,
    steps: usize,
    stride: usize,
    potential: &'a [f32],
}

impl LayerPass<'_> {
    #[inline(always)]
    fn run<const ACTIVATION: bool, const TIMING: bool>(&self, here: &mut LayerAdjoint) {
        here.bias.resize(self.stride, 0.0);
        let mut at = 0;
        while at + WIDE <= self.stride {
            self.block::<WIDE, ACTIVATION, TIMING>(at, here);
            at += WIDE;
        }
        while at < self.stride {
            self.block::<LANES, ACTIVATION, TIMING>(at, here);
            at += LANES;
        }
    }

    #[inline(always)]
    fn block<const W: usize, const ACTIVATION: bool, const TIMING: bool>(&self, at: usize, here: &mut LayerAdjoint) {
        let Dynamics { alpha_i, alpha_v, beta_v, .. } = *self.dynamics;
        let both = ACTIVATION && TIMING;
        let weight_s = self.settings.surrogate_alpha * if both { self.settings.lambda_act } else { 1.0 };
        let (weight_s, sharp) = (weight_s as f32, self.settings.surrogate_beta as f32);
        let weight_t = if both { self.settings.lambda_timing as f32 } else { 1.0 };
        // the step after: zero behind the last
        let [mut g_v, mut ef1, mut ef2, mut g_dep, mut g_i, mut bias] = [[0.0f32; W]; 6];
        let mut v: [f32; W] = *block(self.potential, (self.steps - 1) * self.stride + at);
        for t in (0..self.steps).rev() {
            let row = t * self.stride + at;
            let before = if t > 0 { *block(self.potential, row - self.stride) } else { [0.0; W] };
            let g_s: &mut [f32; W] = block_mut(&mut here.current, row);
            let g_t: &[f32; W] = block(&here.timing, row);
            for k in 0..W {
                let spiked = v[k] >= 1.0;
                let alive = if spiked { 0.0 } else { 1.0 };
                let mut now = 0.0;
                if ACTIVATION {
                    now += weight_s * exp_neg(-sharp * (v[k] - 1.0).abs()) * g_s[k];
                }
                if TIMING {
                    let kept = if before[k] >= 1.0 { 0.0 } else { before[k] };
                    let rise = v[k] - kept;
                    let slope = if rise < SLOPE_MIN { SLOPE_MIN } else { rise };
                    now += if spiked { weight_t * (g_t[k] / -slope) } else { 0.0 };
                    ef1[k] = alive * (0.5 * g_v[k] + alpha_v * ef1[k]) - 0.5 * alpha_v * now;
                    ef2[k] = alive * alpha_i * ef2[k] - 0.5 * beta_v * alpha_i * now + beta_v * ef1[k];
                }
                g_v[k] = now;
                g_dep[k] = now + alpha_v * alive * g_dep[k];
                g_i[k] = beta_v * g_dep[k] + alpha_i * alive * g_i[k];
                bias[k] += g_dep[k];
            }
            *g_s = g_i;
            if TIMING {
                *block_mut(&mut here.effect, row) = ef2;
            }
            *block_mut(&mut here.potential, row) = g_v;
            v = before;
        }
        *block_mut(&mut here.bias, at) = bias;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loss::{LossKind, LossSettings};
    use crate::snn::text::parse;
    use crate::snn::{Isa, NeuronSettings};
    use crate::spike::{Raster, Sample, Target};
    use crate::train::initial::initial_params;
    use crate::train::pass::{Model, Pass};

    const STEPS: usize = 12;

    fn samples(net: &Network) -> Vec<Sample> {
        let input = |b: usize| {
            let all = (0..STEPS).flat_map(|t| (0..net.inputs).map(move |u| (t, u)));
            let some = all.filter(|(t, u)| (t * 13 + u * 7 + b * 3).is_multiple_of(9));
            Raster::from_events(net.inputs, STEPS, some.map(|(t, u)| (t as u32, u as u32)).collect())
        };
        let target = Raster::from_events(net.outputs(), STEPS, vec![(3, 0), (5, 1)]);
        (0..3).map(|b| Sample { input: input(b), target: Target { spikes: target.clone(), label: b % 2 } }).collect()
    }

    fn pass(isa: Isa, net: &Network, params: &Params, rule: Rule, kind: LossKind) -> (Pass, Params) {
        let dynamics = NeuronSettings { alpha_i: 0.7, alpha_v: 0.9, ..Default::default() }.dynamics(STEPS);
        let (samples, loss) = (samples(net), LossSettings { kind, ..Default::default() });
        let (mut pass, mut gradient) = (Pass::default(), net.zero_params());
        let model = Model { net, dynamics: &dynamics, isa };
        pass.forward(model, params, &samples, &loss, STEPS);
        let settings = RuleSettings { rule, ..Default::default() };
        pass.backward(model, params, &samples, &settings, &mut gradient);
        (pass, gradient)
    }

    /// While nothing spikes, potentials are linear in the parameters, and Σ g_v · v with g_v held has the gradient
    /// that the rule gives: differences of it must agree.
    #[test]
    fn differences_agree_where_potentials_are_smooth() {
        for text in ["2x4x5 - conv3k3", "2x4x5 - conv3k3 - flatten", "2x4x5 - flatten - fc3", "1x3x3 - conv2k5"] {
            let net = parse(text).unwrap();
            let mut params = initial_params(&net, 0.2, 5);
            let at = |params: &Params| pass(Isa::best(), &net, params, Rule::Activation, LossKind::SpikeTrain);
            let (held, gradient) = at(&params);
            let l = net.layers.iter().position(|l| l.has_weights()).unwrap();
            let layer = &net.layers[l];
            assert!(held.traces.iter().all(|t| t.layers[l].spikes.is_empty()), "{text}: the test needs silence");
            let weighed = |other: &Pass| -> f64 {
                let both = held.adjoints.iter().zip(&other.traces);
                let pairs = both.flat_map(|(a, t)| a.layers[l].potential.iter().zip(&t.layers[l].potential));
                pairs.map(|(g, v)| f64::from(*g) * f64::from(*v)).sum()
            };
            let size = gradient.0.iter().map(|g| g.abs()).fold(0.0, f32::max);
            let weights = (0..layer.filters()).flat_map(|f| (0..layer.fan_in()).map(move |i| layer.weight_at(f, i)));
            let biases = (0..layer.filters()).map(|f| layer.biases().start + f);
            for place in weights.step_by(5).chain(biases) {
                let kept = params.0[place];
                let [up, down] = [0.01, -0.01].map(|h| {
                    params.0[place] = kept + h;
                    weighed(&at(&params).0)
                });
                params.0[place] = kept;
                let (slope, given) = ((up - down) / 0.02, f64::from(gradient.0[place]));
                assert!((slope - given).abs() < 1e-3 * f64::from(size), "{text} at {place}: {slope} {given}");
            }
        }
    }

    #[test]
    fn every_instruction_set_and_number_of_threads_gives_the_same_bits() {
        let net = parse("2x9x7 - conv12k3 - avg2 - conv17k3 - max2 - flatten - fc11 - fc2").unwrap();
        let params = initial_params(&net, 6.0, 5);
        for rule in Rule::ALL {
            let digest = |isa| pass(isa, &net, &params, rule, LossKind::SpikeTrain).1.digest();
            let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
            let many = rayon::ThreadPoolBuilder::new().num_threads(5).build().unwrap();
            let first = alone.install(|| digest(Isa::best()));
            assert_ne!(first, net.zero_params().digest());
            assert_eq!(many.install(|| digest(Isa::best())), first);
            for isa in Isa::available() {
                assert_eq!(digest(isa), first, "{rule:?} {}", isa.name());
            }
        }
    }

    #[test]
    fn poison_reaches_the_gradient() {
        let net = parse("2x6x6 - conv3k3 - avg2 - conv3k3 - flatten - fc2").unwrap();
        for (l, layer) in net.layers.iter().enumerate().filter(|(_, l)| l.has_weights()) {
            let mut params = initial_params(&net, 6.0, 5);
            params.0[layer.biases().start] = f32::NAN;
            let (_, gradient) = pass(Isa::best(), &net, &params, Rule::Antlr, LossKind::SpikeTrain);
            assert!(gradient.0[layer.all()].iter().any(|g| !g.is_finite()), "layer {l}");
        }
    }
}
