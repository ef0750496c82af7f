use super::*;
use crate::snn::{Isa, Network, NeuronSettings};
use crate::spike::{Raster, Sample, Target};
use crate::train::pass::Model;
use crate::train::{Settings, Trainer};

const SCALE: LineScale = LineScale { points: 101, range: 0.5 };

#[test]
fn every_point_is_visited_once_and_coarse_ones_first() {
    for points in [1, 3, 33, 101, 256] {
        let scale = LineScale { points, range: 2.0 };
        let order = scale.order();
        assert!(order[..order.len().min(2 * (points / 32) + 1)].contains(&(points / 2)), "{points}: {order:?}");
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..points).collect::<Vec<_>>());
    }
    assert_eq!((SCALE.value(0), SCALE.value(50), SCALE.value(100)), (-0.5, 0.0, 0.5));
}

/// One neuron, whose PSP has its peak after some steps: as its weight grows, a spike appears at the peak and moves forward.
fn one_neuron(line: impl FnOnce(&Setup, &Network)) {
    let net = Network::fully_connected(1, &[1]);
    let neuron = NeuronSettings { alpha_i: 0.8, alpha_v: 0.9, ..NeuronSettings::default() };
    let dynamics = neuron.dynamics(30);
    let input = Raster::from_events(1, 30, vec![(3, 0)]);
    let target = Target { spikes: Raster::from_events(1, 30, vec![(6, 0)]), label: 0 };
    let samples = [Sample { input, target }];
    let settings = Settings::default();
    let model = Model { net: &net, dynamics: &dynamics, isa: Isa::best() };
    let setup = Setup { model, loss: &settings.loss, rule: &settings.rule, time: 30, samples: &samples, watched: 0 };
    line(&setup, &net);
}

#[test]
fn a_spike_begins_at_the_peak_and_moves_forward_along_its_tangent() {
    one_neuron(|setup, net| {
        let [mut centre, mut direction] = [(); 2].map(|()| net.zero_params());
        centre.0[net.layers[0].weight_at(0, 0)] = 1.2;
        direction.0[net.layers[0].weight_at(0, 0)] = 1.0;
        let weight = WeightLine { centre: &centre, direction: &direction };
        let mut line = SpikeLine::new(SCALE, SpikeLine::neurons_of(setup, None));
        line.measure(setup, weight, &SCALE.order(), &mut LineDesk::default());
        assert!(line.is_whole());
        let curves = line.curves(ShiftCost::default());
        // the weight is 0.7 to 1.7, and the PSP's peak is the weight: the spike begins where that is 1
        let first = &curves[0];
        let CurveEnd::Between { neighbour } = first.begin else { panic!("{first:?}") };
        assert!((SCALE.value(neighbour) + 1.2 - 1.0).abs() < 0.02, "{first:?}");
        assert_eq!((first.spikes[0].0, first.end), (neighbour + 1, CurveEnd::Open));
        assert!(first.spikes.is_sorted_by(|a, b| a.0 < b.0 && a.1 >= b.1), "it only moves forward: {first:?}");
        assert!(first.spikes[0].1 > first.spikes.last().unwrap().1 + 2, "and far");
        // the loss jumps exactly where the spike does
        let known: Vec<&LinePoint> = line.measured().map(|(_, point)| point).collect();
        for pair in known.windows(2) {
            assert_eq!(pair[0].loss == pair[1].loss, pair[0].trains == pair[1].trains);
        }
        let activity = setup.run(&centre, &mut BatchPass::default());
        let tangents = weight.tangents(setup, &activity, line.neurons[0]);
        let v = setup.layer(&activity, 0).potential(&centre, 0);
        let t = tangents[0].step as usize;
        // v is the weight times the PSP until the first spike
        let expected = -(v[t] / 1.2) / (v[t] - v[t - 1]);
        assert!((tangents[0].slope - expected).abs() < 1e-4, "{tangents:?} {expected}");
    });
}

#[test]
fn half_measured_lines_have_curves_and_whole_ones_hold_every_spike_once() {
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..60).for_each(|_| trainer.step().unwrap());
    let settings = trainer.settings();
    let dynamics = settings.neuron.dynamics(settings.task.steps);
    let setup = Setup::of(trainer.net(), &dynamics, settings, trainer.batch(), 0);
    let gradient = setup.gradient(setup.rule, trainer.params(), &mut BatchPass::default());
    let line = WeightLine { centre: trainer.params(), direction: &gradient };
    let own = NeuronAt { layer: 0, unit: 3 };
    let scale = LineScale { points: 65, range: 0.2 };
    let mut spikes = SpikeLine::new(scale, SpikeLine::neurons_of(&setup, Some(own)));
    assert_eq!((spikes.neurons.len(), spikes.neurons[0]), (6, own));
    let (order, mut desk) = (scale.order(), LineDesk::default());
    for piece in order.chunks(20) {
        spikes.measure(&setup, line, piece, &mut desk);
        let curves = spikes.curves(ShiftCost::default());
        let on_curves: usize = curves.iter().map(|curve| curve.spikes.len()).sum();
        let measured = |(_, point): (usize, &LinePoint)| point.trains.iter().map(Vec::len).sum::<usize>();
        assert_eq!(on_curves, spikes.measured().map(measured).sum::<usize>());
    }
    let middle = spikes.points[32].as_ref().unwrap();
    assert_eq!(middle.loss, trainer.loss());
    let output: Vec<Vec<u32>> =
        (0..5).map(|unit| trainer.spikes().last().unwrap().trains().of(unit).to_vec()).collect();
    assert_eq!(middle.trains[1..], output);
    let curves = spikes.curves(ShiftCost::default());
    assert!(curves.iter().any(|c| c.begin != CurveEnd::Open) && curves.iter().any(|c| c.end != CurveEnd::Open));
}

/// The tangent is the slope of the spike time of the smooth potential: along a single weight, while the spike is kept, the real
/// curve follows it.
#[test]
fn curves_of_a_trained_neuron_follow_their_tangents() {
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..200).for_each(|_| trainer.step().unwrap());
    let settings = trainer.settings();
    let dynamics = settings.neuron.dynamics(settings.task.steps);
    let setup = Setup::of(trainer.net(), &dynamics, settings, trainer.batch(), 0);
    let activity = setup.run(trainer.params(), &mut BatchPass::default());
    let (mut same, mut compared) = (0, 0);
    for unit in 0..5u32 {
        for input in 0..50 {
            let mut direction = setup.model.net.zero_params();
            direction.0[setup.model.net.layers[1].weight_at(unit as usize, input)] = 1.0;
            let line = WeightLine { centre: trainer.params(), direction: &direction };
            let neuron = NeuronAt { layer: 1, unit };
            let tangents = line.tangents(&setup, &activity, neuron);
            let Some(first) = tangents.first().filter(|t| (4.0..1e3).contains(&t.slope.abs())) else {
                continue;
            };
            // as far as is worth two steps by the tangent
            let a = 2.0 / first.slope;
            let point = line.point(&setup, a, &[neuron], &mut LineDesk::default());
            let Some(&there) = point.trains[0].first() else { continue };
            compared += 1;
            same += usize::from(there > first.step);
        }
    }
    assert!(compared > 30, "{compared}");
    assert!(same * 10 > compared * 8, "{same} of {compared} move the way of their tangent");
}
