//! Frames of small runs and answers about them, for tests.

use std::sync::Arc;
use std::time::Duration;

use super::LatestAnswer;
use super::decision_map::DecisionMap;
use crate::engine::{Frame, MapCell, MapPart, MapQuestion, MapSpec, Run};
use crate::loss::LossKind;
use crate::task::TaskKind;
use crate::train::Settings;
use crate::train::settings::NetworkSettings;

/// A small network that is to learn Yin-Yang by first spikes.
pub fn settings() -> Settings {
    let mut s = Settings::default();
    s.task.set_kind(TaskKind::YinYang);
    (s.task.steps, s.task.latest, s.task.train_samples, s.task.test_samples) = (40, 24, 24, 12);
    s.network.hidden = NetworkSettings::fc(&[8]);
    s.loss.kind = LossKind::Latency;
    s
}

pub fn frame(settings: Settings) -> Arc<Frame> {
    let run = Run::start(settings, 1, Arc::new(|| {})).unwrap();
    loop {
        if let Some(frame) = run.frame() {
            return frame;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A decision map of which these cells are known.
pub fn map(points: usize, cells: Vec<Option<MapCell>>) -> DecisionMap {
    let question = MapQuestion { id: 1, what: MapSpec { points }, frame: frame(settings()) };
    let (cells, of): (Vec<MapCell>, usize) = (cells.into_iter().flatten().collect(), points * points);
    let part = MapPart { done: cells.len(), cells, of };
    DecisionMap::begin(Arc::new(question), part, Duration::ZERO).expect("any part begins a map")
}
