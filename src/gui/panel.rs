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
    Map,
    Accuracy,
    Plane,
    Sight,
    Point,
    Cut,
}

impl Panel {
    pub const ALL: [Panel; 14] = [
        Self::Experiment,
        Self::Raster,
        Self::Layers,
        Self::Potential,
        Self::Curves,
        Self::Landscape,
        Self::Plane,
        Self::Sight,
        Self::Point,
        Self::Cut,
        Self::Samples,
        Self::Map,
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
            Self::Map => "Decision map",
            Self::Accuracy => "Accuracy",
            Self::Plane => "Plane",
            Self::Sight => "What the rules see",
            Self::Point => "At a point",
            Self::Cut => "Cuts and path",
        }
    }

    /// More than the caption says, for the `?` of its tab.
    pub fn help(self) -> &'static str {
        match self {
            Self::Experiment => {
                "Every setting of the run. Hover over a name to see what it means, its key and its range. Settings \
                 that can change during a run do so at once; the others wait for a restart and say so."
            }
            Self::Raster => {
                "Time runs to the right, neurons are rows, and layers are bands from the inputs to the outputs. The \
                 changes made in the chosen span of updates are drawn where the spikes are: a triangle where a spike \
                 was created, a cross where one was removed, an arrow from where a spike was to where it is now. Rings \
                 in the output band are the targets: a spike in its ring is a hit, an empty ring a miss, a spike \
                 without a ring one too many. Click a neuron to see its membrane potential. Wheel: zoom in time. Drag: \
                 move. Double click: show all."
            }
            Self::Potential => {
                "The membrane potential of the neuron picked in the raster, on the same time axis. When it reaches the \
                 threshold (1), the neuron spikes and is reset."
            }
            Self::Curves => {
                "The run so far, one value per update. Long runs are thinned; the shaded band then spans the minimum \
                 and maximum of the values that each point stands for, so that no peak of a curve is lost."
            }
            Self::Changes => {
                "The spikes before and after are aligned neuron by neuron at the lowest total cost: creating or \
                 removing a spike costs 1, moving it by one step costs q (Victor and Purpura 1996). A small q pairs \
                 distant spikes, a large q only coincident ones."
            }
            Self::Landscape => {
                "The loss on a grid of points around the centre, along two directions. The loss depends on spikes at \
                 whole steps, so it consists of flat cells and cliffs; nothing is smoothed, and points that have not \
                 been measured yet are hatched. The line is the path of the run, projected onto the plane. Point at a \
                 cell to read its loss, click to pin it: the panels \"At a point\" and \"Cuts and path\" then show \
                 that point."
            }
            Self::Plane => {
                "The plane through weight space that is shown: its two directions, its centre, its range, the number \
                 of points, and the samples over which the loss is taken."
            }
            Self::Sight => {
                "The gradient of each rule at every point, projected onto the plane, next to the slope of the true \
                 loss at the spacing of the grid. Arrows point downhill as the rule sees it; a dot means that it sees \
                 nothing. The surface that a rule believes in is the one whose slopes come closest to its arrows; the \
                 part of them that no surface can explain is its inconsistency."
            }
            Self::Point => {
                "The spikes at the point that is pinned or pointed at, next to those at the centre or at the neighbour \
                 across the nearest cliff; the changes between them, spike by spike; and the direction that each rule \
                 would take there."
            }
            Self::Cut => {
                "The loss along a straight line through the point that is pinned or pointed at, drawn as the steps \
                 that it consists of, with the surfaces that the rules believe in. Or the path of the run: its true \
                 loss, and the loss at its projection onto the plane."
            }
            Self::Layers => {
                "The watched sample as images: the input as it was recorded, and the spikes of every layer with a \
                 height and a width, one image per channel (its feature map). They can be played over time or show all \
                 steps together."
            }
            Self::Samples => {
                "The samples of the task with the classes that the network predicts, by the weights of one moment. \
                 Click a sample to watch it in the raster."
            }
            Self::Map => {
                "The plane of Yin-Yang as the network divides it: the predicted class by colour, the time of the first \
                 output spike by brightness."
            }
            Self::Accuracy => {
                "The share of samples that are classified correctly, by first spike and by count: on the validation \
                 samples over the epochs, and class by class in the confusion matrix."
            }
        }
    }
}
