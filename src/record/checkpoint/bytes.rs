//! A checkpoint as one safetensors file.
//!
//! Tensors, each in the layout of [`tensors`]: the weights under their plain names, so that what reads weights reads
//! checkpoints; `optimiser.first.…` and `optimiser.second.…`, its memory; `best.…`, where an epoch was the best so far.
//! Everything else stands as JSON under the one metadata key `spikescape`, which says of plain weights what made them;
//! numbers that are not whole are texts there, the shortest that read back to the same bits.

use std::path::Path;

use safetensors::SafeTensors;

use crate::file::{excerpt, save};
use crate::machine;
use crate::optim::Optimiser;
use crate::record::json;
use crate::record::log::{End, Log};
use crate::record::tensors::{self, Tensors};
use crate::snn::{Network, Params};
use crate::train::Settings;
use crate::train::settings::Problem;

use super::Checkpoint;
use super::metadata::{ANY_FORMAT, CheckpointMetadata, EpochMetadata, FORMAT, FormatKey};

/// The metadata key.
const KEY: &str = "spikescape";
const FIRST: &str = "optimiser.first.";
const SECOND: &str = "optimiser.second.";
const BEST: &str = "best.";
/// The most characters that a message quotes of a file.
const LONGEST: usize = 80;

/// Whether the file says that it is a checkpoint, whole or not, of this version or another.
pub fn is_checkpoint(bytes: &[u8]) -> bool {
    let Ok((_, header)) = SafeTensors::read_metadata(bytes) else { return false };
    let text = header.metadata().as_ref().and_then(|m| m.get(KEY));
    let key: Option<FormatKey> = text.and_then(|t| json::parse(t).ok());
    key.and_then(|key| key.format).is_some_and(|format| format.starts_with(ANY_FORMAT))
}

impl Checkpoint {
    /// Writes the file, so that at every moment the old one or the new one is there as a whole. A sentence says why it
    /// could not be.
    pub fn save(&self, path: &Path, net: &Network) -> Result<(), String> {
        save(path, &self.to_bytes(net)?)
    }

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
        let cannot = |e: &dyn std::fmt::Display| format!("The checkpoint cannot be made: {e}.");
        let metadata = serde_json::to_string(&CheckpointMetadata::of(self)).map_err(|e| cannot(&e))?;
        tensors.file(KEY, metadata).map_err(|e| cannot(&e))
    }

    /// Reads the file on this machine; `name` is what messages call it. What is read can go on: everything was checked
    /// except that the data are still there.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, String> {
        Self::from_bytes_within(name, bytes, machine::memory())
    }

    /// The same on a machine of `memory` bytes.
    pub fn from_bytes_within(name: &str, bytes: &[u8], memory: u64) -> Result<Self, String> {
        let reader = CheckpointReader { name, memory };
        reader.checkpoint(bytes).map_err(|fault| match fault {
            Fault::Sentence(sentence) => sentence,
            Fault::Damaged(what) => format!(
                "{name} is not a whole checkpoint of Spikescape: {what}. Use a whole copy, or an earlier checkpoint."
            ),
        })
    }
}

/// What is wrong with a file.
enum Fault {
    /// The part of a sentence that says how it is damaged.
    Damaged(String),
    Sentence(String),
}

impl From<String> for Fault {
    fn from(what: String) -> Self {
        Self::Damaged(what)
    }
}

/// Reads a file and checks it.
struct CheckpointReader<'a> {
    name: &'a str,
    memory: u64,
}

impl CheckpointReader<'_> {
    fn checkpoint(&self, bytes: &[u8]) -> Result<Checkpoint, Fault> {
        // what the library says of a damaged file may quote any part of it
        let damaged = |e: safetensors::SafeTensorError| excerpt(&e.to_string(), LONGEST);
        let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let text = header.metadata().as_ref().and_then(|m| m.get(KEY));
        let metadata = self.metadata(text.ok_or_else(|| format!("it has no metadata under the key {KEY}"))?)?;
        let checkpoint = self.assembled(metadata, &file, bytes.len())?;
        checkpoint.consistent()?;
        Ok(checkpoint)
    }

    /// The metadata, of a version that is known.
    fn metadata(&self, text: &str) -> Result<CheckpointMetadata, Fault> {
        match json::parse::<FormatKey>(text)?.format.as_deref() {
            Some(FORMAT) => Ok(json::parse(text)?),
            Some(other) if other.starts_with(ANY_FORMAT) => Err(Fault::Sentence(format!(
                "The format of {} is \"{}\", and this version of Spikescape reads \"{FORMAT}\". A newer version may read \
                 it.",
                self.name,
                excerpt(other, LONGEST)
            ))),
            _ => Err("it has weights alone; training cannot go on from them, but begin with them".to_owned().into()),
        }
    }

    /// The checkpoint that metadata and tensors make. `size` is that of the whole file in bytes.
    fn assembled(&self, metadata: CheckpointMetadata, file: &SafeTensors, size: usize) -> Result<Checkpoint, Fault> {
        let settings = Settings::from_toml_within(&self.part("settings"), &metadata.settings, self.memory);
        let settings = settings.map_err(|problems| first(&problems))?;
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
            steps: metadata.optimiser_steps,
        };
        let best = match metadata.best {
            Some(best) => Some(best.best(tensors::read(BEST, file, &net)?)),
            None => None,
        };
        let log = Log::from_toml_within(&self.part("log"), &metadata.log, self.memory);
        Ok(Checkpoint {
            log: log.map_err(|problems| first(&problems))?,
            settings,
            update: metadata.update,
            params,
            optimiser,
            samples: metadata.samples,
            epoch_loss: metadata.epoch_loss,
            epochs: metadata.epochs.into_iter().map(EpochMetadata::report).collect(),
            best,
        })
    }

    /// What messages call a part.
    fn part(&self, key: &str) -> String {
        format!("{}, its {key}", self.name)
    }
}

/// The first of several problems: of a damaged file, one is enough.
fn first(problems: &[Problem]) -> Fault {
    let Some(first) = problems.first() else { return Fault::Damaged("it cannot be read".into()) };
    let first = first.to_string();
    // what a library says of a damaged text need not be a sentence, and may go over several lines
    let first = first.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let point = if first.ends_with(['.', '?']) { "" } else { "." };
    Fault::Sentence(match problems.len() {
        1 => format!("{first}{point}"),
        2 => format!("{first}{point} One more problem like it follows."),
        n => format!("{first}{point} {} more problems like it follow.", n - 1),
    })
}
