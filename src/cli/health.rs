//! What is ill with a network, in a line.

use serde_json::{Value, json};

use crate::explain::Setup;
use crate::explain::health::{Finding, Patient, examine};
use crate::explain::lanes::GradientDesk;
use crate::snn::{Network, Params};
use crate::spike::Sample;
use crate::train::{SampleAnswer, Settings, Trainer};

/// Neurons times steps of the samples that are examined after a run: a pass of its own must not take much of the memory
/// beyond what was stated for the run.
const MOST_CELLS: usize = 1 << 18;

/// What is ill after the last update of a run, the worst first, by what the first samples of its batch do; `losses` are
/// those of the last updates.
pub fn of_run(trainer: &Trainer, losses: &[f64]) -> Vec<Finding> {
    let neurons: usize = trainer.net().layers.iter().map(|layer| layer.outputs).sum();
    let most = MOST_CELLS / (neurons * trainer.settings().task.steps).max(1);
    let samples = &trainer.batch()[..trainer.batch().len().min(most.max(1))];
    of(trainer.settings(), trainer.net(), trainer.params(), samples, losses, &[])
}

/// What is ill with weights, by what they do with some samples and by their answers.
pub fn of(
    settings: &Settings,
    net: &Network,
    params: &Params,
    samples: &[Sample],
    losses: &[f64],
    answers: &[SampleAnswer],
) -> Vec<Finding> {
    let dynamics = settings.neuron.dynamics(settings.task.steps);
    let setup = Setup::of(net, &dynamics, settings, samples, 0);
    examine(&Patient { settings, setup: &setup, params, losses, answers }, &mut GradientDesk::default())
}

/// All of it in a line, with what to try.
pub fn line(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "health: nothing is ill".into();
    }
    let one = |finding: &Finding| {
        let remedy = match &finding.remedy {
            remedy if remedy.changes.is_empty() => String::new(),
            remedy => format!(" (try --set {})", remedy.text().replace(", ", " --set ")),
        };
        format!("{}{remedy}", finding.found.trim_end_matches('.'))
    };
    format!("health: {}", findings.iter().map(one).collect::<Vec<_>>().join("; "))
}

/// The same for machines.
pub fn json(findings: &[Finding]) -> Value {
    let one = |finding: &Finding| {
        json!({
            "illness": finding.illness.key(),
            "layer": finding.layer,
            "neurons": finding.neurons,
            "found": finding.found,
            "try": finding.remedy.text(),
        })
    };
    findings.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::health::examples::EXAMPLES;
    use crate::snn::Isa;

    #[test]
    fn the_line_says_what_is_ill_and_what_to_try() {
        let well = Trainer::new(Settings::default(), Isa::best());
        assert_eq!(line(&of_run(&well, &[])), "health: nothing is ill");
        let ill = Trainer::new((EXAMPLES[3].make)(), Isa::best());
        let found = of_run(&ill, &[]);
        let text = line(&found);
        assert!(text.starts_with("health: Layer 1: 5 of 5 neurons spike in at least 50 % of the steps"), "{text}");
        assert!(text.contains("(try --set network.weight_offset=0.0)") && !text.contains('\n'), "{text}");
        assert_eq!(json(&found)[0]["illness"], "saturated");
    }
}
