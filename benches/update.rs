//! One update: forward, loss, backward, optimiser, and what it did to the spikes; and each of these alone.

mod work;

use divan::Bencher;
use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::train::pass::{BatchPass, Model};
use spikescape::train::{Settings, Trainer};

fn main() {
    divan::main();
}

#[divan::bench(args = Rule::ALL)]
fn built_in(bencher: Bencher, rule: Rule) {
    let mut trainer = work::built_in(rule);
    bencher.bench_local(move || trainer.step().unwrap());
}

/// With ANTLR, with each instruction set of this machine.
#[divan::bench(args = Isa::available().into_iter().map(Isa::name))]
fn built_in_by_instruction_set(bencher: Bencher, name: &str) {
    let isa = Isa::available().into_iter().find(|i| i.name() == name).expect("it was listed");
    let mut trainer = work::warm(Settings::default(), Rule::Antlr, isa);
    bencher.bench_local(move || trainer.step().unwrap());
}

#[divan::bench(args = Rule::ALL, sample_count = 40, sample_size = 1)]
fn mnist(bencher: Bencher, rule: Rule) {
    let mut trainer = work::mnist(rule);
    bencher.bench_local(move || trainer.step().unwrap());
}

#[divan::bench(args = Rule::ALL, sample_count = 10, sample_size = 1)]
fn nmnist_conv(bencher: Bencher, rule: Rule) {
    let mut trainer = work::nmnist_conv(rule);
    bencher.bench_local(move || trainer.step().unwrap());
}

/// The parts of an update with ANTLR. What is missing to the whole is the optimiser and the comparison of spikes.
mod part {
    use super::*;

    const WORK: [&str; 3] = ["built_in", "mnist", "nmnist_conv"];

    fn trainer(name: &str) -> Trainer {
        match name {
            "built_in" => work::built_in(Rule::Antlr),
            "mnist" => work::mnist(Rule::Antlr),
            _ => work::nmnist_conv(Rule::Antlr),
        }
    }

    #[divan::bench(args = WORK, sample_count = 20)]
    fn forward_and_loss(bencher: Bencher, name: &str) {
        let (trainer, mut pass) = (trainer(name), BatchPass::default());
        bencher.bench_local(|| forward(&trainer, &mut pass));
    }

    #[divan::bench(args = WORK, sample_count = 20)]
    fn backward(bencher: Bencher, name: &str) {
        let (trainer, mut pass) = (trainer(name), BatchPass::default());
        forward(&trainer, &mut pass);
        let dynamics = trainer.settings().neuron.dynamics(trainer.settings().task.steps);
        let model = Model { net: trainer.net(), dynamics: &dynamics, isa: Isa::best() };
        let mut gradient = trainer.net().zero_params();
        bencher.bench_local(|| {
            pass.backward(model, trainer.params(), trainer.batch(), &trainer.settings().rule, &mut gradient)
        });
    }

    fn forward(trainer: &Trainer, pass: &mut BatchPass) {
        let (settings, time) = (trainer.settings(), trainer.settings().task.steps);
        let dynamics = settings.neuron.dynamics(time);
        let model = Model { net: trainer.net(), dynamics: &dynamics, isa: Isa::best() };
        pass.forward(model, trainer.params(), trainer.batch(), &settings.loss, time);
    }
}
