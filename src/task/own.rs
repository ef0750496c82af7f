//! A person's own spike trains: `.npz`, dense or as events, and `.csv`.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use crate::spike::{Raster, Sample};

use super::progress::{Progress, ProgressReader};
use super::source::put_label;
use super::{Source, file};

mod csv;
mod npy;
mod npz;
pub mod shd;

use npz::Npz;

/// The most neurons that trains may have.
pub const MOST_UNITS: usize = 1 << 20;
/// The most classes that labels may name.
pub const MOST_CLASSES: usize = 1 << 16;
/// The most spikes that a file may hold: as many take 2 GB.
const MOST_SPIKES: usize = npz::LONGEST as usize;
/// The most bytes of a text.
const LARGEST_TEXT: u64 = 1 << 30;

/// A sentence that names what is wrong, but not the place.
type Problem = String;

/// In what the times of a file are given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TimeScale {
    /// Whole steps, from 0.
    Steps,
    /// Milliseconds from the start; a step has `dt_ms` of them. A time belongs to the step that it falls into.
    Milliseconds { dt_ms: f64 },
}

/// How a file is to be understood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Import {
    pub scale: TimeScale,
    /// T, steps of a sample; no spike may lie behind them.
    pub steps: usize,
    /// Number of neurons; otherwise it is one more than the largest that spikes, or what a dense array says.
    pub units: Option<usize>,
}

impl Import {
    /// The step of a time in the file.
    fn step(&self, time: f64) -> Result<u32, Problem> {
        if time.is_nan() {
            return Err("the time is not a number (NaN).".into());
        }
        let step = match self.scale {
            TimeScale::Steps if time != libm::trunc(time) => {
                return Err(format!("the time {time} is no whole step; choose ms as the time scale, or write steps."));
            }
            TimeScale::Steps => time,
            TimeScale::Milliseconds { dt_ms } => whole_steps(time / dt_ms),
        };
        if !(0.0..self.steps as f64).contains(&step) {
            let unit = if matches!(self.scale, TimeScale::Steps) { "" } else { " ms" };
            return Err(format!("the time {time}{unit} lies outside of the {} steps of a sample.", self.steps));
        }
        u32::try_from(step as u64).map_err(|_| format!("the time {time} lies behind the last step that can be held."))
    }

    /// The neuron that a number in the file names.
    fn unit(&self, number: f64) -> Result<u32, Problem> {
        if number.is_nan() || number < 0.0 || number != libm::trunc(number) {
            return Err(format!("the neuron should be a whole number from 0, it is {number}."));
        }
        match self.units {
            Some(units) if number >= units as f64 => {
                Err(format!("neuron {number} is not one of the {units} neurons, which are counted from 0."))
            }
            _ if number >= MOST_UNITS as f64 => {
                Err(format!("neuron {number} is too many: at most {MOST_UNITS} neurons are held, counted from 0."))
            }
            _ => Ok(number as u32),
        }
    }

    fn check(&self) -> Result<(), String> {
        match self.scale {
            TimeScale::Milliseconds { dt_ms } if !(dt_ms > 0.0 && dt_ms.is_finite()) => {
                Err(format!("A step should have more than 0 ms, it has {dt_ms}."))
            }
            _ => Ok(()),
        }
    }
}

/// ⌊steps⌋, but 0.3 / 0.1, which is a little less than 3 in binary, is 3.
fn whole_steps(steps: f64) -> f64 {
    let nearest = libm::round(steps);
    if (steps - nearest).abs() <= 1e-9 * nearest.abs().max(1.0) { nearest } else { libm::floor(steps) }
}

/// What trains are for; in an archive that holds both, the names of arrays begin with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Input,
    Target,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Target => "target",
        }
    }
}

/// The spike trains of one or more samples. Eight bytes a spike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpikeTrains {
    /// What messages call them.
    name: String,
    units: usize,
    steps: Vec<u32>,
    of: Vec<u32>,
    /// `ends[i]` is the index behind the last spike of sample `i`.
    ends: Vec<usize>,
}

impl SpikeTrains {
    /// Reads `.csv` (one sample) or `.npz`.
    ///
    /// An archive holds for a role, say `input`, either an array `input`, `[time, units]` or `[samples, time, units]`
    /// of 0 and 1, whose steps are always those of the run, or `input_times` and `input_units`, with `input_offsets`
    /// where there are several samples: sample i has the events `offsets[i]` to `offsets[i + 1]`. Where the archive is for
    /// one role alone, the names may be `spikes`, `times`, `units` and `offsets`, and a single array may have any.
    pub fn open(path: &Path, role: Role, import: &Import, progress: &Progress) -> Result<Self, String> {
        import.check()?;
        let name = path.display().to_string();
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
            let bytes = file::read_with_progress(path, LARGEST_TEXT, progress)?;
            let text = String::from_utf8(bytes).map_err(|e| {
                let good = e.utf8_error().valid_up_to();
                let line = e.as_bytes()[..good].iter().filter(|&&b| b == b'\n').count() + 1;
                format!("{name}, line {line}: the file is not text in UTF-8 (byte {good}); save it as such.")
            })?;
            return csv::read(&name, &text, import, progress);
        }
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("npz")) {
            return progress.judge(Self::from_npz(&name, archive(path, progress)?, role, import));
        }
        let labelled = if shd::is_hdf5(path) { " HDF5 is a labelled set: leave the target file empty." } else { "" };
        Err(format!("{name} is neither .npz nor .csv; spike trains are read from these two.{labelled}"))
    }

    /// Reads the bytes of an archive.
    pub fn from_npz(name: &str, reader: impl Read + Seek, role: Role, import: &Import) -> Result<Self, String> {
        import.check()?;
        let mut npz = Npz::new(name, reader)?;
        let role = role.name();
        let arrays = npz.arrays();
        if npz.has(role) {
            return dense(&mut npz, role, import);
        }
        let own = [format!("{role}_times"), format!("{role}_units"), format!("{role}_offsets")];
        let [times, units, offsets] =
            if npz.has(&own[0]) { own } else { ["times", "units", "offsets"].map(str::to_owned) };
        if npz.has(&times) {
            return events(&mut npz, [&times, &units, &offsets], import);
        }
        match &arrays[..] {
            [only] => dense(&mut npz, only, import),
            _ if npz.has("spikes") => dense(&mut npz, "spikes", import),
            _ => Err(format!(
                "{name} should hold an array {role} of 0 and 1, or {role}_times and {role}_units; {}.",
                npz.listed()
            )),
        }
    }

    fn new(name: &str) -> Self {
        Self { name: name.into(), units: 0, steps: Vec::new(), of: Vec::new(), ends: Vec::new() }
    }

    fn push(&mut self, step: u32, unit: u32) -> Result<(), Problem> {
        if self.steps.len() == MOST_SPIKES {
            return Err(format!("there are more than {MOST_SPIKES} spikes; split the file."));
        }
        self.steps.push(step);
        self.of.push(unit);
        Ok(())
    }

    fn end_sample(&mut self) {
        self.ends.push(self.steps.len());
    }

    fn finish(mut self, import: &Import) -> Result<Self, String> {
        let seen = self.of.iter().max().map(|&u| u as usize + 1);
        self.units = match import.units.or(seen) {
            Some(units) if units > 0 => units,
            _ => return Err(format!("{}: there is no spike in it, so the number of neurons is not known.", self.name)),
        };
        Ok(self)
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Number of neurons.
    pub fn units(&self) -> usize {
        self.units
    }

    /// The latest step with a spike.
    pub fn last_step(&self) -> Option<u32> {
        self.steps.iter().copied().max()
    }

    /// The spikes of sample `index` over `steps` steps; an error says that one lies behind them.
    pub fn raster(&self, index: usize, steps: usize) -> Result<Raster, String> {
        let mut raster = Raster::default();
        self.read(index, steps, &mut raster)?;
        Ok(raster)
    }

    /// The same in the memory that is there.
    fn read(&self, index: usize, steps: usize, raster: &mut Raster) -> Result<(), String> {
        let events = self.events(index);
        if let Some((step, unit)) = events.clone().find(|e| e.0 as usize >= steps) {
            return Err(format!(
                "{}: in sample {index} neuron {unit} spikes at step {step}, outside of the {steps} steps of a sample; \
                 choose more steps.",
                self.name
            ));
        }
        raster.refill(self.units, steps, events.map(|(step, unit)| (step as usize, unit)));
        raster.settle();
        Ok(())
    }

    /// Step and unit of each spike of a sample, in the order of the file.
    fn events(&self, index: usize) -> impl Iterator<Item = (u32, u32)> + Clone + '_ {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        let range = start..self.ends[index];
        self.steps[range.clone()].iter().copied().zip(self.of[range].iter().copied())
    }
}

/// Opens an archive.
fn archive<'a>(path: &Path, progress: &'a Progress) -> Result<BufReader<ProgressReader<'a, File>>, String> {
    let (file, size) = file::open(path)?;
    progress.expect(size);
    Ok(BufReader::new(progress.reader(file)))
}

/// Reads `[time, units]` or `[samples, time, units]` of 0 and 1.
fn dense(npz: &mut Npz<impl Read + Seek>, array: &str, import: &Import) -> Result<SpikeTrains, String> {
    let name = npz.called(array);
    let mut found = Vec::new();
    let header = npz.read(array, |header| {
        let (samples, time, units) = sizes(&header.shape).ok_or_else(|| {
            format!(
                "{name}: its shape should be (time, units) or (samples, time, units), all at least 1, it is {}.",
                header.shown_shape()
            )
        })?;
        if units > MOST_UNITS as u64 || import.units.is_some_and(|u| u as u64 != units) {
            let wanted = import.units.map_or(format!("at most {MOST_UNITS}"), |u| u.to_string());
            return Err(format!("{name}: it has {units} neurons (its last size), wanted are {wanted}."));
        }
        // beyond this the number of samples is a lie, or of no use
        if samples > u64::from(u32::MAX) {
            return Err(format!("{name}: it has {samples} samples (its first size), which is too many."));
        }
        let (mut at, fortran) = (0u64, header.fortran_order);
        let (name, found) = (&name, &mut found);
        Ok(move |value: f64| {
            let place = at;
            at += 1;
            if value == 0.0 {
                return Ok(());
            }
            let (sample, step, unit) = if fortran {
                (place % samples, place / samples % time, place / samples / time)
            } else {
                (place / units / time, place / units % time, place % units)
            };
            let here = || format!("{name}, sample {sample}, step {step}, neuron {unit}:");
            if value != 1.0 {
                return Err(format!("{} a value should be 0 or 1, it is {value}.", here()));
            }
            if step >= import.steps as u64 {
                return Err(format!("{} the spike lies outside of the {} steps of a sample.", here(), import.steps));
            }
            if found.len() == MOST_SPIKES {
                return Err(format!("{} there are more than {MOST_SPIKES} spikes; split the file.", here()));
            }
            found.push((sample as u32, step as u32, unit as u32));
            Ok(())
        })
    })?;
    found.sort_unstable();
    let (samples, _, units) = sizes(&header.shape).expect("checked before the values were read");
    let mut trains = SpikeTrains::new(&name);
    let mut next = found.into_iter().peekable();
    for sample in 0..samples as u32 {
        while let Some((_, step, unit)) = next.next_if(|f| f.0 == sample) {
            trains.push(step, unit)?;
        }
        trains.end_sample();
    }
    trains.finish(&Import { units: Some(units as usize), ..*import })
}

/// Samples, steps and units of a shape.
fn sizes(shape: &[u64]) -> Option<(u64, u64, u64)> {
    let sizes = match *shape {
        [time, units] => (1, time, units),
        [samples, time, units] => (samples, time, units),
        _ => return None,
    };
    (sizes.0 > 0 && sizes.1 > 0 && sizes.2 > 0).then_some(sizes)
}

/// Reads the arrays of times, units and, where there is one, offsets.
fn events(npz: &mut Npz<impl Read + Seek>, arrays: [&str; 3], import: &Import) -> Result<SpikeTrains, String> {
    let [times, units, offsets] = arrays;
    let mut trains = SpikeTrains::new(&npz.called(times));
    trains.steps = npz.vector(times, |t| import.step(t))?;
    trains.of = npz.vector(units, |u| import.unit(u))?;
    let (number, of) = (trains.steps.len(), trains.of.len());
    if number != of {
        return Err(format!("{}: it has {number} entries, but array {units} has {of}.", npz.called(times)));
    }
    trains.ends = match npz.has(offsets) {
        true => ends(&npz.called(offsets), &npz.vector(offsets, |o| index(o, number))?, number)?,
        false => vec![number],
    };
    trains.finish(import)
}

/// A place among `number` events, the one behind the last included.
fn index(offset: f64, number: usize) -> Result<usize, Problem> {
    if offset == libm::trunc(offset) && (0.0..=number as f64).contains(&offset) {
        return Ok(offset as usize);
    }
    Err(format!("an offset should be a whole number from 0 to {number}, the number of events, it is {offset}."))
}

/// Where samples end, of offsets that have to rise from 0 to the number of events.
fn ends(name: &str, offsets: &[usize], number: usize) -> Result<Vec<usize>, String> {
    if let Some(i) = offsets.windows(2).position(|w| w[0] > w[1]) {
        return Err(format!(
            "{name}, entry {}: offsets should not fall, here from {} to {}.",
            i + 1,
            offsets[i],
            offsets[i + 1]
        ));
    }
    match offsets {
        [0, ends @ ..] if !ends.is_empty() && ends.last() == Some(&number) => Ok(ends.to_vec()),
        _ => Err(format!(
            "{name}: offsets should begin with 0 and end with {number}, the number of events, one entry more than there \
             are samples; there are {} from {} to {}.",
            offsets.len(),
            offsets.first().copied().unwrap_or(0),
            offsets.last().copied().unwrap_or(0)
        )),
    }
}

/// Inputs, and the spike trains that they are to produce.
#[derive(Clone, Debug)]
pub struct Pairs {
    input: SpikeTrains,
    target: SpikeTrains,
}

impl Pairs {
    /// Both must have the same number of samples.
    pub fn new(input: SpikeTrains, target: SpikeTrains) -> Result<Self, String> {
        if input.len() != target.len() {
            return Err(format!(
                "{} has {} samples, {} has {}; every input needs a target.",
                input.name,
                input.len(),
                target.name,
                target.len()
            ));
        }
        Ok(Self { input, target })
    }
}

impl Source for Pairs {
    fn len(&self) -> usize {
        self.input.len()
    }

    fn classes(&self) -> usize {
        self.target.units()
    }

    fn input_shape(&self) -> Vec<usize> {
        vec![self.input.units()]
    }

    /// The output that is to spike first; the lower one on a tie, 0 if none is to spike.
    fn label(&self, index: usize) -> usize {
        self.target.events(index).min().map_or(0, |(_, unit)| unit as usize)
    }

    fn read(&self, index: usize, steps: usize, sample: &mut Sample) -> Result<(), String> {
        self.target.read(index, steps, &mut sample.target.spikes)?;
        sample.target.label = self.label(index);
        self.input.read(index, steps, &mut sample.input)
    }
}

/// Spike trains with a class each: an archive with the arrays `times`, `units`, `offsets` and `labels`.
#[derive(Clone, Debug)]
pub struct LabelledTrains {
    input: SpikeTrains,
    labels: Vec<u32>,
    classes: usize,
}

impl LabelledTrains {
    /// Reads an archive, or HDF5 as it is published (see [`shd`]).
    pub fn open(path: &Path, import: &Import, progress: &Progress) -> Result<Self, String> {
        if shd::is_hdf5(path) {
            return shd::open(path, import, progress);
        }
        progress.judge(Self::from_npz(&path.display().to_string(), archive(path, progress)?, import))
    }

    /// Reads the bytes of an archive.
    pub fn from_npz(name: &str, reader: impl Read + Seek, import: &Import) -> Result<Self, String> {
        import.check()?;
        let mut npz = Npz::new(name, reader)?;
        if let Some(missing) = ["times", "units", "offsets", "labels"].iter().find(|a| !npz.has(a)) {
            return Err(format!(
                "{name}: a labelled set needs the arrays times, units, offsets and labels; {missing} is missing, {}.",
                npz.listed()
            ));
        }
        let input = events(&mut npz, ["times", "units", "offsets"], import)?;
        let labels = npz.vector("labels", label)?;
        if labels.len() != input.len() {
            return Err(format!(
                "{}: there are {} labels, but {} samples by the array offsets, which has one entry more than samples.",
                npz.called("labels"),
                labels.len(),
                input.len()
            ));
        }
        let classes = labels.iter().max().map_or(1, |&l| l as usize + 1);
        Ok(Self { input, labels, classes })
    }

    /// The trains alone.
    pub fn trains(&self) -> &SpikeTrains {
        &self.input
    }
}

fn label(number: f64) -> Result<u32, Problem> {
    if number == libm::trunc(number) && (0.0..MOST_CLASSES as f64).contains(&number) {
        return Ok(number as u32);
    }
    Err(format!("a label should be a whole number from 0 to {}, it is {number}.", MOST_CLASSES - 1))
}

impl Source for LabelledTrains {
    fn len(&self) -> usize {
        self.labels.len()
    }

    /// One more than the largest label.
    fn classes(&self) -> usize {
        self.classes
    }

    fn input_shape(&self) -> Vec<usize> {
        vec![self.input.units()]
    }

    fn label(&self, index: usize) -> usize {
        self.labels[index] as usize
    }

    fn read(&self, index: usize, steps: usize, sample: &mut Sample) -> Result<(), String> {
        put_label(&mut sample.target, self.classes, steps, self.label(index));
        self.input.read(index, steps, &mut sample.input)
    }
}

#[cfg(test)]
mod tests;
