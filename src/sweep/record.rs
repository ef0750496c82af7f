//! The lines of a shard's file. Each ends in a checksum of what stands before it, so that a line that was cut off, or that a
//! file system mixed up, is passed over and its task done again.
//!
//! ```text
//! s 1 PLAN INDEX OF HOST PID TIME PROGRAM *CRC   the head: format 1, digest of the plan, whose share, who, when, with what
//! d TASK SECONDS… ANSWER… *CRC                   done: how long it took (no part of the answer), and what came of it
//! f TASK WHY… *CRC                               failed: a sentence
//! p TASK TIME DONE OF *CRC                       under way: a sign of life of a long task
//! ```
//!
//! A task is done when a line `d` with its number is there, whatever its values are.

use super::share::Share;
use super::words::{WordReader, Words};

/// Version of the format.
const FORMAT: u32 = 1;

/// Who wrote a file of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardHead {
    /// Digest of the plan.
    pub plan: u64,
    pub share: Share,
    pub host: String,
    pub pid: u32,
    /// When it began, in seconds since 1970.
    pub begun: u64,
    /// Program, version and instruction set.
    pub program: String,
}

/// One line of a shard's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordLine<'a> {
    Head(ShardHead),
    Done {
        task: u32,
        /// Seconds, separated by commas: of the task as a whole, then what the kind of task tells besides. They are measured
        /// and so differ from one run of a task to the next.
        seconds: &'a str,
        /// To the bit the same whoever did the task.
        answer: &'a str,
    },
    Failed {
        task: u32,
        why: &'a str,
    },
    Under {
        task: u32,
        /// Seconds since 1970.
        at: u64,
        done: u64,
        of: u64,
    },
}

impl ShardHead {
    pub fn line(&self) -> String {
        let mut words = Words::default();
        words.put("s");
        words.put(FORMAT);
        words.bits(self.plan);
        [self.share.index, self.share.of].into_iter().for_each(|n| words.put(n));
        words.put(one_word(&self.host));
        words.put(self.pid);
        words.put(self.begun);
        words.rest(&self.program);
        sealed(words)
    }

    fn read(mut words: WordReader) -> Option<Self> {
        if words.read::<u32>()? != FORMAT {
            return None;
        }
        let plan = words.bits()?;
        let share = Share::new(words.read()?, words.read()?)?;
        let (host, pid, begun) = (words.word()?.to_owned(), words.read()?, words.read()?);
        Some(Self { plan, share, host, pid, begun, program: words.rest().to_owned() })
    }
}

impl<'a> RecordLine<'a> {
    /// A line without its end. `None` for one that is not whole.
    pub fn read(line: &'a str) -> Option<Self> {
        let (text, crc) = line.rsplit_once(" *")?;
        if crc.len() != 8 || u32::from_str_radix(crc, 16).ok()? != crc32fast::hash(text.as_bytes()) {
            return None;
        }
        let mut words = WordReader::new(text);
        match words.word()? {
            "s" => ShardHead::read(words).map(Self::Head),
            "d" => Some(Self::Done { task: words.read()?, seconds: words.word()?, answer: words.rest() }),
            "f" => Some(Self::Failed { task: words.read()?, why: words.rest() }),
            "p" => {
                let line =
                    Self::Under { task: words.read()?, at: words.read()?, done: words.read()?, of: words.read()? };
                words.end(line)
            }
            _ => None,
        }
    }
}

/// The line of a task that is done.
pub fn done(task: u32, seconds: &str, answer: &str) -> String {
    let mut words = Words::default();
    words.put("d");
    words.put(task);
    words.put(seconds);
    words.rest(answer);
    sealed(words)
}

/// The line of a task that failed.
pub fn failed(task: u32, why: &str) -> String {
    let mut words = Words::default();
    words.put("f");
    words.put(task);
    words.rest(why);
    sealed(words)
}

/// The line of a task under way.
pub fn under(task: u32, at: u64, done: u64, of: u64) -> String {
    let mut words = Words::default();
    words.put("p");
    words.put(task);
    [at, done, of].into_iter().for_each(|n| words.put(n));
    sealed(words)
}

/// The line with its checksum and its end.
fn sealed(words: Words) -> String {
    let mut line = words.text();
    let crc = crc32fast::hash(line.as_bytes());
    line.push_str(&format!(" *{crc:08x}\n"));
    line
}

/// A name without spaces; one that has none at all becomes `?`.
fn one_word(text: &str) -> String {
    let word: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if word.is_empty() { "?".into() } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head() -> ShardHead {
        let share = Share::new(3, 16).unwrap();
        let (host, program) = ("node7".into(), "spikescape 0.1.0, AVX2".into());
        ShardHead { plan: 0x1234, share, host, pid: 4711, begun: 1_760_000_000, program }
    }

    #[test]
    fn every_line_reads_back() {
        assert_eq!(RecordLine::read(head().line().trim_end()), Some(RecordLine::Head(head())));
        let line = done(17, "0.25,0.1", "2 0.5 -");
        let expected = RecordLine::Done { task: 17, seconds: "0.25,0.1", answer: "2 0.5 -" };
        assert_eq!(RecordLine::read(line.trim_end()), Some(expected));
        let line = failed(3, "The file\nis missing.");
        assert_eq!(
            RecordLine::read(line.trim_end()),
            Some(RecordLine::Failed { task: 3, why: "The file is missing." })
        );
        let line = under(3, 99, 1200, 5000);
        assert_eq!(
            RecordLine::read(line.trim_end()),
            Some(RecordLine::Under { task: 3, at: 99, done: 1200, of: 5000 })
        );
        assert!(line.len() < 40 && line.ends_with('\n'));
    }

    #[test]
    fn a_record_costs_few_bytes_beyond_its_numbers() {
        let answer = "x".repeat(50);
        assert!(done(1_000_000, "0.123456", &answer).len() - answer.len() < 40);
    }

    proptest! {
        #[test]
        fn a_line_with_a_changed_byte_is_no_line(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let line = done(17, "0.25", "2 0.5 0.75 1 -");
            let mut bytes = line.trim_end().as_bytes().to_vec();
            let at = at.index(bytes.len());
            prop_assume!(bytes[at] != byte && !bytes[at].eq_ignore_ascii_case(&byte));
            bytes[at] = byte;
            let text = String::from_utf8_lossy(&bytes);
            prop_assert_eq!(RecordLine::read(&text), None);
        }

        #[test]
        fn a_line_that_was_cut_off_is_no_line(length in 0usize..30) {
            let line = done(17, "0.25", "2 0.5 0.75 1 -");
            prop_assert_eq!(RecordLine::read(&line[..length]), None);
        }
    }
}
