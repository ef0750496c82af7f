//! `metrics.csv`: a row for every update.

use std::io::{self, Write};

use crate::record::file::Growing;
use crate::train::{LayerReport, StepReport};

use super::print::exact;

/// The file while it grows.
pub struct Metrics(Growing);

impl Metrics {
    /// `layers` is the number of hidden layers and the output together.
    pub fn begin(mut file: Growing, layers: usize) -> io::Result<Self> {
        let spikes: String = (1..=layers).map(|l| format!(",spikes_{l}")).collect();
        let first = "update,loss,spikes_total,shifted,created,removed,seconds";
        writeln!(file, "{first},target_distance,learning_rate,rule{spikes}")?;
        Ok(Self(file))
    }

    /// The row of an update that was done `seconds` after the start.
    pub fn row(&mut self, step: &StepReport, layers: &[LayerReport], seconds: f64) -> io::Result<()> {
        let StepReport { update, changes, .. } = step;
        let spikes: u64 = layers.iter().map(|l| u64::from(l.spikes)).sum();
        // a clock is not finer than this, and the file is shorter
        let seconds = (seconds * 1e6).round() / 1e6;
        write!(self.0, "{update},{},{spikes}", exact(step.loss))?;
        write!(self.0, ",{},{},{}", changes.shifted, changes.created, changes.removed)?;
        write!(self.0, ",{},{}", exact(seconds), exact(step.target_distance))?;
        write!(self.0, ",{},{}", exact(step.learning_rate), step.rule.key())?;
        layers.iter().try_for_each(|l| write!(self.0, ",{}", l.spikes))?;
        writeln!(self.0)
    }

    /// Gives the file its name.
    pub fn end(self) -> io::Result<()> {
        self.0.finish()
    }
}
