//! Files opened and read with a sentence for what is wrong.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::{Progress, utf8};

/// Why something was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nobody wanted it any more: its [`Progress`] was stopped.
    Stopped,
    /// A sentence that says what is wrong, where, and what to do.
    Failed(String),
}

impl ReadError {
    /// The same with another sentence for what is wrong.
    pub fn map(self, change: impl FnOnce(String) -> String) -> Self {
        match self {
            Self::Stopped => Self::Stopped,
            Self::Failed(sentence) => Self::Failed(change(sentence)),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Stopped => f.write_str("Reading was stopped."),
            Self::Failed(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for ReadError {}

impl From<String> for ReadError {
    fn from(sentence: String) -> Self {
        Self::Failed(sentence)
    }
}

/// For those who only tell people.
impl From<ReadError> for String {
    fn from(error: ReadError) -> Self {
        error.to_string()
    }
}

/// Opens a file for reading; with it comes its size in bytes.
pub fn open(path: &Path) -> Result<(File, u64), String> {
    // asked first: opening a folder fails in a different way on each system, and opening a pipe waits for its other end
    let metadata = fs::metadata(path).map_err(|e| failed(path, &e))?;
    if metadata.is_dir() {
        return Err(format!("{} is a folder; a file is needed.", path.display()));
    }
    if !metadata.is_file() {
        return Err(format!(
            "{} is a pipe, a socket or a device; a regular file is needed: write it to one first.",
            path.display()
        ));
    }
    let file = File::open(path).map_err(|e| failed(path, &e))?;
    let size = file.metadata().map_err(|e| failed(path, &e))?.len();
    Ok((file, size))
}

/// All bytes of a file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    read_into(path, limit, &mut bytes)?;
    Ok(bytes)
}

/// The same as text.
pub fn read_text(path: &Path, limit: u64) -> Result<String, String> {
    utf8(&path.display().to_string(), read(path, limit)?)
}

/// The same with progress.
pub fn read_with_progress(path: &Path, limit: u64, progress: &Progress) -> Result<Vec<u8>, ReadError> {
    let (file, size) = open(path)?;
    progress.expect(size);
    let mut bytes = Vec::new();
    progress.judge(take(path, progress.reader(file), limit, &mut bytes))?;
    Ok(bytes)
}

/// All bytes of a file of at most `limit` bytes, in the memory that `bytes` has; after an error its content means nothing.
pub fn read_into(path: &Path, limit: u64, bytes: &mut Vec<u8>) -> Result<(), String> {
    bytes.clear();
    take(path, open(path)?.0, limit, bytes)
}

fn take(path: &Path, reader: impl Read, limit: u64, bytes: &mut Vec<u8>) -> Result<(), String> {
    // what is read is counted, as the size that a device or a growing file names means nothing
    reader.take(limit.saturating_add(1)).read_to_end(bytes).map_err(|e| failed(path, &e))?;
    if bytes.len() as u64 > limit {
        return Err(format!("The file {} is too large: at most {limit} bytes are read.", path.display()));
    }
    Ok(())
}

/// The system's error for a file or folder, as a sentence.
pub fn failed(path: &Path, error: &io::Error) -> String {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => format!("There is no file or folder {shown}."),
        io::ErrorKind::PermissionDenied => format!("{shown} may not be read: permission is denied."),
        _ => format!("{shown} cannot be read: {error}."),
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_folder::TestFolder;
    use super::*;

    #[test]
    fn files_are_read_up_to_the_limit() {
        let folder = TestFolder::new();
        folder.put("a", "1234");
        let path = folder.join("a");
        assert_eq!(read(&path, 4).unwrap(), b"1234");
        assert!(read(&path, 3).unwrap_err().ends_with("is too large: at most 3 bytes are read."));
        assert!(read(folder.path(), 9).unwrap_err().ends_with("is a folder; a file is needed."));
        assert!(read(&folder.join("b"), 9).unwrap_err().starts_with("There is no file or folder "));
        assert_eq!(open(&path).unwrap().1, 4);
    }

    #[test]
    fn text_is_read_or_its_first_wrong_byte_named() {
        let folder = TestFolder::new();
        folder.put("a", "bé");
        assert_eq!(read_text(&folder.join("a"), 10).unwrap(), "bé");
        folder.put("a", b"a\nb\xff");
        assert!(read_text(&folder.join("a"), 10).unwrap_err().contains("a, line 2: the file is not text in UTF-8"));
    }

    #[test]
    fn what_was_stopped_is_told_from_what_failed() {
        let folder = TestFolder::new();
        folder.put("a", "1234");
        let progress = Progress::default();
        assert_eq!(read_with_progress(&folder.join("a"), 9, &progress), Ok(b"1234".to_vec()));
        assert_eq!((progress.done(), progress.of()), (4, 4));
        let missing = read_with_progress(&folder.join("b"), 9, &progress).unwrap_err();
        assert!(matches!(missing, ReadError::Failed(_)));
        progress.stop();
        let stopped = read_with_progress(&folder.join("a"), 9, &progress).unwrap_err();
        assert_eq!(stopped.map(|_| "other".into()), ReadError::Stopped);
    }
}
