//! The weights transposed for the backward pass, once per batch: weights into neighbouring units of the layer below then
//! are neighbours, too.

use crate::snn::{Layer, LayerKind, Network, Params};

/// The transposed weights of every layer through which g_s is propagated; empty for the others.
///
/// Full connections lie as `[output][units below, padded]`, convolutions as
/// `[tap][output channel][input channels, padded]`.
#[derive(Clone, Debug, Default)]
pub struct Transposed {
    layers: Vec<Vec<f32>>,
}

impl Transposed {
    /// Transposes the weights of all layers that have neurons below them.
    pub fn fill(&mut self, net: &Network, params: &Params) {
        self.layers.resize_with(net.layers.len(), Vec::new);
        for l in net.lowest() + 1..net.layers.len() {
            let (below, up, to) = (&net.layers[l - 1], &net.layers[l], &mut self.layers[l]);
            let weights = &params.0[up.weights()];
            match up.kind {
                LayerKind::Fc { .. } => transpose(up, 1, below.stride, weights, to),
                LayerKind::Conv { kernel, .. } => transpose(up, kernel * kernel, below.lanes, weights, to),
                _ => {}
            }
        }
    }

    /// The transposed weights of layer `l`.
    #[inline(always)]
    pub fn of(&self, l: usize) -> &[f32] {
        &self.layers[l]
    }
}

/// `[input][tap][output lanes]` → `[tap][output][input lanes]`, a square at a time: a whole column of a large matrix
/// would leave the cache before its neighbour is needed.
fn transpose(up: &Layer, taps: usize, lanes: usize, weights: &[f32], to: &mut Vec<f32>) {
    const SQUARE: usize = 16;
    let (outputs, inputs) = (up.filters(), weights.len() / (taps * up.lanes));
    // the padding is zero from the beginning and stays zero
    to.resize(taps * outputs * lanes, 0.0);
    for tap in 0..taps {
        for first_out in (0..outputs).step_by(SQUARE) {
            for first_in in (0..inputs).step_by(SQUARE) {
                for i in first_in..(first_in + SQUARE).min(inputs) {
                    let from = &weights[(i * taps + tap) * up.lanes..][..outputs];
                    for o in first_out..(first_out + SQUARE).min(outputs) {
                        to[(tap * outputs + o) * lanes + i] = from[o];
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snn::text::parse;

    #[test]
    fn every_weight_is_found_again() {
        let net = parse("2x5x4 - conv9k3 - conv21k3 - flatten - fc19 - fc3").unwrap();
        let mut params = net.zero_params();
        for layer in net.layers.iter().filter(|layer| layer.has_weights()) {
            layer.import_weights(&mut params, (1..).map(|k| k as f32));
        }
        let mut transposed = Transposed::default();
        transposed.fill(&net, &params);
        assert!(transposed.of(0).is_empty() && transposed.of(2).is_empty());
        for (l, taps) in [(1, 9), (3, 1), (4, 1)] {
            let (up, below) = (&net.layers[l], &net.layers[l - 1]);
            let (weights, lanes) = (&params.0[up.weights()], if taps == 1 { below.stride } else { below.lanes });
            let inputs = up.fan_in() / taps;
            assert_eq!(transposed.of(l).len(), taps * up.filters() * lanes);
            for (i, tap, o) in (0..inputs).flat_map(|i| (0..taps).flat_map(move |t| (0..21).map(move |o| (i, t, o)))) {
                if o < up.filters() {
                    let weight = weights[(i * taps + tap) * up.lanes + o];
                    assert_eq!(transposed.of(l)[(tap * up.filters() + o) * lanes + i], weight);
                }
            }
        }
    }
}
