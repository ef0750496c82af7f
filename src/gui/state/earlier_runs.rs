//! Paths of runs that came before, so that several can be seen on one plane.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::engine::Frame;
use crate::landscape::Track;

/// The last runs, within a budget of memory.
#[derive(Debug, Default)]
pub struct EarlierRuns {
    tracks: VecDeque<(Track, usize)>,
}

const MOST_RUNS: usize = 5;
/// Moments of a run that are kept.
const MOST_MOMENTS: usize = 64;
/// All that all of them may take.
const BYTES: usize = 64 << 20;

impl EarlierRuns {
    /// Keeps the path of a run that has come to `frame`, unless it has hardly begun.
    pub fn keep(&mut self, frame: &Frame) {
        let moments = frame.moments();
        let bytes = size_of::<f32>() * frame.params.0.len().max(1);
        let most = MOST_MOMENTS.min(BYTES / MOST_RUNS / bytes);
        if moments.len() < 2 || most < 2 {
            return;
        }
        // first and last among them
        let kept = most.min(moments.len());
        let thinned = (0..kept).map(|k| moments[k * (moments.len() - 1) / (kept - 1)].clone()).collect();
        let name = format!("{}, seed {}, run {}", frame.settings.rule.rule, frame.settings.run.seed, frame.start);
        self.tracks.push_back((Track { name, moments: Arc::new(thinned) }, frame.params.0.len()));
        if self.tracks.len() > MOST_RUNS {
            self.tracks.pop_front();
        }
    }

    /// Those of networks with as many parameters.
    pub fn like(&self, frame: &Frame) -> Vec<Track> {
        let same = self.tracks.iter().filter(|(_, length)| *length == frame.params.0.len());
        same.map(|(track, _)| track.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::state::fixtures::frame;
    use crate::snn::Params;
    use crate::train::Settings;

    #[test]
    fn a_run_is_kept_thinned_and_the_oldest_goes_first() {
        let frame = frame(Settings::default());
        let mut earlier = EarlierRuns::default();
        earlier.keep(&frame);
        assert!(earlier.like(&frame).is_empty(), "it has not left its beginning");
        let params = |k: u64| Arc::new(Params(vec![k as f32; frame.params.0.len()]));
        let path = Arc::new((0..300).map(|k| (k, params(k))).collect::<Vec<_>>());
        for start in 1..=8 {
            earlier.keep(&Frame { start, update: 300, path: Arc::clone(&path), ..Frame::clone(&frame) });
        }
        let tracks = earlier.like(&frame);
        assert_eq!(tracks.len(), MOST_RUNS);
        assert!(tracks[0].name.ends_with("run 4"));
        let updates: Vec<u64> = tracks[0].moments.iter().map(|(update, _)| *update).collect();
        assert_eq!((updates.len(), updates[0], updates[MOST_MOMENTS - 1]), (MOST_MOMENTS, 0, 300));
        let other = Frame { params: Arc::new(Params(vec![0.0])), ..Frame::clone(&frame) };
        assert!(earlier.like(&other).is_empty());
    }
}
