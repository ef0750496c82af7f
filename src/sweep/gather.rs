//! The answers of a sweep together: in memory as they come, or from the records of a folder.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::folder::{PlanFile, ShardFileName, SweepFolder};
use super::kind::{KeptTask, Recorder, TaskAnswer};
use super::plan::digest;
use super::reader::RecordReader;
use super::record::RecordLine;

/// What the tasks came to, as far as they did.
#[derive(Clone, Debug, PartialEq)]
pub struct GatheredAnswers<A> {
    /// By task; none where it is not done.
    pub answers: Vec<Option<A>>,
    /// Of tasks that were left in the middle, what was known of them.
    pub so_far: BTreeMap<u32, A>,
    /// Of tasks that failed, why; not of those that were done later.
    pub failed: BTreeMap<u32, String>,
}

impl<A> GatheredAnswers<A> {
    pub fn none(tasks: u32) -> Self {
        let answers = std::iter::repeat_with(|| None).take(tasks as usize).collect();
        Self { answers, so_far: BTreeMap::new(), failed: BTreeMap::new() }
    }

    pub fn done(&self) -> usize {
        self.answers.iter().flatten().count()
    }

    pub fn is_whole(&self) -> bool {
        self.answers.iter().all(Option::is_some)
    }

    /// What is known of a task, done or not.
    pub fn known(&self, task: u32) -> Option<&A> {
        self.answers.get(task as usize)?.as_ref().or_else(|| self.so_far.get(&task))
    }
}

/// Takes answers in memory; the first failure ends the work, since of a table without one of its tasks nobody has anything.
pub struct MemoryRecorder<'a, A> {
    leave: &'a (dyn Fn() -> bool + Sync),
    advance: &'a (dyn Fn(u64) + Sync),
    gathered: Mutex<GatheredAnswers<A>>,
}

impl<'a, A> MemoryRecorder<'a, A> {
    pub fn new(tasks: u32, leave: &'a (dyn Fn() -> bool + Sync), advance: &'a (dyn Fn(u64) + Sync)) -> Self {
        Self { leave, advance, gathered: Mutex::new(GatheredAnswers::none(tasks)) }
    }

    pub fn gathered(self) -> GatheredAnswers<A> {
        self.gathered.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<A: TaskAnswer> Recorder<A> for MemoryRecorder<'_, A> {
    fn leave(&self) -> bool {
        (self.leave)()
    }

    fn advance(&self, units: u64) {
        (self.advance)(units);
    }

    fn done(&self, task: u32, answer: A) -> Result<(), String> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner).answers[task as usize] = Some(answer);
        Ok(())
    }

    fn left(&self, task: u32, so_far: A, _: Option<KeptTask<A>>) -> Result<(), String> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner).so_far.insert(task, so_far);
        Ok(())
    }

    fn failed(&self, _: u32, why: &str) -> Result<(), String> {
        Err(why.to_owned())
    }
}

/// Answers of a folder as they arrive.
pub struct FolderAnswers<A> {
    reader: RecordReader,
    /// Those that have arrived.
    pub gathered: GatheredAnswers<A>,
    /// Of each answer a digest of its text, and the file that it was first found in.
    seen: Vec<Option<(u64, u32)>>,
    files: Vec<ShardFileName>,
    /// Of a task, how to say it.
    describe: Box<dyn Fn(u32) -> String + Send + Sync>,
}

impl<A: TaskAnswer> FolderAnswers<A> {
    /// `describe` says a task in words.
    pub fn new(folder: SweepFolder, plan: &PlanFile, describe: impl Fn(u32) -> String + Send + Sync + 'static) -> Self {
        let tasks = plan.plan.tasks();
        Self {
            reader: RecordReader::new(folder, plan.plan.digest),
            gathered: GatheredAnswers::none(tasks),
            seen: vec![None; tasks as usize],
            files: Vec::new(),
            describe: Box::new(describe),
        }
    }

    /// Reads what is new: the tasks that have become done, in the order in which their records were found.
    ///
    /// # Errors
    /// A sentence: a file cannot be read, or two records of one task differ, and then a machine has computed wrongly, or other
    /// versions of the program have worked on the sweep.
    pub fn poll(&mut self) -> Result<Vec<u32>, String> {
        let (gathered, seen, files, describe) = (&mut self.gathered, &mut self.seen, &mut self.files, &self.describe);
        let mut new = Vec::new();
        self.reader.poll(|_| true, |name, head, line| {
            let (task, seconds, answer) = match line {
                RecordLine::Done { task, seconds, answer } => (task, seconds, answer),
                RecordLine::Failed { task, why } => {
                    if gathered.answers.get(task as usize).is_some_and(Option::is_none) {
                        gathered.failed.insert(task, why.to_owned());
                    }
                    return Ok(());
                }
                RecordLine::Head(_) | RecordLine::Under { .. } => return Ok(()),
            };
            let Some(place) = seen.get_mut(task as usize) else {
                return Err(format!("{} has a record of task {task}, and the plan has no such task.", name.file_name()));
            };
            if files.last() != Some(name) {
                files.push(name.clone());
            }
            let print = digest(answer.as_bytes());
            if let Some((first, file)) = *place {
                if first == print {
                    return Ok(());
                }
                return Err(format!(
                    "Two records of task {task} ({}) differ: one is in {}, the other in {}, written on {} by {}. The same task \
                     gives the same bits on every machine: one of them has computed wrongly, or the records are of different \
                     versions. Remove the file that is wrong and start its shard again.",
                    describe(task),
                    files[file as usize].file_name(),
                    name.file_name(),
                    head.host,
                    head.program
                ));
            }
            let Some(answer) = A::read(answer, seconds) else {
                return Err(format!(
                    "The record of task {task} in {} cannot be understood; it was written by {}. Use that version.",
                    name.file_name(),
                    head.program
                ));
            };
            *place = Some((print, files.len() as u32 - 1));
            gathered.answers[task as usize] = Some(answer);
            gathered.failed.remove(&task);
            new.push(task);
            Ok(())
        })?;
        Ok(new)
    }
}
