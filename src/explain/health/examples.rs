//! Small settings that show an illness each, and that its remedy cures.

use crate::loss::LossKind;
use crate::rule::{Rule, Switched};
use crate::train::Settings;
use crate::train::settings::NetworkSettings;

use super::Illness;

/// Settings that fall ill.
#[derive(Debug)]
pub struct IllExample {
    pub illness: Illness,
    /// How they differ from the built-in experiment, and what that does.
    pub help: &'static str,
    pub make: fn() -> Settings,
    /// Updates by which the illness shows, and by which, after the remedy, it is gone.
    pub updates: [u64; 2],
}

/// One for each illness that a single setting brings about.
pub static EXAMPLES: &[IllExample] = &[
    IllExample {
        illness: Illness::OutputsSilent,
        help: "The timing-based rule without its silent-neuron penalty, and initial weights that are too small.",
        make: || {
            let mut s = Settings::default();
            s.rule.rule = Rule::Timing;
            s.rule.timing_penalty = Switched::off(100.0);
            s.network.gain = 0.5;
            s
        },
        updates: [10, 300],
    },
    IllExample {
        illness: Illness::Frozen,
        help: "Initial weights of zero: nothing reaches any neuron.",
        make: || {
            let mut s = Settings::default();
            s.network.gain = 0.0;
            s
        },
        updates: [0, 0],
    },
    IllExample {
        illness: Illness::Dead,
        help: "A negative offset of all weights: every input spike pushes potentials farther down.",
        make: || {
            let mut s = Settings::default();
            s.network.weight_offset = -1.0;
            s
        },
        updates: [20, 0],
    },
    IllExample {
        illness: Illness::Saturated,
        help: "A large positive offset of all weights: neurons spike at nearly every step.",
        make: || {
            let mut s = Settings::default();
            s.network.weight_offset = 2.0;
            s
        },
        updates: [0, 0],
    },
    IllExample {
        illness: Illness::Exploding,
        help: "A surrogate derivative that is far too high, through two hidden layers, without clipping.",
        make: || {
            let mut s = Settings::default();
            s.network.hidden = NetworkSettings::fc(&[50, 50]);
            s.rule.rule = Rule::Activation;
            s.rule.surrogate_alpha = 1000.0;
            s.rule.grad_clip = Switched::off(1.0);
            s
        },
        updates: [0, 0],
    },
    IllExample {
        illness: Illness::Vanishing,
        help: "A surrogate derivative that is far too sharp, through two hidden layers.",
        make: || {
            let mut s = Settings::default();
            s.network.hidden = NetworkSettings::fc(&[50, 50]);
            s.rule.rule = Rule::Activation;
            s.rule.surrogate_beta = 40.0;
            s
        },
        updates: [0, 0],
    },
    IllExample {
        illness: Illness::LossFlat,
        help: "The count loss, of which the timing-based rule has no gradient, without its silent-neuron penalty.",
        make: || {
            let mut s = Settings::default();
            s.loss.kind = LossKind::Count;
            s.task.target_spikes = 5;
            s.rule.rule = Rule::Timing;
            s.rule.timing_penalty = Switched::off(100.0);
            s
        },
        updates: [120, 120],
    },
];
