//! The settings of the neurons.

use super::super::When;
use super::super::access::at;
use super::super::field::{Field, real, switch};

const OWN_SCALES: When = When::Off(at!(neuron.beta_auto));

pub(super) const FIELDS: &[Field] = &[
    real(at!(neuron.alpha_i), "Current decay", 0.0..=1.0).symbol("α_i").live().help(
        "Fraction of the synaptic current that remains after a step. A higher value makes each input act longer; at 0 \
         an input acts only in its own step.",
    ),
    real(at!(neuron.alpha_v), "Potential decay", 0.0..=1.0).symbol("α_v").live().help(
        "Fraction of the membrane potential that remains after a step. A higher value makes a neuron remember longer; \
         at 1 it does not leak.",
    ),
    switch(at!(neuron.beta_auto), "Automatic scaling").live().help(
        "Scales inputs and biases so that the peak of the potential after a single input spike is the weight of that \
         input, whatever the decays. When off, the three scales below are used.",
    ),
    real(at!(neuron.beta_i), "Input scale", 0.0..=1000.0).symbol("β_i").when(OWN_SCALES).live().help(
        "Factor that input spikes are multiplied by before they reach the current. A higher value makes every weight \
         count for more.",
    ),
    real(at!(neuron.beta_v), "Current scale", 0.0..=1000.0).symbol("β_v").when(OWN_SCALES).live().help(
        "Factor that the current is multiplied by before it reaches the potential. A higher value makes every weight \
         count for more.",
    ),
    real(at!(neuron.beta_bias), "Bias scale", 0.0..=1000.0).symbol("β_b").when(OWN_SCALES).live().help(
        "Factor that biases are multiplied by before they reach the potential. At 0, biases have no effect and do not \
         learn.",
    ),
];
