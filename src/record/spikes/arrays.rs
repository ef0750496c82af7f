//! Spikes as arrays for NumPy.

use crate::record::npz::{Array, Values, archive};
use crate::spike::Raster;

use super::{LayerSpikes, SpikeRecord};

/// The most values of a dense array.
const MOST_DENSE: usize = 1 << 30;

/// The spikes of each layer as events: `{layer}_times` (steps) and `{layer}_units` [spikes], those of sample i from
/// `{layer}_offsets[i]` to `{layer}_offsets[i + 1]`; `{layer}_values` where they are fractions. Of a single layer the
/// names are `times`, `units` and `offsets`: with the `labels` of its samples it is a labelled set.
pub fn events(record: &SpikeRecord) -> Result<Vec<u8>, String> {
    let alone = record.layers.len() == 1;
    let mut arrays = Vec::new();
    for layer in &record.layers {
        let name = |what: &str| if alone { what.to_owned() } else { format!("{}_{what}", layer.name) };
        let vector = |what: &str, values: Vec<i64>| Array::new(&name(what), &[values.len()], Values::I64(values));
        let events = || layer.rasters.iter().flat_map(Raster::iter);
        arrays.push(vector("times", events().map(|(step, _)| step as i64).collect()));
        arrays.push(vector("units", events().map(|(_, unit)| i64::from(unit)).collect()));
        arrays.push(vector("offsets", offsets(layer)));
        if is_graded(layer) {
            let values: Vec<f32> = layer.rasters.iter().flat_map(weighted).map(|(_, _, value)| value).collect();
            arrays.push(Array::new(&name("values"), &[values.len()], Values::F32(values)));
        }
    }
    finish(record, arrays)
}

/// An array [sample, time, neuron] for each layer, of 0 and 1 or of what pooling passes on.
pub fn dense(record: &SpikeRecord) -> Result<Vec<u8>, String> {
    let mut arrays = Vec::new();
    for layer in &record.layers {
        let units = units(layer);
        let size = record.samples.len().saturating_mul(record.steps).saturating_mul(units);
        if size > MOST_DENSE {
            return Err(format!(
                "A dense array of {} would have {size} values, and at most {MOST_DENSE} are written: choose fewer samples, \
                 or events instead.",
                layer.name
            ));
        }
        let place = |sample: usize, step: usize, unit: u32| (sample * record.steps + step) * units + unit as usize;
        let values = if is_graded(layer) {
            let mut values = vec![0.0f32; size];
            for (n, raster) in layer.rasters.iter().enumerate() {
                weighted(raster).for_each(|(step, unit, value)| values[place(n, step, unit)] = value);
            }
            Values::F32(values)
        } else {
            let mut values = vec![0u8; size];
            for (n, raster) in layer.rasters.iter().enumerate() {
                raster.iter().for_each(|(step, unit)| values[place(n, step, unit)] = 1);
            }
            Values::U8(values)
        };
        arrays.push(Array::new(&layer.name, &[record.samples.len(), record.steps, units], values));
    }
    finish(record, arrays)
}

/// The fields of NIR's `NIRGraphData` (nir 1.0.8, `nir.data_ir`): for each node `{layer}.spikes.idx` and
/// `{layer}.spikes.time` [samples, events], filled up with -1 and ∞, `.n_neurons` and `.t_max`. Times are seconds;
/// `dt` is that of `to_time_gridded`.
pub fn nir(record: &SpikeRecord) -> Result<Vec<u8>, String> {
    let dt = record.dt_ms / 1000.0;
    let mut arrays = vec![number("dt", dt)];
    for layer in &record.layers {
        let most = layer.rasters.iter().map(Raster::len).max().unwrap_or(0);
        let shape = [record.samples.len(), most];
        let name = |field: &str| format!("{}.spikes.{field}", layer.name);
        let filled = |raster: &Raster| most - raster.len();
        let (mut idx, mut time, mut value) = (Vec::new(), Vec::new(), Vec::new());
        for raster in &layer.rasters {
            for (step, unit, weight) in weighted(raster) {
                idx.push(i64::from(unit));
                time.push(time_of_step(step, dt));
                value.push(f64::from(weight));
            }
            idx.extend(std::iter::repeat_n(-1, filled(raster)));
            time.extend(std::iter::repeat_n(f64::INFINITY, filled(raster)));
            value.extend(std::iter::repeat_n(0.0, filled(raster)));
        }
        arrays.push(Array::new(&name("idx"), &shape, Values::I64(idx)));
        arrays.push(Array::new(&name("time"), &shape, Values::F64(time)));
        if is_graded(layer) {
            arrays.push(Array::new(&name("value"), &shape, Values::F64(value)));
        }
        arrays.push(Array::new(&name("n_neurons"), &[], Values::I64(vec![units(layer) as i64])));
        arrays.push(number(&name("t_max"), time_of_step(record.steps, dt)));
    }
    finish(record, arrays)
}

/// The least time from which step k follows again by ⌊time / dt⌋, as NIR reckons it: k × dt, or a little more where
/// the division would fall short.
pub(super) fn time_of_step(step: usize, dt: f64) -> f64 {
    let mut time = step as f64 * dt;
    while libm::floor(time / dt) < step as f64 {
        time = time.next_up();
    }
    time
}

fn finish(record: &SpikeRecord, mut arrays: Vec<Array>) -> Result<Vec<u8>, String> {
    let bytes = |name: &str, text: &str| Array::new(name, &[text.len()], Values::U8(text.as_bytes().to_vec()));
    if !record.labels.is_empty() {
        let labels: Vec<i64> = record.labels.iter().map(|&label| label as i64).collect();
        arrays.push(Array::new("labels", &[labels.len()], Values::I64(labels)));
    }
    arrays.push(number("dt_ms", record.dt_ms));
    arrays.push(bytes("samples", &record.samples.join("\n")));
    arrays.push(bytes("settings", &record.facts));
    archive(&arrays).map_err(|e| format!("The archive cannot be made: {e}."))
}

fn number(name: &str, value: f64) -> Array {
    Array::new(name, &[], Values::F64(vec![value]))
}

fn offsets(layer: &LayerSpikes) -> Vec<i64> {
    let ends = layer.rasters.iter().scan(0, |end, raster| {
        *end += raster.len() as i64;
        Some(*end)
    });
    std::iter::once(0).chain(ends).collect()
}

/// Step, neuron and value of each event.
fn weighted(raster: &Raster) -> impl Iterator<Item = (usize, u32, f32)> + '_ {
    (0..raster.steps()).flat_map(|step| raster.weighted(step).map(move |(unit, value)| (step, unit, value)))
}

fn units(layer: &LayerSpikes) -> usize {
    layer.rasters.first().map_or(0, Raster::units)
}

fn is_graded(layer: &LayerSpikes) -> bool {
    layer.rasters.iter().any(Raster::is_graded)
}
