//! The folders of journals: one for each running program, locked as long as it lives.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Session;

/// The file that is locked. The operating system frees it when the program ends, however that comes.
const LOCK: &str = "lock";

/// A folder of this program's own.
#[derive(Debug)]
pub struct JournalFolder {
    path: PathBuf,
    _lock: File,
}

impl JournalFolder {
    pub fn create(base: &Path) -> io::Result<Self> {
        fs::create_dir_all(base)?;
        let mut number = 0;
        loop {
            let path = base.join(format!("{}-{number}", std::process::id()));
            number += 1;
            match fs::create_dir(&path) {
                Ok(()) => {}
                // of a program that lives, or that died and had the same number
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(e) => return Err(e),
            }
            // another program that starts now may find the folder before it is locked, and clear it away
            let Ok(lock) = File::create(path.join(LOCK)) else { continue };
            if lock.try_lock().is_ok() && path.join(LOCK).exists() {
                return Ok(Self { path, _lock: lock });
            }
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn remove(self) {
        clear(&self.path, self._lock);
    }
}

/// Windows removes no file that is open: the lock goes last.
fn clear(path: &Path, lock: File) {
    let files = fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    files.filter(|file| !file.ends_with(LOCK)).for_each(|file| drop(fs::remove_file(file)));
    drop(lock);
    let _ = fs::remove_file(path.join(LOCK));
    let _ = fs::remove_dir(path);
}

/// What a program left that did not come to its end. Locked as long as this lives, so that no other program takes it, too.
#[derive(Debug)]
pub struct FoundJournal {
    path: PathBuf,
    lock: File,
    /// When it was last written.
    pub written: SystemTime,
}

/// What programs left that did not come to their ends, the newest first. Those that left nothing are cleared away.
pub fn found(base: &Path) -> Vec<FoundJournal> {
    let Ok(folders) = fs::read_dir(base) else { return Vec::new() };
    let mut all: Vec<FoundJournal> = folders.flatten().filter_map(|folder| look(&folder.path())).collect();
    all.sort_by_key(|journal| std::cmp::Reverse(journal.written));
    all
}

fn look(path: &Path) -> Option<FoundJournal> {
    let lock = File::options().read(true).write(true).open(path.join(LOCK)).ok()?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => return None,
    }
    let files = fs::read_dir(path).ok()?.flatten().filter(|file| file.file_name() != LOCK);
    let times = files.filter_map(|file| file.metadata().ok()?.modified().ok());
    match times.max() {
        Some(written) => Some(FoundJournal { path: path.to_owned(), lock, written }),
        None => {
            clear(path, lock);
            None
        }
    }
}

impl FoundJournal {
    /// What it left, up to the last moment at which it was whole; `None` where it never was.
    pub fn session(&self) -> Result<Option<Session>, String> {
        super::read(&self.path)
    }

    /// Takes it away.
    pub fn remove(self) {
        clear(&self.path, self.lock);
    }
}
