//! The state that comes back when the program is started again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use egui_tiles::Tree;

use super::Choices;
use super::session::HISTORY_MIB;
use crate::figure::FigureStyle;
use crate::gui::layout::{self, Panel, Workspace};
use crate::lesson::walk::LessonProgress;

/// Everything that comes back when the program is started again.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct SavedState {
    pub choices: Choices,
    pub layout: Tree<Panel>,
    /// The arrangement that `layout` is one of.
    pub workspace: Workspace,
    /// The others, as they were left.
    pub aside: Vec<(Workspace, Tree<Panel>)>,
    /// The panels that there were when this was written: others are new.
    pub known: Vec<Panel>,
    pub theme: egui::ThemePreference,
    pub zoom: f32,
    /// Session files that were opened or saved, the newest first.
    pub recent: Vec<PathBuf>,
    /// MiB that the pasts of all runs may take together.
    pub history_mib: u32,
    /// How exported figures look.
    pub figures: FigureStyle,
    /// How far the reader came in each lesson, by its id.
    pub lessons: BTreeMap<String, LessonProgress>,
}

/// The panels of the first version, which did not write them down.
const FIRST_PANELS: [Panel; 6] =
    [Panel::Experiment, Panel::Raster, Panel::Potential, Panel::Curves, Panel::Changes, Panel::Landscape];

impl Default for SavedState {
    fn default() -> Self {
        Self {
            choices: Choices::default(),
            layout: layout::standard(Workspace::default()),
            workspace: Workspace::default(),
            aside: Vec::new(),
            known: FIRST_PANELS.to_vec(),
            theme: egui::ThemePreference::System,
            zoom: 1.0,
            recent: Vec::new(),
            history_mib: HISTORY_MIB,
            figures: FigureStyle::default(),
            lessons: BTreeMap::new(),
        }
    }
}
