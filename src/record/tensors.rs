//! Parameters as named tensors of a safetensors file, in the layout of PyTorch: for each layer `l` that has weights,
//! `{prefix}{l}.weight` [out, in] or [out, in, k, k] and `{prefix}{l}.bias` [out].

use safetensors::tensor::{Dtype, SafeTensorError, TensorView};
use safetensors::{SafeTensors, serialize};
use std::collections::HashMap;

use crate::snn::{Network, Params};

/// Tensors on their way into a file.
#[derive(Debug, Default)]
pub struct Tensors(Vec<(String, Vec<usize>, Vec<u8>)>);

impl Tensors {
    /// Adds the weights and biases of `net`; padding is left out.
    pub fn push(&mut self, prefix: &str, net: &Network, params: &Params) {
        for (l, layer) in net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights()) {
            let biases = params.0[layer.biases()][..layer.filters()].iter().copied();
            self.0.push((format!("{prefix}{l}.weight"), layer.weight_shape(), bytes(layer.export_weights(params))));
            self.0.push((format!("{prefix}{l}.bias"), vec![layer.filters()], bytes(biases)));
        }
    }

    /// The whole file, with one metadata key.
    pub fn file(&self, key: &str, metadata: String) -> Result<Vec<u8>, SafeTensorError> {
        let mut views = Vec::with_capacity(self.0.len());
        for (name, shape, bytes) in &self.0 {
            views.push((name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes)?));
        }
        serialize(views, Some(HashMap::from([(key.to_owned(), metadata)])))
    }
}

fn bytes(values: impl IntoIterator<Item = f32>) -> Vec<u8> {
    values.into_iter().flat_map(f32::to_le_bytes).collect()
}

/// The weights and biases of `net` under `prefix`, with what is not there named, and numbers that are none.
pub fn read(prefix: &str, file: &SafeTensors, net: &Network) -> Result<Params, String> {
    let mut params = net.zero_params();
    for (l, layer) in net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights()) {
        layer.import_weights(&mut params, values(file, &format!("{prefix}{l}.weight"), &layer.weight_shape())?);
        let biases = values(file, &format!("{prefix}{l}.bias"), &[layer.filters()])?;
        params.0[layer.biases()][..layer.filters()].copy_from_slice(&biases);
    }
    Ok(params)
}

fn values(file: &SafeTensors, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
    let view = file.tensor(name).map_err(|_| format!("there is no tensor {name} of the shape {shape:?}"))?;
    if view.dtype() != Dtype::F32 || view.shape() != shape {
        // a damaged header may have any number of sizes
        let found: Vec<_> = view.shape().iter().take(8).collect();
        return Err(format!("the tensor {name} is {} {found:?}, and F32 {shape:?} is expected", view.dtype()));
    }
    let values: Vec<f32> = view.data().as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect();
    match values.iter().position(|v| !v.is_finite()) {
        Some(at) => Err(format!("entry {at} of the tensor {name} (from 0) is not a finite number")),
        None => Ok(values),
    }
}

/// The weights of `net` in a file of plain weights or a checkpoint; `name` is what messages call it.
pub fn weights(name: &str, bytes: &[u8], net: &Network) -> Result<Params, String> {
    let file = whole(name, bytes)?;
    read("", &file, net).map_err(|what| format!("{name}: {what}; the network is {}.", net.describe()))
}

/// The settings (TOML) and the update of what made the file, where it says so.
pub fn made_by(name: &str, bytes: &[u8]) -> Result<Option<(String, u64)>, String> {
    whole(name, bytes)?;
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| format!("{name} is damaged: {e}."))?;
    let Some(text) = header.metadata().as_ref().and_then(|m| m.get("spikescape")) else { return Ok(None) };
    let json: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    match (json["settings"].as_str(), json["update"].as_u64()) {
        (Some(settings), Some(update)) => Ok(Some((settings.to_owned(), update))),
        _ => Err(format!("{name}: what it says of the run that made it is damaged; get the file again.")),
    }
}

fn whole<'a>(name: &str, bytes: &'a [u8]) -> Result<SafeTensors<'a>, String> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\x80\x02") {
        return Err(format!(
            "{name} is a PyTorch file (.pt or .pth), and only safetensors files are read; convert it in Python: import \
             torch, safetensors.torch; safetensors.torch.save_file(torch.load({name:?}, map_location=\"cpu\", \
             weights_only=True), \"weights.safetensors\")."
        ));
    }
    SafeTensors::deserialize(bytes).map_err(|e| format!("{name} is not a whole safetensors file ({e}); get it again."))
}
