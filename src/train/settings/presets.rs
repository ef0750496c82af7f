//! Ready-made settings: variations of the built-in experiment, each of which shows one thing; tasks with classes; neurons.

use super::{Change, NetworkSettings, Settings, Value};
use crate::loss::LossKind;
use crate::rule::Switched;
use crate::snn::LayerKind;
use crate::spike::Shape;
use crate::task::TaskKind;

/// Settings with a name.
#[derive(Debug)]
pub struct Preset {
    /// As in `--preset trains-deep` and `preset = "trains-deep"`.
    pub key: &'static str,
    pub label: &'static str,
    /// How it differs, and what it shows.
    pub help: &'static str,
    pub make: fn() -> Settings,
}

/// The preset of this key.
pub fn preset(key: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| p.key == key)
}

/// All presets, the built-in experiment first.
pub static PRESETS: &[Preset] = &[
    Preset {
        key: "trains",
        label: "Spike trains",
        help: "One pair of random spike trains, 50-50-5 neurons, 100 steps: the output should spike exactly when the \
               target does.",
        make: Settings::default,
    },
    Preset {
        key: "trains-small",
        label: "Spike trains, small",
        help: "20-10-2 neurons, few enough to follow each single spike.",
        make: || {
            let mut s = Settings::default();
            s.task.inputs = Shape::Flat(20);
            s.task.outputs = 2;
            s.network.hidden = NetworkSettings::fc(&[10]);
            s
        },
    },
    Preset {
        key: "trains-leaky",
        label: "Spike trains, leaky neurons",
        help: "Leaky integrate-and-fire neurons without synaptic current (α_i = 0): the potential jumps at each input spike \
               and then only leaks.",
        make: || {
            let mut s = Settings::default();
            s.neuron.alpha_i = 0.0;
            s
        },
    },
    Preset {
        key: "trains-deep",
        label: "Spike trains, two hidden layers",
        help: "50-50-50-5 neurons: each rule has to carry its gradient back through one more layer.",
        make: || {
            let mut s = Settings::default();
            s.network.hidden = NetworkSettings::fc(&[50, 50]);
            s
        },
    },
    Preset {
        key: "trains-long",
        label: "Spike trains, 300 steps",
        help: "Samples three times as long, with five target spikes per output, and neurons with a longer memory \
               (α = 0.98, about 50 ms).",
        make: || {
            let mut s = Settings::default();
            s.task.steps = 300;
            s.task.rate = 0.02;
            s.task.target_spikes = 5;
            s.neuron.alpha_i = 0.98;
            s.neuron.alpha_v = 0.98;
            s
        },
    },
    Preset {
        key: "trains-pairs",
        label: "Spike trains, four pairs",
        help: "Four pairs at once: the same weights have to serve all of them, so a spike that is right for one pair may be \
               wrong for another.",
        make: || {
            let mut s = Settings::default();
            s.task.pairs = 4;
            s
        },
    },
    Preset {
        key: "trains-count",
        label: "Spike counts",
        help: "The count loss with five spikes wanted from each output: when they come does not matter, so the \
               timing-based rule has no gradient.",
        make: || {
            let mut s = Settings::default();
            s.task.target_spikes = 5;
            s.loss.kind = LossKind::Count;
            s
        },
    },
    Preset {
        key: "trains-latency",
        label: "First spikes",
        help: "The latency loss with five labelled patterns and five outputs: for each pattern, the output named by its \
               label should be the first to spike.",
        make: || {
            let mut s = Settings::default();
            s.task.pairs = 5;
            s.loss.kind = LossKind::Latency;
            s
        },
    },
    Preset {
        key: "digits",
        label: "Built-in digits",
        help: "Digits that the program draws itself, 784-100-10 neurons, latency-coded: the output of the digit should be \
               the first to spike. No file is needed; an epoch takes a second or two.",
        make: || {
            let mut s = classes(TaskKind::Digits, &[100]);
            s.task.steps = 60;
            (s.neuron.alpha_i, s.neuron.alpha_v) = (0.9, 0.95);
            (s.network.gain, s.optimiser.learning_rate) = (2.0, 0.003);
            (s.optimiser.schedule_every, s.optimiser.gamma) = (3, 0.4);
            s
        },
    },
    Preset {
        key: "yin-yang",
        label: "Yin-Yang",
        help: "Points in the plane in three classes (Kriener, Göltz and Petrovici, arXiv 2102.08211), 5-150-3 neurons: \
               the decision map shows live how the network divides the plane.",
        make: || {
            let mut s = classes(TaskKind::YinYang, &[150]);
            (s.task.steps, s.task.latest, s.task.bias_spike) = (90, 60, 24);
            (s.neuron.alpha_i, s.neuron.alpha_v) = (0.9, 0.9);
            (s.network.gain, s.run.batch) = (3.0, 32);
            s.optimiser.learning_rate = 0.005;
            (s.optimiser.schedule_every, s.optimiser.gamma) = (20, 0.3);
            s
        },
    },
    Preset {
        key: "mnist",
        label: "MNIST as published",
        help: "Four IDX files of MNIST or a similar set, 784-800-10 neurons, T = 300, latency loss, with the settings of \
               the paper: Adam with a learning rate of 0.001, divided by 10 every 10 epochs; batch size 16. Give the \
               folder (task.data).",
        make: || classes(TaskKind::Images, &[800]),
    },
    Preset {
        key: "nmnist",
        label: "N-MNIST as published",
        help: "Recordings of an event camera, 2x34x34 - flatten - fc800 - fc10, otherwise like MNIST. Give the folder that \
               contains Train and Test (task.data).",
        make: || {
            let mut s = classes(TaskKind::Nmnist, &[]);
            s.network.hidden = vec![LayerKind::Flatten, LayerKind::Fc { out: 800 }];
            s
        },
    },
    Preset {
        key: "nmnist-conv",
        label: "N-MNIST, convolutional",
        help: "The same recordings in 100 steps through 2x34x34 - conv12k5 - avg2 - conv32k5 - avg2 - flatten - fc10: the \
               layer images show what each channel sees.",
        make: || {
            let mut s = classes(TaskKind::Nmnist, &[]);
            let (conv, avg) = (|out| LayerKind::Conv { out, kernel: 5 }, LayerKind::AvgPool { size: 2 });
            s.network.hidden = vec![conv(12), avg, conv(32), avg, LayerKind::Flatten];
            // a recording lasts 300 ms
            (s.task.steps, s.task.dt_ms, s.run.batch) = (100, 3.0, 8);
            (s.neuron.alpha_i, s.neuron.alpha_v) = (0.97, 0.97);
            s
        },
    },
    Preset {
        key: "own",
        label: TaskKind::Own.label(),
        help: "Your own inputs (task.data) and targets (task.target) from .npz or .csv, or a labelled set in one .npz.",
        make: || {
            let mut s = Settings::default();
            s.task.set_kind(TaskKind::Own);
            s
        },
    },
    Preset {
        key: "picture",
        label: TaskKind::Picture.label(),
        help: "100 random inputs and 200 hidden neurons learn to draw a picture (task.target) with output spikes: each row \
               is an output, each column a step.",
        make: || {
            let mut s = Settings::default();
            s.task.set_kind(TaskKind::Picture);
            s.task.inputs = Shape::Flat(100);
            s.network.hidden = NetworkSettings::fc(&[200]);
            s
        },
    },
];

/// The published settings for MNIST (model.md, section 6) on a task with classes; `hidden` are the neurons of each hidden layer.
fn classes(kind: TaskKind, hidden: &[usize]) -> Settings {
    let mut s = Settings::default();
    s.task.set_kind(kind);
    if kind == TaskKind::Images {
        (s.task.inputs, s.task.outputs) = (Shape::Grid([1, 28, 28]), 10);
    }
    (s.task.steps, s.task.target_spikes) = (300, 1);
    s.network.hidden = NetworkSettings::fc(hidden);
    s.network.gain = 1.0;
    (s.neuron.alpha_i, s.neuron.alpha_v) = (0.99, 0.99);
    s.loss.kind = LossKind::Latency;
    s.rule.grad_clip = Switched::on(1.0);
    s.optimiser.learning_rate = 0.001;
    (s.optimiser.schedule_every, s.optimiser.gamma) = (10, 0.1);
    s
}

/// A named pair of decays, and so a kind of neuron (model.md, section 1).
#[derive(Debug)]
pub struct Neuron {
    /// As in `--neuron leaky`.
    pub key: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    pub alpha_i: f64,
    pub alpha_v: f64,
}

/// The neurons of the paper's appendix A.
pub static NEURONS: &[Neuron] = &[
    Neuron {
        key: "threshold",
        label: "Threshold unit",
        help: "α_i = α_v = 0: spikes when the inputs of a single step reach the threshold, and has no memory.",
        alpha_i: 0.0,
        alpha_v: 0.0,
    },
    Neuron {
        key: "leaky",
        label: "Leaky integrate-and-fire",
        help: "α_i = 0, α_v = 0.95: an input spike makes the potential jump, and it leaks away (single-exponential PSP).",
        alpha_i: 0.0,
        alpha_v: 0.95,
    },
    Neuron {
        key: "step",
        label: "Non-leaky, step PSP",
        help: "α_i = 0, α_v = 1: an input spike makes the potential jump, and it stays there.",
        alpha_i: 0.0,
        alpha_v: 1.0,
    },
    Neuron {
        key: "nonleaky",
        label: "Non-leaky, exponential current",
        help: "α_i = 0.95, α_v = 1: a decaying current charges a potential that does not leak.",
        alpha_i: 0.95,
        alpha_v: 1.0,
    },
    Neuron {
        key: "ramp",
        label: "Non-leaky, ramp PSP",
        help: "α_i = α_v = 1: after an input spike the potential rises without end.",
        alpha_i: 1.0,
        alpha_v: 1.0,
    },
    Neuron {
        key: "alpha",
        label: "Alpha-function PSP",
        help: "α_i = α_v = 0.95: the potential rises and decays with the same time constant, as in the built-in experiment.",
        alpha_i: 0.95,
        alpha_v: 0.95,
    },
    Neuron {
        key: "double",
        label: "Double-exponential PSP",
        help: "α_i = 0.8, α_v = 0.95: the potential rises with one time constant and decays with another.",
        alpha_i: 0.8,
        alpha_v: 0.95,
    },
];

/// The neuron of this key.
pub fn neuron(key: &str) -> Option<&'static Neuron> {
    NEURONS.iter().find(|n| n.key == key)
}

impl Neuron {
    /// The same settings with these decays and automatic scaling.
    pub fn onto(&self, settings: &Settings) -> Settings {
        let mut s = settings.clone();
        (s.neuron.alpha_i, s.neuron.alpha_v, s.neuron.beta_auto) = (self.alpha_i, self.alpha_v, true);
        s
    }

    /// The changes that make neurons such ones.
    pub fn changes(&self) -> Vec<Change> {
        vec![
            Change::to("neuron.alpha_i", Value::Real(self.alpha_i)),
            Change::to("neuron.alpha_v", Value::Real(self.alpha_v)),
            Change::to("neuron.beta_auto", Value::Switch(true)),
        ]
    }

    /// Whether settings have these decays.
    pub fn is_of(&self, settings: &Settings) -> bool {
        self.onto(settings) == *settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_valid_and_described() {
        for (i, preset) in PRESETS.iter().enumerate() {
            let settings = (preset.make)();
            assert_eq!(settings.check(), Ok(()), "{}", preset.key);
            assert!(preset.help.ends_with('.') && !preset.label.is_empty());
            for other in &PRESETS[..i] {
                assert!(other.key != preset.key && (other.make)() != settings, "{}", preset.key);
            }
        }
        assert_eq!((PRESETS[0].make)(), Settings::default());
        assert_eq!(preset("trains-deep").unwrap().key, "trains-deep");
        assert!(preset("train").is_none());
    }

    #[test]
    fn every_neuron_is_different_and_is_recognised() {
        for (i, neuron) in NEURONS.iter().enumerate() {
            let settings = neuron.onto(&Settings::default());
            assert_eq!(settings.check(), Ok(()), "{}", neuron.key);
            let mut changed = Settings::default();
            neuron.changes().iter().for_each(|change| drop(change.make(&mut changed).unwrap()));
            assert_eq!(changed, settings);
            let found: Vec<_> = NEURONS.iter().filter(|n| n.is_of(&settings)).map(|n| n.key).collect();
            assert_eq!((found, super::neuron(neuron.key).is_some()), (vec![neuron.key], true));
            assert!(NEURONS[..i].iter().all(|other| other.label != neuron.label));
        }
        assert!(neuron("alpha").unwrap().is_of(&Settings::default()));
    }
}
