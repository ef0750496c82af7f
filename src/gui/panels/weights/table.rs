//! The weights of a layer as numbers: a row for each filter, a column for each of its inputs.

use std::sync::Arc;

use crate::engine::Frame;
use crate::gui::state::ViewContext;
use crate::gui::state::inside::{PickedSynapse, WeightValues};
use crate::snn::{Layer, LayerKind, Params};
use crate::spike::Shape;

/// Some values of the weights of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightTable {
    /// The number of the layer.
    pub layer: usize,
    pub filters: usize,
    /// Inputs of a filter.
    pub inputs: usize,
    /// `[filter, input]`
    pub values: Vec<f32>,
    /// One for each filter.
    pub biases: Vec<f32>,
    /// Channels, height and width of what a filter looks at, where that is an image.
    pub image: Option<[usize; 3]>,
}

/// What there is to take the values from.
#[derive(Clone, Debug)]
pub enum WeightSource {
    Now,
    /// The change since these, which were after this many updates.
    Since(Arc<Params>, u64),
}

impl WeightSource {
    /// A sentence where it is not known yet.
    pub fn of(cx: ViewContext, frame: &Arc<Frame>, values: WeightValues) -> Result<Self, &'static str> {
        match values {
            WeightValues::Now => Ok(Self::Now),
            WeightValues::Last => {
                let view = cx.inside.moment.shown();
                let update = view.and_then(|view| view.known_update());
                match update.filter(|update| Arc::ptr_eq(&update.at.frame, frame)) {
                    Some(update) => Ok(Self::Since(Arc::clone(&update.before), frame.update - 1)),
                    None if frame.update == cx.run.oldest => Err("No update yet: press Step to see what one changes"),
                    None => Err("The last update is being replayed"),
                }
            }
            WeightValues::Start => {
                let first = frame.path.first().filter(|(update, _)| *update < frame.update);
                let (update, params) = first.ok_or("No update yet: press Step to see what one changes")?;
                Ok(Self::Since(Arc::clone(params), *update))
            }
        }
    }
}

impl WeightTable {
    pub fn new(frame: &Frame, index: usize, source: &WeightSource) -> Self {
        let layer = &frame.net.layers[index];
        let now = &frame.params.0;
        let value = |place: usize| match source {
            WeightSource::Now => now[place],
            WeightSource::Since(before, _) => now[place] - before.0[place],
        };
        let (filters, inputs) = (layer.filters(), layer.fan_in());
        let places = (0..filters).flat_map(|filter| (0..inputs).map(move |input| layer.weight_at(filter, input)));
        Self {
            layer: index,
            filters,
            inputs,
            values: places.map(value).collect(),
            biases: (0..filters).map(|filter| value(layer.biases().start + filter)).collect(),
            image: image(frame, index),
        }
    }

    /// The largest magnitude of a weight; 0 where there is none.
    pub fn most(&self) -> f32 {
        self.values.iter().filter(|v| v.is_finite()).fold(0.0, |most, v| most.max(v.abs()))
    }

    /// Mean and standard deviation of the weights.
    pub fn moments(&self) -> (f64, f64) {
        let number = self.values.len().max(1) as f64;
        let mean = self.values.iter().map(|v| f64::from(*v)).sum::<f64>() / number;
        let variance = self.values.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / number;
        (mean, variance.sqrt())
    }

    /// Filter and input of the largest weights and biases by size, at most `most` of them; the input of a bias is none.
    pub fn largest(&self, most: usize) -> Vec<(usize, Option<usize>, f32)> {
        let weights = self.values.iter().enumerate().map(|(n, v)| (n / self.inputs, Some(n % self.inputs), *v));
        let biases = self.biases.iter().enumerate().map(|(n, v)| (n, None, *v));
        let mut all: Vec<_> = weights.chain(biases).filter(|(.., v)| *v != 0.0).collect();
        let by_size =
            |a: &(usize, Option<usize>, f32), b: &(usize, Option<usize>, f32)| b.2.abs().total_cmp(&a.2.abs());
        if all.len() > most {
            all.select_nth_unstable_by(most, by_size);
            all.truncate(most);
        }
        all.sort_by(by_size);
        all
    }

    /// How many weights lie in each of `bins` equal parts of ± the largest.
    pub fn histogram(&self, bins: usize) -> Vec<u32> {
        let most = self.most().max(f32::MIN_POSITIVE);
        let mut counts = vec![0; bins];
        for v in self.values.iter().filter(|v| v.is_finite()) {
            let bin = ((v / most + 1.0) / 2.0 * bins as f32) as usize;
            counts[bin.min(bins - 1)] += 1;
        }
        counts
    }
}

/// What a filter of layer `index` looks at as an image: that of the input, or of the layer below, or its own kernel.
fn image(frame: &Frame, index: usize) -> Option<[usize; 3]> {
    let layer = &frame.net.layers[index];
    if let LayerKind::Conv { kernel, .. } = layer.kind {
        return Some([layer.from.channels(), kernel, kernel]);
    }
    let below = frame.net.layers[..index].iter().rfind(|below| below.kind != LayerKind::Flatten);
    match below.map_or(frame.task.settings.inputs, |below| below.to) {
        Shape::Grid(dims) => Some(dims),
        Shape::Flat(_) => None,
    }
}

/// The synapse of a weight: of a convolution that of the neuron in the middle of its channel.
pub fn synapse(layer: &Layer, index: usize, filter: usize, input: Option<usize>) -> PickedSynapse {
    let LayerKind::Conv { kernel, .. } = layer.kind else { return (index, filter, input.map(|input| input as u32)) };
    let [height, width] = layer.to.image();
    let unit = filter * height * width + height / 2 * width + width / 2;
    let below = |tap: usize| {
        let (channel, row, column) = (tap / (kernel * kernel), tap / kernel % kernel, tap % kernel);
        let row = (height / 2 + row).checked_sub(kernel / 2).filter(|row| *row < height)?;
        let column = (width / 2 + column).checked_sub(kernel / 2).filter(|column| *column < width)?;
        Some((channel * height * width + row * width + column) as u32)
    };
    (index, unit, input.and_then(below))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Synapse;
    use crate::explain::line::NeuronAt;
    use crate::gui::state::fixtures::{frame, settings};
    use crate::snn::text::parse;
    use crate::train::Settings;

    #[test]
    fn a_table_has_the_weights_and_their_change() {
        let frame = frame(Settings::default());
        let table = WeightTable::new(&frame, 1, &WeightSource::Now);
        assert_eq!((table.filters, table.inputs, table.values.len(), table.image), (5, 50, 250, None));
        let layer = &frame.net.layers[1];
        assert_eq!(table.values[2 * 50 + 7], frame.params.0[layer.weight_at(2, 7)]);
        let mut before = Params::clone(&frame.params);
        before.0[layer.weight_at(2, 7)] -= 0.5;
        before.0[layer.biases().start + 3] += 0.25;
        let change = WeightTable::new(&frame, 1, &WeightSource::Since(Arc::new(before), 0));
        let rounded: Vec<_> = change.largest(9).into_iter().map(|(f, i, v)| (f, i, (v * 100.0).round())).collect();
        assert_eq!(rounded, [(2, Some(7), 50.0), (3, None, -25.0)]);
        assert_eq!(change.histogram(5), [0, 0, 249, 0, 1]);
        assert!((change.moments().0 - 0.002).abs() < 1e-6);
        assert_eq!(table.largest(10).len(), 10);
    }

    #[test]
    fn a_weight_of_a_kernel_is_the_synapse_of_a_neuron_that_has_it() {
        let net = parse("2x6x5 - conv3k3 - flatten - fc4").unwrap();
        let mut other = Frame::clone(&frame(settings()));
        other.net = Arc::new(net);
        for (filter, input) in (0..3).flat_map(|filter| (0..18).map(move |input| (filter, input))) {
            let (layer, unit, below) = synapse(&other.net.layers[0], 0, filter, Some(input));
            let synapse = Synapse { neuron: NeuronAt { layer, unit: unit as u32 }, input: below };
            assert_eq!(synapse.place(&other), Some(other.net.layers[0].weight_at(filter, input)), "{filter} {input}");
        }
        assert_eq!(image(&other, 2), Some([3, 6, 5]), "flattening renumbers nothing");
        assert_eq!(image(&other, 0), Some([2, 3, 3]));
    }
}
