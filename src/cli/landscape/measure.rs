//! Measuring with a progress bar, until Ctrl+C.

use std::time::{Duration, Instant};

use crate::landscape::{Grid, Landscape, MeasuredPoint, MeasurementScratch, PathLoss};

use super::super::{progress, stop};
use super::subject::Scene;

/// Time between two looks at Ctrl+C.
const PIECE: Duration = Duration::from_millis(100);

/// Everything about one landscape.
pub struct Measured {
    pub landscape: Landscape,
    pub path: Vec<PathLoss>,
}

/// Measures a whole landscape and its path. None when it was stopped.
pub fn whole(scene: &Scene, grid: Grid) -> Option<Measured> {
    let scratch = MeasurementScratch::default();
    let numbers = grid.order();
    let at: Vec<[f32; 2]> = numbers.iter().map(|&k| grid.point(k as usize).into()).collect();
    let points = pieces(at.len(), |some| scene.measurement.measure(&scratch, &at[some]))?;
    let mut landscape = Landscape::new(grid);
    let points: Vec<(u32, MeasuredPoint)> = numbers.into_iter().zip(points).collect();
    landscape.take(&points, &scratch.new_outputs());
    let number = scene.path.points.len();
    // a path of one moment is no path
    let path = if number < 2 {
        Vec::new()
    } else {
        pieces(number, |some| scene.path.losses(&scene.measurement, &scratch, &scene.track, some))?
    };
    Some(Measured { landscape, path })
}

/// Measures the line through the centre along the first direction. None when it was stopped.
pub fn cut(scene: &Scene, grid: Grid) -> Option<Vec<MeasuredPoint>> {
    let scratch = MeasurementScratch::default();
    let at: Vec<[f32; 2]> = (0..grid.points).map(|k| [grid.coordinate(k), 0.0]).collect();
    pieces(at.len(), |some| scene.measurement.measure(&scratch, &at[some]))
}

/// Does `number` things in pieces of about the same time.
fn pieces<T>(number: usize, mut some: impl FnMut(std::ops::Range<usize>) -> Vec<T>) -> Option<Vec<T>> {
    let (bar, mut done, mut size) = (progress::of(number as u64, "points"), Vec::with_capacity(number), 8);
    while done.len() < number {
        if stop::asked() {
            bar.finish_and_clear();
            return None;
        }
        let begun = Instant::now();
        let end = (done.len() + size).min(number);
        done.extend(some(done.len()..end));
        bar.set_position(end as u64);
        size = if begun.elapsed() < PIECE { size * 2 } else { (size / 2).max(1) };
    }
    bar.finish_and_clear();
    Some(done)
}
