//! Files written whole or not at all, and read with a sentence for what is wrong.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The largest settings file or log that is read, in bytes.
pub const TEXT_LIMIT: u64 = 64 << 20;
/// The largest file of weights or checkpoint that is read, in bytes.
pub const TENSOR_LIMIT: u64 = 16 << 30;

/// Writes a file so that at every moment the old one or the new one is there, also when the power fails.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Growing::create(path)?;
    file.write_all(bytes)?;
    file.finish()
}

/// A file that is written bit by bit and takes its name when it is whole: until then it is a temporary file in the
/// same folder. Dropped before, it leaves nothing behind.
#[derive(Debug)]
pub struct Growing {
    path: PathBuf,
    temporary: PathBuf,
    /// `None` once it has its name.
    file: Option<BufWriter<File>>,
}

impl Growing {
    pub fn create(path: &Path) -> io::Result<Self> {
        let (file, temporary) = create_beside(path)?;
        Ok(Self { path: path.to_owned(), temporary, file: Some(BufWriter::new(file)) })
    }

    /// Gives the file its name.
    pub fn finish(mut self) -> io::Result<()> {
        let file = self.writer()?.into_inner().map_err(io::IntoInnerError::into_error);
        let written = file.and_then(|file| file.sync_all());
        // Here the file is closed: Windows does not rename one that is open.
        let done = written.and_then(|()| fs::rename(&self.temporary, &self.path));
        if done.is_err() {
            self.discard();
        } else {
            sync_folder(folder(&self.path));
        }
        done
    }

    fn writer(&mut self) -> io::Result<BufWriter<File>> {
        self.file.take().ok_or_else(|| io::Error::other("the file is finished"))
    }

    fn discard(&self) {
        // It is of no use any more; that it could not be removed would only hide what went wrong first.
        let _ = fs::remove_file(&self.temporary);
    }
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or_else(|| Err(io::Error::other("the file is finished")), |f| f.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            // What is still in the buffer need not reach a file that is removed.
            drop(file.into_parts());
            self.discard();
        }
    }
}

/// A new file in the folder of `path`, under a name that nothing else has.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let Some(name) = path.file_name() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path does not end in the name of a file"));
    };
    loop {
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{}.tmp", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        let temporary = folder(path).join(hidden);
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((file, temporary)),
            // Left behind by a program that had the same number and ended early.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the new name last. Only Unix opens folders, and not every file system can do it: the file itself is safe.
pub fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
}

/// Reads a text file of at most `limit` bytes, or says what is wrong with it.
pub fn read_text(path: &Path, limit: u64) -> Result<String, String> {
    String::from_utf8(read_bytes(path, limit)?).map_err(|error| {
        let (at, shown) = (error.utf8_error().valid_up_to(), path.display());
        let line = error.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
        format!("The file {shown} is not text in UTF-8: byte {} (line {line}) belongs to no character.", at + 1)
    })
}

/// Reads a file of at most `limit` bytes, or says what is wrong with it.
pub fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let shown = path.display();
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => format!("There is no file {shown}."),
        io::ErrorKind::PermissionDenied => format!("The file {shown} may not be read: permission is denied."),
        _ => format!("The file {shown} cannot be read: {error}."),
    };
    // Asked first, as opening a folder fails in a different way on each system.
    if fs::metadata(path).map_err(failed)?.is_dir() {
        return Err(format!("{shown} is a folder; a file is needed."));
    }
    let mut bytes = Vec::new();
    // What is read is counted, as the size that a device or a growing file names means nothing.
    File::open(path).and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(format!("The file {shown} is too large: at most {limit} bytes are read."));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for one test, removed with it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(test: &str) -> Self {
            let path = std::env::temp_dir().join(format!("spikescape-{test}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn files(&self) -> usize {
            fs::read_dir(&self.0).unwrap().count()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = Folder::new("write");
        let path = folder.0.join("a.toml");
        write_whole(&path, b"first").unwrap();
        write_whole(&path, b"second").unwrap();
        assert_eq!(read_text(&path, 100).unwrap(), "second");
        assert_eq!(folder.files(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_nothing_behind() {
        let folder = Folder::new("unwritten");
        let target = folder.0.join("taken");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("inside"), "").unwrap();
        assert!(write_whole(&target, b"x").is_err());
        assert_eq!(folder.files(), 1);
        assert!(write_whole(&folder.0.join("missing/a"), b"x").is_err());
        assert!(write_whole(Path::new(""), b"x").is_err());
    }

    #[test]
    fn a_growing_file_is_there_when_it_is_finished_and_not_before() {
        let folder = Folder::new("growing");
        let path = folder.0.join("a.csv");
        let mut file = Growing::create(&path).unwrap();
        file.write_all(b"one\n").unwrap();
        assert!(!path.exists());
        drop(file);
        assert_eq!(folder.files(), 0);
        let mut file = Growing::create(&path).unwrap();
        (0..10_000).for_each(|n| writeln!(file, "{n}").unwrap());
        file.finish().unwrap();
        assert_eq!(read_text(&path, 100_000).unwrap().lines().count(), 10_000);
        assert_eq!(folder.files(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let folder = Folder::new("read");
        let path = folder.0.join("a.toml");
        assert!(read_text(&path, 10).unwrap_err().starts_with("There is no file "));
        assert!(read_text(&folder.0, 10).unwrap_err().contains("is a folder"));
        fs::write(&path, "0123456789").unwrap();
        assert_eq!(read_text(&path, 10).unwrap(), "0123456789");
        assert!(read_text(&path, 9).unwrap_err().contains("at most 9 bytes"));
        fs::write(&path, b"a\nb\xff").unwrap();
        assert!(read_text(&path, 10).unwrap_err().contains("byte 4 (line 2)"));
    }
}
