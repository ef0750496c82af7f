//! Fields as arrows, drawn downhill: where a rule would go, and where it sees nothing.

use egui::epaint::Mesh;
use egui::{Color32, Pos2, Rect, Vec2, vec2};

use super::map::PlaneMap;
use crate::gui::theme::Marks;
use crate::landscape::Grid;

/// Points between two arrows, at least.
pub const APART: f32 = 15.0;
/// The shortest arrow, as a share of the longest.
const SHORTEST: f32 = 0.3;

/// An arrow around a point of the grid, or a dot where the field is zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrow {
    pub at: Pos2,
    /// From its tail to its head; none where there is nothing.
    pub way: Option<Vec2>,
}

/// Every how many points there is an arrow, so that they lie at least [`APART`] points apart.
pub fn every(map: &PlaneMap, grid: Grid) -> usize {
    let cell = map.whole(grid).width() / grid.points as f32;
    (APART / cell.max(1e-3)).ceil().max(1.0) as usize
}

/// The arrows of the part in view. `field` gives the gradient at a point (i, j), where it is known; arrows point
/// against it. Points are counted from the centre, so that it has one; none is a mean of several. The longest of them
/// fill the room between two; the others are as long as the root of their share, so that small ones still show their
/// way.
pub fn arrows(map: &PlaneMap, grid: Grid, field: impl Fn(usize, usize) -> Option<[f32; 2]>) -> Vec<Arrow> {
    let every = every(map, grid);
    let half = grid.points / 2;
    let lines: Vec<usize> = (0..grid.points).filter(|k| k.abs_diff(half).is_multiple_of(every)).collect();
    let mut found: Vec<(Pos2, [f32; 2])> = Vec::new();
    for (&i, &j) in lines.iter().flat_map(|i| lines.iter().map(move |j| (i, j))) {
        let at = map.pos(f64::from(grid.coordinate(i)), f64::from(grid.coordinate(j)));
        let known = field(i, j).filter(|g| g.iter().all(|x| x.is_finite()));
        found.extend(known.filter(|_| map.rect.contains(at)).map(|g| (at, g)));
    }
    let length = |[x, y]: [f32; 2]| x.hypot(y);
    let longest = found.iter().map(|(_, g)| length(*g)).fold(0.0, f32::max);
    let room = map.whole(grid).width() / grid.points as f32 * every as f32 * 0.88;
    let arrow = |(at, g): (Pos2, [f32; 2])| {
        let share = (length(g) / longest).sqrt();
        // on the screen the second direction points upwards
        let way = (length(g) > 0.0).then(|| vec2(-g[0], g[1]) / length(g) * room * share.max(SHORTEST));
        Arrow { at, way }
    };
    found.into_iter().map(arrow).collect()
}

/// Adds the arrows, light on dark so that they stand out on every colour of the map.
pub fn draw(mesh: &mut Mesh, arrows: &[Arrow], clip: Rect, under: Color32, over: Color32) {
    for (colour, more) in [(under, 1.0), (over, 0.0)] {
        for arrow in arrows.iter().filter(|arrow| clip.contains(arrow.at)) {
            let Some(way) = arrow.way else {
                mesh.bar(arrow.at, Vec2::splat(2.0 + 2.0 * more), colour);
                continue;
            };
            let (tail, tip) = (arrow.at - way / 2.0, arrow.at + way / 2.0);
            let along = way.normalized();
            let head = (0.5 * way.length()).clamp(3.0, 6.0);
            let neck = tip - along * head;
            mesh.stroke(tail - along * more, neck, 1.3 + 2.0 * more, colour);
            let side = along.rot90() * (0.5 * head + 1.4 * more);
            mesh.triangle_of(
                [tip + along * (1.6 * more), neck + side - along * more, neck - side - along * more],
                colour,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::widgets::relief::map::PlaneView;
    use egui::pos2;

    fn map(grid: Grid, side: f32) -> PlaneMap {
        PlaneMap { view: PlaneView::whole(grid), rect: Rect::from_min_size(pos2(0.0, 0.0), Vec2::splat(side)) }
    }

    #[test]
    fn arrows_point_downhill_and_the_centre_has_one() {
        let grid = Grid { points: 51, range: 1.0 };
        let map = map(grid, 300.0);
        assert_eq!(every(&map, grid), 3);
        // a bowl: the gradient points away from the middle
        let arrows = arrows(&map, grid, |i, j| Some([grid.coordinate(i), grid.coordinate(j)]));
        assert_eq!(arrows.len(), 17 * 17);
        let centre = map.rect.center();
        for arrow in &arrows {
            let away = arrow.at - centre;
            match arrow.way {
                Some(way) => assert!(way.dot(away) < -0.99 * way.length() * away.length()),
                None => assert!(away.length() < 1e-3, "only the bottom is flat"),
            }
        }
        let lengths: Vec<f32> = arrows.iter().filter_map(|a| a.way).map(Vec2::length).collect();
        let longest = lengths.iter().copied().fold(0.0, f32::max);
        assert!(longest < APART * 1.3 && lengths.iter().all(|l| *l >= SHORTEST * longest * 0.99));
    }

    #[test]
    fn what_is_not_known_has_no_arrow_and_what_is_flat_a_dot() {
        let grid = Grid { points: 5, range: 1.0 };
        let map = map(grid, 300.0);
        let arrows = arrows(&map, grid, |i, j| (i != 2).then_some([0.0, if j == 1 { f32::NAN } else { 0.0 }]));
        assert_eq!(arrows.len(), 4 * 4);
        assert!(arrows.iter().all(|a| a.way.is_none()));
    }

    #[test]
    fn closer_in_there_are_more() {
        let grid = Grid { points: 51, range: 1.0 };
        let whole = map(grid, 300.0);
        let near = PlaneMap { view: PlaneView { half: 0.1, ..whole.view }, ..whole };
        assert_eq!(every(&near, grid), 1);
        let arrows = arrows(&near, grid, |_, _| Some([1.0, 0.0]));
        assert_eq!(arrows.len(), 25);
        assert!(arrows.iter().all(|a| a.way.unwrap().x < 0.0 && a.way.unwrap().y == 0.0));
    }
}
