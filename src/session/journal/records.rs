//! The records of a journal's file. Each is
//!
//! ```text
//! length of the payload (u32), CRC-32 of kind and payload (u32), kind (u8), payload
//! ```
//!
//! with numbers in little-endian order. Whatever was cut off or damaged ends the file at the last good record.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// The beginning of every file.
const MAGIC: &[u8; 20] = b"spikescape journal 1";
/// The largest payload.
const MOST: usize = 1 << 31;

const PART: u8 = 1;
const GONE: u8 = 2;
const WHOLE: u8 = 3;

/// Something that a journal tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A part has this content from here on.
    Part(String, Vec<u8>),
    /// There is no such part any more.
    Gone(String),
    /// The parts that there are by now make a session.
    Whole,
}

/// A file that records are appended to.
#[derive(Debug)]
pub struct RecordFile {
    file: File,
    length: u64,
}

impl RecordFile {
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
        file.write_all(MAGIC)?;
        Ok(Self { file, length: MAGIC.len() as u64 })
    }

    pub fn len(&self) -> u64 {
        self.length
    }

    pub fn append(&mut self, record: &Record) -> io::Result<()> {
        let (kind, name, content) = match record {
            Record::Part(name, bytes) => (PART, name.as_str(), &bytes[..]),
            Record::Gone(name) => (GONE, name.as_str(), &[][..]),
            Record::Whole => (WHOLE, "", &[][..]),
        };
        let size = 2 + name.len() + content.len();
        if size > MOST || name.len() > usize::from(u16::MAX) {
            return Err(io::Error::other("a part is too large"));
        }
        let name_length = (name.len() as u16).to_le_bytes();
        let mut crc = crc32fast::Hasher::new();
        [&[kind][..], &name_length, name.as_bytes(), content].into_iter().for_each(|part| crc.update(part));
        let mut bytes = Vec::with_capacity(9 + size);
        bytes.extend((size as u32).to_le_bytes());
        bytes.extend(crc.finalize().to_le_bytes());
        bytes.push(kind);
        bytes.extend(name_length);
        bytes.extend(name.as_bytes());
        bytes.extend(content);
        self.file.write_all(&bytes)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Makes what was appended last, also when the power fails.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// The parts as they were when they last made a session; `None` where they never did.
pub fn read_whole(path: &Path) -> io::Result<Option<BTreeMap<String, Vec<u8>>>> {
    let mut bytes = Vec::new();
    File::open(path)?.read_to_end(&mut bytes)?;
    Ok(whole(&bytes))
}

/// The same of the bytes of a file.
pub fn whole(bytes: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut rest = bytes.strip_prefix(MAGIC)?;
    // where each part stands by now, and where it stood when all was whole
    let (mut now, mut then) = (BTreeMap::new(), None);
    while let Some((record, more)) = next(rest) {
        rest = more;
        match record {
            (PART, name, content) => drop(now.insert(name, content)),
            (GONE, name, _) => drop(now.remove(name)),
            _ => then = Some(now.clone()),
        }
    }
    let owned = |(name, content): (&str, &[u8])| (name.to_owned(), content.to_vec());
    then.map(|parts| parts.into_iter().map(owned).collect())
}

/// Kind, name and content.
type ReadRecord<'a> = (u8, &'a str, &'a [u8]);

/// The first record, and what follows; `None` where no good one is.
fn next(bytes: &[u8]) -> Option<(ReadRecord<'_>, &[u8])> {
    let (size, rest) = bytes.split_first_chunk::<4>()?;
    let (crc, rest) = rest.split_first_chunk::<4>()?;
    let size = u32::from_le_bytes(*size) as usize;
    let (record, rest) = rest.split_at_checked(size.checked_add(1)?)?;
    if crc32fast::hash(record) != u32::from_le_bytes(*crc) {
        return None;
    }
    let (&kind, payload) = record.split_first()?;
    let (length, payload) = payload.split_first_chunk::<2>()?;
    let (name, content) = payload.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
    let name = std::str::from_utf8(name).ok()?;
    (PART..=WHOLE).contains(&kind).then_some(((kind, name, content), rest))
}
