//! How a file of spike trains is to be understood.

use super::MOST_UNITS;

/// The unit of the times in a file.
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
    /// T, steps of a sample; no spike may come after the last.
    pub steps: usize,
    /// Number of neurons; otherwise it is one more than the largest that spikes, or as a dense array says.
    pub units: Option<usize>,
    /// The most spikes and samples that are read, as [`most_entries`](super::most_entries) says.
    pub most_entries: usize,
}

impl Import {
    /// The step of a time in the file. Errors of this and [`Import::unit`] name no place: the reader adds it.
    pub(super) fn step(&self, time: f64) -> Result<u32, String> {
        if time.is_nan() {
            return Err("the time is not a number (NaN).".into());
        }
        let step = match self.scale {
            TimeScale::Steps if time != libm::trunc(time) => {
                return Err(format!(
                    "the time {time} is not a whole step; choose ms as the time unit, or write whole steps."
                ));
            }
            TimeScale::Steps => time,
            TimeScale::Milliseconds { dt_ms } => whole_steps(time / dt_ms),
        };
        if !(0.0..self.steps as f64).contains(&step) {
            let unit = if matches!(self.scale, TimeScale::Steps) { "" } else { " ms" };
            return Err(format!("the time {time}{unit} lies outside the {} steps of a sample.", self.steps));
        }
        u32::try_from(step as u64).map_err(|_| format!("the time {time} lies after the last step that can be held."))
    }

    /// The neuron that a number in the file names.
    pub(super) fn unit(&self, number: f64) -> Result<u32, String> {
        if number.is_nan() || number < 0.0 || number != libm::trunc(number) {
            return Err(format!("the neuron should be a whole number from 0 on, but it is {number}."));
        }
        match self.units {
            Some(units) if number >= units as f64 => {
                Err(format!("neuron {number} is not one of the {units} neurons, which are counted from 0."))
            }
            _ if number >= MOST_UNITS as f64 => {
                Err(format!("neuron {number} is too high: at most {MOST_UNITS} neurons are read, counted from 0."))
            }
            _ => Ok(number as u32),
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        match self.scale {
            TimeScale::Milliseconds { dt_ms } if !(dt_ms > 0.0 && dt_ms.is_finite()) => {
                Err(format!("A step should take more than 0 ms, but it takes {dt_ms}."))
            }
            _ => Ok(()),
        }
    }

    /// The sentence for values for which there is no memory after `taken` of them.
    pub(super) fn too_large(&self, taken: usize) -> String {
        format!("there is no memory for more than {taken} entries; split the file, or close other programs.")
    }

    /// The sentence for more spikes and samples than are read.
    pub(super) fn too_many(&self) -> String {
        format!(
            "there are more than {} spikes and samples, the most that are read on this machine; split the file.",
            self.most_entries
        )
    }
}

/// ⌊steps⌋, but 0.3 / 0.1, which is a little less than 3 in binary, is 3.
fn whole_steps(steps: f64) -> f64 {
    let nearest = libm::round(steps);
    if (steps - nearest).abs() <= 1e-9 * nearest.abs().max(1.0) { nearest } else { libm::floor(steps) }
}
