//! The true loss at all points of a grid around the built-in experiment's weights.

use std::sync::Arc;

use divan::{Bencher, counter::ItemsCount};
use spikescape::landscape::{Grid, Plane, Survey};
use spikescape::snn::Isa;
use spikescape::train::{Settings, Trainer};

fn main() {
    divan::main();
}

#[divan::bench(args = [11, 51], sample_count = 20, sample_size = 1)]
fn true_loss(bencher: Bencher, points: usize) {
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..100).for_each(|_| trainer.step().unwrap());
    let centre = Arc::new(trainer.params().clone());
    let survey = Survey {
        net: Arc::clone(trainer.net()),
        settings: Arc::new(trainer.settings().clone()),
        samples: std::sync::Arc::clone(trainer.batch()),
        plane: Arc::new(Plane::random(trainer.net(), centre, 0)),
        grid: Grid { points, range: 1.0 },
        isa: Isa::best(),
    };
    let order = survey.grid.order();
    bencher.counter(ItemsCount::new(order.len())).bench_local(|| survey.losses(&order));
}
