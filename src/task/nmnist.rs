//! N-MNIST: recordings of digits by an event camera, one file a sample, in folders as published ([model
//! §3](crate::model#3-inputs)).
//!
//! Only names stay in memory; a recording is read when its sample is asked for.

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::file::{self, Progress, ReadError};
use crate::spike::Sample;

use super::source::put_label;
use super::{Source, Split, View, recording};

pub use super::recording::{Event, Recording, SIDE, WINDOW_US};

thread_local! {
    /// A thread's memory for the name of a file and for what is in it.
    static FILE: RefCell<(PathBuf, Vec<u8>)> = RefCell::default();
}

/// What the folders of the digits are called.
const DIGITS: [&str; CLASSES] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
/// The most bytes that a recording may have; those published have some 20,000.
const LARGEST: u64 = 64 << 20;
const CLASSES: usize = 10;

/// The recordings below one folder, `Train` or `Test`.
#[derive(Clone, Debug)]
pub struct Recordings {
    folder: PathBuf,
    /// Names of the files, digit after digit, in order.
    names: Vec<OsString>,
    /// `ends[d]` is the index behind the last recording of digit `d`.
    ends: [usize; CLASSES],
}

impl Recordings {
    /// Lists one part of the set in `folder`. Nothing is read but the names; `progress` counts the folders of the digits.
    ///
    /// There is no folder for [`Split::Validation`]; it is split off the training recordings.
    pub fn open(folder: &Path, part: Split, progress: &Progress) -> Result<Self, ReadError> {
        let folder = folder.join(if part == Split::Test { "Test" } else { "Train" });
        let mut names = Vec::new();
        let mut ends = [0; CLASSES];
        progress.expect(CLASSES as u64);
        for (digit, end) in ends.iter_mut().enumerate() {
            names.extend(list(&folder, digit, progress)?);
            *end = names.len();
            progress.add(1);
        }
        Ok(Self { folder, names, ends })
    }

    /// Where recording `index` lies.
    pub fn path(&self, index: usize) -> PathBuf {
        let mut path = PathBuf::new();
        self.put_path(index, &mut path);
        path
    }

    fn put_path(&self, index: usize, path: &mut PathBuf) {
        path.clear();
        path.extend([self.folder.as_os_str(), DIGITS[self.label(index)].as_ref(), &self.names[index]]);
    }

    /// Reads recording `index`, for showing it as it was recorded.
    pub fn recording(&self, index: usize) -> Result<Recording, String> {
        let path = self.path(index);
        Recording::parse(path.display(), &file::read(&path, LARGEST)?)
    }
}

impl Source for Recordings {
    fn len(&self) -> usize {
        self.names.len()
    }

    fn classes(&self) -> usize {
        CLASSES
    }

    /// Polarity, x, y.
    fn input_shape(&self) -> Vec<usize> {
        vec![2, SIDE, SIDE]
    }

    fn label(&self, index: usize) -> usize {
        assert!(index < self.len(), "recording {index} of {}", self.len());
        self.ends.partition_point(|&end| end <= index)
    }

    fn read(&self, index: usize, steps: usize, sample: &mut Sample) -> Result<(), String> {
        put_label(&mut sample.target, CLASSES, steps, self.label(index));
        FILE.with_borrow_mut(|(path, bytes)| {
            self.put_path(index, path);
            file::read_into(path, LARGEST, bytes)?;
            recording::read(path.display(), bytes, steps, &mut sample.input)
        })
    }

    /// Reads the file again.
    fn view(&self, index: usize) -> Result<View, String> {
        self.recording(index).map(View::Recording)
    }
}

/// The recordings of one digit, in the order of their names, which need not be UTF-8.
fn list(part: &Path, digit: usize, progress: &Progress) -> Result<Vec<OsString>, ReadError> {
    progress.check()?;
    let folder = part.join(DIGITS[digit]);
    let entries = fs::read_dir(&folder).map_err(|e| missing(part, &file::failed(&folder, &e)))?;
    let mut names = Vec::new();
    for entry in entries {
        progress.check()?;
        let name = entry.map_err(|e| file::failed(&folder, &e))?.file_name();
        // macOS puts files with such names next to those that it copies to other systems' drives
        let hidden = name.as_encoded_bytes().starts_with(b".");
        if !hidden && Path::new(&name).extension().is_some_and(|e| e.eq_ignore_ascii_case("bin")) {
            names.push(name);
        }
    }
    if names.is_empty() {
        let found = format!("The folder {} holds no file that ends in .bin.", folder.display());
        return Err(missing(part, &found).into());
    }
    names.sort();
    Ok(names)
}

/// Where one gets the recordings.
pub const SOURCES: [(&str, &str); 2] = [
    ("garrickorchard.com", "https://www.garrickorchard.com/datasets/n-mnist"),
    ("Mendeley Data", "https://data.mendeley.com/datasets/468j46mzdv/1"),
];

fn missing(part: &Path, found: &str) -> String {
    let part = part.display();
    let [first, second] = SOURCES.map(|(_, address)| address);
    format!(
        "{found} Looked for recordings {part}/0/*.bin to {part}/9/*.bin. Get N-MNIST (Train.zip and Test.zip) at \
         {first} or {second}, unpack both, and give the folder in which Train and Test lie."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::test_folder::TestFolder;

    fn open(folder: &TestFolder, part: Split) -> Result<Recordings, String> {
        Ok(Recordings::open(folder.path(), part, &Progress::default())?)
    }

    fn small() -> TestFolder {
        let folder = TestFolder::new();
        for digit in 0..10 {
            folder.put(&format!("Train/{digit}/00002.bin"), [1, 2, 0x80, 0, 0]);
            folder.put(&format!("Train/{digit}/readme.txt"), "");
        }
        folder.put("Train/3/00001.bin", [33, 0, 0, 0x03, 0xe8]);
        // what systems put there is no recording
        folder.put("Train/3/._00001.bin", [0; 7]);
        folder.put("Train/3/Thumbs.db", [0; 7]);
        folder
    }

    #[test]
    fn recordings_are_listed_by_digit_and_name() {
        let folder = small();
        let set = open(&folder, Split::Train).unwrap();
        assert_eq!((set.len(), set.classes(), set.input_shape()), (11, 10, vec![2, 34, 34]));
        assert_eq!((0..11).map(|i| set.label(i)).collect::<Vec<_>>(), [0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9]);
        assert!(set.path(3).ends_with("Train/3/00001.bin") && set.path(4).ends_with("Train/3/00002.bin"));
        super::super::source::tests::used_memory_leaves_no_mark(&set, 300);
        let sample = set.sample(3, 300).unwrap();
        assert_eq!(sample.input.iter().collect::<Vec<_>>(), [(1, 33 * 34)]);
        assert_eq!((sample.target.label, sample.target.spikes.units(), sample.input.units()), (3, 10, 2312));
        let event = Event { x: 33, y: 0, brighter: false, time_us: 1000 };
        assert_eq!(set.view(3), Ok(View::Recording(Recording { events: vec![event] })));
    }

    #[test]
    fn listing_is_counted_and_can_be_stopped() {
        let (folder, progress) = (small(), Progress::default());
        Recordings::open(folder.path(), Split::Train, &progress).unwrap();
        assert_eq!((progress.done(), progress.of()), (10, 10));
        progress.stop();
        assert_eq!(Recordings::open(folder.path(), Split::Train, &progress).unwrap_err(), ReadError::Stopped);
    }

    #[test]
    fn what_is_missing_or_vanishes_is_said() {
        let folder = small();
        let set = open(&folder, Split::Train).unwrap();
        let message = open(&folder, Split::Test).unwrap_err();
        assert!(message.starts_with("There is no file or folder ") && message.contains("https://"), "{message}");
        fs::remove_file(set.path(10)).unwrap();
        assert!(set.sample(10, 300).unwrap_err().contains("9/00002.bin"));
        assert!(set.view(10).unwrap_err().contains("9/00002.bin"));
        let message = open(&folder, Split::Train).unwrap_err();
        assert!(message.contains("holds no file that ends in .bin"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn names_need_not_be_text() {
        use std::os::unix::ffi::OsStringExt;
        let folder = small();
        let name = OsString::from_vec(b"\xff\xfe.bin".to_vec());
        // not every file system takes such a name
        if fs::write(folder.join("Train/9").join(name), [1, 2, 3]).is_ok() {
            let set = open(&folder, Split::Train).unwrap();
            assert_eq!(set.len(), 12);
            assert!(set.sample(11, 300).unwrap_err().contains("not a multiple of 5"));
        }
    }
}
