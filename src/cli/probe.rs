//! `spikescape probe`: answers a case ([model §9](crate::model#9-cases)), so that any implementation can be compared
//! with ours.

use std::collections::HashMap;
use std::path::Path;

use ndarray::ArrayView3;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::Deserialize;

use crate::file::{self, TENSOR_LIMIT};
use crate::loss::{LossKind, LossSettings};
use crate::rule::{Rule, RuleSettings, SurrogateShape, Switched};
use crate::snn::{Isa, Layer, LayerKind, Network, NeuronSettings, Params, Shape};
use crate::spike::{Raster, Sample, Target};
use crate::train::pass::{BatchPass, Model};

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
    surrogate_shape: Option<String>,
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
    kernel: Option<usize>,
    size: Option<usize>,
}

impl LayerConfig {
    fn kind(&self) -> Result<LayerKind, String> {
        let needs = |key, value: Option<usize>| value.ok_or(format!("`{}` needs the key `{key}`", self.kind));
        match self.kind.as_str() {
            "fc" => Ok(LayerKind::Fc { out: needs("out", self.out)? }),
            "conv" => Ok(LayerKind::Conv { out: needs("out", self.out)?, kernel: needs("kernel", self.kernel)? }),
            "avg_pool" => Ok(LayerKind::AvgPool { size: needs("size", self.size)? }),
            "max_pool" => Ok(LayerKind::MaxPool { size: needs("size", self.size)? }),
            "flatten" => Ok(LayerKind::Flatten),
            other => Err(format!("unknown kind `{other}`; expected fc, conv, avg_pool, max_pool or flatten")),
        }
    }
}

/// A case, read and checked.
pub(super) struct Case {
    pub time: usize,
    pub net: Network,
    pub neuron: NeuronSettings,
    pub loss: LossSettings,
    pub rule: RuleSettings,
    pub params: Params,
    pub samples: Vec<Sample>,
}

/// Reads the case in `bytes` and gives the bytes of its answer. Errors are sentences.
pub fn answer(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let case = Case::read(bytes)?;
    let dynamics = case.neuron.dynamics(case.time);
    let model = Model { net: &case.net, dynamics: &dynamics, isa: Isa::best() };
    let (mut pass, mut gradient) = (BatchPass::default(), case.net.zero_params());
    pass.keep_potential = true;
    let loss = pass.forward(model, &case.params, &case.samples, &case.loss, case.time);
    // an answer may hold numbers that are none: whoever compares shall see them
    let _ = pass.backward(model, &case.params, &case.samples, &case.rule, &mut gradient);
    write(&case, &pass, &gradient, loss)
}

/// Reads `case`, writes its answer to `out`: with `eta`, what a plain step of that size promises, and what comes of it.
pub fn run(case: &Path, out: &Path, eta: Option<f64>) -> Result<(), String> {
    let bytes = file::read(case, TENSOR_LIMIT)?;
    let answer = eta.map_or_else(|| answer(&bytes), |eta| super::explain::answer(&bytes, eta));
    file::save(out, &answer.map_err(|e| format!("{}: {e}.", case.display()))?)
}

impl Case {
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let damaged = |e| format!("not a whole safetensors file ({e}); copy or make the case again");
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let config = header.metadata().as_ref().and_then(|m| m.get("config"));
        let config = config.ok_or(
            "the metadata has no key `config`, so this is not a case (src/model.md, section 9, says what one holds)",
        )?;
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
        Ok(())
    }

    fn network(&self) -> Result<Network, String> {
        let input = Shape::of(&self.input);
        let input = input.ok_or(format!("config key `input` is {:?}; expected [n] or [c, h, w]", self.input))?;
        let layer = |(l, layer): (usize, &LayerConfig)| layer.kind().map_err(|e| format!("layer {l}: {e}"));
        let kinds = self.layers.iter().enumerate().map(layer).collect::<Result<Vec<_>, _>>()?;
        Network::new(input, &kinds).map_err(|misfit| match misfit.layer {
            Some(l) => format!("layer {l}: {}", misfit.sentence),
            None => format!("config: {}", misfit.sentence),
        })
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
        let rule = Rule::from_key(&self.rule);
        let rule = rule.ok_or(format!("config key `rule` is `{}`; expected activation, timing or antlr", self.rule))?;
        let usual = RuleSettings::default();
        let shape = self.surrogate_shape.as_deref().map_or(Ok(usual.shape), |key| {
            let keys = SurrogateShape::ALL.map(SurrogateShape::key).join(", ");
            SurrogateShape::from_key(key)
                .ok_or(format!("config key `surrogate_shape` is `{key}`; expected one of {keys}"))
        })?;
        Ok(RuleSettings {
            rule,
            shape,
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
    let layer = |(l, layer)| -> Result<_, String> {
        let layer: &Layer = layer;
        let weights = floats(tensors, &format!("weight.{l}"), &layer.weight_shape())?;
        Ok((layer, weights, floats(tensors, &format!("bias.{l}"), &[layer.filters()])?))
    };
    let with_weights = net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights());
    let read = with_weights.map(layer).collect::<Result<Vec<_>, String>>()?;
    let mut params = net.zero_params();
    for (layer, weights, biases) in read {
        layer.import_weights(&mut params, weights);
        params.0[layer.biases()][..layer.filters()].copy_from_slice(&biases);
    }
    Ok(params)
}

fn samples(tensors: &SafeTensors, config: &Config, net: &Network, loss: LossKind) -> Result<Vec<Sample>, String> {
    let batch = tensor(tensors, "input")?.shape().first().copied().unwrap_or(0);
    if batch == 0 {
        return Err("tensor `input` holds no sample".into());
    }
    let (time, outputs) = (config.time, net.outputs());
    let inputs = rasters(tensors, "input", batch, time, net.input)?;
    let targets: Vec<Target> = if loss == LossKind::Latency {
        let labels = labels(tensors, batch, outputs)?;
        labels.into_iter().map(|label| Target { spikes: Raster::silent(outputs, time), label }).collect()
    } else {
        let wanted = rasters(tensors, "target", batch, time, net.layers[net.layers.len() - 1].to)?;
        wanted.into_iter().map(|spikes| Target { spikes, label: 0 }).collect()
    };
    Ok(inputs.into_iter().zip(targets).map(|(input, target)| Sample { input, target }).collect())
}

/// A tensor `[batch, time, …shape]` of zeros and ones.
fn rasters(tensors: &SafeTensors, name: &str, batch: usize, time: usize, shape: Shape) -> Result<Vec<Raster>, String> {
    let values = floats(tensors, name, &[&[batch, time], shape.dims()].concat())?;
    let units = shape.units();
    if let Some(odd) = values.iter().find(|v| **v != 0.0 && **v != 1.0) {
        return Err(format!("tensor `{name}` holds {odd}; a spike is 1, no spike 0"));
    }
    let samples = ArrayView3::from_shape((batch, time, units), &values).map_err(|e| format!("tensor `{name}`: {e}"))?;
    Ok(samples.outer_iter().map(Raster::from_array).collect())
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

fn write(case: &Case, pass: &BatchPass, gradient: &Params, loss: f64) -> Result<Vec<u8>, String> {
    let (batch, steps) = (case.samples.len(), pass.steps);
    let mut out = Answer::default();
    out.floats("loss".into(), vec![1], [loss as f32]);
    out.whole("steps", &[steps as i64]);
    for (l, layer) in case.net.layers.iter().enumerate() {
        let (n, shape) = (layer.outputs, [&[batch, steps], layer.to.dims()].concat());
        let spikes = pass.traces().iter().flat_map(|trace| trace.layers[l].spikes.to_array());
        out.floats(format!("spikes.{l}"), shape.clone(), spikes);
        if !layer.has_weights() {
            continue;
        }
        // units in their order and without padding, of the steps that count
        let bare = |values: &[f32]| -> Vec<f32> {
            let rows = values.chunks_exact(layer.stride).take(steps);
            rows.flat_map(|row| (0..n).map(|u| row[layer.place(u)])).collect()
        };
        let potential = pass.traces().iter().flat_map(|t| bare(t.layers[l].potential().unwrap_or_default()));
        out.floats(format!("potential.{l}"), shape.clone(), potential);
        let g_v = pass.adjoints().iter().flat_map(|a| bare(&a.layers[l].g_v));
        out.floats(format!("grad.potential.{l}"), shape, g_v);
        out.floats(format!("grad.weight.{l}"), layer.weight_shape(), layer.export_weights(gradient));
        let biases = gradient.0[layer.biases()][..layer.filters()].iter().copied();
        out.floats(format!("grad.bias.{l}"), vec![layer.filters()], biases);
    }
    out.bytes()
}

/// The tensors of an answer.
#[derive(Default)]
pub(super) struct Answer(Vec<(String, Dtype, Vec<usize>, Vec<u8>)>);

impl Answer {
    fn add(&mut self, name: String, dtype: Dtype, shape: Vec<usize>, bytes: Vec<u8>) {
        self.0.push((name, dtype, shape, bytes));
    }

    pub fn whole(&mut self, name: &str, values: &[i64]) {
        let bytes = values.iter().flat_map(|n| n.to_le_bytes()).collect();
        self.add(name.to_owned(), Dtype::I64, vec![values.len()], bytes);
    }

    pub fn floats(&mut self, name: String, shape: Vec<usize>, values: impl IntoIterator<Item = f32>) {
        let bytes = values.into_iter().flat_map(f32::to_le_bytes).collect();
        self.add(name, Dtype::F32, shape, bytes);
    }

    pub fn bytes(&self) -> Result<Vec<u8>, String> {
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
