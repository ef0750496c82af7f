//! Weights as a safetensors file that PyTorch's `nn.Sequential` loads: `{l}.weight` [out, in] and `{l}.bias`.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, SafeTensorError, TensorView};

use crate::snn::{Network, Params};
use crate::train::Settings;

/// The file of `params` after `update` updates. Beside the tensors it has one metadata key, `spikescape`, with
/// settings, seed, update and version as JSON.
pub fn to_safetensors(
    net: &Network,
    params: &Params,
    settings: &Settings,
    update: u64,
) -> Result<Vec<u8>, SafeTensorError> {
    let mut tensors = Vec::new();
    for (l, layer) in net.layers.iter().enumerate() {
        let weights = bytes(layer.export_weights(params));
        tensors.push((format!("{l}.weight"), vec![layer.outputs, layer.inputs], weights));
        let biases = params.0[layer.biases()][..layer.outputs].iter().copied();
        tensors.push((format!("{l}.bias"), vec![layer.outputs], bytes(biases)));
    }
    let made_by = serde_json::json!({
        "settings": settings.to_toml(),
        "seed": settings.run.seed,
        "update": update,
        "version": env!("CARGO_PKG_VERSION"),
    });
    let metadata = HashMap::from([("spikescape".to_owned(), made_by.to_string())]);
    let mut views = Vec::with_capacity(tensors.len());
    for (name, shape, bytes) in &tensors {
        views.push((name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes)?));
    }
    safetensors::serialize(views, Some(metadata))
}

fn bytes(values: impl IntoIterator<Item = f32>) -> Vec<u8> {
    values.into_iter().flat_map(f32::to_le_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::SafeTensors;

    #[test]
    fn tensors_have_the_names_and_shapes_of_a_sequential() {
        let net = Network::fully_connected(3, &[5, 2]);
        let mut params = net.zero_params();
        net.layers[1].import_weights(&mut params, (0..10).map(|n| n as f32));
        let file = to_safetensors(&net, &params, &Settings::default(), 7).unwrap();

        let read = SafeTensors::deserialize(&file).unwrap();
        let mut names = read.names();
        names.sort();
        assert_eq!(names, ["0.bias", "0.weight", "1.bias", "1.weight"]);
        let weight = read.tensor("1.weight").unwrap();
        assert_eq!(weight.shape(), [2, 5]);
        assert_eq!(weight.data(), bytes((0..10).map(|n| n as f32)));

        let (_, header) = SafeTensors::read_metadata(&file).unwrap();
        let metadata = header.metadata().clone().unwrap();
        assert_eq!(metadata.len(), 1);
        let made_by: serde_json::Value = serde_json::from_str(&metadata["spikescape"]).unwrap();
        assert_eq!(made_by["update"], 7);
        assert_eq!(Settings::from_toml("a", made_by["settings"].as_str().unwrap()), Ok(Settings::default()));
    }
}
