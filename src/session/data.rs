//! Data that a run learns from, named by path and digest, so that a session opens without them and notices when they have
//! changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::file::failed;
use crate::train::Settings;

/// A file or folder of data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataReference {
    /// The setting that names it, as in `task.data`.
    pub setting: String,
    pub path: String,
    /// Of all files in it; see [`digest`].
    pub digest: String,
}

/// The files of a folder that are looked at, at most.
const MOST_FILES: usize = 200_000;
/// Bytes of contents that are read; of what comes after them names and sizes count alone.
const MOST_BYTES: u64 = 256 << 20;

/// The data that a run of these settings reads. What cannot be read has an empty digest.
pub fn references(settings: &Settings) -> Vec<DataReference> {
    let mut all = Vec::new();
    for (setting, path) in [("task.data", &settings.task.data), ("task.target", &settings.task.target)] {
        let trimmed = path.trim();
        if !settings.task.kind.made() && !trimmed.is_empty() {
            let digest = digest(Path::new(trimmed)).unwrap_or_default();
            all.push(DataReference { setting: setting.to_owned(), path: trimmed.to_owned(), digest });
        }
    }
    all
}

/// The data of runs, each digested once: what they were when the run was first kept.
#[derive(Clone, Debug, Default)]
pub struct KnownData(Arc<Mutex<BTreeMap<u32, Vec<DataReference>>>>);

impl KnownData {
    /// The data of run `start`; the first time it reads them, so this is slow.
    pub fn of(&self, start: u32, settings: &Settings) -> Vec<DataReference> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(start).or_insert_with(|| references(settings)).clone()
    }

    /// What they were is known from elsewhere.
    pub fn set(&self, start: u32, data: Vec<DataReference>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(start, data);
    }
}

impl DataReference {
    /// Whether the data are where they were and what they were; if not, a sentence says what is the matter.
    pub fn check(&self) -> Result<(), String> {
        let found = digest(Path::new(&self.path))?;
        if !self.digest.is_empty() && found != self.digest {
            return Err(format!(
                "The data in {} have changed since the session was saved: their digest is {found}, and it was {}.",
                self.path, self.digest
            ));
        }
        Ok(())
    }
}

/// A digest of names, sizes and contents: CRC-32 and all bytes, as in `1c291ca3-4096`. A sentence says why there is none.
pub fn digest(path: &Path) -> Result<String, String> {
    let mut files = BTreeSet::new();
    collect(path, &mut files).map_err(|e| failed(path, &e))?;
    let (mut crc, mut total, mut left) = (crc32fast::Hasher::new(), 0, MOST_BYTES);
    for (file, size) in files {
        let name = file.strip_prefix(path).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        crc.update(name.as_bytes());
        crc.update(&size.to_le_bytes());
        total += size;
        let most = size.min(left);
        left -= most;
        contents(&file, most, &mut crc).map_err(|e| failed(&file, &e))?;
    }
    Ok(format!("{:08x}-{total}", crc.finalize()))
}

/// All files below `path`, with their sizes; of one that is a file, itself.
fn collect(path: &Path, files: &mut BTreeSet<(PathBuf, u64)>) -> io::Result<()> {
    let about = fs::metadata(path)?;
    if !about.is_dir() {
        files.insert((path.to_owned(), about.len()));
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        if files.len() >= MOST_FILES {
            return Ok(());
        }
        collect(&entry?.path(), files)?;
    }
    Ok(())
}

fn contents(path: &Path, most: u64, crc: &mut crc32fast::Hasher) -> io::Result<()> {
    let mut file = fs::File::open(path)?.take(most);
    let mut bytes = vec![0; 1 << 16];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(()),
            n => crc.update(&bytes[..n]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::test_folder::TestFolder;
    use crate::task::TaskKind;

    #[test]
    fn changed_data_are_noticed_and_missing_ones_named() {
        let folder = TestFolder::new();
        folder.put("set/a", "one");
        folder.put("set/b/c", "two");
        let mut settings = Settings::default();
        assert_eq!(references(&settings), []);
        settings.task.kind = TaskKind::Images;
        settings.task.data = folder.join("set").to_string_lossy().into_owned();
        let data = references(&settings);
        assert_eq!((data.len(), data[0].setting.as_str(), data[0].check()), (1, "task.data", Ok(())));
        assert!(data[0].digest.ends_with("-6"), "{}", data[0].digest);
        folder.put("set/b/c", "owt");
        assert!(data[0].check().unwrap_err().contains("have changed since the session was saved"));
        folder.put("set/b/c", "two");
        assert_eq!(data[0].check(), Ok(()));
        folder.put("set/b/d", "");
        assert!(data[0].check().is_err(), "another name");
        let missing = DataReference { path: folder.join("no").to_string_lossy().into_owned(), ..data[0].clone() };
        assert!(missing.check().unwrap_err().starts_with("There is no file or folder"));
    }
}
