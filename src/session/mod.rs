//! Sessions: all runs of a program with their pasts, the moments that were pinned, and the view of them, in one file or in
//! a journal that is only appended to.
//!
//! A session is taken apart into named parts ([`parts`]); a file ([`archive`]) is a zip archive of them, a journal
//! ([`journal`]) a sequence of those that changed. Data are not a part of it: they are named by path and digest ([`data`]).

pub mod archive;
mod curves;
pub mod data;
mod firsts;
pub mod journal;
mod manifest;
pub mod parts;

use std::sync::Arc;

use crate::record::{Checkpoint, Curves, Log};
use crate::spike::Raster;

pub use data::DataReference;

/// The ending of session files.
pub const ENDING: &str = "spikescape";

/// All that a session file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// In the order of their starts.
    pub runs: Vec<SessionRun>,
    /// The run in view, by the number of its start.
    pub current: u32,
    /// The moment of it that is looked at; its present where there is none.
    pub at: Option<u64>,
    pub pins: Vec<SessionPin>,
    /// The view, as the window writes it: nothing here looks into it.
    pub window: serde_json::Value,
}

/// A run, and as many moments of its past as there was room for.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRun {
    /// Its number, from 1.
    pub start: u32,
    /// The run whose past it shares, and until which update.
    pub parent: Option<(u32, u64)>,
    /// Until now: with its end.
    pub log: Log,
    /// As it is now; where there is none it is replayed from its log.
    pub now: Option<Checkpoint>,
    /// Key moments from which any other is replayed, the oldest first.
    pub moments: Vec<Checkpoint>,
    /// Spikes with which "since the start" begins, by update.
    pub firsts: FirstSpikes,
    pub curves: Curves,
    /// The data that it learns from, where they lie in files.
    pub data: Vec<DataReference>,
}

/// Spikes of all layers of the watched sample, by update.
pub type FirstSpikes = Vec<(u64, Arc<Vec<Raster>>)>;

/// A moment that was pinned.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct SessionPin {
    pub name: String,
    /// The run, by the number of its start.
    pub run: u32,
    pub update: u64,
    /// The view of it, as the window writes it.
    pub view: serde_json::Value,
}

impl SessionRun {
    /// A run of which there is nothing but a log with an end.
    pub fn of_log(log: Log) -> Self {
        let (moments, firsts, data) = (Vec::new(), Vec::new(), Vec::new());
        Self { start: 1, parent: None, log, now: None, moments, firsts, curves: Curves::default(), data }
    }

    /// Updates made.
    pub fn newest(&self) -> u64 {
        let entries = self.log.entries.last().map_or(0, |entry| entry.update);
        self.log.end.map_or(entries, |end| end.update)
    }
}

impl Session {
    /// A session of one run, of which there is nothing but a log.
    pub fn of_log(log: Log) -> Self {
        let runs = vec![SessionRun::of_log(log)];
        Self { runs, current: 1, at: None, pins: Vec::new(), window: serde_json::Value::Null }
    }
}
