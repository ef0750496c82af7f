//! What comes back at the next start is a file like any other: whatever stands in it, the window opens. What is wrong falls
//! back to how it is at the first start, and the rest is kept.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use egui_tiles::{Container, Tile, TileId, Tree};

use super::{Choices, SavedState};
use crate::gui::layout::{self, Panel};

/// The most tiles of an arrangement, and how deep they may lie in each other: some hundred panels would not be seen any more.
const MOST_TILES: usize = 500;
const DEEPEST: usize = 32;

impl SavedState {
    /// The state with what cannot be put right, and whether anything was wrong.
    pub fn mended(mut self) -> (Self, bool) {
        let mut wrong = !self.zoom.is_finite();
        if wrong {
            self.zoom = 1.0;
        }
        for (workspace, tree) in
            std::iter::once((self.workspace, &mut self.layout)).chain(self.aside.iter_mut().map(|(w, tree)| (*w, tree)))
        {
            if !is_sound(tree) {
                *tree = layout::standard(workspace);
                wrong = true;
            }
        }
        wrong |= mend(&mut self.choices);
        (self, wrong)
    }
}

/// Numbers that are measured by, each of which could keep the machine for years.
fn mend(choices: &mut Choices) -> bool {
    let (usual, landscape) = (Choices::default(), &mut choices.landscape);
    let mut wrong = put_right(&mut landscape.points, 3..=201, usual.landscape.points);
    wrong |= put_right(&mut landscape.samples, 1..=100_000, usual.landscape.samples);
    wrong |= put_right(&mut landscape.range, 1e-6..=1e6, usual.landscape.range);
    wrong |= put_right(&mut choices.decision_map.points, 3..=201, usual.decision_map.points);
    wrong | put_right(&mut choices.look_back, 2..=1000, usual.look_back)
}

fn put_right<T: PartialOrd>(value: &mut T, allowed: RangeInclusive<T>, usual: T) -> bool {
    let wrong = !allowed.contains(value);
    if wrong {
        *value = usual;
    }
    wrong
}

/// Whether the tiles are a tree that can be drawn: nothing lies within itself, nothing is missing or there twice.
fn is_sound(tree: &Tree<Panel>) -> bool {
    let mut seen = BTreeSet::new();
    let number = tree.tiles.len();
    number <= MOST_TILES && tree.root().is_none_or(|root| holds(tree, root, 0, &mut seen))
}

fn holds(tree: &Tree<Panel>, id: TileId, depth: usize, seen: &mut BTreeSet<u64>) -> bool {
    if depth > DEEPEST || !seen.insert(id.0) {
        return false;
    }
    match tree.tiles.get(id) {
        None => false,
        Some(Tile::Pane(_)) => true,
        Some(Tile::Container(container)) => {
            let shares = match container {
                Container::Linear(linear) => linear.shares.iter().all(|(_, share)| share.is_finite() && *share >= 0.0),
                _ => true,
            };
            shares && container.children().all(|child| holds(tree, *child, depth + 1, seen))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::layout::Workspace;

    #[test]
    fn what_was_saved_comes_back_as_it_was() {
        let saved = SavedState { zoom: 1.5, ..SavedState::default() };
        let (mended, wrong) = saved.clone().mended();
        assert!(!wrong && mended.zoom == 1.5 && mended.layout == saved.layout && mended.choices == saved.choices);
    }

    #[test]
    fn a_container_within_itself_falls_back_and_the_rest_is_kept() {
        let mut saved = SavedState::default();
        let root = saved.layout.root().unwrap();
        if let Some(Tile::Container(container)) = saved.layout.tiles.get_mut(root) {
            container.add_child(root);
        }
        saved.choices.captions = !saved.choices.captions;
        let captions = saved.choices.captions;
        let (mended, wrong) = saved.mended();
        assert!(wrong && mended.layout == layout::standard(Workspace::default()));
        assert_eq!(mended.choices.captions, captions);
        let mut missing = SavedState::default();
        missing.aside.push((Workspace::default(), layout::standard(Workspace::default())));
        let tree = &mut missing.aside[0].1;
        let pane = tree.tiles.find_pane(&Panel::Raster).unwrap();
        tree.tiles.remove(pane);
        assert!(missing.mended().1);
    }

    #[test]
    fn numbers_beyond_all_measure_fall_back() {
        let wrongs: [fn(&mut SavedState); 6] = [
            |s| s.zoom = f32::NAN,
            |s| s.choices.landscape.points = 1_000_000_001,
            |s| s.choices.landscape.range = f32::INFINITY,
            |s| s.choices.landscape.samples = usize::MAX,
            |s| s.choices.decision_map.points = 0,
            |s| s.choices.look_back = u64::MAX,
        ];
        for change in wrongs {
            let mut saved = SavedState::default();
            change(&mut saved);
            let (mended, wrong) = saved.mended();
            assert!(wrong && mended.zoom == 1.0 && mended.choices == Choices::default());
        }
    }
}
