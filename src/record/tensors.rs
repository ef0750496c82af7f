//! Parameters as named tensors of a safetensors file, in the layout of PyTorch: for each layer `l` that has weights,
//! `{prefix}{l}.weight` `[out, in]` or `[out, in, k, k]` and `{prefix}{l}.bias` `[out]`.

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

/// Numbers as a tensor has them.
pub fn bytes(values: impl IntoIterator<Item = f32>) -> Vec<u8> {
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
