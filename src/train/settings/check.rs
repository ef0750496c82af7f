//! Whether settings make sense: each for itself, and all together.

use super::memory::{MEMORY, bytes};
use super::{FIELDS, Field, Problem, Settings, field};

/// What decides how much memory a run takes.
static SIZES: [&str; 5] = ["network.hidden", "task.steps", "task.pairs", "task.inputs", "task.outputs"];

impl Settings {
    /// All that is wrong, for a machine of [`MEMORY`] bytes.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        self.check_within(MEMORY)
    }

    /// All that is wrong, for a machine of `memory` bytes. How settings fit together is looked at once each is in
    /// its range.
    pub fn check_within(&self, memory: u64) -> Result<(), Vec<Problem>> {
        let mut problems: Vec<Problem> = FIELDS.iter().filter_map(|f| self.range(f)).collect();
        if problems.is_empty() {
            problems.extend([self.targets(), self.probe(), self.spikes(), self.fits(memory)].into_iter().flatten());
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The value of a setting as text; empty for a key that is none.
    fn text(&self, key: &str) -> String {
        field(key).map_or(String::new(), |f| f.get(self).to_text())
    }

    fn range(&self, field: &Field) -> Option<Problem> {
        let value = field.get(self);
        (!field.kind.allows(&value)).then(|| field.refuse(&value.to_text()))
    }

    /// A train has at most one spike in a step.
    fn targets(&self) -> Option<Problem> {
        let (wanted, steps) = (self.task.target_spikes, self.task.steps);
        (wanted > steps).then(|| Problem {
            allowed: format!("a whole number from 0 to {steps}, one spike a step"),
            related: &["task.steps"],
            ..Problem::new(
                "task.target_spikes",
                wanted.to_string(),
                format!(
                    "task.target_spikes is {wanted}, but task.steps is {steps} and an output can spike only once in a \
                     step: want at most {steps}, or more steps."
                ),
            )
        })
    }

    /// The watched pair must be there.
    fn probe(&self) -> Option<Problem> {
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
                    "run.probe is {probe}, but {pairs_are}, counted from 0: choose one from 0 to {last}, or raise \
                     task.pairs."
                ),
            )
        })
    }

    /// The spikes of a layer in a sample are counted in 32 bits.
    fn spikes(&self) -> Option<Problem> {
        let layers = [("task.inputs", self.task.inputs), ("task.outputs", self.task.outputs)];
        let hidden = self.network.hidden.iter().map(|&n| ("network.hidden", n));
        let (key, widest) = layers.into_iter().chain(hidden).max_by_key(|l| l.1)?;
        let most = u32::MAX as usize / self.task.steps.max(1);
        (widest > most).then(|| Problem {
            allowed: format!("at most {most} units in a layer with {} steps", self.task.steps),
            related: &["task.steps"],
            ..Problem::new(
                key,
                self.text(key),
                format!(
                    "{key} is {}, but with task.steps = {} a layer can have at most {most} units: make the layer or \
                     the length smaller.",
                    self.text(key),
                    self.task.steps
                ),
            )
        })
    }

    /// There must be enough memory. The setting that is named is the one whose value takes most of it.
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
                    "These sizes would need about {need} of memory, and there is {memory}; the largest part comes from \
                     {key} = {}: choose smaller layers, fewer pairs or fewer steps.",
                    value.to_toml()
                ),
            )
        })
    }

    /// The same with one setting as in the built-in experiment.
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
    use super::*;

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
        s.network.hidden = vec![10, 0];
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
        s.network.hidden = vec![100_000, 100_000];
        let p = one(&s);
        assert_eq!(p.key, "network.hidden");
        assert!(p.message.contains("186.6 GiB") && p.message.contains("8.0 GiB"), "{p}");
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
        s.network.hidden = vec![50_000];
        let p = s.check_within(u64::MAX).unwrap_err().remove(0);
        assert_eq!((p.key.as_str(), p.value.as_str()), ("network.hidden", "50000"));
        assert!(p.message.contains("42949"), "{p}");
    }
}
