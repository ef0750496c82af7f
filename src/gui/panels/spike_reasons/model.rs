//! Reasons in words.

use crate::engine::{Frame, InsideUpdate, SpikeReasons};
use crate::explain::cause::{Demand, MissedTarget};
use crate::explain::line::NeuronAt;
use crate::explain::potential::THRESHOLD;
use crate::explain::promise::Origin;
use crate::gui::names::neuron_name;
use crate::gui::state::ViewContext;
use crate::gui::state::inside::InsideView;
use crate::rule::Rule;
use crate::text::{count, signed, trimmed, value};

/// The steps at which a neuron spikes.
pub fn train(view: &InsideView, neuron: NeuronAt) -> Vec<u32> {
    let spikes = &view.now.activity.layers[neuron.layer];
    (0..spikes.steps() as u32).filter(|&step| spikes.contains(step as usize, neuron.unit)).collect()
}

/// As in "output 2, step 40 (20 ms), update 7".
pub fn place(cx: ViewContext, frame: &Frame, neuron: NeuronAt, step: Option<u32>) -> String {
    let name = neuron_name(frame, neuron.layer, neuron.unit as usize);
    let update = crate::text::whole(frame.update);
    let ms = |step: u32| trimmed(f64::from(step) * frame.settings.task.dt_ms);
    match step {
        Some(step) if cx.choices.time_unit == crate::task::TimeUnit::Ms => {
            format!("{name}, {} ms (step {step}), update {update}", ms(step))
        }
        Some(step) => format!("{name}, step {step} ({} ms), update {update}", ms(step)),
        None => format!("{name}, update {update}"),
    }
}

/// Whether there is a spike, and how far the potential is from the threshold.
pub fn here(reasons: &SpikeReasons) -> String {
    match (reasons.potential, reasons.spikes) {
        (None, _) => "This step was not run: every output had spiked before.".into(),
        (Some(v), true) => format!("It spikes here: v = {v:.3}, the threshold is 1."),
        (Some(v), false) => {
            let away = THRESHOLD - v;
            format!("It does not spike here: v = {}, {away:.3} below the threshold.", signed(format!("{v:.3}")))
        }
    }
}

/// What the last update did to the spikes here.
pub fn origin(update: &InsideUpdate, reasons: &SpikeReasons) -> String {
    let SpikeReasons { neuron, step, .. } = *reasons;
    let rule = crate::explain::words::rule_name(update.rule);
    let Some(layer) = update.promise.layers.iter().find(|layer| layer.index == neuron.layer) else {
        return String::new();
    };
    let spikes = layer.of_unit(neuron.unit);
    let came = spikes.iter().find(|spike| spike.after == Some(step));
    if reasons.spikes {
        let created = layer.created.iter().find(|c| c.unit == neuron.unit && c.after == Some(step));
        return match (came, created.map(|created| created.origin)) {
            (Some(spike), _) if spike.step == step => "The last update left it here.".into(),
            (Some(spike), _) => format!("The last update, by {rule}, moved it here from step {}.", spike.step),
            (None, Some(Origin::Weights)) => {
                format!("The last update, by {rule}, created it by the neuron's own weights.")
            }
            (None, _) => format!("The last update, by {rule}, created it by what comes in."),
        };
    }
    match spikes.iter().find(|spike| spike.step == step) {
        None => "There was no spike here before the last update either.".into(),
        Some(spike) => match spike.after {
            Some(after) => format!("The last update, by {rule}, moved the spike that was here to step {after}."),
            None => format!("The last update, by {rule}, removed the spike that was here."),
        },
    }
}

/// What the loss wants of an output.
pub fn demand(demand: &Demand, step: u32) -> String {
    match *demand {
        Demand::Train { nearest: None } => "The spike-train loss wants no spike of this output.".into(),
        Demand::Train { nearest: Some(target) } if target == step => {
            "The spike-train loss wants a spike exactly here.".into()
        }
        Demand::Train { nearest: Some(target) } => {
            let way = if target > step { "later" } else { "earlier" };
            let away = count(target.abs_diff(step).into(), "step");
            format!("The spike-train loss: the nearest target is at {target}, {away} {way}.")
        }
        Demand::Count { wanted, given } => {
            let way = match given.cmp(&wanted) {
                std::cmp::Ordering::Less => "it asks for more",
                std::cmp::Ordering::Equal => "it asks for nothing",
                std::cmp::Ordering::Greater => "it asks for fewer",
            };
            format!("The count loss wants {} and gets {given}: {way}.", count(wanted as u64, "spike"))
        }
        Demand::First { is_label, first } => {
            let wants =
                if is_label { "wants this output, the label, to spike first" } else { "wants this output later" };
            let first = first.map_or("it is silent".into(), |first| format!("its first spike is at {first}"));
            format!("The latency loss {wants}; {first}.")
        }
    }
}

/// What each rule asks of a potential, in a few words.
pub fn sight(rule: Rule, g_v: f32) -> String {
    let deed = match g_v {
        _ if g_v < 0.0 => "would lift v",
        _ if g_v > 0.0 => "would lower v",
        _ => return format!("{} sees nothing here", rule.label()),
    };
    format!("{} {deed} (dL/dv {})", rule.label(), signed(value(f64::from(g_v))))
}

/// What a plain step of each rule, as long as the last update, would do to a missed target.
pub fn mend(target: &MissedTarget, known: bool) -> String {
    let mut words = format!("Click to explain step {} of output {}.", target.step, target.unit);
    if known {
        words += " A step of each rule as long as the last update would change the potential there by: ";
        let lift = |sight: &crate::explain::cause::RuleSight| {
            format!("{} {}", sight.rule.label(), signed(format!("{:+.4}", sight.lift)))
        };
        words += &target.sight.iter().map(lift).collect::<Vec<_>>().join(", ");
        words += ".";
    }
    let (nearest, away) = target.nearest;
    if nearest != target.step {
        words += &format!(
            " Within ten steps v comes nearest to the threshold at {nearest}: {} away.",
            signed(format!("{away:.3}"))
        );
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demand_of_each_loss_in_words() {
        let train = |nearest, step| demand(&Demand::Train { nearest }, step);
        assert_eq!(train(Some(41), 40), "The spike-train loss: the nearest target is at 41, 1 step later.");
        assert_eq!(train(Some(37), 40), "The spike-train loss: the nearest target is at 37, 3 steps earlier.");
        assert_eq!(train(Some(40), 40), "The spike-train loss wants a spike exactly here.");
        assert_eq!(train(None, 40), "The spike-train loss wants no spike of this output.");
        let count = |wanted, given| demand(&Demand::Count { wanted, given }, 40);
        assert_eq!(count(3, 2), "The count loss wants 3 spikes and gets 2: it asks for more.");
        assert_eq!(count(1, 2), "The count loss wants 1 spike and gets 2: it asks for fewer.");
        let first = demand(&Demand::First { is_label: true, first: None }, 40);
        assert_eq!(first, "The latency loss wants this output, the label, to spike first; it is silent.");
    }

    #[test]
    fn what_a_rule_asks_in_words() {
        assert_eq!(sight(Rule::Antlr, -0.0125), "ANTLR would lift v (dL/dv −0.0125)");
        assert_eq!(sight(Rule::Activation, 2.0), "Activation would lower v (dL/dv 2.00)");
        assert_eq!(sight(Rule::Timing, 0.0), "Timing sees nothing here");
    }
}
