//! Strokes as grey values: full ink up to the half width from the line, none a pixel further out.

use super::SIDE;
use super::forms::Point;

/// The grey values of an image on which these straight pieces were drawn, row by row.
pub fn draw(pieces: impl Iterator<Item = (Point, Point)>, half_width: f64, pressure: f64) -> [u8; SIDE * SIDE] {
    let reach = half_width + 0.5;
    let mut squares = [f64::INFINITY; SIDE * SIDE];
    for (from, to) in pieces {
        for y in within(from.1, to.1, reach) {
            for x in within(from.0, to.0, reach) {
                let nearest = &mut squares[y * SIDE + x];
                *nearest = nearest.min(square_of_distance((x as f64, y as f64), from, to));
            }
        }
    }
    // the edge of a stroke covers a share of the pixels that it crosses
    let grey = |square: f64| 255.0 * pressure * (reach - libm::sqrt(square)).clamp(0.0, 1.0);
    squares.map(|square| libm::round(grey(square)) as u8)
}

/// The rows or columns that a piece of a line can reach.
fn within(a: f64, b: f64, reach: f64) -> std::ops::Range<usize> {
    let low = libm::ceil(a.min(b) - reach).clamp(0.0, SIDE as f64) as usize;
    let end = (libm::floor(a.max(b) + reach) + 1.0).clamp(0.0, SIDE as f64) as usize;
    low..end.max(low)
}

/// From a point to the nearest one between `from` and `to`.
fn square_of_distance(point: Point, from: Point, to: Point) -> f64 {
    let (along_x, along_y) = (to.0 - from.0, to.1 - from.1);
    let (x, y) = (point.0 - from.0, point.1 - from.1);
    let length = along_x * along_x + along_y * along_y;
    let share = if length > 0.0 { ((x * along_x + y * along_y) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (x - share * along_x, y - share * along_y);
    x * x + y * y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_fades_at_the_edge_of_a_stroke() {
        let grey = draw([((5.0, 10.0), (9.0, 10.0))].into_iter(), 1.25, 0.5);
        let at = |x: usize, y: usize| grey[y * SIDE + x];
        assert_eq!([8, 9, 10, 11, 12].map(|y| at(7, y)), [0, 96, 128, 96, 0]);
        assert_eq!([3, 4, 5, 9, 10, 11].map(|x| at(x, 10)), [0, 96, 128, 128, 96, 0]);
    }

    #[test]
    fn strokes_may_leave_the_paper() {
        let pieces = [((-50.0, 3.0), (500.0, 3.0)), ((40.0, 40.0), (40.0, 40.0))];
        let grey = draw(pieces.into_iter(), 0.5, 1.0);
        assert_eq!(grey.iter().filter(|&&g| g == 255).count(), SIDE);
    }
}
