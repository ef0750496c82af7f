//! Statistics of spike trains ([model §14](crate::model#14-statistics-of-spike-trains)), as Elephant and PySpike define
//! them: their users find their own digits, and [`Statistic::python`] is the line that prints the same number there.
//!
//! A train is its steps, rising, as in [`Trains::of`](super::Trains::of). Its edges are 0 and T, the number of steps. But for
//! the rate, all numbers are ratios: they are the same whether times are in steps or in ms.
//!
//! ```
//! use spikescape::spike::statistics::{Statistic, Undefined};
//!
//! assert_eq!(Statistic::Cv.of(&[0, 2, 8], &[], 10), Ok(0.5)); // intervals 2 and 6
//! assert_eq!(Statistic::Cv.of(&[0, 2], &[], 10), Err(Undefined::Intervals { found: 1, needed: 2 }));
//! assert_eq!(Statistic::Lv.python(&[0, 2, 8], &[], 10), "from elephant.statistics import isi, lv; print(lv(isi([0, 2, 8])))");
//! ```

mod distance;
mod synchronization;

use std::fmt;

use super::stats::{interval_cv, intervals};

pub use distance::{isi_distance, spike_distance};
pub use synchronization::{Synchronization, synchronization};

/// Why a statistic has no value here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// Too few inter-spike intervals.
    Intervals { found: usize, needed: usize },
    /// There is no train, or none of them has a spike.
    NoSpikes,
    /// The trains have no duration.
    NoSteps,
}

/// The reason as a sentence.
impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Intervals { found, needed } => {
                let one = if *found == 1 { "is 1 inter-spike interval" } else { "are 0 inter-spike intervals" };
                write!(f, "There {one}; this statistic needs at least {needed}.")
            }
            Self::NoSpikes => f.write_str("There are no spikes."),
            Self::NoSteps => f.write_str("There are no time steps."),
        }
    }
}

/// A number, or why there is none.
pub type Value = Result<f64, Undefined>;

/// The statistics of one train, and of one train and another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// Spikes per step.
    Rate,
    /// Coefficient of variation of the inter-spike intervals.
    Cv,
    /// The same of neighbouring intervals (Holt et al. 1996).
    Cv2,
    /// Local variation (Shinomoto et al. 2003).
    Lv,
    /// SPIKE-synchronization with the other train (Kreuz et al. 2015).
    Synchronization,
    /// ISI-distance from the other train (Kreuz et al. 2007).
    IsiDistance,
    /// SPIKE-distance from the other train (Kreuz et al. 2013).
    SpikeDistance,
}

impl Statistic {
    pub const ALL: [Self; 7] =
        [Self::Rate, Self::Cv, Self::Cv2, Self::Lv, Self::Synchronization, Self::IsiDistance, Self::SpikeDistance];

    /// As it stands in tables.
    pub fn label(self) -> &'static str {
        match self {
            Self::Rate => "Rate",
            Self::Cv => "CV",
            Self::Cv2 => "CV2",
            Self::Lv => "LV",
            Self::Synchronization => "SPIKE-synchronization",
            Self::IsiDistance => "ISI-distance",
            Self::SpikeDistance => "SPIKE-distance",
        }
    }

    /// What it says, in a sentence or two.
    pub fn help(self) -> &'static str {
        match self {
            Self::Rate => "Spikes per step.",
            Self::Cv => {
                "Coefficient of variation of the inter-spike intervals: their standard deviation over their mean. \
                 0 is regular, around 1 random."
            }
            Self::Cv2 => {
                "Variation of neighbouring inter-spike intervals, which slow changes of the rate do not enlarge. \
                 0 is regular, around 1 random."
            }
            Self::Lv => "Local variation: 0 is regular, around 1 random, above 1 bursts.",
            Self::Synchronization => {
                "The share of spikes of both trains that coincide: 1 is all of them, 0 none. How near counts as the \
                 same adapts to the local rate."
            }
            Self::IsiDistance => "How the local rates of both trains differ, on average over time: 0 for the same.",
            Self::SpikeDistance => "How spike times of both trains differ, on average over time: 0 for the same.",
        }
    }

    /// Whether it compares a train with another.
    pub fn needs_other(self) -> bool {
        matches!(self, Self::Synchronization | Self::IsiDistance | Self::SpikeDistance)
    }

    /// The statistic of `train`, or of `train` and `other`; both have `steps` steps.
    pub fn of(self, train: &[u32], other: &[u32], steps: usize) -> Value {
        match self {
            Self::Rate => rate(train, steps),
            Self::Cv => cv(train),
            Self::Cv2 => cv2(train),
            Self::Lv => lv(train),
            Self::Synchronization => Ok(synchronization(train, other, steps).value()),
            Self::IsiDistance => isi_distance(train, other, steps),
            Self::SpikeDistance => spike_distance(train, other, steps),
        }
    }

    /// A line of Python that prints the same number, times in steps.
    pub fn python(self, train: &[u32], other: &[u32], steps: usize) -> String {
        let elephant =
            |name: &str| format!("from elephant.statistics import isi, {name}; print({name}(isi({train:?})))");
        let pyspike = |name: &str| {
            format!(
                "from pyspike import SpikeTrain as S, {name}; print({name}(S({train:?}, [0, {steps}]), S({other:?}, \
                 [0, {steps}])))"
            )
        };
        match self {
            Self::Rate => format!(
                "import numpy as np; from elephant.statistics import mean_firing_rate; \
                 print(mean_firing_rate(np.array({train:?}), t_start=0, t_stop={steps}))"
            ),
            Self::Cv => elephant("cv"),
            Self::Cv2 => elephant("cv2"),
            Self::Lv => elephant("lv"),
            Self::Synchronization => pyspike("spike_sync"),
            Self::IsiDistance => pyspike("isi_distance"),
            Self::SpikeDistance => pyspike("spike_distance"),
        }
    }
}

/// Spikes per step.
pub fn rate(train: &[u32], steps: usize) -> Value {
    if steps == 0 { Err(Undefined::NoSteps) } else { Ok(train.len() as f64 / steps as f64) }
}

/// Standard deviation of the inter-spike intervals (dividing by their number) over their mean.
pub fn cv(train: &[u32]) -> Value {
    interval_cv(train).ok_or(too_few(train))
}

/// Mean over neighbouring pairs of intervals of 2|I₁ − I₀| / (I₁ + I₀).
pub fn cv2(train: &[u32]) -> Value {
    let intervals: Vec<f64> = intervals(train).map(f64::from).collect();
    cv2_of(&intervals).ok_or(too_few(train))
}

/// Mean over neighbouring pairs of intervals of 3((I₀ − I₁) / (I₀ + I₁))².
pub fn lv(train: &[u32]) -> Value {
    let intervals: Vec<f64> = intervals(train).map(f64::from).collect();
    lv_of(&intervals).ok_or(too_few(train))
}

/// Variance of the trains' spike counts (dividing by their number) over their mean.
pub fn fano<'a>(trains: impl IntoIterator<Item = &'a [u32]>) -> Value {
    let counts: Vec<f64> = trains.into_iter().map(|train| train.len() as f64).collect();
    let mean = counts.iter().sum::<f64>() / counts.len() as f64;
    if counts.iter().all(|count| *count == 0.0) {
        return Err(Undefined::NoSpikes);
    }
    Ok(counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / counts.len() as f64 / mean)
}

/// The line of Python that prints the same Fano factor.
pub fn fano_python<'a>(trains: impl IntoIterator<Item = &'a [u32]>) -> String {
    let arrays: Vec<String> = trains.into_iter().map(|train| format!("np.array({train:?})")).collect();
    format!(
        "import numpy as np; from elephant.statistics import fanofactor; print(fanofactor([{}]))",
        arrays.join(", ")
    )
}

fn too_few(train: &[u32]) -> Undefined {
    Undefined::Intervals { found: intervals(train).count(), needed: 2 }
}

/// (I₁ − I₀) / (I₀ + I₁) of all neighbours; none for fewer than two intervals.
fn contrasts(intervals: &[f64]) -> Option<impl ExactSizeIterator<Item = f64> + '_> {
    (intervals.len() >= 2).then(|| intervals.windows(2).map(|pair| (pair[1] - pair[0]) / (pair[0] + pair[1])))
}

fn cv2_of(intervals: &[f64]) -> Option<f64> {
    let contrasts = contrasts(intervals)?;
    let number = contrasts.len() as f64;
    Some(2.0 * (contrasts.map(f64::abs).sum::<f64>() / number))
}

fn lv_of(intervals: &[f64]) -> Option<f64> {
    let contrasts = contrasts(intervals)?;
    let number = contrasts.len() as f64;
    Some(3.0 * (contrasts.map(|c| c * c).sum::<f64>() / number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Value, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() <= 1e-14 * expected.abs().max(1.0), "{found} {expected}");
    }

    /// `cv2([0.3, 4.5, 6.7, 9.3])` and `lv` of the same, as Elephant's documentation has them: these are intervals.
    #[test]
    fn the_numbers_of_elephants_documentation() {
        assert_eq!(cv2_of(&[0.3, 4.5, 6.7, 9.3]), Some(0.8226190476190478));
        near(Ok(lv_of(&[0.3, 4.5, 6.7, 9.3]).unwrap()), 0.8306154336734695);
    }

    /// Elephant 1.2.1:
    /// ```python
    /// x = [2, 5, 6, 16, 40]
    /// cv(isi(x)), cv2(isi(x)), lv(isi(x))       # 0.9488292830168392 1.1532976827094474 1.0889716606136866
    /// mean_firing_rate(np.array(x), t_start=0, t_stop=100)                                         # 0.05
    /// fanofactor([np.array([2,5,6]), np.array([1]), np.array([]), np.array([4,9,30,31,50])])       # 1.6388888888888888
    /// ```
    #[test]
    fn one_train_has_elephants_numbers() {
        let train = [2, 5, 6, 16, 40];
        near(cv(&train), 0.9488292830168392);
        near(cv2(&train), 1.1532976827094474);
        near(lv(&train), 1.0889716606136866);
        near(rate(&train, 100), 0.05);
        near(fano([&[2, 5, 6][..], &[1], &[], &[4, 9, 30, 31, 50]]), 1.6388888888888888);
    }

    #[test]
    fn where_there_is_no_number_there_is_a_reason() {
        for of in [cv, cv2, lv] {
            assert_eq!(of(&[]), Err(Undefined::Intervals { found: 0, needed: 2 }));
            assert_eq!(of(&[3, 9]), Err(Undefined::Intervals { found: 1, needed: 2 }));
        }
        assert_eq!(rate(&[], 0), Err(Undefined::NoSteps));
        assert_eq!(fano([]), Err(Undefined::NoSpikes));
        assert_eq!(fano([&[][..], &[]]), Err(Undefined::NoSpikes));
        for statistic in Statistic::ALL.into_iter().filter(|s| *s != Statistic::Synchronization) {
            let reason = statistic.of(&[], &[], 0).unwrap_err().to_string();
            assert!(reason.starts_with("There ") && reason.ends_with('.'), "{reason}");
        }
    }

    /// The lines were run; they print the numbers of the test above and of those in `distance`.
    #[test]
    fn python_says_the_same() {
        assert_eq!(
            Statistic::Rate.python(&[2, 5], &[], 100),
            "import numpy as np; from elephant.statistics import mean_firing_rate; print(mean_firing_rate(np.array([2, 5]), \
             t_start=0, t_stop=100))"
        );
        assert_eq!(
            Statistic::SpikeDistance.python(&[5], &[50], 100),
            "from pyspike import SpikeTrain as S, spike_distance; print(spike_distance(S([5], [0, 100]), S([50], [0, 100])))"
        );
        assert_eq!(
            fano_python([&[2, 5][..], &[]]),
            "import numpy as np; from elephant.statistics import fanofactor; print(fanofactor([np.array([2, 5]), \
             np.array([])]))"
        );
        assert!(Statistic::ALL.iter().all(|s| !s.label().is_empty() && s.help().ends_with('.')));
        assert_eq!(Statistic::ALL.iter().filter(|s| s.needs_other()).count(), 3);
    }
}
