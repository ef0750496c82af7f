//! Time and memory of an update grow linearly with the steps, the batch and the spikes: measured, with a bar for each.
//!
//! `cargo bench --bench growth`. A network of one hidden layer of 200 neurons, the count loss, ANTLR; one thread, because
//! small batches are not shared out.

use std::time::Instant;

use spikescape::snn::Isa;
use spikescape::spike::Shape;
use spikescape::train::settings::{NetworkSettings, presets::preset};
use spikescape::train::{Settings, Trainer};

fn main() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
    pool.install(|| {
        table("steps T", [100, 200, 400, 800, 1600], |s, n| s.task.steps = n);
        table("pairs in a batch", [1, 2, 4, 8, 16, 32], |s, n| s.task.pairs = n);
        table("input spikes, in thousandths a step", [50, 100, 200, 400, 800], |s, n| s.task.rate = n as f64 / 1000.0);
    });
}

fn table<const N: usize>(what: &str, sizes: [usize; N], change: fn(&mut Settings, usize)) {
    println!("\n{what:>36} {:>10} {:>10} {:>12} {:>10}", "input", "time", "time / size", "memory");
    let rows = sizes.map(|size| {
        let mut settings = (preset("trains-count").expect("a preset of this name").make)();
        settings.task.inputs = Shape::Flat(200);
        (settings.task.steps, settings.task.rate) = (400, 0.1);
        settings.network.hidden = NetworkSettings::fc(&[200]);
        change(&mut settings, size);
        let memory = settings.memory();
        let mut trainer = Trainer::new(settings, Isa::best());
        let spikes: usize = trainer.batch().iter().map(|s| s.input.len()).sum();
        (size, spikes, fastest(&mut trainer), memory)
    });
    let longest = rows.iter().map(|r| r.2).fold(0.0, f64::max);
    for (size, spikes, time, memory) in rows {
        let bar = "█".repeat((40.0 * time / longest).round() as usize);
        let (ms, each, mib) = (time * 1e3, time * 1e6 / size as f64, memory as f64 / (1 << 20) as f64);
        println!("{size:>36} {spikes:>10} {ms:>8.3}ms {each:>10.3}µs {mib:>7.1}MiB {bar}");
    }
}

/// Seconds of the fastest of the updates that fit into a second.
fn fastest(trainer: &mut Trainer) -> f64 {
    (0..20).for_each(|_| trainer.step().expect("an update"));
    let (begun, mut best) = (Instant::now(), f64::INFINITY);
    while begun.elapsed().as_secs_f64() < 1.0 {
        let step = Instant::now();
        trainer.step().expect("an update");
        best = best.min(step.elapsed().as_secs_f64());
    }
    best
}
