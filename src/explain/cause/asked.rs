//! Who asked for a spike: the gradient at a neuron and a step, one layer up, and at the output what the loss wants there.

use crate::loss::LossKind;
use crate::rule::{Rule, RuleSettings};
use crate::snn::{LayerKind, Params};

use super::super::lanes::{LayerGradients, RuleGradients};
use super::super::layer::slope_at;
use super::super::line::NeuronAt;
use super::super::{Activity, Setup};

/// What a rule asks of a potential: g_v at one step, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub rule: Rule,
    /// dL/dv there; negative where the potential should rise.
    pub g_v: f32,
    /// The neurons of the next layer with weights from which it comes, the largest part first, by size; empty at the output.
    pub asked: Vec<AskedBy>,
}

/// The part of one neuron above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AskedBy {
    pub neuron: NeuronAt,
    /// Its part of g_v.
    pub g_v: f32,
    /// The step at which its own potential asks for most of it.
    pub step: u32,
}

/// What the loss wants of an output at a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Demand {
    /// Spikes at the target's steps: the one that is nearest, if there is any.
    Train { nearest: Option<u32> },
    /// As many spikes as the target has.
    Count { wanted: usize, given: usize },
    /// That the label's output spikes first: whether it is this one, and the first spike of this one.
    First { is_label: bool, first: Option<u32> },
}

/// What the loss wants of output `unit` at `step`.
pub fn demand(setup: &Setup, activity: &Activity, unit: u32, step: u32) -> Demand {
    let (target, output) = (&setup.sample().target, activity.output());
    let steps_of = |raster: &crate::spike::Raster| -> Vec<u32> {
        (0..raster.steps()).filter(|&t| raster.contains(t, unit)).map(|t| t as u32).collect()
    };
    match setup.loss.kind {
        LossKind::SpikeTrain => {
            let targets = steps_of(&target.spikes);
            Demand::Train { nearest: targets.into_iter().min_by_key(|t| t.abs_diff(step)) }
        }
        LossKind::Count => Demand::Count { wanted: steps_of(&target.spikes).len(), given: steps_of(output).len() },
        LossKind::Latency => {
            let first = steps_of(output).first().copied();
            Demand::First { is_label: target.label == unit as usize, first }
        }
    }
}

/// What `rule` asks of `neuron` at `step`, at `params`, and who asks for it; `gradients` are of the same.
pub fn requests(
    setup: &Setup,
    activity: &Activity,
    params: &Params,
    gradients: &RuleGradients,
    rule: Rule,
    (neuron, step): (NeuronAt, u32),
) -> Request {
    let at = setup.layer(activity, neuron.layer);
    let (layer, t) = (at.layer(), step as usize);
    let g_v = gradients.layer(rule, neuron.layer).g_v[t * layer.stride + layer.place(neuron.unit as usize)];
    let mut asked = Vec::new();
    if let Some(up) = Upwards::of(setup, activity, neuron, t) {
        let v = at.potential(params, neuron.unit as usize);
        let spiked = at.spikes.contains(t, neuron.unit);
        let [by_spike, by_time] = factors(setup.rule, rule, v[t], spiked.then(|| slope_at(&v, 1, 0, t)));
        let above = gradients.layer(rule, up.layer);
        asked = up.asked(setup, activity, params, above, [by_spike, by_time], t);
        asked.sort_by(|a, b| b.g_v.abs().total_cmp(&a.g_v.abs()));
    }
    Request { rule, g_v, asked }
}

/// ∂g_v/∂g_s and ∂g_v/∂g_t of a rule (section 5) at the potential `v`; `slope` is v′ where there is a spike.
fn factors(settings: &RuleSettings, rule: Rule, v: f32, slope: Option<f32>) -> [f32; 2] {
    let (sigma, time) = (settings.surrogate(v), slope.map_or(0.0, |slope| -1.0 / slope));
    match rule {
        Rule::Activation => [sigma, 0.0],
        Rule::Timing => [0.0, time],
        Rule::Antlr => [settings.lambda_act as f32 * sigma, settings.lambda_timing as f32 * time],
    }
}

/// Where a neuron's spike at one step enters the next layer with weights.
struct Upwards {
    /// That layer.
    layer: usize,
    /// The unit through which it enters.
    input: usize,
    /// The share of g_s at this unit that comes back to the neuron …
    share: f32,
    /// … and what passes at this unit: 1 for a spike, a fraction after average pooling.
    value: f32,
}

impl Upwards {
    /// None at the output, and where pooling lets nothing through.
    fn of(setup: &Setup, activity: &Activity, neuron: NeuronAt, t: usize) -> Option<Self> {
        let (mut unit, mut share) = (neuron.unit as usize, 1.0);
        for index in neuron.layer + 1..setup.model.net.layers.len() {
            let layer = &setup.model.net.layers[index];
            let below = &activity.layers[index - 1];
            match layer.kind {
                LayerKind::Fc { .. } | LayerKind::Conv { .. } => {
                    let passed = below.weighted(t).find(|(input, _)| *input as usize == unit);
                    let value = passed.map_or(0.0, |(_, value)| value);
                    return Some(Self { layer: index, input: unit, share, value });
                }
                LayerKind::Flatten => {}
                LayerKind::AvgPool { size } => {
                    (unit, _) = block_of(layer.from.image(), size, unit)?;
                    share /= (size * size) as f32;
                }
                LayerKind::MaxPool { size } => {
                    let (block, members) = block_of(layer.from.image(), size, unit)?;
                    let value = |member: &usize| {
                        below.weighted(t).find(|(input, _)| *input as usize == *member).map_or(0.0, |(_, value)| value)
                    };
                    // the first largest of the block takes all
                    let winner = members.iter().copied().reduce(|a, b| if value(&b) > value(&a) { b } else { a });
                    if winner != Some(unit) {
                        return None;
                    }
                    unit = block;
                }
            }
        }
        None
    }

    fn asked(
        &self,
        setup: &Setup,
        activity: &Activity,
        params: &Params,
        above: &LayerGradients,
        [by_spike, by_time]: [f32; 2],
        t: usize,
    ) -> Vec<AskedBy> {
        let at = setup.layer(activity, self.layer);
        let (layer, d) = (at.layer(), setup.model.dynamics);
        let of = |values: &[f32], unit: usize| values.get(t * layer.stride + layer.place(unit)).copied().unwrap_or(0.0);
        let one = |unit: usize| {
            let weight = d.beta_i * params.0[at.weight_between(unit, self.input)?];
            let (g_s, g_t) = (weight * of(&above.g_i, unit), self.value * weight * of(&above.ef2, unit));
            let g_v = self.share * (by_spike * g_s + by_time * g_t);
            let neuron = NeuronAt { layer: self.layer, unit: unit as u32 };
            (g_v != 0.0).then(|| AskedBy { neuron, g_v, step: strongest(setup, at.spikes, above, neuron, t) })
        };
        (0..layer.outputs).filter_map(one).collect()
    }
}

/// The step τ ≥ `t`, up to the neuron's next spike, at which g_v[τ] · ε[τ − t] is largest by size: what g_i at `t` is a sum of.
fn strongest(setup: &Setup, spikes: &crate::spike::Raster, above: &LayerGradients, neuron: NeuronAt, t: usize) -> u32 {
    let (layer, d) = (&setup.model.net.layers[neuron.layer], setup.model.dynamics);
    let (mut current, mut psp, mut best) = (1.0f32, 0.0f32, (0.0f32, t));
    for step in t..spikes.steps() {
        psp = d.alpha_v * psp + current;
        current *= d.alpha_i;
        let size = (psp * above.g_v[step * layer.stride + layer.place(neuron.unit as usize)]).abs();
        if size > best.0 {
            best = (size, step);
        }
        if spikes.contains(step, neuron.unit) {
            break;
        }
    }
    best.1 as u32
}

/// The pooled unit of the block that `unit` of an image lies in, and the units of that block, row by row; none in a remainder that
/// is dropped.
fn block_of([height, width]: [usize; 2], size: usize, unit: usize) -> Option<(usize, Vec<usize>)> {
    let (channel, position) = (unit / (height * width), unit % (height * width));
    let (row, column) = (position / width / size, position % width / size);
    let (rows, columns) = (height / size, width / size);
    if row >= rows || column >= columns {
        return None;
    }
    let member = |k: usize| (channel * height + row * size + k / size) * width + column * size + k % size;
    Some(((channel * rows + row) * columns + column, (0..size * size).map(member).collect()))
}
