//! The run without threads: network, parameters and optimiser, an update at a time.

use std::sync::Arc;

use crate::optim::Optimiser;
use crate::snn::{Dynamics, Isa, Network, Params};
use crate::spike::changes::Counter;
use crate::spike::{Price, Raster, Tally};
use crate::task::Task;

pub use super::initial::initial_params;
use super::pass::{Model, Pass};
use super::report::{LayerReport, StepReport};
use super::settings::Settings;

/// A gradient beyond this is as good as infinite: its square has no place in single precision.
const GRADIENT_LIMIT: f32 = 1e18;

/// A run. Always holds the forward pass of its current parameters.
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
    pass: Pass,
    loss: f64,
    before: Vec<Raster>,
    /// The update at which `before` was.
    before_update: u64,
    counter: Counter,
    report: StepReport,
    layer_reports: Vec<LayerReport>,
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

impl std::fmt::Display for Diverged {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let place = self.layer.map_or("the loss".to_owned(), |l| format!("layer {}", l + 1));
        write!(
            f,
            "Update {} was not made: {} of {place} is not a finite number. The state before it is kept; \
             lower optimiser.learning_rate, or switch on rule.grad_clip_on, and go on or restart",
            self.update, self.what
        )
    }
}

/// Everything that continuing needs: what a key moment of the history and a checkpoint hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    pub update: u64,
    pub settings: Settings,
    pub params: Arc<Params>,
    pub optimiser: Optimiser,
}

impl Trainer {
    /// A run at update 0. The settings must have passed [`Settings::check`].
    pub fn new(settings: Settings, isa: Isa) -> Self {
        let task = Arc::new(Task::random_trains(&settings.task, settings.run.seed));
        Self::with_task(settings, task, isa)
    }

    pub fn with_task(settings: Settings, task: Arc<Task>, isa: Isa) -> Self {
        let mut sizes = settings.network.hidden.clone();
        sizes.push(settings.task.outputs);
        let net = Arc::new(Network::fully_connected(settings.task.inputs, &sizes));
        let params = initial_params(&net, settings.network.gain, settings.run.seed);
        let optimiser = Optimiser::new(net.len());
        Self::assemble(settings, task, net, params, optimiser, 0, isa)
    }

    /// A run that goes on from `moment`, of the same run as `self`.
    pub fn at(&self, moment: &Moment) -> Self {
        let (task, net) = (Arc::clone(&self.task), Arc::clone(&self.net));
        let (params, optimiser) = (Params::clone(&moment.params), moment.optimiser.clone());
        Self::assemble(moment.settings.clone(), task, net, params, optimiser, moment.update, self.isa)
    }

    fn assemble(
        settings: Settings,
        task: Arc<Task>,
        net: Arc<Network>,
        params: Params,
        optimiser: Optimiser,
        update: u64,
        isa: Isa,
    ) -> Self {
        let report = StepReport {
            update,
            loss: 0.0,
            rule: settings.rule.rule,
            learning_rate: 0.0,
            target_distance: 0.0,
            changes: Tally::default(),
        };
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
            params,
            optimiser,
            update,
            pass: Pass::default(),
            loss: 0.0,
            counter: Counter::default(),
            report,
        };
        trainer.look();
        trainer.remember_spikes();
        trainer
    }

    /// One update. On an error nothing has changed.
    pub fn step(&mut self) -> Result<(), Diverged> {
        self.check_forward()?;
        let model = Model { net: &self.net, dynamics: &self.dynamics, isa: self.isa };
        self.pass.backward(model, &self.params, &self.task.samples, &self.settings.rule, &mut self.gradient);
        self.check_gradient()?;
        self.remember_spikes();
        let rate = self.learning_rate();
        let (optimiser, settings) = (&mut self.optimiser, &self.settings.optimiser);
        self.isa.run(
            #[inline(always)]
            || optimiser.step(settings, rate, &mut self.params.0, &self.gradient.0),
        );
        let loss = self.loss;
        self.update += 1;
        self.look();
        self.write_report(loss, rate);
        Ok(())
    }

    /// Runs the batch forward at the parameters as they are.
    fn look(&mut self) {
        let model = Model { net: &self.net, dynamics: &self.dynamics, isa: self.isa };
        let (samples, time) = (&self.task.samples, self.settings.task.steps);
        self.loss = self.pass.forward(model, &self.params, samples, &self.settings.loss, time);
    }

    fn remember_spikes(&mut self) {
        self.before_update = self.update;
        let probe = &self.pass.traces[self.settings.run.probe];
        for (kept, layer) in self.before.iter_mut().zip(&probe.layers) {
            kept.copy_from(&layer.spikes);
        }
    }

    fn write_report(&mut self, loss: f64, rate: f64) {
        let q = self.price();
        let mut total = Tally::default();
        let probe = &self.pass.traces[self.settings.run.probe];
        let layers = self.net.layers.iter().zip(&self.before).zip(&probe.layers);
        for (report, ((layer, before), after)) in self.layer_reports.iter_mut().zip(layers) {
            if !layer.has_weights() {
                // what is only passed on happened to no neuron: counted once, where it was fired
                report.spikes = before.len() as u32;
                continue;
            }
            let changes = self.counter.count(before, &after.spikes, q);
            *report = LayerReport { spikes: before.len() as u32, changes };
            total += changes;
        }
        let target = &self.task.samples[self.settings.run.probe].target.spikes;
        let output = &self.before[self.before.len() - 1];
        self.report = StepReport {
            update: self.update,
            loss,
            rule: self.settings.rule.rule,
            learning_rate: rate,
            target_distance: self.counter.count(output, target, q).distance(q),
            changes: total,
        };
    }

    fn check_forward(&self) -> Result<(), Diverged> {
        let diverged = |layer, what| Err(Diverged { update: self.update + 1, layer, what });
        for trace in &self.pass.traces {
            if let Some(layer) = trace.first_not_finite(&self.net) {
                return diverged(Some(layer), "a membrane potential");
            }
        }
        if self.loss.is_finite() { Ok(()) } else { diverged(None, "the value") }
    }

    fn check_gradient(&self) -> Result<(), Diverged> {
        let fine = |g: &[f32]| g.iter().fold(true, |fine, g| fine & (g.abs() < GRADIENT_LIMIT));
        let broken = self.net.layers.iter().position(|l| !fine(&self.gradient.0[l.all()]));
        match broken {
            None => Ok(()),
            layer => Err(Diverged { update: self.update + 1, layer, what: "a gradient" }),
        }
    }

    /// Takes on new settings under way. What cannot change without a restart must be as it was.
    pub fn set(&mut self, settings: Settings) {
        if settings.optimiser.kind != self.settings.optimiser.kind {
            self.optimiser.reset();
        }
        // what the last update did stays told, unless the spikes now come from other neurons, steps or samples
        let told = |s: &Settings| (s.neuron, s.loss.kind, s.run.probe);
        let other = told(&settings) != told(&self.settings);
        self.dynamics = settings.neuron.dynamics(settings.task.steps);
        self.settings = settings;
        self.look();
        if other {
            self.remember_spikes();
        }
    }

    pub fn moment(&self) -> Moment {
        Moment {
            update: self.update,
            settings: self.settings.clone(),
            params: Arc::new(self.params.clone()),
            optimiser: self.optimiser.clone(),
        }
    }

    /// The learning rate of the next update. The whole task is one batch, so that an update is an epoch.
    pub fn learning_rate(&self) -> f64 {
        self.settings.optimiser.rate(self.update)
    }

    fn price(&self) -> Price {
        Price::new(self.settings.run.q).expect("checked settings have a valid q")
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

    /// The loss at the current parameters.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// The probe's spikes in every layer before the last update, and after how many updates that was: now, if there
    /// was none, or if the spikes have changed by other means since.
    pub fn spikes_before(&self) -> (u64, &[Raster]) {
        (self.before_update, &self.before)
    }

    /// The probe's spikes in every layer now.
    pub fn spikes(&self) -> impl Iterator<Item = &Raster> {
        self.pass.traces[self.settings.run.probe].layers.iter().map(|l| &l.spikes)
    }

    /// Steps that counted in the last forward pass.
    pub fn steps(&self) -> usize {
        self.pass.steps
    }
}
