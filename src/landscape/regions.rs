//! Regions: neighbouring points with the same output raster.

use super::Grid;

/// Which region each point of a grid belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Regions {
    /// `[a][b]`, numbered from 0 in the order of their first points.
    pub labels: Vec<u32>,
    pub number: usize,
}

impl Regions {
    /// Points are neighbours along both directions, not across corners; `prints` are the fingerprints of their outputs.
    pub fn new(grid: Grid, prints: &[u64]) -> Self {
        let n = grid.points;
        let mut regions = Self { labels: vec![u32::MAX; prints.len()], number: 0 };
        let mut front = Vec::new();
        for first in 0..prints.len() {
            if regions.labels[first] != u32::MAX {
                continue;
            }
            let label = regions.number as u32;
            regions.number += 1;
            regions.labels[first] = label;
            front.push(first);
            while let Some(at) = front.pop() {
                let (i, j) = (at / n, at % n);
                let neighbours =
                    [(i > 0).then(|| at - n), Some(at + n), (j > 0).then(|| at - 1), (j + 1 < n).then(|| at + 1)];
                for next in neighbours.into_iter().flatten().filter(|next| *next < prints.len()) {
                    if regions.labels[next] == u32::MAX && prints[next] == prints[first] {
                        regions.labels[next] = label;
                        front.push(next);
                    }
                }
            }
        }
        regions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_with_one_output_are_a_region() {
        let grid = Grid { points: 5, range: 1.0 };
        #[rustfmt::skip]
        let prints = [
            7, 7, 8, 8, 9,
            7, 8, 8, 7, 9,
            7, 7, 8, 7, 7,
            9, 7, 8, 8, 7,
            9, 9, 7, 8, 7,
        ];
        let regions = Regions::new(grid, &prints);
        #[rustfmt::skip]
        let expected = [
            0, 0, 1, 1, 2,
            0, 1, 1, 3, 2,
            0, 0, 1, 3, 3,
            4, 0, 1, 1, 3,
            4, 4, 5, 1, 3,
        ];
        assert_eq!(regions, Regions { labels: expected.to_vec(), number: 6 });
    }

    #[test]
    fn the_ends_of_lines_are_no_neighbours() {
        let grid = Grid { points: 3, range: 1.0 };
        assert_eq!(Regions::new(grid, &[0, 0, 1, 1, 0, 0, 0, 1, 1]).labels, [0, 0, 1, 2, 0, 0, 3, 4, 4]);
        assert_eq!(Regions::new(grid, &[5; 9]).number, 1);
    }
}
