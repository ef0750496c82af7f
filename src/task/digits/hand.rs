//! A hand that writes: what differs from one digit to the next, drawn once for each.

use super::SIDE;
use super::forms::{FORMS, Form, Point};
use crate::task::seed::Stream;

/// Half the height of a digit of scale 1, in pixels.
const HALF_HEIGHT: f64 = 9.2;
/// Straight pieces for each piece of a curve between two of its points.
const PIECES: usize = 6;

/// Everything random about one digit.
#[derive(Clone, Debug)]
pub struct Hand {
    form: Form,
    /// Two waves that bend the paper.
    waves: [Wave; 2],
    /// Width and height, in the units of pixels.
    size: Point,
    /// How far the top leans to the right, as a share of the height.
    slant: f64,
    /// Cosine and sine of the turn.
    turn: Point,
    /// Of the middle, in pixels.
    shift: Point,
    /// Half the width of a stroke, in pixels.
    pub half_width: f64,
    /// Ink in the middle of a stroke, 0 to 1.
    pub pressure: f64,
}

/// A displacement that varies as a sine over the paper.
#[derive(Clone, Debug)]
struct Wave {
    number: Point,
    phase: f64,
    push: Point,
}

impl Hand {
    /// The hand that writes `digit` with the numbers of `stream`.
    pub fn new(digit: usize, stream: &mut Stream) -> Self {
        let forms = FORMS[digit];
        let form = forms[stream.below(forms.len())];
        let waves = [(); 2].map(|()| Wave {
            number: (stream.between(-2.5, 2.5), stream.between(-2.5, 2.5)),
            phase: stream.between(0.0, 2.0 * std::f64::consts::PI),
            push: (0.09 * stream.normal(), 0.09 * stream.normal()),
        });
        let scale = HALF_HEIGHT * stream.between(0.8, 1.05);
        let angle = 0.12 * stream.normal().clamp(-2.0, 2.0);
        Self {
            form,
            waves,
            size: (scale * stream.between(0.75, 1.2), scale),
            slant: 0.1 + 0.2 * stream.normal().clamp(-2.0, 2.0),
            turn: (libm::cos(angle), libm::sin(angle)),
            shift: (stream.between(-1.75, 1.75), stream.between(-1.75, 1.75)),
            half_width: stream.between(0.7, 1.7),
            pressure: stream.between(0.8, 1.0),
        }
    }

    /// The strokes as straight pieces, each from one point to another, in pixels; the middle of the top left pixel is
    /// (0, 0).
    pub fn pieces(&self) -> impl Iterator<Item = (Point, Point)> {
        self.form.iter().flat_map(|stroke| {
            let mut points = curve(stroke).map(|p| self.put(self.bend(p)));
            let mut from = points.next();
            points.filter_map(move |to| Some((from.replace(to)?, to)))
        })
    }

    fn bend(&self, (x, y): Point) -> Point {
        self.waves.iter().fold((x, y), |(to_x, to_y), wave| {
            let height = libm::sin(wave.number.0 * x + wave.number.1 * y + wave.phase);
            (to_x + wave.push.0 * height, to_y + wave.push.1 * height)
        })
    }

    fn put(&self, (x, y): Point) -> Point {
        let (x, y) = (self.size.0 * x - self.slant * self.size.1 * y, self.size.1 * y);
        let middle = (SIDE - 1) as f64 / 2.0;
        let (cos, sin) = self.turn;
        (middle + self.shift.0 + cos * x - sin * y, middle + self.shift.1 + sin * x + cos * y)
    }
}

/// A smooth curve through the points (Catmull and Rom's), as a polyline.
fn curve(points: &[Point]) -> impl Iterator<Item = Point> {
    let at = |i: isize| points[i.clamp(0, points.len() as isize - 1) as usize];
    let piece = move |(i, piece): (isize, usize)| {
        let ([a, b, c, d], t) = ([at(i - 1), at(i), at(i + 1), at(i + 2)], piece as f64 / PIECES as f64);
        let along = |a: f64, b: f64, c: f64, d: f64| {
            let (square, cube) = ((2.0 * a - 5.0 * b + 4.0 * c - d) * t * t, (3.0 * (b - c) + d - a) * t * t * t);
            0.5 * (2.0 * b + (c - a) * t + square + cube)
        };
        (along(a.0, b.0, c.0, d.0), along(a.1, b.1, c.1, d.1))
    };
    let pieces = (0..points.len() as isize - 1).flat_map(|i| (1..=PIECES).map(move |piece| (i, piece)));
    std::iter::once(points[0]).chain(pieces.map(piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_go_through_their_points() {
        let points = [(0.0, 0.0), (1.0, 2.0), (3.0, 1.0)];
        let line: Vec<Point> = curve(&points).collect();
        assert_eq!(line.len(), 2 * PIECES + 1);
        for (i, &(x, y)) in points.iter().enumerate() {
            let (to_x, to_y) = line[i * PIECES];
            assert!((x - to_x).abs() < 1e-12 && (y - to_y).abs() < 1e-12);
        }
        let mut straight = curve(&[(0.0, 0.0), (2.0, 4.0)]);
        assert!(straight.all(|p| (p.1 - 2.0 * p.0).abs() < 1e-12));
    }
}
