use super::*;
use crate::record::log::{Entry, Intervention};
use crate::snn::LayerKind;
use crate::task::mutation::try_many;
use crate::task::{TargetEdit, TaskKind};
use crate::train::trainer::Validating;

/// Points with classes, in mini-batches of which the last is short.
fn points() -> Settings {
    let mut s = Settings::default();
    s.task.set_kind(TaskKind::YinYang);
    (s.task.train_samples, s.task.test_samples) = (40, 6);
    (s.task.validation_auto, s.task.validation_samples) = (false, 12);
    s.loss.kind = crate::loss::LossKind::Latency;
    (s.optimiser.schedule_every, s.network.hidden) = (1, crate::train::settings::NetworkSettings::fc(&[12]));
    s
}

fn step(trainer: &mut Trainer) {
    trainer.step().unwrap();
}

fn end_due_epoch(trainer: &mut Trainer) {
    if !trainer.epoch_due() {
        return;
    }
    let mut validating = Validating::default();
    loop {
        if let Some(evaluation) = validating.step(trainer).unwrap() {
            trainer.end_epoch(Some(&evaluation));
            return;
        }
    }
}

fn checkpoint(trainer: &Trainer, log: &Log) -> (Checkpoint, Vec<u8>) {
    let checkpoint = Checkpoint::of(&trainer.moment(), log.clone());
    let bytes = checkpoint.to_bytes(trainer.net()).unwrap();
    (checkpoint, bytes)
}

fn through_bytes(trainer: &Trainer, log: &Log) -> Trainer {
    let (before, bytes) = checkpoint(trainer, log);
    let after = Checkpoint::from_bytes("a.safetensors", &bytes).unwrap();
    assert_eq!(after, before);
    assert!(is_checkpoint(&bytes));
    let task = crate::task::open(&after.settings.task, after.settings.run.seed, &Default::default()).unwrap();
    after.resume(Arc::new(task), Isa::best()).unwrap()
}

#[test]
fn a_run_that_is_stopped_anywhere_and_resumed_has_the_same_bits() {
    const END: usize = 9;
    let mut whole = Trainer::new(points(), Isa::best());
    let log = Log::new(whole.settings().clone());
    for _ in 0..END {
        step(&mut whole);
        end_due_epoch(&mut whole);
    }
    assert_eq!(whole.epochs().len(), 3);
    // with an epoch that is due and not yet validated, and with one that has just ended
    for validated in [false, true] {
        for at in 0..END {
            let mut run = Trainer::new(points(), Isa::best());
            for u in 1..=at {
                step(&mut run);
                if validated || u < at {
                    end_due_epoch(&mut run);
                }
            }
            let mut run = through_bytes(&run, &log);
            end_due_epoch(&mut run);
            while run.update() < END as u64 {
                step(&mut run);
                end_due_epoch(&mut run);
            }
            assert_eq!(run.params().digest(), whole.params().digest(), "{at} {validated}");
            assert_eq!((run.epochs(), run.best()), (whole.epochs(), whole.best()));
        }
    }
}

#[test]
fn layers_of_every_kind_come_back_with_the_best_and_drawn_targets() {
    let mut settings = points();
    settings.task.set_kind(TaskKind::Digits);
    settings.task.steps = 40;
    settings.network.hidden =
        vec![LayerKind::Conv { out: 3, kernel: 3 }, LayerKind::AvgPool { size: 4 }, LayerKind::Flatten];
    settings.optimiser.momentum = 0.5;
    settings.optimiser.kind = crate::optim::OptimiserKind::Sgd;
    let mut run = Trainer::new(settings, Isa::best());
    let log = Log::new(run.settings().clone());
    for _ in 0..run.batches() + 1 {
        step(&mut run);
        end_due_epoch(&mut run);
    }
    assert!(run.best().is_some_and(|best| *best.params != *run.params()));
    let mut again = through_bytes(&run, &log);
    step(&mut run);
    step(&mut again);
    assert_eq!(run.params(), again.params());

    let mut run = Trainer::new(Settings::default(), Isa::best());
    let mut log = Log { weights: Some(0x0123_4567_89ab_cdef), ..Log::new(Settings::default()) };
    for (step_, output) in [(52, 3), (7, 0)] {
        let edit = TargetEdit { add: true, sample: 0, output, step: step_ };
        assert!(run.edit_target(edit));
        log.entries.push(Entry { update: run.update(), what: Intervention::Target(edit) });
        step(&mut run);
    }
    let mut again = through_bytes(&run, &log);
    assert_eq!(again.probe().target, run.probe().target);
    step(&mut run);
    step(&mut again);
    assert_eq!(run.params(), again.params());
}

#[test]
fn numbers_that_are_none_come_back_too() {
    let mut run = Trainer::new(points(), Isa::best());
    (0..3).for_each(|_| step(&mut run));
    end_due_epoch(&mut run);
    let (mut checkpoint, _) = checkpoint(&run, &Log::new(run.settings().clone()));
    checkpoint.epoch_loss = 0.1 + 0.2;
    // as of a validation in which a potential became infinite
    checkpoint.epochs[0].valid.as_mut().unwrap().loss = f64::INFINITY;
    let bytes = checkpoint.to_bytes(run.net()).unwrap();
    assert_eq!(Checkpoint::from_bytes("a", &bytes), Ok(checkpoint));
}

#[test]
fn what_does_not_fit_together_is_found() {
    let mut run = Trainer::new(points(), Isa::best());
    (0..4).for_each(|_| {
        step(&mut run);
        end_due_epoch(&mut run);
    });
    let (good, bytes) = checkpoint(&run, &Log::new(run.settings().clone()));
    let said = |change: &dyn Fn(&mut Checkpoint), words: &str| {
        let mut bad = good.clone();
        change(&mut bad);
        if bad.update == good.update {
            bad.log.end = Some(End { update: bad.update, digest: bad.params.digest() });
        }
        let bytes = bad.to_bytes(run.net()).unwrap();
        let said = Checkpoint::from_bytes("a.safetensors", &bytes).unwrap_err();
        assert!(said.contains(words) && said.contains("a.safetensors"), "{said}");
    };
    said(&|c| c.params.0[0] = f32::NAN, "entry 0 of the tensor 0.weight");
    said(&|c| c.optimiser.first[1] = f32::INFINITY, "optimiser.first.0.weight");
    said(&|c| c.optimiser.second[0] = -1.0, "negative");
    said(&|c| c.optimiser.steps = 5, "5 steps in 4 updates");
    said(&|c| c.epoch_loss = f64::NAN, "the loss of its epoch");
    said(&|c| c.epochs[0].epoch = 2, "its epoch 1");
    said(&|c| c.epochs[0].update = 9, "its epoch 1");
    said(&|c| c.best.as_mut().unwrap().update = 2, "its best epoch 1");
    said(&|c| c.settings.task.steps = 20, "a sample of 20 steps");
    said(&|c| c.settings.network.hidden = vec![LayerKind::Fc { out: 90_000 }], "too short");
    said(&|c| c.settings.network.hidden = vec![LayerKind::Fc { out: 11 }], "0.weight is F32 [12, 5]");
    assert!(Checkpoint { log: Log { end: None, ..good.log.clone() }, ..good.clone() }.to_bytes(run.net()).is_err());

    let weights = crate::record::weights::to_safetensors(run.net(), run.params(), run.settings(), 4).unwrap();
    assert!(!is_checkpoint(&weights));
    assert!(Checkpoint::from_bytes("w", &weights).unwrap_err().contains("weights alone"));
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("spikescape checkpoint 1"));
    let newer: Vec<u8> = bytes.windows(12).position(|w| w == b"checkpoint 1").map_or(vec![], |at| {
        let mut newer = bytes.clone();
        newer[at + 11] = b'2';
        newer
    });
    assert!(Checkpoint::from_bytes("n", &newer).unwrap_err().contains("A newer version"));

    let mut other = good.settings.task.clone();
    other.test_samples = 7;
    let task = crate::task::open(&other, 0, &Default::default()).unwrap();
    let said = good.resume(Arc::new(task), Isa::best()).err().unwrap();
    assert!(said.contains("7 for the test") && said.contains("6 for the test"), "{said}");
}

#[test]
fn damaged_bytes_get_a_sentence() {
    let mut small = Settings::default();
    (small.task.inputs, small.task.outputs) = (crate::spike::Shape::Flat(3), 2);
    small.network.hidden = vec![LayerKind::Fc { out: 2 }];
    let mut run = Trainer::new(small, Isa::best());
    step(&mut run);
    let (_, plain) = checkpoint(&run, &Log::new(run.settings().clone()));
    let mut run = Trainer::new(points(), Isa::best());
    (0..4).for_each(|_| {
        step(&mut run);
        end_due_epoch(&mut run);
    });
    let (_, best) = checkpoint(&run, &Log::new(run.settings().clone()));
    try_many(&[plain, best], |bytes| Checkpoint::from_bytes_within("a.safetensors", bytes, 1 << 30).map(drop));
}
