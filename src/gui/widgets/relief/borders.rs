//! Lines along the sides of cells: level lines, the borders of regions, the edge where a spike moves. They follow the
//! cells, as what they tell apart is constant on each of them.

use egui::epaint::Mesh;
use egui::{Color32, Pos2};

use super::map::PlaneMap;
use crate::gui::theme::Marks;
use crate::landscape::Grid;
pub use crate::landscape::borders::{CellBorder, borders, contours};

/// Adds the borders as lines of this width and colour.
pub fn draw(mesh: &mut Mesh, map: &PlaneMap, grid: Grid, borders: &[CellBorder], width: f32, colour: Color32) {
    let place = |line: usize| f64::from(grid.coordinate(0)) + (line as f64 - 0.5) * f64::from(grid.spacing());
    for border in borders {
        let end = |along: usize| -> Pos2 {
            let (at, along) = (place(border.at), place(along));
            if border.upright { map.pos(at, along) } else { map.pos(along, at) }
        };
        let (from, to) = (end(border.from), end(border.to));
        // corners are closed
        let more = (to - from).normalized() * (width / 2.0);
        mesh.stroke(from - more, to + more, width, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_a_border_of_straight_pieces() {
        // 4 × 4, the block of i and j in 1..3
        let within = |k: usize| (1..3).contains(&(k / 4)) && (1..3).contains(&(k % 4));
        let all = borders(4, |one, other| within(one) != within(other));
        let piece = |upright, at| CellBorder { upright, at, from: 1, to: 3 };
        assert_eq!(all, [piece(true, 1), piece(true, 3), piece(false, 1), piece(false, 3)]);
        assert!(borders(4, |_, _| false).is_empty());
    }

    #[test]
    fn level_lines_run_between_the_cells_on_both_sides_of_a_level() {
        let values = [0.0, 0.4, 1.0, 0.0, 0.6, f64::NAN, 0.0, 0.4, 1.0];
        let lines = contours(3, &values, &[0.5]);
        // between 0.4 and 1.0, 0.4 and 0.6, 0 and 0.6; not next to the one that is not known
        assert_eq!(lines.len(), 5);
        assert!(lines.contains(&CellBorder { upright: false, at: 1, from: 1, to: 2 }));
        assert!(!lines.contains(&CellBorder { upright: false, at: 2, from: 1, to: 2 }));
        let twice = contours(3, &values, &[0.3, 0.5]);
        assert!(twice.contains(&CellBorder { upright: false, at: 1, from: 0, to: 3 }));
        assert!(contours(3, &values, &[]).is_empty());
    }

    #[test]
    fn a_level_belongs_to_what_lies_at_or_above_it() {
        assert!(contours(2, &[0.5, 0.7, 0.5, 0.7], &[0.5]).is_empty());
        assert_eq!(contours(2, &[0.5, 0.4, 0.5, 0.4], &[0.5]).len(), 1);
    }
}
