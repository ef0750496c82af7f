use super::*;
use crate::loss::LossKind;
use crate::snn::text::parse;
use crate::snn::{Isa, NeuronSettings};
use crate::spike::{Sample, Target};
use crate::train::initial::initial_params;
use crate::train::{Settings, Trainer};

fn follow(before: &[u32], alone: &[u32], after: &[u32]) -> (Vec<[Option<u32>; 2]>, Vec<Creation>) {
    let mut chain = SpikeChain::default();
    // reused, so that what an earlier neuron left does no harm
    chain.follow([&[1, 5, 9], &[2, 5, 80], &[5]], ShiftCost::default());
    chain.follow([before, alone, after], ShiftCost::default());
    (chain.old, chain.new)
}

#[test]
fn a_spike_is_followed_through_both_alignments() {
    let (old, new) = follow(&[10, 40, 70], &[12, 40, 95], &[11, 41, 60]);
    assert_eq!(old, [[Some(12), Some(11)], [Some(40), Some(41)], [None, None]]);
    assert_eq!(new, [(95, Origin::Weights, None), (60, Origin::Inputs, Some(60))]);
    assert_eq!(follow(&[], &[], &[]), (vec![], vec![]));
    assert_eq!(follow(&[3], &[3], &[]), (vec![[Some(3), None]], vec![]));
}

#[test]
fn shifts_by_weights_and_by_inputs_add_up() {
    let spike = |alone, after| PromisedSpike { unit: 0, step: 20, delta_v: 0.42, slope: 0.2, alone, after };
    let moved = spike(Some(18), Some(19));
    assert!((moved.promised() + 2.1).abs() < 1e-6);
    assert_eq!((moved.by_weights(), moved.by_inputs(), moved.verdict()), (Some(-2), Some(1), Verdict::Kept));
    let gone = spike(None, None);
    assert_eq!((gone.by_weights(), gone.by_inputs(), gone.verdict()), (None, None, Verdict::Removed));
}

/// A run's update, explained for every sample of its batch.
fn explained(settings: Settings, updates: usize) -> (Trainer, Vec<UpdatePromise>) {
    let mut trainer = Trainer::new(settings, Isa::best());
    (0..updates).for_each(|_| trainer.step().unwrap());
    let before = trainer.params().clone();
    trainer.step().unwrap();
    let settings = trainer.settings();
    let dynamics = settings.neuron.dynamics(settings.task.steps);
    let one = |watched: usize| {
        let setup = Setup::of(trainer.net(), &dynamics, settings, trainer.batch(), watched);
        UpdatePromise::of(&setup, &before, trainer.params(), ShiftCost::default(), &mut BatchPass::default())
    };
    let promises = (0..trainer.batch().len()).map(one).collect();
    (trainer, promises)
}

#[test]
fn the_lowest_layer_has_what_its_own_weights_did_to_it_and_nothing_else() {
    for kind in LossKind::ALL {
        let mut settings = Settings::default();
        settings.loss.kind = kind;
        settings.task.pairs = 5;
        let (trainer, promises) = explained(settings, 20);
        assert_eq!(promises[0].before.layers, trainer.spikes_before().1, "{kind:?}");
        assert!(promises[0].after.layers.iter().eq(trainer.spikes()), "{kind:?}");
        let spikes: usize = promises.iter().map(|promise| promise.layers[0].spikes.len()).sum();
        assert!(spikes > 100, "{kind:?}: the test needs spikes, {spikes} are few");
        for lowest in promises.iter().map(|promise| &promise.layers[0]) {
            assert!(lowest.spikes.iter().all(|spike| spike.by_inputs().unwrap_or(0) == 0));
            assert!(
                lowest.created.iter().all(|spike| spike.origin == Origin::Weights && spike.after == Some(spike.step))
            );
        }
    }
}

#[test]
fn every_spike_is_told_of_once() {
    let (_, promises) = explained(Settings::default(), 60);
    let [promise] = &promises[..] else { panic!("one sample") };
    for layer in &promise.layers {
        let number = |spikes: &Raster| spikes.len();
        assert_eq!(layer.spikes.len(), number(&promise.before.layers[layer.index]));
        let there = layer.spikes.iter().filter(|s| s.after.is_some()).count()
            + layer.created.iter().filter(|s| s.after.is_some()).count();
        assert_eq!(there, number(&promise.after.layers[layer.index]));
        let tally = PromiseTally::of(layer);
        assert_eq!(tally.spikes() as usize, layer.spikes.len());
        assert_eq!((tally.created + tally.created_by_inputs) as usize, layer.created.len());
        for unit in 0..5 {
            let train: Vec<u32> = layer.of_unit(unit).iter().map(|s| s.step).collect();
            assert_eq!(train, promise.before.layers[layer.index].trains().of(unit as usize));
        }
    }
}

#[test]
fn an_update_that_changes_nothing_promises_nothing_and_keeps_it() {
    let (trainer, _) = explained(Settings::default(), 5);
    let settings = trainer.settings();
    let dynamics = settings.neuron.dynamics(settings.task.steps);
    let setup = Setup::of(trainer.net(), &dynamics, settings, trainer.batch(), 0);
    let params = trainer.params();
    let promise = UpdatePromise::of(&setup, params, params, ShiftCost::default(), &mut BatchPass::default());
    for layer in &promise.layers {
        assert!(layer.shift.iter().all(|v| *v == 0.0) && layer.created.is_empty());
        assert!(layer.spikes.iter().all(|s| s.verdict() == Verdict::Stayed && s.after == Some(s.step)));
    }
}

/// While no reset moves, δv is exact: the potentials after a step that moves no spike are v + δv. So it is for every kind of
/// layer, with fractions of spikes coming in.
#[test]
fn the_promised_potential_comes_where_no_spike_moves() {
    let net = parse("2x6x6 - conv9k3 - avg2 - conv3k3 - max2 - flatten - fc4 - fc2").unwrap();
    let (steps, params) = (25, initial_params(&net, 6.0, 3));
    let dynamics = NeuronSettings { alpha_i: 0.7, alpha_v: 0.9, ..Default::default() }.dynamics(steps);
    let all = (0..steps as u32).flat_map(|t| (0..72).map(move |u| (t, u)));
    let input = Raster::from_events(72, steps, all.filter(|(t, u)| (t * 7 + u * 5) % 6 == 0).collect());
    let sample = Sample { input, target: Target { spikes: Raster::silent(2, steps), label: 0 } };
    let settings = Settings::default();
    let mut setup = Setup::of(&net, &dynamics, &settings, std::slice::from_ref(&sample), 0);
    setup.time = steps;
    let was = setup.run(&params, &mut BatchPass::default());
    let noise = initial_params(&net, 2e-3, 8);
    let mut moved = params.clone();
    moved.0.iter_mut().zip(&noise.0).for_each(|(p, n)| *p += n);
    let step = difference(&params, &moved);
    let mut compared = 0;
    for index in setup.neurons() {
        let at = setup.layer(&was, index);
        let (before, after, shift) = (at.alone(&params), at.alone(&moved), at.potential_shift(&step));
        assert_eq!(&before.spikes, at.spikes);
        let stride = at.layer().stride;
        for unit in 0..at.layer().outputs {
            if before.spikes.trains().of(unit) != after.spikes.trains().of(unit) {
                continue;
            }
            compared += before.spikes.trains().of(unit).len();
            for at in (at.layer().place(unit)..steps * stride).step_by(stride) {
                let (came, promised) = (after.potential[at] - before.potential[at], shift[at]);
                assert!((came - promised).abs() < 2e-5, "layer {index}, unit {unit}: {came} {promised}");
            }
        }
        assert!(shift.iter().any(|v| v.abs() > 1e-4), "the test needs a step that is seen");
    }
    assert!(compared > 100, "the test needs spikes that stay: {compared}");
}
