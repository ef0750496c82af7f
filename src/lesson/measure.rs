//! Measures claims: trains the runs that they speak of.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::explain::Setup;
use crate::explain::health::{Patient, examine};
use crate::landscape::{Comparison, Grid, Landscape, Measurement, MeasurementScratch, Objective, Plane};
use crate::rule::Rule;
use crate::snn::Isa;

use super::claim::{Claim, Measured, Quantity};
use super::fact::FactValue;
use super::{Lesson, Simulation};

/// Points along each side of a plane.
const POINTS: usize = 21;

/// The two sides of every claim for one seed: the right one where it is measured. `None` for claims that do not speak of this
/// seed. An error says why a run could not be made.
pub fn of_seed(lesson: &Lesson, seed: u64, stop: &dyn Fn() -> bool) -> Result<Vec<Option<[f64; 2]>>, String> {
    let mut wanted: Vec<Measured> = Vec::new();
    for claim in lesson.claims.iter().filter(|claim| claim.seeds.contains(&seed)) {
        wanted.extend([claim.left.clone()].into_iter().chain(claim.other()));
    }
    // each run is made once, and passes its moments in order
    wanted.sort_by_key(|measured| measured.updates);
    let (mut runs, mut known) = (BTreeMap::new(), Vec::new());
    for measured in wanted {
        if stop() {
            return Err("Stopped.".to_owned());
        }
        if known.iter().any(|(other, _)| *other == measured) {
            continue;
        }
        let run = match runs.remove(&measured.run) {
            Some(run) => run,
            None => begin(lesson, &measured.run, seed)?,
        };
        let mut run: Simulation = run;
        run.advance_to(measured.updates).map_err(|why| format!("Run {}, seed {seed}: {why}", measured.run))?;
        let value = value(&run, measured.quantity)?;
        runs.insert(measured.run.clone(), run);
        known.push((measured, value));
    }
    let value = |of: &Measured| known.iter().find(|(other, _)| other == of).map_or(f64::NAN, |(_, value)| *value);
    let sides = |claim: &Claim| {
        claim.seeds.contains(&seed).then(|| [value(&claim.left), claim.other().map_or(f64::NAN, |other| value(&other))])
    };
    Ok(lesson.claims.iter().map(sides).collect())
}

fn begin(lesson: &Lesson, name: &str, seed: u64) -> Result<Simulation, String> {
    let mut settings = lesson.run_named(name).ok_or_else(|| format!("There is no run {name}."))?;
    settings.run.seed = seed;
    Simulation::begin(&settings)
}

fn value(run: &Simulation, quantity: Quantity) -> Result<f64, String> {
    match quantity {
        Quantity::Fact(fact) => match run.seen.value(&fact) {
            Some(FactValue::Number(x)) => Ok(x),
            _ => Err(format!("`{fact}` is not known of this run.")),
        },
        Quantity::Ill(illness) => Ok(f64::from(u8::from(findings(run).contains(&illness)))),
        Quantity::Downhill(rule, range) => of_rule(&plane(run, range), rule, |view| view.downhill),
        Quantity::Inconsistency(rule, range) => of_rule(&plane(run, range), rule, |view| view.inconsistency),
        Quantity::Flat(range) => {
            plane(run, range).zero_share().ok_or_else(|| "The plane has no inner point.".to_owned())
        }
    }
}

fn of_rule(seen: &Comparison, rule: Rule, of: fn(&crate::landscape::RuleView) -> Option<f64>) -> Result<f64, String> {
    let view = seen.rules.iter().find(|view| view.rule == rule);
    // a rule that sees nothing points nowhere
    Ok(view.and_then(of).unwrap_or(0.0))
}

fn findings(run: &Simulation) -> Vec<crate::explain::health::Illness> {
    let trainer = &run.trainer;
    let settings = trainer.settings();
    let dynamics = settings.neuron.dynamics(settings.task.steps);
    let setup = Setup::of(trainer.net(), &dynamics, settings, trainer.batch(), 0);
    let patient = Patient { settings, setup: &setup, params: trainer.params(), losses: &[], answers: &[] };
    examine(&patient, &mut crate::explain::lanes::GradientDesk::default()).into_iter().map(|f| f.illness).collect()
}

/// The rules on a random plane around the weights, whose directions have the seed of the run.
fn plane(run: &Simulation, range: f64) -> Comparison {
    let trainer = &run.trainer;
    let (centre, settings) = (Arc::new(trainer.params().clone()), Arc::new(trainer.settings().clone()));
    let objective = Objective::of_batch(trainer.net(), &settings, trainer.batch(), Isa::best());
    let plane = Arc::new(Plane::random(trainer.net(), centre, settings.run.seed));
    let grid = Grid { range: range as f32, points: POINTS };
    let at: Vec<[f32; 2]> = (0..grid.len()).map(|k| grid.point(k).into()).collect();
    let measurement = Measurement { objective, plane, fields: true };
    let points = measurement.measure(&MeasurementScratch::default(), &at);
    let numbered: Vec<_> = (0u32..).zip(points).collect();
    let mut landscape = Landscape::new(grid);
    landscape.take(&numbered, &[]);
    landscape.views().comparison
}
