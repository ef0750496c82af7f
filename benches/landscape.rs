//! The true loss at all points of a grid around the built-in experiment's weights.

use std::sync::Arc;

use divan::{Bencher, counter::ItemsCount};
use spikescape::landscape::{Desk, Grid, Landscape, Objective, Plane, Point, Survey};
use spikescape::snn::Isa;
use spikescape::train::{Settings, Trainer};

fn main() {
    divan::main();
}

/// The survey of a run after some updates.
fn survey(fields: bool) -> Survey {
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..100).for_each(|_| trainer.step().unwrap());
    let centre = Arc::new(trainer.params().clone());
    let settings = Arc::new(trainer.settings().clone());
    let objective = Objective::of_batch(trainer.net(), &settings, trainer.batch(), Isa::best());
    Survey { objective, plane: Arc::new(Plane::random(trainer.net(), centre, 0)), fields }
}

fn bench(bencher: Bencher, points: usize, fields: bool) {
    let (survey, desk) = (survey(fields), Desk::default());
    let grid = Grid { points, range: 1.0 };
    let at: Vec<[f32; 2]> = grid.order().iter().map(|&i| grid.point(i as usize).into()).collect();
    bencher.counter(ItemsCount::new(at.len())).bench_local(|| survey.measure(&desk, &at));
}

#[divan::bench(args = [11, 51], sample_count = 20, sample_size = 1)]
fn true_loss(bencher: Bencher, points: usize) {
    bench(bencher, points, false);
}

/// With the fields of all three rules.
#[divan::bench(args = [11, 51], sample_count = 20, sample_size = 1)]
fn with_fields(bencher: Bencher, points: usize) {
    bench(bencher, points, true);
}

/// What follows from a whole landscape: slope, the three fitted surfaces, comparison, regions.
#[divan::bench(args = [51, 201], sample_count = 10, sample_size = 1)]
fn views(bencher: Bencher, points: usize) {
    let (survey, desk, grid) = (survey(true), Desk::default(), Grid { points, range: 1.0 });
    let mut landscape = Landscape::new(grid);
    let at: Vec<[f32; 2]> = (0..grid.len()).map(|k| grid.point(k).into()).collect();
    let points: Vec<(u32, Point)> = (0..).zip(survey.measure(&desk, &at)).collect();
    landscape.take(&points, &desk.new_outputs());
    bencher.bench_local(|| landscape.views());
}
