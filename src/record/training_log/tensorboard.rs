//! Event files for TensorBoard: records of TFRecord, each an `Event` in protocol buffers.
//!
//! Of TensorFlow's `event.proto`, `summary.proto` and `tensor.proto` only those few fields are written that scalars and a
//! text take; a library for the whole would be larger than the rest of this room.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::train::Settings;
use crate::train::settings::toml_write::PROGRAM;

use super::{EpochRecord, UpdateRecord};

/// The file while it grows.
#[derive(Debug)]
pub struct EventFile {
    file: BufWriter<File>,
    path: PathBuf,
    /// When the run began, in seconds since 1970.
    begun: f64,
}

impl EventFile {
    /// Begins a new file in `folder`; TensorBoard joins those of a run that was resumed.
    pub fn begin(folder: &Path, settings: &Settings, update: u64) -> io::Result<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let (file, path) = create(folder, now.as_secs())?;
        let mut events = Self { file: BufWriter::new(file), path, begun: now.as_secs_f64() };
        events.put(&Event { wall_time: events.begun, step: 0, what: What::Version })?;
        let text = format!("{PROGRAM}\n\n```\n{}```\n", settings.to_toml());
        events.put(&Event { wall_time: events.begun, step: update, what: What::Text("settings", &text) })?;
        events.flush()?;
        Ok(events)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn update(&mut self, record: UpdateRecord) -> io::Result<()> {
        let UpdateRecord { step, layers, spikes, seconds } = record;
        let mut scalars = vec![
            ("train/loss".to_owned(), step.loss),
            ("train/target_distance".to_owned(), step.target_distance),
            ("train/learning_rate".to_owned(), step.learning_rate),
            ("spikes/total".to_owned(), spikes as f64),
            ("changes/shifted".to_owned(), step.changes.shifted.into()),
            ("changes/created".to_owned(), step.changes.created.into()),
            ("changes/removed".to_owned(), step.changes.removed.into()),
        ];
        scalars.extend(layers.iter().enumerate().map(|(l, layer)| (format!("spikes/layer{l}"), layer.spikes.into())));
        self.scalars(step.update, seconds, &scalars)
    }

    /// What an epoch came to, at its last update, `seconds` after the run began or was resumed.
    pub fn epoch(&mut self, record: EpochRecord, seconds: f64) -> io::Result<()> {
        let mut scalars = vec![
            ("epoch/train_loss".to_owned(), record.report.train_loss),
            ("epoch/number".to_owned(), record.report.epoch as f64),
            ("epoch/seconds".to_owned(), record.seconds),
        ];
        if let Some(valid) = &record.report.valid {
            let numbers = [
                ("loss", valid.loss),
                ("accuracy_first", valid.accuracy_first),
                ("accuracy_count", valid.accuracy_count),
                ("spikes_total", valid.spikes),
                ("spikes_necessary", valid.necessary),
            ];
            scalars.extend(numbers.map(|(name, value)| (format!("validation/{name}"), value)));
        }
        self.scalars(record.report.update, seconds, &scalars)
    }

    /// Hands over what was written so far, to whoever watches the file.
    pub fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }

    fn scalars(&mut self, step: u64, seconds: f64, scalars: &[(String, f64)]) -> io::Result<()> {
        let event = Event { wall_time: self.begun + seconds, step, what: What::Scalars(scalars) };
        self.put(&event)
    }

    fn put(&mut self, event: &Event) -> io::Result<()> {
        let bytes = record(&event.bytes());
        // a record that would be cut in two goes to the file as a whole
        if self.file.capacity() - self.file.buffer().len() < bytes.len() {
            self.file.flush()?;
        }
        self.file.write_all(&bytes)
    }
}

/// A new file with a name that TensorBoard knows by its middle and sorts by its time.
fn create(folder: &Path, seconds: u64) -> io::Result<(File, PathBuf)> {
    for n in 0.. {
        let path = folder.join(format!("events.out.tfevents.{seconds}.spikescape.{}.{n}", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            file => return Ok((file?, path)),
        }
    }
    unreachable!("a range without an end")
}

/// `tensorflow.Event`
struct Event<'a> {
    wall_time: f64,
    step: u64,
    what: What<'a>,
}

enum What<'a> {
    /// The first record of each file.
    Version,
    Scalars(&'a [(String, f64)]),
    /// A name and a text in Markdown.
    Text(&'a str, &'a str),
}

impl Event<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut event = Message::default();
        event.double(1, self.wall_time);
        event.number(2, self.step);
        match self.what {
            What::Version => event.bytes(3, b"brain.Event:2"),
            What::Scalars(scalars) => {
                let mut summary = Message::default();
                for (tag, value) in scalars {
                    let mut one = Message::default();
                    one.bytes(1, tag.as_bytes());
                    one.float(2, *value as f32);
                    summary.bytes(1, &one.0);
                }
                event.bytes(5, &summary.0);
            }
            What::Text(tag, text) => event.bytes(5, &text_summary(tag, text)),
        }
        event.0
    }
}

/// A `Summary` with a text: a tensor of one string, for TensorBoard's plugin `text`.
fn text_summary(tag: &str, text: &str) -> Vec<u8> {
    const DT_STRING: u64 = 7;
    let (mut plugin, mut metadata) = (Message::default(), Message::default());
    plugin.bytes(1, b"text");
    metadata.bytes(1, &plugin.0);
    let (mut size, mut shape, mut tensor) = (Message::default(), Message::default(), Message::default());
    size.number(1, 1);
    shape.bytes(2, &size.0);
    tensor.number(1, DT_STRING);
    tensor.bytes(2, &shape.0);
    tensor.bytes(8, text.as_bytes());
    let (mut value, mut summary) = (Message::default(), Message::default());
    value.bytes(1, tag.as_bytes());
    value.bytes(8, &tensor.0);
    value.bytes(9, &metadata.0);
    summary.bytes(1, &value.0);
    summary.0
}

/// Fields of a message in protocol buffers.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn number(&mut self, field: u8, value: u64) {
        self.0.push(field << 3);
        self.varint(value);
    }

    fn double(&mut self, field: u8, value: f64) {
        self.0.push(field << 3 | 1);
        self.0.extend(value.to_le_bytes());
    }

    fn float(&mut self, field: u8, value: f32) {
        self.0.push(field << 3 | 5);
        self.0.extend(value.to_le_bytes());
    }

    fn bytes(&mut self, field: u8, value: &[u8]) {
        self.0.push(field << 3 | 2);
        self.varint(value.len() as u64);
        self.0.extend(value);
    }

    /// Seven bits a byte, the lowest first.
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

/// A record of TFRecord: length, its checksum, data, their checksum.
fn record(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let mut record = length.to_vec();
    record.extend(masked(&length).to_le_bytes());
    record.extend(data);
    record.extend(masked(data).to_le_bytes());
    record
}

/// CRC-32C, rotated and moved, so that the checksum of data that hold checksums is another.
fn masked(data: &[u8]) -> u32 {
    crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{epoch, layers, step};
    use super::*;

    #[test]
    fn the_first_record_is_that_of_every_event_file() {
        // as TensorFlow writes it, but for the time: 24 bytes of data
        let bytes = record(&Event { wall_time: 0.0, step: 0, what: What::Version }.bytes());
        assert_eq!(bytes[..8], 26u64.to_le_bytes());
        assert_eq!(bytes[12..21], [9, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(&bytes[21..38], b"\x10\0\x1a\x0dbrain.Event:2");
        // the check value of CRC-32C, masked
        assert_eq!(masked(b"123456789"), 0xe306_9283u32.rotate_right(15).wrapping_add(0xa282_ead8));
    }

    #[test]
    fn numbers_and_lengths_are_varints() {
        let mut message = Message::default();
        message.number(2, 300);
        message.bytes(1, &[7; 200]);
        message.float(2, 1.5);
        assert_eq!(message.0[..5], [0x10, 0xac, 0x02, 0x0a, 0xc8]);
        assert_eq!(message.0[message.0.len() - 5..], [0x15, 0, 0, 0xc0, 0x3f]);
    }

    #[test]
    fn a_file_holds_records_that_follow_each_other() {
        let folder = std::env::temp_dir().join(format!("spikescape-events-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut events = EventFile::begin(&folder, &Settings::default(), 0).unwrap();
        for update in 1..=300 {
            let (step, layers) = (step(update), layers());
            events.update(UpdateRecord { step: &step, layers: &layers, spikes: 12, seconds: 0.25 }).unwrap();
        }
        let report = epoch();
        events.epoch(EpochRecord { report: &report, seconds: 1.5 }, 2.0).unwrap();
        events.flush().unwrap();
        let second = EventFile::begin(&folder, &Settings::default(), 300).unwrap();
        assert_ne!(second.path(), events.path());

        let bytes = std::fs::read(events.path()).unwrap();
        let (mut at, mut records) = (0, 0);
        while at < bytes.len() {
            let length = u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
            let sum = |from: usize, to: usize| (masked(&bytes[from..to]).to_le_bytes(), &bytes[to..to + 4]);
            assert_eq!(sum(at, at + 8).0, sum(at, at + 8).1);
            let (first, last) = (at + 12, at + 12 + length);
            assert_eq!(sum(first, last).0, sum(first, last).1);
            (at, records) = (last + 4, records + 1);
        }
        assert_eq!((at, records), (bytes.len(), 2 + 300 + 1));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
