//! `metrics.csv`: a row for every update.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use crate::file::GrowingFile;
use crate::snn::Network;
use crate::train::{LayerReport, StepReport};

use super::print::exact;

/// The column of the time.
const SECONDS: usize = 6;

/// The file while it grows.
pub struct Metrics {
    file: GrowingFile,
    /// Which layers have neurons.
    fires: Vec<bool>,
    /// The time of the last row of an earlier run that this one continues.
    before: f64,
}

impl Metrics {
    /// Every layer has a column; what layers without neurons pass on counts in no sum. Of the rows in the file `earlier` those of the
    /// first `updates` updates are kept: a run that was resumed continues its table. Where there is no such file, or it
    /// is of another network, the table begins here.
    pub fn begin(mut file: GrowingFile, net: &Network, earlier: Option<&Path>, updates: u64) -> io::Result<Self> {
        let spikes: String = (1..=net.layers.len()).map(|l| format!(",spikes_{l}")).collect();
        let first = "update,loss,spikes_total,shifted,created,removed,seconds";
        let head = format!("{first},target_distance,learning_rate,rule{spikes}");
        writeln!(file, "{head}")?;
        let mut before = 0.0;
        let earlier = earlier.and_then(|path| File::open(path).ok()).map(|file| BufReader::new(file).lines());
        if let Some(mut lines) = earlier
            && lines.next().and_then(Result::ok).as_ref() == Some(&head)
        {
            for line in lines.map_while(Result::ok) {
                let cell = |n| line.split(',').nth(n);
                if cell(0).and_then(|u| u.parse().ok()).is_none_or(|update: u64| update > updates) {
                    break;
                }
                before = cell(SECONDS).and_then(|s| s.parse().ok()).unwrap_or(before);
                writeln!(file, "{line}")?;
            }
        }
        let fires = net.layers.iter().map(|layer| layer.has_weights()).collect();
        Ok(Self { file, fires, before })
    }

    /// The row of an update that was done `seconds` after this run began or was resumed.
    pub fn row(&mut self, step: &StepReport, layers: &[LayerReport], seconds: f64) -> io::Result<()> {
        let StepReport { update, changes, .. } = step;
        let neurons = layers.iter().zip(&self.fires).filter(|(_, fires)| **fires);
        let spikes: u64 = neurons.map(|(l, _)| u64::from(l.spikes)).sum();
        // a clock is not finer than this, and the file is shorter
        let seconds = ((self.before + seconds) * 1e6).round() / 1e6;
        write!(self.file, "{update},{},{spikes}", exact(step.loss))?;
        write!(self.file, ",{},{},{}", changes.shifted, changes.created, changes.removed)?;
        write!(self.file, ",{},{}", exact(seconds), exact(step.target_distance))?;
        write!(self.file, ",{},{}", exact(step.learning_rate), step.rule.key())?;
        layers.iter().try_for_each(|l| write!(self.file, ",{}", l.spikes))?;
        writeln!(self.file)
    }

    /// Gives the file its name.
    pub fn end(self) -> io::Result<()> {
        self.file.finish()
    }
}
