//! Initial weights ([model §2](crate::model#2-layers)).

use crate::snn::{InitialWeights, Network, Params, WeightDistribution};
use crate::task::seed::{Purpose, Stream};

/// Uniform in ± gain / √fan_in, biases 0.
pub fn initial_params(net: &Network, gain: f64, seed: u64) -> Params {
    draw_params(
        net,
        &InitialWeights { spread: WeightDistribution::Uniform { gain }, ..InitialWeights::default() },
        seed,
    )
}

/// Weights as `settings` say, biases 0, drawn in the order `[layer][filter][input]`, as files have them.
pub fn draw_params(net: &Network, settings: &InitialWeights, seed: u64) -> Params {
    let mut stream = Stream::new(seed, Purpose::Weights);
    let mut params = net.zero_params();
    for layer in net.layers.iter().filter(|layer| layer.has_weights()) {
        let mut draw = || match settings.spread {
            WeightDistribution::Uniform { gain } => {
                (2.0 * stream.unit() - 1.0) * (gain / libm::sqrt(layer.fan_in() as f64))
            }
            WeightDistribution::Normal { deviation } => stream.normal() * deviation,
        };
        let count = layer.filters() * layer.fan_in();
        let weights: Vec<f32> = (0..count).map(|_| (draw() + settings.constant) as f32).collect();
        layer.import_weights(&mut params, weights);
    }
    params
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snn::text::parse;

    fn weights(settings: &InitialWeights, layer: usize) -> Vec<f64> {
        let net = parse("3x9x9 - conv40k5 - flatten - fc20").unwrap();
        let params = draw_params(&net, settings, 4);
        assert!(net.layers.iter().all(|l| params.0[l.biases()].iter().all(|b| *b == 0.0)));
        net.layers[layer].export_weights(&params).into_iter().map(f64::from).collect()
    }

    #[test]
    fn a_uniform_weight_lies_within_its_bound_of_the_fan_in() {
        let settings = InitialWeights { spread: WeightDistribution::Uniform { gain: 2.0 }, constant: 0.5 };
        for (layer, fan_in) in [(0, 75.0f64), (2, 3240.0)] {
            let (w, bound) = (weights(&settings, layer), 2.0 / fan_in.sqrt());
            let most = w.iter().map(|w| (w - 0.5).abs()).fold(0.0, f64::max);
            assert!(most <= bound + 1e-6 && most > 0.99 * bound, "{most} {bound}");
        }
    }

    #[test]
    fn a_normal_weight_has_the_deviation_asked_for() {
        let w = weights(&InitialWeights { spread: WeightDistribution::Normal { deviation: 0.3 }, constant: -1.0 }, 2);
        let mean = w.iter().sum::<f64>() / w.len() as f64;
        let variance = w.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / w.len() as f64;
        assert!((mean + 1.0).abs() < 0.005 && (variance.sqrt() - 0.3).abs() < 0.005, "{mean} {variance}");
    }

    #[test]
    fn fully_connected_networks_keep_their_numbers() {
        let net = Network::fully_connected(3, &[2]);
        let (params, mut stream) = (initial_params(&net, 2.0, 9), Stream::new(9, Purpose::Weights));
        let bound = 2.0 / libm::sqrt(3.0);
        let drawn: Vec<f32> = (0..6).map(|_| ((2.0 * stream.unit() - 1.0) * bound) as f32).collect();
        assert_eq!(net.layers[0].export_weights(&params), drawn);
    }
}
