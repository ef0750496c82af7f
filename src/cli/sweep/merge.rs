//! `spikescape merge`: what the tasks of a sweep add up to, in the bytes of a single process.

use std::process::ExitCode;

use crate::engine;
use crate::sweep::compare::{CompareAnswer, CompareAsk};
use crate::sweep::landscape::PointAnswer;
use crate::sweep::table::TableAnswer;
use crate::sweep::train::TrainAnswer;
use crate::sweep::{FolderAnswers, GatheredAnswers, PlanFile, SweepFolder, SweepKind, SweepRuns, TaskAnswer};

use super::super::compare::{self, CompareFiles, Measured};
use super::super::landscape;
use super::super::print::{complain, count, whole};
use super::args::Merge;
use super::{drive, train};

pub fn run(args: &Merge) -> Result<ExitCode, String> {
    let (folder, plan) = SweepFolder::open(&args.folder)?;
    if args.times && !matches!(plan.plan.kind, SweepKind::Compare(_)) {
        return Err(format!("--times is for compare; {} tells no times.", plan.plan.kind.name()));
    }
    if args.json && !matches!(plan.plan.kind, SweepKind::Table(_)) {
        return Err(format!("--json is for the rows of a table, and this is {}.", plan.plan.kind.name()));
    }
    check_out(args, &plan)?;
    let merging = Merging { args, folder, plan: &plan };
    match &plan.plan.kind {
        SweepKind::Compare(ask) => merging.compare(ask),
        SweepKind::Train(ask) => {
            let gathered = merging.gather::<TrainAnswer>(describe_runs(&ask.runs))?;
            train::report(ask, &gathered, &args.out)?;
            Ok(merging.end(&gathered))
        }
        SweepKind::Table(ask) => {
            let seeds = ask.seeds.clone();
            let gathered = merging.gather::<TableAnswer>(move |task| format!("--seed {}", seeds[task as usize]))?;
            landscape::table::report(ask, &gathered, None, &args.out, args.json)?;
            Ok(merging.end(&gathered))
        }
        SweepKind::Landscape { .. } => {
            let gathered = merging.gather::<PointAnswer>(|task| format!("point {task} of the landscape"))?;
            let scene = plan.scene()?;
            let pool = engine::pool("landscape", drive::threads(None, 0))?;
            pool.install(|| landscape::report(&scene, &gathered, &args.out))?;
            Ok(merging.end(&gathered))
        }
    }
}

/// Whether the results can go where they are to, said before anything is read.
fn check_out(args: &Merge, plan: &PlanFile) -> Result<(), String> {
    match &plan.plan.kind {
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

fn describe_runs(runs: &SweepRuns) -> impl Fn(u32) -> String + Send + 'static {
    let runs = runs.clone();
    move |task| runs.describe(task)
}

struct Merging<'a> {
    args: &'a Merge,
    folder: SweepFolder,
    plan: &'a PlanFile,
}

impl Merging<'_> {
    /// All answers of the folder; an error where some are missing, unless that is allowed.
    fn gather<A: TaskAnswer>(
        &self,
        describe: impl Fn(u32) -> String + Send + 'static,
    ) -> Result<GatheredAnswers<A>, String> {
        let mut answers = FolderAnswers::<A>::new(self.folder.clone(), self.plan, describe);
        answers.poll()?;
        let gathered = answers.gathered;
        if gathered.is_whole() || self.args.partial {
            return Ok(gathered);
        }
        let (missing, folder) = (gathered.answers.len() - gathered.done(), self.folder.path().display());
        let first = gathered.answers.iter().position(Option::is_none).unwrap_or(0);
        Err(format!(
            "{} of {} are missing, the first is task {first}: `spikescape status {folder}` says where they are. Do them, \
             for instance all that is left here with `spikescape work {folder}`, or take what there is with --partial.",
            whole(missing as u64),
            count(gathered.answers.len() as u64, "task")
        ))
    }

    fn compare(&self, ask: &CompareAsk) -> Result<ExitCode, String> {
        let gathered = self.gather::<CompareAnswer>(describe_runs(&ask.runs))?;
        let out = self.args.out.first().map(|dir| CompareFiles::claim(dir, self.args.force, ask)).transpose()?;
        let seconds = gathered.answers.iter().flatten().map(|run| run.seconds).sum();
        let measured = self.args.times.then_some(Measured { seconds, threads: 1 });
        compare::report(ask, &gathered, measured, out.as_ref())?;
        Ok(self.end(&gathered))
    }

    /// Says what is missing.
    fn end<A>(&self, gathered: &GatheredAnswers<A>) -> ExitCode {
        let missing = gathered.answers.len() - gathered.done();
        if missing > 0 {
            let all = count(gathered.answers.len() as u64, "task");
            complain(&format!("This is not all: {} of {all} are missing.", whole(missing as u64)));
        }
        ExitCode::SUCCESS
    }
}
