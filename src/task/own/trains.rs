//! Spike trains in memory, and the file that they come from.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use crate::file::progress::ProgressReader;
use crate::file::{self, Progress, ReadError};
use crate::spike::Raster;

use super::npz::NpzReader;
use super::{Import, archive, csv, shd};

/// The most bytes of a text.
const LARGEST_TEXT: u64 = 1 << 30;

/// The part that trains play; in an archive that holds both, the names of arrays begin with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrainsRole {
    Input,
    Target,
}

impl TrainsRole {
    fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Target => "target",
        }
    }
}

/// The spike trains of one or more samples. Eight bytes for each spike and for each sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpikeTrains {
    /// What messages call them.
    pub(super) name: String,
    pub(super) units: usize,
    /// Step of each spike, sample after sample …
    steps: Vec<u32>,
    /// … and its neuron.
    of: Vec<u32>,
    /// `ends[i]` is the index after the last spike of sample `i`.
    ends: Vec<usize>,
}

impl SpikeTrains {
    /// Reads `.csv` (one sample) or `.npz`.
    ///
    /// An archive holds for a role, say `input`, either an array `input`, `[time, units]` or `[samples, time, units]`
    /// of 0 and 1, whose steps are always those of the run, or `input_times` and `input_units`, with `input_offsets`
    /// where there are several samples: sample i has the events `offsets[i]` to `offsets[i + 1]`. Where the archive is for
    /// one role alone, the names may be `spikes`, `times`, `units` and `offsets`, and a single array may have any.
    pub fn open(path: &Path, role: TrainsRole, import: &Import, progress: &Progress) -> Result<Self, ReadError> {
        import.check()?;
        let name = path.display().to_string();
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
            let bytes = file::read_with_progress(path, LARGEST_TEXT, progress)?;
            return csv::read(&name, &file::utf8(&name, bytes)?, import, progress);
        }
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("npz")) {
            return progress.judge(Self::from_npz(&name, open_archive(path, progress)?, role, import));
        }
        let labelled = if shd::is_hdf5(path) { " HDF5 is a labelled set: leave the target file empty." } else { "" };
        Err(format!("{name} is neither .npz nor .csv; spike trains are read from these two.{labelled}").into())
    }

    /// Whether a file is an archive with both inputs and targets.
    pub fn holds_pairs(path: &Path, progress: &Progress) -> Result<bool, ReadError> {
        if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("npz")) {
            return Ok(false);
        }
        let npz = NpzReader::new(&path.display().to_string(), open_archive(path, progress)?)?;
        let holds = |role: TrainsRole| npz.has(role.name()) || npz.has(&format!("{}_times", role.name()));
        Ok(holds(TrainsRole::Input) && holds(TrainsRole::Target))
    }

    /// Reads the bytes of an archive.
    pub fn from_npz(name: &str, reader: impl Read + Seek, role: TrainsRole, import: &Import) -> Result<Self, String> {
        import.check()?;
        let mut npz = NpzReader::new(name, reader)?;
        let role = role.name();
        let arrays = npz.arrays();
        if npz.has(role) {
            return archive::dense(&mut npz, role, import);
        }
        let own = [format!("{role}_times"), format!("{role}_units"), format!("{role}_offsets")];
        let [times, units, offsets] =
            if npz.has(&own[0]) { own } else { ["times", "units", "offsets"].map(str::to_owned) };
        if npz.has(&times) {
            return archive::events(&mut npz, [&times, &units, &offsets], import);
        }
        match &arrays[..] {
            [only] => archive::dense(&mut npz, only, import),
            _ if npz.has("spikes") => archive::dense(&mut npz, "spikes", import),
            _ => Err(format!(
                "{name} should hold an array {role} of 0 and 1, or {role}_times and {role}_units; {}.",
                npz.listed()
            )),
        }
    }

    /// Without a sample; `name` is what messages call them.
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.into(), units: 0, steps: Vec::new(), of: Vec::new(), ends: Vec::new() }
    }

    /// From the step and the neuron of each spike, and where samples end.
    pub(super) fn from_events(name: &str, steps: Vec<u32>, of: Vec<u32>, ends: Vec<usize>) -> Self {
        Self { name: name.into(), units: 0, steps, of, ends }
    }

    /// Adds a spike to the sample under way. An error names no place.
    pub(super) fn push(&mut self, step: u32, unit: u32, import: &Import) -> Result<(), String> {
        if self.steps.len() + self.ends.len() >= import.most_entries {
            return Err(import.too_many());
        }
        // an error here, and not the end of the program with everything that it holds
        let room = self.steps.try_reserve(1).and_then(|()| self.of.try_reserve(1));
        room.map_err(|_| import.too_large(self.steps.len()))?;
        self.steps.push(step);
        self.of.push(unit);
        Ok(())
    }

    pub(super) fn end_sample(&mut self) {
        self.ends.push(self.steps.len());
    }

    /// Sets the number of neurons once all samples are there.
    pub(super) fn finish(mut self, import: &Import) -> Result<Self, String> {
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

    /// The spikes of sample `index` over `steps` steps; an error says that one comes after them.
    pub fn raster(&self, index: usize, steps: usize) -> Result<Raster, String> {
        let mut raster = Raster::default();
        self.read(index, steps, &mut raster)?;
        Ok(raster)
    }

    /// The same in the memory that `raster` has.
    pub(super) fn read(&self, index: usize, steps: usize, raster: &mut Raster) -> Result<(), String> {
        let events = self.events(index);
        if let Some((step, unit)) = events.clone().find(|e| e.0 as usize >= steps) {
            return Err(format!(
                "{}: in sample {index} neuron {unit} spikes at step {step}, outside the {steps} steps of a sample; \
                 choose more steps.",
                self.name
            ));
        }
        raster.refill(self.units, steps, events.map(|(step, unit)| (step as usize, unit)));
        raster.settle();
        Ok(())
    }

    /// Step and neuron of each spike of a sample, in the order of the file.
    pub(super) fn events(&self, index: usize) -> impl Iterator<Item = (u32, u32)> + Clone + '_ {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        let range = start..self.ends[index];
        self.steps[range.clone()].iter().copied().zip(self.of[range].iter().copied())
    }
}

/// Opens an archive.
pub(super) fn open_archive<'a>(
    path: &Path,
    progress: &'a Progress,
) -> Result<BufReader<ProgressReader<'a, File>>, String> {
    let (file, size) = file::open(path)?;
    progress.expect(size);
    Ok(BufReader::new(progress.reader(file)))
}
