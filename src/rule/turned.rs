//! The weights as the way down needs them: turned once a batch, so that the weights into neighbouring units of the
//! layer below are neighbours.

use crate::snn::{Layer, LayerKind, Network, Params};

/// The turned weights of every layer that hands g_s down through them; empty where none is.
///
/// Full connections lie as `[output][units below, padded]`, convolutions as
/// `[tap][output channel][input channels, padded]`.
#[derive(Clone, Debug, Default)]
pub struct Transposed {
    layers: Vec<Vec<f32>>,
}

impl Transposed {
    /// Turns the weights of all layers that have neurons below them.
    pub fn fill(&mut self, net: &Network, params: &Params) {
        self.layers.resize_with(net.layers.len(), Vec::new);
        for l in net.lowest() + 1..net.layers.len() {
            let (below, up, to) = (&net.layers[l - 1], &net.layers[l], &mut self.layers[l]);
            let weights = &params.0[up.weights()];
            match up.kind {
                LayerKind::Fc { .. } => turn(up, 1, below.stride, weights, to),
                LayerKind::Conv { kernel, .. } => turn(up, kernel * kernel, below.lanes, weights, to),
                _ => {}
            }
        }
    }

    /// Those of layer `l`.
    #[inline(always)]
    pub fn of(&self, l: usize) -> &[f32] {
        &self.layers[l]
    }
}

/// `[input][tap][output lanes]` → `[tap][output][input lanes]`, a square at a time: a whole column of a large matrix
/// would leave the cache before its neighbour is asked for.
fn turn(up: &Layer, taps: usize, lanes: usize, weights: &[f32], turned: &mut Vec<f32>) {
    const SQUARE: usize = 16;
    let (outputs, inputs) = (up.filters(), weights.len() / (taps * up.lanes));
    // the padding is zero from the beginning, and stays so
    turned.resize(taps * outputs * lanes, 0.0);
    for tap in 0..taps {
        for first_out in (0..outputs).step_by(SQUARE) {
            for first_in in (0..inputs).step_by(SQUARE) {
                for i in first_in..(first_in + SQUARE).min(inputs) {
                    let from = &weights[(i * taps + tap) * up.lanes..][..outputs];
                    for o in first_out..(first_out + SQUARE).min(outputs) {
                        turned[(tap * outputs + o) * lanes + i] = from[o];
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
    use crate::train::initial::initial_params;

    #[test]
    fn every_weight_is_found_again() {
        let net = parse("2x5x4 - conv9k3 - conv21k3 - flatten - fc19 - fc3").unwrap();
        let params = initial_params(&net, 1.0, 1);
        let mut turned = Transposed::default();
        turned.fill(&net, &params);
        assert!(turned.of(0).is_empty() && turned.of(2).is_empty());
        for (l, taps) in [(1, 9), (3, 1), (4, 1)] {
            let (up, below) = (&net.layers[l], &net.layers[l - 1]);
            let (weights, lanes) = (&params.0[up.weights()], if taps == 1 { below.stride } else { below.lanes });
            let inputs = up.fan_in() / taps;
            assert_eq!(turned.of(l).len(), taps * up.filters() * lanes);
            for (i, tap, o) in (0..inputs).flat_map(|i| (0..taps).flat_map(move |t| (0..21).map(move |o| (i, t, o)))) {
                if o < up.filters() {
                    let weight = weights[(i * taps + tap) * up.lanes + o];
                    assert_eq!(turned.of(l)[(tap * up.filters() + o) * lanes + i], weight);
                }
            }
        }
    }
}
