//! The network: layers one above the other, without lateral connections.

use super::{Layer, LayerKind, Params, Shape};

/// A feed-forward network: shapes and places, no numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// The shape of a sample's input.
    pub input: Shape,
    /// Units of the input.
    pub inputs: usize,
    /// From the input to the output; pooling and flatten are layers, too.
    pub layers: Vec<Layer>,
}

/// The reason why layers do not make a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkError {
    /// The layer that does not fit, from 0; `None` where it is the input.
    pub layer: Option<usize>,
    /// What is wrong with it, and what was expected: the middle of a sentence, for others to complete.
    pub sentence: String,
}

impl Network {
    /// A network of these layers on an input of this shape.
    ///
    /// # Errors
    /// When a layer cannot take what the layer below it passes on, when the first layer is a pooling layer, when the output
    /// is fractions of spikes, when no layer has weights, or when sizes are zero or more than can be counted.
    pub fn new(input: Shape, kinds: &[LayerKind]) -> Result<Self, NetworkError> {
        let wrong = |layer, sentence: &str| Err(NetworkError { layer, sentence: sentence.to_owned() });
        match input.checked_units() {
            Some(0) => return wrong(None, "the input needs at least one unit, as in 784 or 2x34x34"),
            Some(n) if n <= u32::MAX as usize => {}
            _ => return wrong(None, "the input is more than can be counted"),
        }
        match kinds.first() {
            None => return wrong(None, "a network needs a layer, as in 784 - fc10"),
            Some(LayerKind::AvgPool { .. } | LayerKind::MaxPool { .. }) => {
                return wrong(Some(0), "the first layer must have weights or be `flatten`");
            }
            Some(_) => {}
        }
        let (mut place, mut shape, mut fractions, mut layers) = (0, input, false, Vec::new());
        for (l, &kind) in kinds.iter().enumerate() {
            let layer = Layer::new(kind, shape, place).map_err(|sentence| NetworkError { layer: Some(l), sentence })?;
            fractions = !kind.has_weights() && (fractions || matches!(kind, LayerKind::AvgPool { .. }));
            (place, shape) = (layer.all().end, layer.to);
            layers.push(layer);
        }
        if !kinds.iter().any(|k| k.has_weights()) {
            return wrong(Some(kinds.len() - 1), "a network needs a layer with weights, as in fc10");
        }
        if fractions {
            return wrong(
                Some(kinds.len() - 1),
                "the output must be spikes, and this is fractions of them; add a layer",
            );
        }
        Ok(Self { input, inputs: input.units(), layers })
    }

    /// Fully connected: `inputs` units, then a layer of as many neurons as each of `outputs` says.
    ///
    /// # Panics
    /// When there is no layer, or one of them is empty.
    pub fn fully_connected(inputs: usize, outputs: &[usize]) -> Self {
        let kinds: Vec<LayerKind> = outputs.iter().map(|&out| LayerKind::Fc { out }).collect();
        Self::new(Shape::Flat(inputs), &kinds).unwrap_or_else(|m| panic!("{}", m.sentence))
    }

    /// Units of the last layer.
    pub fn outputs(&self) -> usize {
        self.layers[self.layers.len() - 1].outputs
    }

    /// The lowest layer with weights, from 0. Layers below it only pass the input on and need no gradient.
    pub fn lowest(&self) -> usize {
        self.layers.iter().position(Layer::has_weights).expect("a network has a layer with weights")
    }

    /// Length of the parameter vector, padding included.
    pub fn len(&self) -> usize {
        self.layers.last().map_or(0, |l| l.all().end)
    }

    /// Whether there are no parameters; never so for a network that [`Network::new`] made.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of weights and biases, padding left out.
    pub fn parameter_count(&self) -> usize {
        self.layers.iter().map(Layer::parameter_count).sum()
    }

    /// Multiply-adds of one step if every unit spiked, as a measure of the work.
    pub fn effort(&self) -> usize {
        self.layers.iter().map(Layer::effort).sum()
    }

    /// Parameters of this network, all zero.
    pub fn zero_params(&self) -> Params {
        Params(vec![0.0; self.len()])
    }

    /// The network as text, as in `784 - fc800 - fc10`; [`super::text::parse`] reads it.
    pub fn describe(&self) -> String {
        let layers = self.layers.iter().map(|l| format!(" - {}", l.kind));
        self.input.to_string() + &layers.collect::<String>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_do_not_overlap_and_rows_are_whole_blocks() {
        let net = Network::fully_connected(3, &[5, 9]);
        assert_eq!(net.layers[0].weights(), 0..24);
        assert_eq!(net.layers[0].biases(), 24..32);
        assert_eq!(net.layers[1].weights(), 32..32 + 5 * 16);
        assert_eq!(net.len(), 32 + 80 + 16);
        assert_eq!(net.parameter_count(), 4 * 5 + 6 * 9);
        assert_eq!(net.describe(), "3 - fc5 - fc9");
    }

    #[test]
    fn weights_come_back_as_they_went_in() {
        let net = Network::fully_connected(3, &[5]);
        let mut p = net.zero_params();
        let w: Vec<f32> = (0..15).map(|x| x as f32).collect();
        net.layers[0].import_weights(&mut p, w.iter().copied());
        assert_eq!(net.layers[0].export_weights(&p), w);
        assert_eq!(p.0[net.layers[0].weight_at(4, 2)], 14.0);
        assert_eq!(p.0.iter().filter(|x| **x == 0.0).count(), p.0.len() - 14);
    }

    #[test]
    fn both_ends_are_checked() {
        use LayerKind::{AvgPool, Conv, Fc, Flatten, MaxPool};
        let (image, conv) = (Shape::Grid([1, 4, 4]), Conv { out: 2, kernel: 3 });
        let wrong = |input, kinds: &[LayerKind]| Network::new(input, kinds).unwrap_err();
        assert_eq!(wrong(image, &[]).layer, None);
        assert_eq!(wrong(Shape::Flat(0), &[Fc { out: 1 }]).layer, None);
        assert_eq!(wrong(image, &[MaxPool { size: 2 }, conv]).layer, Some(0));
        assert_eq!(wrong(image, &[Flatten]).layer, Some(0));
        assert_eq!(wrong(image, &[conv, AvgPool { size: 2 }, Flatten]).layer, Some(2));
        assert_eq!(wrong(image, &[conv, Fc { out: 2 }]).layer, Some(1));
        assert_eq!(Network::new(image, &[conv, MaxPool { size: 2 }, Flatten]).unwrap().outputs(), 8);
    }
}
