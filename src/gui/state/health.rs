//! What is ill with the network in view, as far as it was examined.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::engine::{Diagnosis, Frame};
use crate::explain::health::{FLAT_UPDATES, Finding};
use crate::record::Series;
use crate::train::Settings;

/// The last examination, and the one that is under way.
#[derive(Default)]
pub struct HealthState {
    diagnosis: Option<Arc<Diagnosis>>,
    /// With which settings the network was examined last, or is being examined, after how many updates of which start.
    asked: Option<(u32, u64, Arc<Settings>)>,
    /// The number of the question under way, and since when.
    coming: Option<(u64, Instant)>,
    /// When the last answer came, and what it took.
    answered: Option<(Instant, Duration)>,
}

/// The least time between two examinations of a run that goes on; a longer one rests for this many times what it took.
const REST: Duration = Duration::from_millis(1500);
const REST_TIMES: u32 = 20;

impl HealthState {
    /// The last examination; none before the first, or of another run.
    pub fn diagnosis(&self) -> Option<&Arc<Diagnosis>> {
        self.diagnosis.as_ref()
    }

    /// What is ill, the worst first.
    pub fn findings(&self) -> &[Finding] {
        self.diagnosis.as_ref().map_or(&[], |diagnosis| &diagnosis.findings)
    }

    /// Whether the network of `frame` was examined, or is being examined.
    pub fn knows(&self, frame: &Frame) -> bool {
        self.asked.as_ref().is_some_and(|(start, update, settings)| {
            (*start, *update) == (frame.start, frame.update)
                && (Arc::ptr_eq(settings, &frame.settings) || **settings == *frame.settings)
        })
    }

    /// Whether an answer is to come.
    pub fn is_coming(&self) -> bool {
        self.coming.is_some()
    }

    /// How long to wait until the next examination; none while one is under way.
    pub fn rest(&self, playing: bool, now: Instant) -> Option<Duration> {
        if self.coming.is_some() {
            return None;
        }
        let Some((at, took)) = self.answered.filter(|_| playing) else { return Some(Duration::ZERO) };
        Some((at + REST.max(took * REST_TIMES)).saturating_duration_since(now))
    }

    pub fn ask(&mut self, id: u64, frame: &Frame, now: Instant) {
        self.asked = Some((frame.start, frame.update, Arc::clone(&frame.settings)));
        self.coming = Some((id, now));
    }

    pub fn take(&mut self, id: u64, took: Duration, diagnosis: Arc<Diagnosis>) {
        if self.coming.take_if(|(asked, _)| *asked == id).is_some() {
            self.answered = Some((Instant::now(), took));
            self.diagnosis = Some(diagnosis);
        }
    }

    /// Whether the question that was not answered was this one.
    pub fn on_failed(&mut self, id: u64) -> bool {
        self.coming.take_if(|(asked, _)| *asked == id).is_some()
    }

    /// Another run begins: what was ill with the last is forgotten.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}

/// The losses of the last updates, the oldest first; of those that were thinned their least, greatest and mean.
pub fn last_losses(loss: &Series) -> Vec<f64> {
    let mut losses = Vec::new();
    for bucket in loss.buckets().iter().rev() {
        if losses.len() >= FLAT_UPDATES {
            break;
        }
        let ends = [bucket.max, bucket.min];
        losses.extend((0..bucket.count as usize).map(|n| ends.get(n).copied().unwrap_or(bucket.mean())));
    }
    losses.reverse();
    losses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_that_were_thinned_keep_their_extremes() {
        let mut loss = Series::new(16);
        (0..400).for_each(|n| loss.push(n, if n == 350 { 9.0 } else { 1.0 }));
        let last = last_losses(&loss);
        assert!(last.len() >= FLAT_UPDATES && last.contains(&9.0), "{last:?}");
        let mut loss = Series::new(1024);
        (0..400).for_each(|n| loss.push(n, f64::from(n as u32)));
        assert_eq!(last_losses(&loss), (300..400).map(f64::from).collect::<Vec<_>>());
    }
}
