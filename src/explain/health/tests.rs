use super::examples::{EXAMPLES, IllExample};
use super::*;
use crate::snn::Isa;
use crate::train::Trainer;
use crate::train::settings::PRESETS;

/// Makes updates until there are `updates`; the losses before each.
fn run(trainer: &mut Trainer, updates: u64) -> Vec<f64> {
    let mut losses = Vec::new();
    while trainer.update() < updates {
        trainer.step().unwrap();
        losses.push(trainer.report().0.loss);
    }
    losses
}

fn examined(trainer: &Trainer, losses: &[f64]) -> Vec<Finding> {
    let settings = trainer.settings();
    let dynamics = settings.neuron.dynamics(settings.task.steps);
    let setup = Setup::of(trainer.net(), &dynamics, settings, trainer.batch(), 0);
    let patient = Patient { settings, setup: &setup, params: trainer.params(), losses, answers: &[] };
    examine(&patient, &mut GradientDesk::default())
}

fn has(findings: &[Finding], illness: Illness) -> bool {
    findings.iter().any(|finding| finding.illness == illness)
}

#[test]
fn every_remedy_cures_its_example() {
    for IllExample { illness, make, updates: [shown, cured], .. } in EXAMPLES {
        let mut trainer = Trainer::new(make(), Isa::best());
        let losses = run(&mut trainer, *shown);
        let findings = examined(&trainer, &losses);
        let found = findings.iter().find(|finding| finding.illness == *illness);
        let found = found.unwrap_or_else(|| panic!("{illness:?} does not show: {findings:#?}"));
        let mut settings = trainer.settings().clone();
        assert!(!found.remedy.changes.is_empty(), "{found:?}");
        found.remedy.changes.iter().for_each(|change| drop(change.make(&mut settings).unwrap()));
        let mut healed = if found.remedy.restarts() {
            Trainer::new(settings, Isa::best())
        } else {
            let mut healed = Trainer::new(make(), Isa::best());
            run(&mut healed, *shown);
            healed.set(settings).unwrap();
            healed
        };
        let base = healed.update();
        let losses = run(&mut healed, base + cured);
        let findings = examined(&healed, &losses);
        assert!(!has(&findings, *illness), "{illness:?} is not cured by {}: {findings:#?}", found.remedy.text());
    }
}

#[test]
fn the_built_in_experiments_are_healthy() {
    for preset in PRESETS.iter().filter(|preset| ["trains", "trains-deep", "trains-pairs"].contains(&preset.key)) {
        let mut trainer = Trainer::new((preset.make)(), Isa::best());
        let losses = run(&mut trainer, 150);
        let findings = examined(&trainer, &losses);
        assert!(findings.is_empty(), "{}: {findings:#?}", preset.key);
    }
}

#[test]
fn a_label_that_is_never_answered_is_named() {
    let trainer = Trainer::new(Settings::default(), Isa::best());
    let settings = trainer.settings();
    let dynamics = settings.neuron.dynamics(settings.task.steps);
    let setup = Setup::of(trainer.net(), &dynamics, settings, trainer.batch(), 0);
    let answer = |label: u32, given: Option<u32>| SampleAnswer { label, by_count: given, ..SampleAnswer::default() };
    let mut answers = vec![answer(0, Some(0)); 9];
    answers.extend([answer(1, Some(0)); 5]);
    answers.extend([answer(2, None); 4]);
    answers.extend([answer(3, Some(4)); 7]);
    let patient = Patient { settings, setup: &setup, params: trainer.params(), losses: &[], answers: &answers };
    let findings = examine(&patient, &mut GradientDesk::default());
    let found = findings.iter().find(|finding| finding.illness == Illness::LabelNever).unwrap();
    assert_eq!(found.neurons, [1, 3], "of label 2 there are too few samples");
    assert_eq!(found.found, "Labels 1, 3 are never the answer.");
}

#[test]
fn a_poisoned_gradient_explodes() {
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    let mut params = trainer.params().clone();
    params.0[trainer.net().layers[1].biases().start] = f32::NAN;
    trainer.begin_with(params);
    let findings = examined(&trainer, &[]);
    assert!(has(&findings, Illness::Exploding), "{findings:#?}");
}

#[test]
fn every_illness_has_words_and_a_remedy_that_fits_the_settings() {
    for rule in crate::rule::Rule::ALL {
        for loss in LossKind::ALL {
            let mut settings = Settings::default();
            (settings.rule.rule, settings.loss.kind) = (rule, loss);
            for illness in Illness::ALL {
                assert!(words::why(illness, rule).ends_with('.'), "{illness:?}");
                let remedy = Remedy::of(illness, &settings);
                let mut changed = settings.clone();
                remedy.changes.iter().for_each(|change| drop(change.make(&mut changed).unwrap()));
                assert_ne!(changed, settings, "{illness:?} under {rule} and {loss:?}: {}", remedy.text());
                changed.check().unwrap();
            }
        }
    }
}
