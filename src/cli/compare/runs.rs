//! The runs, each on one thread, as many at a time as there are threads.

use std::time::Instant;

use indicatif::ProgressBar;

use crate::engine::spread;
use crate::snn::Isa;
use crate::spike::Raster;
use crate::train::{Halt, Trainer};

use super::super::{progress, stop};
use super::plan::{Job, Plan};

/// What came of one run.
pub struct Run {
    pub job: Job,
    /// What was seen at each number of updates that it came to.
    pub looks: Vec<Look>,
    pub diverged: Option<Halt>,
}

/// A run at one number of updates.
pub struct Look {
    pub updates: u64,
    pub loss: f64,
    /// Of the watched sample, in hidden layers and output together.
    pub spikes: usize,
    /// Since the start of the run.
    pub seconds: f64,
}

/// Updates between two looks at the progress bar.
const STRIDE: u64 = 50;

pub fn all(plan: &Plan) -> Result<Vec<Run>, String> {
    let jobs = plan.jobs();
    let bar = progress::bar(plan.updates() * jobs.len() as u64);
    let answers = spread(&jobs, plan.threads, |job| one(plan, job, &bar));
    bar.finish_and_clear();
    let runs = jobs.into_iter().zip(answers?);
    Ok(runs.map(|(job, (looks, diverged))| Run { job, looks, diverged }).collect())
}

fn one(plan: &Plan, job: &Job, bar: &ProgressBar) -> (Vec<Look>, Option<Halt>) {
    let begun = Instant::now();
    let mut looks = Vec::with_capacity(plan.looks.len());
    if stop::asked() {
        return (looks, None);
    }
    let mut trainer = Trainer::new(plan.settings(job), Isa::best());
    for &updates in &plan.looks {
        while trainer.update() < updates {
            if stop::asked() {
                return (looks, None);
            }
            if let Err(diverged) = trainer.step() {
                bar.inc(plan.updates() - trainer.update() / STRIDE * STRIDE);
                return (looks, Some(diverged));
            }
            if trainer.update().is_multiple_of(STRIDE) {
                bar.inc(STRIDE);
            }
        }
        looks.push(Look {
            updates,
            loss: trainer.loss(),
            spikes: trainer.spikes().map(Raster::len).sum(),
            seconds: begun.elapsed().as_secs_f64(),
        });
    }
    bar.inc(plan.updates() % STRIDE);
    (looks, None)
}
