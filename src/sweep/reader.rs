//! Records as they arrive: whoever reads asks again and again, and is given what is new.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};

use super::folder::{ShardFileName, SweepFolder};
use super::record::{RecordLine, ShardHead};

/// A set of task numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskSet {
    bits: Vec<u64>,
    number: usize,
}

impl TaskSet {
    /// True where it was not there before.
    pub fn insert(&mut self, task: u32) -> bool {
        let (word, bit) = (task as usize / 64, 1 << (task % 64));
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        let new = self.bits[word] & bit == 0;
        self.bits[word] |= bit;
        self.number += usize::from(new);
        new
    }

    pub fn contains(&self, task: u32) -> bool {
        self.bits.get(task as usize / 64).is_some_and(|word| word & (1 << (task % 64)) != 0)
    }

    pub fn len(&self) -> usize {
        self.number
    }

    pub fn is_empty(&self) -> bool {
        self.number == 0
    }
}

/// Reads the records of a folder from where it stopped reading.
#[derive(Debug)]
pub struct RecordReader {
    folder: SweepFolder,
    /// Digest of the plan.
    plan: u64,
    files: BTreeMap<ShardFileName, OpenShard>,
}

/// A shard's file as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct OpenShard {
    /// Who writes it; none before its first line was read, or where it is of another plan.
    pub head: Option<ShardHead>,
    /// Bytes that were read.
    pub read: u64,
    /// Lines that are not whole: cut off, or damaged.
    pub damaged: u64,
}

impl RecordReader {
    pub fn new(folder: SweepFolder, plan: u64) -> Self {
        Self { folder, plan, files: BTreeMap::new() }
    }

    /// Reads what is new in all files whose name `wanted` lets pass. `each` is given every record with the name and the head of
    /// its file, and may end the reading with an error.
    pub fn poll(
        &mut self,
        wanted: impl Fn(&ShardFileName) -> bool,
        mut each: impl FnMut(&ShardFileName, &ShardHead, RecordLine) -> Result<(), String>,
    ) -> Result<(), String> {
        let names = self.folder.shards()?;
        for name in names.into_iter().filter(wanted) {
            let path = self.folder.shard_path(&name);
            let shard = self.files.entry(name.clone()).or_default();
            match read_new(&path, shard, self.plan, |head, line| each(&name, head, line)) {
                Ok(done) => done?,
                // finished under another name, or taken over, since the folder was listed
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(format!("{} cannot be read: {e}.", path.display())),
            }
        }
        Ok(())
    }

    /// The files that were read, and how far.
    pub fn files(&self) -> &BTreeMap<ShardFileName, OpenShard> {
        &self.files
    }
}

/// Reads whole lines from where `shard` stands. The outer error is the file's, the inner the reader's.
fn read_new(
    path: &std::path::Path,
    shard: &mut OpenShard,
    plan: u64,
    mut each: impl FnMut(&ShardHead, RecordLine) -> Result<(), String>,
) -> io::Result<Result<(), String>> {
    // a pipe of such a name would keep whoever opens it
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() || metadata.len() <= shard.read {
        return Ok(Ok(()));
    }
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(shard.read))?;
    let (mut file, mut line) = (BufReader::with_capacity(1 << 16, file), Vec::new());
    loop {
        line.clear();
        file.read_until(b'\n', &mut line)?;
        // what does not end yet is read when it does
        if line.pop() != Some(b'\n') {
            return Ok(Ok(()));
        }
        shard.read += line.len() as u64 + 1;
        let record = std::str::from_utf8(&line).ok().and_then(RecordLine::read);
        match (record, &shard.head) {
            (Some(RecordLine::Head(head)), None) if head.plan == plan => shard.head = Some(head),
            (Some(record), Some(head)) => {
                if let Err(problem) = each(head, record) {
                    return Ok(Err(problem));
                }
            }
            _ => shard.damaged += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_counts_each_task_once() {
        let mut set = TaskSet::default();
        assert!(set.insert(70) && !set.insert(70) && set.insert(0));
        assert_eq!((set.len(), set.contains(70), set.contains(69), set.contains(9999)), (2, true, false, false));
    }
}
