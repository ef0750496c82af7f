//! The gallery: reads samples for showing, on a thread of its own, because they may lie in files. The samples that are
//! wanted now replace those that were wanted before, so that whoever scrolls on does not wait for what has left the view.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use crate::spike::Raster;
use crate::task::{Split, Task, View};

use super::threads::{Wake, caught};

/// Everything that is shown of a sample.
#[derive(Clone, Debug)]
pub struct Picture {
    pub view: View,
    pub label: usize,
    pub input: Raster,
}

/// A sample of the task: its split, and its number in it.
pub type Place = (Split, usize);

/// A sample that was read, or a sentence that says why it cannot be.
pub type Read = Result<Picture, String>;

/// Pictures that are kept; a recording takes some 100 KB.
const MOST: usize = 512;

/// The handle of the gallery's thread. Dropping it ends the thread and waits for it, a sample at the longest.
pub struct Gallery {
    task: Option<Arc<Task>>,
    /// Rises with every other task: samples of an older one are not taken in.
    issue: u64,
    held: HashMap<Place, Held>,
    clock: u64,
    /// Samples that were asked for last.
    wanted: Vec<Place>,
    wishes: Option<Sender<SampleWish>>,
    arrivals: Receiver<SampleArrival>,
    /// The number of the last arrival that was taken in.
    taken: u64,
    thread: Option<JoinHandle<()>>,
}

struct Held {
    read: Arc<Read>,
    /// By the clock that ticks whenever other samples are asked for.
    seen: u64,
}

/// Samples that are wanted instead of all before.
struct SampleWish {
    task: Arc<Task>,
    issue: u64,
    /// The last is read first.
    places: Vec<Place>,
    /// See [`Gallery::taken`].
    taken: u64,
}

/// A sample that was read.
struct SampleArrival {
    /// Counts all of them, from 1.
    number: u64,
    issue: u64,
    place: Place,
    read: Read,
}

impl Gallery {
    pub fn start(wake: Wake) -> Result<Self, String> {
        Self::start_with(read, wake)
    }

    fn start_with(read: fn(&Task, Place) -> Read, wake: Wake) -> Result<Self, String> {
        let ((wishes, inbox), (outbox, arrivals)) = (channel(), channel());
        let reader = SampleReader { inbox, outbox, wake, read, sent: VecDeque::new(), number: 0 };
        let thread = std::thread::Builder::new().name("gallery".into()).spawn(move || reader.run());
        let thread = thread.map_err(|e| format!("The thread that reads samples could not be started: {e}."))?;
        let (held, wanted, wishes) = (HashMap::new(), Vec::new(), Some(wishes));
        Ok(Self { task: None, issue: 0, held, clock: 0, wanted, wishes, arrivals, taken: 0, thread: Some(thread) })
    }

    /// Takes in the samples that were read, and says of which task samples are looked at; those of another one are forgotten.
    pub fn open(&mut self, task: &Arc<Task>) {
        if !self.task.as_ref().is_some_and(|t| Arc::ptr_eq(t, task)) {
            self.task = Some(Arc::clone(task));
            self.issue += 1;
            self.held.clear();
            self.wanted.clear();
        }
        while let Ok(SampleArrival { number, issue, place, read }) = self.arrivals.try_recv() {
            self.taken = number;
            if issue == self.issue {
                self.held.insert(place, Held { read: Arc::new(read), seen: self.clock });
            }
        }
        if self.held.len() > MOST {
            let mut seen: Vec<u64> = self.held.values().map(|h| h.seen).collect();
            seen.sort_unstable();
            // more than what has to go, so that this is not done for every sample
            let oldest = seen[self.held.len() - MOST + MOST / 8];
            // what is looked at now stays, however much that is
            self.held.retain(|_, h| h.seen > oldest || h.seen == self.clock);
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
        let (Some(task), Some(wishes)) = (&self.task, &self.wishes) else { return };
        if self.wanted == places {
            return;
        }
        self.clock += 1;
        self.wanted = places.to_vec();
        let mut missing = Vec::new();
        for place in places.iter().rev() {
            match self.held.get_mut(place) {
                Some(held) => held.seen = self.clock,
                None => missing.push(*place),
            }
        }
        // the thread ends with the handle alone
        let wish = SampleWish { task: Arc::clone(task), issue: self.issue, places: missing, taken: self.taken };
        let _ = wishes.send(wish);
    }
}

impl Drop for Gallery {
    fn drop(&mut self) {
        self.wishes = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The thread.
struct SampleReader {
    inbox: Receiver<SampleWish>,
    outbox: Sender<SampleArrival>,
    wake: Wake,
    read: fn(&Task, Place) -> Read,
    /// Samples that were sent and not taken in yet when the last wish was made, which may ask for them.
    sent: VecDeque<(u64, u64, Place)>,
    number: u64,
}

impl SampleReader {
    /// Until the handle is dropped. An idle gallery does not keep a task alive.
    fn run(mut self) {
        while let Ok(wish) = self.inbox.recv() {
            if self.fulfil(wish).is_none() {
                return;
            }
        }
    }

    /// Reads until there is nothing more to read; `None` when the handle is gone.
    fn fulfil(&mut self, mut wish: SampleWish) -> Option<()> {
        loop {
            while let Ok(newer) = self.inbox.try_recv() {
                wish = newer;
            }
            while self.sent.pop_front_if(|(number, ..)| *number <= wish.taken).is_some() {}
            let Some(place) = wish.places.pop() else { return Some(()) };
            if !self.sent.iter().any(|(_, issue, sent)| (*issue, *sent) == (wish.issue, place)) {
                self.send(&wish, place)?;
            }
        }
    }

    fn send(&mut self, wish: &SampleWish, place: Place) -> Option<()> {
        let (number, issue) = (self.number + 1, wish.issue);
        let failed = |panic| format!("The program failed while it read sample {} ({panic}).", place.1);
        let read = caught(|| (self.read)(&wish.task, place)).unwrap_or_else(|panic| Err(failed(panic)));
        self.number = number;
        self.sent.push_back((number, issue, place));
        self.outbox.send(SampleArrival { number, issue, place, read }).ok()?;
        (self.wake)();
        Some(())
    }
}

fn read(task: &Task, (part, index): Place) -> Read {
    let set = task.set(part);
    if index >= set.len() {
        return Err(format!("There are {} samples of this part, but no sample {index}.", set.len()));
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
        read_all(&mut gallery, &task, &places(0..600));
        gallery.open(&task);
        assert!(places(0..600).iter().all(|p| gallery.look(*p).is_some()), "what is looked at now stays");
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

    #[test]
    fn a_panic_costs_one_sample_and_says_so() {
        let count = |_: &Task, (_, index): Place| -> Read {
            assert!(index != 2, "sample {index} is broken");
            Err(format!("{index}"))
        };
        let (mut gallery, task) = (Gallery::start_with(count, Arc::new(|| {})).unwrap(), task(TaskKind::YinYang));
        let read = read_all(&mut gallery, &task, &[(Split::Train, 1), (Split::Train, 2), (Split::Train, 3)]);
        let said = |n: usize| read[n].as_ref().as_ref().unwrap_err().as_str();
        assert_eq!((said(0), said(2)), ("1", "3"));
        assert_eq!(said(1), "The program failed while it read sample 2 (sample 2 is broken).");
    }

    #[test]
    fn no_sample_is_read_twice_while_it_is_wanted_all_the_time() {
        static READ: AtomicUsize = AtomicUsize::new(0);
        let count = |_: &Task, _: Place| -> Read {
            READ.fetch_add(1, Ordering::Relaxed);
            Err(String::new())
        };
        let (mut gallery, task) = (Gallery::start_with(count, Arc::new(|| {})).unwrap(), task(TaskKind::YinYang));
        let places: Vec<Place> = (0..200).map(|i| (Split::Train, i)).collect();
        read_all(&mut gallery, &task, &places);
        assert_eq!(READ.load(Ordering::Relaxed), 200);
    }
}
