//! The settings of the gradient rule.

use super::super::When;
use super::super::access::{Access, at};
use super::super::field::{Field, choice, real, switch};
use crate::rule::{Rule, SurrogateShape};

const PENALTY_ON: Access = at!(rule.timing_penalty.on as "rule.timing_penalty_on");
const CLIP_ON: Access = at!(rule.grad_clip.on as "rule.grad_clip_on");

const SURROGATE: When = When::Is(at!(rule.rule), &[Rule::Activation.key(), Rule::Antlr.key()]);
const ANTLR: When = When::Is(at!(rule.rule), &[Rule::Antlr.key()]);
const TIMING: When = When::Is(at!(rule.rule), &[Rule::Timing.key()]);
const PENALTY: When = When::All(&[TIMING, When::On(PENALTY_ON)]);
const CLIP: When = When::On(CLIP_ON);

pub(super) const FIELDS: &[Field] = &[
    choice::<Rule>(at!(rule.rule), "Gradient rule")
        .live()
        .help("How the gradient is carried back through spikes, which have no derivative of their own."),
    choice::<SurrogateShape>(at!(rule.shape as "rule.surrogate_shape"), "Surrogate shape").when(SURROGATE).live().help(
        "The shape of the surrogate derivative σ(v), which stands for the derivative that a spike does not have. The \
         paper's is the exponential.",
    ),
    real(at!(rule.surrogate_alpha), "Surrogate height", 0.0..=1000.0)
        .symbol("a_σ")
        .step(0.1)
        .when(SURROGATE)
        .live()
        .help(
            "Height of the surrogate derivative σ(v) at the threshold. A higher value makes this part of the gradient \
             larger.",
        ),
    real(at!(rule.surrogate_beta), "Surrogate sharpness", 0.0..=1000.0)
        .symbol("b_σ")
        .step(0.1)
        .when(SURROGATE)
        .live()
        .help(
            "How fast the surrogate derivative falls off away from the threshold. A higher value leaves a gradient only to \
             potentials very close to the threshold.",
        ),
    real(at!(rule.lambda_act), "Activation coefficient", 0.0..=1000.0)
        .symbol("λ_act")
        .step(0.1)
        .when(ANTLR)
        .live()
        .help("Factor of the activation-based part in ANTLR. A higher value makes spikes appear and vanish more readily."),
    real(at!(rule.lambda_timing), "Timing coefficient", 0.0..=1000.0)
        .symbol("λ_tim")
        .step(0.1)
        .when(ANTLR)
        .live()
        .help("Factor of the timing-based part in ANTLR. A higher value makes existing spikes move more readily."),
    switch(PENALTY_ON, "Silent-neuron penalty").when(TIMING).live().help(
        "Raises the weights into neurons that never spiked, to which the timing-based rule alone is blind. When off, \
         silent neurons stay silent.",
    ),
    real(at!(rule.timing_penalty.value as "rule.timing_penalty"), "Penalty strength", 0.0..=1e6)
        .symbol("timing_penalty")
        .step(1.0)
        .when(PENALTY)
        .live()
        .help("How strongly the weights into silent neurons are raised. A higher value makes them spike sooner."),
    switch(CLIP_ON, "Gradient clipping").live().help(
        "Keeps every entry of a gradient within ± the limit below, so that a single steep update cannot undo what was \
         learnt.",
    ),
    real(at!(rule.grad_clip.value as "rule.grad_clip"), "Clipping limit", 1e-9..=1e9)
        .symbol("grad_clip")
        .log()
        .when(CLIP)
        .live()
        .help("The largest magnitude that an entry of a gradient may have. A higher limit lets larger gradients pass."),
];
