//! The surface in three dimensions, on the CPU: every cell is a flat facet at its height, with vertical cliffs between
//! neighbours, drawn from the back to the front. Nothing is smoothed.

use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Color32, Pos2, Rect, Vec2, pos2};

/// From where the surface is looked at, without perspective. Angles in radians.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewpoint {
    /// Around the upright axis; 0 looks along the second direction, with the first to the right.
    pub azimuth: f32,
    /// Above the ground: from `Viewpoint::LOWEST` to `Viewpoint::HIGHEST`.
    pub elevation: f32,
    /// Times the size at which the whole fits.
    pub zoom: f32,
}

impl Default for Viewpoint {
    fn default() -> Self {
        Self { azimuth: -0.6, elevation: 0.65, zoom: 1.0 }
    }
}

impl Viewpoint {
    pub const LOWEST: f32 = 0.08;
    pub const HIGHEST: f32 = 1.55;
    const NEAREST: f32 = 6.0;

    /// After the pointer was dragged so far, in points.
    pub fn dragged(self, by: Vec2) -> Self {
        const PER_POINT: f32 = 0.008;
        let azimuth = (self.azimuth - by.x * PER_POINT).rem_euclid(std::f32::consts::TAU);
        let elevation = (self.elevation + by.y * PER_POINT).clamp(Self::LOWEST, Self::HIGHEST);
        Self { azimuth, elevation, ..self }
    }

    pub fn zoomed(self, factor: f32) -> Self {
        Self { zoom: (self.zoom * factor).clamp(0.5, Self::NEAREST), ..self }
    }
}

/// The height of the highest cell, where the grid is 2 wide.
const HEIGHT: f32 = 0.9;

/// How the surface lies on the screen. The grid reaches from −1 to 1 along both directions, heights from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub struct SurfaceProjection {
    sin: f32,
    cos: f32,
    tilt: f32,
    rise: f32,
    scale: f32,
    centre: Pos2,
}

impl SurfaceProjection {
    pub fn new(turn: Viewpoint, rect: Rect) -> Self {
        let ((sin, cos), (tilt, rise)) = (turn.azimuth.sin_cos(), turn.elevation.sin_cos());
        // the corners of the grid turn on a circle of radius √2
        let wide = 2.0 * std::f32::consts::SQRT_2;
        let fits = (rect.width() / wide).min(rect.height() / (wide * tilt + HEIGHT * rise));
        let scale = fits * turn.zoom;
        let centre = rect.center() + Vec2::new(0.0, 0.5 * HEIGHT * rise * scale);
        Self { sin, cos, tilt, rise, scale, centre }
    }

    pub fn pos(&self, x: f32, y: f32, height: f32) -> Pos2 {
        let (right, back) = (self.cos * x + self.sin * y, self.cos * y - self.sin * x);
        let up = self.tilt * back + self.rise * HEIGHT * height;
        pos2(self.centre.x + self.scale * right, self.centre.y - self.scale * up)
    }

    /// Whether (falling x, falling y) come towards the eye.
    fn nearer(&self) -> (bool, bool) {
        (self.sin < 0.0, self.cos > 0.0)
    }
}

/// A surface on a square grid of `points` × `points` cells.
pub struct SolidSurface<'a> {
    pub points: usize,
    /// From 0 to 1, `[a][b]`; NaN where nothing is known: there the ground shows.
    pub heights: &'a [f32],
    pub colours: &'a [Color32],
    pub projection: SurfaceProjection,
}

impl SolidSurface<'_> {
    /// All facets and cliffs that face the eye, from the back to the front. Missing cells are left to the ground.
    ///
    /// Neighbours in a row that look alike are one facet, and so are their cliffs: together they are a box, whose sides
    /// never hide each other, so the order stays that from the back to the front.
    pub fn mesh(&self) -> Mesh {
        let mut mesh = Mesh::default();
        let (x_falls, y_falls) = self.projection.nearer();
        let p = |x, y, h| self.projection.pos(x, y, h);
        for i in self.line(x_falls) {
            let x = self.edges(i);
            let x_side = x[usize::from(!x_falls)];
            let top = |mesh: &mut Mesh, run: FaceRun| {
                let ([y0, y1], h) = (self.reach(run), run.face.high);
                quad_of(mesh, [p(x[0], y0, h), p(x[1], y0, h), p(x[1], y1, h), p(x[0], y1, h)], run.face.colour);
            };
            let cliff = |mesh: &mut Mesh, run: FaceRun| {
                let ([y0, y1], CellFace { high, low, colour }) = (self.reach(run), run.face);
                let quad = [p(x_side, y0, high), p(x_side, y1, high), p(x_side, y1, low), p(x_side, y0, low)];
                quad_of(mesh, quad, dimmed(colour, X_SHADE));
            };
            let [mut tops, mut cliffs] = [None; 2];
            for j in self.line(y_falls) {
                let known = !self.heights[i * self.points + j].is_nan();
                let (high, colour) = (self.height(i, j), self.colours[i * self.points + j]);
                let [x_low, y_low] = self.lows(i, j);
                let flat = CellFace { high, low: high, colour };
                lengthen(&mut tops, known.then_some(flat), j, |run| top(&mut mesh, run));
                let steep = CellFace { low: x_low, ..flat };
                lengthen(&mut cliffs, (known && high > x_low).then_some(steep), j, |run| cliff(&mut mesh, run));
                if known && high > y_low {
                    let y = self.edges(j)[usize::from(!y_falls)];
                    let quad = [p(x[0], y, high), p(x[1], y, high), p(x[1], y, y_low), p(x[0], y, y_low)];
                    quad_of(&mut mesh, quad, dimmed(colour, Y_SHADE));
                }
            }
            lengthen(&mut tops, None, 0, |run| top(&mut mesh, run));
            lengthen(&mut cliffs, None, 0, |run| cliff(&mut mesh, run));
        }
        mesh
    }

    /// The cell that is seen at `at`: the front one of those there.
    pub fn cell_at(&self, at: Pos2) -> Option<(usize, usize)> {
        let mut found = None;
        // cliffs are upright: a cell is seen nowhere but above, below and within the width of its place on the ground
        let half = (self.projection.sin.abs() + self.projection.cos.abs()) * self.projection.scale / self.points as f32;
        let middle = |k: usize| (2 * k + 1) as f32 / self.points as f32 - 1.0;
        self.back_to_front(|i, j| {
            let known = !self.heights[i * self.points + j].is_nan();
            let away = self.projection.pos(middle(i), middle(j), 0.0).x - at.x;
            if known && away.abs() <= half && self.faces(i, j).iter().any(|quad| quad.is_some_and(|q| inside(&q, at))) {
                found = Some((i, j));
            }
        });
        found
    }

    /// The top of a cell; of one that is missing, its place on the ground.
    pub fn top(&self, i: usize, j: usize) -> [Pos2; 4] {
        let [x, y] = [i, j].map(|k| self.edges(k));
        let h = self.height(i, j);
        [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(a, b)| self.projection.pos(x[a], y[b], h))
    }

    fn back_to_front(&self, mut cell: impl FnMut(usize, usize)) {
        let (x_falls, y_falls) = self.projection.nearer();
        for (i, j) in self.line(x_falls).flat_map(|i| self.line(y_falls).map(move |j| (i, j))) {
            cell(i, j);
        }
    }

    /// The numbers of the cells along a side, those farther from the eye first.
    fn line(&self, falls: bool) -> impl Iterator<Item = usize> + use<> {
        let n = self.points;
        (0..n).map(move |k| if falls { n - 1 - k } else { k })
    }

    fn height(&self, i: usize, j: usize) -> f32 {
        let h = self.heights[i * self.points + j];
        if h.is_nan() { 0.0 } else { h }
    }

    fn edges(&self, k: usize) -> [f32; 2] {
        [k, k + 1].map(|k| 2.0 * k as f32 / self.points as f32 - 1.0)
    }

    /// Where the cells of a run begin and end.
    fn reach(&self, run: FaceRun) -> [f32; 2] {
        [self.edges(run.from.min(run.to))[0], self.edges(run.from.max(run.to))[1]]
    }

    /// How high it is behind the two sides that face the eye; 0 at the rim.
    fn lows(&self, i: usize, j: usize) -> [f32; 2] {
        let (x_falls, y_falls) = self.projection.nearer();
        let next =
            |k: usize, falls: bool| if falls { k.checked_sub(1) } else { Some(k + 1).filter(|k| *k < self.points) };
        let low = |cell: Option<(usize, usize)>| cell.map_or(0.0, |(i, j)| self.height(i, j));
        [low(next(i, x_falls).map(|i| (i, j))), low(next(j, y_falls).map(|j| (i, j)))]
    }

    /// The top, and the cliffs along the two sides that face the eye where the neighbour there lies lower.
    fn faces(&self, i: usize, j: usize) -> [Option<[Pos2; 4]>; 3] {
        let ([x, y], h) = ([i, j].map(|k| self.edges(k)), self.height(i, j));
        let p = |x, y, h| self.projection.pos(x, y, h);
        let (x_falls, y_falls) = self.projection.nearer();
        let [x_low, y_low] = self.lows(i, j);
        let (x_side, y_side) = (x[usize::from(!x_falls)], y[usize::from(!y_falls)]);
        let x_cliff = [p(x_side, y[0], h), p(x_side, y[1], h), p(x_side, y[1], x_low), p(x_side, y[0], x_low)];
        let y_cliff = [p(x[0], y_side, h), p(x[1], y_side, h), p(x[1], y_side, y_low), p(x[0], y_side, y_low)];
        [Some(self.top(i, j)), (h > x_low).then_some(x_cliff), (h > y_low).then_some(y_cliff)]
    }
}

/// How light the cliffs are along both directions.
const X_SHADE: f32 = 0.62;
const Y_SHADE: f32 = 0.78;

/// How a side of a cell looks.
#[derive(Clone, Copy, PartialEq)]
struct CellFace {
    high: f32,
    low: f32,
    colour: Color32,
}

/// Cells that follow each other in a row and look alike.
#[derive(Clone, Copy)]
struct FaceRun {
    face: CellFace,
    from: usize,
    to: usize,
}

/// Adds the next cell to a run, or ends the run and begins another.
fn lengthen(run: &mut Option<FaceRun>, next: Option<CellFace>, j: usize, end: impl FnOnce(FaceRun)) {
    match run {
        Some(run) if next == Some(run.face) => run.to = j,
        _ => {
            if let Some(run) = run.take() {
                end(run);
            }
            *run = next.map(|face| FaceRun { face, from: j, to: j });
        }
    }
}

fn quad_of(mesh: &mut Mesh, quad: [Pos2; 4], colour: Color32) {
    let first = mesh.vertices.len() as u32;
    mesh.vertices.extend(quad.map(|pos| Vertex { pos, uv: WHITE_UV, color: colour }));
    mesh.indices.extend([first, first + 1, first + 2, first, first + 2, first + 3]);
}

fn dimmed(colour: Color32, shade: f32) -> Color32 {
    let [r, g, b, a] = colour.to_array();
    let dim = |c: u8| (f32::from(c) * shade).round() as u8;
    Color32::from_rgba_premultiplied(dim(r), dim(g), dim(b), a)
}

/// Whether a convex quadrilateral holds a point, whichever way round it is.
fn inside(quad: &[Pos2; 4], at: Pos2) -> bool {
    let side = |k: usize| {
        let (from, to) = (quad[k], quad[(k + 1) % 4]);
        (to.x - from.x) * (at.y - from.y) - (to.y - from.y) * (at.x - from.x)
    };
    let sides = [0, 1, 2, 3].map(side);
    sides.iter().all(|s| *s >= 0.0) || sides.iter().all(|s| *s <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::FRAC_PI_2;

    fn rect() -> Rect {
        Rect::from_min_max(pos2(0.0, 0.0), pos2(400.0, 300.0))
    }

    fn solid(heights: &[f32], turn: Viewpoint) -> SolidSurface<'_> {
        let points = heights.len().isqrt();
        static COLOURS: [Color32; 25] = [Color32::WHITE; 25];
        SolidSurface {
            points,
            heights,
            colours: &COLOURS[..heights.len()],
            projection: SurfaceProjection::new(turn, rect()),
        }
    }

    #[test]
    fn the_whole_fits_from_every_side() {
        for azimuth in [0.0, 0.8, 2.0, 4.0, 6.0] {
            for elevation in [Viewpoint::LOWEST, 0.6, Viewpoint::HIGHEST] {
                let p = SurfaceProjection::new(Viewpoint { azimuth, elevation, zoom: 1.0 }, rect());
                for (x, y, h) in [(-1.0, -1.0, 0.0), (1.0, 1.0, 1.0), (-1.0, 1.0, 1.0), (1.0, -1.0, 0.0)] {
                    assert!(rect().expand(0.5).contains(p.pos(x, y, h)), "{azimuth} {elevation}");
                }
            }
        }
    }

    #[test]
    fn from_above_a_is_to_the_right_and_b_upwards() {
        let p = SurfaceProjection::new(Viewpoint { azimuth: 0.0, elevation: Viewpoint::HIGHEST, zoom: 1.0 }, rect());
        let [middle, a, b] = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)].map(|(x, y)| p.pos(x, y, 0.0));
        assert!(a.x > middle.x + 50.0 && (a.y - middle.y).abs() < 1.0);
        assert!(b.y < middle.y - 50.0 && (b.x - middle.x).abs() < 1.0);
        // and what is higher is drawn higher, the more the lower one looks
        let p = SurfaceProjection::new(Viewpoint { azimuth: 0.0, elevation: 0.3, zoom: 1.0 }, rect());
        assert!(p.pos(0.0, 0.0, 1.0).y < p.pos(0.0, 0.0, 0.0).y - 50.0);
    }

    #[test]
    fn a_flat_surface_has_no_cliffs_but_its_rim_and_a_step_has_one() {
        let quads = |heights: &[f32]| solid(heights, Viewpoint::default()).mesh().indices.len() / 6;
        assert_eq!(quads(&[0.0; 9]), 3, "a facet for each row");
        assert_eq!(quads(&[0.5; 9]), 3 + 1 + 3, "two sides of the rim face the eye");
        let one_up = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(quads(&one_up), 2 + 3 + 2);
        let missing = [0.0, 0.0, 0.0, 0.0, f32::NAN, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(quads(&missing), 2 + 2);
    }

    #[test]
    fn runs_of_cells_look_like_the_cells() {
        let heights: Vec<f32> =
            (0..49).map(|k| if k == 17 { f32::NAN } else { (k * k % 11 / 4) as f32 / 2.0 }).collect();
        let colours: Vec<Color32> = heights.iter().map(|h| Color32::from_gray((h * 100.0) as u8 + 50)).collect();
        for azimuth in [0.4, 2.0, 3.6, 5.2] {
            let projection = SurfaceProjection::new(Viewpoint { azimuth, elevation: 0.5, zoom: 1.0 }, rect());
            let solid = SolidSurface { points: 7, heights: &heights, colours: &colours, projection };
            let mesh = solid.mesh();
            let quads: Vec<_> = mesh.vertices.chunks(4).collect();
            assert!(quads.len() < 100, "{}", quads.len());
            for (x, y) in (0..40).flat_map(|k| (0..30).map(move |l| (k, l))) {
                let at = pos2(10.3 * x as f32 + 0.37, 10.1 * y as f32 + 0.41);
                let mut plain = None;
                solid.back_to_front(|i, j| {
                    for (face, shade) in solid.faces(i, j).into_iter().zip([1.0, X_SHADE, Y_SHADE]) {
                        let known = !heights[i * 7 + j].is_nan();
                        if known && face.is_some_and(|quad| inside(&quad, at)) {
                            plain = Some(dimmed(colours[i * 7 + j], shade));
                        }
                    }
                });
                let drawn = quads.iter().rev().find(|quad| inside(&[0, 1, 2, 3].map(|k| quad[k].pos), at));
                assert_eq!(drawn.map(|quad| quad[0].color), plain, "{at} from {azimuth}");
            }
        }
    }

    #[test]
    fn what_is_in_front_hides_what_is_behind() {
        // seen along b from far below: the near row (b least) is a wall before the others
        for (azimuth, wall) in
            [(0.0, (1, 0)), (FRAC_PI_2, (2, 1)), (2.0 * FRAC_PI_2, (1, 2)), (3.0 * FRAC_PI_2, (0, 1))]
        {
            let mut heights = [0.1f32; 9];
            heights[wall.0 * 3 + wall.1] = 1.0;
            let turn = Viewpoint { azimuth: azimuth + 1e-3, elevation: 0.2, zoom: 1.0 };
            let solid = solid(&heights, turn);
            let top = solid.top(wall.0, wall.1);
            let middle = top.iter().fold(Vec2::ZERO, |sum, p| sum + p.to_vec2()) / 4.0;
            let below = middle.to_pos2() + Vec2::new(0.0, 40.0);
            assert_eq!(solid.cell_at(below), Some(wall), "from {azimuth}");
            let centre = solid.top(1, 1).iter().fold(Vec2::ZERO, |sum, p| sum + p.to_vec2()) / 4.0;
            assert_eq!(solid.cell_at(centre.to_pos2()), Some(wall), "the wall hides the middle");
        }
        assert_eq!(solid(&[0.0; 9], Viewpoint::default()).cell_at(pos2(1.0, 1.0)), None);
    }

    #[test]
    fn dragging_turns_and_tilts_within_bounds() {
        let turn = Viewpoint::default().dragged(Vec2::new(100.0, 10_000.0));
        assert_ne!(turn.azimuth, Viewpoint::default().azimuth);
        assert_eq!(turn.elevation, Viewpoint::HIGHEST);
        assert_eq!(turn.dragged(Vec2::new(0.0, -10_000.0)).elevation, Viewpoint::LOWEST);
        assert!(turn.zoomed(1e6).zoom < 10.0);
    }
}
