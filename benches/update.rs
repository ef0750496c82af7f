//! One update: forward, loss, backward, optimiser, and what it did to the spikes.

use divan::Bencher;
use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::spike::Shape;
use spikescape::train::settings::NetworkSettings;
use spikescape::train::{Settings, Trainer};

fn main() {
    divan::main();
}

fn bench(bencher: Bencher, settings: Settings, isa: Isa) {
    let mut trainer = Trainer::new(settings, isa);
    (0..50).for_each(|_| trainer.step().unwrap());
    bencher.bench_local(move || trainer.step().unwrap());
}

/// The built-in experiment: 50-50-5, T = 100, one pair, Adam.
#[divan::bench(args = Rule::ALL)]
fn built_in(bencher: Bencher, rule: Rule) {
    let mut settings = Settings::default();
    settings.rule.rule = rule;
    bench(bencher, settings, Isa::best());
}

/// The same with ANTLR, with each instruction set of this machine.
#[divan::bench(args = Isa::available().into_iter().map(Isa::name))]
fn built_in_by_instruction_set(bencher: Bencher, name: &str) {
    let isa = Isa::available().into_iter().find(|i| i.name() == name).expect("it was listed");
    bench(bencher, Settings::default(), isa);
}

/// Sizes of MNIST with random trains: 784-800-10, T = 300, batch 16.
#[divan::bench(args = Rule::ALL, sample_count = 10, sample_size = 1)]
fn mnist_sized(bencher: Bencher, rule: Rule) {
    let mut settings = Settings::default();
    settings.rule.rule = rule;
    settings.task.inputs = Shape::Flat(784);
    settings.task.outputs = 10;
    settings.task.steps = 300;
    settings.task.pairs = 16;
    settings.task.rate = 0.0007;
    settings.network.hidden = NetworkSettings::fc(&[800]);
    bench(bencher, settings, Isa::best());
}
