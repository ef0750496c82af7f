//! The journal of this program, written on a thread of its own.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use crate::session::Session;
use crate::session::journal::{FoundJournal, Journal};

/// Puts a session together; slow.
type MakeSession = Box<dyn FnOnce() -> Session + Send>;

/// Something to be done with the journal.
enum JournalWish {
    Write(MakeSession),
    /// The next session is another one.
    BeginAnew,
    /// All of it is saved elsewhere.
    Clear,
    /// What an earlier program left is a part of this one's journal by now.
    Replace(FoundJournal),
    /// The program comes to a bad end, or what the journal holds is not saved: it stays.
    Leave,
}

/// The thread that keeps the journal. Dropped, it takes the journal away, unless it was told to leave it or the program
/// comes to a bad end.
pub struct JournalKeeper {
    wishes: Option<Sender<JournalWish>>,
    problems: Receiver<String>,
    thread: Option<JoinHandle<()>>,
}

impl JournalKeeper {
    /// Begins a journal below `base`.
    pub fn start(base: &Path) -> Result<Self, String> {
        let mut journal = Journal::create(base)?;
        let ((wishes, todo), (sender, problems)) = (channel::<JournalWish>(), channel());
        let work = move || {
            for wish in todo {
                let done = match wish {
                    JournalWish::Write(make) => journal.write(&make()),
                    JournalWish::BeginAnew => {
                        journal.begin_anew();
                        Ok(())
                    }
                    JournalWish::Clear => journal.clear(),
                    JournalWish::Replace(found) => {
                        found.remove();
                        Ok(())
                    }
                    JournalWish::Leave => return,
                };
                // said by whoever asks; nobody does when the window is gone
                done.unwrap_or_else(|problem| drop(sender.send(problem)));
            }
            journal.remove();
        };
        let thread = std::thread::Builder::new().name("journal".into()).spawn(work);
        let thread = thread.map_err(|e| format!("The thread of the journal could not be started: {e}."))?;
        Ok(Self { wishes: Some(wishes), problems, thread: Some(thread) })
    }

    /// Writes what is new in the session that `make` puts together.
    pub fn write(&self, make: impl FnOnce() -> Session + Send + 'static) {
        self.send(JournalWish::Write(Box::new(make)));
    }

    /// The next session that is written is another one.
    pub fn begin_anew(&self) {
        self.send(JournalWish::BeginAnew);
    }

    /// All of the session is saved: nothing is to be brought back until something is new.
    pub fn clear(&self) {
        self.send(JournalWish::Clear);
    }

    /// Takes away what an earlier program left, after everything that was asked for before.
    pub fn replace(&self, found: FoundJournal) {
        self.send(JournalWish::Replace(found));
    }

    /// What it holds is not saved elsewhere: it stays for the next start, and nothing more is written.
    pub fn leave(&self) {
        self.send(JournalWish::Leave);
    }

    /// Why it could not be written, where that was so since the last call.
    pub fn problem(&self) -> Option<String> {
        self.problems.try_iter().last()
    }

    fn send(&self, wish: JournalWish) {
        let _ = self.wishes.as_ref().map(|wishes| wishes.send(wish));
    }
}

impl Drop for JournalKeeper {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.send(JournalWish::Leave);
        }
        self.wishes = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
