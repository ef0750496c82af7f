//! The layers of the stack, and what stands at the pointer.

use crate::engine::PotentialParts;
use crate::explain::potential::Contribution;
use crate::gui::names::layer_name;
use crate::gui::state::ViewContext;
use crate::text::{signed, value, whole};

/// Inputs that have a layer of their own.
pub const NAMED: usize = 7;

/// The layers from zero outward: what lifts the potential upward, what lowers it downward.
pub struct PartsStack {
    pub layers: Vec<StackLayer>,
}

/// One input, the rest of them, or the bias.
pub struct StackLayer {
    pub name: String,
    pub what: StackedPart,
    /// Its lower and upper edge at each step.
    pub edges: Vec<[f32; 2]>,
}

/// What a layer of the stack is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackedPart {
    Input(u32),
    Rest,
    Bias,
}

impl PartsStack {
    pub fn new(parts: &PotentialParts) -> Self {
        let steps = parts.course.potential.len();
        let stack = parts.parts.stack(NAMED, 0..steps);
        let mut layers: Vec<(String, StackedPart, &[f32])> = vec![("bias".into(), StackedPart::Bias, stack.bias)];
        layers.extend(
            stack
                .named
                .iter()
                .map(|part| (input_name(parts, part.input), StackedPart::Input(part.input), &part.potential[..])),
        );
        if stack.others > 0 {
            let name = format!("{} others", whole(stack.others as u64));
            layers.push((name, StackedPart::Rest, &stack.rest));
        }
        // how far the stack has come above zero and below
        let mut reach = vec![[0.0f32; 2]; steps];
        let layers = layers.into_iter().map(|(name, what, v)| {
            let edges = v.iter().zip(&mut reach).map(|(v, [below, above])| {
                if *v >= 0.0 {
                    *above += v;
                    [*above - v, *above]
                } else {
                    *below += v;
                    [*below, *below - v]
                }
            });
            StackLayer { name, what, edges: edges.collect() }
        });
        Self { layers: layers.collect() }
    }

    /// The least and the greatest value of any layer.
    pub fn bounds(&self) -> impl Iterator<Item = f32> + '_ {
        self.layers.iter().flat_map(|layer| layer.edges.iter().flatten().copied())
    }
}

impl StackLayer {
    /// The step at which it is thickest within `steps`, and its middle there.
    pub fn thickest(&self, steps: std::ops::Range<usize>) -> Option<(usize, f32, f32)> {
        let end = steps.end.min(self.edges.len());
        let thickness = |t: usize| self.edges[t][1] - self.edges[t][0];
        let at = (steps.start.min(end)..end).max_by(|a, b| thickness(*a).total_cmp(&thickness(*b)))?;
        Some((at, thickness(at), (self.edges[at][0] + self.edges[at][1]) / 2.0))
    }
}

/// The name of an input of the neuron, as in "input 12" or "hidden 7".
pub fn input_name(parts: &PotentialParts, input: u32) -> String {
    let net = &parts.frame.net;
    match parts.neuron.layer.checked_sub(1) {
        None => format!("input {input}"),
        Some(below) => format!("{} {input}", layer_name(below, net.layers.len(), &net.layers)),
    }
}

/// The potential at a step in words, and then what each input gives, the largest first, at most `most` of them.
pub fn lines_at(parts: &PotentialParts, step: usize, most: usize) -> (String, Vec<String>) {
    let v = signed(format!("{:.3}", parts.course.potential[step]));
    let all = parts.parts.at(step);
    let line = |part: &Contribution| {
        let share = signed(format!("{:+.3}", part.potential));
        let weight = signed(value(f64::from(part.weight)));
        match part.input {
            Some(input) => format!("{share}  {} (weight {weight})", input_name(parts, input)),
            None => format!("{share}  bias ({weight})"),
        }
    };
    let mut lines: Vec<String> = all.iter().take(most).map(line).collect();
    if all.len() > most {
        let rest: f32 = all[most..].iter().map(|part| part.potential).sum();
        lines.push(format!("{}  {} others", signed(format!("{rest:+.3}")), whole((all.len() - most) as u64)));
    }
    (format!("v = {v} ="), lines)
}

/// The spike of the neuron or the target of it that is nearest to `step`, if one is within `near` steps; else the step.
pub fn snapped(parts: &PotentialParts, step: u32, near: f32) -> u32 {
    let frame = &parts.frame;
    let output = parts.neuron.layer + 1 == frame.spikes.len();
    let rings = crate::gui::state::watched::rings(frame).filter(|_| output);
    let targets = rings
        .into_iter()
        .flat_map(|rings| (0..rings.steps()).filter(|&t| rings.contains(t, parts.neuron.unit)).map(|t| t as u32));
    let all = parts.course.spikes.iter().copied().chain(targets);
    let nearest = all.min_by_key(|t| t.abs_diff(step)).filter(|t| t.abs_diff(step) as f32 <= near);
    nearest.unwrap_or(step)
}

/// Whether a step is the one that is explained.
pub fn is_picked(cx: ViewContext, step: usize) -> bool {
    cx.choices.inside.step == Some(step as u32)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::{AnswerPart, Explorer, PartsQuestion};
    use crate::explain::line::NeuronAt;
    use crate::gui::state::fixtures::frame;
    use crate::train::Settings;

    fn parts(unit: u32) -> Arc<PotentialParts> {
        let explorer = Explorer::start(Arc::new(|| {})).unwrap();
        let (frame, neuron) = (frame(Settings::default()), NeuronAt { layer: 1, unit });
        explorer.ask(PartsQuestion { id: 1, frame, neuron });
        loop {
            match explorer.answer().map(|answer| answer.part) {
                Some(Ok(AnswerPart::Parts(parts))) => return parts,
                Some(other) => panic!("{other:?}"),
                None => std::thread::sleep(std::time::Duration::from_millis(1)),
            }
        }
    }

    #[test]
    fn the_stack_adds_up_to_the_potential() {
        for unit in 0..5 {
            let parts = parts(unit);
            let stack = PartsStack::new(&parts);
            assert_eq!(stack.layers.len(), NAMED + 2);
            let mut largest = 0.0f32;
            for (t, v) in parts.course.potential.iter().enumerate() {
                let above = stack.layers.iter().map(|layer| layer.edges[t][1]).fold(0.0, f32::max);
                let below = stack.layers.iter().map(|layer| layer.edges[t][0]).fold(0.0, f32::min);
                assert!((above + below - v).abs() < 1e-4, "unit {unit}, step {t}: {above} {below} {v}");
                largest = largest.max(v.abs());
            }
            assert!(largest > 0.1, "the test needs a potential");
        }
    }

    #[test]
    fn the_list_at_the_pointer_adds_up_too() {
        let parts = parts(0);
        let (head, lines) = lines_at(&parts, 60, 2);
        assert!(head.starts_with("v = ") && lines.len() == 3, "{head} {lines:?}");
        let number = |line: &String| line.split("  ").next().unwrap().replace('−', "-").parse::<f32>().unwrap();
        let sum: f32 = lines.iter().map(number).sum();
        assert!((sum - parts.course.potential[60]).abs() < 0.005, "{sum} {lines:?}");
        assert!(lines.iter().any(|line| line.contains("hidden ") && line.contains("weight")));
    }
}
