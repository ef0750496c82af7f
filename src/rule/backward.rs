//! The backward pass of one sample (model.md, section 5), from the top layer down, each layer for all steps at once.

use crate::snn::conv::Arrivals;
use crate::snn::forward::{Drive, block, block_mut, strips};
use crate::snn::network::LANES;
use crate::snn::network::padded;
use crate::snn::{Dynamics, Layer, LayerKind, Network, OutputGradient, Params, Trace};
use crate::spike::Raster;
use crate::spike::reserve::Reserve;

use super::activation::{self, Source};
use super::strip::{Recursion, Strip};
use super::{Rule, RuleSettings, Turned, timing};

/// [`LANES`] of a strip on the way down: with more, the recursions would not fit into registers.
const WIDE: usize = 2;

/// What the backward pass of one sample leaves in every layer.
#[derive(Clone, Debug)]
pub struct Adjoint {
    pub layers: Vec<LayerAdjoint>,
    /// Wide ones and narrow ones, each in memory of its own, so that it is not cleared from one to the other.
    strips: [Strip; 2],
}

/// Layers without weights have only what passes through them, and nothing below the lowest layer with weights is
/// filled.
#[derive(Clone, Debug, Default)]
pub struct LayerAdjoint {
    /// g_i, rows of `[stride]`: one for each step, or, in the lowest layer with weights, one for each step at which
    /// something came in; nobody asks for the others.
    pub current: Vec<f32>,
    /// Σ_t g_dep, `[stride]`.
    pub bias: Vec<f32>,
    /// g_v, `[time][stride]`, where it was to be kept.
    pub potential: Vec<f32>,
    /// ef2 of the timing rule, `[time][stride]`, where a layer below asks for it.
    pub(super) effect: Vec<f32>,
    /// g_t, one for each event that the layer passed on.
    pub(super) timing: Vec<f32>,
    /// For each [`LANES`] neighbours the step behind their last spike, where timing is all there is.
    pub(super) ends: Vec<u32>,
    /// g_s, `[time][stride]`, where it is needed as a whole: in layers without weights, and beside a g_v that is kept.
    passed: Vec<f32>,
    /// What came to a convolution.
    arrivals: Arrivals,
}

impl Adjoint {
    pub fn new(net: &Network) -> Self {
        Self { layers: vec![LayerAdjoint::default(); net.layers.len()], strips: Default::default() }
    }
}

impl LayerAdjoint {
    /// g_s, `[time][stride]`, where g_v is kept; the timing-based rule has none, and leaves what was there.
    pub fn g_s(&self) -> &[f32] {
        &self.passed
    }

    /// g_t, one for each event that the layer passed on, in their order; the activation-based rule has none, and leaves what
    /// was there.
    pub fn g_t(&self) -> &[f32] {
        &self.timing
    }

    /// ef2, `[time][stride]`; the activation-based rule has none, and leaves what was there.
    pub fn ef2(&self) -> &[f32] {
        &self.effect
    }
}

impl Reserve for Adjoint {
    fn reserve_like(&mut self, like: &Self) {
        for (here, like) in self.layers.iter_mut().zip(&like.layers) {
            here.current.reserve_like(&like.current);
            here.timing.reserve_like(&like.timing);
            here.arrivals.reserve_like(&like.arrivals);
        }
    }
}

/// What the backward passes of a batch have in common.
#[derive(Clone, Copy)]
pub struct Way<'a> {
    pub net: &'a Network,
    pub dynamics: &'a Dynamics,
    pub settings: &'a RuleSettings,
    pub params: &'a Params,
    /// Of these parameters, unless the rule is the timing-based one, which has no use for them.
    pub turned: &'a Turned,
    /// Whether g_v is kept, and g_s beside it.
    pub keep_potential: bool,
}

impl Way<'_> {
    /// Fills `adjoint` from the derivatives at the output.
    ///
    /// Always inlined, so that [`crate::snn::Isa::run`] compiles it for the instruction set at hand.
    #[inline(always)]
    pub fn backward(&self, input: &Raster, trace: &Trace, seeds: &OutputGradient, adjoint: &mut Adjoint) {
        let Adjoint { layers, strips } = adjoint;
        for l in (self.net.lowest()..self.net.layers.len()).rev() {
            let (here, above) = layers[l..].split_first_mut().expect("an adjoint for each layer");
            let (layer, above) = (&self.net.layers[l], above.first());
            if self.settings.rule != Rule::Activation {
                self.timing(l, trace, seeds, above, &mut here.timing);
            }
            // out of its place meanwhile, because the strips are written to the same layer
            let mut passed = std::mem::take(&mut here.passed);
            if self.settings.rule == Rule::Timing {
                if layer.has_weights() {
                    self.neurons(l, input, trace, Source::Rows(&[]), strips, here);
                }
            } else if self.whole(l, trace, seeds, above, &mut passed) {
                if layer.has_weights() {
                    self.neurons(l, input, trace, Source::Rows(&passed), strips, here);
                }
            } else {
                let source = above.map_or(Source::Rows(&seeds.by_spike), |above| self.source(l, above));
                if layer.has_weights() {
                    self.neurons(l, input, trace, source, strips, here);
                }
                if !layer.has_weights() || self.keep_potential {
                    self.pass_on(layer, trace.steps, source, &mut strips[0].gradient, &mut passed);
                }
            }
            here.passed = passed;
        }
    }

    /// g_t of layer `l`, from the loss or from the layer above it.
    #[inline(always)]
    fn timing(&self, l: usize, trace: &Trace, seeds: &OutputGradient, above: Option<&LayerAdjoint>, to: &mut Vec<f32>) {
        let spikes = &trace.layers[l].spikes;
        let Some(above) = above else {
            return timing::from_output(spikes, padded(self.net.outputs()), &seeds.by_time, to);
        };
        let (up, pooled, beta_i) = (&self.net.layers[l + 1], &trace.layers[l + 1], self.dynamics.beta_i);
        let weights = &self.params.0[up.weights()];
        // a layer with weights hands down ef2, the others what they were handed themselves
        match up.kind {
            LayerKind::Fc { .. } => timing::through_fc(up, beta_i, weights, spikes, &above.effect, to),
            LayerKind::Conv { kernel, .. } => {
                timing::through_conv(up, kernel, beta_i, weights, spikes, &above.effect, to);
            }
            LayerKind::AvgPool { size } => {
                timing::through_average(up, size, spikes, &pooled.spikes, &above.timing, to);
            }
            LayerKind::MaxPool { .. } => timing::through_maximum(spikes, pooled, &above.timing, to),
            LayerKind::Flatten => to.clone_from(&above.timing),
        }
    }

    /// Fills `to` with the g_s of layer `l`, `[time][stride]`, where it comes unit by unit; false where it does not.
    #[inline(always)]
    fn whole(
        &self,
        l: usize,
        trace: &Trace,
        seeds: &OutputGradient,
        above: Option<&LayerAdjoint>,
        to: &mut Vec<f32>,
    ) -> bool {
        let (layer, steps) = (&self.net.layers[l], trace.steps);
        let up = self.net.layers.get(l + 1);
        let by_unit = match (above, up.map(|up| up.kind)) {
            (None, _) => layer.to.positions() > 1,
            (_, kind) => matches!(kind, Some(LayerKind::MaxPool { .. } | LayerKind::Flatten)),
        };
        if !by_unit {
            return false;
        }
        to.resize(steps * layer.stride, 0.0);
        match (above, up) {
            (Some(above), Some(up)) => match up.kind {
                LayerKind::MaxPool { size } => {
                    let pooled = &trace.layers[l + 1];
                    activation::through_maximum(layer, up, size, pooled, steps, &above.passed, to);
                }
                _ => activation::by_number(layer, up.stride, steps, &above.passed, to),
            },
            _ => activation::by_number(layer, padded(layer.outputs), steps, &seeds.by_spike, to),
        }
        true
    }

    /// Where else the g_s of layer `l` comes from.
    #[inline(always)]
    fn source<'a>(&'a self, l: usize, above: &'a LayerAdjoint) -> Source<'a> {
        let (up, turned) = (&self.net.layers[l + 1], self.turned.of(l + 1));
        match up.kind {
            LayerKind::Fc { .. } => Source::Fc { up, turned, from: &above.current },
            LayerKind::Conv { kernel, .. } => Source::Conv { up, kernel, turned, from: &above.current },
            LayerKind::AvgPool { size } => Source::Average { up, size, from: &above.passed },
            LayerKind::MaxPool { .. } | LayerKind::Flatten => unreachable!("it comes as a whole"),
        }
    }

    /// The recursions of all neurons of layer `l`.
    #[inline(always)]
    fn neurons(
        &self,
        l: usize,
        input: &Raster,
        trace: &Trace,
        source: Source,
        [wide, narrow]: &mut [Strip; 2],
        here: &mut LayerAdjoint,
    ) {
        let (layer, steps, lowest) = (&self.net.layers[l], trace.steps, l == self.net.lowest());
        let (spikes, v) = (&trace.layers[l].spikes, trace.layers[l].potential());
        let below = if l == 0 { input } else { &trace.layers[l - 1].spikes };
        let rows = if lowest { (0..steps).filter(|&t| !below.at(t).is_empty()).count() } else { steps };
        here.current.resize(rows * layer.stride, 0.0);
        here.bias.resize(layer.stride, 0.0);
        here.effect.resize(if lowest { 0 } else { steps * layer.stride }, 0.0);
        here.potential.resize(if self.keep_potential { steps * layer.stride } else { 0 }, 0.0);
        let LayerAdjoint { current, bias, potential: g_v, effect, timing, ends, arrivals, .. } = here;
        if v.is_none() {
            arrivals.fill(layer, below, 0..steps);
        }
        let drive = Drive { layer, params: self.params, below, arrivals, steps: 0..steps };
        let recursion = Recursion { dynamics: self.dynamics, settings: self.settings, layer, spikes, timing };
        // behind its last spike a neuron has no gradient from timing alone
        ends.clear();
        if self.settings.rule == Rule::Timing {
            recursion.find_ends(ends);
        }
        let mut neighbours = Neighbours {
            recursion,
            steps,
            source,
            v,
            drive,
            below: lowest.then_some(below),
            ends,
            current,
            bias,
            effect,
            g_v,
        };
        for (at, width) in strips(layer, WIDE) {
            match width / LANES {
                WIDE => neighbours.run::<{ WIDE * LANES }>(at, wide),
                _ => neighbours.run::<LANES>(at, narrow),
            }
        }
    }

    /// Fills the g_s of a layer without weights, strip by strip.
    #[inline(always)]
    fn pass_on(&self, layer: &Layer, steps: usize, source: Source, strip: &mut Vec<f32>, to: &mut Vec<f32>) {
        to.resize(steps * layer.stride, 0.0);
        for (at, width) in strips(layer, WIDE) {
            strip.resize(steps * width, 0.0);
            if width > LANES {
                source.fill::<{ WIDE * LANES }>(layer, self.dynamics.beta_i, at, strip);
                activation::put::<{ WIDE * LANES }>(strip, layer.stride, at, to);
            } else {
                source.fill::<LANES>(layer, self.dynamics.beta_i, at, strip);
                activation::put::<LANES>(strip, layer.stride, at, to);
            }
        }
    }
}

/// What neighbouring neurons read, and then what they write, a strip of them at a time.
struct Neighbours<'a> {
    recursion: Recursion<'a>,
    steps: usize,
    source: Source<'a>,
    /// Where it was not kept it is computed again.
    v: Option<&'a [f32]>,
    drive: Drive<'a>,
    /// What came in, where g_i is kept only of the steps at which something did.
    below: Option<&'a Raster>,
    ends: &'a [u32],
    current: &'a mut [f32],
    bias: &'a mut [f32],
    /// Empty where nobody asks for it, and so is the next.
    effect: &'a mut [f32],
    g_v: &'a mut [f32],
}

impl Neighbours<'_> {
    #[inline(always)]
    fn run<const W: usize>(&mut self, at: usize, strip: &mut Strip) {
        let (r, layer, steps) = (self.recursion, self.recursion.layer, self.steps);
        strip.resize(steps, W);
        if let Some(v) = self.v {
            activation::strip::<W>(v, layer.stride, at, &mut strip.potential);
        } else {
            let [mut current, mut kept] = [[0.0; W]; 2];
            self.drive.potentials::<W>(r.dynamics, at, (&mut current, &mut kept), &mut strip.potential);
        }
        if r.settings.rule != Rule::Timing {
            self.source.fill::<W>(layer, r.dynamics.beta_i, at, &mut strip.gradient);
            r.surrogate(strip);
        }
        let ends = self.ends.get(at / LANES..(at + W) / LANES);
        let end = ends.map_or(steps, |ends| ends.iter().fold(0, |a, b| a.max(*b as usize)));
        let bias = match (r.settings.rule, self.effect.is_empty()) {
            (Rule::Activation, _) => r.run::<W, true, false, false>(at, end, strip),
            (Rule::Timing, true) => r.run::<W, false, true, false>(at, end, strip),
            (Rule::Timing, false) => r.run::<W, false, true, true>(at, end, strip),
            (Rule::Antlr, true) => r.run::<W, true, true, false>(at, end, strip),
            (Rule::Antlr, false) => r.run::<W, true, true, true>(at, end, strip),
        };
        *block_mut(self.bias, at) = bias;
        match self.below {
            None => activation::put::<W>(&strip.current, layer.stride, at, self.current),
            Some(below) => {
                let busy = (0..steps).filter(|&t| !below.at(t).is_empty());
                for (t, row) in busy.zip(self.current.chunks_exact_mut(layer.stride)) {
                    *block_mut::<W>(row, at) = *block(&strip.current, t * W);
                }
            }
        }
        activation::put::<W>(&strip.effect, layer.stride, at, self.effect);
        activation::put::<W>(&strip.gradient, layer.stride, at, self.g_v);
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
        pass.keep_potential = true;
        pass.forward(model, params, &samples, &loss, STEPS);
        let settings = RuleSettings { rule, ..Default::default() };
        let _ = pass.backward(model, params, &samples, &settings, &mut gradient);
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
            assert!(held.traces().iter().all(|t| t.layers[l].spikes.is_empty()), "{text}: the test needs silence");
            let weighed = |other: &Pass| -> f64 {
                let both = held.adjoints().iter().zip(other.traces());
                let pairs = both.flat_map(|(a, t)| a.layers[l].potential.iter().zip(t.layers[l].potential().unwrap()));
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
