//! The folder of a sweep as it fills, of whatever kind: what a window or a merge opens.

use std::path::Path;

use super::compare::{CompareAnswer, CompareSweep};
use super::folder::{PlanFile, SweepFolder};
use super::gather::{FolderAnswers, GatheredAnswers};
use super::kind::{Sweep, TaskAnswer};
use super::landscape::{LandscapeScene, LandscapeSweep, PointAnswer};
use super::plan::SweepKind;
use super::runs::SweepRuns;
use super::shard::{ShardWriter, WorkerWishes};
use super::share::Share;
use super::table::{TableAnswer, TableSweep};
use super::train::{TrainAnswer, TrainSweep};

/// A folder that is watched.
pub struct WatchedSweep {
    pub folder: SweepFolder,
    pub plan: PlanFile,
    pub answers: WatchedAnswers,
}

/// What has arrived, by the kind of the sweep.
pub enum WatchedAnswers {
    Compare(FolderAnswers<CompareAnswer>),
    Train(FolderAnswers<TrainAnswer>),
    Table(FolderAnswers<TableAnswer>),
    /// [`LandscapeSweep::landscape`] makes a landscape of what has arrived.
    Landscape(Box<LandscapeScene>, FolderAnswers<PointAnswer>),
}

impl WatchedSweep {
    /// Opens a folder; [`WatchedSweep::poll`] then reads what is in it.
    ///
    /// # Errors
    /// A sentence, where it is not the folder of a sweep, or its plan cannot be read.
    pub fn open(path: &Path) -> Result<Self, String> {
        let (folder, plan) = SweepFolder::open(path)?;
        let of_runs = |runs: &SweepRuns| {
            let runs = runs.clone();
            move |task| runs.describe(task)
        };
        let there = folder.clone();
        let answers = match &plan.plan.kind {
            SweepKind::Compare(ask) => WatchedAnswers::Compare(FolderAnswers::new(there, &plan, of_runs(&ask.runs))),
            SweepKind::Train(ask) => WatchedAnswers::Train(FolderAnswers::new(there, &plan, of_runs(&ask.runs))),
            SweepKind::Table(ask) => {
                let seeds = ask.seeds.clone();
                let describe = move |task| format!("--seed {}", seeds[task as usize]);
                WatchedAnswers::Table(FolderAnswers::new(there, &plan, describe))
            }
            SweepKind::Landscape { .. } => {
                let scene = Box::new(plan.scene()?);
                let (ask, order) = (scene.ask.clone(), scene.ask.order());
                let describe = move |task: u32| {
                    let [a, b] = ask.at(order[task as usize]);
                    format!("a = {a}, b = {b}")
                };
                WatchedAnswers::Landscape(scene, FolderAnswers::new(there, &plan, describe))
            }
        };
        Ok(Self { folder, plan, answers })
    }

    /// Reads what is new: the tasks that have become done. To be called as often as one likes.
    ///
    /// # Errors
    /// As [`FolderAnswers::poll`].
    pub fn poll(&mut self) -> Result<Vec<u32>, String> {
        match &mut self.answers {
            WatchedAnswers::Compare(answers) => answers.poll(),
            WatchedAnswers::Train(answers) => answers.poll(),
            WatchedAnswers::Table(answers) => answers.poll(),
            WatchedAnswers::Landscape(_, answers) => answers.poll(),
        }
    }

    /// Tasks that failed and were not done since.
    pub fn failures(&self) -> usize {
        match &self.answers {
            WatchedAnswers::Compare(answers) => answers.gathered.failed.len(),
            WatchedAnswers::Train(answers) => answers.gathered.failed.len(),
            WatchedAnswers::Table(answers) => answers.gathered.failed.len(),
            WatchedAnswers::Landscape(_, answers) => answers.gathered.failed.len(),
        }
    }

    /// Tasks that have not arrived, the first `most` of them.
    pub fn missing(&self, most: usize) -> Vec<u32> {
        fn of<A>(gathered: &GatheredAnswers<A>, most: usize) -> Vec<u32> {
            let missing = (0..).zip(&gathered.answers).filter(|(_, answer)| answer.is_none());
            missing.map(|(task, _)| task).take(most).collect()
        }
        match &self.answers {
            WatchedAnswers::Compare(answers) => of(&answers.gathered, most),
            WatchedAnswers::Train(answers) => of(&answers.gathered, most),
            WatchedAnswers::Table(answers) => of(&answers.gathered, most),
            WatchedAnswers::Landscape(_, answers) => of(&answers.gathered, most),
        }
    }

    /// Does some tasks here, on the rayon pool at hand, and adds their records to the folder as any worker would; the next
    /// [`WatchedSweep::poll`] finds them. Not for the thread that draws.
    ///
    /// # Errors
    /// A sentence, where data or folder cannot be used.
    pub fn work_here(&self, tasks: &[u32], wishes: WorkerWishes) -> Result<(), String> {
        match &self.plan.plan.kind {
            SweepKind::Compare(ask) => self.with(&CompareSweep::new(ask, 1), tasks, wishes),
            SweepKind::Train(ask) => self.with(&TrainSweep::new(ask, 1, self.folder.path()), tasks, wishes),
            SweepKind::Table(ask) => self.with(&TableSweep::new(ask, 1), tasks, wishes),
            SweepKind::Landscape { .. } => match &self.answers {
                WatchedAnswers::Landscape(scene, _) => self.with(&LandscapeSweep::new(scene), tasks, wishes),
                _ => Ok(()),
            },
        }
    }

    fn with<S: Sweep>(&self, sweep: &S, tasks: &[u32], wishes: WorkerWishes) -> Result<(), String>
    where
        S::Answer: TaskAnswer,
    {
        let (folder, digest) = (self.folder.clone(), self.plan.plan.digest);
        let Some(share) = ShardWriter::begin(folder, digest, Share::WHOLE, sweep.tasks(), wishes)? else {
            return Ok(());
        };
        let todo: Vec<u32> = tasks.iter().copied().filter(|task| share.todo.binary_search(task).is_ok()).collect();
        let worked = sweep.run(&todo, &share.writer);
        share.writer.finish(sweep.tasks())?;
        worked
    }
}
