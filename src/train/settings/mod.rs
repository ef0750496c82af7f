//! The one settings struct of a run: window, command line, files and history all mean this.
//!
//! [`FIELDS`] describes each setting once. The form in the window, the command line, help, TOML and the checks are
//! all made from that table.

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

pub use field::{Choice, Field, Kind, When};
pub use fields::{FIELDS, field};
pub use presets::{PRESETS, Preset, preset};
pub use problem::{Place, Problem};
pub use value::Value;

use crate::loss::LossSettings;
use crate::optim::OptimiserSettings;
use crate::rule::{RuleSettings, Switched};
use crate::snn::NeuronSettings;
use crate::task::TaskSettings;

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
    /// Neurons of each hidden layer, from the input on; empty for none.
    pub hidden: Vec<usize>,
    /// Initial weights are uniform in ± gain / √fan_in.
    pub gain: f64,
}

/// What belongs to the run as a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunSettings {
    /// From it come task and initial weights, each by a stream of its own.
    pub seed: u64,
    /// The sample that is watched, from 0.
    pub probe: usize,
    /// q, the price of moving a spike by one step where two rasters are compared (model.md, section 8).
    pub q: f64,
}

impl Default for Settings {
    /// The built-in experiment.
    fn default() -> Self {
        Self {
            task: TaskSettings::default(),
            network: NetworkSettings { hidden: vec![50], gain: 2.0 },
            neuron: NeuronSettings { alpha_i: 0.95, alpha_v: 0.95, ..NeuronSettings::default() },
            loss: LossSettings::default(),
            rule: RuleSettings { grad_clip: Switched::on(1.0), ..RuleSettings::default() },
            optimiser: OptimiserSettings::default(),
            run: RunSettings { seed: 0, probe: 0, q: 0.1 },
        }
    }
}
impl Settings {
    /// `running` with everything of these settings that can change under way.
    pub fn live_part_onto(&self, running: &Settings) -> Settings {
        let mut live = running.clone();
        for field in FIELDS.iter().filter(|f| f.live) {
            field.set(&mut live, field.get(self)).expect("a value taken from settings fits its field");
        }
        live
    }

    /// Labels of the settings that differ from `running` and need a restart.
    pub fn waiting(&self, running: &Settings) -> Vec<&'static str> {
        FIELDS.iter().filter(|f| !f.live && f.get(self) != f.get(running)).map(|f| f.label).collect()
    }
}
