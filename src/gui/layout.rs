//! Which panels stand where. They can be dragged, closed and opened again, and come back as they were left.

use egui_tiles::{Linear, LinearDir, SimplificationOptions, Tile, TileId, Tiles, Tree, UiResponse};

use super::action::Action;
pub use super::panel::Panel;
use super::panels::Panels;
use super::state::Look;
pub use super::workspace::Workspace;
use super::workspace::{Column, Place};

/// The panels of a workspace as they stand at the first start.
pub fn standard(workspace: Workspace) -> Tree<Panel> {
    let mut tiles = Tiles::default();
    let mut columns = Vec::new();
    for Column { places, width } in workspace.columns() {
        let mut children = Vec::new();
        for place in *places {
            // panels that share a place are tabs of it, the first in front
            let panes: Vec<TileId> = place.first.iter().map(|p| tiles.insert_pane(*p)).collect();
            if !panes.is_empty() {
                children.push((tiles.insert_tab_tile(panes), place.share));
            }
        }
        columns.push((linear(&mut tiles, LinearDir::Vertical, &children), *width));
    }
    let root = linear(&mut tiles, LinearDir::Horizontal, &columns);
    Tree::new(egui::Id::unique(workspace.key()), root, tiles)
}

fn linear(tiles: &mut Tiles<Panel>, dir: LinearDir, children: &[(TileId, f32)]) -> TileId {
    let mut linear = Linear::new(dir, children.iter().map(|(id, _)| *id).collect());
    for (id, share) in children {
        linear.shares.set_share(*id, *share);
    }
    tiles.insert_container(linear)
}

/// Opens a panel that was closed, or brings it to the front.
pub fn open(tree: &mut Tree<Panel>, workspace: Workspace, panel: Panel) {
    if tree.tiles.find_pane(&panel).is_none() {
        insert(tree, workspace, panel);
    }
    if let Some(id) = tree.tiles.find_pane(&panel) {
        tree.make_active(|t, _| t == id);
    }
}

/// Opens panels that a layout of an earlier version does not know of, at their places, behind what is there.
pub fn complete(tree: &mut Tree<Panel>, workspace: Workspace, known: &[Panel]) {
    for panel in workspace.first().filter(|p| !known.contains(p)) {
        if tree.tiles.find_pane(&panel).is_none() {
            insert(tree, workspace, panel);
        }
    }
}

fn insert(tree: &mut Tree<Panel>, workspace: Workspace, panel: Panel) {
    let id = tree.tiles.insert_pane(panel);
    if among_tabs(tree, workspace, panel, id) || beside_neighbour(tree, workspace, panel, id) {
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

/// Makes a panel a tab again beside one that it shares its place with, where such a one is open.
fn among_tabs(tree: &mut Tree<Panel>, workspace: Workspace, panel: Panel, id: TileId) -> bool {
    let mut places = workspace.columns().iter().flat_map(|column| column.places);
    let place = places.find(|place| place.holds(panel)).expect("every panel has its place");
    let order = |p: &Panel| place.panels().position(|other| other == *p);
    let behind = |tree: &Tree<Panel>, child: &TileId| match tree.tiles.get(*child) {
        Some(Tile::Pane(other)) => order(other) > order(&panel),
        _ => false,
    };
    for companion in place.panels().filter(|p| *p != panel) {
        let parent = tree.tiles.find_pane(&companion).and_then(|child| tree.tiles.parent_of(child));
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
fn beside_neighbour(tree: &mut Tree<Panel>, workspace: Workspace, panel: Panel, id: TileId) -> bool {
    let place = |column: &Column| column.places.iter().position(|place: &Place| place.holds(panel));
    let mut columns = workspace.columns().iter();
    let (column, own) = columns.find_map(|c| Some((c.places, place(c)?))).expect("every panel has its column");
    let mut neighbours: Vec<(usize, Panel)> = Vec::new();
    for (n, place) in column.iter().enumerate().filter(|(n, _)| *n != own) {
        neighbours.extend(place.panels().map(|p| (n, p)));
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

    fn first_columns(workspace: Workspace) -> Vec<Vec<Panel>> {
        let panels = |c: &Column| c.places.iter().flat_map(|place| place.first.iter().copied()).collect();
        workspace.columns().iter().map(panels).collect()
    }

    #[test]
    fn a_panel_that_was_closed_comes_back_at_its_place() {
        for workspace in Workspace::ALL {
            for panel in workspace.first().filter(|p| *p != Panel::Experiment) {
                let mut tree = standard(workspace);
                let id = tree.tiles.find_pane(&panel).unwrap();
                tree.remove_recursively(id);
                assert!(!shown(&tree).contains(&panel));
                open(&mut tree, workspace, panel);
                assert_eq!(columns(&tree), first_columns(workspace), "{panel:?}");
            }
        }
    }

    #[test]
    fn every_panel_has_one_place_in_every_workspace() {
        for workspace in Workspace::ALL {
            let mut tree = standard(workspace);
            for panel in Panel::ALL {
                let places = workspace.columns().iter().flat_map(|column| column.places);
                assert_eq!(places.filter(|place| place.holds(panel)).count(), 1, "{panel:?}");
                open(&mut tree, workspace, panel);
            }
            assert_eq!(columns(&tree).len(), workspace.columns().len());
        }
    }

    #[test]
    fn a_layout_of_an_earlier_version_gets_what_is_new_and_nothing_that_was_closed() {
        let mut tree = standard(Workspace::Watch);
        let new = [Panel::Layers, Panel::Samples, Panel::Map, Panel::Accuracy];
        for panel in new.into_iter().chain([Panel::Curves]) {
            let id = tree.tiles.find_pane(&panel).unwrap();
            tree.remove_recursively(id);
        }
        let known: Vec<Panel> = Panel::ALL.into_iter().filter(|p| !new.contains(p)).collect();
        complete(&mut tree, Workspace::Watch, &known);
        let mut expected = first_columns(Workspace::Watch);
        expected[1].retain(|p| *p != Panel::Curves);
        assert_eq!(columns(&tree), expected);
    }

    #[test]
    fn with_all_neighbours_closed_it_opens_all_the_same() {
        let mut tree = standard(Workspace::Watch);
        for panel in Workspace::Watch.first() {
            let id = tree.tiles.find_pane(&panel).unwrap();
            tree.remove_recursively(id);
        }
        for panel in Panel::ALL {
            open(&mut tree, Workspace::Watch, panel);
            assert!(shown(&tree).contains(&panel), "{panel:?}");
        }
    }
}
