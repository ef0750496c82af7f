//! The run without threads: network, parameters and optimiser, an update at a time.

use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use crate::optim::Optimiser;
use crate::snn::{Dynamics, Isa, Network, Params, Trace};
use crate::spike::changes::Counter;
use crate::spike::reserve::Reserve;
use crate::spike::{Raster, Sample, Tally};
use crate::task::progress::Progress;
use crate::task::{self, Split, TargetEdit, Task};

use super::evaluate::{Evaluation, EvaluationContext, Evaluator, Readout};
use super::initial::draw_params;
pub use super::initial::initial_params;
use super::pass::{Model, Pass};
use super::reader::Reader;
use super::report::{EpochReport, LayerReport, StepReport, Validation};
use super::settings::Settings;

/// From this many parameters on it pays to wake other threads; and how many each of them then takes at a time.
const WORTH_SHARING: usize = 200_000;
const PART: usize = 1 << 16;

/// A run. Always holds the forward pass of the probe sample at its current parameters; where the whole task is one batch,
/// that of the batch, too.
pub struct Trainer {
    settings: Settings,
    task: Arc<Task>,
    net: Arc<Network>,
    dynamics: Dynamics,
    isa: Isa,
    params: Params,
    gradient: Params,
    optimiser: Optimiser,
    update: u64,

    batch: Arc<Vec<Sample>>,
    /// Memory for the next.
    spare: Arc<Vec<Sample>>,
    reader: Reader,
    /// Numbers of its samples.
    chosen: Vec<u32>,
    /// The update for which `batch` was read.
    read_for: Option<u64>,
    /// `pass` is that of the current parameters on the batch of the next update.
    ready: bool,
    pass: Pass,
    /// Of the batch that was looked at last.
    loss: f64,
    /// The order of the samples in an epoch.
    order: (Option<u64>, Vec<u32>),

    probe: Arc<Sample>,
    /// Where the probe is not one of the batch that is always looked at.
    probe_pass: Pass,
    before: Vec<Raster>,
    /// The update at which `before` was.
    before_update: u64,
    counter: Counter,
    report: StepReport,
    layer_reports: Vec<LayerReport>,

    /// Sum of the losses of this epoch's batches.
    epoch_loss: f64,
    epochs: Arc<Vec<EpochReport>>,
    best: Option<Arc<Best>>,
}

/// A run that met a number which is none. The state is the one before the update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diverged {
    /// The update that was not made.
    pub update: u64,
    /// The layer, from 0; the loss itself where there is none to name.
    pub layer: Option<usize>,
    pub what: &'static str,
}

impl fmt::Display for Diverged {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let place = self.layer.map_or("the loss".to_owned(), |l| format!("layer {}", l + 1));
        write!(
            f,
            "Update {} was not made: {} of {place} is not a finite number. The state before it is kept; \
             lower optimiser.learning_rate, or switch on rule.grad_clip_on, and go on or restart",
            self.update, self.what
        )
    }
}

/// Why an update was not made. The state is the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    Diverged(Diverged),
    /// Samples could not be read; a sentence says why.
    Unread {
        update: u64,
        problem: String,
    },
}

impl Halt {
    /// The update that was not made.
    pub fn update(&self) -> u64 {
        match self {
            Self::Diverged(diverged) => diverged.update,
            Self::Unread { update, .. } => *update,
        }
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Diverged(diverged) => diverged.fmt(f),
            Self::Unread { update, problem } => {
                write!(f, "Update {update} was not made: {problem} The state before it is kept; run to try again")
            }
        }
    }
}

/// The epoch with the best validation so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    pub epoch: u64,
    pub update: u64,
    /// By the readout that the loss trains for.
    pub accuracy: f64,
    pub params: Arc<Params>,
}

/// Everything that continuing needs: what a key moment of the history and a checkpoint hold.
#[derive(Clone, Debug)]
pub struct Moment {
    pub update: u64,
    pub settings: Settings,
    /// With the targets as they are drawn by now.
    pub task: Arc<Task>,
    pub params: Arc<Params>,
    pub optimiser: Optimiser,
    pub epoch_loss: f64,
    pub epochs: Arc<Vec<EpochReport>>,
    pub best: Option<Arc<Best>>,
}

impl Trainer {
    /// A run at update 0 on a task that needs no file. The settings must have passed [`Settings::check`].
    ///
    /// # Panics
    /// When the task does need a file that cannot be read: [`Trainer::open`] says so instead.
    pub fn new(settings: Settings, isa: Isa) -> Self {
        Self::open(settings, isa, &Progress::default()).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// A run at update 0. The settings must have passed [`Settings::check`]; a sentence says what is wrong with the data.
    pub fn open(settings: Settings, isa: Isa, watch: &Progress) -> Result<Self, String> {
        let task = Arc::new(task::open(&settings.task, settings.run.seed, watch)?);
        Self::with_task(settings, task, isa)
    }

    /// A run at update 0 on a task that was opened for these settings.
    pub fn with_task(mut settings: Settings, task: Arc<Task>, isa: Isa) -> Result<Self, String> {
        task.fit(&mut settings.task);
        let net = settings.network().map_err(|misfit| {
            format!("The network {} does not fit to the data: {}.", settings.network_text(), misfit.sentence)
        })?;
        let params = draw_params(&net, &settings.network.weights(), settings.run.seed);
        let moment = Moment {
            update: 0,
            settings,
            task,
            params: Arc::new(params),
            optimiser: Optimiser::new(net.len()),
            epoch_loss: 0.0,
            epochs: Arc::default(),
            best: None,
        };
        Self::assemble(moment, Arc::new(net), isa)
    }

    /// The run that goes on from `moment`; its settings and its task belong together.
    pub fn resume(moment: Moment, isa: Isa) -> Result<Self, String> {
        let net = moment.settings.network().map_err(|misfit| format!("The network cannot be: {}.", misfit.sentence))?;
        if moment.params.0.len() != net.len() || moment.optimiser.first.len() != net.len() {
            return Err(format!("The weights are not those of the network {}.", net.describe()));
        }
        Self::assemble(moment, Arc::new(net), isa)
    }

    fn assemble(moment: Moment, net: Arc<Network>, isa: Isa) -> Result<Self, String> {
        let Moment { update, settings, task, params, optimiser, epoch_loss, epochs, best } = moment;
        let report = StepReport {
            update,
            loss: 0.0,
            rule: settings.rule.rule,
            learning_rate: 0.0,
            target_distance: 0.0,
            changes: Tally::default(),
        };
        let probe = Arc::new(read_probe(&task, &settings)?);
        let mut trainer = Self {
            dynamics: settings.neuron.dynamics(settings.task.steps),
            gradient: net.zero_params(),
            before_update: update,
            before: net.layers.iter().map(|l| Raster::new(l.outputs)).collect(),
            layer_reports: vec![LayerReport::default(); net.layers.len()],
            settings,
            task,
            net,
            isa,
            params: Params::clone(&params),
            optimiser,
            update,
            batch: Arc::default(),
            spare: Arc::default(),
            reader: Reader::default(),
            chosen: Vec::new(),
            read_for: None,
            ready: false,
            pass: Pass::default(),
            loss: 0.0,
            order: (None, Vec::new()),
            probe,
            probe_pass: Pass::default(),
            counter: Counter::default(),
            report,
            epoch_loss,
            epochs,
            best,
        };
        trainer.prepare()?;
        trainer.look_at_probe();
        trainer.remember_spikes();
        Ok(trainer)
    }

    /// One update. On an error nothing has changed.
    pub fn step(&mut self) -> Result<(), Halt> {
        self.prepare().map_err(|problem| Halt::Unread { update: self.update + 1, problem })?;
        self.check_forward().map_err(Halt::Diverged)?;
        let model = Model { net: &self.net, dynamics: &self.dynamics, isa: self.isa };
        let rule = &self.settings.rule;
        self.pass.backward(model, &self.params, &self.batch, rule, &mut self.gradient).map_err(|layer| {
            Halt::Diverged(Diverged { update: self.update + 1, layer: Some(layer), what: "a gradient" })
        })?;
        self.remember_spikes();
        let rate = self.learning_rate();
        self.take_step(rate);
        let loss = self.loss;
        self.update += 1;
        self.epoch_loss += loss;
        self.ready = false;
        if self.whole() {
            self.look();
        }
        self.look_at_probe();
        self.write_report(loss, rate);
        Ok(())
    }

    /// Parameters by their gradient, in parallel where there are many.
    fn take_step(&mut self, rate: f64) {
        let (isa, change) = (self.isa, self.optimiser.begin(&self.settings.optimiser, rate));
        let Optimiser { first, second, .. } = &mut self.optimiser;
        let work = |params: &mut [f32], first: &mut [f32], second: &mut [f32], gradient: &[f32]| {
            isa.run(
                #[inline(always)]
                || change.apply([params, first, second], gradient),
            );
        };
        let (params, gradient) = (&mut self.params.0, &self.gradient.0);
        if params.len() < WORTH_SHARING {
            return work(params, first, second, gradient);
        }
        let moments = first.par_chunks_mut(PART).zip(second.par_chunks_mut(PART));
        let parts = params.par_chunks_mut(PART).zip(gradient.par_chunks(PART)).zip(moments);
        parts.for_each(|((params, gradient), (first, second))| work(params, first, second, gradient));
    }

    /// Whether all training samples are one batch.
    fn whole(&self) -> bool {
        self.batches() == 1
    }

    /// Batches of an epoch.
    pub fn batches(&self) -> u64 {
        let number = self.task.len(Split::Train).max(1);
        number.div_ceil(self.settings.batch_of(number).max(1)) as u64
    }

    /// Whole epochs made.
    pub fn epoch(&self) -> u64 {
        self.update / self.batches()
    }

    /// Reads the next batch where it is another, and runs it forward.
    fn prepare(&mut self) -> Result<(), String> {
        if self.ready {
            return Ok(());
        }
        if self.read_for.is_none_or(|update| update != self.update && !self.whole()) {
            self.choose();
            // in the memory of the batch before the last, unless somebody still looks at that
            if Arc::get_mut(&mut self.spare).is_none() {
                self.spare = Arc::default();
            }
            let samples = Arc::get_mut(&mut self.spare).expect("nobody else has it");
            self.reader.read(&self.task, Split::Train, &self.chosen, samples)?;
            std::mem::swap(&mut self.batch, &mut self.spare);
            self.read_for = Some(self.update);
        }
        self.look();
        Ok(())
    }

    /// Chooses the samples that the next update is made of.
    fn choose(&mut self) {
        let number = self.task.len(Split::Train);
        self.chosen.clear();
        if self.whole() {
            return self.chosen.extend(0..number as u32);
        }
        let epoch = self.epoch();
        let (ordered, order) = &mut self.order;
        if *ordered != Some(epoch) {
            self.task.epoch_order(epoch, order);
            *ordered = Some(epoch);
        }
        let size = self.settings.batch_of(number);
        let at = (self.update % self.batches()) as usize * size;
        self.chosen.extend_from_slice(&self.order.1[at..(at + size).min(number)]);
    }

    /// Runs the batch forward at the parameters as they are.
    fn look(&mut self) {
        let model = Model { net: &self.net, dynamics: &self.dynamics, isa: self.isa };
        let (samples, time) = (&self.batch, self.settings.task.steps);
        self.loss = self.pass.forward(model, &self.params, samples, &self.settings.loss, time);
        self.ready = true;
    }

    /// Whether the probe is one of the batch that is looked at after every update.
    fn probe_in_batch(&self) -> bool {
        self.whole() && self.settings.run.probe_part == Split::Train
    }

    fn look_at_probe(&mut self) {
        if self.probe_in_batch() {
            return;
        }
        let model = Model { net: &self.net, dynamics: &self.dynamics, isa: self.isa };
        let (probe, time) = (std::slice::from_ref(&*self.probe), self.settings.task.steps);
        self.probe_pass.reserve_like(&self.pass);
        self.probe_pass.forward(model, &self.params, probe, &self.settings.loss, time);
    }

    fn probe_trace(&self) -> &Trace {
        if self.probe_in_batch() { &self.pass.traces()[self.settings.run.probe] } else { &self.probe_pass.traces()[0] }
    }

    fn remember_spikes(&mut self) {
        self.before_update = self.update;
        let mut before = std::mem::take(&mut self.before);
        for (kept, layer) in before.iter_mut().zip(&self.probe_trace().layers) {
            kept.reserve_like(&layer.spikes);
            kept.copy_from(&layer.spikes);
        }
        self.before = before;
    }

    fn write_report(&mut self, loss: f64, rate: f64) {
        let q = self.settings.run.shift_cost;
        let mut total = Tally::default();
        let (mut counter, mut reports) = (std::mem::take(&mut self.counter), std::mem::take(&mut self.layer_reports));
        let layers = self.net.layers.iter().zip(&self.before).zip(&self.probe_trace().layers);
        for (report, ((layer, before), after)) in reports.iter_mut().zip(layers) {
            if !layer.has_weights() {
                // what is only passed on happened to no neuron: counted once, where it was fired
                report.spikes = before.len() as u32;
                continue;
            }
            let changes = counter.count(before, &after.spikes, q);
            *report = LayerReport { spikes: before.len() as u32, changes };
            total += changes;
        }
        let output = &self.before[self.before.len() - 1];
        let target_distance = counter.count(output, &self.probe.target.spikes, q).distance(q);
        (self.counter, self.layer_reports) = (counter, reports);
        self.report = StepReport {
            update: self.update,
            loss,
            rule: self.settings.rule.rule,
            learning_rate: rate,
            target_distance,
            changes: total,
        };
    }

    fn check_forward(&self) -> Result<(), Diverged> {
        let diverged = |layer, what| Err(Diverged { update: self.update + 1, layer, what });
        for trace in self.pass.traces() {
            if let Some(layer) = trace.first_not_finite() {
                return diverged(Some(layer), "a membrane potential");
            }
        }
        if self.loss.is_finite() { Ok(()) } else { diverged(None, "the value") }
    }

    /// Takes on new settings under way. What cannot change without a restart must be as it was. A sentence says why the
    /// sample that is to be watched cannot be; then nothing has changed.
    pub fn set(&mut self, settings: Settings) -> Result<(), String> {
        let watched = |s: &Settings| (s.run.probe_part, s.run.probe);
        if watched(&settings) != watched(&self.settings) {
            self.probe = Arc::new(read_probe(&self.task, &settings)?);
        }
        if settings.optimiser.kind != self.settings.optimiser.kind {
            self.optimiser.reset();
        }
        // what the last update did stays told, unless the spikes now come from other neurons, steps or samples
        let told = |s: &Settings| (s.neuron, s.loss.kind, watched(s));
        let other = told(&settings) != told(&self.settings);
        self.dynamics = settings.neuron.dynamics(settings.task.steps);
        self.settings = settings;
        self.look_again();
        if other {
            self.remember_spikes();
        }
        Ok(())
    }

    /// Adds or removes a target spike. False, and nothing has changed, where that cannot be.
    pub fn edit_target(&mut self, edit: TargetEdit) -> bool {
        if !Arc::make_mut(&mut self.task).edit(edit) {
            return false;
        }
        let index = edit.sample as usize;
        let Ok(sample) = self.task.sample(Split::Train, index) else { return false };
        if self.settings.run.probe_part == Split::Train && self.settings.run.probe == index {
            self.probe = Arc::new(sample.clone());
        }
        if self.whole() {
            Arc::make_mut(&mut self.batch)[index] = sample;
        } else {
            self.read_for = None;
        }
        self.look_again();
        true
    }

    /// What was looked at is out of date, and the parameters are the same.
    fn look_again(&mut self) {
        self.ready = false;
        if self.whole() {
            self.look();
        }
        self.look_at_probe();
    }

    pub fn moment(&self) -> Moment {
        Moment {
            update: self.update,
            settings: self.settings.clone(),
            task: Arc::clone(&self.task),
            params: Arc::new(self.params.clone()),
            optimiser: self.optimiser.clone(),
            epoch_loss: self.epoch_loss,
            epochs: Arc::clone(&self.epochs),
            best: self.best.clone(),
        }
    }

    /// Puts other parameters in the place of the initial ones; only before the first update.
    pub fn begin_with(&mut self, params: Params) {
        debug_assert_eq!((self.update, params.0.len()), (0, self.net.len()));
        self.params = params;
        self.look_again();
        self.remember_spikes();
    }

    /// Whether an epoch has ended that was not reported yet. Where samples have no class there are no epochs to tell of.
    pub fn epoch_due(&self) -> bool {
        self.task.labelled && self.epoch() > self.epochs.len() as u64
    }

    /// Ends an epoch that is due with what validation said, and keeps the parameters if they are the best so far: those
    /// of a higher accuracy, by the readout that the loss trains for.
    pub fn end_epoch(&mut self, evaluation: Option<&Evaluation>) -> EpochReport {
        let valid = evaluation.map(Validation::of);
        let (epoch, update) = (self.epochs.len() as u64 + 1, self.update);
        let report = EpochReport { epoch, update, train_loss: self.epoch_loss / self.batches() as f64, valid };
        self.epoch_loss = 0.0;
        Arc::make_mut(&mut self.epochs).push(report);
        let accuracy = valid.map(|v| v.accuracy(Readout::of(&self.settings.loss)));
        if let Some(accuracy) = accuracy
            && self.best.as_ref().is_none_or(|best| accuracy > best.accuracy)
        {
            let params = Arc::new(self.params.clone());
            self.best = Some(Arc::new(Best { epoch, update, accuracy, params }));
        }
        report
    }

    /// What the answers of this moment depend on.
    pub fn exam(&self) -> EvaluationContext<'_> {
        let model = Model { net: &self.net, dynamics: &self.dynamics, isa: self.isa };
        EvaluationContext { model, loss: &self.settings.loss, task: &self.task }
    }

    /// The learning rate of the next update.
    pub fn learning_rate(&self) -> f64 {
        self.settings.optimiser.rate(self.epoch())
    }

    /// The report of the last update, and its layers from the first hidden one to the output.
    pub fn report(&self) -> (&StepReport, &[LayerReport]) {
        (&self.report, &self.layer_reports)
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub fn task(&self) -> &Arc<Task> {
        &self.task
    }

    pub fn net(&self) -> &Arc<Network> {
        &self.net
    }

    pub fn params(&self) -> &Params {
        &self.params
    }

    /// Updates made.
    pub fn update(&self) -> u64 {
        self.update
    }

    /// The batch's loss: at the current parameters where all training samples are one batch; else that of the batch
    /// looked at last, before its update.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// The samples whose loss that is.
    pub fn batch(&self) -> &Arc<Vec<Sample>> {
        &self.batch
    }

    /// The epochs that were reported.
    pub fn epochs(&self) -> &Arc<Vec<EpochReport>> {
        &self.epochs
    }

    /// The epoch with the best validation so far.
    pub fn best(&self) -> Option<&Arc<Best>> {
        self.best.as_ref()
    }

    /// The sample that is watched.
    pub fn probe(&self) -> &Arc<Sample> {
        &self.probe
    }

    /// The probe's spikes in every layer before the last update, and after how many updates that was: now, if there
    /// was none, or if the spikes have changed by other means since.
    pub fn spikes_before(&self) -> (u64, &[Raster]) {
        (self.before_update, &self.before)
    }

    /// The probe's spikes in every layer now.
    pub fn spikes(&self) -> impl Iterator<Item = &Raster> {
        self.probe_trace().layers.iter().map(|l| &l.spikes)
    }

    /// Steps of the probe that counted.
    pub fn steps(&self) -> usize {
        if self.probe_in_batch() { self.pass.steps } else { self.probe_pass.steps }
    }
}

/// The sample that is to be watched.
fn read_probe(task: &Task, settings: &Settings) -> Result<Sample, String> {
    let (part, probe) = (settings.run.probe_part, settings.run.probe);
    let number = task.len(part);
    if probe >= number {
        let last = number.saturating_sub(1);
        return Err(format!(
            "run.probe is {probe}, but there are {number} samples ({}), counted from 0: choose one up to {last}.",
            part.key()
        ));
    }
    task.sample(part, probe)
}

/// A validation under way, a batch at a time, so that whoever waits can stop.
#[derive(Debug, Default)]
pub struct Validating {
    evaluator: Evaluator,
    evaluation: Evaluation,
}

impl Validating {
    /// Answers one more batch of the trainer's validation samples. The whole evaluation when that was the last; the
    /// trainer must be the same, at the same update, in every call.
    pub fn step(&mut self, trainer: &Trainer) -> Result<Option<Evaluation>, String> {
        let (number, done) = (trainer.task.len(Split::Validation), self.evaluation.answers.len());
        let size = trainer.settings.batch_of(number).max(1);
        let indices: Vec<u32> = (done as u32..(done + size).min(number) as u32).collect();
        let answers = self.evaluator.answer(trainer.exam(), &trainer.params, Split::Validation, &indices)?;
        self.evaluation.answers.extend(answers);
        let whole = self.evaluation.answers.len() >= number;
        Ok(whole.then(|| std::mem::take(&mut self.evaluation)))
    }

    /// Samples answered so far.
    pub fn done(&self) -> usize {
        self.evaluation.answers.len()
    }
}

#[cfg(test)]
mod tests;
