//! Spikes as text.

use std::fmt::Write;

use crate::spike::Raster;

use super::SpikeRecord;

/// The text of `pyspike.load_spike_trains_from_txt`: a line for each neuron with its times in ms, rising; that of a
/// silent neuron is empty.
pub fn pyspike(record: &SpikeRecord) -> Result<String, String> {
    let (name, raster) = only(record, "PySpike")?;
    let end = milliseconds(record.steps, record.dt_ms);
    let mut out = format!(
        "# {}\n# {name}: a line for each neuron, times in ms, edges (0, {end}); read it with ignore_empty_lines=False\n",
        record.origin
    );
    let trains = raster.trains();
    for unit in 0..trains.units() {
        let times: Vec<String> =
            trains.of(unit).iter().map(|&step| milliseconds(step as usize, record.dt_ms)).collect();
        out += &times.join(" ");
        out.push('\n');
    }
    Ok(out)
}

/// A line for each spike as NEST 3 records it in ASCII.
pub fn nest(record: &SpikeRecord) -> Result<String, String> {
    let (name, raster) = only(record, "NEST")?;
    let head = format!("# {}\n# {name}: sender 1 is neuron 0\n# RecordingBackendASCII version: 2\n", record.origin);
    Ok(head + "sender\ttime_ms\n" + &senders(raster, record.dt_ms))
}

/// The same without a line of names, as NEST 2 recorded it.
pub fn gdf(record: &SpikeRecord) -> Result<String, String> {
    let (name, raster) = only(record, "NEST")?;
    Ok(format!("# {}\n# {name}: sender 1 is neuron 0\n", record.origin) + &senders(raster, record.dt_ms))
}

/// A row for each spike.
pub fn csv(record: &SpikeRecord) -> String {
    let graded = record.layers.iter().flat_map(|layer| &layer.rasters).any(Raster::is_graded);
    let mut out = String::from("sample,layer,neuron,step,time_ms");
    out += if graded { ",value\n" } else { "\n" };
    for (n, sample) in record.samples.iter().enumerate() {
        for layer in &record.layers {
            for step in 0..layer.rasters[n].steps() {
                for (unit, value) in layer.rasters[n].weighted(step) {
                    let time = milliseconds(step, record.dt_ms);
                    put(&mut out, format_args!("{sample},{},{unit},{step},{time}", layer.name));
                    if graded {
                        put(&mut out, format_args!(",{value:?}"));
                    }
                    out.push('\n');
                }
            }
        }
    }
    out
}

fn senders(raster: &Raster, dt_ms: f64) -> String {
    let mut out = String::new();
    for (step, unit) in raster.iter() {
        let time = milliseconds(step, dt_ms);
        // NEST counts from 1, and a time always has a point
        let point = if time.contains('.') { "" } else { ".0" };
        put(&mut out, format_args!("{}\t{time}{point}\n", unit + 1));
    }
    out
}

fn put(out: &mut String, text: std::fmt::Arguments) {
    out.write_fmt(text).expect("a String takes everything");
}

/// The raster and its name where there is just one, of whole spikes.
fn only<'a>(record: &'a SpikeRecord, format: &str) -> Result<(String, &'a Raster), String> {
    let ([layer], [sample]) = (&record.layers[..], &record.samples[..]) else {
        return Err(format!(
            "A file for {format} holds one layer of one sample, and here are {} of {}: choose one of each.",
            counted(record.layers.len(), "layer"),
            counted(record.samples.len(), "sample"),
        ));
    };
    let raster = &layer.rasters[0];
    if raster.is_graded() {
        return Err(format!(
            "{} passes on fractions of spikes (average pooling), which a file for {format} cannot hold: choose CSV or NPZ.",
            layer.name
        ));
    }
    Ok((format!("{} of sample {sample}", layer.name), raster))
}

fn counted(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

/// Where a step begins, without the last digits that a product in binary has: 3 × 0.1 is 0.3.
fn milliseconds(step: usize, dt_ms: f64) -> String {
    let exact = step as f64 * dt_ms;
    let short = libm::round(exact * 1e9) / 1e9;
    if (short - exact).abs() <= 1e-12 * exact.abs() { short.to_string() } else { exact.to_string() }
}
