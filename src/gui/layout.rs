//! Which panels stand where. They can be dragged, closed and opened again, and come back as they were left.

use egui_tiles::{Linear, LinearDir, SimplificationOptions, Tile, TileId, Tiles, Tree, UiResponse};
use serde::{Deserialize, Serialize};

use super::action::Action;
use super::panels::Panels;
use super::state::Look;

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
}

impl Panel {
    pub const ALL: [Panel; 10] = [
        Self::Experiment,
        Self::Raster,
        Self::Layers,
        Self::Potential,
        Self::Curves,
        Self::Landscape,
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
        }
    }

    /// More than the caption says, for the `?` of its tab.
    pub fn help(self) -> &'static str {
        match self {
            Self::Experiment => {
                "Every setting of the run. Hover a name for its symbol and what turning it up does. \
                 What can change under way does so at once; the rest waits for a restart and says so."
            }
            Self::Raster => {
                "Time runs to the right, neurons are rows, layers are bands from the inputs to the outputs. \
                 What the chosen span of updates did is drawn where the spikes are: a triangle where one was created, \
                 a cross where one was removed, an arrow from where one was to where it is. Open rings in the output \
                 band are the targets: a spike in its ring is a hit, an empty ring a miss, a bare spike one too many. \
                 Click a neuron to see its membrane potential. Wheel: zoom time. Drag: move. Double click: all."
            }
            Self::Potential => {
                "The membrane potential of the neuron picked in the raster, on the same time axis. Where it reaches \
                 the threshold (1) the neuron spikes and is reset."
            }
            Self::Curves => {
                "The run so far, one value an update. Long runs are thinned; the shaded band then reaches from the \
                 least to the greatest value that a point stands for, so that no spike of a curve is lost."
            }
            Self::Changes => {
                "Spikes before and after are aligned neuron by neuron at least cost: creating or removing one costs 1, \
                 moving it by a step costs q (Victor and Purpura 1996). Small q matches far spikes, large q only \
                 coincident ones."
            }
            Self::Landscape => {
                "The loss at a grid of points around the current weights, along two random directions that are scaled, \
                 neuron by neuron, to the weights' own size. The loss depends on whole steps only, so it is made of \
                 flat cells and cliffs; nothing is smoothed. The line is the run's own path, projected."
            }
            Self::Layers => {
                "The watched sample as images: the input as it was recorded, and the spikes of every layer that has a height \
                 and a width, one image for each channel (its feature map). Played over time, or all steps together."
            }
            Self::Samples => {
                "The samples of the task with what the network takes them for, by the weights of one moment. \
                 Click a sample to watch it in the raster."
            }
            Self::Map => {
                "The plane of Yin-Yang as the network divides it: the class by colour, the time of the first output spike \
                 by brightness."
            }
            Self::Accuracy => {
                "How many samples the network takes for what they are, by first spike and by count: over the epochs on \
                 the validation samples, and class against class in the confusion matrix."
            }
        }
    }
}

/// The panels as they stand at the first start.
pub fn standard() -> Tree<Panel> {
    let mut tiles = Tiles::default();
    // panels that share a place are tabs of it, the first in front
    let mut stack = |places: &[Place]| {
        let mut children = Vec::new();
        for (panels, share) in places {
            let panes: Vec<TileId> = panels.iter().map(|p| tiles.insert_pane(*p)).collect();
            children.push((tiles.insert_tab_tile(panes), *share));
        }
        linear(&mut tiles, LinearDir::Vertical, &children)
    };
    let [left, middle, right] = COLUMNS.map(&mut stack);
    let root = linear(&mut tiles, LinearDir::Horizontal, &[(left, 0.85), (middle, 2.2), (right, 1.2)]);
    Tree::new(egui::Id::unique("panels"), root, tiles)
}

fn linear(tiles: &mut Tiles<Panel>, dir: LinearDir, children: &[(TileId, f32)]) -> TileId {
    let mut linear = Linear::new(dir, children.iter().map(|(id, _)| *id).collect());
    for (id, share) in children {
        linear.shares.set_share(*id, *share);
    }
    tiles.insert_container(linear)
}

/// Opens a panel that was closed, or brings it to the front.
pub fn open(tree: &mut Tree<Panel>, panel: Panel) {
    if tree.tiles.find_pane(&panel).is_none() {
        insert(tree, panel);
    }
    if let Some(id) = tree.tiles.find_pane(&panel) {
        tree.make_active(|t, _| t == id);
    }
}

/// Opens panels that a layout of an earlier version does not know of, at their places, behind what is there.
pub fn complete(tree: &mut Tree<Panel>, known: &[Panel]) {
    for panel in Panel::ALL.into_iter().filter(|p| !known.contains(p)) {
        if tree.tiles.find_pane(&panel).is_none() {
            insert(tree, panel);
        }
    }
}

fn insert(tree: &mut Tree<Panel>, panel: Panel) {
    let id = tree.tiles.insert_pane(panel);
    if among_tabs(tree, panel, id) || beside_neighbour(tree, panel, id) {
        return;
    }
    match tree.root() {
        Some(root) => match tree.tiles.get_mut(root) {
            Some(Tile::Container(container)) => container.add_child(id),
            _ => tree.root = Some(linear(&mut tree.tiles, LinearDir::Horizontal, &[(root, 2.0), (id, 1.0)])),
        },
        None => tree.root = Some(id),
    }
}

/// Whether one of these panels is in front, not behind another tab.
pub fn in_view(tree: &Tree<Panel>, panels: &[Panel]) -> bool {
    tree.active_tiles().into_iter().any(|id| matches!(tree.tiles.get(id), Some(Tile::Pane(p)) if panels.contains(p)))
}

/// Panels that are tabs of one place, and its share of the column.
type Place = (&'static [Panel], f32);

/// The columns as they stand at the first start.
const COLUMNS: [&[Place]; 3] = [
    &[(&[Panel::Experiment], 1.0)],
    &[(&[Panel::Raster, Panel::Layers], 2.4), (&[Panel::Potential], 1.05), (&[Panel::Curves], 1.25)],
    &[(&[Panel::Landscape, Panel::Samples, Panel::Map], 1.5), (&[Panel::Changes, Panel::Accuracy], 1.1)],
];

/// Makes a panel a tab again beside one that it shares its place with, where such a one is open.
fn among_tabs(tree: &mut Tree<Panel>, panel: Panel, id: TileId) -> bool {
    let places = COLUMNS.iter().copied().flatten();
    let place = places.map(|(panels, _)| *panels).find(|p| p.contains(&panel)).expect("every panel has its place");
    let order = |p: &Panel| place.iter().position(|other| other == p);
    let behind = |tree: &Tree<Panel>, child: &TileId| match tree.tiles.get(*child) {
        Some(Tile::Pane(other)) => order(other) > order(&panel),
        _ => false,
    };
    for companion in place.iter().filter(|p| **p != panel) {
        let parent = tree.tiles.find_pane(companion).and_then(|child| tree.tiles.parent_of(child));
        let Some(parent) = parent else { continue };
        let Some(Tile::Container(egui_tiles::Container::Tabs(tabs))) = tree.tiles.get(parent) else { continue };
        let at = tabs.children.iter().position(|child| behind(tree, child)).unwrap_or(tabs.children.len());
        if let Some(Tile::Container(egui_tiles::Container::Tabs(tabs))) = tree.tiles.get_mut(parent) {
            tabs.children.insert(at, id);
            return true;
        }
    }
    false
}

/// Puts a panel back into its column, where a neighbour of it still stands in one.
fn beside_neighbour(tree: &mut Tree<Panel>, panel: Panel, id: TileId) -> bool {
    let place = |p: &Panel, column: &[Place]| column.iter().position(|(panels, _)| panels.contains(p));
    let column = COLUMNS.iter().find(|c| place(&panel, c).is_some()).expect("every panel has its column");
    let own = place(&panel, column).unwrap_or(0);
    let mut neighbours: Vec<(usize, Panel)> = Vec::new();
    for (n, (panels, _)) in column.iter().enumerate().filter(|(n, _)| *n != own) {
        neighbours.extend(panels.iter().map(|p| (n, *p)));
    }
    neighbours.sort_by_key(|(n, _)| n.abs_diff(own));
    for (n, neighbour) in neighbours {
        let Some(mut child) = tree.tiles.find_pane(&neighbour) else { continue };
        while let Some(parent) = tree.tiles.parent_of(child) {
            if let Some(Tile::Container(egui_tiles::Container::Linear(linear))) = tree.tiles.get_mut(parent)
                && linear.dir == LinearDir::Vertical
            {
                let at = linear.children.iter().position(|c| *c == child).unwrap_or(0) + usize::from(n < own);
                linear.children.insert(at, id);
                return true;
            }
            child = parent;
        }
    }
    false
}

/// The panels that are open.
pub fn shown(tree: &Tree<Panel>) -> Vec<Panel> {
    Panel::ALL.into_iter().filter(|p| tree.tiles.find_pane(p).is_some()).collect()
}

/// Draws each tile by its panel.
pub struct Behaviour<'a> {
    pub panels: &'a mut Panels,
    pub look: Look<'a>,
    pub actions: &'a mut Vec<Action>,
}

impl egui_tiles::Behavior<Panel> for Behaviour<'_> {
    fn pane_ui(&mut self, ui: &mut egui::Ui, _: TileId, panel: &mut Panel) -> UiResponse {
        let margin = egui::Margin { left: 8, right: 8, top: 4, bottom: 6 };
        egui::Frame::new().fill(self.look.theme.panel).inner_margin(margin).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            self.panels.show(*panel, ui, self.look, self.actions);
        });
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, panel: &Panel) -> egui::WidgetText {
        panel.title().into()
    }

    fn is_tab_closable(&self, _: &Tiles<Panel>, _: TileId) -> bool {
        true
    }

    fn top_bar_right_ui(
        &mut self,
        tiles: &Tiles<Panel>,
        ui: &mut egui::Ui,
        _: TileId,
        tabs: &egui_tiles::Tabs,
        _: &mut f32,
    ) {
        if let Some(panel) = tabs.active.and_then(|id| tiles.get_pane(&id)) {
            let name = format!("What is {}", panel.title().to_lowercase());
            ui.add_space(6.0);
            let button = ui.add(egui::Button::new("?").frame(false).small()).on_hover_text(panel.help());
            button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
        }
    }

    fn tab_bar_height(&self, _: &egui::Style) -> f32 {
        24.0
    }

    fn tab_bar_color(&self, _: &egui::Visuals) -> egui::Color32 {
        self.look.theme.panel
    }

    fn tab_bg_color(&self, _: &egui::Visuals, _: &Tiles<Panel>, _: TileId, _: &egui_tiles::TabState) -> egui::Color32 {
        self.look.theme.panel
    }

    /// Of several panels at one place the one in front stands out.
    fn tab_text_color(
        &self,
        _: &egui::Visuals,
        _: &Tiles<Panel>,
        _: TileId,
        state: &egui_tiles::TabState,
    ) -> egui::Color32 {
        if state.active { self.look.theme.ink } else { self.look.theme.faint }
    }

    fn tab_outline_stroke(
        &self,
        _: &egui::Visuals,
        _: &Tiles<Panel>,
        _: TileId,
        _: &egui_tiles::TabState,
    ) -> egui::Stroke {
        egui::Stroke::NONE
    }

    fn tab_bar_hline_stroke(&self, _: &egui::Visuals) -> egui::Stroke {
        egui::Stroke::NONE
    }

    fn gap_width(&self, _: &egui::Style) -> f32 {
        1.0
    }

    fn resize_stroke(&self, style: &egui::Style, state: egui_tiles::ResizeState) -> egui::Stroke {
        match state {
            egui_tiles::ResizeState::Idle => egui::Stroke::new(1.0, self.look.theme.line),
            egui_tiles::ResizeState::Hovering => style.visuals.widgets.hovered.fg_stroke,
            egui_tiles::ResizeState::Dragging => style.visuals.widgets.active.fg_stroke,
        }
    }

    fn min_size(&self) -> f32 {
        60.0
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The panels of each column, from left to right.
    fn columns(tree: &Tree<Panel>) -> Vec<Vec<Panel>> {
        fn panels(tree: &Tree<Panel>, id: TileId, found: &mut Vec<Panel>) {
            match tree.tiles.get(id) {
                Some(Tile::Pane(panel)) => found.push(*panel),
                Some(Tile::Container(c)) => c.children().for_each(|c| panels(tree, *c, found)),
                None => {}
            }
        }
        let Some(Tile::Container(root)) = tree.root().and_then(|r| tree.tiles.get(r)) else { return Vec::new() };
        let column = |id: &TileId| {
            let mut found = Vec::new();
            panels(tree, *id, &mut found);
            found
        };
        root.children().map(column).collect()
    }

    fn first_columns() -> Vec<Vec<Panel>> {
        COLUMNS.iter().map(|c| c.iter().flat_map(|(panels, _)| panels.iter().copied()).collect()).collect()
    }

    #[test]
    fn a_panel_that_was_closed_comes_back_at_its_place() {
        for panel in Panel::ALL.into_iter().filter(|p| *p != Panel::Experiment) {
            let mut tree = standard();
            let id = tree.tiles.find_pane(&panel).unwrap();
            tree.remove_recursively(id);
            assert!(!shown(&tree).contains(&panel));
            open(&mut tree, panel);
            assert_eq!(columns(&tree), first_columns(), "{panel:?}");
        }
    }

    #[test]
    fn a_layout_of_an_earlier_version_gets_what_is_new_and_nothing_that_was_closed() {
        let mut tree = standard();
        let new = [Panel::Layers, Panel::Samples, Panel::Map, Panel::Accuracy];
        for panel in new.into_iter().chain([Panel::Curves]) {
            let id = tree.tiles.find_pane(&panel).unwrap();
            tree.remove_recursively(id);
        }
        let known: Vec<Panel> = Panel::ALL.into_iter().filter(|p| !new.contains(p)).collect();
        complete(&mut tree, &known);
        let mut expected = first_columns();
        expected[1].retain(|p| *p != Panel::Curves);
        assert_eq!(columns(&tree), expected);
    }

    #[test]
    fn with_all_neighbours_closed_it_opens_all_the_same() {
        let mut tree = standard();
        for panel in Panel::ALL {
            let id = tree.tiles.find_pane(&panel).unwrap();
            tree.remove_recursively(id);
        }
        for panel in Panel::ALL {
            open(&mut tree, panel);
            assert!(shown(&tree).contains(&panel), "{panel:?}");
        }
    }
}
