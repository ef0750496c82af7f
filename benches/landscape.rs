//! The true loss at all points of a grid around the built-in experiment's weights.

use std::sync::Arc;
use std::time::{Duration, Instant};

use divan::{Bencher, counter::ItemsCount};
use spikescape::engine::{
    Answer, AnswerPart, Command, Explorer, LandscapePart, LandscapeQuestion, LandscapeSpec, Run, Speed, cores,
};
use spikescape::landscape::{Grid, Landscape, MeasuredPoint, Measurement, MeasurementScratch, Objective, Plane};
use spikescape::snn::Isa;
use spikescape::train::{Settings, Trainer};

fn main() {
    divan::main();
    beside();
}

/// What surveys with all fields, one after the other without a pause, cost a run of the built-in experiment beside them.
fn beside() {
    let grid = Grid { points: 51, range: 1.0 };
    println!("a run at its own speed, in turn alone and with surveys of {0} × {0} points beside it", grid.points);
    for round in 1..=3 {
        let [(alone, _), (with, surveys)] = [None, Some(grid)].map(|grid| speed(grid, Duration::from_secs(4)));
        println!(
            "{round}: {alone:.0} updates/s, {with:.0} beside {surveys:.1} surveys/s: {:.1} %",
            100.0 * with / alone
        );
    }
}

/// Updates, and surveys of `grid`, a second.
fn speed(grid: Option<Grid>, time: Duration) -> (f64, f64) {
    let run = Run::start(Settings::default(), cores(), Arc::new(|| ())).expect("the run starts");
    let explorer = Explorer::start(Arc::new(|| ())).expect("the explorer starts");
    explorer.leave_a_core(true);
    run.send(Command::Speed(Speed::Unlimited));
    run.send(Command::Play);
    let frame = || loop {
        if let Some(frame) = run.frame() {
            return frame;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let (begun, first) = (Instant::now(), frame().update);
    let (mut last, mut asked, mut whole) = (first, 0, 0);
    let ask = |id: u64, frame| {
        let what = |grid| LandscapeSpec { fields: true, ..LandscapeSpec::new(0, grid) };
        let question = grid.map(|grid| LandscapeQuestion::new(id, frame, what(grid)));
        question.into_iter().for_each(|question| explorer.ask(question));
    };
    while begun.elapsed() < time {
        // as often as a window draws
        std::thread::sleep(Duration::from_millis(16));
        let frame = frame();
        last = frame.update;
        let answers = std::iter::from_fn(|| explorer.answer());
        let whole_one = |answer: &Answer| matches!(answer.part, Ok(AnswerPart::Landscape(LandscapePart::Views(_))));
        let done = answers.filter(whole_one).count();
        if done > 0 || asked == 0 {
            (asked, whole) = (asked + 1, whole + done);
            ask(asked, frame);
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    ((last - first) as f64 / seconds, whole as f64 / seconds)
}

/// The measurement of a run after some updates.
fn measurement(fields: bool) -> Measurement {
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..100).for_each(|_| trainer.step().unwrap());
    let centre = Arc::new(trainer.params().clone());
    let settings = Arc::new(trainer.settings().clone());
    let objective = Objective::of_batch(trainer.net(), &settings, trainer.batch(), Isa::best());
    Measurement { objective, plane: Arc::new(Plane::random(trainer.net(), centre, 0)), fields }
}

fn bench(bencher: Bencher, points: usize, fields: bool) {
    let (measurement, scratch) = (measurement(fields), MeasurementScratch::default());
    let grid = Grid { points, range: 1.0 };
    let at: Vec<[f32; 2]> = grid.order().iter().map(|&i| grid.point(i as usize).into()).collect();
    bencher.counter(ItemsCount::new(at.len())).bench_local(|| measurement.measure(&scratch, &at));
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
    let (measurement, scratch, grid) = (measurement(true), MeasurementScratch::default(), Grid { points, range: 1.0 });
    let mut landscape = Landscape::new(grid);
    let at: Vec<[f32; 2]> = (0..grid.len()).map(|k| grid.point(k).into()).collect();
    let points: Vec<(u32, MeasuredPoint)> = (0..).zip(measurement.measure(&scratch, &at)).collect();
    landscape.take(&points, &scratch.new_outputs());
    bencher.bench_local(|| landscape.views());
}
