//! Agreement of `spikescape probe --explain` with the reference arithmetic (model.md, sections 11 and 12): identical spikes
//! before the step, after it and of every layer alone, and every other tensor within a relative distance of 1e-3. The answers
//! were made by the oracle in double precision and rounded to single at the end; their metadata have the size of the step.

use std::path::PathBuf;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/explain")
}

fn numbers(view: &TensorView) -> Vec<f64> {
    match view.dtype() {
        Dtype::F32 => view.data().as_chunks().0.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect(),
        Dtype::I64 => view.data().as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f64).collect(),
        other => panic!("unexpected {other:?}"),
    }
}

fn norm(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|v| v * v).sum::<f64>().sqrt()
}

/// The worst relative distance of a tensor that is not one of spikes.
fn compare(name: &str, ours: &[u8], reference: &[u8]) -> f64 {
    let (ours, reference) = (SafeTensors::deserialize(ours).unwrap(), SafeTensors::deserialize(reference).unwrap());
    assert_eq!(ours.names().len(), reference.names().len(), "{name}: as many tensors");
    let mut worst: f64 = 0.0;
    for (key, expected) in reference.tensors() {
        let got = ours.tensor(&key).unwrap_or_else(|_| panic!("{name}: {key} is missing"));
        assert_eq!(got.shape(), expected.shape(), "{name}: {key}");
        let (a, r) = (numbers(&got), numbers(&expected));
        if key.starts_with("spikes") || key.starts_with("alone") || key == "steps" {
            assert_eq!(a, r, "{name}: {key}");
            continue;
        }
        let (size, distance) = (norm(r.iter().copied()), norm(a.iter().zip(&r).map(|(a, r)| a - r)));
        if size == 0.0 {
            assert_eq!(norm(a.into_iter()), 0.0, "{name}: {key} must be zero");
        } else {
            assert!(distance / size < 1e-3, "{name}: {key} is off by {:.2e}", distance / size);
            worst = worst.max(distance / size);
        }
    }
    worst
}

#[test]
fn every_explanation_agrees() {
    let (mut count, mut worst) = (0, 0.0f64);
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(stem) = name.strip_suffix(".case.safetensors") else { continue };
        let reference = std::fs::read(folder().join(format!("{stem}.explained.safetensors"))).unwrap();
        let (_, header) = SafeTensors::read_metadata(&reference).unwrap();
        let eta: f64 = header.metadata().as_ref().unwrap()["eta"].parse().unwrap();
        let ours = spikescape::cli::explain::answer(&std::fs::read(&path).unwrap(), eta);
        worst = worst.max(compare(stem, &ours.unwrap_or_else(|e| panic!("{name}: {e}")), &reference));
        count += 1;
    }
    assert_eq!(count, 9);
    println!("{count} explanations, worst relative distance {worst:.1e}");
}

#[test]
fn the_steps_of_the_cases_move_spikes() {
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_str().unwrap().ends_with(".explained.safetensors") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let before = tensors.tensors().into_iter().filter(|(key, _)| key.starts_with("spikes."));
        let moved = before.into_iter().any(|(key, before)| {
            let after = tensors.tensor(&key.replace("spikes.", "spikes_after.")).unwrap();
            before.shape() != after.shape() || before.data() != after.data()
        });
        assert!(moved, "{}", path.display());
    }
}
