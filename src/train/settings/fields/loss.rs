//! The settings of the loss.

use super::super::When;
use super::super::access::at;
use super::super::field::{Field, choice, real};
use crate::loss::LossKind;

const SPIKE_TRAIN: When = When::Is(at!(loss.kind), &[LossKind::SpikeTrain.key()]);
const LATENCY: When = When::Is(at!(loss.kind), &[LossKind::Latency.key()]);

pub(super) const FIELDS: &[Field] = &[
    choice::<LossKind>(at!(loss.kind), "Loss")
        .live()
        .help("The quantity that training minimises: how far the output is from its target."),
    real(at!(loss.kernel_alpha), "Kernel decay", 0.0..=1.0).symbol("a of κ").when(SPIKE_TRAIN).live().help(
        "Decay per step of the kernel that smooths spike trains before they are compared. A higher value lets a spike \
         feel a target that is further away, and blurs where exactly that target is.",
    ),
    real(at!(loss.softmax_beta), "Softmax sharpness", 0.0..=100.0)
        .symbol("softmax_beta")
        .unit("per step")
        .when(LATENCY)
        .live()
        .help(
            "Inverse temperature of the softmax over the first-spike times. A higher value makes a lead of a single step \
             more decisive.",
        ),
    real(at!(loss.lambda_nospike), "No-spike penalty", 0.0..=1000.0).symbol("λ_nospike").when(LATENCY).live().help(
        "Added to the loss when the output of the sample's class never spikes. A higher value raises the weights into \
         such silent outputs faster; the timing-based rule does not see it.",
    ),
];
