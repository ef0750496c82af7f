//! Which panels stand where. They can be dragged, closed and opened again, and come back as they were left.

pub mod panel;
mod panel_help;
pub mod workspace;

use egui_tiles::{Linear, LinearDir, Tile, TileId, Tiles, Tree};

pub use panel::Panel;
pub use workspace::Workspace;
use workspace::{PanelColumn, PanelPlace};

/// The panels of a workspace as they stand at the first start.
pub fn standard(workspace: Workspace) -> Tree<Panel> {
    let mut tiles = Tiles::default();
    let mut columns = Vec::new();
    for PanelColumn { places, width } in workspace.columns() {
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

/// Panels in columns, each from above, as a lesson wants them.
pub fn of_panels(columns: &[Vec<Panel>]) -> Tree<Panel> {
    let mut tiles = Tiles::default();
    let mut roots = Vec::new();
    for column in columns.iter().filter(|column| !column.is_empty()) {
        let tabs: Vec<(TileId, f32)> = column
            .iter()
            .map(|panel| {
                let pane = tiles.insert_pane(*panel);
                (tiles.insert_tab_tile(vec![pane]), panel.weight())
            })
            .collect();
        let width = column.iter().map(|panel| panel.weight()).fold(0.0, f32::max);
        roots.push((linear(&mut tiles, LinearDir::Vertical, &tabs), width));
    }
    let root = linear(&mut tiles, LinearDir::Horizontal, &roots);
    Tree::new(egui::Id::unique("panels of the lesson"), root, tiles)
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

/// Opens panels that a layout of an earlier version does not know of, at their places, in the background.
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

/// Makes a panel a tab again next to one that it shares its place with, where such a one is open.
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
    let place = |column: &PanelColumn| column.places.iter().position(|place: &PanelPlace| place.holds(panel));
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
        let panels = |c: &PanelColumn| c.places.iter().flat_map(|place| place.first.iter().copied()).collect();
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
        let new = [Panel::Layers, Panel::Samples, Panel::DecisionMap, Panel::Accuracy];
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
