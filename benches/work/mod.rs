//! The work that the aims are stated for.

use std::path::Path;

use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::spike::Shape;
use spikescape::train::settings::NetworkSettings;
use spikescape::train::settings::presets::preset;
use spikescape::train::{Settings, Trainer};

/// The widest instruction set of the machine, or the one that `SPIKESCAPE_ISA` names.
pub fn instruction_set() -> Isa {
    let Ok(name) = std::env::var("SPIKESCAPE_ISA") else { return Isa::best() };
    let found = Isa::available().into_iter().find(|isa| isa.name() == name);
    found.unwrap_or_else(|| panic!("SPIKESCAPE_ISA is {name}, which this machine does not have"))
}

/// The built-in experiment: 50-50-5, T = 100, one pair, Adam.
pub fn built_in(rule: Rule) -> Trainer {
    warm(Settings::default(), rule, instruction_set())
}

/// A published MNIST step: 784-800-10, T = 300, batch 16, latency loss, Adam; on real images where `SPIKESCAPE_DATA`
/// names a folder with them, else on random trains with as many spikes.
pub fn mnist(rule: Rule) -> Trainer {
    warm(real("mnist", "mnist").unwrap_or_else(mnist_sized), rule, instruction_set())
}

/// 2x34x34 - conv12k5 - avg2 - conv32k5 - avg2 - flatten - fc10, T = 100, batch 8; on real recordings, else
/// the same layers on the built-in digits.
pub fn nmnist_conv(rule: Rule) -> Trainer {
    warm(real("nmnist-conv", "nmnist").unwrap_or_else(digits_sized), rule, instruction_set())
}

/// A run that has come some way, so that its memory has its size and its spikes their number.
pub fn warm(mut settings: Settings, rule: Rule, isa: Isa) -> Trainer {
    settings.rule.rule = rule;
    let mut trainer = Trainer::new(settings, isa);
    (0..30).for_each(|_| trainer.step().unwrap());
    trainer
}

fn real(key: &str, folder: &str) -> Option<Settings> {
    let base = std::env::var_os("SPIKESCAPE_DATA")?;
    let mut settings = (preset(key).expect("a preset of this name").make)();
    settings.task.data = Path::new(&base).join(folder).display().to_string();
    Some(settings)
}

fn mnist_sized() -> Settings {
    let mut settings = (preset("trains-latency").expect("a preset of this name").make)();
    (settings.task.inputs, settings.task.outputs) = (Shape::Flat(784), 10);
    (settings.task.steps, settings.task.pairs, settings.task.rate) = (300, 16, 0.0007);
    (settings.neuron.alpha_i, settings.neuron.alpha_v) = (0.99, 0.99);
    settings.network.hidden = NetworkSettings::fc(&[800]);
    settings
}

/// The same layers on the built-in digits.
fn digits_sized() -> Settings {
    let make = |key| (preset(key).expect("a preset of this name").make)();
    let mut settings = make("digits");
    settings.network.hidden = make("nmnist-conv").network.hidden;
    (settings.task.steps, settings.run.batch) = (100, 8);
    settings
}
