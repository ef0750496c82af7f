//! What a session says of itself, as JSON: `session.json`.

use serde::{Deserialize, Serialize};

use super::{DataReference, SessionPin};

/// What a session says of itself.
pub const FORMAT: &str = "spikescape session 1";
/// The beginning of that, whatever the version.
pub const ANY_FORMAT: &str = "spikescape session ";

/// The one key that is read before the rest.
#[derive(Deserialize)]
pub struct SessionFormatKey {
    pub format: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionManifest {
    pub format: String,
    pub version: String,
    pub current: u32,
    pub at: Option<u64>,
    pub runs: Vec<RunEntry>,
    pub pins: Vec<SessionPin>,
    pub window: serde_json::Value,
}

/// A run, apart from its log, its moments and its curves, which have parts of their own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunEntry {
    pub start: u32,
    pub parent: Option<ParentEntry>,
    /// Whether there is a part with the run as it is now.
    pub now: bool,
    /// Updates of the key moments.
    pub moments: Vec<u64>,
    pub data: Vec<DataReference>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParentEntry {
    pub run: u32,
    pub update: u64,
}
