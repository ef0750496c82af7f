//! The runs, each on one thread, as many at a time as there are threads.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use indicatif::ProgressBar;

use crate::engine::spread;
use crate::train::Halt;

use super::super::exam::spikes;
use super::super::tasks::Tasks;
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
    let tasks = Tasks::keeping(plan.threads + 1);
    if let Some(job) = jobs.first() {
        // what cannot be opened is said before anything begins
        tasks.open(&plan.settings(job))?;
    }
    let bar = progress::bar(plan.updates() * jobs.len() as u64);
    let failed = AtomicBool::new(false);
    let answers = spread(&jobs, plan.threads, |job| {
        // of a comparison without one of its runs nobody would have anything
        if failed.load(Ordering::Relaxed) {
            return Ok((Vec::new(), None));
        }
        let answer = one(plan, job, &tasks, &bar);
        failed.fetch_or(answer.is_err(), Ordering::Relaxed);
        answer
    });
    bar.finish_and_clear();
    let answers = answers?.into_iter().collect::<Result<Vec<_>, String>>()?;
    let runs = jobs.into_iter().zip(answers);
    let mut runs: Vec<Run> = runs.map(|(job, (looks, diverged))| Run { job, looks, diverged }).collect();
    // in the table the runs of a cell follow one another; the seeds keep the order in which they were named
    runs.sort_by_key(|run| run.job.cell);
    Ok(runs)
}

/// A run, or why its data cannot be read.
fn one(plan: &Plan, job: &Job, tasks: &Tasks, bar: &ProgressBar) -> Result<(Vec<Look>, Option<Halt>), String> {
    let begun = Instant::now();
    let mut looks = Vec::with_capacity(plan.looks.len());
    if stop::asked() {
        return Ok((looks, None));
    }
    let mut trainer = tasks.trainer(plan.settings(job))?;
    for &updates in &plan.looks {
        while trainer.update() < updates {
            if stop::asked() {
                return Ok((looks, None));
            }
            if let Err(diverged) = trainer.step() {
                bar.inc(plan.updates() - trainer.update() / STRIDE * STRIDE);
                return Ok((looks, Some(diverged)));
            }
            if trainer.update().is_multiple_of(STRIDE) {
                bar.inc(STRIDE);
            }
        }
        looks.push(Look {
            updates,
            loss: trainer.loss(),
            spikes: spikes(&trainer),
            seconds: begun.elapsed().as_secs_f64(),
        });
    }
    bar.inc(plan.updates() % STRIDE);
    Ok((looks, None))
}
