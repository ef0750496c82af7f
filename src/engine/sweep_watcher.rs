//! Watches the folder of a sweep as workers fill it, on a thread of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::sweep::{SweepView, WatchedSweep};

use super::slot::Slot;
use super::threads::Wake;

/// How often the folder is looked at.
const EVERY: Duration = Duration::from_millis(500);

/// The newest view of a folder that is watched, or a sentence for why it is watched no more.
type Newest = Result<Arc<SweepView>, String>;

/// A folder that is watched until this is dropped.
pub struct SweepWatcher {
    newest: Arc<Slot<Newest>>,
    /// Dropped with this, which ends the thread; nobody waits for that.
    _alive: Sender<()>,
}

impl SweepWatcher {
    pub fn start(folder: PathBuf, wake: Wake) -> Result<Self, String> {
        let ((alive, ended), newest) = (channel::<()>(), Arc::new(Slot::default()));
        let ours = Arc::clone(&newest);
        let work = move || {
            let tell = |view: Newest| {
                ours.put(view);
                wake();
            };
            let mut sweep = match WatchedSweep::open(&folder) {
                Ok(sweep) => sweep,
                Err(problem) => return tell(Err(problem)),
            };
            let mut failures = None;
            loop {
                match sweep.poll() {
                    Err(problem) => return tell(Err(problem)),
                    Ok(new) => {
                        let failed = sweep.failures();
                        if !new.is_empty() || failures != Some(failed) {
                            failures = Some(failed);
                            tell(Ok(Arc::new(sweep.view())));
                        }
                    }
                }
                if ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Disconnected) {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("sweep".into()).spawn(work);
        thread.map_err(|e| format!("The thread that watches the folder could not be started: {e}."))?;
        Ok(Self { newest, _alive: alive })
    }

    /// What is new since this was called last.
    pub fn newest(&self) -> Option<Newest> {
        self.newest.take()
    }
}
