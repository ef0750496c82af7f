//! Spike trains with a class each.

use std::io::{Read, Seek};
use std::path::Path;

use crate::file::{Progress, ReadError};
use crate::spike::Sample;

use super::super::Source;
use super::super::source::put_label;
use super::npz::NpzReader;
use super::trains::open_archive;
use super::{Import, SpikeTrains, archive, shd};

/// The most classes that labels may name.
pub const MOST_CLASSES: usize = 1 << 16;

/// Spike trains with a class each: an archive with the arrays `times`, `units`, `offsets` and `labels`.
#[derive(Clone, Debug)]
pub struct LabelledTrains {
    pub(super) input: SpikeTrains,
    labels: Vec<u32>,
    pub(super) classes: usize,
}

impl LabelledTrains {
    /// Reads an archive, or HDF5 as it is published (see [`shd`]).
    pub fn open(path: &Path, import: &Import, progress: &Progress) -> Result<Self, ReadError> {
        if shd::is_hdf5(path) {
            return shd::open(path, import, progress);
        }
        progress.judge(Self::from_npz(&path.display().to_string(), open_archive(path, progress)?, import))
    }

    /// Reads the bytes of an archive.
    pub fn from_npz(name: &str, reader: impl Read + Seek, import: &Import) -> Result<Self, String> {
        import.check()?;
        let mut npz = NpzReader::new(name, reader)?;
        if let Some(missing) = ["times", "units", "offsets", "labels"].iter().find(|a| !npz.has(a)) {
            return Err(format!(
                "{name}: a labelled set needs the arrays times, units, offsets and labels; {missing} is missing, {}. To \
                 learn target spike trains instead, name their file too (Target file, task.target), or put both in one \
                 archive as input and target.",
                npz.listed()
            ));
        }
        let input = archive::events(&mut npz, ["times", "units", "offsets"], import)?;
        let labels = npz.vector("labels", import.most_entries as u64, label)?;
        if labels.len() != input.len() {
            return Err(format!(
                "{}: there are {} labels, but {} samples by the array offsets, which has one entry more than samples.",
                npz.called("labels"),
                labels.len(),
                input.len()
            ));
        }
        Ok(Self::new(input, labels))
    }

    /// A class for each sample; there are as many classes as the largest needs.
    pub(super) fn new(input: SpikeTrains, labels: Vec<u32>) -> Self {
        let classes = labels.iter().max().map_or(1, |&l| l as usize + 1);
        Self { input, labels, classes }
    }

    /// The trains alone.
    pub fn trains(&self) -> &SpikeTrains {
        &self.input
    }
}

pub(super) fn label(number: f64) -> Result<u32, String> {
    if number == libm::trunc(number) && (0.0..MOST_CLASSES as f64).contains(&number) {
        return Ok(number as u32);
    }
    Err(format!("a label should be a whole number from 0 to {}, but it is {number}.", MOST_CLASSES - 1))
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
