//! Weights as a safetensors file that PyTorch's `nn.Sequential` loads: for each layer `l` that has weights, `{l}.weight`
//! `[out, in]` or `[out, in, k, k]` and `{l}.bias` `[out]`. Layers are counted from 0, those without weights too.

use std::collections::HashMap;

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, Metadata, SafeTensorError, TensorView};
use serde::Deserialize;

use crate::file::excerpt;
use crate::snn::{Network, Params};
use crate::train::Settings;

use super::json;
use super::tensors::Tensors;

/// The metadata key under which a file says what made it.
const MADE_BY: &str = "spikescape";
/// What the names of the tensors begin with that a checkpoint has beside the weights.
const OTHERS: [&str; 2] = ["optimiser.", "best."];

/// The file of `params` after `update` updates. Beside the tensors it has one metadata key, `spikescape`, with
/// settings, seed, update and version as JSON.
pub fn to_safetensors(
    net: &Network,
    params: &Params,
    settings: &Settings,
    update: u64,
) -> Result<Vec<u8>, SafeTensorError> {
    let mut tensors = Tensors::default();
    tensors.push("", net, params);
    let made_by = serde_json::json!({
        "settings": settings.to_toml(),
        "seed": settings.run.seed,
        "update": update,
        "version": env!("CARGO_PKG_VERSION"),
    });
    tensors.file(MADE_BY, made_by.to_string())
}

/// Reads the weights and biases of `net`; `name` is what messages call the file.
///
/// The names may have a common prefix, as in `model.0.weight`. A layer without a bias has zeros. What
/// checkpoints have beside, the optimiser's memory and the best epoch's weights, is passed over; anything else that is missing, left over, of another shape or
/// not a number is an error.
pub fn from_safetensors(name: &str, bytes: &[u8], net: &Network) -> Result<Params, String> {
    header(name, bytes)?;
    let file = SafeTensors::deserialize(bytes).map_err(|e| not_whole(name, &e))?;
    let tensors = file.iter().filter(|(tensor, _)| !OTHERS.iter().any(|other| tensor.starts_with(other))).collect();
    let mut found = Found { name, net, prefix: String::new(), tensors };
    found.prefix = found.common_prefix();

    let mut params = net.zero_params();
    for (l, layer) in net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights()) {
        let weights = found.take(&format!("{l}.weight"), &layer.weight_shape())?;
        layer.import_weights(&mut params, weights.ok_or_else(|| found.missing(l))?);
        if let Some(biases) = found.take(&format!("{l}.bias"), &[layer.filters()])? {
            params.0[layer.biases()][..layer.filters()].copy_from_slice(&biases);
        }
    }
    found.nothing_left().map(|()| params)
}

/// The tensors of a file that were not yet asked for.
struct Found<'a> {
    name: &'a str,
    net: &'a Network,
    prefix: String,
    tensors: HashMap<&'a str, TensorView<'a>>,
}

impl Found<'_> {
    /// What stands before the name of the first layer's weights: nothing, or a path that ends in a point.
    fn common_prefix(&self) -> String {
        let first = self.net.layers.iter().position(|layer| layer.has_weights()).unwrap_or(0);
        let wanted = format!("{first}.weight");
        let before = self.tensors.keys().filter_map(|tensor| tensor.strip_suffix(wanted.as_str()));
        let prefixes = before.filter(|prefix| prefix.is_empty() || prefix.ends_with('.'));
        // of several the shortest, so that the answer does not hang on the order of a hash map
        prefixes.min_by_key(|prefix| (prefix.len(), *prefix)).unwrap_or("").to_owned()
    }

    /// The values of a tensor, where there is one of this name behind the prefix.
    fn take(&mut self, tensor: &str, shape: &[usize]) -> Result<Option<Vec<f32>>, String> {
        let tensor = format!("{}{tensor}", self.prefix);
        let Some(view) = self.tensors.remove(tensor.as_str()) else { return Ok(None) };
        if view.shape() != shape {
            return Err(format!(
                "{}, tensor {}: its shape is {}, but {} is expected; {}.",
                self.name,
                shown(&tensor),
                list(view.shape()),
                list(shape),
                self.network()
            ));
        }
        values(&view).map(Some).map_err(|what| format!("{}, tensor {}: {what}", self.name, shown(&tensor)))
    }

    /// A sentence for the weights of layer `l`, which are not there.
    fn missing(&self, l: usize) -> String {
        let layer = &self.net.layers[l];
        let mut left: Vec<_> = self.tensors.iter().collect();
        left.sort_by_key(|(tensor, _)| **tensor);
        let listed = left.iter().take(8).map(|(tensor, view)| format!("{} {}", shown(tensor), list(view.shape())));
        let left = match left.len() {
            0 => "no other tensor is left in the file".into(),
            1..=8 => format!("left in the file are {}", listed.collect::<Vec<_>>().join(", ")),
            n => format!("left in the file are {n} tensors, among them {}", listed.collect::<Vec<_>>().join(", ")),
        };
        format!(
            "{}: there is no tensor {} of the shape {} for `{}`; {left}; {}, and the name of a tensor begins with the \
             number of its layer, from 0, layers without weights counted too.",
            self.name,
            shown(&format!("{}{l}.weight", self.prefix)),
            list(&layer.weight_shape()),
            layer.kind,
            self.network()
        )
    }

    fn nothing_left(&self) -> Result<(), String> {
        let Some((tensor, view)) = self.tensors.iter().min_by_key(|(tensor, _)| **tensor) else { return Ok(()) };
        let more = match self.tensors.len() {
            1 => String::new(),
            n => format!(" ({} more are left over, too)", n - 1),
        };
        Err(format!(
            "{}, tensor {}: nothing is expected under this name, its shape is {}{more}; {}; choose the network that the \
             file was made with, or save its weights and biases alone.",
            self.name,
            shown(tensor),
            list(view.shape()),
            self.network()
        ))
    }

    fn network(&self) -> String {
        format!("the network is `{}`", shown(&self.net.describe()))
    }
}

/// The values of a tensor, in the order of the file; otherwise what is wrong with them.
fn values(view: &TensorView) -> Result<Vec<f32>, String> {
    let data = view.data();
    let wide: Vec<f64> = match view.dtype() {
        Dtype::F64 => data.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b)).collect(),
        Dtype::F32 => data.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b).into()).collect(),
        Dtype::F16 => data.as_chunks().0.iter().map(|&b| half::f16::from_le_bytes(b).into()).collect(),
        Dtype::BF16 => data.as_chunks().0.iter().map(|&b| half::bf16::from_le_bytes(b).into()).collect(),
        other => {
            return Err(format!(
                "its numbers are of the type {other}; F32, F64, F16 and BF16 are read, convert it with tensor.float()."
            ));
        }
    };
    // what does not fit into 32 bits is infinite there
    match wide.iter().position(|&v| !(v as f32).is_finite()) {
        Some(at) => Err(format!(
            "entry {at} (from 0, row by row) is {}, which is no number that a weight can have; the run that made the \
             file had already failed, take an earlier one.",
            wide[at]
        )),
        None => Ok(wide.into_iter().map(|v| v as f32).collect()),
    }
}

/// What made a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MadeBy {
    /// The settings of the run, as TOML.
    pub settings: String,
    /// Number of updates before the file was written.
    pub update: u64,
    /// Version of the program.
    pub version: String,
}

/// What made the file, or none where it does not say, as a state dict from elsewhere. `name` is what messages call it.
pub fn made_by(name: &str, bytes: &[u8]) -> Result<Option<MadeBy>, String> {
    let header = header(name, bytes)?;
    let Some(text) = header.metadata().as_ref().and_then(|m| m.get(MADE_BY)) else { return Ok(None) };
    let damaged = |what: String| {
        format!(
            "{name}, metadata {MADE_BY}: what made the file should stand here as JSON with settings, update and \
             version, but {what}; get the file again."
        )
    };
    json::parse(text).map(Some).map_err(damaged)
}

/// Reads the header, which is compared with the size of the file; what is not of this format gets a sentence.
fn header(name: &str, bytes: &[u8]) -> Result<Metadata, String> {
    // a zip archive, as torch.save writes it since 1.6, or the bare pickle from before
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\x80\x02") {
        return Err(format!(
            "{name} is a PyTorch file (.pt or .pth), and only safetensors files are read, as they hold numbers and no \
             program; convert it in Python: import torch, safetensors.torch; \
             safetensors.torch.save_file(torch.load({name:?}, map_location=\"cpu\", weights_only=True), \
             \"weights.safetensors\")."
        ));
    }
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| not_whole(name, &e))?;
    Ok(header)
}

fn not_whole(name: &str, error: &SafeTensorError) -> String {
    format!("{name} is not a whole safetensors file ({}); get it again.", shown(&error.to_string()))
}

/// The name of a tensor or a library's message, which a damaged file may make of any length.
fn shown(text: &str) -> String {
    excerpt(text, 80)
}

fn list(sizes: &[usize]) -> String {
    // a damaged header may have any number of sizes
    let shown: Vec<_> = sizes.iter().take(8).map(usize::to_string).collect();
    format!("[{}{}]", shown.join(", "), if sizes.len() > 8 { ", …" } else { "" })
}

#[cfg(test)]
mod tests;
