//! Spikes with which "since the start" begins, as JSON.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::FirstSpikes;
use crate::file::utf8;
use crate::record::json;
use crate::spike::Raster;

#[derive(Serialize, Deserialize)]
struct FirstEntry {
    update: u64,
    layers: Vec<LayerEntry>,
}

#[derive(Serialize, Deserialize)]
struct LayerEntry {
    units: usize,
    /// Units that spike, for each step.
    steps: Vec<Vec<u32>>,
    /// Values of these events, where they have any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<Vec<f32>>,
}

pub fn to_json(firsts: &[(u64, Arc<Vec<Raster>>)]) -> Result<Vec<u8>, String> {
    let layer = |raster: &Raster| {
        let steps = || 0..raster.steps();
        let values = |step| raster.weighted(step).map(|(_, value)| value).collect();
        LayerEntry {
            units: raster.units(),
            steps: steps().map(|step| raster.at(step).to_vec()).collect(),
            values: if raster.is_graded() { steps().map(values).collect() } else { Vec::new() },
        }
    };
    let entry = |(update, layers): &(u64, Arc<Vec<Raster>>)| FirstEntry {
        update: *update,
        layers: layers.iter().map(layer).collect(),
    };
    let entries: Vec<FirstEntry> = firsts.iter().map(entry).collect();
    serde_json::to_vec(&entries).map_err(|e| e.to_string())
}

/// The error is a part of a sentence.
pub fn from_json(bytes: &[u8]) -> Result<FirstSpikes, String> {
    let text = utf8("it", bytes.to_vec())?;
    let entries: Vec<FirstEntry> = json::parse(&text)?;
    let whole = |entry: FirstEntry| {
        let layers = entry.layers.iter().map(LayerEntry::raster).collect::<Option<Vec<_>>>();
        layers.map(|layers| (entry.update, Arc::new(layers)))
    };
    let firsts: Option<Vec<_>> = entries.into_iter().map(whole).collect();
    firsts.ok_or_else(|| "its spikes are not in the order of their neurons".to_owned())
}

impl LayerEntry {
    fn raster(&self) -> Option<Raster> {
        let mut raster = Raster::new(self.units);
        for (step, units) in self.steps.iter().enumerate() {
            if !units.is_sorted_by(|a, b| a < b) || units.last().is_some_and(|&unit| unit as usize >= self.units) {
                return None;
            }
            match self.values.get(step) {
                Some(values) => {
                    if values.len() != units.len() || values.iter().any(|v| !(*v > 0.0 && *v <= 1.0)) {
                        return None;
                    }
                    units.iter().zip(values).for_each(|(unit, value)| raster.push_graded(*unit, *value));
                }
                None => units.iter().for_each(|unit| raster.push(*unit)),
            }
            raster.end_step();
        }
        Some(raster)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spikes_come_back_and_wrong_ones_are_refused() {
        let mut graded = Raster::new(3);
        graded.push_graded(1, 0.1);
        graded.end_step();
        graded.end_step();
        let layers = vec![Raster::from_events(4, 5, vec![(0, 1), (3, 2), (3, 3)]), graded];
        let firsts = vec![(0, Arc::new(layers)), (7, Arc::new(Vec::new()))];
        assert_eq!(from_json(&to_json(&firsts).unwrap()).unwrap(), firsts);
        for wrong in ["[[3]]", "[[1,0]]", "[[0,0]]"] {
            let text = format!("[{{\"update\":0,\"layers\":[{{\"units\":3,\"steps\":{wrong}}}]}}]");
            assert!(from_json(text.as_bytes()).unwrap_err().contains("order"), "{wrong}");
        }
        assert!(from_json(b"{").is_err());
    }
}
