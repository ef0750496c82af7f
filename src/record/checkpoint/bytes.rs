//! A checkpoint as one safetensors file.
//!
//! Tensors, each in the layout of [`tensors`]: the weights under their plain names, so that what reads weights reads
//! checkpoints; `optimiser.first.…` and `optimiser.second.…`, its memory; `best.…`, where an epoch was the best so far.
//! Everything else stands as JSON under the one metadata key `spikescape`, which says of plain weights what made them;
//! numbers that are not whole are texts there, the shortest that read back to the same bits.

use std::sync::Arc;

use safetensors::SafeTensors;
use serde_json::{Value, json};

use crate::machine;
use crate::optim::Optimiser;
use crate::record::log::{End, Log};
use crate::record::tensors::{self, Tensors};
use crate::snn::{Network, Params};
use crate::train::settings::Problem;
use crate::train::{Best, EpochReport, Settings, Validation};

use super::Checkpoint;

/// What a checkpoint says of itself.
const FORMAT: &str = "spikescape checkpoint 1";
/// The metadata key.
const KEY: &str = "spikescape";
const FIRST: &str = "optimiser.first.";
const SECOND: &str = "optimiser.second.";
const BEST: &str = "best.";

/// Whether the file says that it is a checkpoint, whole or not, of this version or another.
pub fn is_checkpoint(bytes: &[u8]) -> bool {
    let Ok((_, header)) = SafeTensors::read_metadata(bytes) else { return false };
    let text = header.metadata().as_ref().and_then(|m| m.get(KEY));
    let json: Option<Value> = text.and_then(|t| serde_json::from_str(t).ok());
    json.is_some_and(|json| json["format"].as_str().is_some_and(|f| f.starts_with("spikescape checkpoint ")))
}

impl Checkpoint {
    /// The file. `net` is the network of its settings.
    ///
    /// There is no random state in it: every stream of random numbers is made anew from the seed and the number of the
    /// epoch or update it is for.
    pub fn to_bytes(&self, net: &Network) -> Result<Vec<u8>, String> {
        if self.log.end != Some(End { update: self.update, digest: self.params.digest() }) {
            return Err("The log of a checkpoint has to end where the checkpoint is.".into());
        }
        let mut tensors = Tensors::default();
        tensors.push("", net, &self.params);
        tensors.push(FIRST, net, &Params(self.optimiser.first.clone()));
        tensors.push(SECOND, net, &Params(self.optimiser.second.clone()));
        if let Some(best) = &self.best {
            tensors.push(BEST, net, &best.params);
        }
        let metadata = json!({
            "format": FORMAT,
            "settings": self.settings.to_toml(),
            "seed": self.settings.run.seed,
            "update": self.update,
            "version": env!("CARGO_PKG_VERSION"),
            "log": self.log.to_toml(),
            "samples": self.samples,
            "optimiser_steps": self.optimiser.steps,
            "epoch_loss": exact(self.epoch_loss),
            "epochs": self.epochs.iter().map(epoch).collect::<Vec<_>>(),
            "best": self.best.as_ref().map(|best| {
                json!({ "epoch": best.epoch, "update": best.update, "accuracy": exact(best.accuracy) })
            }),
        });
        tensors.file(KEY, metadata.to_string()).map_err(|e| format!("The checkpoint cannot be made: {e}."))
    }

    /// Reads the file on this machine; `name` is what messages call it. What is read can go on: everything was checked,
    /// beside that the data are still there.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, String> {
        Self::from_bytes_within(name, bytes, machine::memory())
    }

    /// The same on a machine of `memory` bytes.
    pub fn from_bytes_within(name: &str, bytes: &[u8], memory: u64) -> Result<Self, String> {
        let damaged = |what: String| {
            format!(
                "{name} is not a whole checkpoint of Spikescape: {what}. Use a whole copy, or an earlier checkpoint."
            )
        };
        // what a library says of a damaged file may quote any part of it
        let file = SafeTensors::deserialize(bytes).map_err(|e| damaged(shortened(&e.to_string())))?;
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| damaged(shortened(&e.to_string())))?;
        let text = header.metadata().as_ref().and_then(|m| m.get(KEY));
        let text = text.ok_or_else(|| damaged(format!("it has no metadata under the key {KEY}")))?;
        let json: Value = serde_json::from_str(text).map_err(|e| damaged(shortened(&e.to_string())))?;
        match json["format"].as_str() {
            Some(FORMAT) => {}
            Some(other) if other.starts_with("spikescape checkpoint ") => {
                return Err(format!(
                    "The format of {name} is \"{}\", and this version of Spikescape reads \"{FORMAT}\". A newer version \
                     may read it.",
                    shortened(other)
                ));
            }
            _ => {
                return Err(damaged(
                    "it has weights alone; training cannot go on from them, but begin with them".into(),
                ));
            }
        }
        let read = Read { name, json: &json, memory };
        let checkpoint = read.checkpoint(&file, bytes.len()).map_err(|wrong| match wrong {
            Wrong::Damaged(what) => damaged(what),
            Wrong::Sentence(sentence) => sentence,
        })?;
        checkpoint.consistent().map_err(damaged)?;
        Ok(checkpoint)
    }

    /// Whether what it says fits together.
    fn consistent(&self) -> Result<(), String> {
        let Some(end) = self.log.end else { return Err("its log has no end".into()) };
        if end.update != self.update {
            return Err(format!("it is after update {}, but its log ends at {}", self.update, end.update));
        }
        let digest = self.params.digest();
        if end.digest != digest {
            return Err(format!("its weights have the digest {digest:016x}, but its log says {:016x}", end.digest));
        }
        if self.optimiser.steps > self.update {
            return Err(format!("its optimiser took {} steps in {} updates", self.optimiser.steps, self.update));
        }
        if self.optimiser.second.iter().any(|v| *v < 0.0) {
            return Err("a second moment of its optimiser is negative".into());
        }
        if !self.epoch_loss.is_finite() {
            return Err(format!("the loss of its epoch is {}", self.epoch_loss));
        }
        let mut before = 0;
        for (epoch, report) in (1..).zip(&self.epochs) {
            if report.epoch != epoch || report.update <= before || report.update > self.update {
                return Err(format!(
                    "its epoch {epoch} is written as epoch {} after update {}",
                    report.epoch, report.update
                ));
            }
            before = report.update;
        }
        let Some(best) = &self.best else { return Ok(()) };
        if self.epochs.iter().all(|e| (e.epoch, e.update) != (best.epoch, best.update)) {
            return Err(format!("its best epoch {} after update {} is not one of its epochs", best.epoch, best.update));
        }
        Ok(())
    }
}

/// A number as a text that reads back to the same bits, also where it is none.
fn exact(x: f64) -> String {
    format!("{x:?}")
}

fn epoch(report: &EpochReport) -> Value {
    json!({
        "epoch": report.epoch,
        "update": report.update,
        "train_loss": exact(report.train_loss),
        "valid": report.valid.as_ref().map(|v| json!({
            "samples": v.samples,
            "loss": exact(v.loss),
            "accuracy_first": exact(v.accuracy_first),
            "accuracy_count": exact(v.accuracy_count),
            "unanswered": v.unanswered,
            "spikes": exact(v.spikes),
            "necessary": exact(v.necessary),
            "first_step": exact(v.first_step),
        })),
    })
}

/// The beginning of a text that may have any length and any characters, on one line.
fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    let mut short: String = text.chars().take(MOST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    short.extend(text.chars().nth(MOST).map(|_| '…'));
    short
}

/// What is wrong with a file.
enum Wrong {
    /// A part of a sentence.
    Damaged(String),
    Sentence(String),
}

impl From<String> for Wrong {
    fn from(what: String) -> Self {
        Self::Damaged(what)
    }
}

/// Reads the parts of a file.
struct Read<'a> {
    name: &'a str,
    json: &'a Value,
    memory: u64,
}

impl Read<'_> {
    fn checkpoint(&self, file: &SafeTensors, size: usize) -> Result<Checkpoint, Wrong> {
        let settings = Settings::from_toml_within(&self.part("settings"), self.text("settings")?, self.memory);
        let settings = settings.map_err(|p| first(&p))?;
        let update = self.whole(self.json, "update")?;
        let net = settings.network().map_err(|misfit| misfit.sentence)?;
        // nothing as large as the network is made before the file is known to be as large
        let needed = net.parameter_count() * 3 * size_of::<f32>();
        if needed > size {
            return Err(
                format!("its settings describe the network {}, for which it is too short", net.describe()).into()
            );
        }
        let params = tensors::read("", file, &net)?;
        let optimiser = Optimiser {
            first: tensors::read(FIRST, file, &net)?.0,
            second: tensors::read(SECOND, file, &net)?.0,
            steps: self.whole(self.json, "optimiser_steps")?,
        };
        let best = match &self.json["best"] {
            Value::Null => None,
            best => Some(Best {
                epoch: self.whole(best, "epoch")?,
                update: self.whole(best, "update")?,
                accuracy: self.number(best, "accuracy")?,
                params: Arc::new(tensors::read(BEST, file, &net)?),
            }),
        };
        let log = Log::from_toml_within(&self.part("log"), self.text("log")?, self.memory).map_err(|p| first(&p))?;
        let epochs = self.json["epochs"].as_array().ok_or_else(|| "it has no list of epochs".to_owned())?;
        Ok(Checkpoint {
            log,
            settings,
            update,
            params,
            optimiser,
            samples: self.samples()?,
            epoch_loss: self.number(self.json, "epoch_loss")?,
            epochs: epochs.iter().map(|e| self.epoch(e)).collect::<Result<_, _>>()?,
            best,
        })
    }

    /// What messages call a part.
    fn part(&self, key: &str) -> String {
        format!("{}, its {key}", self.name)
    }

    fn text(&self, key: &str) -> Result<&str, String> {
        self.json[key].as_str().ok_or_else(|| format!("it has no {key}"))
    }

    fn whole(&self, json: &Value, key: &str) -> Result<u64, String> {
        json[key].as_u64().ok_or_else(|| format!("its {key} is not a whole number"))
    }

    fn number(&self, json: &Value, key: &str) -> Result<f64, String> {
        let number = json[key].as_str().and_then(|text| text.parse().ok());
        number.ok_or_else(|| format!("its {key} is not a number in quotes"))
    }

    fn size(&self, json: &Value, key: &str) -> Result<usize, String> {
        self.whole(json, key)?.try_into().map_err(|_| format!("its {key} is more than can be counted"))
    }

    fn samples(&self) -> Result<[usize; 3], String> {
        let list = self.json["samples"].as_array().map(Vec::as_slice).unwrap_or_default();
        let numbers: Option<Vec<usize>> = list.iter().map(|n| n.as_u64().and_then(|n| n.try_into().ok())).collect();
        let numbers: Option<[usize; 3]> = numbers.and_then(|n| n.try_into().ok());
        numbers.ok_or_else(|| "it does not say how many samples there are in each of three parts".into())
    }

    fn epoch(&self, json: &Value) -> Result<EpochReport, String> {
        let valid = match &json["valid"] {
            Value::Null => None,
            v => Some(Validation {
                samples: self.size(v, "samples")?,
                loss: self.number(v, "loss")?,
                accuracy_first: self.number(v, "accuracy_first")?,
                accuracy_count: self.number(v, "accuracy_count")?,
                unanswered: self.size(v, "unanswered")?,
                spikes: self.number(v, "spikes")?,
                necessary: self.number(v, "necessary")?,
                first_step: self.number(v, "first_step")?,
            }),
        };
        Ok(EpochReport {
            epoch: self.whole(json, "epoch")?,
            update: self.whole(json, "update")?,
            train_loss: self.number(json, "train_loss")?,
            valid,
        })
    }
}

/// The first of several problems: of a damaged file, one is enough.
fn first(problems: &[Problem]) -> Wrong {
    let Some(first) = problems.first() else { return Wrong::Damaged("it cannot be read".into()) };
    let first = first.to_string();
    // what a library says of a damaged text need not be a sentence, and may go over several lines
    let first = first.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let point = if first.ends_with(['.', '?']) { "" } else { "." };
    Wrong::Sentence(match problems.len() {
        1 => format!("{first}{point}"),
        n => format!("{first}{point} ({} more like it).", n - 1),
    })
}
