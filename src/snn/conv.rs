//! Convolution ([model §2](crate::model#2-layers)), event by event: each neuron collects the input spikes around it.

use std::ops::Range;

use crate::spike::Raster;
use crate::spike::reserve::Reserve;

use super::lanes::{block, block_mut};
use super::{Layer, LayerKind};

/// The output positions that see one input position, and the taps they see it through. As the size stays and the kernel is
/// odd, these are also the positions around it that the kernel covers, cut at the image's edge.
#[derive(Clone, Debug)]
pub struct KernelWindow {
    rows: Range<usize>,
    columns: Range<usize>,
    /// Tap row of the first of `rows`, tap column of the first of `columns`.
    first: [usize; 2],
    width: usize,
    kernel: usize,
}

/// Neighbouring positions in one row of an image, and the neighbouring taps that belong to them.
#[derive(Clone, Copy, Debug)]
pub struct TapRun {
    /// The row of taps, 0..kernel.
    pub tap_row: usize,
    /// The first tap, 0..kernel², row-major.
    pub tap: usize,
    /// The first position, row-major.
    pub position: usize,
    /// Number of taps, and of positions.
    pub count: usize,
}

impl KernelWindow {
    /// Around `position` in an image of `[height, width]`.
    #[inline(always)]
    pub fn around(position: usize, [height, width]: [usize; 2], kernel: usize) -> Self {
        let pad = kernel / 2;
        let (y, x) = (position / width, position % width);
        let cut = |at: usize, size: usize| at.saturating_sub(pad)..(at + pad + 1).min(size);
        let first = [pad.saturating_sub(y), pad.saturating_sub(x)];
        Self { rows: cut(y, height), columns: cut(x, width), first, width, kernel }
    }

    /// The rows of the window.
    #[inline(always)]
    pub fn runs(&self) -> impl Iterator<Item = TapRun> + use<> {
        let Self { rows, columns, first: [row, column], width, kernel } = self.clone();
        rows.enumerate().map(move |(n, y)| {
            let (tap_row, position) = (row + n, y * width + columns.start);
            TapRun { tap_row, tap: tap_row * kernel + column, position, count: columns.len() }
        })
    }
}

/// The events of a raster by unit, over some steps: the form in which a neuron of a convolution collects its input.
#[derive(Clone, Debug, Default)]
pub struct EventsByUnit {
    /// `starts[u]..starts[u + 1]` are those of unit `u`; one entry more than units.
    starts: Vec<u32>,
    /// The step, counted from the first of them, and the value.
    events: Vec<(u32, f32)>,
}

impl EventsByUnit {
    /// Collects the input of `layer` over `steps` if the layer is a convolution; does nothing otherwise.
    pub fn fill(&mut self, layer: &Layer, below: &Raster, steps: Range<usize>) {
        if !matches!(layer.kind, LayerKind::Conv { .. }) {
            return;
        }
        let Self { starts, events } = self;
        starts.clear();
        starts.resize(layer.inputs + 2, 0);
        let first = if steps.is_empty() { 0 } else { below.start(steps.start) };
        let number = steps.clone().map(|t| below.at(t).len()).sum::<usize>();
        for &u in &below.units_of_events()[first..first + number] {
            starts[u as usize + 2] += 1;
        }
        for u in 2..starts.len() {
            starts[u] += starts[u - 1];
        }
        events.clear();
        events.resize(number, (0, 0.0));
        for (t, step) in steps.enumerate() {
            for (u, value) in below.weighted(step) {
                let next = &mut starts[u as usize + 1];
                events[*next as usize] = (t as u32, value);
                *next += 1;
            }
        }
        starts.pop();
    }

    #[inline(always)]
    fn of(&self, unit: usize) -> &[(u32, f32)] {
        &self.events[self.starts[unit] as usize..self.starts[unit + 1] as usize]
    }
}

impl Reserve for EventsByUnit {
    fn reserve_like(&mut self, like: &Self) {
        self.events.reserve_like(&like.events);
    }
}

/// Fills `strip`, `[time][W]`, with W s of the `W` neurons from `at` on. At each step events are added in the order of a
/// raster: by channel, then position.
#[inline(always)]
pub fn drive<const W: usize>(
    layer: &Layer,
    kernel: usize,
    weights: &[f32],
    events: &EventsByUnit,
    at: usize,
    strip: &mut [f32],
) {
    let (lanes, taps, positions) = (layer.lanes, kernel * kernel, layer.from.positions());
    let (position, lane) = (at / lanes, at % lanes);
    let window = KernelWindow::around(position, layer.from.image(), kernel);
    strip.fill(0.0);
    for channel in 0..layer.from.channels() {
        let weights = &weights[channel * taps * lanes..][..taps * lanes];
        for TapRun { tap, position: from, count, .. } in window.runs() {
            for n in 0..count {
                // seen from the input, the neuron lies on the opposite side
                let weights: [f32; W] = *block(weights, (taps - 1 - tap - n) * lanes + lane);
                for &(t, value) in events.of(channel * positions + from + n) {
                    let row: &mut [f32; W] = block_mut(strip, t as usize * W);
                    for k in 0..W {
                        row[k] += value * weights[k];
                    }
                }
            }
        }
    }
}

/// The place in the parameter vector of the weight through which output `unit` sees the input unit `input`; `None` where
/// it does not.
pub fn weight_between(layer: &Layer, kernel: usize, unit: usize, input: usize) -> Option<usize> {
    let (positions, [_, width]) = (layer.to.positions(), layer.to.image());
    let (channel, to) = (unit / positions, unit % positions);
    let (from_channel, from) = (input / positions, input % positions);
    // the file's kernel is not rotated: its first entry sees the input above and to the left
    let row = (from / width + kernel / 2).checked_sub(to / width).filter(|k| *k < kernel)?;
    let column = (from % width + kernel / 2).checked_sub(to % width).filter(|k| *k < kernel)?;
    Some(layer.weight_at(channel, (from_channel * kernel + row) * kernel + column))
}

#[cfg(test)]
mod tests {
    use crate::snn::forward::{forward, potential_of};
    use crate::snn::text::parse;
    use crate::snn::{Isa, Layer, LayerKind, Network, NeuronSettings, Params, Trace};
    use crate::spike::Raster;

    /// Both kinds of pooling with a remainder, fractions into a convolution and into full connections.
    fn network() -> (Network, Params) {
        let net = parse("2x7x9 - conv9k3 - avg2 - conv3k5 - max2 - avg1 - flatten - fc4").unwrap();
        let mut p = net.zero_params();
        for (n, layer) in net.layers.iter().enumerate().filter(|(_, l)| l.has_weights()) {
            let size = layer.filters() * layer.fan_in();
            let scale = 4.0 / (layer.fan_in() as f32).sqrt();
            layer.import_weights(&mut p, (0..size).map(|k| (((k * 37 + n * 11) % 23) as f32 / 23.0 - 0.35) * scale));
            let filters = layer.filters();
            p.0[layer.biases()][..filters].iter_mut().enumerate().for_each(|(k, b)| *b = 0.02 * k as f32);
        }
        (net, p)
    }

    fn busy(units: u32, steps: u32) -> Raster {
        let all = (0..steps).flat_map(|t| (0..units).map(move |u| (t, u)));
        Raster::from_events(units as usize, steps as usize, all.filter(|(t, u)| (t * 7 + u * 5) % 11 == 0).collect())
    }

    fn settings() -> NeuronSettings {
        NeuronSettings { alpha_i: 0.8, alpha_v: 0.9, ..Default::default() }
    }

    fn run(isa: Isa, net: &Network, params: &Params, input: &Raster) -> Trace {
        let d = settings().dynamics(input.steps());
        let mut trace = Trace::keeping_potentials(net);
        isa.run(
            #[inline(always)]
            || forward(net, &d, params, input, &mut trace),
        );
        trace
    }

    fn dense(raster: &Raster, step: usize) -> Vec<f64> {
        raster.to_array().row(step).iter().map(|value| f64::from(*value)).collect()
    }

    /// A layer as [model §2](crate::model#2-layers) defines it, with one loop per dimension. Weights are those of files.
    fn plainly(layer: &Layer, weights: &[f32], input: &[f64]) -> Vec<f64> {
        let [h, w] = layer.from.image().map(|n| n as isize);
        let at = |c: usize, y: isize, x: isize| {
            let inside = y >= 0 && y < h && x >= 0 && x < w;
            if inside { input[(c as isize * h * w + y * w + x) as usize] } else { 0.0 }
        };
        let [_, rows, columns] = if let [c, h, w] = *layer.to.dims() { [c, h, w] } else { [layer.outputs, 1, 1] };
        let unit = |u: usize| {
            let (o, y, x) = (u / (rows * columns), u / columns % rows, u % columns);
            let block = |k: usize| (0..k * k).map(move |n| at(o, (y * k + n / k) as isize, (x * k + n % k) as isize));
            match layer.kind {
                LayerKind::Fc { .. } => {
                    (0..layer.inputs).map(|i| f64::from(weights[o * layer.inputs + i]) * input[i]).sum()
                }
                LayerKind::Conv { kernel: k, .. } => {
                    let mut sum = 0.0;
                    for c in 0..layer.from.channels() {
                        for (i, j) in (0..k * k).map(|n| (n / k, n % k)) {
                            let weight = weights[((o * layer.from.channels() + c) * k + i) * k + j];
                            sum += f64::from(weight)
                                * at(c, (y + i) as isize - k as isize / 2, (x + j) as isize - k as isize / 2);
                        }
                    }
                    sum
                }
                LayerKind::AvgPool { size } => block(size).sum::<f64>() / (size * size) as f64,
                LayerKind::MaxPool { size } => block(size).fold(0.0, f64::max),
                LayerKind::Flatten => input[u],
            }
        };
        (0..layer.outputs).map(unit).collect()
    }

    #[test]
    fn every_layer_does_what_plain_loops_do() {
        let (net, params) = network();
        let input = busy(126, 30);
        let (trace, d) = (run(Isa::best(), &net, &params, &input), settings().dynamics(30));
        let [ai, av, bv, bb] = [d.alpha_i, d.alpha_v, d.beta_v, d.beta_b].map(f64::from);
        for (l, layer) in net.layers.iter().enumerate() {
            let (below, here) = (if l == 0 { &input } else { &trace.layers[l - 1].spikes }, &trace.layers[l]);
            assert!(here.spikes.len() > 30, "layer {l} is too quiet for a test");
            let weights = layer.export_weights(&params);
            let (mut i, mut v) = (vec![0.0; layer.outputs], vec![0.0; layer.outputs]);
            for t in 0..30 {
                let (got, expected) = (dense(&here.spikes, t), plainly(layer, &weights, &dense(below, t)));
                if !layer.has_weights() {
                    assert!(got.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-6), "layer {l} step {t}");
                    continue;
                }
                for u in 0..layer.outputs {
                    i[u] = expected[u] + ai * i[u];
                    let bias = params.0[layer.biases()][u / layer.to.positions()];
                    v[u] = bv * i[u] + bb * f64::from(bias) + av * v[u];
                    let ours = f64::from(here.potential().unwrap()[t * layer.stride + layer.place(u)]);
                    assert!((ours - v[u]).abs() < 1e-4, "layer {l} step {t} unit {u}: {ours} {}", v[u]);
                    assert_eq!(got[u] == 1.0, ours >= 1.0);
                    if got[u] == 1.0 {
                        (i[u], v[u]) = (0.0, 0.0);
                    }
                }
            }
        }
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        let ((net, params), input) = (network(), busy(126, 30));
        let traces: Vec<Trace> = Isa::available().into_iter().map(|isa| run(isa, &net, &params, &input)).collect();
        for (a, b) in traces[1..].iter().flat_map(|other| traces[0].layers.iter().zip(&other.layers)) {
            let pairs = a.potential().unwrap_or_default().iter().zip(b.potential().unwrap_or_default());
            assert!({ pairs }.all(|(a, b)| a.to_bits() == b.to_bits()));
            assert_eq!((&a.spikes, &a.winners), (&b.spikes, &b.winners));
        }
    }

    #[test]
    fn one_neuron_alone_has_the_bits_of_the_whole_pass() {
        let ((net, params), input) = (network(), busy(126, 30));
        let (trace, d) = (run(Isa::best(), &net, &params, &input), settings().dynamics(30));
        for (l, layer) in net.layers.iter().enumerate() {
            let below = if l == 0 { &input } else { &trace.layers[l - 1].spikes };
            for unit in 0..layer.outputs {
                let alone = potential_of(&net, &d, &params, l, unit, below);
                let whole = trace.layers[l]
                    .potential()
                    .unwrap_or_default()
                    .iter()
                    .skip(layer.place(unit))
                    .step_by(layer.stride);
                assert!(alone.iter().zip(whole).all(|(a, b)| a.to_bits() == b.to_bits()), "layer {l} unit {unit}");
                assert!(layer.has_weights() || alone == [0.0; 30]);
            }
        }
    }

    #[test]
    fn values_that_are_not_finite_are_found() {
        let ((net, params), input) = (network(), busy(126, 30));
        for poison in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            for l in [0, 2, 6] {
                let mut p = params.clone();
                p.0[net.layers[l].biases().start] = poison;
                assert_eq!(run(Isa::best(), &net, &p, &input).first_not_finite(), Some(l));
            }
        }
        assert_eq!(run(Isa::best(), &net, &params, &input).first_not_finite(), None);
        let silent = run(Isa::best(), &net, &net.zero_params(), &Raster::silent(126, 5));
        assert!(silent.layers.iter().all(|l| l.spikes.is_empty() && l.spikes.steps() == 5));
    }
}
