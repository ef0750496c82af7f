//! A folder with files, for one test.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder of its own in the system's folder for temporary files; removed with the value.
pub struct TestFolder(tempfile::TempDir);

impl TestFolder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file, and the folders that its name needs.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// How many files and folders lie in it.
    pub fn entries(&self) -> usize {
        fs::read_dir(self.path()).unwrap().count()
    }
}
