//! Landscapes for tests.

use super::{Grid, Landscape, Point};

/// A point of which nothing but the loss is known.
pub fn point(loss: f64) -> Point {
    Point { loss, fields: [[f32::NAN; 2]; 3], spikes: 0, output_spikes: 0, region: 0, output: 0 }
}

/// A landscape of these losses; where they are NaN nothing is measured.
pub fn landscape(points: usize, loss: impl Fn(usize, usize) -> f64) -> Landscape {
    let grid = Grid { points, range: 1.0 };
    let mut landscape = Landscape::new(grid);
    let losses = (0..grid.len()).map(|k| (k as u32, point(loss(k / points, k % points))));
    landscape.take(&losses.filter(|(_, point)| !point.loss.is_nan()).collect::<Vec<_>>(), &[]);
    landscape
}
