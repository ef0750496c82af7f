//! `metrics.csv`: a row for every update.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use crate::file::{GrowingFile, open};
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
    /// Every layer has a column; what layers without neurons pass on counts in no sum. Of the files `earlier`, the one that
    /// goes furthest within the first `updates` updates is continued: a run that was resumed has its whole table. Where there
    /// is none, or it is of another network, the table begins here. With it comes the last update that it has.
    pub fn begin(mut file: GrowingFile, net: &Network, earlier: &[PathBuf], updates: u64) -> io::Result<(Self, u64)> {
        let spikes: String = (1..=net.layers.len()).map(|l| format!(",spikes_{l}")).collect();
        let first = "update,loss,spikes_total,shifted,created,removed,seconds";
        let head = format!("{first},target_distance,learning_rate,rule{spikes}");
        writeln!(file, "{head}")?;
        let last = |path: &PathBuf| rows(path, &head, updates).last().map(|row| row.update);
        let furthest = earlier.iter().filter_map(|path| Some((last(path)?, path))).max_by_key(|(last, _)| *last);
        let (mut before, mut last) = (0.0, 0);
        for row in furthest.into_iter().flat_map(|(_, path)| rows(path, &head, updates)) {
            (before, last) = (row.seconds.unwrap_or(before), row.update);
            writeln!(file, "{}", row.line)?;
        }
        let fires = net.layers.iter().map(|layer| layer.has_weights()).collect();
        Ok((Self { file, fires, before }, last))
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

    /// Makes the rows until now last, also when the process is killed.
    pub fn secure(&mut self) -> io::Result<()> {
        self.file.secure()
    }

    /// Gives the file its name.
    pub fn end(self) -> io::Result<()> {
        self.file.finish()
    }
}

/// A row of an earlier file.
struct Row {
    line: String,
    update: u64,
    seconds: Option<f64>,
}

/// The whole rows of the first `updates` updates in a file with this head; none where it is another file.
fn rows(path: &Path, head: &str, updates: u64) -> impl Iterator<Item = Row> {
    let columns = head.split(',').count();
    let mut lines = open(path).ok().map(|(file, _)| BufReader::new(file).lines());
    let ours = lines.as_mut().and_then(Iterator::next).and_then(Result::ok).is_some_and(|first| first == head);
    let lines = lines.filter(|_| ours).into_iter().flatten().map_while(Result::ok);
    lines.map_while(move |line| {
        let cell = |n| line.split(',').nth(n);
        let update = cell(0)?.parse().ok().filter(|update| *update <= updates)?;
        let seconds = cell(SECONDS)?.parse().ok();
        // a process that was killed may have left a part of a row
        (line.split(',').count() == columns).then_some(Row { line, update, seconds })
    })
}
