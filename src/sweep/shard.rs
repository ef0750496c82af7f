//! A worker's file of records: appended to under a name of its own, renamed when its share is done.
//!
//! No two workers ever write one file, so nothing is locked, and two that were started for one share do no harm: the later one
//! takes over what the earlier one has written, and the earlier one ends when it sees that.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::file::sync_folder;
use crate::snn::Isa;
use crate::train::settings::toml_write::PROGRAM;

use super::folder::{ShardFileName, SweepFolder};
use super::kept;
use super::kind::{KeptTask, Recorder, TaskAnswer};
use super::reader::{RecordReader, TaskSet};
use super::record::{self, RecordLine, ShardHead};
use super::share::Share;

/// Time between two moments at which what was written is made to last, also when the power fails.
const SYNC_EVERY: Duration = Duration::from_secs(5);

/// Tasks that may fail one after the other before the worker gives up: what fails so often is the data's fault, not a task's.
const MOST_FAILURES: u64 = 8;

/// What a worker has to know besides its plan.
pub struct WorkerWishes<'a> {
    /// Whether the work should be left.
    pub leave: &'a (dyn Fn() -> bool + Sync),
    /// Told of units of progress.
    pub advance: &'a (dyn Fn(u64) + Sync),
    /// How long a task may go on without its state being kept.
    pub keep_every: Duration,
}

/// Records of a share on their way to the folder.
pub struct ShardWriter<'a> {
    folder: SweepFolder,
    plan: u64,
    name: ShardFileName,
    path: PathBuf,
    wishes: WorkerWishes<'a>,
    file: Mutex<ShardFile>,
    /// Tasks whose state lies in the folder.
    states: Mutex<BTreeSet<u32>>,
    /// Tasks of this share that are done, those before included.
    done: AtomicU64,
    failed: AtomicU64,
    /// Failures since a task was done.
    in_a_row: AtomicU64,
    taken_over: AtomicBool,
}

struct ShardFile {
    /// None once it is finished.
    file: Option<File>,
    synced: Instant,
}

/// Where a worker begins.
pub struct ShareBegun<'a> {
    pub writer: ShardWriter<'a>,
    /// Tasks that are to be done, rising.
    pub todo: Vec<u32>,
    /// Those that were done before.
    pub before: u64,
}

impl<'a> ShardWriter<'a> {
    /// Takes over what there is of a share of `tasks` tasks and opens a file for the rest. `None` where the share was finished before.
    pub fn begin(
        folder: SweepFolder,
        plan: u64,
        share: Share,
        tasks: u32,
        wishes: WorkerWishes<'a>,
    ) -> Result<Option<ShareBegun<'a>>, String> {
        let (mut reader, mut done) = (RecordReader::new(folder.clone(), plan), TaskSet::default());
        let (mut own, mut lines) = (TaskSet::default(), Vec::new());
        // files of the same number of shards have other tasks; of another number, those that can have some of these are read
        let wanted =
            |name: &ShardFileName| name.share.meets(share) && (name.share.of != share.of || name.share == share);
        reader.poll(wanted, |name, _, line| {
            if let RecordLine::Done { task, seconds, answer } = line
                && task < tasks
                && share.contains(task)
            {
                done.insert(task);
                if name.share == share && own.insert(task) {
                    lines.extend_from_slice(record::done(task, seconds, answer).as_bytes());
                }
            }
            Ok(())
        })?;
        let (old, states): (Vec<u32>, _) = folder.states()?.into_iter().partition(|task| done.contains(*task));
        for task in old {
            // of a worker that was killed after its last record; what cannot be removed is in nobody's way
            let _ = fs::remove_file(folder.state_path(task));
        }
        let todo: Vec<u32> = share.tasks(tasks).filter(|task| !done.contains(*task)).collect();
        let finished = reader.files().keys().any(|name| name.share == share && name.token.is_none());
        let before = done.len() as u64;
        if todo.is_empty() && finished {
            // the one that finished it may have been killed before it swept
            folder.sweep(|task| share.contains(task));
            return Ok(None);
        }
        let name = ShardFileName { share, token: Some(token()) };
        let path = folder.shard_path(&name);
        let file =
            create(&path, plan, share, &lines).map_err(|e| format!("{} could not be written: {e}.", path.display()))?;
        sync_folder(folder.path());
        for old in reader.files().keys().filter(|old| old.share == share && old.token.is_some()) {
            let _ = fs::remove_file(folder.shard_path(old));
        }
        let file = Mutex::new(ShardFile { file: Some(file), synced: Instant::now() });
        let counts = || AtomicU64::new(0);
        let writer = Self {
            folder,
            plan,
            name,
            path,
            wishes,
            file,
            states: Mutex::new(states.into_iter().collect()),
            done: AtomicU64::new(before),
            failed: counts(),
            in_a_row: counts(),
            taken_over: AtomicBool::new(false),
        };
        Ok(Some(ShareBegun { writer, todo, before }))
    }

    /// Ends the file: under its last name where all of the share, of `tasks` tasks, is done, which is the answer.
    pub fn finish(&self, tasks: u32) -> Result<bool, String> {
        let whole = self.done.load(Ordering::Relaxed) >= u64::from(self.name.share.len(tasks));
        let Some(file) = locked(&self.file).file.take() else { return Ok(whole) };
        let failed = |e: io::Error| format!("{} could not be written: {e}.", self.path.display());
        file.sync_all().map_err(failed)?;
        // closed: Windows does not rename a file that is open
        drop(file);
        if !whole {
            return Ok(false);
        }
        let name = ShardFileName { token: None, ..self.name.clone() };
        match fs::rename(&self.path, self.folder.shard_path(&name)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                self.taken_over.store(true, Ordering::Relaxed);
                return Ok(false);
            }
            done => done.map_err(failed)?,
        }
        sync_folder(self.folder.path());
        self.folder.sweep(|task| self.name.share.contains(task));
        Ok(true)
    }

    /// Tasks of this share that are done, those before included.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Tasks that failed.
    pub fn failures(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Whether another worker has taken over this share.
    pub fn is_taken_over(&self) -> bool {
        self.taken_over.load(Ordering::Relaxed)
    }

    fn append(&self, line: &str) -> Result<(), String> {
        let mut shard = locked(&self.file);
        let failed = |e: io::Error| {
            format!(
                "{} cannot be written: {e}. What is there stays; start again when there is room.",
                self.path.display()
            )
        };
        let ShardFile { file: Some(file), synced } = &mut *shard else { return Ok(()) };
        // in one piece, so that a worker that is killed leaves whole lines
        file.write_all(line.as_bytes()).map_err(failed)?;
        if synced.elapsed() >= SYNC_EVERY {
            file.sync_data().map_err(failed)?;
            *synced = Instant::now();
            if !self.path.exists() {
                self.taken_over.store(true, Ordering::Relaxed);
            }
        }
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<A: TaskAnswer> Recorder<A> for ShardWriter<'_> {
    fn leave(&self) -> bool {
        (self.wishes.leave)() || self.is_taken_over()
    }

    fn advance(&self, units: u64) {
        (self.wishes.advance)(units);
    }

    fn keep_every(&self) -> Duration {
        self.wishes.keep_every
    }

    fn kept(&self, task: u32) -> Result<Option<KeptTask<A>>, String> {
        let there = locked(&self.states).contains(&task);
        Ok(there.then(|| kept::read(&self.folder.state_path(task), self.plan, task)).flatten())
    }

    fn keep(&self, task: u32, state: KeptTask<A>) -> Result<(), String> {
        kept::write(&self.folder.state_path(task), self.plan, task, &state)?;
        locked(&self.states).insert(task);
        Ok(())
    }

    fn under_way(&self, task: u32, done: u64, of: u64) -> Result<(), String> {
        self.append(&record::under(task, now(), done, of))
    }

    fn done(&self, task: u32, answer: A) -> Result<(), String> {
        self.append(&record::done(task, &answer.seconds(), &answer.answer()))?;
        self.done.fetch_add(1, Ordering::Relaxed);
        self.in_a_row.store(0, Ordering::Relaxed);
        if locked(&self.states).remove(&task) {
            // one that stays is removed when a worker begins, and passed over until then
            let _ = fs::remove_file(self.folder.state_path(task));
        }
        Ok(())
    }

    fn left(&self, task: u32, _: A, state: Option<KeptTask<A>>) -> Result<(), String> {
        state.map_or(Ok(()), |state| self.keep(task, state))
    }

    fn failed(&self, task: u32, why: &str) -> Result<(), String> {
        self.failed.fetch_add(1, Ordering::Relaxed);
        self.append(&record::failed(task, why))?;
        if self.in_a_row.fetch_add(1, Ordering::Relaxed) + 1 < MOST_FAILURES {
            return Ok(());
        }
        Err(format!("{MOST_FAILURES} tasks failed one after the other; the last, task {task}: {why}"))
    }
}

/// A new file with the head and the records that are taken over, made to last.
fn create(path: &Path, plan: u64, share: Share, lines: &[u8]) -> io::Result<File> {
    let mut file = OpenOptions::new().append(true).create_new(true).open(path)?;
    let program = format!("{PROGRAM}, {}", Isa::best().name());
    let head = ShardHead { plan, share, host: host(), pid: std::process::id(), begun: now(), program };
    file.write_all(head.line().as_bytes())?;
    file.write_all(lines)?;
    file.sync_all()?;
    Ok(file)
}

/// What no other worker has in the name of its file, on whatever machine.
fn token() -> String {
    let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    let host = super::plan::digest(host().as_bytes()) as u32;
    format!("{host:08x}-{}-{nanoseconds:x}", std::process::id())
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

/// The name of this machine, where it tells it.
fn host() -> String {
    let named = ["SLURMD_NODENAME", "HOSTNAME", "COMPUTERNAME"].into_iter().find_map(|v| std::env::var(v).ok());
    let told = || fs::read_to_string("/proc/sys/kernel/hostname").ok();
    named.or_else(told).map_or_else(|| "?".into(), |name| name.trim().to_owned())
}
