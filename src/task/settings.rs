//! What a run learns from, as a person sets it.

use crate::spike::Shape;

use super::{LatencyCode, nmnist, yin_yang};

/// Where the samples come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// The built-in experiment: random spike trains to be matched.
    Trains,
    /// Digits that the program writes itself.
    Digits,
    /// Points in the plane.
    YinYang,
    /// Labelled images in IDX files.
    Images,
    /// Recordings of an event camera.
    Nmnist,
    /// A person's own spike trains.
    Own,
    /// Random inputs that are to draw a picture.
    Picture,
}

impl TaskKind {
    pub const ALL: [TaskKind; 7] =
        [Self::Trains, Self::Digits, Self::YinYang, Self::Images, Self::Nmnist, Self::Own, Self::Picture];

    /// The word for it in files and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Trains => "trains",
            Self::Digits => "digits",
            Self::YinYang => "yin_yang",
            Self::Images => "images",
            Self::Nmnist => "nmnist",
            Self::Own => "own",
            Self::Picture => "picture",
        }
    }

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

/// In what the times of a person's own files are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    Steps,
    Ms,
}

impl TimeUnit {
    pub const ALL: [TimeUnit; 2] = [Self::Steps, Self::Ms];

    /// The word for it in files and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Ms => "ms",
        }
    }
}

/// The task of a run (model.md, section 3). Not every field matters to every kind.
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
    pub threshold: u8,
    /// … or those that are not.
    pub invert: bool,
    /// Samples for training and validation together; 0 for all there are.
    pub train_samples: usize,
    /// Samples for the test; 0 for all there are.
    pub test_samples: usize,
    /// A sixth of the training samples is for validation (Yin-Yang has 1,000 of its own).
    pub validation_auto: bool,
    /// Otherwise so many.
    pub validation: usize,
    /// Step of the brightest pixels, or of the coordinate 0.
    pub earliest: usize,
    /// Step towards which dark pixels go, or of the coordinate 1.
    pub latest: usize,
    /// Step of the bias spike of a point.
    pub bias: usize,
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
            threshold: 128,
            invert: false,
            train_samples: 0,
            test_samples: 0,
            validation_auto: true,
            validation: 0,
            earliest: 0,
            latest: 24,
            bias: 16,
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
        yin_yang::PointCode { earliest: self.earliest, latest: self.latest, bias: self.bias }
    }

    /// How a person's own files are to be understood.
    pub fn import(&self) -> super::own::Import {
        let scale = match self.time_unit {
            TimeUnit::Steps => super::own::TimeScale::Steps,
            TimeUnit::Ms => super::own::TimeScale::Milliseconds { dt_ms: self.dt_ms },
        };
        let most_entries = super::own::most_entries(crate::machine::memory());
        super::own::Import { scale, steps: self.steps, units: None, most_entries }
    }

    /// Which pixels of a picture are target spikes.
    pub fn picture_threshold(&self) -> super::picture::Threshold {
        super::picture::Threshold { below: self.threshold, invert: self.invert }
    }

    /// Whether samples have a class instead of target spikes.
    pub fn has_classes(&self) -> bool {
        self.kind.classes() && (self.kind != TaskKind::Own || self.target.trim().is_empty())
    }

    /// Samples that validation takes of `number` for training.
    pub fn validation_of(&self, number: usize) -> usize {
        if self.validation_auto { number / 6 } else { self.validation }
    }

    /// Takes on another kind, and the sizes that come with it.
    pub fn set_kind(&mut self, kind: TaskKind) {
        self.kind = kind;
        if let Some((inputs, outputs)) = kind.sizes() {
            (self.inputs, self.outputs) = (inputs, outputs);
        }
    }
}
