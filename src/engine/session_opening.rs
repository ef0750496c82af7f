//! Opening the runs of a session: their data are read and their moments put together on a thread of their own, while the run
//! in view goes on.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use super::cores::cores;
use super::past::{Firsts, KeptRun};
use super::threads::{Wake, caught, pool};
use crate::record::history::BUDGET;
use crate::record::log::{End, apply_due};
use crate::record::{Checkpoint, Curves, History, Log};
use crate::session::data::{DataReference, KnownData};
use crate::session::{Session, SessionRun};
use crate::snn::Isa;
use crate::task::progress::Progress;
use crate::task::{self, Task};
use crate::train::{Moment, Settings, Trainer};

/// Key moments of a run that are worth their room in a file: of a run of 100,000 updates, one in about a thousand.
const MOST_MOMENTS: usize = 128;

/// A session whose runs are as far as their data allow.
#[derive(Debug)]
pub struct OpenedSession {
    pub session: Arc<Session>,
    /// In the order of the session's runs.
    pub runs: Vec<OpenedRun>,
}

/// A run of a session, or why it cannot go on.
#[derive(Debug)]
pub struct OpenedRun {
    pub start: u32,
    pub run: Result<KeptRun, String>,
    /// Of a run that was replayed from its log.
    pub curves: Option<Curves>,
    /// A sentence, where its data are not what they were.
    pub changed: Option<String>,
}

/// What a thread opens. Dropped, it is stopped.
struct RunsOpening<T> {
    progress: Arc<Progress>,
    result: Receiver<Result<T, String>>,
}

impl<T: Send + 'static> RunsOpening<T> {
    fn start(wake: Wake, open: impl FnOnce(&Progress) -> T + Send + 'static) -> Result<Self, String> {
        let progress = Arc::new(Progress::default());
        let (sender, result) = channel();
        let ours = Arc::clone(&progress);
        let pool = pool("opening", cores())?;
        let work = move || {
            let opened = caught(|| pool.install(|| open(&ours)));
            let failed = |why| format!("The session could not be opened: {why}.");
            // nobody waits any more when it was stopped
            let _ = sender.send(opened.map_err(failed));
            wake();
        };
        let thread = std::thread::Builder::new().name("opening".into()).spawn(work);
        thread.map_err(|e| format!("A thread to open the session could not be started: {e}."))?;
        Ok(Self { progress, result })
    }

    fn result(&self) -> Option<Result<T, String>> {
        match self.result.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err("The thread that opened the session ended.".into())),
        }
    }
}

impl<T> Drop for RunsOpening<T> {
    fn drop(&mut self) {
        self.progress.stop();
    }
}

/// A session that is being opened. Dropped, it is stopped.
pub struct SessionOpening(RunsOpening<OpenedSession>);

impl SessionOpening {
    pub fn start(session: Arc<Session>, wake: Wake) -> Result<Self, String> {
        let open = move |progress: &Progress| {
            let mut tasks = OpenTasksOfRuns::default();
            let runs = session.runs.iter().map(|run| tasks.open(run, progress)).collect();
            OpenedSession { session, runs }
        };
        RunsOpening::start(wake, open).map(Self)
    }

    /// The session, or why there is none; `None` while it is being opened.
    pub fn result(&self) -> Option<Result<OpenedSession, String>> {
        self.0.result()
    }

    /// How far it is, from 0 to 1, where that is known.
    pub fn progress(&self) -> Option<f32> {
        self.0.progress.fraction()
    }
}

/// One run of a session whose data lie elsewhere now. Dropped, it is stopped.
pub struct RunOpening {
    opening: RunsOpening<(SessionRun, OpenedRun)>,
}

impl RunOpening {
    /// Opens the run with its data at `path`.
    pub fn start(run: SessionRun, path: String, wake: Wake) -> Result<Self, String> {
        let open = move |progress: &Progress| {
            let run = moved(run, &path);
            let opened = OpenTasksOfRuns::default().open(&run, progress);
            (run, opened)
        };
        RunsOpening::start(wake, open).map(|opening| Self { opening })
    }

    /// The run with its data where they are now, and what came of it; `None` while it is being opened.
    pub fn result(&self) -> Option<Result<(SessionRun, OpenedRun), String>> {
        self.opening.result()
    }

    /// How far it is, from 0 to 1, where that is known.
    pub fn progress(&self) -> Option<f32> {
        self.opening.progress.fraction()
    }
}

/// The run with its data at another path.
fn moved(mut run: SessionRun, path: &str) -> SessionRun {
    let put = |settings: &mut Settings| path.clone_into(&mut settings.task.data);
    put(&mut run.log.start);
    for checkpoint in run.moments.iter_mut().chain(&mut run.now) {
        put(&mut checkpoint.settings);
        put(&mut checkpoint.log.start);
    }
    let data = run.data.iter_mut().filter(|data| data.setting == "task.data");
    data.for_each(|data| path.clone_into(&mut data.path));
    run
}

/// Tasks that are open: runs of one task share it.
#[derive(Default)]
struct OpenTasksOfRuns(Vec<Arc<Task>>);

impl OpenTasksOfRuns {
    fn open(&mut self, run: &SessionRun, progress: &Progress) -> OpenedRun {
        let changed = run.data.iter().find_map(|data: &DataReference| data.check().err());
        let mut curves = None;
        let opened = self.task(&run.log.start, progress).and_then(|task| match &run.now {
            Some(now) => kept(run, now, &task),
            None => {
                let (kept, replayed) = replayed(run, task, progress)?;
                curves = Some(replayed);
                Ok(kept)
            }
        });
        OpenedRun { start: run.start, run: opened, curves, changed }
    }

    fn task(&mut self, settings: &Settings, progress: &Progress) -> Result<Arc<Task>, String> {
        let seed = settings.run.seed;
        if let Some(task) = self.0.iter().find(|task| task.is_of(&settings.task, seed)) {
            return Ok(Arc::clone(task));
        }
        let task = Arc::new(task::open(&settings.task, seed, progress).map_err(String::from)?);
        self.0.push(Arc::clone(&task));
        Ok(task)
    }
}

/// A run whose present is there.
fn kept(run: &SessionRun, now: &Checkpoint, task: &Arc<Task>) -> Result<KeptRun, String> {
    let mut drawn: Option<(usize, Arc<Task>)> = None;
    let mut moment = |checkpoint: &Checkpoint| {
        // moments between which nothing was drawn share their task
        let targets = checkpoint.log.targets().count();
        let same = drawn.as_ref().filter(|(before, _)| *before == targets).map(|(_, task)| Arc::clone(task));
        let task = same.map_or_else(|| checkpoint.drawn(task), Ok)?;
        drawn = Some((targets, Arc::clone(&task)));
        checkpoint.clone().moment(task).map(Arc::new)
    };
    let moments: Result<Vec<Arc<Moment>>, String> = run.moments.iter().map(&mut moment).collect();
    let now = moment(now)?;
    let history = History::restored(moments?, BUDGET / 2).ok_or("The run has no key moment.")?;
    let mut firsts = Firsts::default();
    run.firsts.iter().for_each(|(update, spikes)| firsts.restore(*update, Arc::clone(spikes)));
    let log = Log { end: None, ..run.log.clone() };
    Ok(KeptRun { start: run.start, moment: now, log, history, firsts, seen: false })
}

/// A run of which there is nothing but a log, replayed to its end.
fn replayed(run: &SessionRun, task: Arc<Task>, progress: &Progress) -> Result<(KeptRun, Curves), String> {
    let log = &run.log;
    if log.weights.is_some() {
        return Err("The run began with weights of a file, which its log does not hold: open its checkpoint.".into());
    }
    let (end, unread) = (run.newest(), |halt| format!("The log cannot be replayed: {halt}."));
    let mut trainer = Trainer::with_task(log.start.clone(), task, Isa::best())?;
    let (mut history, mut curves, mut firsts) =
        (History::new(trainer.moment(), BUDGET / 2), Curves::default(), Firsts::default());
    firsts.push(0, trainer.spikes().cloned().collect());
    let mut todo = log.entries.iter().peekable();
    progress.expect(end);
    loop {
        let watched = |trainer: &Trainer| (trainer.settings().run.probe, trainer.settings().run.probe_part);
        let before = watched(&trainer);
        apply_due(&mut trainer, &mut todo);
        if watched(&trainer) != before {
            firsts.push(trainer.update(), trainer.spikes().cloned().collect());
        }
        if trainer.update() >= end {
            break;
        }
        progress.check().map_err(String::from)?;
        trainer.step().map_err(unread)?;
        progress.add(1);
        let (step, layers) = trainer.report();
        curves.push(step, layers);
        if history.wants(trainer.update()) {
            history.push(trainer.moment());
        }
    }
    let moment = Arc::new(trainer.moment());
    if log.end.is_some_and(|end| end != End::of(&moment)) {
        return Err(
            "Replayed, the log comes to other bits than it says: its data or the program are not the same.".into()
        );
    }
    let log = Log { end: None, ..log.clone() };
    Ok((KeptRun { start: run.start, moment, log, history, firsts, seen: false }, curves))
}

/// The run as a session holds it, with key moments of about `budget` bytes. It may look at the data, so it is slow.
pub fn run_of_session(
    run: &KeptRun,
    parent: Option<(u32, u64)>,
    curves: Curves,
    data: &KnownData,
    budget: usize,
) -> SessionRun {
    let until = |update: u64| Log {
        // what was done at the moment's own update was done after it was taken
        entries: run.log.entries.iter().filter(|entry| entry.update < update).cloned().collect(),
        ..run.log.clone()
    };
    let moments = run.history.moments_within(budget, MOST_MOMENTS);
    SessionRun {
        start: run.start,
        parent,
        log: run.log.clone(),
        now: Some(Checkpoint::of(&run.moment, run.log.clone())),
        moments: moments.iter().map(|moment| Checkpoint::of(moment, until(moment.update))).collect(),
        firsts: run.firsts.all().to_vec(),
        curves,
        data: data.of(run.start, &run.log.start),
    }
}
