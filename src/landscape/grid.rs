//! A square grid that is visited coarse to fine.

/// `points` × `points` points over ± `range` in both directions; `points` is odd, so that the centre is one of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    pub points: usize,
    pub range: f32,
}

/// The grid is visited every tenth point first, then every fifth, then all.
const STRIDES: [usize; 3] = [10, 5, 1];

impl Grid {
    pub fn len(&self) -> usize {
        self.points * self.points
    }

    pub fn is_empty(&self) -> bool {
        self.points == 0
    }

    /// The coordinate of line `k`; the middle line is exactly 0.
    pub fn coordinate(&self, k: usize) -> f32 {
        let half = (self.points / 2) as f32;
        if self.points < 2 { 0.0 } else { self.range * (k as f32 - half) / half }
    }

    /// The distance between two lines.
    pub fn spacing(&self) -> f32 {
        if self.points < 2 { 0.0 } else { self.range / (self.points / 2) as f32 }
    }

    /// (a, b) of the point with number `index` = i · points + j: a belongs to i, b to j.
    pub fn point(&self, index: usize) -> (f32, f32) {
        (self.coordinate(index / self.points), self.coordinate(index % self.points))
    }

    /// All points, coarse to fine, each once; lines are counted from the centre, so that it is among the first.
    pub fn order(&self) -> Vec<u32> {
        let half = self.points / 2;
        let on = |index: usize, stride: usize| {
            let line = |k: usize| k.abs_diff(half).is_multiple_of(stride);
            line(index / self.points) && line(index % self.points)
        };
        let mut order = Vec::with_capacity(self.len());
        for (n, &stride) in STRIDES.iter().enumerate() {
            let new = |&i: &usize| on(i, stride) && !STRIDES[..n].iter().any(|&coarser| on(i, coarser));
            order.extend((0..self.len()).filter(new).map(|i| i as u32));
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_visited_once_and_the_coarse_ones_first() {
        let grid = Grid { points: 51, range: 1.0 };
        let order = grid.order();
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..51 * 51).collect::<Vec<u32>>());
        let line = |i: u32| (i / 51).abs_diff(25) % 10 == 0 && (i % 51).abs_diff(25) % 10 == 0;
        assert!(order[..25].iter().all(|&i| line(i)));
        assert!(order[25..].iter().all(|&i| !line(i)));
        assert!(order[..25].contains(&(25 * 51 + 25)));
    }

    #[test]
    fn coordinates_are_symmetric_about_an_exact_zero() {
        let grid = Grid { points: 51, range: 0.3 };
        assert_eq!(grid.coordinate(25), 0.0);
        assert_eq!((grid.coordinate(0), grid.coordinate(50)), (-0.3, 0.3));
        assert_eq!(grid.point(26 * 51 + 24), (grid.spacing(), -grid.spacing()));
        assert_eq!(Grid { points: 1, range: 1.0 }.point(0), (0.0, 0.0));
    }
}
