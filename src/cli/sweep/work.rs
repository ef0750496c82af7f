//! `spikescape work`: a share of a plan's tasks.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::sweep::compare::CompareSweep;
use crate::sweep::landscape::LandscapeSweep;
use crate::sweep::shard::ShareBegun;
use crate::sweep::share::{DetectedShare, detect};
use crate::sweep::table::TableSweep;
use crate::sweep::train::TrainSweep;
use crate::sweep::{PlanFile, ShardWriter, Share, Sweep, SweepFolder, SweepKind, WorkerWishes};

use super::super::print::{complain, say};
use super::super::{progress, signals};
use super::args::{Shard, Work};
use super::{drive, duration, job};
use crate::text::{count, whole};

pub fn run(args: &Work) -> Result<ExitCode, String> {
    let begun = Instant::now();
    let plan = PlanFile::open(&args.plan)?;
    let share = share(args.shard)?;
    let out = args.out.as_deref().or_else(|| args.plan.is_dir().then_some(&args.plan));
    let Some(out) = out else {
        if args.list {
            return with_sweep(&plan, 1, Path::new(""), &List { share });
        }
        return Err("Where to write? Name the folder of the sweep with --out DIR.".into());
    };
    let threads = drive::threads(args.threads, plan.plan.memory);
    if args.list {
        return with_sweep(&plan, threads, out, &List { share });
    }
    if let Some(scheduler) = args.print_job {
        return with_sweep(&plan, threads, out, &job::Printing { scheduler, args, plan: &plan, out });
    }
    let deadline = args.time_limit.map(|limit| begun + limit.saturating_sub(args.stop_before));
    signals::listen();
    let folder = SweepFolder::make(out, &plan)?;
    with_sweep(&plan, threads, out, &Working { args, plan: &plan, share, folder, threads, deadline, begun })
}

/// The share that was said, or that a scheduler's variables tell; these are repeated.
fn share(shard: Shard) -> Result<Share, String> {
    match shard {
        Shard::Given(share) => Ok(share),
        Shard::Auto(of) => {
            let DetectedShare { share, from } = detect(of, |name| std::env::var(name).ok())?;
            say(&format!("{from}: shard {share}."));
            Ok(share)
        }
    }
}

/// What is done with the tasks of a plan, of whatever kind.
pub trait WithSweep {
    fn with<S: Sweep>(&self, sweep: &S) -> Result<ExitCode, String>;
}

/// Gives the tasks of a plan, ready to be done on `threads` threads. What cannot be opened is said before anything begins.
fn with_sweep(plan: &PlanFile, threads: usize, out: &Path, what: &impl WithSweep) -> Result<ExitCode, String> {
    match &plan.plan.kind {
        SweepKind::Compare(ask) => {
            let mut sweep = CompareSweep::new(ask, threads);
            sweep.open_first()?;
            what.with(&sweep)
        }
        SweepKind::Train(ask) => {
            let mut sweep = TrainSweep::new(ask, threads, out);
            sweep.open_first()?;
            what.with(&sweep)
        }
        SweepKind::Table(ask) => {
            let sweep = TableSweep::new(ask, threads);
            sweep.open_first()?;
            what.with(&sweep)
        }
        SweepKind::Landscape { .. } => what.with(&LandscapeSweep::new(&plan.scene()?)),
    }
}

/// `--list`
struct List {
    share: Share,
}

impl WithSweep for List {
    fn with<S: Sweep>(&self, sweep: &S) -> Result<ExitCode, String> {
        self.share.tasks(sweep.tasks()).for_each(|task| say(&format!("{task}\t{}", sweep.describe(task))));
        Ok(ExitCode::SUCCESS)
    }
}

/// The work itself.
struct Working<'a> {
    args: &'a Work,
    plan: &'a PlanFile,
    share: Share,
    folder: SweepFolder,
    threads: usize,
    deadline: Option<Instant>,
    begun: Instant,
}

impl WithSweep for Working<'_> {
    fn with<S: Sweep>(&self, sweep: &S) -> Result<ExitCode, String> {
        let tasks = sweep.tasks();
        let of_share = u64::from(self.share.len(tasks));
        let bar = progress::of(sweep.units().saturating_mul(of_share), "units");
        let late = || self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        let (leave, advance) = (|| signals::asked().is_some() || late(), |units| bar.inc(units));
        let wishes = WorkerWishes { leave: &leave, advance: &advance, keep_every: self.args.keep_every };
        let digest = self.plan.plan.digest;
        let (shard, shown) = (format!("Shard {}", self.share), self.args.plan.display());
        let Some(share) = ShardWriter::begin(self.folder.clone(), digest, self.share, tasks, wishes)? else {
            bar.finish_and_clear();
            say(&format!("{shard} of {shown} was finished before: {}.", count(of_share, "task")));
            return Ok(ExitCode::SUCCESS);
        };
        let ShareBegun { writer, todo, before } = share;
        let done_before = if before > 0 { format!(", {} of them done before", whole(before)) } else { String::new() };
        say(&format!(
            "{shard} of {shown} ({}): {}{done_before}, on {}.",
            self.plan.plan.kind.name(),
            count(of_share, "task"),
            count(self.threads as u64, "thread")
        ));
        bar.set_position(sweep.units().saturating_mul(before));
        let worked = drive::on_threads(sweep, &todo, self.threads, &writer);
        bar.finish_and_clear();
        // what was done is kept whatever happened
        let finished = writer.finish(tasks)?;
        worked?;
        self.end(&writer, finished, before, of_share)
    }
}

impl Working<'_> {
    /// Says how the work ended.
    fn end(&self, writer: &ShardWriter, finished: bool, before: u64, of: u64) -> Result<ExitCode, String> {
        let (done, seconds) = (writer.done(), self.begun.elapsed().as_secs_f64());
        let rate = (done - before) as f64 / seconds.max(1e-9);
        let progress = format!(
            "{} of {} done after {} ({rate:.1} a second)",
            whole(done),
            count(of, "task"),
            duration::told(seconds)
        );
        if writer.is_taken_over() {
            say(&format!(
                "{progress}. Another worker has taken over shard {}: nothing is left to do here.",
                self.share
            ));
            return Ok(ExitCode::SUCCESS);
        }
        if finished {
            say(&format!("{progress}: shard {} is finished.", self.share));
            return Ok(ExitCode::SUCCESS);
        }
        let failures = writer.failures();
        if failures > 0 && done + failures >= of {
            return Err(format!(
                "{progress}, {} failed: `spikescape status {}` says why.",
                whole(failures),
                self.folder.path().display()
            ));
        }
        let why = signals::asked().map_or("the end of its time", signals::Signal::name);
        complain(&format!(
            "Stopped by {why}: {progress}. The state is kept; the same command goes on from here (exit code 75 or 130)."
        ));
        Ok(signals::try_again())
    }
}

/// Half a minute at least before the end of a job is time enough to leave in.
pub const LEAVE_IN: Duration = Duration::from_secs(60);
