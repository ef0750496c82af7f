//! The run without threads: network, parameters and optimiser, an update at a time.

mod batches;
mod epochs;
mod halt;
mod probe;
#[cfg(test)]
mod tests;
mod undo;

use std::sync::Arc;

use crate::optim::{Magnitudes, Optimiser, UpdateRule};
use crate::rule::gradient::LARGEST_GRADIENT;
use crate::snn::{Dynamics, Isa, Network, Params};
use crate::spike::{Raster, Sample, Tally};
use crate::task::progress::Progress;
use crate::task::{self, Split, TargetEdit, Task};

use super::evaluate::{Evaluation, EvaluationContext};
use super::initial::draw_params;
use super::parallel::update_parameters;
use super::pass::{BatchPass, Model};
use super::report::{EpochReport, LayerReport, StepReport};
use super::settings::Settings;
use batches::Batches;
use epochs::Epochs;
use probe::{Probe, ProbeChanges, watched};
use undo::StateBefore;

pub use epochs::{BestEpoch, ValidationRun};
pub use halt::{Diverged, DivergedValue, Halt};

/// A run. It always holds the forward pass of the watched sample at its current parameters, and that of the batch, too,
/// where all training samples are a single batch.
pub struct Trainer {
    settings: Settings,
    task: Arc<Task>,
    net: Arc<Network>,
    dynamics: Dynamics,
    isa: Isa,

    params: Params,
    gradient: Params,
    optimiser: Optimiser,
    /// The largest of parameters and the optimiser's memory.
    magnitudes: Magnitudes,
    /// The state before an update that may overflow.
    undo: StateBefore,
    /// Updates made.
    update: u64,

    batches: Batches,
    pass: BatchPass,
    /// Whether `pass` is that of the current parameters on the batch of the next update.
    ready: bool,
    /// Of the batch that was run last.
    loss: f64,

    probe: Probe,
    changes: ProbeChanges,
    report: StepReport,
    epochs: Epochs,
}

/// Everything that is needed to continue a run: the contents of a key moment of the history, and of a checkpoint.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Updates made.
    pub update: u64,
    pub settings: Settings,
    /// With the targets as they are drawn by now.
    pub task: Arc<Task>,
    pub params: Arc<Params>,
    pub optimiser: Optimiser,
    /// Sum of the losses of the current epoch's batches.
    pub epoch_loss: f64,
    pub epochs: Arc<Vec<EpochReport>>,
    pub best: Option<Arc<BestEpoch>>,
}

/// How a run begins.
impl Trainer {
    /// A run at update 0 on a task that needs no file. The settings must have passed [`Settings::check`].
    ///
    /// # Panics
    /// When the task does need a file that cannot be read: [`Trainer::open`] returns the reason instead.
    pub fn new(settings: Settings, isa: Isa) -> Self {
        Self::open(settings, isa, &Progress::default()).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// A run at update 0. The settings must have passed [`Settings::check`].
    ///
    /// # Errors
    /// When data cannot be read, or do not match the settings; a sentence says what is wrong.
    pub fn open(settings: Settings, isa: Isa, progress: &Progress) -> Result<Self, String> {
        let task = Arc::new(task::open(&settings.task, settings.run.seed, progress)?);
        Self::with_task(settings, task, isa)
    }

    /// A run at update 0 on a task that was opened for these settings.
    ///
    /// # Errors
    /// When network and data do not match, or a sample cannot be read; a sentence says what is wrong.
    pub fn with_task(mut settings: Settings, task: Arc<Task>, isa: Isa) -> Result<Self, String> {
        task.fit(&mut settings.task);
        let net = settings.network().map_err(|error| {
            format!("The network {} does not match the data: {}.", settings.network_text(), error.sentence)
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

    /// The run that continues from `moment`, whose settings and task belong together.
    ///
    /// # Errors
    /// When the weights are not those of the network, or a sample cannot be read; a sentence says what is wrong.
    pub fn resume(moment: Moment, isa: Isa) -> Result<Self, String> {
        let net =
            moment.settings.network().map_err(|error| format!("This network is not possible: {}.", error.sentence))?;
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
        let whole = batches::per_epoch(&settings, &task) == 1;
        let mut trainer = Self {
            dynamics: settings.neuron.dynamics(settings.task.steps),
            probe: Probe::read(&task, &settings, whole)?,
            changes: ProbeChanges::new(&net, settings.run.shift_cost),
            params: Params::clone(&params),
            gradient: net.zero_params(),
            settings,
            task,
            net,
            isa,
            magnitudes: Magnitudes::of(&params.0, &optimiser.first, &optimiser.second),
            undo: StateBefore::default(),
            optimiser,
            update,
            batches: Batches::default(),
            pass: BatchPass::default(),
            ready: false,
            loss: 0.0,
            report,
            epochs: Epochs { loss: epoch_loss, reports: epochs, best },
        };
        trainer.prepare()?;
        trainer.look_at_probe();
        trainer.remember_spikes();
        Ok(trainer)
    }
}

/// An update.
impl Trainer {
    /// Makes one update.
    ///
    /// # Errors
    /// When the samples cannot be read, or a value is not finite or a gradient too large, be it after the update; then
    /// nothing has changed.
    pub fn step(&mut self) -> Result<(), Halt> {
        self.prepare().map_err(|problem| Halt::Unread { update: self.update + 1, problem })?;
        self.check_forward()?;
        self.backward()?;
        let (loss, rate) = (self.loss, self.learning_rate());
        let rule = self.optimiser.begin(&self.settings.optimiser, rate);
        let risky = !rule.reach(self.magnitudes, LARGEST_GRADIENT.into()).is_ordinary();
        if risky {
            self.keep();
        }
        self.remember_spikes();
        self.take_step(rule);
        self.update += 1;
        self.epochs.loss += loss;
        self.look_again();
        if risky && let Err(halt) = self.check_update() {
            self.restore();
            return Err(halt);
        }
        self.write_report(loss, rate);
        Ok(())
    }

    /// Reads the next batch where it is another one, and runs it forward.
    fn prepare(&mut self) -> Result<(), String> {
        if !self.ready {
            self.batches.prepare(&self.settings, &self.task, self.update)?;
            self.look();
        }
        Ok(())
    }

    /// Runs the batch forward at the current parameters.
    fn look(&mut self) {
        let model = Model { net: &self.net, dynamics: &self.dynamics, isa: self.isa };
        let (samples, time) = (self.batches.batch(), self.settings.task.steps);
        self.loss = self.pass.forward(model, &self.params, samples, &self.settings.loss, time);
        self.ready = true;
    }

    fn look_at_probe(&mut self) {
        let model = Model { net: &self.net, dynamics: &self.dynamics, isa: self.isa };
        self.probe.look(model, &self.params, &self.settings, &self.pass);
    }

    /// After a change of parameters, settings or targets: what was run is out of date.
    fn look_again(&mut self) {
        self.ready = false;
        if self.whole() {
            self.look();
        }
        self.look_at_probe();
    }

    fn check_forward(&self) -> Result<(), Halt> {
        for trace in self.pass.traces() {
            if let Some(layer) = trace.first_not_finite() {
                return Err(self.diverged(Some(layer), DivergedValue::Potential));
            }
        }
        if self.loss.is_finite() { Ok(()) } else { Err(self.diverged(None, DivergedValue::Loss)) }
    }

    fn backward(&mut self) -> Result<(), Halt> {
        let model = Model { net: &self.net, dynamics: &self.dynamics, isa: self.isa };
        let (samples, rule) = (self.batches.batch(), &self.settings.rule);
        let done = self.pass.backward(model, &self.params, samples, rule, &mut self.gradient);
        done.map_err(|layer| self.diverged(Some(layer), DivergedValue::Gradient))
    }

    fn diverged(&self, layer: Option<usize>, what: DivergedValue) -> Halt {
        Halt::Diverged(Diverged { update: self.update + 1, layer, what })
    }

    /// Changes the parameters by their gradient.
    fn take_step(&mut self, rule: UpdateRule) {
        let Optimiser { first, second, .. } = &mut self.optimiser;
        self.magnitudes = update_parameters(self.isa, rule, [&mut self.params.0, first, second], &self.gradient.0);
    }

    fn remember_spikes(&mut self) {
        self.changes.remember(self.probe.trace(&self.pass), self.update);
    }

    fn write_report(&mut self, loss: f64, learning_rate: f64) {
        let changes = self.changes.count(&self.net, self.probe.trace(&self.pass));
        let target_distance = self.changes.distance_from(&self.probe.sample.target.spikes);
        let (update, rule) = (self.update, self.settings.rule.rule);
        self.report = StepReport { update, loss, rule, learning_rate, target_distance, changes };
    }
}

/// What can be done to a run between two updates.
impl Trainer {
    /// Takes on new settings. Those that need a restart must be as they were.
    ///
    /// # Errors
    /// When the sample to be watched does not exist or cannot be read; a sentence says so, and nothing has changed.
    pub fn set(&mut self, settings: Settings) -> Result<(), String> {
        let whole = batches::per_epoch(&settings, &self.task) == 1;
        self.probe.set(&self.task, &self.settings, &settings, whole)?;
        if settings.optimiser.kind != self.settings.optimiser.kind {
            self.optimiser.reset();
        }
        // the last update's changes stay valid, unless the spikes now come from other neurons, steps or samples
        let told = |s: &Settings| (s.neuron, s.loss.kind, watched(s));
        let other = told(&settings) != told(&self.settings);
        self.dynamics = settings.neuron.dynamics(settings.task.steps);
        self.changes.set_cost(settings.run.shift_cost);
        self.settings = settings;
        self.look_again();
        if other {
            self.remember_spikes();
        }
        Ok(())
    }

    /// Adds or removes a target spike. Returns false, and changes nothing, where that is not possible.
    pub fn edit_target(&mut self, edit: TargetEdit) -> bool {
        if !Arc::make_mut(&mut self.task).edit(edit) {
            return false;
        }
        let index = edit.sample as usize;
        let Ok(sample) = self.task.sample(Split::Train, index) else { return false };
        if watched(&self.settings) == (Split::Train, index) {
            self.probe.sample = Arc::new(sample.clone());
        }
        self.batches.replace(self.whole(), index, sample);
        self.look_again();
        true
    }

    /// Puts other parameters in the place of the initial ones; only before the first update.
    pub fn begin_with(&mut self, params: Params) {
        debug_assert_eq!((self.update, params.0.len()), (0, self.net.len()));
        self.params = params;
        self.magnitudes = Magnitudes::of(&self.params.0, &self.optimiser.first, &self.optimiser.second);
        self.look_again();
        self.remember_spikes();
    }

    /// Whether an epoch has ended that was not reported yet. Where samples have no class, epochs are not reported.
    pub fn epoch_due(&self) -> bool {
        self.task.labelled && self.epoch() > self.epochs.reports.len() as u64
    }

    /// Ends an epoch that is due, with its validation, and keeps the parameters if they are the best so far.
    pub fn end_epoch(&mut self, evaluation: Option<&Evaluation>) -> EpochReport {
        let batches = self.batches();
        self.epochs.end(self.update, batches, evaluation, &self.settings.loss, &self.params)
    }

    /// Everything that is needed to continue from here.
    pub fn moment(&self) -> Moment {
        Moment {
            update: self.update,
            settings: self.settings.clone(),
            task: Arc::clone(&self.task),
            params: Arc::new(self.params.clone()),
            optimiser: self.optimiser.clone(),
            epoch_loss: self.epochs.loss,
            epochs: Arc::clone(&self.epochs.reports),
            best: self.epochs.best.clone(),
        }
    }
}

/// The state of the run.
impl Trainer {
    /// Everything that the answers of an evaluation depend on, apart from the parameters.
    pub fn evaluation_context(&self) -> EvaluationContext<'_> {
        let model = Model { net: &self.net, dynamics: &self.dynamics, isa: self.isa };
        EvaluationContext { model, loss: &self.settings.loss, task: &self.task }
    }

    /// Whether all training samples are a single batch.
    fn whole(&self) -> bool {
        self.batches() == 1
    }

    /// Batches per epoch.
    pub fn batches(&self) -> u64 {
        batches::per_epoch(&self.settings, &self.task)
    }

    /// Complete epochs.
    pub fn epoch(&self) -> u64 {
        self.update / self.batches()
    }

    /// The learning rate of the next update.
    pub fn learning_rate(&self) -> f64 {
        self.settings.optimiser.rate(self.epoch())
    }

    /// The report of the last update, and its layers from the first hidden one to the output.
    pub fn report(&self) -> (&StepReport, &[LayerReport]) {
        (&self.report, self.changes.layers())
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

    /// The batch's loss: at the current parameters where all training samples are a single batch; otherwise that of the
    /// last batch, before its update.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// The samples of that batch.
    pub fn batch(&self) -> &Arc<Vec<Sample>> {
        self.batches.batch()
    }

    /// Gives back the memory in which batches run; the next update makes it anew.
    pub fn release_workspace(&mut self) {
        (self.pass, self.ready) = (BatchPass::default(), false);
    }

    /// The epochs that were reported.
    pub fn epochs(&self) -> &Arc<Vec<EpochReport>> {
        &self.epochs.reports
    }

    /// The epoch with the best validation so far.
    pub fn best(&self) -> Option<&Arc<BestEpoch>> {
        self.epochs.best.as_ref()
    }

    /// The watched sample.
    pub fn probe(&self) -> &Arc<Sample> {
        &self.probe.sample
    }

    /// The watched sample's spikes in every layer before the last update, and the number of updates made by then: now, if
    /// there was none, or if the spikes have changed by other means since.
    pub fn spikes_before(&self) -> (u64, &[Raster]) {
        self.changes.before()
    }

    /// Takes the watched sample's spikes before the last update from the same run, replayed up to the same update. They
    /// are only looked at: no later update depends on them.
    pub fn recall_spikes_before(&mut self, replayed: &Self) {
        let (update, before) = replayed.spikes_before();
        self.changes.take_back(update, &mut before.to_vec());
    }

    /// The watched sample's spikes in every layer now.
    pub fn spikes(&self) -> impl Iterator<Item = &Raster> {
        self.probe.trace(&self.pass).layers.iter().map(|l| &l.spikes)
    }

    /// Steps of the watched sample that count.
    pub fn steps(&self) -> usize {
        self.probe.steps(&self.pass)
    }
}
