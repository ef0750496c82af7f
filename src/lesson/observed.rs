//! What a lesson can observe of the program, at one moment.

use std::sync::Arc;

use crate::spike::{Raster, Tally};
use crate::train::Settings;
use crate::train::settings::Value;

use super::fact::{Fact, FactArgument, FactValue, Layers};

/// Everything that the facts are read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Of the run in view.
    pub settings: Arc<Settings>,
    pub updates: u64,
    /// Runs begun so far.
    pub runs: u64,
    pub playing: bool,
    /// Whether a moment of the past is in view.
    pub past: bool,
    pub loss: Option<f64>,
    /// From the first hidden layer to the output.
    pub layers: Vec<LayerSeen>,
    /// Target spikes that are met exactly, and all of them.
    pub targets: Option<(u64, u64)>,
    /// Of the validation samples, at the end of the last epoch.
    pub accuracy: Option<f64>,
    /// Spikes of a validation sample on average, then.
    pub sample_spikes: Option<f64>,
    pub epochs: u64,
    /// The neuron that was clicked: layer and unit.
    pub selected: Option<(usize, usize)>,
    pub workspace: String,
    pub pinned: bool,
    pub drawn: u64,
    pub bench: Option<BenchSeen>,
}

/// One layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerSeen {
    pub spikes: u64,
    /// Neurons without a spike.
    pub silent: u64,
    /// Over all updates that were seen.
    pub created: u64,
    pub removed: u64,
    pub shifted: u64,
}

/// The neuron on the bench.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BenchSeen {
    pub inputs: usize,
    pub spikes: usize,
    pub peak: f64,
    pub weight: f64,
    pub alpha_i: f64,
    pub alpha_v: f64,
    /// Steps between the two spikes that are closest, where there are two.
    pub interval: Option<u32>,
}

impl Default for Observed {
    fn default() -> Self {
        Self {
            settings: Arc::new(Settings::default()),
            updates: 0,
            runs: 0,
            playing: false,
            past: false,
            loss: None,
            layers: Vec::new(),
            targets: None,
            accuracy: None,
            sample_spikes: None,
            epochs: 0,
            selected: None,
            workspace: "watch".to_owned(),
            pinned: false,
            drawn: 0,
            bench: None,
        }
    }
}

impl LayerSeen {
    /// Takes note of the spikes of the watched sample now.
    pub fn look(&mut self, spikes: &Raster) {
        let mut quiet = vec![true; spikes.units()];
        spikes.iter().for_each(|(_, unit)| quiet[unit as usize] = false);
        self.spikes = spikes.len() as u64;
        self.silent = quiet.into_iter().filter(|quiet| *quiet).count() as u64;
    }

    /// Adds the changes of an update.
    pub fn add(&mut self, changes: Tally) {
        self.created += u64::from(changes.created);
        self.removed += u64::from(changes.removed);
        self.shifted += u64::from(changes.shifted);
    }
}

/// Target spikes that are met exactly, and all of them.
pub fn hits(output: &Raster, target: &Raster) -> (u64, u64) {
    let met = target.iter().filter(|(step, unit)| *step < output.steps() && output.contains(*step, *unit));
    (met.count() as u64, target.len() as u64)
}

impl Observed {
    /// The value of a fact; `None` where nothing is known of it yet.
    pub fn value(&self, fact: &Fact) -> Option<FactValue> {
        let word = |word: &str| Some(FactValue::word(word));
        let count = |n: u64| Some(FactValue::Number(n as f64));
        match fact.spec.name {
            "rule" => word(self.settings.rule.rule.key()),
            "loss" => self.loss.map(FactValue::Number),
            "updates" => count(self.updates),
            "runs" => count(self.runs),
            "state" => word(if self.playing { "running" } else { "paused" }),
            "moment" => word(if self.past { "past" } else { "now" }),
            "selected" => word(self.selected_layer()),
            "workspace" => word(&self.workspace),
            "pinned" => word(if self.pinned { "cell" } else { "none" }),
            "drawn" => count(self.drawn),
            "created" => self.sum(fact, |layer| layer.created),
            "removed" => self.sum(fact, |layer| layer.removed),
            "shifted" => self.sum(fact, |layer| layer.shifted),
            "spikes" => self.sum(fact, |layer| layer.spikes),
            "silent" => self.sum(fact, |layer| layer.silent),
            "hits" => count(self.targets?.0),
            "targets" => count(self.targets?.1),
            "accuracy" => self.accuracy.map(FactValue::Number),
            "sample_spikes" => self.sample_spikes.map(FactValue::Number),
            "epochs" => count(self.epochs),
            "setting" => self.setting(fact),
            name => self.bench.as_ref()?.value(name),
        }
    }

    /// How much a fact that counts has risen since `start`.
    pub fn since(&self, fact: &Fact, start: &Self) -> Option<FactValue> {
        match (self.value(fact)?, start.value(fact)) {
            // a new run counts from its beginning
            (FactValue::Number(now), Some(FactValue::Number(then))) if now >= then => {
                Some(FactValue::Number(now - then))
            }
            (now, _) => Some(now),
        }
    }

    fn selected_layer(&self) -> &'static str {
        match self.selected {
            None => "none",
            Some((layer, _)) if layer + 1 == self.layers.len() => "output",
            Some(_) => "hidden",
        }
    }

    fn sum(&self, fact: &Fact, of: fn(&LayerSeen) -> u64) -> Option<FactValue> {
        let FactArgument::Layers(layers) = fact.of else { return None };
        (!self.layers.is_empty()).then(|| FactValue::Number(self.sum_of(layers, of) as f64))
    }

    /// Over layers.
    pub fn sum_of(&self, layers: Layers, of: fn(&LayerSeen) -> u64) -> u64 {
        let number = self.layers.len();
        self.layers.iter().enumerate().filter(|(l, _)| layers.include(*l, number)).map(|(_, layer)| of(layer)).sum()
    }

    fn setting(&self, fact: &Fact) -> Option<FactValue> {
        let FactArgument::Setting(field) = fact.of else { return None };
        Some(match field.get(&self.settings) {
            Value::Whole(n) => FactValue::Number(n as f64),
            Value::Real(x) => FactValue::Number(x),
            value => FactValue::word(value.to_text()),
        })
    }
}

impl BenchSeen {
    fn value(&self, name: &str) -> Option<FactValue> {
        let number = match name {
            "bench_inputs" => self.inputs as f64,
            "bench_spikes" => self.spikes as f64,
            "bench_peak" => self.peak,
            "bench_weight" => self.weight,
            "bench_current_decay" => self.alpha_i,
            "bench_potential_decay" => self.alpha_v,
            "bench_interval" => f64::from(self.interval?),
            _ => return None,
        };
        Some(FactValue::Number(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::fact::FACTS;

    #[test]
    fn every_fact_of_the_list_can_be_observed() {
        let seen = Observed {
            loss: Some(0.5),
            layers: vec![LayerSeen::default(); 2],
            targets: Some((1, 3)),
            accuracy: Some(0.5),
            sample_spikes: Some(60.0),
            bench: Some(BenchSeen { interval: Some(4), ..BenchSeen::default() }),
            ..Observed::default()
        };
        for spec in FACTS {
            let text = match spec.takes {
                crate::lesson::fact::FactTakes::Nothing => spec.name.to_owned(),
                crate::lesson::fact::FactTakes::Layers => format!("{}(output)", spec.name),
                crate::lesson::fact::FactTakes::Setting => format!("{}(neuron.alpha_i)", spec.name),
            };
            assert!(seen.value(&Fact::parse(&text).unwrap()).is_some(), "{text}");
        }
    }

    #[test]
    fn a_new_run_counts_from_its_beginning() {
        let updates = Fact::parse("updates").unwrap();
        let (start, later, new) = (
            Observed { updates: 100, ..Observed::default() },
            Observed { updates: 130, ..Observed::default() },
            Observed { updates: 20, ..Observed::default() },
        );
        assert_eq!(later.since(&updates, &start), Some(FactValue::Number(30.0)));
        assert_eq!(new.since(&updates, &start), Some(FactValue::Number(20.0)));
    }

    #[test]
    fn silent_neurons_and_hits_are_counted() {
        let output = Raster::from_events(3, 10, vec![(2, 0), (4, 0), (5, 2)]);
        let mut layer = LayerSeen::default();
        layer.look(&output);
        assert_eq!((layer.spikes, layer.silent), (3, 1));
        let target = Raster::from_events(3, 12, vec![(2, 0), (5, 1), (11, 2)]);
        assert_eq!(hits(&output, &target), (1, 3));
    }
}
