//! What helps: changes of settings, and words.

use crate::loss::LossKind;
use crate::rule::Rule;
use crate::train::Settings;
use crate::train::settings::{Change, Initial, Value};

use super::Illness;

/// What to try.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// In the order in which they are to be made; none where no setting helps.
    pub changes: Vec<Change>,
    /// What they do, in a sentence.
    pub words: &'static str,
}

impl Remedy {
    /// Whether it takes effect only in a new run.
    pub fn restarts(&self) -> bool {
        self.changes.iter().any(|change| !change.field.live)
    }

    /// As in `rule.rule=antlr`.
    pub fn text(&self) -> String {
        let change = |change: &Change| format!("{}={}", change.field.key, change.value.to_text());
        self.changes.iter().map(change).collect::<Vec<_>>().join(", ")
    }

    /// What helps against `illness` in a run with these settings.
    pub(super) fn of(illness: Illness, settings: &Settings) -> Self {
        match illness {
            Illness::OutputsSilent if settings.loss.kind == LossKind::Latency => no_spike_penalty(settings),
            Illness::OutputsSilent | Illness::Dead | Illness::Silent | Illness::Frozen => louder(settings),
            Illness::Saturated => quieter(settings),
            Illness::Exploding => clip(settings),
            Illness::Vanishing => wider_view(settings),
            Illness::LossFlat => another_rule(settings),
            Illness::LabelNever if settings.loss.kind == LossKind::Latency => no_spike_penalty(settings),
            Illness::LabelNever => another_rule(settings),
        }
    }
}

fn one(key: &'static str, value: Value, words: &'static str) -> Remedy {
    Remedy { changes: vec![Change::to(key, value)], words }
}

fn louder(settings: &Settings) -> Remedy {
    let penalty = settings.rule.timing_penalty;
    if settings.rule.rule == Rule::Timing && !(penalty.on && penalty.value > 0.0) {
        let mut remedy = one(
            "rule.timing_penalty_on",
            Value::Switch(true),
            "The silent-neuron penalty raises the weights into neurons that never spike, until they do.",
        );
        if penalty.value <= 0.0 {
            remedy.changes.push(Change::to("rule.timing_penalty", Value::Real(100.0)));
        }
        return remedy;
    }
    let network = &settings.network;
    if network.weight_offset < 0.0 {
        let words = "Without a negative offset the initial weights lift potentials as often as they lower them.";
        return one("network.weight_offset", Value::Real(0.0), words);
    }
    let words = "Larger initial weights bring more potentials to the threshold.";
    match network.initial {
        Initial::Uniform => one("network.gain", Value::Real((2.0 * network.gain).clamp(2.0, 1000.0)), words),
        Initial::Normal => one("network.deviation", Value::Real((2.0 * network.deviation).clamp(0.1, 1000.0)), words),
    }
}

fn quieter(settings: &Settings) -> Remedy {
    let network = &settings.network;
    if network.weight_offset > 0.0 {
        let words = "Without an offset the initial weights lower potentials as often as they lift them.";
        return one("network.weight_offset", Value::Real(0.0), words);
    }
    let words = "Smaller initial weights leave room between two spikes.";
    match network.initial {
        Initial::Uniform => one("network.gain", Value::Real(network.gain / 4.0), words),
        Initial::Normal => one("network.deviation", Value::Real(network.deviation / 4.0), words),
    }
}

fn clip(settings: &Settings) -> Remedy {
    let clip = settings.rule.grad_clip;
    if clip.on && clip.value <= 1.0 {
        let words = "Smaller steps do less harm where the gradient points nowhere in particular.";
        return one("optimiser.learning_rate", Value::Real(settings.optimiser.learning_rate / 10.0), words);
    }
    let words = "Clipping keeps every entry of the gradient within ± 1.";
    let mut remedy = one("rule.grad_clip_on", Value::Switch(true), words);
    if clip.value > 1.0 {
        remedy.changes.push(Change::to("rule.grad_clip", Value::Real(1.0)));
    }
    remedy
}

fn wider_view(settings: &Settings) -> Remedy {
    let sharpness = settings.rule.surrogate_beta;
    if settings.rule.rule != Rule::Timing && sharpness > 1.0 {
        let words = "A wider surrogate derivative lets the gradient through at potentials farther from the threshold.";
        return one("rule.surrogate_beta", Value::Real((sharpness / 4.0).clamp(1.0, 3.0)), words);
    }
    another_rule(settings)
}

fn another_rule(settings: &Settings) -> Remedy {
    if settings.rule.rule != Rule::Antlr {
        let words = "ANTLR sees both how spikes move and where one could appear or vanish.";
        return one("rule.rule", Value::Choice(Rule::Antlr.key()), words);
    }
    let words = "Larger steps leave a plateau sooner.";
    one("optimiser.learning_rate", Value::Real((settings.optimiser.learning_rate * 10.0).min(1000.0)), words)
}

fn no_spike_penalty(settings: &Settings) -> Remedy {
    if settings.rule.rule == Rule::Timing {
        return louder(settings);
    }
    let words = "A higher no-spike penalty asks more of an output that should have spiked and did not.";
    let lambda = settings.loss.lambda_nospike;
    one("loss.lambda_nospike", Value::Real(if lambda > 0.0 { (lambda * 10.0).min(1000.0) } else { 0.1 }), words)
}
