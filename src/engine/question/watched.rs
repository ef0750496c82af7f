//! The watched sample of a frame, ready to be explained.

use std::sync::Arc;

use crate::engine::frame::Frame;
use crate::explain::{LayerActivity, Setup};
use crate::snn::{Dynamics, Isa};
use crate::spike::Sample;
use crate::task::Split;
use crate::train::Settings;
use crate::train::pass::Model;

/// The most samples of a batch that are run with the watched one: more would take long for what is about one of them.
const MOST_SAMPLES: usize = 64;

/// What explanations of a frame's watched sample depend on besides the parameters.
#[derive(Clone, Debug)]
pub struct WatchedSetup {
    pub frame: Arc<Frame>,
    /// The frame's, or those under which an update was made.
    pub settings: Arc<Settings>,
    dynamics: Dynamics,
}

impl WatchedSetup {
    pub fn new(frame: &Arc<Frame>, settings: Arc<Settings>) -> Self {
        let dynamics = settings.neuron.dynamics(settings.task.steps);
        Self { frame: Arc::clone(frame), settings, dynamics }
    }

    /// The watched sample by itself; among those of its batch where all training samples are one batch of a few, as the
    /// run has it then.
    pub fn setup(&self) -> Setup<'_> {
        let (samples, watched) = self.samples();
        Setup::of(&self.frame.net, &self.dynamics, &self.settings, samples, watched)
    }

    fn samples(&self) -> (&[Sample], usize) {
        let Self { frame, settings, .. } = self;
        let (batch, probe) = (&frame.batch, settings.run.probe);
        let whole = settings.run.probe_part == Split::Train && batch.len() == frame.task.len(Split::Train);
        match batch.get(probe) {
            Some(_) if whole && batch.len() <= MOST_SAMPLES => (batch, probe),
            _ => (std::slice::from_ref(frame.sample()), 0),
        }
    }

    /// Layer `index` of the frame, as it was there.
    pub fn layer(&self, index: usize) -> LayerActivity<'_> {
        let Self { frame, dynamics, .. } = self;
        let model = Model { net: &frame.net, dynamics, isa: Isa::best() };
        LayerActivity { model, index, below: frame.below(index), spikes: &frame.spikes[index] }
    }
}
