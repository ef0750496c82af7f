//! What all sources of samples have in common: a sample is made when it is asked for, so that memory does not grow with
//! the size of a set.

use crate::named::named;
use crate::spike::{Sample, Target};

use super::recording::Recording;

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

    /// Makes `sample` sample `index` over `steps` steps, in the memory that is there, or a sentence that says why it
    /// cannot be had; then what is in it means nothing. Allocates nothing where there is memory enough.
    fn read(&self, index: usize, steps: usize, sample: &mut Sample) -> Result<(), String>;

    /// The same in memory of its own.
    fn sample(&self, index: usize, steps: usize) -> Result<Sample, String> {
        let mut sample = Sample::default();
        self.read(index, steps, &mut sample)?;
        Ok(sample)
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

named! {
    /// Which samples of a data set: those to learn from, those to choose by, those to report on.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
    #[repr(u64)]
    pub enum Split {
        /// Samples that the network learns from.
        Train = 1 => "train", "Training";
        /// Samples by which the best epoch is chosen.
        Validation = 2 => "validation", "Validation";
        /// Samples that are neither learnt from nor chosen by.
        Test = 3 => "test", "Test";
    }
}

/// Makes `target` a label without target spikes.
pub(super) fn put_label(target: &mut Target, classes: usize, steps: usize, label: usize) {
    target.spikes.refill(classes, steps, std::iter::empty());
    target.label = label;
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::spike::Raster;

    /// Reads samples again and again, back and forth and of two lengths, into one that was used: each must be as a new one.
    pub fn used_memory_leaves_no_mark(source: &dyn Source, steps: usize) {
        let mut used = Sample::default();
        for k in 0..4 * source.len() {
            let (index, steps) = ((k * k + 5 * k / 3) % source.len(), steps + k % 3 / 2 * 7);
            source.read(index, steps, &mut used).unwrap();
            assert_eq!(used, source.sample(index, steps).unwrap(), "sample {index} of {steps} steps");
            assert_eq!((used.input.steps(), used.target.label), (steps, source.label(index)));
        }
    }

    #[test]
    fn a_label_wants_no_spikes() {
        let mut target = Target { spikes: Raster::from_events(2, 9, vec![(3, 1)]), label: 1 };
        put_label(&mut target, 4, 5, 2);
        assert_eq!(target, Target { spikes: Raster::silent(4, 5), label: 2 });
    }
}
