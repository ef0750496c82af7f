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
            Self::CompareRuns => COMPARE_RUNS,
            Self::CompareRasters => COMPARE_RASTERS,
            Self::CompareCurves => COMPARE_CURVES,
            Self::Agreement => AGREEMENT,
            Self::Health => HEALTH,
            Self::Statistics => STATISTICS,
            Self::PotentialParts => POTENTIAL_PARTS,
            Self::GradientLanes => GRADIENT_LANES,
            Self::Promises => PROMISES,
            Self::SpikeReasons => SPIKE_REASONS,
            Self::WeightLine => WEIGHT_LINE,
            Self::Weights => WEIGHTS,
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
                 without a ring one too many. Click a neuron to see its membrane potential, right-click it to look inside. Wheel: zoom in time. Drag: \
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
const COMPARE_RUNS: &str = "Runs that go in step with one another, update by update, each on threads of its own and exactly as it \
                 would go alone. Three rules, one seed: the three gradient rules from the same initial weights on the \
                 same data, with all other settings of the run in view. Or two to four runs of the session, each from \
                 where it is: one that has made fewer updates catches up before all go on. Below the table stand the \
                 settings in which the runs differ, and no others.";
const COMPARE_RASTERS: &str = "The spikes of the watched sample in each run, at the update that stands above it. The time axes move \
                 together, and a neuron that is picked in one is picked in all.";
const COMPARE_CURVES: &str = "One value of all runs over what it has cost: updates, seconds of computing (measured while the \
                 runs share the cores), or spikes, which are those of the watched sample, of all neurons and updates \
                 together. Each run has a colour and a dash of its own.";
const AGREEMENT: &str = "The cosine between two gradients, layer by layer, over training: 1 where they point the same way, 0 \
                 where they have nothing in common, −1 where one undoes the other. At a common state all rules are asked \
                 at the weights of one run; \"each at its own\" compares the gradients that the runs follow. A gap is where \
                 one of the two gradients is zero.";
const HEALTH: &str = "What is ill with the network in view, examined on its batch: neurons that are dead, silent, saturated or \
                 frozen, gradients that vanish or explode, a loss that does not move, outputs that are all silent, a \
                 label that is never the answer. Each with its neurons, why it matters for the rule at work, and what to \
                 try. What a button changes can be undone (Ctrl+Z); where it takes a restart, the run until then is kept.";
const STATISTICS: &str = "Statistics of the spikes in view, in the time range that the raster shows. They are defined as in \
                 Elephant and PySpike: hover over a number for the line of Python that prints the same digits, click it \
                 to copy that line.";
const POTENTIAL_PARTS: &str = "The membrane potential of the neuron picked as the sum that it is: since the last reset every input \
                 spike leaves a PSP, and the PSPs of one input are one layer of the stack. The inputs that reach farthest \
                 have layers of their own, the others share one, and the bias has its own. Below: the surrogate derivative \
                 σ(v), dark where activation-based learning sees most, and the synaptic current. Click a step to explain it.";
const GRADIENT_LANES: &str = "Where each rule would lift or lower the potential of the neuron picked, all three at the same \
                 weights and spikes: −dL/dv for each step. Up is a potential that a step against the gradient would lift. \
                 Dots are what the timing part sees of the spikes (g_t), the thin line what the activation part sees (g_s).";
const PROMISES: &str = "For a small step each spike moves by −δv/v′ steps: that is what the update promised. The layer's own new \
                 weights then move it by themselves, with the same spikes coming in; the rest is what came in changed. A rule \
                 keeps its word on a spike that moves in the promised direction. Points on the diagonal moved exactly as \
                 promised; removed spikes stand below, created ones above the plot.";
const SPIKE_REASONS: &str = "The step picked, explained backward: what the last update changed of the potential there, weight by \
                 weight; from which input spikes; what the rule asked of this potential and which neurons above asked for it; and \
                 what the loss wants. Missed targets are listed with their distance from the threshold and with the rules that see them.";
const WEIGHT_LINE: &str = "One weight is turned, everything else stays: each line is a spike of an output, at the steps where it is \
                 for each value of the weight. Where a line begins or ends, a spike is created or removed. The loss below jumps \
                 only where a line does. Drag to turn the weight as a what-if; the run is untouched.";
const WEIGHTS: &str = "The weights of a layer: as a matrix, as images of what each neuron looks for, as a histogram, or the largest \
                 in a list; as they are, or their change by the last update or since the start of the run. Click a weight to \
                 pick it: \"Along a weight\" then turns it.";
const BENCH: &str = "One neuron by hand. Click a line to put an input spike there or to take it away; drag the weights and decays. \
                 Current, potential, threshold and reset, σ(v) and 1/v' are computed as in every run.";
