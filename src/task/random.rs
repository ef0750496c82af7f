//! Random spike trains: independent inputs, a fixed number of target spikes for each output ([model
//! §3](crate::model#3-inputs)).

use crate::spike::{Raster, Sample, Target};

use super::TaskSettings;
use super::seed::{Purpose, Stream};

/// The pairs of input and target that `seed` stands for.
///
/// A label is drawn for each pair too: the latency loss asks for it. `target_spikes` must not exceed `steps`.
pub fn samples(settings: &TaskSettings, seed: u64) -> Vec<Sample> {
    let [mut inputs, mut targets, mut labels] =
        [Purpose::Input, Purpose::Target, Purpose::Label].map(|p| Stream::new(seed, p));
    let sample = |_| Sample {
        input: input(settings, &mut inputs),
        target: Target { spikes: target(settings, &mut targets), label: labels.below(settings.outputs) },
    };
    (0..settings.pairs).map(sample).collect()
}

fn input(settings: &TaskSettings, stream: &mut Stream) -> Raster {
    let inputs = settings.inputs.units();
    let mut raster = Raster::new(inputs);
    for _ in 0..settings.steps {
        for unit in 0..inputs as u32 {
            if stream.unit() < settings.rate {
                raster.push(unit);
            }
        }
        raster.end_step();
    }
    raster
}

/// Distinct steps by Floyd's way: each set of steps is equally likely, and no draw is repeated.
fn target(settings: &TaskSettings, stream: &mut Stream) -> Raster {
    let mut events = Vec::new();
    for unit in 0..settings.outputs as u32 {
        let mut chosen = std::collections::BTreeSet::new();
        for last in settings.steps - settings.target_spikes..settings.steps {
            let step = stream.below(last + 1);
            if !chosen.insert(step) {
                chosen.insert(last);
            }
        }
        events.extend(chosen.into_iter().map(|step| (step as u32, unit)));
    }
    Raster::from_events(settings.outputs, settings.steps, events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_rates_and_counts_are_those_asked_for() {
        let settings = TaskSettings { pairs: 3, steps: 2000, ..TaskSettings::default() };
        let drawn = samples(&settings, 5);
        assert_eq!(drawn.len(), 3);
        for s in &drawn {
            assert_eq!((s.input.units(), s.input.steps(), s.target.spikes.units()), (50, 2000, 5));
            let rate = s.input.len() as f64 / (50.0 * 2000.0);
            assert!((rate - 0.04).abs() < 0.003, "{rate}");
            let trains = s.target.spikes.trains();
            assert!((0..5).all(|o| trains.of(o).len() == 2));
            assert!(s.target.label < 5);
        }
        assert_ne!(drawn[0], drawn[1]);
        assert_eq!(drawn, samples(&settings, 5));
        assert_ne!(drawn, samples(&settings, 6));
    }

    #[test]
    fn as_many_targets_as_steps_fill_every_step() {
        let settings = TaskSettings { target_spikes: 7, steps: 7, outputs: 2, ..TaskSettings::default() };
        assert_eq!(samples(&settings, 0)[0].target.spikes.len(), 14);
    }
}
