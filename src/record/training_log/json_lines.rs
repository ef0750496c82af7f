//! A JSON object a line: first the settings, then one for each update and each epoch, at last the digest.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::path::Path;

use serde_json::{Value, json};

use crate::file::GrowingFile;
use crate::train::Settings;
use crate::train::settings::toml_write::PROGRAM;

use super::{EpochRecord, UpdateRecord};

/// What a file that is there already becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It is left alone, and an error.
    Refused,
    Replaced,
    /// What it says of the first updates, so many, is kept, and the rest follows.
    Continued(u64),
}

/// The file while it grows.
#[derive(Debug)]
pub struct JsonLines(BufWriter<File>);

impl JsonLines {
    pub fn begin(path: &Path, existing: Existing, settings: &Settings) -> io::Result<Self> {
        let kept = match existing {
            Existing::Continued(updates) => keep(path, updates)?,
            Existing::Refused | Existing::Replaced => false,
        };
        let mut options = OpenOptions::new();
        match existing {
            Existing::Refused => options.write(true).create_new(true),
            _ if kept => options.append(true),
            _ => options.write(true).create(true).truncate(true),
        };
        let mut lines = Self(BufWriter::new(options.open(path)?));
        if !kept {
            let settings = settings.to_toml();
            lines.put(&json!({ "program": PROGRAM, "format": "spikescape training log 1", "settings": settings }))?;
        }
        lines.flush()?;
        Ok(lines)
    }

    /// The same numbers as a row of `metrics.csv`.
    pub fn update(&mut self, record: UpdateRecord) -> io::Result<()> {
        let UpdateRecord { step, layers, spikes, seconds } = record;
        self.put(&json!({
            "update": step.update,
            "loss": step.loss,
            "spikes_total": spikes,
            "shifted": step.changes.shifted,
            "created": step.changes.created,
            "removed": step.changes.removed,
            "seconds": microseconds(seconds),
            "target_distance": step.target_distance,
            "learning_rate": step.learning_rate,
            "rule": step.rule.key(),
            "spikes": layers.iter().map(|layer| layer.spikes).collect::<Vec<_>>(),
        }))
    }

    /// The same numbers as a row of `epochs.csv`.
    pub fn epoch(&mut self, record: EpochRecord) -> io::Result<()> {
        let report = record.report;
        let valid = report.valid.as_ref();
        self.put(&json!({
            "epoch": report.epoch,
            "update": report.update,
            "train_loss": report.train_loss,
            "valid_loss": valid.map(|v| v.loss),
            "valid_accuracy_first": valid.map(|v| v.accuracy_first),
            "valid_accuracy_count": valid.map(|v| v.accuracy_count),
            "spikes_total": valid.map(|v| v.spikes),
            "spikes_necessary": valid.map(|v| v.necessary),
            "seconds": microseconds(record.seconds),
        }))
    }

    /// The run has ended after so many updates.
    pub fn end(&mut self, update: u64, digest: u64) -> io::Result<()> {
        self.put(&json!({ "end": { "update": update, "digest": format!("{digest:016x}") } }))?;
        self.flush()
    }

    /// Hands over what was written so far, to whoever watches the file.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }

    fn put(&mut self, object: &Value) -> io::Result<()> {
        let line = format!("{object}\n");
        // a line that would be cut in two goes to the file as a whole
        if self.0.capacity() - self.0.buffer().len() < line.len() {
            self.0.flush()?;
        }
        self.0.write_all(line.as_bytes())
    }
}

/// A clock is not finer than this.
fn microseconds(seconds: f64) -> f64 {
    libm::round(seconds * 1e6) / 1e6
}

/// Cuts a file behind the last line that belongs to the first `updates` updates. False where there is no such file, or
/// nothing in it; an error where it is not one of ours.
fn keep(path: &Path, updates: u64) -> io::Result<bool> {
    let lines = match File::open(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(false),
        other => BufReader::new(other?).lines(),
    };
    let (mut kept, mut any) = (GrowingFile::create(path)?, false);
    for line in lines.map_while(Result::ok) {
        let object = serde_json::from_str::<Value>(&line).unwrap_or_default();
        if !any && !object["format"].is_string() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        // the end of a run that now goes on has no place in it
        let belongs = !any || object["update"].as_u64().is_some_and(|update| update <= updates);
        if belongs {
            writeln!(kept, "{line}")?;
        } else if object["end"].is_null() {
            break;
        }
        any = true;
    }
    kept.finish()?;
    Ok(any)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{epoch, layers, step};
    use super::*;

    fn read(path: &Path) -> Vec<Value> {
        std::fs::read_to_string(path).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }

    fn write(lines: &mut JsonLines, updates: std::ops::RangeInclusive<u64>) {
        for update in updates {
            let (step, layers) = (step(update), layers());
            lines.update(UpdateRecord { step: &step, layers: &layers, spikes: 12, seconds: 0.25 }).unwrap();
        }
        let report = epoch();
        lines.epoch(EpochRecord { report: &report, seconds: 1.5 }).unwrap();
        lines.end(3, 255).unwrap();
    }

    #[test]
    fn a_log_is_read_back_goes_on_and_is_not_overwritten() {
        let folder = std::env::temp_dir().join(format!("spikescape-jsonl-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a.jsonl");
        let settings = Settings::default();
        write(&mut JsonLines::begin(&path, Existing::Refused, &settings).unwrap(), 1..=3);
        let lines = read(&path);
        assert_eq!(lines.len(), 6);
        assert_eq!(lines[0]["settings"], settings.to_toml());
        assert_eq!(
            (&lines[2]["update"], &lines[2]["loss"], &lines[2]["spikes"]),
            (&json!(2), &json!(0.5), &json!([7, 5]))
        );
        // a loss that is not finite is no number in JSON
        assert_eq!(lines[3]["loss"], Value::Null);
        assert_eq!((&lines[4]["epoch"], &lines[4]["valid_accuracy_first"]), (&json!(1), &json!(0.75)));
        assert_eq!(lines[5], json!({ "end": { "update": 3, "digest": "00000000000000ff" } }));

        let refused = JsonLines::begin(&path, Existing::Refused, &settings).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        write(&mut JsonLines::begin(&path, Existing::Continued(2), &settings).unwrap(), 3..=3);
        assert_eq!(read(&path), lines, "resumed after update 2, the same lines follow");
        drop(JsonLines::begin(&path, Existing::Replaced, &settings).unwrap());
        assert_eq!(read(&path), lines[..1]);
        for other in ["something else\n", "{}\n"] {
            std::fs::write(&path, other).unwrap();
            let refused = JsonLines::begin(&path, Existing::Continued(2), &settings).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
            assert_eq!(std::fs::read_to_string(&path).unwrap(), other);
        }
        std::fs::write(&path, "").unwrap();
        drop(JsonLines::begin(&path, Existing::Continued(2), &settings).unwrap());
        assert_eq!(read(&path), lines[..1]);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
