//! A training step allocates nothing once its memory is warm.

use allocation_counter::measure;
use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::train::settings::presets::preset;
use spikescape::train::{Settings, Trainer};

/// Allocations of 100 steps after `warm` of them. In a pool of one thread, because only that thread is counted.
fn allocations(settings: Settings, warm: usize) -> u64 {
    let mut trainer = Trainer::new(settings, Isa::best());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        (0..warm).for_each(|_| trainer.step().unwrap());
        measure(|| (0..100).for_each(|_| trainer.step().unwrap())).count_total
    })
}

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(std::hint::black_box(vec![0u8; 100]))).count_total, 1);
}

#[test]
fn a_step_of_the_experiments_allocates_nothing() {
    for key in ["trains", "trains-deep", "trains-pairs", "trains-count", "trains-latency"] {
        for rule in Rule::ALL {
            let mut settings = (preset(key).unwrap().make)();
            settings.rule.rule = rule;
            assert_eq!(allocations(settings, 2000), 0, "{key} {rule}");
        }
    }
}

/// Of mini-batches the memory is warm when the busiest sample has been seen: a few growing buffers are all that is left.
#[test]
fn real_mnist_step_allocates_next_to_nothing() {
    let Some(base) = std::env::var_os("SPIKESCAPE_DATA") else {
        println!("skipped: SPIKESCAPE_DATA does not name a folder with mnist/");
        return;
    };
    let mut settings = (preset("mnist").unwrap().make)();
    settings.task.data = std::path::Path::new(&base).join("mnist").display().to_string();
    settings.network.hidden = spikescape::train::settings::NetworkSettings::fc(&[40]);
    // in the third epoch, and before its last batch, which is smaller
    let number = allocations(settings, 2 * 365 + 50);
    assert!(number < 20, "{number} allocations in 100 steps of 16 samples");
}
