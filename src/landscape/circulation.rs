//! Whether a rule's field is the slope of any surface: its circulation ([model
//! §13](crate::model#13-lines-through-weight-space-and-circulation)).
//!
//! Walking around a closed curve on a surface leads back to the same height. The integral of a field around such a curve is
//! its circulation; where that is not zero, the field is not the gradient of anything, and following it descends no surface.

use std::f64::consts::TAU;

use crate::rule::Rule;
use crate::text::{share, signed, value};

use super::{Grid, Measurement, MeasurementScratch};

/// The circulation of a field on a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Circulation {
    /// C / (Δa Δb) of every cell, `[points − 1][points − 1]` as `[a][b]`; the cell (i, j) has the corners (i, j) … (i + 1, j + 1).
    pub density: Vec<f64>,
    /// The integral around the border of the grid, counter-clockwise as seen with a to the right and b upwards. It is the sum
    /// of the cells' C, up to rounding.
    pub border: f64,
    /// The mean of |density| over the cells.
    pub mean: f64,
    /// The same without a unit: Σ |C| over the cells divided by Σ |f| h over the edges of all cells, f being the trapezoid of
    /// an edge and h its length. 0 for a field that leads back to the same height around every cell, 1 for one that rises all
    /// the way around each. None where the field is zero everywhere.
    pub relative: Option<f64>,
}

impl Circulation {
    /// Of `field`, `[a][b]` of (g_a, g_b). None where a value is not finite, or the grid has a single point.
    pub fn of(grid: Grid, field: &[[f64; 2]]) -> Option<Self> {
        let (n, h) = (grid.points, f64::from(grid.spacing()));
        if n < 2 || h <= 0.0 || !field.iter().flatten().all(|x| x.is_finite()) {
            return None;
        }
        let edge = |from: usize, to: usize, axis: usize| 0.5 * (field[from][axis] + field[to][axis]) * h;
        let (mut density, mut sizes, mut edges) = (Vec::with_capacity((n - 1) * (n - 1)), 0.0, 0.0);
        for i in 0..n - 1 {
            for j in 0..n - 1 {
                let [near, right, far, up] = [i * n + j, (i + 1) * n + j, (i + 1) * n + j + 1, i * n + j + 1];
                let walk = [edge(near, right, 0), edge(right, far, 1), -edge(up, far, 0), -edge(near, up, 1)];
                let around: f64 = walk.iter().sum();
                density.push(around / (h * h));
                sizes += around.abs();
                edges += walk.iter().map(|x| x.abs()).sum::<f64>();
            }
        }
        let last = n - 1;
        let side = |k: usize| {
            let bottom = edge(k * n, (k + 1) * n, 0) - edge(k * n + last, (k + 1) * n + last, 0);
            bottom + edge(last * n + k, last * n + k + 1, 1) - edge(k, k + 1, 1)
        };
        let mean = sizes / (h * h) / density.len() as f64;
        let relative = (edges > 0.0).then(|| sizes / edges);
        Some(Self { border: (0..last).map(side).sum(), density, mean, relative })
    }

    /// That of `rule` in words, for the whole grid.
    pub fn note(&self, rule: Rule) -> String {
        let relative = self.relative.map_or("nothing: its gradient is zero".into(), share);
        let border = signed(value(self.border));
        format!("circulation of {}: {relative} of the way around the cells; around the border {border}", rule.label())
    }
}

/// A circle on a plane, in its coordinates (a, b).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    pub centre: [f32; 2],
    pub radius: f32,
    /// Points on it, evenly spaced from angle 0 on; at least 3.
    pub points: usize,
}

/// What was measured around a circle.
#[derive(Clone, Debug, PartialEq)]
pub struct CircleWalk {
    pub circle: Circle,
    /// The loss at every point less that at the first, and last the first point again: exactly 0.
    pub loss: Vec<f64>,
    /// For each rule of [`Rule::ALL`] the sum of g · tangent · 2πr/n up to every point, and last all around: the circulation.
    pub rules: [Vec<f64>; 3],
    /// For each rule the sum of |g · tangent| · 2πr/n all around, which the circulation can be compared with.
    pub lengths: [f64; 3],
}

impl Circle {
    /// Points at which is measured, where nothing else is asked for.
    const POINTS: usize = 64;

    pub fn new(centre: [f32; 2], radius: f32) -> Self {
        Self { centre, radius, points: Self::POINTS }
    }

    /// The nearest circle that lies within the plane as far as the grid reaches.
    pub fn within(self, grid: Grid) -> Self {
        let radius = self.radius.min(grid.range);
        let most = grid.range - radius;
        Self { centre: self.centre.map(|x| x.clamp(-most, most)), radius, ..self }
    }

    /// Its points, counter-clockwise.
    pub fn places(&self) -> Vec<[f32; 2]> {
        let place = |k: usize| {
            let [cos, sin] = self.direction(k);
            [(0, cos), (1, sin)].map(|(axis, x)| self.centre[axis] + (f64::from(self.radius) * x) as f32)
        };
        (0..self.points).map(place).collect()
    }

    /// Cosine and sine of the angle of point `k`.
    fn direction(&self, k: usize) -> [f64; 2] {
        let angle = TAU * k as f64 / self.points as f64;
        [libm::cos(angle), libm::sin(angle)]
    }

    /// Measures around it; `survey.fields` is to be on. In parallel on the rayon pool at hand.
    pub fn walk(self, survey: &Measurement, desk: &MeasurementScratch) -> CircleWalk {
        let points = survey.measure(desk, &self.places());
        let losses: Vec<f64> = points.iter().map(|p| p.loss).collect();
        let fields = |n: usize| points.iter().map(|p| p.fields[n].map(f64::from)).collect();
        self.integrate(&losses, &[0, 1, 2].map(fields))
    }

    /// The integrals of what was measured at [`Circle::places`].
    pub fn integrate(self, losses: &[f64], fields: &[Vec<[f64; 2]>; 3]) -> CircleWalk {
        let piece = TAU * f64::from(self.radius) / self.points as f64;
        let along = |field: &[[f64; 2]]| -> Vec<f64> {
            let one = |(k, [g_a, g_b]): (usize, &[f64; 2])| {
                let [cos, sin] = self.direction(k);
                (g_b * cos - g_a * sin) * piece
            };
            field.iter().enumerate().map(one).collect()
        };
        let pieces = fields.each_ref().map(|field| along(field));
        let lengths = pieces.each_ref().map(|pieces| pieces.iter().map(|x| x.abs()).sum());
        let summed = |pieces: Vec<f64>| {
            let sums = pieces.iter().scan(0.0, |sum, x| {
                *sum += x;
                Some(*sum)
            });
            std::iter::once(0.0).chain(sums).collect()
        };
        let loss = losses.iter().chain(losses.first()).map(|loss| loss - losses[0]).collect();
        CircleWalk { circle: self, loss, rules: pieces.map(summed), lengths }
    }
}

impl CircleWalk {
    /// The circulation of the field of `rule`.
    pub fn of(&self, rule: Rule) -> f64 {
        let n = Rule::ALL.iter().position(|r| *r == rule).expect("it is one of all");
        self.rules[n].last().copied().unwrap_or(0.0)
    }

    /// The integrals in words, each with its share of the whole way.
    pub fn note(&self) -> String {
        let told = |n: usize| {
            let (rule, length) = (Rule::ALL[n], self.lengths[n]);
            let share = if length > 0.0 { self.of(rule).abs() / length } else { 0.0 };
            format!("{} {} ({:.0} %)", rule.label(), signed(value(self.of(rule))), 100.0 * share)
        };
        // the loss comes back to what it was, to the bit
        let loss = self.loss.last().copied().unwrap_or(0.0);
        format!("true loss {}, {}", value(loss), [0, 1, 2].map(told).join(", "))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::landscape::{Landscape, Objective, Plane};
    use crate::loss::LossKind;
    use crate::snn::Isa;
    use crate::train::{Settings, Trainer};

    const GRID: Grid = Grid { points: 21, range: 0.5 };

    fn field(of: impl Fn(f64, f64) -> [f64; 2]) -> Vec<[f64; 2]> {
        let place = |k: usize| (f64::from(GRID.point(k).0), f64::from(GRID.point(k).1));
        (0..GRID.len()).map(place).map(|(a, b)| of(a, b)).collect()
    }

    #[test]
    fn a_slope_has_none_and_a_whirl_has_two_everywhere() {
        let slope = Circulation::of(GRID, &field(|a, b| [6.0 * a + b, a - 1.0])).unwrap();
        // the coordinates of a grid are rounded to single precision
        assert!(slope.density.iter().all(|c| c.abs() < 2e-6) && slope.relative.unwrap() < 1e-8, "{slope:?}");
        let whirl = Circulation::of(GRID, &field(|a, b| [-b, a])).unwrap();
        assert_eq!(whirl.density.len(), 400);
        assert!(whirl.density.iter().all(|c| (c - 2.0).abs() < 1e-4));
        // Stokes: twice the area
        assert!((whirl.mean - 2.0).abs() < 1e-5 && (whirl.border - 2.0).abs() < 1e-5);
        let still = Circulation::of(GRID, &field(|_, _| [0.0; 2])).unwrap();
        assert_eq!((still.mean, still.relative, still.border), (0.0, None, 0.0));
        assert_eq!(Circulation::of(GRID, &field(|a, _| [a, f64::NAN])), None);
        assert_eq!(Circulation::of(Grid { points: 1, range: 1.0 }, &[[1.0; 2]]), None);
    }

    #[test]
    fn one_that_rises_all_the_way_around_is_one() {
        let grid = Grid { points: 3, range: 1.0 };
        // around the cell (0, 0) alone
        let mut field = vec![[0.0; 2]; 9];
        (field[0], field[3], field[4], field[1]) = ([1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]);
        let found = Circulation::of(grid, &field).unwrap();
        assert_eq!(found.density[0], 4.0);
        assert!(found.relative.unwrap() <= 1.0);
        let single = Circulation::of(Grid { points: 3, range: 1.0 }, &[[0.0; 2]; 9]).unwrap();
        assert_eq!(single.density.len(), 4);
    }

    #[test]
    fn a_circle_is_kept_within_its_plane() {
        let inside = Circle::new([0.1, -0.2], 0.25);
        assert_eq!(inside.within(GRID), inside);
        assert_eq!(Circle::new([0.4, -0.9], 0.25).within(GRID), Circle::new([0.25, -0.25], 0.25));
        assert_eq!(Circle::new([0.4, 0.0], 3.0).within(GRID), Circle::new([0.0, 0.0], 0.5));
    }

    fn survey(kind: LossKind) -> Measurement {
        let mut settings = Settings::default();
        settings.loss.kind = kind;
        let mut trainer = Trainer::new(settings, Isa::best());
        (0..20).for_each(|_| trainer.step().unwrap());
        let (centre, settings) = (Arc::new(trainer.params().clone()), Arc::new(trainer.settings().clone()));
        let objective = Objective::of_batch(trainer.net(), &settings, trainer.batch(), Isa::best());
        let plane = Arc::new(Plane::random(trainer.net(), centre, 4));
        Measurement { objective, plane, fields: true }
    }

    #[test]
    fn the_border_is_the_sum_of_the_cells() {
        let (survey, grid) = (survey(LossKind::SpikeTrain), Grid { points: 31, range: 0.3 });
        let mut landscape = Landscape::new(grid);
        let at: Vec<[f32; 2]> = (0..grid.len()).map(|k| grid.point(k).into()).collect();
        let points: Vec<_> = (0..).zip(survey.measure(&MeasurementScratch::default(), &at)).collect();
        landscape.take(&points, &[]);
        for rule in Rule::ALL {
            let found = Circulation::of(grid, &landscape.field(rule)).unwrap();
            let area = f64::from(grid.spacing()).powi(2);
            let cells: f64 = found.density.iter().map(|c| c * area).sum();
            let size: f64 = found.density.iter().map(|c| c.abs() * area).sum();
            assert!(size > 0.0, "{rule}: the test needs a field");
            assert!((cells - found.border).abs() < 1e-12 * size, "{rule}: {cells} {}", found.border);
            assert!((0.0..=1.0).contains(&found.relative.unwrap()));
        }
    }

    #[test]
    fn around_a_circle_the_loss_comes_back_and_the_rules_do_not() {
        let survey = survey(LossKind::SpikeTrain);
        let circle = Circle { centre: [0.05, -0.02], radius: 0.2, points: 64 };
        let walk = circle.walk(&survey, &MeasurementScratch::default());
        assert_eq!((walk.loss.len(), walk.loss[64]), (65, 0.0));
        assert!(walk.loss.iter().any(|x| *x != 0.0));
        for (rule, length) in Rule::ALL.into_iter().zip(walk.lengths) {
            assert!(walk.of(rule).abs() > 1e-6 * length, "{rule}: {} of {length}", walk.of(rule));
            assert!(walk.of(rule).abs() <= length);
        }
    }

    #[test]
    fn around_a_circle_a_slope_comes_back_and_a_whirl_gives_twice_the_area() {
        let circle = Circle { centre: [0.3, -0.2], radius: 0.5, points: 400 };
        let at: Vec<[f64; 2]> = circle.places().iter().map(|p| p.map(f64::from)).collect();
        let slope = at.iter().map(|[a, b]| [2.0 * a, 3.0 * b * b]).collect();
        let whirl = at.iter().map(|[a, b]| [-b, *a]).collect();
        let losses: Vec<f64> = at.iter().map(|[a, b]| a * a + b * b * b).collect();
        let walk = circle.integrate(&losses, &[slope, whirl, vec![[0.0; 2]; 400]]);
        assert!(walk.of(Rule::Activation).abs() < 1e-6, "{}", walk.of(Rule::Activation));
        assert!((walk.of(Rule::Timing) - TAU * 0.25).abs() < 1e-6);
        assert_eq!((walk.of(Rule::Antlr), walk.lengths[2], walk.loss[400]), (0.0, 0.0, 0.0));
    }
}
