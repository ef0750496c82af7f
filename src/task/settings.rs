//! What a run learns from, as a person sets it.

use crate::named::named;
use crate::spike::Shape;

use super::{LatencyCode, nmnist, yin_yang};

named! {
    /// Where the samples come from.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum TaskKind {
        /// The built-in experiment: random inputs, and outputs that should spike at given steps.
        Trains => "trains", "Spike trains";
        /// Digits that the program draws itself, 28 × 28 pixels.
        Digits => "digits", "Built-in digits";
        /// Points in the plane in three classes that no line separates; the decision map shows what is learnt.
        YinYang => "yin_yang", "Yin-Yang";
        /// MNIST and similar sets: four IDX files in one folder. Each pixel spikes once, the brighter the earlier.
        Images => "images", "Images";
        /// Digits recorded by an event camera, in the folders Train and Test.
        Nmnist => "nmnist", "N-MNIST";
        /// Your own inputs and targets from .npz or .csv files, or a labelled set in one .npz file.
        Own => "own", "Your spike trains";
        /// Random inputs, and outputs whose spikes should draw a picture.
        Picture => "picture", "Picture";
    }
}

impl TaskKind {
    /// Shape of the input and number of classes, where these are always the same.
    pub fn sizes(self) -> Option<(Shape, usize)> {
        match self {
            Self::Digits => Some((Shape::Grid([1, 28, 28]), 10)),
            Self::YinYang => Some((Shape::Flat(yin_yang::INPUTS), yin_yang::CLASSES.len())),
            Self::Nmnist => Some((Shape::Grid([2, nmnist::SIDE, nmnist::SIDE]), 10)),
            Self::Trains | Self::Images | Self::Own | Self::Picture => None,
        }
    }

    /// Whether a person sets the number of inputs; otherwise the data do.
    pub fn free_inputs(self) -> bool {
        matches!(self, Self::Trains | Self::Picture)
    }

    /// Whether the samples are drawn from the seed alone, so that no file is read.
    pub fn made(self) -> bool {
        matches!(self, Self::Trains | Self::Digits | Self::YinYang)
    }

    /// Whether samples can have a class instead of target spikes. (A person's own trains may have either.)
    pub fn classes(self) -> bool {
        !matches!(self, Self::Trains | Self::Picture)
    }
}

named! {
    /// Unit of the times in the user's own files.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
    pub enum TimeUnit {
        /// Whole time steps, counted from 0.
        Steps => "steps", "Steps";
        /// Milliseconds; the length of a step says which step each of them falls into.
        Ms => "ms", "ms";
    }
}

/// The task of a run ([model §3](crate::model#3-inputs)). Not every field matters to every kind.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskSettings {
    pub kind: TaskKind,
    /// The folder of a data set, or the file with a person's own inputs.
    pub data: String,
    /// The file with a person's own targets: spike trains, or a picture.
    pub target: String,
    /// Of the times in a person's own files.
    pub time_unit: TimeUnit,
    /// Shape of the input in one step.
    pub inputs: Shape,
    /// Number of output neurons.
    pub outputs: usize,
    /// T, steps of a sample.
    pub steps: usize,
    /// Milliseconds a step stands for; axes and time constants use it, the arithmetic does not.
    pub dt_ms: f64,
    /// Number of random pairs of input and target; all of them are one batch.
    pub pairs: usize,
    /// Probability that a random input spikes in a step.
    pub rate: f64,
    /// Target spikes of each output at distinct random steps; of the label's output where samples have a class.
    pub target_spikes: usize,
    /// Target spikes of the outputs that are not the label's.
    pub other_spikes: usize,
    /// Pixels of a picture below this grey value are target spikes …
    pub grey_threshold: u8,
    /// … or those that are not.
    pub invert: bool,
    /// Samples for training and validation together; 0 for all there are.
    pub train_samples: usize,
    /// Samples for the test; 0 for all there are.
    pub test_samples: usize,
    /// A sixth of the training samples is for validation (Yin-Yang has 1,000 of its own).
    pub validation_auto: bool,
    /// Otherwise so many.
    pub validation_samples: usize,
    /// Step of the brightest pixels, or of the coordinate 0.
    pub earliest: usize,
    /// Step towards which dark pixels go, or of the coordinate 1.
    pub latest: usize,
    /// Step of the bias spike of a point.
    pub bias_spike: usize,
}

impl Default for TaskSettings {
    fn default() -> Self {
        Self {
            kind: TaskKind::Trains,
            data: String::new(),
            target: String::new(),
            time_unit: TimeUnit::Steps,
            inputs: Shape::Flat(50),
            outputs: 5,
            steps: 100,
            dt_ms: 1.0,
            pairs: 1,
            rate: 0.04,
            target_spikes: 2,
            other_spikes: 0,
            grey_threshold: 128,
            invert: false,
            train_samples: 0,
            test_samples: 0,
            validation_auto: true,
            validation_samples: 0,
            earliest: 0,
            latest: 24,
            bias_spike: 16,
        }
    }
}

impl TaskSettings {
    /// How grey values become spikes.
    pub fn latency_code(&self) -> LatencyCode {
        LatencyCode { earliest: self.earliest, latest: self.latest }
    }

    /// How points become spikes.
    pub fn point_code(&self) -> yin_yang::PointCode {
        yin_yang::PointCode { earliest: self.earliest, latest: self.latest, bias: self.bias_spike }
    }

    /// Whether the times in a person's own files are steps. In HDF5 they are seconds, whatever is set.
    pub fn own_times_in_steps(&self) -> bool {
        self.time_unit == TimeUnit::Steps && !super::own::shd::is_hdf5(std::path::Path::new(self.data.trim()))
    }

    /// How a person's own files are to be understood.
    pub fn import(&self) -> super::own::Import {
        let scale = match self.own_times_in_steps() {
            true => super::own::TimeScale::Steps,
            false => super::own::TimeScale::Milliseconds { dt_ms: self.dt_ms },
        };
        let most_entries = super::own::most_entries(crate::machine::available());
        super::own::Import { scale, steps: self.steps, units: None, most_entries }
    }

    /// Which pixels of a picture are target spikes.
    pub fn picture_threshold(&self) -> super::picture::Threshold {
        super::picture::Threshold { below: self.grey_threshold, invert: self.invert }
    }

    /// Whether samples have a class instead of target spikes.
    pub fn has_classes(&self) -> bool {
        self.kind.classes() && (self.kind != TaskKind::Own || self.target.trim().is_empty())
    }

    /// Samples that validation takes of `number` for training.
    pub fn validation_of(&self, number: usize) -> usize {
        if self.validation_auto { number / 6 } else { self.validation_samples }
    }

    /// Takes on another kind, and the sizes that come with it.
    pub fn set_kind(&mut self, kind: TaskKind) {
        self.kind = kind;
        if let Some((inputs, outputs)) = kind.sizes() {
            (self.inputs, self.outputs) = (inputs, outputs);
        }
    }
}
