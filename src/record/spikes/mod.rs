//! Spikes for other programs: PySpike, NEST, NumPy, NIR, and whatever reads a table.
//!
//! A spike of step k has the time k × dt, where its step begins.

mod arrays;
mod text;

use crate::spike::Raster;

/// The spikes of some samples in some layers, at one moment of a run.
#[derive(Clone, Debug)]
pub struct SpikeRecord {
    /// The program, the run and the moment in a line, for formats that have comments.
    pub origin: String,
    /// The same and all settings as a JSON object, for formats that have arrays.
    pub facts: String,
    /// T, steps of a sample.
    pub steps: usize,
    /// Milliseconds a step stands for.
    pub dt_ms: f64,
    /// The names of the samples, as in `test 12`.
    pub samples: Vec<String>,
    /// The class of each sample; empty where they have none.
    pub labels: Vec<usize>,
    pub layers: Vec<LayerSpikes>,
}

/// One layer of a [`SpikeRecord`].
#[derive(Clone, Debug)]
pub struct LayerSpikes {
    /// `input`, `layer0` … as files of weights count them, or `output`.
    pub name: String,
    /// `[time, neuron]`, one for each sample. They may end before the last step of a sample.
    pub rasters: Vec<Raster>,
}

/// The files that spikes can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpikeFormat {
    /// Text for PySpike: a line for each neuron, with its times in ms.
    PySpike,
    /// Text as NEST 3 records it: a line for each spike, with sender and time in ms.
    Nest,
    /// The same as NEST 2 recorded it, without a line of names: for Neo's `NestIO`.
    Gdf,
    /// A table with a row for each spike.
    Csv,
    /// Arrays of steps, neurons and offsets.
    Events,
    /// Arrays of 0 and 1.
    Dense,
    /// Arrays of the fields of NIR's `EventData`.
    Nir,
}

impl SpikeFormat {
    pub const ALL: [Self; 7] = [Self::PySpike, Self::Nest, Self::Gdf, Self::Csv, Self::Events, Self::Dense, Self::Nir];

    /// The word for it on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::PySpike => "pyspike",
            Self::Nest => "nest",
            Self::Gdf => "gdf",
            Self::Csv => "csv",
            Self::Events => "events",
            Self::Dense => "dense",
            Self::Nir => "nir",
        }
    }

    /// How names of such files end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::PySpike => ".txt",
            Self::Nest => ".dat",
            Self::Gdf => ".gdf",
            Self::Csv => ".csv",
            Self::Events => ".npz",
            Self::Dense => ".dense.npz",
            Self::Nir => ".nir.npz",
        }
    }

    /// The format that the end of a file's name asks for.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let fits = Self::ALL.into_iter().filter(|format| name.ends_with(format.ending()));
        fits.max_by_key(|format| format.ending().len())
    }

    /// The whole file, or a sentence that says why this format cannot hold the spikes.
    pub fn bytes(self, record: &SpikeRecord) -> Result<Vec<u8>, String> {
        match self {
            Self::PySpike => text::pyspike(record).map(String::into_bytes),
            Self::Nest => text::nest(record).map(String::into_bytes),
            Self::Gdf => text::gdf(record).map(String::into_bytes),
            Self::Csv => Ok(text::csv(record).into_bytes()),
            Self::Events => arrays::events(record),
            Self::Dense => arrays::dense(record),
            Self::Nir => arrays::nir(record),
        }
    }
}

impl SpikeRecord {
    /// All spikes.
    pub fn spikes(&self) -> usize {
        self.layers.iter().flat_map(|layer| &layer.rasters).map(Raster::len).sum()
    }
}

#[cfg(test)]
mod tests;
