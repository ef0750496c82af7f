//! The gradients of the three rules, seen through a whole pass: against differences where potentials are smooth, on any
//! number of threads and instruction set, and with values that are not finite.

use spikescape::loss::{LossKind, LossSettings};
use spikescape::rule::{Rule, RuleSettings};
use spikescape::snn::text::parse;
use spikescape::snn::{Isa, Network, NeuronSettings, Params};
use spikescape::spike::{Raster, Sample, Target};
use spikescape::train::initial::initial_params;
use spikescape::train::pass::{BatchPass, Model};

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

fn pass(isa: Isa, net: &Network, params: &Params, rule: Rule, kind: LossKind) -> (BatchPass, Params) {
    let dynamics = NeuronSettings { alpha_i: 0.7, alpha_v: 0.9, ..Default::default() }.dynamics(STEPS);
    let (samples, loss) = (samples(net), LossSettings { kind, ..Default::default() });
    let (mut pass, mut gradient) = (BatchPass::default(), net.zero_params());
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
        let weighed = |other: &BatchPass| -> f64 {
            let both = held.adjoints().iter().zip(other.traces());
            let pairs = both.flat_map(|(a, t)| a.layers[l].g_v.iter().zip(t.layers[l].potential().unwrap()));
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
