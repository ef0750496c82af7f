//! `spikescape probe`: answers a case (model.md, section 9), so that any implementation can be compared with ours.

use std::collections::HashMap;
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::Deserialize;

use crate::loss::{LossKind, LossSettings};
use crate::rule::{Rule, RuleSettings, Switched};
use crate::snn::{Isa, Layer, Network, NeuronSettings, Params};
use crate::spike::{Raster, Sample, Target};
use crate::train::pass::{Model, Pass};

/// The case's `config`. What is left out has the default of section 9.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    input: Vec<usize>,
    layers: Vec<LayerConfig>,
    time: usize,
    loss: String,
    rule: String,
    #[serde(default = "long")]
    alpha_i: f64,
    #[serde(default = "long")]
    alpha_v: f64,
    #[serde(default = "yes")]
    beta_auto: bool,
    #[serde(default = "one")]
    beta_i: f64,
    #[serde(default = "one")]
    beta_v: f64,
    #[serde(default = "one")]
    beta_bias: f64,
    surrogate_alpha: Option<f64>,
    surrogate_beta: Option<f64>,
    lambda_act: Option<f64>,
    lambda_timing: Option<f64>,
    timing_penalty: Option<f64>,
    grad_clip: Option<f64>,
    kernel_alpha: Option<f64>,
    softmax_beta: Option<f64>,
    lambda_nospike: Option<f64>,
}

fn long() -> f64 {
    0.99
}

fn one() -> f64 {
    1.0
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerConfig {
    kind: String,
    out: Option<usize>,
    #[allow(dead_code, reason = "named so that a convolution is refused for what it is, not for its key")]
    kernel: Option<usize>,
    #[allow(dead_code, reason = "as above")]
    size: Option<usize>,
}

/// A case, read and checked.
struct Case {
    time: usize,
    net: Network,
    neuron: NeuronSettings,
    loss: LossSettings,
    rule: RuleSettings,
    params: Params,
    samples: Vec<Sample>,
}

/// Reads the case in `bytes` and gives the bytes of its answer. Errors are sentences.
pub fn answer(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let case = Case::read(bytes)?;
    let dynamics = case.neuron.dynamics(case.time);
    let model = Model { net: &case.net, dynamics: &dynamics, isa: Isa::best() };
    let (mut pass, mut gradient) = (Pass::default(), case.net.zero_params());
    let loss = pass.forward(model, &case.params, &case.samples, &case.loss, case.time);
    pass.backward(model, &case.params, &case.samples, &case.rule, &mut gradient);
    write(&case, &pass, &gradient, loss)
}

/// Reads `case`, writes its answer to `out`.
pub fn run(case: &Path, out: &Path) -> Result<(), String> {
    let bytes = std::fs::read(case).map_err(|e| format!("{} cannot be read: {e}", case.display()))?;
    let answer = answer(&bytes).map_err(|e| format!("{}: {e}", case.display()))?;
    crate::record::file::write_whole(out, &answer).map_err(|e| format!("{} cannot be written: {e}", out.display()))
}

impl Case {
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let damaged = |e| format!("not a whole safetensors file ({e}); copy or make the case again");
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let config = header.metadata().as_ref().and_then(|m| m.get("config"));
        let config = config.ok_or("the metadata has no key `config`, so this is not a case of model.md, section 9")?;
        let config: Config = serde_json::from_str(config).map_err(|e| format!("in `config`: {e}"))?;
        config.check()?;
        let net = config.network()?;
        let params = params(&tensors, &net)?;
        let loss = config.loss()?;
        let samples = samples(&tensors, &config, &net, loss.kind)?;
        Ok(Self { time: config.time, neuron: config.neuron(), rule: config.rule()?, net, loss, params, samples })
    }
}

impl Config {
    fn check(&self) -> Result<(), String> {
        if self.time == 0 {
            return Err("config key `time` is 0; a case needs at least one step".into());
        }
        for (key, value) in [("alpha_i", self.alpha_i), ("alpha_v", self.alpha_v)] {
            if !(0.0..=1.0).contains(&value) {
                return Err(format!("config key `{key}` is {value}; a decay lies in 0 to 1"));
            }
        }
        match self.input[..] {
            [n] if n > 0 => Ok(()),
            _ => {
                Err(format!("config key `input` is {:?}; only one dimension of at least 1 can be answered", self.input))
            }
        }
    }

    fn network(&self) -> Result<Network, String> {
        let mut sizes = Vec::new();
        for (l, layer) in self.layers.iter().enumerate() {
            match (layer.kind.as_str(), layer.out) {
                ("fc", Some(n)) if n > 0 => sizes.push(n),
                ("fc", _) => return Err(format!("layer {l}: `fc` needs `out`, at least 1")),
                ("conv" | "avg_pool" | "max_pool" | "flatten", _) => {
                    return Err(format!("layer {l} is `{}`; only `fc` layers can be answered so far", layer.kind));
                }
                (other, _) => return Err(format!("layer {l} has the unknown kind `{other}`; expected `fc`")),
            }
        }
        if sizes.is_empty() {
            return Err("config key `layers` is empty; a network needs a layer".into());
        }
        Ok(Network::fully_connected(self.input[0], &sizes))
    }

    fn neuron(&self) -> NeuronSettings {
        let Self { alpha_i, alpha_v, beta_auto, beta_i, beta_v, beta_bias, .. } = *self;
        NeuronSettings { alpha_i, alpha_v, beta_auto, beta_i, beta_v, beta_bias }
    }

    fn loss(&self) -> Result<LossSettings, String> {
        let kind = match self.loss.as_str() {
            "spike_train" => LossKind::SpikeTrain,
            "count" => LossKind::Count,
            "latency" => LossKind::Latency,
            other => return Err(format!("config key `loss` is `{other}`; expected spike_train, count or latency")),
        };
        let usual = LossSettings::default();
        Ok(LossSettings {
            kind,
            kernel_alpha: self.kernel_alpha.unwrap_or(usual.kernel_alpha),
            softmax_beta: self.softmax_beta.unwrap_or(usual.softmax_beta),
            lambda_nospike: self.lambda_nospike.unwrap_or(usual.lambda_nospike),
        })
    }

    fn rule(&self) -> Result<RuleSettings, String> {
        let rule = Rule::ALL.into_iter().find(|r| r.key() == self.rule);
        let rule = rule.ok_or(format!("config key `rule` is `{}`; expected activation, timing or antlr", self.rule))?;
        let usual = RuleSettings::default();
        Ok(RuleSettings {
            rule,
            surrogate_alpha: self.surrogate_alpha.unwrap_or(usual.surrogate_alpha),
            surrogate_beta: self.surrogate_beta.unwrap_or(usual.surrogate_beta),
            lambda_act: self.lambda_act.unwrap_or(usual.lambda_act),
            lambda_timing: self.lambda_timing.unwrap_or(usual.lambda_timing),
            timing_penalty: self.timing_penalty.map_or(usual.timing_penalty, Switched::on),
            grad_clip: self.grad_clip.map_or(usual.grad_clip, Switched::on),
        })
    }
}

fn params(tensors: &SafeTensors, net: &Network) -> Result<Params, String> {
    // all shapes are compared with the file's before memory is taken by what the config says
    let layer = |(l, layer): (usize, &Layer)| {
        let weights = floats(tensors, &format!("weight.{l}"), &[layer.outputs, layer.inputs])?;
        Ok((weights, floats(tensors, &format!("bias.{l}"), &[layer.outputs])?))
    };
    let read = net.layers.iter().enumerate().map(layer).collect::<Result<Vec<_>, String>>()?;
    let mut params = net.zero_params();
    for (layer, (weights, biases)) in net.layers.iter().zip(read) {
        layer.import_weights(&mut params, weights);
        params.0[layer.biases()][..layer.outputs].copy_from_slice(&biases);
    }
    Ok(params)
}

fn samples(tensors: &SafeTensors, config: &Config, net: &Network, loss: LossKind) -> Result<Vec<Sample>, String> {
    let batch = tensor(tensors, "input")?.shape().first().copied().unwrap_or(0);
    if batch == 0 {
        return Err("tensor `input` holds no sample".into());
    }
    let (time, outputs) = (config.time, net.outputs());
    let inputs = rasters(tensors, "input", batch, time, net.inputs)?;
    let targets: Vec<Target> = if loss == LossKind::Latency {
        let labels = labels(tensors, batch, outputs)?;
        labels.into_iter().map(|label| Target { spikes: Raster::silent(outputs, time), label }).collect()
    } else {
        let wanted = rasters(tensors, "target", batch, time, outputs)?;
        wanted.into_iter().map(|spikes| Target { spikes, label: 0 }).collect()
    };
    Ok(inputs.into_iter().zip(targets).map(|(input, target)| Sample { input, target }).collect())
}

/// A tensor `[batch, time, units]` of zeros and ones.
fn rasters(tensors: &SafeTensors, name: &str, batch: usize, time: usize, units: usize) -> Result<Vec<Raster>, String> {
    let values = floats(tensors, name, &[batch, time, units])?;
    if let Some(odd) = values.iter().find(|v| **v != 0.0 && **v != 1.0) {
        return Err(format!("tensor `{name}` holds {odd}; a spike is 1, no spike 0"));
    }
    let raster = |sample: &[f32]| {
        let mut raster = Raster::new(units);
        for step in sample.chunks_exact(units) {
            step.iter().enumerate().filter(|(_, v)| **v == 1.0).for_each(|(u, _)| raster.push(u as u32));
            raster.end_step();
        }
        raster
    };
    Ok(values.chunks_exact(time * units).map(raster).collect())
}

fn labels(tensors: &SafeTensors, batch: usize, outputs: usize) -> Result<Vec<usize>, String> {
    let view = tensor(tensors, "target")?;
    if view.dtype() != Dtype::I64 || view.shape() != [batch] {
        let found = (view.dtype(), view.shape());
        return Err(format!("tensor `target` is {found:?}; the latency loss needs labels, I64 [{batch}]"));
    }
    let labels = view.data().as_chunks::<8>().0.iter().map(|b| i64::from_le_bytes(*b));
    let label = |l: i64| {
        let inside = usize::try_from(l).ok().filter(|l| *l < outputs);
        inside.ok_or(format!("tensor `target` holds the label {l}; it must lie in 0 to {}", outputs - 1))
    };
    labels.map(label).collect()
}

fn tensor<'a>(tensors: &SafeTensors<'a>, name: &str) -> Result<TensorView<'a>, String> {
    tensors.tensor(name).map_err(|_| format!("the tensor `{name}` is missing"))
}

fn floats(tensors: &SafeTensors, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
    let view = tensor(tensors, name)?;
    if view.dtype() != Dtype::F32 || view.shape() != shape {
        let (dtype, found) = (view.dtype(), view.shape());
        return Err(format!("tensor `{name}` is {dtype:?} {found:?}; expected F32 {shape:?}"));
    }
    Ok(view.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
}

fn write(case: &Case, pass: &Pass, gradient: &Params, loss: f64) -> Result<Vec<u8>, String> {
    let (batch, steps) = (case.samples.len(), pass.steps);
    let mut out = Answer::default();
    out.floats("loss".into(), vec![1], [loss as f32]);
    out.add("steps".into(), Dtype::I64, vec![1], (steps as i64).to_le_bytes().to_vec());
    for (l, layer) in case.net.layers.iter().enumerate() {
        let (n, shape) = (layer.outputs, vec![batch, steps, layer.outputs]);
        // rows without their padding, of the steps that count
        let bare = |values: &[f32]| -> Vec<f32> {
            values.chunks_exact(layer.stride).take(steps).flat_map(|row| row[..n].to_vec()).collect()
        };
        let spikes = pass.traces.iter().flat_map(|t| {
            let mut dense = vec![0.0; steps * n];
            t.layers[l].spikes.iter().for_each(|(t, u)| dense[t * n + u as usize] = 1.0);
            dense
        });
        out.floats(format!("spikes.{l}"), shape.clone(), spikes);
        let potential = pass.traces.iter().flat_map(|t| bare(&t.layers[l].potential));
        out.floats(format!("potential.{l}"), shape.clone(), potential);
        let g_v = pass.adjoints.iter().flat_map(|a| bare(&a.layers[l].potential));
        out.floats(format!("grad.potential.{l}"), shape, g_v);
        out.floats(format!("grad.weight.{l}"), vec![n, layer.inputs], layer.export_weights(gradient));
        out.floats(format!("grad.bias.{l}"), vec![n], gradient.0[layer.biases()][..n].iter().copied());
    }
    out.bytes()
}

/// The tensors of an answer.
#[derive(Default)]
struct Answer(Vec<(String, Dtype, Vec<usize>, Vec<u8>)>);

impl Answer {
    fn add(&mut self, name: String, dtype: Dtype, shape: Vec<usize>, bytes: Vec<u8>) {
        self.0.push((name, dtype, shape, bytes));
    }

    fn floats(&mut self, name: String, shape: Vec<usize>, values: impl IntoIterator<Item = f32>) {
        let bytes = values.into_iter().flat_map(f32::to_le_bytes).collect();
        self.add(name, Dtype::F32, shape, bytes);
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        let mut views = Vec::with_capacity(self.0.len());
        for (name, dtype, shape, bytes) in &self.0 {
            let view = TensorView::new(*dtype, shape.clone(), bytes).map_err(|e| e.to_string())?;
            views.push((name.as_str(), view));
        }
        let made_by =
            HashMap::from([("made_by".to_owned(), concat!("spikescape ", env!("CARGO_PKG_VERSION")).to_owned())]);
        safetensors::serialize(views, Some(made_by)).map_err(|e| e.to_string())
    }
}
