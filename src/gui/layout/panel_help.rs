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
        }
    }
}

const EXPERIMENT: &str = "Every setting of the run. Hover a name for its symbol and what turning it up does. \
 What can change under way does so at once; the rest waits for a restart and says so.";
const RASTER: &str = "Time runs to the right, neurons are rows, layers are bands from the inputs to the outputs. \
 What the chosen span of updates did is drawn where the spikes are: a triangle where one was created, \
 a cross where one was removed, an arrow from where one was to where it is. Open rings in the output \
 band are the targets: a spike in its ring is a hit, an empty ring a miss, a bare spike one too many. \
 Click a neuron to see its membrane potential. Wheel: zoom time. Drag: move. Double click: all.";
const POTENTIAL: &str = "The membrane potential of the neuron picked in the raster, on the same time axis. Where it reaches \
 the threshold (1) the neuron spikes and is reset.";
const CURVES: &str = "The run so far, one value an update. Long runs are thinned; the shaded band then reaches from the \
 least to the greatest value that a point stands for, so that no spike of a curve is lost.";
const CHANGES: &str = "Spikes before and after are aligned neuron by neuron at least cost: creating or removing one costs 1, \
 moving it by a step costs q (Victor and Purpura 1996). Small q matches far spikes, large q only \
 coincident ones.";
const LANDSCAPE: &str = "The loss at a grid of points around the centre, along two directions. The loss depends on whole steps only, \
 so it is made of flat cells and cliffs; nothing is smoothed, and what is not measured yet is hatched. \
 The line is the run's own path, projected. Point at a cell to read it, click to pin it: the panels \
 \"At a point\" and \"Cuts and path\" then show that one.";
const PLANE_FORM: &str = "Which plane through the space of all weights is looked at: its two directions, its centre, how far it \
 reaches, how many points are measured, and whose loss it is.";
const RULE_COMPARISON: &str = "At every point each rule's gradient, projected on the plane. Arrows point downhill as the rule sees it; \
 a dot is where it sees nothing. Beside them the slope of the true loss at the grid's own spacing. \
 The surface that a rule believes in is the one whose slopes come nearest to its arrows; what no surface \
 can explain of them is its inconsistency.";
const POINT_DETAIL: &str = "The spikes at the point that is pinned or pointed at, beside those of the centre or of the neighbour \
 across the nearest cliff; what changed between them, spike by spike; and which way each rule would go there.";
const SLICE: &str = "The loss along a straight line through the point that is pinned or pointed at, as the steps that it is, \
 and the surfaces that the rules believe in. Or the run's path: its true loss, and the landscape's loss \
 at its foot on the plane.";
const LAYERS: &str = "The watched sample as images: the input as it was recorded, and the spikes of every layer that has a height \
 and a width, one image for each channel (its feature map). Played over time, or all steps together.";
const SAMPLES: &str = "The samples of the task with what the network takes them for, by the weights of one moment. \
 Click a sample to watch it in the raster.";
const DECISION_MAP: &str = "The plane of Yin-Yang as the network divides it: the class by colour, the time of the first output spike \
 by brightness.";
const ACCURACY: &str = "How many samples the network takes for what they are, by first spike and by count: over the epochs on \
 the validation samples, and class against class in the confusion matrix.";
