//! Spike trains from the arrays of an archive: dense, or as events.

use std::io::{Read, Seek};

use super::npz::NpzReader;
use super::{Import, MOST_UNITS, SpikeTrains};

/// Reads `[time, units]` or `[samples, time, units]` of 0 and 1.
pub fn dense(npz: &mut NpzReader<impl Read + Seek>, array: &str, import: &Import) -> Result<SpikeTrains, String> {
    let name = npz.called(array);
    let mut spikes = None;
    let header = npz.read(array, |header| {
        let shape = DenseShape::of(&name, header.shape(), import)?;
        let ordered = Ordered { shape, trains: SpikeTrains::new(&name), import: *import, far: Vec::new() };
        let (spikes, fortran, mut place) = (spikes.insert(ordered), header.fortran_order(), 0u64);
        Ok(move |value: f64| {
            let at = place;
            place += 1;
            // nearly all of them
            if value == 0.0 { Ok(()) } else { spikes.take(at, value, fortran) }
        })
    })?;
    match spikes {
        Some(spikes) => spikes.finish(),
        None => Err(format!("{name}: its shape {} has no values.", header.shown_shape())),
    }
}

/// Samples, steps and neurons of a dense array.
#[derive(Clone, Copy)]
struct DenseShape {
    samples: u64,
    time: u64,
    units: u64,
}

impl DenseShape {
    fn of(name: &str, shape: &[u64], import: &Import) -> Result<Self, String> {
        let (samples, time, units) = match *shape {
            [time, units] => (1, time, units),
            [samples, time, units] => (samples, time, units),
            _ => (0, 0, 0),
        };
        if samples == 0 || time == 0 || units == 0 {
            return Err(format!(
                "{name}: its shape should be (time, units) or (samples, time, units), all at least 1, but it is {}.",
                super::npy::shown_shape(shape)
            ));
        }
        Self::time_in_its_place(name, shape, import.steps as u64)?;
        if units > MOST_UNITS as u64 || import.units.is_some_and(|u| u as u64 != units) {
            let wanted = import.units.map_or(format!("at most {MOST_UNITS} are read"), |u| format!("{u} are expected"));
            return Err(format!("{name}: it has {units} neurons (its last size), but {wanted}."));
        }
        // samples without a spike take memory, too
        if samples > import.most_entries as u64 {
            return Err(format!("{name}: {}", import.too_many()));
        }
        Ok(Self { samples, time, units })
    }

    /// Whether time may stand where it is wanted: an axis as long as a sample in another place is more likely to be it.
    fn time_in_its_place(name: &str, shape: &[u64], steps: u64) -> Result<(), String> {
        let shown = super::npy::shown_shape(shape);
        let choice = |way: &str, python: &str, time: u64| {
            Err(format!(
                "{name}: its shape is {shown}, and samples have {steps} steps: is it [{way}]? Then save {python}. If it \
                 is as it should be, set task.steps to {time}."
            ))
        };
        match *shape {
            [time, units] if time != steps && units == steps => choice("neuron, time", "array.T", time),
            [samples, time, _] if time != steps && samples == steps => {
                choice("time, sample, neuron", "array.swapaxes(0, 1)", time)
            }
            [_, time, units] if time != steps && units == steps => {
                choice("sample, neuron, time", "array.swapaxes(1, 2)", time)
            }
            _ => Ok(()),
        }
    }

    /// Sample, step and neuron of the value at `place` in the order of the file.
    fn index(&self, place: u64, fortran: bool) -> [u64; 3] {
        let Self { samples, time, units } = *self;
        if fortran {
            [place % samples, place / samples % time, place / samples / time]
        } else {
            [place / units / time, place / units % time, place % units]
        }
    }

    /// The place in C order.
    fn place(&self, [sample, step, unit]: [u64; 3]) -> u64 {
        (sample * self.time + step) * self.units + unit
    }
}

/// The spikes of a dense array, put in order.
struct Ordered {
    shape: DenseShape,
    trains: SpikeTrains,
    import: Import,
    /// Places in C order of the spikes of an array in Fortran order, whose samples end with the array alone.
    far: Vec<u64>,
}

impl Ordered {
    /// Takes the value at `place` of the file, which is not 0. In C order spikes come sample after sample.
    fn take(&mut self, place: u64, value: f64, fortran: bool) -> Result<(), String> {
        let index = self.shape.index(place, fortran);
        self.check(index, value)?;
        if !fortran {
            return self.push(index);
        }
        if self.far.len() as u64 + self.shape.samples >= self.import.most_entries as u64 {
            return Err(self.refuse(index, &self.import.too_many()));
        }
        self.far.push(self.shape.place(index));
        Ok(())
    }

    fn check(&self, index: [u64; 3], value: f64) -> Result<(), String> {
        if value != 1.0 {
            return Err(self.refuse(index, &format!("a value should be 0 or 1, but it is {value}.")));
        }
        if index[1] >= self.import.steps as u64 {
            let what = format!("the spike lies outside the {} steps of a sample.", self.import.steps);
            return Err(self.refuse(index, &what));
        }
        Ok(())
    }

    fn push(&mut self, index: [u64; 3]) -> Result<(), String> {
        let [sample, step, unit] = index;
        while (self.trains.len() as u64) < sample {
            self.trains.end_sample();
        }
        let pushed = self.trains.push(step as u32, unit as u32, &self.import);
        pushed.map_err(|what| self.refuse(index, &what))
    }

    fn refuse(&self, [sample, step, unit]: [u64; 3], what: &str) -> String {
        format!("{}, sample {sample}, step {step}, neuron {unit}: {what}", self.trains.name)
    }

    fn finish(mut self) -> Result<SpikeTrains, String> {
        let mut far = std::mem::take(&mut self.far);
        far.sort_unstable();
        far.into_iter().try_for_each(|place| self.push(self.shape.index(place, false)))?;
        while (self.trains.len() as u64) < self.shape.samples {
            self.trains.end_sample();
        }
        self.trains.finish(&Import { units: Some(self.shape.units as usize), ..self.import })
    }
}

/// Reads the arrays of times, units and, where there is one, offsets.
pub fn events(
    npz: &mut NpzReader<impl Read + Seek>,
    arrays: [&str; 3],
    import: &Import,
) -> Result<SpikeTrains, String> {
    let [times, units, offsets] = arrays;
    let most = import.most_entries as u64;
    let steps = npz.vector(times, most, |t| import.step(t))?;
    let of = npz.vector(units, most, |u| import.unit(u))?;
    let number = steps.len();
    if of.len() != number {
        let called = npz.called(times);
        return Err(format!("{called}: it has {number} entries, but array {units} has {}.", of.len()));
    }
    let ends = if npz.has(offsets) {
        ends(&npz.called(offsets), npz.vector(offsets, most - number as u64, |o| offset(o, number))?, number)?
    } else {
        vec![number]
    };
    SpikeTrains::from_events(&npz.called(times), steps, of, ends).finish(import)
}

/// A place among `number` events, the one after the last included.
fn offset(offset: f64, number: usize) -> Result<usize, String> {
    if offset == libm::trunc(offset) && (0.0..=number as f64).contains(&offset) {
        return Ok(offset as usize);
    }
    Err(format!("an offset should be a whole number from 0 to {number}, the number of events, but it is {offset}."))
}

/// Where samples end, of offsets that have to rise from 0 to the number of events.
fn ends(name: &str, mut offsets: Vec<usize>, number: usize) -> Result<Vec<usize>, String> {
    if let Some(i) = offsets.windows(2).position(|w| w[0] > w[1]) {
        return Err(format!(
            "{name}, entry {}: offsets should not fall, but here they do, from {} to {}.",
            i + 1,
            offsets[i],
            offsets[i + 1]
        ));
    }
    match offsets[..] {
        [0, .., last] if last == number => {
            offsets.remove(0);
            Ok(offsets)
        }
        _ => Err(format!(
            "{name}: offsets should begin with 0 and end with {number}, the number of events, one entry more than there \
             are samples; there are {} from {} to {}.",
            offsets.len(),
            offsets.first().copied().unwrap_or(0),
            offsets.last().copied().unwrap_or(0)
        )),
    }
}
