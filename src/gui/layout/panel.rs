//! The panels of the window: what they are called, and what they show.

use serde::{Deserialize, Serialize};

use crate::figure::FigureView;

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
    CompareRuns,
    CompareRasters,
    CompareCurves,
    Agreement,
    Health,
    Statistics,
    PotentialParts,
    GradientLanes,
    Promises,
    SpikeReasons,
    WeightLine,
    Weights,
    Bench,
}

impl Panel {
    pub const ALL: [Panel; 27] = [
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
        Self::CompareRuns,
        Self::CompareRasters,
        Self::CompareCurves,
        Self::Agreement,
        Self::Health,
        Self::Statistics,
        Self::PotentialParts,
        Self::GradientLanes,
        Self::Promises,
        Self::SpikeReasons,
        Self::WeightLine,
        Self::Weights,
        Self::Bench,
    ];

    /// The figure that it can be exported as.
    pub fn figure(self) -> Option<FigureView> {
        match self {
            Self::Raster => Some(FigureView::Raster),
            Self::Potential => Some(FigureView::Potential),
            Self::Curves => Some(FigureView::Curves),
            Self::Changes => Some(FigureView::Changes),
            Self::Landscape => Some(FigureView::Landscape),
            Self::DecisionMap => Some(FigureView::DecisionMap),
            Self::Accuracy => Some(FigureView::Accuracy),
            Self::Samples => Some(FigureView::Samples),
            _ => None,
        }
    }

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
            Self::CompareRuns => "Compared runs",
            Self::CompareRasters => "Rasters side by side",
            Self::CompareCurves => "Curves over one another",
            Self::Agreement => "Where the rules agree",
            Self::Health => "Health",
            Self::Statistics => "Statistics",
            Self::PotentialParts => "Potential in parts",
            Self::GradientLanes => "Gradient lanes",
            Self::Promises => "Promised and realised",
            Self::SpikeReasons => "Why this spike",
            Self::WeightLine => "Along a weight",
            Self::Weights => "Weights",
            Self::Bench => "Neuron bench",
        }
    }

    /// The share of a lesson's window that it takes, next to others.
    pub fn weight(self) -> f32 {
        match self {
            Self::Experiment => 0.5,
            Self::Raster | Self::Landscape | Self::Bench => 1.5,
            Self::Potential | Self::Curves | Self::Changes => 0.9,
            _ => 1.0,
        }
    }

    /// The word for it in lessons.
    pub fn key(self) -> &'static str {
        match self {
            Self::Experiment => "experiment",
            Self::Raster => "raster",
            Self::Layers => "layers",
            Self::Potential => "potential",
            Self::Curves => "curves",
            Self::Landscape => "landscape",
            Self::PlaneForm => "plane",
            Self::RuleComparison => "rules-see",
            Self::PointDetail => "point",
            Self::Slice => "slice",
            Self::Samples => "samples",
            Self::DecisionMap => "decision-map",
            Self::Changes => "changes",
            Self::Accuracy => "accuracy",
            Self::Bench => "bench",
            Self::CompareRuns => "compare-runs",
            Self::CompareRasters => "compare-rasters",
            Self::CompareCurves => "compare-curves",
            Self::Agreement => "agreement",
            Self::Health => "health",
            Self::Statistics => "statistics",
            Self::PotentialParts => "potential-parts",
            Self::GradientLanes => "gradient-lanes",
            Self::Promises => "promises",
            Self::SpikeReasons => "spike-reasons",
            Self::WeightLine => "weight-line",
            Self::Weights => "weights",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Panel;
    use crate::lesson::control::PANELS;

    #[test]
    fn lessons_know_the_panels_by_their_keys() {
        let keys: Vec<_> = Panel::ALL.into_iter().map(Panel::key).collect();
        let missing = PANELS.into_iter().filter(|key| !keys.contains(key)).collect::<Vec<_>>();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
