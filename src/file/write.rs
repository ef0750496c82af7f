//! Files written whole or not at all.

use std::ffi::OsString;
use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Writes a file so that at every moment the old one or the new one is there, also when the power fails.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = GrowingFile::create(path)?;
    file.write_all(bytes)?;
    file.finish()
}

/// The same, with a sentence for what is wrong.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), String> {
    write_whole(path, bytes).map_err(|e| format!("{} could not be written: {e}.", path.display()))
}

/// Makes a folder, and those that it lies in, where they are not there.
pub fn make_folder(path: &Path) -> Result<(), String> {
    std::fs::create_dir_all(path).map_err(|e| format!("The folder {} cannot be made: {e}.", path.display()))
}

/// Whether a file of this name can be written, tried out before the work that is to fill it; it and its folder stay as they
/// are.
pub fn try_target(path: &Path) -> Result<(), String> {
    let failed = |e: io::Error| format!("{} cannot be written: {e}.", path.display());
    if path.is_dir() {
        return Err(format!("{} is a folder; the name of a file is needed.", path.display()));
    }
    GrowingFile::create(path).map(drop).map_err(failed)
}

/// A file that is written bit by bit and takes its name when it is whole: until then it is a temporary file in the same
/// folder, `.name.….tmp`. Dropped before, it leaves nothing.
#[derive(Debug)]
pub struct GrowingFile {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl GrowingFile {
    pub fn create(path: &Path) -> io::Result<Self> {
        let Some(name) = path.file_name() else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path does not end in the name of a file"));
        };
        let mut prefix = OsString::from(".");
        prefix.push(name);
        prefix.push(".");
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".tmp");
        // as for any new file; temporary ones would be for their owner alone
        if let Some(usual) = usual_permissions() {
            builder.permissions(usual);
        }
        Ok(Self { path: path.to_owned(), file: BufWriter::new(builder.tempfile_in(folder(path))?) })
    }

    /// Gives the file its name.
    pub fn finish(self) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        // Windows does not rename a file that is open: closed here
        file.into_temp_path().persist(&self.path)?;
        sync_folder(folder(&self.path));
        Ok(())
    }
}

impl GrowingFile {
    /// Makes what was written until now last, also when the process is killed: whoever goes on finds it in the temporary file.
    pub fn secure(&mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().as_file().sync_data()
    }
}

impl Write for GrowingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Reading and writing for everybody whom the process's mask does not keep out.
fn usual_permissions() -> Option<Permissions> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        Some(Permissions::from_mode(0o666))
    }
    #[cfg(not(unix))]
    None
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

#[cfg(test)]
mod tests {
    use super::super::read_text;
    use super::super::test_folder::TestFolder;
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = TestFolder::new();
        let path = folder.join("a.toml");
        write_whole(&path, b"first").unwrap();
        write_whole(&path, b"second").unwrap();
        assert_eq!(read_text(&path, 100).unwrap(), "second");
        assert_eq!(folder.entries(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_nothing() {
        let folder = TestFolder::new();
        folder.put("taken/inside", "");
        assert!(write_whole(&folder.join("taken"), b"x").is_err());
        assert_eq!(folder.entries(), 1);
        assert!(write_whole(&folder.join("missing/a"), b"x").is_err());
        assert!(write_whole(Path::new(""), b"x").is_err());
        assert!(save(&folder.join("missing/a"), b"x").unwrap_err().contains("missing/a could not be written: "));
    }

    #[test]
    fn a_growing_file_is_there_when_it_is_finished_and_not_before() {
        let folder = TestFolder::new();
        let path = folder.join("a.csv");
        let mut file = GrowingFile::create(&path).unwrap();
        file.write_all(b"one\n").unwrap();
        let temporary = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().file_name();
        let temporary = temporary.to_str().unwrap();
        assert!(temporary.starts_with(".a.csv.") && temporary.ends_with(".tmp"), "{temporary}");
        assert!(!path.exists());
        drop(file);
        assert_eq!(folder.entries(), 0);
        let mut file = GrowingFile::create(&path).unwrap();
        (0..10_000).for_each(|n| writeln!(file, "{n}").unwrap());
        file.finish().unwrap();
        assert_eq!(read_text(&path, 100_000).unwrap().lines().count(), 10_000);
        assert_eq!(folder.entries(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_the_permissions_of_any_new_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = TestFolder::new();
        folder.put("plain", "");
        write_whole(&folder.join("whole"), b"").unwrap();
        let mode = |name: &str| fs::metadata(folder.join(name)).unwrap().permissions().mode();
        assert_eq!(mode("whole"), mode("plain"));
    }
}
