//! The folder of a sweep: the plan, a file of records for each shard, the states of tasks that were left.
//!
//! ```text
//! plan.json                      the plan, copied by the first worker
//! plan.scene.safetensors         what the points of a landscape have in common
//! shard-3-of-16.records          a shard that is finished
//! shard-3-of-16.TOKEN.part       one that is under way, or was killed
//! task-17.state                  a task in the middle: its exact state
//! runs/0000017/                  the files of a training (`plan train`)
//! ```

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::file::{self, TENSOR_LIMIT, TEXT_LIMIT, read_text, save};

use super::landscape::LandscapeScene;
use super::plan::{SweepKind, SweepPlan};
use super::share::Share;

const PLAN: &str = "plan.json";

/// A file that was left unfinished is of a worker that is gone when it is so old.
const OLD: Duration = Duration::from_secs(3600);

/// The task that a name beginning with that of its state is of.
fn task(name: &str) -> Option<u32> {
    name.strip_prefix("task-")?.split_once(".state")?.0.parse().ok()
}

/// A folder with a plan in it.
#[derive(Clone, Debug)]
pub struct SweepFolder {
    path: PathBuf,
}

/// A plan as it was named on the command line: its file, or a folder that has it.
#[derive(Debug)]
pub struct PlanFile {
    pub plan: SweepPlan,
    pub path: PathBuf,
}

/// The name of a shard's file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShardFileName {
    pub share: Share,
    /// Under which token it is written; none once it is finished.
    pub token: Option<String>,
}

impl ShardFileName {
    pub fn parse(name: &str) -> Option<Self> {
        let rest = name.strip_prefix("shard-")?;
        let (numbers, token) = match rest.strip_suffix(".records") {
            Some(numbers) => (numbers, None),
            None => {
                let (numbers, token) = rest.strip_suffix(".part")?.split_once('.')?;
                (numbers, Some(token.to_owned()))
            }
        };
        let (index, of) = numbers.split_once("-of-")?;
        Some(Self { share: Share::new(index.parse().ok()?, of.parse().ok()?)?, token })
    }

    pub fn file_name(&self) -> String {
        let Share { index, of } = self.share;
        match &self.token {
            None => format!("shard-{index}-of-{of}.records"),
            Some(token) => format!("shard-{index}-of-{of}.{token}.part"),
        }
    }
}

/// The file of a landscape's scene beside that of its plan: `x.json` and `x.scene.safetensors`.
pub fn scene_path(plan: &Path) -> PathBuf {
    let mut name = plan.file_stem().map_or_else(|| OsString::from("plan"), OsString::from);
    name.push(".scene.safetensors");
    plan.with_file_name(name)
}

impl PlanFile {
    /// # Errors
    /// A sentence, where there is no plan or it cannot be read.
    pub fn open(path: &Path) -> Result<Self, String> {
        let path = if path.is_dir() { path.join(PLAN) } else { path.to_owned() };
        let plan = SweepPlan::read(&path.display().to_string(), read_text(&path, TEXT_LIMIT)?)?;
        Ok(Self { plan, path })
    }

    /// Writes a new plan, and the scene of a landscape beside it.
    pub fn write(path: &Path, plan: &SweepPlan, scene: Option<&[u8]>) -> Result<(), String> {
        // the scene first: where there is a plan, all of it is there
        scene.map_or(Ok(()), |scene| save(&scene_path(path), scene))?;
        save(path, plan.text().as_bytes())
    }

    /// The scene of a landscape's plan.
    pub fn scene(&self) -> Result<LandscapeScene, String> {
        let path = scene_path(&self.path);
        self.plan.scene(&path.display().to_string(), &file::read(&path, TENSOR_LIMIT)?)
    }
}

impl SweepFolder {
    /// The folder of a sweep that was begun, and its plan.
    pub fn open(path: &Path) -> Result<(Self, PlanFile), String> {
        if !path.is_dir() {
            return Err(format!(
                "There is no folder {}: name the one that `spikescape work` writes to.",
                path.display()
            ));
        }
        if !path.join(PLAN).exists() {
            return Err(format!(
                "{} is not the folder of a sweep: it has no {PLAN}. Name the one that `spikescape work` writes to.",
                path.display()
            ));
        }
        Ok((Self { path: path.to_owned() }, PlanFile::open(path)?))
    }

    /// Makes the folder where it is not there, and copies the plan into it. A folder that has another plan is refused.
    pub fn make(path: &Path, plan: &PlanFile) -> Result<Self, String> {
        let failed = |e: io::Error| format!("The folder {} cannot be made: {e}.", path.display());
        fs::create_dir_all(path).map_err(failed)?;
        let own = path.join(PLAN);
        if own.exists() {
            let there = PlanFile::open(&own)?;
            if there.plan.digest != plan.plan.digest {
                return Err(format!(
                    "{} belongs to another plan (digest {:016x}, and that of {} is {:016x}): choose another folder with --out.",
                    path.display(),
                    there.plan.digest,
                    plan.path.display(),
                    plan.plan.digest
                ));
            }
        } else {
            let scene = match plan.plan.kind {
                SweepKind::Landscape { .. } => Some(file::read(&scene_path(&plan.path), TENSOR_LIMIT)?),
                _ => None,
            };
            PlanFile::write(&own, &plan.plan, scene.as_deref())?;
        }
        Ok(Self { path: path.to_owned() })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The files of all shards, sorted.
    pub fn shards(&self) -> Result<Vec<ShardFileName>, String> {
        let mut names = self.names(ShardFileName::parse)?;
        names.sort();
        Ok(names)
    }

    /// The tasks that have a state.
    pub fn states(&self) -> Result<Vec<u32>, String> {
        self.names(|name| name.ends_with(".state").then(|| task(name)).flatten())
    }

    /// Removes what workers that were killed left of states that they were just writing: they never took their names. `of` says
    /// whether the state of a task is of no use to anybody any more; others are removed when they are an hour old.
    pub fn sweep(&self, of: impl Fn(u32) -> bool) {
        let unfinished =
            |name: &str| name.strip_prefix('.')?.strip_suffix(".tmp").map(|rest| (name.to_owned(), task(rest)));
        // what cannot be listed or removed is in nobody's way
        for (name, task) in self.names(unfinished).unwrap_or_default() {
            let path = self.path.join(name);
            let old =
                || fs::metadata(&path).and_then(|m| m.modified()).is_ok_and(|m| m.elapsed().is_ok_and(|a| a > OLD));
            if task.is_some_and(&of) || old() {
                let _ = fs::remove_file(&path);
            }
        }
    }

    fn names<T>(&self, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
        let failed = |e: io::Error| format!("The folder {} cannot be read: {e}.", self.path.display());
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            found.extend(entry.map_err(failed)?.file_name().to_str().and_then(&read));
        }
        Ok(found)
    }

    pub fn shard_path(&self, name: &ShardFileName) -> PathBuf {
        self.path.join(name.file_name())
    }

    /// Where the state of a task lies.
    pub fn state_path(&self, task: u32) -> PathBuf {
        self.path.join(format!("task-{task}.state"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_shards_are_read_as_they_are_written() {
        let share = Share::new(3, 16).unwrap();
        for (token, name) in [(None, "shard-3-of-16.records"), (Some("4711-a"), "shard-3-of-16.4711-a.part")] {
            let expected = ShardFileName { share, token: token.map(str::to_owned) };
            assert_eq!(expected.file_name(), name);
            assert_eq!(ShardFileName::parse(name), Some(expected));
        }
        for other in ["plan.json", "shard-0-of-2.records", "shard-3-of-2.records", "shard-1-of-2.part", ".x.tmp"] {
            assert_eq!(ShardFileName::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_scene_lies_beside_its_plan() {
        assert_eq!(scene_path(Path::new("a/big.json")), Path::new("a/big.scene.safetensors"));
        assert_eq!(scene_path(Path::new("plan")), Path::new("plan.scene.safetensors"));
    }
}
