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
    pub const ALL: [Workspace; 2] = [Self::Watch, Self::Landscape];

    pub fn title(self) -> &'static str {
        match self {
            Self::Watch => "Watch",
            Self::Landscape => "Landscape",
        }
    }

    pub fn hint(self) -> &'static str {
        match self {
            Self::Watch => "The run in progress: raster, potential, curves, and what each update did",
            Self::Landscape => {
                "The loss around the weights: its cliffs, the spikes that cause them, and what each rule sees of it"
            }
        }
    }

    /// Of its layout.
    pub fn key(self) -> &'static str {
        match self {
            Self::Watch => "panels",
            Self::Landscape => "panels of the landscape",
        }
    }

    pub fn columns(self) -> &'static [PanelColumn] {
        match self {
            Self::Watch => &WATCH,
            Self::Landscape => &LANDSCAPE,
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
        places: &[PanelPlace { first: &[Panel::Experiment], later: &[Panel::PlaneForm], share: 1.0 }],
        width: 0.85,
    },
    PanelColumn {
        places: &[
            PanelPlace { first: &[Panel::Raster, Panel::Layers], later: &[Panel::Bench], share: 2.4 },
            PanelPlace { first: &[Panel::Potential], later: &[Panel::Slice], share: 1.05 },
            PanelPlace { first: &[Panel::Curves], later: &[], share: 1.25 },
        ],
        width: 2.2,
    },
    PanelColumn {
        places: &[
            PanelPlace {
                first: &[Panel::Landscape, Panel::Samples, Panel::DecisionMap],
                later: &[Panel::RuleComparison],
                share: 1.5,
            },
            PanelPlace { first: &[Panel::Changes, Panel::Accuracy], later: &[Panel::PointDetail], share: 1.1 },
        ],
        width: 1.2,
    },
];

static LANDSCAPE: [PanelColumn; 3] = [
    PanelColumn {
        places: &[PanelPlace { first: &[Panel::PlaneForm, Panel::Experiment], later: &[], share: 1.0 }],
        width: 0.8,
    },
    PanelColumn {
        places: &[
            PanelPlace {
                first: &[Panel::Landscape],
                later: &[Panel::DecisionMap, Panel::Samples, Panel::Bench],
                share: 2.5,
            },
            PanelPlace { first: &[Panel::Slice, Panel::Curves], later: &[Panel::Potential], share: 1.0 },
        ],
        width: 1.7,
    },
    PanelColumn {
        places: &[
            PanelPlace { first: &[Panel::RuleComparison], later: &[Panel::Changes, Panel::Accuracy], share: 1.2 },
            PanelPlace { first: &[Panel::PointDetail, Panel::Raster, Panel::Layers], later: &[], share: 1.0 },
        ],
        width: 2.0,
    },
];
