//! The panels of the window: what they are called, and what they show.

use serde::{Deserialize, Serialize};

/// A panel of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Panel {
    Experiment,
    Raster,
    Potential,
    Curves,
    Changes,
    Landscape,
    Layers,
    Samples,
    #[serde(alias = "Map")]
    DecisionMap,
    Accuracy,
    #[serde(alias = "Plane")]
    PlaneForm,
    #[serde(alias = "Sight")]
    RuleComparison,
    #[serde(alias = "Point")]
    PointDetail,
    #[serde(alias = "Cut")]
    Slice,
}

impl Panel {
    pub const ALL: [Panel; 14] = [
        Self::Experiment,
        Self::Raster,
        Self::Layers,
        Self::Potential,
        Self::Curves,
        Self::Landscape,
        Self::PlaneForm,
        Self::RuleComparison,
        Self::PointDetail,
        Self::Slice,
        Self::Samples,
        Self::DecisionMap,
        Self::Changes,
        Self::Accuracy,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Experiment => "Experiment",
            Self::Raster => "Raster",
            Self::Potential => "Membrane potential",
            Self::Curves => "Curves",
            Self::Changes => "Spike changes",
            Self::Landscape => "Loss landscape",
            Self::Layers => "Layer images",
            Self::Samples => "Samples",
            Self::DecisionMap => "Decision map",
            Self::Accuracy => "Accuracy",
            Self::PlaneForm => "Plane",
            Self::RuleComparison => "What the rules see",
            Self::PointDetail => "At a point",
            Self::Slice => "Cuts and path",
        }
    }

    /// More than the caption says, for the `?` of its tab.
    pub fn help(self) -> &'static str {
        match self {
            Self::Experiment => {
                "Every setting of the run. Hover a name for its symbol and what turning it up does. \
                 What can change under way does so at once; the rest waits for a restart and says so."
            }
            Self::Raster => {
                "Time runs to the right, neurons are rows, layers are bands from the inputs to the outputs. \
                 What the chosen span of updates did is drawn where the spikes are: a triangle where one was created, \
                 a cross where one was removed, an arrow from where one was to where it is. Open rings in the output \
                 band are the targets: a spike in its ring is a hit, an empty ring a miss, a bare spike one too many. \
                 Click a neuron to see its membrane potential. Wheel: zoom time. Drag: move. Double click: all."
            }
            Self::Potential => {
                "The membrane potential of the neuron picked in the raster, on the same time axis. Where it reaches \
                 the threshold (1) the neuron spikes and is reset."
            }
            Self::Curves => {
                "The run so far, one value an update. Long runs are thinned; the shaded band then reaches from the \
                 least to the greatest value that a point stands for, so that no spike of a curve is lost."
            }
            Self::Changes => {
                "Spikes before and after are aligned neuron by neuron at least cost: creating or removing one costs 1, \
                 moving it by a step costs q (Victor and Purpura 1996). Small q matches far spikes, large q only \
                 coincident ones."
            }
            Self::Landscape => {
                "The loss at a grid of points around the centre, along two directions. The loss depends on whole steps only, \
                 so it is made of flat cells and cliffs; nothing is smoothed, and what is not measured yet is hatched. \
                 The line is the run's own path, projected. Point at a cell to read it, click to pin it: the panels \
                 \"At a point\" and \"Cuts and path\" then show that one."
            }
            Self::PlaneForm => {
                "Which plane through the space of all weights is looked at: its two directions, its centre, how far it \
                 reaches, how many points are measured, and whose loss it is."
            }
            Self::RuleComparison => {
                "At every point each rule's gradient, projected on the plane. Arrows point downhill as the rule sees it; \
                 a dot is where it sees nothing. Beside them the slope of the true loss at the grid's own spacing. \
                 The surface that a rule believes in is the one whose slopes come nearest to its arrows; what no surface \
                 can explain of them is its inconsistency."
            }
            Self::PointDetail => {
                "The spikes at the point that is pinned or pointed at, beside those of the centre or of the neighbour \
                 across the nearest cliff; what changed between them, spike by spike; and which way each rule would go there."
            }
            Self::Slice => {
                "The loss along a straight line through the point that is pinned or pointed at, as the steps that it is, \
                 and the surfaces that the rules believe in. Or the run's path: its true loss, and the landscape's loss \
                 at its foot on the plane."
            }
            Self::Layers => {
                "The watched sample as images: the input as it was recorded, and the spikes of every layer that has a height \
                 and a width, one image for each channel (its feature map). Played over time, or all steps together."
            }
            Self::Samples => {
                "The samples of the task with what the network takes them for, by the weights of one moment. \
                 Click a sample to watch it in the raster."
            }
            Self::DecisionMap => {
                "The plane of Yin-Yang as the network divides it: the class by colour, the time of the first output spike \
                 by brightness."
            }
            Self::Accuracy => {
                "How many samples the network takes for what they are, by first spike and by count: over the epochs on \
                 the validation samples, and class against class in the confusion matrix."
            }
        }
    }
}
