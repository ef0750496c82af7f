//! The folder of `--out`.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::file::{GrowingFile, save, try_target};

/// A folder into which this process may write files, and as far as the system can tell no other one.
pub struct Folder {
    path: PathBuf,
    /// Locked as long as it is open, which ends with the process however that ends. None where the system has no such locks.
    lock: Option<File>,
}

impl Folder {
    /// Makes the folder if it is not there, and tries whether it can be written to. One that has any of `files` already is
    /// refused, unless they may be replaced; so is one into which another process writes.
    pub fn claim(path: &Path, files: &[&str], replace: bool) -> Result<Self, String> {
        let shown = path.display();
        fs::create_dir_all(path).map_err(|e| format!("The folder {shown} cannot be made: {e}."))?;
        // first: the files that are there may be those of a run that lives
        let lock = lock(path)?;
        if let Some(name) = files.iter().find(|name| path.join(name).exists())
            && !replace
        {
            return Err(format!(
                "{shown} already has a file {name}: choose another folder, or replace what is there with --force."
            ));
        }
        files.first().map_or(Ok(()), |name| try_target(&path.join(name)))?;
        Ok(Self { path: path.to_owned(), lock })
    }

    /// Writes a file, whole or not at all.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        save(&self.path.join(name), bytes)
    }

    /// Removes what an earlier run left of `files`, all of it before anything new is written: files of two runs never lie next
    /// to each other.
    pub fn clear(&self, files: &[&str]) -> Result<(), String> {
        files.iter().try_for_each(|name| self.remove(name))
    }

    /// Removes a file that an earlier run left; one that is not there is none.
    pub fn remove(&self, name: &str) -> Result<(), String> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(format!("{} cannot be removed: {e}.", path.display())),
            _ => Ok(()),
        }
    }

    /// What runs that were killed left of files that they were just writing: they never took their names. Nothing where
    /// the folder could not be locked, as they may then be those of a run that lives.
    pub fn unfinished(&self, files: &[&str]) -> Vec<PathBuf> {
        let left = |name: &str| name.ends_with(".tmp") && files.iter().any(|f| name.starts_with(&format!(".{f}.")));
        // what cannot be listed is in nobody's way
        let entries = self.lock.iter().flat_map(|_| fs::read_dir(&self.path)).flatten().flatten();
        entries.filter(|entry| left(&entry.file_name().to_string_lossy())).map(|entry| entry.path()).collect()
    }

    /// Removes one of these.
    pub fn discard(unfinished: &Path) {
        // what cannot be removed is in nobody's way
        let _ = fs::remove_file(unfinished);
    }

    /// A file that is written bit by bit.
    pub fn growing(&self, name: &str) -> Result<GrowingFile, String> {
        let path = self.path.join(name);
        GrowingFile::create(&path).map_err(|e| format!("{} could not be written: {e}.", path.display()))
    }

    pub fn display(&self) -> std::path::Display<'_> {
        self.path.display()
    }
}

/// Takes the folder for this process.
fn lock(folder: &Path) -> Result<Option<File>, String> {
    // Unix locks the folder itself; elsewhere a folder cannot be opened
    let file = if cfg!(unix) {
        File::open(folder)
    } else {
        File::options().create(true).append(true).open(folder.join(".lock"))
    };
    let Ok(file) = file else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(format!(
            "Another process is writing to {}: choose another folder, or wait until it has ended.",
            folder.display()
        )),
        // a network drive that has no locks
        Err(TryLockError::Error(_)) => Ok(None),
    }
}
