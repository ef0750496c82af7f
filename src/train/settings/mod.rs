//! The one settings struct of a run: window, command line, files and history all mean this.
//!
//! [`FIELDS`] describes each setting once. The form in the window, the command line, help, TOML and the checks are
//! all made from that table.

pub mod change;
pub mod check;
pub mod field;
pub mod fields;
pub mod memory;
pub mod nearest;
pub mod presets;
pub mod problem;
pub mod source;
pub mod text;
pub mod times;
pub mod toml_read;
pub mod toml_write;
pub mod value;

#[cfg(test)]
pub(crate) mod arbitrary;

pub use change::{Change, LiveChange};
pub use field::{Choice, Field, Kind, When};
pub use fields::{FIELDS, field};
pub use presets::{NEURONS, Neuron, PRESETS, Preset, neuron, preset};
pub use problem::{Place, Problem};
pub use value::Value;

use crate::loss::LossSettings;
use crate::optim::OptimiserSettings;
use crate::rule::{RuleSettings, Switched};
use crate::snn::{InitialWeights, LayerKind, Misfit, Network, NeuronSettings, Shape, Spread};
use crate::task::{Split, TaskSettings};

/// Everything that determines a run, together with what was done to it under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub task: TaskSettings,
    pub network: NetworkSettings,
    pub neuron: NeuronSettings,
    pub loss: LossSettings,
    pub rule: RuleSettings,
    pub optimiser: OptimiserSettings,
    pub run: RunSettings,
}

/// Hidden layers and initial weights (model.md, section 2).
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkSettings {
    /// The layers between input and output, from the input on; empty for none.
    pub hidden: Vec<LayerKind>,
    pub initial: Initial,
    /// Initial weights are uniform in ± gain / √fan_in …
    pub gain: f64,
    /// … or normal with this standard deviation.
    pub deviation: f64,
    /// Added to every initial weight.
    pub constant: f64,
}

/// How initial weights are distributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initial {
    Uniform,
    Normal,
}

impl Initial {
    pub const ALL: [Initial; 2] = [Self::Uniform, Self::Normal];

    /// The word for it in files and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Normal => "normal",
        }
    }
}

impl NetworkSettings {
    /// Fully connected hidden layers of so many neurons.
    pub fn fc(neurons: &[usize]) -> Vec<LayerKind> {
        neurons.iter().map(|&out| LayerKind::Fc { out }).collect()
    }

    /// How initial weights are drawn.
    pub fn weights(&self) -> InitialWeights {
        let spread = match self.initial {
            Initial::Uniform => Spread::Uniform { gain: self.gain },
            Initial::Normal => Spread::Normal { deviation: self.deviation },
        };
        InitialWeights { spread, constant: self.constant }
    }
}

/// What belongs to the run as a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunSettings {
    /// From it come task, initial weights and the order of the samples, each by a stream of its own.
    pub seed: u64,
    /// B, samples of a batch; random pairs are always one batch.
    pub batch: usize,
    /// Which samples the one that is watched is from …
    pub probe_part: Split,
    /// … and its number among them, from 0.
    pub probe: usize,
    /// q, the price of moving a spike by one step where two rasters are compared (model.md, section 8).
    pub q: f64,
}

impl RunSettings {
    /// The seed of the next run; after the largest comes 0.
    pub fn next_seed(&self) -> u64 {
        if self.seed < fields::MOST_SEED { self.seed + 1 } else { 0 }
    }
}

impl Default for Settings {
    /// The built-in experiment.
    fn default() -> Self {
        Self {
            task: TaskSettings::default(),
            network: NetworkSettings {
                hidden: NetworkSettings::fc(&[50]),
                initial: Initial::Uniform,
                gain: 2.0,
                deviation: 0.1,
                constant: 0.0,
            },
            neuron: NeuronSettings { alpha_i: 0.95, alpha_v: 0.95, ..NeuronSettings::default() },
            loss: LossSettings::default(),
            rule: RuleSettings { grad_clip: Switched::on(1.0), ..RuleSettings::default() },
            optimiser: OptimiserSettings::default(),
            run: RunSettings { seed: 0, batch: 16, probe_part: Split::Train, probe: 0, q: 0.1 },
        }
    }
}

impl Settings {
    /// The network that these settings describe. An image that comes to a fully connected layer is flattened on the
    /// way, which renumbers nothing.
    pub fn network(&self) -> Result<Network, Misfit> {
        let mut kinds = self.network.hidden.clone();
        kinds.push(LayerKind::Fc { out: self.task.outputs });
        let flat = matches!(kinds[0], LayerKind::Fc { .. });
        let units = self.task.inputs.checked_units().unwrap_or(usize::MAX);
        let input = if flat { Shape::Flat(units) } else { self.task.inputs };
        Network::new(input, &kinds)
    }

    /// As in `784 - fc800 - fc10`.
    pub fn network_text(&self) -> String {
        let mut text = self.task.inputs.to_string();
        let output = LayerKind::Fc { out: self.task.outputs };
        self.network.hidden.iter().chain([&output]).for_each(|layer| text += &format!(" - {layer}"));
        text
    }

    /// Takes on the ends of a network that a person wrote: sizes of the task, where a person sets these.
    fn set_ends(&mut self, inputs: Shape, outputs: usize) {
        // 784 and 1x28x28 are the same inputs: what is known of an image is kept
        if self.task.inputs.checked_units() != inputs.checked_units() {
            self.task.inputs = inputs;
        }
        self.task.outputs = outputs;
    }

    /// Samples of a batch, of `number` for training.
    pub fn batch_of(&self, number: usize) -> usize {
        if self.batched() { self.run.batch.min(number) } else { number }
    }

    /// Whether training goes by mini-batches.
    pub fn batched(&self) -> bool {
        !self.task.kind.free_inputs()
    }
}
