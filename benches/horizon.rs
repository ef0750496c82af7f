//! How far back the gradients of real MNIST reach after some training, and what an update then costs.
//!
//! `SPIKESCAPE_DATA=… cargo bench --bench horizon [-- EPOCHS [FOLDER]]`: trains ANTLR for that many epochs (1) on the images
//! in that folder (mnist), then looks at the next batches with each rule. Nothing is measured without the data.

use std::path::Path;

use spikescape::machine::processor_time;
use spikescape::rule::{Rule, RuleSettings};
use spikescape::snn::Isa;
use spikescape::train::Trainer;
use spikescape::train::pass::{BatchPass, Model};
use spikescape::train::settings::presets::preset;

/// Batches that are looked at.
const BATCHES: usize = 40;

fn main() {
    let mut args = std::env::args().skip(1).filter(|a| !a.starts_with('-'));
    let epochs: u64 = args.next().map_or(1, |n| n.parse().expect("a number of epochs"));
    let folder = args.next().unwrap_or_else(|| "mnist".to_owned());
    let Some(base) = std::env::var_os("SPIKESCAPE_DATA") else {
        println!("skipped: SPIKESCAPE_DATA does not name a folder with {folder}/");
        return;
    };
    let mut settings = (preset("mnist").expect("a preset of this name").make)();
    settings.task.data = Path::new(&base).join(&folder).display().to_string();
    let mut trainer = Trainer::new(settings, Isa::best());
    (0..epochs * trainer.batches()).for_each(|_| trainer.step().expect("an update"));
    println!("{folder}, after {} updates in {epochs} epochs with ANTLR:", trainer.update());
    let mut reports = Rule::ALL.map(|rule| (rule, Reach::default()));
    for _ in 0..BATCHES {
        reports.iter_mut().for_each(|(rule, reach)| reach.look(&trainer, *rule));
        trainer.step().expect("an update");
    }
    for (rule, reach) in reports {
        reach.print(rule);
    }
}

/// What was seen of some batches.
#[derive(Default)]
struct Reach {
    pass: BatchPass,
    /// The horizon of every sample.
    horizons: Vec<usize>,
    /// The steps of every batch.
    steps: Vec<usize>,
    /// Processor time of the forward and of the backward pass of every batch, in seconds.
    times: [Vec<f64>; 2],
}

impl Reach {
    fn look(&mut self, trainer: &Trainer, rule: Rule) {
        let (settings, time) = (trainer.settings(), trainer.settings().task.steps);
        let dynamics = settings.neuron.dynamics(time);
        let model = Model { net: trainer.net(), dynamics: &dynamics, isa: Isa::best() };
        let (params, batch, mut gradient) = (trainer.params(), trainer.batch(), trainer.net().zero_params());
        let rule = RuleSettings { rule, ..settings.rule };
        let begun = processor();
        self.pass.forward(model, params, batch, &settings.loss, time);
        let between = processor();
        self.pass.backward(model, params, batch, &rule, &mut gradient).expect("a finite gradient");
        self.times[0].push(between - begun);
        self.times[1].push(processor() - between);
        self.steps.push(self.pass.steps);
        self.horizons.extend(self.pass.horizons());
    }

    fn print(self, rule: Rule) {
        let mean = |values: &[usize]| values.iter().sum::<usize>() as f64 / values.len() as f64;
        let none = self.horizons.iter().filter(|h| **h == 0).count() as f64 / self.horizons.len() as f64;
        let [forward, backward] = self.times.map(median);
        println!(
            "{:>10}: {:5.1} of {:5.1} steps have a gradient, none {:5.1} % of samples; forward {:.3}, backward {:.3} ms CPU",
            rule.key(),
            mean(&self.horizons),
            mean(&self.steps),
            100.0 * none,
            forward * 1e3,
            backward * 1e3
        );
    }
}

/// Processor time of all threads so far, in seconds; 0 where the system does not tell.
fn processor() -> f64 {
    processor_time().map_or(0.0, |time| time.as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
