//! The gallery: reads samples for showing, on a thread of its own, because they may lie in files. What is wanted now
//! replaces what was wanted before, so that whoever scrolls on does not wait for what has left the view.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::spike::Raster;
use crate::task::{Split, Task, View};

use super::Wake;

/// Everything that is shown of a sample.
#[derive(Clone, Debug)]
pub struct Picture {
    pub view: View,
    pub label: usize,
    pub input: Raster,
}

/// A sample of the task: its part, and its number in it.
pub type Place = (Split, usize);

/// A sample that was read, or a sentence that says why it cannot be.
pub type Read = Result<Picture, String>;

/// Pictures that are kept; a recording takes some 100 KB.
const MOST: usize = 512;

/// The handle of the gallery's thread. Dropping it ends the thread and waits for it, a sample at the longest.
pub struct Gallery {
    task: Option<Arc<Task>>,
    /// Rises with every other task: what was read of an older one is not taken in.
    issue: u64,
    held: HashMap<Place, Held>,
    clock: u64,
    /// What was asked for last.
    wanted: Vec<Place>,
    desk: Arc<Desk>,
    arrivals: Receiver<(u64, Place, Read)>,
    thread: Option<JoinHandle<()>>,
}

struct Held {
    read: Arc<Read>,
    /// By the clock that ticks whenever other samples are asked for.
    seen: u64,
}

/// What passes to the thread.
#[derive(Default)]
struct Desk {
    wishes: Mutex<Wishes>,
    bell: Condvar,
}

#[derive(Default)]
struct Wishes {
    task: Option<(u64, Arc<Task>)>,
    /// The last is read first.
    wanted: Vec<Place>,
    reading: Option<(u64, Place)>,
    end: bool,
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Wishes> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gallery {
    pub fn start(wake: Wake) -> Result<Self, String> {
        let desk = Arc::new(Desk::default());
        let (outbox, arrivals) = channel();
        let ours = Arc::clone(&desk);
        let thread = std::thread::Builder::new().name("gallery".into()).spawn(move || live(&ours, &outbox, &wake));
        let thread = thread.map_err(|e| format!("The thread that reads samples could not be started: {e}."))?;
        let held = HashMap::new();
        Ok(Self { task: None, issue: 0, held, clock: 0, wanted: Vec::new(), desk, arrivals, thread: Some(thread) })
    }

    /// Takes in what was read, and says of which task samples are looked at; those of another one are forgotten.
    pub fn open(&mut self, task: &Arc<Task>) {
        if !self.task.as_ref().is_some_and(|t| Arc::ptr_eq(t, task)) {
            self.task = Some(Arc::clone(task));
            self.issue += 1;
            self.held.clear();
            self.wanted.clear();
        }
        while let Ok((issue, place, read)) = self.arrivals.try_recv() {
            if issue == self.issue {
                self.held.insert(place, Held { read: Arc::new(read), seen: self.clock });
            }
        }
        if self.held.len() > MOST {
            let mut seen: Vec<u64> = self.held.values().map(|h| h.seen).collect();
            seen.sort_unstable();
            // more than what has to go, so that this is not done for every sample
            let oldest = seen[self.held.len() - MOST + MOST / 8];
            self.held.retain(|_, h| h.seen > oldest);
        }
    }

    /// Sample `place`, if it was read.
    pub fn look(&self, place: Place) -> Option<Arc<Read>> {
        self.held.get(&place).map(|held| Arc::clone(&held.read))
    }

    /// Whether these are the samples that were asked for last, of the task that is looked at.
    pub fn wants(&self, places: &[Place]) -> bool {
        self.wanted == places
    }

    /// Asks for these samples, the first of them first, and for none of those asked for before.
    pub fn want(&mut self, places: &[Place]) {
        let Some(task) = &self.task else { return };
        self.clock += 1;
        self.wanted = places.to_vec();
        for place in places {
            if let Some(held) = self.held.get_mut(place) {
                held.seen = self.clock;
            }
        }
        let mut wishes = self.desk.lock();
        let reading = wishes.reading;
        let missing = |place: &&Place| !self.held.contains_key(*place) && reading != Some((self.issue, **place));
        wishes.task = Some((self.issue, Arc::clone(task)));
        wishes.wanted = places.iter().rev().filter(missing).copied().collect();
        drop(wishes);
        self.desk.bell.notify_one();
    }
}

impl Drop for Gallery {
    fn drop(&mut self) {
        self.desk.lock().end = true;
        self.desk.bell.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn live(desk: &Desk, outbox: &Sender<(u64, Place, Read)>, wake: &Wake) {
    loop {
        let mut wishes = desk.lock();
        wishes.reading = None;
        let (issue, task, place) = loop {
            if wishes.end {
                return;
            }
            if let (Some((issue, task)), Some(place)) = (wishes.task.clone(), wishes.wanted.pop()) {
                wishes.reading = Some((issue, place));
                break (issue, task, place);
            }
            // an idle gallery does not keep a task alive
            wishes.task = None;
            wishes = desk.bell.wait(wishes).unwrap_or_else(PoisonError::into_inner);
        };
        drop(wishes);
        if outbox.send((issue, place, read(&task, place))).is_err() {
            return;
        }
        wake();
    }
}

fn read(task: &Task, (part, index): Place) -> Read {
    let set = task.set(part);
    if index >= set.len() {
        return Err(format!("There are {} samples of this part, and sample {index} is none of them.", set.len()));
    }
    let sample = task.sample(part, index)?;
    let view = set.source().view(set.origin(index))?;
    Ok(Picture { view, label: sample.target.label, input: sample.input })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::progress::Progress;
    use crate::task::{TaskKind, TaskSettings, open};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    fn task(kind: TaskKind) -> Arc<Task> {
        let mut settings = TaskSettings::default();
        settings.set_kind(kind);
        (settings.train_samples, settings.test_samples, settings.steps) = (700, 5, 60);
        Arc::new(open(&settings, 3, &Progress::default()).unwrap())
    }

    /// Asks until all of them are there.
    fn read_all(gallery: &mut Gallery, task: &Arc<Task>, places: &[Place]) -> Vec<Arc<Read>> {
        loop {
            gallery.open(task);
            gallery.want(places);
            let read: Vec<_> = places.iter().filter_map(|p| gallery.look(*p)).collect();
            if read.len() == places.len() {
                return read;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn picture(read: &Arc<Read>) -> &Picture {
        read.as_ref().as_ref().as_ref().unwrap()
    }

    #[test]
    fn samples_come_as_they_are_and_wake_the_window() {
        let woken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&woken);
        let mut gallery = Gallery::start(Arc::new(move || {
            count.fetch_add(1, Ordering::Relaxed);
        }))
        .unwrap();
        for kind in [TaskKind::Digits, TaskKind::YinYang, TaskKind::Trains] {
            let task = task(kind);
            let read = read_all(&mut gallery, &task, &[(Split::Train, 0)]);
            let (sample, picture) = (task.sample(Split::Train, 0).unwrap(), picture(&read[0]));
            assert_eq!((picture.label, &picture.input), (sample.target.label, &sample.input));
            let expected = match kind {
                TaskKind::Digits => matches!(&picture.view, View::Image(i) if i.width == 28 && i.grey.len() == 784),
                TaskKind::YinYang => matches!(picture.view, View::Point([x, y]) if x > 0.0 && y < 1.0),
                _ => picture.view == View::Spikes,
            };
            assert!(expected, "{kind:?}");
        }
        assert!(woken.load(Ordering::Relaxed) >= 3);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let mut gallery = Gallery::start(Arc::new(|| {})).unwrap();
        let read = read_all(&mut gallery, &task(TaskKind::Digits), &[(Split::Test, 5)]);
        assert!(read[0].as_ref().as_ref().unwrap_err().starts_with("There are 5 samples"));
    }

    #[test]
    fn what_was_looked_at_last_is_kept_within_a_budget() {
        let (mut gallery, task) = (Gallery::start(Arc::new(|| {})).unwrap(), task(TaskKind::YinYang));
        let places = |range: std::ops::Range<usize>| range.map(|i| (Split::Train, i)).collect::<Vec<_>>();
        read_all(&mut gallery, &task, &places(0..400));
        read_all(&mut gallery, &task, &places(400..600));
        gallery.open(&task);
        assert!(gallery.held.len() <= MOST);
        assert!(places(400..600).iter().all(|p| gallery.look(*p).is_some()), "these were looked at last");
    }

    #[test]
    fn what_is_wanted_now_replaces_what_was_wanted_before() {
        let (mut gallery, task) = (Gallery::start(Arc::new(|| {})).unwrap(), task(TaskKind::Digits));
        gallery.open(&task);
        gallery.want(&(0..500).map(|i| (Split::Train, i)).collect::<Vec<_>>());
        read_all(&mut gallery, &task, &[(Split::Test, 1)]);
        assert!(gallery.wants(&[(Split::Test, 1)]) && !gallery.wants(&[(Split::Test, 2)]));
        assert!(gallery.held.len() < 400, "the others were given up");
        // dropping it in the middle of work ends it
        gallery.want(&(0..500).map(|i| (Split::Train, i)).collect::<Vec<_>>());
    }
}
