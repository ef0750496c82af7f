//! One panel, one file.

pub mod accuracy;
pub mod changes;
pub mod curves;
pub mod cut;
pub mod experiment;
pub mod landscape;
pub mod layers;
pub mod map;
pub mod player;
pub mod plot;
pub mod point;
pub mod potential;
pub mod raster;
pub mod samples;
pub mod sight;
mod time;

pub use time::TimeView;

use egui::Ui;

use super::action::Action;
use super::layout::Panel;
use super::state::Look;
use super::theme;

/// What each panel remembers of its own view.
#[derive(Default)]
pub struct Panels {
    pub experiment: experiment::ExperimentPanel,
    pub raster: raster::RasterPanel,
    pub potential: potential::PotentialPanel,
    pub curves: curves::CurvesPanel,
    pub changes: changes::ChangesPanel,
    pub landscape: landscape::LandscapePanel,
    pub plane: landscape::PlanePanel,
    pub sight: sight::SightPanel,
    pub point: point::PointPanel,
    pub cut: cut::CutPanel,
    pub layers: layers::LayersPanel,
    pub samples: samples::SamplesPanel,
    pub map: map::MapPanel,
    pub accuracy: accuracy::AccuracyPanel,
    /// Of raster and potential, which move together.
    pub time: TimeView,
}

impl Panels {
    pub fn show(&mut self, panel: Panel, ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
        match panel {
            Panel::Experiment => self.experiment.ui(ui, look, actions),
            Panel::Raster => self.raster.ui(ui, look, &mut self.time, actions),
            Panel::Potential => self.potential.ui(ui, look, &mut self.time, actions),
            Panel::Curves => self.curves.ui(ui, look, actions),
            Panel::Changes => self.changes.ui(ui, look, actions),
            Panel::Landscape => self.landscape.ui(ui, look, actions),
            Panel::Layers => self.layers.ui(ui, look, actions),
            Panel::Samples => self.samples.ui(ui, look, actions),
            Panel::Map => self.map.ui(ui, look, actions),
            Panel::Accuracy => self.accuracy.ui(ui, look, actions),
            Panel::Plane => self.plane.ui(ui, look, actions),
            Panel::Sight => self.sight.ui(ui, look, actions),
            Panel::Point => self.point.ui(ui, look, actions),
            Panel::Cut => self.cut.ui(ui, look, actions),
        }
    }
}

/// The line under a panel's title that says what one sees; it can be switched off.
pub fn caption(ui: &mut Ui, look: Look, text: impl Into<String>) {
    if look.choices.captions {
        ui.add(egui::Label::new(egui::RichText::new(text).font(theme::small()).color(look.theme.faint)).truncate());
    }
}

/// Says why there is nothing new to see, over what there was.
pub fn problem(ui: &mut Ui, look: Look, text: &str) {
    super::reading::warning(ui, look, text, theme::TEXT);
}

/// What an empty panel says: why it is, and what to do.
pub fn empty(ui: &mut Ui, look: Look, text: &str) {
    ui.add_space((ui.available_height() * 0.4).max(0.0));
    ui.vertical_centered(|ui| ui.label(egui::RichText::new(text).color(look.theme.faint)));
}
