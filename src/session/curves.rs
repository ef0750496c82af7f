//! The curves of a run as bytes: a tensor of 64-bit floats for each series, a row for each bucket.

use std::collections::HashMap;

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};

use crate::file::excerpt;
use crate::record::series::Bucket;
use crate::record::{Curves, Series};

/// Numbers of a bucket: first and last update, minimum, maximum, sum, count. Updates are below 2^53.
const COLUMNS: usize = 6;
/// The key of the widths, as in `4 loss`, a line for each series.
const WIDTHS: &str = "widths";

pub fn to_bytes(curves: &Curves) -> Result<Vec<u8>, String> {
    let all = curves.named();
    let rows: Vec<Vec<u8>> = all.iter().map(|(_, series)| bytes(series)).collect();
    let mut views = Vec::with_capacity(all.len());
    for ((name, series), bytes) in all.iter().zip(&rows) {
        let shape = vec![series.buckets().len(), COLUMNS];
        views.push((name.as_str(), TensorView::new(Dtype::F64, shape, bytes).map_err(|e| e.to_string())?));
    }
    let widths: Vec<String> = all.iter().map(|(name, series)| format!("{} {name}", series.width())).collect();
    serialize(views, Some(HashMap::from([(WIDTHS.to_owned(), widths.join("\n"))]))).map_err(|e| e.to_string())
}

fn bytes(series: &Series) -> Vec<u8> {
    let row = |b: &Bucket| [b.first as f64, b.last as f64, b.min, b.max, b.sum, b.count as f64];
    series.buckets().iter().flat_map(row).flat_map(f64::to_le_bytes).collect()
}

/// The error is a part of a sentence.
pub fn from_bytes(bytes: &[u8]) -> Result<Curves, String> {
    let damaged = |e: safetensors::SafeTensorError| excerpt(&e.to_string(), 100);
    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let widths = header.metadata().as_ref().and_then(|m| m.get(WIDTHS)).ok_or("it has no widths")?;
    let mut series = HashMap::new();
    for line in widths.lines() {
        let width = line.split_once(' ').and_then(|(width, name)| Some((name, width.parse::<u64>().ok()?)));
        let (name, width) = width.filter(|(_, width)| *width > 0).ok_or("its widths cannot be read")?;
        let view = file.tensor(name).map_err(damaged)?;
        let shape = view.shape();
        if view.dtype() != Dtype::F64 || shape.len() != 2 || shape[1] != COLUMNS {
            return Err(format!("the series {name} has not {COLUMNS} columns of F64"));
        }
        let numbers: Vec<f64> = view.data().as_chunks().0.iter().map(|b| f64::from_le_bytes(*b)).collect();
        series.insert(name.to_owned(), (numbers.as_chunks().0.iter().map(bucket).collect(), width));
    }
    Curves::of_named(series).ok_or_else(|| "a series is missing".to_owned())
}

fn bucket(&[first, last, min, max, sum, count]: &[f64; COLUMNS]) -> Bucket {
    Bucket { first: first as u64, last: last as u64, min, max, sum, count: count as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snn::Isa;
    use crate::train::{Settings, Trainer};

    #[test]
    fn curves_come_back_to_the_bit() {
        let (mut curves, mut trainer) = (Curves::default(), Trainer::new(Settings::default(), Isa::best()));
        assert_eq!(from_bytes(&to_bytes(&curves).unwrap()).unwrap(), curves);
        for _ in 0..30 {
            trainer.step().unwrap();
            let (step, layers) = trainer.report();
            curves.push(step, layers);
        }
        let again = from_bytes(&to_bytes(&curves).unwrap()).unwrap();
        assert_eq!(again, curves);
        assert_eq!(to_bytes(&again).unwrap(), to_bytes(&curves).unwrap());
        assert!(from_bytes(b"nothing").is_err());
    }
}
