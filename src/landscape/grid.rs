//! A square grid that is visited coarse to fine.
//!
//! Points are numbered `index` = i · points + j, where line i has the coordinate a and line j the coordinate b. Values of
//! all points lie in this order, `[a][b]`, row-major.

use ndarray::ArrayView2;

/// `points` × `points` points over ± `range` in both directions; `points` is odd, so that the centre is one of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    pub points: usize,
    pub range: f32,
}

impl Grid {
    /// The most points per side.
    pub const MOST: usize = 201;

    /// The passes over the grid: first every tenth line, then every fifth, then all.
    pub const STRIDES: [usize; 3] = [10, 5, 1];

    pub fn len(&self) -> usize {
        self.points * self.points
    }

    pub fn is_empty(&self) -> bool {
        self.points == 0
    }

    /// Values of all points as an array `[a][b]`.
    ///
    /// # Panics
    /// When there are not as many values as points.
    pub fn view<'a, T>(&self, values: &'a [T]) -> ArrayView2<'a, T> {
        ArrayView2::from_shape((self.points, self.points), values).expect("a value for each point")
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

    /// (a, b) of the point `index`.
    pub fn point(&self, index: usize) -> (f32, f32) {
        (self.coordinate(index / self.points), self.coordinate(index % self.points))
    }

    /// All points, coarse to fine, each once. Lines are counted from the centre, so the centre is among the first.
    pub fn order(&self) -> Vec<u32> {
        let half = self.points / 2;
        let on = |index: usize, stride: usize| {
            let line = |k: usize| k.abs_diff(half).is_multiple_of(stride);
            line(index / self.points) && line(index % self.points)
        };
        let mut order = Vec::with_capacity(self.len());
        for (n, &stride) in Self::STRIDES.iter().enumerate() {
            let new = |&i: &usize| on(i, stride) && !Self::STRIDES[..n].iter().any(|&coarser| on(i, coarser));
            order.extend((0..self.len()).filter(new).map(|i| i as u32));
        }
        order
    }

    /// The number of points on lines at a multiple of `stride` from the centre: those measured after that pass.
    pub fn visited(&self, stride: usize) -> usize {
        (2 * (self.points / 2 / stride) + 1).pow(2)
    }

    /// The point on lines at a multiple of `stride` from the centre whose square contains the point `index`: the one that
    /// stands for it after that pass.
    pub fn coarse(&self, index: usize, stride: usize) -> usize {
        let half = self.points / 2;
        let (first, last) = (half % stride, half + half / stride * stride);
        let line = |k: usize| ((k + stride / 2 + stride - first) / stride * stride + first).saturating_sub(stride);
        let line = |k: usize| line(k).clamp(first, last);
        line(index / self.points) * self.points + line(index % self.points)
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
        let line = |i: u32| (i / 51).abs_diff(25).is_multiple_of(10) && (i % 51).abs_diff(25).is_multiple_of(10);
        assert!(order[..25].iter().all(|&i| line(i)));
        assert!(order[25..].iter().all(|&i| !line(i)));
        assert!(order[..25].contains(&(25 * 51 + 25)));
    }

    #[test]
    fn the_squares_of_coarse_points_are_equal_and_cover_the_grid() {
        let grid = Grid { points: 51, range: 1.0 };
        let lines = |stride| (0..51).map(|k| grid.coarse(k, stride) % 51).collect::<Vec<usize>>();
        for stride in Grid::STRIDES {
            let lines = lines(stride);
            assert!((0..51).all(|k| lines[k].abs_diff(k) <= stride / 2 && lines[k].abs_diff(25) % stride == 0));
            assert_eq!(lines.iter().filter(|l| **l == 25).count(), stride);
        }
        assert_eq!(Grid::STRIDES.map(|s| grid.visited(s)), [25, 121, 51 * 51]);
        assert_eq!(grid.coarse(13 * 51 + 48, 10), 15 * 51 + 45);
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
