//! A lesson's experiment without a window: the same facts, from the same arithmetic.

use std::sync::Arc;

use crate::explain::bench::BenchNeuron;
use crate::snn::Isa;
use crate::task::{Split, Task};
use crate::train::settings::Change;
use crate::train::trainer::ValidationRun;
use crate::train::{Readout, Settings, Trainer};

use super::moves::LessonMove;
use super::observed::{BenchSeen, LayerSeen, Observed, hits};

/// A run, and what a reader would see of it.
pub struct Simulation {
    pub trainer: Trainer,
    pub seen: Observed,
    bench: BenchNeuron,
    /// The settings as the form has them: those of the run, or ahead of them.
    wanted: Settings,
}

impl Simulation {
    /// A run at update 0. An error says what is wrong with the task.
    pub fn begin(settings: &Settings) -> Result<Self, String> {
        Self::on(settings, None)
    }

    /// The same on a task that is open, where it is the task of these settings.
    pub fn on(settings: &Settings, open: Option<&Arc<Task>>) -> Result<Self, String> {
        let mut simulation = Self {
            trainer: trainer(settings, open)?,
            seen: Observed { runs: 1, ..Observed::default() },
            bench: BenchNeuron::default(),
            wanted: settings.clone(),
        };
        simulation.seen.bench = Some(seen_of(&simulation.bench));
        simulation.look();
        Ok(simulation)
    }

    /// Begins another run, as a step of a lesson or a restart does.
    pub fn begin_again(&mut self, settings: &Settings) -> Result<(), String> {
        let task = Arc::clone(self.trainer.task());
        self.trainer = trainer(settings, Some(&task))?;
        self.wanted = settings.clone();
        self.seen.runs += 1;
        (self.seen.accuracy, self.seen.sample_spikes, self.seen.epochs) = (None, None, 0);
        self.look();
        Ok(())
    }

    /// Makes updates until there are so many. An error says why the run halted.
    pub fn advance_to(&mut self, updates: u64) -> Result<(), String> {
        while self.trainer.update() < updates {
            self.trainer.step().map_err(|halt| format!("{halt}."))?;
            let (_, layers) = self.trainer.report();
            self.seen.layers.resize(layers.len(), LayerSeen::default());
            self.seen.layers.iter_mut().zip(layers).for_each(|(seen, report)| seen.add(report.changes));
            if self.trainer.epoch_due() {
                self.end_epoch()?;
            }
        }
        self.look();
        Ok(())
    }

    fn end_epoch(&mut self) -> Result<(), String> {
        let mut evaluation = None;
        if self.trainer.task().len(Split::Validation) > 0 {
            let mut run = ValidationRun::default();
            while evaluation.is_none() {
                evaluation = run.step(&self.trainer)?;
            }
        }
        let report = self.trainer.end_epoch(evaluation.as_ref());
        let readout = Readout::of(&self.trainer.settings().loss);
        self.seen.epochs = report.epoch;
        self.seen.accuracy = report.valid.map(|valid| valid.accuracy(readout));
        self.seen.sample_spikes = report.valid.map(|valid| valid.spikes);
        Ok(())
    }

    /// Does what a reader does. An error says why it cannot be done.
    pub fn perform(&mut self, done: &LessonMove) -> Result<(), String> {
        match done {
            LessonMove::Advance(updates) => self.advance_to(self.trainer.update() + updates)?,
            LessonMove::Rule(rule) => {
                self.set(&Change::to("rule.rule", crate::train::settings::Value::Choice(rule.key())))?;
            }
            LessonMove::Set(change) => self.set(change)?,
            LessonMove::Restart => self.begin_again(&self.wanted.clone())?,
            LessonMove::NewSeed => {
                self.wanted.run.seed = self.wanted.run.next_seed();
                self.begin_again(&self.wanted.clone())?;
            }
            LessonMove::Select { output, unit } => {
                let layer = if *output { self.seen.layers.len().saturating_sub(1) } else { 0 };
                self.seen.selected = Some((layer, *unit));
            }
            LessonMove::GoTo(update) => self.seen.past = *update < self.trainer.update(),
            LessonMove::Live => self.seen.past = false,
            LessonMove::Pin => self.seen.pinned = true,
            LessonMove::BenchSpike { line, step } => self.bench.toggle(*line, *step),
            LessonMove::BenchWeight { line, weight } => self.bench.set_weight(*line, *weight as f32),
            LessonMove::BenchDecay { current: true, alpha } => self.bench.neuron.alpha_i = *alpha,
            LessonMove::BenchDecay { current: false, alpha } => self.bench.neuron.alpha_v = *alpha,
        }
        self.seen.bench = Some(seen_of(&self.bench));
        self.look();
        Ok(())
    }

    /// A change under way, or one that waits for a restart.
    fn set(&mut self, change: &Change) -> Result<(), String> {
        change.make(&mut self.wanted).map_err(|problem| problem.message)?;
        if change.field.live {
            let mut now = self.trainer.settings().clone();
            change.make(&mut now).map_err(|problem| problem.message)?;
            self.trainer.set(now)?;
        }
        Ok(())
    }

    fn look(&mut self) {
        let trainer = &self.trainer;
        let layers: Vec<_> = trainer.spikes().collect();
        self.seen.layers.resize(layers.len(), LayerSeen::default());
        self.seen.layers.iter_mut().zip(&layers).for_each(|(seen, spikes)| seen.look(spikes));
        let target = &trainer.probe().target.spikes;
        let output = layers.last().filter(|output| output.units() == target.units());
        self.seen.targets = output.map(|output| hits(output, target));
        self.seen.loss = Some(trainer.loss());
        self.seen.updates = trainer.update();
        self.seen.settings = Arc::new(trainer.settings().clone());
    }
}

fn trainer(settings: &Settings, open: Option<&Arc<Task>>) -> Result<Trainer, String> {
    let mut settings = settings.clone();
    match open.filter(|task| task.is_of(&settings.task, settings.run.seed)) {
        Some(task) => {
            task.fit(&mut settings.task);
            Trainer::with_task(settings, Arc::clone(task), Isa::best())
        }
        None => Trainer::open(settings, Isa::best(), &crate::task::progress::Progress::default()),
    }
}

/// The facts about a bench.
pub fn seen_of(bench: &BenchNeuron) -> BenchSeen {
    let run = bench.run();
    let gaps = run.course.spikes.windows(2).map(|pair| pair[1] - pair[0]);
    BenchSeen {
        inputs: bench.inputs.iter().map(|input| input.spikes.len()).sum(),
        spikes: run.course.spikes.len(),
        peak: f64::from(run.course.potential.iter().copied().fold(f32::NEG_INFINITY, f32::max)),
        weight: bench.inputs.first().map_or(0.0, |input| f64::from(input.weight)),
        alpha_i: bench.neuron.alpha_i,
        alpha_v: bench.neuron.alpha_v,
        interval: gaps.min(),
    }
}
