//! How much a step of training allocates, counted.

use allocation_counter::measure;
use spikescape::snn::Isa;
use spikescape::task::Split;
use spikescape::train::{Settings, Trainer};

/// Allocations of `counted` steps after `warm` of them. In a pool of one thread, because only that thread is counted.
///
/// Where steps are made by a thread outside of the pool, rayon allocates, whatever the number of threads: what is handed in
/// lies in a queue, of which a block of 1,520 bytes is allocated for every 63 entries. Of MNIST, as below, these were 95
/// blocks in 1,000 steps and all that was allocated; with the steps made in a pool of two threads it was nothing.
pub fn allocations(settings: Settings, warm: usize, counted: usize) -> u64 {
    let mut trainer = Trainer::new(settings, Isa::best());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        (0..warm).for_each(|_| trainer.step().unwrap());
        measure(|| (0..counted).for_each(|_| trainer.step().unwrap())).count_total
    })
}

/// The same of a whole epoch and a half in mini-batches, over the borders of epochs, after `warm` epochs. The last batch of
/// an epoch is smaller.
pub fn allocations_of_epochs(settings: Settings, warm: usize) -> u64 {
    let trainer = Trainer::new(settings.clone(), Isa::best());
    let (batches, samples) = (trainer.batches() as usize, trainer.task().len(Split::Train));
    assert!(batches > 2 && samples % settings.run.batch != 0, "{samples} samples in {batches} batches");
    allocations(settings, warm * batches - 2, batches * 3 / 2)
}
