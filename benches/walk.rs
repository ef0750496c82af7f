//! How long a moment of a run's past takes to be there again, and what keeping the past costs the run.
//!
//! `cargo bench --bench walk`. The limit of a moment: the updates between two key moments and the look-back, each as long as an
//! update takes.

use std::time::{Duration, Instant};

use spikescape::record::history::BUDGET;
use spikescape::record::{History, Log, RunPast};
use spikescape::snn::Isa;
use spikescape::train::{Settings, Trainer};

/// Updates of the run.
const UPDATES: u64 = 100_000;
/// How far back the changes of a moment reach.
const LOOK_BACK: u64 = 100;

/// A run, with its past or without; how long it took.
fn run(updates: u64, keep: bool) -> (RunPast, Duration) {
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    let (mut history, log) = (History::new(trainer.moment(), BUDGET / 2), Log::new(Settings::default()));
    let begun = Instant::now();
    for _ in 0..updates {
        trainer.step().expect("an update");
        if keep && history.wants(trainer.update()) {
            history.push(trainer.moment());
        }
    }
    (history.run_past(updates, &log), begun.elapsed())
}

fn main() {
    let (past, _) = run(UPDATES, true);
    let mut took = Vec::new();
    let mut random = 1_u64;
    for _ in 0..200 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let update = (random >> 33) % UPDATES;
        let begun = Instant::now();
        let mut replay = past.until(update, update.saturating_sub(LOOK_BACK)).replay(Isa::best()).expect("a replay");
        while replay.step().expect("an update").is_none() {}
        took.push((begun.elapsed(), update));
    }
    took.sort();
    let ms = |share: f64| 1000.0 * took[(share * (took.len() - 1) as f64) as usize].0.as_secs_f64();
    println!(
        "a moment of {UPDATES} updates, look-back {LOOK_BACK}: median {:.1} ms, 99 % {:.1} ms, longest {:.1} ms",
        ms(0.5),
        ms(0.99),
        ms(1.0)
    );
    // in turn, so that both see the same machine
    let mut ratios: Vec<f64> =
        (0..9).map(|_| run(20_000, true).1.as_secs_f64() / run(20_000, false).1.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    println!("keeping the past: {:.3} times as long (median of 9, {:.3} to {:.3})", ratios[4], ratios[0], ratios[8]);
}
