//! A journal: a session as it goes on, appended to and never changed, so that a program that was killed at any moment,
//! also in the middle of writing, has left everything up to some seconds before.
//!
//! Each running program has a [`JournalFolder`] of its own, which it holds locked; the lock of one that died is free, and
//! so the next program finds what it left ([`found`]).

mod folder;
mod records;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Session;
use super::parts::{put_together, take_apart};
use crate::file::failed;

pub use folder::{FoundJournal, JournalFolder, found};
use records::{Record, RecordFile};

/// A file is left for a new one when it is longer than this and four times what it holds.
const LONG: u64 = 32 << 20;

/// The journal of this program.
#[derive(Debug)]
pub struct Journal {
    folder: JournalFolder,
    file: Option<RecordFile>,
    /// The number of the file.
    number: u32,
    /// What stands in it: length and checksum of each part.
    parts: BTreeMap<String, (usize, u32)>,
}

impl Journal {
    /// A journal of this program's own below `base`, which is made if it is not there.
    pub fn create(base: &Path) -> Result<Self, String> {
        let folder = JournalFolder::create(base).map_err(|e| failed(base, &e))?;
        Ok(Self { folder, file: None, number: 0, parts: BTreeMap::new() })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Adds what is new in the session, and makes it last.
    pub fn write(&mut self, session: &Session) -> Result<(), String> {
        let written = self.append(session);
        if written.is_err() {
            // what stands at the end of the file is not known: the next time a new one is begun
            self.file = None;
        }
        written
    }

    /// The next session that is written is another one, of which nothing is known.
    pub fn begin_anew(&mut self) {
        self.file = None;
    }

    /// Nothing is to be brought back as things are: all is saved elsewhere.
    pub fn clear(&mut self) -> Result<(), String> {
        self.file = None;
        let path = self.path(self.number);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => {
                Err(format!("{} could not be removed: {e}.", path.display()))
            }
            _ => Ok(()),
        }
    }

    fn append(&mut self, session: &Session) -> Result<(), String> {
        let held: usize = self.parts.values().map(|part| part.0).sum();
        let long = self.file.as_ref().is_some_and(|file| file.len() > LONG && file.len() > 4 * held as u64);
        let new = self.file.is_none() || long;
        if new {
            self.parts.clear();
        }
        let known = self.parts.keys().filter(|name| name.contains("/moments/")).cloned().collect::<BTreeSet<_>>();
        let parts = take_apart(session, |name| known.contains(name))?;
        let path = self.path(if new { self.number + 1 } else { self.number });
        let failed = |e: io::Error| format!("{} could not be written: {e}.", path.display());
        if new {
            self.file = Some(RecordFile::create(&path).map_err(failed)?);
        }
        if let Some(file) = &mut self.file {
            add(file, &mut self.parts, parts).map_err(failed)?;
        }
        if new {
            let before = self.path(self.number);
            self.number += 1;
            // the new one is whole by now
            let _ = fs::remove_file(before);
        }
        Ok(())
    }

    fn path(&self, number: u32) -> PathBuf {
        self.folder.path().join(file_name(number))
    }

    /// Takes it away: the program ends, and nothing is to be brought back.
    pub fn remove(self) {
        drop(self.file);
        self.folder.remove();
    }
}

fn file_name(number: u32) -> String {
    format!("journal-{number:08}")
}

/// Appends the parts that differ from those that are there, and that all of it belongs together.
fn add(
    file: &mut RecordFile,
    there: &mut BTreeMap<String, (usize, u32)>,
    parts: Vec<super::parts::Part>,
) -> io::Result<()> {
    let names: BTreeSet<String> = parts.iter().map(|part| part.0.clone()).collect();
    for gone in there.keys().filter(|name| !names.contains(*name)).cloned().collect::<Vec<_>>() {
        there.remove(&gone);
        file.append(&Record::Gone(gone))?;
    }
    for (name, bytes) in parts {
        let Some(bytes) = bytes else { continue };
        let print = (bytes.len(), crc32fast::hash(&bytes));
        if there.get(&name) != Some(&print) {
            there.insert(name.clone(), print);
            file.append(&Record::Part(name, bytes))?;
        }
    }
    file.append(&Record::Whole)?;
    file.sync()
}

/// The session that a folder of a journal holds: of its newest file in which one is whole, up to the last moment at which
/// it was; `None` where it never was.
fn read(folder: &Path) -> Result<Option<Session>, String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|e| failed(folder, &e))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("journal-")))
        .collect();
    files.sort();
    let mut problem = None;
    for path in files.iter().rev() {
        match records::read_whole(path) {
            Ok(Some(mut parts)) => match put_together(&path.display().to_string(), &mut parts) {
                Ok(session) => return Ok(Some(session)),
                Err(why) => problem = Some(why),
            },
            Ok(None) => {}
            Err(e) => problem = Some(failed(path, &e)),
        }
    }
    problem.map_or(Ok(None), Err)
}

#[cfg(test)]
mod tests;
