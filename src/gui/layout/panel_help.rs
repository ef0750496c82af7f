//! The texts behind the `?` of a panel's tab.

use super::Panel;

impl Panel {
    /// More than the caption says.
    pub fn help(self) -> &'static str {
        match self {
            Self::Experiment => EXPERIMENT,
            Self::Raster => RASTER,
            Self::Potential => POTENTIAL,
            Self::Curves => CURVES,
            Self::Changes => CHANGES,
            Self::Landscape => LANDSCAPE,
            Self::PlaneForm => PLANE_FORM,
            Self::RuleComparison => RULE_COMPARISON,
            Self::PointDetail => POINT_DETAIL,
            Self::Slice => SLICE,
            Self::Layers => LAYERS,
            Self::Samples => SAMPLES,
            Self::DecisionMap => DECISION_MAP,
            Self::Accuracy => ACCURACY,
            Self::Bench => BENCH,
        }
    }
}

const EXPERIMENT: &str = "Every setting of the run. Hover over a name to see what it means, its key and its range. Settings \
                 that can change during a run do so at once; the others wait for a restart and say so.";
const RASTER: &str = "Time runs to the right, neurons are rows, and layers are bands from the inputs to the outputs. The \
                 changes made in the chosen span of updates are drawn where the spikes are: a triangle where a spike \
                 was created, a cross where one was removed, an arrow from where a spike was to where it is now. Rings \
                 in the output band are the targets: a spike in its ring is a hit, an empty ring a miss, a spike \
                 without a ring one too many. Click a neuron to see its membrane potential. Wheel: zoom in time. Drag: \
                 move. Double click: show all.";
const POTENTIAL: &str = "The membrane potential of the neuron picked in the raster, on the same time axis. When it reaches the \
                 threshold (1), the neuron spikes and is reset.";
const CURVES: &str = "The run so far, one value per update. Long runs are thinned; the shaded band then spans the minimum \
                 and maximum of the values that each point stands for, so that no peak of a curve is lost.";
const CHANGES: &str = "The spikes before and after are aligned neuron by neuron at the lowest total cost: creating or \
                 removing a spike costs 1, moving it by one step costs q (Victor and Purpura 1996). A small q pairs \
                 distant spikes, a large q only coincident ones.";
const LANDSCAPE: &str = "The loss on a grid of points around the centre, along two directions. The loss depends on spikes at \
                 whole steps, so it consists of flat cells and cliffs; nothing is smoothed, and points that have not \
                 been measured yet are hatched. The line is the path of the run, projected onto the plane. Point at a \
                 cell to read its loss, click to pin it: the panels \"At a point\" and \"Cuts and path\" then show \
                 that point.";
const PLANE_FORM: &str = "The plane through weight space that is shown: its two directions, its centre, its range, the number \
                 of points, and the samples over which the loss is taken.";
const RULE_COMPARISON: &str = "The gradient of each rule at every point, projected onto the plane, next to the slope of the true \
                 loss at the spacing of the grid. Arrows point downhill as the rule sees it; a dot means that it sees \
                 nothing. The surface that a rule believes in is the one whose slopes come closest to its arrows; the \
                 part of them that no surface can explain is its inconsistency.";
const POINT_DETAIL: &str = "The spikes at the point that is pinned or pointed at, next to those at the centre or at the neighbour \
                 across the nearest cliff; the changes between them, spike by spike; and the direction that each rule \
                 would take there.";
const SLICE: &str = "The loss along a straight line through the point that is pinned or pointed at, drawn as the steps \
                 that it consists of, with the surfaces that the rules believe in. Or the path of the run: its true \
                 loss, and the loss at its projection onto the plane.";
const LAYERS: &str = "The watched sample as images: the input as it was recorded, and the spikes of every layer with a \
                 height and a width, one image per channel (its feature map). They can be played over time or show all \
                 steps together.";
const SAMPLES: &str = "The samples of the task with the classes that the network predicts, by the weights of one moment. \
                 Click a sample to watch it in the raster.";
const DECISION_MAP: &str = "The plane of Yin-Yang as the network divides it: the predicted class by colour, the time of the first \
                 output spike by brightness.";
const ACCURACY: &str = "The share of samples that are classified correctly, by first spike and by count: on the validation \
                 samples over the epochs, and class by class in the confusion matrix.";
const BENCH: &str = "One neuron by hand. Click a line to put an input spike there or to take it away; drag the weights and decays. \
                 Current, potential, threshold and reset, σ(v) and 1/v' are computed as in every run.";
