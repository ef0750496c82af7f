//! A line through weight space in words, and its points as steps.

use crate::engine::LinePart;
use crate::explain::line::{CurveEnd, LineScale, SpikeCurve};
use crate::gui::names::{layer_name, neuron_name};
use crate::text::{count, signed, trimmed, value};

/// A number as it stands in sentences.
fn short(x: f64) -> String {
    signed(value(x))
}

/// A weight with three decimals at most.
pub fn weight_text(x: f32) -> String {
    signed(trimmed(f64::from(x)))
}

/// As in "Weight 0.213 from hidden 7".
pub fn synapse_name(part: &LinePart) -> String {
    let weight = weight_text(part.weight);
    let net = &part.frame.net.layers;
    match (part.synapse.input, part.synapse.neuron.layer.checked_sub(1)) {
        (None, _) => format!("Bias {weight}"),
        (Some(input), None) => format!("Weight {weight} from input {input}"),
        (Some(input), Some(below)) => format!("Weight {weight} from {} {input}", layer_name(below, net.len(), net)),
    }
}

/// The measured point that is nearest to `a`.
pub fn nearest(part: &LinePart, a: f32) -> Option<usize> {
    let away = |k: &usize| (part.line.scale.value(*k) - a).abs();
    part.line.measured().map(|(k, _)| k).min_by(|x, y| away(x).total_cmp(&away(y)))
}

/// What turning the weight by `a` does.
pub fn what_if(part: &LinePart, a: f32) -> String {
    let middle = part.line.scale.points / 2;
    let (Some(here), Some(k)) = (&part.line.points[middle], nearest(part, a)) else {
        return "Nothing is measured yet.".into();
    };
    if k == middle {
        let spikes: usize = here.trains.iter().map(Vec::len).sum();
        let loss = short(here.loss);
        return format!("As it is: loss {loss}, {}. Drag to turn the weight.", count(spikes as u64, "spike"));
    }
    let there = part.line.points[k].as_ref().expect("it is measured");
    let changed = here.trains.iter().zip(&there.trains).enumerate().filter(|(_, (before, after))| before != after);
    let neuron = |n: usize| {
        let neuron = part.line.neurons[n];
        neuron_name(&part.frame, neuron.layer, neuron.unit as usize)
    };
    let steps = |train: &[u32]| match train {
        [] => "silent".to_owned(),
        train => train.iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
    };
    let changes: Vec<String> =
        changed.map(|(n, (before, after))| format!("{}: {} to {}", neuron(n), steps(before), steps(after))).collect();
    let weight = weight_text(part.weight + part.line.scale.value(k));
    let changes = if changes.is_empty() { "no spike moves".into() } else { changes.join("; ") };
    format!("What if it were {weight}: loss {} instead of {}; {changes}.", short(there.loss), short(here.loss))
}

/// The point under the pointer.
pub fn point_text(part: &LinePart, a: f32) -> String {
    let Some(k) = nearest(part, a) else { return "Not measured yet".into() };
    let point = part.line.points[k].as_ref().expect("it is measured");
    let spikes: usize = point.trains.iter().map(Vec::len).sum();
    let weight = weight_text(part.weight + part.line.scale.value(k));
    format!("weight {weight}: loss {}, {}", short(point.loss), count(spikes as u64, "spike"))
}

/// A spike's line as flats, each from the middle between two points to the next: from, to and the step.
pub fn flats(curve: &SpikeCurve, scale: &LineScale) -> Vec<(f32, f32, u32)> {
    let value = |k: usize| scale.value(k);
    let spikes = &curve.spikes;
    let halfway = |a: usize, b: usize| (value(a) + value(b)) / 2.0;
    let ends = |end: CurveEnd, k: usize| match end {
        CurveEnd::Open => value(k),
        CurveEnd::Between { neighbour } => halfway(k, neighbour),
    };
    let flat = |n: usize| {
        let (k, step) = spikes[n];
        let from = if n == 0 { ends(curve.begin, k) } else { halfway(spikes[n - 1].0, k) };
        let to = spikes.get(n + 1).map_or_else(|| ends(curve.end, k), |(next, _)| halfway(k, *next));
        (from, to, step)
    };
    let mut flats: Vec<(f32, f32, u32)> = Vec::new();
    for (from, to, step) in (0..spikes.len()).map(flat) {
        // a flat that goes on is one stroke
        match flats.last_mut().filter(|last| last.2 == step) {
            Some(last) => last.1 = to,
            None => flats.push((from, to, step)),
        }
    }
    flats
}

/// The losses as flats, in the same way.
pub fn losses(part: &LinePart) -> Vec<(f32, f32, f64)> {
    let scale = &part.line.scale;
    let all: Vec<(f32, f64)> = part.line.measured().map(|(k, point)| (scale.value(k), point.loss)).collect();
    let flat = |n: usize| {
        let (a, loss) = all[n];
        let from = if n == 0 { a } else { (all[n - 1].0 + a) / 2.0 };
        (from, all.get(n + 1).map_or(a, |next| (next.0 + a) / 2.0), loss)
    };
    (0..all.len()).map(flat).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_spike_is_flat_around_each_point_and_ends_halfway_to_where_it_is_gone() {
        let scale = LineScale { points: 5, range: 1.0 };
        let spikes = vec![(1, 30), (2, 30), (3, 28)];
        let begin = CurveEnd::Between { neighbour: 0 };
        let curve = SpikeCurve { neuron: 0, spikes, begin, end: CurveEnd::Open };
        assert_eq!(flats(&curve, &scale), [(-0.75, 0.25, 30), (0.25, 0.5, 28)]);
    }
}
