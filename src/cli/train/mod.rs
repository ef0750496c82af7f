//! `spikescape train`: one run, with its numbers in files.

mod course;
mod epochs;
mod files;
mod logs;
mod plan;

use std::process::ExitCode;

use crate::engine;
use crate::loss::LossKind;
use crate::task::Split;
use crate::task::summary::DataSummary;
use crate::text::{bytes, count, whole};
use crate::train::{Trainer, Validation};

use super::args::Train;
use super::exam::{batch_note, examine};
use super::health;
use super::print::say;
use super::signals;
use super::table::Table;
use course::{Course, Ended};
use files::Files;
use logs::Logs;
use plan::Plan;

/// Samples of each split whose spikes are counted before a run: they are read from their files.
const SUMMED_UP: usize = 200;

pub fn run(args: &Train) -> Result<ExitCode, String> {
    let plan = Plan::of(args)?;
    let mut logs = Logs::of(args)?;
    let mut files = args.out.as_deref().map(|dir| Files::claim(args, dir)).transpose()?;
    let pool = engine::pool("training", args.threads.map_or_else(engine::cores, usize::from))?;
    signals::listen();
    let digest = plan.digest;
    let (mut course, updates) = pool.install(|| {
        let (trainer, log, updates) = plan.begin()?;
        let need = bytes(engine::need_alone(trainer.settings()));
        // the latency loss ends a batch at the first spike of its slowest sample, which nobody knows beforehand
        let about = if trainer.settings().loss.kind == LossKind::Latency { "up to" } else { "about" };
        say(&format!("A run of these settings takes {about} {need} of memory, its data aside."));
        if !trainer.settings().task.kind.made() {
            say(&DataSummary::of(trainer.task(), SUMMED_UP)?.to_string());
        }
        let course = Course::run(trainer, log, updates, digest.is_some(), files.as_mut(), &mut logs)?;
        Ok::<_, String>((course, updates))
    })?;
    say(&course.summary());
    // a signal that comes from here on must not end the program in the middle of its files
    signals::hold();
    let kept = files.as_mut().map_or(Ok(()), |files| {
        let kept = files.end(&course.trainer, &course.log);
        say(&files.told());
        kept
    });
    signals::release();
    logs.end(&course.trainer)?;
    if !logs.told().is_empty() {
        say(&logs.told());
    }
    // what is examined takes the place of what the run needed
    course.trainer.release_workspace();
    say(&health::line(&pool.install(|| health::of_run(&course.trainer, &course.losses))));
    if matches!(course.ended, Ended::Arrived) && digest.is_none() && course.trainer.task().labelled {
        pool.install(|| test(&course.trainer))?;
    }
    let verdict = verdict(course, updates, digest)?;
    kept.map(|()| verdict)
}

/// Says how the last and the best weights do on the samples for the test.
fn test(trainer: &Trainer) -> Result<(), String> {
    let number = trainer.task().len(Split::Test);
    if number == 0 {
        return Ok(());
    }
    let batch = trainer.settings().batch_of(number);
    let mut table =
        Table::new(&["weights", "first spike", "count", "no answer", "spikes", "necessary", "first output step"]);
    let (last, best) = match trainer.best() {
        Some(best) if best.update == trainer.update() => ("last and best", None),
        best => ("last", best),
    };
    let last = (format!("{last}, update {}", whole(trainer.update())), trainer.params());
    let best = best.map(|best| (format!("best, epoch {}", whole(best.epoch)), &*best.params));
    for (name, params) in [Some(last), best].into_iter().flatten() {
        let Some(examined) = examine(trainer.evaluation_context(), params, Split::Test, batch)? else { return Ok(()) };
        let v = Validation::of(&examined.evaluation);
        let percent = |share: f64| format!("{:.2} %", 100.0 * share);
        let mut row = vec![name, percent(v.accuracy_first), percent(v.accuracy_count)];
        row.push(whole(v.unanswered as u64));
        row.extend([v.spikes, v.necessary, v.first_step].map(|x| format!("{x:.1}")));
        table.push(row);
    }
    let samples = count(number as u64, "sample");
    let note = batch_note(trainer.settings(), batch);
    say(&format!(
        "\nTest on {samples}; spikes are means of a sample, in all layers together.\n\n{}\n\n{note}",
        table.aligned(1)
    ));
    Ok(())
}

fn verdict(course: Course, updates: u64, digest: Option<u64>) -> Result<ExitCode, String> {
    let (made, wanted) = (course.trainer.update(), count(updates, "update"));
    match course.ended {
        Ended::Halted(halt) => return Err(format!("{halt}.")),
        Ended::Unread(problem) => {
            return Err(format!("After update {} the epoch could not be validated: {problem}", whole(made)));
        }
        Ended::Stopped => {
            let compared = if digest.is_some() { ", so the digests could not be compared" } else { "" };
            say(&format!("stopped after {} of {wanted}{compared}", whole(made)));
            return Ok(signals::try_again());
        }
        Ended::Arrived => {}
    }
    if signals::asked().is_some() {
        say("stopped in the test");
        return Ok(signals::try_again());
    }
    let found = course.trainer.params().digest();
    match digest {
        None => Ok(ExitCode::SUCCESS),
        Some(expected) if expected == found => {
            say(&format!("replayed {wanted}: the same bits (digest {found:016x})"));
            Ok(ExitCode::SUCCESS)
        }
        Some(expected) => Err(format!(
            "The replay of {wanted} came to other bits: its digest is {found:016x}, and the log says {expected:016x}. \
             The log or the data were changed, or another version of Spikescape made it."
        )),
    }
}
