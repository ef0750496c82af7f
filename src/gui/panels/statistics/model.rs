//! Spike trains in view, and the statistics of them in numbers and words.

use std::sync::Arc;

use crate::engine::Frame;
use crate::gui::state::watched;
use crate::spike::statistics::{Statistic, Undefined, Value, fano, fano_python};
use crate::spike::stats::intervals;
use crate::spike::{Raster, Trains};

/// The trains of one layer in the steps in view, counted from the first of these.
pub struct TrainsInView {
    /// Whose they are; the layer is none for the inputs.
    key: (Arc<Frame>, Option<usize>, [u32; 2]),
    trains: Vec<Vec<u32>>,
    /// Those that are wanted, where the loss asks when spikes come.
    targets: Option<Vec<Vec<u32>>>,
}

/// A number with what says how it comes about.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldStatistic {
    pub value: Value,
    /// A line of Python that prints the same digits.
    pub python: String,
}

/// Columns of the table of neurons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NeuronFigure {
    Of(Statistic),
    /// The mean inter-spike interval.
    MeanIsi,
}

impl NeuronFigure {
    /// Those that a layer with or without targets has.
    pub fn all(targets: bool) -> Vec<Self> {
        let mut all = vec![Self::Of(Statistic::Rate), Self::MeanIsi];
        let rest = Statistic::ALL.into_iter().filter(|s| *s != Statistic::Rate && (targets || !s.needs_other()));
        all.extend(rest.map(Self::Of));
        all
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::MeanIsi => "ISI",
            Self::Of(Statistic::Synchronization) => "SPIKE-sync",
            Self::Of(Statistic::IsiDistance) => "ISI-dist",
            Self::Of(Statistic::SpikeDistance) => "SPIKE-dist",
            Self::Of(statistic) => statistic.label(),
        }
    }

    pub fn help(self) -> String {
        match self {
            Self::MeanIsi => "Inter-spike intervals: their mean, in steps.".into(),
            Self::Of(statistic) if statistic.needs_other() => {
                format!("{} with the target: {}", statistic.label(), statistic.help())
            }
            Self::Of(statistic) => format!("{}: {}", statistic.label(), statistic.help()),
        }
    }
}

impl TrainsInView {
    /// Of a layer, in steps `from` to `to`; `old` is reused where it is of the same.
    pub fn of(old: Option<Self>, frame: &Arc<Frame>, layer: Option<usize>, range: [u32; 2]) -> Self {
        let same = |old: &Self| Arc::ptr_eq(&old.key.0, frame) && old.key.1 == layer && old.key.2 == range;
        if let Some(old) = old.filter(same) {
            return old;
        }
        let spikes = layer.map_or(&frame.sample().input, |layer| &frame.spikes[layer]);
        let output = layer.is_some_and(|layer| layer + 1 == frame.spikes.len());
        let targets = output.then(|| watched::rings(frame)).flatten().map(|rings| clipped(rings, range));
        Self { key: (Arc::clone(frame), layer, range), trains: clipped(spikes, range), targets }
    }

    pub fn steps(&self) -> usize {
        (self.key.2[1] - self.key.2[0]) as usize
    }

    pub fn neurons(&self) -> usize {
        self.trains.len()
    }

    pub fn has_targets(&self) -> bool {
        self.targets.is_some()
    }

    pub fn spikes(&self) -> usize {
        self.trains.iter().map(Vec::len).sum()
    }

    /// A figure of neuron `unit`.
    pub fn neuron(&self, figure: NeuronFigure, unit: usize) -> ToldStatistic {
        let train = &self.trains[unit][..];
        let other = self.targets.as_ref().and_then(|targets| targets.get(unit)).map_or(&[][..], |target| target);
        match figure {
            NeuronFigure::Of(statistic) => ToldStatistic {
                value: statistic.of(train, other, self.steps()),
                python: statistic.python(train, other, self.steps()),
            },
            NeuronFigure::MeanIsi => {
                let found = intervals(train).count();
                let mean = || intervals(train).map(f64::from).sum::<f64>() / found as f64;
                let value = if found == 0 { Err(Undefined::Intervals { found, needed: 1 }) } else { Ok(mean()) };
                let python =
                    format!("import numpy as np; from elephant.statistics import isi; print(np.mean(isi({train:?})))");
                ToldStatistic { value, python }
            }
        }
    }

    /// Spikes per neuron and step.
    pub fn rate(&self) -> ToldStatistic {
        let (steps, neurons) = (self.steps(), self.neurons());
        let mut all: Vec<u32> = self.trains.concat();
        all.sort_unstable();
        let python = format!(
            "import numpy as np; from elephant.statistics import mean_firing_rate; \
             print(mean_firing_rate(np.array({all:?}), t_start=0, t_stop={steps}) / {neurons})"
        );
        let value = match (steps, neurons) {
            (0, _) => Err(Undefined::NoSteps),
            (_, 0) => Err(Undefined::NoSpikes),
            _ => Ok(all.len() as f64 / steps as f64 / neurons as f64),
        };
        ToldStatistic { value, python }
    }

    /// The Fano factor of the counts of the neurons.
    pub fn fano(&self) -> ToldStatistic {
        let trains = || self.trains.iter().map(|train| &train[..]);
        ToldStatistic { value: fano(trains()), python: fano_python(trains()) }
    }
}

/// The trains of the units in steps `from` to `to`, counted from `from`.
fn clipped(raster: &Raster, [from, to]: [u32; 2]) -> Vec<Vec<u32>> {
    let trains: Trains = raster.trains();
    let one = |unit: usize| {
        let train = trains.of(unit);
        let inside = train.partition_point(|t| *t < from)..train.partition_point(|t| *t < to);
        train[inside].iter().map(|t| t - from).collect()
    };
    (0..raster.units()).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::state::fixtures::frame;
    use crate::train::Settings;

    #[test]
    fn trains_are_those_in_view_counted_from_its_beginning() {
        let raster = Raster::from_events(2, 20, vec![(1, 0), (5, 0), (9, 0), (19, 1)]);
        assert_eq!(clipped(&raster, [5, 19]), [vec![0, 4], vec![]]);
        assert_eq!(clipped(&raster, [0, 20]), [vec![1, 5, 9], vec![19]]);
    }

    #[test]
    fn figures_are_those_of_the_statistics_with_their_lines() {
        let frame = frame(Settings::default());
        let view = TrainsInView::of(None, &frame, None, [0, 100]);
        assert_eq!((view.neurons(), view.has_targets()), (50, false));
        let cv = view.neuron(NeuronFigure::Of(Statistic::Cv), 3);
        let trains = frame.sample().input.trains();
        assert_eq!(cv.value, Statistic::Cv.of(trains.of(3), &[], 100));
        assert_eq!(cv.python, Statistic::Cv.python(trains.of(3), &[], 100));
        assert!((view.rate().value.unwrap() - view.spikes() as f64 / 5000.0).abs() < 1e-12);
        let output = TrainsInView::of(Some(view), &frame, Some(1), [0, 100]);
        assert!(output.has_targets() && output.neurons() == 5);
        assert_eq!(NeuronFigure::all(true).len(), 8);
        assert_eq!(NeuronFigure::all(false).len(), 5);
    }
}
