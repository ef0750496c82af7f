use super::super::lanes::{GradientDesk, RuleGradients};
use super::*;
use crate::loss::LossKind;
use crate::rule::Rule;
use crate::snn::text::parse;
use crate::snn::{Isa, NeuronSettings};
use crate::spike::{Raster, Sample, ShiftCost, Target};
use crate::train::initial::initial_params;
use crate::train::pass::{BatchPass, Model};
use crate::train::{Settings, Trainer};

fn near(a: f32, b: f32, size: f32) -> bool {
    (a - b).abs() <= 1e-4 * size.max(1e-6)
}

#[test]
fn synapses_add_up_to_the_promise_and_their_arrivals_lie_after_the_reset() {
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..30).for_each(|_| trainer.step().unwrap());
    let before = trainer.params().clone();
    trainer.step().unwrap();
    let settings = trainer.settings();
    let dynamics = settings.neuron.dynamics(settings.task.steps);
    let setup = Setup::of(trainer.net(), &dynamics, settings, trainer.batch(), 0);
    let mut pass = BatchPass::default();
    let (was, is) = (setup.run(&before, &mut pass), setup.run(trainer.params(), &mut pass));
    let params = [&before, trainer.params()];
    let (step, mut looked) = (difference(params[0], params[1]), 0);
    for index in [0, 1] {
        let (at, layer) = (setup.layer(&was, index), &setup.model.net.layers[index]);
        let (shift, alone) = (at.potential_shift(&step), at.alone(params[1]));
        for (t, unit) in at.spikes.iter() {
            let neuron = NeuronAt { layer: index, unit };
            let cause = SpikeCause::of(&setup, [&was, &is], params, neuron, t as u32).unwrap();
            let place = t * layer.stride + unit as usize;
            assert!(near(cause.delta_v(), shift[place], 1.0), "{} {}", cause.delta_v(), shift[place]);
            assert_eq!(cause.alone.to_bits(), alone.potential[place].to_bits());
            assert!(cause.before >= 1.0);
            assert_eq!(cause.after.unwrap() >= 1.0, is.layers[index].contains(t, unit));
            assert!(cause.synapses.is_sorted_by(|a, b| a.delta_v.abs() >= b.delta_v.abs()));
            let last = at.train(unit as usize).into_iter().rfind(|s| (*s as usize) < t);
            for synapse in cause.synapses.iter().filter(|synapse| synapse.input.is_some()) {
                assert!(!synapse.arrivals.is_empty() && synapse.weight[0] != synapse.weight[1], "{synapse:?}");
                assert!(synapse.arrivals.iter().all(|&s| last.is_none_or(|last| s > last) && s as usize <= t));
            }
            looked += 1;
        }
    }
    assert!(looked > 30, "{looked}");
    let neuron = NeuronAt { layer: 1, unit: 0 };
    assert_eq!(SpikeCause::of(&setup, [&was, &is], params, neuron, 100), None);
}

/// What the neurons above ask for adds up to what is asked, through every kind of layer.
#[test]
fn requests_from_above_add_up() {
    const STEPS: usize = 25;
    let net = parse("2x6x6 - conv9k3 - avg2 - conv3k3 - max2 - flatten - fc4 - fc2").unwrap();
    let params = initial_params(&net, 6.0, 3);
    let all = (0..STEPS as u32).flat_map(|t| (0..72).map(move |u| (t, u)));
    let input = Raster::from_events(72, STEPS, all.filter(|(t, u)| (t * 7 + u * 5) % 6 == 0).collect());
    let target = Target { spikes: Raster::from_events(2, STEPS, vec![(4, 0), (9, 1), (20, 1)]), label: 1 };
    let samples = [Sample { input, target }];
    let dynamics = NeuronSettings { alpha_i: 0.7, alpha_v: 0.9, ..Default::default() }.dynamics(STEPS);
    let settings = Settings::default();
    let model = Model { net: &net, dynamics: &dynamics, isa: Isa::best() };
    let rule = crate::rule::RuleSettings { lambda_act: 0.7, lambda_timing: 1.6, ..settings.rule };
    let setup = Setup { model, loss: &settings.loss, rule: &rule, time: STEPS, samples: &samples, watched: 0 };
    let activity = setup.run(&params, &mut BatchPass::default());
    let gradients = RuleGradients::of(&setup, &params, &mut GradientDesk::default());
    let mut compared = 0;
    for index in setup.neurons() {
        let outputs = net.layers[index].outputs;
        for unit in (0..outputs as u32).step_by(1 + outputs / 20) {
            for step in 0..activity.steps as u32 {
                for rule in Rule::ALL {
                    let at = (NeuronAt { layer: index, unit }, step);
                    let request = requests(&setup, &activity, &params, &gradients, rule, at);
                    if index == 6 {
                        assert!(request.asked.is_empty());
                        continue;
                    }
                    let sum: f32 = request.asked.iter().map(|by| by.g_v).sum();
                    let size: f32 = request.asked.iter().map(|by| by.g_v.abs()).sum();
                    assert!(near(sum, request.g_v, size), "{rule} {at:?}: {sum} {}", request.g_v);
                    assert!(request.asked.iter().all(|by| by.step >= step && by.neuron.layer > index));
                    compared += usize::from(request.g_v != 0.0);
                }
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

#[test]
fn the_loss_says_what_it_wants() {
    let mut settings = Settings::default();
    let trainer = Trainer::new(settings.clone(), Isa::best());
    let dynamics = settings.neuron.dynamics(settings.task.steps);
    let target = trainer.batch()[0].target.spikes.trains();
    let wanted = target.of(0);
    for kind in LossKind::ALL {
        settings.loss.kind = kind;
        let setup = Setup::of(trainer.net(), &dynamics, &settings, trainer.batch(), 0);
        let activity = setup.run(trainer.params(), &mut BatchPass::default());
        let given = activity.output().trains().of(0).to_vec();
        let expected = match kind {
            LossKind::SpikeTrain => Demand::Train { nearest: wanted.first().copied() },
            LossKind::Count => Demand::Count { wanted: wanted.len(), given: given.len() },
            LossKind::Latency => Demand::First { is_label: true, first: given.first().copied() },
        };
        assert_eq!(demand(&setup, &activity, 0, 0), expected);
    }
}

/// One neuron, silent, with its target out of reach: the timing-based rule is blind to it, the other two are not, and their
/// steps lift the potential there.
#[test]
fn a_missed_target_of_a_silent_neuron_is_seen_by_the_activation_part() {
    let net = parse("1 - fc1").unwrap();
    let mut params = net.zero_params();
    params.0[net.layers[0].weight_at(0, 0)] = 0.6;
    let input = Raster::from_events(1, 30, vec![(3, 0)]);
    let target = Target { spikes: Raster::from_events(1, 30, vec![(8, 0)]), label: 0 };
    let samples = [Sample { input, target }];
    let dynamics = NeuronSettings { alpha_i: 0.8, alpha_v: 0.9, ..NeuronSettings::default() }.dynamics(30);
    let mut settings = Settings::default();
    settings.rule.timing_penalty.on = false;
    let model = Model { net: &net, dynamics: &dynamics, isa: Isa::best() };
    let (loss, rule) = (&settings.loss, &settings.rule);
    let setup = Setup { model, loss, rule, time: 30, samples: &samples, watched: 0 };
    let activity = setup.run(&params, &mut BatchPass::default());
    let gradients = RuleGradients::of(&setup, &params, &mut GradientDesk::default());
    let missed = missed_targets(&setup, &activity, (&params, 0.1), &gradients, ShiftCost::default());
    let [missed] = &missed[..] else { panic!("{missed:?}") };
    let v = setup.layer(&activity, 0).potential(&params, 0);
    assert_eq!((missed.unit, missed.step, missed.distance), (0, 8, 1.0 - v[8]));
    assert!(missed.nearest.1 <= missed.distance && (missed.nearest.1 - 0.4).abs() < 0.01, "the peak is the weight");
    let [activation, timing, antlr] = missed.sight;
    assert!(activation.g_v < 0.0 && activation.lift > 0.0 && activation.share > 0.0, "{activation:?}");
    assert_eq!((timing.g_v, timing.lift, timing.share), (0.0, 0.0, 0.0));
    assert_eq!((antlr.g_v, antlr.lift), (activation.g_v, activation.lift));
    let sentence = missed.sentence();
    assert!(sentence.ends_with("; activation and ANTLR see it, timing does not."), "{sentence}");
    // δv of a plain step along the only weight and the bias
    params.0[net.layers[0].weight_at(0, 0)] = 1.5;
    let activity = setup.run(&params, &mut BatchPass::default());
    let gradients = RuleGradients::of(&setup, &params, &mut GradientDesk::default());
    assert!(missed_targets(&setup, &activity, (&params, 0.1), &gradients, ShiftCost::default()).is_empty());
}
