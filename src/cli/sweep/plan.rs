//! `spikescape plan`: which tasks there are, in a file.

use std::process::ExitCode;

use crate::engine;
use crate::sweep::compare::CompareAsk;
use crate::sweep::folder::scene_path;
use crate::sweep::plan::digest;
use crate::sweep::{PlanFile, SweepKind, SweepPlan, SweepRuns};

use super::super::compare::ask;
use super::super::print::{complain, say};
use super::super::signals;
use super::args::{Plan, PlanLandscape};
use super::{drive, train};
use crate::text::{count, whole};

pub fn run(args: &Plan) -> Result<ExitCode, String> {
    let (out, made) = match args {
        Plan::Compare(args) => {
            let ask = ask::ask(&args.what)?;
            let memory = ask.runs.memory();
            (&args.out.out, NewPlan::alone(SweepKind::Compare(ask), memory).map(Some)?)
        }
        Plan::Train(args) => {
            let ask = train::ask(args)?;
            let memory = ask.runs.memory();
            (&args.out.out, NewPlan::alone(SweepKind::Train(ask), memory).map(Some)?)
        }
        Plan::Landscape(args) => (&args.out.out, landscape(args)?),
    };
    let Some(NewPlan { plan, scene }) = made else {
        complain("Stopped before the plan was made: no file was written.");
        return Ok(signals::stopped());
    };
    PlanFile::write(out, &plan, scene.as_deref())?;
    let shown = out.display();
    let beside = scene.map_or_else(String::new, |_| format!(" and {}", scene_path(out).display()));
    say(&format!("{}\nwritten: {shown}{beside}, digest {:016x}\n", summary(&plan), plan.digest));
    say(&format!("Next, on as many machines as you like:  spikescape work {shown} --shard 1/16 --out DIR"));
    say(&format!("or let it write the job:                spikescape work {shown} --out DIR --print-job slurm"));
    Ok(ExitCode::SUCCESS)
}

/// A plan, and what lies beside it.
struct NewPlan {
    plan: SweepPlan,
    /// The scene of a landscape.
    scene: Option<Vec<u8>>,
}

impl NewPlan {
    fn alone(kind: SweepKind, memory: u64) -> Result<Self, String> {
        Ok(Self { plan: SweepPlan::new(kind, memory)?, scene: None })
    }
}

/// A table, or one landscape with its scene; `None` when it was stopped.
fn landscape(args: &PlanLandscape) -> Result<Option<NewPlan>, String> {
    args.what.check_points()?;
    signals::listen();
    if args.what.table {
        let ask = args.what.table_ask()?;
        let memory = ask.settings.memory();
        return NewPlan::alone(SweepKind::Table(Box::new(ask)), memory).map(Some);
    }
    let pool = engine::pool("plan", drive::threads(args.threads, 0))?;
    let Some(scene) = pool.install(|| args.what.scene())? else { return Ok(None) };
    let (bytes, memory) = (scene.to_bytes()?, scene.settings().memory());
    let kind = SweepKind::Landscape { ask: scene.ask, scene: digest(&bytes) };
    Ok(Some(NewPlan { scene: Some(bytes), ..NewPlan::alone(kind, memory)? }))
}

/// What a plan has, in a line.
pub fn summary(plan: &SweepPlan) -> String {
    let runs = |runs: &SweepRuns| {
        let seeds = count(runs.seeds.len().max(1) as u64, "seed");
        format!("{} with {seeds}", count(runs.cells() as u64, "cell"))
    };
    let tasks = count(u64::from(plan.tasks()), "task");
    let what = match &plan.kind {
        SweepKind::Compare(ask @ CompareAsk { network, .. }) => format!("{}, network {network}", runs(&ask.runs)),
        SweepKind::Train(ask) => runs(&ask.runs),
        SweepKind::Table(ask) => format!(
            "{} with {} each, network {}",
            count(ask.seeds.len() as u64, "seed"),
            count(ask.landscapes() as u64, "landscape"),
            ask.network
        ),
        SweepKind::Landscape { ask, .. } if ask.cut => format!("{} points on a line", whole(ask.points as u64)),
        SweepKind::Landscape { ask, .. } => {
            format!("{0} × {0} points, plane {1}", whole(ask.points as u64), ask.plane)
        }
    };
    format!("{}: {tasks} ({what})", plan.kind.name())
}
