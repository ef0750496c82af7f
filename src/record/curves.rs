//! The scalars of a run over training.

use std::collections::HashMap;

use super::Series;
use super::series::Bucket;
use crate::train::{EpochReport, LayerReport, Reports, StepReport};

/// One series for each scalar. Index by layer: 0 is the first hidden one, the last is the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    pub loss: Series,
    pub learning_rate: Series,
    pub target_distance: Series,
    pub created: Series,
    pub removed: Series,
    pub shifted: Series,
    pub spikes: Vec<Series>,
    /// Of the validation samples, at the end of every epoch.
    pub accuracy_first: Series,
    pub accuracy_count: Series,
}

/// Buckets of a series: more than pixels that a curve has.
const BUCKETS: usize = 4096;

/// What the series are called that do not belong to a layer.
const NAMES: [&str; 8] =
    ["loss", "learning rate", "target distance", "created", "removed", "shifted", "accuracy first", "accuracy count"];

impl Default for Curves {
    fn default() -> Self {
        let [loss, learning_rate, target_distance, created, removed, shifted] = [(); 6].map(|()| Series::new(BUCKETS));
        let [accuracy_first, accuracy_count] = [(); 2].map(|()| Series::new(BUCKETS));
        let spikes = Vec::new();
        Self { loss, learning_rate, target_distance, created, removed, shifted, spikes, accuracy_first, accuracy_count }
    }
}

impl Curves {
    /// Adds an update. Values from before it belong to the number of updates made until then, so that they agree with the
    /// numbers at the top of the window; its effects belong to its own number.
    pub fn push(&mut self, step: &StepReport, layers: &[LayerReport]) {
        let (u, before) = (step.update, step.update - 1);
        self.loss.push(before, step.loss);
        self.learning_rate.push(u, step.learning_rate);
        self.target_distance.push(before, step.target_distance);
        self.created.push(u, f64::from(step.changes.created));
        self.removed.push(u, f64::from(step.changes.removed));
        self.shifted.push(u, f64::from(step.changes.shifted));
        self.spikes.resize_with(layers.len(), || Series::new(BUCKETS));
        for (series, layer) in self.spikes.iter_mut().zip(layers) {
            series.push(before, f64::from(layer.spikes));
        }
    }

    /// Adds consecutive updates.
    pub fn extend(&mut self, reports: &Reports) {
        reports.iter().for_each(|(step, layers)| self.push(step, layers));
    }

    /// Adds an epoch.
    pub fn push_epoch(&mut self, report: &EpochReport) {
        if let Some(valid) = report.valid {
            self.accuracy_first.push(report.update, valid.accuracy_first);
            self.accuracy_count.push(report.update, valid.accuracy_count);
        }
    }

    /// Forgets what came after `update` updates, and all epochs, which are reported again to whoever goes on from there.
    pub fn truncate(&mut self, update: u64) {
        for series in [&mut self.learning_rate, &mut self.created, &mut self.removed, &mut self.shifted] {
            series.truncate(update);
        }
        for series in [&mut self.accuracy_first, &mut self.accuracy_count] {
            series.clear();
        }
        // of the weights after so many updates: the next report brings them again
        let states = [&mut self.loss, &mut self.target_distance].into_iter().chain(&mut self.spikes);
        for series in states {
            match update.checked_sub(1) {
                Some(last) => series.truncate(last),
                None => series.clear(),
            }
        }
    }

    /// All series by name; those of a layer as `spikes 0`.
    pub fn named(&self) -> Vec<(String, &Series)> {
        let spikes = self.spikes.iter().enumerate().map(|(layer, series)| (format!("spikes {layer}"), series));
        let Self { loss, learning_rate, target_distance, created, removed, shifted, .. } = self;
        let all = [loss, learning_rate, target_distance, created, removed, shifted];
        let all = all.into_iter().chain([&self.accuracy_first, &self.accuracy_count]);
        NAMES.into_iter().map(str::to_owned).zip(all).chain(spikes).collect()
    }

    /// Curves of series by the names of [`Curves::named`], as buckets and widths; `None` where one is missing.
    pub fn of_named(mut series: HashMap<String, (Vec<Bucket>, u64)>) -> Option<Self> {
        let mut take =
            |name: &str| series.remove(name).map(|(buckets, width)| Series::restored(buckets, width, BUCKETS));
        let all = NAMES.map(&mut take);
        let [loss, learning_rate, target_distance, created, removed, shifted, accuracy_first, accuracy_count] = all;
        let spikes = (0..).map_while(|layer| take(&format!("spikes {layer}"))).collect();
        Some(Self {
            loss: loss?,
            learning_rate: learning_rate?,
            target_distance: target_distance?,
            created: created?,
            removed: removed?,
            shifted: shifted?,
            spikes,
            accuracy_first: accuracy_first?,
            accuracy_count: accuracy_count?,
        })
    }

    /// Adds what follows, of the same network.
    pub fn append(&mut self, next: &Self) {
        self.spikes.resize_with(next.spikes.len().max(self.spikes.len()), || Series::new(BUCKETS));
        self.spikes.iter_mut().zip(&next.spikes).for_each(|(series, next)| series.append(next));
        for (series, next) in [
            (&mut self.loss, &next.loss),
            (&mut self.learning_rate, &next.learning_rate),
            (&mut self.target_distance, &next.target_distance),
            (&mut self.created, &next.created),
            (&mut self.removed, &next.removed),
            (&mut self.shifted, &next.shifted),
            (&mut self.accuracy_first, &next.accuracy_first),
            (&mut self.accuracy_count, &next.accuracy_count),
        ] {
            series.append(next);
        }
    }
}
