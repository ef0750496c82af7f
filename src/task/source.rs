//! What all sources of samples have in common: a sample is made when it is asked for, so that memory does not grow with
//! the size of a set.

use crate::spike::{Raster, Sample, Target};

use super::nmnist::Recording;

/// A set of samples, each made or read on demand.
pub trait Source: Send + Sync {
    /// Number of samples.
    fn len(&self) -> usize;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of classes, and so of output neurons; where the targets are spike trains, the number of these.
    fn classes(&self) -> usize;

    /// Shape of the input in one step: `[units]` or `[channels, height, width]`; flat indices are row-major.
    fn input_shape(&self) -> Vec<usize>;

    /// The class of sample `index`, without making the sample.
    ///
    /// # Panics
    /// When `index` is not below [`Source::len`]; the same holds for the other methods that take one.
    fn label(&self, index: usize) -> usize;

    /// Sample `index` over `steps` steps, or a sentence that says why it cannot be had.
    fn sample(&self, index: usize, steps: usize) -> Result<Sample, String>;

    /// Sample `index` in the memory that is there; on an error what is in it means nothing.
    fn read(&self, index: usize, steps: usize, sample: &mut Sample) -> Result<(), String> {
        *sample = self.sample(index, steps)?;
        Ok(())
    }

    /// What sample `index` was before it became spikes, or a sentence that says why that cannot be had.
    fn view(&self, _index: usize) -> Result<View, String> {
        Ok(View::Spikes)
    }
}

/// What a sample was before it became spikes.
#[derive(Clone, Debug, PartialEq)]
pub enum View {
    /// Nothing but its spikes.
    Spikes,
    Image(Image),
    /// Of an event camera, with the time of each event.
    Recording(Recording),
    /// x and y in the unit square.
    Point([f64; 2]),
}

/// A grey image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// One byte a pixel, row by row from the top left corner; 0 is background, 255 full ink.
    pub grey: Vec<u8>,
}

/// Which samples of a data set: those to learn from, those to choose by, those to report on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u64)]
pub enum Part {
    Train = 1,
    Validation = 2,
    Test = 3,
}

impl Part {
    pub const ALL: [Part; 3] = [Part::Train, Part::Validation, Part::Test];

    /// The word for it in files and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Part::Train => "train",
            Part::Validation => "validation",
            Part::Test => "test",
        }
    }
}

/// A sample with a label and no target spikes.
pub(super) fn labelled(input: Raster, classes: usize, label: usize) -> Sample {
    let spikes = Raster::silent(classes, input.steps());
    Sample { input, target: Target { spikes, label } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_labelled_sample_wants_no_spikes() {
        let sample = labelled(Raster::from_events(2, 5, vec![(3, 1)]), 4, 2);
        assert_eq!(sample.target, Target { spikes: Raster::silent(4, 5), label: 2 });
    }
}
