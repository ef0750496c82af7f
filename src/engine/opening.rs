//! Opening a task: files are read on a thread of their own, with progress, while the run goes on.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use crate::task::progress::Progress;
use crate::task::{self, Task};
use crate::train::Settings;

use super::threads::Wake;

/// A task that is being opened. Dropped, it is stopped; the thread ends as soon as its file system lets it.
pub struct Opening {
    /// The settings that a run on it is to have.
    pub settings: Settings,
    progress: Arc<Progress>,
    result: Receiver<Result<Arc<Task>, String>>,
}

impl Opening {
    pub fn start(settings: Settings, wake: Wake) -> Result<Self, String> {
        let progress = Arc::new(Progress::default());
        let (sender, result) = channel();
        let (wanted, seed, ours) = (settings.task.clone(), settings.run.seed, Arc::clone(&progress));
        let work = move || {
            let opened = task::open(&wanted, seed, &ours);
            // nobody waits any more when it was stopped
            let _ = sender.send(opened.map(Arc::new).map_err(String::from));
            wake();
        };
        let thread = std::thread::Builder::new().name("opening".into()).spawn(work);
        thread.map_err(|e| format!("a thread to read the data could not be started: {e}"))?;
        Ok(Self { settings, progress, result })
    }

    /// The task, or why there is none; `None` while it is being read.
    pub fn result(&self) -> Option<Result<Arc<Task>, String>> {
        match self.result.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err("The thread that read the data ended unexpectedly.".into())),
        }
    }

    /// How far it is, from 0 to 1, where that is known.
    pub fn progress(&self) -> Option<f32> {
        self.progress.fraction()
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.progress.stop();
    }
}
