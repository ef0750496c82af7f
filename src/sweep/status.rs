//! How far a sweep is: what is done, missing, failed, and under way.

use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

use serde::Serialize;

use super::folder::{PlanFile, ShardFileName, SweepFolder};
use super::reader::{RecordReader, TaskSet};
use super::record::RecordLine;
use super::share::Share;

/// How far a sweep is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SweepStatus {
    pub tasks: u32,
    pub done: u32,
    pub missing: u32,
    /// Tasks that failed and were not done since, with why.
    pub failed: BTreeMap<u32, String>,
    /// Tasks that were left in the middle, with their exact state.
    pub kept: Vec<u32>,
    pub shards: Vec<ShardStatus>,
    /// Lines that are cut off or damaged: their tasks are done again.
    pub damaged: u64,
    /// Seconds that tasks took together, as their records say.
    pub task_seconds: f64,
}

/// How far a shard is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShardStatus {
    #[serde(serialize_with = "as_text")]
    pub share: Share,
    pub tasks: u32,
    /// In its own files.
    pub done: u32,
    pub finished: bool,
    /// Who wrote last.
    pub host: String,
    pub pid: u32,
    /// When it began, in seconds since 1970.
    pub begun: u64,
    /// When it wrote last, in seconds since 1970, where the file system tells.
    pub wrote: Option<u64>,
    /// Long tasks that have given a sign of life and are not done, with updates made, and of how many.
    pub under_way: BTreeMap<u32, [u64; 2]>,
}

fn as_text<S: serde::Serializer>(share: &Share, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(share)
}

impl SweepStatus {
    /// Reads all records of a folder.
    pub fn of(folder: &SweepFolder, plan: &PlanFile) -> Result<Self, String> {
        let tasks = plan.plan.tasks();
        let mut reader = RecordReader::new(folder.clone(), plan.plan.digest);
        let (mut done, mut failed, mut seconds) = (TaskSet::default(), BTreeMap::new(), 0.0);
        let mut shards: BTreeMap<ShardFileName, FoundShard> = BTreeMap::new();
        reader.poll(
            |_| true,
            |name, _, line| {
                if !shards.contains_key(name) {
                    shards.insert(name.clone(), FoundShard::default());
                }
                let Some(shard) = shards.get_mut(name) else { return Ok(()) };
                match line {
                    RecordLine::Done { task, seconds: took, .. } if task < tasks => {
                        shard.done += 1;
                        shard.under_way.remove(&task);
                        if done.insert(task) {
                            seconds += took.split(',').next().and_then(|s| s.parse::<f64>().ok()).unwrap_or(0.0);
                        }
                    }
                    RecordLine::Failed { task, why } => {
                        shard.under_way.remove(&task);
                        failed.insert(task, why.to_owned());
                    }
                    RecordLine::Under { task, done, of, .. } => {
                        shard.under_way.insert(task, [done, of]);
                    }
                    _ => {}
                }
                Ok(())
            },
        )?;
        failed.retain(|task, _| !done.contains(*task));
        let mut kept = folder.states()?;
        kept.retain(|task| !done.contains(*task));
        kept.sort_unstable();
        Ok(Self {
            tasks,
            done: done.len() as u32,
            missing: tasks - done.len() as u32,
            failed,
            kept,
            shards: together(folder, &reader, &mut shards, tasks),
            damaged: reader.files().values().map(|shard| shard.damaged).sum(),
            task_seconds: seconds,
        })
    }
}

/// What was found in one file.
#[derive(Default)]
struct FoundShard {
    /// No task is in a file twice.
    done: u32,
    under_way: BTreeMap<u32, [u64; 2]>,
}

/// Of each share the file that says most: the finished one, else the one that was begun last.
fn together(
    folder: &SweepFolder,
    reader: &RecordReader,
    found: &mut BTreeMap<ShardFileName, FoundShard>,
    tasks: u32,
) -> Vec<ShardStatus> {
    let mut shards: BTreeMap<Share, ShardStatus> = BTreeMap::new();
    for (name, open) in reader.files() {
        let Some(head) = &open.head else { continue };
        let FoundShard { done, under_way } = found.remove(name).unwrap_or_default();
        let status = ShardStatus {
            share: name.share,
            tasks: name.share.len(tasks),
            done,
            finished: name.token.is_none(),
            host: head.host.clone(),
            pid: head.pid,
            begun: head.begun,
            wrote: wrote(folder, name),
            under_way,
        };
        let better =
            |old: &ShardStatus| (old.finished, old.begun, old.done) < (status.finished, status.begun, status.done);
        if shards.get(&name.share).is_none_or(better) {
            shards.insert(name.share, status);
        }
    }
    let mut shards: Vec<ShardStatus> = shards.into_values().collect();
    shards.sort_by_key(|s| (s.share.of, s.share.index));
    shards
}

fn wrote(folder: &SweepFolder, name: &ShardFileName) -> Option<u64> {
    let changed = fs::metadata(folder.shard_path(name)).and_then(|m| m.modified()).ok()?;
    changed.duration_since(SystemTime::UNIX_EPOCH).ok().map(|d| d.as_secs())
}
