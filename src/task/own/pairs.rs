//! Inputs, and the spike trains that they are to produce.

use crate::spike::Sample;

use super::super::Source;
use super::SpikeTrains;

/// Inputs, and the spike trains that they are to produce.
#[derive(Clone, Debug)]
pub struct TrainPairs {
    input: SpikeTrains,
    target: SpikeTrains,
}

impl TrainPairs {
    /// Both must have the same number of samples.
    pub fn new(input: SpikeTrains, target: SpikeTrains) -> Result<Self, String> {
        if input.len() != target.len() {
            return Err(format!(
                "{} has {} samples, {} has {}; every input needs a target. Where time comes \
                 first in an array, turn it in NumPy: array.swapaxes(0, 1).",
                input.name,
                input.len(),
                target.name,
                target.len()
            ));
        }
        Ok(Self { input, target })
    }
}

impl Source for TrainPairs {
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
