//! The inside of the network as the window knows it, and what the user chose of it.

use std::sync::Arc;
use std::time::Duration;

use super::newest::{AskedAbout, NewestAnswer};
use crate::engine::{Frame, InsideNow, InsidePart, InsideUpdate, LinePart, PotentialParts, SpikeReasons, Synapse};
use crate::explain::line::{LineScale, NeuronAt};

/// The answers about the inside of the network.
#[derive(Debug, Default)]
pub struct InsideState {
    pub parts: NewestAnswer<NeuronKey, Arc<PotentialParts>>,
    pub moment: NewestAnswer<MomentKey, InsideView>,
    /// Updates replayed so far for the last one, and all of them.
    pub replayed: Option<(u64, u64)>,
    pub reasons: NewestAnswer<ReasonsKey, Arc<SpikeReasons>>,
    pub line: NewestAnswer<LineKey, Arc<LinePart>>,
}

/// What is known of the moment, and of the last update.
#[derive(Clone, Debug)]
pub struct InsideView {
    pub now: Arc<InsideNow>,
    /// The newest one that is known, which may be of an earlier moment.
    known: Option<Arc<InsideUpdate>>,
}

/// A frame, known by its place in memory.
#[derive(Clone, Debug)]
pub struct FrameKey(pub Arc<Frame>);

impl PartialEq for FrameKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A neuron at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct NeuronKey {
    pub frame: FrameKey,
    pub neuron: NeuronAt,
}

/// A moment, and whether an update led to it.
#[derive(Clone, Debug, PartialEq)]
pub struct MomentKey {
    pub frame: FrameKey,
    pub updated: bool,
}

/// A neuron at a step, at a moment of which as much is known.
#[derive(Clone, Debug)]
pub struct ReasonsKey {
    pub now: Arc<InsideNow>,
    pub update: Option<Arc<InsideUpdate>>,
    pub neuron: NeuronAt,
    pub step: u32,
}

impl PartialEq for ReasonsKey {
    fn eq(&self, other: &Self) -> bool {
        let update = |key: &Self| key.update.as_ref().map(Arc::as_ptr);
        Arc::ptr_eq(&self.now, &other.now) && update(self) == update(other) && self.same_place(other)
    }
}

/// A weight at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct LineKey {
    pub frame: FrameKey,
    pub synapse: Synapse,
    pub scale: LineScale,
}

impl AskedAbout for NeuronKey {
    fn same_place(&self, other: &Self) -> bool {
        self.neuron == other.neuron && self.frame.0.start == other.frame.0.start
    }
}

impl AskedAbout for MomentKey {
    fn same_place(&self, other: &Self) -> bool {
        self.frame.0.start == other.frame.0.start
    }
}

impl AskedAbout for ReasonsKey {
    fn same_place(&self, other: &Self) -> bool {
        self.neuron == other.neuron && self.step == other.step
    }
}

impl AskedAbout for LineKey {
    fn same_place(&self, other: &Self) -> bool {
        self.synapse == other.synapse && self.scale == other.scale && self.frame.0.start == other.frame.0.start
    }
}

impl InsideView {
    /// The last update, where it is that of this very moment.
    pub fn update(&self) -> Option<&Arc<InsideUpdate>> {
        self.known.as_ref().filter(|update| Arc::ptr_eq(&update.at.frame, &self.now.at.frame))
    }

    /// The newest update that is known.
    pub fn known_update(&self) -> Option<&Arc<InsideUpdate>> {
        self.known.as_ref()
    }
}

impl InsideState {
    /// Takes in a part of the answer to question `id`.
    pub fn on_moment(&mut self, id: u64, took: Duration, part: InsidePart) {
        let Some(updated) = self.moment.asked(id).map(|about| about.updated) else { return };
        match part {
            InsidePart::Now(now) => {
                let known = self.moment.shown().and_then(|view| view.known.clone());
                let known = known.filter(|update| updated && update.at.frame.start == now.at.frame.start);
                self.replayed = None;
                self.moment.on_answer(id, took, InsideView { now, known }, !updated);
            }
            InsidePart::Replayed(done, of) => self.replayed = Some((done, of)),
            InsidePart::Update(update) => {
                let Some(now) = self.moment.shown().map(|view| Arc::clone(&view.now)) else { return };
                self.replayed = None;
                self.moment.on_answer(id, took, InsideView { now, known: Some(update) }, true);
            }
        }
    }

    /// Question `id` cannot be answered; whether it is one of these.
    pub fn on_failed(&mut self, id: u64, problem: &str) -> bool {
        self.parts.on_failed(id, problem)
            || self.moment.on_failed(id, problem)
            || self.reasons.on_failed(id, problem)
            || self.line.on_failed(id, problem)
    }
}

/// What is looked at of the inside.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct InsideChoices {
    /// The step that is explained.
    pub step: Option<u32>,
    /// The weight that is turned.
    pub synapse: Option<PickedSynapse>,
    /// How far it is turned to either side.
    pub range: f32,
    /// The layer of which promises are shown; that of the watched neuron where it is none.
    pub layer: Option<usize>,
    /// Whether shifts are those by a layer's own weights alone; else those by what came in are a part of them.
    pub alone: bool,
    pub weights: WeightsChoices,
}

/// A weight by the neuron that it leads to, as [`Choices::neuron`](super::Choices::neuron), and its input; none for the bias.
pub type PickedSynapse = (usize, usize, Option<u32>);

/// What is looked at of the weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct WeightsChoices {
    /// The number of the layer; that of the watched neuron where it is none.
    pub layer: Option<usize>,
    pub values: WeightValues,
    pub view: WeightsView,
}

/// Which values of weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum WeightValues {
    /// As they are.
    #[default]
    Now,
    /// Their change by the last update.
    Last,
    /// Their change since the start of the run.
    Start,
}

/// How weights are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum WeightsView {
    /// As a matrix, from inputs to neurons.
    #[default]
    Matrix,
    /// One image for each neuron.
    Fields,
    Histogram,
    /// The largest, in a list.
    Largest,
}

/// Points of a line.
const LINE_POINTS: usize = 129;

impl InsideChoices {
    /// The values that the weight is turned to.
    pub fn scale(&self) -> LineScale {
        LineScale { points: LINE_POINTS, range: self.range }
    }
}

impl Default for InsideChoices {
    fn default() -> Self {
        let weights = WeightsChoices::default();
        Self { step: None, synapse: None, range: 0.5, layer: None, alone: true, weights }
    }
}
