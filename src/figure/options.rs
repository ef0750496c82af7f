//! What a figure shows.

use crate::landscape::{CellColour, Circle};
use crate::named::named;
use crate::task::{Split, TimeUnit};

named! {
    /// A view that can be exported.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum FigureView {
        /// The spikes of all layers, with what the updates did to them.
        Raster => "raster", "Raster";
        /// The membrane potential of a neuron.
        Potential => "potential", "Membrane potential";
        /// A quantity of the run over its updates.
        Curves => "curves", "Curves";
        /// How many spikes moved by how much.
        Changes => "changes", "Spike changes";
        /// The loss on a plane through weight space, with the run's path.
        Landscape => "landscape", "Loss landscape";
        /// The confusion matrix.
        Accuracy => "accuracy", "Accuracy";
        /// Samples with the class that the network gives them.
        Samples => "samples", "Samples";
        /// How the network divides the plane of Yin-Yang.
        DecisionMap => "map", "Decision map";
    }
}

named! {
    /// The updates whose changes of spikes are shown.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum FigureSpan {
        /// The last update.
        Last => "last", "Last update";
        /// The last N updates, together.
        Back => "back", "Last updates";
        /// All updates since the start of the run.
        Start => "start", "Since start";
    }
}

named! {
    /// A quantity over the updates of a run.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum FigureCurve {
        /// The loss before each update.
        Loss => "loss", "Loss";
        /// Spikes of every layer.
        Spikes => "spikes", "Spikes";
        /// Spikes created, removed and shifted by each update.
        Changes => "changes", "Spike changes";
        /// The distance of the output from its target.
        Distance => "distance", "Distance to target";
        /// The learning rate.
        LearningRate => "learning_rate", "Learning rate";
        /// The accuracy in validation after each epoch.
        Accuracy => "accuracy", "Accuracy";
    }
}

/// What the figures show of a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureOptions {
    pub time_unit: TimeUnit,
    /// Whether the raster shows what the updates did, and over which span.
    pub changes: bool,
    pub span: FigureSpan,
    /// Updates of [`FigureSpan::Back`].
    pub look_back: u64,
    /// Layer (0 is the first hidden one) and neuron of the potential; the first output without one.
    pub neuron: Option<(usize, usize)>,
    /// The layer whose shifts are counted; all without one.
    pub layer: Option<usize>,
    pub curve: FigureCurve,
    /// Whether the values of the curve have a logarithmic axis, and the colours of the landscape a logarithmic scale.
    pub log_curve: bool,
    pub log_colours: bool,
    /// What the cells of the landscape are coloured by.
    pub colour: CellColour,
    /// The circle on the map of the landscape around which the rules' gradients are integrated.
    pub circle: Option<Circle>,
    /// Level lines on the landscape.
    pub levels: bool,
    /// The landscape as a surface, seen from this azimuth and elevation in radians; as a map without.
    pub surface: Option<[f32; 2]>,
    /// The samples that are answered for the accuracy, and whether those that are wrong are shown first.
    pub split: Split,
    pub wrong_first: bool,
}

impl Default for FigureOptions {
    fn default() -> Self {
        Self {
            time_unit: TimeUnit::Steps,
            changes: true,
            span: FigureSpan::Last,
            look_back: 100,
            neuron: None,
            layer: None,
            curve: FigureCurve::Loss,
            log_curve: false,
            log_colours: false,
            colour: CellColour::Loss,
            circle: None,
            levels: false,
            surface: None,
            split: Split::Validation,
            wrong_first: false,
        }
    }
}
