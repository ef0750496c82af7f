use super::*;
use crate::task::TaskKind;
use crate::train::evaluate::{Readout, SampleEvaluator};

fn points(change: impl Fn(&mut Settings)) -> Settings {
    let mut s = Settings::default();
    s.task.set_kind(TaskKind::YinYang);
    s.task.train_samples = 50;
    s.task.validation_auto = false;
    s.task.validation_samples = 12;
    s.loss.kind = crate::loss::LossKind::Latency;
    s.run.batch = 16;
    change(&mut s);
    s
}

fn trainer(settings: &Settings) -> Trainer {
    Trainer::new(settings.clone(), Isa::best())
}

/// Steps, and ends epochs as they come.
fn go(trainer: &mut Trainer, updates: u64) -> u64 {
    for _ in 0..updates {
        trainer.step().unwrap();
        if trainer.epoch_due() {
            let mut validating = ValidationRun::default();
            let evaluation = loop {
                if let Some(evaluation) = validating.step(trainer).unwrap() {
                    break evaluation;
                }
            };
            trainer.end_epoch(Some(&evaluation));
        }
    }
    trainer.params().digest()
}

#[test]
fn an_epoch_has_every_sample_once_and_the_last_batch_may_be_short() {
    let mut t = trainer(&points(|_| ()));
    assert_eq!(t.batches(), 4);
    let mut sizes = Vec::new();
    for _ in 0..8 {
        t.step().unwrap();
        sizes.push(t.batch().len());
    }
    assert_eq!(sizes, [16, 16, 16, 2, 16, 16, 16, 2]);
    assert_eq!((t.epoch(), t.learning_rate()), (2, t.settings().optimiser.learning_rate));
}

#[test]
fn a_run_that_goes_on_from_a_moment_has_the_same_bits() {
    let settings = points(|s| s.optimiser.schedule_every = 1);
    let mut whole = trainer(&settings);
    let digest = go(&mut whole, 11);
    for at in [0, 3, 4, 6, 8] {
        let mut first = trainer(&settings);
        go(&mut first, at);
        let mut second = Trainer::resume(first.moment(), Isa::best()).unwrap();
        assert_eq!(go(&mut second, 11 - at), digest, "{at}");
        assert_eq!((second.epochs(), second.best()), (whole.epochs(), whole.best()));
    }
}

#[test]
fn watching_another_sample_changes_nothing_but_what_is_seen() {
    let digest = go(&mut trainer(&points(|_| ())), 9);
    for (part, probe) in [(Split::Train, 7), (Split::Validation, 11), (Split::Test, 3)] {
        let mut t = trainer(&points(|s| (s.run.probe_part, s.run.probe) = (part, probe)));
        assert_eq!(**t.probe(), t.task().sample(part, probe).unwrap());
        go(&mut t, 4);
        t.set(points(|s| s.run.probe = 2)).unwrap();
        assert_eq!(go(&mut t, 5), digest);
    }
    let mut t = trainer(&points(|_| ()));
    let said = t.set(points(|s| (s.run.probe_part, s.run.probe) = (Split::Validation, 12))).unwrap_err();
    assert!(said.contains("run.probe is 12, but there are 12 samples (validation)"), "{said}");
    assert_eq!(t.settings().run.probe, 0);
}

/// SGD whose weight decay multiplies every weight by about −10⁴ in an update.
fn wild(s: &mut Settings) {
    (s.optimiser.kind, s.optimiser.learning_rate) = (crate::optim::OptimiserKind::Sgd, 1000.0);
    (s.optimiser.weight_decay, s.rule.grad_clip.on) = (10.0, false);
}

/// Whole batches as in the built-in experiment, and mini-batches with epochs.
#[test]
fn an_update_that_overflows_changes_nothing_and_a_lower_rate_goes_on_from_there() {
    let mut whole = Settings::default();
    wild(&mut whole);
    for settings in [whole, points(wild)] {
        let mut t = trainer(&settings);
        let (mut before, mut spikes, mut report) = (t.moment(), t.spikes_before().0, *t.report().0);
        let halt = loop {
            match t.step() {
                Ok(()) => (before, spikes, report) = (t.moment(), t.spikes_before().0, *t.report().0),
                Err(halt) => break halt,
            }
            if t.epoch_due() {
                t.end_epoch(None);
                before = t.moment();
            }
        };
        assert!(matches!(halt, Halt::Diverged(_)) && halt.update() == before.update + 1 && before.update > 3, "{halt}");
        assert_eq!((t.update(), t.params().digest()), (before.update, before.params.digest()));
        assert_eq!((&t.moment().optimiser, t.moment().epoch_loss), (&before.optimiser, before.epoch_loss));
        assert_eq!((t.spikes_before().0, *t.report().0), (spikes, report));
        assert!(t.params().0.iter().all(|x| x.is_finite()));
        assert_eq!(t.step().unwrap_err(), halt, "the same state gives the same answer");

        let mut calmer = settings.clone();
        (calmer.optimiser.learning_rate, calmer.optimiser.weight_decay) = (0.001, 0.1);
        t.set(calmer.clone()).unwrap();
        let mut resumed = Trainer::resume(before, Isa::best()).unwrap();
        resumed.set(calmer).unwrap();
        for _ in 0..20 {
            t.step().unwrap();
            resumed.step().unwrap();
        }
        assert_eq!(t.params().digest(), resumed.params().digest());
    }
}

#[test]
fn the_best_epoch_is_the_first_with_the_highest_accuracy() {
    let mut t = trainer(&points(|s| s.optimiser.learning_rate = 0.02));
    go(&mut t, 40);
    let best = t.best().unwrap();
    let accuracies: Vec<f64> = t.epochs().iter().map(|e| e.valid.unwrap().accuracy_first).collect();
    assert_eq!(accuracies.len(), 10);
    let highest = accuracies.iter().copied().fold(0.0, f64::max);
    assert_eq!(best.accuracy, highest);
    assert_eq!(best.epoch as usize, accuracies.iter().position(|a| *a == highest).unwrap() + 1);
}

#[test]
fn a_drawn_target_is_learnt_and_is_part_of_a_moment() {
    let mut t = trainer(&Settings::default());
    let (before, loss) = (t.moment(), t.loss());
    let step = (0..100).find(|&s| !t.probe().target.spikes.contains(s, 2)).unwrap() as u32;
    let edit = TargetEdit { add: true, sample: 0, output: 2, step };
    assert!(t.edit_target(edit));
    assert!(t.probe().target.spikes.contains(step as usize, 2));
    assert_ne!(t.loss(), loss);
    assert!(!t.edit_target(TargetEdit { sample: 1, ..edit }));
    let mut again = Trainer::resume(t.moment(), Isa::best()).unwrap();
    assert_eq!(go(&mut again, 5), go(&mut t, 5));
    assert_eq!(Trainer::resume(before, Isa::best()).unwrap().loss(), loss);
}

/// The built-in digits are worth a hidden layer: 784-fc100-fc10 does at least three points better on another seed's digits
/// than a linear softmax that learnt from the same.
#[test]
fn a_hidden_layer_gets_more_digits_right_than_a_linear_softmax() {
    const SEEDS: [u64; 2] = [1, 2];
    const NUMBERS: [u32; 2] = [4000, 1000];
    let settings = |k: usize| {
        let mut s = (crate::train::settings::preset("digits").unwrap().make)();
        (s.run.seed, s.task.train_samples, s.task.test_samples) = (SEEDS[k], NUMBERS[k] as usize, 1);
        (s.task.validation_auto, s.task.validation_samples) = (false, 0);
        s
    };
    let mut t = trainer(&settings(0));
    for _ in 0..8 * t.batches() {
        t.step().unwrap();
    }
    let other = trainer(&settings(1));
    let context = EvaluationContext { task: other.task(), ..t.evaluation_context() };
    let (mut evaluator, mut evaluation) = (SampleEvaluator::default(), Evaluation::default());
    for batch in (0..NUMBERS[1]).collect::<Vec<_>>().chunks(50) {
        evaluation.answers.extend(evaluator.answer(context, t.params(), Split::Train, batch).unwrap());
    }
    let (ours, linear) =
        (evaluation.accuracy(Readout::First), crate::task::digits::tests::linear_accuracy(SEEDS, NUMBERS));
    assert!((0.80..0.95).contains(&linear) && ours >= linear + 0.03, "{ours} {linear}");
}
