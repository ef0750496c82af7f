//! The settings of the network.

use super::super::access::{HIDDEN_LAYERS, at};
use super::super::field::{Field, choice, real};
use super::super::{Initial, ValueKind, When};

const UNIFORM: When = When::Is(at!(network.initial), &[Initial::Uniform.key()]);
const NORMAL: When = When::Is(at!(network.initial), &[Initial::Normal.key()]);

pub(super) const FIELDS: &[Field] = &[
    Field::new(HIDDEN_LAYERS, "Layers", ValueKind::Layers { most: 16 }).help(
        "Layers between input and output: fc50 (50 neurons, fully connected), conv12k5 (12 channels, kernel 5 × 5), avg2 \
         and max2 (pooling by 2 × 2), flatten. A whole network can be given, too, as in 784 - fc800 - fc10. More neurons \
         have more ways to reach a target; more layers make the gradient travel further.",
    ),
    choice::<Initial>(at!(network.initial), "Initial weights")
        .help("Distribution of the weights before the first update. Biases start at 0."),
    real(at!(network.gain), "Initial gain", 0.0..=1000.0).symbol("gain").step(0.1).when(UNIFORM).help(
        "Initial weights are distributed evenly within ± gain / √fan_in. A larger gain makes the untrained network spike \
         more; at 0 it is silent.",
    ),
    real(at!(network.deviation), "Standard deviation", 0.0..=1000.0)
        .when(NORMAL)
        .help("Standard deviation of the initial weights. A higher value makes the untrained network spike more."),
    real(at!(network.weight_offset), "Weight offset", -1000.0..=1000.0)
        .alias("network.constant")
        .help("Added to every initial weight. A higher value makes every neuron spike more."),
];
