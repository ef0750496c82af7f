//! What explanations are about: a sample in its batch, and what every layer did in it.

use crate::loss::LossSettings;
use crate::rule::RuleSettings;
use crate::snn::{Dynamics, Isa, Network, Params};
use crate::spike::{Raster, Sample};
use crate::train::Settings;
use crate::train::pass::{BatchPass, Model};

use super::LayerActivity;

/// Everything that the spikes of a sample, and the gradients at it, depend on besides the parameters.
///
/// The latency loss stops all samples of a batch together: a sample's spikes are those that it has among these samples.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    pub model: Model<'a>,
    pub loss: &'a LossSettings,
    /// The rule at work; where rules are compared, all numbers but the rule itself.
    pub rule: &'a RuleSettings,
    /// T as configured.
    pub time: usize,
    /// Run together, as a batch; at least one.
    pub samples: &'a [Sample],
    /// The sample that is looked at, from 0.
    pub watched: usize,
}

impl<'a> Setup<'a> {
    /// That of a run with these settings. `dynamics` is [`NeuronSettings::dynamics`](crate::snn::NeuronSettings::dynamics)
    /// of them.
    pub fn of(
        net: &'a Network,
        dynamics: &'a Dynamics,
        settings: &'a Settings,
        samples: &'a [Sample],
        watched: usize,
    ) -> Self {
        let model = Model { net, dynamics, isa: Isa::best() };
        Self { model, loss: &settings.loss, rule: &settings.rule, time: settings.task.steps, samples, watched }
    }

    /// The sample that is looked at.
    pub fn sample(&self) -> &'a Sample {
        &self.samples[self.watched]
    }

    /// Runs the samples at `params`, and keeps what the watched one did.
    pub fn run(&self, params: &Params, pass: &mut BatchPass) -> Activity {
        let loss = pass.forward(self.model, params, self.samples, self.loss, self.time);
        let layers = &pass.traces()[self.watched].layers;
        Activity { steps: pass.steps, loss, layers: layers.iter().map(|layer| layer.spikes.clone()).collect() }
    }

    /// The gradient of `rule` at `params` over the samples. What is not finite stays to be seen in it.
    pub fn gradient(&self, rule: &RuleSettings, params: &Params, pass: &mut BatchPass) -> Params {
        let mut gradient = self.model.net.zero_params();
        pass.forward(self.model, params, self.samples, self.loss, self.time);
        let _ = pass.backward(self.model, params, self.samples, rule, &mut gradient);
        gradient
    }

    /// Layer `index` as it was in `activity`.
    pub fn layer<'b>(&'b self, activity: &'b Activity, index: usize) -> LayerActivity<'b> {
        let below = activity.below(index, &self.sample().input);
        LayerActivity { model: self.model, index, below, spikes: &activity.layers[index] }
    }

    /// The layers with weights, from the lowest on.
    pub fn neurons(&self) -> impl Iterator<Item = usize> + use<'a> {
        let layers = self.model.net.layers.iter().enumerate();
        layers.filter(|(_, layer)| layer.has_weights()).map(|(index, _)| index)
    }
}

/// What every layer did in the watched sample, at some parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Activity {
    /// Steps that counted.
    pub steps: usize,
    /// The loss of all samples.
    pub loss: f64,
    /// What each layer passed on, `steps` steps each.
    pub layers: Vec<Raster>,
}

impl Activity {
    /// What came to layer `index`; `input` is the sample's, which may have more steps than were run.
    pub fn below<'a>(&'a self, index: usize, input: &'a Raster) -> &'a Raster {
        index.checked_sub(1).map_or(input, |below| &self.layers[below])
    }

    /// The spikes of the last layer.
    pub fn output(&self) -> &Raster {
        &self.layers[self.layers.len() - 1]
    }
}
