//! Workspaces: the same panels, arranged for what the user is about to do.

use serde::{Deserialize, Serialize};

use crate::gui::layout::panel::Panel;

/// An arrangement of the panels. Each is left and found again as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Workspace {
    /// A run as it goes.
    #[default]
    Watch,
    /// The loss around the weights, and what each rule sees of it.
    Landscape,
    /// Several runs in step with one another.
    Compare,
    /// A neuron from within, and why it spikes.
    Inside,
}

/// A column of places, from above.
pub struct PanelColumn {
    pub places: &'static [PanelPlace],
    /// Its share of the width.
    pub width: f32,
}

/// Panels that are tabs of one place.
pub struct PanelPlace {
    /// Those that are open at the first start, the first in front.
    pub first: &'static [Panel],
    /// Those that open here when they are asked for.
    pub later: &'static [Panel],
    /// Its share of the column.
    pub share: f32,
}

impl PanelPlace {
    pub fn panels(&self) -> impl Iterator<Item = Panel> {
        self.first.iter().chain(self.later).copied()
    }

    pub fn holds(&self, panel: Panel) -> bool {
        self.panels().any(|p| p == panel)
    }
}

impl Workspace {
    pub const ALL: [Workspace; 4] = [Self::Watch, Self::Landscape, Self::Inside, Self::Compare];

    pub fn title(self) -> &'static str {
        match self {
            Self::Watch => "Watch",
            Self::Landscape => "Landscape",
            Self::Compare => "Compare",
            Self::Inside => "Inside",
        }
    }

    pub fn hint(self) -> &'static str {
        match self {
            Self::Watch => "The run in progress: raster, potential, curves, and what each update did",
            Self::Landscape => {
                "The loss around the weights: its cliffs, the spikes that cause them, and what each rule sees of it"
            }
            Self::Compare => "Several runs side by side: the three rules from one seed, or runs of the session (C)",
            Self::Inside => {
                "The neuron picked from within: what carried it, what each rule asks of it, and why it spikes (I)"
            }
        }
    }

    /// Of its layout.
    pub fn key(self) -> &'static str {
        match self {
            Self::Watch => "panels",
            Self::Landscape => "panels of the landscape",
            Self::Compare => "panels of the comparison",
            Self::Inside => "panels of the inside",
        }
    }

    pub fn columns(self) -> &'static [PanelColumn] {
        match self {
            Self::Watch => &WATCH,
            Self::Landscape => &LANDSCAPE,
            Self::Compare => &COMPARE,
            Self::Inside => &INSIDE,
        }
    }

    /// The panels that are open at the first start.
    pub fn first(self) -> impl Iterator<Item = Panel> {
        Panel::ALL.into_iter().filter(move |panel| {
            let mut places = self.columns().iter().flat_map(|column| column.places);
            places.any(|place| place.first.contains(panel))
        })
    }
}

static WATCH: [PanelColumn; 3] = [
    PanelColumn {
        places: &[PanelPlace {
            first: &[Panel::Experiment],
            later: &[Panel::PlaneForm, Panel::CompareRuns],
            share: 1.0,
        }],
        width: 0.85,
    },
    PanelColumn {
        places: &[
            PanelPlace {
                first: &[Panel::Raster, Panel::Layers],
                later: &[Panel::CompareRasters, Panel::Bench],
                share: 2.4,
            },
            PanelPlace {
                first: &[Panel::Potential],
                later: &[Panel::Slice, Panel::PotentialParts, Panel::GradientLanes, Panel::Statistics],
                share: 1.05,
            },
            PanelPlace { first: &[Panel::Curves], later: &[Panel::CompareCurves], share: 1.25 },
        ],
        width: 2.2,
    },
    PanelColumn {
        places: &[
            PanelPlace {
                first: &[Panel::Landscape, Panel::Samples, Panel::DecisionMap],
                later: &[Panel::RuleComparison, Panel::WeightLine, Panel::Weights],
                share: 1.5,
            },
            PanelPlace {
                first: &[Panel::Changes, Panel::Accuracy],
                later: &[Panel::PointDetail, Panel::Health, Panel::Agreement, Panel::Promises, Panel::SpikeReasons],
                share: 1.1,
            },
        ],
        width: 1.2,
    },
];

static LANDSCAPE: [PanelColumn; 3] = [
    PanelColumn {
        places: &[PanelPlace {
            first: &[Panel::PlaneForm, Panel::Experiment],
            later: &[Panel::CompareRuns, Panel::Health],
            share: 1.0,
        }],
        width: 0.8,
    },
    PanelColumn {
        places: &[
            PanelPlace {
                first: &[Panel::Landscape],
                later: &[Panel::DecisionMap, Panel::Samples, Panel::Bench],
                share: 2.5,
            },
            PanelPlace {
                first: &[Panel::Slice, Panel::Curves],
                later: &[
                    Panel::Potential,
                    Panel::PotentialParts,
                    Panel::GradientLanes,
                    Panel::CompareCurves,
                    Panel::Agreement,
                    Panel::Statistics,
                ],
                share: 1.0,
            },
        ],
        width: 1.7,
    },
    PanelColumn {
        places: &[
            PanelPlace {
                first: &[Panel::RuleComparison],
                later: &[Panel::Changes, Panel::Accuracy, Panel::Promises, Panel::SpikeReasons],
                share: 1.2,
            },
            PanelPlace {
                first: &[Panel::PointDetail, Panel::Raster, Panel::Layers],
                later: &[Panel::WeightLine, Panel::Weights, Panel::CompareRasters],
                share: 1.0,
            },
        ],
        width: 2.0,
    },
];

static COMPARE: [PanelColumn; 2] = [
    PanelColumn {
        places: &[
            PanelPlace {
                first: &[Panel::CompareRasters],
                later: &[Panel::Raster, Panel::Layers, Panel::GradientLanes, Panel::Bench],
                share: 1.6,
            },
            PanelPlace {
                first: &[Panel::CompareCurves],
                later: &[Panel::Curves, Panel::Potential, Panel::PotentialParts, Panel::Slice, Panel::Statistics],
                share: 1.0,
            },
        ],
        width: 2.2,
    },
    PanelColumn {
        places: &[
            PanelPlace {
                first: &[Panel::CompareRuns],
                later: &[Panel::Experiment, Panel::PlaneForm, Panel::Samples, Panel::Health],
                share: 1.25,
            },
            PanelPlace {
                first: &[Panel::Agreement],
                later: &[
                    Panel::Landscape,
                    Panel::DecisionMap,
                    Panel::RuleComparison,
                    Panel::PointDetail,
                    Panel::Changes,
                    Panel::Promises,
                    Panel::SpikeReasons,
                    Panel::WeightLine,
                    Panel::Weights,
                    Panel::Accuracy,
                ],
                share: 1.0,
            },
        ],
        width: 1.0,
    },
];

static INSIDE: [PanelColumn; 2] = [
    PanelColumn {
        places: &[
            PanelPlace {
                first: &[Panel::Raster],
                later: &[
                    Panel::Layers,
                    Panel::Experiment,
                    Panel::PlaneForm,
                    Panel::Landscape,
                    Panel::DecisionMap,
                    Panel::CompareRasters,
                    Panel::Bench,
                ],
                share: 1.35,
            },
            PanelPlace { first: &[Panel::PotentialParts], later: &[Panel::Potential], share: 1.1 },
            PanelPlace {
                first: &[Panel::GradientLanes],
                later: &[Panel::Curves, Panel::Slice, Panel::CompareCurves, Panel::Statistics],
                share: 0.8,
            },
        ],
        width: 1.35,
    },
    PanelColumn {
        places: &[
            PanelPlace {
                first: &[Panel::Promises, Panel::Weights],
                later: &[Panel::Changes, Panel::Accuracy, Panel::RuleComparison, Panel::Health, Panel::Agreement],
                share: 1.0,
            },
            PanelPlace {
                first: &[Panel::SpikeReasons, Panel::WeightLine],
                later: &[Panel::PointDetail, Panel::Samples, Panel::CompareRuns],
                share: 1.0,
            },
        ],
        width: 1.0,
    },
];
