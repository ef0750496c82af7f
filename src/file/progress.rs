//! How far reading has come, and whether it is still wanted: one thread reads, another shows and can stop it.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use super::ReadError;

/// The most bytes that are read before the next look at whether to go on.
const AT_A_TIME: usize = 1 << 20;

/// The progress of one piece of work. All methods may be called from any thread at any time.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    of: AtomicU64,
    stopped: AtomicBool,
}

impl Progress {
    /// Work done, in the unit of [`Progress::of`]: bytes of files, or folders where only names are read.
    pub fn done(&self) -> u64 {
        self.done.load(Relaxed)
    }

    /// All of the work, as far as it is known by now; 0: not known.
    pub fn of(&self) -> u64 {
        self.of.load(Relaxed)
    }

    /// How far it is, from 0 to 1, where that is known. It falls when more work turns up, as the next file.
    pub fn fraction(&self) -> Option<f32> {
        let (done, of) = (self.done(), self.of());
        // some bytes of an archive are read twice
        (of > 0).then(|| (done as f64 / of as f64).min(1.0) as f32)
    }

    /// `n` more are done.
    pub fn add(&self, n: u64) {
        self.done.fetch_add(n, Relaxed);
    }

    /// `n` more are to be done.
    pub fn expect(&self, n: u64) {
        self.of.fetch_add(n, Relaxed);
    }

    /// The work is no longer wanted.
    pub fn stop(&self) {
        self.stopped.store(true, Relaxed);
    }

    pub fn stopped(&self) -> bool {
        self.stopped.load(Relaxed)
    }

    /// An error where the work is no longer wanted.
    pub fn check(&self) -> Result<(), ReadError> {
        if self.stopped() { Err(ReadError::Stopped) } else { Ok(()) }
    }

    /// The result of reading, with an error told from one that came of being stopped.
    pub fn judge<T>(&self, result: Result<T, String>) -> Result<T, ReadError> {
        result.map_err(|sentence| self.check().err().unwrap_or(ReadError::Failed(sentence)))
    }

    /// Counts what is read from `inner`, and fails as soon as the work is no longer wanted.
    pub fn reader<'a, R: Read>(&'a self, inner: R) -> ProgressReader<'a, R> {
        ProgressReader { progress: self, inner }
    }
}

/// A reader that reports to a [`Progress`].
#[derive(Debug)]
pub struct ProgressReader<'a, R> {
    progress: &'a Progress,
    inner: R,
}

impl<R: Read> Read for ProgressReader<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.progress.stopped() {
            return Err(io::Error::other("stopped"));
        }
        let most = bytes.len().min(AT_A_TIME);
        let read = self.inner.read(&mut bytes[..most])?;
        self.progress.add(read as u64);
        Ok(read)
    }
}

/// Archives are read from their end.
impl<R: Seek> Seek for ProgressReader<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_counted() {
        let progress = Progress::default();
        assert_eq!((progress.done(), progress.of(), progress.fraction()), (0, 0, None));
        progress.expect(8);
        let mut bytes = Vec::new();
        progress.reader(&[1, 2][..]).read_to_end(&mut bytes).unwrap();
        assert_eq!((bytes.len(), progress.done(), progress.of(), progress.fraction()), (2, 2, 8, Some(0.25)));
        progress.add(100);
        assert_eq!(progress.fraction(), Some(1.0));
    }

    #[test]
    fn reading_ends_soon_after_it_was_stopped() {
        let progress = Progress::default();
        let mut endless = progress.reader(io::repeat(7));
        let mut large = vec![0; 4 * AT_A_TIME];
        assert_eq!(endless.read(&mut large).unwrap(), AT_A_TIME);
        let damaged = || Err::<(), _>("Damaged.".to_owned());
        assert_eq!(progress.judge(damaged()), Err(ReadError::Failed("Damaged.".into())));
        assert_eq!(progress.check(), Ok(()));
        progress.stop();
        let error = endless.read(&mut large).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (io::ErrorKind::Other, "stopped"));
        assert_eq!(progress.done(), AT_A_TIME as u64);
        assert_eq!((progress.check(), progress.judge(damaged())), (Err(ReadError::Stopped), Err(ReadError::Stopped)));
        assert_eq!(progress.judge(Ok(3)), Ok(3));
    }
}
