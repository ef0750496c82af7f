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
}

impl Panel {
    pub const ALL: [Panel; 26] = [
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
        }
    }
}
