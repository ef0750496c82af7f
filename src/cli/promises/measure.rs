//! Runs, and what each rule promises and keeps at some of their moments.

use std::sync::Arc;

use crate::explain::step::{added, difference, length, optimiser_step, plain_step};
use crate::explain::{PromiseTally, Setup, UpdatePromise};
use crate::landscape::{Circle, Circulation, Grid, Measurement, MeasurementScratch, Objective, Plane};
use crate::rule::{Rule, RuleSettings};
use crate::snn::{Isa, Params};
use crate::spike::ShiftCost;
use crate::sweep::OpenTasks;
use crate::train::pass::BatchPass;
use crate::train::{Settings, Trainer};

use super::super::signals;

/// Points on the circle around which fields are integrated.
const ON_CIRCLE: usize = 200;

/// One rule at one moment of a run.
#[derive(Clone, Debug)]
pub struct Row {
    pub seed: u64,
    pub update: u64,
    pub rule: Rule,
    /// For each layer with weights, by its number, what was promised and kept over all samples of the batch; none where the rule
    /// has no gradient, and so no step.
    pub layers: Vec<(usize, Option<PromiseTally>)>,
    /// See [`Circulation::relative`].
    pub cells: Option<f64>,
    /// |∮ g·ds| / ∮ |g·ds| around the circle; none where the field is zero all around.
    pub circle: Option<f64>,
}

/// What is asked of every run.
#[derive(Clone, Debug)]
pub struct Questions {
    /// Rising.
    pub updates: Vec<u64>,
    pub own: bool,
    pub grid: Grid,
}

impl Questions {
    /// All rows of the runs of a seed; fewer when it was stopped. `settings` have the seed.
    pub fn of_seed(&self, settings: &Settings, tasks: &OpenTasks) -> Result<Vec<Row>, String> {
        if !self.own {
            return self.of_run(settings.clone(), &Rule::ALL, tasks);
        }
        let mut rows = Vec::new();
        for rule in Rule::ALL {
            let mut settings = settings.clone();
            settings.rule.rule = rule;
            rows.extend(self.of_run(settings, &[rule], tasks)?);
        }
        Ok(rows)
    }

    fn of_run(&self, settings: Settings, rules: &[Rule], tasks: &OpenTasks) -> Result<Vec<Row>, String> {
        let seed = settings.run.seed;
        let (mut trainer, mut rows) = (tasks.trainer(settings)?, Vec::new());
        for &update in &self.updates {
            while trainer.update() < update {
                if signals::asked().is_some() {
                    return Ok(rows);
                }
                trainer.step().map_err(|halt| format!("Seed {seed}: {halt}."))?;
            }
            rows.extend(self.at(&trainer, rules, update));
        }
        Ok(rows)
    }

    fn at(&self, trainer: &Trainer, rules: &[Rule], update: u64) -> Vec<Row> {
        let (settings, params, mut pass) = (trainer.settings(), trainer.params(), BatchPass::default());
        let dynamics = settings.neuron.dynamics(settings.task.steps);
        let setup = Setup::of(trainer.net(), &dynamics, settings, trainer.batch(), 0);
        let gradient = setup.gradient(setup.rule, params, &mut pass);
        let real = optimiser_step(&trainer.moment(), trainer.learning_rate(), &gradient);
        let size = length(&difference(params, &real));
        let q = settings.run.shift_cost;
        let survey = survey(trainer);
        let circulation = self.circulation(&survey);
        let row = |&rule: &Rule| {
            let after = if self.own {
                Some(real.clone())
            } else {
                let gradient = setup.gradient(&plain(setup.rule, rule), params, &mut pass);
                plain_step(&gradient, size).map(|step| added(params, &step))
            };
            let layers = match after {
                Some(after) => tallies(&setup, [params, &after], q, &mut pass),
                None => setup.neurons().map(|index| (index, None)).collect(),
            };
            let n = Rule::ALL.iter().position(|r| *r == rule).expect("it is one of all");
            let (cells, circle) = circulation[n];
            Row { seed: settings.run.seed, update, rule, layers, cells, circle }
        };
        rules.iter().map(row).collect()
    }

    /// Around the cells of the plane and around the circle, for each rule of [`Rule::ALL`].
    fn circulation(&self, survey: &Measurement) -> [(Option<f64>, Option<f64>); 3] {
        let (grid, desk) = (self.grid, MeasurementScratch::default());
        let at: Vec<[f32; 2]> = (0..grid.len()).map(|k| grid.point(k).into()).collect();
        let points = survey.measure(&desk, &at);
        let circle = Circle { centre: [0.0; 2], radius: grid.range, points: ON_CIRCLE };
        let walk = circle.walk(survey, &desk);
        [0, 1, 2].map(|n| {
            let field: Vec<[f64; 2]> = points.iter().map(|p| p.fields[n].map(f64::from)).collect();
            let cells = Circulation::of(grid, &field).and_then(|found| found.relative);
            let circle = walk.of(Rule::ALL[n]).abs() / walk.lengths[n];
            (cells, Some(circle).filter(|share| share.is_finite()))
        })
    }
}

/// A rule as its field shows it: clipping and the silent-neuron penalty are no part of what it sees of the spikes.
fn plain(settings: &RuleSettings, rule: Rule) -> RuleSettings {
    let mut plain = RuleSettings { rule, ..*settings };
    (plain.timing_penalty.on, plain.grad_clip.on) = (false, false);
    plain
}

/// The loss of the run's batch on a random plane, whose directions have the seed of the run.
fn survey(trainer: &Trainer) -> Measurement {
    let (centre, settings) = (Arc::new(trainer.params().clone()), Arc::new(trainer.settings().clone()));
    let objective = Objective::of_batch(trainer.net(), &settings, trainer.batch(), Isa::best());
    let plane = Arc::new(Plane::random(trainer.net(), centre, settings.run.seed));
    Measurement { objective, plane, fields: true }
}

/// Promises of a step from `before` to `after`, at the shift cost `q`, over all samples of the batch.
fn tallies(
    setup: &Setup,
    [before, after]: [&Params; 2],
    q: ShiftCost,
    pass: &mut BatchPass,
) -> Vec<(usize, Option<PromiseTally>)> {
    let mut sums: Vec<(usize, PromiseTally)> = setup.neurons().map(|l| (l, PromiseTally::default())).collect();
    for watched in 0..setup.samples.len() {
        let promise = UpdatePromise::of(&Setup { watched, ..*setup }, before, after, q, pass);
        for ((_, sum), layer) in sums.iter_mut().zip(&promise.layers) {
            *sum += PromiseTally::of(layer);
        }
    }
    sums.into_iter().map(|(index, sum)| (index, Some(sum))).collect()
}
