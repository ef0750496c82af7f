//! Statistics of spike trains and rasters, and what is read off the output ([model
//! §7](crate::model#7-what-is-reported)).

use super::Raster;

/// Mean rate of every unit `[unit]`, in spikes per step; 0 where there are no steps.
pub fn rates(raster: &Raster) -> Vec<f64> {
    let mut rates = vec![0.0; raster.units()];
    for &unit in raster.units_of_events() {
        rates[unit as usize] += 1.0;
    }
    let steps = raster.steps().max(1) as f64;
    rates.iter_mut().for_each(|rate| *rate /= steps);
    rates
}

/// Mean rate of a unit of the layer, in spikes per step; 0 where there are no units or no steps.
pub fn mean_rate(raster: &Raster) -> f64 {
    raster.len() as f64 / (raster.units() * raster.steps()).max(1) as f64
}

/// Spikes of all layers.
pub fn total(layers: &[Raster]) -> usize {
    layers.iter().map(Raster::len).sum()
}

/// Inter-spike intervals of a train (steps, rising), in steps: one less than spikes.
pub fn intervals(train: &[u32]) -> impl Iterator<Item = u32> + Clone + '_ {
    train.windows(2).map(|pair| pair[1] - pair[0])
}

/// Coefficient of variation of a train's inter-spike intervals: their standard deviation (dividing by their number)
/// over their mean. 0 is regular, around 1 random; `None` for fewer than two intervals.
pub fn interval_cv(train: &[u32]) -> Option<f64> {
    let count = intervals(train).count();
    if count < 2 {
        return None;
    }
    let mean = intervals(train).map(f64::from).sum::<f64>() / count as f64;
    let variance = intervals(train).map(|i| (f64::from(i) - mean).powi(2)).sum::<f64>() / count as f64;
    Some(variance.sqrt() / mean)
}

/// The *necessary* spikes of a layer: those up to and including the step of the sample's first output spike; all of
/// them if there is none.
pub fn necessary(layer: &Raster, output: &Raster) -> usize {
    output.first_step().map_or(layer.len(), |step| layer.count_through(step))
}

/// Class by count: the output with most spikes, the lower index on a tie. `None`: all outputs are silent.
pub fn class_by_count(output: &Raster) -> Option<usize> {
    let mut counts = vec![0_u32; output.units()];
    for &unit in output.units_of_events() {
        counts[unit as usize] += 1;
    }
    // Of equal maxima `max_by_key` returns the last.
    let (class, &most) = counts.iter().enumerate().rev().max_by_key(|&(_, &count)| count)?;
    (most > 0).then_some(class)
}

/// Class by first spike: the output that spikes first, the lower index on a tie. `None`: all outputs are silent.
pub fn class_by_first_spike(output: &Raster) -> Option<usize> {
    // The first event in order of time, and of units within a step.
    output.units_of_events().first().map(|&unit| unit as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_spikes_per_step() {
        let raster = Raster::from_events(3, 4, vec![(0, 0), (1, 0), (3, 0), (2, 2)]);
        assert_eq!(rates(&raster), [0.75, 0.0, 0.25]);
        assert_eq!(mean_rate(&raster), 4.0 / 12.0);
        assert_eq!(total(&[raster.clone(), raster]), 8);
    }

    #[test]
    fn nothing_has_rate_0() {
        assert_eq!(rates(&Raster::new(2)), [0.0, 0.0]);
        assert_eq!((mean_rate(&Raster::new(2)), mean_rate(&Raster::silent(0, 3))), (0.0, 0.0));
        assert_eq!(total(&[]), 0);
    }

    #[test]
    fn intervals_lie_between_spikes() {
        assert_eq!(intervals(&[2, 5, 6, 16]).collect::<Vec<_>>(), [3, 1, 10]);
        assert_eq!(intervals(&[2]).count(), 0);
        assert_eq!(intervals(&[]).count(), 0);
    }

    #[test]
    fn variation_of_intervals() {
        assert_eq!(interval_cv(&[]), None);
        assert_eq!(interval_cv(&[1, 4]), None);
        assert_eq!(interval_cv(&[1, 4, 7, 10]), Some(0.0));
        // Intervals 2 and 6: mean 4, standard deviation 2.
        assert_eq!(interval_cv(&[0, 2, 8]), Some(0.5));
    }

    #[test]
    fn necessary_spikes_end_with_the_first_output_spike() {
        let layer = Raster::from_events(2, 6, vec![(0, 0), (2, 0), (2, 1), (3, 0), (5, 1)]);
        let output = Raster::from_events(3, 6, vec![(2, 1), (4, 0)]);
        assert_eq!(necessary(&layer, &output), 3);
        assert_eq!(necessary(&output, &output), 1);
        assert_eq!(necessary(&layer, &Raster::silent(3, 6)), 5);
    }

    #[test]
    fn classes() {
        let output = Raster::from_events(4, 9, vec![(3, 3), (4, 1), (5, 2), (6, 2), (7, 1)]);
        assert_eq!(class_by_count(&output), Some(1));
        assert_eq!(class_by_first_spike(&output), Some(3));
    }

    #[test]
    fn ties_go_to_the_lower_index() {
        let output = Raster::from_events(3, 9, vec![(5, 2), (5, 1)]);
        assert_eq!((class_by_count(&output), class_by_first_spike(&output)), (Some(1), Some(1)));
    }

    #[test]
    fn silence_is_no_answer() {
        for silent in [Raster::silent(3, 9), Raster::new(0)] {
            assert_eq!((class_by_count(&silent), class_by_first_spike(&silent)), (None, None));
        }
    }
}
