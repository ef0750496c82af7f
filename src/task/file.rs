//! Files opened and read with a sentence for what is wrong.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::progress::Progress;

/// Opens a file for reading; with it comes its size in bytes.
pub fn open(path: &Path) -> Result<(File, u64), String> {
    // asked first, as opening a folder fails in a different way on each system
    if fs::metadata(path).map_err(|e| failed(path, &e))?.is_dir() {
        return Err(format!("{} is a folder; a file is needed.", path.display()));
    }
    let file = File::open(path).map_err(|e| failed(path, &e))?;
    let size = file.metadata().map_err(|e| failed(path, &e))?.len();
    Ok((file, size))
}

/// All bytes of a file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    read_with_progress(path, limit, &Progress::default())
}

/// The same with progress.
pub fn read_with_progress(path: &Path, limit: u64, progress: &Progress) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    read_into(path, limit, progress, &mut bytes)?;
    Ok(bytes)
}

/// The same in the memory that is there; on an error what is in it means nothing.
pub fn read_into(path: &Path, limit: u64, progress: &Progress, bytes: &mut Vec<u8>) -> Result<(), String> {
    let (file, size) = open(path)?;
    progress.expect(size);
    bytes.clear();
    // what is read is counted, as the size that a device or a growing file names means nothing
    let read = progress.reader(file).take(limit.saturating_add(1)).read_to_end(bytes);
    progress.judge(read.map_err(|e| failed(path, &e)))?;
    if bytes.len() as u64 > limit {
        return Err(format!("The file {} is too large: at most {limit} bytes are read.", path.display()));
    }
    Ok(())
}

/// What the system says about a file or folder, as a sentence.
pub fn failed(path: &Path, error: &io::Error) -> String {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => format!("There is no file or folder {shown}."),
        io::ErrorKind::PermissionDenied => format!("{shown} may not be read: permission is denied."),
        _ => format!("{shown} cannot be read: {error}."),
    }
}

/// A folder with files, for one test; removed with the value.
#[cfg(test)]
pub struct Folder(pub std::path::PathBuf);

#[cfg(test)]
impl Folder {
    pub fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("spikescape-{test}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a file, and the folders that its name needs.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[cfg(test)]
impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_up_to_the_limit() {
        let folder = Folder::new("read");
        folder.put("a", "1234");
        let path = folder.0.join("a");
        assert_eq!(read(&path, 4).unwrap(), b"1234");
        assert!(read(&path, 3).unwrap_err().ends_with("is too large: at most 3 bytes are read."));
        assert!(read(&folder.0, 9).unwrap_err().ends_with("is a folder; a file is needed."));
        assert!(read(&folder.0.join("b"), 9).unwrap_err().starts_with("There is no file or folder "));
        assert_eq!(open(&path).unwrap().1, 4);
    }
}
