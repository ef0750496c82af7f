//! Variations of the built-in experiment, each with one thing to see.

use super::{NetworkSettings, Settings};
use crate::loss::LossKind;
use crate::spike::Shape;

/// Settings with a name.
#[derive(Debug)]
pub struct Preset {
    /// As in `--preset trains-deep` and `preset = "trains-deep"`.
    pub key: &'static str,
    pub label: &'static str,
    /// What is different, and what there is to see.
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
        help: "One pair of random spike trains, 50-50-5 neurons, 100 steps: the output should spike exactly where the \
               target does.",
        make: Settings::default,
    },
    Preset {
        key: "trains-small",
        label: "Spike trains, small",
        help: "20-10-2 neurons, few enough to follow every single spike.",
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
        help: "Leaky integrate-and-fire neurons without a current of their own (α_i = 0): a potential jumps at each \
               input and then only leaks.",
        make: || {
            let mut s = Settings::default();
            s.neuron.alpha_i = 0.0;
            s
        },
    },
    Preset {
        key: "trains-deep",
        label: "Spike trains, two hidden layers",
        help: "50-50-50-5 neurons: each rule has to carry its gradient through one more layer.",
        make: || {
            let mut s = Settings::default();
            s.network.hidden = NetworkSettings::fc(&[50, 50]);
            s
        },
    },
    Preset {
        key: "trains-long",
        label: "Spike trains, 300 steps",
        help: "Samples three times as long with five target spikes for each output, and neurons that remember for \
               longer (α = 0.98, some 50 ms).",
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
        help: "Four pairs at once: the same weights have to serve all of them, so a spike that is right for one may be \
               in the way for another.",
        make: || {
            let mut s = Settings::default();
            s.task.pairs = 4;
            s
        },
    },
    Preset {
        key: "trains-count",
        label: "Spike counts",
        help: "The count loss with five spikes wanted of each output: when they come does not matter, so the \
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
        help: "The latency loss with five labelled patterns and five outputs: in each pattern the output that its \
               label names should be the first to spike.",
        make: || {
            let mut s = Settings::default();
            s.task.pairs = 5;
            s.loss.kind = LossKind::Latency;
            s
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_sound_and_described() {
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
}
