//! Questions of why: for the built-in experiment, for 784-800-10 neurons and a batch of 16 images, and for a convolutional
//! network and a batch of 8 recordings.

mod work;

use divan::{Bencher, black_box};
use spikescape::explain::cause::{SpikeCause, missed_targets, requests};
use spikescape::explain::health::{Patient, examine};
use spikescape::explain::lanes::{GradientDesk, RuleGradients};
use spikescape::explain::line::{LineDesk, LineScale, NeuronAt, SpikeLine, WeightLine};
use spikescape::explain::potential::{Parts, course};
use spikescape::explain::{Activity, Setup, UpdatePromise};
use spikescape::landscape::{Circulation, Grid};
use spikescape::rule::Rule;
use spikescape::snn::{Dynamics, Params};
use spikescape::spike::ShiftCost;
use spikescape::train::Trainer;
use spikescape::train::pass::BatchPass;

fn main() {
    divan::main();
}

const WORK: [&str; 3] = ["built_in", "mnist", "nmnist_conv"];

/// A run and its last update.
struct Case {
    trainer: Trainer,
    dynamics: Dynamics,
    before: Params,
}

impl Case {
    fn of(name: &str) -> Self {
        let mut trainer = match name {
            "built_in" => work::built_in(Rule::Antlr),
            "mnist" => work::mnist(Rule::Antlr),
            _ => work::nmnist_conv(Rule::Antlr),
        };
        let before = trainer.params().clone();
        trainer.step().unwrap();
        let dynamics = trainer.settings().neuron.dynamics(trainer.settings().task.steps);
        Self { trainer, dynamics, before }
    }

    fn setup(&self) -> Setup<'_> {
        Setup::of(self.trainer.net(), &self.dynamics, self.trainer.settings(), self.trainer.batch(), 0)
    }

    fn after(&self) -> &Params {
        self.trainer.params()
    }

    /// At the parameters before and after the update.
    fn activities(&self) -> [Activity; 2] {
        [&self.before, self.after()].map(|params| self.setup().run(params, &mut BatchPass::default()))
    }
}

/// Of all layers, two passes forward of the batch included.
#[divan::bench(args = WORK)]
fn promises_of_an_update(bencher: Bencher, name: &str) {
    let (case, mut pass) = (Case::of(name), BatchPass::default());
    let setup = case.setup();
    bencher.bench_local(|| UpdatePromise::of(&setup, &case.before, case.after(), ShiftCost::default(), &mut pass));
}

#[divan::bench(args = WORK)]
fn parts_of_a_hidden_potential(bencher: Bencher, name: &str) {
    let case = Case::of(name);
    let (setup, [was, _]) = (case.setup(), case.activities());
    bencher.bench_local(|| Parts::of(setup.layer(&was, 0), &case.before, black_box(3)));
}

#[divan::bench(args = WORK)]
fn course_of_a_hidden_neuron(bencher: Bencher, name: &str) {
    let case = Case::of(name);
    let (setup, [was, _]) = (case.setup(), case.activities());
    bencher.bench_local(|| course(setup.layer(&was, 0), &case.before, setup.rule, black_box(3)));
}

/// Of all neurons, a pass forward and three back of the batch.
#[divan::bench(args = WORK)]
fn lanes_of_the_three_rules(bencher: Bencher, name: &str) {
    let (case, mut desk) = (Case::of(name), GradientDesk::default());
    let setup = case.setup();
    bencher.bench_local(|| RuleGradients::of(&setup, case.after(), &mut desk));
}

/// One of the points of a line, of which a whole one has 101 and more.
#[divan::bench(args = WORK)]
fn a_point_of_a_line(bencher: Bencher, name: &str) {
    let (case, mut desk) = (Case::of(name), LineDesk::default());
    let (setup, own) = (case.setup(), NeuronAt { layer: 0, unit: 3 });
    let line = WeightLine { centre: case.after(), direction: &case.before };
    let neurons = SpikeLine::neurons_of(&setup, Some(own));
    bencher.bench_local(|| line.point(&setup, black_box(0.01), &neurons, &mut desk));
}

#[divan::bench(args = WORK)]
fn curves_of_a_line(bencher: Bencher, name: &str) {
    let case = Case::of(name);
    let (setup, scale) = (case.setup(), LineScale { points: 101, range: 0.1 });
    let line = WeightLine { centre: case.after(), direction: &case.before };
    let mut spikes = SpikeLine::new(scale, SpikeLine::neurons_of(&setup, Some(NeuronAt { layer: 0, unit: 3 })));
    spikes.measure(&setup, line, &scale.order(), &mut LineDesk::default());
    bencher.bench_local(|| spikes.curves(ShiftCost::default()));
}

#[divan::bench(args = WORK)]
fn cause_of_a_spike(bencher: Bencher, name: &str) {
    let case = Case::of(name);
    let (setup, [was, is]) = (case.setup(), case.activities());
    let neuron = NeuronAt { layer: 0, unit: 3 };
    let params = [&case.before, case.after()];
    bencher.bench_local(|| SpikeCause::of(&setup, [&was, &is], params, black_box(neuron), 5));
}

#[divan::bench(args = WORK)]
fn who_asked_for_a_spike(bencher: Bencher, name: &str) {
    let case = Case::of(name);
    let (setup, [was, _]) = (case.setup(), case.activities());
    let gradients = RuleGradients::of(&setup, &case.before, &mut GradientDesk::default());
    let at = (NeuronAt { layer: 0, unit: 3 }, 5);
    bencher.bench_local(|| requests(&setup, &was, &case.before, &gradients, Rule::Antlr, black_box(at)));
}

/// Three gradients of the batch included.
#[divan::bench(args = ["built_in"])]
fn all_missed_targets(bencher: Bencher, name: &str) {
    let case = Case::of(name);
    let (setup, [was, _]) = (case.setup(), case.activities());
    let gradients = RuleGradients::of(&setup, &case.before, &mut GradientDesk::default());
    bencher.bench_local(|| missed_targets(&setup, &was, (&case.before, 0.1), &gradients, ShiftCost::default()));
}

#[divan::bench(args = WORK)]
fn health(bencher: Bencher, name: &str) {
    let (case, mut desk) = (Case::of(name), GradientDesk::default());
    let (setup, settings) = (case.setup(), case.trainer.settings());
    let patient = Patient { settings, setup: &setup, params: case.after(), losses: &[], answers: &[] };
    bencher.bench_local(|| examine(&patient, &mut desk));
}

/// Of a field that is there, whatever the network.
#[divan::bench]
fn circulation_of_51_by_51_points(bencher: Bencher) {
    let grid = Grid { points: 51, range: 1.0 };
    let field: Vec<[f64; 2]> = (0..grid.len()).map(|k| [(k % 7) as f64, (k % 11) as f64]).collect();
    bencher.bench_local(|| Circulation::of(grid, &field));
}
