//! The settings of the optimiser.

use super::super::When;
use super::super::access::at;
use super::super::field::{Field, choice, real, whole};
use crate::optim::OptimiserKind;

const SGD: When = When::Is(at!(optimiser.kind), &[OptimiserKind::Sgd.key()]);
const ADAM: When = When::Is(at!(optimiser.kind), &[OptimiserKind::Adam.key()]);
const SCHEDULE: When = When::AtLeast(at!(optimiser.schedule_every), 1);

// At 1 a running mean would take nothing in, and the bias correction 1 − β₁ᵗ would be 0.
const BELOW_ONE: f64 = 0.999999;

pub(super) const FIELDS: &[Field] = &[
    choice::<OptimiserKind>(at!(optimiser.kind), "Optimiser")
        .live()
        .help("How a gradient becomes a change of the weights."),
    real(at!(optimiser.learning_rate), "Learning rate", 1e-12..=1000.0)
        .log()
        .live()
        .help("How far an update goes. A higher rate learns faster, until the loss begins to jump."),
    real(at!(optimiser.momentum), "Momentum", 0.0..=BELOW_ONE).when(SGD).live().help(
        "Fraction of the last step that is added to the next one. A higher value smooths the path and speeds it up \
         where gradients agree.",
    ),
    real(at!(optimiser.beta1), "β₁ (first moment)", 0.0..=BELOW_ONE)
        .symbol("β₁")
        .when(ADAM)
        .live()
        .help("Decay per update of Adam's running mean of the gradient. A higher value smooths the path."),
    real(at!(optimiser.beta2), "β₂ (second moment)", 0.0..=BELOW_ONE).symbol("β₂").step(0.001).when(ADAM).live().help(
        "Decay per update of Adam's running mean of the squared gradient. A higher value makes the step sizes change \
             more slowly.",
    ),
    real(at!(optimiser.epsilon), "ε (denominator)", 1e-30..=1.0).symbol("ε").log().when(ADAM).live().help(
        "Added to the denominator of Adam's step, against division by zero. A higher value damps weights with small \
         gradients.",
    ),
    real(at!(optimiser.weight_decay), "Weight decay", 0.0..=10.0).step(0.0001).live().help(
        "Adds this multiple of each parameter to its gradient. A higher value pulls all parameters towards zero.",
    ),
    whole(at!(optimiser.schedule_every), "Schedule interval", 0..=1_000_000_000).unit("epochs").live().help(
        "Multiply the learning rate by the factor below every N epochs; 0: never. In the built-in experiment all pairs \
         form one batch, so an epoch is one update.",
    ),
    real(at!(optimiser.gamma), "Schedule factor", 0.0..=1.0).symbol("gamma").step(0.1).when(SCHEDULE).live().help(
        "The factor by which the schedule multiplies the learning rate. A value below 1 makes the steps smaller.",
    ),
];
