//! Where gradients agree: the cosine between two of them, layer by layer.

use crate::rule::{Rule, RuleSettings};
use crate::snn::{Network, Params};
use crate::train::pass::BatchPass;

use super::Setup;

/// The pairs of rules, in the order in which their cosines are given.
pub const RULE_PAIRS: [[Rule; 2]; 3] =
    [[Rule::Activation, Rule::Timing], [Rule::Activation, Rule::Antlr], [Rule::Timing, Rule::Antlr]];

/// The cosine of two gradients in each layer with weights, from the lowest on; none where one of them is zero, or not finite.
pub fn cosines(net: &Network, a: &Params, b: &Params) -> Vec<Option<f64>> {
    net.layers
        .iter()
        .filter(|layer| layer.has_weights())
        .map(|layer| cosine(&a.0[layer.all()], &b.0[layer.all()]))
        .collect()
}

fn cosine(a: &[f32], b: &[f32]) -> Option<f64> {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let size = (dot(a, a) * dot(b, b)).sqrt();
    (size > 0.0 && size.is_finite()).then(|| (dot(a, b) / size).clamp(-1.0, 1.0))
}

/// The gradients of the three rules at one state, as the optimiser would be given them, in the order of [`Rule::ALL`].
pub fn gradients(setup: &Setup, params: &Params, pass: &mut BatchPass) -> [Params; 3] {
    Rule::ALL.map(|rule| setup.gradient(&RuleSettings { rule, ..*setup.rule }, params, pass))
}

/// For each of [`RULE_PAIRS`] the cosines in each layer with weights.
pub fn of_rules(net: &Network, gradients: &[Params; 3]) -> [Vec<Option<f64>>; 3] {
    let of = |rule: Rule| &gradients[Rule::ALL.iter().position(|r| *r == rule).expect("it is one of all")];
    RULE_PAIRS.map(|[a, b]| cosines(net, of(a), of(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snn::Isa;
    use crate::train::{Settings, Trainer};

    #[test]
    fn a_cosine_says_how_far_two_directions_agree() {
        assert_eq!(cosine(&[1.0, 2.0], &[2.0, 4.0]), Some(1.0));
        assert_eq!(cosine(&[1.0, 2.0], &[-1.0, -2.0]), Some(-1.0));
        assert_eq!(cosine(&[1.0, 0.0], &[0.0, 3.0]), Some(0.0));
        assert_eq!(cosine(&[1.0, 0.0], &[0.0, 0.0]), None);
        assert_eq!(cosine(&[f32::NAN], &[1.0]), None);
    }

    #[test]
    fn antlr_is_the_sum_of_what_the_others_see_and_leans_towards_both() {
        let mut trainer = Trainer::new(Settings::default(), Isa::best());
        (0..20).for_each(|_| trainer.step().unwrap());
        let settings = trainer.settings();
        let dynamics = settings.neuron.dynamics(settings.task.steps);
        let setup = Setup::of(trainer.net(), &dynamics, settings, trainer.batch(), 0);
        let gradients = gradients(&setup, trainer.params(), &mut BatchPass::default());
        let found = of_rules(trainer.net(), &gradients);
        assert!(found.iter().all(|layers| layers.len() == 2), "hidden and output");
        // in the output layer ANTLR's gradient is made of the other two
        let [apart, activation, timing] = [0, 1, 2].map(|pair| found[pair][1].unwrap());
        assert!(activation > apart && timing > apart, "{found:?}");
        assert_eq!(cosines(trainer.net(), &gradients[1], &gradients[1]), [Some(1.0); 2]);
    }
}
