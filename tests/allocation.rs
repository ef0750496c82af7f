//! A training step allocates nothing once its memory is warm. The same on real data is in `real_data.rs`.

#[path = "support/allocations.rs"]
mod allocations;

use allocation_counter::measure;
use spikescape::optim::OptimiserKind;
use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::train::settings::presets::preset;
use spikescape::train::{Settings, Trainer};

use allocations::{allocations, allocations_of_epochs};

/// A preset with fewer samples and a network that is soon trained.
fn small(key: &str, hidden: &str) -> Settings {
    let mut settings = (preset(key).unwrap().make)();
    (settings.task.train_samples, settings.task.test_samples) = (130, 10);
    settings.set_text("network.hidden", hidden).unwrap();
    settings
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
            assert_eq!(allocations(settings, 2000, 100), 0, "{key} {rule}");
        }
    }
}

/// Weights so large that every update might overflow, and the state before it is kept.
#[test]
fn keeping_what_an_update_may_cost_allocates_nothing() {
    let mut settings = (preset("trains-small").unwrap().make)();
    (settings.optimiser.kind, settings.optimiser.learning_rate) = (OptimiserKind::Sgd, 1000.0);
    (settings.optimiser.weight_decay, settings.optimiser.momentum) = (10.0, 0.0);
    settings.rule.grad_clip.on = true;
    let mut trainer = Trainer::new(settings.clone(), Isa::best());
    while trainer.params().0.iter().all(|x| x.abs() < 1e20) {
        trainer.step().unwrap();
    }
    (settings.optimiser.learning_rate, settings.optimiser.weight_decay) = (0.001, 1e-6);
    trainer.set(settings).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        (0..20).for_each(|_| trainer.step().unwrap());
        assert!(trainer.params().0.iter().any(|x| x.abs() > 1e20), "the updates measured are of the kind that is kept");
        assert_eq!(measure(|| (0..100).for_each(|_| trainer.step().unwrap())).count_total, 0);
    });
}

#[test]
fn an_epoch_of_digits_allocates_nothing() {
    for rule in Rule::ALL {
        let mut settings = small("digits", "fc40");
        settings.rule.rule = rule;
        assert_eq!(allocations_of_epochs(settings, 10), 0, "{rule}");
        // a network that learns to spike more takes memory for it, each time twice as much: this one stays as it is
        let mut settings = small("digits", "conv2k3-avg2-conv4k3-max2-flatten");
        (settings.rule.rule, settings.optimiser.learning_rate) = (rule, 1e-7);
        assert_eq!(allocations_of_epochs(settings, 4), 0, "convolutions, {rule}");
    }
}

#[test]
fn an_epoch_of_yin_yang_allocates_nothing() {
    for rule in Rule::ALL {
        let mut settings = small("yin-yang", "fc30");
        settings.rule.rule = rule;
        assert_eq!(allocations_of_epochs(settings, 20), 0, "{rule}");
    }
}
