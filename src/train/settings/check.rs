//! Whether settings make sense, each on its own and all together.

use super::memory::MEMORY;
use super::{FIELDS, Field, Problem, Settings, field};
use crate::task::TaskKind;
use crate::text::bytes;

/// The settings that decide how much memory a run takes.
static SIZES: [&str; 6] = ["network.hidden", "task.steps", "task.pairs", "run.batch", "task.inputs", "task.outputs"];

impl Settings {
    /// Everything that is wrong, on a machine with [`MEMORY`] bytes.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        self.check_within(MEMORY)
    }

    /// Everything that is wrong, on a machine with `memory` bytes. Whether settings contradict each other is checked once
    /// each of them is in its range.
    pub fn check_within(&self, memory: u64) -> Result<(), Vec<Problem>> {
        let mut problems: Vec<Problem> = FIELDS.iter().filter_map(|f| self.range(f)).collect();
        if problems.is_empty() {
            let checks = [self.sizes(), self.targets(), self.code(), self.probe(), self.layers(), self.spikes()];
            problems.extend(checks.into_iter().flatten());
        }
        if problems.is_empty() {
            problems.extend(self.fits(memory));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The value of a setting as text; empty for an unknown key.
    fn text(&self, key: &str) -> String {
        field(key).map_or(String::new(), |f| f.get(self).to_text())
    }

    fn range(&self, field: &Field) -> Option<Problem> {
        let value = field.get(self);
        (!field.kind.allows(&value)).then(|| field.refuse(&value.to_text()))
    }

    /// Sizes that are the same for every set of a kind.
    fn sizes(&self) -> Option<Problem> {
        let (inputs, outputs) = self.task.kind.sizes()?;
        let kind = self.text("task.kind");
        let wrong = |key: &str, found: String, expected: String| {
            Some(Problem {
                allowed: expected.clone(),
                related: &["task.kind", "network.hidden"],
                ..Problem::new(
                    key,
                    &*found,
                    format!("{key} is {found}, but for the task {kind} it is always {expected}."),
                )
            })
        };
        if self.task.inputs.checked_units() != inputs.checked_units() {
            return wrong("task.inputs", self.task.inputs.to_string(), inputs.to_string());
        }
        if self.task.outputs != outputs {
            return wrong("task.outputs", self.task.outputs.to_string(), outputs.to_string());
        }
        None
    }

    /// A spike train has at most one spike per step.
    fn targets(&self) -> Option<Problem> {
        let (task, steps) = (&self.task, self.task.steps);
        let numbers = [("task.target_spikes", task.target_spikes), ("task.other_spikes", task.other_spikes)];
        let (key, wanted) = numbers.into_iter().find(|(_, wanted)| *wanted > steps)?;
        // a picture has its own
        (task.kind != TaskKind::Picture).then(|| Problem {
            allowed: format!("a whole number from 0 to {steps}, at most one spike per step"),
            related: &["task.steps"],
            ..Problem::new(
                key,
                wanted.to_string(),
                format!(
                    "{key} is {wanted}, but task.steps is {steps} and an output can spike only once per step: choose at \
                     most {steps} spikes, or more steps."
                ),
            )
        })
    }

    /// The steps at which inputs spike, which must lie within the sample.
    fn code(&self) -> Option<Problem> {
        let task = &self.task;
        let wrong = match task.kind {
            TaskKind::Images | TaskKind::Digits => task.latency_code().check(task.steps),
            TaskKind::YinYang => task.point_code().check(task.steps),
            _ => Ok(()),
        };
        wrong.err().map(|sentence| Problem {
            related: &["task.earliest", "task.bias_spike", "task.steps"],
            ..Problem::new("task.latest", task.latest.to_string(), sentence)
        })
    }

    /// The layers, each of which must accept the output of the one before.
    fn layers(&self) -> Option<Problem> {
        let misfit = self.network().err()?;
        let hidden = &self.network.hidden;
        let layer = misfit.layer.and_then(|l| hidden.get(l)).map_or(String::new(), |l| format!(", at {l}"));
        let message = format!("The network {} is not possible{layer}: {}.", self.network_text(), misfit.sentence);
        Some(Problem {
            related: &["task.inputs", "task.outputs"],
            ..Problem::new("network.hidden", self.text("network.hidden"), message)
        })
    }

    /// The watched pair, which must exist. How many samples a set has is not known before it is opened.
    fn probe(&self) -> Option<Problem> {
        if self.task.kind != TaskKind::Trains {
            return None;
        }
        let (probe, pairs) = (self.run.probe, self.task.pairs);
        let last = pairs.saturating_sub(1);
        let pairs_are = if pairs == 1 { "there is 1 pair".to_owned() } else { format!("there are {pairs} pairs") };
        (probe >= pairs).then(|| Problem {
            allowed: format!("a whole number from 0 to {last}"),
            related: &["task.pairs"],
            ..Problem::new(
                "run.probe",
                probe.to_string(),
                format!(
                    "run.probe is {probe}, but {pairs_are}, counted from 0: choose a number from 0 to {last}, or raise \
                     task.pairs."
                ),
            )
        })
    }

    /// The spikes of a layer in a sample, which are counted in 32 bits.
    fn spikes(&self) -> Option<Problem> {
        let net = self.network().ok()?;
        let hidden = net.layers.iter().map(|l| ("network.hidden", l.outputs));
        let ends = [("task.inputs", net.inputs), ("task.outputs", net.outputs())];
        let (key, widest) = hidden.chain(ends).max_by_key(|l| l.1)?;
        let most = u32::MAX as usize / self.task.steps.max(1);
        (widest > most).then(|| Problem {
            allowed: format!("at most {most} units in a layer with {} steps", self.task.steps),
            related: &["task.steps"],
            ..Problem::new(
                key,
                self.text(key),
                format!(
                    "{key} is {}, but with task.steps = {} a layer can have at most {most} units: make the layer \
                     smaller or the sample shorter.",
                    self.text(key),
                    self.task.steps
                ),
            )
        })
    }

    /// The memory of the run. The message names the setting whose value takes most of it.
    fn fits(&self, memory: u64) -> Option<Problem> {
        let need = self.memory();
        if need <= memory {
            return None;
        }
        let key = SIZES.into_iter().min_by_key(|key| self.with_default(key).memory())?;
        let (value, need, memory) = (field(key)?.get(self), bytes(need), bytes(memory));
        Some(Problem {
            allowed: format!("sizes that need at most {memory} of memory together"),
            related: &SIZES,
            ..Problem::new(
                key,
                value.to_text(),
                format!(
                    "These sizes would need about {need} of memory, but {memory} are available. The largest part comes \
                     from {key} = {}: choose smaller layers, fewer samples at a time or fewer steps.",
                    value.to_toml()
                ),
            )
        })
    }

    /// The same settings with one of them as in the built-in experiment.
    fn with_default(&self, key: &str) -> Settings {
        let mut other = self.clone();
        if let Some(field) = field(key) {
            let value = field.get(&Settings::default());
            field.set(&mut other, value).expect("the default is in its range");
        }
        other
    }
}

#[cfg(test)]
mod tests {
    use super::super::NetworkSettings;
    use super::*;
    use crate::snn::LayerKind;
    use crate::spike::Shape;

    fn one(settings: &Settings) -> Problem {
        let mut problems = settings.check().unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems.remove(0)
    }

    #[test]
    fn the_built_in_experiment_is_sound() {
        assert_eq!(Settings::default().check(), Ok(()));
    }

    #[test]
    fn every_value_out_of_range_is_named() {
        let mut s = Settings::default();
        s.task.steps = 0;
        s.task.rate = -0.1;
        s.neuron.alpha_i = 1.5;
        s.optimiser.learning_rate = f64::NAN;
        s.network.hidden = NetworkSettings::fc(&[10, 0]);
        let keys: Vec<_> = s.check().unwrap_err().into_iter().map(|p| p.key).collect();
        assert_eq!(keys, ["task.steps", "task.rate", "network.hidden", "neuron.alpha_i", "optimiser.learning_rate"]);
    }

    #[test]
    fn more_target_spikes_than_steps() {
        let mut s = Settings::default();
        s.task.target_spikes = 100;
        assert_eq!(s.check(), Ok(()));
        s.task.target_spikes = 101;
        let p = one(&s);
        assert_eq!((p.key.as_str(), p.value.as_str()), ("task.target_spikes", "101"));
        assert!(p.message.contains("101") && p.message.contains("at most 100"), "{p}");
    }

    #[test]
    fn sizes_that_never_vary() {
        let mut s = Settings::default();
        s.task.set_kind(TaskKind::Nmnist);
        assert_eq!(s.check(), Ok(()));
        s.set_text("network.hidden", "784 - fc800 - fc10").unwrap();
        assert!(one(&s).message.contains("task.inputs is 784, but for the task nmnist it is always 2x34x34"));
        s.set_text("network.hidden", "2312 - fc800 - fc9").unwrap();
        assert!(one(&s).message.contains("task.outputs is 9"));
    }

    #[test]
    fn codes_that_do_not_fit() {
        let mut s = Settings::default();
        s.task.set_kind(TaskKind::Digits);
        s.task.latest = 100;
        let p = one(&s);
        assert!(p.key == "task.latest" && p.message.contains("before the end of a sample of 100 steps"), "{p}");
        s.task.set_kind(TaskKind::Trains);
        assert_eq!(s.check(), Ok(()));
    }

    #[test]
    fn layers_that_do_not_fit() {
        let mut s = Settings::default();
        s.network.hidden = vec![LayerKind::Conv { out: 3, kernel: 3 }];
        let p = one(&s);
        assert!(p.key == "network.hidden" && p.message.contains("at conv3k3: `conv3k3` needs an image"), "{p}");
        s.task.inputs = Shape::Grid([1, 5, 10]);
        assert!(one(&s).message.contains("put `flatten` before it"));
        s.network.hidden.push(LayerKind::Flatten);
        assert_eq!(s.check(), Ok(()));
        assert_eq!(s.network_text(), "1x5x10 - conv3k3 - flatten - fc5");
    }

    #[test]
    fn a_watched_pair_that_is_not_there() {
        let mut s = Settings::default();
        s.run.probe = 1;
        assert!(one(&s).message.contains("there is 1 pair"));
        s.task.pairs = 2;
        assert_eq!(s.check(), Ok(()));
    }

    #[test]
    fn more_memory_than_there_is() {
        let mut s = Settings::default();
        s.network.hidden = NetworkSettings::fc(&[100_000, 100_000]);
        let p = one(&s);
        assert_eq!(p.key, "network.hidden");
        assert!(p.message.contains("186.5 GiB") && p.message.contains("8.0 GiB"), "{p}");
        assert_eq!(s.check_within(u64::MAX), Ok(()));
        s = Settings::default();
        s.task.pairs = 100_000;
        s.task.steps = 10_000;
        assert_eq!(one(&s).key, "task.pairs");
    }

    #[test]
    fn more_spikes_than_can_be_counted() {
        let mut s = Settings::default();
        s.task.steps = 100_000;
        s.network.hidden = NetworkSettings::fc(&[50_000]);
        let p = s.check_within(u64::MAX).unwrap_err().remove(0);
        assert_eq!((p.key.as_str(), p.value.as_str()), ("network.hidden", "fc50000"));
        assert!(p.message.contains("42949"), "{p}");
    }
}
