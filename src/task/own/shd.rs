//! A labelled set in HDF5, in the layout in which the Spiking Heidelberg Digits and the Spiking Speech Commands are
//! published (Cramer, Stradmann, Schemmel & Zenke, IEEE Trans. Neural Netw. Learn. Syst. 33, 2022): `spikes/times`
//! `[sample]`, each a list of times in seconds; `spikes/units` `[sample]`, each as long; and `labels` `[sample]`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use half::f16;
use hdf5_reader::error::Error;
use hdf5_reader::storage::FileStorage;
use hdf5_reader::{ByteOrder, Dataset, Datatype, Hdf5File, OpenOptions};

use crate::file::{self, Progress, ReadError};

use super::labelled::label;
use super::{Import, LabelledTrains, SpikeTrains, TimeScale};

const TIMES: &str = "spikes/times";
const UNITS: &str = "spikes/units";
const LABELS: &str = "labels";

/// The most bytes that the reader takes at a time for an array, a chunk or a header, whatever a damaged file promises.
/// A sample takes 16 of them in the arrays of times and units.
const MOST_BYTES: usize = 64 << 20;

/// Whether a name says that a file is HDF5.
pub fn is_hdf5(path: &Path) -> bool {
    path.extension().is_some_and(|e| ["h5", "hdf5"].iter().any(|known| e.eq_ignore_ascii_case(known)))
}

/// The test samples that were published with a file of training samples: `shd_test.h5` next to `shd_train.h5`.
pub fn test_file(train: &Path) -> Option<PathBuf> {
    let name = train.file_name()?.to_str()?;
    let test = train.with_file_name(name.replacen("train", "test", 1));
    (test != train && test.is_file()).then_some(test)
}

/// Reads a set from a file.
pub fn open(path: &Path, import: &Import, progress: &Progress) -> Result<LabelledTrains, ReadError> {
    let (file, size) = file::open(path)?;
    progress.expect(size);
    let name = path.display().to_string();
    let storage = FileStorage::from_file(file).map_err(|e| format!("{name} cannot be read: {}.", shown(&e)))?;
    let opened = Hdf5File::from_storage_with_options(Arc::new(storage), options());
    read(&name, &opened.map_err(|e| not_hdf5(&name, &e))?, import, progress)
}

/// Gives two sets of one task the same number of neurons and of classes.
pub fn join(train: &mut LabelledTrains, test: &mut LabelledTrains) {
    let units = train.input.units.max(test.input.units);
    let classes = train.classes.max(test.classes);
    for set in [train, test] {
        (set.input.units, set.classes) = (units, classes);
    }
}

fn options() -> OpenOptions {
    OpenOptions::default()
        .with_max_read_bytes(MOST_BYTES)
        .with_max_chunk_bytes(MOST_BYTES)
        .with_max_object_header_bytes(MOST_BYTES / 16)
        .with_chunk_cache_bytes(MOST_BYTES / 4)
}

fn not_hdf5(name: &str, error: &Error) -> String {
    format!(
        "{name} is not an HDF5 file, or it is damaged ({}). If its name once ended in .gz or .zip, unpack it first.",
        shown(error)
    )
}

/// What the reader says, in a length for a message.
fn shown(error: &Error) -> String {
    error.to_string().chars().take(300).collect()
}

fn read(name: &str, file: &Hdf5File, import: &Import, progress: &Progress) -> Result<LabelledTrains, ReadError> {
    let times = Ragged::open(name, file, TIMES)?;
    let units = Ragged::open(name, file, UNITS)?;
    let labels = labels(name, file)?;
    let samples = times.len();
    if units.len() != samples || labels.len() != samples {
        return Err(format!(
            "{name}: {TIMES} has {samples} samples, {UNITS} has {} and {LABELS} has {}; all three should have the same \
             number.",
            units.len(),
            labels.len()
        )
        .into());
    }
    let input = trains(name, &times, &units, import, progress)?;
    Ok(LabelledTrains::new(input, labels))
}

fn trains(
    name: &str,
    times: &Ragged,
    units: &Ragged,
    import: &Import,
    progress: &Progress,
) -> Result<SpikeTrains, ReadError> {
    let mut trains = SpikeTrains::new(name);
    let (mut latest, end) = (0.0f64, end_ms(import));
    let (mut ms, mut of, mut spikes) = (Vec::new(), Vec::new(), Vec::new());
    for sample in 0..times.len() {
        progress.check()?;
        let at = |what: String| format!("{name}, sample {sample}: {what}");
        progress.add(times.values(sample, &mut ms).map_err(at)? + units.values(sample, &mut of).map_err(at)?);
        if ms.len() != of.len() {
            return Err(at(format!("{TIMES} has {} entries, but {UNITS} has {}.", ms.len(), of.len())).into());
        }
        spikes.clear();
        for (time, unit) in ms.iter().map(|seconds| 1000.0 * seconds).zip(&of) {
            latest = if time.is_finite() { latest.max(time) } else { latest };
            if latest < end {
                spikes.push((import.step(time).map_err(at)?, import.unit(*unit).map_err(at)?));
            }
        }
        // in one step a neuron spikes once
        spikes.sort_unstable();
        spikes.dedup();
        spikes.iter().try_for_each(|&(step, unit)| trains.push(step, unit, import)).map_err(at)?;
        trains.end_sample();
    }
    Ok(if latest >= end { Err(too_long(name, latest, import)) } else { trains.finish(import) }?)
}

/// Where the last step ends.
fn end_ms(import: &Import) -> f64 {
    match import.scale {
        TimeScale::Milliseconds { dt_ms } => import.steps as f64 * dt_ms,
        TimeScale::Steps => f64::INFINITY,
    }
}

/// Says which steps would hold the whole of a set.
fn too_long(name: &str, latest: f64, import: &Import) -> String {
    let (steps, end) = (import.steps, end_ms(import));
    let longer = libm::floor(latest / steps as f64) + 1.0;
    let more = libm::floor(latest / (end / steps as f64)) + 1.0;
    format!(
        "{name}: the last spike is at {latest:.0} ms, and the {steps} steps of a sample end at {end} ms. Choose longer \
         steps (task.dt_ms = {longer}) or more of them (task.steps = {more})."
    )
}

/// A dataset that has a list of numbers for each sample.
struct Ragged {
    dataset: Dataset,
    /// Where in the file each list lies.
    references: Vec<u8>,
    number: FileNumber,
    path: &'static str,
}

impl Ragged {
    fn open(name: &str, file: &Hdf5File, path: &'static str) -> Result<Self, String> {
        let dataset = find(name, file, path)?;
        let number = match dataset.dtype() {
            Datatype::VarLen { base, .. } => FileNumber::of(base),
            _ => None,
        };
        let number = number.ok_or_else(|| {
            format!("{name}: {path} should have a list of numbers (variable length) for each sample. {RECIPE}")
        })?;
        let references = dataset.read_raw_bytes().map_err(|e| unread(name, path, &e))?;
        Ok(Self { dataset, references, number, path })
    }

    fn len(&self) -> usize {
        self.references.len() / self.dataset.vlen_reference_size()
    }

    /// Puts the numbers of a sample into `values` and returns how many bytes they were.
    fn values(&self, sample: usize, values: &mut Vec<f64>) -> Result<u64, String> {
        let size = self.dataset.vlen_reference_size();
        let reference = &self.references[sample * size..][..size];
        let bytes = self.dataset.resolve_vlen_reference_bytes(reference, self.number.size());
        let bytes = bytes.map_err(|e| format!("{} cannot be read: {}.", self.path, shown(&e)))?;
        values.clear();
        values.extend(self.number.values(&bytes));
        Ok(bytes.len() as u64)
    }
}

fn labels(name: &str, file: &Hdf5File) -> Result<Vec<u32>, String> {
    let dataset = find(name, file, LABELS)?;
    let number =
        FileNumber::of(dataset.dtype()).ok_or_else(|| format!("{name}: {LABELS} should be numbers. {RECIPE}"))?;
    let bytes = dataset.read_raw_bytes().map_err(|e| unread(name, LABELS, &e))?;
    let labels = number.values(&bytes).enumerate();
    labels.map(|(i, n)| label(n).map_err(|what| format!("{name}, {LABELS}, entry {i}: {what}"))).collect()
}

/// What to do with a set that is laid out in another way.
const RECIPE: &str = "HDF5 is read in the layout of the Spiking Heidelberg Digits; of any other make a labelled set \
                      (.npz) with the lines of Python in the README.";

fn find(name: &str, file: &Hdf5File, path: &str) -> Result<Dataset, String> {
    let found = file.dataset(path).map_err(|e| format!("{name}: {path} cannot be found ({}). {RECIPE}", shown(&e)))?;
    match found.shape() {
        [_] => Ok(found),
        other => Err(format!("{name}: {path} should have one dimension, it has {}. {RECIPE}", other.len())),
    }
}

fn unread(name: &str, path: &str, error: &Error) -> String {
    format!("{name}: {path} cannot be read: {}.", shown(error))
}

/// How the numbers of a dataset are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
struct FileNumber {
    sort: Sort,
    order: ByteOrder,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Sort {
    Float(usize),
    Signed(usize),
    Unsigned(usize),
}

impl FileNumber {
    /// `None` for what is not a number of 1, 2, 4 or 8 bytes.
    fn of(kind: &Datatype) -> Option<Self> {
        let (sort, order) = match *kind {
            Datatype::FloatingPoint { size: size @ (2 | 4 | 8), byte_order } => (Sort::Float(size.into()), byte_order),
            Datatype::FixedPoint { size: size @ (1 | 2 | 4 | 8), signed: true, byte_order } => {
                (Sort::Signed(size.into()), byte_order)
            }
            Datatype::FixedPoint { size: size @ (1 | 2 | 4 | 8), signed: false, byte_order } => {
                (Sort::Unsigned(size.into()), byte_order)
            }
            _ => return None,
        };
        Some(Self { sort, order })
    }

    /// Bytes.
    fn size(self) -> usize {
        let (Sort::Float(size) | Sort::Signed(size) | Sort::Unsigned(size)) = self.sort;
        size
    }

    fn values(self, bytes: &[u8]) -> impl Iterator<Item = f64> + '_ {
        bytes.chunks_exact(self.size()).map(move |number| self.value(number))
    }

    /// One number; whole ones beyond 2^53, which no time and no neuron needs, are rounded.
    fn value(self, bytes: &[u8]) -> f64 {
        let shift = 64 - 8 * bytes.len();
        let wider = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
        let bits = match self.order {
            ByteOrder::LittleEndian => bytes.iter().rev().fold(0, wider),
            ByteOrder::BigEndian => bytes.iter().fold(0, wider),
        };
        match self.sort {
            Sort::Unsigned(_) => bits as f64,
            Sort::Signed(_) => ((bits << shift) as i64 >> shift) as f64,
            Sort::Float(2) => f16::from_bits(bits as u16).to_f64(),
            Sort::Float(4) => f64::from(f32::from_bits(bits as u32)),
            Sort::Float(_) => f64::from_bits(bits),
        }
    }
}

#[cfg(test)]
mod tests;
