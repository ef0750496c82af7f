//! Layers and where their parameters lie.

use std::ops::Range;

/// Neurons are computed in blocks of this many; rows of weights and of potentials are padded to whole blocks.
pub const LANES: usize = 8;

/// The length of a row for `n` neurons.
pub fn padded(n: usize) -> usize {
    n.next_multiple_of(LANES)
}

/// A fully connected layer and its place among the parameters.
///
/// Weights lie as `[input][stride]`, so that the weights out of one input are contiguous: that is the row which a
/// spike adds. The lanes from `outputs` up to `stride` are zero and stay so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub inputs: usize,
    pub outputs: usize,
    /// `outputs`, padded.
    pub stride: usize,
    weight: usize,
    bias: usize,
}

impl Layer {
    /// Where the weights `[inputs][stride]` lie.
    pub fn weights(&self) -> Range<usize> {
        self.weight..self.weight + self.inputs * self.stride
    }

    /// Where the biases `[stride]` lie.
    pub fn biases(&self) -> Range<usize> {
        self.bias..self.bias + self.stride
    }

    /// Weights and biases together.
    pub fn all(&self) -> Range<usize> {
        self.weight..self.bias + self.stride
    }

    /// The place of the weight from `input` into `output`.
    pub fn weight_at(&self, output: usize, input: usize) -> usize {
        self.weight + input * self.stride + output
    }

    /// Inputs of one neuron (model.md, section 2).
    pub fn fan_in(&self) -> usize {
        self.inputs
    }

    /// Weights as `[output, input]`, row by row, as files have them.
    pub fn export_weights(&self, params: &Params) -> Vec<f32> {
        let at = |o, i| params.0[self.weight_at(o, i)];
        (0..self.outputs).flat_map(|o| (0..self.inputs).map(move |i| at(o, i))).collect()
    }

    /// Takes weights `[output, input]`.
    pub fn import_weights(&self, params: &mut Params, weights: impl IntoIterator<Item = f32>) {
        let mut next = weights.into_iter();
        for o in 0..self.outputs {
            for (i, w) in (0..self.inputs).zip(next.by_ref()) {
                params.0[self.weight_at(o, i)] = w;
            }
        }
    }
}

/// A feed-forward network without lateral connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    pub inputs: usize,
    pub layers: Vec<Layer>,
}

impl Network {
    /// Fully connected: `inputs`, then the neurons of each layer. At least one layer.
    pub fn fully_connected(inputs: usize, outputs: &[usize]) -> Self {
        assert!(!outputs.is_empty(), "a network needs a layer");
        let (mut place, mut below, mut layers) = (0, inputs, Vec::new());
        for &outputs in outputs {
            let stride = padded(outputs);
            let bias = place + below * stride;
            layers.push(Layer { inputs: below, outputs, stride, weight: place, bias });
            (place, below) = (bias + stride, outputs);
        }
        Self { inputs, layers }
    }

    pub fn outputs(&self) -> usize {
        self.layers[self.layers.len() - 1].outputs
    }

    /// Length of the flat parameter vector, padding included.
    pub fn len(&self) -> usize {
        self.layers.last().map_or(0, |l| l.biases().end)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of weights and biases, padding left out.
    pub fn parameter_count(&self) -> usize {
        self.layers.iter().map(|l| (l.inputs + 1) * l.outputs).sum()
    }

    pub fn zero_params(&self) -> Params {
        Params(vec![0.0; self.len()])
    }

    /// As in `784 - fc800 - fc10`.
    pub fn describe(&self) -> String {
        let layers = self.layers.iter().map(|l| format!(" - fc{}", l.outputs));
        self.inputs.to_string() + &layers.collect::<String>()
    }
}

/// All weights and biases of a network in one vector; [`Layer`] says where each lies. Gradients have the same shape.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params(pub Vec<f32>);

impl Params {
    /// A fingerprint of the bits (FNV-1a, 64 bits): equal for runs that agree bit for bit.
    pub fn digest(&self) -> u64 {
        let bytes = self.0.iter().flat_map(|p| p.to_bits().to_le_bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
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
    fn the_digest_sees_every_bit() {
        let a = Params(vec![0.0, 1.0]);
        assert_ne!(a.digest(), Params(vec![-0.0, 1.0]).digest());
        assert_ne!(a.digest(), Params(vec![1.0, 0.0]).digest());
        assert_eq!(a.digest(), a.clone().digest());
    }
}
