//! `spikescape status`: how far a sweep is.

use std::process::ExitCode;

use serde_json::json;

use crate::sweep::shard::now;
use crate::sweep::status::ShardStatus;
use crate::sweep::{SweepFolder, SweepStatus};

use super::super::print::say;
use super::super::table::Table;
use super::args::Status;
use super::{duration, plan};
use crate::text::{count, whole};

/// Failures that are told.
const MOST_FAILURES: usize = 5;
/// Shards that are told one by one.
const MOST_SHARDS: usize = 100;

/// EX_TEMPFAIL, while tasks are missing.
const NOT_YET: u8 = 75;

pub fn run(args: &Status) -> Result<ExitCode, String> {
    let (folder, plan) = SweepFolder::open(&args.folder)?;
    let status = SweepStatus::of(&folder, &plan)?;
    if args.json {
        let json =
            json!({ "kind": plan.plan.kind.name(), "plan": format!("{:016x}", plan.plan.digest), "status": status });
        say(&json.to_string());
    } else {
        say(&format!("{}\n{}", plan::summary(&plan.plan), text(&status)));
    }
    Ok(match (status.missing, status.failed.len() as u32) {
        (0, _) => ExitCode::SUCCESS,
        (missing, failed) if missing == failed => ExitCode::FAILURE,
        _ => ExitCode::from(NOT_YET),
    })
}

fn text(status: &SweepStatus) -> String {
    let SweepStatus { done, missing, .. } = status;
    let mut text = format!("{} done, {} missing", whole((*done).into()), whole((*missing).into()));
    if !status.failed.is_empty() {
        text += &format!(", {} of them failed", whole(status.failed.len() as u64));
    }
    if !status.kept.is_empty() {
        text += &format!(", {} of them left in the middle with their state kept", whole(status.kept.len() as u64));
    }
    if *done > 0 {
        let each = status.task_seconds / f64::from(*done);
        text += &format!("; {} a task", duration::told(each));
        if *missing > 0 {
            text += &format!(", so {} of work are left", duration::told(each * f64::from(*missing)));
        }
    }
    if status.damaged > 0 {
        let lines = count(status.damaged, "line");
        text += &format!("\n{lines} cut off or damaged: their tasks are done again.");
    }
    for (task, why) in status.failed.iter().take(MOST_FAILURES) {
        text += &format!("\ntask {task} failed: {why}");
    }
    if status.failed.len() > MOST_FAILURES {
        text += &format!("\n… and {} more", whole((status.failed.len() - MOST_FAILURES) as u64));
    }
    if !status.shards.is_empty() {
        text += &format!("\n\n{}", shards(&status.shards).aligned(1));
    }
    if status.shards.len() > MOST_SHARDS {
        text += &format!("\n… and {} more", whole((status.shards.len() - MOST_SHARDS) as u64));
    }
    text
}

/// The unfinished ones first: these are what one looks for.
fn shards(shards: &[ShardStatus]) -> Table {
    let mut table = Table::new(&["shard", "done", "of", "begun", "last wrote", "on", "state"]);
    let mut sorted: Vec<&ShardStatus> = shards.iter().collect();
    sorted.sort_by_key(|shard| shard.finished);
    let now = now();
    let ago = |then: u64| format!("{} ago", duration::told(now.saturating_sub(then) as f64));
    for shard in sorted.into_iter().take(MOST_SHARDS) {
        let long = shard.under_way.iter().max_by_key(|(_, [done, _])| *done);
        let state = match long {
            _ if shard.finished => "finished".to_owned(),
            Some((task, [done, of])) => format!("task {task}: update {} of {}", whole(*done), whole(*of)),
            None => "not finished".to_owned(),
        };
        table.push(vec![
            shard.share.to_string(),
            whole(shard.done.into()),
            whole(shard.tasks.into()),
            ago(shard.begun),
            shard.wrote.map_or_else(|| "–".into(), ago),
            format!("{} ({})", shard.host, shard.pid),
            state,
        ]);
    }
    table
}
