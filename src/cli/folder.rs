//! The folder of `--out`.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::file::{GrowingFile, save};

/// A folder into which files may be written.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder if it is not there. One that has any of `files` already is refused, unless they may be
    /// replaced.
    pub fn claim(path: &Path, files: &[&str], replace: bool) -> Result<Self, String> {
        let shown = path.display();
        fs::create_dir_all(path).map_err(|e| format!("The folder {shown} cannot be made: {e}."))?;
        match files.iter().find(|name| path.join(name).exists()) {
            Some(name) if !replace => Err(format!(
                "{shown} already has a file {name}: choose another folder, or replace what is there with --force."
            )),
            _ => Ok(Self(path.to_owned())),
        }
    }

    /// Writes a file, whole or not at all.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        save(&self.0.join(name), bytes)
    }

    /// Removes a file that an earlier run left; one that is not there is none.
    pub fn remove(&self, name: &str) -> Result<(), String> {
        let path = self.0.join(name);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(format!("{} cannot be removed: {e}.", path.display())),
            _ => Ok(()),
        }
    }

    /// Removes what a run that was killed left of files that it was just writing: they never took their names.
    pub fn sweep(&self, files: &[&str]) {
        // what cannot be listed or removed is in nobody's way
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".tmp") && files.iter().any(|file| name.starts_with(&format!(".{file}."))) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// A file that is written bit by bit.
    pub fn growing(&self, name: &str) -> Result<GrowingFile, String> {
        let path = self.0.join(name);
        GrowingFile::create(&path).map_err(|e| format!("{} could not be written: {e}.", path.display()))
    }

    pub fn display(&self) -> std::path::Display<'_> {
        self.0.display()
    }
}
