//! Which pixels a triangle covers: those whose centre lies inside.
//!
//! A centre exactly on an edge belongs to the triangle when the edge is a left or a top one (the top-left rule), so
//! triangles that share an edge leave no gap and draw no pixel twice. All of it is whole-number arithmetic: an edge
//! crosses a row of pixel centres at a fraction, and rounding that fraction up gives both the first pixel of what lies
//! to the right of the edge and the first pixel no more of what lies to the left.

use std::ops::Range;

/// Sub-pixel steps in a pixel, as many as graphics cards have.
pub const STEPS: i64 = 256;
const HALF: i64 = STEPS / 2;

/// Farthest a point may lie from the top left corner, in pixels, so that no product below overflows.
pub const FARTHEST: f32 = (1 << 20) as f32;

/// A place in the picture, in sub-pixel steps from its top left corner, x to the right and y down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubPixel {
    pub x: i64,
    pub y: i64,
}

impl SubPixel {
    /// From pixels; both below [`FARTHEST`].
    #[inline]
    pub fn from_pixels(x: f32, y: f32) -> Self {
        let steps = |pixels: f32| floor(pixels * STEPS as f32 + 0.5) as i64;
        Self { x: steps(x), y: steps(y) }
    }

    /// The centre of a pixel.
    #[inline]
    pub fn centre(x: i64, y: i64) -> Self {
        Self { x: x * STEPS + HALF, y: y * STEPS + HALF }
    }
}

/// Twice the signed area of the triangle `a b c`; positive when it runs clockwise on the screen.
#[inline]
pub fn cross(a: SubPixel, b: SubPixel, c: SubPixel) -> i64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// `f32::floor` is a function call on processors as old as the compiler assumes; this is not.
#[inline]
pub fn floor(value: f32) -> i32 {
    let towards_zero = value as i32;
    towards_zero.saturating_sub(i32::from(value < towards_zero as f32))
}

/// The pixels that may be drawn: columns and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PixelWindow {
    pub x: Range<i64>,
    pub y: Range<i64>,
}

/// Calls `row` with the row number and the columns of every row of the triangle that has pixels in `window`.
pub fn triangle(corners: [SubPixel; 3], window: &PixelWindow, mut row: impl FnMut(i64, Range<i64>)) {
    let [top, middle, bottom] = sorted_downwards(corners);
    let first = first_centre(top.y).max(window.y.start);
    let end = first_centre(bottom.y).min(window.y.end);
    let turn = cross(top, middle, bottom);
    if first >= end || turn == 0 {
        return;
    }
    let knee = first_centre(middle.y).clamp(first, end);
    let mut long = TriangleEdge::between(top, bottom, first);
    for (rows, from, to) in [(first..knee, top, middle), (knee..end, middle, bottom)] {
        if rows.is_empty() {
            continue;
        }
        let mut short = TriangleEdge::between(from, to, rows.start);
        for y in rows {
            // A clockwise triangle, taken from top to bottom, has its knee on the right.
            let (left, right) = if turn > 0 { (long.x, short.x) } else { (short.x, long.x) };
            let columns = left.max(window.x.start)..right.min(window.x.end);
            if !columns.is_empty() {
                row(y, columns);
            }
            long.down();
            short.down();
        }
    }
}

/// The same for the upright rectangle between two opposite corners.
pub fn rectangle(corners: [SubPixel; 2], window: &PixelWindow, mut row: impl FnMut(i64, Range<i64>)) {
    let [a, b] = corners;
    let columns = first_centre(a.x.min(b.x)).max(window.x.start)..first_centre(a.x.max(b.x)).min(window.x.end);
    let rows = first_centre(a.y.min(b.y)).max(window.y.start)..first_centre(a.y.max(b.y)).min(window.y.end);
    if !columns.is_empty() {
        for y in rows {
            row(y, columns.clone());
        }
    }
}

/// The first pixel whose centre is at `at` or beyond.
#[inline]
fn first_centre(at: i64) -> i64 {
    (at + STEPS - 1 - HALF).div_euclid(STEPS)
}

#[inline]
fn sorted_downwards([mut a, mut b, mut c]: [SubPixel; 3]) -> [SubPixel; 3] {
    if b.y < a.y {
        (a, b) = (b, a);
    }
    if c.y < b.y {
        (b, c) = (c, b);
    }
    if b.y < a.y {
        (a, b) = (b, a);
    }
    [a, b, c]
}

/// An edge followed from row to row. `x` is the first pixel whose centre is on the edge or to its right; `rest` is what
/// rounding up added to the fraction, so that nothing is lost on the way down.
struct TriangleEdge {
    x: i64,
    rest: i64,
    step: i64,
    step_rest: i64,
    whole: i64,
}

impl TriangleEdge {
    /// The edge between two points of different height, `top` above `bottom`, at the pixel centres of `row`.
    #[inline]
    fn between(top: SubPixel, bottom: SubPixel, row: i64) -> Self {
        let (width, height) = (bottom.x - top.x, bottom.y - top.y);
        let whole = height * STEPS;
        let crossing = (top.x - HALF) * height + width * (row * STEPS + HALF - top.y);
        let rounded_up = crossing + whole - 1;
        Self {
            x: rounded_up.div_euclid(whole),
            rest: rounded_up.rem_euclid(whole),
            step: width.div_euclid(height),
            step_rest: width.rem_euclid(height) * STEPS,
            whole,
        }
    }

    #[inline]
    fn down(&mut self) {
        self.x += self.step;
        self.rest += self.step_rest;
        if self.rest >= self.whole {
            self.rest -= self.whole;
            self.x += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: i64 = 16;

    fn point(x: f32, y: f32) -> SubPixel {
        SubPixel::from_pixels(x, y)
    }

    fn count(corners: [SubPixel; 3], hits: &mut [u32]) {
        let window = PixelWindow { x: 0..SIDE, y: 0..SIDE };
        triangle(corners, &window, |y, columns| {
            for x in columns {
                hits[(y * SIDE + x) as usize] += 1;
            }
        });
    }

    /// The definition: the centre is inside of all three edges, or on a top or left one.
    fn inside([a, b, c]: [SubPixel; 3], p: SubPixel) -> bool {
        let area = cross(a, b, c);
        if area == 0 {
            return false;
        }
        let (b, c) = if area > 0 { (b, c) } else { (c, b) };
        [(a, b), (b, c), (c, a)].into_iter().all(|(from, to)| {
            let top = from.y == to.y && to.x > from.x;
            let left = to.y < from.y;
            let side = cross(from, to, p);
            side > 0 || (side == 0 && (top || left))
        })
    }

    #[test]
    fn triangles_cover_what_the_definition_says() {
        // A small congruential generator: the same triangles in every run.
        let mut seed = 1_u64;
        let mut draw = move || {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            // Half of the corners on a grid of half pixels, where centres lie on edges.
            let steps = (seed >> 33) as i64 % (24 * STEPS) - 4 * STEPS;
            if seed >> 63 == 0 { steps } else { steps / HALF * HALF }
        };
        for _ in 0..2000 {
            let corners = [(); 3].map(|()| SubPixel { x: draw(), y: draw() });
            let mut hits = vec![0; (SIDE * SIDE) as usize];
            count(corners, &mut hits);
            for (i, &hit) in hits.iter().enumerate() {
                let centre = SubPixel::centre(i as i64 % SIDE, i as i64 / SIDE);
                assert_eq!(hit, u32::from(inside(corners, centre)), "{corners:?} at {centre:?}");
            }
        }
    }

    #[test]
    fn a_fan_covers_every_pixel_once() {
        // The hub on a pixel centre and spokes through pixel centres: the rule has to decide.
        let hub = point(8.5, 8.5);
        let rim =
            [(0.0, 0.0), (8.5, 0.0), (16.0, 0.0), (16.0, 8.5), (16.0, 16.0), (3.0, 16.0), (0.0, 16.0), (0.0, 8.5)];
        let mut hits = vec![0; (SIDE * SIDE) as usize];
        for i in 0..rim.len() {
            let (a, b) = (rim[i], rim[(i + 1) % rim.len()]);
            count([hub, point(a.0, a.1), point(b.0, b.1)], &mut hits);
        }
        assert!(hits.iter().all(|&n| n == 1), "{hits:?}");
    }

    #[test]
    fn rectangles_agree_with_their_two_triangles() {
        let window = PixelWindow { x: 0..SIDE, y: 0..SIDE };
        for (a, b) in [((1.0, 2.0), (5.0, 7.0)), ((9.5, 4.5), (2.5, 1.5)), ((-3.0, 0.3), (40.0, 0.7))] {
            let mut by_triangles = vec![0; (SIDE * SIDE) as usize];
            let (p, s) = (point(a.0, a.1), point(b.0, b.1));
            let (q, r) = (SubPixel { x: s.x, y: p.y }, SubPixel { x: p.x, y: s.y });
            count([p, q, r], &mut by_triangles);
            count([r, q, s], &mut by_triangles);
            let mut by_rectangle = vec![0; (SIDE * SIDE) as usize];
            rectangle([p, s], &window, |y, columns| {
                for x in columns {
                    by_rectangle[(y * SIDE + x) as usize] += 1;
                }
            });
            assert_eq!(by_rectangle, by_triangles);
        }
    }

    #[test]
    fn floor_rounds_down() {
        for value in [-2.0, -1.5, -0.1, 0.0, 0.9, 1.0, 7.3] {
            assert_eq!(floor(value), value.floor() as i32);
        }
    }
}
