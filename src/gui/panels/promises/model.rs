//! Promises in words and numbers.

use crate::engine::InsideUpdate;
use crate::explain::line::NeuronAt;
use crate::explain::promise::{CreatedSpike, LEAST_MOVE, Origin, PromisedSpike};
use crate::explain::{LayerPromise, PromiseTally, Verdict, words};
use crate::gui::names::neuron_name;
use crate::gui::state::{ViewContext, watched};
use crate::text::{count, share, signed, whole};

/// What became of the spike that is explained: the picked neuron's spike at, or nearest to, the step picked; in words.
pub fn sentence(cx: ViewContext, update: &InsideUpdate) -> String {
    let neuron = watched::neuron(cx.choices, &update.at.frame);
    let name = capital(&neuron_name(&update.at.frame, neuron.layer, neuron.unit as usize));
    let Some(layer) = of_neuron(update, neuron) else { return format!("{name} has no weights of its own.") };
    let Some(spike) = nearest(layer.of_unit(neuron.unit), cx.choices.inside.step) else {
        return format!("{name} had no spike before this update to which anything could be promised.");
    };
    let lowest = update.at.frame.net.lowest() == neuron.layer;
    format!("{name}, spike at {}: {}", spike.step, words::sentence(update.rule, spike, lowest))
}

/// The promises of the layer that a neuron is in.
pub fn of_neuron(update: &InsideUpdate, neuron: NeuronAt) -> Option<&LayerPromise> {
    update.promise.layers.iter().find(|layer| layer.index == neuron.layer)
}

/// The spike that is at `step`, before the update or after it, or nearest to it; the first where no step is picked.
pub fn nearest(spikes: &[PromisedSpike], step: Option<u32>) -> Option<&PromisedSpike> {
    let Some(step) = step else { return spikes.first() };
    let away = |spike: &&PromisedSpike| {
        let places = [Some(spike.step), spike.alone, spike.after].into_iter().flatten();
        places.map(|place| place.abs_diff(step)).min()
    };
    spikes.iter().min_by_key(away)
}

/// As in "Of 12 spikes that were to move 7 did (58 %) …".
pub fn counts(layer: &LayerPromise) -> String {
    let tally = PromiseTally::of(layer);
    let mut words = match tally.moves() {
        0 => "No spike was to move".to_owned(),
        moves => {
            let kept = tally.kept_moves().map_or(String::new(), |kept| format!(" ({})", share(kept)));
            let of = count(moves, "spike");
            format!(
                "Of {of} that were to move {} kept the word{kept}, {} stayed",
                whole(tally.kept),
                whole(tally.unmoved)
            )
        }
    };
    if tally.stays() > 0 {
        words += &format!("; of {} that were to stay {} did", whole(tally.stays()), whole(tally.stayed));
    }
    let removed = tally.removed + tally.lost;
    words += &format!(
        "; {} created and {} removed by its weights; {} created and {} removed by its inputs",
        whole(tally.created),
        whole(removed),
        whole(tally.created_by_inputs),
        whole(tally.removed_by_inputs)
    );
    words
}

/// What its own weights made of a promise, in a word or two.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "kept",
        Verdict::Unmoved => "did not move it",
        Verdict::Reversed => "moved it the other way",
        Verdict::Removed => "removed it",
        Verdict::Stayed => "left it, as promised",
        Verdict::Strayed => "moved it, was to stay",
        Verdict::Lost => "removed it, was to stay",
    }
}

/// A number of steps with its direction, as in "−2" (earlier).
pub fn steps(steps: Option<i64>) -> String {
    steps.map_or("removed".into(), |steps| signed(format!("{steps:+}")).replace("+0", "0"))
}

/// A promise in steps.
pub fn promised(spike: &PromisedSpike) -> String {
    signed(format!("{:+.1}", spike.promised()))
}

/// A spike in words, for the pointer.
pub fn spike_text(update: &InsideUpdate, layer: &LayerPromise, spike: &PromisedSpike) -> String {
    let name = neuron_name(&update.at.frame, layer.index, spike.unit as usize);
    let still = if spike.promised().abs() < LEAST_MOVE { " (to stay)" } else { "" };
    format!(
        "{name}, spike at {}: promised {}{still}, its weights {}, its inputs {}; {}",
        spike.step,
        promised(spike),
        steps(spike.by_weights()),
        if spike.alone.is_none() { "–".into() } else { steps(spike.by_inputs()) },
        verdict(spike.verdict())
    )
}

/// A created spike in words.
pub fn created_text(update: &InsideUpdate, layer: &LayerPromise, spike: &CreatedSpike) -> String {
    let name = neuron_name(&update.at.frame, layer.index, spike.unit as usize);
    let origin = match spike.origin {
        Origin::Weights => "its weights",
        Origin::Inputs => "its inputs",
    };
    let delta = signed(format!("{:+.3}", spike.delta_v));
    let gone = if spike.after.is_none() { "; its inputs removed it again" } else { "" };
    format!("{name}, created at {} by {origin}; the potential there was to change by {delta}{gone}", spike.step)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spike(step: u32, delta_v: f32, alone: Option<u32>, after: Option<u32>) -> PromisedSpike {
        PromisedSpike { unit: 2, step, delta_v, slope: 0.25, alone, after }
    }

    #[test]
    fn the_spike_that_is_meant_is_found_where_it_was_or_is() {
        let spikes = [spike(10, 0.5, Some(8), Some(8)), spike(30, 0.0, Some(30), Some(44)), spike(50, 0.1, None, None)];
        let found = |step| nearest(&spikes, step).map(|spike| spike.step);
        assert_eq!([None, Some(8), Some(43), Some(52)].map(found), [Some(10), Some(10), Some(30), Some(50)]);
        assert_eq!(nearest(&[], Some(3)), None);
    }

    #[test]
    fn a_layer_in_numbers() {
        let created = CreatedSpike { unit: 2, step: 70, delta_v: 0.2, origin: Origin::Weights, after: Some(70) };
        let spikes = vec![
            spike(10, 0.5, Some(8), Some(8)),
            spike(30, 0.0, Some(30), Some(44)),
            spike(50, 0.5, None, None),
            spike(60, -0.5, Some(60), Some(60)),
        ];
        let layer = LayerPromise { index: 1, shift: Vec::new(), spikes, created: vec![created] };
        assert_eq!(
            counts(&layer),
            "Of 3 spikes that were to move 1 kept the word (33 %), 1 stayed; of 1 that were to stay 1 did; 1 created and 1 \
             removed by its weights; 0 created and 0 removed by its inputs"
        );
        assert_eq!([Some(-2), Some(0), Some(3), None].map(steps), ["−2", "0", "+3", "removed"]);
        assert_eq!(promised(&layer.spikes[0]), "−2.0");
    }
}
