//! `spikescape merge`: what the tasks of a sweep add up to, in the bytes of a single process.

use std::process::ExitCode;

use crate::engine;
use crate::sweep::compare::{CompareAnswer, CompareAsk};
use crate::sweep::{GatheredAnswers, SweepKind, WatchedAnswers, WatchedSweep};

use super::super::compare::{self, CompareFiles, Measured};
use super::super::landscape;
use super::super::print::complain;
use super::args::Merge;
use super::{drive, train};
use crate::text::{count, whole};

pub fn run(args: &Merge) -> Result<ExitCode, String> {
    let mut sweep = WatchedSweep::open(&args.folder)?;
    let kind = sweep.plan.plan.kind.clone();
    if args.times && !matches!(kind, SweepKind::Compare(_)) {
        return Err(format!("--times is for compare; {} tells no times.", kind.name()));
    }
    if args.json && !matches!(kind, SweepKind::Table(_)) {
        return Err(format!("--json is for the rows of a table, and this is {}.", kind.name()));
    }
    check_out(args, &kind)?;
    sweep.poll()?;
    let missing = match (&kind, &sweep.answers) {
        (SweepKind::Compare(ask), WatchedAnswers::Compare(answers)) => compared(args, ask, &answers.gathered)?,
        (SweepKind::Train(ask), WatchedAnswers::Train(answers)) => {
            let missing = missing(args, &answers.gathered)?;
            train::report(ask, &answers.gathered, &args.out)?;
            missing
        }
        (SweepKind::Table(ask), WatchedAnswers::Table(answers)) => {
            let missing = missing(args, &answers.gathered)?;
            landscape::table::report(ask, &answers.gathered, None, &args.out, args.json)?;
            missing
        }
        (_, WatchedAnswers::Landscape(scene, answers)) => {
            let missing = missing(args, &answers.gathered)?;
            let pool = engine::pool("landscape", drive::threads(None, 0))?;
            pool.install(|| landscape::report(scene, &answers.gathered, &args.out))?;
            missing
        }
        _ => return Err("The plan has changed while it was read: merge again.".into()),
    };
    if missing > 0 {
        let all = count(u64::from(sweep.plan.plan.tasks()), "task");
        complain(&format!("This is not all: {} of {all} are missing.", whole(missing as u64)));
    }
    Ok(ExitCode::SUCCESS)
}

/// How many tasks are missing; an error, unless that is allowed.
fn missing<A>(args: &Merge, gathered: &GatheredAnswers<A>) -> Result<usize, String> {
    let missing = gathered.answers.len() - gathered.done();
    if missing == 0 || args.partial {
        return Ok(missing);
    }
    let folder = args.folder.display();
    let first = gathered.answers.iter().position(Option::is_none).unwrap_or(0);
    Err(format!(
        "{} of {} are missing, the first is task {first}: `spikescape status {folder}` says where they are. Do them, for \
         instance all that is left here with `spikescape work {folder}`, or take what there is with --partial.",
        whole(missing as u64),
        count(gathered.answers.len() as u64, "task")
    ))
}

fn compared(args: &Merge, ask: &CompareAsk, gathered: &GatheredAnswers<CompareAnswer>) -> Result<usize, String> {
    let missing = missing(args, gathered)?;
    let out = args.out.first().map(|dir| CompareFiles::claim(dir, args.force, ask)).transpose()?;
    let seconds = gathered.answers.iter().flatten().map(|run| run.seconds).sum();
    let measured = args.times.then_some(Measured { seconds, threads: 1 });
    compare::report(ask, gathered, measured, out.as_ref())?;
    Ok(missing)
}

/// Whether the results can go where they are to, said before anything is read.
fn check_out(args: &Merge, kind: &SweepKind) -> Result<(), String> {
    match kind {
        SweepKind::Compare(_) if args.out.len() > 1 => {
            return Err("The files of a comparison go to one folder: give -o once.".into());
        }
        SweepKind::Compare(_) => return Ok(()),
        SweepKind::Landscape { ask, .. } => landscape::check_names(&args.out, false, ask.cut)?,
        SweepKind::Table(_) | SweepKind::Train(_) => landscape::check_names(&args.out, true, false)?,
    }
    match args.out.iter().find(|path| path.exists()) {
        Some(path) if !args.force => {
            Err(format!("{} is there already: choose another name, or replace it with --force.", path.display()))
        }
        _ => Ok(()),
    }
}
