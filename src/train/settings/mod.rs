//! The settings of a run: one struct that the window, the command line, files and the history all share.
//!
//! [`FIELDS`] describes each setting once. The form in the window, the command line and its help, TOML files, the log, the
//! range checks and the random settings of the tests are all made from that table.
//!
//! # Adding a setting
//!
//! 1. A field with its default in the settings struct of its room, such as [`NeuronSettings`].
//! 2. An entry in the file of its section in `fields/`: key, label, range, help, when it has an effect, and whether it can
//!    change while the run goes on.
//!
//! That is all, unless it contradicts other settings for some values (then a check in `check.rs`) or decides how much memory
//! a run takes (then `memory.rs`). A setting that is one of several words is an enum declared with [`crate::named`]. A key that
//! is renamed keeps its old name as an alias, and files with the old key stay readable.

mod access;
pub mod change;
pub mod check;
pub mod field;
pub mod fields;
pub mod kind;
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
pub mod when;

#[cfg(test)]
pub(crate) mod arbitrary;

pub use change::{Change, LiveChange};
pub use field::Field;
pub use fields::{FIELDS, SECTIONS, field};
pub use kind::{Choice, ValueKind};
pub use presets::{NEURONS, Neuron, PRESETS, Preset, neuron, preset};
pub use problem::{FilePlace, Problem};
pub use value::Value;
pub use when::When;

use crate::loss::LossSettings;
use crate::named::named;
use crate::optim::OptimiserSettings;
use crate::rule::{RuleSettings, Switched};
use crate::snn::{InitialWeights, LayerKind, Misfit, Network, NeuronSettings, Shape, Spread};
use crate::spike::Price;
use crate::task::{Split, TaskSettings};

/// Everything that determines a run, apart from what the user changes while it goes on.
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
    /// The layers between input and output, starting at the input; there may be none.
    pub hidden: Vec<LayerKind>,
    pub initial: Initial,
    /// Initial weights are uniform in ± gain / √fan_in …
    pub gain: f64,
    /// … or normal with this standard deviation.
    pub deviation: f64,
    /// Added to every initial weight.
    pub weight_offset: f64,
}

named! {
    /// How initial weights are distributed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Initial {
        /// Evenly within ± gain / √fan_in.
        Uniform => "uniform", "Uniform";
        /// Normally, with the standard deviation below, whatever the fan-in.
        Normal => "normal", "Normal";
    }
}

impl NetworkSettings {
    /// Fully connected hidden layers with these numbers of neurons.
    pub fn fc(neurons: &[usize]) -> Vec<LayerKind> {
        neurons.iter().map(|&out| LayerKind::Fc { out }).collect()
    }

    /// How initial weights are drawn.
    pub fn weights(&self) -> InitialWeights {
        let spread = match self.initial {
            Initial::Uniform => Spread::Uniform { gain: self.gain },
            Initial::Normal => Spread::Normal { deviation: self.deviation },
        };
        InitialWeights { spread, constant: self.weight_offset }
    }
}

/// Settings of the run as a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunSettings {
    /// Source of the task, the initial weights and the order of the samples, each with its own random stream.
    pub seed: u64,
    /// B, the samples of a batch; random pairs always form one batch.
    pub batch: usize,
    /// The split that the watched sample is taken from …
    pub probe_part: Split,
    /// … and its number among them, from 0.
    pub probe: usize,
    /// q, the cost of moving a spike by one step where two rasters are compared (model.md, section 8).
    pub shift_cost: Price,
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
                weight_offset: 0.0,
            },
            neuron: NeuronSettings { alpha_i: 0.95, alpha_v: 0.95, ..NeuronSettings::default() },
            loss: LossSettings::default(),
            rule: RuleSettings { grad_clip: Switched::on(1.0), ..RuleSettings::default() },
            optimiser: OptimiserSettings::default(),
            run: RunSettings { seed: 0, batch: 16, probe_part: Split::Train, probe: 0, shift_cost: Price::default() },
        }
    }
}

impl Settings {
    /// The network that these settings describe. An image that comes to a fully connected layer is flattened on the
    /// way, which does not change the numbering of the units.
    pub fn network(&self) -> Result<Network, Misfit> {
        let mut kinds = self.network.hidden.clone();
        kinds.push(LayerKind::Fc { out: self.task.outputs });
        let flat = matches!(kinds[0], LayerKind::Fc { .. });
        let units = self.task.inputs.checked_units().unwrap_or(usize::MAX);
        let input = if flat { Shape::Flat(units) } else { self.task.inputs };
        Network::new(input, &kinds)
    }

    /// The whole network in text, as in `784 - fc800 - fc10`.
    pub fn network_text(&self) -> String {
        let mut text = self.task.inputs.to_string();
        let output = LayerKind::Fc { out: self.task.outputs };
        self.network.hidden.iter().chain([&output]).for_each(|layer| text += &format!(" - {layer}"));
        text
    }

    /// Adopts the two ends of a network that the user wrote as the sizes of the task.
    fn set_ends(&mut self, inputs: Shape, outputs: usize) {
        // 784 and 1x28x28 are the same inputs: what is known of an image is kept
        if self.task.inputs.checked_units() != inputs.checked_units() {
            self.task.inputs = inputs;
        }
        self.task.outputs = outputs;
    }

    /// The samples of a batch when there are `number` training samples.
    pub fn batch_of(&self, number: usize) -> usize {
        if self.batched() { self.run.batch.min(number) } else { number }
    }

    /// Whether training uses mini-batches.
    pub fn batched(&self) -> bool {
        !self.task.kind.free_inputs()
    }
}
