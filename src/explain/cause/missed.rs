//! Why not: targets that no output spike meets.

use std::ops::RangeInclusive;

use crate::rule::Rule;
use crate::snn::Params;
use crate::spike::{Aligner, Edit, ShiftCost};
use crate::train::pass::BatchPass;

use super::super::lanes::RuleGradients;
use super::super::potential::THRESHOLD;
use super::super::step::plain_step;
use super::super::{Activity, Setup};

/// The steps around a target that are looked at.
const AROUND: u32 = 10;

/// A target spike without an output spike.
#[derive(Clone, Debug, PartialEq)]
pub struct MissedTarget {
    /// The output.
    pub unit: u32,
    pub step: u32,
    /// θ − v at this step; negative where the neuron spikes there for another target.
    pub distance: f32,
    /// The step within [`MissedTarget::around`] at which the potential comes nearest to the threshold from below or reaches
    /// it, and θ − v there.
    pub nearest: (u32, f32),
    /// The steps looked at.
    pub around: RangeInclusive<u32>,
    /// In the order of [`Rule::ALL`].
    pub sight: [RuleSight; 3],
}

/// What a rule sees of a missed target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RuleSight {
    pub rule: Rule,
    /// dL/dv at the target's step; negative where the rule would lift the potential. 0: it does not see the target at all.
    pub g_v: f32,
    /// The same as a share of the largest |dL/dv| of this rule at any output and step; 0 where there is none.
    pub share: f32,
    /// δv at the target's step for a plain step of this rule's gradient with the length that was asked for: positive where its
    /// step brings the potential nearer to the threshold. Zero where the gradient is.
    pub lift: f32,
}

/// The target spikes that the alignment of section 8 pairs with no output spike, output by output, in order of time.
/// `gradients` are those at `params`, where the samples do what `activity` says; `length` is that of the plain steps.
pub fn missed_targets(
    setup: &Setup,
    activity: &Activity,
    (params, length): (&Params, f64),
    gradients: &RuleGradients,
    q: ShiftCost,
) -> Vec<MissedTarget> {
    let index = setup.model.net.layers.len() - 1;
    let (at, mut pass) = (setup.layer(activity, index), BatchPass::default());
    let missed = unmet(setup, activity, q);
    if missed.is_empty() {
        return Vec::new();
    }
    let shifts = Rule::ALL.map(|rule| {
        let settings = crate::rule::RuleSettings { rule, ..*setup.rule };
        let gradient = setup.gradient(&settings, params, &mut pass);
        plain_step(&gradient, length).map(|step| at.potential_shift(&step))
    });
    let layer = at.layer();
    let largest =
        Rule::ALL.map(|rule| gradients.layer(rule, index).g_v.iter().fold(0.0f32, |most, g| most.max(g.abs())));
    let one = |(unit, step): (u32, u32)| {
        let v = at.potential(params, unit as usize);
        let around = step.saturating_sub(AROUND)..=(step + AROUND).min(activity.steps as u32 - 1);
        let distance = |t: u32| THRESHOLD - v[t as usize];
        let place = step as usize * layer.stride + layer.place(unit as usize);
        let sight = |n: usize| {
            let g_v = gradients.layer(Rule::ALL[n], index).g_v[place];
            RuleSight {
                rule: Rule::ALL[n],
                g_v,
                share: if largest[n] > 0.0 { g_v.abs() / largest[n] } else { 0.0 },
                lift: shifts[n].as_ref().map_or(0.0, |shift| shift[place]),
            }
        };
        let nearest = around.clone().min_by(|a, b| distance(*a).abs().total_cmp(&distance(*b).abs())).unwrap_or(step);
        MissedTarget {
            unit,
            step,
            distance: distance(step),
            nearest: (nearest, distance(nearest)),
            around,
            sight: [0, 1, 2].map(sight),
        }
    };
    missed.into_iter().map(one).collect()
}

/// Output and step of every target spike that no output spike is paired with, within the steps that counted.
fn unmet(setup: &Setup, activity: &Activity, q: ShiftCost) -> Vec<(u32, u32)> {
    let (target, output) = (setup.sample().target.spikes.trains(), activity.output().trains());
    let (mut aligner, mut missed) = (Aligner::default(), Vec::new());
    for unit in 0..target.units().min(output.units()) {
        aligner.align(target.of(unit), output.of(unit), q, |edit| {
            if let Edit::Removed { step } = edit
                && (step as usize) < activity.steps
            {
                missed.push((unit as u32, step));
            }
        });
    }
    missed
}

impl MissedTarget {
    /// As in "Target 40 of output 2 is missed by 0.31 of the threshold; activation and ANTLR see it, timing does not."
    pub fn sentence(&self) -> String {
        let Self { unit, step, distance, .. } = self;
        let names = |seen: bool| -> Vec<&str> {
            let which = self.sight.iter().filter(|sight| (sight.g_v != 0.0) == seen);
            which.map(|sight| if sight.rule == Rule::Antlr { "ANTLR" } else { sight.rule.key() }).collect()
        };
        let (seen, blind) = (names(true), names(false));
        let verb =
            |names: &[&str], one: &str, many: &str| if names.len() == 1 { one.to_owned() } else { many.to_owned() };
        let sight = match (seen.is_empty(), blind.is_empty()) {
            (true, _) => "no rule sees it".to_owned(),
            (false, true) => "all three rules see it".to_owned(),
            (false, false) => format!(
                "{} {} it, {} {} not",
                seen.join(" and "),
                verb(&seen, "sees", "see"),
                blind.join(" and "),
                verb(&blind, "does", "do")
            ),
        };
        if *distance > 0.0 {
            format!("Target {step} of output {unit} is missed by {distance:.2} of the threshold; {sight}.")
        } else {
            format!("Target {step} of output {unit} has no spike of its own; {sight}.")
        }
    }
}
