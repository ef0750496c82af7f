//! Agreement with the reference arithmetic, in the terms of `src/model.md`, section 9: identical spikes, and every
//! gradient tensor within a relative distance of 1e-3. The answers were made by the oracle, an independent program in
//! double precision.

use std::path::PathBuf;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn numbers(view: &TensorView) -> Vec<f64> {
    match view.dtype() {
        Dtype::F32 => view.data().as_chunks().0.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect(),
        Dtype::F64 => view.data().as_chunks().0.iter().map(|b| f64::from_le_bytes(*b)).collect(),
        Dtype::I64 => view.data().as_chunks().0.iter().map(|b| i64::from_le_bytes(*b) as f64).collect(),
        other => panic!("unexpected {other:?}"),
    }
}

fn norm(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|v| v * v).sum::<f64>().sqrt()
}

/// The worst relative distance of a gradient tensor.
fn compare(name: &str, ours: &[u8], reference: &[u8]) -> f64 {
    let (ours, reference) = (SafeTensors::deserialize(ours).unwrap(), SafeTensors::deserialize(reference).unwrap());
    let mut worst: f64 = 0.0;
    for (key, expected) in reference.tensors() {
        let got = ours.tensor(&key).unwrap_or_else(|_| panic!("{name}: {key} is missing"));
        assert_eq!(got.shape(), expected.shape(), "{name}: {key}");
        let (a, r) = (numbers(&got), numbers(&expected));
        if key.starts_with("spikes") || key == "steps" {
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
fn every_case_agrees() {
    let mut count = 0;
    let mut worst: f64 = 0.0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(stem) = name.strip_suffix(".case.safetensors") else { continue };
        let ours =
            spikescape::cli::probe::answer(&std::fs::read(&path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let reference = std::fs::read(folder().join(format!("{stem}.answer.safetensors"))).unwrap();
        worst = worst.max(compare(stem, &ours, &reference));
        count += 1;
    }
    assert_eq!(count, 81);
    println!("{count} cases, worst relative distance {worst:.1e}");
}

/// A case's bytes with its config changed by `edit`.
fn altered(edit: impl Fn(String) -> String) -> Vec<u8> {
    let bytes = std::fs::read(folder().join("fc-count-antlr-1.case.safetensors")).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let mut metadata = header.metadata().clone().unwrap();
    metadata.insert("config".into(), edit(metadata["config"].clone()));
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    safetensors::serialize(tensors.tensors(), Some(metadata)).unwrap()
}

#[test]
fn a_case_that_cannot_be_answered_gets_a_sentence() {
    let answer = |bytes: &[u8]| spikescape::cli::probe::answer(bytes).unwrap_err();
    let with = |from: &str, to: &str| answer(&altered(|c| c.replace(from, to)));
    assert!(with("\"time\": 50", "\"time\": 0").contains("`time` is 0"));
    assert!(with("\"time\": 50", "\"time\": 49").contains("`input`"));
    assert!(with("\"count\"", "\"hinge\"").contains("`hinge`"));
    assert!(with("\"antlr\"", "\"magic\"").contains("`magic`"));
    assert!(with("\"kind\": \"fc\"", "\"kind\": \"conv\"").contains("conv"));
    assert!(with("\"kind\": \"fc\"", "\"kind\": \"pool\"").contains("`pool`"));
    assert!(with("[5]", "[5, 1]").contains("`input`"));
    assert!(with("[5]", "[1, 1, 5]").contains("flatten"));
    assert!(with("[5]", "[]").contains("`input`"));
    assert!(with("\"rule\"", "\"ruel\"").contains("ruel"));
    assert!(with("\"out\": 7", "\"out\": 70000000").contains("weight.0"));
    let whole = altered(|c| c);
    for cut in (0..whole.len()).step_by(97) {
        answer(&whole[..cut]);
    }
}
